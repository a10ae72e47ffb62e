//! The running text of a document: its pages' lines without page numbers, running titles and the sealed strip.

use crate::model::packet::PacketFacts;
use crate::model::page::PageFacts;
use crate::model::text::TextLine;

use super::documents::Document;
use super::passage::{Passage, count, is_page_number, is_running_title};
use super::sealed::{Strip, is_line_piece};

/// One page's share of the text.
pub(crate) struct PageText<'a> {
    pub(crate) index: usize,
    pub(crate) page: &'a PageFacts,
    pub(crate) strip: Option<Strip>,
    /// Lines outside the strip, in reading order.
    pub(crate) lines: Vec<&'a TextLine>,
}

pub(crate) struct Running<'a> {
    pub(crate) pages: Vec<PageText<'a>>,
    /// A page was not read, or only in part.
    pub(crate) unseen: bool,
}

/// A table of at least this many cells holds figures or entries, not running text; a frame around text has fewer.
const CELLS: usize = 8;

impl<'a> Running<'a> {
    pub(crate) fn of(facts: &'a PacketFacts, document: &Document) -> Self {
        let read: Vec<(usize, &PageFacts)> =
            document.pages.iter().filter_map(|p| Some((*p, facts.page(*p)?))).collect();
        let unseen = read.len() < document.pages.len() || read.iter().any(|(_, p)| p.is_degraded());
        let pages = read
            .iter()
            .map(|(index, page)| {
                let others: Vec<&PageFacts> = read.iter().filter(|r| r.0 != *index).map(|r| r.1).collect();
                let strip = Strip::of(page);
                let lines = page
                    .lines
                    .iter()
                    .filter(|l| !is_page_number(l) && !is_running_title(l, &others) && !is_line_piece(l))
                    .filter(|l| strip.is_none_or(|s| !s.holds(l.rect)))
                    .collect();
                PageText { index: *index, page, strip, lines }
            })
            .collect();
        Self { pages, unseen }
    }

    pub(crate) fn passage(&self) -> Passage {
        let mut passage = Passage::default();
        for page in &self.pages {
            passage.push(page.index, page.lines.iter().copied());
        }
        passage
    }

    /// Characters as a word processor counts them, tables of figures left out.
    pub(crate) fn count(&self) -> usize {
        self.pages.iter().map(PageText::count).sum()
    }

    /// Share of the characters written by hand.
    pub(crate) fn hand(&self) -> f32 {
        let lines = || self.pages.iter().flat_map(|p| &p.lines);
        let all: usize = lines().map(|l| count(&l.text)).sum();
        let hand: usize = lines().filter(|l| l.hand).map(|l| count(&l.text)).sum();
        hand as f32 / all.max(1) as f32
    }
}

impl PageText<'_> {
    pub(crate) fn count(&self) -> usize {
        self.lines.iter().filter(|l| !self.in_table(l)).map(|l| count(&l.text)).sum()
    }

    fn in_table(&self, line: &TextLine) -> bool {
        let tables = self.page.tables.iter().filter(|t| t.cells.len() >= CELLS);
        line.text.chars().count() < 30 && tables.into_iter().any(|t| line.rect.share_inside(&t.rect) > 0.5)
    }
}
