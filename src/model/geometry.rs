//! Boxes on a page.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

/// A box as fractions of a page's width and height; the origin is the top left corner.
///
/// Serialised as `[x, y, w, h]`, rounded to four decimals so that reports are byte-stable.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(into = "[f32; 4]")]
pub struct Rect {
    pub x: f32,
    pub y: f32,
    pub w: f32,
    pub h: f32,
}

/// Farther off the page nothing is meant; up to here four decimals are exact.
const FARTHEST: f32 = 1_000.0;

impl<'de> Deserialize<'de> for Rect {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let sides = <[f32; 4]>::deserialize(from)?;
        let sound = sides.iter().all(|v| v.abs() <= FARTHEST);
        if sound { Ok(sides.into()) } else { Err(D::Error::custom("a box off the page")) }
    }
}

impl From<[f32; 4]> for Rect {
    fn from([x, y, w, h]: [f32; 4]) -> Self {
        Self { x, y, w, h }
    }
}

impl From<Rect> for [f32; 4] {
    fn from(r: Rect) -> Self {
        [r.x, r.y, r.w, r.h].map(|v| (v * 10_000.0).round() / 10_000.0)
    }
}

impl Rect {
    /// The whole page.
    pub const PAGE: Self = Self { x: 0.0, y: 0.0, w: 1.0, h: 1.0 };

    #[must_use]
    pub const fn new(x: f32, y: f32, w: f32, h: f32) -> Self {
        Self { x, y, w, h }
    }

    /// The box spanned by two corners, in any order.
    #[must_use]
    pub fn from_corners(x0: f32, y0: f32, x1: f32, y1: f32) -> Self {
        Self::new(x0.min(x1), y0.min(y1), (x1 - x0).abs(), (y1 - y0).abs())
    }

    #[must_use]
    pub fn right(&self) -> f32 {
        self.x + self.w
    }

    #[must_use]
    pub fn bottom(&self) -> f32 {
        self.y + self.h
    }

    #[must_use]
    pub fn centre(&self) -> (f32, f32) {
        (self.x + self.w / 2.0, self.y + self.h / 2.0)
    }

    #[must_use]
    pub fn area(&self) -> f32 {
        self.w * self.h
    }

    #[must_use]
    pub fn contains(&self, (x, y): (f32, f32)) -> bool {
        x >= self.x && x <= self.right() && y >= self.y && y <= self.bottom()
    }

    /// The area common to both boxes.
    #[must_use]
    pub fn overlap(&self, other: &Self) -> f32 {
        let w = self.right().min(other.right()) - self.x.max(other.x);
        let h = self.bottom().min(other.bottom()) - self.y.max(other.y);
        if w > 0.0 && h > 0.0 { w * h } else { 0.0 }
    }

    /// The share of this box that lies inside `other`, 0 to 1.
    #[must_use]
    pub fn share_inside(&self, other: &Self) -> f32 {
        let area = self.area();
        if area > 0.0 { self.overlap(other) / area } else { 0.0 }
    }

    /// Intersection over union, 0 to 1.
    #[must_use]
    pub fn iou(&self, other: &Self) -> f32 {
        let common = self.overlap(other);
        let all = self.area() + other.area() - common;
        if all > 0.0 { common / all } else { 0.0 }
    }

    /// The smallest box that holds both.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self::from_corners(
            self.x.min(other.x),
            self.y.min(other.y),
            self.right().max(other.right()),
            self.bottom().max(other.bottom()),
        )
    }

    /// This box grown by `dx` to the left and right and `dy` up and down.
    #[must_use]
    pub fn grown(&self, dx: f32, dy: f32) -> Self {
        Self::new(self.x - dx, self.y - dy, self.w + 2.0 * dx, self.h + 2.0 * dy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_that_cannot_be_counted_with_is_none() {
        let read = |text: &str| serde_json::from_str::<Rect>(text);
        assert_eq!(read("[-0.1,0.2,1.5,0.25]").ok(), Some(Rect::new(-0.1, 0.2, 1.5, 0.25)));
        for text in ["[0,0,1,1e300]", "[0,0,-1e5,1]", "[0,0,1,null]", "[0,0,1]"] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn overlap_and_iou() {
        let a = Rect::new(0.0, 0.0, 0.5, 0.5);
        let b = Rect::new(0.25, 0.25, 0.5, 0.5);
        assert!((a.overlap(&b) - 0.0625).abs() < 1e-6);
        assert!((a.iou(&b) - 0.0625 / 0.4375).abs() < 1e-6);
        assert_eq!(a.overlap(&Rect::new(0.6, 0.6, 0.1, 0.1)), 0.0);
    }

    #[test]
    fn serialised_as_four_rounded_numbers() {
        let text = serde_json::to_string(&Rect::new(0.123_456, 0.0, 0.5, 1.0)).expect("plain numbers");
        assert_eq!(text, "[0.1235,0.0,0.5,1.0]");
    }
}
