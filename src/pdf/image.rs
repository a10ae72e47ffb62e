//! How a page's images lie on it and how they are stored.

use hayro_interpret::kurbo::Rect as Area;
use hayro_syntax::Filter;
use hayro_syntax::object::{Array, Dict, Name, Object, Stream, String as PdfString};

use super::complete;
use crate::model::geometry::Rect;
use crate::model::page::ColourMode;

/// One image as drawn on the page.
#[derive(Debug, Clone, PartialEq)]
pub struct PlacedImage {
    /// On the page as displayed; only the part inside the page and its clip.
    pub rect: Rect,
    /// Columns and rows as stored.
    pub pixels: (u32, u32),
    /// Filters in the order they are undone, as the PDF names them.
    pub filters: Vec<&'static str>,
    pub stored: ColourMode,
    /// Neither transparent nor masked: hides what is under it.
    pub opaque: bool,
    /// Drawn with its rows along the page's width, top up.
    pub upright: bool,
    /// Why its data is incomplete, in plain Chinese.
    pub shortfall: Option<&'static str>,
}

impl PlacedImage {
    /// Pixels per inch on a page of this size in millimetres.
    #[must_use]
    pub fn dpi(&self, page_mm: (f32, f32)) -> f32 {
        let (w, h) = (self.rect.w * page_mm.0 / 25.4, self.rect.h * page_mm.1 / 25.4);
        let (long, short) = (self.pixels.0.max(self.pixels.1), self.pixels.0.min(self.pixels.1));
        // Compared by long and short side, so that images drawn turned count alike.
        let (a, b) = (long as f32 / w.max(h).max(1e-3), short as f32 / w.min(h).max(1e-3));
        a.min(b)
    }

    /// The image filter, for messages.
    #[must_use]
    pub fn filter(&self) -> &'static str {
        self.filters.last().copied().unwrap_or("未压缩")
    }
}

/// All images of a page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PageImages {
    /// In drawing order.
    pub all: Vec<PlacedImage>,
    /// Share of the page that lies under at least one image, 0 to 1.
    pub covered: f32,
}

/// Cells per side of the grid that `covered` is counted on: strips of a scan add up, overlaps count once.
const GRID: usize = 64;

impl PageImages {
    pub(crate) fn new(all: Vec<PlacedImage>) -> Self {
        let mut cells = vec![false; GRID * GRID];
        for image in &all {
            for (i, cell) in cells.iter_mut().enumerate() {
                let centre = |k: usize| (k as f32 + 0.5) / GRID as f32;
                *cell |= image.rect.contains((centre(i % GRID), centre(i / GRID)));
            }
        }
        let covered = cells.iter().filter(|c| **c).count() as f32 / cells.len() as f32;
        Self { all, covered }
    }

    /// The image that covers most of the page.
    #[must_use]
    pub fn largest(&self) -> Option<&PlacedImage> {
        self.all.iter().max_by(|a, b| a.rect.area().total_cmp(&b.rect.area()))
    }
}

/// A sample's layout in the stored image.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Stored {
    /// `None` where the colour space is not understood.
    pub(crate) components: Option<u8>,
    pub(crate) bits: u8,
    pub(crate) mode: ColourMode,
}

/// How far apart the channels of a palette entry may be and still be grey: rounding, not colour.
const PALETTE_GREY: u8 = 8;

pub(crate) fn stored(stream: &Stream<'_>, mask: bool) -> Stored {
    let dict = stream.dict();
    let bits = dict.get::<u8>(b"BitsPerComponent").or_else(|| dict.get::<u8>(b"BPC"));
    if mask {
        return Stored { components: Some(1), bits: 1, mode: ColourMode::Bilevel };
    }
    let space = dict.get::<Object<'_>>(b"ColorSpace").or_else(|| dict.get::<Object<'_>>(b"CS"));
    let space = space.and_then(|s| space_of(&s, 0));
    let last = stream.filters().last().copied();
    let bits = match last {
        Some(Filter::CcittFaxDecode | Filter::Jbig2Decode) => 1,
        Some(Filter::DctDecode) => 8,
        _ => bits.unwrap_or(8),
    };
    let (components, grey) = match (space, last) {
        (Some((n, grey)), _) => (Some(n), grey),
        (None, Some(Filter::CcittFaxDecode | Filter::Jbig2Decode)) => (Some(1), true),
        (None, Some(Filter::JpxDecode)) => {
            let n = jpx_components(&stream.raw_data());
            (n, matches!(n, Some(1 | 2)))
        }
        (None, _) => (None, false),
    };
    let mode = match (grey, bits, components) {
        (true, 1, Some(1)) => ColourMode::Bilevel,
        (true, ..) => ColourMode::Grey,
        (false, ..) => ColourMode::Colour,
    };
    Stored { components, bits, mode }
}

