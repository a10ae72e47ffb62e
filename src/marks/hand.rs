//! How far the strokes of a line of text look written by hand.
//!
//! Print, whatever its typeface, has verticals that are vertical and horizontals that are level; a hand leans and
//! lifts them. So the directions of the strokes' edges are looked at, and the ink's blue.

use image::RgbImage;

/// Smaller pieces have too few edges to tell.
const LEAST_PX: usize = 8;
const LEAST_EDGES: u32 = 30;
/// Paper minus ink, in levels of the red channel, below which edges are noise.
const LEAST_DEPTH: i32 = 40;
/// Edges steeper than this share of paper minus ink count (the operator sums to four times the step).
const EDGE: f32 = 0.6;
/// Degrees from the vertical within which an edge belongs to an upright stroke, and to a strictly upright one.
const UPRIGHT: (f32, f32) = (30.0, 4.0);
/// Degrees from the level within which an edge belongs to a level stroke.
const LEVEL: f32 = 30.0;
/// Degrees from the level between which an edge is aslant.
const ASLANT: (f32, f32) = (20.0, 70.0);
/// Blue minus red, beyond the paper's own, from which ink begins to be blue, and over which it surely is.
const BLUE: (f32, f32) = (8.0, 12.0);
/// Bilevel pixels have stair steps, whose edges are upright: as much of the share is theirs.
const STAIRS: f32 = 0.1;

/// Weights of share of strictly upright edges, share of slanting edges, lean of the uprights and of the levels in
/// degrees, blueness; and what is added. Fitted to scans of several typefaces and pens; above 0 is hand-like.
const WEIGHTS: [f32; 5] = [-17.5, 3.9, 0.65, 0.51, 3.7];
const BASE: f32 = 0.8;

/// Pixels of a box: left, top, right, bottom.
pub(super) type Px = (usize, usize, usize, usize);

/// The score of one piece of a line, or none where it cannot be told. Above 0 is hand-like; the shorter the piece, the
/// higher a score may come about by chance.
pub(super) fn score(page: &RgbImage, (x0, y0, x1, y1): Px, bilevel: bool) -> Option<f32> {
    let (w, h) = (x1.saturating_sub(x0), y1.saturating_sub(y0));
    if w < LEAST_PX || h < LEAST_PX || x1 > page.width() as usize || y1 > page.height() as usize {
        return None;
    }
    let raw = page.as_raw();
    let at = |x: usize, y: usize| ((y0 + y) * page.width() as usize + x0 + x) * 3;
    // Red ink (a seal over the line) is as bright as paper in the red channel.
    let red: Vec<u8> = (0..w * h).map(|i| raw[at(i % w, i / w)]).collect();
    let cut = threshold(&red);
    let (paper, ink) = (median(red.iter().filter(|v| **v > cut))?, median(red.iter().filter(|v| **v <= cut))?);
    let depth = i32::from(paper) - i32::from(ink);
    if depth < LEAST_DEPTH {
        return None;
    }
    let least = EDGE * depth as f32;
    let (mut all, mut slanting, mut n) = (0.0f32, 0.0f32, 0u32);
    let (mut upright, mut strict, mut lean) = (0.0f32, 0.0f32, 0.0f32);
    let (mut level, mut lift) = (0.0f32, 0.0f32);
    for y in 1..h - 1 {
        for x in 1..w - 1 {
            let v = |dx: usize, dy: usize| f32::from(red[(y + dy - 1) * w + x + dx - 1]);
            let gx = v(2, 1) - v(0, 1) + 0.5 * (v(2, 0) - v(0, 0) + v(2, 2) - v(0, 2));
            let gy = v(1, 2) - v(1, 0) + 0.5 * (v(0, 2) - v(0, 0) + v(2, 2) - v(2, 0));
            let m = gx.hypot(gy);
            if m <= least {
                continue;
            }
            n += 1;
            all += m;
            // The edge runs across the gradient: degrees from the level, -90 to 90.
            let along = (-gx).atan2(gy).to_degrees();
            let along = if along > 90.0 {
                along - 180.0
            } else if along <= -90.0 {
                along + 180.0
            } else {
                along
            };
            let off = along.abs();
            if off > ASLANT.0 && off < ASLANT.1 {
                slanting += m;
            }
            if off < LEVEL {
                level += m;
                lift += m * along;
            } else if off > 90.0 - UPRIGHT.0 {
                upright += m;
                let from_upright = if along > 0.0 { along - 90.0 } else { along + 90.0 };
                lean += m * from_upright;
                strict += if from_upright.abs() < UPRIGHT.1 { m } else { 0.0 };
            }
        }
    }
    if n < LEAST_EDGES || upright <= 0.0 || level <= 0.0 {
        return None;
    }
    let stairs = if bilevel { STAIRS } else { 0.0 };
    let features = [
        strict / upright - stairs,
        slanting / all,
        (lean / upright).abs().min(8.0),
        (lift / level).abs().min(6.0),
        blueness(page, (x0, y0, x1, y1), &red, ink, cut),
    ];
    Some(BASE + features.iter().zip(WEIGHTS).map(|(f, w)| f * w).sum::<f32>())
}

