//! Whether what was read somewhere may be relied on.

use super::documents::Document;
use super::gates::{SURE_CHARACTER, SURE_SPAN};
use crate::model::field::Field;
use crate::model::geometry::Rect;
use crate::model::packet::PacketFacts;
use crate::model::page::PageFacts;
use crate::model::text::TextSource;

/// Whether a seal lies over a part of the page.
pub(crate) fn is_covered(page: &PageFacts, rect: Rect) -> bool {
    page.seals.iter().any(|s| s.rect.overlap(&rect) > 0.0)
}

/// Whether a page was seen whole and read: what isn't found on it isn't there.
pub(crate) fn is_plain(page: &PageFacts) -> bool {
    !page.is_degraded() && (page.quality.blank || (page.source != TextSource::None && page.quality.cut_sides == 0))
}

/// Whether a field's wording is certain, and that it stands on the form that it is taken for.
pub(crate) fn is_certain(facts: &PacketFacts, field: &Field, document: Option<&Document>) -> bool {
    !field.obscured
        && !field.hand
        && field.confidence >= SURE_CHARACTER
        && facts.page(field.page).is_some_and(|p| !p.is_degraded())
        && document.is_some_and(|d| d.confidence >= SURE_SPAN && d.material == field.material)
}
