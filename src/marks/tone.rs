//! What a picture's tones say: photo or print, colour or black-and-white, and its background.

use crate::model::geometry::Rect;
use crate::model::marks::{Background, PhotoColour, Seal};
use crate::model::page::ColourMode;

use super::photo::{Bounds, Half};
use super::shape::Blob;

const LEVELS: usize = 12;
const HUES: usize = 4;
/// Share of the pixels that makes a tone count.
const COUNTS: f32 = 0.035;
/// Tones of a printed solid area, its lettering and edges; a photo has more.
const MOST_PRINTED: usize = 2;
/// Median change between neighbours, 0.5 mm apart, of the noisiest picture; text changes twice as much.
const ROUGHEST: u8 = 22;
/// Channels further apart than this have a hue.
const HUED: u8 = 36;
/// Spread of the colour that does not follow from brightness: above the first value colour, below the second none.
const COLOUR_SPREAD: (f32, f32) = (13.0, 7.5);
/// A black-and-white picture's tint, measured against the page's paper, stays below this.
const MOST_TINT: f32 = 34.0;

/// The tones of a solid piece.
pub(crate) struct Tones {
    /// Tones that count.
    pub(crate) distinct: usize,
    /// Share of pixels that are neither paper nor full ink.
    pub(crate) middle: f32,
    /// Mean ink of the piece, 0 to 255.
    pub(crate) mean: f32,
    /// Median change of ink from one pixel to the next: small in pictures, large in text and codes.
    pub(crate) rough: u8,
}

pub(crate) fn luma(c: [u8; 3]) -> u8 {
    ((u16::from(c[0]) * 77 + u16::from(c[1]) * 150 + u16::from(c[2]) * 29) >> 8) as u8
}

fn hue_class(c: [u8; 3]) -> usize {
    let (high, low) = (c[0].max(c[1]).max(c[2]), c[0].min(c[1]).min(c[2]));
    if high - low < HUED {
        0
    } else if c[0] == high {
        1
    } else if c[2] == high {
        2
    } else {
        3
    }
}

impl Tones {
    pub(crate) fn of(half: &Half, blob: &Blob) -> Self {
        let mut counts = [0u32; LEVELS * HUES];
        let (mut middle, mut sum) = (0u32, 0u64);
        let mut changes: Vec<u8> = Vec::with_capacity(blob.points.len());
        for &(x, y) in &blob.points {
            let i = usize::from(y) * half.w + usize::from(x);
            let (c, v) = (half.rgb[i], luma(half.rgb[i]));
            counts[usize::from(v) * LEVELS / 256 * HUES + hue_class(c)] += 1;
            middle += u32::from((70..215).contains(&v));
            sum += u64::from(half.ink[i]);
            let right = half.ink[if usize::from(x) + 1 < half.w { i + 1 } else { i }];
            let below = half.ink[if usize::from(y) + 1 < half.h { i + half.w } else { i }];
            changes.push(half.ink[i].abs_diff(right).max(half.ink[i].abs_diff(below)));
        }
        let at = changes.len() / 2;
        let rough = if changes.is_empty() { 0 } else { *changes.select_nth_unstable(at).1 };
        let n = blob.points.len().max(1) as f32;
        let distinct = counts.iter().filter(|c| **c as f32 > COUNTS * n).count();
        Self { distinct, middle: middle as f32 / n, mean: sum as f32 / n, rough }
    }

    /// How sure it is that these tones are a photo's; `None` for print.
    pub(crate) fn confidence(&self, mode: ColourMode, portrait: bool) -> Option<f32> {
        if self.rough > ROUGHEST {
            return None;
        }
        if mode == ColourMode::Bilevel {
            // Only black remains; size, proportion and solidity must do.
            return portrait.then_some(0.45);
        }
        match self.distinct {
            0..=MOST_PRINTED => None,
            3 => Some(0.55),
            4 => Some(0.75),
            _ => Some(0.9),
        }
        .map(|c: f32| if self.middle < 0.15 { c * 0.7 } else { c })
    }
}

