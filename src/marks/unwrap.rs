//! A seal's rim text as a straight strip for a text recogniser.

use image::{Rgb, RgbImage, imageops};

use crate::model::marks::{Seal, SealColour, SealShape};

use super::colour::{Plane, Sheet};
use super::oval::{Oval, refine};
use super::ring::edges;
use super::shape::Ellipse;

/// Height of the strip's text band, in pixels.
const BAND_PX: u32 = 48;
/// White above and below the text band.
const MARGIN_PX: u32 = 6;
/// The text band's inner edge, as a share of the seal's radius, and what the ring line takes at the outer edge.
const BAND_FROM: f32 = 0.60;
const RING_LINE_MM: f32 = 1.1;
/// Where the gap in the text is sought: serial digits along the lower rim don't reach in so far.
const GAP_BAND: (f32, f32) = (0.66, 0.80);
/// Directions looked at for the gap.
const DIRECTIONS: usize = 180;
/// A gap narrower than this share of the circle lies between two characters.
const LEAST_GAP: f32 = 0.07;
/// An oval's edge is fitted at no more than this scale, where speckled ink is smooth.
const FIT_PX_PER_MM: f32 = 3.0;
/// Room left around the seal in the crop that is looked at, as a share of its size.
const AROUND: f32 = 0.08;

/// Unrolls the rim text of a round or oval seal: upright, left to right, dark on white, at least 48 px high.
///
/// `page` is the raster the seal was found on, `dpi` its scale. The strip starts at the gap of the rim text (at the
/// bottom where there is none). `None` for square and framed seals, for an oval cut by the
/// page's edge, and where the seal lies mostly outside the page.
#[must_use]
pub fn unwrap_seal(page: &RgbImage, seal: &Seal, dpi: f32) -> Option<RgbImage> {
    if !matches!(seal.shape, SealShape::Circle | SealShape::Ellipse) || !dpi.is_finite() || dpi <= 0.0 {
        return None;
    }
    let rim = Rim::of(page, seal, dpi)?;
    let crop = rim.crop(page, dpi)?;
    let ink = InkPicture::of(&crop.image, crop.dpi, seal.colour)?;
    let rim = rim.moved(-crop.x, -crop.y, crop.dpi / dpi);
    let rim = if seal.shape == SealShape::Ellipse { rim.turned_to(&ink, crop.dpi / 25.4) } else { rim };
    let start = gap(&rim, &ink);
    let band = (BAND_FROM, 1.0 - RING_LINE_MM / 25.4 * crop.dpi / rim.a.min(rim.b).max(1.0));
    if band.1 < BAND_FROM + 0.1 {
        return None;
    }
    let scale = BAND_PX as f32 / ((band.1 - band.0) * rim.a.min(rim.b));
    // Along the middle of the band a character keeps its proportions.
    let middle = (band.0 + band.1) / 2.0;
    let length = (std::f32::consts::PI * (rim.a + rim.b) * middle * scale) as u32;
    let mut strip = RgbImage::from_pixel(length.clamp(64, 4000), BAND_PX + 2 * MARGIN_PX, Rgb([255; 3]));
    let width = strip.width() as f32;
    for (x, y, px) in strip.enumerate_pixels_mut() {
        // Clockwise on the page: from the gap at the bottom up the left side.
        let turn = start + (x as f32 + 0.5) / width * std::f32::consts::TAU;
        let depth = (y as f32 + 0.5 - MARGIN_PX as f32) / BAND_PX as f32;
        if !(0.0..=1.0).contains(&depth) {
            continue;
        }
        let (px_x, px_y) = rim.point(turn, band.1 + (band.0 - band.1) * depth);
        *px = Rgb([255 - ink.at(px_x, px_y); 3]);
    }
    Some(strip)
}

/// The rim as an ellipse, in pixels.
#[derive(Debug, Clone, Copy)]
struct Rim {
    cx: f32,
    cy: f32,
    a: f32,
    b: f32,
    angle: f32,
}

impl Rim {
    fn of(page: &RgbImage, seal: &Seal, dpi: f32) -> Option<Self> {
        let (pw, ph) = (page.width() as f32, page.height() as f32);
        let r = seal.rect;
        let (mut x0, mut y0, mut x1, mut y1) = (r.x * pw, r.y * ph, r.right() * pw, r.bottom() * ph);
        if seal.shape == SealShape::Circle {
            // The box of a seal cut by the page's edge is clipped; its diameter tells where the rest lies.
            let full = seal.diameter_mm / 25.4 * dpi;
            let edge = 1.5;
            if x1 - x0 < full * 0.97 {
                if x0 <= edge {
                    x0 = x1 - full
                } else if x1 >= pw - edge {
                    x1 = x0 + full
                }
            }
            if y1 - y0 < full * 0.97 {
                if y0 <= edge {
                    y0 = y1 - full
                } else if y1 >= ph - edge {
                    y1 = y0 + full
                }
            }
        }
        // Where the rest of a cut oval lies, its box doesn't tell.
        if seal.shape == SealShape::Ellipse && (x0 < 1.0 || y0 < 1.0 || x1 > pw - 1.0 || y1 > ph - 1.0) {
            return None;
        }
        let (a, b) = ((x1 - x0) / 2.0, (y1 - y0) / 2.0);
        (a > 8.0 && b > 8.0).then_some(Self { cx: (x0 + x1) / 2.0, cy: (y0 + y1) / 2.0, a, b, angle: 0.0 })
    }

