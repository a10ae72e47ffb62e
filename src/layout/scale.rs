//! A page's grey values at the scale a step works at.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::GrayImage;

/// Grey values, row by row.
pub(super) struct Plane {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) dpi: f32,
    pub(super) grey: Vec<u8>,
}

impl Plane {
    /// The page reduced to `target` dpi by averaging, or as it is where it is coarser already.
    /// `None` where the page has no pixels or no plausible scale.
    pub(super) fn at_most(page: &GrayImage, dpi: f32, target: f32) -> Option<Self> {
        let (w, h) = page.dimensions();
        if w < 8 || h < 8 || !dpi.is_finite() || dpi < 20.0 {
            return None;
        }
        let as_is = || Self { width: w as usize, height: h as usize, dpi, grey: page.as_raw().clone() };
        // A ratio near one isn't worth the blur.
        if dpi <= target * 1.1 {
            return Some(as_is());
        }
        let ratio = target / dpi;
        let (nw, nh) = (((w as f32 * ratio).round() as u32).max(8), ((h as f32 * ratio).round() as u32).max(8));
        let source = ImageRef::new(w, h, page.as_raw(), PixelType::U8).ok()?;
        let mut reduced = Image::new(nw, nh, PixelType::U8);
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Box));
        Resizer::new().resize(&source, &mut reduced, &options).ok()?;
        Some(Self { width: nw as usize, height: nh as usize, dpi: target, grey: reduced.into_vec() })
    }

    /// Rows become columns.
    pub(super) fn transposed(&self) -> Self {
        /// Blocks that fit the first-level cache.
        const BLOCK: usize = 32;
        let (w, h) = (self.width, self.height);
        let mut grey = vec![0; w * h];
        for by in (0..h).step_by(BLOCK) {
            for bx in (0..w).step_by(BLOCK) {
                for y in by..(by + BLOCK).min(h) {
                    for x in bx..(bx + BLOCK).min(w) {
                        grey[x * h + y] = self.grey[y * w + x];
                    }
                }
            }
        }
        Self { width: h, height: w, dpi: self.dpi, grey }
    }

    pub(super) fn row(&self, y: usize) -> &[u8] {
        &self.grey[y * self.width..(y + 1) * self.width]
    }
}
