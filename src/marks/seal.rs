//! Seals: rings, ellipses, square chops and framed stamps in coloured or dark ink.

use crate::model::geometry::Rect;
use crate::model::marks::{Seal, SealColour, SealShape};
use crate::model::page::ColourMode;

use super::colour::{Plane, Sheet};
use super::ring::{Circle, circles, edges};
use super::shape::{Blob, Ellipse, Frame, blobs, fit_ellipse, fit_frame, shrunk};

/// Least coverage of a coloured ring: text and rules through it, uneven ink and fading take up to half of it.
const COLOURED_COVERAGE: f32 = 0.55;
/// A circle covered at least so much is not looked at as a part of an ellipse.
const PLAIN_CIRCLE: f32 = 0.85;
/// Least coverage of a ring in dark ink, where letters and rules make rings of their own.
const DARK_COVERAGE: f32 = 0.68;
/// A ring shows this much more edge than the radii around it.
const ABOVE_CLUTTER: f32 = 0.22;
/// At least this much of a seal cut by the page's edge lies on the page.
const LEAST_IN_PAGE: f32 = 0.35;
/// Share of inked area between ring and centre: lettering, neither nothing nor a solid disc.
const LETTERING: (f32, f32) = (0.05, 0.80);
/// Share of the ink that is left after shrinking it by 1.5 mm: a star leaves a little, solid areas nearly all.
const MOST_SOLID: f32 = 0.30;
/// Ellipses sought, long and short axis in millimetres: 40x30 and 45x30, shrunken copies.
const ELLIPSE_LONG_MM: (f32, f32) = (26.0, 62.0);
const ELLIPSE_SHORT_MM: (f32, f32) = (18.0, 60.0);
/// Rounder than this is a circle.
const ROUND: f32 = 0.90;
const FLATTEST: f32 = 0.52;
/// Name chops are 12-25 mm, departments' square seals up to 45.
const SQUARE_MM: (f32, f32) = (10.0, 46.0);
/// Framed stamps: long side, short side.
const STAMP_LONG_MM: (f32, f32) = (20.0, 75.0);
const STAMP_SHORT_MM: (f32, f32) = (5.5, 26.0);
/// Least share of a frame's outline that is drawn, and of its weakest side.
const FRAME_OUTLINE: f32 = 0.72;
const FRAME_SIDE: f32 = 0.40;
/// A stamp's frame line shows this much more than what lies just inside it; a row of characters does not.
const FRAME_ABOVE_INSIDE: f32 = 0.25;
/// Share of the uninked surroundings of a coloured seal that is paper; inside a picture there is none.
const ON_PAPER: f32 = 0.35;
/// Dark rings smaller than this are too often codes and ornaments.
const LEAST_DARK_MM: f32 = 30.0;

/// Finds the seals on an upright page. `dpi` is the raster's scale. Boxes are fractions of the page, clipped to it.
///
/// On a colour scan seals are red or blue (stamped) or black (printed, photocopied; reported only when plain);
/// on a grey or bilevel scan their colour is unknown and many stay unseen: absence proves nothing there.
#[must_use]
pub fn find_seals(page: &image::RgbImage, dpi: f32, mode: ColourMode) -> Vec<Seal> {
    Sheet::new(page, dpi).map(|s| seals_on(&s, mode)).unwrap_or_default()
}

/// One ink of the page, at half the working scale.
struct Ink<'a> {
    plane: Plane,
    /// The same at the full working scale.
    full: &'a Plane,
    mask: Vec<bool>,
    /// Ink left after shrinking it by about 1.5 mm.
    solid: Vec<bool>,
    least: u8,
    px_per_mm: f32,
    colour: SealColour,
    /// Paper by brightness and colour.
    paper: &'a [bool],
}

