//! Crops of text lines, as the recogniser wants them.

use image::{Rgb, RgbImage};

use super::engine::Quad;

/// Rows of pixels the recogniser reads (PP-OCR).
pub(super) const CROP_HEIGHT: u32 = 48;
/// Widest crop given to the recogniser; a longer line is squeezed. A page-wide line of 6-point type stays below it.
pub(super) const MAX_CROP_WIDTH: u32 = 6400;
/// Narrowest crop: the recogniser's own reduction is by 8.
const MIN_CROP_WIDTH: u32 = 8;
/// Height over width from which a box is taken to hold a column or a turned line (PP-OCR).
pub(super) const TALL_RATIO: f32 = 1.5;

/// Which way a crop is turned while it is cut out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    AsIs,
    /// Turned clockwise: for lines that run bottom to top.
    Clockwise,
    Half,
    /// Turned counter-clockwise: for lines that run top to bottom.
    CounterClockwise,
}

/// Cuts a box out of a page, turned by `cut` and scaled to [`CROP_HEIGHT`] rows in one sampling.
#[must_use]
pub(super) fn crop(page: &RgbImage, quad: &Quad, cut: Cut) -> RgbImage {
    let (w, h) = match cut {
        Cut::AsIs | Cut::Half => (quad.width(), quad.height()),
        Cut::Clockwise | Cut::CounterClockwise => (quad.height(), quad.width()),
    };
    let width = (CROP_HEIGHT as f32 * w / h.max(1.0)).ceil() as u32;
    sample(page, quad, cut, width.clamp(MIN_CROP_WIDTH, MAX_CROP_WIDTH), CROP_HEIGHT)
}

/// Samples a box into a raster of `width` x `height` pixels.
#[must_use]
pub(super) fn sample(page: &RgbImage, quad: &Quad, cut: Cut, width: u32, height: u32) -> RgbImage {
    let [tl, tr, br, bl] = quad.corners;
    let p = match cut {
        Cut::AsIs => [tl, tr, br, bl],
        Cut::CounterClockwise => [tr, br, bl, tl],
        Cut::Half => [br, bl, tl, tr],
        Cut::Clockwise => [bl, tl, tr, br],
    };
    let (w, h) = match cut {
        Cut::AsIs | Cut::Half => (quad.width(), quad.height()),
        Cut::Clockwise | Cut::CounterClockwise => (quad.height(), quad.width()),
    };
    // Where the box is much finer than the crop, one sample a pixel would drop thin strokes.
    let taps = ((w / width as f32).max(h / height as f32) / 1.5).round().clamp(1.0, 4.0) as u32;
    RgbImage::from_fn(width, height, |x, y| {
        let mut sum = [0.0f32; 3];
        for ty in 0..taps {
            for tx in 0..taps {
                let u = (x as f32 + (tx as f32 + 0.5) / taps as f32) / width as f32;
                let v = (y as f32 + (ty as f32 + 0.5) / taps as f32) / height as f32;
                let along = |i: fn(&(f32, f32)) -> f32| {
                    i(&p[0]) * (1.0 - u) * (1.0 - v)
                        + i(&p[1]) * u * (1.0 - v)
                        + i(&p[2]) * u * v
                        + i(&p[3]) * (1.0 - u) * v
                };
                let c = bilinear(page, along(|p| p.0) - 0.5, along(|p| p.1) - 0.5);
                (0..3).for_each(|i| sum[i] += c[i]);
            }
        }
        Rgb(sum.map(|s| (s / (taps * taps) as f32).round() as u8))
    })
}

/// Paper kept beside a line's ink, in heights of the crop: with less, characters at the ends are misread.
const SIDE_PAPER: f32 = 0.25;
/// Levels between paper and ink below which no ink can be told from paper.
const LEAST_CONTRAST: u8 = 40;
/// Share of a crop's pixels that are darker than what is taken for the ink's level.
const INK_SHARE: usize = 50;

/// The columns of a crop that hold its line, with a little paper: the detector's boxes reach far beyond the ends, and
/// every column costs as much as one with ink.
#[must_use]
pub(super) fn inked_columns(crop: &RgbImage) -> std::ops::Range<u32> {
    let (width, height) = crop.dimensions();
    let dark = |p: &[u8; 3]| p[0].min(p[1]).min(p[2]);
    let pixels = crop.as_raw().as_chunks::<3>().0;
    let mut levels: Vec<u8> = pixels.iter().map(dark).collect();
    let count = levels.len();
    if count == 0 {
        return 0..width;
    }
    let paper = *levels.select_nth_unstable(count * 3 / 4).1;
    let ink = *levels.select_nth_unstable(count / INK_SHARE).1;
    if paper.saturating_sub(ink) < LEAST_CONTRAST {
        return 0..width;
    }
    let cut = paper - (paper - ink) / 3;
    let (mut first, mut last) = (width, 0);
    for row in pixels.chunks_exact(width as usize) {
        let inked = |p: &[u8; 3]| dark(p) < cut;
        first = first.min(row.iter().position(inked).map_or(width, |x| x as u32));
        last = last.max(row.iter().rposition(inked).map_or(0, |x| x as u32));
    }
    let margin = (SIDE_PAPER * height as f32) as u32;
    let (from, to) = (first.saturating_sub(margin), (last + 1 + margin).min(width));
    // Narrower than a third of its height is a stroke, not a line.
    if from + height / 3 < to { from..to } else { 0..width }
}

