//! Clause tables (条款表): every requirement of a notice, one row each, and which of them a rule pack judges.
//!
//! A pack's table lies beside it as `<id>.clauses.csv`, columns `clause,quote,material,check,applies_when,requires,
//! severity,automatable,note`. A `clause` is the notice's own number; where one number holds several requirements a
//! suffix `-a`, `-b` tells them apart.

use std::collections::BTreeMap;

use super::mistake::Mistake;
use super::rules::RulePack;
use super::schema::Choice;
use crate::model::finding::CheckId;

/// What a scan can show of a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Automatable {
    /// All of it.
    Auto,
    /// Some of it.
    Partial,
    /// Nothing: a person must.
    Manual,
}

/// One requirement of a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// Unique in its table.
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

/// A clause table as read, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    pub(super) clauses: Vec<Clause>,
    pub(super) mistakes: Vec<Mistake>,
}

/// The columns that are read; a table may have more.
const COLUMNS: [&str; 4] = ["clause", "quote", "check", "automatable"];

/// Reads a clause table; `file` names it in messages. Rows that are empty, as Excel leaves them, are passed over.
pub(super) fn read_clauses(file: &str, text: &str) -> Table {
    let mut out = Table::default();
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let tell = |line: usize, column: &str, found: String, expected: String, nearest| Mistake {
        line,
        table: format!("条款表 {file}{column}"),
        key: String::new(),
        found,
        expected,
        nearest,
    };
    let headers = reader.headers().cloned().unwrap_or_default();
    let at = COLUMNS.map(|column| headers.iter().position(|h| h.trim() == column));
    let missing: Vec<&str> = COLUMNS.into_iter().zip(at).filter(|(_, at)| at.is_none()).map(|(c, _)| c).collect();
    if !missing.is_empty() {
        let first: String = headers.iter().collect::<Vec<_>>().join(",").chars().take(30).collect();
        let found = format!("表头是“{first}”，缺少 {}", missing.join("、"));
        let expected = format!("第一行写 {}，各列之间用半角逗号", COLUMNS.join(","));
        out.mistakes.push(tell(1, "", found, expected, None));
        return out;
    }
    let known = Choice::new("检查项", CheckId::ALL.iter().map(|c| (c.id(), ())).chain([("manual", ())]))
        .called(CheckId::ALL.iter().map(|c| (c.id(), c.name())));
    let judged = Choice::new(
        "能否由程序判断",
        [("auto", Automatable::Auto), ("partial", Automatable::Partial), ("manual", Automatable::Manual)],
    );
    for (i, row) in reader.records().enumerate() {
        let Ok(row) = row else { continue };
        // As Excel counts: a cell may hold several lines, the header is the first row.
        let line = i + 2;
        if row.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let [number, quote, check, automatable] =
            at.map(|at| at.and_then(|i| row.get(i)).unwrap_or_default().trim().to_owned());
        if number.is_empty() {
            out.mistakes.push(tell(line, " 的 clause 列", "是空的".into(), "通知中的条款号".into(), None));
            continue;
        }
        if out.clauses.iter().any(|c| c.number == number) {
            let expected = "不重复的条款号：一条里有几项要求的，后面加 -a、-b".to_owned();
            out.mistakes.push(tell(line, " 的 clause 列", format!("“{number}”出现两次"), expected, None));
            continue;
        }
        if known.find(&check).is_none() {
            let expected = "检查项的代码（material-audit explain list 列出全部），只能由人核对的写 manual".to_owned();
            out.mistakes.push(tell(line, " 的 check 列", written(&check), expected, known.meant(&check)));
        }
        let found = judged.find(&automatable);
        if found.is_none() {
            let expected = judged.listed(usize::MAX);
            out.mistakes.push(tell(
                line,
                " 的 automatable 列",
                written(&automatable),
                expected,
                judged.meant(&automatable),
            ));
        }
        out.clauses.push(Clause { number, quote, check, automatable: found.unwrap_or(Automatable::Partial) });
    }
    if out.clauses.is_empty() && out.mistakes.is_empty() {
        out.mistakes.push(tell(2, "", "一条也没有".into(), "每条要求一行".into(), None));
    }
    out
}

