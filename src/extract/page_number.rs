//! Page numbers printed, stamped or written in the margins, and which of them are a volume's own numbering.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::model::catalogue::{PageNumber, ReadNumber};
use crate::model::material::Material;
use crate::model::packet::PacketFacts;
use crate::model::page::PageFacts;
use crate::model::text::TextLine;

/// Numbers stand in the outer bands of the page; a table's last row hardly reaches so far out.
const BOTTOM_BAND: f32 = 0.89;
const TOP_BAND: f32 = 0.09;
/// A doubtful digit would name another page.
const LEAST_CONFIDENCE: f32 = 0.6;
/// A run of this many pages further on, or further back, is a numbering of its own (each volume part from 1).
const LEAST_RUN: usize = 3;
/// No packet skips this many numbers from one page to the next; a year or a telephone number would.
const WIDEST_JUMP: i64 = 30;
/// Candidates that one candidate may follow; a number missed on so many pages in a row is a new run.
const LOOK_BACK: usize = 80;

static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[-—–―·.~一_\s(（【\[]*(?:第|[Pp]\.?|[Nn][Oo]\.?)?\s*([0-9]{1,7})\s*页?\s*[-—–―·.~一_)）】\]\s]*(?:(?:[,，/／(（]\s*[共全总]?|[共全总])\s*计?\s*([0-9]{1,4})\s*页?\s*[)）]?)?[-—–·.~\s]*$")
        .expect("a valid pattern")
});

/// 共12页 第3页, (全12页)3.
static TOTAL_FIRST: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[-—–―·.~_\s(（【\[]*[共全总]\s*计?\s*([0-9]{1,4})\s*页\s*[)）]?\s*[,，、;；/／·.-]?\s*第?\s*([0-9]{1,4})\s*页?\s*[-—–―·.~_)）】\]\s]*$")
        .expect("a valid pattern")
});
static ENGLISH: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)^\s*page\s*([0-9]{1,4})\s*(?:of\s*([0-9]{1,4}))?\s*$").expect("a valid pattern"));
/// 第十二页, 共三十页.
static HAN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"([第共全总]\s*计?\s*)([一二三四五六七八九十]{1,3})(\s*页)").expect("a valid pattern")
});

/// The page number printed on a page looked at by itself: alone on its line, in the bottom band before the top band.
fn printed_page(page: &PageFacts) -> Option<u32> {
    let found = candidates(page);
    let last_of = |bottom: bool| found.iter().rev().find(|(l, ..)| in_bottom_band(l) == bottom).map(|(.., n, _)| *n);
    last_of(true).or_else(|| last_of(false))
}

/// The number by which page `index` of a packet is known: its volume's own, else what it bears by itself.
#[must_use]
pub fn printed_number(facts: &PacketFacts, index: usize) -> Option<u32> {
    let own = facts.numbers.iter().find(|n| n.page == index && n.run.is_some()).map(|n| n.number.value);
    let bound = facts.spans.iter().any(|s| s.volume.is_some() && s.pages.contains(&index));
    own.or_else(|| if bound { None } else { facts.page(index).and_then(printed_page) })
}

fn in_bottom_band(line: &TextLine) -> bool {
    line.rect.centre().1 > BOTTOM_BAND
}

/// Lines of the margins that may be a page number: the line, the number, the total beside it.
fn candidates(page: &PageFacts) -> Vec<(&TextLine, u32, Option<u32>)> {
    page.lines
        .iter()
        .filter(|l| !l.vertical && l.confidence >= LEAST_CONFIDENCE)
        .filter(|l| in_bottom_band(l) || l.rect.centre().1 < TOP_BAND)
        .filter_map(|l| number(&l.text).map(|(n, total)| (l, n, total)))
        .collect()
}

/// A number alone, with dashes, 第 and 页 or the total beside it.
fn number(text: &str) -> Option<(u32, Option<u32>)> {
    let plain: String = text.trim().chars().map(halfwidth).collect();
    let plain = HAN.replace_all(&plain, |c: &Captures| format!("{}{}{}", &c[1], han(&c[2]), &c[3]));
    let (found, value, total) = match TOTAL_FIRST.captures(&plain) {
        Some(found) => (found, 2, 1),
        None => (NUMBER.captures(&plain).or_else(|| ENGLISH.captures(&plain))?, 1, 2),
    };
    let value = found.get(value)?.as_str().parse().ok().filter(|n| (1..=9999).contains(n))?;
    Some((value, found.get(total).and_then(|t| t.as_str().parse().ok())))
}

/// The value of Chinese numerals below a hundred; 0, which numbers no page, where they are none.
fn han(text: &str) -> usize {
    let digit = |c: &char| "一二三四五六七八九".chars().position(|d| d == *c).map_or(0, |at| at + 1);
    match text.chars().collect::<Vec<_>>().as_slice() {
        [one] if *one != '十' => digit(one),
        ['十'] => 10,
        ['十', one] => 10 + digit(one),
        [ten, '十'] => 10 * digit(ten),
        [ten, '十', one] => 10 * digit(ten) + digit(one),
        _ => 0,
    }
}

