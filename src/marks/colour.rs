//! The working copy of a page: about 100 dpi, white-balanced against its own paper, split into ink planes.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::RgbImage;

/// Scale at which marks are sought: a ring line of 0.4 mm still covers more than one pixel.
const WORK_DPI: f32 = 100.0;
/// Below this a page is not enlarged: nothing would be gained.
const RESIZE_ABOVE_DPI: f32 = 115.0;
/// A wrong page size must not turn a page into a giant or a dwarf.
const DPI_RANGE: (f32, f32) = (30.0, 1200.0);
/// Side of the blocks, in pixels, whose brightest quarter is taken as paper.
const BLOCK: usize = 24;
/// A block darker than this share of the page's paper is a picture or a solid area, not shaded paper.
const SHADED_PAPER: f32 = 0.55;
/// Blocks at least so bright, relative to the page's paper, are paper wherever they lie.
const LIT_PAPER: f32 = 0.86;
/// From one block to the next (6 mm) shading darkens by less than this, even in a book's gutter.
const SHADING_STEP: f32 = 0.82;
/// The same over two blocks, where a block half in a picture is no stepping-stone into it.
const SHADING_NEARBY: f32 = 0.74;
/// A block whose channel ratios differ by more than this from the page's paper is coloured, not paper.
const TINTED_PAPER: f32 = 0.10;
/// Paper may be cream, pink or bluish; a "paper" with channels further apart is a picture without paper.
const MOST_TINTED_PAGE: f32 = 0.30;
/// Paper of an underexposed scan is still above this; a darker page has no paper in sight.
const DARKEST_PAGE: f32 = 90.0;

/// One channel of the working copy, row by row, 0 to 255.
#[derive(Debug, Clone)]
pub(crate) struct Plane {
    pub(crate) w: usize,
    pub(crate) h: usize,
    pub(crate) px: Vec<u8>,
}

impl Plane {
    pub(crate) fn new(w: usize, h: usize) -> Self {
        Self { w, h, px: vec![0; w * h] }
    }

    /// The value at a position, 0 outside.
    pub(crate) fn at(&self, x: i32, y: i32) -> u8 {
        if x < 0 || y < 0 || x as usize >= self.w || y as usize >= self.h {
            0
        } else {
            self.px[y as usize * self.w + x as usize]
        }
    }

    /// Half the size, each pixel the mean of four.
    pub(crate) fn halved(&self) -> Self {
        let (w, h) = ((self.w / 2).max(1), (self.h / 2).max(1));
        let mut out = Self::new(w, h);
        for y in 0..h {
            let a = &self.px[(2 * y).min(self.h - 1) * self.w..][..self.w];
            let b = &self.px[(2 * y + 1).min(self.h - 1) * self.w..][..self.w];
            for (x, to) in out.px[y * w..][..w].iter_mut().enumerate() {
                let (l, r) = ((2 * x).min(self.w - 1), (2 * x + 1).min(self.w - 1));
                *to = ((u16::from(a[l]) + u16::from(a[r]) + u16::from(b[l]) + u16::from(b[r]) + 2) / 4) as u8;
            }
        }
        out
    }
}

/// The working copy of one page.
#[derive(Debug)]
pub(crate) struct Sheet {
    pub(crate) w: usize,
    pub(crate) h: usize,
    pub(crate) px_per_mm: f32,
    /// As scanned.
    pub(crate) raw: Vec<[u8; 3]>,
    /// White-balanced: the paper nearby is 255 in each channel. As scanned where no paper is in sight.
    pub(crate) flat: Vec<[u8; 3]>,
}

/// The coloured and the dark ink of a sheet.
#[derive(Debug)]
pub(crate) struct Inks {
    pub(crate) red: Plane,
    pub(crate) blue: Plane,
    /// How little red light comes back: black ink and text, but not red ink.
    pub(crate) dark: Plane,
}

