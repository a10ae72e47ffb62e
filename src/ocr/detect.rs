//! From the detector's probability map to text boxes (differentiable binarisation, as PP-OCR post-processes it).

use image::{GrayImage, Luma, RgbImage};
use imageproc::contours::{BorderType, find_contours};
use imageproc::geometry::min_area_rect;
use imageproc::point::Point;

use super::engine::Quad;

/// Longest side of the detector's input for an A4 page, in pixels: 960 kept every line of body text, more cost time only.
const A4_SIDE: f32 = 960.0;
/// A4's longer side.
const A4_MM: f32 = 297.0;
/// Largest scale-up of [`A4_SIDE`] for larger paper: A3, with room for a scanner's border. A raster that claims to be
/// larger still has no trustworthy resolution.
const MAX_PAPER: f32 = 1.5;
/// The network's own reduction.
const MULTIPLE: f32 = 32.0;
/// Probability from which a pixel is text (PP-OCR).
const TEXT_THRESHOLD: f32 = 0.3;
/// Mean probability that a box needs (PP-OCR: 0.5).
const BOX_SCORE: f32 = 0.5;
/// The network marks the inner part of a line; boxes grow by area x this / perimeter (PP-OCR: 1.6).
const UNCLIP: f32 = 1.6;
/// A box this many times as long as high is a whole line: on a warped sheet it is a bow, and half of its box is paper.
const LINE_ASPECT: f32 = 8.0;
/// Boxes with a shorter side, in the network's pixels before growing and in the page's after, are noise (PP-OCR).
const MIN_SIDE: f32 = 3.0;

/// The size to give the detector for a raster of `width` x `height` pixels at `dpi`: never larger than the raster
/// by more than rounding, both sides multiples of 32.
#[must_use]
pub(super) fn input_size(width: u32, height: u32, dpi: f32) -> (u32, u32) {
    let longest = width.max(height).max(1) as f32;
    let paper = if dpi > 0.0 { (longest / dpi * 25.4 / A4_MM).clamp(1.0, MAX_PAPER) } else { 1.0 };
    let scale = (A4_SIDE * paper / longest).min(1.0);
    let side = |v: u32| (((v as f32 * scale).floor() / MULTIPLE).round_ties_even() * MULTIPLE).max(MULTIPLE) as u32;
    (side(width), side(height))
}

/// The detector's probability map.
#[derive(Debug, Clone, Copy)]
pub(super) struct TextMap<'a> {
    /// Row by row, 0 to 1.
    pub(super) probability: &'a [f32],
    pub(super) width: usize,
    pub(super) height: usize,
}

impl TextMap<'_> {
    fn at(&self, x: usize, y: usize) -> f32 {
        self.probability[y * self.width + x]
    }

    /// Text pixels, dilated by 2 x 2 so that hairline gaps close.
    fn mask(&self) -> GrayImage {
        let on = |x: usize, y: usize| self.at(x, y) > TEXT_THRESHOLD;
        GrayImage::from_fn(self.width as u32, self.height as u32, |x, y| {
            let (x, y) = (x as usize, y as usize);
            let hit =
                on(x, y) || (x > 0 && on(x - 1, y)) || (y > 0 && on(x, y - 1)) || (x > 0 && y > 0 && on(x - 1, y - 1));
            Luma([if hit { 255 } else { 0 }])
        })
    }

    /// Mean probability inside a box.
    fn score(&self, quad: &Quad) -> f32 {
        let (x0, y0, x1, y1) = quad.bounds();
        let (x0, y0) = (x0.max(0.0) as usize, y0.max(0.0) as usize);
        let (x1, y1) = ((x1.ceil() as usize).min(self.width - 1), (y1.ceil() as usize).min(self.height - 1));
        let q = quad.corners;
        let inside = |x: f32, y: f32| {
            (0..4).all(|i| {
                let (a, b) = (q[i], q[(i + 1) % 4]);
                let length = (b.0 - a.0).hypot(b.1 - a.1);
                (b.0 - a.0) * (y - a.1) - (b.1 - a.1) * (x - a.0) >= -0.5 * length
            })
        };
        let (mut sum, mut count) = (0.0, 0.0f32);
        for y in y0..=y1 {
            for x in x0..=x1 {
                if inside(x as f32, y as f32) {
                    sum += self.at(x, y);
                    count += 1.0;
                }
            }
        }
        sum / count.max(1.0)
    }

    /// Mean probability between the upper and the lower edge of a contour, column by column (PP-OCR's slow score, for
    /// regions that are one line).
    fn score_within(&self, contour: &[Point<i32>]) -> f32 {
        let left = contour.iter().map(|p| p.x).min().unwrap_or_default();
        let right = contour.iter().map(|p| p.x).max().unwrap_or_default();
        let mut spans = vec![(i32::MAX, i32::MIN); (right - left + 1).max(0) as usize];
        for p in contour {
            let span = &mut spans[(p.x - left) as usize];
            *span = (span.0.min(p.y), span.1.max(p.y));
        }
        let (mut sum, mut count) = (0.0, 0.0f32);
        for (x, (top, bottom)) in (left..=right).zip(spans) {
            for y in top..=bottom {
                sum += self.at(x as usize, y as usize);
                count += 1.0;
            }
        }
        sum / count.max(1.0)
    }
}

