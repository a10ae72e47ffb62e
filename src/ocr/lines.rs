//! Boxes to lines of text on the page.

use image::RgbImage;
use image::imageops::crop_imm;

use super::boxes::{Arranged, arrange};
use super::column::{self, Row};
use super::engine::{Detected, Engine, OcrError, Quad, Recognised};
use super::ink::{INK_SHARE, bleached};
use super::order;
use super::recognise::{Cut, crop, sample};
use crate::model::geometry::Rect;
use crate::model::text::{CharAt, TextLine};

/// Lines read with less confidence are no text but rims of seals, pictures, texture (PP-OCR drops below 0.5, too).
pub const MIN_LINE_CONFIDENCE: f32 = 0.5;
/// A character below this makes a line worth a second reading without its coloured ink.
const UNSURE: f32 = 0.9;
/// A stacked reading this sure needs no comparison with a turned one.
const SURE_COLUMN: f32 = 0.85;
/// Width in pixels that a column is scaled into: below, strokes blur; above, only time is lost.
const COLUMN_WIDTH: std::ops::RangeInclusive<f32> = 40.0..=120.0;
/// Tallest column raster.
const MAX_COLUMN_HEIGHT: u32 = 8000;
/// Paper laid around a region before detection, as a share of its shorter side: the detector misses text at an edge.
const REGION_MARGIN: f32 = 0.06;
/// Left off around a cell before its ink is looked at, in cell widths: its ruling lines.
const CELL_INSET: f32 = 0.08;
/// A region is enlarged up to this for the detector: past it, pixels are only blurred.
const MAX_REGION_SCALE: f32 = 2.0;
/// Longest side in pixels up to which a region is enlarged.
const REGION_SIDE: f32 = 960.0;

/// Reads every line of an upright raster, in reading order.
///
/// # Errors
/// When the network fails or the raster is empty.
pub fn read_lines(engine: &mut dyn Engine, page: &RgbImage, dpi: f32) -> Result<Vec<TextLine>, OcrError> {
    let detected = Detected::on(engine, page, dpi)?;
    read_detected(engine, page, &detected)
}

/// Reads the lines of boxes detected earlier on the same raster (or mapped to it), in reading order.
///
/// # Errors
/// When the network fails.
pub fn read_detected(engine: &mut dyn Engine, page: &RgbImage, detected: &Detected) -> Result<Vec<TextLine>, OcrError> {
    let Arranged { rows, columns } = arrange(page, &detected.quads);
    let mut lines = Vec::new();
    for quad in &rows {
        let read = read_row(engine, &crop(page, quad, Cut::AsIs))?;
        lines.push(row_line(read, quad, page.dimensions()));
    }
    for quad in &columns {
        lines.push(read_tall(engine, page, quad)?);
    }
    lines.retain(is_text);
    Ok(order::sort(lines))
}

/// Reads one sub-rectangle (fractions of the page) with the detector looking closer; boxes are the page's.
///
/// # Errors
/// When the network fails or the rectangle holds no pixel.
pub fn read_region(engine: &mut dyn Engine, page: &RgbImage, rect: Rect, dpi: f32) -> Result<Vec<TextLine>, OcrError> {
    let (x, y, w, h) = pixels(page, rect).ok_or(OcrError::EmptyImage)?;
    let margin = (REGION_MARGIN * w.min(h) as f32).ceil();
    let scale = (REGION_SIDE / (w.max(h) as f32 + 2.0 * margin)).clamp(1.0, MAX_REGION_SCALE);
    let region = crop_imm(page, x, y, w, h).to_image();
    let framed = framed(&region, margin as u32);
    let (fw, fh) = ((framed.width() as f32 * scale) as u32, (framed.height() as f32 * scale) as u32);
    let whole = Quad::upright(0.0, 0.0, framed.width() as f32, framed.height() as f32);
    let enlarged = if scale > 1.0 { sample(&framed, &whole, Cut::AsIs, fw, fh) } else { framed };
    let back = |(px, py): (f32, f32)| (px / scale - margin + x as f32, py / scale - margin + y as f32);
    let quads = Detected::on(engine, &enlarged, dpi * scale)?.quads.iter().map(|q| q.mapped(back)).collect();
    read_detected(engine, page, &Detected { quads, size: page.dimensions() })
}

