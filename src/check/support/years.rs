//! Years that materials speak of, results beside them, and the years that are asked for.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::documents::Document;
use super::gates::SURE_CHARACTER;
use super::passages::{Passage, WALL, passages};
use crate::model::material::Material;
use crate::model::packet::PacketFacts;
use crate::pack::rules::periods::Years;

/// A term longer than this is a misread one.
const LONGEST_TERM: i16 = 45;
/// From this month on the year of the appointment itself is not plainly one of its years.
const LATE_MONTH: i8 = 7;

/// A result of an assessment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grade {
    /// 优秀, 合格, 称职.
    Good,
    /// 基本合格, 不合格, 不定等次 and the like.
    Below,
}

/// How results are written, the longer before the shorter they contain.
const GRADES: &str = "不合格|基本合格|不称职|基本称职|不确定等次|不定等次|未定等次|未确定等次|优秀|良好|合格|称职";

pub(crate) fn grade(word: &str) -> Option<Grade> {
    match word {
        "优秀" | "良好" | "合格" | "称职" => Some(Grade::Good),
        _ if GRADES.split('|').any(|g| g == word) => Some(Grade::Below),
        _ => None,
    }
}

/// A year on a page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Noted {
    pub(crate) year: i16,
    /// Where in the passage's text.
    pub(crate) at: Range<usize>,
    /// The least sure character; 0 where handwritten or under a seal.
    pub(crate) sure: f32,
    pub(crate) grade: Option<Grade>,
}

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a pattern fixed at compile time")
}

/// Matches as ranges of characters; `regex` counts bytes.
fn chars_at(text: &str, bytes: Range<usize>) -> Range<usize> {
    let start = text[..bytes.start].chars().count();
    start..start + text[bytes].chars().count()
}

/// 2021年度, （2021年度）, 2021年合格, 2021 | 优秀; 2019年至2021年合格 is every year between.
pub(crate) fn results(passage: &Passage) -> Vec<Noted> {
    static RESULT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"((?:19|20)\d\d)(?:年度?)?(?:[-—–~至到]((?:19|20)\d\d))?年?度?(?:考核)?(?:等次|结果)?[|均都为是：:（(，,]{{0,3}}({GRADES})"
        ))
    });
    static ANNUAL: LazyLock<Regex> = LazyLock::new(|| pattern(r"((?:19|20)\d\d)年度"));
    // In a result's place, a character apart from one: 2018年台格；2017年合格.
    static MISREAD: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"((?:19|20)\d\d)年[是为：:]?([\p{Han}--[月年]]{2,5})(?:[；;：:，,、。|]|$)"));
    let text = passage.text();
    let mut found: Vec<Noted> = Vec::new();
    for m in RESULT.captures_iter(&text) {
        let (Some(all), Ok(first)) = (m.get(0), m[1].parse::<i16>()) else { continue };
        let last = m.get(2).and_then(|l| l.as_str().parse().ok()).unwrap_or(first);
        let at = chars_at(&text, all.range());
        let sure = passage.sure(at.clone());
        let years = (first..=last.min(first.saturating_add(LONGEST_TERM))).filter(|_| first <= last);
        found.extend(years.map(|year| Noted { year, at: at.clone(), sure, grade: grade(&m[3]) }));
    }
    // A year whose result was not read, or stands in another row.
    let cells = cells(&text).filter_map(|(at, cell)| {
        let year = cell.trim_end_matches(['度', '年']);
        (year.chars().count() == 4 && is_year(year)).then(|| (at, year.to_owned()))
    });
    let annual =
        ANNUAL.captures_iter(&text).filter_map(|m| Some((chars_at(&text, m.get(0)?.range()), m[1].to_owned())));
    let misread = MISREAD
        .captures_iter(&text)
        .filter(|m| GRADES.split('|').any(|g| strsim::hamming(g, &m[2]) == Ok(1)))
        .filter_map(|m| Some((chars_at(&text, m.get(1)?.range()), m[1].to_owned())));
    for (at, year) in cells.chain(annual).chain(misread) {
        let Ok(year) = year.parse::<i16>() else { continue };
        if !found.iter().any(|f| f.year == year && f.at.start <= at.end && at.start <= f.at.end) {
            let sure = passage.sure(at.clone());
            found.push(Noted { year, at, sure, grade: None });
        }
    }
    found
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && (text.starts_with("19") || text.starts_with("20")) && text.bytes().all(|b| b.is_ascii_digit())
}

