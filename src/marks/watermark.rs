//! Pale text or emblems printed behind a form.

use image::RgbImage;

use crate::model::geometry::Rect;
use crate::model::marks::Watermark;
use crate::model::page::ColourMode;

/// Working scale: strokes of a watermark are a millimetre wide, grain is averaged away.
const PX_PER_MM: f32 = 3.0;
/// Share of the paper's level between which a pixel is pale print.
const PALE: (f32, f32) = (0.72, 0.955);
/// Mean deviations of the grain below the paper from which pale print stands out of it.
const ABOVE_GRAIN: f32 = 5.0;
/// Share of the paper's level within which a pixel is paper and its deviation grain.
const PAPER: (f32, f32) = (0.95, 1.08);
/// Below this share a pixel is ink; what lies within `HALO` pixels of ink is its blur.
const INK: f32 = 0.70;
const HALO: usize = 4;
/// Side of the blocks whose brightest fifth is the paper.
const BLOCK: usize = 24;
/// Side of the cells that are asked whether they hold pale strokes.
const CELL: usize = 15;
/// A cell can answer where at least this share of it is away from ink.
const FREE: f32 = 0.5;
/// Share of a cell's free pixels that pale strokes cover.
const STROKES: (f32, f32) = (0.08, 0.75);
/// Fewer cells that can answer than this say nothing of the page.
const LEAST_CELLS: usize = 60;
/// Share of the cells with pale strokes, from that of plain paper to that of a watermark.
const COVERAGE: (f32, f32) = (0.04, 0.18);

/// What can be said of a watermark; `known` are seals and photos. None on a scan that cannot show pale print.
#[must_use]
pub fn find_watermark(page: &RgbImage, dpi: f32, mode: ColourMode, known: &[Rect]) -> Option<Watermark> {
    if mode == ColourMode::Bilevel || !dpi.is_finite() || dpi < PX_PER_MM * 25.4 {
        return None;
    }
    let step = ((dpi / 25.4 / PX_PER_MM).round() as usize).max(1);
    let (w, h) = (page.width() as usize / step, page.height() as usize / step);
    if w < 2 * BLOCK || h < 2 * BLOCK {
        return None;
    }
    let mut levels = averaged(page, step, w, h);
    flatten(&mut levels, w, h);
    let ink = spread(&levels.iter().map(|v| *v < INK).collect::<Vec<_>>(), w, h);
    let levels = smoothed(&levels, w, h);
    let pale_below = PALE.1.min(1.0 - ABOVE_GRAIN * grain(&levels));
    let (mut asked, mut pale_cells) = (0usize, 0usize);
    for cy in (0..h - CELL).step_by(CELL) {
        for cx in (0..w - CELL).step_by(CELL) {
            let middle = ((cx + CELL / 2) as f32 / w as f32, (cy + CELL / 2) as f32 / h as f32);
            if known.iter().any(|r| r.grown(0.02, 0.02).contains(middle)) {
                continue;
            }
            let (mut free, mut pale, mut paper) = (0usize, 0usize, 0usize);
            for y in cy..cy + CELL {
                for i in y * w + cx..y * w + cx + CELL {
                    if !ink[i] {
                        free += 1;
                        pale += usize::from((PALE.0..pale_below).contains(&levels[i]));
                        paper += usize::from(levels[i] >= pale_below);
                    }
                }
            }
            if (free as f32) < FREE * (CELL * CELL) as f32 {
                continue;
            }
            asked += 1;
            let share = pale as f32 / free as f32;
            pale_cells += usize::from(share >= STROKES.0 && share <= STROKES.1 && paper > 0);
        }
    }
    if asked < LEAST_CELLS {
        return None;
    }
    let coverage = pale_cells as f32 / asked as f32;
    let confidence = ((coverage - COVERAGE.0) / (COVERAGE.1 - COVERAGE.0)).clamp(0.0, 1.0);
    Some(Watermark { confidence: (confidence * 100.0).round() / 100.0 })
}

