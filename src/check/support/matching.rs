//! A volume's 目录 held against its documents: which entry is where, and what disagrees.

use crate::model::catalogue::{Catalogue, CatalogueEntry, ReadNumber};
use crate::model::material::Material;
use crate::model::packet::PacketFacts;

use super::documents::Document;
use super::gates::SURE_SPAN;
use super::listing::{Named, folded, stands_in};
use super::numbering::Numbering;
use super::numbering::runs_together;

/// The least sure digit or character of an entry that may speak against the volume: 13 read as 18 is another page.
const SURE_ENTRY: f32 = 0.9;
/// A volume without numbers is counted from its first page where so much of the list then agrees with it.
const PROVEN: f32 = 0.8;
/// A list this much of which agrees with the volume is kept with care: what disagrees in it is a slip.
const MOSTLY: f32 = 0.6;
/// A list with fewer entries lists categories, not materials.
const LEAST_ENTRIES: usize = 5;
/// A document's own title stands on one of its first pages.
const TITLE_PAGES: usize = 2;

/// What disagrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    /// The entry's document begins on another page.
    Elsewhere { actual: u32 },
    /// The entry's page carries another material; where its own is isn't sure.
    OtherThere,
    /// The volume has nothing of the kind.
    NotThere,
    /// The range ends before the next document begins, the list says later.
    EndsEarlier { last: u32, actual: u32 },
    /// There is no such page.
    BeyondEnd { last: u32 },
    /// A document that no entry lists.
    Unlisted,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Problem {
    pub(crate) what: What,
    /// Index into the list's entries.
    pub(crate) entry: Option<usize>,
    /// The page spoken of, index into `PacketFacts::pages`.
    pub(crate) page: Option<usize>,
    pub(crate) material: Option<Material>,
    /// Of the document among its material's, for `Unlisted`.
    pub(crate) ordinal: usize,
    /// Actual page less the one written.
    pub(crate) shift: Option<i64>,
    pub(crate) certain: bool,
}

/// How an entry and the page it names go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    /// This document begins there and is what the entry says.
    Begins(usize),
    /// Nothing speaks against it.
    Fair,
    /// Another material is there, surely or perhaps.
    Wrong { document: usize, sure: bool },
    /// The entry's document has begun before, or another of its kind is there.
    Inside { document: usize },
    /// No page bears that number.
    Nowhere,
    /// The entry gives no page.
    Unpaged,
}

/// A volume and its list.
pub(crate) struct Volume<'a> {
    facts: &'a PacketFacts,
    list: &'a Catalogue,
    named: &'a [Named],
    /// Of this volume, its lists left out.
    documents: Vec<&'a Document>,
    numbering: Numbering<'a>,
    /// The first pages' text of each document, folded.
    texts: Vec<String>,
    fits: Vec<Fit>,
    /// No page bears a number; the list proves that its own count from the first page.
    counted: bool,
}

impl<'a> Volume<'a> {
    pub(crate) fn of(
        facts: &'a PacketFacts,
        volume: usize,
        list: &'a Catalogue,
        documents: &'a [Document],
        named: &'a [Named],
    ) -> Self {
        let documents: Vec<&Document> =
            documents.iter().filter(|d| d.volume == Some(volume) && d.material != Material::Catalogue).collect();
        let texts = documents
            .iter()
            .map(|d| {
                let pages = d.pages.iter().take(TITLE_PAGES).filter_map(|p| facts.page(*p));
                folded(&pages.flat_map(|p| p.lines.iter().map(|l| l.text.as_str())).collect::<String>())
            })
            .collect();
        let numbering = Numbering::of(facts, volume);
        let mut this = Self { facts, list, named, documents, numbering, texts, fits: Vec::new(), counted: false };
        if this.numbering.runs == 0 {
            let plain = std::mem::replace(&mut this.numbering, Numbering::counted(facts, volume));
            this.read_fits();
            this.counted = this.begun() >= LEAST_ENTRIES && this.begun() as f32 >= PROVEN * this.paged() as f32;
            if !this.counted {
                this.numbering = plain;
            }
        }
        this.read_fits();
        this
    }

