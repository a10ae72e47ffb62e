//! Print that the detector passed over: page numbers, the figures at the end of a list's rows, 无 in a cell, pieces of a
//! widely spaced title.

use image::RgbImage;

use super::page::Lines;
use crate::model::geometry::Rect;
use crate::model::layout::Table;
use crate::model::page::PageFacts;
use crate::ocr::{Engine, OcrError, in_reading_order, read_box};

/// A speck read with less confidence is ink, but no character for certain.
const LONE_CONFIDENCE: f32 = 0.8;
/// Share of the page's height at top and bottom in which page numbers stand.
const MARGIN: f32 = 0.1;
/// More specks than this are dirt or a texture.
const MOST_LONE: usize = 40;
/// Thinner ink is what is left of a ruling line in a cell, and may be a 1 elsewhere.
const CELL_INK_MM: f32 = 1.0;
/// A list's figures stand this far from the words of their row.
const ROW_END_GAP_MM: f32 = 12.0;
/// A page number with its dashes (- 12 -, 第12页 共30页) is no wider and no higher than this.
const NUMBER_MM: (f32, f32) = (40.0, 6.0);
/// The part of a page's height in which titles stand, and the most characters that are a piece of a spaced one (聘　书).
const HEAD: f32 = 0.35;
const TITLE_PIECE: usize = 3;
/// A piece of a title is as high as its neighbour but for this ratio, and no further away than this many heights.
const TITLE_HEIGHTS: f32 = 1.5;
const TITLE_GAP: f32 = 8.0;
/// Ink taken for a pen's is print only when it reads for certain.
const PRINT_CONFIDENCE: f32 = 0.9;

