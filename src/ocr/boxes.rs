//! Detected boxes made into lines and columns: pieces of one column joined, boxes over a ruling line cut.

use image::RgbImage;

use super::engine::Quad;
use super::recognise::{Cut, TALL_RATIO, crop};
use crate::model::geometry::Rect;

/// Largest gap between pieces of one column, in column widths.
const COLUMN_GAP: f32 = 1.5;
/// Largest overlap of pieces of one column, in the shorter one's height.
const MOST_OVERLAP: f32 = 0.8;
/// Share of the narrower piece's width that pieces of one column have in common.
const COLUMN_OVERLAP: f32 = 0.6;
/// Largest ratio between the widths of pieces of one column.
const COLUMN_WIDTHS: f32 = 1.6;
/// Single characters below each other that make a column where no piece of it is tall.
const MIN_SINGLES: usize = 3;
/// Share of a crop's height that is dark where a ruling line crosses it.
const RULED_SHARE: f32 = 0.94;
/// How far beyond a box a ruling line through it goes on to one side at least, in box heights: strokes end sooner.
const RULE_REACH: f32 = 0.3;
/// Widest ruling line inside a text box, in box heights.
const RULE_WIDTH: f32 = 0.2;
/// A part cut off narrower than this, in box heights, holds no character.
const SLIVER: f32 = 0.4;
/// How much darker than paper a ruling line is at least (of 255).
const RULE_CONTRAST: u8 = 50;

/// Share of a piece inside another from which it is nested in it.
const NESTED_SHARE: f32 = 0.85;
/// Area of the upright box around a piece, in the piece's own area, up to which the piece itself counts as upright.
const UPRIGHT_AREA: f32 = 1.3;

/// Boxes to be read as rows and boxes to be read as columns.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Arranged {
    pub(super) rows: Vec<Quad>,
    pub(super) columns: Vec<Quad>,
}

fn is_tall(q: &Quad) -> bool {
    q.height() >= TALL_RATIO * q.width()
}

/// Cuts boxes at ruling lines, then joins pieces of columns.
pub(super) fn arrange(page: &RgbImage, quads: &[Quad]) -> Arranged {
    let pieces = without_nested(quads.iter().flat_map(|q| cut_at_rules(page, q)).collect());
    let mut used = vec![false; pieces.len()];
    let mut arranged = Arranged::default();
    for seed in 0..pieces.len() {
        if used[seed] || pieces[seed].width() > TALL_RATIO * pieces[seed].height() {
            continue;
        }
        let members = column_of(page, &pieces, &used, seed);
        let tall = members.iter().any(|&i| is_tall(&pieces[i]));
        if tall || (members.len() >= MIN_SINGLES && stands_alone(page, &pieces, &members)) {
            members.iter().for_each(|&i| used[i] = true);
            arranged.columns.push(joined(&pieces, &members));
        }
    }
    arranged.rows = pieces.iter().zip(&used).filter(|(_, used)| !**used).map(|(q, _)| *q).collect();
    arranged
}

/// Leaves out pieces that lie inside a larger upright one, or are the same as an earlier one: the same characters twice.
fn without_nested(pieces: Vec<Quad>) -> Vec<Quad> {
    let bounds: Vec<Rect> = pieces.iter().map(|q| Rect::from(corners(q))).collect();
    let holds = |i: usize, j: usize| {
        let upright = bounds[j].area() <= UPRIGHT_AREA * pieces[j].width() * pieces[j].height();
        let larger = bounds[j].area() > bounds[i].area() || (bounds[j] == bounds[i] && j < i);
        i != j && upright && larger && bounds[i].share_inside(&bounds[j]) >= NESTED_SHARE
    };
    (0..pieces.len()).filter(|&i| !(0..pieces.len()).any(|j| holds(i, j))).map(|i| pieces[i]).collect()
}

fn corners(q: &Quad) -> [f32; 4] {
    let (x0, y0, x1, y1) = q.bounds();
    [x0, y0, x1 - x0, y1 - y0]
}

