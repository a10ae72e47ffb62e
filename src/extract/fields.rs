//! Labelled values: beside or below a label's cell, behind a label in the same cell, or behind a label on a cover.

use crate::model::field::{Blank, Field};
use crate::model::geometry::Rect;
use crate::pack::rules::{FieldKind, Form, FormField};

use super::cells::{FilledCell, PageCells, Piece, common};
use super::labels::{Label, Vocabulary, begun};

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Value {
    pub(super) text: String,
    pub(super) page: usize,
    pub(super) rect: Rect,
    pub(super) confidence: f32,
    pub(super) obscured: bool,
    pub(super) hand: bool,
    /// The table a column's cell stands in.
    pub(super) table: Option<usize>,
    /// The cell was found and holds nothing.
    pub(super) blank: bool,
}

impl Value {
    pub(super) fn into_field(self, form: &Form, field: &FormField) -> Field {
        Field {
            material: form.material,
            label: field.labels.first().cloned().unwrap_or_default(),
            text: self.text,
            page: self.page,
            rect: self.rect,
            confidence: self.confidence,
            obscured: self.obscured,
            hand: self.hand,
            row: None,
        }
    }

    pub(super) fn into_blank(self, form: &Form, field: &FormField) -> Blank {
        Blank {
            material: form.material,
            label: field.labels.first().cloned().unwrap_or_default(),
            page: self.page,
            rect: self.rect,
            confidence: self.confidence,
            obscured: self.obscured,
            row: None,
        }
    }

    /// The pieces as one value, or nothing where they hold no text. The place is `cell`, or the text's own.
    pub(super) fn of(page: &PageCells<'_>, pieces: &[Piece], cell: Option<Rect>) -> Option<Self> {
        let text: String = pieces.iter().map(|p| p.text.as_str()).collect();
        let text = text.trim().to_owned();
        let written = pieces.iter().map(|p| p.rect).reduce(|a, b| a.union(&b))?;
        if text.is_empty() {
            return None;
        }
        Some(Self {
            text,
            page: page.index,
            rect: cell.unwrap_or(written),
            confidence: pieces.iter().map(|p| p.weakest).fold(1.0, f32::min),
            obscured: page.obscured(written),
            hand: pieces.iter().any(|p| p.hand),
            table: None,
            blank: false,
        })
    }

    /// A cell that holds nothing, unless it is too small to be a value's or something reaches into it.
    pub(super) fn empty(page: &PageCells<'_>, cell: &FilledCell) -> Option<Self> {
        (cell.is_empty() && page.is_bare(cell.rect)).then(|| Self {
            text: String::new(),
            page: page.index,
            rect: cell.rect,
            confidence: 1.0,
            obscured: page.obscured(cell.rect),
            hand: false,
            table: Some(cell.table),
            blank: true,
        })
    }
}

/// A field together with its kind.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reading {
    pub(super) kind: FieldKind,
    pub(super) field: Field,
    pub(super) table: Option<usize>,
}

