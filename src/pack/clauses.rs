//! Clause tables (条款表): every requirement of a notice, one row each, and which of them a rule pack judges.
//!
//! A pack's table lies beside it as `<id>.clauses.csv`, columns `clause,quote,material,check,applies_when,requires,
//! severity,automatable,note`. A `clause` is the notice's own number; where one number holds several requirements a
//! suffix `-a`, `-b` tells them apart.

use std::io::Read;

use serde::Deserialize;

use super::rules::RulePack;
use crate::model::finding::CheckId;

/// What a scan can show of a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Automatable {
    /// All of it.
    Auto,
    /// Some of it.
    Partial,
    /// Nothing: a person must.
    Manual,
}

/// One requirement of a notice.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Clause {
    /// Unique in its table.
    #[serde(rename = "clause")]
    pub number: String,
    /// The notice's exact words.
    pub quote: String,
    /// Identifier of the check that would judge it, or `manual`.
    pub check: String,
    pub automatable: Automatable,
}

/// A clause and who sees to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Covered<'a> {
    pub clause: &'a Clause,
    /// Checks of the pack that cite it, in report order.
    pub by: Vec<CheckId>,
    /// Why a person must look, as the pack says it.
    pub person: Option<&'a str>,
}

impl Covered<'_> {
    /// Neither judged nor left to a person.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.by.is_empty() && self.person.is_none()
    }
}

/// Reads a clause table (UTF-8, with or without byte order mark).
///
/// # Errors
/// Says in Chinese which line is not a row of such a table.
pub(super) fn read_clauses(table: impl Read) -> Result<Vec<Clause>, String> {
    let mut reader = csv::ReaderBuilder::new().from_reader(table);
    let headers = reader.headers().map_err(|e| format!("条款表读不出表头：{e}"))?;
    let plain: csv::StringRecord = headers.iter().map(|h| h.trim_start_matches('\u{feff}').trim()).collect();
    reader.set_headers(plain);
    let mut out: Vec<Clause> = Vec::new();
    for row in reader.deserialize::<Clause>() {
        let clause = row.map_err(|e| {
            let line = e.position().map_or(0, csv::Position::line);
            format!("条款表第 {line} 行读不出：须有 clause、quote、check、automatable 四列，automatable 填 auto、partial 或 manual")
        })?;
        if out.iter().any(|c| c.number == clause.number) {
            return Err(format!("条款表中“{}”出现两次，条款号不得重复", clause.number));
        }
        out.push(clause);
    }
    Ok(out)
}

/// Every clause of the table, with the checks of the pack that judge it or the reason why a person must.
#[must_use]
pub fn coverage<'a>(pack: &'a RulePack, clauses: &'a [Clause]) -> Vec<Covered<'a>> {
    clauses
        .iter()
        .map(|clause| {
            let mut by: Vec<CheckId> =
                pack.citations.iter().filter(|c| c.clause == clause.number).map(|c| c.check).collect();
            by.sort_unstable();
            by.dedup();
            let person = pack.persons.iter().find(|p| p.clauses.contains(&clause.number)).map(|p| p.why.as_str());
            Covered { clause, by, person }
        })
        .collect()
}

/// The clauses that a key names, joined by `；`.
pub(super) fn split(clause: &str) -> impl Iterator<Item = &str> {
    clause.split('；').map(str::trim).filter(|c| !c.is_empty())
}

/// The clauses as the notice numbers them: without the suffixes of the table, each once.
pub(super) fn as_numbered(clause: &str) -> String {
    let mut out: Vec<&str> = Vec::new();
    for number in split(clause) {
        let plain = match number.rsplit_once('-') {
            Some((plain, suffix)) if !suffix.is_empty() && suffix.chars().all(|c| c.is_ascii_lowercase()) => plain,
            _ => number,
        };
        if !out.contains(&plain) {
            out.push(plain);
        }
    }
    out.join("；")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "\u{feff}clause,quote,material,check,applies_when,requires,severity,automatable,note\n\
        一-a,\"盖章,签字\",review-form,missing-seal,,,correct,auto,\n一-b,装订,packet,manual,,,correct,manual,x\n";

    #[test]
    fn a_table_reads_with_quotes_and_a_byte_order_mark() {
        let rows = read_clauses(TABLE.as_bytes()).expect("a sound table");
        assert_eq!(rows.len(), 2);
        assert_eq!((rows[0].number.as_str(), rows[0].quote.as_str()), ("一-a", "盖章,签字"));
        assert_eq!(rows[1].automatable, Automatable::Manual);
    }

    #[test]
    fn a_broken_table_names_its_line() {
        let said =
            read_clauses(TABLE.replace("correct,auto,", "correct,perhaps,").as_bytes()).expect_err("no such word");
        assert!(said.contains("第 2 行"), "{said}");
        let said = read_clauses(TABLE.replace("一-b", "一-a").as_bytes()).expect_err("the number is repeated");
        assert!(said.contains("“一-a”出现两次"), "{said}");
    }

    #[test]
    fn a_finding_cites_the_notice_not_the_table() {
        assert_eq!(
            as_numbered("二、4 第一-b；二、4 第一-c；五、5（重号）-a；一（一）1"),
            "二、4 第一；五、5（重号）；一（一）1"
        );
        assert_eq!(as_numbered("附件-1"), "附件-1");
    }
}
