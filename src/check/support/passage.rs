//! Text as one string, each character knowing where it stands and how surely it was read.

use std::ops::Range;

use crate::model::geometry::Rect;
use crate::model::page::PageFacts;
use crate::model::text::TextLine;

/// Stands between the cells of a row; no date or word runs across it.
pub(crate) const WALL: char = '|';

/// Where one character of a passage was read.
#[derive(Debug, Clone, Copy, PartialEq)]
struct At {
    /// Index into `PacketFacts::pages`, where several pages make one passage.
    page: usize,
    /// Index into `Passage::lines`.
    line: usize,
    rect: Rect,
    confidence: f32,
    hand: bool,
    /// A seal lies over it, or its page is not whole.
    hidden: bool,
}

/// Lines joined in reading order: full-width Latin made narrow, white space left out but for a break between words.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Passage {
    chars: Vec<char>,
    at: Vec<At>,
    /// Indices of characters before which white space or a line's beginning stands.
    breaks: Vec<usize>,
    lines: Vec<Rect>,
    /// A row of a ruled table.
    pub(crate) row: bool,
}

impl Passage {
    /// Adds lines of a page.
    pub(crate) fn push<'a>(&mut self, page: usize, lines: impl IntoIterator<Item = &'a TextLine>) {
        lines.into_iter().for_each(|l| self.add(page, l, |_| false));
    }

    /// Adds a line; nothing under a seal, or on a page that isn't whole, is sure.
    pub(crate) fn push_seen(&mut self, page: &PageFacts, line: &TextLine) {
        self.add(0, line, |i| page.is_degraded() || is_covered(page, line, i));
    }

    fn add(&mut self, page: usize, line: &TextLine, hidden: impl Fn(usize) -> bool) {
        let number = self.lines.len();
        self.lines.push(line.rect);
        self.breaks.push(self.chars.len());
        for (i, c) in line.text.chars().enumerate() {
            if c.is_whitespace() {
                self.breaks.push(self.chars.len());
                continue;
            }
            self.chars.push(narrow(c));
            self.at.push(At {
                page,
                line: number,
                rect: char_rect(line, i),
                confidence: line.chars.get(i).map_or(line.confidence, |c| c.confidence),
                hand: line.hand,
                hidden: hidden(i),
            });
        }
    }

    /// Parts two cells of a row.
    pub(crate) fn wall(&mut self) {
        if let Some(last) = self.at.last() {
            self.chars.push(WALL);
            self.at.push(At { confidence: 1.0, hand: false, hidden: false, ..*last });
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.chars.is_empty()
    }

    /// How sure the least sure of these characters is; 0 where one is handwritten or under a seal.
    pub(crate) fn sure(&self, at: Range<usize>) -> f32 {
        self.at.get(at).map_or(0.0, |all| all.iter().map(At::sure).fold(1.0, f32::min))
    }

    /// As [`Self::sure`], of the figures alone: whatever joins the parts of a date, its figures say which day it is.
    pub(crate) fn sure_figures(&self, at: Range<usize>) -> f32 {
        let (Some(chars), Some(all)) = (self.chars.get(at.clone()), self.at.get(at)) else { return 0.0 };
        let figures = chars.iter().zip(all).filter(|(c, _)| c.is_alphanumeric());
        figures.map(|(_, a)| a.sure()).fold(1.0, f32::min)
    }

    /// The box of the lines in which these characters stand.
    pub(crate) fn rect(&self, at: Range<usize>) -> Option<Rect> {
        let (chars, all) = (self.chars.get(at.clone())?, self.at.get(at)?);
        let lines = chars.iter().zip(all).filter(|(c, _)| **c != WALL).filter_map(|(_, a)| self.lines.get(a.line));
        lines.copied().reduce(|a, b| a.union(&b))
    }

    /// The line a character stands in, as its characters' range, walls ending it.
    pub(crate) fn line_of(&self, at: usize) -> Range<usize> {
        let Some(here) = self.at.get(at) else { return at..at };
        let same = |i: &usize| self.chars[*i] != WALL && self.at[*i].line == here.line;
        let before = (0..at).rev().take_while(same).count();
        let after = (at..self.at.len()).take_while(same).count();
        at - before..at + after
    }

    /// The lines that are handwritten.
    pub(crate) fn hand_lines(&self) -> Vec<String> {
        let mut lines: Vec<(usize, String)> = Vec::new();
        for (c, at) in self.chars.iter().zip(&self.at).filter(|(c, a)| a.hand && **c != WALL) {
            match lines.last_mut() {
                Some((line, text)) if *line == at.line => text.push(*c),
                _ => lines.push((at.line, c.to_string())),
            }
        }
        lines.into_iter().map(|(_, text)| text).collect()
    }

    pub(crate) fn text(&self) -> String {
        self.chars.iter().collect()
    }

    /// First characters of every place where the word stands, brackets and width aside.
    pub(crate) fn find(&self, word: &str) -> Vec<usize> {
        let word = folded(word);
        if word.is_empty() {
            return Vec::new();
        }
        self.chars.windows(word.len()).enumerate().filter(|(_, w)| **w == *word).map(|(i, _)| i).collect()
    }

    /// Where something of the word's length stands that differs from it in at most `wrong` characters, but isn't it.
    pub(crate) fn find_like(&self, word: &str, wrong: usize) -> Vec<usize> {
        let word = folded(word);
        if word.len() <= wrong {
            return Vec::new();
        }
        let off = |w: &[char]| w.iter().zip(&word).filter(|(a, b)| a != b).count();
        let near = |w: &[char]| (1..=wrong).contains(&off(w));
        self.chars.windows(word.len()).enumerate().filter(|(_, w)| near(w)).map(|(i, _)| i).collect()
    }

    /// What stands before, nearest last.
    pub(crate) fn before(&self, at: usize, most: usize) -> String {
        self.chars[at.saturating_sub(most)..at].iter().collect()
    }

    /// What stands there and after.
    pub(crate) fn after(&self, at: usize, most: usize) -> String {
        self.chars[at.min(self.chars.len())..(at + most).min(self.chars.len())].iter().collect()
    }

    /// Whether white space, a line's beginning or end, or a sign parts this character from the one before it.
    pub(crate) fn parted(&self, at: usize) -> bool {
        let sign = |c: Option<&char>| c.is_none_or(|c| !c.is_alphanumeric());
        at == 0 || self.breaks.contains(&at) || sign(self.chars.get(at)) || sign(self.chars.get(at - 1))
    }

    pub(crate) fn page(&self, at: usize) -> usize {
        self.at[at].page
    }

    /// The box of these characters on the page of the first, as far as its line goes.
    pub(crate) fn chars_rect(&self, at: usize, length: usize) -> Rect {
        let first = self.at[at];
        let same_line = |a: &&At| a.page == first.page && (a.rect.centre().1 - first.rect.centre().1).abs() < 0.004;
        self.at[at..at + length].iter().take_while(same_line).fold(first.rect, |r, a| r.union(&a.rect))
    }

    /// The least sure of these characters.
    pub(crate) fn weakest(&self, at: usize, length: usize) -> f32 {
        self.at[at..at + length].iter().map(|a| a.confidence).fold(1.0, f32::min)
    }

    pub(crate) fn hand(&self, at: usize, length: usize) -> bool {
        self.at[at..at + length].iter().any(|a| a.hand)
    }
}

