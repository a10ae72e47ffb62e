//! Tests on drawn pages.

use image::{GrayImage, Luma};

use super::{skew, tables};
use crate::model::layout::{Cell, Table};

const DPI: f32 = 200.0;
const PX: f32 = DPI / 25.4;

/// A sheet on which lines are drawn in millimetres.
struct Sheet {
    pixels: GrayImage,
    /// dy/dx of everything drawn.
    slope: f32,
}

impl Sheet {
    fn a4() -> Self {
        Self { pixels: GrayImage::from_pixel((210.0 * PX) as u32, (297.0 * PX) as u32, Luma([246])), slope: 0.0 }
    }

    fn turned(degrees: f32) -> Self {
        Self { slope: degrees.to_radians().tan(), ..Self::a4() }
    }

    fn dot(&mut self, x: f32, y: f32, grey: u8) {
        let (dx, dy) = (x - 105.0, y - 148.0);
        let (x, y) = (x - dy * self.slope, y + dx * self.slope);
        let (px, py) = ((x * PX) as i32, (y * PX) as i32);
        if px >= 0 && py >= 0 && (px as u32) < self.pixels.width() && (py as u32) < self.pixels.height() {
            self.pixels.put_pixel(px as u32, py as u32, Luma([grey]));
        }
    }

    fn bar(&mut self, x0: f32, y0: f32, x1: f32, y1: f32, grey: u8) {
        let step = 0.4 / PX;
        let mut y = y0;
        while y < y1 {
            let mut x = x0;
            while x < x1 {
                self.dot(x, y, grey);
                x += step;
            }
            y += step;
        }
    }

    fn across(&mut self, x0: f32, x1: f32, y: f32) {
        self.bar(x0, y, x1, y + 0.2, 60);
    }

    fn down(&mut self, x: f32, y0: f32, y1: f32) {
        self.bar(x, y0, x + 0.2, y1, 60);
    }

    /// Something like a line of characters: three or four level strokes and one or two upright ones in 3.7 mm.
    fn text(&mut self, x0: f32, x1: f32, y: f32) {
        let mut x = x0;
        let mut seed = (x0 * 7.0 + y * 13.0) as u32;
        let mut random = |most: f32| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 16) as f32 / 65_535.0 * most
        };
        while x + 3.5 < x1 {
            for part in 0..4 {
                let (top, left) = (y + 0.9 * part as f32 + random(0.5), x + random(0.6));
                let right = x + 2.6 + random(0.6);
                if part < 3 || random(1.0) < 0.5 {
                    self.bar(left, top, right, top + 0.25, 40);
                }
            }
            for part in 0..2 {
                let left = x + 0.5 + 1.2 * part as f32 + random(0.9);
                self.bar(left, y + random(0.5), left + 0.3, y + 3.1 + random(0.5), 40);
            }
            x += 3.7;
        }
    }

    fn grid(&mut self, xs: &[f32], ys: &[f32]) {
        for &y in ys {
            self.across(xs[0], xs[xs.len() - 1] + 0.2, y);
        }
        for &x in xs {
            self.down(x, ys[0], ys[ys.len() - 1] + 0.2);
        }
    }

    /// Grain and a shadow that darkens towards the left.
    fn shaded(mut self) -> Self {
        let (mut seed, width) = (7u32, self.pixels.width());
        for (x, _, p) in self.pixels.enumerate_pixels_mut() {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let grain = (seed >> 24) as f32 / 255.0 * 10.0 - 5.0;
            let light = 0.55 + 0.45 * x as f32 / width as f32;
            p.0[0] = (f32::from(p.0[0]) * light + grain).clamp(0.0, 255.0) as u8;
        }
        self
    }

    fn tables(&self) -> Vec<Table> {
        tables(&self.pixels, DPI).1
    }
}

const XS: [f32; 5] = [20.0, 50.0, 90.0, 140.0, 190.0];
const YS: [f32; 6] = [40.0, 52.0, 64.0, 80.0, 100.0, 130.0];

fn spans(t: &Table) -> Vec<(u16, u16, u16, u16)> {
    t.cells.iter().map(|c: &Cell| (c.row, c.col, c.row_span, c.col_span)).collect()
}

#[test]
fn a_grid_gives_its_cells_where_they_are() {
    let mut sheet = Sheet::a4();
    sheet.grid(&XS, &YS);
    sheet.text(22.0, 48.0, 44.0);
    sheet.text(92.0, 138.0, 56.0);
    let tables = sheet.tables();
    assert_eq!(tables.len(), 1);
    assert_eq!(tables[0].cells.len(), 20);
    let first = tables[0].cells[0].rect;
    assert!((first.x * 210.0 - 20.0).abs() < 0.6 && (first.right() * 210.0 - 50.0).abs() < 0.6, "{first:?}");
    assert!((first.y * 297.0 - 40.0).abs() < 0.6 && (first.bottom() * 297.0 - 52.0).abs() < 0.6, "{first:?}");
}

#[test]
fn merged_cells_span_rows_and_columns() {
    let mut sheet = Sheet::a4();
    for (i, &y) in YS.iter().enumerate() {
        // Rows 1 and 2 share their first cell; row 4 is one cell.
        sheet.across(if i == 2 { XS[1] } else { XS[0] }, XS[4], y);
    }
    for (i, &x) in XS.iter().enumerate() {
        let inner = i > 0 && i < 4;
        sheet.down(x, YS[0], if inner { YS[4] } else { YS[5] });
    }
    let tables = sheet.tables();
    assert_eq!(tables.len(), 1);
    let spans = spans(&tables[0]);
    assert_eq!(spans.len(), 16);
    assert!(spans.contains(&(1, 0, 2, 1)), "{spans:?}");
    assert!(spans.contains(&(4, 0, 1, 4)), "{spans:?}");
}