pub(crate) fn seals_on(sheet: &Sheet, mode: ColourMode) -> Vec<Seal> {
    let inks = sheet.inks();
    let px_per_mm = sheet.px_per_mm / 2.0;
    let paper = paper_of(sheet);
    let mut seals: Vec<Seal> = Vec::new();
    if mode == ColourMode::Colour {
        for (plane, colour) in [(&inks.red, SealColour::Red), (&inks.blue, SealColour::Blue)] {
            let ink = Ink::new(plane, None, px_per_mm, colour, &paper);
            seals.extend(ink.seals());
        }
    }
    let colour = if mode == ColourMode::Colour { SealColour::Black } else { SealColour::Unknown };
    // Grey copies of red seals are mid-grey; black on a colour scan is meant to be dark.
    let least = if mode == ColourMode::Colour { 40 } else { 30 };
    let ink = Ink::new(&inks.dark, Some(least), px_per_mm, colour, &paper);
    for c in ink.rings(DARK_COVERAGE).iter().filter(|c| 2.0 * c.r >= LEAST_DARK_MM * px_per_mm) {
        let seal = ink.ring_seal(c, DARK_COVERAGE);
        // A dark-red seal leaves a trace in the dark ink, too.
        if seals.iter().all(|s| s.rect.iou(&seal.rect) < 0.25) {
            seals.push(seal);
        }
    }
    distinct(seals)
}

/// At half the scale: which pixels are bare paper.
fn paper_of(sheet: &Sheet) -> Vec<bool> {
    let (w, h) = ((sheet.w / 2).max(1), (sheet.h / 2).max(1));
    (0..w * h)
        .map(|i| {
            let c = sheet.flat[(2 * (i / w)) * sheet.w + 2 * (i % w)];
            let (low, high) = (c[0].min(c[1]).min(c[2]), c[0].max(c[1]).max(c[2]));
            low > 185 && high - low < 45
        })
        .collect()
}

/// Drops a seal whose box nearly repeats that of a surer one.
fn distinct(mut seals: Vec<Seal>) -> Vec<Seal> {
    seals.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    let mut kept: Vec<Seal> = Vec::new();
    for seal in seals {
        if kept.iter().all(|k| k.rect.iou(&seal.rect) < 0.5 && seal.rect.share_inside(&k.rect) < 0.85) {
            kept.push(seal);
        }
    }
    kept.sort_by(|a, b| a.rect.y.total_cmp(&b.rect.y).then(a.rect.x.total_cmp(&b.rect.x)));
    kept
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
    (median.unwrap_or(0) as f32 * 4.0 / 0.67).clamp(14.0, 44.0) as u8
}

impl<'a> Ink<'a> {
    fn new(full: &'a Plane, least: Option<u8>, px_per_mm: f32, colour: SealColour, paper: &'a [bool]) -> Self {
        let plane = full.halved();
        let least = least.unwrap_or_else(|| noise_floor(&plane));
        let mask: Vec<bool> = plane.px.iter().map(|v| *v >= least).collect();
        let solid = shrunk(&mask, plane.w, plane.h, (1.5 * px_per_mm).round().max(1.0) as usize);
        Self { plane, full, mask, solid, least, px_per_mm, colour, paper }
    }

    /// Seals in coloured ink. An ellipse hides a circle that fits part of it less well.
    fn seals(&self) -> Vec<Seal> {
        let mut rings = self.rings(COLOURED_COVERAGE);
        let gap = self.mm(1.0).round().max(1.0) as usize;
        let mut found = Vec::new();
        if rings.iter().any(|c| c.coverage < PLAIN_CIRCLE) {
            for blob in blobs(&self.mask, self.plane.w, self.plane.h, gap, self.mm(20.0) as usize) {
                let long = blob.width().max(blob.height()) / self.px_per_mm;
                if !(ELLIPSE_LONG_MM.0..=ELLIPSE_LONG_MM.1 * 1.1).contains(&long) {
                    continue;
                }
                let Some((seal, e, coverage)) = self.ellipse(&blob) else { continue };
                let within = |c: &Circle| e.reach(c.cx, c.cy) < 0.5;
                if seal.shape == SealShape::Ellipse && rings.iter().all(|c| !within(c) || c.coverage < coverage) {
                    rings.retain(|c| !within(c));
                    found.push((seal, e));
                }
            }
        }
        let known = |x: f32, y: f32| {
            rings.iter().any(|c| (x - c.cx).hypot(y - c.cy) < c.r + self.mm(1.0))
                || found.iter().any(|f| f.1.reach(x, y) < 1.08)
        };
        let mut seals: Vec<Seal> = rings.iter().map(|c| self.ring_seal(c, COLOURED_COVERAGE)).collect();
        seals.extend(self.pieces(known));
        seals.extend(found.into_iter().map(|f| f.0));
        seals.retain(|s| self.on_paper(&s.rect));
        seals
    }

