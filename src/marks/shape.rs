//! Connected pieces of ink, and the ellipses and rectangles that fit them.

use imageproc::geometry::min_area_rect;
use imageproc::point::Point;

/// A connected piece of ink, in pixels of its plane.
#[derive(Debug, Clone)]
pub(crate) struct Blob {
    pub(crate) points: Vec<(u16, u16)>,
    pub(crate) x0: u16,
    pub(crate) y0: u16,
    pub(crate) x1: u16,
    pub(crate) y1: u16,
}

impl Blob {
    pub(crate) fn of(points: Vec<(u16, u16)>) -> Self {
        let mut blob = Self { points, x0: u16::MAX, y0: u16::MAX, x1: 0, y1: 0 };
        for &(x, y) in &blob.points {
            blob.x0 = blob.x0.min(x);
            blob.y0 = blob.y0.min(y);
            blob.x1 = blob.x1.max(x);
            blob.y1 = blob.y1.max(y);
        }
        blob
    }

    pub(crate) fn width(&self) -> f32 {
        f32::from(self.x1 - self.x0) + 1.0
    }

    pub(crate) fn height(&self) -> f32 {
        f32::from(self.y1 - self.y0) + 1.0
    }

    pub(crate) fn centre(&self) -> (f32, f32) {
        ((f32::from(self.x0) + f32::from(self.x1)) / 2.0, (f32::from(self.y0) + f32::from(self.y1)) / 2.0)
    }

    /// Whether most of `other`'s box lies inside this one's.
    fn holds(&self, other: &Self) -> bool {
        let w = f32::from(self.x1.min(other.x1)) - f32::from(self.x0.max(other.x0)) + 1.0;
        let h = f32::from(self.y1.min(other.y1)) - f32::from(self.y0.max(other.y0)) + 1.0;
        w > 0.0 && h > 0.0 && w * h > 0.7 * other.width() * other.height()
    }
}

fn around(mask: &[bool], i: usize, w: usize) -> bool {
    [i - w - 1, i - w, i - w + 1, i - 1, i + 1, i + w - 1, i + w, i + w + 1].iter().all(|k| mask[*k])
}

/// Pieces of the ink `mask`, joined over gaps of `gap` pixels; pieces inside another's box join it.
pub(crate) fn blobs(mask: &[bool], w: usize, h: usize, gap: usize, least_px: usize) -> Vec<Blob> {
    let mut seen = vec![false; w * h];
    let mut all = Vec::new();
    let mut stack = Vec::new();
    for start in 0..w * h {
        if !mask[start] || seen[start] {
            continue;
        }
        seen[start] = true;
        stack.push(start);
        let mut points = Vec::new();
        while let Some(i) = stack.pop() {
            let (x, y) = (i % w, i / w);
            points.push((x as u16, y as u16));
            // Whatever an inner pixel could reach over a gap, an outer pixel reaches, too.
            let inner = x > 0 && y > 0 && x + 1 < w && y + 1 < h && around(mask, i, w);
            let reach = if inner { 1 } else { gap };
            for ny in y.saturating_sub(reach)..(y + reach + 1).min(h) {
                for n in ny * w + x.saturating_sub(reach)..ny * w + (x + reach + 1).min(w) {
                    if mask[n] && !seen[n] {
                        seen[n] = true;
                        stack.push(n);
                    }
                }
            }
        }
        all.push(Blob::of(points));
    }
    all.sort_by(|a, b| (b.width() * b.height()).total_cmp(&(a.width() * a.height())));
    let mut merged: Vec<Blob> = Vec::new();
    for blob in all {
        match merged.iter_mut().find(|m| m.width().max(m.height()) < 0.25 * w as f32 && m.holds(&blob)) {
            Some(home) => home.points.extend(blob.points),
            None => merged.push(blob),
        }
    }
    merged.retain(|b| b.points.len() >= least_px);
    merged
}

