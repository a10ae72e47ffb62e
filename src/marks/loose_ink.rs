//! Dark ink that is neither text, line, picture nor code: a pen's, of the size of a signature, or a lone character.

use image::RgbImage;

use crate::model::geometry::Rect;

/// Side of a cell of the working grid.
const CELL_MM: f32 = 0.5;
/// Ink is darker than this share of the paper nearby. In the red channel, in which red ink is paper.
const INK_SHARE: f32 = 0.66;
/// Red beyond the brighter of the other channels from which a pixel is red ink.
const RED: i16 = 40;
/// Side of the blocks whose brightest tenth is taken as paper.
const BLOCK: usize = 48;
/// Cells apart that still belong together: a character's parts, a name's characters.
const BRIDGE: usize = 4;
/// Known things are covered with this much around them; a ruling line is often a little beside its box.
const AROUND_MM: f32 = 0.7;
/// Least and most width and height of what is kept: initials to a long name, a paragraph's line at most.
const WIDTH_MM: (f32, f32) = (5.0, 110.0);
const HEIGHT_MM: (f32, f32) = (2.5, 32.0);
/// The same of print that stands by itself: from a thin small figure (9 pt, 2.2 mm high) to a few characters in a row.
const LONE_WIDTH_MM: (f32, f32) = (0.5, 14.0);
const LONE_HEIGHT_MM: (f32, f32) = (1.5, 7.0);
/// Share of the box that is inked cells: a pen leaves paper between strokes, a punch hole or a blot doesn't.
const FILL: (f32, f32) = (0.05, 0.62);
/// Nearer to the page's edge lies what the scanner added.
const EDGE_MM: f32 = 3.0;

/// What was found, as boxes.
#[derive(Debug, Default)]
pub(super) struct LooseInk {
    pub(super) strokes: Vec<Rect>,
    pub(super) lone: Vec<Rect>,
}

/// Such ink outside `covered`.
pub(super) fn find(page: &RgbImage, dpi: f32, covered: &[Rect]) -> LooseInk {
    let px_per_cell = (dpi / 25.4 * CELL_MM).max(1.0);
    let (w, h) = ((page.width() as f32 / px_per_cell) as usize, (page.height() as f32 / px_per_cell) as usize);
    if w < 20 || h < 20 || !dpi.is_finite() {
        return LooseInk::default();
    }
    let mut ink = inked(page, px_per_cell, w, h);
    let around = (AROUND_MM / CELL_MM / w as f32, AROUND_MM / CELL_MM / h as f32);
    for rect in covered {
        let r = rect.grown(around.0, around.1);
        let at = |v: f32, all: usize| (v * all as f32).clamp(0.0, all as f32) as usize;
        let (x0, x1) = (at(r.x, w), (at(r.right(), w) + 1).min(w));
        for y in at(r.y, h)..(at(r.bottom(), h) + 1).min(h) {
            ink[y * w + x0.min(x1)..y * w + x1].fill(false);
        }
    }
    let edge = (EDGE_MM / CELL_MM) as usize;
    let mut found = LooseInk::default();
    for c in clusters(&mut ink, w, h) {
        if c.x0 < edge || c.y0 < edge || c.x1 + edge >= w || c.y1 + edge >= h {
            continue;
        }
        let (cw, ch) = (c.x1 - c.x0 + 1, c.y1 - c.y0 + 1);
        let within = |n: usize, (least, most): (f32, f32)| (least..=most).contains(&(n as f32 * CELL_MM));
        let fill = c.cells as f32 / (cw * ch) as f32;
        let at = |v: usize, all: usize| v as f32 / all as f32;
        let rect = Rect::from_corners(at(c.x0, w), at(c.y0, h), at(c.x1 + 1, w), at(c.y1 + 1, h));
        if within(cw, WIDTH_MM) && within(ch, HEIGHT_MM) && (FILL.0..=FILL.1).contains(&fill) {
            found.strokes.push(rect);
        } else if within(cw, LONE_WIDTH_MM) && within(ch, LONE_HEIGHT_MM) {
            found.lone.push(rect);
        }
    }
    found
}

