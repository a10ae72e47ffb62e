//! Columns of upright characters, as in narrow label cells: laid out in a row, so that the recogniser can read them.

use image::{Rgb, RgbImage};

use super::glyphs::{Glyph, split};

/// A column's characters set side by side.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub(super) image: RgbImage,
    /// Per character: centre along the row and centre down the column, both 0 to 1.
    pub(super) places: Vec<(f32, f32)>,
}

/// Brightness between paper and ink below which a crop carries no text (of 255).
const MIN_CONTRAST: u8 = 40;
/// Share of a crop's height (width) that is ink where a ruling line runs through it; brush strokes end before.
const RULED_SHARE: f32 = 0.85;
/// Gap between two sub-columns, in character widths: less is the inside of characters.
const SUB_COLUMN_GAP: f32 = 0.12;
/// A strip of ink narrower than this, in widths of the widest, is a part of a character or dirt, no sub-column.
const SUB_COLUMN_WIDTH: f32 = 0.5;
/// Row height, distance between characters in the row, in character heights.
const ROW_HEIGHT: f32 = 1.5;
const ROW_PITCH: f32 = 1.12;

/// A crop's ink as a bit mask.
pub(super) struct Ink {
    pub(super) width: usize,
    pub(super) height: usize,
    mask: Vec<bool>,
    paper: Rgb<u8>,
}

impl Ink {
    /// Separates ink from paper; none where there is too little contrast to tell.
    pub(super) fn of(crop: &RgbImage) -> Option<Self> {
        // The brightest channel: seal ink over a label is not taken for strokes.
        let level = |p: &Rgb<u8>| p.0[0].max(p.0[1]).max(p.0[2]);
        let mut sorted: Vec<u8> = crop.pixels().map(level).collect();
        sorted.sort_unstable();
        let (paper, ink) = (*sorted.get(sorted.len() * 4 / 5)?, *sorted.get(sorted.len() / 100)?);
        if paper.saturating_sub(ink) < MIN_CONTRAST {
            return None;
        }
        let threshold = ink + ((paper - ink) as f32 * 0.55) as u8;
        let mask = crop.pixels().map(|p| level(p) < threshold).collect();
        let (width, height) = (crop.width() as usize, crop.height() as usize);
        let mut ink = Self { width, height, mask, paper: Rgb([paper; 3]) };
        ink.clear_rules();
        Some(ink)
    }

    pub(super) fn at(&self, x: usize, y: usize) -> bool {
        self.mask[y * self.width + x]
    }

    /// Removes ruling lines: rows and columns of ink from one edge of the crop to the other.
    fn clear_rules(&mut self) {
        let columns: Vec<usize> = (0..self.width)
            .filter(|&x| (0..self.height).filter(|&y| self.at(x, y)).count() as f32 > RULED_SHARE * self.height as f32)
            .collect();
        let rows: Vec<usize> = (0..self.height)
            .filter(|&y| (0..self.width).filter(|&x| self.at(x, y)).count() as f32 > RULED_SHARE * self.width as f32)
            .filter(|&y| self.at(0, y) && self.at(self.width - 1, y))
            .collect();
        for x in columns {
            for near in x.saturating_sub(1)..(x + 2).min(self.width) {
                (0..self.height).for_each(|y| self.mask[y * self.width + near] = false);
            }
        }
        for y in rows {
            for near in y.saturating_sub(1)..(y + 2).min(self.height) {
                self.mask[near * self.width..(near + 1) * self.width].fill(false);
            }
        }
    }