fn bilinear(page: &RgbImage, x: f32, y: f32) -> [f32; 3] {
    let (w, h) = (page.width() as usize, page.height() as usize);
    let (x, y) = (x.clamp(0.0, w as f32 - 1.0), y.clamp(0.0, h as f32 - 1.0));
    let (x0, y0) = (x as usize, y as usize);
    let (x1, y1) = ((x0 + 1).min(w - 1), (y0 + 1).min(h - 1));
    let (fx, fy) = (x - x0 as f32, y - y0 as f32);
    let raw = page.as_raw();
    std::array::from_fn(|c| {
        let at = |x: usize, y: usize| f32::from(raw[(y * w + x) * 3 + c]);
        (at(x0, y0) * (1.0 - fx) + at(x1, y0) * fx) * (1.0 - fy) + (at(x0, y1) * (1.0 - fx) + at(x1, y1) * fx) * fy
    })
}

/// The networks' input: blue, green and red planes, -1 (black) to 1 (white).
#[must_use]
pub(super) fn planes(image: &RgbImage) -> Vec<f32> {
    let n = (image.width() * image.height()) as usize;
    let mut out = vec![0.0; 3 * n];
    for (i, p) in image.as_raw().chunks_exact(3).enumerate() {
        for c in 0..3 {
            out[c * n + i] = f32::from(p[2 - c]) / 127.5 - 1.0;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gradient() -> RgbImage {
        RgbImage::from_fn(40, 20, |x, y| Rgb([x as u8 * 6, y as u8 * 12, 0]))
    }

    #[test]
    fn a_crop_is_48_high_and_keeps_its_shape() {
        let c = crop(&gradient(), &Quad::upright(0.0, 0.0, 40.0, 20.0), Cut::AsIs);
        assert_eq!(c.dimensions(), (96, 48));
        assert!(c.get_pixel(95, 0).0[0] > c.get_pixel(0, 0).0[0]);
    }

    #[test]
    fn turns_go_the_way_they_say() {
        let q = Quad::upright(0.0, 0.0, 40.0, 20.0);
        // Counter-clockwise: the source's top right corner becomes the top left.
        let c = sample(&gradient(), &q, Cut::CounterClockwise, 20, 40);
        assert!(c.get_pixel(0, 0).0[0] > 200 && c.get_pixel(0, 0).0[1] < 20);
        let c = sample(&gradient(), &q, Cut::Clockwise, 20, 40);
        assert!(c.get_pixel(0, 0).0[0] < 20 && c.get_pixel(0, 0).0[1] > 200);
        let c = sample(&gradient(), &q, Cut::Half, 40, 20);
        assert!(c.get_pixel(0, 0).0[0] > 200 && c.get_pixel(0, 0).0[1] > 200);
    }

    #[test]
    fn extreme_boxes_stay_within_bounds() {
        assert_eq!(crop(&gradient(), &Quad::upright(0.0, 3.0, 40.0, 3.0), Cut::AsIs).width(), 1920);
        assert_eq!(crop(&gradient(), &Quad::upright(0.0, 0.0, 1e6, 1.0), Cut::AsIs).width(), MAX_CROP_WIDTH);
        assert_eq!(crop(&gradient(), &Quad::upright(-50.0, -50.0, -49.0, -20.0), Cut::AsIs).width(), MIN_CROP_WIDTH);
    }

    #[test]
    fn planes_are_blue_first_and_centred() {
        let p = planes(&RgbImage::from_pixel(1, 1, Rgb([255, 0, 51])));
        assert!((p[0] + 0.6).abs() < 1e-5 && p[1] == -1.0 && p[2] == 1.0);
    }

    #[test]
    fn only_a_little_paper_stays_beside_a_line() {
        let line = |from: u32, to: u32, ink: u8| {
            RgbImage::from_fn(400, 48, |x, y| {
                Rgb([if (from..to).contains(&x) && (10..40).contains(&y) { ink } else { 240 }; 3])
            })
        };
        assert_eq!(inked_columns(&line(100, 300, 20)), 88..312);
        assert_eq!(inked_columns(&line(4, 398, 20)), 0..400);
        assert_eq!(inked_columns(&line(100, 300, 220)), 0..400, "too faint to tell");
        assert_eq!(inked_columns(&RgbImage::new(0, 0)), 0..0);
    }
}
