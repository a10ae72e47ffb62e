//! Measures of the scan itself: is there anything on it, in colour or not, how well can it be seen.

use image::RgbImage;

use super::ink::{Ink, Kind, Patch, percentile};
use super::{Raster, WANTED_DPI};
use crate::model::page::{ColourMode, Quality};

/// Channels that differ by less carry no colour: rounding and JPEG noise on grey stay within 2.
const CHROMA: u8 = 5;
/// Share of coloured pixels that makes a page coloured: on A4 30 square millimetres, a tenth of a small seal's ink.
/// A page scanned in colour exceeds it by paper tint, sensor noise or colour fringes even where all print is black.
const COLOURED_SHARE: f32 = 0.0005;

/// Patches smaller than this alone do not make a page written on.
const MARK_MM: f32 = 1.5;
/// So many smaller ones do: a faint row of dots or broken print.
const MANY_SPECKS: usize = 10;
/// Print seen through the paper is fainter than this part of white ...
const GHOST_CONTRAST: f32 = 0.2;
/// ... and soft, as paper diffuses it over several tenths of a millimetre: fewer of its pixels than this stand on a
/// steep edge. Faint print of contrast 0.07 has 0.08, bleed-through and noise at most 0.045.
const GHOST_EDGES: f32 = 0.06;

/// The share of ink pixels that are fainter than the ink level.
const INK_SHARE: f32 = 0.8;
/// Edges are compared with the range of brightness within this distance.
const EDGE_REACH_MM: f32 = 0.8;
/// Brightness steps below these are the paper's noise: so many standard deviations, at least so many levels.
const NOISE_STEPS: f32 = 5.0;
const MIN_STEP: f32 = 8.0;
/// Edges lower than this part of the page's contrast are texture.
const EDGE_SHARE: f32 = 0.3;
/// Mean steepness (change over two pixels at 200 dpi, as part of the range) of a page too smeared to read, and of
/// crisp print; `sharpness` runs from 0 to 1 between them. Print scanned at 60 dpi and enlarged has 0.54, at 75 dpi
/// 0.58, at 150 dpi 0.6 to 0.8; print blurred by 0.25 mm (standard deviation) 0.48, and bilevel print 1.
const SMEARED: f32 = 0.53;
const CRISP: f32 = 0.9;

/// Content is cut off where at least this many separate strokes run over a side.
const CUT_RUNS: usize = 3;
/// A stroke that is cut reaches this far in and is not longer along the edge than this.
const CUT_INWARD_MM: f32 = 1.5;
const CUT_ALONG_MM: f32 = 10.0;
/// ... and is about as dark as the page's print; shadows of the sheet's edge are not.
const CUT_PEAK: f32 = 0.8;

/// Measures a page. `blank` is never set on a degraded one.
///
/// `contrast` and `sharpness` are 0 on a page without content.
#[must_use]
pub fn measure(raster: &Raster) -> Quality {
    let ink = Ink::find(&raster.image, raster.dpi);
    let seen = legibility(&raster.image, raster.dpi, &ink);
    let total: u32 = ink.content().map(|p| p.area).sum();
    let scanner: u32 = ink.patches.iter().filter(|p| p.kind == Kind::Scanner).map(|p| p.area).sum();
    let sheet = (ink.width * ink.height).saturating_sub(scanner).max(1);
    Quality {
        dpi: raster.native_dpi,
        colour: colour(raster),
        blank: raster.degraded.is_empty() && is_blank(&ink, seen.edges),
        ink: total as f32 / sheet as f32,
        contrast: seen.contrast,
        sharpness: seen.sharpness,
        cut_sides: cut_sides(&ink, seen.contrast),
        degraded: raster.degraded.clone(),
    }
}

/// What the page shows of colour. It decides whether the absence of a red seal can be known:
/// - any colour at all: a scanner in colour mode, whose paper tint, noise and fringes are never exactly grey;
/// - stored in colour and exactly grey everywhere: scanned without colour, wrapped in a colour file;
/// - a page drawn by instructions, not scanned, always shows its colours.
fn colour(raster: &Raster) -> ColourMode {
    let coloured = raster.image.pixels().filter(|p| spread(p.0) >= CHROMA).count();
    let all = raster.image.width() as usize * raster.image.height() as usize;
    if !raster.scanned || coloured as f32 > all as f32 * COLOURED_SHARE {
        return ColourMode::Colour;
    }
    match raster.stored {
        ColourMode::Bilevel => ColourMode::Bilevel,
        ColourMode::Grey | ColourMode::Colour => ColourMode::Grey,
    }
}

fn spread([r, g, b]: [u8; 3]) -> u8 {
    r.max(g).max(b) - r.min(g).min(b)
}