    /// The x spans that hold ink, left to right, parts of one character column joined.
    fn sub_columns(&self) -> Vec<(usize, usize)> {
        let amount: Vec<usize> = (0..self.width).map(|x| (0..self.height).filter(|&y| self.at(x, y)).count()).collect();
        // Specks: a span counts from a few dark pixels on.
        let mut spans = runs(&amount, 1 + self.height / 200);
        let widest = |spans: &[(usize, usize)]| spans.iter().map(|s| s.1 - s.0).max().unwrap_or(0) as f32;
        let mut i = 1;
        while i < spans.len() {
            let gap = (spans[i].0 - spans[i - 1].1) as f32;
            let narrow = ((spans[i].1 - spans[i].0).min(spans[i - 1].1 - spans[i - 1].0) as f32)
                < SUB_COLUMN_WIDTH * widest(&spans);
            if gap < SUB_COLUMN_GAP * widest(&spans) || (narrow && gap < 0.5 * widest(&spans)) {
                spans[i - 1].1 = spans[i].1;
                spans.remove(i);
                i = 1;
            } else {
                i += 1;
            }
        }
        let most = widest(&spans);
        spans.retain(|s| (s.1 - s.0) as f32 >= SUB_COLUMN_WIDTH * most);
        spans
    }
}

/// The spans where `amount` reaches `least`, end exclusive.
pub(super) fn runs(amount: &[usize], least: usize) -> Vec<(usize, usize)> {
    let mut spans = Vec::new();
    let mut start = None;
    for (i, &n) in amount.iter().chain([&0]).enumerate() {
        match (n >= least.max(1), start) {
            (true, None) => start = Some(i),
            (false, Some(s)) => {
                spans.push((s, i));
                start = None;
            }
            _ => {}
        }
    }
    spans
}

/// Lays a column's characters out in a row; none where the crop holds no column of at least two characters.
///
/// Two sub-columns closer to each other than their characters are below each other are rows of two characters
/// (a label wrapped in a narrow cell), read row by row; otherwise they are columns, read from the right.
#[must_use]
pub(super) fn laid_out(crop: &RgbImage) -> Option<Row> {
    let ink = Ink::of(crop)?;
    let spans = ink.sub_columns();
    let mut columns: Vec<Vec<Glyph>> = spans.iter().map(|&span| split(&ink, span)).collect();
    columns.retain(|c| !c.is_empty());
    let glyphs = match columns.as_slice() {
        [one] => one.clone(),
        [_, ..] => {
            let size = columns[0][0].size;
            let between = spans.windows(2).map(|w| w[1].0 - w[0].1).min().unwrap_or(0) as f32;
            if between < line_gap(&columns) {
                by_rows(columns, size)
            } else {
                columns.into_iter().rev().flatten().collect()
            }
        }
        [] => return None,
    };
    if glyphs.len() < 2 {
        return None;
    }
    Some(paste(crop, &ink, &glyphs))
}

/// Median gap between characters below each other.
fn line_gap(columns: &[Vec<Glyph>]) -> f32 {
    let mut gaps: Vec<f32> =
        columns.iter().flat_map(|c| c.windows(2).map(|w| w[1].y0 as f32 - w[0].y1 as f32)).collect();
    gaps.sort_by(f32::total_cmp);
    gaps.get(gaps.len() / 2).copied().unwrap_or(0.0)
}

fn by_rows(columns: Vec<Vec<Glyph>>, size: f32) -> Vec<Glyph> {
    let mut all: Vec<Glyph> = columns.into_iter().flatten().collect();
    all.sort_by(|a, b| a.middle().total_cmp(&b.middle()));
    let mut rows: Vec<Vec<Glyph>> = Vec::new();
    for glyph in all {
        match rows.last_mut() {
            Some(row) if glyph.middle() - row[0].middle() < size / 2.0 => row.push(glyph),
            _ => rows.push(vec![glyph]),
        }
    }
    rows.iter_mut().for_each(|r| r.sort_by_key(|g| g.x0));
    rows.into_iter().flatten().collect()
}