/// The mask's pixels whose whole neighbourhood of `reach` pixels is inked.
pub(crate) fn shrunk(mask: &[bool], w: usize, h: usize, reach: usize) -> Vec<bool> {
    let runs = |len: usize, at: &dyn Fn(usize) -> usize, from: &[bool], to: &mut [bool]| {
        let mut run = 0;
        for k in 0..len {
            run = if from[at(k)] { run + 1 } else { 0 };
            if run > 2 * reach {
                to[at(k - reach)] = true;
            }
        }
    };
    let mut across = vec![false; w * h];
    for y in 0..h {
        runs(w, &|k| y * w + k, mask, &mut across);
    }
    let mut out = vec![false; w * h];
    for x in 0..w {
        runs(h, &|k| k * w + x, &across, &mut out);
    }
    out
}

/// The mask grown by `reach` pixels in each direction.
pub(crate) fn grown(mask: &[bool], w: usize, h: usize, reach: usize) -> Vec<bool> {
    let bare: Vec<bool> = mask.iter().map(|m| !m).collect();
    let mut out: Vec<bool> = shrunk(&bare, w, h, reach).iter().map(|m| !m).collect();
    // Beyond the page lies nothing to grow from; `shrunk` treats it as inked, so bare edges are restored here.
    for y in 0..h {
        for x in 0..w {
            if x >= reach && y >= reach && x + reach < w && y + reach < h {
                continue;
            }
            let near = (y.saturating_sub(reach)..(y + reach + 1).min(h))
                .any(|ny| (x.saturating_sub(reach)..(x + reach + 1).min(w)).any(|nx| mask[ny * w + nx]));
            out[y * w + x] = near;
        }
    }
    out
}

/// An ellipse in pixels; `a >= b`, `angle` of the long axis in radians.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ellipse {
    pub(crate) cx: f32,
    pub(crate) cy: f32,
    pub(crate) a: f32,
    pub(crate) b: f32,
    pub(crate) angle: f32,
}

impl Ellipse {
    /// Distance from the centre as a share of the ellipse's own radius in that direction.
    pub(crate) fn reach(&self, x: f32, y: f32) -> f32 {
        let (sin, cos) = self.angle.sin_cos();
        let (dx, dy) = (x - self.cx, y - self.cy);
        ((dx * cos + dy * sin) / self.a).hypot((dy * cos - dx * sin) / self.b)
    }

    /// Half width and half height of the upright box around it.
    pub(crate) fn half_box(&self) -> (f32, f32) {
        let (sin, cos) = self.angle.sin_cos();
        ((self.a * cos).hypot(self.b * sin), (self.a * sin).hypot(self.b * cos))
    }
}

/// Directions in which a piece's outermost points are taken.
const RAYS: usize = 96;
/// Trials of the random fit; half outliers leave 1 in 32 trials clean.
const TRIALS: usize = 220;
/// Distance of an outermost point from the ellipse, relative to its radius, to count as on it.
const ON_ELLIPSE: f32 = 0.045;

