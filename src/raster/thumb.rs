//! A page's ink on a coarse grid: enough to tell a page from its look-alikes, too little to read it.

use image::GrayImage;
use image::imageops::{self, FilterType};

use crate::model::likeness::Thumb;

/// Cells along the page's longer side: 3.3 mm on A4, so that a line of writing is a row of its own.
const LONG_SIDE: u32 = 90;
/// Each cell is the mean of so many samples a side: ink is set against the paper around it before it is averaged.
const FINE: u32 = 4;
/// Samples a side of the tiles whose bright part is taken as paper.
const TILE: u32 = 24;
const PAPER_SHARE: f32 = 0.85;
/// Less than this is paper's grain.
const FLOOR: f32 = 0.06;

/// The coarse picture of an upright, deskewed page.
#[must_use]
pub fn thumb(page: &GrayImage) -> Option<Thumb> {
    let (w, h) = page.dimensions();
    if w.min(h) == 0 {
        return None;
    }
    let per = |side: u32| {
        let long = u64::from(w.max(h));
        ((u64::from(side) * u64::from(LONG_SIDE) + long / 2) / long).clamp(1, u64::from(LONG_SIDE)) as u32
    };
    let (cols, rows) = (per(w), per(h));
    let fine = imageops::resize(page, cols * FINE, rows * FINE, FilterType::Triangle);
    let paper = paper(&fine);
    let mut ink = vec![0.0; (cols * rows) as usize];
    for (x, y, v) in fine.enumerate_pixels() {
        let level = f32::from(paper.get_pixel(x, y).0[0]).max(1.0);
        let dark = (1.0 - f32::from(v.0[0]) / level - FLOOR).max(0.0) / (1.0 - FLOOR);
        ink[((y / FINE) * cols + x / FINE) as usize] += dark / (FINE * FINE) as f32;
    }
    Thumb::of(cols as usize, &ink)
}

/// The paper's brightness under each sample; where a picture hides it, that of the tiles around.
fn paper(fine: &GrayImage) -> GrayImage {
    let (w, h) = fine.dimensions();
    let (cols, rows) = (w.div_ceil(TILE), h.div_ceil(TILE));
    let level = |tx: u32, ty: u32| {
        let mut values: Vec<u8> = (ty * TILE..((ty + 1) * TILE).min(h))
            .flat_map(|y| (tx * TILE..((tx + 1) * TILE).min(w)).map(move |x| fine.get_pixel(x, y).0[0]))
            .collect();
        let at = ((values.len() - 1) as f32 * PAPER_SHARE) as usize;
        *values.select_nth_unstable(at).1
    };
    let tiles = GrayImage::from_fn(cols, rows, |x, y| image::Luma([level(x, y)]));
    let spread = GrayImage::from_fn(cols, rows, |x, y| {
        let around = |x: u32, most: u32| x.saturating_sub(2)..=(x + 2).min(most - 1);
        let best = around(y, rows).flat_map(|ny| around(x, cols).map(move |nx| (nx, ny)));
        image::Luma([best.map(|(nx, ny)| tiles.get_pixel(nx, ny).0[0]).max().unwrap_or(255)])
    });
    imageops::resize(&spread, w, h, FilterType::Triangle)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    #[test]
    fn ink_shows_where_it_is_whatever_the_paper() {
        for level in [255, 190] {
            let page = GrayImage::from_fn(900, 1272, |x, y| {
                let inked = (100..200).contains(&x) && (300..400).contains(&y) && (x + y) % 3 == 0;
                Luma([if inked { level / 4 } else { level }])
            });
            let thumb = thumb(&page).expect("a page");
            assert_eq!((thumb.width(), thumb.height()), (64, 90));
            assert!(thumb.at(10, 24) >= 6, "inked: {}", thumb.at(10, 24));
            assert_eq!(thumb.at(40, 60), 0);
        }
    }

    #[test]
    fn odd_pages_have_one_too() {
        assert!(thumb(&GrayImage::new(24, 3000)).is_some());
        assert_eq!(thumb(&GrayImage::new(0, 0)), None);
    }
}
