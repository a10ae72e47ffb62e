//! Oval seals: the circle vote on a page stretched until a usual oval is round, then a conic through the edge.

use super::ring::{Edge, circles, diagonal_share, drawn_share};
use super::shape::{Ellipse, conic};

/// Short to long axis of the usual oval seals, 40x30 and 45x30; others near it are drawn in by the fit.
const USUAL_RATIO: f32 = 0.74;
/// Least coverage of the stretched circle that is worth a fit.
const SEED_COVERAGE: f32 = 0.30;
/// Seeds looked at.
const SEEDS: usize = 10;
/// Directions round the centre that are looked at one by one.
const SECTORS: usize = 120;
/// An edge belongs to an oval if its gradient points inward within acos of this.
const ALIGNED: f32 = 0.85;
const ON_OVAL_MM: f32 = 0.8;

/// An oval and how much of it shows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Oval {
    pub(crate) ellipse: Ellipse,
    /// Share of the directions, inside the page, in which the outer edge shows.
    pub(crate) coverage: f32,
    /// The same on a somewhat smaller and a somewhat larger oval.
    pub(crate) clutter: f32,
    /// Share of the covered directions that lie in runs.
    pub(crate) drawn: f32,
    /// Coverage of the directions midway between upright and level.
    pub(crate) diagonal: f32,
}

/// Lying ovals of seal size, surest first. `plausible` says which sizes are sought.
pub(crate) fn ovals(
    edges: &[Edge],
    size: (usize, usize),
    px_per_mm: f32,
    plausible: impl Fn(&Ellipse) -> bool,
) -> Vec<Oval> {
    let stretch = 1.0 / USUAL_RATIO;
    let stretched: Vec<Edge> = edges
        .iter()
        .map(|e| {
            // Directions of gradients shrink where lengths grow.
            let (ux, uy) = (e.ux, e.uy / stretch);
            let size = ux.hypot(uy).max(1e-6);
            Edge { x: e.x, y: e.y * stretch, ux: ux / size, uy: uy / size }
        })
        .collect();
    let seeds = circles(&stretched, size.0, (size.1 as f32 * stretch) as usize, px_per_mm, SEED_COVERAGE);
    let mut found: Vec<Oval> = seeds
        .iter()
        .take(SEEDS)
        .filter_map(|c| {
            let seed = Ellipse { cx: c.cx, cy: c.cy / stretch, a: c.r, b: c.r / stretch, angle: 0.0 };
            refine(edges, size, px_per_mm, seed, &plausible)
        })
        .collect();
    found.sort_by(|a, b| b.coverage.total_cmp(&a.coverage));
    found
}

/// The oval near a `seed`, fitted to the edges around it.
pub(crate) fn refine(
    edges: &[Edge],
    size: (usize, usize),
    px_per_mm: f32,
    seed: Ellipse,
    plausible: impl Fn(&Ellipse) -> bool,
) -> Option<Oval> {
    let reach = seed.a * 1.4;
    let near: Vec<Edge> =
        edges.iter().filter(|e| (e.x - seed.cx).abs() < reach && (e.y - seed.cy).abs() < reach).copied().collect();
    let mut oval = seed;
    let scale = seed.a;
    for tolerance in [0.16, 0.12, 0.08, 0.06, 0.045, 0.04] {
        let on: Vec<(f32, f32)> = near
            .iter()
            .filter(|e| (oval.reach(e.x, e.y) - 1.0).abs() < tolerance && inward(&oval, e) > ALIGNED)
            .map(|e| ((e.x - oval.cx) / scale, (e.y - oval.cy) / scale))
            .collect();
        if on.len() < 30 {
            return None;
        }
        let fit = conic(&on)?;
        oval = Ellipse {
            cx: fit.cx * scale + oval.cx,
            cy: fit.cy * scale + oval.cy,
            a: fit.a * scale,
            b: fit.b * scale,
            angle: fit.angle,
        };
        let strayed = (oval.cx - seed.cx).abs().max((oval.cy - seed.cy).abs()) > 0.3 * scale;
        if strayed || !(0.6..1.5).contains(&(oval.a / scale)) {
            return None;
        }
    }
    if !plausible(&oval) {
        return None;
    }
    let at = |k: f32| coverage(&near, size, px_per_mm, &Ellipse { a: oval.a * k, b: oval.b * k, ..oval });
    let clutter = (at(0.8).0 + at(0.88).0 + at(1.12).0 + at(1.2).0) / 4.0;
    let (coverage, drawn, diagonal) = at(1.0);
    Some(Oval { ellipse: oval, coverage, clutter, drawn, diagonal })
}

/// Cosine between an edge's direction and the inward normal of the oval through it.
fn inward(o: &Ellipse, e: &Edge) -> f32 {
    let (sin, cos) = o.angle.sin_cos();
    let (dx, dy) = (e.x - o.cx, e.y - o.cy);
    let (u, v) = ((dx * cos + dy * sin) / (o.a * o.a), (dy * cos - dx * sin) / (o.b * o.b));
    let (nx, ny) = (u * cos - v * sin, u * sin + v * cos);
    -(nx * e.ux + ny * e.uy) / nx.hypot(ny).max(1e-9)
}

fn coverage(near: &[Edge], size: (usize, usize), px_per_mm: f32, o: &Ellipse) -> (f32, f32, f32) {
    let tolerance = ON_OVAL_MM * px_per_mm / o.b;
    let mut seen = [false; SECTORS];
    for e in near {
        if (o.reach(e.x, e.y) - 1.0).abs() < tolerance && inward(o, e) > ALIGNED {
            let turn = (e.y - o.cy).atan2(e.x - o.cx) / std::f32::consts::TAU + 0.5;
            seen[((turn * SECTORS as f32) as usize).min(SECTORS - 1)] = true;
        }
    }
    let inside: [bool; SECTORS] = std::array::from_fn(|s| {
        let turn = ((s as f32 + 0.5) / SECTORS as f32 - 0.5) * std::f32::consts::TAU;
        let (sin, cos) = (turn - o.angle).sin_cos();
        let r = 1.0 / (cos / o.a).hypot(sin / o.b);
        let (x, y) = (o.cx + r * turn.cos(), o.cy + r * turn.sin());
        x >= 2.0 && y >= 2.0 && x < size.0 as f32 - 2.0 && y < size.1 as f32 - 2.0
    });
    let total = inside.iter().filter(|i| **i).count();
    // At least 40 % of the oval lies on the page.
    if total * 5 < 2 * SECTORS {
        return (0.0, 0.0, 0.0);
    }
    let hit = (0..SECTORS).filter(|&s| inside[s] && seen[s]).count();
    (hit as f32 / total as f32, drawn_share(&seen), diagonal_share(&seen, &inside))
}