    /// The point at a turn (0 to the right, growing clockwise on the page) and a share of the radius.
    fn point(&self, turn: f32, reach: f32) -> (f32, f32) {
        // The turn is that of the direction seen from the centre, so that characters spread evenly on an oval rim.
        let (sin, cos) = (turn - self.angle).sin_cos();
        let r = reach / (cos / self.a).hypot(sin / self.b);
        let (sin, cos) = turn.sin_cos();
        (self.cx + r * cos, self.cy + r * sin)
    }

    fn moved(&self, dx: f32, dy: f32, scale: f32) -> Self {
        Self {
            cx: (self.cx + dx) * scale,
            cy: (self.cy + dy) * scale,
            a: self.a * scale,
            b: self.b * scale,
            angle: self.angle,
        }
    }

    fn crop(&self, page: &RgbImage, dpi: f32) -> Option<Crop> {
        let (mx, my) = (self.a * AROUND * 2.0, self.b * AROUND * 2.0);
        let x0 = (self.cx - self.a - mx).max(0.0) as u32;
        let y0 = (self.cy - self.b - my).max(0.0) as u32;
        let x1 = ((self.cx + self.a + mx).max(0.0) as u32).min(page.width());
        let y1 = ((self.cy + self.b + my).max(0.0) as u32).min(page.height());
        if x1 <= x0 + 16 || y1 <= y0 + 16 {
            return None;
        }
        let image = imageops::crop_imm(page, x0, y0, x1 - x0, y1 - y0).to_image();
        Some(Crop { image, x: x0 as f32, y: y0 as f32, dpi })
    }

    /// For an oval rim: fits the ellipse again to learn its turn, which the box doesn't tell.
    fn turned_to(self, ink: &InkPicture, px_per_mm: f32) -> Self {
        let mut plane = Plane { w: ink.w, h: ink.h, px: ink.px.clone() };
        let mut scale = 1.0;
        while px_per_mm * scale > FIT_PX_PER_MM {
            plane = plane.halved();
            scale /= 2.0;
        }
        let (a, b) = (self.a.max(self.b), self.a.min(self.b));
        let angle = if self.a >= self.b { 0.0 } else { std::f32::consts::FRAC_PI_2 };
        let seed = Ellipse { cx: self.cx * scale, cy: self.cy * scale, a: a * scale, b: b * scale, angle };
        let near = |e: &Ellipse| {
            let (hw, hh) = e.half_box();
            (hw / (self.a * scale) - 1.0).abs() < 0.08 && (hh / (self.b * scale) - 1.0).abs() < 0.08
        };
        match refine(&edges(&plane, 24.0), (plane.w, plane.h), px_per_mm * scale, seed, near) {
            Some(Oval { ellipse: e, coverage, .. }) if coverage > 0.5 => {
                Self { cx: e.cx / scale, cy: e.cy / scale, a: e.a / scale, b: e.b / scale, angle: e.angle }
            }
            _ => self,
        }
    }
}

struct Crop {
    image: RgbImage,
    x: f32,
    y: f32,
    dpi: f32,
}

/// The seal's ink alone, 0 (none) to 255.
struct InkPicture {
    w: usize,
    h: usize,
    px: Vec<u8>,
}

impl InkPicture {
    fn of(image: &RgbImage, dpi: f32, colour: SealColour) -> Option<Self> {
        let (w, h) = (image.width() as usize, image.height() as usize);
        // Balanced at full resolution: the strip needs every pixel of a scan at 150 dpi.
        let sheet = Sheet::at_full_scale(image, dpi)?;
        let inks = sheet.inks();
        let mut px = match colour {
            SealColour::Red => inks.red.px,
            SealColour::Blue => inks.blue.px,
            SealColour::Black | SealColour::Unknown => inks.dark.px,
        };
        let mut order: Vec<u8> = px.iter().copied().filter(|v| *v > 12).collect();
        if order.len() < 50 {
            return None;
        }
        // Faded ink is stretched to full black.
        let at = order.len() * 17 / 20;
        let full = f32::from((*order.select_nth_unstable(at).1).max(30));
        px.iter_mut().for_each(|v| *v = ((f32::from(*v) - 8.0).max(0.0) * 255.0 / (full - 8.0)).min(255.0) as u8);
        Some(Self { w, h, px })
    }