impl Sheet {
    /// Scales the page down and balances it against its paper. `None` for an image without pixels.
    pub(crate) fn new(page: &RgbImage, dpi: f32) -> Option<Self> {
        let scale = if dpi.is_finite() && dpi > RESIZE_ABOVE_DPI { WORK_DPI / dpi.min(DPI_RANGE.1) } else { 1.0 };
        Self::scaled(page, dpi, scale)
    }

    /// Balances a page without scaling it.
    pub(crate) fn at_full_scale(page: &RgbImage, dpi: f32) -> Option<Self> {
        Self::scaled(page, dpi, 1.0)
    }

    fn scaled(page: &RgbImage, dpi: f32, scale: f32) -> Option<Self> {
        let (pw, ph) = page.dimensions();
        if pw < 8 || ph < 8 {
            return None;
        }
        let dpi = if dpi.is_finite() { dpi.clamp(DPI_RANGE.0, DPI_RANGE.1) } else { WORK_DPI };
        let w = ((pw as f32 * scale).round() as u32).max(8);
        let h = ((ph as f32 * scale).round() as u32).max(8);
        let bytes = if (w, h) == (pw, ph) { page.as_raw().clone() } else { shrink(page, w, h)? };
        let raw: Vec<[u8; 3]> = bytes.chunks_exact(3).map(|c| [c[0], c[1], c[2]]).collect();
        let (w, h) = (w as usize, h as usize);
        let paper = Paper::of(&raw, w, h);
        let flat = paper.as_ref().map_or_else(|| raw.clone(), |p| p.balance(&raw, w, h));
        Some(Self { w, h, px_per_mm: dpi * scale / 25.4, raw, flat })
    }

    /// Splits the balanced page into inks.
    pub(crate) fn inks(&self) -> Inks {
        let mut red = Plane::new(self.w, self.h);
        let mut blue = Plane::new(self.w, self.h);
        let mut dark = Plane::new(self.w, self.h);
        for (i, &[r, g, b]) in self.flat.iter().enumerate() {
            let (r, g, b) = (i32::from(r), i32::from(g), i32::from(b));
            dark.px[i] = (255 - r) as u8;
            // Orange-red (hue 27 degrees) to violet (270 degrees): all that stamp pads sold as red turn into.
            if r > g && 100 * (r - g) >= 55 * (r - b) && 100 * (r - g) >= 50 * (b - g) {
                red.px[i] = (r - g) as u8;
            } else if b > r && 100 * (b - g) >= 17 * (b - r) {
                blue.px[i] = (b - r) as u8;
            }
        }
        Inks { red, blue, dark }
    }
}

fn shrink(page: &RgbImage, w: u32, h: u32) -> Option<Vec<u8>> {
    let from = ImageRef::new(page.width(), page.height(), page.as_raw(), PixelType::U8x3).ok()?;
    let mut to = Image::new(w, h, PixelType::U8x3);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Box));
    Resizer::new().resize(&from, &mut to, &options).ok()?;
    Some(to.into_vec())
}

/// The paper's colour, block by block.
struct Paper {
    bw: usize,
    bh: usize,
    blocks: Vec<[f32; 3]>,
}

fn luma(c: [f32; 3]) -> f32 {
    0.3 * c[0] + 0.59 * c[1] + 0.11 * c[2]
}

