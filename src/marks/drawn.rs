//! Drawn pages: what must be found and what must not.

use image::{Rgb, RgbImage};

use super::{find_marks, find_photos, find_seals};
use crate::model::geometry::Rect;
use crate::model::marks::{Background, PhotoColour, PhotoKind, Seal, SealColour, SealShape};
use crate::model::page::ColourMode;

/// An A5 page at 100 dpi.
const W: u32 = 583;
const H: u32 = 827;
const DPI: f32 = 100.0;
const MM: f32 = 100.0 / 25.4;
const RED: [u8; 3] = [208, 40, 45];
const BLUE: [u8; 3] = [40, 60, 190];
const BLACK: [u8; 3] = [28, 27, 30];

struct Sheet(RgbImage);

impl Sheet {
    /// Cream paper that darkens to the right, with a little noise.
    fn new() -> Self {
        let mut state = 7u32;
        Self(RgbImage::from_fn(W, H, |x, _| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let k = 1.0 - 0.15 * x as f32 / W as f32;
            let noise = (state >> 29) as f32;
            Rgb([247.0, 243.0, 232.0].map(|c| (c * k + noise - 4.0) as u8))
        }))
    }

    /// Presses ink on the paper: `strength` 1 is full, and what lies below shines through.
    fn ink(&mut self, colour: [u8; 3], strength: f32, at: impl Fn(f32, f32) -> bool) {
        for (x, y, p) in self.0.enumerate_pixels_mut() {
            if at(x as f32 / MM, y as f32 / MM) {
                p.0 = std::array::from_fn(|c| {
                    let k = 1.0 - strength * (1.0 - f32::from(colour[c]) / 255.0);
                    (f32::from(p.0[c]) * k) as u8
                });
            }
        }
    }

    /// Black lines of characters, each a few strokes.
    fn text(mut self, from_mm: f32, to_mm: f32) -> Self {
        self.ink(BLACK, 1.0, |x, y| {
            let (row, column) = ((y - from_mm) % 7.0, (x - 12.0) % 4.6);
            y > from_mm && y < to_mm && x > 12.0 && x < 135.0 && row < 3.8 && column < 3.8 && stroke(column, row)
        });
        self
    }

    fn seal(mut self, seal: Drawn) -> Self {
        self.ink(seal.colour, seal.strength, |x, y| seal.inked(x, y));
        self
    }

    fn seals(&self) -> Vec<Seal> {
        find_seals(&self.0, DPI, ColourMode::Colour)
    }
}

/// Strokes of a made-up character 3.8 mm wide.
fn stroke(x: f32, y: f32) -> bool {
    (x - 1.8).abs() < 0.25 || (y - 0.3).abs() < 0.22 || (y - 1.9).abs() < 0.22 || (y - 3.5).abs() < 0.22
}

#[derive(Clone, Copy)]
struct Drawn {
    cx: f32,
    cy: f32,
    /// Half axes in millimetres.
    a: f32,
    b: f32,
    turn: f32,
    line: f32,
    square: bool,
    colour: [u8; 3],
    strength: f32,
}

impl Drawn {
    fn round(cx: f32, cy: f32) -> Self {
        Self { cx, cy, a: 21.0, b: 21.0, turn: 0.0, line: 1.0, square: false, colour: RED, strength: 0.9 }
    }

    fn framed(cx: f32, cy: f32, a: f32, b: f32) -> Self {
        Self { a, b, line: 0.7, square: true, ..Self::round(cx, cy) }
    }

    fn inked(&self, x: f32, y: f32) -> bool {
        let (sin, cos) = self.turn.to_radians().sin_cos();
        let (dx, dy) = (x - self.cx, y - self.cy);
        let (u, v) = (dx * cos + dy * sin, dy * cos - dx * sin);
        if self.square {
            let depth = (self.a - u.abs()).min(self.b - v.abs());
            let letters = depth > self.line + 1.0 && stroke((u + self.a) % 4.6, (v + self.b) % 4.6);
            return (0.0..self.line).contains(&depth) || letters;
        }
        let d = (u / self.a).hypot(v / self.b);
        let (from, to) = (1.0 - 5.5 / self.b, 1.0 - 2.2 / self.b);
        let turn = v.atan2(u).to_degrees();
        let letters = (from..to).contains(&d)
            && !(45.0..135.0).contains(&turn)
            && stroke((turn + 360.0) % 17.0 / 4.5, (1.0 - d) * self.b % 3.8);
        let star = d < 0.3 && (5.0 * v.atan2(u)).cos() > 2.2 * d / 0.3 - 1.2;
        (1.0 - self.line / self.b..1.0).contains(&d) || letters || star
    }