/// Whether a picture has colour, its pixels under seals left out. The page's paper is the white reference.
pub(crate) fn colourfulness(half: &Half, b: &Bounds, seals: &[Seal]) -> PhotoColour {
    let covered = |x: usize, y: usize| {
        let p = ((x as f32 + 0.5) / half.w as f32, (y as f32 + 0.5) / half.h as f32);
        seals.iter().any(|s| s.rect.contains(p))
    };
    let (dx, dy) = ((b.x1 - b.x0) / 20, (b.y1 - b.y0) / 20);
    let mut pixels: Vec<[f32; 3]> = Vec::new();
    for y in b.y0 + dy..b.y1 - dy {
        for x in b.x0 + dx..b.x1 - dx {
            if !covered(x, y) {
                let c = half.rgb[y * half.w + x];
                let (r, g, b) = (f32::from(c[0]), f32::from(c[1]), f32::from(c[2]));
                pixels.push([f32::from(luma(c)), r - g, b - g]);
            }
        }
    }
    if pixels.len() < 60 {
        return PhotoColour::Unknown;
    }
    let mut tints: Vec<f32> = pixels.iter().map(|p| p[1].abs().max(p[2].abs()).max((p[1] - p[2]).abs())).collect();
    let at = tints.len() * 9 / 10;
    let tint = *tints.select_nth_unstable_by(at, f32::total_cmp).1;
    let spread = residual(&pixels, 1).hypot(residual(&pixels, 2));
    if spread > COLOUR_SPREAD.0 && tint > HUED.into() {
        PhotoColour::Colour
    } else if spread < COLOUR_SPREAD.1 && tint < MOST_TINT {
        PhotoColour::Mono
    } else {
        PhotoColour::Unknown
    }
}

/// Standard deviation of a colour difference that brightness does not explain: a tinted print's tint does follow it.
fn residual(pixels: &[[f32; 3]], which: usize) -> f32 {
    let n = pixels.len() as f32;
    let mean = |k: usize| pixels.iter().map(|p| p[k]).sum::<f32>() / n;
    let (mx, my) = (mean(0), mean(which));
    let (mut xx, mut xy, mut yy) = (0.0f32, 0.0f32, 0.0f32);
    for p in pixels {
        let (x, y) = (p[0] - mx, p[which] - my);
        (xx, xy, yy) = (xx + x * x, xy + x * y, yy + y * y);
    }
    let explained = if xx > 1.0 { xy * xy / xx } else { 0.0 };
    ((yy - explained).max(0.0) / n).sqrt()
}

/// The colour behind the head: at the portrait's upper corners.
pub(crate) fn background(half: &Half, b: &Bounds) -> Background {
    let (w, h) = ((b.x1 - b.x0) as f32, (b.y1 - b.y0) as f32);
    let corner = |left: f32| {
        let part = Rect::new(b.x0 as f32 + left * w, b.y0 as f32 + 0.05 * h, 0.11 * w, 0.14 * h);
        patch_colour(half, &part)
    };
    match (corner(0.05), corner(0.84)) {
        (a, b) if a == b => a,
        _ => Background::Unknown,
    }
}

fn patch_colour(half: &Half, part: &Rect) -> Background {
    let mut channels: [Vec<u8>; 3] = Default::default();
    for y in part.y as usize..(part.bottom().ceil() as usize).min(half.h) {
        for c in &half.rgb[y * half.w..][part.x as usize..(part.right().ceil() as usize).min(half.w)] {
            (0..3).for_each(|k| channels[k].push(c[k]));
        }
    }
    if channels[0].is_empty() {
        return Background::Unknown;
    }
    let middle = channels[0].len() / 2;
    name_colour(channels.map(|mut v| *v.select_nth_unstable(middle).1))
}

fn name_colour(c: [u8; 3]) -> Background {
    let [r, g, b] = c.map(i32::from);
    let (high, low) = (r.max(g).max(b), r.min(g).min(b));
    // A red ground is saturated; skin and wood are not.
    if r - g.max(b) >= 60 && 100 * g.max(b) <= 62 * r {
        Background::Red
    } else if b - r >= 45 && b >= g {
        Background::Blue
    } else if low >= 178 && high - low <= 40 {
        Background::White
    } else {
        Background::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn background_colours_and_near_misses() {
        for (colour, name) in [
            ([200, 20, 30], Background::Red),
            ([230, 60, 50], Background::Red),
            ([160, 30, 40], Background::Red),
            ([67, 142, 219], Background::Blue),
            ([30, 80, 170], Background::Blue),
            ([235, 238, 240], Background::White),
            ([190, 192, 195], Background::White),
            ([120, 120, 120], Background::Other),
            ([230, 170, 140], Background::Other),
            ([150, 160, 175], Background::Other),
            ([90, 170, 90], Background::Other),
            ([220, 180, 60], Background::Other),
        ] {
            assert_eq!(name_colour(colour), name, "{colour:?}");
        }
    }
}
