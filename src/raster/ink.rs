//! What is printed on the paper, apart from the paper, the scanner's borders, punch holes and dust.

use image::RgbImage;

/// Components are found at about this resolution: a full stop is still three pixels.
const WORK_DPI: f32 = 100.0;
/// Side of the tiles whose brightest part is taken for paper, in millimetres: wider than any stroke.
const TILE_MM: f32 = 6.0;
/// The share of a tile's pixels that are darker than its paper level.
const PAPER_SHARE: f32 = 0.85;
/// Darker than paper by less than this (of 255) is paper grain or compression noise, whatever was measured.
const MIN_DEPTH: f32 = 12.0;
const MAX_NOISE_DEPTH: f32 = 40.0;

/// Shadows of the lid and of sheet edges lie this close to the edge.
const BORDER_MM: f32 = 12.0;
/// A border runs along its edge for at least this long; cut-off characters do not.
const BORDER_RUN_MM: f32 = 25.0;
/// A solid dark patch at the edge that is longer than this is no character.
const PATCH_MM: f32 = 4.0;
/// Rendering may leave this much white outside the scan.
const AT_EDGE_MM: f32 = 0.8;
/// Office punches make 5.5 to 8 mm, clip binders 4.
const HOLE_MM: std::ops::RangeInclusive<f32> = 3.5..=9.0;
const HOLE_FROM_EDGE_MM: f32 = 25.0;
/// A disc fills 0.79 of its box.
const SOLID: f32 = 0.6;
/// Dust and paper specks; a full stop of 12-point print is 0.5 mm.
const DUST_MM: f32 = 0.8;
/// A dirty sensor line is thinner than this and runs the whole page.
const STREAK_MM: f32 = 0.8;

/// One connected patch of ink.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patch {
    pub(super) x0: u32,
    pub(super) y0: u32,
    /// Inclusive.
    pub(super) x1: u32,
    pub(super) y1: u32,
    pub(super) area: u32,
    /// Darkest point below paper, 0 to 255.
    pub(super) peak: u8,
    /// Pixels within `BORDER_MM` of the page's edge.
    near_edge: u32,
    pub(super) kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Content,
    Dust,
    /// Scanner border, sheet edge, punch hole, sensor streak.
    Scanner,
}

/// The page's darkness below its paper, and the patches it forms, at about 100 dpi.
pub(super) struct Ink {
    pub(super) width: u32,
    pub(super) height: u32,
    /// Pixels of the raster per pixel here.
    pub(super) step: u32,
    pub(super) mm_per_px: f32,
    /// The paper's brightness, per pixel.
    pub(super) paper: Vec<u8>,
    /// Standard deviation of a raster pixel of bare paper.
    pub(super) noise: f32,
    /// 1-based index into `patches`, 0 for paper.
    pub(super) labels: Vec<u32>,
    pub(super) patches: Vec<Patch>,
}

impl Ink {
    pub(super) fn find(image: &RgbImage, dpi: f32) -> Self {
        let step = ((dpi / WORK_DPI).floor() as u32).max(1);
        let (width, height) = ((image.width() / step).max(1), (image.height() / step).max(1));
        let mm_per_px = 25.4 / dpi.max(1.0) * step as f32;
        let values = darkest_channel(image, step, width, height);
        let paper = paper_level(&values, width, height, mm_per_px);
        let depth: Vec<u8> = values.iter().zip(&paper).map(|(v, p)| p.saturating_sub(*v)).collect();
        let deviation = median_deviation(&values, &paper);
        let threshold = (deviation * 4.0).clamp(MIN_DEPTH, MAX_NOISE_DEPTH) as u8;
        // 1.48 median deviations make a standard deviation; averaging step² pixels divided it by step.
        let noise = deviation * 1.48 * step as f32;
        let mut ink = Self { width, height, step, mm_per_px, paper, noise, labels: Vec::new(), patches: Vec::new() };
        ink.label(&depth, threshold);
        for i in 0..ink.patches.len() {
            ink.patches[i].kind = ink.kind(&ink.patches[i]);
        }
        ink
    }

