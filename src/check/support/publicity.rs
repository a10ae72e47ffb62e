//! Which publicities a packet shows, and from when to when each was posted.

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use super::documents::Document;
use super::ink::has_ink;
use super::passages::{Passage, passages};
use super::period::{dates, periods};
use super::prompts::left_over;
use crate::model::geometry::Rect;
use crate::model::material::Material;
use crate::model::packet::PacketFacts;
use crate::pack::rules::periods::Kind;

/// A longer line tells a story; a shorter one that names a publicity is its heading, its row or its caption.
const HEADING: usize = 24;

const LONGEST_NAME: usize = 4;
/// Characters beside the label of an empty row: the rest of a label that runs over two lines.
const MOST_BESIDE: usize = 2;

/// One stretch of days, and the publicities it belongs to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Posted {
    pub(crate) kinds: Vec<usize>,
    pub(crate) first: Date,
    pub(crate) last: Date,
    pub(crate) text: String,
    pub(crate) page: usize,
    pub(crate) rect: Option<Rect>,
    pub(crate) material: Material,
    /// The least sure character; 0 where handwritten or under a seal.
    pub(crate) sure: f32,
    /// The document's.
    pub(crate) confidence: f32,
    /// No year is written: how many days the stretch lies from the date the year was taken from.
    pub(crate) supplied: Option<i32>,
}

/// All that the documents show; lists are by kind.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Shown {
    pub(crate) posts: Vec<Posted>,
    /// Named by a heading, a row or a caption.
    pub(crate) headed: Vec<bool>,
    /// Named anywhere.
    pub(crate) mentioned: Vec<bool>,
    /// A table has a row for it that nobody filled in.
    pub(crate) left_empty: Vec<bool>,
    /// Every page was read whole, none of it handwritten.
    pub(crate) readable: bool,
    /// 公示N天, 公示N个工作日 as written, and whether working days are meant.
    pub(crate) claimed: Option<(u16, bool)>,
}

/// Reads documents that give the days (`proofs`) and those that only show that something was posted.
pub(crate) fn posted(facts: &PacketFacts, proofs: &[&Document], photos: &[&Document], kinds: &[Kind]) -> Shown {
    let none = vec![false; kinds.len()];
    let mut shown = Shown {
        posts: Vec::new(),
        headed: none.clone(),
        mentioned: none.clone(),
        left_empty: none,
        readable: true,
        claimed: None,
    };
    for document in proofs {
        let beside = beside(facts, document);
        for page in &document.pages {
            let Some(read) = facts.page(*page) else {
                shown.readable = false;
                continue;
            };
            shown.readable &= !read.is_degraded();
            for passage in passages(read) {
                shown.readable &= !tells_by_hand(&passage);
                if let Some((kind, label)) = empty_row(&passage, kinds) {
                    shown.left_empty[kind] = true;
                    shown.readable &= !has_ink(read, Rect { x: label.right(), w: 1.0 - label.right(), ..label });
                    continue;
                }
                name_kinds(&passage, kinds, &mut shown);
                read_days(&passage, kinds, document, *page, beside, &mut shown);
            }
        }
    }
    // A notice filed as something else still shows that there was one.
    let strays = facts.spans.iter().filter(|s| s.material == Material::Other).flat_map(|s| s.pages.clone());
    let photos = photos.iter().flat_map(|d| d.pages.iter().copied());
    for page in strays.chain(photos).filter_map(|p| facts.page(p)) {
        for passage in passages(page).iter().filter(|p| p.text().contains("公示")) {
            name_kinds(passage, kinds, &mut shown);
        }
    }
    // Days under a heading that names no single publicity are those of each that has none of its own.
    let own = |kind: usize, posts: &[Posted]| posts.iter().any(|p| p.kinds.contains(&kind));
    let orphans: Vec<usize> = (0..kinds.len().max(1)).filter(|k| !own(*k, &shown.posts)).collect();
    for post in shown.posts.iter_mut().filter(|p| p.kinds.is_empty()) {
        post.kinds = orphans.clone();
    }
    shown
}

/// The last day written in full on the document: notices and proofs are dated when posting begins or ends.
fn beside(facts: &PacketFacts, document: &Document) -> Option<Date> {
    let pages = document.pages.iter().filter_map(|p| facts.page(*p));
    pages.flat_map(passages).flat_map(|p| dates(&p.text())).map(|d| d.date).max()
}

fn mentions(text: &[char], kinds: &[Kind]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (kind, words) in kinds.iter().enumerate() {
        for word in &words.words {
            let word: Vec<char> = word.chars().collect();
            let starts = text.windows(word.len().max(1)).enumerate().filter(|(_, w)| **w == word[..]);
            found.extend(starts.map(|(at, _)| (at, kind)));
        }
    }
    found.sort_unstable();
    found
}

