//! A page's text as passages: running text in reading order, and each row of a table, with how sure every character is.

use std::ops::Range;

use crate::model::geometry::Rect;
use crate::model::page::PageFacts;
use crate::model::text::TextLine;

/// Stands between the cells of a row; no date or word runs across it.
pub(crate) const WALL: char = '|';
/// What is read below this, without a Chinese character in it, is an ornament or a seal's rim.
const NOISE: f32 = 0.7;

/// One character, white space left out.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Ink {
    c: char,
    /// 0 where a seal lies over it or it is written by hand.
    sure: f32,
    /// Index into `Passage::lines`.
    line: usize,
}

/// Text that belongs together.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Passage {
    ink: Vec<Ink>,
    lines: Vec<Rect>,
    pub(crate) hand: bool,
    /// A row of a ruled table.
    pub(crate) row: bool,
}

impl Passage {
    pub(crate) fn text(&self) -> String {
        self.ink.iter().map(|i| i.c).collect()
    }

    /// How sure the least sure of these characters is; 0 where one is handwritten or under a seal.
    pub(crate) fn sure(&self, at: Range<usize>) -> f32 {
        self.ink.get(at).map_or(0.0, |ink| ink.iter().map(|i| i.sure).fold(1.0, f32::min))
    }

    /// As [`Self::sure`], of the figures alone: whatever joins the parts of a date, its figures say which day it is.
    pub(crate) fn sure_figures(&self, at: Range<usize>) -> f32 {
        let figures = |ink: &[Ink]| ink.iter().filter(|i| i.c.is_alphanumeric()).map(|i| i.sure).fold(1.0, f32::min);
        self.ink.get(at).map_or(0.0, figures)
    }

    /// Where these characters stand: the box of their lines.
    pub(crate) fn rect(&self, at: Range<usize>) -> Option<Rect> {
        let lines = self.ink.get(at)?.iter().filter(|i| i.c != WALL).filter_map(|i| self.lines.get(i.line));
        lines.fold(None, |all: Option<Rect>, r| Some(all.map_or(*r, |a| a.union(r))))
    }

    /// The line a character stands in, as its characters' range, walls ending it.
    pub(crate) fn line_of(&self, at: usize) -> Range<usize> {
        let Some(here) = self.ink.get(at) else { return at..at };
        let same = |i: &Ink| i.c != WALL && i.line == here.line;
        let before = self.ink[..at].iter().rev().take_while(|i| same(i)).count();
        let after = self.ink[at..].iter().take_while(|i| same(i)).count();
        at - before..at + after
    }

    fn empty(row: bool) -> Self {
        Self { ink: Vec::new(), lines: Vec::new(), hand: false, row }
    }

    fn push(&mut self, page: &PageFacts, line: &TextLine) {
        let number = self.lines.len();
        self.lines.push(line.rect);
        self.hand |= line.hand;
        for (i, c) in line.text.chars().enumerate().filter(|(_, c)| !c.is_whitespace()) {
            let char_at = line.chars.get(i);
            let (cx, cy) = line.rect.centre();
            let at = match char_at {
                Some(a) if line.vertical => (cx, a.at),
                Some(a) => (a.at, cy),
                None => (cx, cy),
            };
            let covered = page.seals.iter().any(|s| match char_at {
                Some(_) => s.rect.contains(at),
                None => s.rect.overlap(&line.rect) > 0.0,
            });
            let hidden = covered || line.hand || page.is_degraded();
            let sure = if hidden { 0.0 } else { char_at.map_or(line.confidence, |a| a.confidence) };
            self.ink.push(Ink { c, sure, line: number });
        }
    }

    fn wall(&mut self) {
        if !self.ink.is_empty() {
            self.ink.push(Ink { c: WALL, sure: 1.0, line: self.lines.len().saturating_sub(1) });
        }
    }
}

/// The page's running text as one passage, before the rows of its tables from top to bottom.
pub(crate) fn passages(page: &PageFacts) -> Vec<Passage> {
    let mut loose = Passage::empty(false);
    // Rows by table, row and column of their cells.
    let mut cells: Vec<((usize, u16, u16), Vec<&TextLine>)> = Vec::new();
    for line in page.lines.iter().filter(|l| !is_noise(l)) {
        let cell = page.tables.iter().enumerate().find_map(|(table, t)| {
            let cell = t.cells.iter().find(|c| c.rect.contains(line.rect.centre()))?;
            (t.cells.len() > 1).then_some((table, cell.row, cell.col))
        });
        match cell {
            None => loose.push(page, line),
            Some(place) => match cells.iter_mut().find(|(p, _)| *p == place) {
                Some((_, lines)) => lines.push(line),
                None => cells.push((place, vec![line])),
            },
        }
    }
    cells.sort_by_key(|(place, _)| *place);
    let mut out = vec![loose];
    for row in cells.chunk_by(|a, b| (a.0.0, a.0.1) == (b.0.0, b.0.1)) {
        let mut passage = Passage::empty(true);
        for (_, lines) in row {
            passage.wall();
            lines.iter().for_each(|l| passage.push(page, l));
        }
        out.push(passage);
    }
    out.retain(|p| !p.ink.is_empty());
    out
}

fn is_noise(line: &TextLine) -> bool {
    let chinese = line.text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let dots = line.text.chars().all(|c| matches!(c, '0' | 'O' | 'o' | '-' | '–' | '.' | ' '));
    !chinese && !line.hand && (line.confidence < NOISE || dots)
}
