//! Text that needs more than the page's own text boxes: narrow label cells and seals' rims.

use image::RgbImage;

use super::page::Lines;
use crate::marks;
use crate::model::geometry::Rect;
use crate::model::layout::Table;
use crate::model::marks::{Seal, SealColour, SealShape};
use crate::ocr::{Detected, Engine, OcrError, read_column, read_detected, read_strip};

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

/// Whether what can be made out on a page on which no ink stands out is print: it reads. What shows through from the
/// other side is mirrored and does not.
///
/// Every line gets its chance, the longest first: what shows through may hide a few faint words, and a page with words
/// on it must not pass for blank.
pub(super) fn reads_well(engine: &mut dyn Engine, page: &RgbImage, dpi: f32) -> Result<bool, OcrError> {
    let mut detected = Detected::on(engine, page, dpi)?;
    detected.quads.sort_by(|a, b| b.width().total_cmp(&a.width()));
    let mut read = 0;
    for quad in &detected.quads {
        let lines = read_detected(engine, page, &Detected { quads: vec![*quad], size: detected.size })?;
        let well = lines.iter().filter(|l| l.confidence >= FAINT_CONFIDENCE);
        read += well.map(|l| l.text.chars().count()).sum::<usize>();
        if read >= FAINT_CHARACTERS {
            return Ok(true);
        }
    }
    Ok(false)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ocr::{Quad, Recognised};

    /// Finds `lines` lines below each other; each reads with the given confidence.
    struct Counting {
        lines: usize,
        confidence: f32,
        asked: usize,
    }

    impl Engine for Counting {
        fn detect(&mut self, _: &RgbImage, _: f32) -> Result<Vec<Quad>, OcrError> {
            let line = |i: usize| Quad::upright(50.0, 30.0 * i as f32, 350.0, 30.0 * i as f32 + 20.0);
            Ok((0..self.lines).map(line).collect())
        }

        fn recognise(&mut self, _: &RgbImage) -> Result<Recognised, OcrError> {
            self.asked += 1;
            let chars = (0..6).map(|i| ((i as f32 + 0.5) / 6.0, self.confidence)).collect();
            Ok(Recognised { text: "单位公示证明".into(), chars, confidence: self.confidence })
        }
    }

    #[test]
    fn faint_print_reads_at_its_first_lines_and_what_shows_through_at_none() {
        let page = RgbImage::from_pixel(400, 1000, image::Rgb([250; 3]));
        let tried = |lines: usize, confidence: f32| {
            let mut engine = Counting { lines, confidence, asked: 0 };
            (reads_well(&mut engine, &page, 150.0).expect("a fake does not fail"), engine.asked)
        };
        assert_eq!(tried(0, 0.9), (false, 0));
        assert_eq!(tried(30, 0.6), (false, 30), "shows through");
        assert_eq!(tried(30, 0.95), (true, 2), "faint print");
        assert_eq!(tried(1, 0.95), (false, 1), "a stray word");
    }
}
