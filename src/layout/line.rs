//! One straight line, followed along its residual slope and warp.

/// One ruling line. `along` runs with the line, `across` over it; both in pixels of the plane.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) start: f32,
    pub(super) end: f32,
    /// Middle of the line at increasing `along`.
    pub(super) path: Vec<(f32, f32)>,
    pub(super) thickness: f32,
    pub(super) seen: f32,
    pub(super) contrast: f32,
    /// Share of its length with other ink close by on either side.
    pub(super) crowd: f32,
    /// Length of its longest stroke.
    pub(super) unbroken: f32,
}

impl Line {
    pub(super) fn length(&self) -> f32 {
        self.end - self.start
    }

    /// The line's middle at `along`; straight on beyond its ends, with the page's own `slope`.
    pub(super) fn at(&self, along: f32, slope: f32) -> f32 {
        let (first, last) = (self.path[0], self.path[self.path.len() - 1]);
        if along <= first.0 {
            return first.1 + (along - first.0) * slope;
        }
        if along >= last.0 {
            return last.1 + (along - last.0) * slope;
        }
        let i = self.path.partition_point(|p| p.0 <= along);
        let (a, b) = (self.path[i - 1], self.path[i]);
        a.1 + (b.1 - a.1) * (along - a.0) / (b.0 - a.0).max(1e-3)
    }

    /// From end to end.
    pub(super) fn slope(&self) -> f32 {
        let (first, last) = (self.path[0], self.path[self.path.len() - 1]);
        if last.0 - first.0 < 1.0 { 0.0 } else { (last.1 - first.1) / (last.0 - first.0) }
    }

    /// Its outer edges across.
    pub(super) fn extent(&self) -> (f32, f32) {
        let half = self.thickness.max(1.0) / 2.0;
        let low = self.path.iter().map(|p| p.1).fold(f32::MAX, f32::min);
        let high = self.path.iter().map(|p| p.1).fold(f32::MIN, f32::max);
        (low - half, high + half)
    }

    /// A line drawn where the form has none, to close a table.
    pub(super) fn closing(mut path: Vec<(f32, f32)>) -> Self {
        path.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (start, end) = (path[0].0, path[path.len() - 1].0);
        Self { start, end, path, thickness: 1.0, seen: end - start, contrast: 0.0, crowd: 0.0, unbroken: end - start }
    }

    /// Both as one, gaps and all.
    pub(super) fn joined(mut self, other: Self) -> Self {
        let weight = self.seen + other.seen;
        self.thickness = (self.thickness * self.seen + other.thickness * other.seen) / weight;
        self.contrast = (self.contrast * self.seen + other.contrast * other.seen) / weight;
        self.crowd = (self.crowd * self.seen + other.crowd * other.seen) / weight;
        self.unbroken = self.unbroken.max(other.unbroken);
        self.seen = weight;
        self.start = self.start.min(other.start);
        self.end = self.end.max(other.end);
        self.path.extend(other.path);
        self.path.sort_by(|a, b| a.0.total_cmp(&b.0));
        self.path.dedup_by(|b, a| b.0 - a.0 < 0.5);
        self
    }
}