/// The pieces that continue a piece up and down, itself among them.
fn column_of(page: &RgbImage, pieces: &[Quad], used: &[bool], seed: usize) -> Vec<usize> {
    let mut members = vec![seed];
    loop {
        let column = joined(pieces, &members);
        let next = (0..pieces.len()).find(|&i| {
            !used[i]
                && !members.contains(&i)
                && pieces[i].width() <= TALL_RATIO * pieces[i].height()
                && members.iter().any(|&m| comparable(&pieces[m], &pieces[i]))
                && continues(&column, &pieces[i])
                && !ruled_between(page, &column, &pieces[i])
        });
        match next {
            Some(i) => members.push(i),
            None => return members,
        }
    }
}

fn joined(pieces: &[Quad], members: &[usize]) -> Quad {
    match members {
        [one] => pieces[*one],
        _ => {
            let b = members.iter().map(|&i| pieces[i].bounds());
            let (x0, y0, x1, y1) = b.fold((f32::MAX, f32::MAX, f32::MIN, f32::MIN), |a, b| {
                (a.0.min(b.0), a.1.min(b.1), a.2.max(b.2), a.3.max(b.3))
            });
            Quad::upright(x0, y0, x1, y1)
        }
    }
}

fn comparable(a: &Quad, b: &Quad) -> bool {
    a.width().max(b.width()) <= COLUMN_WIDTHS * a.width().min(b.width())
}

fn continues(a: &Quad, b: &Quad) -> bool {
    let (a, b) = (a.bounds(), b.bounds());
    let (wa, wb) = (a.2 - a.0, b.2 - b.0);
    let common = a.2.min(b.2) - a.0.max(b.0);
    let gap = (b.1 - a.3).max(a.1 - b.3);
    let shorter = (a.3 - a.1).min(b.3 - b.1);
    // Pieces of one column do not lie beside each other, but their grown boxes overlap.
    common >= COLUMN_OVERLAP * wa.min(wb) && gap <= COLUMN_GAP * wa.min(wb) && gap >= -MOST_OVERLAP * shorter
}

/// Whether no other piece stands close beside a column of single characters with no ruling line between: then it is
/// part of rows.
fn stands_alone(page: &RgbImage, pieces: &[Quad], members: &[usize]) -> bool {
    let (x0, y0, x1, y1) = joined(pieces, members).bounds();
    let reach = x1 - x0;
    (0..pieces.len()).filter(|i| !members.contains(i)).all(|i| {
        let b = pieces[i].bounds();
        let (left, right) = (b.0 < x0 && b.2 > x0 - reach, b.2 > x1 && b.0 < x1 + reach);
        let off = b.3.min(y1) - b.1.max(y0) < reach / 2.0 || !(left || right);
        off || {
            let (from, to) = if left { (b.2.min(x0), b.2.max(x0)) } else { (b.0.min(x1), b.0.max(x1)) };
            let pad = RULE_REACH * reach;
            !rules(&crop(page, &Quad::upright(from - pad, b.1.max(y0), to + pad, b.3.min(y1)), Cut::AsIs), 0.0)
                .is_empty()
        }
    })
}

/// Whether a ruling line runs between two pieces that lie below each other.
fn ruled_between(page: &RgbImage, a: &Quad, b: &Quad) -> bool {
    let (a, b) = (a.bounds(), b.bounds());
    let (upper, lower) = if a.1 <= b.1 { (a, b) } else { (b, a) };
    let (x0, x1) = (a.0.min(b.0), a.2.max(b.2));
    let reach = (x1 - x0) * RULE_REACH;
    let between = Quad::upright(x0 - reach, upper.3.min(lower.1) - reach, x1 + reach, upper.3.max(lower.1) + reach);
    !rules(&crop(page, &between, Cut::CounterClockwise), RULE_REACH / (1.0 + 2.0 * RULE_REACH)).is_empty()
}