    fn rect(&self) -> Rect {
        let (sin, cos) = self.turn.to_radians().sin_cos();
        let (hw, hh) = if self.square {
            ((self.a * cos).abs() + (self.b * sin).abs(), (self.a * sin).abs() + (self.b * cos).abs())
        } else {
            ((self.a * cos).hypot(self.b * sin), (self.a * sin).hypot(self.b * cos))
        };
        let (w, h) = (W as f32 / MM, H as f32 / MM);
        let (x0, x1) = ((self.cx - hw).max(0.0), (self.cx + hw).min(w));
        let (y0, y1) = ((self.cy - hh).max(0.0), (self.cy + hh).min(h));
        Rect::from_corners(x0 / w, y0 / h, x1 / w, y1 / h)
    }
}

fn assert_found(name: &str, sheet: &Sheet, drawn: &[(Drawn, SealShape, SealColour)]) {
    let seals = sheet.seals();
    for (d, shape, colour) in drawn {
        let hit = seals.iter().find(|s| s.rect.iou(&d.rect()) > 0.6);
        let hit = hit.unwrap_or_else(|| panic!("{name}: not found among {seals:?}"));
        assert_eq!((hit.shape, hit.colour), (*shape, *colour), "{name}: {hit:?}");
        let long = 2.0 * d.a;
        assert!((hit.diameter_mm / long - 1.0).abs() < 0.12, "{name}: {} mm for {long} mm", hit.diameter_mm);
    }
    assert_eq!(seals.len(), drawn.len(), "{name}: {seals:?}");
}

#[test]
fn round_seals() {
    let plain = Drawn::round(90.0, 150.0);
    for (name, seal) in [
        ("fresh", plain),
        ("faded", Drawn { strength: 0.3, ..plain }),
        ("thin ring", Drawn { line: 0.4, ..plain }),
        ("thick ring", Drawn { line: 2.0, ..plain }),
        ("turned", Drawn { turn: 25.0, ..plain }),
        ("orange ink", Drawn { colour: [232, 95, 45], ..plain }),
        ("purple ink", Drawn { colour: [150, 45, 145], ..plain }),
        ("contract size", Drawn { a: 28.0, b: 28.0, ..plain }),
        ("cut by the right edge", Drawn { cx: 139.0, ..plain }),
        ("cut by the lower edge", Drawn { cy: 204.0, ..plain }),
    ] {
        let drawn = [(seal, SealShape::Circle, SealColour::Red)];
        assert_found(name, &Sheet::new().seal(seal), &drawn);
        assert_found(&format!("{name}, over text"), &Sheet::new().text(20.0, 200.0).seal(seal), &drawn);
    }
    let blue = Drawn { colour: BLUE, ..plain };
    assert_found("blue", &Sheet::new().seal(blue), &[(blue, SealShape::Circle, SealColour::Blue)]);
}

#[test]
fn two_seals_overlap() {
    let (a, b) = (Drawn::round(60.0, 120.0), Drawn::round(84.0, 132.0));
    let both = [(a, SealShape::Circle, SealColour::Red), (b, SealShape::Circle, SealColour::Red)];
    assert_found("overlap", &Sheet::new().text(60.0, 190.0).seal(a).seal(b), &both);
}