    /// Whether what shows between the ink of a box and beside it is paper.
    fn on_paper(&self, rect: &Rect) -> bool {
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

    fn mm(&self, mm: f32) -> f32 {
        mm * self.px_per_mm
    }

    /// Rings that hold lettering, surest first; overlapping seals each keep their own.
    fn rings(&self, least_coverage: f32) -> Vec<Circle> {
        let edges = edges(&self.plane, f32::from(self.least) * 0.5);
        let (w, h) = (self.plane.w, self.plane.h);
        let mut kept: Vec<Circle> = Vec::new();
        for c in circles(&edges, w, h, self.px_per_mm) {
            let plain = c.coverage >= least_coverage
                && c.coverage - c.clutter >= ABOVE_CLUTTER
                && c.in_page >= LEAST_IN_PAGE
                && c.gap <= 0.30;
            if plain && self.holds_lettering(&c) && kept.iter().all(|k| apart(k, &c)) {
                kept.push(c);
            }
        }
        kept
    }

    fn holds_lettering(&self, c: &Circle) -> bool {
        let (mut band, mut inked, mut ink, mut solid, mut out, mut out_ink) = (0u32, 0u32, 0u32, 0u32, 0u32, 0u32);
        let reach = c.r + self.mm(3.0);
        let (x0, x1) = ((c.cx - reach).max(0.0) as usize, ((c.cx + reach) as usize).min(self.plane.w - 1));
        let (y0, y1) = ((c.cy - reach).max(0.0) as usize, ((c.cy + reach) as usize).min(self.plane.h - 1));
        for y in y0..=y1 {
            for x in x0..=x1 {
                let d = (x as f32 - c.cx).hypot(y as f32 - c.cy);
                let i = y * self.plane.w + x;
                let is = u32::from(self.mask[i]);
                if d <= c.r + 1.0 {
                    ink += is;
                    solid += u32::from(self.solid[i]);
                }
                if d > 0.55 * c.r && d < c.r - self.mm(2.0) {
                    band += 1;
                    inked += is;
                } else if d > c.r + self.mm(1.2) && d < reach {
                    out += 1;
                    out_ink += is;
                }
            }
        }
        let share = |n: u32, of: u32| n as f32 / of.max(1) as f32;
        let lettering = share(inked, band);
        lettering > LETTERING.0
            && lettering < LETTERING.1
            && share(solid, ink) < MOST_SOLID
            && share(out_ink, out) < if self.is_coloured() { 0.6 } else { 0.22 }
    }

    fn is_coloured(&self) -> bool {
        matches!(self.colour, SealColour::Red | SealColour::Blue)
    }

    fn ring_seal(&self, c: &Circle, least: f32) -> Seal {
        // Half-way sure at the least coverage, sure where the whole ring shows.
        let shown = ((c.coverage - least) / (1.0 - least)).clamp(0.0, 1.0);
        let usual = 2.0 * c.r / self.px_per_mm;
        let size = if (34.0..=60.0).contains(&usual) { 1.0 } else { 0.8 };
        self.seal(c.cx, c.cy, c.r, c.r, SealShape::Circle, 2.0 * c.r, (0.6 + 0.4 * shown) * size)
    }

    #[allow(clippy::too_many_arguments)]
    fn seal(&self, cx: f32, cy: f32, hw: f32, hh: f32, shape: SealShape, long: f32, confidence: f32) -> Seal {
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
        }
    }

    /// Ellipses, squares and framed stamps among the pieces outside the seals already `known`.
    fn pieces(&self, known: impl Fn(f32, f32) -> bool) -> Vec<Seal> {
        let (w, h) = (self.plane.w, self.plane.h);
        let mut mask = self.mask.clone();
        for (i, m) in mask.iter_mut().enumerate() {
            if *m && known((i % w) as f32, (i / w) as f32) {
                *m = false;
            }
        }
        let gap = self.mm(1.0).round().max(1.0) as usize;
        let all = blobs(&mask, w, h, gap, self.mm(4.0) as usize);
        let mut found = Vec::new();
        for (i, blob) in all.iter().enumerate() {
            let (bw, bh) = (blob.width() / self.px_per_mm, blob.height() / self.px_per_mm);
            if bw.max(bh) > 110.0 || bw.max(bh) < 9.0 || self.solid_share(blob) > MOST_SOLID {
                continue;
            }
            if let Some((seal, ..)) = self.ellipse(blob) {
                found.push(seal);
            } else if !in_text_row(i, &all)
                && let Some(frame) = fit_frame(
                    blob,
                    |x, y| self.full.at(x as i32, y as i32) >= self.least,
                    2.0,
                    2.0 * self.px_per_mm,
                    &known,
                )
                && let Some((shape, confidence)) = self.framed(&frame)
            {
                let (cx, cy) = blob.centre();
                found.push(self.seal(cx, cy, blob.width() / 2.0, blob.height() / 2.0, shape, frame.long, confidence));
            }
        }
        found
    }