    pub(super) fn mm(&self, px: u32) -> f32 {
        px as f32 * self.mm_per_px
    }

    /// The patch at a pixel of this grid.
    pub(super) fn patch_at(&self, x: u32, y: u32) -> Option<&Patch> {
        let label = self.labels[(y * self.width + x) as usize];
        (label > 0).then(|| &self.patches[label as usize - 1])
    }

    pub(super) fn content(&self) -> impl Iterator<Item = &Patch> {
        self.patches.iter().filter(|p| p.kind == Kind::Content)
    }

    /// Flood fill over eight neighbours.
    fn label(&mut self, depth: &[u8], threshold: u8) {
        let (w, h) = (self.width, self.height);
        let edge = (BORDER_MM / self.mm_per_px) as u32;
        self.labels = vec![0; depth.len()];
        let mut stack = Vec::new();
        for start in 0..depth.len() {
            if depth[start] <= threshold || self.labels[start] != 0 {
                continue;
            }
            let label = self.patches.len() as u32 + 1;
            let (sx, sy) = (start as u32 % w, start as u32 / w);
            let mut patch =
                Patch { x0: sx, y0: sy, x1: sx, y1: sy, area: 0, peak: 0, near_edge: 0, kind: Kind::Content };
            self.labels[start] = label;
            stack.push((sx, sy));
            while let Some((x, y)) = stack.pop() {
                patch.area += 1;
                patch.peak = patch.peak.max(depth[(y * w + x) as usize]);
                patch.x0 = patch.x0.min(x);
                patch.x1 = patch.x1.max(x);
                patch.y0 = patch.y0.min(y);
                patch.y1 = patch.y1.max(y);
                let inward = x.min(w - 1 - x).min(y).min(h - 1 - y);
                patch.near_edge += u32::from(inward < edge);
                for ny in y.saturating_sub(1)..=(y + 1).min(h - 1) {
                    for nx in x.saturating_sub(1)..=(x + 1).min(w - 1) {
                        let at = (ny * w + nx) as usize;
                        if self.labels[at] == 0 && depth[at] > threshold {
                            self.labels[at] = label;
                            stack.push((nx, ny));
                        }
                    }
                }
            }
            self.patches.push(patch);
        }
    }

    fn kind(&self, p: &Patch) -> Kind {
        let (w, h) = (self.mm(p.x1 - p.x0 + 1), self.mm(p.y1 - p.y0 + 1));
        if w.max(h) < DUST_MM {
            return Kind::Dust;
        }
        let fill = p.area as f32 / ((p.x1 - p.x0 + 1) * (p.y1 - p.y0 + 1)) as f32;
        let [left, top, right, bottom] = self.touches(p);
        let along = f32::max(if left || right { h } else { 0.0 }, if top || bottom { w } else { 0.0 });
        let hugging = p.near_edge as f32 > 0.9 * p.area as f32;
        let corner = (left || right) && (top || bottom);
        let border =
            hugging && (along > BORDER_RUN_MM || (corner && along > 0.0) || (along > PATCH_MM && fill > SOLID));
        let streak = (top && bottom && w < STREAK_MM) || (left && right && h < STREAK_MM);
        if border || streak || self.is_hole(p, w, h, fill) { Kind::Scanner } else { Kind::Content }
    }

    /// Which edges of the page the patch reaches: left, top, right, bottom.
    pub(super) fn touches(&self, p: &Patch) -> [bool; 4] {
        let slack = (AT_EDGE_MM / self.mm_per_px).ceil() as u32;
        [p.x0 <= slack, p.y0 <= slack, p.x1 + slack + 1 >= self.width, p.y1 + slack + 1 >= self.height]
    }

    fn is_hole(&self, p: &Patch, w: f32, h: f32, fill: f32) -> bool {
        let (cx, cy) = ((p.x0 + p.x1) / 2, (p.y0 + p.y1) / 2);
        let inward = self.mm(cx.min(self.width - cx).min(cy).min(self.height - cy));
        HOLE_MM.contains(&w)
            && HOLE_MM.contains(&h)
            && (0.75..1.34).contains(&(w / h))
            && (SOLID..0.9).contains(&fill)
            && inward < HOLE_FROM_EDGE_MM
    }
}

