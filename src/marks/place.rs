//! Whether a place on a form (the photo box) is empty.

use image::RgbImage;

use crate::model::geometry::Rect;

use super::colour::Sheet;
use super::shape::shrunk;

/// What a place holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Emptiness {
    /// Paper, at most a printed label and the frame.
    Empty,
    /// Continuous tone or much ink.
    Filled,
    /// Some ink that may be a pale copy, a drawing or handwriting; or the place is too small to judge.
    Unclear,
}

/// Ink that counts, 0 to 255: a pale photo is above, show-through mostly below.
const INK: u8 = 30;
/// The frame itself and what crosses it is left out: this much of the place at each side, at least 1 mm.
const FRAME: f32 = 0.06;
/// A printed label covers less of the box than this, a photo more than the second.
const LABEL: f32 = 0.14;
const PHOTO: f32 = 0.30;
/// Ink solid over 2 mm is not printed lettering of a label; a photo has plenty.
const SOLID_MM: f32 = 1.0;
const SOLID: (f32, f32) = (0.004, 0.06);

/// Judges the inside of `rect`, a box in fractions of the page; `dpi` is the raster's scale.
#[must_use]
pub fn place_is_empty(page: &RgbImage, rect: Rect, dpi: f32) -> Emptiness {
    let Some(sheet) = Sheet::new(page, dpi) else { return Emptiness::Unclear };
    let mx = (rect.w * FRAME * sheet.w as f32).max(sheet.px_per_mm);
    let my = (rect.h * FRAME * sheet.h as f32).max(sheet.px_per_mm);
    let x0 = (rect.x * sheet.w as f32 + mx).max(0.0) as usize;
    let y0 = (rect.y * sheet.h as f32 + my).max(0.0) as usize;
    let x1 = ((rect.right() * sheet.w as f32 - mx).max(0.0) as usize).min(sheet.w);
    let y1 = ((rect.bottom() * sheet.h as f32 - my).max(0.0) as usize).min(sheet.h);
    // Less than 6 mm inside: nothing that small is a photo's place.
    let least = (6.0 * sheet.px_per_mm) as usize;
    if x1 < x0 + least || y1 < y0 + least {
        return Emptiness::Unclear;
    }
    let (w, h) = (x1 - x0, y1 - y0);
    let mut mask = Vec::with_capacity(w * h);
    for y in y0..y1 {
        mask.extend(
            sheet.flat[y * sheet.w + x0..y * sheet.w + x1].iter().map(|c| 255 - c[0].min(c[1]).min(c[2]) >= INK),
        );
    }
    let share = |m: &[bool]| m.iter().filter(|v| **v).count() as f32 / m.len() as f32;
    let ink = share(&mask);
    let solid = share(&shrunk(&mask, w, h, (SOLID_MM * sheet.px_per_mm).round().max(1.0) as usize));
    if ink > PHOTO || solid > SOLID.1 {
        Emptiness::Filled
    } else if ink < LABEL && solid < SOLID.0 {
        Emptiness::Empty
    } else {
        Emptiness::Unclear
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    fn page(draw: impl Fn(u32, u32) -> Option<[u8; 3]>) -> RgbImage {
        RgbImage::from_fn(400, 400, |x, y| Rgb(draw(x, y).unwrap_or([246, 243, 236])))
    }

    #[test]
    fn label_photo_and_scribble() {
        let place = Rect::new(0.25, 0.25, 0.25, 0.35);
        let frame = |x: u32, y: u32| {
            ((100..200).contains(&x) && (y == 100 || y == 239)) || ((100..240).contains(&y) && (x == 100 || x == 199))
        };
        let label = |x: u32, y: u32| {
            (130..170).contains(&x) && (160..176).contains(&y) && (x.is_multiple_of(4) || y.is_multiple_of(5))
        };
        let bare = page(|x, y| (frame(x, y) || label(x, y)).then_some([20, 20, 20]));
        assert_eq!(place_is_empty(&bare, place, 100.0), Emptiness::Empty);
        let photo =
            page(|x, y| ((102..198).contains(&x) && (102..238).contains(&y)).then_some([(x % 90) as u8 + 90, 80, 90]));
        assert_eq!(place_is_empty(&photo, place, 100.0), Emptiness::Filled);
        let scribble =
            page(|x, y| ((110..190).contains(&x) && (y + x / 3) % 9 < 2 && y > 120 && y < 220).then_some([30, 30, 60]));
        assert_eq!(place_is_empty(&scribble, place, 100.0), Emptiness::Unclear);
        assert_eq!(place_is_empty(&bare, Rect::new(0.9, 0.9, 0.01, 0.01), 100.0), Emptiness::Unclear);
    }
}
