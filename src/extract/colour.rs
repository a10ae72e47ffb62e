//! What the rest of a file tells of a page on which no colour was seen.
//!
//! A scanner in colour mode leaves tint and noise on every page, but cleaned-up scans of black print may come out
//! exactly grey. Where the same file, stored in colour throughout, shows colour on other pages, the scanner saw colour:
//! then the page itself has none, and what is on it is black or colourless for certain.

use crate::model::marks::{PhotoColour, SealColour};
use crate::model::packet::PacketFacts;
use crate::model::page::{ColourMode, PageFacts};

/// So many pages of the file must show colour, so that one logo does not speak for all.
const LEAST_COLOURED: usize = 2;

/// Marks colourless pages of colour scans as seen in colour.
pub(super) fn settle(facts: &mut PacketFacts) {
    let in_doubt: Vec<usize> = (0..facts.pages.len())
        .filter(|i| facts.page(*i).is_some_and(|p| p.quality.colour == ColourMode::Grey && stored_in_colour(p)))
        .filter(|i| {
            let file = &facts.pages[*i].file;
            let others = facts.pages.iter().filter(|p| p.file == *file).filter_map(|p| p.facts.as_ref().ok());
            others.filter(|p| p.quality.colour == ColourMode::Colour && stored_in_colour(p)).count() >= LEAST_COLOURED
        })
        .collect();
    for index in in_doubt {
        let Ok(page) = &mut facts.pages[index].facts else { continue };
        page.quality.colour = ColourMode::Colour;
        for seal in page.seals.iter_mut().filter(|s| s.colour == SealColour::Unknown) {
            seal.colour = SealColour::Black;
        }
        for photo in page.photos.iter_mut().filter(|p| p.colour == PhotoColour::Unknown) {
            photo.colour = PhotoColour::Mono;
        }
    }
}

fn stored_in_colour(page: &PageFacts) -> bool {
    page.quality.stored == ColourMode::Colour
}