#[test]
fn broken_lines_are_mended_and_thick_and_faint_ones_seen() {
    let mut sheet = Sheet::a4();
    sheet.grid(&XS, &YS);
    // Gaps of 5 mm as under a seal, each in another line.
    sheet.bar(100.0, 79.0, 105.0, 81.0, 246);
    sheet.bar(89.0, 110.0, 91.0, 115.0, 246);
    sheet.bar(139.0, 85.0, 141.0, 89.0, 246);
    // A bar of 1 mm under the whole, and a hairline of light grey beside it.
    sheet.bar(20.0, 129.5, 190.2, 130.5, 30);
    for y in [140.0, 150.0] {
        sheet.bar(20.0, y, 190.0, y + 0.15, 190);
    }
    for x in [20.0, 190.0] {
        sheet.bar(x, 140.0, x + 0.15, 150.0, 190);
    }
    let tables = sheet.tables();
    assert_eq!(tables.iter().map(|t| t.cells.len()).collect::<Vec<_>>(), [20, 1]);
}

#[test]
fn skew_is_measured_to_a_tenth_of_a_degree() {
    for degrees in [2.0, -2.0, 0.5, -3.7] {
        let mut sheet = Sheet::turned(degrees);
        sheet.grid(&XS, &YS);
        for i in 0..12 {
            sheet.text(25.0, 185.0, 140.0 + 8.0 * i as f32);
        }
        let found = skew(&sheet.pixels, DPI);
        assert!((found + degrees).abs() < 0.11, "{degrees}: {found}");
    }
}

#[test]
fn text_alone_tells_the_skew_whatever_the_border() {
    let mut sheet = Sheet::turned(1.5);
    for i in 0..20 {
        sheet.text(30.0, 180.0, 40.0 + 9.0 * i as f32);
    }
    sheet.slope = 0.0;
    sheet.bar(0.0, 0.0, 8.0, 297.0, 20);
    sheet.bar(0.0, 0.0, 210.0, 5.0, 25);
    let found = skew(&sheet.pixels, DPI);
    assert!((found + 1.5).abs() < 0.11, "{found}");
}

#[test]
fn pages_without_lines_have_no_skew() {
    assert_eq!(skew(&Sheet::a4().pixels, DPI), 0.0);
    assert_eq!(skew(&Sheet::a4().shaded().pixels, DPI), 0.0);
    let mut level = Sheet::a4();
    level.grid(&XS, &YS);
    assert_eq!(skew(&level.pixels, DPI), 0.0);
    assert_eq!(skew(&GrayImage::new(3, 3), DPI), 0.0);
}

#[test]
fn a_little_skew_noise_and_shadow_leave_the_grid_whole() {
    let mut sheet = Sheet::turned(0.3);
    sheet.grid(&XS, &YS);
    for i in 0..4 {
        sheet.text(22.0, 48.0, 102.0 + 6.0 * i as f32);
        sheet.text(92.0, 138.0, 102.0 + 6.0 * i as f32);
    }
    let tables = sheet.shaded().tables();
    assert_eq!(tables.len(), 1);
    assert_eq!(tables[0].cells.len(), 20);
}

#[test]
fn fill_in_lines_are_rules_and_no_table() {
    let mut sheet = Sheet::a4();
    for i in 0..6 {
        let y = 120.0 + 15.0 * i as f32;
        sheet.text(40.0, 70.0, y - 4.5);
        sheet.text(90.0, 140.0, y - 4.0);
        sheet.across(80.0, 170.0, y);
    }
    let (rules, tables) = tables(&sheet.pixels, DPI);
    assert_eq!(rules.iter().filter(|r| r.horizontal && r.rect.w * 210.0 > 85.0).count(), 6);
    assert!(tables.is_empty(), "{tables:?}");
}

#[test]
fn open_sides_are_closed_at_the_rules_ends() {
    let mut sheet = Sheet::a4();
    for &y in &YS {
        sheet.across(XS[0], XS[4], y);
    }
    for &x in &XS[1..4] {
        sheet.down(x, YS[0], YS[5]);
    }
    let tables = sheet.tables();
    assert_eq!(tables.len(), 1);
    assert_eq!(tables[0].cells.len(), 20);
    assert!((tables[0].rect.x * 210.0 - XS[0]).abs() < 1.0);
    assert!((tables[0].rect.right() * 210.0 - XS[4]).abs() < 1.0);
}

#[test]
fn running_text_and_a_seals_rim_make_no_table() {
    let mut sheet = Sheet::a4();
    for i in 0..25 {
        sheet.text(25.0, 185.0, 40.0 + 6.5 * i as f32);
    }
    for i in 0..4000 {
        let (sin, cos) = (i as f32 / 4000.0 * std::f32::consts::TAU).sin_cos();
        for r in [20.0, 20.3, 20.6, 20.9] {
            sheet.dot(130.0 + r * cos, 230.0 + r * sin, 90);
        }
    }
    assert!(sheet.tables().is_empty());
}

#[test]
fn a_photo_over_a_corner_leaves_its_cell() {
    let mut sheet = Sheet::a4();
    sheet.grid(&XS, &YS);
    // The photo's cell: two rows high.
    sheet.bar(140.5, 51.0, 189.5, 53.0, 246);
    sheet.bar(150.0, 38.0, 192.0, 62.0, 120);
    let tables = sheet.tables();
    assert_eq!(tables.len(), 1);
    let photo = tables[0].cells.iter().find(|c| c.rect.contains((165.0 / 210.0, 50.0 / 297.0)));
    assert!(photo.is_some_and(|c| c.row_span == 2), "{:?}", spans(&tables[0]));
}
