//! Circles of seal size in an ink plane: a Hough vote along the gradient of the ring's outer edge.

use super::colour::Plane;

/// Radii sought, in millimetres: an A4 copy of an A3 original shrinks a 38 mm seal to 27, contract seals reach 58.
const RADII_MM: (f32, f32) = (12.5, 31.0);
/// Width of one radius layer of the vote; a narrow layer keeps dense text from voting together.
const LAYER_MM: f32 = 2.5;
/// Candidates taken from the vote, best first.
const CANDIDATES: usize = 48;
/// Directions round the centre that are looked at one by one.
const SECTORS: usize = 120;
/// An edge belongs to a ring if its gradient points to the centre within acos of this.
const ALIGNED: f32 = 0.82;
/// A circle is looked at if this much of it may lie on the page.
const LEAST_ON_PAGE: f32 = 0.6;
/// Neighbouring directions, of 3 degrees each, that make a run.
const RUN: usize = 5;
/// Distance from the ring line within which an edge belongs to it.
const ON_RING_MM: f32 = 0.8;

/// A ring found, in pixels of the plane it was found in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Circle {
    pub(crate) cx: f32,
    pub(crate) cy: f32,
    pub(crate) r: f32,
    /// Share of the directions (those inside the page) in which the ring's outer edge shows.
    pub(crate) coverage: f32,
    /// The same, averaged over radii somewhat smaller and larger: what clutter alone gives.
    pub(crate) clutter: f32,
    /// Share of the directions whose ring lies inside the page.
    pub(crate) in_page: f32,
    /// Longest run of directions without ring, as a share of the circle.
    pub(crate) gap: f32,
    /// Share of the covered directions that lie in runs: a line, however broken, not a ring of dots and strokes.
    pub(crate) drawn: f32,
    /// Coverage of the directions midway between upright and level, where frame and table lines touch no ring.
    pub(crate) diagonal: f32,
}

/// One edge pixel and the unit direction towards more ink.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Edge {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) ux: f32,
    pub(crate) uy: f32,
}

/// Edge pixels whose ink rises by at least `rise` over two pixels.
pub(crate) fn edges(plane: &Plane, rise: f32) -> Vec<Edge> {
    let smooth = smoothed(plane);
    let (w, h) = (plane.w, plane.h);
    let mut out = Vec::new();
    // Pixels beyond the page continue its edge, so that the edge of the page itself is no edge.
    for y in 1..h.saturating_sub(1) {
        for x in 1..w - 1 {
            let i = y * w + x;
            let p = |k: usize| i32::from(smooth[k]);
            let gx = p(i + 1 - w) + 2 * p(i + 1) + p(i + 1 + w) - p(i - 1 - w) - 2 * p(i - 1) - p(i - 1 + w);
            let gy = p(i + w - 1) + 2 * p(i + w) + p(i + w + 1) - p(i - w - 1) - 2 * p(i - w) - p(i - w + 1);
            let square = (gx * gx + gy * gy) as f32;
            if square >= rise * rise * 16.0 {
                let size = square.sqrt();
                out.push(Edge { x: x as f32, y: y as f32, ux: gx as f32 / size, uy: gy as f32 / size });
            }
        }
    }
    out
}

fn smoothed(plane: &Plane) -> Vec<u8> {
    let (w, h) = (plane.w, plane.h);
    let mut across = vec![0u16; w * h];
    for y in 0..h {
        let row = &plane.px[y * w..][..w];
        for x in 0..w {
            across[y * w + x] =
                u16::from(row[x.saturating_sub(1)]) + 2 * u16::from(row[x]) + u16::from(row[(x + 1).min(w - 1)]);
        }
    }
    let mut out = vec![0u8; w * h];
    for y in 0..h {
        let (a, c) = (y.saturating_sub(1) * w, (y + 1).min(h - 1) * w);
        for x in 0..w {
            out[y * w + x] = ((across[a + x] + 2 * across[y * w + x] + across[c + x]) / 16) as u8;
        }
    }
    out
}

