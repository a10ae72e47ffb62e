//! Pictures for people: a page at a glance, and a finding's place with what is around it.

use std::fs;
use std::io;
use std::path::PathBuf;

use image::codecs::jpeg::JpegEncoder;
use image::imageops;
use image::{Rgb, RgbImage};
use serde::{Deserialize, Serialize};

use crate::model::geometry::Rect;
use crate::model::page::{Turn, Unreadable};
use crate::raster;

/// Changes whenever the same page gives another picture; part of the pictures' names.
pub const DRAWING: u32 = 1;

/// Longest side of a page at a glance, pixels.
const THUMB_PX: u32 = 280;
/// Sides that a place's picture may have, pixels: it is read at a glance on a 1366 x 768 screen.
const PLACE_PX: (u32, u32) = (1000, 760);
/// A page shown whole may be taller, so that its print can be read.
const PAGE_PX: (u32, u32) = (1000, 1100);
/// Bytes of one picture: quality is lowered until it fits.
const MOST_BYTES: usize = 220_000;
const QUALITIES: [u8; 4] = [72, 55, 35, 15];
const THUMB_QUALITY: u8 = 60;

/// Paper around a place, as a share of the page's sides: beside it stand a form's labels.
const MARGIN: (f32, f32) = (0.1, 0.03);
/// What is shown of a page at least, as a share of its sides: a place is known by what stands around it.
const LEAST_SHOWN: (f32, f32) = (0.55, 0.16);

/// Neither ink nor seals have this colour.
const OUTLINE: Rgb<u8> = Rgb([0, 110, 255]);
const HALO: Rgb<u8> = Rgb([255, 255, 255]);
/// Pixels between a place and its outline, so that the outline hides nothing of it.
const GAP: i64 = 3;
const STROKE: i64 = 3;

/// What to draw of a page.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Part {
    /// The page at a glance, as displayed.
    Thumb,
    /// A place on the page as displayed, outlined, with its surroundings; the whole page where no place is meant. What is
    /// shown is turned clockwise by `turn`, so that it reads.
    Place { rect: Option<Rect>, turn: Turn },
}

/// A picture and the JPEG file it goes to; the file's folder is there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Wanted {
    pub part: Part,
    pub to: PathBuf,
}

/// Why there is no picture.
#[derive(Debug)]
pub enum Undrawn {
    /// The page's fault.
    Unreadable(Unreadable),
    /// The disk's.
    Unwritten(io::Error),
}

impl From<Unreadable> for Undrawn {
    fn from(why: Unreadable) -> Self {
        Self::Unreadable(why)
    }
}

/// Draws one part of a page.
pub(super) fn draw(page: &RgbImage, wanted: &Wanted) -> Result<(), Undrawn> {
    let bytes = match wanted.part {
        Part::Thumb => encoded(&fitted(page, (THUMB_PX, THUMB_PX)), THUMB_QUALITY)?,
        Part::Place { rect, turn } => bounded(&place(page, rect, turn))?,
    };
    fs::write(&wanted.to, bytes).map_err(|e| {
        // Half a picture is none.
        let _ = fs::remove_file(&wanted.to);
        Undrawn::Unwritten(e)
    })
}

fn place(page: &RgbImage, rect: Option<Rect>, turn: Turn) -> RgbImage {
    let Some(rect) = rect else { return raster::turned(&fitted(page, PAGE_PX), turn) };
    let shown = surroundings(rect);
    let (w, h) = (page.width() as f32, page.height() as f32);
    let px = |share: f32, side: f32| (share * side).round().clamp(0.0, side) as u32;
    let (x, y) = (px(shown.x, w).min(page.width() - 1), px(shown.y, h).min(page.height() - 1));
    let (right, bottom) = (px(shown.right(), w).max(x + 1), px(shown.bottom(), h).max(y + 1));
    let part = imageops::crop_imm(page, x, y, right - x, bottom - y).to_image();
    let mut part = fitted(&part, PLACE_PX);
    let within =
        Rect::new((rect.x - shown.x) / shown.w, (rect.y - shown.y) / shown.h, rect.w / shown.w, rect.h / shown.h);
    outline(&mut part, within);
    raster::turned(&part, turn)
}

/// The part of the page to show of a place: the place with paper around it, never less than a person needs to know
/// where on the page it is.
fn surroundings(rect: Rect) -> Rect {
    let side = |start: f32, length: f32, margin: f32, least: f32| {
        let (start, length) = (start.clamp(0.0, 1.0), length.clamp(0.0, 1.0));
        let wanted = (length + 2.0 * margin).max(least).min(1.0);
        let from = (start + length / 2.0 - wanted / 2.0).clamp(0.0, 1.0 - wanted);
        (from, wanted)
    };
    let ((x, w), (y, h)) =
        (side(rect.x, rect.w, MARGIN.0, LEAST_SHOWN.0), side(rect.y, rect.h, MARGIN.1, LEAST_SHOWN.1));
    Rect::new(x, y, w, h)
}

/// The picture, made smaller where it is larger than `most`; never larger.
fn fitted(picture: &RgbImage, most: (u32, u32)) -> RgbImage {
    let (w, h) = picture.dimensions();
    let scale = (most.0 as f32 / w as f32).min(most.1 as f32 / h as f32);
    if scale >= 1.0 {
        return picture.clone();
    }
    let side = |v: u32| ((v as f32 * scale).round() as u32).max(1);
    imageops::thumbnail(picture, side(w), side(h))
}