impl Paper {
    /// `None` where the page shows no paper (a photo file).
    fn of(raw: &[[u8; 3]], w: usize, h: usize) -> Option<Self> {
        let (bw, bh) = (w.div_ceil(BLOCK), h.div_ceil(BLOCK));
        let mut blocks = Vec::with_capacity(bw * bh);
        let mut sample: Vec<(u16, [u8; 3])> = Vec::with_capacity(BLOCK * BLOCK / 4);
        for by in 0..bh {
            for bx in 0..bw {
                sample.clear();
                for y in (by * BLOCK..((by + 1) * BLOCK).min(h)).step_by(2) {
                    for c in raw[y * w + bx * BLOCK..y * w + ((bx + 1) * BLOCK).min(w)].iter().step_by(2) {
                        sample.push((3 * u16::from(c[0]) + 6 * u16::from(c[1]) + u16::from(c[2]), *c));
                    }
                }
                let cut = sample.len() * 3 / 4;
                sample.select_nth_unstable_by_key(cut, |s| s.0);
                let bright = &sample[cut..];
                let sum = bright.iter().fold([0.0f32; 3], |a, (_, c)| {
                    [a[0] + f32::from(c[0]), a[1] + f32::from(c[1]), a[2] + f32::from(c[2])]
                });
                blocks.push(sum.map(|v| v / bright.len() as f32));
            }
        }
        // The upper third of the blocks' brightness: paper even where half the page is a picture or a scanner lid.
        let mut order: Vec<usize> = (0..blocks.len()).collect();
        order.sort_by(|&a, &b| luma(blocks[a]).total_cmp(&luma(blocks[b])).then(a.cmp(&b)));
        let page = blocks[order[order.len() * 2 / 3]];
        let spread = page.iter().copied().fold(0.0f32, f32::max) - page.iter().copied().fold(f32::MAX, f32::min);
        if luma(page) < DARKEST_PAGE || spread > MOST_TINTED_PAGE * luma(page) {
            return None;
        }
        let mut paper = Self { bw, bh, blocks };
        paper.replace_pictures(page);
        Some(paper)
    }

    /// Blocks that show a picture or a solid area take their paper from the neighbours.
    fn replace_pictures(&mut self, page: [f32; 3]) {
        let bright: Vec<f32> = self.blocks.iter().map(|b| luma(*b) / luma(page)).collect();
        let plausible: Vec<bool> = self
            .blocks
            .iter()
            .zip(&bright)
            .map(|(b, k)| *k > SHADED_PAPER && (0..3).all(|c| (b[c] / page[c].max(1.0) / k - 1.0).abs() < TINTED_PAPER))
            .collect();
        // Shading falls off step by step; the edge of a picture is one large step.
        let mut good: Vec<bool> = bright.iter().zip(&plausible).map(|(k, p)| *p && *k > LIT_PAPER).collect();
        let mut stack: Vec<usize> = (0..good.len()).filter(|i| good[*i]).collect();
        while let Some(i) = stack.pop() {
            let (x, y) = (i % self.bw, i / self.bw);
            for ny in y.saturating_sub(1)..(y + 2).min(self.bh) {
                for n in ny * self.bw + x.saturating_sub(1)..ny * self.bw + (x + 2).min(self.bw) {
                    if !good[n] && plausible[n] && bright[n] > SHADING_STEP * bright[i] && self.is_gradual(n, &bright) {
                        good[n] = true;
                        stack.push(n);
                    }
                }
            }
        }
        // A few rounds of growing reach across any shading; what lies deeper inside gets the page's own paper.
        for _ in 0..12 {
            let mut next = good.clone();
            let mut changed = false;
            for y in 0..self.bh {
                for x in 0..self.bw {
                    if good[y * self.bw + x] {
                        continue;
                    }
                    let (mut sum, mut n) = ([0.0f32; 3], 0.0f32);
                    for ny in y.saturating_sub(1)..(y + 2).min(self.bh) {
                        for nx in x.saturating_sub(1)..(x + 2).min(self.bw) {
                            if good[ny * self.bw + nx] {
                                (0..3).for_each(|c| sum[c] += self.blocks[ny * self.bw + nx][c]);
                                n += 1.0;
                            }
                        }
                    }
                    if n > 0.0 {
                        self.blocks[y * self.bw + x] = sum.map(|v| v / n);
                        next[y * self.bw + x] = true;
                        changed = true;
                    }
                }
            }
            good = next;
            if !changed {
                break;
            }
        }
        for (b, ok) in self.blocks.iter_mut().zip(&good) {
            if !ok {
                *b = page;
            }
        }
    }