#[test]
fn oval_square_and_framed_seals() {
    let oval = Drawn { a: 20.0, b: 15.0, line: 0.8, ..Drawn::round(80.0, 150.0) };
    for (name, seal, shape) in [
        ("oval 40x30", oval, SealShape::Ellipse),
        ("oval 45x30, turned", Drawn { a: 22.5, turn: 8.0, ..oval }, SealShape::Ellipse),
        ("name chop", Drawn::framed(80.0, 150.0, 9.0, 9.0), SealShape::Square),
        ("department seal, turned", Drawn { turn: 10.0, ..Drawn::framed(80.0, 150.0, 15.0, 15.0) }, SealShape::Square),
        ("stamp", Drawn { turn: -6.0, ..Drawn::framed(80.0, 150.0, 20.0, 6.0) }, SealShape::Rect),
    ] {
        assert_found(name, &Sheet::new().seal(seal), &[(seal, shape, SealColour::Red)]);
        let blue = Drawn { colour: BLUE, ..seal };
        assert_found(name, &Sheet::new().text(10.0, 100.0).seal(blue), &[(blue, shape, SealColour::Blue)]);
    }
}

#[test]
fn red_print_is_no_seal() {
    let draw = |at: &dyn Fn(f32, f32) -> bool| {
        let mut sheet = Sheet::new().text(60.0, 180.0);
        sheet.ink(RED, 0.95, at);
        sheet
    };
    // A character with a closed outline (国), drawn `size` mm wide.
    let boxed = |x: f32, y: f32, size: f32| {
        let (u, v) = (x / size, y / size);
        let depth = u.min(v).min(1.0 - u).min(1.0 - v);
        (0.0..0.09).contains(&depth) || depth > 0.15 && ((u - 0.5).abs() < 0.06 || (v - 0.5).abs() < 0.06)
    };
    let letterhead = |x: f32, y: f32| {
        let column = (x - 14.0) % 17.0;
        (14.0..133.0).contains(&x) && column < 14.0 && boxed(column, y - 20.0, 14.0)
    };
    for (name, sheet) in [
        ("letterhead and its rule", draw(&|x, y| letterhead(x, y) || (y - 45.0).abs() < 0.6 && x > 12.0)),
        ("rules", draw(&|_, y| (y - 50.0).abs() < 0.4 || (y - 190.0).abs() < 0.8)),
        (
            "certificate border",
            draw(&|x, y| {
                let depth = x.min(y).min(148.0 - x).min(210.0 - y);
                (6.0..8.0).contains(&depth)
                    || (9.0..9.5).contains(&depth)
                    || (10.5..13.0).contains(&depth) && (x * 1.3).sin() * (y * 1.3).sin() > 0.3
            }),
        ),
        (
            "table",
            draw(&|x, y| {
                (20.0..130.0).contains(&x)
                    && (60.0..140.0).contains(&y)
                    && ((x - 20.0) % 27.0 < 0.5 || (y - 60.0) % 10.0 < 0.5)
            }),
        ),
        (
            "row of boxes",
            draw(&|x, y| {
                (20.0..130.0).contains(&x) && (60.0..68.0).contains(&y) && {
                    let u = (x - 20.0) % 9.0;
                    (0.0..0.4).contains(&u.min(8.0 - u).min(y - 60.0).min(68.0 - y))
                }
            }),
        ),
        ("solid disc", draw(&|x, y| (x - 70.0).hypot(y - 120.0) < 20.0)),
        ("emblem", draw(&|x, y| (8.0..19.0).contains(&(x - 70.0).hypot(y - 120.0)))),
        ("cover", draw(&|_, y| y > 100.0)),
        (
            "fingerprint",
            draw(&|x, y| {
                let d = ((x - 70.0) / 7.0).hypot((y - 120.0) / 10.0);
                d < 1.0 && (d * 22.0).sin() > -0.4
            }),
        ),
    ] {
        let seals = sheet.seals();
        assert!(seals.is_empty(), "{name}: {seals:?}");
    }
}

#[test]
fn red_portrait_is_a_photo_and_no_seal() {
    let mut sheet = Sheet::new().text(70.0, 190.0);
    portrait(&mut sheet.0, 100.0, 15.0, [200, 25, 35], false);
    let marks = find_marks(&sheet.0, DPI, ColourMode::Colour);
    assert!(marks.seals.is_empty(), "{:?}", marks.seals);
    assert_eq!(marks.photos.len(), 1, "{:?}", marks.photos);
}

