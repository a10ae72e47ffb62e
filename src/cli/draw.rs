//! Boxes drawn on a page picture.

use font8x8::UnicodeFonts;
use image::{Rgb, RgbImage};

use crate::model::geometry::Rect;

/// What a box stands for; each has its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Line,
    Cell,
    Seal,
    Photo,
    Code,
    Field,
    Place,
}

impl Mark {
    const fn colour(self) -> Rgb<u8> {
        Rgb(match self {
            Self::Line => [150, 150, 150],
            Self::Cell => [60, 160, 60],
            Self::Seal => [220, 0, 160],
            Self::Photo => [0, 90, 220],
            Self::Code => [0, 160, 160],
            Self::Field => [230, 130, 0],
            Self::Place => [120, 0, 200],
        })
    }

    const fn width(self) -> u32 {
        match self {
            Self::Line | Self::Cell => 1,
            Self::Field | Self::Code => 2,
            Self::Seal | Self::Photo | Self::Place => 3,
        }
    }
}

/// Outlines `rect` (fractions of the picture).
pub(super) fn outline(picture: &mut RgbImage, rect: Rect, mark: Mark) {
    let (w, h) = (picture.width() as f32, picture.height() as f32);
    let clamp = |v: f32, most: u32| (v.round().max(0.0) as u32).min(most.saturating_sub(1));
    let (x0, y0) = (clamp(rect.x * w, picture.width()), clamp(rect.y * h, picture.height()));
    let (x1, y1) = (clamp(rect.right() * w, picture.width()), clamp(rect.bottom() * h, picture.height()));
    for inset in 0..mark.width() {
        let (x0, y0) = ((x0 + inset).min(x1), (y0 + inset).min(y1));
        let (x1, y1) = (x1.saturating_sub(inset).max(x0), y1.saturating_sub(inset).max(y0));
        for x in x0..=x1 {
            picture.put_pixel(x, y0, mark.colour());
            picture.put_pixel(x, y1, mark.colour());
        }
        for y in y0..=y1 {
            picture.put_pixel(x0, y, mark.colour());
            picture.put_pixel(x1, y, mark.colour());
        }
    }
}

/// Writes ASCII text (identifiers) at a pixel position, twice the size of the 8x8 font, on white.
pub(super) fn label(picture: &mut RgbImage, x: u32, y: u32, text: &str, mark: Mark) {
    const SCALE: u32 = 2;
    for (i, glyph) in text.chars().filter_map(|c| font8x8::BASIC_FONTS.get(c)).enumerate() {
        for (row, bits) in (0..).zip(glyph) {
            for column in 0..8 {
                let on = bits >> column & 1 == 1;
                for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
                    let px = x + (u32::try_from(i).unwrap_or(0) * 8 + column) * SCALE + dx;
                    let py = y + row * SCALE + dy;
                    if px < picture.width() && py < picture.height() {
                        picture.put_pixel(px, py, if on { mark.colour() } else { Rgb([255, 255, 255]) });
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outline_stays_inside_the_picture() {
        let mut picture = RgbImage::from_pixel(20, 10, Rgb([255, 255, 255]));
        outline(&mut picture, Rect::new(-0.5, 0.2, 3.0, 3.0), Mark::Seal);
        assert_eq!(*picture.get_pixel(19, 9), Mark::Seal.colour());
        assert_eq!(*picture.get_pixel(10, 0), Rgb([255, 255, 255]));
    }
}