/// 0 (as the paper) to 1 (surely blue): of the darker half of the ink, whose colour paper doesn't thin.
fn blueness(page: &RgbImage, (x0, y0, x1, y1): Px, red: &[u8], ink: u8, cut: u8) -> f32 {
    let (mut of_ink, mut of_paper) = (Vec::new(), Vec::new());
    for (i, r) in red.iter().enumerate() {
        let (x, y) = (x0 + i % (x1 - x0), y0 + i / (x1 - x0));
        debug_assert!(y < y1);
        let blue = page.as_raw()[(y * page.width() as usize + x) * 3 + 2];
        let more = i16::from(blue) - i16::from(*r);
        if *r <= ink {
            of_ink.push(more);
        } else if *r > cut {
            of_paper.push(more);
        }
    }
    let middle = |mut v: Vec<i16>| {
        let half = v.len() / 2;
        if v.is_empty() { 0.0 } else { f32::from(*v.select_nth_unstable(half).1) }
    };
    ((middle(of_ink) - middle(of_paper) - BLUE.0) / BLUE.1).clamp(0.0, 1.0)
}

/// The level that parts ink from paper best (Otsu).
fn threshold(values: &[u8]) -> u8 {
    let mut counts = [0f32; 256];
    values.iter().for_each(|v| counts[usize::from(*v)] += 1.0);
    let total = values.len() as f32;
    let sum: f32 = counts.iter().enumerate().map(|(v, n)| v as f32 * n).sum();
    let (mut below, mut below_sum, mut best) = (0.0f32, 0.0f32, (0.0f32, 0u8));
    for (v, n) in counts.iter().enumerate() {
        below += n;
        below_sum += v as f32 * n;
        let above = total - below;
        if below > 0.0 && above > 0.0 {
            let apart = below * above * (below_sum / below - (sum - below_sum) / above).powi(2);
            if apart > best.0 {
                best = (apart, v as u8);
            }
        }
    }
    best.1
}

fn median<'a>(values: impl Iterator<Item = &'a u8>) -> Option<u8> {
    let mut counts = [0usize; 256];
    let mut total = 0usize;
    for v in values {
        counts[usize::from(*v)] += 1;
        total += 1;
    }
    let mut seen = 0;
    counts
        .iter()
        .position(|n| {
            seen += n;
            total > 0 && seen > total / 2
        })
        .map(|v| v as u8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    /// Crosses of strokes, each turned by `lean` degrees, as a line of characters.
    pub(super) fn line(lean: f32, ink: [u8; 3]) -> RgbImage {
        let (sin, cos) = lean.to_radians().sin_cos();
        RgbImage::from_fn(320, 44, |x, y| {
            let (dx, dy) = ((x % 32) as f32 - 16.0, y as f32 - 22.0);
            let (u, v) = (dx * cos + dy * sin, dy * cos - dx * sin);
            let level = v.abs() < 1.6 && u.abs() < 12.0 || (v - 8.0).abs() < 1.6 && u.abs() < 9.0;
            let upright = (u - 2.0).abs() < 1.6 && v.abs() < 12.0;
            Rgb(if level || upright { ink } else { [244, 240, 232] })
        })
    }

    #[test]
    fn upright_strokes_are_print_and_leaning_ones_a_hand() {
        let whole = (0, 0, 320, 44);
        let print = score(&line(0.0, [30; 3]), whole, false).expect("plenty of ink");
        let hand = score(&line(7.0, [30; 3]), whole, false).expect("plenty of ink");
        let blue = score(&line(7.0, [40, 50, 140]), whole, false).expect("plenty of ink");
        assert!(print < -3.0 && hand > 1.0 && blue > hand + 2.0, "{print} {hand} {blue}");
    }

    #[test]
    fn bare_paper_and_specks_tell_nothing() {
        let paper = RgbImage::from_pixel(200, 40, Rgb([240; 3]));
        assert_eq!(score(&paper, (0, 0, 200, 40), false), None);
        assert_eq!(score(&line(0.0, [30; 3]), (0, 0, 5, 5), false), None);
        assert_eq!(score(&paper, (0, 0, 900, 40), false), None, "a box beyond the page");
    }
}
