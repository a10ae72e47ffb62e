//! Faint print made dark.

use image::imageops::{FilterType, resize};
use image::{GrayImage, Luma, RgbImage};

use super::grey;

/// The paper's brightness is taken over squares of this many pixels: larger than strokes, smaller than shadows.
const PAPER_PX: u32 = 24;
/// What the darkest strokes are brought to, below paper.
const INK: f32 = 170.0;
/// More would show the paper's grain as print.
const MAX_GAIN: f32 = 12.0;
/// The share of pixels that may be darker than the strokes: the sheet's edges, specks.
const STROKES: f64 = 0.995;

/// The page in grey, its paper white whatever the lighting and its faintest print dark.
#[must_use]
pub fn stretched(image: &RgbImage) -> RgbImage {
    let grey = grey(image);
    let (w, h) = grey.dimensions();
    let small = resize(&grey, (w / PAPER_PX).max(1), (h / PAPER_PX).max(1), FilterType::Triangle);
    let paper = resize(&small, w, h, FilterType::Triangle);
    let below: Vec<u8> = paper.pixels().zip(grey.pixels()).map(|(p, v)| p.0[0].saturating_sub(v.0[0])).collect();
    let gain = (INK / f32::from(quantile(&below).max(1))).clamp(1.0, MAX_GAIN);
    let mut out = GrayImage::new(w, h);
    for (pixel, d) in out.pixels_mut().zip(&below) {
        *pixel = Luma([(250.0 - f32::from(*d) * gain).max(0.0) as u8]);
    }
    image::DynamicImage::ImageLuma8(out).to_rgb8()
}

fn quantile(values: &[u8]) -> u8 {
    let mut counts = [0_usize; 256];
    for v in values {
        counts[usize::from(*v)] += 1;
    }
    let wanted = (values.len() as f64 * STROKES) as usize;
    let mut seen = 0;
    for (value, count) in (0_u8..=255).zip(counts) {
        seen += count;
        if seen > wanted {
            return value;
        }
    }
    255
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faint_strokes_become_dark_and_shadows_go() {
        let page = RgbImage::from_fn(300, 300, |x, y| {
            let paper = 230 - (x / 6) as u8;
            let v = if (100..104).contains(&y) && x > 20 && x < 280 { paper - 14 } else { paper };
            image::Rgb([v, v, v])
        });
        let out = stretched(&page);
        assert!(out.get_pixel(150, 102).0[0] < 150, "{:?}", out.get_pixel(150, 102));
        assert!(out.get_pixel(150, 200).0[0] > 235);
        assert!(out.get_pixel(280, 200).0[0] > 235, "the shaded side is white too");
    }
}
