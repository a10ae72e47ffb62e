//! How many months a proof of contributions covers: the number it states, and the months it lists.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::documents::Document;
use super::gates::{SURE_CHARACTER, SURE_SPAN};
use super::moments::{Period, Stamp, periods};
use super::passages::{Passage, passages};
use super::sureness::is_covered;
use crate::model::geometry::Rect;
use crate::model::packet::PacketFacts;

/// A longer stretch is a misread one.
const LONGEST_MONTHS: u32 = 600;

/// What all proofs of a packet say together.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Covered {
    pub(crate) months: u16,
    /// 累计…个月 in so many words; otherwise the months are those listed.
    pub(crate) stated: bool,
    pub(crate) page: usize,
    pub(crate) rect: Option<Rect>,
    /// The number is stated, nothing listed contradicts it, and all of it was read for certain.
    pub(crate) certain: bool,
}

struct Stated {
    months: u16,
    page: usize,
    rect: Option<Rect>,
    sure: bool,
}

/// None where neither a number of months nor a stretch of them was read.
pub(crate) fn covered(facts: &PacketFacts, documents: &[&Document]) -> Option<Covered> {
    let mut stated: Vec<Stated> = Vec::new();
    let mut listed: BTreeSet<u32> = BTreeSet::new();
    let mut first = None;
    let mut whole = !facts.has_unseen() && documents.iter().all(|d| d.confidence >= SURE_SPAN);
    for index in documents.iter().flat_map(|d| &d.pages) {
        let Some(page) = facts.page(*index) else {
            whole = false;
            continue;
        };
        whole &= !page.is_degraded();
        let passages = passages(page);
        for passage in &passages {
            stated.extend(said(&passage.text()).into_iter().map(|(months, at)| Stated {
                months,
                page: *index,
                rect: passage.rect(at.clone()),
                sure: passage.sure(at) >= SURE_CHARACTER,
            }));
        }
        for line in &page.lines {
            let text: String = line.text.split_whitespace().collect();
            let sure = !line.hand && line.weakest() >= SURE_CHARACTER && !is_covered(page, line.rect);
            let own = said(&text).into_iter();
            stated.extend(own.map(|(months, _)| Stated { months, page: *index, rect: Some(line.rect), sure }));
        }
        let before = listed.len();
        // Rows without rules run into each other: what is a number of months in one begins the next one's year. A line
        // is read by itself as well, whole and by its words; a month too many costs nothing here.
        let lines =
            page.lines.iter().flat_map(|l| [l.text.clone(), l.text.split_whitespace().collect::<Vec<_>>().join("|")]);
        for text in passages.iter().map(Passage::text).chain(lines) {
            listed.extend(periods(&text).iter().flat_map(months_of));
            listed.extend(run_together(&text));
            // An end that is open counts up to a day that is not known here.
            whole &= periods(&text).iter().all(|p| !p.open);
        }
        if listed.len() > before {
            first.get_or_insert(*index);
        }
    }
    let count = u16::try_from(listed.len()).unwrap_or(u16::MAX);
    let most = stated.into_iter().max_by_key(|s| (s.months, s.sure));
    match most {
        Some(s) if s.months >= count => Some(Covered {
            months: s.months,
            stated: true,
            page: s.page,
            rect: s.rect,
            certain: whole && s.sure && (count == 0 || count == s.months),
        }),
        _ => Some(Covered { months: count, stated: false, page: first?, rect: None, certain: false }),
    }
}

/// 累计12个月, 累计缴费月数：12, 合计缴费36个月, 共12个月.
fn said(text: &str) -> Vec<(u16, Range<usize>)> {
    static SAID: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(concat!(
            r"(?:累计|合计|共计|总计|实际缴费|共)[^\d，。；、|]{0,12}(?P<a>\d{1,3})个月",
            r"|(?:累计|合计|共计|总计|实际)\p{Han}{0,6}月数(?:合计)?[|：:]{0,2}(?P<b>\d{1,3})(?:个月|月|[|，。；]|$)",
        ))
        .expect("a pattern fixed at compile time")
    });
    let found = SAID.captures_iter(text).filter_map(|m| m.name("a").or_else(|| m.name("b")));
    found
        .filter_map(|m| {
            let start = text[..m.start()].chars().count();
            Some((m.as_str().parse().ok()?, start..start + m.as_str().len()))
        })
        .collect()
}

/// The months of a stretch, or a month that stands alone; days are of other things (the day of issue).
fn months_of(period: &Period) -> Vec<u32> {
    let number = |s: Stamp| s.month.filter(|_| s.has_month()).map(|m| u32::from(s.year) * 12 + u32::from(m) - 1);
    let (Some(from), Some(to)) = (number(period.from), number(period.to.unwrap_or(period.from))) else {
        return Vec::new();
    };
    let day_of_issue = period.to.is_none() && period.from.day.is_some();
    if day_of_issue || to < from || to - from >= LONGEST_MONTHS { Vec::new() } else { (from..=to).collect() }
}

/// 201810 in the rows of a list, 201810-201909.
fn run_together(text: &str) -> Vec<u32> {
    static MONTH: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?:^|[^\d])((?:19|20)\d\d)(0[1-9]|1[0-2])(?:[-—–~至到]+((?:19|20)\d\d)(0[1-9]|1[0-2]))?(?:[^\d]|$)",
        )
        .expect("a pattern fixed at compile time")
    });
    let number = |year: &str, month: &str| Some(year.parse::<u32>().ok()? * 12 + month.parse::<u32>().ok()? - 1);
    // Neighbours share the sign between them.
    let cells = text.split(['|', '、', '，', ' ']);
    cells
        .flat_map(|cell| MONTH.captures_iter(cell).collect::<Vec<_>>())
        .filter_map(|m| {
            let from = number(&m[1], &m[2])?;
            let to = m.get(3).zip(m.get(4)).map_or(Some(from), |(y, n)| number(y.as_str(), n.as_str()))?;
            (to >= from && to - from < LONGEST_MONTHS).then_some(from..=to)
        })
        .flatten()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn count(text: &str) -> usize {
        let all: BTreeSet<u32> = periods(text).iter().flat_map(months_of).chain(run_together(text)).collect();
        all.len()
    }

    #[test]
    fn months_in_stretches_rows_and_lists() {
        for (text, expected) in [
            ("2018年10月-2018年12月|3|4680|已到账", 3),
            ("自2018年10月至2019年09月，已连续缴纳", 12),
            ("201810-201909", 12),
            ("201810|4680", 1),
            ("2019年10月11日", 0),
            ("编号：2019100012345", 0),
            ("33992119860914615X", 0),
        ] {
            assert_eq!(count(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_stretch_counts_both_its_ends(year in 1990u32..2030, month in 1u32..=12, more in 0u32..120) {
            let end = year * 12 + month - 1 + more;
            let text = format!("{year}年{month:02}月至{}年{}月", end / 12, end % 12 + 1);
            prop_assert_eq!(count(&text), more as usize + 1);
            let text = format!("{year}{month:02}-{}{:02}", end / 12, end % 12 + 1);
            prop_assert_eq!(count(&text), more as usize + 1);
        }

        #[test]
        fn any_text_is_read(text in "\\PC{0,40}") {
            let _ = (count(&text), said(&text));
        }
    }
}