/// Cells in which a pixel is ink. Every second pixel either way is enough: a pen's stroke is 0.4 mm.
fn inked(page: &RgbImage, px_per_cell: f32, w: usize, h: usize) -> Vec<bool> {
    let (pw, ph) = (page.width() as usize, page.height() as usize);
    let raw = page.as_raw();
    let step = if px_per_cell >= 3.0 { 2 } else { 1 };
    let (bw, bh) = (pw.div_ceil(BLOCK), ph.div_ceil(BLOCK));
    let mut papers = vec![0u8; bw * bh];
    for (b, paper) in papers.iter_mut().enumerate() {
        let (bx, by) = (b % bw * BLOCK, b / bw * BLOCK);
        let mut counts = [0u32; 256];
        let mut total = 0;
        for y in (by..(by + BLOCK).min(ph)).step_by(4) {
            for x in (bx..(bx + BLOCK).min(pw)).step_by(4) {
                counts[usize::from(raw[(y * pw + x) * 3])] += 1;
                total += 1;
            }
        }
        let mut above = 0;
        *paper = (0..=255u8)
            .rev()
            .find(|v| {
                above += counts[usize::from(*v)];
                above * 10 > total
            })
            .unwrap_or(0);
    }
    let mut ink = vec![false; w * h];
    for y in (0..ph).step_by(step) {
        let row = ((y as f32 / px_per_cell) as usize).min(h - 1) * w;
        for x in (0..pw).step_by(step) {
            let i = (y * pw + x) * 3;
            let paper = papers[y / BLOCK * bw + x / BLOCK];
            let red = i16::from(raw[i]) - i16::from(raw[i + 1].max(raw[i + 2]));
            if f32::from(raw[i]) < INK_SHARE * f32::from(paper) && red < RED {
                ink[row + ((x as f32 / px_per_cell) as usize).min(w - 1)] = true;
            }
        }
    }
    ink
}

struct Cluster {
    x0: usize,
    y0: usize,
    x1: usize,
    y1: usize,
    cells: usize,
}

/// Groups of inked cells, gaps bridged. Uses the mask up.
fn clusters(ink: &mut [bool], w: usize, h: usize) -> Vec<Cluster> {
    let mut found = Vec::new();
    let mut open = Vec::new();
    for start in 0..ink.len() {
        if !ink[start] {
            continue;
        }
        ink[start] = false;
        open.push(start);
        let mut c = Cluster { x0: start % w, y0: start / w, x1: start % w, y1: start / w, cells: 0 };
        while let Some(at) = open.pop() {
            let (x, y) = (at % w, at / w);
            c.cells += 1;
            (c.x0, c.x1, c.y1) = (c.x0.min(x), c.x1.max(x), c.y1.max(y));
            for ny in y.saturating_sub(BRIDGE)..=(y + BRIDGE).min(h - 1) {
                for nx in x.saturating_sub(BRIDGE)..=(x + BRIDGE).min(w - 1) {
                    let next = ny * w + nx;
                    if ink[next] {
                        ink[next] = false;
                        open.push(next);
                        c.y0 = c.y0.min(ny);
                    }
                }
            }
        }
        found.push(c);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    const BOX: Rect = Rect::new(0.5, 0.5, 0.2, 0.03);

    /// A 200 dpi page with a wavy stroke in `BOX`, a line above it and a punch hole.
    fn page(pen: [u8; 3]) -> RgbImage {
        RgbImage::from_fn(1654, 2339, |x, y| {
            let (u, v) = (x as f32 / 1654.0, y as f32 / 2339.0);
            let wave = 1204.0 + 22.0 * (x as f32 / 9.0).sin();
            let stroke = BOX.contains((u, v)) && (y as f32 - wave).abs() < 6.0;
            let line = (1000..1004).contains(&y) && (200..1400).contains(&x);
            let hole = (x as f32 - 90.0).hypot(y as f32 - 1100.0) < 24.0;
            Rgb(if stroke {
                pen
            } else if line || hole {
                [20; 3]
            } else {
                [244, 240, 232]
            })
        })
    }

    #[test]
    fn a_pens_stroke_is_found_and_lines_and_holes_are_not() {
        for pen in [[30, 30, 30], [40, 60, 150]] {
            let found = find(&page(pen), 200.0, &[]).strokes;
            assert_eq!(found.len(), 1, "{found:?}");
            assert!(found[0].share_inside(&BOX.grown(0.01, 0.01)) > 0.9, "{found:?}");
        }
        assert!(find(&page([210, 40, 40]), 200.0, &[]).strokes.is_empty(), "red ink is a seal's");
        assert!(find(&page([30, 30, 30]), 200.0, &[BOX]).strokes.is_empty(), "known for text");
    }

    #[test]
    fn a_lone_figure_is_found_and_dust_is_not() {
        let page = RgbImage::from_fn(1654, 2339, |x, y| {
            let figure = (800..806).contains(&x) && (2200..2218).contains(&y);
            let dust = (400..403).contains(&x) && (300..303).contains(&y);
            Rgb(if figure || dust { [20; 3] } else { [244; 3] })
        });
        let found = find(&page, 200.0, &[]);
        let [lone] = found.lone.as_slice() else { panic!("one, not {found:?}") };
        assert!(lone.contains((803.0 / 1654.0, 2209.0 / 2339.0)) && found.strokes.is_empty(), "{found:?}");
        assert!(find(&page, 200.0, &[*lone]).lone.is_empty(), "known for text");
    }

    #[test]
    fn tiny_pages_have_none() {
        assert!(find(&RgbImage::new(4, 4), 200.0, &[]).strokes.is_empty());
        assert!(find(&RgbImage::new(400, 400), f32::NAN, &[]).strokes.is_empty());
    }
}