/// Box average of each pixel's darkest channel: red and blue ink count as dark as black.
fn darkest_channel(image: &RgbImage, step: u32, width: u32, height: u32) -> Vec<u8> {
    let raw = image.as_raw();
    let stride = image.width() as usize * 3;
    let cells = step * step;
    let mut out = Vec::with_capacity((width * height) as usize);
    let mut sums = vec![0_u32; width as usize];
    for y in 0..height {
        sums.fill(0);
        for dy in 0..step {
            let row = &raw[(y * step + dy) as usize * stride..][..stride];
            for (sum, cell) in sums.iter_mut().zip(row.chunks_exact(3 * step as usize)) {
                *sum += cell.as_chunks::<3>().0.iter().map(|[r, g, b]| u32::from(*r.min(g).min(b))).sum::<u32>();
            }
        }
        out.extend(sums.iter().map(|s| (s / cells).min(255) as u8));
    }
    out
}

/// The paper's brightness at each pixel: bright part of each tile, spread over its neighbours, interpolated.
fn paper_level(values: &[u8], width: u32, height: u32, mm_per_px: f32) -> Vec<u8> {
    let tile = ((TILE_MM / mm_per_px) as u32).clamp(4, width.max(height).max(4));
    let (cols, rows) = (width.div_ceil(tile), height.div_ceil(tile));
    let mut tiles = Vec::with_capacity((cols * rows) as usize);
    for ty in 0..rows {
        for tx in 0..cols {
            let mut histogram = [0_u32; 256];
            for y in ty * tile..((ty + 1) * tile).min(height) {
                let row = &values[(y * width) as usize..][..width as usize];
                for v in &row[(tx * tile) as usize..((tx + 1) * tile).min(width) as usize] {
                    histogram[usize::from(*v)] += 1;
                }
            }
            tiles.push(percentile(&histogram, PAPER_SHARE));
        }
    }
    let around = |x: u32, y: u32| {
        let ys = y.saturating_sub(1)..=(y + 1).min(rows - 1);
        ys.flat_map(|ny| (x.saturating_sub(1)..=(x + 1).min(cols - 1)).map(move |nx| (nx, ny)))
            .map(|(nx, ny)| tiles[(ny * cols + nx) as usize])
            .max()
            .unwrap_or(255)
    };
    let spread: Vec<f32> = (0..rows * cols).map(|i| f32::from(around(i % cols, i / cols))).collect();
    let at = |i: u32, n: u32| {
        let t = ((i as f32 + 0.5) / tile as f32 - 0.5).clamp(0.0, (n - 1) as f32);
        (t as u32, (t as u32 + 1).min(n - 1), t.fract())
    };
    let mut out = Vec::with_capacity(values.len());
    for y in 0..height {
        let (y0, y1, fy) = at(y, rows);
        let column: Vec<f32> = (0..cols)
            .map(|x| {
                let (a, b) = (spread[(y0 * cols + x) as usize], spread[(y1 * cols + x) as usize]);
                a + (b - a) * fy
            })
            .collect();
        out.extend((0..width).map(|x| {
            let (x0, x1, fx) = at(x, cols);
            (column[x0 as usize] + (column[x1 as usize] - column[x0 as usize]) * fx) as u8
        }));
    }
    out
}

/// The value below which this share of the counted pixels lies.
pub(super) fn percentile(histogram: &[u32; 256], share: f32) -> u8 {
    let total: u32 = histogram.iter().sum();
    let wanted = (total as f32 * share) as u32;
    let mut sum = 0;
    for (value, count) in histogram.iter().enumerate() {
        sum += count;
        if sum > wanted {
            return value as u8;
        }
    }
    255
}

/// Median distance of the pixels from their paper level.
fn median_deviation(values: &[u8], paper: &[u8]) -> f32 {
    let mut histogram = [0_u32; 256];
    for (v, p) in values.iter().zip(paper) {
        histogram[usize::from(p.abs_diff(*v))] += 1;
    }
    f32::from(percentile(&histogram, 0.5))
}