fn written(cell: &str) -> String {
    if cell.is_empty() { "是空的".to_owned() } else { format!("写着“{cell}”") }
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

/// The notice's words of every clause that a check goes by, by the check and the clause's number as findings cite it.
#[must_use]
pub fn quotes(pack: &RulePack, clauses: &[Clause]) -> BTreeMap<(CheckId, String), Vec<String>> {
    let mut out = BTreeMap::<(CheckId, String), Vec<String>>::new();
    for citation in &pack.citations {
        let Some(clause) = clauses.iter().find(|c| c.number == citation.clause) else { continue };
        let words = out.entry((citation.check, as_numbered(&clause.number))).or_default();
        if !clause.quote.is_empty() && !words.contains(&clause.quote) {
            words.push(clause.quote.clone());
        }
    }
    out
}

/// The clauses that a key names, joined by `；` of either width.
pub(super) fn split(clause: &str) -> impl Iterator<Item = &str> {
    clause.split(['；', ';']).map(str::trim).filter(|c| !c.is_empty())
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

    fn told(text: &str) -> String {
        let table = read_clauses("x.clauses.csv", text);
        table.mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_table_reads_with_quotes_and_a_byte_order_mark() {
        let table = read_clauses("x.clauses.csv", TABLE);
        assert_eq!((table.clauses.len(), table.mistakes.len()), (2, 0));
        let rows = table.clauses;
        assert_eq!((rows[0].number.as_str(), rows[0].quote.as_str()), ("一-a", "盖章,签字"));
        assert_eq!(rows[1].automatable, Automatable::Manual);
    }

    #[test]
    fn all_that_is_wrong_with_a_table_is_told_at_once() {
        let text = TABLE.replace("correct,auto,", "correct,自动,").replace("packet,manual", "packet,缺少公章")
            + "一-a,x,packet,manual,,,,manual,\n,,,,,,,,\n,没有条款号,packet,manual,,,,manual,\n九,太短\n";
        let said = told(&text);
        for part in [
            "第 2 行，条款表 x.clauses.csv 的 automatable 列：写着“自动”；应为auto（全部能看出）、partial（看出一部分）、manual（须由人看）。是否想写“auto”？",
            "第 3 行，条款表 x.clauses.csv 的 check 列：写着“缺少公章”",
            "是否想写“missing-seal”？",
            "第 4 行，条款表 x.clauses.csv 的 clause 列：“一-a”出现两次",
            "第 6 行，条款表 x.clauses.csv 的 clause 列：是空的",
            "第 7 行，条款表 x.clauses.csv 的 check 列：是空的",
            "第 7 行，条款表 x.clauses.csv 的 automatable 列：是空的",
        ] {
            assert!(said.contains(part), "{part}\n{said}");
        }
        assert_eq!(said.lines().count(), 6, "{said}");
    }

    #[test]
    fn rows_are_counted_as_excel_shows_them() {
        let said =
            told("\u{feff}clause,quote,check,automatable\r\n一,\"上\r\n下\",manual,manual\r\n二,x,manual,yes\r\n");
        assert!(said.starts_with("第 3 行，条款表 x.clauses.csv 的 automatable 列：写着“yes”"), "{said}");
    }

    #[test]
    fn a_table_without_its_columns_or_rows_says_so() {
        assert!(told("").contains("缺少 clause、quote、check、automatable"));
        assert!(told("clause;quote;check;automatable\n一;x;manual;manual\n").contains("各列之间用半角逗号"));
        assert!(told("clause,quote,check\n").contains("缺少 automatable"));
        assert!(told("clause,quote,check,automatable\n,,,\n").contains("一条也没有"));
    }

    #[test]
    fn what_a_finding_cites_is_quoted() {
        let id = "yangquan-bigdata-2024";
        let pack = crate::pack::load(id).expect("built in");
        let clauses = crate::pack::clauses(id).expect("a sound table").expect("a table");
        let quotes = quotes(&pack, &clauses);
        let words = &quotes[&(CheckId::DateFormat, "一（一）1".to_owned())];
        assert_eq!(words, &["所有涉及时间的栏目，填写格式均为“××××年××月”"]);
        assert!(quotes.keys().all(|(check, _)| pack.citations.iter().any(|c| c.check == *check)));
        assert!(quotes.values().all(|words| !words.is_empty()));
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