/// All values of a labelled field on a form's pages.
pub(super) fn read(pages: &[PageCells<'_>], field: &FormField, words: &Vocabulary) -> Vec<Value> {
    let labels: Vec<Label> = field.labels.iter().map(|l| Label::new(l)).collect();
    let mut values = Vec::new();
    for page in pages {
        for cell in &page.cells {
            values.extend(in_cell(page, cell, field.kind, &labels, words));
        }
        for (i, piece) in page.loose.iter().enumerate() {
            values.extend(in_open(page, i, piece, &labels, words));
        }
    }
    values
}

/// The value that belongs to a cell, where the cell is or begins with the label.
fn in_cell(
    page: &PageCells<'_>,
    cell: &FilledCell,
    kind: FieldKind,
    labels: &[Label],
    words: &Vocabulary,
) -> Option<Value> {
    let text = cell.text();
    if let Some(fit) = words.is_one_of(&text, labels) {
        if heads_columns(page, cell, words) {
            return None;
        }
        let beside = page.right_of(cell);
        let target = match beside.as_slice() {
            [one] if !words.is_label(&one.text()) => one,
            // A label over its value: nothing or another label beside it.
            [] => only_below(page, cell, words)?,
            [one] if words.is_label(&one.text()) => only_below(page, cell, words)?,
            _ => return None,
        };
        let mut value = if target.is_empty() {
            // Where no label follows, a stray line may have parted the cell from the one with the value.
            let next = page.right_of(target);
            if next.iter().any(|c| !c.is_empty() && !words.is_label(&c.text())) {
                return None;
            }
            Value::empty(page, target)?
        } else {
            Value::of(page, &target.pieces, Some(target.rect))?
        };
        value.confidence = value.confidence.min(fit.confidence());
        return Some(value);
    }
    // 工作单位：某某公司, all in one cell. Dates in running text are no time column.
    let (fit, rest) = words.heads_one_of(&text, labels)?;
    let after = &text.chars().skip(rest).collect::<String>();
    let colon = after.trim_start().starts_with(['：', ':', '﹕', '︰']);
    if !colon || (matches!(kind, FieldKind::Date | FieldKind::DateWithin) && cell.pieces.len() > 2) {
        return None;
    }
    let mut value = Value::of(page, &behind(&cell.pieces, rest), Some(cell.rect))?;
    value.text = after.trim_start().trim_start_matches(['：', ':', '﹕', '︰']).trim().to_owned();
    value.confidence = value.confidence.min(fit.confidence());
    (!value.text.is_empty()).then_some(value)
}

/// The cell under a label, where it is one cell as wide and no label.
fn only_below<'p>(page: &'p PageCells<'_>, cell: &FilledCell, words: &Vocabulary) -> Option<&'p FilledCell> {
    match page.below(cell).as_slice() {
        [one] if !words.is_label(&one.text()) && (one.rect.w - cell.rect.w).abs() <= 0.2 * cell.rect.w => Some(one),
        _ => None,
    }
}

/// Whether a cell stands in a heading row: with a column's heading, or between other labels.
fn heads_columns(page: &PageCells<'_>, cell: &FilledCell, words: &Vocabulary) -> bool {
    let mut row: Vec<&FilledCell> = page
        .cells
        .iter()
        .filter(|c| {
            c.table == cell.table
                && common(c.rect.y, c.rect.bottom(), cell.rect.y, cell.rect.bottom()) >= 0.8 * cell.rect.h.max(c.rect.h)
        })
        .collect();
    row.sort_by(|a, b| a.rect.x.total_cmp(&b.rect.x));
    let labels: Vec<bool> = row.iter().map(|c| words.is_label(&c.text())).collect();
    let own = row.iter().position(|c| *c == cell).unwrap_or(0);
    let in_run = |from: usize| labels.get(from..from + 3).is_some_and(|run| run.iter().all(|l| *l));
    // The rules of a warped sheet part a row's cells into tables or heights of their own.
    let level = |c: &FilledCell| (c.rect.centre().1 - cell.rect.centre().1).abs() < 0.35 * c.rect.h.min(cell.rect.h);
    page.cells.iter().any(|c| level(c) && words.is_heading(&c.text())) || (own.saturating_sub(2)..=own).any(in_run)
}

/// The pieces without their first `skip` characters.
fn behind(pieces: &[Piece], skip: usize) -> Vec<Piece> {
    let mut left = skip;
    let mut rest = Vec::new();
    for piece in pieces {
        let count = piece.text.chars().count();
        if left >= count {
            left -= count;
        } else {
            rest.push(if left > 0 { piece.rest(left) } else { piece.clone() });
            left = 0;
        }
    }
    rest
}

/// The value to the right of a label outside of tables, as on covers.
fn in_open(page: &PageCells<'_>, index: usize, piece: &Piece, labels: &[Label], words: &Vocabulary) -> Option<Value> {
    if piece.vertical {
        return None;
    }
    let mut own: Option<Piece> = None;
    let fit = if let Some(fit) = words.is_one_of(&piece.text, labels) {
        fit
    } else {
        // Label and value read as one line: a colon or a wide gap parts them.
        let (fit, rest) = begun(labels, &piece.text)?;
        let after: String = piece.text.chars().skip(rest).collect();
        let trimmed = after.trim_start();
        let colon = trimmed.starts_with(['：', ':', '﹕', '︰']);
        if words.is_label(&piece.text) || !(colon || gap_at(piece, rest)) {
            return None;
        }
        let skip = after.chars().take_while(|c| c.is_whitespace() || "：:﹕︰".contains(*c)).count();
        own = Some(piece.rest(rest + skip));
        fit
    };
    let mut value: Vec<Piece> = own.into_iter().filter(|p| !p.text.trim().is_empty()).collect();
    let level = |other: &Piece| {
        let (a, b) = (piece.rect, other.rect);
        (a.centre().1 - b.centre().1).abs() < 0.5 * a.h.max(b.h) && b.h < 2.0 * a.h && !other.vertical
    };
    let mut right: Vec<&Piece> = page
        .loose
        .iter()
        .enumerate()
        .filter(|(i, p)| *i != index && is_right_of(p, piece) && level(p))
        .map(|(_, p)| p)
        .collect();
    right.sort_by(|a, b| a.rect.x.total_cmp(&b.rect.x));
    // Beside a column's heading it heads a column, though the table's rules were not found.
    if page.loose.iter().any(|p| words.is_heading(p.text.trim()) && level(p)) {
        return None;
    }
    for next in right {
        let text = next.text.trim();
        if words.is_label(text) || words.begins_place(text) {
            break;
        }
        value.push(next.clone());
    }
    let mut value = Value::of(page, &value, None)?;
    value.text = value.text.trim_start_matches(['：', ':', '﹕', '︰']).trim().to_owned();
    value.confidence = value.confidence.min(fit.confidence());
    (!value.text.is_empty()).then_some(value)
}

/// Whether a line begins where another ends, or later; boxes of tilted lines overlap a little.
pub(super) fn is_right_of(next: &Piece, piece: &Piece) -> bool {
    next.rect.x > piece.rect.centre().0 && next.rect.centre().0 > piece.rect.right()
}

/// Whether the characters before and at `rest` stand clearly further apart than the label's own.
fn gap_at(piece: &Piece, rest: usize) -> bool {
    if rest == 0 || rest >= piece.at.len() {
        return false;
    }
    let own: Vec<f32> = piece.at[..rest].windows(2).map(|w| w[1] - w[0]).collect();
    let pitch = own.iter().copied().fold(0.0, f32::max).max(piece.rect.w / piece.at.len() as f32 * 0.8);
    piece.at[rest] - piece.at[rest - 1] > 1.8 * pitch
}
