//! Photos: areas of continuous tone, told from print by being solid, mid-toned and many-toned.

use image::RgbImage;

use crate::model::geometry::Rect;
use crate::model::marks::{Background, Photo, PhotoColour, PhotoKind, Seal, SealShape};
use crate::model::page::ColourMode;

use super::colour::Sheet;
use super::shape::{Blob, blobs, grown, shrunk};
use super::tone::{Tones, background, colourfulness};

/// Print thinner than twice this is not continuous tone: strokes of text, rules, a seal's ring.
const STROKE_MM: f32 = 1.25;
/// Ink levels (255 is black) at which tone is sought: light backgrounds, and figures on a tinted card.
const LEVELS: [u8; 2] = [28, 80];
/// Parts of one picture lie within this distance: hair, face and suit around a white collar.
const PARTS_MM: f32 = 2.5;
/// A scanner's dark border is no wider than this; what is wider is looked at as a picture.
const BORDER_MM: f32 = 12.0;
/// Identity photos in millimetres: from 1 inch on a shrunken copy to 2 inch and a little more.
const PORTRAIT_WIDTH_MM: (f32, f32) = (9.0, 56.0);
const PORTRAIT_HEIGHT_MM: (f32, f32) = (12.0, 75.0);
/// Height to width; below the identity photo's 1.2 as a white background hides the box above and beside the figure.
const PORTRAIT_ASPECT: (f32, f32) = (1.02, 1.75);
/// The least side and area of other pictures.
const PICTURE_SIDE_MM: f32 = 18.0;
const PICTURE_AREA_MM2: f32 = 700.0;
/// Solid share of its box that a picture has at least, a figure on white included.
const LEAST_SOLID: f32 = 0.33;
/// An area lighter than this on average is a tinted card, and a portrait on it is one of its own.
const CARD_TONE: f32 = 70.0;

/// Finds continuous-tone pictures on an upright page. `dpi` is the raster's scale; `seals` are the page's seals,
/// whose stars and overlaps are no pictures. Boxes are fractions of the page.
///
/// A page that is a portrait as a whole (a loose photo file) gives one photo that covers it.
#[must_use]
pub fn find_photos(page: &RgbImage, dpi: f32, mode: ColourMode, seals: &[Seal]) -> Vec<Photo> {
    Sheet::new(page, dpi).map(|s| photos_on(&s, mode, seals)).unwrap_or_default()
}

/// The page at half the working scale: tone and colour.
pub(crate) struct Half {
    pub(crate) w: usize,
    pub(crate) h: usize,
    pub(crate) px_per_mm: f32,
    pub(crate) rgb: Vec<[u8; 3]>,
    /// 255 minus the weakest channel: how far from paper.
    pub(crate) ink: Vec<u8>,
}

impl Half {
    pub(crate) fn of(sheet: &Sheet, from: &[[u8; 3]]) -> Self {
        let (w, h) = ((sheet.w / 2).max(1), (sheet.h / 2).max(1));
        let mut rgb = Vec::with_capacity(w * h);
        for y in 0..h {
            let (a, b) = (&from[2 * y * sheet.w..], &from[(2 * y + 1).min(sheet.h - 1) * sheet.w..]);
            for x in 0..w {
                let (l, r) = (2 * x, (2 * x + 1).min(sheet.w - 1));
                rgb.push(std::array::from_fn(|c| {
                    let sum = u16::from(a[l][c]) + u16::from(a[r][c]) + u16::from(b[l][c]) + u16::from(b[r][c]);
                    (sum / 4) as u8
                }));
            }
        }
        let ink = rgb.iter().map(|c: &[u8; 3]| 255 - c[0].min(c[1]).min(c[2])).collect();
        Self { w, h, px_per_mm: sheet.px_per_mm / 2.0, rgb, ink }
    }

    fn mm(&self, mm: f32) -> usize {
        (mm * self.px_per_mm).round().max(1.0) as usize
    }

    fn rect(&self, b: &Bounds) -> Rect {
        let (w, h) = (self.w as f32, self.h as f32);
        Rect::new(b.x0 as f32 / w, b.y0 as f32 / h, (b.x1 - b.x0) as f32 / w, (b.y1 - b.y0) as f32 / h)
    }
}

/// A box in half-scale pixels, right and bottom excluded.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    pub(crate) x0: usize,
    pub(crate) y0: usize,
    pub(crate) x1: usize,
    pub(crate) y1: usize,
}

impl Bounds {
    fn of(blob: &Blob) -> Self {
        Self { x0: blob.x0.into(), y0: blob.y0.into(), x1: usize::from(blob.x1) + 1, y1: usize::from(blob.y1) + 1 }
    }
}

struct Candidate {
    bounds: Bounds,
    photo: Photo,
    /// Mean ink of the box.
    tone: f32,
}

