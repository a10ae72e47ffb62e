//! A volume's page numbers: what each page is numbered, read or told by its neighbours.

use crate::model::catalogue::PageNumber;
use crate::model::material::Material;
use crate::model::packet::PacketFacts;
use crate::model::page::PageFacts;

use super::gates::FEW_LINES;

/// A mark this near to where the volume's numbers stand is one of them, read or not (fraction of the page).
const SAME_PLACE: f32 = 0.09;

/// One page of a volume.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Numbered<'a> {
    /// Index into `PacketFacts::pages`.
    pub(crate) page: usize,
    /// Its number in the volume's own numbering, as read.
    pub(crate) read: Option<&'a PageNumber>,
    /// What the pages around it leave for it.
    pub(crate) expected: Option<u32>,
    /// It carries something, as far as it was seen.
    pub(crate) inked: bool,
    /// The number keeps step with a neighbour's.
    pub(crate) sure: bool,
}

/// A volume's pages with their numbers.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Numbering<'a> {
    /// From the first page to the last, 目录 and cover with them.
    pub(crate) pages: Vec<Numbered<'a>>,
    /// Separate numberings.
    pub(crate) runs: usize,
}

impl<'a> Numbering<'a> {
    pub(crate) fn of(facts: &'a PacketFacts, volume: usize) -> Self {
        let indices = facts.spans.iter().filter(|s| s.volume == Some(volume)).flat_map(|s| s.pages.clone());
        let mut pages: Vec<Numbered<'a>> = indices
            .map(|page| Numbered {
                page,
                read: facts.numbers.iter().find(|n| n.page == page && n.run.is_some()),
                expected: None,
                inked: facts.page(page).is_none_or(|p| !p.quality.blank),
                sure: false,
            })
            .collect();
        let members: Vec<usize> = (0..pages.len()).filter(|i| pages[*i].read.is_some()).collect();
        let runs =
            members.iter().filter_map(|i| pages[*i].read.and_then(|r| r.run)).max().map_or(0, |r| usize::from(r) + 1);
        for &at in &members {
            pages[at].expected = pages[at].read.map(|n| n.number.value);
        }
        for pair in members.windows(2) {
            between(&mut pages, pair[0], pair[1]);
        }
        if let (Some(first), Some(last)) = (members.first(), members.last()) {
            before(&mut pages, facts, *first);
            after(&mut pages, *last);
        }
        Self { pages, runs }
    }

    /// A volume that bears no numbers, counted from the first page behind its cover and lists. Nothing in it is sure.
    pub(crate) fn counted(facts: &'a PacketFacts, volume: usize) -> Self {
        let mut this = Self::of(facts, volume);
        let is_list = |page: usize| {
            let span = facts.spans.iter().find(|s| s.pages.contains(&page));
            span.is_some_and(|s| matches!(s.material, Material::Catalogue | Material::MaterialList))
        };
        let begin = this.pages.iter().rposition(|p| is_list(p.page)).map_or(0, |at| at + 1);
        let mut number = 0;
        for page in this.pages[begin..].iter_mut().filter(|p| p.inked) {
            number += 1;
            page.expected = Some(number);
        }
        this
    }

    /// The page that bears a number, or must bear it; and whether that is sure.
    pub(crate) fn page_of(&self, number: u32) -> Option<(usize, bool)> {
        let mut found = self.pages.iter().filter(|p| p.expected == Some(number));
        let first = found.next()?;
        if found.next().is_none() { Some((first.page, first.sure && self.runs == 1)) } else { None }
    }

    pub(crate) fn number_of(&self, page: usize) -> Option<u32> {
        self.pages.iter().find(|p| p.page == page).and_then(|p| p.expected)
    }

    /// The numbered pages, in order: place in `pages` and number.
    pub(crate) fn members(&self) -> Vec<(usize, &'a PageNumber)> {
        self.pages.iter().enumerate().filter_map(|(i, p)| p.read.map(|n| (i, n))).collect()
    }

