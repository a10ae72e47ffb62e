//! Lines that are a form's watermark, read as if someone had written them.

use crate::model::geometry::Rect;
use crate::model::page::PageFacts;
use crate::model::text::TextLine;

/// From this confidence a watermark is there.
const SEEN: f32 = 0.5;
/// No upright line of a form is this tall; a slanting one of three characters already is.
const TALL_MM: f32 = 10.0;
/// A slanting line's box is this much taller than its characters are wide; an upright one's is about as tall.
const STEEP: f32 = 2.0;
/// A watermark rises by as much of its length at least (11 degrees); a line across a warped or skewed sheet by less.
const RISE: f32 = 0.2;
/// As many characters of the watermark's words, read by themselves, are no wording of the form.
const LEAST_WORDS: usize = 8;
/// A piece of it that was read by itself is no longer, and is read with less confidence than print.
const PIECE: usize = 2;
const SURE_PRINT: f32 = 0.9;

/// The places of a page's lines that belong to its watermark. `words` are what the pack's watermarks say.
pub(super) fn lines(page: &PageFacts, words: &[&str]) -> Vec<Rect> {
    let slanting: Vec<&TextLine> = page.lines.iter().filter(|l| slants(page, l) && !l.hand).collect();
    // One tall line may be anything; a watermark is seen as such, or repeats itself.
    let sure = slanting.len() > 1 || page.watermark.is_some_and(|w| w.confidence >= SEEN);
    // What a pack doesn't say, the longer pieces of the watermark tell.
    let told: Vec<&str> = words.iter().copied().chain(slanting.iter().map(|l| l.text.as_str())).collect();
    // Pale slanting print passes for a pen's now and then; what a hand wrote says something else.
    let repeats =
        |l: &TextLine| l.hand && slants(page, l) && l.text.chars().all(|c| told.iter().any(|t| t.contains(c)));
    let said =
        page.lines.iter().filter(|l| says(l, words) || (sure && (is_piece(l, &told) || repeats(l)))).map(|l| l.rect);
    said.chain(slanting.iter().filter(|_| sure).map(|l| l.rect)).collect()
}

/// Whether a line may be a character or two of the watermark, cut off by print over it.
fn is_piece(line: &TextLine, words: &[&str]) -> bool {
    let chars: Vec<char> = line.text.chars().filter(|c| c.is_alphanumeric()).collect();
    (1..=PIECE).contains(&chars.len())
        && line.confidence < SURE_PRINT
        && words.iter().any(|w| chars.iter().all(|c| w.contains(*c)))
}

fn slants(page: &PageFacts, line: &TextLine) -> bool {
    let (w_mm, h_mm) = page.upright_mm();
    // Latin letters and figures are half as wide.
    let count: f32 =
        line.text.chars().filter(|c| !c.is_whitespace()).map(|c| if c.is_ascii() { 0.5 } else { 1.0 }).sum();
    let (width, height) = (line.rect.w * w_mm, line.rect.h * h_mm);
    let tall = height >= TALL_MM && height >= STEEP * width / count && height >= RISE * width;
    !line.vertical && count >= 3.0 && tall
}

fn says(line: &TextLine, words: &[&str]) -> bool {
    let text: String = line.text.chars().filter(|c| c.is_alphanumeric()).collect();
    text.chars().count() >= LEAST_WORDS && words.iter().any(|w| w.contains(&text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::sketch::Sketch;

    #[test]
    fn long_lines_of_a_warped_sheet_are_no_watermark() {
        let line = |text: &str, w: f32, h: f32| TextLine {
            text: text.into(),
            rect: Rect::new(0.1, 0.1, w, h),
            confidence: 0.99,
            chars: vec![],
            vertical: false,
            hand: false,
        };
        // 153 mm and 37 characters in a bow of 10 mm; six characters over 60 mm at 30 degrees.
        for (text, w, h, is) in [
            ("某某同志思想品德端正，遵守职业道德。单位按规定组织了民主评议。对照申报条件，", 0.7305, 0.0341, false),
            ("山西人社专用", 0.25, 0.125, true),
        ] {
            let mut sketch = Sketch::new();
            sketch.0.lines = vec![line(text, w, h), line(text, w, h)];
            assert_eq!(super::lines(&sketch.0, &[]).len(), if is { 2 } else { 0 }, "{text}");
        }
    }

    #[test]
    fn a_character_of_the_words_beside_a_watermark_is_a_piece_of_it() {
        let line = |text: &str, w: f32, h: f32, confidence: f32| TextLine {
            text: text.into(),
            rect: Rect::new(0.2, 0.4, w, h),
            confidence,
            chars: vec![],
            vertical: false,
            hand: false,
        };
        let marks = [line("嘉兴市专业", 0.2, 0.1, 0.99), line("网上申报", 0.17, 0.09, 0.99)];
        let all = |piece: TextLine, marks: &[TextLine]| {
            let mut sketch = Sketch::new();
            sketch.0.lines = marks.iter().cloned().chain([piece]).collect();
            super::lines(&sketch.0, &[])
        };
        let found = |piece: TextLine, marks: &[TextLine]| all(piece, marks).iter().filter(|r| r.h < 0.05).count();
        assert_eq!(found(line("网", 0.03, 0.02, 0.51), &marks), 1);
        let by_hand =
            |text: &str| TextLine { hand: true, rect: Rect::new(0.3, 0.5, 0.12, 0.08), ..line(text, 0.0, 0.0, 0.9) };
        assert_eq!(
            (all(by_hand("专业网上"), &marks).len(), all(by_hand("同意推荐"), &marks).len()),
            (3, 2),
            "pale print called handwriting"
        );
        assert_eq!(found(line("网", 0.03, 0.02, 0.99), &marks), 0, "print");
        assert_eq!(found(line("无", 0.03, 0.02, 0.51), &marks), 0, "none of its words");
        assert_eq!(found(line("—", 0.03, 0.02, 0.51), &marks), 0, "a date's dash");
        assert_eq!(found(line("业", 0.03, 0.02, 0.51), &marks[..1]), 0, "one slanting line may be anything");
        assert_eq!(found(line("网", 0.03, 0.02, 0.51), &[]), 0, "no watermark");
    }
}
