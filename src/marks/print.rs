//! A seal's ink in fine cells, as it lies on the page: two impressions of one stamp differ in turn and in ink.

use crate::model::geometry::Rect;
use crate::model::likeness::Thumb;

use super::colour::{Plane, Sheet};

/// Cells a side, and their pitch: a unit's seal of 42 mm takes 56 of 64.
const CELLS: usize = 64;
const PITCH_MM: f32 = 0.75;
/// How far ink beyond the seal's own box is counted for its centre, in cells.
const MARGIN_MM: f32 = 0.8;
/// Full ink of a coloured plane.
const FULL: f32 = 150.0;

/// The seal's print from its ink's plane. `rect` is a fraction of the page. Nothing where there is no ink.
pub(crate) fn seal_print(sheet: &Sheet, plane: &Plane, rect: Rect) -> Option<Thumb> {
    let (w, h) = (plane.w as f32, plane.h as f32);
    let margin = MARGIN_MM * sheet.px_per_mm;
    let clip = |v: f32, most: f32| v.clamp(0.0, most) as usize;
    let (x0, x1) = (clip(rect.x * w - margin, w), clip(rect.right() * w + margin, w));
    let (y0, y1) = (clip(rect.y * h - margin, h), clip(rect.bottom() * h + margin, h));
    let (mut sum, mut cx, mut cy) = (0.0_f64, 0.0_f64, 0.0_f64);
    for y in y0..y1 {
        for x in x0..x1 {
            let v = f64::from(plane.px[y * plane.w + x]);
            sum += v;
            cx += v * x as f64;
            cy += v * y as f64;
        }
    }
    if sum <= 0.0 {
        return None;
    }
    // Centred on the ink itself: the box is only as fine as the search for it.
    let (cx, cy) = ((cx / sum) as f32, (cy / sum) as f32);
    let pitch = PITCH_MM * sheet.px_per_mm;
    let samples = (pitch.ceil() as usize).clamp(1, 6);
    let mut ink = Vec::with_capacity(CELLS * CELLS);
    for row in 0..CELLS {
        for col in 0..CELLS {
            let at = |i: usize, k: usize| (i as f32 - CELLS as f32 / 2.0 + (k as f32 + 0.5) / samples as f32) * pitch;
            let cell =
                (0..samples * samples).map(|s| smooth(plane, cx + at(col, s % samples), cy + at(row, s / samples)));
            ink.push(cell.sum::<f32>() / (samples * samples) as f32 / FULL);
        }
    }
    Thumb::of(CELLS, &ink)
}

/// The value between four pixels.
fn smooth(plane: &Plane, x: f32, y: f32) -> f32 {
    let (x0, y0) = (x.floor(), y.floor());
    let (fx, fy) = (x - x0, y - y0);
    let at = |dx: i32, dy: i32| f32::from(plane.at(x0 as i32 + dx, y0 as i32 + dy));
    (at(0, 0) * (1.0 - fx) + at(1, 0) * fx) * (1.0 - fy) + (at(0, 1) * (1.0 - fx) + at(1, 1) * fx) * fy
}
