//! What was written by hand: which lines, and where ink lies that was not read as text.

use image::RgbImage;

use crate::model::geometry::Rect;
use crate::model::marks::{Photo, Seal, SealColour};
use crate::model::page::ColourMode;
use crate::model::text::TextLine;

use super::hand::{Px, score};
use super::loose_ink;

/// A seal over this share of a line makes its strokes another's.
const SEALED: f32 = 0.1;
/// The score from which a line of at least so many characters is called handwritten. Chance grows as lines get shorter.
const NEEDED: [(usize, f32); 4] = [(16, 1.5), (7, 2.0), (4, 3.2), (2, 4.2)];
/// A score from which digits and Latin letters, which lean in print too, are called so on a page that is handwritten.
const NEEDED_NOT_CJK: f32 = 1.0;
/// Characters' worth of doubt against what the other lines of a page say.
const PAGE_DOUBT: f32 = 30.0;
/// No line speaks for its page with more characters or a higher score than this.
const MOST_SAY: (usize, f32) = (20, 4.0);
/// The other lines' mean score from which the page counts as handwritten, for lines that can't tell by themselves.
const HANDWRITTEN_PAGE: f32 = 1.0;

/// What else is on the page.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    pub seals: &'a [Seal],
    pub photos: &'a [Photo],
    /// Codes, read or not, and ruling lines.
    pub printed: &'a [Rect],
    pub mode: ColourMode,
}

/// Sets [`TextLine::hand`] for lines read from pixels.
pub fn mark_handwriting(page: &RgbImage, lines: &mut [TextLine], known: &Known<'_>) {
    let scores: Vec<Option<f32>> = lines.iter().map(|line| line_score(page, line, known)).collect();
    let sizes: Vec<usize> = lines.iter().map(|l| letters(&l.text)).collect();
    let weigh = |i: usize| scores[i].map(|s| (sizes[i].min(MOST_SAY.0) as f32, s.clamp(-MOST_SAY.1, MOST_SAY.1)));
    let (sum, weight) = (0..lines.len())
        .filter(|i| cjk(&lines[*i].text) >= 2)
        .filter_map(weigh)
        .fold((0.0f32, 0.0f32), |(s, n), (w, v)| (s + w * v, n + w));
    for (i, line) in lines.iter_mut().enumerate() {
        let Some(own) = scores[i] else { continue };
        let speaks = cjk(&line.text) >= 2;
        let (w, v) = weigh(i).filter(|_| speaks).unwrap_or_default();
        let others = (sum - w * v) / (weight - w + PAGE_DOUBT);
        line.hand = if speaks {
            let needed = NEEDED.iter().find(|(n, _)| sizes[i] >= *n).map_or(f32::MAX, |n| n.1);
            own + 0.5 * (others + 1.0).clamp(0.0, 2.0) >= needed
        } else {
            others >= HANDWRITTEN_PAGE && own >= NEEDED_NOT_CJK
        };
    }
}

/// Ink that no line, mark or rule accounts for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Written {
    /// Boxes of handwriting: lines called so, and ink of a pen's size.
    pub strokes: Vec<Rect>,
    /// Ink of the size of a printed character or a few in a row: a lone figure, 无 in a cell.
    pub lone: Vec<Rect>,
}

/// Finds handwriting, and print that was not read.
#[must_use]
pub fn find_written(page: &RgbImage, dpi: f32, lines: &[TextLine], known: &Known<'_>) -> Written {
    let mut covered: Vec<Rect> = lines.iter().map(|l| l.rect).collect();
    covered.extend(known.photos.iter().map(|p| p.rect));
    covered.extend(known.printed);
    // Red ink isn't seen at all; of other seals the ink can't be told from a pen's.
    covered.extend(known.seals.iter().filter(|s| s.colour != SealColour::Red).map(|s| s.rect));
    let mut strokes: Vec<Rect> = lines.iter().filter(|l| l.hand).map(|l| l.rect).collect();
    let loose = loose_ink::find(page, dpi, &covered);
    strokes.extend(loose.strokes);
    let sorted = |mut rects: Vec<Rect>| {
        rects.sort_by(|a, b| a.y.total_cmp(&b.y).then(a.x.total_cmp(&b.x)));
        rects
    };
    Written { strokes: sorted(strokes), lone: sorted(loose.lone) }
}

