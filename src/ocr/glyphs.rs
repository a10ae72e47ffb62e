//! A column of ink, cut into characters.

use super::column::{Ink, runs};

/// One character's box in the crop, end exclusive.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Glyph {
    pub(super) x0: usize,
    pub(super) y0: usize,
    pub(super) x1: usize,
    pub(super) y1: usize,
    /// The column's character size in pixels.
    pub(super) size: f32,
    /// A bracket lying on its side, as vertical setting has them.
    pub(super) bracket: bool,
}

impl Glyph {
    pub(super) fn middle(&self) -> f32 {
        (self.y0 + self.y1) as f32 / 2.0
    }
}

/// Largest height of one character, in widths of the column: Chinese characters fill a square.
const MAX_HEIGHT: f32 = 1.25;
/// Cost of one more character, against the cost of its missing height (1 for no height at all).
const CHARACTER_COST: f32 = 0.15;
/// Cost of a white gap inside a character, per character size.
const GAP_COST: f32 = 0.6;
/// Ink smaller than this in both directions, in character sizes, is dirt.
const SPECK: f32 = 0.1;
/// Heights between which a wide flat mark may be a bracket, in character sizes: 一 is flatter, 八 higher.
const BRACKET_HEIGHT: std::ops::Range<f32> = 0.1..0.5;
/// How much lower (higher) both ends of a bracket are than its middle, in its height.
const BRACKET_BEND: f32 = 0.2;

/// Cuts the ink of one column between two x positions into characters, top to bottom.
pub(super) fn split(ink: &Ink, (x0, x1): (usize, usize)) -> Vec<Glyph> {
    let amount: Vec<usize> = (0..ink.height).map(|y| (x0..x1).filter(|&x| ink.at(x, y)).count()).collect();
    let size = (x1 - x0) as f32;
    let pieces: Vec<(usize, usize)> =
        runs(&amount, 1).into_iter().flat_map(|run| cut_touching(run, &amount, size)).collect();
    group(&pieces, size)
        .into_iter()
        .map(|(y0, y1)| glyph(ink, (x0, x1), (y0, y1), size))
        // Glyphs carry a soft pixel on each side.
        .filter(|g| (g.y1 - g.y0).max(g.x1 - g.x0) as f32 > SPECK * size + 2.0)
        .collect()
}

/// Cuts a run that is higher than a character where it holds the least ink near even spacing.
fn cut_touching(run: (usize, usize), amount: &[usize], size: f32) -> Vec<(usize, usize)> {
    let height = (run.1 - run.0) as f32;
    if height <= MAX_HEIGHT * size {
        return vec![run];
    }
    let count = (height / size).round().max(2.0);
    let mut parts = Vec::new();
    let mut from = run.0;
    for i in 1..count as usize {
        let even = run.0 as f32 + height * i as f32 / count;
        let reach = size * 0.2;
        let (low, high) = ((even - reach).max(from as f32 + 1.0) as usize, ((even + reach) as usize).min(run.1 - 1));
        let key = |y: &usize| (amount[*y], (*y as f32 - even).abs() as usize);
        let at = (low..=high).min_by_key(key).unwrap_or(even as usize);
        parts.push((from, at));
        from = at;
    }
    parts.push((from, run.1));
    parts
}

/// Joins pieces to characters so that characters are as square as can be: the cheapest grouping.
fn group(pieces: &[(usize, usize)], size: f32) -> Vec<(usize, usize)> {
    // best[i]: least cost of the first i pieces, and where the last character starts.
    let mut best: Vec<(f32, usize)> = vec![(0.0, 0)];
    for end in 1..=pieces.len() {
        let mut least = (f32::MAX, end - 1);
        let mut gaps = 0.0;
        for start in (0..end).rev() {
            let height = (pieces[end - 1].1 - pieces[start].0) as f32 / size;
            if start + 1 < end {
                gaps += (pieces[start + 1].0 - pieces[start].1) as f32 / size;
                if height > MAX_HEIGHT {
                    break;
                }
            }
            let cost = best[start].0 + CHARACTER_COST + (1.0 - height).abs() + GAP_COST * gaps;
            if cost < least.0 {
                least = (cost, start);
            }
        }
        best.push(least);
    }
    let mut groups = Vec::new();
    let mut end = pieces.len();
    while end > 0 {
        let start = best[end].1;
        groups.push((pieces[start].0, pieces[end - 1].1));
        end = start;
    }
    groups.reverse();
    groups
}

