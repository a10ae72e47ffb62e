//! Whether two pages print different words in one place: forms and lists of one layout are no copies of each other.

use crate::model::page::PageFacts;
use crate::model::text::TextLine;

use super::likeness::plain;

/// A line read this well is no misreading of another.
const SURE_LINE: f32 = 0.9;
/// So many characters differ, and such a share of the longer line: more than two readings of one line do.
const LEAST_CHARS: usize = 3;
const LEAST_SHARE: f32 = 0.3;
/// Lines that read the same on both pages tell how one scan lies against the other.
const LEAST_ANCHORS: usize = 4;
/// What is left of the shift between two scans of one sheet, fractions of the page.
const SAME_LINE: f32 = 0.008;
const SAME_START: f32 = 0.03;

struct Line {
    text: String,
    x: f32,
    y: f32,
}

/// A line on each page, surely read and in the same place, that the other page has nowhere.
pub(crate) fn differ(a: &PageFacts, b: &PageFacts) -> bool {
    let (lines_a, lines_b) = (sure_lines(a), sure_lines(b));
    let Some((dx, dy)) = shift(&lines_a, &lines_b) else { return false };
    let (all_a, all_b) = (whole(a), whole(b));
    lines_a.iter().filter(|l| !all_b.contains(&l.text)).any(|l| {
        let here = |o: &&Line| (o.y - l.y - dy).abs() < SAME_LINE && (o.x - l.x - dx).abs() < SAME_START;
        lines_b.iter().filter(here).any(|o| !all_a.contains(&o.text) && are_apart(&l.text, &o.text))
    })
}

fn are_apart(a: &str, b: &str) -> bool {
    let off = strsim::levenshtein(a, b);
    let longer = a.chars().count().max(b.chars().count());
    off >= LEAST_CHARS && off as f32 >= LEAST_SHARE * longer as f32
}

/// Printed lines that no seal touches.
fn sure_lines(page: &PageFacts) -> Vec<Line> {
    let marks = || page.seals.iter().map(|s| s.rect).chain(page.traces.iter().copied());
    let is_sure = |l: &&TextLine| {
        !l.hand && !l.vertical && l.confidence >= SURE_LINE && !marks().any(|m| m.overlap(&l.rect) > 0.0)
    };
    page.lines
        .iter()
        .filter(is_sure)
        .map(|l| Line { text: plain(&l.text).collect(), x: l.rect.x, y: l.rect.centre().1 })
        .filter(|l| l.text.chars().filter(|c| !c.is_ascii()).count() >= LEAST_CHARS)
        .collect()
}

fn whole(page: &PageFacts) -> String {
    page.lines.iter().flat_map(|l| plain(&l.text)).collect()
}

/// How far the second page's lines lie from the first's, by those that read the same.
fn shift(a: &[Line], b: &[Line]) -> Option<(f32, f32)> {
    let once = |lines: &[Line], text: &str| lines.iter().filter(|l| l.text == text).count() == 1;
    let pairs: Vec<(f32, f32)> = a
        .iter()
        .filter(|l| once(a, &l.text) && once(b, &l.text))
        .filter_map(|l| b.iter().find(|o| o.text == l.text).map(|o| (o.x - l.x, o.y - l.y)))
        .collect();
    let median = |mut values: Vec<f32>| {
        values.sort_by(f32::total_cmp);
        values[values.len() / 2]
    };
    (pairs.len() >= LEAST_ANCHORS)
        .then(|| (median(pairs.iter().map(|p| p.0).collect()), median(pairs.iter().map(|p| p.1).collect())))
}