#[test]
fn a_photo_by_itself_is_a_portrait_and_an_empty_sheet_is_none() {
    let size = ((25.0 * MM) as u32, (35.0 * MM) as u32);
    let mut photo = RgbImage::from_pixel(size.0, size.1, Rgb([255; 3]));
    portrait(&mut photo, 0.0, 0.0, [200, 25, 35], false);
    assert!(super::is_portrait(&photo, DPI, ColourMode::Colour));
    portrait(&mut photo, 0.0, 0.0, [250, 250, 252], false);
    // A lamp from the left.
    photo
        .enumerate_pixels_mut()
        .for_each(|(x, _, p)| p.0 = p.0.map(|c| (f32::from(c) * (1.0 - 0.0012 * x as f32)) as u8));
    assert!(super::is_portrait(&photo, DPI, ColourMode::Colour));
    for paper in [[255, 255, 255], [225, 220, 205]] {
        let sheet = RgbImage::from_pixel(size.0, size.1, Rgb(paper));
        assert!(!super::is_portrait(&sheet, DPI, ColourMode::Colour));
    }
}

/// A head and shoulders, 25 x 35 mm.
fn portrait(page: &mut RgbImage, left: f32, top: f32, ground: [u8; 3], grey: bool) {
    let (x0, y0) = ((left * MM) as u32, (top * MM) as u32);
    for y in 0..(35.0 * MM) as u32 {
        for x in 0..(25.0 * MM) as u32 {
            let (u, v) = (x as f32 / MM, y as f32 / MM);
            let head = ((u - 12.5) / 5.2).hypot((v - 14.0) / 7.0);
            let shade = 1.0 - 0.012 * (u - 8.0).abs();
            let colour = if head < 1.0 && v > 10.0 {
                [222.0, 180.0, 152.0].map(|c| c * shade)
            } else if head < 1.12 && v < 15.0 {
                [38.0, 32.0, 30.0]
            } else if v > 22.0 && (u - 12.5).abs() < 4.0 + (v - 22.0) * 0.8 {
                if (u - 12.5).abs() < 1.8 && v < 28.0 {
                    [236.0, 236.0, 236.0]
                } else {
                    [45.0, 52.0, 84.0].map(|c| c * shade)
                }
            } else {
                ground.map(f32::from)
            };
            let mean = 0.3 * colour[0] + 0.59 * colour[1] + 0.11 * colour[2];
            page.put_pixel(x0 + x, y0 + y, Rgb(colour.map(|c| if grey { mean as u8 } else { c as u8 })));
        }
    }
}

#[test]
fn portraits_with_their_colour_and_ground() {
    for (name, ground, grey, colour, behind) in [
        ("red", [200, 25, 35], false, PhotoColour::Colour, Background::Red),
        ("blue", [70, 140, 215], false, PhotoColour::Colour, Background::Blue),
        ("white", [240, 238, 230], false, PhotoColour::Colour, Background::White),
        ("grey copy", [135, 135, 135], true, PhotoColour::Mono, Background::Other),
        ("grey copy on white", [240, 238, 230], true, PhotoColour::Mono, Background::White),
    ] {
        let mut sheet = Sheet::new().text(70.0, 190.0);
        portrait(&mut sheet.0, 100.0, 15.0, ground, grey);
        let truth = Rect::new(100.0 * MM / W as f32, 15.0 * MM / H as f32, 25.0 * MM / W as f32, 35.0 * MM / H as f32);
        let photos = find_photos(&sheet.0, DPI, ColourMode::Colour, &[]);
        assert_eq!(photos.len(), 1, "{name}: {photos:?}");
        assert!(photos[0].rect.iou(&truth) > 0.45, "{name}: {:?}", photos[0].rect);
        assert_eq!(
            (photos[0].kind, photos[0].colour, photos[0].background),
            (PhotoKind::Portrait, colour, behind),
            "{name}"
        );
        let unknown = find_photos(&sheet.0, DPI, ColourMode::Grey, &[]);
        assert_eq!(unknown.len(), 1, "{name} on a grey scan");
        assert_eq!((unknown[0].colour, unknown[0].background), (PhotoColour::Unknown, Background::Unknown));
    }
}

