//! Detected boxes made into lines and columns: pieces of one column joined, boxes over a ruling line cut.

use image::RgbImage;

use super::engine::Quad;
use super::recognise::{Cut, TALL_RATIO, crop};

/// Largest gap between pieces of one column, in column widths.
const COLUMN_GAP: f32 = 1.5;
/// Share of the narrower piece's width that pieces of one column have in common.
const COLUMN_OVERLAP: f32 = 0.6;
/// Largest ratio between the widths of pieces of one column.
const COLUMN_WIDTHS: f32 = 1.6;
/// Single characters below each other that make a column where no piece of it is tall.
const MIN_SINGLES: usize = 3;
/// Share of a crop's height that is dark where a ruling line crosses: strokes end within the box's margins.
const RULED_SHARE: f32 = 0.94;
/// Widest ruling line inside a text box, in box heights.
const RULE_WIDTH: f32 = 0.2;
/// A part cut off narrower than this, in box heights, holds no character.
const SLIVER: f32 = 0.4;
/// How much darker than paper a ruling line is at least (of 255).
const RULE_CONTRAST: u8 = 50;

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
    let pieces: Vec<Quad> = quads.iter().flat_map(|q| cut_at_rules(page, q)).collect();
    let mut used = vec![false; pieces.len()];
    let mut arranged = Arranged::default();
    for seed in 0..pieces.len() {
        if used[seed] || pieces[seed].width() > TALL_RATIO * pieces[seed].height() {
            continue;
        }
        let members = column_of(page, &pieces, &used, seed);
        let tall = members.iter().any(|&i| is_tall(&pieces[i]));
        if tall || (members.len() >= MIN_SINGLES && stands_alone(&pieces, &members)) {
            members.iter().for_each(|&i| used[i] = true);
            arranged.columns.push(joined(&pieces, &members));
        }
    }
    arranged.rows = pieces.iter().zip(&used).filter(|(_, used)| !**used).map(|(q, _)| *q).collect();
    arranged
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
    // Pieces of one column do not lie beside each other; their grown boxes may overlap by half a character.
    common >= COLUMN_OVERLAP * wa.min(wb) && gap <= COLUMN_GAP * wa.min(wb) && gap >= -0.5 * wa.min(wb)
}

/// Whether no other piece stands close beside a column of single characters (then it is part of rows).
fn stands_alone(pieces: &[Quad], members: &[usize]) -> bool {
    let (x0, y0, x1, y1) = joined(pieces, members).bounds();
    let reach = x1 - x0;
    (0..pieces.len()).filter(|i| !members.contains(i)).all(|i| {
        let b = pieces[i].bounds();
        let (above, beside) = (b.3 <= y0 || b.1 >= y1, b.2 <= x0 - reach || b.0 >= x1 + reach);
        above || beside
    })
}

/// Whether a ruling line runs between two pieces that lie below each other.
fn ruled_between(page: &RgbImage, a: &Quad, b: &Quad) -> bool {
    let (a, b) = (a.bounds(), b.bounds());
    let (upper, lower) = if a.1 <= b.1 { (a, b) } else { (b, a) };
    let (x0, x1) = (a.0.min(b.0), a.2.max(b.2));
    let reach = (x1 - x0) * 0.3;
    let between = Quad::upright(x0 - reach, upper.3.min(lower.1) - reach, x1 + reach, upper.3.max(lower.1) + reach);
    !rules(&crop(page, &between, Cut::CounterClockwise)).is_empty()
}

/// The spans of a crop's width where a ruling line crosses its height, as fractions.
fn rules(crop: &RgbImage) -> Vec<(f32, f32)> {
    let (width, height) = crop.dimensions();
    // The brightest channel: a red seal's rim is no ruling line.
    let level = |x: u32, y: u32| crop.get_pixel(x, y).0.into_iter().max().unwrap_or(0);
    let mut sorted: Vec<u8> =
        (0..width).flat_map(|x| (0..height).map(move |y| (x, y))).map(|(x, y)| level(x, y)).collect();
    sorted.sort_unstable();
    let Some(&paper) = sorted.get(sorted.len() * 4 / 5) else { return Vec::new() };
    let dark = |x: u32, y: u32| level(x, y) < paper.saturating_sub(RULE_CONTRAST);
    let amount: Vec<usize> = (0..width)
        .map(|x| {
            let near = |x: u32| x.saturating_sub(1)..(x + 2).min(width);
            (0..height).filter(|&y| near(x).any(|x| dark(x, y))).count()
        })
        .collect();
    let spans = super::column::runs(&amount, (RULED_SHARE * height as f32).ceil() as usize);
    let narrow = spans.into_iter().filter(|s| (s.1 - s.0) as f32 <= RULE_WIDTH * height as f32 + 2.0);
    narrow.map(|s| (s.0 as f32 / width as f32, s.1 as f32 / width as f32)).collect()
}

/// The parts of a box between the ruling lines that cross it.
fn cut_at_rules(page: &RgbImage, quad: &Quad) -> Vec<Quad> {
    let tall = is_tall(quad);
    let found = rules(&crop(page, quad, if tall { Cut::CounterClockwise } else { Cut::AsIs }));
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
    }

    #[test]
    fn a_box_over_two_table_columns_is_cut_at_the_ruling() {
        let page = drawn(300, 60, &[(20, 20, 80, 20), (149, 0, 2, 60), (200, 20, 80, 20)]);
        let a = arrange(&page, &[Quad::upright(10.0, 12.0, 290.0, 48.0)]);
        assert_eq!(shape(&a), (2, 0));
        assert!(a.rows[0].bounds().2 < 150.0 && a.rows[1].bounds().0 > 150.0);
        // A stroke within the line ends before the box does.
        let page = drawn(300, 60, &[(20, 20, 80, 20), (149, 18, 2, 24), (200, 20, 80, 20)]);
        assert_eq!(shape(&arrange(&page, &[Quad::upright(10.0, 12.0, 290.0, 48.0)])), (1, 0));
    }
}