pub(super) fn halfwidth(c: char) -> char {
    match c {
        '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32).unwrap_or(c),
        _ => c,
    }
}

/// What may be a page number on every page of the packet; per volume, the numbers that are its own are marked with
/// their run.
pub(super) fn read(facts: &PacketFacts, volumes: usize) -> Vec<PageNumber> {
    let mut all: Vec<PageNumber> = Vec::new();
    for (index, page) in facts.pages.iter().enumerate().filter_map(|(i, p)| p.facts.as_ref().ok().map(|f| (i, f))) {
        all.extend(candidates(page).into_iter().map(|(line, value, total)| PageNumber {
            page: index,
            number: ReadNumber { value, confidence: line.weakest(), hand: line.hand },
            total,
            rect: line.rect,
            run: None,
        }));
    }
    for volume in 0..volumes {
        let pages: Vec<usize> =
            facts.spans.iter().filter(|s| s.volume == Some(volume)).flat_map(|s| s.pages.clone()).collect();
        part_from_total(&pages, &mut all);
        mark_runs(facts, &pages, &mut all);
    }
    all
}

/// No sure number.
const GUESSED: f32 = 0.7;

/// Beside the volume's numbers stands one total; 7/18 whose stroke was lost reads 718.
fn part_from_total(pages: &[usize], all: &mut [PageNumber]) {
    let own = |n: &PageNumber| pages.contains(&n.page);
    let totals: Vec<u32> = all.iter().filter(|n| own(n)).filter_map(|n| n.total).collect();
    let Some(total) = totals.first().copied().filter(|t| totals.len() >= LEAST_RUN && totals.iter().all(|o| o == t))
    else {
        return;
    };
    for number in all.iter_mut().filter(|n| own(n) && n.total.is_none() && n.number.value > total) {
        let digits = number.number.value.to_string();
        let Some(rest) = digits.strip_suffix(&total.to_string()) else { continue };
        // The stroke is lost, or a 1.
        let readings = [Some(rest), rest.strip_suffix('1')];
        let value = readings.into_iter().flatten().filter_map(|r| r.parse().ok()).find(|v| (1..=total).contains(v));
        if let Some(value) = value {
            number.number = ReadNumber { value, confidence: number.number.confidence.min(GUESSED), ..number.number };
            number.total = Some(total);
        }
    }
}

/// A candidate as the fit sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Spot {
    /// Its place in the list of all candidates.
    at: usize,
    /// Its page's place in the volume, and the same with blank pages left out.
    place: i64,
    inked: i64,
    number: i64,
    bottom: bool,
    /// The total stands beside it, as it does beside no other number.
    totalled: bool,
}

fn mark_runs(facts: &PacketFacts, pages: &[usize], all: &mut [PageNumber]) {
    let mut spots = Vec::new();
    let mut inked = 0;
    for (place, page) in pages.iter().enumerate() {
        let is_list = facts.spans.iter().any(|s| s.material == Material::Catalogue && s.pages.contains(page));
        // The numbers of a 目录 are its entries'; one in its margin adds nothing that the pages after it don't tell.
        if !is_list {
            spots.extend(all.iter().enumerate().filter(|(_, n)| n.page == *page).map(|(at, n)| Spot {
                at,
                place: place as i64,
                inked,
                number: i64::from(n.number.value),
                bottom: n.rect.centre().1 > 0.5,
                totalled: n.total.is_some(),
            }));
        }
        inked += i64::from(facts.page(*page).is_none_or(|p| !p.quality.blank));
    }
    let mut runs = Vec::new();
    find_runs(&spots, &mut runs);
    runs.sort_by_key(|run| run[0].place);
    for (number, run) in runs.iter().enumerate() {
        for spot in run {
            all[spot.at].run = u16::try_from(number).ok();
        }
    }
}

/// The best run, then those before and after it.
fn find_runs(spots: &[Spot], runs: &mut Vec<Vec<Spot>>) {
    let run = best_run(spots);
    let (Some(first), Some(last)) = (run.first().copied(), run.last().copied()) else { return };
    if run.len() < LEAST_RUN && !(runs.is_empty() && run.len() == spots.len()) {
        return;
    }
    let before: Vec<Spot> = spots.iter().filter(|s| s.place < first.place).copied().collect();
    let after: Vec<Spot> = spots.iter().filter(|s| s.place > last.place).copied().collect();
    // Only a numbering that begins anew is another run; what merely differs is a paper's own or a slip.
    let begins_anew = |rest: &[Spot]| best_run(rest).first().is_some_and(|s| s.number <= 2);
    runs.push(run);
    for rest in [before, after] {
        if begins_anew(&rest) {
            find_runs(&rest, runs);
        }
    }
}