fn glyph(ink: &Ink, (x0, x1): (usize, usize), (y0, y1): (usize, usize), size: f32) -> Glyph {
    let filled = |x: &usize| (y0..y1).any(|y| ink.at(*x, y));
    let left = (x0..x1).find(filled).unwrap_or(x0);
    let right = (left..x1).rev().find(filled).map_or(x1, |x| x + 1);
    let bracket = is_bracket(ink, (left, right), (y0, y1), size);
    // One pixel around it: the soft edge of the strokes.
    let soft = |v: usize, end: usize| (v + 1).min(end);
    Glyph {
        x0: left.saturating_sub(1),
        y0: y0.saturating_sub(1),
        x1: soft(right, ink.width),
        y1: soft(y1, ink.height),
        size,
        bracket,
    }
}

/// Whether a mark is wide, flat and bent like a bracket: both ends on the same side of its middle.
fn is_bracket(ink: &Ink, (x0, x1): (usize, usize), (y0, y1): (usize, usize), size: f32) -> bool {
    let (width, height) = ((x1 - x0) as f32, (y1 - y0) as f32);
    if !BRACKET_HEIGHT.contains(&(height / size)) || width < 0.5 * size {
        return false;
    }
    let level = |from: usize, to: usize| {
        let ys: Vec<usize> = (from..to).flat_map(|x| (y0..y1).filter(move |&y| ink.at(x, y))).collect();
        ys.iter().sum::<usize>() as f32 / ys.len().max(1) as f32 / height
    };
    let fifth = ((x1 - x0) / 5).max(1);
    let middle = level(x0 + 2 * fifth, x1 - 2 * fifth);
    let (left, right) = (level(x0, x0 + fifth) - middle, level(x1 - fifth, x1) - middle);
    left.abs() > BRACKET_BEND && right.abs() > BRACKET_BEND && left.signum() == right.signum()
}

#[cfg(test)]
mod tests {
    use super::super::column::tests::drawn;
    use super::*;

    fn heights(blocks: &[(u32, u32, u32, u32)]) -> Vec<(usize, usize)> {
        let ink = Ink::of(&drawn(30, 160, blocks)).expect("ink on paper");
        split(&ink, (5, 25)).iter().map(|g| (g.y0 + 1, g.y1 - 1)).collect()
    }

    #[test]
    fn parts_of_one_character_stay_together() {
        // 三 between two full characters, at its own spacing.
        let blocks = [(5, 10, 20, 20), (5, 40, 20, 2), (7, 48, 16, 2), (5, 57, 20, 2), (5, 70, 20, 20)];
        assert_eq!(heights(&blocks), [(10, 30), (40, 59), (70, 90)]);
    }

    #[test]
    fn a_flat_character_is_not_swallowed() {
        // 一 between two full characters.
        assert_eq!(heights(&[(5, 10, 20, 20), (5, 43, 20, 3), (5, 60, 20, 20)]).len(), 3);
    }

    #[test]
    fn touching_characters_are_cut() {
        let cut = heights(&[(5, 10, 20, 19), (12, 29, 3, 3), (5, 32, 20, 19), (5, 70, 20, 20)]);
        assert_eq!(cut.len(), 3, "{cut:?}");
        assert!((28..=33).contains(&cut[0].1), "{cut:?}");
    }

    #[test]
    fn specks_are_no_characters() {
        assert_eq!(heights(&[(5, 10, 20, 20), (14, 80, 1, 1), (5, 120, 20, 20)]).len(), 2);
    }

    #[test]
    fn a_lying_bracket_is_told_from_a_stroke() {
        let bracket = [(5, 16, 3, 3), (7, 13, 5, 3), (11, 11, 8, 3), (18, 13, 5, 3), (22, 16, 3, 3), (5, 40, 20, 20)];
        let ink = Ink::of(&drawn(30, 80, &bracket)).expect("ink on paper");
        assert_eq!(split(&ink, (5, 25)).iter().map(|g| g.bracket).collect::<Vec<_>>(), [true, false]);
        let stroke = [(5, 12, 20, 4), (5, 40, 20, 20)];
        let ink = Ink::of(&drawn(30, 80, &stroke)).expect("ink on paper");
        assert!(split(&ink, (5, 25)).iter().all(|g| !g.bracket));
    }
}
