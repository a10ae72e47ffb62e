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
/// Share of the page's height at top and bottom in which page numbers stand.
const MARGIN: f32 = 0.1;
/// More specks than this are dirt or a texture.
const MOST_LONE: usize = 40;
/// The part of a page's height in which titles stand, and the most characters that are a piece of a spaced one (聘　书).
const HEAD: f32 = 0.35;
const TITLE_PIECE: usize = 3;
/// A piece of a title is as high as its neighbour but for this ratio, and no further away than this many heights.
const TITLE_HEIGHTS: f32 = 1.5;
const TITLE_GAP: f32 = 8.0;
/// Ink taken for a pen's is print only when it reads for certain.
const TITLE_CONFIDENCE: f32 = 0.9;

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
    mut places: Vec<Rect>,
    facts: &mut PageFacts,
) -> Result<(), OcrError> {
    let mut read = title_pieces(engine, page, facts)?;
    let empty = empty_cells(&facts.tables, &facts.lines);
    places.retain(|place| tells_by_itself(*place, &empty));
    if places.len() > MOST_LONE {
        facts.unread = std::mem::take(&mut places);
    }
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

/// Reads the characters of a widely spaced title that the detector passed over and that look like a pen's ink by their
/// size; what reads is no stroke.
fn title_pieces(engine: &mut dyn Engine, page: &RgbImage, facts: &mut PageFacts) -> Result<Lines, OcrError> {
    let (w, h) = facts.upright_mm();
    let mut read = Vec::new();
    for stroke in std::mem::take(&mut facts.strokes) {
        let line = if completes_title(stroke, &facts.lines, (w, h)) { read_box(engine, page, stroke)? } else { None };
        match line.filter(|l| l.confidence >= TITLE_CONFIDENCE && l.text.chars().count() <= TITLE_PIECE) {
            Some(line) => read.push(line),
            None => facts.strokes.push(stroke),
        }
    }
    Ok(read)
}

/// Whether ink at a page's head stands in a row with a few printed characters of its height.
fn completes_title(ink: Rect, lines: &Lines, (w_mm, h_mm): (f32, f32)) -> bool {
    let high = ink.h * h_mm;
    ink.centre().1 <= HEAD
        && lines.iter().any(|l| {
            let other = l.rect.h * h_mm;
            let gap = (ink.x - l.rect.right()).max(l.rect.x - ink.right()) * w_mm;
            l.text.chars().count() <= TITLE_PIECE
                && !l.hand
                && (l.rect.centre().1 - ink.centre().1).abs() < 0.5 * l.rect.h.min(ink.h)
                && high.max(other) <= TITLE_HEIGHTS * high.min(other)
                && (0.0..=TITLE_GAP * other).contains(&gap)
        })
}

/// Cells in which no line was read.
fn empty_cells(tables: &[Table], lines: &Lines) -> Vec<Rect> {
    let bare = |cell: &Rect| !lines.iter().any(|l| cell.contains(l.rect.centre()));
    tables.iter().flat_map(|t| &t.cells).map(|c| c.rect).filter(bare).collect()
}

/// Whether a lone character says something where it stands: a page number in the margin, the only word of a cell.
/// Beside other text it is a piece of it, and each reading costs as much as three characters of a line.
fn tells_by_itself(place: Rect, empty: &[Rect]) -> bool {
    let middle = place.centre();
    !(MARGIN..=1.0 - MARGIN).contains(&middle.1) || empty.iter().any(|c| c.contains(middle))
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
    use crate::model::layout::Cell;
    use crate::model::text::TextLine;
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

    fn line(text: &str, rect: Rect) -> TextLine {
        TextLine { text: text.into(), rect, confidence: 1.0, chars: vec![], vertical: false, hand: false }
    }

    #[test]
    fn ink_beside_a_piece_of_a_spaced_title_may_be_the_rest_of_it() {
        let lines =
            vec![line("聘", Rect::new(0.42, 0.17, 0.05, 0.03)), line("蓝某某同志：", Rect::new(0.2, 0.25, 0.13, 0.02))];
        let completes = |x: f32, y: f32, h: f32| completes_title(Rect::new(x, y, 0.04, h), &lines, (210.0, 297.0));
        assert!(completes(0.56, 0.172, 0.028));
        assert!(!completes(0.56, 0.172, 0.012), "a small mark");
        assert!(!completes(0.56, 0.25, 0.02), "beside running text");
        assert!(!completes(0.56, 0.5, 0.028), "below");
        assert!(!completes(0.92, 0.172, 0.028) && !completes(0.44, 0.172, 0.028), "too far away, or over it");
    }

    #[test]
    fn lone_characters_tell_in_margins_and_empty_cells() {
        let cell = |x: f32| Cell { rect: Rect::new(x, 0.3, 0.2, 0.1), row: 0, col: 0, row_span: 1, col_span: 1 };
        let table = Table { rect: Rect::new(0.1, 0.3, 0.4, 0.1), cells: vec![cell(0.1), cell(0.3)] };
        let empty = empty_cells(&[table], &vec![line("姓名", Rect::new(0.12, 0.32, 0.1, 0.02))]);
        assert_eq!(empty, [Rect::new(0.3, 0.3, 0.2, 0.1)]);
        let tells = |x: f32, y: f32| tells_by_itself(Rect::new(x, y, 0.01, 0.01), &empty);
        assert!(tells(0.9, 0.03) && tells(0.5, 0.96), "a page number");
        assert!(tells(0.4, 0.35), "the only word of a cell");
        assert!(!tells(0.25, 0.35) && !tells(0.5, 0.6), "beside text, or in the body");
    }
}