/// The rising sequence that best keeps step with the pages.
fn best_run(spots: &[Spot]) -> Vec<Spot> {
    // Per spot: score, the spot before it.
    let mut best: Vec<(f32, Option<usize>)> = Vec::with_capacity(spots.len());
    for (index, spot) in spots.iter().enumerate() {
        let early = spot.number <= spot.place + 1;
        let own = 1.0 + if spot.totalled { 0.5 } else { 0.0 };
        let mut top = (own + if early { 0.5 } else { 0.0 }, None);
        for (before, previous) in spots.iter().enumerate().take(index).skip(index.saturating_sub(LOOK_BACK)) {
            let step = spot.number - previous.number;
            let (pages, inked) = (spot.place - previous.place, spot.inked - previous.inked);
            if pages < 1 || step < 1 || step > pages + WIDEST_JUMP {
                continue;
            }
            let link = if step == inked || step == pages {
                1.0
            } else if step < pages {
                0.4
            } else {
                0.1
            };
            let side = if spot.bottom == previous.bottom { 0.2 } else { 0.0 };
            let score = best[before].0 + own + link + side;
            if score > top.0 {
                top = (score, Some(before));
            }
        }
        best.push(top);
    }
    let Some(mut at) = (0..best.len()).reduce(|a, b| if best[b].0 > best[a].0 { b } else { a }) else {
        return Vec::new();
    };
    let mut run = vec![spots[at]];
    while let Some(before) = best[at].1 {
        run.push(spots[before]);
        at = before;
    }
    run.reverse();
    run
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_run_into_its_total_is_parted() {
        let numbers = |total: u32, odd: u32| {
            let mut all: Vec<PageNumber> = (1..=5)
                .map(|n| PageNumber {
                    page: n as usize,
                    number: ReadNumber { value: n, confidence: 0.99, hand: false },
                    total: Some(total),
                    rect: crate::model::geometry::Rect::PAGE,
                    run: None,
                })
                .collect();
            (all[2].number.value, all[2].total) = (odd, None);
            part_from_total(&[1, 2, 3, 4, 5], &mut all);
            (all[2].number.value, all[2].number.confidence < 0.8)
        };
        assert_eq!(numbers(26, 326), (3, true));
        assert_eq!(numbers(8, 318), (3, true), "the stroke read as 1");
        assert_eq!(numbers(26, 2023), (2023, false), "a year");
        assert_eq!(numbers(26, 3), (3, false));
    }

    #[test]
    fn only_a_number_alone_is_a_page_number() {
        let cases = [
            ("12", Some((12, None))),
            ("- 3 -", Some((3, None))),
            ("— 17 —", Some((17, None))),
            ("第 5 页", Some((5, None))),
            ("第5页 共40页", Some((5, Some(40)))),
            ("6-（全10页）", Some((6, Some(10)))),
            ("共10页 第4页", Some((4, Some(10)))),
            ("共 10 页，第 4 页", Some((4, Some(10)))),
            ("（共10页）第4页", Some((4, Some(10)))),
            ("第十二页 共三十页", Some((12, Some(30)))),
            ("第二十一页", Some((21, None))),
            ("Page 3 of 12", Some((3, Some(12)))),
            ("第一部分", None),
            ("共10页", None),
            ("5/40", Some((5, Some(40)))),
            ("000012", Some((12, None))),
            ("１２", Some((12, None))),
            ("P.7", Some((7, None))),
            ("2024年11月", None),
            ("2024.11", None),
            ("20241105", None),
            ("电话 3025", None),
            ("共40份", None),
            ("(全10页)", None),
        ];
        for (text, expected) in cases {
            assert_eq!(number(text), expected, "{text}");
        }
    }

    /// Pages with the numbers read on each.
    fn run_of(pages: &[&[i64]]) -> Vec<i64> {
        let mut spots = Vec::new();
        for (place, numbers) in pages.iter().enumerate() {
            for number in *numbers {
                let at = spots.len();
                let (place, inked) = (place as i64, place as i64);
                spots.push(Spot { at, place, inked, number: *number, bottom: true, totalled: false });
            }
        }
        best_run(&spots).iter().map(|s| s.number).collect()
    }

    #[test]
    fn a_journal_keeps_its_own_numbers() {
        assert_eq!(run_of(&[&[], &[1], &[2], &[3, 150], &[4, 151], &[152, 5], &[6], &[7]]), [1, 2, 3, 4, 5, 6, 7]);
    }

    #[test]
    fn a_number_not_read_leaves_the_run_whole() {
        assert_eq!(run_of(&[&[1], &[2], &[], &[4], &[5031], &[6]]), [1, 2, 4, 6]);
    }

    #[test]
    fn a_repeated_or_skipped_number_does_not_end_the_run() {
        assert_eq!(run_of(&[&[1], &[2], &[4], &[5], &[6]]), [1, 2, 4, 5, 6]);
        let repeated = run_of(&[&[1], &[2], &[2], &[3], &[4], &[5]]);
        assert_eq!(repeated, [1, 2, 3, 4, 5]);
    }

    #[test]
    fn a_second_part_numbered_from_one_is_a_run_of_its_own() {
        let mut spots = Vec::new();
        for (place, number) in [1, 2, 3, 4, 5, 1, 2, 3, 4].into_iter().enumerate() {
            let place = place as i64;
            spots.push(Spot { at: spots.len(), place, inked: place, number, bottom: true, totalled: false });
        }
        let mut runs = Vec::new();
        find_runs(&spots, &mut runs);
        assert_eq!(runs.len(), 2);
    }
}
