//! Continuing education as its proofs show it: years, kinds of courses, results, hours.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::documents::Document;
use super::passages::{Passage, passages};
use super::years::listed_years;
use crate::model::geometry::Rect;
use crate::model::packet::PacketFacts;
use crate::model::page::PageFacts;
use crate::pack::rules::periods::Kind;

/// So many characters after its year a certificate has named its kind.
const REACH: usize = 60;

/// A year on a proof.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Shown {
    pub(crate) year: i16,
    /// The year that the course counts for (2021年度), not merely a date's.
    pub(crate) whole: bool,
    pub(crate) kinds: Vec<usize>,
    pub(crate) sure: f32,
}

/// A year whose hours were found wanting.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Failed {
    pub(crate) year: i16,
    pub(crate) page: usize,
    pub(crate) sure: f32,
}

/// All that the proofs show.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Courses {
    pub(crate) shown: Vec<Shown>,
    /// Certificates that may be of any year: the year not read, or the same year and kind as another.
    pub(crate) spare: usize,
    /// A page that names no kind of course.
    pub(crate) unlabelled: bool,
    pub(crate) failed: Vec<Failed>,
    /// Every page was read whole, none of it handwritten.
    pub(crate) readable: bool,
}

impl Courses {
    pub(crate) fn names(&self, year: i16) -> bool {
        self.shown.iter().any(|s| s.year == year)
    }

    pub(crate) fn listed(&self) -> String {
        let mut years: Vec<i16> = self.shown.iter().filter(|s| s.whole).map(|s| s.year).collect();
        years.sort_unstable();
        years.dedup();
        if years.is_empty() { "年度未读出".to_owned() } else { format!("已有{}", listed_years(&years)) }
    }
}

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a pattern fixed at compile time")
}

pub(crate) fn courses(facts: &PacketFacts, proofs: &[&Document], kinds: &[Kind]) -> Courses {
    let mut out = Courses { readable: true, ..Courses::default() };
    for index in proofs.iter().flat_map(|d| d.pages.iter().copied()) {
        let Some(page) = facts.page(index) else {
            out.readable = false;
            continue;
        };
        if page.quality.blank {
            continue;
        }
        // A line under a seal looks like handwriting, and a seal lies over an issuer's date, not over the course.
        let covered = |rect: &Rect| page.seals.iter().any(|s| s.rect.overlap(rect) > 0.0);
        let written = page.lines.iter().any(|l| l.hand && !covered(&l.rect));
        out.readable &= !page.is_degraded() && !written;
        read_page(page, index, kinds, &mut out);
    }
    let mut certificates: Vec<(i16, usize)> =
        out.shown.iter().filter(|s| s.whole).flat_map(|s| s.kinds.iter().map(|k| (s.year, *k))).collect();
    let all = certificates.len();
    certificates.sort_unstable();
    certificates.dedup();
    out.spare += all - certificates.len();
    out
}

fn read_page(page: &PageFacts, index: usize, kinds: &[Kind], out: &mut Courses) {
    static HOURS: LazyLock<Regex> = LazyLock::new(|| pattern(r"完成[^，,。]{0,6}?学时|共计?\d+学时"));
    let mut years = 0;
    let mut certificates = 0;
    let mut labelled = false;
    for passage in passages(page) {
        let text = passage.text();
        certificates += HOURS.find_iter(&text).count();
        labelled |= kinds.iter().any(|k| k.words.iter().any(|w| text.contains(w.as_str())));
        let shown = read_years(&passage, &text, kinds);
        years += shown.iter().filter(|s| s.whole).count();
        out.failed.extend(failed(&passage, &text).map(|(year, sure)| Failed { year, page: index, sure }));
        out.shown.extend(shown);
    }
    // A certificate without its year: lost under a seal or an ornament.
    out.spare += if years == 0 { certificates.max(1) } else { certificates.saturating_sub(years) };
    out.unlabelled |= !labelled;
}