fn paste(crop: &RgbImage, ink: &Ink, glyphs: &[Glyph]) -> Row {
    let size = glyphs.iter().map(|g| g.size).fold(1.0, f32::max);
    let (height, pitch) = ((size * ROW_HEIGHT).ceil(), size * ROW_PITCH);
    let width = (pitch * (glyphs.len() as f32 + 0.4)).ceil();
    let mut image = RgbImage::from_pixel(width as u32, height as u32, ink.paper);
    let mut places = Vec::with_capacity(glyphs.len());
    for (i, glyph) in glyphs.iter().enumerate() {
        let centre = (pitch * (i as f32 + 0.7), height / 2.0);
        let (w, h) = ((glyph.x1 - glyph.x0) as i64, (glyph.y1 - glyph.y0) as i64);
        let (out_w, out_h) = if glyph.bracket { (h, w) } else { (w, h) };
        let (left, top) = (centre.0 as i64 - out_w / 2, centre.1 as i64 - out_h / 2);
        for y in 0..out_h {
            for x in 0..out_w {
                // Vertical brackets lie on their side: turned counter-clockwise they stand as in a row.
                let (sx, sy) = if glyph.bracket { (w - 1 - y, x) } else { (x, y) };
                let (tx, ty) = (left + x, top + y);
                if tx >= 0 && ty >= 0 && tx < i64::from(image.width()) && ty < i64::from(image.height()) {
                    let source = crop.get_pixel((glyph.x0 as i64 + sx) as u32, (glyph.y0 as i64 + sy) as u32);
                    image.put_pixel(tx as u32, ty as u32, *source);
                }
            }
        }
        places.push((centre.0 / width, glyph.middle() / ink.height as f32));
    }
    Row { image, places }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A white crop with black blocks `(x, y, w, h)`.
    pub(in crate::ocr) fn drawn(width: u32, height: u32, blocks: &[(u32, u32, u32, u32)]) -> RgbImage {
        RgbImage::from_fn(width, height, |x, y| {
            let dark = blocks.iter().any(|&(bx, by, w, h)| (bx..bx + w).contains(&x) && (by..by + h).contains(&y));
            Rgb([if dark { 10 } else { 240 }; 3])
        })
    }

    fn ys(row: &Row, height: f32) -> Vec<i32> {
        row.places.iter().map(|p| (p.1 * height).round() as i32).collect()
    }

    #[test]
    fn a_column_becomes_a_row_in_the_same_order() {
        let crop = drawn(30, 120, &[(5, 10, 20, 20), (5, 40, 20, 20), (5, 70, 20, 20)]);
        let row = laid_out(&crop).expect("three characters");
        assert_eq!(ys(&row, 120.0), [20, 50, 80]);
        assert!(row.image.width() > 2 * row.image.height());
        assert!(row.places.windows(2).all(|w| w[0].0 < w[1].0));
    }

    #[test]
    fn a_ruling_line_beside_the_column_is_not_ink() {
        let crop = drawn(36, 120, &[(1, 0, 2, 120), (8, 10, 20, 20), (8, 40, 20, 20), (0, 100, 36, 2)]);
        assert_eq!(ys(&laid_out(&crop).expect("two characters"), 120.0), [20, 50]);
    }

    #[test]
    fn two_characters_side_by_side_are_read_row_by_row() {
        let crop =
            drawn(60, 120, &[(5, 10, 20, 20), (30, 10, 20, 20), (5, 45, 20, 20), (30, 45, 20, 20), (5, 80, 20, 20)]);
        assert_eq!(ys(&laid_out(&crop).expect("five characters"), 120.0), [20, 20, 55, 55, 90]);
    }

    #[test]
    fn two_columns_apart_are_read_from_the_right() {
        let crop = drawn(90, 100, &[(5, 10, 20, 20), (5, 35, 20, 20), (60, 10, 20, 20), (60, 36, 20, 20)]);
        let row = laid_out(&crop).expect("four characters");
        assert_eq!(ys(&row, 100.0), [20, 46, 20, 45]);
    }

    #[test]
    fn paper_alone_or_one_character_is_no_column() {
        assert_eq!(laid_out(&drawn(30, 120, &[])), None);
        assert_eq!(laid_out(&drawn(30, 120, &[(5, 50, 20, 20)])), None);
    }
}