    /// Pages from `from` to `to`, both included, that carry something, less one: what a number advances by.
    pub(crate) fn inked_steps(&self, from: usize, to: usize) -> usize {
        self.pages[from + 1..=to].iter().filter(|p| p.inked).count()
    }

    /// Something stands on the page where the volume's numbers stand, though it wasn't read as one of them.
    pub(crate) fn has_mark(&self, facts: &PacketFacts, page: usize) -> bool {
        let Some(seen) = facts.page(page) else { return true };
        let places: Vec<(f32, f32)> = self.members().iter().map(|(_, n)| n.rect.centre()).collect();
        seen.lines.iter().filter(|l| l.text.chars().count() <= 16).any(|l| {
            let (x, y) = l.rect.centre();
            (!(0.1..=0.9).contains(&y))
                && places.iter().any(|(px, py)| {
                    // Duplex sheets bear it at mirrored corners.
                    ((px - x).abs() < SAME_PLACE || (1.0 - px - x).abs() < SAME_PLACE) && (py - y).abs() < SAME_PLACE
                })
        })
    }
}

/// Gives the pages between two read ones their numbers, where these leave no choice.
fn between(pages: &mut [Numbered<'_>], from: usize, to: usize) {
    let (Some(a), Some(b)) = (pages[from].read, pages[to].read) else { return };
    if a.run != b.run {
        return;
    }
    let step = b.number.value.saturating_sub(a.number.value) as usize;
    let inked = pages[from + 1..=to].iter().filter(|p| p.inked).count();
    let all = to - from;
    if step != inked && step != all {
        return;
    }
    pages[from].sure = true;
    pages[to].sure = true;
    let mut number = a.number.value;
    for page in &mut pages[from + 1..to] {
        if step == all || page.inked {
            number += 1;
            page.expected = Some(number);
            page.sure = true;
        }
    }
}

/// Counts down from the first read number, as far as the cover or the 目录.
fn before(pages: &mut [Numbered<'_>], facts: &PacketFacts, first: usize) {
    let Some(mut number) = pages[first].expected else { return };
    for page in pages[..first].iter_mut().rev() {
        let material = facts.spans.iter().find(|s| s.pages.contains(&page.page)).map(|s| s.material);
        if number <= 1 || material == Some(Material::Catalogue) {
            break;
        }
        if page.inked {
            number -= 1;
            page.expected = Some(number);
        }
    }
}

fn after(pages: &mut [Numbered<'_>], last: usize) {
    let Some(mut number) = pages[last].expected else { return };
    for page in &mut pages[last + 1..] {
        if page.inked {
            number += 1;
            page.expected = Some(number);
        }
    }
}

/// A page that was seen whole, upright and well enough that a number on it would have been read.
pub(crate) fn readable(page: Option<&PageFacts>) -> bool {
    page.is_some_and(|p| {
        let (w, h) = p.upright_mm();
        // A form laid sideways bears the volume's number at its side.
        !p.is_degraded()
            && p.lines.len() >= FEW_LINES
            && h > w
            && p.pose.turn_certain
            && p.quality.dpi.is_none_or(|d| d >= 100)
    })
}

/// Whether a number reads like a range from `first` on whose dash was lost: 89 for 8-9.
pub(crate) fn runs_together(read: i64, first: u32) -> bool {
    let read = read.to_string();
    let last = read.strip_prefix(&first.to_string()).filter(|rest| !rest.starts_with('0'));
    last.and_then(|rest| rest.parse::<u32>().ok()).is_some_and(|last| last > first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_may_lose_its_dash() {
        for (read, first, is) in [
            (89, 8, true),
            (56, 5, true),
            (1011, 10, true),
            (88, 8, false),
            (87, 8, false),
            (9, 8, false),
            (8, 8, false),
        ] {
            assert_eq!(runs_together(read, first), is, "{read} from {first}");
        }
    }
}