impl At {
    fn sure(&self) -> f32 {
        if self.hidden || self.hand { 0.0 } else { self.confidence }
    }
}

/// Whether a seal lies over a line's character, or over the line where characters were not placed.
fn is_covered(page: &PageFacts, line: &TextLine, index: usize) -> bool {
    let (x, y) = line.rect.centre();
    page.seals.iter().any(|seal| match line.chars.get(index) {
        Some(c) => seal.rect.contains(if line.vertical { (x, c.at) } else { (c.at, y) }),
        None => seal.rect.overlap(&line.rect) > 0.0,
    })
}

/// A word as passages hold it.
pub(crate) fn folded(word: &str) -> Vec<char> {
    word.chars().filter(|c| !c.is_whitespace()).map(narrow).collect()
}

fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '〔' | '【' => '(',
        '〕' | '】' => ')',
        _ => c,
    }
}

/// One character's box: its own place along the line, the line's height across.
fn char_rect(line: &TextLine, index: usize) -> Rect {
    let count = line.text.chars().count().max(1) as f32;
    let along = if line.vertical { line.rect.h } else { line.rect.w };
    let start = if line.vertical { line.rect.y } else { line.rect.x };
    let size = along / count;
    let centre = line.chars.get(index).map_or(start + size * (index as f32 + 0.5), |c| c.at);
    if line.vertical {
        Rect::new(line.rect.x, centre - size / 2.0, line.rect.w, size)
    } else {
        Rect::new(centre - size / 2.0, line.rect.y, size, line.rect.h)
    }
}