/// The ellipse on which most of a piece's outermost points lie, and the share of directions where they do.
pub(crate) fn fit_ellipse(blob: &Blob, plausible: impl Fn(&Ellipse) -> bool) -> Option<(Ellipse, f32)> {
    let (cx, cy) = blob.centre();
    let scale = blob.width().max(blob.height()) / 2.0;
    let mut outer: Vec<Option<(f32, f32, f32)>> = vec![None; RAYS];
    for &(x, y) in &blob.points {
        let (dx, dy) = ((f32::from(x) - cx) / scale, (f32::from(y) - cy) / scale);
        let d = dx.hypot(dy);
        let ray = (((dy.atan2(dx) / std::f32::consts::TAU + 0.5) * RAYS as f32) as usize).min(RAYS - 1);
        if outer[ray].is_none_or(|o| d > o.2) {
            outer[ray] = Some((dx, dy, d));
        }
    }
    let points: Vec<(f32, f32)> = outer.iter().flatten().map(|o| (o.0, o.1)).collect();
    if points.len() < RAYS / 2 {
        return None;
    }
    let on = |e: &Ellipse| points.iter().filter(|p| (e.reach(p.0, p.1) - 1.0).abs() < ON_ELLIPSE).count();
    let place = |e: &Ellipse| Ellipse {
        cx: e.cx * scale + cx,
        cy: e.cy * scale + cy,
        a: e.a * scale,
        b: e.b * scale,
        angle: e.angle,
    };
    // A fixed pseudo-random sequence: the same page must give the same boxes.
    let mut state = 0x2545_F491u32;
    let mut draw = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize % points.len()
    };
    let mut best: Option<(usize, Ellipse)> = None;
    for trial in 0..TRIALS {
        let sample: Vec<(f32, f32)> =
            if trial == 0 { points.clone() } else { (0..6).map(|_| points[draw()]).collect() };
        let Some(e) = conic(&sample).filter(|e| plausible(&place(e))) else { continue };
        let n = on(&e);
        if best.is_none_or(|b| n > b.0) {
            best = Some((n, e));
        }
    }
    let (mut n, mut e) = best?;
    for _ in 0..3 {
        let inliers: Vec<(f32, f32)> =
            points.iter().filter(|p| (e.reach(p.0, p.1) - 1.0).abs() < ON_ELLIPSE * 1.5).copied().collect();
        if let Some(next) = conic(&inliers).filter(|e| plausible(&place(e))) {
            let m = on(&next);
            if m >= n {
                (n, e) = (m, next);
            }
        }
    }
    Some((place(&e), n as f32 / RAYS as f32))
}

/// Least-squares conic `Ax²+Bxy+Cy²+Dx+Ey=1` through points around the origin, if it is an ellipse.
pub(crate) fn conic(points: &[(f32, f32)]) -> Option<Ellipse> {
    if points.len() < 5 {
        return None;
    }
    let mut m = [[0.0f64; 6]; 5];
    for &(x, y) in points {
        let (x, y) = (f64::from(x), f64::from(y));
        let row = [x * x, x * y, y * y, x, y];
        for i in 0..5 {
            for j in 0..5 {
                m[i][j] += row[i] * row[j];
            }
            m[i][5] += row[i];
        }
    }
    for i in 0..5 {
        let pivot = (i..5).max_by(|&p, &q| m[p][i].abs().total_cmp(&m[q][i].abs()))?;
        m.swap(i, pivot);
        if m[i][i].abs() < 1e-9 {
            return None;
        }
        for k in 0..5 {
            if k != i {
                let f = m[k][i] / m[i][i];
                (i..6).for_each(|j| m[k][j] -= f * m[i][j]);
            }
        }
    }
    let [a, b, c, d, e]: [f64; 5] = std::array::from_fn(|i| m[i][5] / m[i][i]);
    let det = 4.0 * a * c - b * b;
    if det <= 1e-9 {
        return None;
    }
    let (cx, cy) = ((b * e - 2.0 * c * d) / det, (b * d - 2.0 * a * e) / det);
    let f = 1.0 + a * cx * cx + b * cx * cy + c * cy * cy;
    let (mean, diff) = ((a + c) / 2.0, ((a - c) / 2.0).hypot(b / 2.0));
    let (long, short) = (f / (mean - diff), f / (mean + diff));
    if long.is_nan() || long <= 0.0 || short <= 0.0 {
        return None;
    }
    // The long axis belongs to the smaller eigenvalue.
    let angle = 0.5 * (-b).atan2(c - a);
    Some(Ellipse { cx: cx as f32, cy: cy as f32, a: long.sqrt() as f32, b: short.sqrt() as f32, angle: angle as f32 })
}

/// The smallest rectangle around a piece, and how much of its outline is drawn.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    pub(crate) long: f32,
    pub(crate) short: f32,
    /// Share of the outline, as far as it can be seen, that is ink.
    pub(crate) outline: f32,
    /// The least such share among the four sides.
    pub(crate) weakest: f32,
    /// The same share a step further in: low inside a frame line, as high in a row of characters.
    pub(crate) inner: f32,
    /// Share of the area that is ink.
    pub(crate) fill: f32,
}

