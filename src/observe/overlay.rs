//! Seals that are pictures of their own, laid over a scan.

use crate::model::geometry::Rect;
use crate::model::page::{ColourMode, PageFacts};
use crate::pdf::PageImages;

/// The scan itself covers this much of the page.
const SCAN_COVER: f32 = 0.5;
/// A seal's picture, in millimetres: the smallest name chop to a large contract seal with a rim of white.
const SIDE_MM: std::ops::RangeInclusive<f32> = 8.0..=90.0;
/// Some scanners take a page apart into many pictures; somebody who pastes seals pastes a few.
const MOST_OVERLAYS: usize = 4;
/// How much of the seal lies in the picture, and how much larger the picture may be.
const WITHIN: f32 = 0.8;
const MOST_LARGER: f32 = 4.0;

/// Marks the seals that a picture over the page's scan shows.
pub(super) fn mark_layers(facts: &mut PageFacts, images: &PageImages) {
    let overlays = overlays(images, (facts.size.width_mm, facts.size.height_mm));
    let within =
        |rect: Rect| overlays.iter().any(|o| rect.share_inside(o) >= WITHIN && o.area() <= MOST_LARGER * rect.area());
    let layered: Vec<bool> = facts.seals.iter().map(|s| within(facts.displayed(s.rect))).collect();
    for (seal, layer) in facts.seals.iter_mut().zip(layered) {
        seal.layer = layer;
    }
}

fn overlays(images: &PageImages, (width_mm, height_mm): (f32, f32)) -> Vec<Rect> {
    let Some(base) = images.all.iter().position(|i| i.rect.area() >= SCAN_COVER) else { return Vec::new() };
    let above: Vec<_> = images.all[base + 1..].iter().filter(|i| i.rect.area() < SCAN_COVER).collect();
    if above.len() > MOST_OVERLAYS {
        return Vec::new();
    }
    let sized = |r: &Rect| SIDE_MM.contains(&(r.w * width_mm)) && SIDE_MM.contains(&(r.h * height_mm));
    // A stencil of one colour is how scanners store what they took for text or stamps.
    above.into_iter().filter(|i| i.stored == ColourMode::Colour).map(|i| i.rect).filter(sized).collect()
}
