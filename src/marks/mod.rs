//! Seals, photos and codes on a page, measured in millimetres.
//!
//! In: an upright RGB raster, its scale and what it can show of colour. Out: boxes with shape, colour and confidence.
//! Must not know: text, notices.

mod code;
mod colour;
#[cfg(test)]
mod drawn;
mod ink;
mod loose;
mod oval;
mod photo;
mod place;
mod ring;
mod seal;
mod shape;
mod stamp;
mod tone;
mod trace;
mod unwrap;

use image::RgbImage;

use crate::model::geometry::Rect;
use crate::model::marks::{Code, Photo, Seal};
use crate::model::page::ColourMode;

pub use code::find_codes;
pub use photo::find_photos;
pub use place::{Emptiness, place_is_empty};
pub use seal::find_seals;
pub use unwrap::unwrap_seal;

/// Changes whenever the room's output may change; part of the cache key.
pub const VERSION: u32 = 2;

/// All marks of a page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Marks {
    pub seals: Vec<Seal>,
    pub photos: Vec<Photo>,
    pub codes: Vec<Code>,
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
    let seals = seal::seals_on(&sheet, mode);
    let photos = photo::photos_on(&sheet, mode, &seals);
    let known = |r: &Rect| {
        let covered = |other: Rect| other.overlap(r) > 0.2 * other.area().min(r.area());
        seals.iter().any(|s| covered(s.rect)) || photos.iter().any(|p| covered(p.rect))
    };
    let traces = match mode {
        ColourMode::Colour => trace::faint_red(page, dpi).into_iter().filter(|r| !known(r)).collect(),
        ColourMode::Grey | ColourMode::Bilevel => Vec::new(),
    };
    Marks { seals, photos, codes: find_codes(page, dpi), traces }
}
