//! One page through all observing rooms.
//!
//! In: a document's path and a page number. Out: [`crate::model::page::PageFacts`], pictures. Must not know: notices, packets.

mod document;
mod evidence;
mod lone;
mod overlay;
mod page;
mod read;

pub use evidence::{DRAWING, Part, Undrawn, Wanted};
pub use page::{Observer, Stages};

pub use crate::ocr::weights::Models;

/// Everything besides a file's bytes and the models that page facts depend on; part of the cache key.
/// A room raises its `VERSION` when the same input may give other facts; this room's own is the first number.
#[must_use]
pub fn version() -> String {
    format!(
        "observe {VERSION} pdf {} raster {} ocr {} marks {} layout {}",
        crate::pdf::VERSION,
        crate::raster::VERSION,
        crate::ocr::VERSION,
        crate::marks::VERSION,
        crate::layout::VERSION,
    )
}

const VERSION: u32 = 10;