/// Circles of seal size, best first. Concentric and near-identical ones are reduced to the outermost.
///
/// Circles that show in less than `least` of their directions are left out.
pub(crate) fn circles(edges: &[Edge], w: usize, h: usize, px_per_mm: f32, least: f32) -> Vec<Circle> {
    let mut found: Vec<Circle> = Vec::new();
    let mut fits: Vec<Circle> = candidates(edges, w, h, px_per_mm)
        .into_iter()
        .filter_map(|(cx, cy, r)| refine(edges, (w, h), px_per_mm, least, (cx, cy, r)))
        .filter(|c| c.coverage >= least)
        .collect();
    fits.sort_by(|a, b| (b.coverage - b.clutter).total_cmp(&(a.coverage - a.clutter)));
    for fit in fits {
        let twin = found.iter_mut().find(|f| {
            let apart = (f.cx - fit.cx).hypot(f.cy - fit.cy);
            apart < 0.25 * f.r.min(fit.r) || apart < 2.0 * px_per_mm
        });
        match twin {
            // A seal with two rings: the outer one is its edge, even if the inner one prints better.
            Some(f) if fit.r > f.r * 1.05 && fit.coverage > 0.75 * f.coverage => *f = fit,
            Some(_) => {}
            None => found.push(fit),
        }
    }
    found
}

fn candidates(edges: &[Edge], w: usize, h: usize, px_per_mm: f32) -> Vec<(f32, f32, f32)> {
    // Half the outline of the smallest circle.
    if (edges.len() as f32) < std::f32::consts::PI * RADII_MM.0 * px_per_mm {
        return Vec::new();
    }
    let cell = px_per_mm.max(1.0);
    // Centres may lie outside the page: a seal cut by its edge.
    let margin = RADII_MM.1 * px_per_mm * 0.5;
    let (cw, ch) = (((w as f32 + 2.0 * margin) / cell) as usize + 3, ((h as f32 + 2.0 * margin) / cell) as usize + 3);
    let layers = ((RADII_MM.1 - RADII_MM.0) / LAYER_MM).ceil() as usize + 1;
    let mut votes = vec![0u16; cw * ch * layers];
    let (r0, r1) = (RADII_MM.0 * px_per_mm, RADII_MM.1 * px_per_mm);
    let step = cell * 0.75;
    for e in edges {
        let mut r = r0;
        while r <= r1 {
            let (x, y) = ((e.x + e.ux * r + margin) / cell, (e.y + e.uy * r + margin) / cell);
            if x >= 1.0 && y >= 1.0 && x < (cw - 1) as f32 && y < (ch - 1) as f32 {
                let layer = ((r - r0) / (LAYER_MM * px_per_mm)) as usize;
                let v = &mut votes[(layer * ch + y as usize) * cw + x as usize];
                *v = v.saturating_add(1);
            }
            r += step;
        }
    }
    let mut peaks: Vec<(u32, usize, usize, usize)> = Vec::new();
    let mut sums = vec![0u32; cw * ch];
    for layer in 0..layers {
        sum_around(&votes, layer, layers, cw, ch, &mut sums);
        for y in 2..ch - 2 {
            for x in 2..cw - 2 {
                let v = sums[y * cw + x];
                // A quarter of the smallest circle's edge pixels.
                if (v as f32) < r0 * 1.5 {
                    continue;
                }
                let top = (y - 2..=y + 2).all(|ny| {
                    (x - 2..=x + 2).all(|nx| {
                        let n = sums[ny * cw + nx];
                        n < v || (n == v && (ny, nx) >= (y, x))
                    })
                });
                if top {
                    peaks.push((v, layer, y, x));
                }
            }
        }
    }
    // Votes per length of circle, so that small circles are not drowned by large ones.
    let rank = |p: &(u32, usize, usize, usize)| p.0 as f32 / (RADII_MM.0 + (p.1 as f32 + 0.5) * LAYER_MM).sqrt();
    peaks.sort_by(|a, b| rank(b).total_cmp(&rank(a)).then(a.cmp(b)));
    peaks.truncate(CANDIDATES);
    peaks
        .into_iter()
        .map(|(_, layer, y, x)| {
            let r = (RADII_MM.0 + (layer as f32 + 0.5) * LAYER_MM) * px_per_mm;
            ((x as f32 + 0.5) * cell - margin, (y as f32 + 0.5) * cell - margin, r)
        })
        .collect()
}

