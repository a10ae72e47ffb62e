//! Framed seals: square chops and rectangular stamps.

use crate::model::marks::{Seal, SealShape};

use super::ink::Ink;
use super::ring::Circle;
use super::seal::MOST_SOLID;
use super::shape::{Blob, Frame, fit_frame};

/// A circle shown so fully is no chance of a square's characters.
const PLAIN_CIRCLE: f32 = 0.94;
/// A square frame as plain as this hides circles that fit its inside less well.
const PLAIN_FRAME: f32 = 0.85;
/// Name chops are 12-25 mm, departments' square seals up to 45.
const SQUARE_MM: (f32, f32) = (10.0, 46.0);
/// Framed stamps: long side, short side.
const STAMP_LONG_MM: (f32, f32) = (20.0, 75.0);
const STAMP_SHORT_MM: (f32, f32) = (5.5, 26.0);
/// Least share of a frame's outline that is drawn, and of its weakest side.
const FRAME_OUTLINE: f32 = 0.72;
const FRAME_SIDE: f32 = 0.40;
/// A stamp's frame line shows this much more than what lies just inside it; a row of characters does not.
const FRAME_ABOVE_INSIDE: f32 = 0.25;

impl Ink<'_> {
    /// Square seals whose whole frame shows, which a circle through their characters must not hide.
    pub(crate) fn plain_frames(&self, rings: &mut Vec<Circle>) -> Vec<Seal> {
        let (w, h) = (self.plane.w as f32, self.plane.h as f32);
        let mut found = Vec::new();
        if rings.iter().all(|c| c.coverage > PLAIN_CIRCLE) {
            return found;
        }
        let all = self.blobs(&self.mask);
        for (i, blob) in all.iter().enumerate() {
            let Some((seal, outline)) = self.frame_seal(i, &all, |_, _| false) else { continue };
            let within = |c: &Circle| seal.rect.contains((c.cx / w, c.cy / h)) && 2.2 * c.r < blob.width() * 1.2;
            if outline > PLAIN_FRAME && rings.iter().any(|c| within(c) && c.coverage < outline) {
                rings.retain(|c| !within(c) || c.coverage >= outline);
                found.push(seal);
            }
        }
        found
    }

    pub(crate) fn frame_seal(&self, i: usize, all: &[Blob], known: impl Fn(f32, f32) -> bool) -> Option<(Seal, f32)> {
        let blob = &all[i];
        let long = blob.width().max(blob.height()) / self.px_per_mm;
        if !(9.0..=110.0).contains(&long) || self.solid_share(blob) > MOST_SOLID || is_printed(i, all) {
            return None;
        }
        let inked = |x: f32, y: f32| self.full.at(x as i32, y as i32) >= self.least;
        let frame = fit_frame(blob, inked, 2.0, 2.0 * self.px_per_mm, known)?;
        let (shape, confidence) = self.framed(&frame)?;
        let seal = self.seal(blob.centre(), (blob.width() / 2.0, blob.height() / 2.0), shape, frame.long, confidence);
        Some((seal, frame.outline))
    }

    fn framed(&self, f: &Frame) -> Option<(SealShape, f32)> {
        let (long, short) = (f.long / self.px_per_mm, f.short / self.px_per_mm);
        if f.outline < FRAME_OUTLINE || f.weakest < FRAME_SIDE || f.fill < 0.06 || f.fill > 0.92 {
            return None;
        }
        let confidence = 0.3 + 0.6 * f.outline;
        if short / long > 0.78 && long >= SQUARE_MM.0 && long <= SQUARE_MM.1 {
            Some((SealShape::Square, confidence))
        } else if short / long < 0.62
            && f.outline - f.inner > FRAME_ABOVE_INSIDE
            && (STAMP_LONG_MM.0..=STAMP_LONG_MM.1).contains(&long)
            && (STAMP_SHORT_MM.0..=STAMP_SHORT_MM.1).contains(&short)
        {
            Some((SealShape::Rect, confidence))
        } else {
            None
        }
    }
}

/// A piece with companions of its height beside it is a character of a large heading, whatever its outline (国);
/// one with a twin of the very same size in line with it is a printed box.
fn is_printed(i: usize, all: &[Blob]) -> bool {
    let this = &all[i];
    let (cx, cy) = this.centre();
    let (w, h) = (this.width(), this.height());
    let (mut companions, mut twins) = (0, 0);
    for (k, b) in all.iter().enumerate() {
        if k == i {
            continue;
        }
        let (dx, dy) = ((b.centre().0 - cx).abs(), (b.centre().1 - cy).abs());
        let (kw, kh) = (b.width() / w, b.height() / h);
        let beside = dx - (w + b.width()) / 2.0;
        if (0.7..1.4).contains(&kh) && kw > 0.3 && dy < 0.35 * h && beside < 1.9 * h {
            // Characters that touch are one piece of several widths.
            companions += (kw.round() as u32).clamp(1, 4);
        }
        let same = (kw - 1.0).abs() < 0.04 && (kh - 1.0).abs() < 0.06;
        twins += usize::from(same && (dx < 0.04 * w || dy < 0.06 * h));
    }
    companions >= 2 || twins >= 1
}