/// Whether a line is a page number or its like: at the head or foot, digits and what goes with them.
pub(crate) fn is_page_number(line: &TextLine) -> bool {
    let y = line.rect.centre().1;
    let rest = line.text.chars().filter(|c| !c.is_ascii_digit() && !c.is_whitespace());
    !(0.1..=0.88).contains(&y)
        && line.text.chars().count() <= 16
        && line.text.chars().any(|c| c.is_ascii_digit())
        && rest.clone().all(|c| "-—–一_·.•/第页共全（）()【】[]|｜~～".contains(c))
}

/// Lines at the head and foot of several pages that say the same: running titles.
pub(crate) fn is_running_title(line: &TextLine, others: &[&PageFacts]) -> bool {
    let y = line.rect.centre().1;
    let said = |o: &&&PageFacts| o.lines.iter().any(|l| l.text == line.text && (l.rect.centre().1 - y).abs() < 0.02);
    !(0.1..=0.9).contains(&y) && others.iter().filter(said).count() >= 2
}

/// Characters as a word processor counts them (字数): each Chinese character and each full-width sign is one, each run of
/// Latin letters, digits and half-width signs between white space or Chinese is one.
pub(crate) fn count(text: &str) -> usize {
    let mut in_run = false;
    text.chars().fold(0, |count, c| {
        let narrow = c.is_ascii() && !c.is_ascii_whitespace();
        let counts = if narrow { !in_run } else { !c.is_whitespace() };
        in_run = narrow;
        count + usize::from(counts)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line(text: &str, y: f32) -> TextLine {
        let n = text.chars().count() as f32;
        TextLine {
            text: text.into(),
            rect: Rect::new(0.1, y, 0.02 * n, 0.02),
            confidence: 0.99,
            chars: vec![],
            vertical: false,
            hand: false,
        }
    }

    #[test]
    fn words_are_found_across_lines_and_widths() {
        let mut passage = Passage::default();
        passage.push(3, &[line("由云泉县智汇（集", 0.2), line("团）公司 承担", 0.3)]);
        let found = passage.find("智汇(集团)公司");
        assert_eq!(found, [4]);
        assert_eq!(passage.page(4), 3);
        let rect = passage.chars_rect(4, 8);
        assert!((rect.x - 0.18).abs() < 1e-4 && (rect.right() - 0.26).abs() < 1e-4, "{rect:?}");
        assert!(passage.parted(12) && !passage.parted(4));
        assert_eq!((passage.before(4, 2).as_str(), passage.after(12, 9).as_str()), ("泉县", "承担"));
        assert_eq!(passage.find_like("智慧(集团)公司", 1), [4]);
        assert!(passage.find_like("智汇(集团)公司", 1).is_empty());
    }

    #[test]
    fn counting_as_a_word_processor() {
        for (text, chars) in [
            ("本人长期从事。", 7),
            ("提高到96%。", 5),
            ("基于 Hadoop 平台", 5),
            ("abc def", 2),
            ("", 0),
            ("　　首行缩进", 4),
        ] {
            assert_eq!(count(text), chars, "{text}");
        }
    }

    #[test]
    fn page_numbers() {
        for text in ["第28页 共60页", "- 3 -（全10页）", "3/9", "·151."] {
            assert!(is_page_number(&line(text, 0.95)), "{text}");
        }
        assert!(!is_page_number(&line("2019", 0.5)) && !is_page_number(&line("三、结论12", 0.95)));
    }

    proptest! {
        #[test]
        fn any_text_is_taken(text in "\\PC{0,60}", word in "\\PC{0,5}") {
            let mut passage = Passage::default();
            passage.push(0, &[line(&text, 0.2)]);
            for at in passage.find(&word) {
                let length = folded(&word).len();
                let _ = (passage.chars_rect(at, length), passage.parted(at), passage.parted(at + length));
            }
            prop_assert!(count(&text) <= text.chars().count());
        }
    }
}
