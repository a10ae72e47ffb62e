//! Text that needs more than the page's own text boxes: narrow label cells and seals' rims.

use image::RgbImage;

use super::page::Lines;
use crate::marks;
use crate::model::geometry::Rect;
use crate::model::layout::Table;
use crate::model::marks::{Seal, SealColour, SealShape};
use crate::model::page::PageFacts;
use crate::ocr::{Detected, Engine, OcrError, in_reading_order, read_box, read_column, read_detected, read_strip};

/// Taller than wide by this much, a cell may hold a label written downwards.
const COLUMN_ASPECT: f32 = 2.0;
/// A column of one character is hardly wider than this.
const COLUMN_WIDTH_MM: f32 = 16.0;
/// Below this confidence a rim was not read but guessed.
const LEAST_RIM_CONFIDENCE: f32 = 0.6;
/// Faint print counts when at least this much of it reads well; a stray page number does not.
const FAINT_CONFIDENCE: f32 = 0.85;
const FAINT_CHARACTERS: usize = 8;
const MM_PER_INCH: f32 = 25.4;
/// A speck read with less confidence is ink, but no character for certain.
const LONE_CONFIDENCE: f32 = 0.8;
/// More specks than this are dirt or a texture.
const MOST_LONE: usize = 40;

/// All lines of an upright page. Narrow tall cells in which the detector found nothing are read as columns.
pub(super) fn lines(
    engine: &mut dyn Engine,
    page: &RgbImage,
    dpi: f32,
    detected: &Detected,
    tables: &[Table],
) -> Result<Lines, OcrError> {
    let mut lines = read_detected(engine, page, detected)?;
    let (w_mm, h_mm) = (page.width() as f32 / dpi * MM_PER_INCH, page.height() as f32 / dpi * MM_PER_INCH);
    for cell in tables.iter().flat_map(|t| &t.cells) {
        let (width, height) = (cell.rect.w * w_mm, cell.rect.h * h_mm);
        if width > COLUMN_WIDTH_MM || height < COLUMN_ASPECT * width || covered(&lines, cell.rect) {
            continue;
        }
        lines.extend(read_column(engine, page, cell.rect)?);
    }
    Ok(lines)
}

/// Reads lone characters that the detector passed over: page numbers, 无 in a cell. What can't be read is kept as ink.
pub(super) fn lone(
    engine: &mut dyn Engine,
    page: &RgbImage,
    places: Vec<Rect>,
    facts: &mut PageFacts,
) -> Result<(), OcrError> {
    if places.len() > MOST_LONE {
        facts.unread = places;
        return Ok(());
    }
    let mut read = Vec::new();
    for place in places {
        match read_box(engine, page, place)?.filter(|l| l.confidence >= LONE_CONFIDENCE) {
            Some(line) => read.push(line),
            None => facts.unread.push(place),
        }
    }
    if !read.is_empty() {
        facts.lines.extend(read);
        facts.lines = in_reading_order(std::mem::take(&mut facts.lines));
    }
    Ok(())
}

/// Whether what can be made out on a page on which no ink stands out is print: it reads. What shows through from the
/// other side is mirrored and does not.
pub(super) fn reads_well(engine: &mut dyn Engine, page: &RgbImage, dpi: f32) -> Result<bool, OcrError> {
    let detected = Detected::on(engine, page, dpi)?;
    if detected.quads.is_empty() {
        return Ok(false);
    }
    let lines = read_detected(engine, page, &detected)?;
    let read: usize = lines.iter().filter(|l| l.confidence >= FAINT_CONFIDENCE).map(|l| l.text.chars().count()).sum();
    Ok(read >= FAINT_CHARACTERS)
}

fn covered(lines: &Lines, cell: Rect) -> bool {
    lines.iter().any(|l| l.rect.share_inside(&cell) > 0.5)
}

/// Reads the unit's name along the rim of every stamped round seal.
pub(super) fn seal_texts(
    engine: &mut dyn Engine,
    page: &RgbImage,
    dpi: f32,
    seals: &mut [Seal],
) -> Result<(), OcrError> {
    for seal in seals {
        let round = matches!(seal.shape, SealShape::Circle | SealShape::Ellipse);
        if !round || !matches!(seal.colour, SealColour::Red | SealColour::Blue) {
            continue;
        }
        if let Some(strip) = marks::unwrap_seal(page, seal, dpi) {
            let read = read_strip(engine, &strip)?;
            if read.confidence >= LEAST_RIM_CONFIDENCE && !read.text.is_empty() {
                seal.text = Some(read.text);
            }
        }
    }
    Ok(())
}