/// Depths, in millimetres, over which a frame's side is sought, and beyond it the quiet zone.
const SIDE_DEPTH_MM: (f32, f32) = (-1.0, 1.0);
const QUIET_DEPTH_MM: (f32, f32) = (0.5, 1.75);

/// Fits a rectangle to a piece. `inked` looks up the ink at `px_per_mm`, with the piece's pixels `zoom` times as
/// large; `unseen` marks points, in the piece's pixels, that cannot be judged (another seal covers them).
pub(crate) fn fit_frame(
    blob: &Blob,
    inked: impl Fn(f32, f32) -> bool,
    zoom: f32,
    px_per_mm: f32,
    unseen: impl Fn(f32, f32) -> bool,
) -> Option<Frame> {
    let points: Vec<Point<i32>> = blob.points.iter().map(|&(x, y)| Point::new(i32::from(x), i32::from(y))).collect();
    if points.len() < 8 || blob.width() < 4.0 || blob.height() < 4.0 {
        return None;
    }
    let corners = min_area_rect(&points).map(|p| ((p.x as f32 + 0.5) * zoom, (p.y as f32 + 0.5) * zoom));
    let middle = corners.iter().fold((0.0, 0.0), |m, c| (m.0 + c.0 / 4.0, m.1 + c.1 / 4.0));
    let length = |i: usize| {
        let (p, q) = (corners[i], corners[(i + 1) % 4]);
        (q.0 - p.0).hypot(q.1 - p.1)
    };
    let (first, second) = ((length(0) + length(2)) / 2.0, (length(1) + length(3)) / 2.0);
    let depths = |range: (f32, f32)| (range.0 * px_per_mm) as i32..=(range.1 * px_per_mm) as i32;
    let (mut seen, mut drawn, mut inner, mut weakest) = (0.0f32, 0.0f32, 0.0f32, 1.0f32);
    for i in 0..4 {
        let (p, q) = (corners[i], corners[(i + 1) % 4]);
        let len = length(i).max(2.0);
        let along = ((q.0 - p.0) / len, (q.1 - p.1) / len);
        let mut inward = (-along.1, along.0);
        if (middle.0 - p.0) * inward.0 + (middle.1 - p.1) * inward.1 < 0.0 {
            inward = (along.1, -along.0);
        }
        let steps: Vec<(f32, f32)> = (0..=len as usize)
            .map(|k| (p.0 + along.0 * k as f32, p.1 + along.1 * k as f32))
            .filter(|(x, y)| !unseen(x / zoom, y / zoom))
            .collect();
        if steps.len() < 4 {
            continue;
        }
        // A line two pixels thick at a depth: how much of the side it covers.
        let covered = |depth: i32| {
            let n = steps.iter().filter(|(x, y)| {
                (0..3).any(|k| {
                    let d = (depth + k) as f32 - 1.0;
                    inked(x + inward.0 * d, y + inward.1 * d)
                })
            });
            n.count() as f32
        };
        let (mut best, mut at) = (-1.0, 0);
        for depth in depths(SIDE_DEPTH_MM) {
            let n = covered(depth);
            if n > best {
                (best, at) = (n, depth);
            }
        }
        let quiet = depths(QUIET_DEPTH_MM).map(|d| covered(at + d)).fold(f32::MAX, f32::min);
        weakest = weakest.min(best / steps.len() as f32);
        (seen, drawn, inner) = (seen + steps.len() as f32, drawn + best, inner + quiet);
    }
    let area = (first * second / (zoom * zoom)).max(1.0);
    Some(Frame {
        long: first.max(second) / zoom + 1.0,
        short: first.min(second) / zoom + 1.0,
        outline: drawn / seen.max(1.0),
        weakest,
        inner: inner / seen.max(1.0),
        fill: (points.len() as f32 / area).min(1.0),
    })
}