/// The text boxes of a probability map, in the pixels of a raster of `width` x `height`, in no particular order.
#[must_use]
pub(super) fn boxes(map: TextMap<'_>, width: u32, height: u32) -> Vec<Quad> {
    let mut found = Vec::new();
    for contour in find_contours::<i32>(&map.mask()) {
        if contour.border_type == BorderType::Hole || contour.points.len() < 4 {
            continue;
        }
        let inner = Quad::ordered(min_area_rect(&contour.points).map(|p| (p.x as f32, p.y as f32)));
        if inner.width().min(inner.height()) < MIN_SIDE {
            continue;
        }
        let bowed = || inner.width() >= LINE_ASPECT * inner.height() && map.score_within(&contour.points) >= BOX_SCORE;
        if map.score(&inner) < BOX_SCORE && !bowed() {
            continue;
        }
        let grown = unclip(&inner);
        let (sx, sy) = (width as f32 / map.width as f32, height as f32 / map.height as f32);
        let place = |(x, y): (f32, f32)| {
            ((x * sx).round().clamp(0.0, width as f32 - 1.0), (y * sy).round().clamp(0.0, height as f32 - 1.0))
        };
        let quad = Quad { corners: grown.corners.map(place) };
        if quad.width() > MIN_SIDE && quad.height() > MIN_SIDE {
            found.push(quad);
        }
    }
    found
}

/// A rectangle grown on all sides; offsetting a rectangle and boxing the result gives a rectangle again.
fn unclip(quad: &Quad) -> Quad {
    let [tl, tr, br, bl] = quad.corners;
    let (w, h) = ((tr.0 - tl.0).hypot(tr.1 - tl.1), (bl.0 - tl.0).hypot(bl.1 - tl.1));
    let by = w * h * UNCLIP / (2.0 * (w + h));
    let (right, down) =
        (((tr.0 - tl.0) / w * by, (tr.1 - tl.1) / w * by), ((bl.0 - tl.0) / h * by, (bl.1 - tl.1) / h * by));
    let moved = |p: (f32, f32), x: f32, y: f32| (p.0 + x * right.0 + y * down.0, p.1 + x * right.1 + y * down.1);
    Quad { corners: [moved(tl, -1.0, -1.0), moved(tr, 1.0, -1.0), moved(br, 1.0, 1.0), moved(bl, -1.0, 1.0)] }
}

/// Whether the raster has pixels at all.
#[must_use]
pub(super) fn is_empty(image: &RgbImage) -> bool {
    image.width() == 0 || image.height() == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn input_grows_with_the_paper_and_never_past_the_raster() {
        let cases = [
            // A4 at 150 and 300 dpi.
            ((1240, 1754, 150.0), (672, 960)),
            ((2480, 3508, 300.0), (672, 960)),
            // A3 at 150 dpi, upright and lying.
            ((1754, 2480, 150.0), (960, 1344)),
            ((2480, 1754, 150.0), (1344, 960)),
            // A resolution nobody scanned at, and none at all.
            ((2480, 3508, 20.0), (1024, 1440)),
            ((2480, 3508, 0.0), (672, 960)),
            // A small picture is not blown up.
            ((300, 200, 300.0), (288, 192)),
            ((3, 1, 300.0), (32, 32)),
        ];
        for ((w, h, dpi), size) in cases {
            assert_eq!(input_size(w, h, dpi), size, "{w}x{h} at {dpi}");
        }
    }

    fn map_with(blocks: &[(usize, usize, usize, usize, f32)]) -> Vec<f32> {
        let mut map = vec![0.0; 200 * 100];
        for &(x0, y0, x1, y1, p) in blocks {
            for y in y0..y1 {
                map[y * 200 + x0..y * 200 + x1].fill(p);
            }
        }
        map
    }

    fn found(blocks: &[(usize, usize, usize, usize, f32)]) -> Vec<Quad> {
        boxes(TextMap { probability: &map_with(blocks), width: 200, height: 100 }, 400, 200)
    }

    #[test]
    fn a_block_becomes_a_grown_box_in_raster_pixels() {
        let quads = found(&[(50, 40, 150, 50, 0.9)]);
        let [q] = quads.as_slice() else { panic!("one box, not {quads:?}") };
        let (x0, y0, x1, y1) = q.bounds();
        assert!((80.0..90.0).contains(&x0) && (310.0..325.0).contains(&x1), "{q:?}");
        assert!((60.0..70.0).contains(&y0) && (112.0..120.0).contains(&y1), "{q:?}");
    }

    #[test]
    fn noise_and_doubt_are_no_boxes() {
        assert!(found(&[(50, 40, 150, 50, 0.4)]).is_empty(), "below the box score");
        assert!(found(&[(50, 40, 52, 41, 0.9)]).is_empty(), "a speck");
        assert_eq!(found(&[(20, 20, 80, 30, 0.9), (20, 60, 80, 70, 0.9)]).len(), 2);
    }

    #[test]
    fn a_line_on_a_warped_sheet_is_a_box_though_half_of_the_box_is_paper() {
        // A bow of 140 x 6 that sinks by 8 in its middle.
        let bow = |p: f32| -> Vec<_> {
            (0..28)
                .map(|i| {
                    let down = (8.0 * (1.0 - ((i as f32 - 13.5) / 13.5).powi(2))) as usize;
                    (30 + 5 * i, 40 + down, 35 + 5 * i, 46 + down, p)
                })
                .collect()
        };
        assert_eq!(found(&bow(0.7)).len(), 1);
        assert!(found(&bow(0.4)).is_empty(), "below the score in itself");
    }
}