#[test]
fn a_seal_over_the_photo_hides_neither() {
    let mut sheet = Sheet::new().text(70.0, 190.0);
    portrait(&mut sheet.0, 100.0, 15.0, [70, 140, 215], false);
    let sheet = sheet.seal(Drawn { strength: 0.8, ..Drawn::round(96.0, 46.0) });
    let marks = find_marks(&sheet.0, DPI, ColourMode::Colour);
    assert!(
        marks.seals.iter().any(|s| s.shape == SealShape::Circle && s.colour == SealColour::Red),
        "{:?}",
        marks.seals
    );
    assert!(
        marks.photos.iter().any(|p| p.kind == PhotoKind::Portrait && p.background == Background::Blue),
        "{:?}",
        marks.photos
    );
}

#[test]
fn print_is_no_photo() {
    let tables = |x: f32, y: f32| (x % 12.0 < 0.4 || y % 8.0 < 0.4) && y > 20.0;
    let bar = |_: f32, y: f32| (20.0..40.0).contains(&y);
    let hatched = |x: f32, y: f32| (30.0..70.0).contains(&x) && (100.0..150.0).contains(&y) && (x + y) % 1.6 < 0.7;
    let border = |x: f32, _: f32| x < 6.0;
    type Print<'a> = &'a dyn Fn(f32, f32) -> bool;
    let cases: [(&str, Print<'_>); 4] =
        [("table", &tables), ("bar", &bar), ("hatching", &hatched), ("scanner lid", &border)];
    for (name, at) in cases {
        let mut sheet = Sheet::new().text(45.0, 195.0);
        sheet.ink(BLACK, 1.0, at);
        for mode in [ColourMode::Colour, ColourMode::Grey] {
            let photos = find_photos(&sheet.0, DPI, mode, &[]);
            assert!(photos.is_empty(), "{name}: {photos:?}");
        }
    }
    let seal = Drawn::round(90.0, 150.0);
    let marks = find_marks(&Sheet::new().text(20.0, 190.0).seal(seal).0, DPI, ColourMode::Colour);
    assert!(marks.photos.is_empty(), "a seal's star: {:?}", marks.photos);
}

#[test]
fn a_loose_photo_file_is_one_photo() {
    for (ground, behind) in
        [([200, 25, 35], Background::Red), ([67, 142, 219], Background::Blue), ([244, 245, 246], Background::White)]
    {
        let mut page = RgbImage::new((25.0 * MM) as u32, (35.0 * MM) as u32);
        portrait(&mut page, 0.0, 0.0, ground, false);
        let big = image::imageops::resize(&page, 295, 413, image::imageops::FilterType::Triangle);
        // The scale of a photo file may be wrong.
        for dpi in [300.0, 72.0, 36.0] {
            let marks = find_marks(&big, dpi, ColourMode::Colour);
            assert!(marks.seals.is_empty() && marks.codes.is_empty());
            assert_eq!(marks.photos.len(), 1, "{behind:?} at {dpi} dpi: {:?}", marks.photos);
            let photo = &marks.photos[0];
            assert_eq!((photo.rect, photo.kind, photo.background), (Rect::PAGE, PhotoKind::Portrait, behind));
            assert_eq!(photo.colour, PhotoColour::Colour);
        }
    }
}

#[test]
fn grey_scans_show_plain_rings_of_unknown_colour() {
    let seal = Drawn { colour: [110, 110, 110], strength: 1.0, ..Drawn::round(90.0, 150.0) };
    let sheet = Sheet::new().seal(seal);
    let seals = find_seals(&sheet.0, DPI, ColourMode::Grey);
    assert_eq!(seals.len(), 1, "{seals:?}");
    assert_eq!(seals[0].colour, SealColour::Unknown);
    let copied = find_seals(&sheet.0, DPI, ColourMode::Colour);
    assert_eq!(copied.iter().map(|s| s.colour).collect::<Vec<_>>(), [SealColour::Black]);
    let text = find_seals(&Sheet::new().text(10.0, 200.0).0, DPI, ColourMode::Grey);
    assert!(text.is_empty(), "{text:?}");
}
