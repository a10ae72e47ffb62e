//! A list's lines put into rows, with or without ruling lines.

use super::super::cells::{PageCells, Piece};
use super::numerals;
use crate::model::geometry::Rect;

/// Lines that share this much of the lower one's height stand in one row.
const SAME_ROW: f32 = 0.5;
/// Fewer rows of cells than this are a frame, not a table.
const LEAST_ROWS: u16 = 3;
/// A cell this much higher than its row's lowest spans rows that the others part.
const SPANS: f32 = 1.7;

/// A row of a list: its pieces from left to right.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Row {
    pub(super) pieces: Vec<Piece>,
    /// A table's ruling lines part it from the rows above and below: it can't be the rest of a name.
    pub(super) ruled: bool,
}

impl Row {
    pub(super) fn rect(&self) -> Rect {
        self.pieces.iter().map(|p| p.rect).reduce(|a, b| a.union(&b)).unwrap_or(Rect::PAGE)
    }

    pub(super) fn text(&self) -> String {
        self.pieces.iter().map(|p| p.text.as_str()).collect()
    }
}

/// The rows of a page, from top to bottom.
pub(super) fn rows(page: &PageCells<'_>) -> Vec<Row> {
    let mut found: Vec<Row> = Vec::new();
    let mut open: Vec<Piece> = page.loose.clone();
    for (index, table) in page.page.tables.iter().enumerate() {
        let filled: Vec<_> = page.cells.iter().filter(|c| c.table == index).collect();
        let bands = table.cells.iter().map(|c| c.row + c.row_span).max().unwrap_or(0);
        let lowest = table.cells.iter().map(|c| c.rect.h).fold(f32::MAX, f32::min);
        for band in 0..bands {
            let (own, spanning): (Vec<_>, Vec<_>) = filled
                .iter()
                .zip(&table.cells)
                .filter(|(_, c)| c.row == band)
                .partition(|(_, c)| c.row_span == 1 && (c.rect.h <= SPANS * lowest || bands < LEAST_ROWS));
            let pieces: Vec<Vec<Piece>> = own.iter().map(|(cell, _)| cell.pieces.clone()).collect();
            let undivided = pieces.iter().any(|cell| cell.iter().filter(|p| is_number(p)).count() > 1);
            let ruled = bands >= LEAST_ROWS && !undivided;
            if ruled && !pieces.iter().all(Vec::is_empty) {
                found.push(Row {
                    pieces: pieces.into_iter().map(joined).filter(|p| !p.text.is_empty()).collect(),
                    ruled,
                });
            } else {
                open.extend(pieces.into_iter().flatten());
            }
            // A name in a high cell, a wrapped one, is still a row's; text written downwards heads several rows.
            for (cell, _) in spanning {
                open.extend(cell.pieces.iter().filter(|p| !p.vertical).cloned());
            }
        }
    }
    open.retain(|p| !p.vertical && !p.text.trim().is_empty());
    open.sort_by(|a, b| a.rect.centre().1.total_cmp(&b.rect.centre().1));
    for piece in open {
        let shared = |row: &Row| {
            let r = row.rect();
            let common = r.bottom().min(piece.rect.bottom()) - r.y.max(piece.rect.y);
            let beside = row.pieces.iter().all(|p| {
                let common = p.rect.right().min(piece.rect.right()) - p.rect.x.max(piece.rect.x);
                common < 0.5 * p.rect.w.min(piece.rect.w)
            });
            if beside { common / r.h.min(piece.rect.h).max(f32::EPSILON) } else { 0.0 }
        };
        let nearest = (0..found.len())
            .map(|i| (i, shared(&found[i])))
            .filter(|(_, share)| *share >= SAME_ROW)
            .reduce(|a, b| if b.1 > a.1 { b } else { a });
        match nearest {
            Some((i, _)) => found[i].pieces.push(piece),
            None => found.push(Row { pieces: vec![piece], ruled: false }),
        }
    }
    for row in &mut found {
        row.pieces.sort_by(|a, b| a.rect.x.total_cmp(&b.rect.x));
    }
    found.sort_by(|a, b| a.rect().centre().1.total_cmp(&b.rect().centre().1));
    found
}

fn is_number(piece: &Piece) -> bool {
    numerals::pages(&piece.text).is_some()
}

/// A cell's lines as one piece.
fn joined(pieces: Vec<Piece>) -> Piece {
    let mut all = Piece {
        text: String::new(),
        rect: pieces.iter().map(|p| p.rect).reduce(|a, b| a.union(&b)).unwrap_or(Rect::PAGE),
        weakest: 1.0,
        vertical: false,
        hand: false,
        at: Vec::new(),
    };
    for piece in pieces {
        all.text.push_str(&piece.text);
        all.at.extend(piece.at);
        all.weakest = all.weakest.min(piece.weakest);
        all.hand |= piece.hand;
    }
    all
}