/// Reads a cell (fractions of the page) known to hold one column of upright characters; none where it holds none.
///
/// The detector looks closer first, which copes with slanted ruling lines; what it misses is cut out by its ink.
///
/// # Errors
/// When the network fails.
pub fn read_column(engine: &mut dyn Engine, page: &RgbImage, rect: Rect) -> Result<Option<TextLine>, OcrError> {
    let inner = rect.grown(-CELL_INSET * rect.w, -CELL_INSET * rect.w * page.width() as f32 / page.height() as f32);
    let Some((x, y, w, h)) = pixels(page, inner) else { return Ok(None) };
    let found = read_region(engine, page, rect, 0.0)?;
    if let Some(line) = found.into_iter().reduce(continued) {
        return Ok(Some(line));
    }
    let quad = Quad::upright(x as f32, y as f32, (x + w) as f32, (y + h) as f32);
    let line =
        stacked(engine, page, &quad, Cut::AsIs)?.map(|(read, row)| column_line(read, &row, &quad, page.dimensions()));
    Ok(line.filter(is_text))
}

/// Two lines of one cell as one; character places are kept where both run the same way.
fn continued(a: TextLine, b: TextLine) -> TextLine {
    let (n, m) = (a.text.chars().count() as f32, b.text.chars().count() as f32);
    let same = a.vertical == b.vertical;
    TextLine {
        text: a.text + &b.text,
        rect: a.rect.union(&b.rect),
        confidence: (a.confidence * n + b.confidence * m) / (n + m),
        chars: if same { [a.chars, b.chars].concat() } else { Vec::new() },
        vertical: a.vertical && b.vertical,
    }
}

fn is_text(line: &TextLine) -> bool {
    line.confidence >= MIN_LINE_CONFIDENCE && !line.text.trim().is_empty()
}

/// Reads a strip that holds one line from edge to edge, such as a seal's unrolled rim.
///
/// # Errors
/// When the network fails or the strip is empty.
pub fn read_strip(engine: &mut dyn Engine, strip: &RgbImage) -> Result<Recognised, OcrError> {
    if strip.width() == 0 || strip.height() == 0 {
        return Err(OcrError::EmptyImage);
    }
    engine.recognise(strip)
}

/// A rectangle's pixels `(x, y, w, h)` within the page.
fn pixels(page: &RgbImage, rect: Rect) -> Option<(u32, u32, u32, u32)> {
    let (pw, ph) = (page.width() as f32, page.height() as f32);
    let (x0, y0) = ((rect.x * pw).max(0.0).floor(), (rect.y * ph).max(0.0).floor());
    let (x1, y1) = ((rect.right() * pw).min(pw).ceil(), (rect.bottom() * ph).min(ph).ceil());
    (x1 > x0 && y1 > y0).then_some((x0 as u32, y0 as u32, (x1 - x0) as u32, (y1 - y0) as u32))
}

/// The region with paper around it.
fn framed(region: &RgbImage, margin: u32) -> RgbImage {
    let paper = image::Rgb(std::array::from_fn(|c| {
        let mut levels: Vec<u8> = region.pixels().map(|p| p.0[c]).collect();
        levels.sort_unstable();
        levels[levels.len() * 3 / 4]
    }));
    let mut out = RgbImage::from_pixel(region.width() + 2 * margin, region.height() + 2 * margin, paper);
    image::imageops::replace(&mut out, region, i64::from(margin), i64::from(margin));
    out
}

/// Reads a row's crop; where a character is unsure and coloured ink lies over it, a second time without that ink.
fn read_row(engine: &mut dyn Engine, crop: &RgbImage) -> Result<Recognised, OcrError> {
    let read = engine.recognise(crop)?;
    if read.chars.iter().all(|c| c.1 >= UNSURE) && !read.chars.is_empty() {
        return Ok(read);
    }
    let Some(pale) = bleached(crop, INK_SHARE) else { return Ok(read) };
    let again = engine.recognise(&pale)?;
    Ok(if again.confidence > read.confidence { again } else { read })
}

