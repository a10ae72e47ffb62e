//! Values under a column's heading.
//!
//! A false value in a time column becomes a wrong defect, so a column ends as soon as the table's structure changes.

use crate::model::geometry::Rect;
use crate::pack::rules::{FieldKind, FormField};

use super::cells::{FilledCell, PageCells, Piece, common};
use super::fields::Value;
use super::labels::{Label, Vocabulary};

/// Cells of one column have the same sides to this.
const SAME_SIDE_MM: f32 = 2.5;
/// Under a heading without ruling lines rows aren't certain, so a check shouldn't be.
const UNRULED: f32 = 0.6;
/// No date or range, with every word that may go with it, is longer.
const LONGEST_DATE: usize = 30;
/// Rows that sum up or close a table.
const CLOSING_WORDS: [&str; 8] = ["合计", "总计", "小计", "共计", "以下空白", "备注：", "说明：", "注："];

/// All values of a column on a form's pages.
pub(super) fn read(pages: &[PageCells<'_>], field: &FormField, words: &Vocabulary) -> Vec<Value> {
    let labels: Vec<Label> = field.labels.iter().map(|l| Label::new(l)).collect();
    let mut values = Vec::new();
    for (number, page) in pages.iter().enumerate() {
        let mut headings: Vec<(&FilledCell, f32)> = Vec::new();
        for cell in &page.cells {
            if let Some(fit) = words.is_one_of(&cell.text(), &labels) {
                headings.push((cell, fit.confidence()));
            }
        }
        // A heading repeated further down is met on the way from the first.
        let mut read: Vec<Rect> = Vec::new();
        for (heading, sure) in headings {
            if read.contains(&heading.rect) {
                continue;
            }
            let column = Column { heading, words, labels: &labels, kind: field.kind };
            let mut found = Vec::new();
            column.follow(pages, number, &mut found, &mut read);
            values.extend(found.into_iter().map(|mut v| {
                v.confidence = v.confidence.min(sure);
                v
            }));
        }
        for piece in &page.loose {
            if words.is_one_of(&piece.text, &labels).is_some() {
                values.extend(unruled(page, piece, field.kind, words));
            }
        }
    }
    values
}

struct Column<'a> {
    heading: &'a FilledCell,
    words: &'a Vocabulary,
    labels: &'a [Label],
    kind: FieldKind,
}

impl Column<'_> {
    fn follow(&self, pages: &[PageCells<'_>], number: usize, found: &mut Vec<Value>, read: &mut Vec<Rect>) {
        let page = &pages[number];
        let side = page.mm(SAME_SIDE_MM).0;
        let under = page.below(self.heading);
        let starts: Vec<&FilledCell> = match under.as_slice() {
            [] => return,
            // One heading over two columns: from, to.
            many if many.len() > 1 => {
                let inside = many.iter().all(|c| {
                    c.rect.x >= self.heading.rect.x - side && c.rect.right() <= self.heading.rect.right() + side
                });
                if inside { many.to_vec() } else { Vec::new() }
            }
            one => one.to_vec(),
        };
        for first in starts {
            if !(same_sides(first.rect, self.heading.rect, side) || under.len() > 1) {
                continue;
            }
            if let Some(last) = self.walk(page, first, side, found, read) {
                self.continue_overleaf(pages, number, last, found);
            }
        }
    }

    /// Reads from `first` downwards; gives the last cell where the column runs to its table's end.
    fn walk<'p>(
        &self,
        page: &'p PageCells<'_>,
        first: &'p FilledCell,
        side: f32,
        found: &mut Vec<Value>,
        read: &mut Vec<Rect>,
    ) -> Option<&'p FilledCell> {
        let mut cell = first;
        loop {
            let text = cell.text();
            if self.words.is_one_of(&text, self.labels).is_some() {
                read.push(cell.rect);
            } else if self.words.is_label(&text) || closes(page, cell) {
                return None;
            } else if cell.is_empty() {
                found.extend(Value::empty(page, cell).filter(|_| is_begun(page, cell)));
            } else if self.may_be_value(&text) {
                let value = Value::of(page, &cell.pieces, Some(cell.rect));
                found.extend(value.map(|v| Value { table: Some(cell.table), ..v }));
            }
            match page.below(cell).as_slice() {
                [next] if same_sides(next.rect, cell.rect, side) => cell = next,
                [] => return Some(cell),
                _ => return None,
            }
        }
    }

    fn may_be_value(&self, text: &str) -> bool {
        may_be_value(self.kind, text)
    }

    /// Goes on where the next page begins with the same columns and no heading.
    fn continue_overleaf(&self, pages: &[PageCells<'_>], number: usize, last: &FilledCell, found: &mut Vec<Value>) {
        let (page, Some(next)) = (&pages[number], pages.get(number + 1)) else { return };
        let side = page.mm(SAME_SIDE_MM).0;
        // Anything under the table but a page number ends it.
        let ended = page.cells.iter().any(|c| c.rect.y > last.rect.bottom() + side)
            || page.loose.iter().any(|p| p.rect.y > last.rect.bottom() && !is_page_number(&p.text));
        let Some(top) = next.cells.iter().map(|c| c.rect.y).min_by(f32::total_cmp) else { return };
        let headed = next.loose.iter().any(|p| p.rect.y < top && !is_page_number(&p.text));
        if ended || headed || next.index != page.index + 1 {
            return;
        }
        let row = |cells: &[FilledCell], table: usize, y: f32| -> Vec<Rect> {
            let mut row: Vec<Rect> =
                cells.iter().filter(|c| c.table == table && (c.rect.y - y).abs() < side).map(|c| c.rect).collect();
            row.sort_by(|a, b| a.x.total_cmp(&b.x));
            row
        };
        let Some(table) = next.cells.iter().find(|c| c.rect.y == top).map(|c| c.table) else { return };
        let (above, here) = (row(&page.cells, last.table, last.rect.y), row(&next.cells, table, top));
        let alike = above.len() == here.len() && above.iter().zip(&here).all(|(a, b)| same_sides(*a, *b, side));
        let first = next
            .cells
            .iter()
            .find(|c| c.table == table && (c.rect.y - top).abs() < side && same_sides(c.rect, last.rect, side));
        let headings = next
            .cells
            .iter()
            .any(|c| c.table == table && (c.rect.y - top).abs() < side && self.words.is_label(&c.text()));
        if let (true, false, Some(first)) = (alike, headings, first)
            && let Some(last) = self.walk(next, first, side, found, &mut Vec::new())
        {
            self.continue_overleaf(pages, number + 1, last, found);
        }
    }
}

