//! Seals, photos, codes, handwriting and watermarks on a page, measured in millimetres.
//!
//! In: an upright RGB raster, its scale and what it can show of colour; for handwriting the lines read from it. Out: boxes
//! with shape, colour and confidence. Must not know: what a text means, notices.

mod code;
mod colour;
#[cfg(test)]
mod drawn;
mod hand;
mod ink;
mod loose;
mod loose_ink;
mod oval;
mod photo;
mod place;
mod print;
mod ring;
mod seal;
mod shape;
mod stamp;
mod tone;
mod trace;
mod unwrap;
mod watermark;
mod writing;

use image::RgbImage;

use crate::model::geometry::Rect;
use crate::model::marks::{Code, Photo, Seal, SealColour};
use crate::model::page::ColourMode;

pub use code::{find_codes, find_patterns};
pub use photo::find_photos;
pub use place::{Emptiness, place_is_empty};
pub use seal::find_seals;
pub use unwrap::unwrap_seal;
pub use watermark::find_watermark;
pub use writing::{Known, Written, find_written, mark_handwriting};

/// Changes whenever the room's output may change; part of the cache key.
pub const VERSION: u32 = 5;

/// Whether the whole page is one portrait: a photo handed in as a file of its own.
#[must_use]
pub fn is_portrait(page: &RgbImage, dpi: f32, mode: ColourMode) -> bool {
    colour::Sheet::new(page, dpi).is_some_and(|sheet| loose::whole_page_photo(&sheet, mode).is_some())
}

/// All marks of a page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Marks {
    pub seals: Vec<Seal>,
    pub photos: Vec<Photo>,
    pub codes: Vec<Code>,
    /// Patterns of a code that could not be decoded.
    pub undecoded: Vec<Rect>,
    /// Patches of a seal's size too faintly red to be told to be one; away from seals and photos.
    pub traces: Vec<Rect>,
}

/// Finds seals, photos and codes on an upright page, sharing one working copy of it.
///
/// `dpi` is the raster's scale. Boxes are fractions of the page. The same as [`find_seals`], [`find_photos`] and
/// [`find_codes`] one by one, for less.
#[must_use]
pub fn find_marks(page: &RgbImage, dpi: f32, mode: ColourMode) -> Marks {
    let Some(sheet) = colour::Sheet::new(page, dpi) else { return Marks::default() };
    let mut seals = seal::seals_on(&sheet, mode);
    print_seals(&sheet, &mut seals);
    let photos = photo::photos_on(&sheet, mode, &seals);
    let known = |r: &Rect| {
        let covered = |other: Rect| other.overlap(r) > 0.2 * other.area().min(r.area());
        seals.iter().any(|s| covered(s.rect)) || photos.iter().any(|p| covered(p.rect))
    };
    let traces = match mode {
        ColourMode::Colour => trace::faint_red(page, dpi).into_iter().filter(|r| !known(r)).collect(),
        ColourMode::Grey | ColourMode::Bilevel => Vec::new(),
    };
    let (codes, undecoded) = find_patterns(page, dpi);
    Marks { seals, photos, codes, undecoded, traces }
}

/// Keeps the ink of every stamped seal.
fn print_seals(sheet: &colour::Sheet, seals: &mut [Seal]) {
    if seals.iter().all(|s| !matches!(s.colour, SealColour::Red | SealColour::Blue)) {
        return;
    }
    let inks = sheet.inks();
    for seal in seals {
        let plane = match seal.colour {
            SealColour::Red => &inks.red,
            SealColour::Blue => &inks.blue,
            SealColour::Black | SealColour::Unknown => continue,
        };
        seal.print = print::seal_print(sheet, plane, seal.rect);
    }
}