/// A row's line: characters lie between the middles of the box's left and right edges.
fn row_line(read: Recognised, quad: &Quad, (width, height): (u32, u32)) -> TextLine {
    let [tl, tr, br, bl] = quad.corners;
    let (left, right) = ((tl.0 + bl.0) / 2.0, (tr.0 + br.0) / 2.0);
    let at = |t: f32| ((left + (right - left) * t) / width as f32).clamp(0.0, 1.0);
    let chars = read.chars.iter().map(|&(t, confidence)| CharAt { at: at(t), confidence }).collect();
    let rect = quad.rect(width, height);
    TextLine { text: read.text, rect, confidence: read.confidence, chars, vertical: false }
}

/// A column's line: each character at the height of the glyph it was laid out from.
fn column_line(read: Recognised, row: &Row, quad: &Quad, (width, height): (u32, u32)) -> TextLine {
    let rect = quad.rect(width, height);
    let at = |t: f32| {
        let nearest = row.places.iter().min_by(|a, b| (a.0 - t).abs().total_cmp(&(b.0 - t).abs()));
        rect.y + rect.h * nearest.map_or(t, |p| p.1)
    };
    let chars = read.chars.iter().map(|&(t, confidence)| CharAt { at: at(t), confidence }).collect();
    TextLine { text: read.text, rect, confidence: read.confidence, chars, vertical: true }
}

/// Reads a tall box as a column of upright characters, or as a line turned either way, whichever is surer.
fn read_tall(engine: &mut dyn Engine, page: &RgbImage, quad: &Quad) -> Result<TextLine, OcrError> {
    let column = stacked(engine, page, quad, Cut::AsIs)?;
    if let Some((read, row)) = &column
        && read.confidence >= SURE_COLUMN
    {
        return Ok(column_line(read.clone(), row, quad, page.dimensions()));
    }
    let mut turned = engine.recognise(&crop(page, quad, Cut::CounterClockwise))?;
    if turned.confidence < SURE_COLUMN {
        let other = engine.recognise(&crop(page, quad, Cut::Clockwise))?;
        if other.confidence > turned.confidence {
            turned = other;
        }
    }
    match column {
        Some((read, row)) if read.confidence >= turned.confidence => {
            Ok(column_line(read, &row, quad, page.dimensions()))
        }
        _ => {
            // A turned line lies at one x, whatever its characters' places along it.
            turned.chars.iter_mut().for_each(|c| c.0 = 0.5);
            Ok(row_line(turned, quad, page.dimensions()))
        }
    }
}

/// The stacked reading of a box turned by `cut`: its upright characters laid out in a row.
pub(super) fn stacked(
    engine: &mut dyn Engine,
    page: &RgbImage,
    quad: &Quad,
    cut: Cut,
) -> Result<Option<(Recognised, Row)>, OcrError> {
    let (w, h) = match cut {
        Cut::AsIs | Cut::Half => (quad.width().max(1.0), quad.height().max(1.0)),
        Cut::Clockwise | Cut::CounterClockwise => (quad.height().max(1.0), quad.width().max(1.0)),
    };
    let scale = w.clamp(*COLUMN_WIDTH.start(), *COLUMN_WIDTH.end()) / w;
    let (width, height) = ((w * scale).round() as u32, ((h * scale).round() as u32).clamp(1, MAX_COLUMN_HEIGHT));
    let Some(row) = column::laid_out(&sample(page, quad, cut, width, height)) else { return Ok(None) };
    let read = read_row(engine, &row.image)?;
    // Far fewer or more characters than glyphs: this was no column of upright characters.
    let (read_count, glyphs) = (read.chars.len(), row.places.len());
    Ok((2 * read_count >= glyphs && read_count <= 2 * glyphs).then_some((read, row)))
}
