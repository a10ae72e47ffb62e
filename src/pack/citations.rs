//! Which checks of a pack cite which clauses, read from the file as written.

use toml::de::{DeTable, DeValue};

use super::clauses::{Clause, split};
use super::mistake::{Mistake, line_of};
use super::rules::Citation;
use super::schema::nearest;
use crate::model::finding::CheckId;

/// One `clause` key and its place in the file.
pub(super) struct Written {
    pub(super) citation: Citation,
    line: usize,
    table: String,
}

/// Every clause that a `[[check.…]]` table cites, in the file's order of checks.
pub(super) fn of_checks(root: &DeTable<'_>, source: &str) -> Vec<Written> {
    let mut out = Vec::new();
    let Some(checks) = root.get("check").and_then(|v| v.get_ref().as_table()) else { return out };
    for (key, entries) in checks {
        let Some(check) = CheckId::ALL.iter().copied().find(|c| c.id() == key.get_ref().as_ref()) else { continue };
        for_each_clause(entries.get_ref(), source, |n, clause, line| {
            let table = format!("[[check.{check}]] 第 {n} 项");
            out.push(Written { citation: Citation { check, clause: clause.to_owned() }, line, table });
        });
    }
    out
}

fn for_each_clause(entries: &DeValue<'_>, source: &str, mut tell: impl FnMut(usize, &str, usize)) {
    for (i, entry) in entries.as_array().into_iter().flatten().enumerate() {
        let clause = entry.get_ref().as_table().and_then(|t| t.get("clause"));
        let Some((text, line)) =
            clause.and_then(|c| c.get_ref().as_str().map(|s| (s, line_of(source, c.span().start))))
        else {
            continue;
        };
        for number in split(text) {
            tell(i + 1, number, line);
        }
    }
}

/// Citations of clauses that the table does not have, by checks and by `[[person]]`.
pub(super) fn unknown(root: &DeTable<'_>, source: &str, written: &[Written], clauses: &[Clause]) -> Vec<Mistake> {
    let mut out = Vec::new();
    let mut ask = |clause: &str, line: usize, table: String| {
        if clauses.iter().any(|c| c.number == clause) {
            return;
        }
        out.push(Mistake {
            line,
            table,
            key: "clause".to_owned(),
            found: format!("写着“{clause}”"),
            expected: "条款表（同名的 .clauses.csv）第一列中的条款号，几个之间用“；”".to_owned(),
            nearest: nearest(clause, clauses.iter().map(|c| c.number.as_str())),
        });
    };
    for w in written {
        ask(&w.citation.clause, w.line, w.table.clone());
    }
    if let Some(persons) = root.get("person") {
        for_each_clause(persons.get_ref(), source, |n, clause, line| {
            ask(clause, line, format!("[[person]] 第 {n} 项"))
        });
    }
    out.sort_by_key(|m| m.line);
    out
}