/// Mean of the channels over squares of `step` pixels.
fn averaged(page: &RgbImage, step: usize, w: usize, h: usize) -> Vec<f32> {
    let (pw, raw) = (page.width() as usize, page.as_raw());
    let mut out = vec![0.0; w * h];
    for (i, to) in out.iter_mut().enumerate() {
        let (x0, y0) = (i % w * step, i / w * step);
        let sum: u32 = (y0..y0 + step)
            .map(|y| raw[(y * pw + x0) * 3..(y * pw + x0 + step) * 3].iter().map(|v| u32::from(*v)).sum::<u32>())
            .sum();
        *to = sum as f32 / (3 * step * step) as f32;
    }
    out
}

/// Divides by the paper nearby.
fn flatten(levels: &mut [f32], w: usize, h: usize) {
    let (bw, bh) = (w.div_ceil(BLOCK), h.div_ceil(BLOCK));
    let papers: Vec<f32> = (0..bw * bh)
        .map(|b| {
            let (bx, by) = (b % bw * BLOCK, b / bw * BLOCK);
            let mut all: Vec<f32> = (by..(by + BLOCK).min(h))
                .flat_map(|y| levels[y * w + bx..y * w + (bx + BLOCK).min(w)].iter().copied())
                .collect();
            let bright = all.len() * 4 / 5;
            *all.select_nth_unstable_by(bright, f32::total_cmp).1
        })
        .collect();
    for (i, v) in levels.iter_mut().enumerate() {
        *v /= papers[i / w / BLOCK * bw + i % w / BLOCK].max(1.0);
    }
}

/// Means over three by three: a sheet's grain is finer than print.
fn smoothed(levels: &[f32], w: usize, h: usize) -> Vec<f32> {
    let mut out = levels.to_vec();
    for y in 1..h - 1 {
        for x in 1..w - 1 {
            let sum: f32 = (y - 1..=y + 1).map(|k| levels[k * w + x - 1..=k * w + x + 1].iter().sum::<f32>()).sum();
            out[y * w + x] = sum / 9.0;
        }
    }
    out
}

/// How far the paper's own pixels lie from its level on average.
fn grain(levels: &[f32]) -> f32 {
    let paper = levels.iter().filter(|v| (PAPER.0..PAPER.1).contains(*v));
    let (sum, n) = paper.fold((0.0f32, 0.0f32), |(s, n), v| (s + (v - 1.0).abs(), n + 1.0));
    sum / n.max(1.0)
}

/// The mask and all within `HALO` of it.
fn spread(mask: &[bool], w: usize, h: usize) -> Vec<bool> {
    let along = |from: &[bool], n: usize, at: &dyn Fn(usize, usize) -> usize, m: usize| {
        let mut out = vec![false; from.len()];
        for k in 0..m {
            let mut left = 0usize;
            for (i, back) in (0..n).map(|i| (i, false)).chain((0..n).rev().map(|i| (i, true))) {
                if i == if back { n - 1 } else { 0 } {
                    left = 0;
                }
                if from[at(i, k)] {
                    left = HALO + 1;
                }
                if left > 0 {
                    out[at(i, k)] = true;
                    left -= 1;
                }
            }
        }
        out
    };
    let rows = along(mask, w, &|i, k| k * w + i, h);
    along(&rows, h, &|i, k| i * w + k, w)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    /// A 150 dpi page of print, with pale diagonal bars of `level` behind it.
    fn page(level: u8) -> RgbImage {
        RgbImage::from_fn(1240, 1754, |x, y| {
            let text = y % 60 < 18 && x % 7 < 2 && (150..1090).contains(&x) && (200..1500).contains(&y);
            let grain = ((x * 7 + y * 13) % 5) as u8;
            let bar = (x + y) % 160 < 14;
            Rgb([if text {
                30
            } else if bar {
                level
            } else {
                244 - grain
            }; 3])
        })
    }

    #[test]
    fn pale_bars_are_seen_and_plain_paper_is_none() {
        let of = |level| find_watermark(&page(level), 150.0, ColourMode::Colour, &[]).expect("a clear scan").confidence;
        assert!(of(205) > 0.9, "{}", of(205));
        assert!(of(244) < 0.1, "{}", of(244));
    }

    #[test]
    fn a_bilevel_or_coarse_scan_cannot_tell() {
        assert_eq!(find_watermark(&page(205), 150.0, ColourMode::Bilevel, &[]), None);
        assert_eq!(find_watermark(&page(205), 50.0, ColourMode::Colour, &[]), None);
        assert_eq!(find_watermark(&page(205), 150.0, ColourMode::Colour, &[Rect::PAGE]), None);
    }
}