/// Votes of 3x3 cells in this layer, and of the next where a radius falls between both.
fn sum_around(votes: &[u16], layer: usize, layers: usize, cw: usize, ch: usize, sums: &mut [u32]) {
    let at = |l: usize, i: usize| u32::from(votes[l * cw * ch + i]);
    let next = (layer + 1).min(layers - 1);
    let cell: Vec<u32> = (0..cw * ch).map(|i| at(layer, i) + if next > layer { at(next, i) } else { 0 }).collect();
    let mut across = vec![0u32; cw * ch];
    for i in 1..cw * ch - 1 {
        across[i] = cell[i - 1] + cell[i] + cell[i + 1];
    }
    for i in cw..cw * (ch - 1) {
        sums[i] = across[i - cw] + across[i] + across[i + cw];
    }
}

/// Moves a candidate onto the edges around it and measures it; `None` where it dissolves.
fn refine(
    edges: &[Edge],
    size: (usize, usize),
    px_per_mm: f32,
    least: f32,
    (cx, cy, r): (f32, f32, f32),
) -> Option<Circle> {
    let reach = r + 6.0 * px_per_mm;
    let near: Vec<Edge> =
        edges.iter().filter(|e| (e.x - cx).abs() < reach && (e.y - cy).abs() < reach).copied().collect();
    let (mut cx, mut cy) = (cx, cy);
    let mut r = best_radius(&near, px_per_mm, cx, cy, (r - 3.0 * px_per_mm, r + 3.5 * px_per_mm), least)?;
    for tolerance_mm in [2.0, 1.2, 0.9, 0.8] {
        let on: Vec<(f32, f32)> = near
            .iter()
            .filter(|e| on_ring(e, cx, cy, r, tolerance_mm * px_per_mm).is_some())
            .map(|e| (e.x, e.y))
            .collect();
        let (nx, ny, nr) = least_squares(&on, cx, cy)?;
        if (nx - cx).hypot(ny - cy) > 4.0 * px_per_mm || (nr - r).abs() > 4.0 * px_per_mm {
            return None;
        }
        (cx, cy, r) = (nx, ny, nr);
    }
    let (low, high) = (RADII_MM.0 * px_per_mm, RADII_MM.1 * px_per_mm);
    if r < low || r > high {
        return None;
    }
    let (coverage, in_page, gap, drawn, diagonal) = coverage(&near, size, px_per_mm, cx, cy, r);
    let others = [-0.2f32, -0.12, 0.12, 0.2].map(|k| coverage_only(&near, size, px_per_mm, cx, cy, r * (1.0 + k)));
    let clutter = others.iter().sum::<f32>() / 4.0;
    Some(Circle { cx, cy, r, coverage, clutter, in_page, gap, drawn, diagonal })
}

fn on_ring(e: &Edge, cx: f32, cy: f32, r: f32, tolerance: f32) -> Option<usize> {
    let (dx, dy) = (e.x - cx, e.y - cy);
    let d = dx.hypot(dy);
    if (d - r).abs() > tolerance || -(dx * e.ux + dy * e.uy) < ALIGNED * d {
        return None;
    }
    Some(sector(dx, dy))
}

fn sector(dx: f32, dy: f32) -> usize {
    let turn = dy.atan2(dx) / std::f32::consts::TAU + 0.5;
    ((turn * SECTORS as f32) as usize).min(SECTORS - 1)
}

fn best_radius(near: &[Edge], px_per_mm: f32, cx: f32, cy: f32, range: (f32, f32), least: f32) -> Option<f32> {
    let bins = ((range.1 - range.0) / px_per_mm * 2.0) as usize + 1;
    let mut seen = vec![false; bins * SECTORS];
    for e in near {
        let (dx, dy) = (e.x - cx, e.y - cy);
        let d = dx.hypot(dy);
        if d < range.0 || d >= range.1 || -(dx * e.ux + dy * e.uy) < 0.7 * d {
            continue;
        }
        let bin = ((d - range.0) / px_per_mm * 2.0) as usize;
        seen[bin.min(bins - 1) * SECTORS + sector(dx, dy)] = true;
    }
    let half = 2;
    let count = |b: usize| {
        let (from, to) = (b.saturating_sub(half), (b + half).min(bins - 1));
        (0..SECTORS).filter(|s| (from..=to).any(|k| seen[k * SECTORS + s])).count()
    };
    let best = (0..bins).max_by_key(|&b| count(b))?;
    // So wide a band round a candidate that is not quite in place holds most of the ring; the outline may lie
    // partly outside the page.
    if (count(best) as f32) < 0.6 * least * SECTORS as f32 * LEAST_ON_PAGE {
        return None;
    }
    Some(range.0 + (best as f32 + 0.5) * px_per_mm / 2.0)
}