/// 2021年度, 2019—2023年, 2021年5月, 2018年 at the head of a row.
fn read_years(passage: &Passage, text: &str, kinds: &[Kind]) -> Vec<Shown> {
    static YEARS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"((?:19|20)\d\d)(?:年度?)?(?:[-—–~至到]((?:19|20)\d\d))?(年度|年|[-./])?(\d{1,2}月)?")
    });
    let mut out: Vec<(usize, Shown)> = Vec::new();
    for m in YEARS.captures_iter(text) {
        let (Some(all), Ok(first)) = (m.get(0), m[1].parse::<i16>()) else { continue };
        let last = m.get(2).and_then(|l| l.as_str().parse().ok()).unwrap_or(first);
        let at = text[..all.start()].chars().count();
        let sure = passage.sure(at..at + 4);
        let dated = m.get(4).is_some() || matches!(m.get(3).map(|s| s.as_str()), Some("-" | "." | "/"));
        let unit = all.as_str().contains('年');
        let span = (first..=last).take(60);
        out.extend(span.map(|year| (at, Shown { year, whole: unit && !dated, kinds: Vec::new(), sure })));
    }
    // The kind stands between a year and the next one that a course counts for.
    let chars: Vec<char> = text.chars().collect();
    let starts: Vec<usize> = out.iter().filter(|(_, s)| s.whole).map(|(at, _)| *at).collect();
    for (at, shown) in out.iter_mut().filter(|(_, s)| s.whole) {
        let next = starts.iter().copied().find(|s| *s > *at).unwrap_or(chars.len());
        let part: String = chars[*at..next.min(*at + REACH).min(chars.len())].iter().collect();
        shown.kinds = (0..kinds.len()).filter(|k| kinds[*k].words.iter().any(|w| part.contains(w.as_str()))).collect();
    }
    out.into_iter().map(|(_, s)| s).collect()
}

/// Rows of 学时情况表 that end in 不合格.
fn failed<'a>(passage: &'a Passage, text: &'a str) -> impl Iterator<Item = (i16, f32)> + 'a {
    static FAILED: LazyLock<Regex> = LazyLock::new(|| pattern(r"((?:19|20)\d\d)年?度?[|\d.]*不合格"));
    FAILED.captures_iter(text).filter_map(|m| {
        let all = m.get(0)?;
        let at = text[..all.start()].chars().count();
        Some((m[1].parse().ok()?, passage.sure(at..at + all.as_str().chars().count())))
    })
}

/// Hours as a form sums them up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hours {
    pub(crate) from: i16,
    pub(crate) to: i16,
    pub(crate) common: u32,
    pub(crate) special: u32,
}

/// The line of a form that sums the hours up.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Stated {
    pub(crate) text: String,
    /// None where a year or a number is left out.
    pub(crate) hours: Option<Hours>,
    pub(crate) sure: f32,
}

/// 2017年至2018年公需课程36学时，专业课程204学时.
pub(crate) fn stated(page: &PageFacts) -> Option<Stated> {
    static LINE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"[_＿]*(\d{4})?[_＿]*年至[_＿]*(\d{4})?[_＿]*年公需课程?[_＿]*(\d+)?[_＿]*学时[，,、；;]?专业课程?[_＿]*(\d+)?[_＿]*学时",
        )
    });
    passages(page).iter().find_map(|passage| {
        let text = passage.text();
        let m = LINE.captures(&text)?;
        let all = m.get(0)?;
        let at = text[..all.start()].chars().count();
        let sure = passage.sure(at..at + all.as_str().chars().count());
        Some(Stated { text: all.as_str().to_owned(), hours: hours(&m), sure })
    })
}

fn hours(line: &Captures<'_>) -> Option<Hours> {
    let part = |i: usize| line.get(i).map(|m| m.as_str());
    Some(Hours {
        from: part(1)?.parse().ok()?,
        to: part(2)?.parse().ok()?,
        common: part(3)?.parse().ok()?,
        special: part(4)?.parse().ok()?,
    })
}

/// Hours of some years in 学时情况表.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Summed {
    pub(crate) common: u32,
    pub(crate) all: u32,
}

/// The table's first column of numbers is 公需课程, its last 合计; none where a year or the columns were not found.
pub(crate) fn totals(facts: &PacketFacts, proofs: &[&Document], from: i16, to: i16) -> Option<Summed> {
    static ROW: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^((?:19|20)\d\d)年?度?\|(\d+)\|(?:[\d.]+\|)*(\d+)(?:\||$)"));
    let pages = proofs.iter().flat_map(|d| &d.pages).filter_map(|p| facts.page(*p));
    let rows: Vec<Passage> = pages.flat_map(passages).filter(|p| p.row).collect();
    let headed = rows.iter().any(|r| {
        let text = r.text();
        text.contains("公需") && text.contains("合计")
    });
    let mut sum = Summed { common: 0, all: 0 };
    for year in from..=to.min(from.saturating_add(60)) {
        let row = rows.iter().find_map(|r| {
            let text = r.text();
            let m = ROW.captures(&text).filter(|m| m[1].parse() == Ok(year))?;
            Some((m[2].parse::<u32>().ok()?, m[3].parse::<u32>().ok()?))
        })?;
        sum.common += row.0;
        sum.all += row.1;
    }
    headed.then_some(sum)
}
