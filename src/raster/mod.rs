//! A page of any document kind to pixels, with everything the decoders complained of.
//!
//! In: an open PDF or an image file. Out: an RGB raster with its scale, and the measures of the scan.
//! A scan that failed to decode never looks like a blank page. Must not know: text, marks, notices.

#[cfg(test)]
mod damage;
mod decode;
mod ink;
mod jpeg;
mod quality;
mod render;
mod rotate;
mod size;
mod stretch;
mod thumb;
mod tiff;
mod tiff_chain;

use image::imageops;
use image::{GrayImage, RgbImage};

use crate::model::page::{ColourMode, Degraded, PageSize, Turn};

pub use decode::{decode_image, frames};
pub use jpeg::jpeg_dpi;
pub use quality::measure;
pub use render::{render_page, render_pdf};
pub use rotate::rotated;
pub use stretch::stretched;
pub use thumb::thumb;

/// Changes whenever this room's output for the same bytes changes; part of the cache key.
pub const VERSION: u32 = 3;

/// Pixels of a page or stored image (DESIGN §6).
pub const MAX_PIXELS: u64 = 100_000_000;

/// The resolution that observing is tuned to, pixels per inch.
pub const WANTED_DPI: f32 = 200.0;

/// A page as displayed, in pixels.
#[derive(Debug, Clone)]
pub struct Raster {
    pub image: RgbImage,
    /// Pixels of `image` per inch of `size`.
    pub dpi: f32,
    pub size: PageSize,
    /// Columns and rows of the stored image for a loose image or an image page; 0 where there is none.
    pub pixels: (u32, u32),
    /// Resolution of the image that covers most of the page, if there is one.
    pub native_dpi: Option<u16>,
    /// How that image is stored; [`ColourMode::Colour`] for a drawn page.
    pub stored: ColourMode,
    /// The pixels come from a scanner or camera, not from drawing instructions.
    pub scanned: bool,
    pub degraded: Vec<Degraded>,
}

/// Brightness, ITU-R BT.601 weights.
#[must_use]
pub fn grey(image: &RgbImage) -> GrayImage {
    let mut out = GrayImage::new(image.width(), image.height());
    for (to, [r, g, b]) in out.iter_mut().zip(image.as_chunks::<3>().0) {
        let sum = u32::from(*r) * 299 + u32::from(*g) * 587 + u32::from(*b) * 114;
        *to = ((sum + 500) / 1000) as u8;
    }
    out
}

/// The image after a clockwise quarter turn or none.
#[must_use]
pub fn turned(image: &RgbImage, turn: Turn) -> RgbImage {
    match turn {
        Turn::None => image.clone(),
        Turn::Quarter => imageops::rotate90(image),
        Turn::Half => imageops::rotate180(image),
        Turn::ThreeQuarters => imageops::rotate270(image),
    }
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    #[test]
    fn a_quarter_turn_is_clockwise() {
        let mut image = RgbImage::new(3, 2);
        image.put_pixel(0, 0, Rgb([9, 9, 9]));
        let turned = turned(&image, Turn::Quarter);
        assert_eq!((turned.dimensions(), turned.get_pixel(1, 0).0), ((2, 3), [9, 9, 9]));
    }

    #[test]
    fn grey_weighs_the_channels() {
        let image = RgbImage::from_pixel(1, 1, Rgb([255, 0, 0]));
        assert_eq!(grey(&image).get_pixel(0, 0).0, [76]);
    }
}
