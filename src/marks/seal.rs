//! Seals: rings, ellipses, square chops and framed stamps in coloured or dark ink.

use crate::model::marks::{Seal, SealColour, SealShape};
use crate::model::page::ColourMode;

use super::colour::Sheet;
use super::ink::Ink;
use super::oval::{Oval, ovals};
use super::ring::{Circle, Edge, circles, edges};
use super::shape::{Blob, Ellipse, fit_ellipse};

/// Least coverage of a coloured ring: text and rules through it, uneven ink and fading take up to half of it.
const COLOURED_COVERAGE: f32 = 0.55;
/// Least coverage of a ring in dark ink, where letters and rules make rings of their own.
const DARK_COVERAGE: f32 = 0.68;
/// A ring shows this much more edge than the radii around it.
const ABOVE_CLUTTER: f32 = 0.22;
/// Below this coverage a ring must be drawn in runs, see [`Circle::drawn`].
const SURE_COVERAGE: f32 = 0.75;
const LEAST_DRAWN: f32 = 0.45;
/// Below that coverage a ring must also show where straight lines around it would not touch it.
const LEAST_DIAGONAL: f32 = 0.45;
/// Least coverage of an oval, and how much better than a circle there it must show.
const OVAL_COVERAGE: f32 = 0.66;
const OVAL_ABOVE_CIRCLE: f32 = 0.04;
/// At least this much of a seal cut by the page's edge lies on the page.
const LEAST_IN_PAGE: f32 = 0.35;
/// Share of inked area between ring and centre: lettering, neither nothing nor a solid disc.
const LETTERING: (f32, f32) = (0.05, 0.80);
/// Inked share just outside the ring: text and other seals, not a solid area; less in dark ink, against codes.
const MOST_OUTSIDE: f32 = 0.6;
const MOST_OUTSIDE_DARK: f32 = 0.22;
/// Share of the ink that is left after shrinking it by 1.5 mm: a star leaves a little, solid areas nearly all.
pub(crate) const MOST_SOLID: f32 = 0.30;
/// Ellipses sought, long and short axis in millimetres: 40x30 and 45x30, shrunken copies.
const ELLIPSE_LONG_MM: (f32, f32) = (26.0, 62.0);
const ELLIPSE_SHORT_MM: f32 = 17.0;
/// Rounder than this is a circle.
const ROUND: f32 = 0.90;
const FLATTEST: f32 = 0.52;
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
    let edges = edges(&ink.plane, f32::from(least) * 0.5);
    for c in ink.rings(&edges, DARK_COVERAGE).iter().filter(|c| 2.0 * c.r >= LEAST_DARK_MM * px_per_mm) {
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

/// Whether what a ring holds is lettering. A ring that shows all round needs little (a star and a short name).
fn is_filled(coverage: f32, lettering: f32, solid: f32) -> bool {
    let least = if coverage >= SURE_COVERAGE { LETTERING.0 * 0.3 } else { LETTERING.0 };
    lettering > least && lettering < LETTERING.1 && solid < MOST_SOLID
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

impl Ink<'_> {
    /// Seals in coloured ink. An oval or a plain square hides a circle that fits part of it less well.
    fn seals(&self) -> Vec<Seal> {
        let edges = edges(&self.plane, f32::from(self.least) * 0.5);
        let mut rings = self.rings(&edges, COLOURED_COVERAGE);
        let ovals = self.ovals(&edges, &mut rings);
        let frames = self.plain_frames(&mut rings);
        let in_rings = |x: f32, y: f32| {
            rings.iter().any(|c| (x - c.cx).hypot(y - c.cy) < c.r + self.mm(1.0))
                || ovals.iter().any(|o| o.ellipse.reach(x, y) < 1.08)
        };
        let mut seals: Vec<Seal> = rings.iter().map(|c| self.ring_seal(c, COLOURED_COVERAGE)).collect();
        seals.extend(ovals.iter().map(|o| self.oval_seal(&o.ellipse, o.coverage)));
        seals.extend(frames);
        seals.extend(self.pieces(in_rings));
        seals.retain(|s| self.on_paper(&s.rect));
        seals
    }

    fn ovals(&self, edges: &[Edge], rings: &mut Vec<Circle>) -> Vec<Oval> {
        let mut kept: Vec<Oval> = Vec::new();
        for o in ovals(edges, (self.plane.w, self.plane.h), self.px_per_mm, |e| self.is_oval(e)) {
            let e = o.ellipse;
            let within = |c: &Circle| e.reach(c.cx, c.cy) < 0.9;
            let (hw, hh) = e.half_box();
            let (lettering, solid, outside) = self.filling(e.cx, e.cy, hw.max(hh), |x, y| e.reach(x, y) * e.b, e.b);
            if o.coverage < OVAL_COVERAGE
                || (o.coverage < SURE_COVERAGE && (o.drawn < LEAST_DRAWN || o.diagonal < LEAST_DIAGONAL))
                || o.coverage - o.clutter < ABOVE_CLUTTER
                || !is_filled(o.coverage, lettering, solid)
                || outside > MOST_OUTSIDE
                || rings.iter().any(|c| within(c) && c.coverage + OVAL_ABOVE_CIRCLE > o.coverage)
                || kept.iter().any(|k| k.ellipse.reach(e.cx, e.cy) < 0.5)
            {
                continue;
            }
            rings.retain(|c| !within(c));
            kept.push(o);
        }
        kept
    }

    /// Rings that hold lettering, surest first; overlapping seals each keep their own.
    fn rings(&self, edges: &[Edge], least_coverage: f32) -> Vec<Circle> {
        let (w, h) = (self.plane.w, self.plane.h);
        let mut kept: Vec<Circle> = Vec::new();
        for c in circles(edges, w, h, self.px_per_mm, least_coverage) {
            let plain = c.coverage >= least_coverage
                && c.coverage - c.clutter >= ABOVE_CLUTTER
                && c.in_page >= LEAST_IN_PAGE
                && c.gap <= 0.30
                && (c.coverage >= SURE_COVERAGE || (c.drawn >= LEAST_DRAWN && c.diagonal >= LEAST_DIAGONAL));
            if plain && self.is_lettered(&c) && kept.iter().all(|k| apart(k, &c)) {
                kept.push(c);
            }
        }
        kept
    }

    fn is_lettered(&self, c: &Circle) -> bool {
        let (lettering, solid, outside) = self.filling(c.cx, c.cy, c.r, |x, y| (x - c.cx).hypot(y - c.cy), c.r);
        let most_outside = if self.is_coloured() { MOST_OUTSIDE } else { MOST_OUTSIDE_DARK };
        is_filled(c.coverage, lettering, solid) && outside < most_outside
    }

    fn ring_seal(&self, c: &Circle, least: f32) -> Seal {
        // Half-way sure at the least coverage, sure where the whole ring shows.
        let shown = ((c.coverage - least) / (1.0 - least)).clamp(0.0, 1.0);
        let usual = 2.0 * c.r / self.px_per_mm;
        let size = if (34.0..=60.0).contains(&usual) { 1.0 } else { 0.8 };
        self.seal((c.cx, c.cy), (c.r, c.r), SealShape::Circle, 2.0 * c.r, (0.6 + 0.4 * shown) * size)
    }

    /// Ellipses, squares and framed stamps among the pieces outside the seals already `known`.
    fn pieces(&self, known: impl Fn(f32, f32) -> bool) -> Vec<Seal> {
        let w = self.plane.w;
        let mut mask = self.mask.clone();
        for (i, m) in mask.iter_mut().enumerate() {
            if *m && known((i % w) as f32, (i / w) as f32) {
                *m = false;
            }
        }
        let all = self.blobs(&mask);
        (0..all.len())
            .filter_map(|i| self.ellipse(&all[i]).or_else(|| self.frame_seal(i, &all, &known).map(|f| f.0)))
            .collect()
    }

    fn is_oval(&self, e: &Ellipse) -> bool {
        let (long, short) = (2.0 * e.a / self.px_per_mm, 2.0 * e.b / self.px_per_mm);
        (ELLIPSE_LONG_MM.0..=ELLIPSE_LONG_MM.1).contains(&long) && short >= ELLIPSE_SHORT_MM && short / long > FLATTEST
    }

    /// A piece that stands by itself and is oval, at any turn.
    fn ellipse(&self, blob: &Blob) -> Option<Seal> {
        let (long, short) = (blob.width().max(blob.height()), blob.width().min(blob.height()));
        if long < self.mm(ELLIPSE_LONG_MM.0) || short < self.mm(ELLIPSE_SHORT_MM) || long > self.mm(110.0) {
            return None;
        }
        if self.solid_share(blob) > MOST_SOLID {
            return None;
        }
        let (e, coverage) = fit_ellipse(blob, |e| self.is_oval(e))?;
        let band: Vec<f32> = blob.points.iter().map(|p| e.reach(f32::from(p.0), f32::from(p.1))).collect();
        let share = |from: f32, to: f32| {
            let n = band.iter().filter(|d| **d >= from && **d < to).count() as f32;
            n / (std::f32::consts::PI * e.a * e.b * (to * to - from * from))
        };
        let (lettering, centre, ring) = (share(0.5, 0.88), share(0.0, 0.5), share(0.92, 1.06));
        if coverage < 0.65 || lettering < LETTERING.0 || lettering > LETTERING.1 || centre > 0.9 || ring < 0.25 {
            return None;
        }
        Some(self.oval_seal(&e, coverage))
    }

    fn oval_seal(&self, e: &Ellipse, coverage: f32) -> Seal {
        let (hw, hh) = e.half_box();
        let shape = if e.b / e.a > ROUND { SealShape::Circle } else { SealShape::Ellipse };
        self.seal((e.cx, e.cy), (hw, hh), shape, 2.0 * e.a, 0.35 + 0.6 * coverage)
    }
}

/// Two rings are two seals if their centres are well apart for their size.
fn apart(a: &Circle, b: &Circle) -> bool {
    (a.cx - b.cx).hypot(a.cy - b.cy) > 0.45 * a.r.min(b.r)
}