pub(crate) fn photos_on(sheet: &Sheet, mode: ColourMode, seals: &[Seal]) -> Vec<Photo> {
    if let Some(photo) = super::loose::whole_page_photo(sheet, mode) {
        return vec![photo];
    }
    let half = Half::of(sheet, &sheet.flat);
    let mut found: Vec<Candidate> = Vec::new();
    for level in LEVELS {
        for c in candidates(&half, mode, seals, level) {
            // The lighter level sees the whole of a picture first; the darker one only adds what stands by itself.
            let known = found.iter().any(|f| {
                let same = f.photo.rect.iou(&c.photo.rect) > 0.4 && f.photo.kind == c.photo.kind;
                let part = c.photo.rect.share_inside(&f.photo.rect) > 0.8
                    && (f.photo.kind == PhotoKind::Portrait
                        || f.tone > CARD_TONE
                        || c.photo.kind == PhotoKind::Picture);
                same || part
            });
            if !known {
                found.push(c);
            }
        }
    }
    let mut photos: Vec<Photo> = found
        .into_iter()
        .map(|c| {
            let mut photo = c.photo;
            if mode == ColourMode::Colour {
                photo.colour = colourfulness(&half, &c.bounds, seals);
                if photo.kind == PhotoKind::Portrait {
                    photo.background = background(&half, &c.bounds);
                }
            }
            photo
        })
        .collect();
    photos.sort_by(|a, b| a.rect.y.total_cmp(&b.rect.y).then(a.rect.x.total_cmp(&b.rect.x)));
    photos
}

fn candidates(half: &Half, mode: ColourMode, seals: &[Seal], level: u8) -> Vec<Candidate> {
    let (w, h) = (half.w, half.h);
    let mut mask: Vec<bool> = half.ink.iter().map(|v| *v >= level).collect();
    clear_borders(&mut mask, w, h, half.mm(BORDER_MM));
    let reach = half.mm(STROKE_MM);
    let core = shrunk(&mask, w, h, reach);
    let solid = grown(&core, w, h, reach);
    let mut found = Vec::new();
    for blob in blobs(&solid, w, h, half.mm(PARTS_MM), half.mm(8.0) * half.mm(5.0)) {
        let bounds = Bounds::of(&blob);
        let rect = half.rect(&bounds);
        if is_star(&rect, seals) {
            continue;
        }
        let (wide, high) = (blob.width() / half.px_per_mm, blob.height() / half.px_per_mm);
        let fill = blob.points.len() as f32 / (blob.width() * blob.height());
        let aspect = high / wide;
        let portrait = (PORTRAIT_WIDTH_MM.0..=PORTRAIT_WIDTH_MM.1).contains(&wide)
            && (PORTRAIT_HEIGHT_MM.0..=PORTRAIT_HEIGHT_MM.1).contains(&high)
            && (PORTRAIT_ASPECT.0..=PORTRAIT_ASPECT.1).contains(&aspect);
        let picture =
            wide.min(high) >= PICTURE_SIDE_MM && wide * high >= PICTURE_AREA_MM2 && aspect.max(1.0 / aspect) < 4.0;
        if fill < LEAST_SOLID || !(portrait || picture) {
            continue;
        }
        let tones = Tones::of(half, &blob);
        let Some(confidence) = tones.confidence(mode, portrait) else { continue };
        let kind = if portrait { PhotoKind::Portrait } else { PhotoKind::Picture };
        let confidence = ((confidence * (0.7 + 0.3 * fill)) * 100.0).round() / 100.0;
        let photo = Photo { rect, kind, colour: PhotoColour::Unknown, background: Background::Unknown, confidence };
        found.push(Candidate { bounds, photo, tone: tones.mean });
    }
    found
}

/// Whether a solid piece is only the star or the ink of a seal.
fn is_star(rect: &Rect, seals: &[Seal]) -> bool {
    seals.iter().any(|s| {
        let inside = rect.share_inside(&s.rect) > 0.85;
        // A portrait may lie under a large seal: a star fills less than half of the seal's width.
        inside && (s.shape != SealShape::Circle || rect.w < 0.6 * s.rect.w)
    })
}

/// Clears dark runs that start at the page's edge and end within `most` pixels: the scanner's lid, not a picture.
fn clear_borders(mask: &mut [bool], w: usize, h: usize, most: usize) {
    let mut clear = |at: &dyn Fn(usize) -> usize, len: usize| {
        let run = (0..len).take_while(|k| mask[at(*k)]).count();
        if run > 0 && run <= most {
            (0..run).for_each(|k| mask[at(k)] = false);
        }
    };
    for y in 0..h {
        clear(&|k| y * w + k, w);
        clear(&|k| y * w + w - 1 - k, w);
    }
    for x in 0..w {
        clear(&|k| k * w + x, h);
        clear(&|k| (h - 1 - k) * w + x, h);
    }
}