/// The spans of a crop's width where a ruling line crosses its height, as fractions. Of a share `beyond` of the height
/// at either end the line need cover only one: it may end at another line there.
fn rules(crop: &RgbImage, beyond: f32) -> Vec<(f32, f32)> {
    let (width, height) = crop.dimensions();
    // The brightest channel: a red seal's rim is no ruling line.
    let level = |x: u32, y: u32| crop.get_pixel(x, y).0.into_iter().max().unwrap_or(0);
    let mut sorted: Vec<u8> =
        (0..width).flat_map(|x| (0..height).map(move |y| (x, y))).map(|(x, y)| level(x, y)).collect();
    sorted.sort_unstable();
    let Some(&paper) = sorted.get(sorted.len() * 4 / 5) else { return Vec::new() };
    let dark = |x: u32, y: u32| level(x, y) < paper.saturating_sub(RULE_CONTRAST);
    let end = (beyond * height as f32) as u32;
    let amount: Vec<usize> = (0..width)
        .map(|x| {
            let near = |x: u32| x.saturating_sub(1)..(x + 2).min(width);
            let count = |from: u32, to: u32| (from..to).filter(|&y| near(x).any(|x| dark(x, y))).count();
            count(0, height - end).max(count(end, height))
        })
        .collect();
    let spans = super::column::runs(&amount, (RULED_SHARE * (height - end) as f32).ceil() as usize);
    let narrow = spans.into_iter().filter(|s| (s.1 - s.0) as f32 <= RULE_WIDTH * height as f32 + 2.0);
    narrow.map(|s| (s.0 as f32 / width as f32, s.1 as f32 / width as f32)).collect()
}

/// The parts of a box between the ruling lines that cross it.
fn cut_at_rules(page: &RgbImage, quad: &Quad) -> Vec<Quad> {
    let tall = is_tall(quad);
    let reach = if tall { RULE_REACH * quad.width() } else { RULE_REACH * quad.height() };
    let (wider, cut) =
        if tall { (grown(quad, reach, 0.0), Cut::CounterClockwise) } else { (grown(quad, 0.0, reach), Cut::AsIs) };
    let found = rules(&crop(page, &wider, cut), RULE_REACH / (1.0 + 2.0 * RULE_REACH));
    if found.is_empty() {
        return vec![*quad];
    }
    let mut edges = vec![0.0];
    edges.extend(found.iter().flat_map(|s| [s.0, s.1]));
    edges.push(1.0);
    let least = SLIVER * quad.width().min(quad.height()) / quad.width().max(quad.height());
    let parts: Vec<Quad> =
        edges.chunks_exact(2).filter(|e| e[1] - e[0] > least).map(|e| part(quad, tall, e[0], e[1])).collect();
    if parts.is_empty() { vec![*quad] } else { parts }
}

/// A box grown by `dx` pixels to both sides along its top edge and by `dy` along its left edge.
fn grown(quad: &Quad, dx: f32, dy: f32) -> Quad {
    let [tl, tr, br, bl] = quad.corners;
    let (w, h) = (quad.width().max(1.0), quad.height().max(1.0));
    let along = |from: (f32, f32), to: (f32, f32), by: f32| ((to.0 - from.0) * by, (to.1 - from.1) * by);
    let (right, down) = (along(tl, tr, dx / w), along(tl, bl, dy / h));
    let moved = |p: (f32, f32), x: f32, y: f32| (p.0 + x * right.0 + y * down.0, p.1 + x * right.1 + y * down.1);
    Quad { corners: [moved(tl, -1.0, -1.0), moved(tr, 1.0, -1.0), moved(br, 1.0, 1.0), moved(bl, -1.0, 1.0)] }
}

/// The part of a box between two fractions of its length.
fn part(quad: &Quad, tall: bool, from: f32, to: f32) -> Quad {
    let [tl, tr, br, bl] = quad.corners;
    let mix = |a: (f32, f32), b: (f32, f32), t: f32| (a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t);
    let corners = if tall {
        [mix(tl, bl, from), mix(tr, br, from), mix(tr, br, to), mix(tl, bl, to)]
    } else {
        [mix(tl, tr, from), mix(tl, tr, to), mix(bl, br, to), mix(bl, br, from)]
    };
    Quad { corners }
}

#[cfg(test)]
mod tests {
    use super::super::column::tests::drawn;
    use super::*;

