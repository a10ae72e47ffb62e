//! Places that a form keeps for seals, photos and opinions.

use crate::model::field::FormPlace;
use crate::model::geometry::Rect;
use crate::model::marks::PhotoKind;
use crate::pack::rules::{Form, PlaceKind, PlaceRule};

use super::boxes::{self, Spot};
use super::cells::{FilledCell, PageCells, Piece, common};
use super::fields::is_right_of;
use super::labels::{Fit, Label, Vocabulary, begun};

/// A seal is stamped over a cover's row and stands out of it above and below: a unit seal measures 38 to 45 mm.
const COVER_HEIGHT_MM: f32 = 45.0;
/// What a scan leaves free at the page's right side.
const MARGIN_MM: f32 = 12.0;
/// Portraits on forms are 25 x 35 mm (一寸) to 35 x 45 mm (小二寸).
const PORTRAIT_MM: (f32, f32) = (35.0, 45.0);
/// A portrait's own cell isn't much larger than it.
const PHOTO_CELL_SHARE: f32 = 0.15;

/// The places that a rule describes on the pages of one span.
pub(super) fn find(pages: &[PageCells<'_>], form: &Form, rule: &PlaceRule, words: &Vocabulary) -> Vec<FormPlace> {
    let labels: Vec<Label> = rule.labels.iter().map(|l| Label::new(l)).collect();
    let spots: Vec<Spot> = match rule.kind {
        PlaceKind::Cover => cover(pages, &labels, words).into_iter().collect(),
        PlaceKind::Box => boxes::find(pages, &labels, words).into_iter().collect(),
        PlaceKind::Photo => photo(pages, &labels).into_iter().collect(),
        PlaceKind::Anywhere => pages
            .iter()
            .map(|p| Spot { page: p.index, rect: Rect::PAGE, text: String::new(), confidence: 1.0 })
            .collect(),
    };
    spots
        .into_iter()
        .map(|s| FormPlace {
            hand: pages
                .iter()
                .any(|p| p.index == s.page && p.page.lines.iter().any(|l| l.hand && l.rect.overlap(&s.rect) > 0.0)),
            material: form.material,
            id: rule.id.clone(),
            page: s.page,
            rect: s.rect,
            text: s.text,
            confidence: s.confidence,
        })
        .collect()
}

/// The row of a label on the first page that carries anything.
fn cover(pages: &[PageCells<'_>], labels: &[Label], words: &Vocabulary) -> Option<Spot> {
    let page = pages.iter().find(|p| !p.page.quality.blank)?;
    let mut best: Option<(Fit, Rect, String)> = None;
    let mut offer = |fit: Fit, rect: Rect, text: String| {
        if best.as_ref().is_none_or(|b| fit < b.0) {
            best = Some((fit, rect, text));
        }
    };
    for cell in &page.cells {
        if let Some(fit) = words.is_one_of(&cell.text(), labels) {
            let beside = page.right_of(cell);
            let row = beside.iter().fold(cell.rect, |r, c| r.union(&c.rect));
            offer(fit, row, beside.iter().map(|c| c.text()).collect());
        }
    }
    for piece in page.loose.iter().filter(|p| !p.vertical) {
        if let Some(fit) = words.is_one_of(&piece.text, labels) {
            offer(fit, piece.rect, right_of(page, piece));
        // Label and value read as one line. On a cover any line that begins so is the row.
        } else if let Some((fit, rest)) = begun(labels, &piece.text) {
            let own: String = piece.text.chars().skip(rest).collect();
            let own = own.trim_start_matches(|c: char| c.is_whitespace() || "：:".contains(c)).to_owned();
            offer(fit, piece.rect, own + &right_of(page, piece));
        }
    }
    let (fit, row, text) = best?;
    let (margin, height) = (page.mm(MARGIN_MM).0, page.mm(COVER_HEIGHT_MM).1.max(row.h));
    let middle = row.centre().1;
    let rect = Rect::from_corners(
        row.x,
        (middle - height / 2.0).max(0.0),
        (1.0 - margin).max(row.right()),
        (middle + height / 2.0).min(1.0),
    );
    Some(Spot { page: page.index, rect, text, confidence: fit.confidence() })
}

/// What stands to the right of a line, level with it.
fn right_of(page: &PageCells<'_>, piece: &Piece) -> String {
    let level = |p: &&Piece| {
        is_right_of(p, piece) && (p.rect.centre().1 - piece.rect.centre().1).abs() < 0.5 * p.rect.h.max(piece.rect.h)
    };
    page.loose.iter().filter(level).map(|p| p.text.as_str()).collect()
}

/// The photo's cell: the labelled one, else the one a portrait is stuck in.
fn photo(pages: &[PageCells<'_>], labels: &[Label]) -> Option<Spot> {
    let labelled = |cell: &FilledCell| {
        let text = cell.text();
        // 贴照片处, 近期一寸免冠照片: the label with a few words around it.
        labels.iter().any(|l| l.is(&text).is_some())
            || (text.chars().count() <= 24 && labels.iter().any(|l| says(l, &text)))
    };
    let of_portrait = |page: &PageCells<'_>| {
        let portraits = page.page.photos.iter().filter(|p| p.kind == PhotoKind::Portrait);
        portraits.filter_map(|p| around(page, p.rect).map(|rect| (rect, p.confidence))).next()
    };
    for page in pages {
        if let Some(cell) = page.cells.iter().find(|c| labelled(c)) {
            return Some(Spot { page: page.index, rect: cell.rect, text: String::new(), confidence: 0.95 });
        }
    }
    for page in pages {
        if let Some((rect, confidence)) = of_portrait(page) {
            return Some(Spot { page: page.index, rect, text: String::new(), confidence });
        }
    }
    // No cell: the label printed in the open, the photo to be stuck over it.
    for page in pages {
        if let Some(piece) = page.loose.iter().find(|p| labels.iter().any(|l| l.is(&p.text).is_some())) {
            let (cx, cy) = piece.rect.centre();
            let (w, h) = (page.mm(PORTRAIT_MM.0).0, page.mm(PORTRAIT_MM.1).1);
            let rect = Rect::new(cx - w / 2.0, cy - h / 2.0, w, h);
            return Some(Spot { page: page.index, rect, text: String::new(), confidence: 0.7 });
        }
    }
    None
}

/// Whether a short text has the label in it, whatever its length.
fn says(label: &Label, text: &str) -> bool {
    let chars: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
    label.len() >= 2
        && (0..chars.len()).any(|i| {
            chars.get(i..i + label.len()).is_some_and(|w| label.is(&w.iter().collect::<String>()) == Some(Fit::Exact))
        })
}

/// The cell that a portrait is stuck in: the one most of it lies in, unless that is a page of text.
fn around(page: &PageCells<'_>, portrait: Rect) -> Option<Rect> {
    let most = page.cells.iter().max_by(|a, b| {
        let share = |c: &FilledCell| portrait.share_inside(&c.rect);
        share(a).total_cmp(&share(b)).then(b.rect.area().total_cmp(&a.rect.area()))
    })?;
    let inside = portrait.share_inside(&most.rect) > 0.5;
    let touching = common(most.rect.y, most.rect.bottom(), portrait.y, portrait.bottom()) > 0.0;
    (inside && touching && most.rect.area() < PHOTO_CELL_SHARE.max(2.5 * portrait.area())).then_some(most.rect)
}
