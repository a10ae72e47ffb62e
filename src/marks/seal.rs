//! Seals: rings, ellipses, square chops and framed stamps in coloured or dark ink.

use crate::model::geometry::Rect;
use crate::model::marks::{Seal, SealColour, SealShape};
use crate::model::page::ColourMode;

use super::colour::{Plane, Sheet};
use super::oval::{Oval, ovals};
use super::ring::{Circle, Edge, circles, edges};
use super::shape::{Blob, Ellipse, Frame, blobs, fit_ellipse, fit_frame, shrunk};

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
/// A square frame as plain as this hides circles that fit its inside less well.
const PLAIN_FRAME: f32 = 0.85;
/// At least this much of a seal cut by the page's edge lies on the page.
const LEAST_IN_PAGE: f32 = 0.35;
/// Share of inked area between ring and centre: lettering, neither nothing nor a solid disc.
const LETTERING: (f32, f32) = (0.05, 0.80);
/// Inked share just outside the ring: text and other seals, not a solid area; less in dark ink, against codes.
const MOST_OUTSIDE: f32 = 0.6;
const MOST_OUTSIDE_DARK: f32 = 0.22;
/// Share of the ink that is left after shrinking it by 1.5 mm: a star leaves a little, solid areas nearly all.
const MOST_SOLID: f32 = 0.30;
/// Ellipses sought, long and short axis in millimetres: 40x30 and 45x30, shrunken copies.
const ELLIPSE_LONG_MM: (f32, f32) = (26.0, 62.0);
const ELLIPSE_SHORT_MM: f32 = 17.0;
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

impl<'a> Ink<'a> {
    fn new(full: &'a Plane, least: Option<u8>, px_per_mm: f32, colour: SealColour, paper: &'a [bool]) -> Self {
        let plane = full.halved();
        let least = least.unwrap_or_else(|| noise_floor(&plane));
        let mask: Vec<bool> = plane.px.iter().map(|v| *v >= least).collect();
        let solid = shrunk(&mask, plane.w, plane.h, (1.5 * px_per_mm).round().max(1.0) as usize);
        Self { plane, full, mask, solid, least, px_per_mm, colour, paper }
    }

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

    /// Square seals whose whole frame shows, which a circle through their characters must not hide.
    fn plain_frames(&self, rings: &mut Vec<Circle>) -> Vec<Seal> {
        let (w, h) = (self.plane.w as f32, self.plane.h as f32);
        let mut found = Vec::new();
        if rings.iter().all(|c| c.coverage > SURE_COVERAGE) {
            return found;
        }
        let all = self.blobs(&self.mask);
        for (i, blob) in all.iter().enumerate() {
            let Some((seal, outline)) = self.frame_seal(i, &all, |_, _| false) else { continue };
            let within = |c: &Circle| seal.rect.contains((c.cx / w, c.cy / h)) && 2.2 * c.r < blob.width() * 1.2;
            if outline > PLAIN_FRAME && rings.iter().any(|c| within(c) && c.coverage < outline) {
                rings.retain(|c| !within(c) || c.coverage >= outline);
                found.push(seal);
            }
        }
        found
    }

    fn blobs(&self, mask: &[bool]) -> Vec<Blob> {
        let gap = self.mm(1.0).round().max(1.0) as usize;
        blobs(mask, self.plane.w, self.plane.h, gap, self.mm(4.0) as usize)
    }

    fn frame_seal(&self, i: usize, all: &[Blob], known: impl Fn(f32, f32) -> bool) -> Option<(Seal, f32)> {
        let blob = &all[i];
        let long = blob.width().max(blob.height()) / self.px_per_mm;
        if !(9.0..=110.0).contains(&long) || self.solid_share(blob) > MOST_SOLID || is_printed(i, all) {
            return None;
        }
        let inked = |x: f32, y: f32| self.full.at(x as i32, y as i32) >= self.least;
        let frame = fit_frame(blob, inked, 2.0, 2.0 * self.px_per_mm, known)?;
        let (shape, confidence) = self.framed(&frame)?;
        let (cx, cy) = blob.centre();
        let seal = self.seal(cx, cy, blob.width() / 2.0, blob.height() / 2.0, shape, frame.long, confidence);
        Some((seal, frame.outline))
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

    /// Inked share of the band of lettering, share of the ink that is solid, inked share just outside; of a seal
    /// within `reach` pixels of a centre, where `depth` measures a point's distance and the rim lies at `rim`.
    fn filling(&self, cx: f32, cy: f32, reach: f32, depth: impl Fn(f32, f32) -> f32, rim: f32) -> (f32, f32, f32) {
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

    fn solid_share(&self, blob: &Blob) -> f32 {
        let n = blob.points.iter().filter(|p| self.solid[usize::from(p.1) * self.plane.w + usize::from(p.0)]).count();
        n as f32 / blob.points.len().max(1) as f32
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
        self.seal(e.cx, e.cy, hw, hh, shape, 2.0 * e.a, 0.35 + 0.6 * coverage)
    }

    fn framed(&self, f: &Frame) -> Option<(SealShape, f32)> {
        let (long, short) = (f.long / self.px_per_mm, f.short / self.px_per_mm);
        if f.outline < FRAME_OUTLINE || f.weakest < FRAME_SIDE || f.fill < 0.06 || f.fill > 0.92 {
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

/// A piece with companions of its height beside it is a character of a large heading, whatever its outline (国);
/// one with a twin of the very same size in line with it is a printed box.
fn is_printed(i: usize, all: &[Blob]) -> bool {
    let this = &all[i];
    let (cx, cy) = this.centre();
    let (w, h) = (this.width(), this.height());
    let (mut companions, mut twins) = (0, 0);
    for (k, b) in all.iter().enumerate() {
        if k == i {
            continue;
        }
        let (dx, dy) = ((b.centre().0 - cx).abs(), (b.centre().1 - cy).abs());
        let (kw, kh) = (b.width() / w, b.height() / h);
        if (0.7..1.4).contains(&kh) && (0.3..1.7).contains(&kw) && dy < 0.35 * h && dx < 3.2 * h {
            companions += 1;
        }
        let same = (kw - 1.0).abs() < 0.04 && (kh - 1.0).abs() < 0.06;
        twins += usize::from(same && (dx < 0.04 * w || dy < 0.06 * h));
    }
    companions >= 2 || twins >= 1
}
