//! Thin dark straight structures along the rows of a grey plane.
//!
//! A pixel belongs to a rule where it is darker than the lightest pixel close above *and* close below: that holds
//! whatever the lighting, and fails at the edge of a shadow, a photo or a scanner's border. Runs of such pixels along
//! a row, longer than most strokes of characters, are joined to strokes over neighbouring rows, and strokes to lines over the
//! gaps that seals, text and thresholding leave.

use super::line::Line;
use super::scale::Plane;
use super::strokes::{runs, strokes};

/// A hairline of 0.1 mm is half a pixel here and keeps half its contrast.
pub(super) const WORKING_DPI: f32 = 150.0;
/// Mean over a line. What shines through from the back of a sheet stays below this.
const LINE_CONTRAST: f32 = 22.0;
/// What is left of a rule under a seal or between touching characters.
const MAX_GAP_MM: f32 = 8.0;
/// Gaps that noise and a coarse threshold leave.
const TIGHT_GAP_MM: f32 = 0.8;
/// A piece this long is no stroke of a character of up to 18 points.
const SOLID_MM: f32 = 6.5;
/// Strokes of characters have other strokes close by; rules have paper.
const MAX_CROWD: f32 = 0.4;
/// Share of a line that is seen.
const MIN_COVERAGE: f32 = 0.6;
/// Two pieces of one line are out of line by at most this.
const MAX_STEP_MM: f32 = 0.35;
/// The shortest wall of a cell.
const MIN_LENGTH_MM: f32 = 3.5;
/// The slope of a line against the page's, after deskewing.
const MAX_SLOPE: f32 = 0.06;

/// Horizontal lines of the plane, top to bottom; short ones may still be strokes of characters.
pub(super) fn lines(page: &Plane, mm: f32) -> Vec<Line> {
    let runs = runs(page, mm);
    let strokes = strokes(&runs, page, mm);
    let pieces = joined(strokes, mm, tight_misfit);
    let mut lines = joined(pieces, mm, wide_misfit);
    let edge = 2.5 * mm;
    lines.retain(|l| {
        let middle = l.at((l.start + l.end) / 2.0, 0.0);
        l.length() >= MIN_LENGTH_MM * mm
            && l.seen >= MIN_COVERAGE * l.length()
            && l.contrast >= LINE_CONTRAST
            && l.slope().abs() <= MAX_SLOPE
            && (is_solid(l, mm) || l.crowd <= MAX_CROWD)
            // The sheet's own edge, or the scanner's.
            && middle > edge
            && middle < page.height as f32 - edge
    });
    lines.sort_by(|a, b| a.path[0].1.total_cmp(&b.path[0].1).then(a.start.total_cmp(&b.start)));
    lines
}

/// Strokes in line with each other become one line, as `misfit` allows.
fn joined(mut strokes: Vec<Line>, mm: f32, misfit: impl Fn(&Line, &Line, f32) -> Option<f32>) -> Vec<Line> {
    strokes.sort_by(|a, b| a.start.total_cmp(&b.start).then(a.path[0].1.total_cmp(&b.path[0].1)));
    let mut open: Vec<Line> = Vec::new();
    let mut done = Vec::new();
    for stroke in strokes {
        // Lines that end too far back can't go on.
        let (still, over): (Vec<Line>, Vec<Line>) =
            open.into_iter().partition(|l| l.end + MAX_GAP_MM * mm >= stroke.start);
        open = still;
        done.extend(over);
        let fit = open
            .iter()
            .enumerate()
            .filter_map(|(i, l)| misfit(l, &stroke, mm).map(|m| (i, m)))
            .min_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((i, _)) = fit {
            let line = open.swap_remove(i);
            open.push(line.joined(stroke));
        } else {
            open.push(stroke);
        }
    }
    done.extend(open);
    done
}

/// How badly `next` goes on from `line` where nothing but noise parts them; nothing where it doesn't.
fn tight_misfit(line: &Line, next: &Line, mm: f32) -> Option<f32> {
    let clear = |l: &Line| l.crowd <= MAX_CROWD || is_solid(l, mm);
    let gap = next.start - line.end;
    let fits = (-1.5 * mm..=TIGHT_GAP_MM * mm).contains(&gap) && clear(line) && clear(next);
    fits.then(|| step(line, next, gap, mm)).filter(|s| *s <= (0.2 * mm).max(1.1))
}

/// How badly `next` goes on from `line` beyond a seal or a smudge. Only pieces too long for characters do.
fn wide_misfit(line: &Line, next: &Line, mm: f32) -> Option<f32> {
    let gap = next.start - line.end;
    let shorter = line.length().min(next.length());
    let reach = (MAX_GAP_MM * mm).min(1.2 * shorter);
    if gap < -1.5 * mm || gap > reach || !is_solid(line, mm) || !is_solid(next, mm) {
        return None;
    }
    let step = step(line, next, gap, mm);
    (step <= MAX_STEP_MM * mm + 0.01 * gap.max(0.0)).then_some(step + 0.1 * gap.max(0.0))
}

/// Whether a line can't be a row of characters: one stroke longer than any of theirs, or many with nothing near.
fn is_solid(line: &Line, mm: f32) -> bool {
    line.unbroken >= SOLID_MM * mm || (line.length() >= 2.0 * SOLID_MM * mm && line.crowd <= MAX_CROWD / 2.0)
}

/// How far out of line `next` begins.
fn step(line: &Line, next: &Line, gap: f32, mm: f32) -> f32 {
    let tail = slope_near_end(line, mm);
    (line.at(line.end, tail) + gap.max(0.0) * tail - next.at(next.start, 0.0)).abs()
}

/// A line's slope over its last four centimetres; level where it is too short to tell.
fn slope_near_end(line: &Line, mm: f32) -> f32 {
    let last = line.path[line.path.len() - 1];
    let from = line.path.iter().find(|p| last.0 - p.0 <= 40.0 * mm).copied().unwrap_or(last);
    if last.0 - from.0 < 12.0 * mm { 0.0 } else { ((last.1 - from.1) / (last.0 - from.0)).clamp(-0.05, 0.05) }
}