/// Whether something else than a signature and its day is written by hand.
fn tells_by_hand(passage: &Passage) -> bool {
    passage.hand_lines().iter().any(|line| {
        let signed = line.rsplit(':').next().unwrap_or(line);
        left_over(signed).chars().filter(|c| c.is_alphabetic()).count() > LONGEST_NAME
    })
}

/// The publicity whose row of a table says nothing but its name, and where that stands.
fn empty_row(passage: &Passage, kinds: &[Kind]) -> Option<(usize, Rect)> {
    let text: Vec<char> = passage.text().chars().collect();
    let named = mentions(&text, kinds);
    let (at, kind) = *named.first()?;
    let one = named.iter().all(|(_, k)| *k == kind);
    let label = passage.line_of(at);
    let beside = (0..text.len()).filter(|i| !label.contains(i)).map(|i| text[i]);
    let says_more = beside.filter(|c| c.is_alphabetic()).count() > MOST_BESIDE;
    let is_label = passage.row && label.len() <= HEADING && one && !says_more && dates(&passage.text()).is_empty();
    is_label.then(|| passage.rect(label)).flatten().map(|rect| (kind, rect))
}

fn name_kinds(passage: &Passage, kinds: &[Kind], shown: &mut Shown) {
    let text: Vec<char> = passage.text().chars().collect();
    for (at, kind) in mentions(&text, kinds) {
        shown.mentioned[kind] = true;
        let line = passage.line_of(at);
        if line.len() <= HEADING && (passage.row || text[line].windows(2).any(|w| w == ['公', '示'])) {
            shown.headed[kind] = true;
        }
    }
}

fn read_days(
    passage: &Passage,
    kinds: &[Kind],
    document: &Document,
    page: usize,
    beside: Option<Date>,
    shown: &mut Shown,
) {
    let text = passage.text();
    let chars: Vec<char> = text.chars().collect();
    shown.claimed = shown.claimed.or_else(|| claimed(&text));
    let named = mentions(&chars, kinds);
    let mut since = 0;
    let mut last: Vec<usize> = Vec::new();
    for period in periods(&text, beside) {
        let mut of: Vec<usize> =
            named.iter().filter(|(at, _)| (since..period.at.start).contains(at)).map(|(_, k)| *k).collect();
        if of.is_empty() {
            of = last.clone();
        }
        // A row, or a sentence that gives the days first.
        if of.is_empty() {
            of = named.iter().filter(|(at, _)| *at >= period.at.end).map(|(_, k)| *k).collect();
        }
        of.sort_unstable();
        of.dedup();
        since = period.at.end;
        last.clone_from(&of);
        let far = beside.and_then(|b| period.last.until(b).ok()).map_or(i32::MAX, |s| s.get_days().abs());
        shown.posts.push(Posted {
            kinds: of,
            first: period.first,
            last: period.last,
            text: chars[period.at.clone()].iter().collect(),
            page,
            rect: passage.rect(period.at.clone()),
            material: document.material,
            sure: passage.sure_figures(period.at),
            confidence: document.confidence,
            supplied: period.supplied.then_some(far),
        });
    }
}

/// 公示期为5个工作日, 公示时间：7天.
fn claimed(text: &str) -> Option<(u16, bool)> {
    static CLAIM: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"公示(?:期|时间|期限|日期)?(?:限)?(?:为|是|共|：|:|不少于)*(\d{1,2}|[一二三四五六七八九十]{1,2})个?(工作日|天|日)")
            .expect("a pattern fixed at compile time")
    });
    let found = CLAIM.captures(text)?;
    let number = &found[1];
    let days = number.parse().ok().or_else(|| {
        let digit = |c: char| "一二三四五六七八九".chars().position(|d| d == c).map(|p| p as u16 + 1);
        match number.chars().collect::<Vec<_>>()[..] {
            ['十'] => Some(10),
            ['十', unit] => digit(unit).map(|u| 10 + u),
            [unit] => digit(unit),
            _ => None,
        }
    })?;
    Some((days, &found[2] == "工作日"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_claimed_in_words() {
        assert_eq!(claimed("公示期为5个工作日"), Some((5, true)));
        assert_eq!(claimed("公示时间：七天"), Some((7, false)));
        assert_eq!(claimed("公示期不少于五个工作日"), Some((5, true)));
        assert_eq!(claimed("公示期内如有异议"), None);
        assert_eq!(claimed("公示时间2024年10月8日"), None);
    }
}
