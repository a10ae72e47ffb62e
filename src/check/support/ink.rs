//! Ink in a place, whether or not it was read as text.

use crate::model::geometry::Rect;
use crate::model::page::PageFacts;

/// A cell's own ruling lines and a neighbour's strokes reach into it by this much.
const EDGE_MM: f32 = 1.0;

/// Whether handwriting, unread print, a photo, a seal, the trace of one or a code lies in a place.
pub(crate) fn has_ink(page: &PageFacts, rect: Rect) -> bool {
    let (w, h) = page.upright_mm();
    let inner = rect.grown(-EDGE_MM / w.max(1.0), -EDGE_MM / h.max(1.0));
    let inside = |r: &Rect| r.overlap(&inner) > 0.0;
    page.seals.iter().any(|s| inside(&s.rect))
        || page.photos.iter().any(|p| inside(&p.rect))
        || page.codes.iter().any(|c| inside(&c.rect))
        || page.strokes.iter().any(inside)
        || page.unread.iter().any(inside)
        || page.traces.iter().any(inside)
}