/// Components per sample, and whether they can only be greys.
fn space_of(object: &Object<'_>, depth: u8) -> Option<(u8, bool)> {
    if depth > 4 {
        return None;
    }
    match object {
        Object::Name(name) => named(name),
        Object::Array(array) => {
            let mut parts = array.iter::<Object<'_>>();
            let kind = parts.next()?.into_name()?;
            match &*kind {
                b"ICCBased" => match parts.next()?.into_stream()?.dict().get::<u8>(b"N")? {
                    1 => Some((1, true)),
                    n => Some((n, false)),
                },
                b"Indexed" | b"I" => {
                    let base = space_of(&parts.next()?, depth + 1)?;
                    parts.next();
                    Some((1, base.1 || palette_is_grey(&parts.next()?, base.0)))
                }
                b"Separation" => {
                    let ink = parts.next()?.into_name()?;
                    Some((1, matches!(&*ink, b"Black" | b"All")))
                }
                b"DeviceN" => Some((u8::try_from(parts.next()?.into_array()?.iter::<Name<'_>>().count()).ok()?, false)),
                _ => named(&kind),
            }
        }
        _ => None,
    }
}

fn named(name: &Name<'_>) -> Option<(u8, bool)> {
    match &**name {
        b"DeviceGray" | b"G" | b"CalGray" => Some((1, true)),
        b"DeviceRGB" | b"RGB" | b"CalRGB" | b"Lab" => Some((3, false)),
        b"DeviceCMYK" | b"CMYK" => Some((4, false)),
        _ => None,
    }
}

fn palette_is_grey(lookup: &Object<'_>, base: u8) -> bool {
    let grey = |bytes: &[u8]| base == 3 && bytes.as_chunks::<3>().0.iter().all(|c| spread(*c) <= PALETTE_GREY);
    match lookup {
        Object::String(s) => grey(PdfString::as_bytes(s)),
        Object::Stream(s) => s.decoded_data().is_ok_and(|d| grey(&d)),
        _ => false,
    }
}

fn spread([r, g, b]: [u8; 3]) -> u8 {
    r.max(g).max(b) - r.min(g).min(b)
}

/// `Csiz` of the SIZ marker (ISO 15444-1, A.5.1).
fn jpx_components(data: &[u8]) -> Option<u8> {
    let at = data.windows(4).position(|w| w == [0xFF, 0x4F, 0xFF, 0x51])? + 2;
    let count = u16::from_be_bytes([*data.get(at + 38)?, *data.get(at + 39)?]);
    u8::try_from(count).ok()
}

/// What the device knows of an image when it is drawn.
pub(crate) struct Drawn<'s, 'a> {
    pub(crate) stream: &'s Stream<'a>,
    pub(crate) pixels: (u32, u32),
    pub(crate) mask: bool,
    pub(crate) blended: bool,
    pub(crate) upright: bool,
    /// In points of the displayed page, clipped.
    pub(crate) area: Area,
}

pub(crate) fn placed(drawn: &Drawn<'_, '_>, page: (f64, f64)) -> PlacedImage {
    let dict: &Dict<'_> = drawn.stream.dict();
    let how = stored(drawn.stream, drawn.mask);
    let keyed = |key: &[u8]| dict.get::<Stream<'_>>(key).is_some() || dict.get::<Array<'_>>(key).is_some();
    let (x0, y0) = (drawn.area.x0 / page.0, drawn.area.y0 / page.1);
    let (x1, y1) = (drawn.area.x1 / page.0, drawn.area.y1 / page.1);
    PlacedImage {
        rect: Rect::from_corners(x0 as f32, y0 as f32, x1 as f32, y1 as f32),
        pixels: drawn.pixels,
        filters: drawn.stream.filters().iter().map(filter_name).collect(),
        stored: how.mode,
        opaque: !drawn.mask && !drawn.blended && !keyed(b"SMask") && !keyed(b"Mask"),
        upright: drawn.upright,
        shortfall: complete::shortfall(drawn.stream, drawn.pixels.0, drawn.pixels.1, &how),
    }
}

/// The filter's name as people know it.
#[must_use]
pub fn filter_name(filter: &Filter) -> &'static str {
    match filter {
        Filter::AsciiHexDecode => "ASCIIHex",
        Filter::Ascii85Decode => "ASCII85",
        Filter::LzwDecode => "LZW",
        Filter::FlateDecode => "Flate",
        Filter::RunLengthDecode => "RunLength",
        Filter::CcittFaxDecode => "CCITT",
        Filter::Jbig2Decode => "JBIG2",
        Filter::DctDecode => "JPEG",
        Filter::JpxDecode => "JPEG 2000",
        Filter::Crypt => "Crypt",
    }
}
