//! Where a box of the page as displayed lies in the page's own coordinates.

use hayro_interpret::TransformExt;
use hayro_interpret::kurbo::{Affine, Point, Rect as Area};
use hayro_syntax::object::{Array, Dict};
use hayro_syntax::page::Page;
use lopdf::ObjectId;

use crate::model::geometry::Rect;
use crate::pdf::PdfFile;

/// Width of an A4 page in points: sizes are meant for it and grow with the page, as apps file photos as pages of
/// 3,000 points and more.
const A4_WIDTH: f64 = 595.0;
/// A smaller box (A4 points) can't be seen or clicked.
const LEAST_SIDE: f64 = 8.0;

/// A page that gets notes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sheet {
    /// The page's own object; `None` where it is written inside another one.
    pub(super) id: Option<ObjectId>,
    /// Annotations the page has already.
    pub(super) annotations: usize,
    /// Size as displayed, in the page's own units.
    width: f64,
    height: f64,
    /// From the displayed page (origin top left, y down) to the page's own coordinates.
    to_user: Affine,
}

impl Sheet {
    pub(super) fn of(page: &Page<'_>) -> Self {
        let (width, height) = page.render_dimensions();
        let id = page.raw().obj_id().and_then(|id| Some((id.obj_number, u16::try_from(id.gen_number).ok()?)));
        let annotations = page.raw().get::<Array<'_>>(b"Annots").map_or(0, |all| all.iter::<Dict<'_>>().count());
        let to_user = page.initial_transform(true).to_kurbo().inverse();
        Self { id, annotations, width: f64::from(width), height: f64::from(height), to_user }
    }

    /// Page units that one point of an A4 page is here.
    pub(super) fn unit(&self) -> f64 {
        self.width.min(self.height) / A4_WIDTH
    }

    /// A box (fractions of the displayed page) in page coordinates: inside the page and large enough to be seen.
    pub(super) fn place(&self, rect: Rect) -> Area {
        let least = LEAST_SIDE * self.unit();
        let (left, right) = side(rect.x, rect.w, self.width, least);
        let (top, bottom) = side(rect.y, rect.h, self.height, least);
        self.area(left, top, right, bottom)
    }

    /// The `index`th place of a `size` square near the page's right edge, downwards from the top, further columns to the
    /// left. Text notes keep their upper left corner where it is and turn about it to be upright, whatever the page's
    /// turn (12.5.6.4); in readers that don't turn them they still lie on the page.
    pub(super) fn margin(&self, index: usize, size: f64) -> Area {
        let step = size * 1.3;
        let rows = (((self.height - size * 2.5) / step).floor() as usize).max(1);
        let left = (self.width - size * 2.5 - step * (index / rows) as f64).max(0.0);
        let top = (size * 1.5 + step * (index % rows) as f64).min((self.height - size).max(0.0));
        let corner = self.to_user * Point::new(left, top);
        Area::new(corner.x, corner.y - size, corner.x + size, corner.y)
    }

    fn area(&self, left: f64, top: f64, right: f64, bottom: f64) -> Area {
        Area::from_points(self.to_user * Point::new(left, top), self.to_user * Point::new(right, bottom))
    }
}

/// Start and end, in page units, of a span given as fractions.
fn side(start: f32, length: f32, whole: f64, least: f64) -> (f64, f64) {
    let known = |v: f32| if v.is_finite() { f64::from(v) } else { 0.0 };
    let (from, to) = (known(start) * whole, (known(start) + known(length)) * whole);
    let least = least.min(whole);
    let from = from.clamp(0.0, whole - least);
    (from, to.clamp(from + least, whole))
}

/// The pages at these places (0-based; one past the end is the last page), by place.
pub(super) fn sheets(
    pdf: &PdfFile,
    pages: impl Iterator<Item = usize>,
) -> Result<std::collections::BTreeMap<usize, Sheet>, crate::model::page::Unreadable> {
    pages.map(|index| Ok((index, Sheet::of(pdf.page(index)?)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(width: f64, height: f64) -> Sheet {
        let to_user = Affine::new([1.0, 0.0, 0.0, -1.0, 0.0, height]);
        Sheet { id: Some((3, 0)), annotations: 0, width, height, to_user }
    }

    #[test]
    fn boxes_stay_on_the_page_and_visible() {
        let sheet = plain(595.0, 842.0);
        for rect in [
            Rect::new(-0.2, -0.2, 0.1, 0.1),
            Rect::new(0.99, 0.99, 0.5, 0.5),
            Rect::new(0.5, 0.5, 0.0, 0.0),
            Rect::new(f32::NAN, f32::INFINITY, f32::NAN, 2.0),
            Rect::new(-1.0, -1.0, 9.0, 9.0),
        ] {
            let area = sheet.place(rect);
            assert!(area.x0 >= 0.0 && area.y0 >= 0.0 && area.x1 <= 595.0 + 1e-6 && area.y1 <= 842.0 + 1e-6, "{area:?}");
            assert!(area.width() >= 7.9 && area.height() >= 7.9, "{area:?}");
        }
        let exact = sheet.place(Rect::new(0.1, 0.2, 0.3, 0.4));
        for (got, wanted) in [(exact.x0, 59.5), (exact.x1, 238.0), (exact.y1, 842.0 * 0.8), (exact.y0, 842.0 * 0.4)] {
            assert!((got - wanted).abs() < 1e-3, "{exact:?}");
        }
    }

    #[test]
    fn marginal_places_are_on_the_page_and_apart() {
        let sheet = plain(595.0, 842.0);
        let places: Vec<Area> = (0..40).map(|i| sheet.margin(i, 20.0)).collect();
        for (i, a) in places.iter().enumerate() {
            assert!(a.x0 >= 0.0 && a.y0 >= -1e-6 && a.x1 <= 595.0 && a.y1 <= 842.0, "{a:?}");
            assert!(places[..i].iter().all(|b| a.intersect(*b).area() < 1e-6), "{i} overlaps");
        }
    }
}
