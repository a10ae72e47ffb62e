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

/// The places of a page's lines that belong to its watermark. `words` are what the pack's watermarks say.
pub(super) fn lines(page: &PageFacts, words: &[&str]) -> Vec<Rect> {
    let slanting: Vec<Rect> = page.lines.iter().filter(|l| slants(page, l)).map(|l| l.rect).collect();
    // One tall line may be anything; a watermark is seen as such, or repeats itself.
    let sure = slanting.len() > 1 || page.watermark.is_some_and(|w| w.confidence >= SEEN);
    let said = page.lines.iter().filter(|l| says(l, words)).map(|l| l.rect);
    said.chain(slanting.into_iter().filter(|_| sure)).collect()
}

fn slants(page: &PageFacts, line: &TextLine) -> bool {
    let (w_mm, h_mm) = page.upright_mm();
    // Latin letters and figures are half as wide.
    let count: f32 =
        line.text.chars().filter(|c| !c.is_whitespace()).map(|c| if c.is_ascii() { 0.5 } else { 1.0 }).sum();
    let (width, height) = (line.rect.w * w_mm, line.rect.h * h_mm);
    let tall = height >= TALL_MM && height >= STEEP * width / count && height >= RISE * width;
    !line.vertical && !line.hand && count >= 3.0 && tall
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
}