/// Kåsa's circle fit. `None` with too few or collinear points.
fn least_squares(points: &[(f32, f32)], ox: f32, oy: f32) -> Option<(f32, f32, f32)> {
    if points.len() < 12 {
        return None;
    }
    let n = points.len() as f64;
    let (mut sx, mut sy, mut sxx, mut syy, mut sxy, mut sz, mut sxz, mut syz) =
        (0.0f64, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
    for &(x, y) in points {
        let (x, y) = (f64::from(x - ox), f64::from(y - oy));
        let z = x * x + y * y;
        (sx, sy, sz) = (sx + x, sy + y, sz + z);
        (sxx, syy, sxy) = (sxx + x * x, syy + y * y, sxy + x * y);
        (sxz, syz) = (sxz + x * z, syz + y * z);
    }
    let (a, b, c) = (sxx - sx * sx / n, sxy - sx * sy / n, syy - sy * sy / n);
    let (p, q) = ((sxz - sx * sz / n) / 2.0, (syz - sy * sz / n) / 2.0);
    let det = a * c - b * b;
    if det.abs() < 1e-6 * n {
        return None;
    }
    let (cx, cy) = ((p * c - q * b) / det, (a * q - b * p) / det);
    let r = (sz / n - 2.0 * (cx * sx + cy * sy) / n + cx * cx + cy * cy).max(0.0).sqrt();
    Some((cx as f32 + ox, cy as f32 + oy, r as f32))
}

fn coverage_only(near: &[Edge], size: (usize, usize), px_per_mm: f32, cx: f32, cy: f32, r: f32) -> f32 {
    coverage(near, size, px_per_mm, cx, cy, r).0
}

fn coverage(
    near: &[Edge],
    size: (usize, usize),
    px_per_mm: f32,
    cx: f32,
    cy: f32,
    r: f32,
) -> (f32, f32, f32, f32, f32) {
    let mut seen = [false; SECTORS];
    for e in near {
        if let Some(s) = on_ring(e, cx, cy, r, ON_RING_MM * px_per_mm) {
            seen[s] = true;
        }
    }
    let inside: [bool; SECTORS] = std::array::from_fn(|s| {
        let a = ((s as f32 + 0.5) / SECTORS as f32 - 0.5) * std::f32::consts::TAU;
        let (x, y) = (cx + r * a.cos(), cy + r * a.sin());
        // The edge filter is blind on the outermost pixels.
        x >= 2.0 && y >= 2.0 && x < size.0 as f32 - 2.0 && y < size.1 as f32 - 2.0
    });
    let total = inside.iter().filter(|i| **i).count();
    let hit = (0..SECTORS).filter(|&s| inside[s] && seen[s]).count();
    let (mut run, mut longest) = (0usize, 0usize);
    for k in 0..2 * SECTORS {
        let s = k % SECTORS;
        run = if inside[s] && !seen[s] { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let drawn = drawn_share(&seen);
    let share = |n: usize| n as f32 / SECTORS as f32;
    (hit as f32 / total.max(1) as f32, share(total), share(longest.min(SECTORS)), drawn, diagonal_share(&seen, &inside))
}

/// Share of the covered directions that lie in a run of covered ones.
pub(crate) fn drawn_share(seen: &[bool]) -> f32 {
    let n = seen.len();
    let runs = |s: usize| (0..RUN).any(|back| (0..RUN).all(|k| seen[(s + n - back + k) % n]));
    let hit = seen.iter().filter(|s| **s).count();
    (0..n).filter(|&s| runs(s)).count() as f32 / hit.max(1) as f32
}

/// Covered share of the directions midway between upright and level, of those that are `inside` the page.
pub(crate) fn diagonal_share(seen: &[bool], inside: &[bool]) -> f32 {
    let n = seen.len();
    let is_diagonal = |s: &usize| {
        let quarter = (*s * 4) % n;
        inside[*s] && quarter * 4 >= n && quarter * 4 < 3 * n
    };
    let total = (0..n).filter(is_diagonal).count();
    let hit = (0..n).filter(is_diagonal).filter(|&s| seen[s]).count();
    hit as f32 / total.max(1) as f32
}
