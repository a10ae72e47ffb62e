//! The sheet that a scanned page was.

use crate::model::page::PageFacts;
use crate::pack::rules::arrangement::Paper;

/// Scanners cut edges off or leave a rim: sides within this share are the paper's.
const TOLERANCE: f32 = 0.08;
/// Content that reaches over this share of both sides of the sheet fills it: an A4 sheet covers 0.71 of an A3.
const FILLS: f32 = 0.78;
/// Resolutions that scanners make; what lies outside was made up.
const SCANNED_DPI: std::ops::RangeInclusive<u16> = 72..=1300;

/// What a page's size tells of the paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sheet {
    /// Of this size.
    Full(Paper),
    /// Of this size, but the content lies in a part of it.
    Partly(Paper),
    /// Of this size as far as the file says, which need not be true.
    Assumed(Paper),
    Other,
}

pub(crate) fn sheet(page: &PageFacts) -> Sheet {
    let (w, h) = (page.size.width_mm, page.size.height_mm);
    let (short, long) = (w.min(h), w.max(h));
    let near = |paper: &Paper| {
        let (s, l) = paper.sides_mm();
        (short / s - 1.0).abs() <= TOLERANCE && (long / l - 1.0).abs() <= TOLERANCE
    };
    let Some(paper) = [Paper::A4, Paper::A3].into_iter().find(near) else { return Sheet::Other };
    if !page.size.known || page.quality.dpi.is_some_and(|d| !SCANNED_DPI.contains(&d)) {
        return Sheet::Assumed(paper);
    }
    let left = page.lines.iter().map(|l| l.rect.x).fold(1.0, f32::min);
    let right = page.lines.iter().map(|l| l.rect.right()).fold(0.0, f32::max);
    let top = page.lines.iter().map(|l| l.rect.y).fold(1.0, f32::min);
    let bottom = page.lines.iter().map(|l| l.rect.bottom()).fold(0.0, f32::max);
    let fills = right - left >= FILLS || bottom - top >= FILLS;
    // Only a larger sheet's size can come from the scanner's bed.
    if paper == Paper::A3 && !fills { Sheet::Partly(paper) } else { Sheet::Full(paper) }
}