fn is_blank(ink: &Ink, edges: f32) -> bool {
    let strong = |p: &&Patch| f32::from(p.peak) >= GHOST_CONTRAST * 255.0;
    let long = |p: &&Patch| ink.mm((p.x1 - p.x0).max(p.y1 - p.y0) + 1) >= MARK_MM;
    let written = ink.content().filter(strong).any(|p| long(&p)) || ink.content().filter(strong).count() >= MANY_SPECKS;
    if written {
        return false;
    }
    let faint = ink.content().filter(long).count() > 0;
    !faint || edges < GHOST_EDGES
}

/// How well the content can be seen; all 0 where there is none.
#[derive(Default)]
struct Legibility {
    contrast: f32,
    sharpness: f32,
    /// Share of the content's pixels that stand on an edge steeper than noise.
    edges: f32,
}

fn legibility(image: &RgbImage, dpi: f32, ink: &Ink) -> Legibility {
    let reach = ((EDGE_REACH_MM / 25.4 * dpi) as usize).max(2);
    let (width, raw) = (image.width() as usize, image.as_raw());
    let mut depths = [0_u32; 256];
    let mut edges: Vec<(u8, u8)> = Vec::new();
    let mut row = vec![0_u8; width];
    let real = (NOISE_STEPS * ink.noise).max(MIN_STEP);
    for y in 0..ink.height {
        // The middle raster row of each row of the grid stands for it.
        let at = (y * ink.step + ink.step / 2) as usize * width * 3;
        for (v, p) in row.iter_mut().zip(raw[at..].as_chunks::<3>().0) {
            *v = p[0].min(p[1]).min(p[2]);
        }
        for x in reach.max(1)..width.saturating_sub(reach + 1) {
            let cell = (x as u32 / ink.step).min(ink.width - 1);
            if ink.patch_at(cell, y).is_none_or(|p| p.kind != Kind::Content) {
                continue;
            }
            depths[usize::from(ink.paper[(y * ink.width + cell) as usize].saturating_sub(row[x]))] += 1;
            let slope = |i: usize| row[i + 1].abs_diff(row[i - 1]);
            let here = slope(x);
            if f32::from(here) > real && here >= slope(x - 1) && here > slope(x + 1) {
                let near = &row[x - reach..=x + reach];
                let (low, high) = near.iter().fold((255, 0), |(l, h), v| (v.min(&l).to_owned(), *v.max(&h)));
                edges.push((here, high - low));
            }
        }
    }
    let content: u32 = depths.iter().sum();
    if content == 0 {
        return Legibility::default();
    }
    let level = percentile(&depths, INK_SHARE);
    let high = edges.iter().filter(|(_, range)| f32::from(*range) >= EDGE_SHARE * f32::from(level));
    let (sum, count) = high.fold((0.0, 0_u32), |(s, n), (d, r)| (s + f32::from(*d) / f32::from((*r).max(1)), n + 1));
    // A finer raster spreads the same edge over more pixels; a coarser one cannot show how steep it is.
    let scale = if dpi > WANTED_DPI { dpi / WANTED_DPI } else { (dpi / WANTED_DPI).sqrt() };
    let steepness = if count == 0 { 0.0 } else { sum / count as f32 * scale };
    Legibility {
        contrast: f32::from(level) / 255.0,
        sharpness: ((steepness - SMEARED) / (CRISP - SMEARED)).clamp(0.0, 1.0),
        edges: count as f32 / content as f32,
    }
}

/// Sides that strokes run over: several separate short contacts. Scanner borders are long, dust is shallow.
fn cut_sides(ink: &Ink, contrast: f32) -> u8 {
    let (w, h) = (ink.width, ink.height);
    let sides: [(u32, Box<dyn Fn(u32) -> (u32, u32)>); 4] = [
        (h, Box::new(|i| (0, i))),
        (w, Box::new(|i| (i, 0))),
        (h, Box::new(move |i| (w - 1, i))),
        (w, Box::new(move |i| (i, h - 1))),
    ];
    let mut cut = 0;
    for (side, (length, place)) in sides.iter().enumerate() {
        let mut runs = 0;
        let mut run = 0_u32;
        for i in 0..=*length {
            let touched = (i < *length).then(|| place(i)).and_then(|(x, y)| ink.patch_at(x, y)).filter(|p| {
                let inward = if side % 2 == 0 { p.x1 - p.x0 } else { p.y1 - p.y0 };
                let dark = f32::from(p.peak) >= CUT_PEAK * contrast * 255.0;
                dark && p.kind == Kind::Content && ink.mm(inward + 1) >= CUT_INWARD_MM
            });
            if touched.is_some() {
                run += 1;
            } else {
                runs += usize::from(run > 0 && ink.mm(run) <= CUT_ALONG_MM);
                run = 0;
            }
        }
        cut += u8::from(runs >= CUT_RUNS);
    }
    cut
}
