//! Reddish patches too faint to be told to be a seal, yet of a seal's size.
//!
//! They confirm nothing, but where one lies nobody should claim that there is no seal.

use image::RgbImage;
use image::imageops::{FilterType, resize};

use crate::model::geometry::Rect;

/// Below a seal's 38 mm, as a faint one shows in part; above a contract seal's 58 mm.
const SIDE_MM: std::ops::RangeInclusive<usize> = 20..=65;
/// Redder than the paper by this many levels (mean over a square millimetre); tint and JPEG noise stay below 3.
const REDDISH: f32 = 5.0;
/// Patches with redder millimetres than this are plain red: whatever they are, they were seen for what they are.
const PLAIN_RED: f32 = 60.0;
/// Share of a patch's box that is reddish: rim, star and characters, not a line or a full block.
const FILL: std::ops::RangeInclusive<f32> = 0.12..=0.85;
/// Gaps of this many millimetres between characters of a rim are bridged.
const BRIDGE_MM: usize = 3;
/// Only paper this bright tells the page's cast.
const PAPER: u8 = 140;

/// Finds them on a colour page of `dpi` pixels per inch, as fractions of the page.
pub(super) fn faint_red(page: &RgbImage, dpi: f32) -> Vec<Rect> {
    let mm = |px: u32| ((px as f32 * 25.4 / dpi).round() as u32).clamp(1, 2_000);
    let (w, h) = (mm(page.width()), mm(page.height()));
    let small = resize(page, w, h, FilterType::Triangle);
    let (rg, rb) = cast(&small);
    let redness: Vec<f32> = small
        .pixels()
        .map(|p| {
            let [r, g, b] = p.0.map(f32::from);
            (r - g - rg).min(r - b - rb)
        })
        .collect();
    let (w, h) = (w as usize, h as usize);
    patches(&redness, w, h)
        .into_iter()
        .filter(|p| SIDE_MM.contains(&(p.x1 - p.x0 + 1)) && SIDE_MM.contains(&(p.y1 - p.y0 + 1)))
        .filter(|p| FILL.contains(&(p.cells as f32 / ((p.x1 - p.x0 + 1) * (p.y1 - p.y0 + 1)) as f32)))
        .filter(|p| p.reddest <= PLAIN_RED)
        .map(|p| {
            let at = |v: usize, all: usize| v as f32 / all as f32;
            Rect::from_corners(at(p.x0, w), at(p.y0, h), at(p.x1 + 1, w), at(p.y1 + 1, h))
        })
        .collect()
}

/// How much redder than green and blue the paper itself is: medians over its bright pixels.
fn cast(page: &RgbImage) -> (f32, f32) {
    let bright = || page.pixels().filter(|p| p.0.iter().all(|c| *c >= PAPER));
    let median = |of: &dyn Fn([u8; 3]) -> i16| {
        let mut values: Vec<i16> = bright().map(|p| of(p.0)).collect();
        values.sort_unstable();
        values.get(values.len() / 2).map_or(0.0, |v| f32::from(*v))
    };
    (median(&|[r, g, _]| i16::from(r) - i16::from(g)), median(&|[r, _, b]| i16::from(r) - i16::from(b)))
}

struct Patch {
    x0: usize,
    y0: usize,
    x1: usize,
    y1: usize,
    cells: usize,
    reddest: f32,
}

/// Connected reddish cells, gaps bridged.
fn patches(redness: &[f32], w: usize, h: usize) -> Vec<Patch> {
    let mut seen = vec![false; redness.len()];
    let mut found = Vec::new();
    for start in 0..redness.len() {
        if seen[start] || redness[start] < REDDISH {
            continue;
        }
        let (x, y) = (start % w, start / w);
        let mut patch = Patch { x0: x, y0: y, x1: x, y1: y, cells: 0, reddest: 0.0 };
        let mut open = vec![start];
        seen[start] = true;
        while let Some(at) = open.pop() {
            let (x, y) = (at % w, at / w);
            patch.cells += 1;
            patch.reddest = patch.reddest.max(redness[at]);
            (patch.x0, patch.x1) = (patch.x0.min(x), patch.x1.max(x));
            (patch.y0, patch.y1) = (patch.y0.min(y), patch.y1.max(y));
            for ny in y.saturating_sub(BRIDGE_MM)..=(y + BRIDGE_MM).min(h - 1) {
                for nx in x.saturating_sub(BRIDGE_MM)..=(x + BRIDGE_MM).min(w - 1) {
                    let next = ny * w + nx;
                    if !seen[next] && redness[next] >= REDDISH {
                        seen[next] = true;
                        open.push(next);
                    }
                }
            }
        }
        found.push(patch);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A 100 dpi page of 210 x 297 mm with a ring of 40 mm in the middle, tinted by `ink`.
    fn ringed(ink: [u8; 3], paper: [u8; 3]) -> RgbImage {
        RgbImage::from_fn(827, 1169, |x, y| {
            let d = ((x as f32 - 413.0).powi(2) + (y as f32 - 584.0).powi(2)).sqrt();
            image::Rgb(if (68.0..79.0).contains(&d) || d < 15.0 { ink } else { paper })
        })
    }

    #[test]
    fn a_faint_ring_is_a_trace_on_white_and_on_tinted_paper() {
        for (ink, paper) in [([250, 228, 228], [250, 250, 250]), ([238, 208, 200], [240, 234, 222])] {
            let found = faint_red(&ringed(ink, paper), 100.0);
            assert_eq!(found.len(), 1, "{ink:?} on {paper:?}: {found:?}");
            assert!(found[0].contains((0.5, 0.5)));
        }
    }

    #[test]
    fn plain_red_black_and_bare_paper_are_none() {
        for ink in [[200, 20, 30], [20, 20, 20], [250, 250, 250]] {
            assert!(faint_red(&ringed(ink, [250, 250, 250]), 100.0).is_empty(), "{ink:?}");
        }
    }
}