fn cells(text: &str) -> impl Iterator<Item = (Range<usize>, String)> + '_ {
    let mut at = 0;
    text.split(WALL).map(move |cell| {
        let start = at;
        at += cell.chars().count() + 1;
        (start..at - 1, cell.to_owned())
    })
}

/// The year that an assessment form is of: （2021年度）, 2021年度考核登记表, 考核年度：2021.
pub(crate) fn form_years(passage: &Passage) -> Vec<Noted> {
    static TITLE: LazyLock<[Regex; 4]> = LazyLock::new(|| {
        [
            pattern(r"[（(\[【]((?:19|20)\d\d)年?度?[)）\]】]"),
            pattern(r"((?:19|20)\d\d)年度?(?:[\p{Han}]{0,12})考核"),
            pattern(r"(?:考核年度|年度)[|：:]{0,2}((?:19|20)\d\d)"),
            pattern(r"((?:19|20)\d\d)年度"),
        ]
    });
    let text = passage.text();
    let mut found: Vec<Noted> = Vec::new();
    for (number, title) in TITLE.iter().enumerate() {
        for m in title.captures_iter(&text) {
            let (Some(year), Ok(value)) = (m.get(1), m[1].parse()) else { continue };
            let at = chars_at(&text, year.range());
            // 2021年度 alone is only a title where it makes up most of its line.
            let lone = number < 3 || passage.line_of(at.start).len() <= 14;
            if lone && !found.iter().any(|f| f.at == at) {
                let sure = passage.sure(at.clone());
                found.push(Noted { year: value, at, sure, grade: None });
            }
        }
    }
    found
}

/// The years that running text speaks of: 2021年度，本人…
pub(crate) fn years_told(passage: &Passage) -> Vec<i16> {
    static TOLD: LazyLock<Regex> = LazyLock::new(|| pattern(r"((?:19|20)\d\d)年度"));
    TOLD.captures_iter(&passage.text()).filter_map(|m| m[1].parse().ok()).collect()
}

/// The last result that a form gives in so many words: 考核等次为合格, 评定为优秀, or alone in a cell.
pub(crate) fn form_result(passage: &Passage) -> Option<Noted> {
    static SAID: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(r"(?:等次|评定|评|确定|定|结果|考核)(?:应|拟)?(?:为|是|：|:)[“”\x22]?({GRADES})"))
    });
    let text = passage.text();
    let said =
        SAID.captures_iter(&text).filter_map(|m| Some((chars_at(&text, m.get(1)?.range()), grade(&m[1])))).last();
    let alone: Vec<_> = cells(&text).filter_map(|(at, cell)| grade(&cell).map(|g| (at, Some(g)))).collect();
    // Several grades side by side are a list to choose from.
    let (at, grade) = said.or(if alone.len() == 1 { alone.into_iter().next() } else { None })?;
    Some(Noted { year: 0, sure: passage.sure(at.clone()), at, grade })
}

/// When the applicant was appointed to the present post.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Term {
    pub(crate) year: i16,
    month: Option<i8>,
    sure: bool,
    /// Where that is from, in words.
    pub(crate) source: String,
}

/// From the roster, else from the forms' 聘任时间, else from the appointment documents. Of several the latest: fewer
/// years are asked then.
pub(crate) fn term(facts: &PacketFacts, documents: &[Document]) -> Option<Term> {
    if let Some((year, month)) = facts.applicant.appointed.as_deref().and_then(year_and_month) {
        return Some(Term { year, month, sure: true, source: "名册的聘任时间".to_owned() });
    }
    let fields = facts.fields.iter().filter(|f| f.label.contains("聘任") && f.label.contains(['时', '年']));
    let from_fields = fields.filter_map(|f| {
        let (year, month) = year_and_month(&f.text)?;
        let sure = f.confidence >= SURE_CHARACTER && !f.hand && !f.obscured;
        Some(Term { year, month, sure, source: format!("表中“{}”", f.label) })
    });
    if let Some(term) = from_fields.max_by_key(|t| (t.year, t.month)) {
        return Some(term);
    }
    let appointed = [Material::AppointmentCertificate, Material::AppointmentDocument];
    let pages = documents.iter().filter(|d| appointed.contains(&d.material)).flat_map(|d| &d.pages);
    let passages = pages.filter_map(|p| facts.page(*p)).flat_map(passages);
    passages.filter_map(|p| appointment(&p)).max_by_key(|t| (t.year, t.month))
}

