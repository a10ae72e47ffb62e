//! The physical size of an image whose file may say nothing, or nothing true, about it.

use crate::model::page::PageSize;

/// Sides of papers and cards that scans are likely to be of, in millimetres, short by long.
const PAPERS: &[(f32, f32)] = &[
    (297.0, 420.0),
    (210.0, 297.0),
    (148.0, 210.0),
    (250.0, 353.0),
    (176.0, 250.0),
    (257.0, 364.0),
    (182.0, 257.0),
    (216.0, 279.0),
];
/// Scanners trim and overscan by this much.
const PAPER_TOLERANCE: f32 = 0.06;
/// Nothing smaller or larger is put on an office scanner (A3 is 420 mm; certificates reach 460).
const SHORTEST_MM: f32 = 20.0;
const LONGEST_MM: f32 = 500.0;
/// Drawings of A2 and more are scanned, but never this coarsely; a photo filed at 72 dots per inch is.
const COARSE_DPI: f32 = 120.0;
/// Written by cameras and editors that know no resolution.
const MEANINGLESS_DPI: [f32; 3] = [1.0, 72.0, 96.0];

/// Pages of the A series have a ratio of 1.414; trimming and skew take it to these.
const PAGE_RATIO: std::ops::RangeInclusive<f32> = 1.38..=1.45;
/// A page photographed or scanned with fewer columns cannot be read.
const PAGE_COLUMNS: u32 = 700;
const A4_WIDTH_INCHES: f32 = 8.27;
/// What scanning apps assume for a photo of a document.
const PHOTO_DPI: f32 = 300.0;

/// The size that a file's own resolution (dots per inch, x and y) gives, where it can be believed.
pub(super) fn stated(pixels: (u32, u32), dpi: Option<(f32, f32)>) -> Option<PageSize> {
    let (x, y) = dpi?;
    let usable = x.is_finite() && y.is_finite() && x > 1.0 && y > 1.0 && (0.45..2.2).contains(&(x / y));
    if !usable {
        return None;
    }
    let size = PageSize { width_mm: pixels.0 as f32 / x * 25.4, height_mm: pixels.1 as f32 / y * 25.4, known: true };
    let meaningless = MEANINGLESS_DPI.iter().any(|d| (x - d).abs() < 0.6);
    (is_plausible(&size, x.min(y)) && (!meaningless || is_paper(&size))).then_some(size)
}

/// Whether a page of this size, filled by an image of this resolution, can be a sheet that was scanned.
pub(super) fn is_plausible(size: &PageSize, dpi: f32) -> bool {
    let (short, long) = (size.width_mm.min(size.height_mm), size.width_mm.max(size.height_mm));
    short >= SHORTEST_MM && (long <= LONGEST_MM || dpi >= COARSE_DPI)
}

fn is_paper(size: &PageSize) -> bool {
    let (short, long) = (size.width_mm.min(size.height_mm), size.width_mm.max(size.height_mm));
    let near = |a: f32, b: f32| (a / b - 1.0).abs() <= PAPER_TOLERANCE;
    PAPERS.iter().any(|(s, l)| near(short, *s) && near(long, *l))
}

/// The size of an image that states none: an A4 page where it has the shape of one, else a photo at 300 dpi.
pub(super) fn assumed((columns, rows): (u32, u32)) -> PageSize {
    let (short, long) = (columns.min(rows), columns.max(rows));
    let page = short >= PAGE_COLUMNS && PAGE_RATIO.contains(&(long as f32 / short as f32));
    let dpi = if page { short as f32 / A4_WIDTH_INCHES } else { PHOTO_DPI };
    PageSize { width_mm: columns as f32 / dpi * 25.4, height_mm: rows as f32 / dpi * 25.4, known: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolutions_are_believed_only_where_they_give_a_sheet() {
        // (pixels, dpi, believed)
        let cases = [
            ((1654, 2339), Some((200.0, 200.0)), true),
            ((1240, 1754), Some((96.0, 96.0)), false), // an A4 scan at 150 tagged by an editor
            ((794, 1123), Some((96.0, 96.0)), true),   // A4 at 96: the size fits a paper
            ((3024, 4032), Some((72.0, 72.0)), false), // a phone photo
            ((1728, 1100), Some((204.0, 98.0)), true), // a fax in standard mode
            ((7016, 9933), Some((300.0, 300.0)), true), // an A1 drawing
            ((1011, 638), Some((300.0, 300.0)), true), // an identity card
            ((1654, 2339), Some((0.0, 0.0)), false),
            ((1654, 2339), None, false),
        ];
        for (pixels, dpi, believed) in cases {
            assert_eq!(stated(pixels, dpi).is_some(), believed, "{pixels:?} at {dpi:?}");
        }
    }

    #[test]
    fn a_page_shaped_image_is_taken_for_a4() {
        let page = assumed((1240, 1754));
        assert!((page.width_mm - 210.0).abs() < 0.5 && !page.known);
        let sideways = assumed((1754, 1240));
        assert!((sideways.height_mm - 210.0).abs() < 0.5);
        let photo = assumed((3000, 4000));
        assert!((photo.width_mm - 254.0).abs() < 0.5);
        assert!((assumed((413, 579)).width_mm - 35.0).abs() < 0.5, "an identity photo is no page");
    }
}