    fn read_fits(&mut self) {
        self.fits = (0..self.list.entries.len()).map(|i| self.fit(i)).collect();
    }

    /// Entries that give a page; those whose document begins there.
    fn paged(&self) -> usize {
        self.fits.iter().filter(|f| **f != Fit::Unpaged).count()
    }

    fn begun(&self) -> usize {
        self.fits.iter().filter(|f| matches!(f, Fit::Begins(_))).count()
    }

    fn entry(&self, index: usize) -> &'a CatalogueEntry {
        &self.list.entries[index]
    }

    fn is_sure(&self, document: usize) -> bool {
        let d = self.documents[document];
        d.titled && d.confidence >= SURE_SPAN
    }

    /// Whether the document may be the one that the entry names by its own title, where it does so.
    fn bears_title(&self, entry: usize, document: usize) -> bool {
        self.named[entry].title.as_ref().is_none_or(|t| stands_in(t, &self.texts[document]))
    }

    fn start(&self, document: usize) -> Option<u32> {
        self.numbering.number_of(self.documents[document].first())
    }

    fn fit(&self, index: usize) -> Fit {
        let Some(first) = self.entry(index).first else { return Fit::Unpaged };
        let Some((page, _)) = self.numbering.page_of(first.value) else { return Fit::Nowhere };
        let Some(document) = self.documents.iter().position(|d| d.pages.contains(&page)) else { return Fit::Fair };
        let (d, named) = (self.documents[document], &self.named[index]);
        let begins = d.first() == page;
        if named.materials.is_empty() {
            return if begins && self.bears_title(index, document) { Fit::Begins(document) } else { Fit::Fair };
        }
        if named.may_be(d.material) {
            // Of two papers, each must stand where its own title says.
            let own = self.bears_title(index, document);
            let other = (0..self.documents.len())
                .any(|o| o != document && self.documents[o].material == d.material && self.bears_title(index, o));
            if !own && other && self.is_sure(document) && begins {
                return Fit::Wrong { document, sure: named.exact };
            }
            return if begins { Fit::Begins(document) } else { Fit::Inside { document } };
        }
        if named.is_kin_of(d.material) || !named.exact {
            return if begins && self.named[index].title.is_some() && self.bears_title(index, document) {
                Fit::Begins(document)
            } else {
                Fit::Fair
            };
        }
        Fit::Wrong { document, sure: self.is_sure(document) }
    }

    /// Pages an entry covers: to the end it gives, else to the next entry that gives a page.
    fn covered(&self, index: usize) -> Option<(u32, u32)> {
        let entry = self.entry(index);
        let first = entry.first?.value;
        let ranges = self.list.entries.iter().filter(|e| e.last.is_some()).count() >= 2;
        let next = self.list.entries[index + 1..].iter().find_map(|e| e.first).map(|n| n.value);
        let end = match (entry.last, next) {
            (Some(last), _) => last.value,
            (None, _) if ranges => first,
            (None, Some(next)) if next > first => next - 1,
            (None, Some(_)) => first,
            (None, None) => u32::MAX,
        };
        Some((first, end))
    }

    /// The entry says where it ends.
    fn is_closed(&self, index: usize) -> bool {
        self.entry(index).last.is_some()
    }

    fn is_covered(&self, number: u32, by: impl Fn(usize) -> bool) -> bool {
        (0..self.list.entries.len())
            .filter(|i| by(*i))
            .filter_map(|i| self.covered(i))
            .any(|(first, end)| (first..=end).contains(&number))
    }

    /// A document of the entry's kind that no entry accounts for: the nearest to the page written.
    fn unclaimed(&self, index: usize, written: u32) -> Option<(usize, u32)> {
        let claimed = |d: usize| self.fits.contains(&Fit::Begins(d));
        (0..self.documents.len())
            .filter(|d| !claimed(*d) && self.is_sure(*d) && self.named[index].may_be(self.documents[*d].material))
            .filter(|d| self.bears_title(index, *d))
            .filter_map(|d| Some((d, self.start(d)?)))
            // What lies within an entry that fits is that entry's own further document.
            .filter(|(d, n)| {
                let material = self.documents[*d].material;
                !self.is_covered(*n, |i| matches!(self.fits[i], Fit::Begins(_)) && self.named[i].may_be(material))
            })
            .min_by_key(|(_, n)| n.abs_diff(written))
    }

    pub(crate) fn problems(&self) -> Vec<Problem> {
        let mut found: Vec<Problem> = (0..self.list.entries.len()).filter_map(|i| self.of_entry(i)).collect();
        found.extend((0..self.list.entries.len()).filter_map(|i| self.of_end(i)));
        found.sort_by_key(|p| p.entry);
        found.extend(self.unlisted());
        if self.counted {
            // Pages are as the list means them; only what is there, and what isn't, can be held against it.
            found.retain(|p| matches!(p.what, What::NotThere | What::Unlisted));
        }
        found
    }

    /// Most of what the list says is so: then a disagreement is the list's slip, not our misreading.
    fn is_kept(&self) -> bool {
        self.begun() as f32 >= MOSTLY * self.paged() as f32 && self.begun() >= 3
    }

    fn number_is_sure(&self, number: Option<ReadNumber>, page: usize) -> bool {
        number.is_some_and(|n| !n.hand && n.confidence >= SURE_ENTRY)
            && self.facts.page(page).is_some_and(|p| !p.is_degraded())
    }

    fn entry_is_sure(&self, index: usize) -> bool {
        let entry = self.entry(index);
        self.number_is_sure(entry.first, entry.page) && !entry.hand && self.named[index].exact
    }

    fn problem(&self, index: usize, what: What, document: Option<usize>, certain: bool) -> Problem {
        let written = self.entry(index).first.map_or(0, |n| i64::from(n.value));
        Problem {
            what,
            entry: Some(index),
            page: document.map(|d| self.documents[d].first()),
            material: document.map(|d| self.documents[d].material),
            ordinal: 0,
            shift: if let What::Elsewhere { actual } = what { Some(i64::from(actual) - written) } else { None },
            certain: certain && !matches!(what, What::Elsewhere { actual } if runs_together(written, actual)),
        }
    }

    fn of_entry(&self, index: usize) -> Option<Problem> {
        let written = self.entry(index).first.map_or(0, |n| n.value);
        let sure = self.entry_is_sure(index);
        match self.fits[index] {
            Fit::Begins(_) | Fit::Fair => None,
            Fit::Wrong { document, sure: other } => {
                if let Some((there, actual)) = self.unclaimed(index, written) {
                    let certain = sure && other && self.step_is_sure(there) && self.step_is_sure(document);
                    return Some(self.problem(index, What::Elsewhere { actual }, Some(there), certain));
                }
                if self.nothing_like(index) {
                    let certain = sure && other && self.all_known();
                    return Some(self.problem(index, What::NotThere, Some(document), certain));
                }
                // Its kind is there, for other entries; two kinds on one page, or one of them misread.
                other.then(|| self.problem(index, What::OtherThere, Some(document), false))
            }
            Fit::Inside { document } => {
                let claimed = self.fits.contains(&Fit::Begins(document));
                let (there, actual) = match self.unclaimed(index, written) {
                    Some(found) => found,
                    None if !claimed && self.is_sure(document) => (document, self.start(document)?),
                    None => return None,
                };
                let certain = sure && self.is_kept() && self.step_is_sure(there);
                // A document without its own beginning in sight may well begin where the list says.
                (self.is_sure(there) && self.is_kept())
                    .then(|| self.problem(index, What::Elsewhere { actual }, Some(there), certain))
            }
            Fit::Nowhere => {
                if let Some((there, actual)) = self.unclaimed(index, written) {
                    return Some(self.problem(
                        index,
                        What::Elsewhere { actual },
                        Some(there),
                        sure && self.step_is_sure(there),
                    ));
                }
                let (at, last) = self.numbering.members().last().map(|(at, n)| (*at, n.number.value))?;
                let ends = self.numbering.pages[at + 1..].iter().all(|p| !p.inked);
                let beyond = ends && written > last && self.numbering.pages[at].sure && self.numbering.runs == 1;
                if beyond && self.nothing_like(index) {
                    return Some(self.problem(index, What::NotThere, None, sure && self.all_known()));
                }
                beyond.then(|| self.problem(index, What::BeyondEnd { last }, None, sure))
            }
            Fit::Unpaged => {
                let entry = self.entry(index);
                let sure = self.named[index].exact && !entry.hand && entry.confidence >= SURE_ENTRY;
                // An entry whose page merely wasn't read is most likely right.
                (sure && self.nothing_like(index) && self.all_known())
                    .then(|| self.problem(index, What::NotThere, None, self.is_kept()))
            }
        }
    }

    /// The document's first page is numbered beyond doubt.
    fn step_is_sure(&self, document: usize) -> bool {
        let first = self.documents[document].first();
        self.numbering.runs == 1 && self.numbering.pages.iter().any(|p| p.page == first && p.sure)
    }

    fn nothing_like(&self, index: usize) -> bool {
        !self.named[index].materials.is_empty()
            && !self.documents.iter().any(|d| self.named[index].is_kin_of(d.material) || d.confidence < SURE_SPAN)
    }

    /// Every page of the volume was seen, and none of its documents is of no known kind.
    fn all_known(&self) -> bool {
        !self.facts.has_unseen()
            && self.numbering.pages.iter().filter(|p| p.inked && p.expected.is_some()).all(|p| {
                let span = self.facts.spans.iter().find(|s| s.pages.contains(&p.page));
                let divider = self.facts.page(p.page).is_some_and(|f| f.lines.len() <= 4);
                span.is_some_and(|s| s.material != Material::Other && s.confidence >= SURE_SPAN) || divider
            })
    }

    /// A range that reaches into the next entry's document.
    fn of_end(&self, index: usize) -> Option<Problem> {
        let entry = self.entry(index);
        let (Fit::Begins(own), Some(first), Some(last)) = (self.fits[index], entry.first, entry.last) else {
            return None;
        };
        let next = self.fits[index + 1..].iter().find(|f| !matches!(f, Fit::Unpaged))?;
        let Fit::Begins(next) = *next else { return None };
        let actual = self.start(next)?.checked_sub(1)?;
        if next == own || actual < first.value || actual >= last.value {
            return None;
        }
        let certain = self.entry_is_sure(index)
            && self.number_is_sure(entry.last, entry.page)
            && self.is_sure(next)
            && self.step_is_sure(next)
            && self.is_kept();
        Some(self.problem(index, What::EndsEarlier { last: last.value, actual }, Some(next), certain))
    }

    /// Documents that no entry lists, where the list goes into such detail.
    fn unlisted(&self) -> Vec<Problem> {
        if self.list.entries.len() < LEAST_ENTRIES || !self.is_kept() {
            return Vec::new();
        }
        let loose_end = |i: usize| !matches!(self.fits[i], Fit::Begins(_));
        (0..self.documents.len())
            .filter(|d| self.is_sure(*d) && !self.fits.contains(&Fit::Begins(*d)))
            .filter(|d| {
                let material = self.documents[*d].material;
                // An entry not yet accounted for may be this one.
                !(0..self.named.len())
                    .any(|i| loose_end(i) && (self.named[i].materials.is_empty() || self.named[i].is_kin_of(material)))
            })
            // What lies within a range is that entry's own, whatever it was taken for.
            .filter(|d| self.start(*d).is_some_and(|n| !self.is_covered(n, |i| self.is_closed(i))))
            .filter(|d| {
                let material = self.documents[*d].material;
                let of_its_kind = |i: usize| !self.named[i].exact || self.named[i].is_kin_of(material);
                self.start(*d).is_some_and(|n| !self.is_covered(n, of_its_kind))
            })
            .map(|d| {
                let n = self.start(d).unwrap_or_default();
                let outside = !self.is_covered(n, |_| true);
                let placed = self.counted || self.step_is_sure(d);
                let certain = outside && placed && self.list.entries.iter().all(|e| !e.hand);
                Problem {
                    what: What::Unlisted,
                    entry: None,
                    page: Some(self.documents[d].first()),
                    material: Some(self.documents[d].material),
                    ordinal: self.documents[d].ordinal,
                    shift: None,
                    certain,
                }
            })
            .collect()
    }
}
