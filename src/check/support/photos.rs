//! Which photo stands in which place.

use crate::model::field::FormPlace;
use crate::model::marks::{Photo, PhotoKind};
use crate::model::packet::PacketFacts;
use crate::model::page::PageFacts;

use super::documents::Document;
use super::gates::{MAYBE_PHOTO, SURE_PHOTO};

/// A photo with this share of it in the place is in the place, glued a little beside the box or not.
const SHARE_INSIDE: f32 = 0.5;

/// The surest photo in the place.
pub(crate) fn in_place<'a>(page: &'a PageFacts, place: &FormPlace) -> Option<&'a Photo> {
    surest(page.photos.iter().filter(|p| {
        place.rect.contains(p.rect.centre())
            || p.rect.share_inside(&place.rect) >= SHARE_INSIDE
            || place.rect.share_inside(&p.rect) >= SHARE_INSIDE
    }))
}

/// The surest identity photo anywhere on the page.
pub(crate) fn portrait(page: &PageFacts) -> Option<&Photo> {
    surest(page.photos.iter().filter(|p| p.kind == PhotoKind::Portrait))
}

/// The surest photo of any kind.
pub(crate) fn any(page: &PageFacts) -> Option<&Photo> {
    surest(page.photos.iter())
}

pub(crate) fn is_sure(photo: &Photo) -> bool {
    photo.confidence >= SURE_PHOTO
}

fn surest<'a>(photos: impl Iterator<Item = &'a Photo>) -> Option<&'a Photo> {
    photos.filter(|p| p.confidence >= MAYBE_PHOTO).fold(None, |best, p| match best {
        Some(b) if b.confidence >= p.confidence => Some(b),
        _ => Some(p),
    })
}

/// Places with this identifier on the document's pages, the surest of each page, in page order.
pub(crate) fn places<'a>(facts: &'a PacketFacts, document: &Document, id: &str) -> Vec<&'a FormPlace> {
    let mut found: Vec<&FormPlace> = Vec::new();
    for &page in &document.pages {
        let best = facts
            .places
            .iter()
            .filter(|p| p.page == page && p.material == document.material && p.id == id)
            .fold(None, |best: Option<&FormPlace>, p| match best {
                Some(b) if b.confidence >= p.confidence => Some(b),
                _ => Some(p),
            });
        found.extend(best);
    }
    found
}
