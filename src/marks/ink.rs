//! One ink of a page and what can be asked of it.

use crate::model::geometry::Rect;
use crate::model::marks::{Seal, SealColour, SealShape};

use super::colour::Plane;
use super::shape::{Blob, blobs, shrunk};

/// Share of the uninked surroundings of a coloured seal that is paper; inside a picture there is none.
const ON_PAPER: f32 = 0.35;
/// One ink of the page, at half the working scale.
pub(crate) struct Ink<'a> {
    pub(crate) plane: Plane,
    /// The same at the full working scale.
    pub(crate) full: &'a Plane,
    pub(crate) mask: Vec<bool>,
    /// Ink left after shrinking it by about 1.5 mm.
    pub(crate) solid: Vec<bool>,
    pub(crate) least: u8,
    pub(crate) px_per_mm: f32,
    pub(crate) colour: SealColour,
    /// Paper by brightness and colour.
    pub(crate) paper: &'a [bool],
}

impl<'a> Ink<'a> {
    pub(crate) fn new(
        full: &'a Plane,
        least: Option<u8>,
        px_per_mm: f32,
        colour: SealColour,
        paper: &'a [bool],
    ) -> Self {
        let plane = full.halved();
        let least = least.unwrap_or_else(|| noise_floor(&plane));
        let mask: Vec<bool> = plane.px.iter().map(|v| *v >= least).collect();
        let solid = shrunk(&mask, plane.w, plane.h, (1.5 * px_per_mm).round().max(1.0) as usize);
        Self { plane, full, mask, solid, least, px_per_mm, colour, paper }
    }

    pub(crate) fn mm(&self, mm: f32) -> f32 {
        mm * self.px_per_mm
    }

    pub(crate) fn is_coloured(&self) -> bool {
        matches!(self.colour, SealColour::Red | SealColour::Blue)
    }

    pub(crate) fn blobs(&self, mask: &[bool]) -> Vec<Blob> {
        let gap = self.mm(1.0).round().max(1.0) as usize;
        blobs(mask, self.plane.w, self.plane.h, gap, self.mm(4.0) as usize)
    }

    pub(crate) fn solid_share(&self, blob: &Blob) -> f32 {
        let n = blob.points.iter().filter(|p| self.solid[usize::from(p.1) * self.plane.w + usize::from(p.0)]).count();
        n as f32 / blob.points.len().max(1) as f32
    }

    /// Whether what shows between the ink of a box and beside it is paper.
    pub(crate) fn on_paper(&self, rect: &Rect) -> bool {
        let (w, h) = (self.plane.w, self.plane.h);
        let around = rect.grown(self.mm(2.0) / w as f32, self.mm(2.0) / h as f32);
        let (x0, x1) = ((around.x.max(0.0) * w as f32) as usize, ((around.right() * w as f32) as usize).min(w));
        let (y0, y1) = ((around.y.max(0.0) * h as f32) as usize, ((around.bottom() * h as f32) as usize).min(h));
        let (mut bare, mut paper) = (0u32, 0u32);
        for y in y0..y1 {
            for i in y * w + x0..y * w + x1 {
                if !self.mask[i] {
                    bare += 1;
                    paper += u32::from(self.paper[i]);
                }
            }
        }
        paper as f32 >= ON_PAPER * bare as f32
    }

    /// Inked share of the band of lettering, share of the ink that is solid, inked share just outside; of a seal
    /// within `reach` pixels of a centre, where `depth` measures a point's distance and the rim lies at `rim`.
    pub(crate) fn filling(
        &self,
        cx: f32,
        cy: f32,
        reach: f32,
        depth: impl Fn(f32, f32) -> f32,
        rim: f32,
    ) -> (f32, f32, f32) {
        let (mut band, mut inked, mut ink, mut solid, mut out, mut out_ink) = (0u32, 0u32, 0u32, 0u32, 0u32, 0u32);
        let reach = reach + self.mm(3.0);
        let (x0, x1) = ((cx - reach).max(0.0) as usize, ((cx + reach).max(0.0) as usize).min(self.plane.w - 1));
        let (y0, y1) = ((cy - reach).max(0.0) as usize, ((cy + reach).max(0.0) as usize).min(self.plane.h - 1));
        for y in y0..=y1 {
            for x in x0..=x1 {
                let d = depth(x as f32, y as f32);
                let i = y * self.plane.w + x;
                let is = u32::from(self.mask[i]);
                // The middle may hold a star, which is solid.
                if d > 0.5 * rim && d <= rim + 1.0 {
                    ink += is;
                    solid += u32::from(self.solid[i]);
                }
                if d > 0.55 * rim && d < rim - self.mm(2.0) {
                    band += 1;
                    inked += is;
                } else if d > rim + self.mm(1.2) && d < rim + self.mm(3.0) {
                    out += 1;
                    out_ink += is;
                }
            }
        }
        let share = |n: u32, of: u32| n as f32 / of.max(1) as f32;
        (share(inked, band), share(solid, ink), share(out_ink, out))
    }

    /// A seal of this ink around a centre, with half width, half height and longer side in pixels.
    pub(crate) fn seal(
        &self,
        (cx, cy): (f32, f32),
        (hw, hh): (f32, f32),
        shape: SealShape,
        long: f32,
        confidence: f32,
    ) -> Seal {
        let (w, h) = (self.plane.w as f32, self.plane.h as f32);
        let (x0, y0) = (((cx - hw) / w).clamp(0.0, 1.0), ((cy - hh) / h).clamp(0.0, 1.0));
        let (x1, y1) = (((cx + hw) / w).clamp(0.0, 1.0), ((cy + hh) / h).clamp(0.0, 1.0));
        Seal {
            rect: Rect::from_corners(x0, y0, x1, y1),
            shape,
            colour: self.colour,
            diameter_mm: (long / self.px_per_mm * 10.0).round() / 10.0,
            text: None,
            confidence: (confidence * 100.0).round() / 100.0,
            layer: false,
            print: None,
        }
    }
}

/// The least value that is ink: above the chroma noise of the paper, low enough for a third of full ink.
fn noise_floor(plane: &Plane) -> u8 {
    let mut counts = [0u32; 48];
    plane.px.iter().filter(|v| **v > 0 && **v < 48).for_each(|v| counts[usize::from(*v)] += 1);
    let half = counts.iter().sum::<u32>() / 2;
    let mut sum = 0;
    let median = counts.iter().position(|c| {
        sum += c;
        sum > half
    });
    // The median of the positive half of a normal distribution is 0.67 deviations.
    (median.unwrap_or(0) as f32 * 3.0 / 0.67).clamp(12.0, 36.0) as u8
}