    fn shape(a: &Arranged) -> (usize, usize) {
        (a.rows.len(), a.columns.len())
    }

    #[test]
    fn pieces_of_a_column_are_joined() {
        let page = drawn(200, 300, &[]);
        let quads = [
            Quad::upright(10.0, 20.0, 40.0, 120.0),
            Quad::upright(11.0, 150.0, 41.0, 180.0),
            Quad::upright(80.0, 20.0, 180.0, 50.0),
        ];
        let a = arrange(&page, &quads);
        assert_eq!(a.columns, [Quad::upright(10.0, 20.0, 41.0, 180.0)]);
        assert_eq!(a.rows, [quads[2]]);
    }

    #[test]
    fn neither_a_ruling_line_nor_a_wide_gap_is_bridged() {
        let quads = [Quad::upright(10.0, 20.0, 40.0, 120.0), Quad::upright(10.0, 140.0, 40.0, 230.0)];
        assert_eq!(shape(&arrange(&drawn(200, 300, &[]), &quads)), (0, 1));
        assert_eq!(shape(&arrange(&drawn(200, 300, &[(0, 130, 200, 2)]), &quads)), (0, 2));
        let far = [quads[0], Quad::upright(10.0, 180.0, 40.0, 270.0)];
        assert_eq!(shape(&arrange(&drawn(200, 300, &[]), &far)), (0, 2));
    }

    #[test]
    fn single_characters_make_a_column_only_when_alone() {
        let singles: Vec<Quad> =
            (0..3).map(|i| Quad::upright(10.0, 20.0 + 40.0 * i as f32, 40.0, 50.0 + 40.0 * i as f32)).collect();
        let page = drawn(200, 300, &[]);
        assert_eq!(shape(&arrange(&page, &singles)), (0, 1));
        assert_eq!(shape(&arrange(&page, &singles[..2])), (2, 0));
        let mut beside = singles.clone();
        beside.push(Quad::upright(50.0, 20.0, 190.0, 50.0));
        assert_eq!(shape(&arrange(&page, &beside)), (4, 0));
        assert_eq!(shape(&arrange(&drawn(200, 300, &[(44, 0, 2, 300)]), &beside)), (1, 1), "a cell of its own");
    }

    #[test]
    fn a_box_over_two_table_columns_is_cut_at_the_ruling() {
        let page = drawn(300, 60, &[(20, 20, 80, 20), (149, 0, 2, 60), (200, 20, 80, 20)]);
        let a = arrange(&page, &[Quad::upright(10.0, 12.0, 290.0, 48.0)]);
        assert_eq!(shape(&a), (2, 0));
        assert!(a.rows[0].bounds().2 < 150.0 && a.rows[1].bounds().0 > 150.0);
        // At the table's upper edge the ruling ends with the box.
        let page = drawn(300, 60, &[(20, 20, 80, 20), (149, 12, 2, 48), (200, 20, 80, 20)]);
        assert_eq!(shape(&arrange(&page, &[Quad::upright(10.0, 12.0, 290.0, 48.0)])), (2, 0));
        // A stroke ends where the box does, however tight.
        let page = drawn(300, 60, &[(20, 20, 80, 20), (149, 12, 2, 36), (200, 20, 80, 20)]);
        assert_eq!(shape(&arrange(&page, &[Quad::upright(10.0, 12.0, 290.0, 48.0)])), (1, 0));
    }

    #[test]
    fn a_piece_inside_another_is_read_once() {
        let page = drawn(300, 300, &[]);
        let (outer, inner) = (Quad::upright(10.0, 10.0, 200.0, 40.0), Quad::upright(20.0, 12.0, 90.0, 38.0));
        assert_eq!(arrange(&page, &[inner, outer]).rows, [outer]);
        assert_eq!(arrange(&page, &[inner, inner]).rows, [inner], "found twice in one place");
        let slanted = Quad { corners: [(0.0, 100.0), (100.0, 0.0), (110.0, 10.0), (10.0, 110.0)] };
        assert_eq!(shape(&arrange(&page, &[Quad::upright(60.0, 60.0, 100.0, 80.0), slanted])), (2, 0));
    }
}