    /// Whether a block is not much darker than any other within two blocks of it.
    fn is_gradual(&self, i: usize, bright: &[f32]) -> bool {
        let (x, y) = (i % self.bw, i / self.bw);
        let rows = y.saturating_sub(2)..(y + 3).min(self.bh);
        rows.flat_map(|ny| (x.saturating_sub(2)..(x + 3).min(self.bw)).map(move |nx| ny * self.bw + nx))
            .all(|n| bright[i] > SHADING_NEARBY * bright[n])
    }

    fn balance(&self, raw: &[[u8; 3]], w: usize, h: usize) -> Vec<[u8; 3]> {
        let mut out = vec![[0u8; 3]; w * h];
        let place = |p: usize, n: usize| {
            let f = ((p as f32 + 0.5) / BLOCK as f32 - 0.5).clamp(0.0, (n - 1) as f32);
            let i = (f as usize).min(n.saturating_sub(2));
            (i, (i + 1).min(n - 1), f - i as f32)
        };
        let columns: Vec<(usize, usize, f32)> = (0..w).map(|x| place(x, self.bw)).collect();
        let mut row = vec![[0.0f32; 3]; self.bw];
        for y in 0..h {
            let (y0, y1, fy) = place(y, self.bh);
            for (x, r) in row.iter_mut().enumerate() {
                let (a, b) = (self.blocks[y0 * self.bw + x], self.blocks[y1 * self.bw + x]);
                *r = std::array::from_fn(|c| 255.0 / (a[c] + (b[c] - a[c]) * fy).max(1.0));
            }
            for x in 0..w {
                let (x0, x1, fx) = columns[x];
                let (a, b, c) = (row[x0], row[x1], raw[y * w + x]);
                out[y * w + x] =
                    std::array::from_fn(|k| (f32::from(c[k]) * (a[k] + (b[k] - a[k]) * fx)).min(255.0) as u8);
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    fn inks_of(paper: [u8; 3], ink: [u8; 3]) -> (u8, u8, u8) {
        let mut page = RgbImage::from_pixel(300, 300, Rgb(paper));
        for y in 100..110 {
            for x in 100..200 {
                page.put_pixel(x, y, Rgb(ink));
            }
        }
        let inks = Sheet::new(&page, 100.0).expect("has pixels").inks();
        (inks.red.at(150, 105), inks.blue.at(150, 105), inks.dark.at(150, 105))
    }

    #[test]
    fn inks_are_told_apart_under_any_cast() {
        for paper in [[255, 255, 255], [240, 228, 200], [210, 220, 240], [150, 145, 140]] {
            let mixed = |c: [u8; 3]| std::array::from_fn(|k| (u16::from(c[k]) * u16::from(paper[k]) / 255) as u8);
            for red in [[210, 40, 45], [230, 90, 40], [215, 60, 130], [240, 170, 175], [150, 50, 150]] {
                let (r, b, _) = inks_of(paper, mixed(red));
                assert!(r > 40 && b == 0, "{red:?} on {paper:?}: {r} {b}");
            }
            let (r, b, _) = inks_of(paper, mixed([40, 60, 190]));
            assert!(r == 0 && b > 100, "blue on {paper:?}");
            let (r, b, d) = inks_of(paper, mixed([30, 30, 30]));
            assert!(r < 12 && b < 12 && d > 200, "black on {paper:?}: {r} {b} {d}");
            let (r, b, _) = inks_of(paper, mixed([235, 200, 90]));
            assert!(r == 0 && b == 0, "yellow on {paper:?}: {r} {b}");
        }
    }

    #[test]
    fn page_without_paper_stays_as_it_is() {
        let page = RgbImage::from_pixel(295, 413, Rgb([200, 20, 30]));
        let sheet = Sheet::new(&page, 300.0).expect("has pixels");
        assert_eq!(sheet.flat[0], [200, 20, 30]);
    }

    #[test]
    fn tiny_images_have_no_sheet() {
        assert!(Sheet::new(&RgbImage::new(1, 1), 100.0).is_none());
        assert!(Sheet::new(&RgbImage::new(0, 0), f32::NAN).is_none());
    }
}