fn outline(picture: &mut RgbImage, rect: Rect) {
    let (w, h) = (picture.width() as f32, picture.height() as f32);
    let px = |v: f32| v.round() as i64;
    let (x0, y0) = (px(rect.x * w), px(rect.y * h));
    let (x1, y1) = (px(rect.right() * w), px(rect.bottom() * h));
    for (out, colour) in (GAP..GAP + STROKE).map(|out| (out, OUTLINE)).chain([(GAP + STROKE, HALO), (GAP - 1, HALO)]) {
        // A place that reaches the picture's edge keeps its outline just inside.
        let within = |v: i64, side: u32| v.clamp(0, i64::from(side) - 1);
        let (left, right) = (within(x0 - out, picture.width()), within(x1 + out, picture.width()));
        let (top, bottom) = (within(y0 - out, picture.height()), within(y1 + out, picture.height()));
        for x in left..=right {
            put(picture, x, top, colour);
            put(picture, x, bottom, colour);
        }
        for y in top..=bottom {
            put(picture, left, y, colour);
            put(picture, right, y, colour);
        }
    }
}

fn put(picture: &mut RgbImage, x: i64, y: i64, colour: Rgb<u8>) {
    if let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y))
        && let Some(pixel) = picture.get_pixel_mut_checked(x, y)
    {
        *pixel = colour;
    }
}

/// As JPEG within [`MOST_BYTES`], or as small as it gets.
fn bounded(picture: &RgbImage) -> Result<Vec<u8>, Unreadable> {
    let mut bytes = Vec::new();
    for quality in QUALITIES {
        bytes = encoded(picture, quality)?;
        if bytes.len() <= MOST_BYTES {
            break;
        }
    }
    Ok(bytes)
}

fn encoded(picture: &RgbImage, quality: u8) -> Result<Vec<u8>, Unreadable> {
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    picture.write_with_encoder(encoder).map_err(|e| Unreadable::Io(e.to_string()))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> RgbImage {
        RgbImage::from_pixel(1654, 2339, Rgb([255, 255, 255]))
    }

    /// Noise is what JPEG keeps worst.
    fn noise(w: u32, h: u32) -> RgbImage {
        let mut state = 1_u32;
        RgbImage::from_fn(w, h, |_, _| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            Rgb([(state >> 24) as u8, (state >> 16) as u8, (state >> 8) as u8])
        })
    }

    fn drawn(page: &RgbImage, part: Part) -> (Vec<u8>, RgbImage) {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let to = dir.path().join("x.jpg");
        draw(page, &Wanted { part, to: to.clone() }).expect("drawn");
        let bytes = fs::read(&to).expect("written");
        let picture = image::load_from_memory(&bytes).expect("a JPEG").to_rgb8();
        (bytes, picture)
    }

    #[test]
    fn a_place_is_outlined_and_not_hidden() {
        let mut sheet = page();
        let rect = Rect::new(0.4, 0.5, 0.1, 0.02);
        let (x0, y0) = ((0.4 * 1654.0) as u32, (0.5 * 2339.0) as u32);
        for (x, y) in (0..165).flat_map(|x| (0..46).map(move |y| (x, y))) {
            sheet.put_pixel(x0 + x, y0 + y, Rgb([0, 0, 0]));
        }
        let picture = place(&sheet, Some(rect), Turn::None);
        assert_eq!(picture.width(), (0.55_f32 * 1654.0).round() as u32);
        let black = picture.pixels().filter(|p| **p == Rgb([0, 0, 0])).count();
        assert!(black >= 163 * 45, "the place itself stays: {black}");
        let blue: Vec<(u32, u32)> =
            picture.enumerate_pixels().filter(|p| *p.2 == OUTLINE).map(|(x, y, _)| (x, y)).collect();
        let (left, right) = (blue.iter().map(|p| p.0).min(), blue.iter().map(|p| p.0).max());
        let width = right.zip(left).map(|(r, l)| r - l).expect("an outline");
        assert!((165..=185).contains(&width), "{width}");
    }

    #[test]
    fn places_at_the_edge_and_beyond_are_drawn() {
        for rect in [
            Rect::new(-0.1, -0.1, 0.2, 0.2),
            Rect::new(0.9, 0.95, 0.3, 0.3),
            Rect::new(0.0, 0.0, 1.0, 1.0),
            Rect::new(1.0, 1.0, 0.0, 0.0),
            Rect::new(f32::NAN, 0.5, 0.1, 0.1),
        ] {
            for turn in [Turn::None, Turn::Quarter, Turn::Half, Turn::ThreeQuarters] {
                let picture = place(&page(), Some(rect), turn);
                assert!(picture.width().max(picture.height()) <= PLACE_PX.0 && picture.width() > 0);
            }
        }
    }

    #[test]
    fn pictures_are_bounded_in_pixels_and_bytes() {
        let sheet = noise(3000, 4200);
        let (bytes, picture) = drawn(&sheet, Part::Place { rect: None, turn: Turn::None });
        assert!(bytes.len() <= MOST_BYTES, "{}", bytes.len());
        assert!(picture.width() <= PAGE_PX.0 && picture.height() <= PAGE_PX.1);
        let (bytes, picture) = drawn(&sheet, Part::Thumb);
        assert!(bytes.len() < 60_000 && picture.width().max(picture.height()) == THUMB_PX, "{}", bytes.len());
        let small = noise(30, 30);
        assert_eq!(drawn(&small, Part::Thumb).1.dimensions(), (30, 30));
    }

    #[test]
    fn a_sideways_page_is_shown_as_it_reads() {
        let turned = place(&page(), Some(Rect::new(0.4, 0.4, 0.1, 0.1)), Turn::Quarter);
        assert!(turned.height() > turned.width());
    }
}
