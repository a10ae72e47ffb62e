//! The parts of a page that coloured ink covers: only there is the detector run a second time.

use image::imageops::crop_imm;
use image::{Rgb, RgbImage};

use super::engine::Quad;
use super::ink::is_coloured;

/// The page's longer side in cells: of A4, about a millimetre and a half each.
const CELLS: u32 = 200;
/// Share of a cell's pixels from which it is inked; colour fringes of black print stay below.
const CELL_SHARE: f32 = 0.1;
/// Cells of paper taken in around ink: the detector needs to see a line's surroundings.
const MARGIN: u32 = 5;
/// Fewer inked cells than this together hide no character.
const LEAST_CELLS: usize = 3;
/// Parts that cover more of the page than this are no cheaper than the page.
const MOST: f32 = 0.6;
/// A box that comes this close to a part's edge, in pixels, may be cut short there.
const EDGE: f32 = 2.0;

/// A rectangle of pixels, right and bottom excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    x0: u32,
    y0: u32,
    x1: u32,
    y1: u32,
}

impl Part {
    fn area(&self) -> u64 {
        u64::from(self.x1 - self.x0) * u64::from(self.y1 - self.y0)
    }

    fn meets(&self, other: &Self) -> bool {
        self.x0 < other.x1 && other.x0 < self.x1 && self.y0 < other.y1 && other.y0 < self.y1
    }

    fn union(&self, other: &Self) -> Self {
        Self {
            x0: self.x0.min(other.x0),
            y0: self.y0.min(other.y0),
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
        }
    }

    /// Grown so that its sides are multiples of `step`, within the page.
    fn rounded(&self, step: f32, width: u32, height: u32) -> Self {
        let grown = |from: u32, to: u32, most: u32| {
            let side = ((((to - from) as f32 / step).ceil() * step).round() as u32).min(most);
            let from = from.min(most - side);
            (from, from + side)
        };
        let ((x0, x1), (y0, y1)) = (grown(self.x0, self.x1, width), grown(self.y0, self.y1, height));
        Self { x0, y0, x1, y1 }
    }

    /// Its pixels.
    pub(super) fn cut(&self, page: &RgbImage) -> RgbImage {
        crop_imm(page, self.x0, self.y0, self.x1 - self.x0, self.y1 - self.y0).to_image()
    }

    /// Boxes found on its pixels as boxes of a page of `size`; those that its edge may have cut are left out.
    pub(super) fn found(&self, quads: Vec<Quad>, (width, height): (u32, u32)) -> Vec<Quad> {
        let (w, h) = ((self.x1 - self.x0) as f32, (self.y1 - self.y0) as f32);
        let whole = |q: &Quad| {
            let (x0, y0, x1, y1) = q.bounds();
            (x0 > EDGE || self.x0 == 0)
                && (y0 > EDGE || self.y0 == 0)
                && (x1 < w - 1.0 - EDGE || self.x1 == width)
                && (y1 < h - 1.0 - EDGE || self.y1 == height)
        };
        let moved = |q: Quad| Quad { corners: q.corners.map(|(x, y)| (x + self.x0 as f32, y + self.y0 as f32)) };
        quads.into_iter().filter(whole).map(moved).collect()
    }
}

/// The parts of a page under coloured ink, apart from each other; with the whole of every known box that reaches in,
/// so that no line is cut. Their sides are multiples of `step` pixels where the page is large enough.
pub(super) fn parts(page: &RgbImage, known: &[Quad], step: f32) -> Vec<Part> {
    let (width, height) = page.dimensions();
    let side = width.max(height).div_ceil(CELLS).max(1);
    let mut parts = clusters(page, side);
    let lines: Vec<Part> = known.iter().map(|q| around(q, width, height)).collect();
    for part in &mut parts {
        *part = lines.iter().filter(|l| part.meets(l)).fold(*part, |p, l| p.union(l));
    }
    parts = merged(parts.iter().map(|p| p.rounded(step, width, height)).collect());
    let covered: u64 = parts.iter().map(Part::area).sum();
    let all = Part { x0: 0, y0: 0, x1: width, y1: height };
    if covered as f32 > MOST * all.area() as f32 { vec![all] } else { parts }
}

/// A known box with a little around it.
fn around(quad: &Quad, width: u32, height: u32) -> Part {
    let (x0, y0, x1, y1) = quad.bounds();
    let by = 2.0 * EDGE + quad.height().min(quad.width()) / 2.0;
    let low = |v: f32, most: u32| (v - by).max(0.0).min(most as f32 - 1.0) as u32;
    let high = |v: f32, most: u32| ((v + by).max(1.0).ceil() as u32).min(most);
    Part { x0: low(x0, width), y0: low(y0, height), x1: high(x1, width), y1: high(y1, height) }
}