fn line_score(page: &RgbImage, line: &TextLine, known: &Known<'_>) -> Option<f32> {
    if line.vertical || known.seals.iter().any(|s| line.rect.overlap(&s.rect) > SEALED * line.rect.area()) {
        return None;
    }
    let own = score(page, pixels(page, line.rect), known.mode == ColourMode::Bilevel);
    // A label and what was written after it are one line, and the printed half must not outvote the other.
    let rest = after_colon(line).and_then(|r| score(page, pixels(page, r), known.mode == ColourMode::Bilevel));
    match (own, rest) {
        (Some(a), Some(b)) => Some(a.max(b - SHORTER)),
        (a, _) => a,
    }
}

/// What a part of a line must score more than the whole.
const SHORTER: f32 = 1.5;

/// The part of a line behind its last colon, where at least two characters stand there.
fn after_colon(line: &TextLine) -> Option<Rect> {
    let at = line.text.chars().enumerate().filter(|(_, c)| "：:".contains(*c)).last()?.0;
    let rest = line.chars.get(at + 1..).filter(|r| r.len() >= 2)?;
    let start = (line.chars.get(at)?.at + rest[0].at) / 2.0;
    (start > line.rect.x && start < line.rect.right())
        .then(|| Rect::new(start, line.rect.y, line.rect.right() - start, line.rect.h))
}

pub(super) fn pixels(page: &RgbImage, rect: Rect) -> Px {
    let (w, h) = (page.width() as f32, page.height() as f32);
    let at = |v: f32, all: f32| (v * all).clamp(0.0, all) as usize;
    (at(rect.x, w), at(rect.y, h), at(rect.right() + 1.0 / w, w), at(rect.bottom() + 1.0 / h, h))
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}

fn cjk(text: &str) -> usize {
    text.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::CharAt;
    use image::Rgb;

    /// A page of ten lines of eight signs; those in `hand` lean.
    fn page(hand: &[usize]) -> (RgbImage, Vec<TextLine>) {
        let image = RgbImage::from_fn(800, 1000, |x, y| {
            let row = (y / 100) as usize;
            let lean = if hand.contains(&row) { 8.0f32 } else { 0.0 };
            let (sin, cos) = lean.to_radians().sin_cos();
            let (dx, dy) = ((x % 36) as f32 - 18.0, (y % 100) as f32 - 50.0);
            let (u, v) = (dx * cos + dy * sin, dy * cos - dx * sin);
            let inside = (100..700).contains(&x);
            // Edges are soft, as a scanner's are.
            let soft = |from: f32, half: f32| (half + 0.5 - from.abs()).clamp(0.0, 1.0);
            let ink = (soft(v, 1.6) * soft(u, 12.0)).max(soft(u - 2.0, 1.6) * soft(v, 12.0));
            let level = if inside { 240.0 - 210.0 * ink } else { 240.0 };
            Rgb([level as u8; 3])
        });
        let lines = (0..10)
            .map(|row| TextLine {
                text: "测试所用的一行文字测试所用的一行".into(),
                rect: Rect::new(0.12, 0.1 * row as f32 + 0.03, 0.76, 0.04),
                confidence: 1.0,
                chars: vec![],
                vertical: false,
                hand: false,
            })
            .collect();
        (image, lines)
    }

    const NOTHING: Known<'_> = Known { seals: &[], photos: &[], printed: &[], mode: ColourMode::Colour };

    #[test]
    fn leaning_lines_are_handwriting_and_their_boxes_strokes() {
        let (image, mut lines) = page(&[2, 5]);
        mark_handwriting(&image, &mut lines, &NOTHING);
        let found: Vec<usize> = lines.iter().enumerate().filter(|(_, l)| l.hand).map(|(i, _)| i).collect();
        assert_eq!(found, [2, 5]);
        let strokes = find_written(&image, 100.0, &lines, &NOTHING).strokes;
        assert!(strokes.contains(&lines[2].rect) && strokes.contains(&lines[5].rect), "{strokes:?}");
    }

    #[test]
    fn what_stands_behind_a_colon_is_looked_at_by_itself() {
        let chars = |n: usize| (0..n).map(|i| CharAt { at: 0.1 + 0.05 * i as f32, confidence: 1.0 }).collect();
        let line = |text: &str, n| TextLine {
            text: text.into(),
            rect: Rect::new(0.08, 0.1, 0.6, 0.03),
            confidence: 1.0,
            chars: chars(n),
            vertical: false,
            hand: false,
        };
        let rest = after_colon(&line("本人签字：孙某某", 8)).expect("three characters follow");
        assert!((rest.x - 0.325).abs() < 1e-4 && (rest.right() - 0.68).abs() < 1e-4, "{rest:?}");
        assert_eq!(after_colon(&line("本人签字：", 5)), None);
        assert_eq!(after_colon(&line("本人签字", 4)), None);
    }
}
