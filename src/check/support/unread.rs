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

/// A page's margins are bare, however full of print it is.
fn has_paper(picture: &Thumb) -> bool {
    let bare = cells(picture).filter(|(_, _, ink)| *ink == 0).count();
    3 * bare > picture.width() * picture.height()
}

fn cells(picture: &Thumb) -> impl Iterator<Item = (usize, usize, u32)> + '_ {
    let row = move |y: usize| (0..picture.width()).map(move |x| (x, y, u32::from(picture.at(x as i32, y as i32))));
    (0..picture.height()).flat_map(row)
}
