//! How far a page is turned, from the level edges of its text and rules.

use image::GrayImage;

use super::scale::Plane;

/// Lower edges of characters are still a pixel or two tall here, and a page is a third of a million pixels.
const WORKING_DPI: f32 = 90.0;
/// Beyond this a page isn't skewed but laid down obliquely; the answer is 0.
const MAX_DEGREES: f32 = 5.0;
/// Turning a page by less blurs it for nothing: over A4's width 0.1° is a third of a millimetre.
const MIN_DEGREES: f32 = 0.1;
/// Fewer edge pixels than two short lines of text have tell nothing.
const MIN_POINTS: usize = 250;
/// The best angle must stand out over the median of all angles by this factor: text and rules give 1.3 to 10,
/// photos and noise 1.0 to 1.05.
const MIN_PROMINENCE: f64 = 1.12;

/// The clockwise rotation in degrees, at most 5 either way, that makes the page's text and rules level.
///
/// `dpi` is the scale of `grey`. 0 where the page is level to a tenth of a degree, or too bare to tell.
#[must_use]
pub fn skew(grey: &GrayImage, dpi: f32) -> f32 {
    let Some(page) = Plane::at_most(grey, dpi, WORKING_DPI) else { return 0.0 };
    let points = lower_edges(&page);
    if points.len() < MIN_POINTS {
        return 0.0;
    }
    let profile = Profile::new(&page, points);
    let steps = (MAX_DEGREES / COARSE) as i32;
    let coarse: Vec<f64> = (-steps..=steps).map(|i| profile.steepness(i as f32 * COARSE)).collect();
    let (best, peak) = coarse.iter().enumerate().fold((0, 0.0), |b, (i, &s)| if s > b.1 { (i, s) } else { b });
    let mut sorted = coarse.clone();
    sorted.sort_by(f64::total_cmp);
    // At either end the true peak may lie outside the range.
    if best == 0 || best + 1 == coarse.len() || peak < sorted[sorted.len() / 2] * MIN_PROMINENCE {
        return 0.0;
    }
    let centre = (best as i32 - steps) as f32 * COARSE;
    let fine: Vec<(f32, f64)> = (-FINE_REACH..=FINE_REACH)
        .map(|i| centre + i as f32 * FINE)
        .map(|degrees| (degrees, profile.steepness(degrees)))
        .collect();
    let top = fine.iter().map(|f| f.1).fold(0.0, f64::max);
    // A level line is as steep over a small range of angles; its middle is the answer.
    let (sum, count) = fine.iter().filter(|f| f.1 >= top * 0.995).fold((0.0, 0.0), |(s, n), f| (s + f.0, n + 1.0));
    let slope: f32 = sum / count;
    if slope.abs() < MIN_DEGREES { 0.0 } else { -slope }
}

/// First pass, degrees: a peak of text is about half a degree wide.
const COARSE: f32 = 0.25;
/// Second pass, degrees, this many steps to either side.
const FINE: f32 = 0.05;
const FINE_REACH: i32 = 6;

/// Pixels where ink ends downwards, scanner borders and photos left out.
fn lower_edges(page: &Plane) -> Vec<(f32, f32)> {
    let (w, h) = (page.width, page.height);
    let mm = page.dpi / 25.4;
    let block = (4.0 * mm).round().max(4.0) as usize;
    let dark = dark_blocks(page, block);
    let across = w.div_ceil(block);
    let step = (0.7 * mm).round().max(1.0) as usize;
    let mut points = Vec::new();
    for y in step..h - step {
        let (above, here, below) = (page.row(y - step), page.row(y), page.row(y + step));
        let next = page.row(y + 1);
        for x in 1..w - 1 {
            let ink = i32::from(here[x]);
            // Steepest just here, paper below, and ink that is thin or at least has paper somewhere near.
            if i32::from(next[x]) - ink >= EDGE
                && i32::from(below[x]) - ink >= EDGE
                && i32::from(above[x]) - ink >= -EDGE
                && !dark[(y / block) * across + x / block]
            {
                points.push((x as f32, y as f32));
            }
        }
    }
    points
}

/// Grey levels: three times the noise of an office scanner at this scale, half the contrast of faint toner.
const EDGE: i32 = 24;

/// Blocks that lie in a dark or continuous-tone area, with those that touch them.
fn dark_blocks(page: &Plane, block: usize) -> Vec<bool> {
    let (across, down) = (page.width.div_ceil(block), page.height.div_ceil(block));
    let mut bright = vec![0u8; across * down];
    let mut mean = vec![0u32; across * down];
    for by in 0..down {
        for bx in 0..across {
            let (mut top, mut sum, mut count) = (0, 0u32, 0u32);
            for y in by * block..((by + 1) * block).min(page.height) {
                let row = &page.row(y)[bx * block..((bx + 1) * block).min(page.width)];
                for &v in row {
                    top = top.max(v);
                    sum += u32::from(v);
                    count += 1;
                }
            }
            bright[by * across + bx] = top;
            mean[by * across + bx] = sum / count.max(1);
        }
    }
    let mut sorted = bright.clone();
    sorted.sort_unstable();
    let paper = u32::from(sorted[sorted.len() * 3 / 4]);
    // Text covers a third of a block at most; a block under half the paper's level holds none.
    let lone: Vec<bool> =
        (0..mean.len()).map(|i| mean[i] * 2 < paper || u32::from(bright[i]) * 10 < paper * 6).collect();
    let mut dark = lone.clone();
    for by in 0..down {
        for bx in 0..across {
            let near = |x: usize, y: usize| lone[y * across + x];
            dark[by * across + bx] = (by.saturating_sub(1)..=(by + 1).min(down - 1))
                .any(|y| (bx.saturating_sub(1)..=(bx + 1).min(across - 1)).any(|x| near(x, y)));
        }
    }
    dark
}

/// Edge pixels, projected on the page's side along a slope.
struct Profile {
    points: Vec<(f32, f32)>,
    bins: usize,
    centre: f32,
    reach: f32,
}

impl Profile {
    fn new(page: &Plane, points: Vec<(f32, f32)>) -> Self {
        let reach = (page.width as f32 * 0.5 * MAX_DEGREES.to_radians().tan() * 1.2).ceil() + 2.0;
        Self { points, bins: page.height + 2 * reach as usize + 2, centre: page.width as f32 / 2.0, reach }
    }

    /// How unevenly the points fall on rows that slope down to the right by `degrees`.
    fn steepness(&self, degrees: f32) -> f64 {
        let slope = degrees.to_radians().tan();
        let mut bins = vec![0f32; self.bins];
        for &(x, y) in &self.points {
            let at = y - (x - self.centre) * slope + self.reach;
            let (low, part) = (at as usize, at.fract());
            bins[low] += 1.0 - part;
            bins[low + 1] += part;
        }
        bins.iter().map(|&b| f64::from(b) * f64::from(b)).sum()
    }
}
