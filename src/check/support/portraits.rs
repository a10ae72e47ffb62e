//! The photos that a clause on an applicant's photo speaks of.

use crate::model::marks::Photo;
use crate::model::packet::PacketFacts;

use super::documents::Document;
use super::photos::{any, in_place, places, portrait};

/// The document's photo and its page: the one in the place where a place is named and found, else the surest portrait
/// on its pages; a loose photo may fill its page, so there any picture will do.
pub(crate) fn of<'a>(facts: &'a PacketFacts, document: &Document, place: Option<&str>) -> Option<(usize, &'a Photo)> {
    if let Some(id) = place {
        let found = places(facts, document, id);
        let placed = found.iter().find_map(|p| Some((p.page, in_place(facts.page(p.page)?, p)?)));
        if placed.is_some() {
            return placed;
        }
    }
    let loose = place.is_none();
    document.pages.iter().find_map(|index| {
        let page = facts.page(*index)?;
        let photo = portrait(page).or_else(|| any(page).filter(|_| loose))?;
        Some((*index, photo))
    })
}