/// Reads what tells by itself of `places` (fractions of the page, of a character's size), and of the ink that looks like
/// a pen's by its size. What can't be read is kept as ink.
///
/// # Errors
/// When the network fails.
pub(super) fn read(
    engine: &mut dyn Engine,
    page: &RgbImage,
    mut places: Vec<Rect>,
    facts: &mut PageFacts,
) -> Result<(), OcrError> {
    let mut read = print_among_strokes(engine, page, facts)?;
    let surroundings = Surroundings::of(facts);
    places.retain(|place| surroundings.let_tell(*place));
    if places.len() > MOST_LONE {
        places.retain(|place| surroundings.is_broad(*place));
    }
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

/// Reads the characters of a widely spaced title and the page numbers that the detector passed over and that look like a
/// pen's ink by their size; what reads is no stroke.
fn print_among_strokes(engine: &mut dyn Engine, page: &RgbImage, facts: &mut PageFacts) -> Result<Lines, OcrError> {
    let (w, h) = facts.upright_mm();
    let mut read = Vec::new();
    for stroke in std::mem::take(&mut facts.strokes) {
        let line = if completes_title(stroke, &facts.lines, (w, h)) {
            read_box(engine, page, stroke)?.filter(|l| l.text.chars().count() <= TITLE_PIECE)
        } else if may_be_number(stroke, &facts.lines, (w, h)) {
            read_box(engine, page, stroke)?.filter(|l| is_number(&l.text))
        } else {
            None
        };
        match line.filter(|l| l.confidence >= PRINT_CONFIDENCE) {
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

/// Whether ink in a margin has a page number's size and was not read as a line.
fn may_be_number(ink: Rect, lines: &Lines, (w_mm, h_mm): (f32, f32)) -> bool {
    let small = ink.w * w_mm <= NUMBER_MM.0 && ink.h * h_mm <= NUMBER_MM.1;
    small && in_margin(ink) && !lines.iter().any(|l| l.rect.overlap(&ink) > 0.0)
}

/// Digits, with the signs that stand around a page number.
fn is_number(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || "-—–―·.~第页共全/／（）()".contains(c))
}

fn in_margin(place: Rect) -> bool {
    !(MARGIN..=1.0 - MARGIN).contains(&place.centre().1)
}

/// What stands around a lone character and decides whether it says something where it is. Beside other text it is a
/// piece of it, and each reading costs as much as three characters of a line.
struct Surroundings {
    /// Every cell, and whether no line was read in it.
    cells: Vec<(Rect, bool)>,
    lines: Vec<Rect>,
    seals: Vec<Rect>,
    size_mm: (f32, f32),
}

impl Surroundings {
    fn of(facts: &PageFacts) -> Self {
        Self {
            cells: cells(&facts.tables, &facts.lines),
            lines: facts.lines.iter().filter(|l| !l.vertical && !l.hand).map(|l| l.rect).collect(),
            seals: facts.seals.iter().map(|s| s.rect).collect(),
            size_mm: facts.upright_mm(),
        }
    }

    /// A page number in the margin, the only word of a cell, a figure at the end of a list's row.
    fn let_tell(&self, place: Rect) -> bool {
        let middle = place.centre();
        let mut around = self.cells.iter().filter(|c| c.0.contains(middle)).peekable();
        if in_margin(place) {
            return true;
        }
        if around.peek().is_some() {
            return self.is_broad(place) && around.any(|c| c.1);
        }
        self.ends_row(place)
    }

    /// Among a few specks a thin one may be a 1; among many it is dirt.
    fn is_broad(&self, place: Rect) -> bool {
        place.w * self.size_mm.0 >= CELL_INK_MM
    }

    fn ends_row(&self, place: Rect) -> bool {
        let middle = place.centre();
        let in_row = |l: &&Rect| (l.centre().1 - middle.1).abs() < 0.7 * l.h.max(place.h);
        let mut before = self.lines.iter().filter(in_row).map(|l| (place.x - l.right()) * self.size_mm.0).peekable();
        before.peek().is_some()
            && before.all(|gap| gap >= ROW_END_GAP_MM)
            && !self.seals.iter().any(|s| s.contains(middle))
    }
}

fn cells(tables: &[Table], lines: &Lines) -> Vec<(Rect, bool)> {
    let bare = |cell: &Rect| !lines.iter().any(|l| cell.contains(l.rect.centre()));
    tables.iter().flat_map(|t| &t.cells).map(|c| (c.rect, bare(&c.rect))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::layout::Cell;
    use crate::model::text::TextLine;

    const A4: (f32, f32) = (210.0, 297.0);

    fn line(text: &str, rect: Rect) -> TextLine {
        TextLine { text: text.into(), rect, confidence: 1.0, chars: vec![], vertical: false, hand: false }
    }

    #[test]
    fn ink_beside_a_piece_of_a_spaced_title_may_be_the_rest_of_it() {
        let lines =
            vec![line("聘", Rect::new(0.42, 0.17, 0.05, 0.03)), line("蓝某某同志：", Rect::new(0.2, 0.25, 0.13, 0.02))];
        let completes = |x: f32, y: f32, h: f32| completes_title(Rect::new(x, y, 0.04, h), &lines, A4);
        assert!(completes(0.56, 0.172, 0.028));
        assert!(!completes(0.56, 0.172, 0.012), "a small mark");
        assert!(!completes(0.56, 0.25, 0.02), "beside running text");
        assert!(!completes(0.56, 0.5, 0.028), "below");
        assert!(!completes(0.92, 0.172, 0.028) && !completes(0.44, 0.172, 0.028), "too far away, or over it");
    }

    #[test]
    fn ink_in_a_margin_may_be_a_page_number_with_its_dashes() {
        let lines = vec![line("第3页", Rect::new(0.45, 0.95, 0.1, 0.012))];
        assert!(may_be_number(Rect::new(0.9, 0.025, 0.026, 0.0084), &lines, A4));
        assert!(!may_be_number(Rect::new(0.9, 0.5, 0.026, 0.0084), &lines, A4), "in the body");
        assert!(!may_be_number(Rect::new(0.6, 0.94, 0.12, 0.03), &lines, A4), "as high as a signature");
        assert!(!may_be_number(Rect::new(0.46, 0.951, 0.05, 0.01), &lines, A4), "read already, by hand perhaps");
        assert!(is_number("- 12 -") && is_number("第 3 页 共 30 页") && is_number("7/18"));
        assert!(!is_number("王12") && !is_number("- -"));
    }

    #[test]
    fn lone_characters_tell_in_margins_and_empty_cells() {
        let cell = |x: f32| Cell { rect: Rect::new(x, 0.3, 0.2, 0.1), row: 0, col: 0, row_span: 1, col_span: 1 };
        let table = Table { rect: Rect::new(0.1, 0.3, 0.4, 0.1), cells: vec![cell(0.1), cell(0.3)] };
        let lines = vec![line("姓名", Rect::new(0.12, 0.32, 0.1, 0.02))];
        let cells = cells(&[table], &lines);
        assert_eq!(cells, [(Rect::new(0.1, 0.3, 0.2, 0.1), false), (Rect::new(0.3, 0.3, 0.2, 0.1), true)]);
        let around = Surroundings { cells, lines: vec![lines[0].rect], seals: vec![], size_mm: A4 };
        let tells = |x: f32, y: f32, w: f32| around.let_tell(Rect::new(x, y, w, 0.01));
        assert!(tells(0.9, 0.03, 0.01) && tells(0.5, 0.96, 0.01), "a page number");
        assert!(tells(0.5, 0.96, 0.003), "page 1");
        assert!(tells(0.4, 0.35, 0.01), "the only word of a cell");
        assert!(!tells(0.4, 0.35, 0.003), "a rest of its ruling");
        assert!(!tells(0.25, 0.35, 0.01) && !tells(0.5, 0.6, 0.01), "beside text, or in the body");
    }

    #[test]
    fn figures_at_the_end_of_a_row_tell() {
        let lines = vec![Rect::new(0.13, 0.2, 0.2, 0.02), Rect::new(0.13, 0.3, 0.7, 0.02)];
        let seals = vec![Rect::new(0.7, 0.4, 0.2, 0.14)];
        let around = Surroundings { cells: vec![], lines, seals, size_mm: A4 };
        let tells = |x: f32, y: f32| around.let_tell(Rect::new(x, y, 0.01, 0.009));
        assert!(tells(0.86, 0.205), "the page of a list's entry");
        assert!(!tells(0.86, 0.25), "in no row");
        assert!(!tells(0.85, 0.305), "the end of a sentence");
        assert!(!tells(0.1, 0.205), "before the words");
        let beside_seal = Surroundings { lines: vec![Rect::new(0.13, 0.44, 0.2, 0.02)], ..around };
        assert!(!beside_seal.let_tell(Rect::new(0.8, 0.445, 0.01, 0.009)), "a piece of a seal");
    }
}
