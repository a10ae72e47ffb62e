//! Documents of a packet: spans, with the pieces that a blank page split joined again.

use crate::model::marks::SealColour;
use crate::model::material::{Material, Span};
use crate::model::packet::PacketFacts;
use crate::model::page::{ColourMode, PageFacts};
use crate::pack::rules::{Basis, Holds, MaterialEntry, RulePack};

use super::gates::LIKELY_SPAN;

/// One document: the pages of a span and of its untitled continuations.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Document {
    pub(crate) material: Material,
    pub(crate) entry: Option<usize>,
    pub(crate) category: Option<usize>,
    pub(crate) volume: Option<usize>,
    /// Indices into `PacketFacts::pages`, at least one.
    pub(crate) pages: Vec<usize>,
    pub(crate) confidence: f32,
    pub(crate) titled: bool,
    /// 1-based among the packet's documents of this material: names it across rounds.
    pub(crate) ordinal: usize,
}

impl Document {
    pub(crate) fn first(&self) -> usize {
        self.pages[0]
    }
}

/// What can be said of a page's marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sight {
    /// Read in colour.
    Colour,
    /// Read, but colour is unknowable.
    Grey,
    Bilevel,
    /// Carries nothing.
    Blank,
    /// Not read, or only in part.
    Unseen,
}

pub(crate) fn sight(page: Option<&PageFacts>) -> Sight {
    match page {
        Some(p) if p.is_degraded() => Sight::Unseen,
        Some(p) if p.quality.blank => Sight::Blank,
        // A seal is only called black on a scan made in colour: the sheet itself bears none.
        Some(p) if p.seals.iter().any(|s| s.colour == SealColour::Black) => Sight::Colour,
        Some(p) => match p.quality.colour {
            ColourMode::Colour => Sight::Colour,
            ColourMode::Grey => Sight::Grey,
            ColourMode::Bilevel => Sight::Bilevel,
        },
        None => Sight::Unseen,
    }
}

/// All documents except `other`, in page order.
pub(crate) fn documents(facts: &PacketFacts) -> Vec<Document> {
    let mut found: Vec<Document> = Vec::new();
    let mut joinable = false;
    for span in facts.spans.iter().filter(|s| !s.pages.is_empty()) {
        if span.material == Material::Other {
            joinable &= span.pages.clone().all(|p| matches!(sight(facts.page(p)), Sight::Blank | Sight::Unseen));
            continue;
        }
        match found.last_mut() {
            Some(last) if joinable && continues(last, span) => last.pages.extend(span.pages.clone()),
            _ => {
                let ordinal = 1 + found.iter().filter(|d| d.material == span.material).count();
                found.push(Document {
                    material: span.material,
                    entry: span.entry,
                    category: span.category,
                    volume: span.volume,
                    pages: span.pages.clone().collect(),
                    confidence: span.confidence,
                    titled: span.titled,
                    ordinal,
                });
            }
        }
        joinable = true;
    }
    found
}

fn continues(last: &Document, span: &Span) -> bool {
    !span.titled && span.material == last.material && span.volume == last.volume && span.category == last.category
}

/// Whether an entry's condition holds. A material counts as submitted where a document of it is likely.
pub(crate) fn holds(basis: &Basis, facts: &PacketFacts, documents: &[Document]) -> Holds {
    basis.when.holds(&facts.applicant, |m| documents.iter().any(|d| d.material == m && d.confidence >= LIKELY_SPAN))
}

/// A copy that another clause asks for (the present title's 评审表 bound into its category): what is asked of the
/// applicant's new form is not asked of it.
pub(crate) fn is_old_copy(document: &Document, pack: &RulePack) -> bool {
    let Some(category) = document.category else { return false };
    pack.form(document.material).is_some_and(|f| f.earlier.contains(&category))
        || pack
            .checks
            .unexpected_material
            .iter()
            .any(|rule| rule.except_category == Some(category) && rule.material.contains(&document.material))
}

/// Loose, or bound in a volume that the notice keeps for it: what stands in a volume where it must not be is
/// `unexpected-material`'s matter, and its loose original is what the other clauses speak of.
pub(crate) fn belongs(document: &Document, pack: &RulePack) -> bool {
    document.volume.is_none_or(|v| {
        let bound = |e: &MaterialEntry| {
            e.volume == Some(v) || e.category.is_some_and(|c| pack.categories.get(c).is_some_and(|c| c.volume == v))
        };
        pack.materials.iter().filter(|e| e.material == document.material).any(bound)
    })
}

/// The material as the notice names it.
pub(crate) fn name(pack: &RulePack, material: Material, entry: Option<usize>) -> String {
    entry
        .and_then(|i| pack.materials.get(i))
        .filter(|e| e.material == material)
        .or_else(|| pack.materials.iter().find(|e| e.material == material))
        .map_or_else(|| material.name().to_owned(), |e| e.name.clone())
}

/// `《file》第3页`.
pub(crate) fn page_name(facts: &PacketFacts, page: usize) -> String {
    facts.pages.get(page).map_or_else(String::new, |p| format!("《{}》第{}页", p.file, p.page))
}

/// `《file》第3页` or `《file》第3—5页`; two names where the pages lie in two files.
pub(crate) fn pages_name(facts: &PacketFacts, first: usize, last: usize) -> String {
    match (facts.pages.get(first), facts.pages.get(last)) {
        (Some(a), Some(b)) if a.file == b.file && a.page != b.page => {
            format!("《{}》第{}—{}页", a.file, a.page, b.page)
        }
        (Some(a), Some(b)) if a.file != b.file => {
            format!("{}至{}", page_name(facts, first), page_name(facts, last))
        }
        _ => page_name(facts, first),
    }
}
