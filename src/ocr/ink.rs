//! Text under coloured ink: seals hide characters from the detector as well as from the recogniser.

use image::RgbImage;

use super::engine::Quad;
use crate::model::geometry::Rect;

/// Channel difference from which a pixel counts as coloured ink rather than a scanner's tint.
const INK_CHROMA: u8 = 40;
/// Share of coloured pixels from which coloured ink may hide characters of a line.
pub(super) const INK_SHARE: f32 = 0.01;
/// Share of coloured pixels from which a page may carry a seal: the rim of a 40 mm one covers three times this of A4.
pub(super) const PAGE_INK_SHARE: f32 = 0.001;
/// Share of the paper's level from which a bleached pixel becomes paper: seal ink keeps a pale ghost otherwise.
const GHOST_LEVEL: f32 = 0.72;

/// Whether a pixel is coloured ink.
fn is_coloured([r, g, b]: [u8; 3]) -> bool {
    r.max(g).max(b) - r.min(g).min(b) > INK_CHROMA
}

/// The raster without its coloured ink (a seal over text), or none where less than a share `least` of it carries such ink.
///
/// Each pixel becomes its brightest channel: black stays black, red and blue ink go pale; what is pale then becomes paper.
#[must_use]
pub(super) fn bleached(crop: &RgbImage, least: f32) -> Option<RgbImage> {
    let pixels = crop.as_raw().as_chunks::<3>().0;
    let coloured = pixels.iter().filter(|p| is_coloured(**p)).count();
    if (coloured as f32) < least * pixels.len() as f32 {
        return None;
    }
    let brightest = |[r, g, b]: [u8; 3]| r.max(g).max(b);
    let mut counts = [0usize; 256];
    pixels.iter().for_each(|p| counts[usize::from(brightest(*p))] += 1);
    let paper = f32::from(level_at(&counts, pixels.len() * 3 / 4)) * GHOST_LEVEL;
    let paled: [u8; 256] = std::array::from_fn(|v| (v as f32 / paper * 255.0).min(255.0) as u8);
    let mut out = RgbImage::new(crop.width(), crop.height());
    for (to, from) in out.as_chunks_mut::<3>().0.iter_mut().zip(pixels) {
        *to = [paled[usize::from(brightest(*from))]; 3];
    }
    Some(out)
}

/// The level of the `nth` pixel, counted from the darkest.
fn level_at(counts: &[usize; 256], nth: usize) -> u8 {
    let mut seen = 0;
    let level = counts.iter().position(|n| {
        seen += n;
        seen > nth
    });
    level.map_or(u8::MAX, |v| v as u8)
}

/// Share of a box's pixels that are coloured ink.
fn coloured_share(page: &RgbImage, quad: &Quad) -> f32 {
    let (x0, y0, x1, y1) = quad.bounds();
    let (x0, y0) = (x0.max(0.0) as u32, y0.max(0.0) as u32);
    let (x1, y1) = ((x1 as u32).min(page.width()), (y1 as u32).min(page.height()));
    let pixels = (y0..y1).flat_map(|y| (x0..x1).map(move |x| page.get_pixel(x, y)));
    let (all, coloured) =
        pixels.fold((0.0f32, 0.0), |n, p| (n.0 + 1.0, if is_coloured(p.0) { n.1 + 1.0 } else { n.1 }));
    coloured / all.max(1.0)
}

/// Share of a box inside another from which they are about the same text.
const SAME_TEXT: f32 = 0.5;
/// Intersection over union from which two boxes are the same box.
const SAME_BOX: f32 = 0.75;
/// A box found without the ink takes the place of one that holds it if it is at least this share of it.
const CORE_SHARE: f32 = 0.25;

/// Completes a page's boxes with those found on its bleached copy: where ink lies over text, the copy's boxes count.
///
/// Boxes of coloured text, absent from the copy, stay.
#[must_use]
pub(super) fn completed(page: &RgbImage, boxes: Vec<Quad>, bleached: Vec<Quad>) -> Vec<Quad> {
    let rect = |q: &Quad| q.rect(page.width(), page.height());
    let known: Vec<Rect> = boxes.iter().map(rect).collect();
    let mut added: Vec<(Quad, Rect)> = bleached.into_iter().map(|q| (q, rect(&q))).collect();
    added.retain(|(q, r)| !known.iter().any(|k| k.iou(r) >= SAME_BOX) && coloured_share(page, q) >= INK_SHARE);
    let replaced = |quad: &Quad, r: &Rect| {
        added.iter().any(|(_, a)| r.share_inside(a) >= SAME_TEXT)
            || (coloured_share(page, quad) >= INK_SHARE
                && added.iter().any(|(_, a)| a.share_inside(r) >= SAME_BOX && a.area() >= CORE_SHARE * r.area()))
    };
    let mut out: Vec<Quad> = boxes.iter().zip(&known).filter(|(q, r)| !replaced(q, r)).map(|(q, _)| *q).collect();
    out.extend(added.iter().map(|(q, _)| *q));
    out
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    #[test]
    fn bleaching_takes_red_and_leaves_black() {
        let mut c = RgbImage::from_pixel(40, 10, Rgb([240, 238, 236]));
        (0..10).for_each(|y| {
            c.put_pixel(3, y, Rgb([20, 20, 20]));
            c.put_pixel(5, y, Rgb([200, 30, 40]));
        });
        let b = bleached(&c, INK_SHARE).expect("red ink is there");
        assert!(b.get_pixel(3, 0).0[0] < 40);
        assert_eq!(b.get_pixel(5, 0).0, [255; 3]);
        assert_eq!(
            bleached(&RgbImage::from_pixel(9, 9, Rgb([240, 220, 210])), INK_SHARE),
            None,
            "yellowed paper is no ink"
        );
    }

    #[test]
    fn where_ink_lies_over_text_the_bleached_boxes_count() {
        // A red field over the right half of the page.
        let page = RgbImage::from_fn(200, 100, |x, _| Rgb(if x >= 100 { [220, 40, 40] } else { [240; 3] }));
        let (cut, whole) = (Quad::upright(60.0, 10.0, 100.0, 20.0), Quad::upright(60.0, 10.0, 150.0, 20.0));
        assert_eq!(completed(&page, vec![cut], vec![whole]), [whole], "a line cut short at the ink");
        assert_eq!(completed(&page, vec![], vec![whole]), [whole], "a line hidden altogether");
        assert_eq!(completed(&page, vec![whole], vec![]), [whole], "coloured text");
        let near = Quad::upright(61.0, 10.0, 150.0, 20.0);
        assert_eq!(completed(&page, vec![whole], vec![near]), [whole], "the same box twice");
        let glued = Quad::upright(60.0, 5.0, 190.0, 24.0);
        assert_eq!(completed(&page, vec![glued], vec![whole]), [whole], "text and rim in one box");
        let plain = Quad::upright(10.0, 50.0, 90.0, 60.0);
        assert_eq!(completed(&page, vec![], vec![plain]), [], "away from the ink the page's own boxes count");
    }
}
