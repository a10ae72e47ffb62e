//! Whether all that lies on a page was made out.

use crate::model::geometry::Rect;
use crate::model::likeness::Thumb;
use crate::model::page::PageFacts;

/// So large a share of a page's ink outside all that was made out on it is text unread.
pub(crate) const MUCH_INK: f32 = 0.5;
/// So small a share of a page's ink outside all that was made out on it is dirt.
pub(crate) const LITTLE_INK: f32 = 0.1;

/// Share of a page's ink that lies outside everything made out on it, 0 to 1.
///
/// `None` where ink can't be told from paper: the shade on a photographed sheet counts as ink all over it.
pub(crate) fn ink_unread(page: &PageFacts) -> Option<f32> {
    let picture = page.picture.as_ref().filter(|p| has_paper(p))?;
    let (w, h) = (picture.width() as f32, picture.height() as f32);
    // The cells beside a box hold the ends of its strokes.
    let grown = |r: Rect| Rect::new(r.x - 1.0 / w, r.y - 1.0 / h, r.w + 2.0 / w, r.h + 2.0 / h);
    let lines = page.lines.iter().map(|l| l.rect);
    let marks = page.seals.iter().map(|s| s.rect).chain(page.photos.iter().map(|p| p.rect));
    let rest = page.codes.iter().map(|c| c.rect).chain(page.tables.iter().map(|t| t.rect));
    let known: Vec<Rect> = lines.chain(marks).chain(rest).map(grown).collect();
    let (mut all, mut outside) = (0_u32, 0_u32);
    for (x, y, ink) in cells(picture) {
        all += ink;
        let at = ((x as f32 + 0.5) / w, (y as f32 + 0.5) / h);
        if !known.iter().any(|r| r.contains(at)) {
            outside += ink;
        }
    }
    (all > 0).then(|| outside as f32 / all as f32)
}

/// Millimetres of ink in a row that make a line of text.
const LINE_MM: f32 = 20.0;
/// Share of the ink in a cell under a line read, on average, from which a cell holds print.
const PRINT: f32 = 0.4;

/// Whether a line of print lies in a place and outside everything made out on the page: the detector passed over it.
pub(crate) fn has_unread_line(page: &PageFacts, place: Rect) -> bool {
    let Some(picture) = page.picture.as_ref().filter(|p| has_paper(p)) else { return false };
    let (w, h) = (picture.width() as f32, picture.height() as f32);
    let grown = |r: Rect| r.grown(1.0 / w, 1.0 / h);
    let middle = |x: usize, y: usize| ((x as f32 + 0.5) / w, (y as f32 + 0.5) / h);
    let lines: Vec<Rect> = page.lines.iter().map(|l| l.rect).collect();
    let (sum, count) = cells(picture)
        .filter(|(x, y, _)| lines.iter().any(|l| l.contains(middle(*x, *y))))
        .fold((0, 0_u32), |(s, n), (_, _, ink)| (s + ink, n + 1));
    let least = PRINT * sum as f32 / count.max(1) as f32;
    let marks = page.seals.iter().map(|s| s.rect).chain(page.photos.iter().map(|p| p.rect));
    let drawn = page.codes.iter().map(|c| c.rect).chain(page.rules.iter().map(|r| r.rect));
    let written = page.strokes.iter().chain(&page.traces).chain(&page.unread).copied();
    let known: Vec<Rect> = lines.iter().copied().chain(marks).chain(drawn).chain(written).map(grown).collect();
    // The place's own ruling lines reach into its outermost cells.
    let inner = place.grown(-1.5 / w, -1.5 / h);
    let in_row = (LINE_MM / page.upright_mm().0.max(1.0) * w).ceil().max(1.0) as usize;
    (0..picture.height()).any(|y| {
        let open = |x: &usize| {
            let at = middle(*x, y);
            let ink = f32::from(picture.at(*x as i32, y as i32));
            ink > 0.0 && ink >= least && inner.contains(at) && !known.iter().any(|r| r.contains(at))
        };
        (0..picture.width()).filter(open).count() >= in_row
    })
}

/// A page's margins are bare, however full of print it is.
fn has_paper(picture: &Thumb) -> bool {
    let bare = cells(picture).filter(|(_, _, ink)| *ink == 0).count();
    3 * bare > picture.width() * picture.height()
}

fn cells(picture: &Thumb) -> impl Iterator<Item = (usize, usize, u32)> + '_ {
    let row = move |y: usize| (0..picture.width()).map(move |x| (x, y, u32::from(picture.at(x as i32, y as i32))));
    (0..picture.height()).flat_map(row)
}