    fn at(&self, x: f32, y: f32) -> u8 {
        let (x, y) = (x - 0.5, y - 0.5);
        if x < 0.0 || y < 0.0 || x >= (self.w - 1) as f32 || y >= (self.h - 1) as f32 {
            return 0;
        }
        let (i, j) = (x as usize, y as usize);
        let (fx, fy) = (x - i as f32, y - j as f32);
        let p = |i: usize, j: usize| f32::from(self.px[j * self.w + i]);
        let top = p(i, j) * (1.0 - fx) + p(i + 1, j) * fx;
        let low = p(i, j + 1) * (1.0 - fx) + p(i + 1, j + 1) * fx;
        (top * (1.0 - fy) + low * fy) as u8
    }
}

/// The middle of the widest gap in the rim text, as a turn; straight down where the text has none.
fn gap(rim: &Rim, ink: &InkPicture) -> f32 {
    let turn = |k: usize| (k as f32 + 0.5) / DIRECTIONS as f32 * std::f32::consts::TAU;
    let inked: Vec<bool> = (0..DIRECTIONS)
        .map(|k| {
            (0..8).any(|s| {
                let (x, y) = rim.point(turn(k), GAP_BAND.0 + (GAP_BAND.1 - GAP_BAND.0) * s as f32 / 7.0);
                ink.at(x, y) > 110
            })
        })
        .collect();
    let (mut longest, mut end, mut run) = (0usize, 0usize, 0usize);
    for k in 0..2 * DIRECTIONS {
        run = if inked[k % DIRECTIONS] { 0 } else { run + 1 };
        if run > longest {
            (longest, end) = (run, k);
        }
    }
    if longest >= DIRECTIONS || (longest as f32) < LEAST_GAP * DIRECTIONS as f32 {
        return std::f32::consts::FRAC_PI_2;
    }
    turn((end + DIRECTIONS - longest / 2) % DIRECTIONS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::geometry::Rect;

    /// A red ring, and three bars as its text: at the left, at the top and, twice as long, at the right.
    fn page() -> RgbImage {
        let mut page = RgbImage::from_pixel(400, 400, Rgb([250, 248, 244]));
        for (x, y, px) in page.enumerate_pixels_mut() {
            let (dx, dy) = (x as f32 - 200.0, y as f32 - 200.0);
            let (d, turn) = (dx.hypot(dy), dy.atan2(dx).to_degrees());
            let bar = (95.0..112.0).contains(&d)
                && (turn.abs() > 165.0 || (-100.0..-80.0).contains(&turn) || turn.abs() < 25.0);
            if (120.0..126.0).contains(&d) || bar {
                *px = Rgb([205, 40, 45]);
            }
        }
        page
    }

    fn seal(shape: SealShape) -> Seal {
        let rect = Rect::new(74.0 / 400.0, 74.0 / 400.0, 252.0 / 400.0, 252.0 / 400.0);
        Seal {
            rect,
            shape,
            colour: SealColour::Red,
            diameter_mm: 42.7,
            text: None,
            confidence: 0.9,
            layer: false,
            print: None,
        }
    }

    #[test]
    fn rim_text_reads_clockwise_from_the_gap() {
        let strip = unwrap_seal(&page(), &seal(SealShape::Circle), 150.0).expect("a round seal");
        assert!(strip.height() >= 48 && strip.width() > 4 * strip.height());
        let row = strip.height() / 2;
        let mut bars: Vec<(u32, u32)> = Vec::new();
        for x in 0..strip.width() {
            if strip.get_pixel(x, row).0[0] < 128 {
                match bars.last_mut() {
                    Some(b) if b.1 + 3 >= x => b.1 = x,
                    _ => bars.push((x, x)),
                }
            }
        }
        assert_eq!(bars.len(), 3, "{bars:?}");
        let long = bars[2].1 - bars[2].0;
        assert!(long > bars[0].1 - bars[0].0 && long > bars[1].1 - bars[1].0, "the right bar comes last: {bars:?}");
    }

    #[test]
    fn a_cut_oval_is_not_unrolled() {
        let cut = Seal { rect: Rect::new(0.0, 0.2, 0.4, 0.5), ..seal(SealShape::Ellipse) };
        assert!(unwrap_seal(&page(), &cut, 150.0).is_none());
    }

    #[test]
    fn square_seals_have_no_rim() {
        assert!(unwrap_seal(&page(), &seal(SealShape::Square), 150.0).is_none());
    }
}