/// 聘期自2018年1月至2026年12月, 聘期：2018.01—2026.12, 自2018年1月起聘任.
fn appointment(passage: &Passage) -> Option<Term> {
    static SINCE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?:聘期|聘任期限|聘任期|聘用期限|聘任时间|任期|有效期)(?:限)?(?:自|从|为|：|:)*((?:19|20)\d\d)(?:年|\.|-|/)(\d{1,2})|自((?:19|20)\d\d)年(\d{1,2})月(?:\d{1,2}日)?起",
        )
    });
    let text = passage.text();
    let found = SINCE.captures(&text)?;
    let part = |a: usize, b: usize| found.get(a).or_else(|| found.get(b));
    let year = part(1, 3)?;
    let at = chars_at(&text, year.range());
    let month = part(2, 4).and_then(|m| m.as_str().parse().ok()).filter(|m| (1..=12).contains(m));
    let sure = passage.sure(at) >= SURE_CHARACTER;
    Some(Term { year: year.as_str().parse().ok()?, month, sure, source: "聘任材料".to_owned() })
}

/// 2018年1月, 2018-01, 2018.1.5, 201801, 2018.
fn year_and_month(text: &str) -> Option<(i16, Option<i8>)> {
    static DATE: LazyLock<Regex> = LazyLock::new(|| pattern(r"((?:19|20)\d\d)(?:\D{0,2}(\d{1,2}))?"));
    let text: String = text.split_whitespace().collect();
    let last = DATE.captures_iter(&text).filter_map(|m| {
        let month = m.get(2).and_then(|m| m.as_str().parse().ok()).filter(|m| (1..=12).contains(m));
        Some((m[1].parse::<i16>().ok()?, month))
    });
    last.max()
}

/// A year that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Needed {
    pub(crate) year: i16,
    /// Why it may not be asked for after all.
    pub(crate) doubt: Option<String>,
}

/// The years an entry asks of this applicant, in order; those of the term only where the term is known.
pub(crate) fn needed(years: &Years, term: Option<&Term>) -> Vec<Needed> {
    // Nobody is assessed in a post before being appointed to it.
    let before =
        |year: i16| term.filter(|t| year < t.year).map(|t| format!("早于{}年聘任（{}），是否须有", t.year, t.source));
    let mut out: Vec<Needed> = years.each.iter().map(|y| Needed { year: *y, doubt: before(*y) }).collect();
    if let (Some(to), Some(term)) = (years.term_to, term)
        && (0..=LONGEST_TERM).contains(&(to - term.year))
    {
        for year in term.year..=to {
            if years.each.contains(&year) {
                continue;
            }
            let beyond = years.term_most.filter(|most| to - year >= i16::try_from(*most).unwrap_or(i16::MAX));
            let doubt = if let Some(most) = beyond {
                Some(format!("在近{most}年以外，是否要求通知写得不一致"))
            } else if !term.sure {
                Some(format!("聘任时间取自{}，未能可靠识别", term.source))
            } else if year == term.year && term.month.is_none_or(|m| m >= LATE_MONTH) {
                Some("是聘任当年，聘任不满半年".to_owned())
            } else {
                None
            };
            out.push(Needed { year, doubt });
        }
    }
    out.sort_by_key(|n| n.year);
    out.dedup_by_key(|n| n.year);
    out
}

/// 2019、2020、2021年度.
pub(crate) fn listed_years(years: &[i16]) -> String {
    format!("{}年度", years.iter().map(i16::to_string).collect::<Vec<_>>().join("、"))
}

#[cfg(test)]
#[path = "years_tests.rs"]
mod tests;