/// Whether at least half of the other cells in a cell's row are filled in.
fn is_begun(page: &PageCells<'_>, cell: &FilledCell) -> bool {
    let others = page.cells.iter().filter(|c| {
        *c != cell
            && c.table == cell.table
            && common(c.rect.y, c.rect.bottom(), cell.rect.y, cell.rect.bottom()) >= 0.8 * c.rect.h.max(cell.rect.h)
    });
    let (filled, empty): (Vec<_>, Vec<_>) = others.partition(|c| !c.is_empty());
    !filled.is_empty() && filled.len() >= empty.len()
}

fn same_sides(a: Rect, b: Rect, side: f32) -> bool {
    (a.x - b.x).abs() <= side && (a.right() - b.right()).abs() <= side
}

fn is_page_number(text: &str) -> bool {
    let rest: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
    rest.trim_matches(|c: char| "第页共".contains(c)).chars().all(|c| c.is_ascii_digit() || "页共第".contains(c))
}

/// Whether a row sums up or closes the table.
fn closes(page: &PageCells<'_>, cell: &FilledCell) -> bool {
    let row = page.cells.iter().filter(|c| {
        c.table == cell.table && common(c.rect.y, c.rect.bottom(), cell.rect.y, cell.rect.bottom()) > 0.6 * cell.rect.h
    });
    row.map(FilledCell::text).any(|t| {
        let t: String = t.chars().filter(|c| !c.is_whitespace()).collect();
        let t = t.replace(':', "：");
        CLOSING_WORDS.iter().any(|w| t.starts_with(w))
    })
}

/// Whether a column of this kind can hold the text: a date has a figure in it, and is short.
fn may_be_value(kind: FieldKind, text: &str) -> bool {
    if text.trim().is_empty() {
        return false;
    }
    match kind {
        FieldKind::Date => has_figure(text) && text.chars().filter(|c| !c.is_whitespace()).count() <= LONGEST_DATE,
        FieldKind::DateWithin => has_figure(text),
        FieldKind::Number => text.chars().any(char::is_numeric),
        _ => true,
    }
}

fn has_figure(text: &str) -> bool {
    text.chars().any(|c| c.is_numeric() || "〇○零一二三四五六七八九十".contains(c))
        && text.chars().any(|c| c.is_numeric() || "年月".contains(c))
}

/// Values under a heading that no ruling lines enclose: lines in the heading's width, until a gap.
fn unruled(page: &PageCells<'_>, heading: &Piece, kind: FieldKind, words: &Vocabulary) -> Vec<Value> {
    /// A heading row has at least this many headings.
    const HEADINGS: usize = 3;
    let level = |p: &&Piece| {
        (p.rect.centre().1 - heading.rect.centre().1).abs() < 0.5 * p.rect.h.max(heading.rect.h) && !p.vertical
    };
    let mut row: Vec<&Piece> = page.loose.iter().filter(level).collect();
    row.sort_by(|a, b| a.rect.x.total_cmp(&b.rect.x));
    let Some(own) = row.iter().position(|p| *p == heading) else { return Vec::new() };
    if row.len() < HEADINGS {
        return Vec::new();
    }
    // The column reaches half way to its neighbours' headings.
    let left = own.checked_sub(1).map_or(0.0, |i| (row[i].rect.right() + heading.rect.x) / 2.0);
    let right = row.get(own + 1).map_or(1.0, |p| (heading.rect.right() + p.rect.x) / 2.0);
    let mut under: Vec<&Piece> = page
        .loose
        .iter()
        .filter(|p| p.rect.y > heading.rect.centre().1 && *p != heading && p.rect.centre().1 > heading.rect.bottom())
        .filter(|p| p.rect.centre().0 > left && p.rect.centre().0 < right)
        .collect();
    under.sort_by(|a, b| a.rect.y.total_cmp(&b.rect.y));
    let mut values: Vec<Value> = Vec::new();
    let mut bottom = heading.rect.bottom();
    let mut group: Vec<Piece> = Vec::new();
    let close = |group: &mut Vec<Piece>, values: &mut Vec<Value>| {
        let text: String = group.iter().map(|p| p.text.as_str()).collect();
        if may_be_value(kind, &text)
            && let Some(mut value) = Value::of(page, group, None)
        {
            value.confidence *= UNRULED;
            values.push(value);
        }
        group.clear();
    };
    for piece in under {
        let gap = piece.rect.y - bottom;
        // A wider line, another heading or a wide gap ends the column.
        if piece.rect.x < left || piece.rect.right() > right || words.is_label(&piece.text) || gap > 4.0 * piece.rect.h
        {
            break;
        }
        if gap > 0.7 * piece.rect.h {
            close(&mut group, &mut values);
        }
        group.push(piece.clone());
        bottom = piece.rect.bottom();
    }
    close(&mut group, &mut values);
    values
}