    fn solid_share(&self, blob: &Blob) -> f32 {
        let n = blob.points.iter().filter(|p| self.solid[usize::from(p.1) * self.plane.w + usize::from(p.0)]).count();
        n as f32 / blob.points.len().max(1) as f32
    }

    fn ellipse(&self, blob: &Blob) -> Option<(Seal, Ellipse, f32)> {
        let plausible = |e: &Ellipse| {
            let (long, short) = (2.0 * e.a / self.px_per_mm, 2.0 * e.b / self.px_per_mm);
            long >= ELLIPSE_LONG_MM.0
                && long <= ELLIPSE_LONG_MM.1
                && short >= ELLIPSE_SHORT_MM.0
                && short <= ELLIPSE_SHORT_MM.1
                && short / long > FLATTEST
        };
        let (e, coverage) = fit_ellipse(blob, plausible)?;
        let band: Vec<f32> = blob.points.iter().map(|p| e.reach(f32::from(p.0), f32::from(p.1))).collect();
        let share = |from: f32, to: f32| {
            let n = band.iter().filter(|d| **d >= from && **d < to).count() as f32;
            n / (std::f32::consts::PI * e.a * e.b * (to * to - from * from))
        };
        let (lettering, centre, ring) = (share(0.5, 0.88), share(0.0, 0.5), share(0.92, 1.06));
        if coverage < 0.6 || lettering < LETTERING.0 || lettering > LETTERING.1 || centre > 0.9 || ring < 0.25 {
            return None;
        }
        let (hw, hh) = e.half_box();
        let shape = if e.b / e.a > ROUND { SealShape::Circle } else { SealShape::Ellipse };
        Some((self.seal(e.cx, e.cy, hw, hh, shape, 2.0 * e.a, 0.35 + 0.6 * coverage), e, coverage))
    }

    fn framed(&self, f: &Frame) -> Option<(SealShape, f32)> {
        let (long, short) = (f.long / self.px_per_mm, f.short / self.px_per_mm);
        if f.outline < FRAME_OUTLINE || f.weakest < FRAME_SIDE || f.fill < 0.12 || f.fill > 0.92 {
            return None;
        }
        let confidence = 0.3 + 0.6 * f.outline;
        if short / long > 0.78 && long >= SQUARE_MM.0 && long <= SQUARE_MM.1 {
            Some((SealShape::Square, confidence))
        } else if short / long < 0.62
            && f.outline - f.inner > FRAME_ABOVE_INSIDE
            && (STAMP_LONG_MM.0..=STAMP_LONG_MM.1).contains(&long)
            && (STAMP_SHORT_MM.0..=STAMP_SHORT_MM.1).contains(&short)
        {
            Some((SealShape::Rect, confidence))
        } else {
            None
        }
    }
}

/// Two rings are two seals if their centres are well apart for their size.
fn apart(a: &Circle, b: &Circle) -> bool {
    (a.cx - b.cx).hypot(a.cy - b.cy) > 0.45 * a.r.min(b.r)
}

/// A piece with companions of its height beside it is a character of a large heading, whatever its outline (国).
fn in_text_row(i: usize, all: &[Blob]) -> bool {
    let this = &all[i];
    let (cx, cy) = this.centre();
    let companions = all
        .iter()
        .enumerate()
        .filter(|(k, b)| {
            let (x, y) = b.centre();
            *k != i
                && (0.7..1.4).contains(&(b.height() / this.height()))
                && (0.3..1.7).contains(&(b.width() / this.width()))
                && (y - cy).abs() < 0.35 * this.height()
                && (x - cx).abs() < 3.2 * this.height()
        })
        .count();
    companions >= 2
}
