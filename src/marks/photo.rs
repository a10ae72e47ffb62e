//! Photos: areas of continuous tone, told from print by being solid, mid-toned and many-toned.

use image::RgbImage;

use crate::model::geometry::Rect;
use crate::model::marks::{Background, Photo, PhotoColour, PhotoKind, Seal, SealColour, SealShape};
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
const PORTRAIT_ASPECT: (f32, f32) = (1.05, 1.75);
/// The least side and area of other pictures.
const PICTURE_SIDE_MM: f32 = 18.0;
const PICTURE_AREA_MM2: f32 = 700.0;
/// Solid share of its box that a picture has at least, a figure on white included.
const LEAST_SOLID: f32 = 0.33;
/// A picture's box may hold white paper (a notice-board); its frame and ground are still this solid.
const LEAST_SOLID_PICTURE: f32 = 0.2;
/// Largest white gap between head and shoulders (a pale chin, a white collar), as a share of the figure's height; on a bilevel
/// page the face itself is white.
const COLLAR: f32 = 0.38;
const WHITE_FACE: f32 = 0.48;
/// An area lighter than this on average is a tinted card, and a portrait on it is one of its own.
const CARD_TONE: f32 = 70.0;
/// A portrait inside a light picture may be a card's, but also a house before a bright sky.
const NESTED: f32 = 0.6;

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
                let mut c = c;
                if found.iter().any(|f| c.photo.rect.share_inside(&f.photo.rect) > 0.8) {
                    c.photo.confidence = (c.photo.confidence * NESTED * 100.0).round() / 100.0;
                }
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
    look_through(&mut mask, half, seals, level);
    clear_borders(&mut mask, w, h, half.mm(BORDER_MM));
    let reach = half.mm(STROKE_MM);
    let core = shrunk(&mask, w, h, reach);
    let solid = grown(&core, w, h, reach);
    let mut found = Vec::new();
    let pieces = blobs(&solid, w, h, half.mm(PARTS_MM), half.mm(4.0) * half.mm(4.0));
    for blob in figures(pieces, half.px_per_mm, mode) {
        let bounds = Bounds::of(&blob);
        let rect = half.rect(&bounds);
        if is_seal(&rect, seals) || is_round(&blob) {
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
        if fill < if portrait { LEAST_SOLID } else { LEAST_SOLID_PICTURE } || !(portrait || picture) {
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

/// Joins a head and the shoulders below it, which a white collar parts on a white background.
fn figures(pieces: Vec<Blob>, px_per_mm: f32, mode: ColourMode) -> Vec<Blob> {
    let most_gap = if mode == ColourMode::Bilevel { WHITE_FACE } else { COLLAR };
    let joins = |head: &Blob, shoulders: &Blob| {
        let (x0, x1) = (head.x0.min(shoulders.x0), head.x1.max(shoulders.x1));
        let (wide, high) = (f32::from(x1 - x0) + 1.0, f32::from(shoulders.y1.max(head.y1) - head.y0) + 1.0);
        let gap = f32::from(shoulders.y0) - f32::from(head.y1);
        let aside = (head.centre().0 - shoulders.centre().0).abs();
        head.centre().1 < shoulders.centre().1
            && gap < most_gap * high
            && gap > -0.3 * high
            && aside < 0.15 * wide
            && (0.3..1.05).contains(&(head.width() / shoulders.width()))
            && head.height() > 0.15 * high
            && shoulders.height() > 0.15 * high
            && (PORTRAIT_ASPECT.0..=PORTRAIT_ASPECT.1).contains(&(high / wide))
            && wide <= PORTRAIT_WIDTH_MM.1 * px_per_mm
            && high <= PORTRAIT_HEIGHT_MM.1 * px_per_mm
    };
    let mut used = vec![false; pieces.len()];
    let mut out = Vec::new();
    for s in 0..pieces.len() {
        let nearest = (0..pieces.len())
            .filter(|&h| h != s && !used[h] && !used[s] && joins(&pieces[h], &pieces[s]))
            .max_by_key(|&h| pieces[h].points.len());
        if let Some(h) = nearest {
            (used[h], used[s]) = (true, true);
            out.push(Blob::of(pieces[h].points.iter().chain(&pieces[s].points).copied().collect()));
        }
    }
    out.extend(pieces.into_iter().zip(used).filter(|(_, used)| !used).map(|(piece, _)| piece));
    out
}

/// Whether a solid piece is only a seal, its star or a part of it.
fn is_seal(rect: &Rect, seals: &[Seal]) -> bool {
    seals.iter().any(|s| {
        let inside = rect.share_inside(&s.rect) > 0.85;
        let coloured = matches!(s.colour, SealColour::Red | SealColour::Blue);
        // A portrait may lie under a large seal: a star fills less than half of the seal's width.
        inside && (s.shape != SealShape::Circle || rect.w < 0.6 * s.rect.w) || coloured && rect.iou(&s.rect) > 0.5
    })
}

/// Whether a piece is a disc or a fingerprint: full, but bare in all four corners of its box.
fn is_round(blob: &Blob) -> bool {
    let (w, h) = (blob.width(), blob.height());
    let mut corners = [0u32; 4];
    for &(x, y) in &blob.points {
        let (fx, fy) = (f32::from(x - blob.x0) / w, f32::from(y - blob.y0) / h);
        let middle = 0.12..0.88;
        if !middle.contains(&fx) && !middle.contains(&fy) {
            corners[usize::from(fx > 0.5) + 2 * usize::from(fy > 0.5)] += 1;
        }
    }
    let corner = 0.0144 * w * h;
    corners.iter().all(|n| (*n as f32) < 0.45 * corner)
}

/// Under a coloured seal, looks in the channel in which its ink is nearly invisible.
fn look_through(mask: &mut [bool], half: &Half, seals: &[Seal], level: u8) {
    let (w, h) = (half.w as f32, half.h as f32);
    for s in seals {
        let channel = match s.colour {
            SealColour::Red => 0,
            SealColour::Blue => 2,
            SealColour::Black | SealColour::Unknown => continue,
        };
        let around = s.rect.grown(0.75 * half.px_per_mm / w, 0.75 * half.px_per_mm / h);
        let (cx, cy) = around.centre();
        let is_round = matches!(s.shape, SealShape::Circle | SealShape::Ellipse);
        for y in (around.y.max(0.0) * h) as usize..((around.bottom() * h) as usize).min(half.h) {
            for x in (around.x.max(0.0) * w) as usize..((around.right() * w) as usize).min(half.w) {
                let (u, v) = ((x as f32 / w - cx) / around.w * 2.0, (y as f32 / h - cy) / around.h * 2.0);
                if !is_round || u.hypot(v) <= 1.0 {
                    mask[y * half.w + x] = 255 - half.rgb[y * half.w + x][channel] >= level;
                }
            }
        }
    }
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