/// Boxes around inked cells that lie close to each other.
fn clusters(page: &RgbImage, side: u32) -> Vec<Part> {
    let (width, height) = page.dimensions();
    let (across, down) = (width.div_ceil(side) as usize, height.div_ceil(side) as usize);
    let mut counts = vec![0u32; across * down];
    for (y, row) in page.rows().enumerate() {
        let cells = &mut counts[y / side as usize * across..][..across];
        for (x, Rgb(p)) in row.enumerate() {
            cells[x / side as usize] += u32::from(is_coloured(*p));
        }
    }
    let least = CELL_SHARE * (side * side) as f32;
    let mut open: Vec<bool> = counts.iter().map(|n| *n as f32 >= least).collect();
    let mut out = Vec::new();
    let reach = MARGIN as usize;
    for start in 0..open.len() {
        if !std::mem::take(&mut open[start]) {
            continue;
        }
        let mut members = vec![start];
        let mut next = 0;
        while let Some(&cell) = members.get(next) {
            next += 1;
            let (cx, cy) = (cell % across, cell / across);
            for y in cy.saturating_sub(reach)..(cy + reach + 1).min(down) {
                for x in cx.saturating_sub(reach)..(cx + reach + 1).min(across) {
                    if std::mem::take(&mut open[y * across + x]) {
                        members.push(y * across + x);
                    }
                }
            }
        }
        if members.len() < LEAST_CELLS {
            continue;
        }
        let cells = members.iter().map(|c| {
            let (x, y) = ((c % across) as u32, (c / across) as u32);
            Part {
                x0: x.saturating_sub(MARGIN) * side,
                y0: y.saturating_sub(MARGIN) * side,
                x1: ((x + 1 + MARGIN) * side).min(width),
                y1: ((y + 1 + MARGIN) * side).min(height),
            }
        });
        out.extend(cells.reduce(|a, b| a.union(&b)));
    }
    out
}

/// Parts that meet become one, until none do.
fn merged(mut parts: Vec<Part>) -> Vec<Part> {
    let mut i = 0;
    while i < parts.len() {
        match (i + 1..parts.len()).find(|&j| parts[i].meets(&parts[j])) {
            Some(j) => {
                let other = parts.swap_remove(j);
                parts[i] = parts[i].union(&other);
                i = 0;
            }
            None => i += 1,
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(red: &[(u32, u32, u32, u32)]) -> RgbImage {
        RgbImage::from_fn(1000, 1400, |x, y| {
            let inside = red.iter().any(|&(x0, y0, x1, y1)| (x0..x1).contains(&x) && (y0..y1).contains(&y));
            Rgb(if inside { [220, 40, 40] } else { [240; 3] })
        })
    }

    #[test]
    fn a_seal_is_a_part_with_the_lines_that_reach_into_it() {
        let page = page(&[(600, 900, 800, 1100)]);
        assert_eq!(parts(&page, &[], 1.0), [Part { x0: 560, y0: 861, x1: 840, y1: 1141 }]);
        let line = Quad::upright(100.0, 1000.0, 650.0, 1030.0);
        let far = Quad::upright(100.0, 200.0, 900.0, 230.0);
        let [part] = parts(&page, &[line, far], 1.0).try_into().expect("one part");
        assert!(part.x0 < 100 && part.x1 == 840 && part.y0 == 861, "{part:?}");
    }

    #[test]
    fn sides_are_multiples_of_what_the_network_takes() {
        let [part] = parts(&page(&[(600, 900, 800, 1100)]), &[], 78.0).try_into().expect("one part");
        assert_eq!((part.x1 - part.x0, part.y1 - part.y0), (312, 312));
        let [edge] = parts(&page(&[(880, 1300, 1000, 1400)]), &[], 78.0).try_into().expect("one part");
        assert_eq!((edge.x0, edge.x1, edge.y0, edge.y1), (766, 1000, 1244, 1400));
    }

    #[test]
    fn ink_all_over_is_the_page_and_specks_are_none() {
        let (w, h) = (1000, 1400);
        assert_eq!(parts(&page(&[(0, 0, w, h)]), &[], 1.0), [Part { x0: 0, y0: 0, x1: w, y1: h }]);
        assert_eq!(parts(&page(&[(500, 500, 504, 504)]), &[], 1.0), []);
        assert_eq!(parts(&page(&[(100, 100, 300, 300), (700, 1000, 900, 1200)]), &[], 1.0).len(), 2);
    }

    #[test]
    fn boxes_come_back_to_the_page_unless_an_edge_cut_them() {
        let part = Part { x0: 100, y0: 0, x1: 300, y1: 200 };
        let inside = Quad::upright(20.0, 0.0, 120.0, 20.0);
        let cut = Quad::upright(0.0, 50.0, 120.0, 70.0);
        let found = part.found(vec![inside, cut], (1000, 1400));
        assert_eq!(found, [Quad::upright(120.0, 0.0, 220.0, 20.0)], "the page's own edge cuts nothing");
    }
}
