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
    let blank = raster.degraded.is_empty() && is_blank(&ink, seen.edges);
    Quality {
        dpi: raster.native_dpi,
        colour: colour(raster),
        stored: raster.stored,
        blank,
        ink: total as f32 / sheet as f32,
        contrast: seen.contrast,
        sharpness: seen.sharpness,
        cut_sides: if blank { 0 } else { cut_sides(&ink, seen.contrast) },
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
        let slope = |i: usize| row[i + 1].abs_diff(row[i - 1]);
        for cell in 0..ink.width {
            if ink.patch_at(cell, y).is_none_or(|p| p.kind != Kind::Content) {
                continue;
            }
            let paper = ink.paper[(y * ink.width + cell) as usize];
            let (from, step) = ((cell * ink.step) as usize, ink.step as usize);
            // The last cell also stands for the columns that are left over.
            let to = if cell + 1 == ink.width { width } else { from + step };
            for x in from.max(reach)..to.min(width.saturating_sub(reach + 1)) {
                depths[usize::from(paper.saturating_sub(row[x]))] += 1;
                let here = slope(x);
                if f32::from(here) > real && here >= slope(x - 1) && here > slope(x + 1) {
                    let near = &row[x - reach..=x + reach];
                    let (low, high) = near.iter().fold((255, 0), |(l, h), v| (v.min(&l).to_owned(), *v.max(&h)));
                    edges.push((here, high - low));
                }
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
    let print = CUT_PEAK * contrast * 255.0;
    let runs_over = |left_or_right: bool, x: u32, y: u32| {
        ink.patch_at(x, y).is_some_and(|p| {
            let inward = if left_or_right { p.x1 - p.x0 } else { p.y1 - p.y0 };
            p.kind == Kind::Content && f32::from(p.peak) >= print && ink.mm(inward + 1) >= CUT_INWARD_MM
        })
    };
    let (right, bottom) = (ink.width - 1, ink.height - 1);
    let sides: [Vec<bool>; 4] = [
        (0..=bottom).map(|y| runs_over(true, 0, y)).collect(),
        (0..=bottom).map(|y| runs_over(true, right, y)).collect(),
        (0..=right).map(|x| runs_over(false, x, 0)).collect(),
        (0..=right).map(|x| runs_over(false, x, bottom)).collect(),
    ];
    let is_cut = |side: &Vec<bool>| {
        let runs = side.chunk_by(|a, b| a == b).filter(|run| run[0] && ink.mm(run.len() as u32) <= CUT_ALONG_MM);
        runs.count() >= CUT_RUNS
    };
    sides.iter().filter(|side| is_cut(side)).count() as u8
}

#[cfg(test)]
mod tests {
    use image::{Rgb, imageops};

    use super::*;
    use crate::model::page::{Degraded, PageSize};

    const W: u32 = 1654;
    const H: u32 = 2339;

    fn raster(image: RgbImage, stored: ColourMode) -> Raster {
        let size = PageSize { width_mm: 210.0, height_mm: 297.0, known: true };
        Raster {
            dpi: image.width() as f32 / (210.0 / 25.4),
            pixels: image.dimensions(),
            image,
            size,
            native_dpi: Some(200),
            stored,
            scanned: true,
            degraded: Vec::new(),
        }
    }

    fn paper(level: u8) -> RgbImage {
        RgbImage::from_pixel(W, H, Rgb([level; 3]))
    }

    fn bar(image: &mut RgbImage, (x, y): (u32, u32), (w, h): (u32, u32), colour: [u8; 3]) {
        for (px, py) in (y..y + h).flat_map(|py| (x..x + w).map(move |px| (px, py))) {
            image.put_pixel(px, py, Rgb(colour));
        }
    }

    /// Lines of glyph-like crosses, 3 mm high, of strokes 0.4 mm wide.
    fn print(image: &mut RgbImage, colour: [u8; 3]) {
        for (y, x) in (200..2100).step_by(60).flat_map(|y| (200..1400).step_by(34).map(move |x| (y, x))) {
            bar(image, (x, y + 11), (24, 3), colour);
            bar(image, (x + 11, y), (3, 24), colour);
        }
    }

    /// Deterministic sensor noise of some levels.
    fn noise(image: &mut RgbImage, amplitude: i16) {
        let mut state = 1_u32;
        for v in image.iter_mut() {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let shift = (state >> 24) as i16 * (2 * amplitude + 1) / 256 - amplitude;
            *v = (i16::from(*v) + shift).clamp(0, 255) as u8;
        }
    }

    fn grey_noise(image: &mut RgbImage, amplitude: i16) {
        noise(image, amplitude);
        image.pixels_mut().for_each(|p| p.0 = [p.0[0]; 3]);
    }

    fn quality(image: RgbImage) -> Quality {
        measure(&raster(image, ColourMode::Colour))
    }

    #[test]
    fn a_printed_page_is_above_every_floor() {
        let mut image = paper(245);
        print(&mut image, [30; 3]);
        let q = quality(imageops::blur(&image, 0.8));
        assert!(!q.blank && q.contrast > 0.5 && q.sharpness > 0.2 && q.cut_sides == 0, "{q:?}");
    }

    #[test]
    fn faint_smeared_and_coarse_pages_are_below_a_floor() {
        let mut faint = paper(245);
        print(&mut faint, [220; 3]);
        let faint = quality(faint);
        assert!(!faint.blank && faint.contrast < 0.15, "faint print is not a blank page: {faint:?}");

        let mut image = paper(245);
        print(&mut image, [30; 3]);
        let smeared = quality(imageops::blur(&image, 3.5));
        assert!(smeared.sharpness < 0.05, "{smeared:?}");
        let small = imageops::resize(&image, 496, 702, imageops::FilterType::Triangle);
        let coarse = quality(imageops::resize(&small, W, H, imageops::FilterType::CatmullRom));
        assert!(coarse.sharpness < 0.05, "{coarse:?}");
    }

    #[test]
    fn what_the_scanner_adds_leaves_a_page_blank() {
        let mut image = paper(240);
        bar(&mut image, (0, 0), (40, H), [20; 3]); // lid shadow
        bar(&mut image, (0, H - 25), (W, 25), [60; 3]);
        bar(&mut image, (900, 0), (2, H), [180; 3]); // dirty sensor
        for y in [700, 1330_u32] {
            for (dx, dy) in (0..48_i32).flat_map(|a| (0..48_i32).map(move |b| (a - 24, b - 24))) {
                if dx * dx + dy * dy < 576 {
                    image.put_pixel((110 + dx) as u32, (y as i32 + dy) as u32, Rgb([15; 3])); // punch hole
                }
            }
        }
        for (x, y) in [(500, 500), (800, 1200), (1200, 1900)] {
            bar(&mut image, (x, y), (4, 3), [60; 3]); // dust
        }
        grey_noise(&mut image, 6);
        let q = quality(image.clone());
        assert!(q.blank && q.ink < 0.001, "{q:?}");

        let mut damaged = raster(image.clone(), ColourMode::Grey);
        damaged.degraded.push(Degraded::ImageDropped("JPEG".into()));
        assert!(!measure(&damaged).blank, "a page that failed to decode is never blank");

        bar(&mut image, (820, 2200), (3, 22), [60; 3]); // the page number 1
        assert!(!quality(image).blank);
    }

    #[test]
    fn bleed_through_is_blank_and_a_line_over_it_is_not() {
        let mut image = paper(240);
        print(&mut image, [205; 3]);
        let mut ghost = imageops::flip_horizontal(&imageops::blur(&image, 3.0));
        grey_noise(&mut ghost, 5);
        let q = quality(ghost.clone());
        assert!(q.blank, "{q:?}");
        bar(&mut ghost, (300, 1000), (200, 4), [50; 3]);
        assert!(!quality(ghost).blank);
    }

    #[test]
    fn colour_is_known_from_tint_noise_or_ink_only() {
        let mut grey = paper(245);
        print(&mut grey, [30; 3]);
        grey_noise(&mut grey, 6);
        assert_eq!(quality(grey.clone()).colour, ColourMode::Grey, "stored in colour, none in it");
        assert_eq!(measure(&raster(grey.clone(), ColourMode::Grey)).colour, ColourMode::Grey);

        let mut jittered = grey.clone();
        jittered.iter_mut().step_by(3).for_each(|v| *v = v.saturating_sub(2));
        assert_eq!(quality(jittered).colour, ColourMode::Grey, "rounding in JPEG");

        let mut noisy = grey.clone();
        noise(&mut noisy, 5);
        assert_eq!(quality(noisy).colour, ColourMode::Colour, "a colour sensor's noise");

        let mut tinted = grey.clone();
        tinted.pixels_mut().for_each(|p| p.0[2] = p.0[2].saturating_sub(12));
        assert_eq!(quality(tinted).colour, ColourMode::Colour, "yellowish paper");

        let mut stamped = grey.clone();
        bar(&mut stamped, (1000, 1800), (60, 60), [200, 40, 40]);
        assert_eq!(quality(stamped).colour, ColourMode::Colour);
        let mut speck = grey.clone();
        bar(&mut speck, (1000, 1800), (5, 5), [200, 40, 40]);
        assert_eq!(quality(speck).colour, ColourMode::Grey, "one coloured speck is no colour scan");

        let mut drawn = raster(grey, ColourMode::Colour);
        drawn.scanned = false;
        assert_eq!(measure(&drawn).colour, ColourMode::Colour, "a drawn page would show its colours");

        let mut black = paper(255);
        print(&mut black, [0; 3]);
        assert_eq!(measure(&raster(black, ColourMode::Bilevel)).colour, ColourMode::Bilevel);
    }

    #[test]
    fn lines_over_the_edge_are_cut_and_a_border_is_not() {
        let mut image = paper(245);
        print(&mut image, [30; 3]);
        for y in (300..900).step_by(60) {
            bar(&mut image, (W - 40, y), (40, 4), [30; 3]);
        }
        assert_eq!(quality(image).cut_sides, 1);
        let mut bordered = paper(245);
        print(&mut bordered, [30; 3]);
        bar(&mut bordered, (W - 30, 0), (30, H), [30; 3]);
        assert_eq!(quality(bordered).cut_sides, 0);
    }
}
