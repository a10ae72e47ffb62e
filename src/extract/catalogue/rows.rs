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

/// A line of figures this much higher than the usual one holds several below each other.
const COLUMN: f32 = 1.7;
/// No sure number.
const GUESSED: f32 = 0.5;

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
    let (columns, mut open): (Vec<Piece>, Vec<Piece>) = {
        let usual = usual_height(&open);
        open.into_iter().partition(|p| is_column(p, usual))
    };
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
    for column in columns {
        part(&column, &mut found);
    }
    for row in &mut found {
        row.pieces.sort_by(|a, b| a.rect.x.total_cmp(&b.rect.x));
    }
    found.sort_by(|a, b| a.rect().centre().1.total_cmp(&b.rect().centre().1));
    found
}

fn usual_height(pieces: &[Piece]) -> f32 {
    let mut heights: Vec<f32> = pieces.iter().map(|p| p.rect.h).collect();
    heights.sort_by(f32::total_cmp);
    heights.get(heights.len() / 2).copied().unwrap_or(f32::MAX)
}

/// Numbers below each other that were read as one line.
fn is_column(piece: &Piece, usual: f32) -> bool {
    let words = piece.text.chars().any(numerals::is_han);
    !words && piece.rect.h >= COLUMN * usual && piece.rect.h > piece.rect.w
}

/// Gives every row beside a column of numbers its own, where there are as many digits for each; how they part is a guess.
fn part(column: &Piece, found: &mut [Row]) {
    let beside = |r: &Row| {
        let y = r.rect().centre().1;
        column.rect.y < y && y < column.rect.bottom() && !r.pieces.iter().any(is_number_right(column))
    };
    let mut rows: Vec<usize> = (0..found.len()).filter(|i| beside(&found[*i])).collect();
    rows.sort_by(|a, b| found[*a].rect().centre().1.total_cmp(&found[*b].rect().centre().1));
    let digits: Vec<char> = numerals::tight(&column.text).chars().collect();
    if rows.is_empty() || !digits.iter().all(char::is_ascii_digit) || !digits.len().is_multiple_of(rows.len()) {
        return;
    }
    for (row, number) in rows.iter().zip(digits.chunks(digits.len() / rows.len())) {
        let r = found[*row].rect();
        let rect = Rect::new(column.rect.x, r.y, column.rect.w, r.h);
        let text: String = number.iter().collect();
        let at = (0..number.len()).map(|i| rect.x + rect.w * (i as f32 + 0.5) / number.len() as f32).collect();
        found[*row].pieces.push(Piece { text, rect, weakest: column.weakest.min(GUESSED), at, ..column.clone() });
    }
}

/// A number that stands where the column does.
fn is_number_right(column: &Piece) -> impl Fn(&Piece) -> bool {
    let x = column.rect.centre().0;
    move |p| is_number(p) && (p.rect.centre().0 - x).abs() < column.rect.w.max(0.02)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(text: &str, rect: (f32, f32, f32, f32)) -> Piece {
        let rect = Rect::new(rect.0, rect.1, rect.2, rect.3);
        Piece { text: text.into(), rect, weakest: 1.0, vertical: false, hand: false, at: vec![] }
    }

    #[test]
    fn numbers_read_as_one_column_are_each_rows_own_and_never_sure() {
        let names = ["6.毕业证书", "7.学位证书", "8.备案表"];
        let mut found: Vec<Row> = (0_u8..)
            .zip(names)
            .map(|(n, name)| Row {
                pieces: vec![piece(name, (0.14, 0.33 + 0.023 * f32::from(n), 0.2, 0.02))],
                ruled: false,
            })
            .collect();
        let column = piece("789", (0.86, 0.335, 0.02, 0.059));
        assert!(is_column(&column, 0.02) && !is_column(&found[0].pieces[0], 0.02));
        part(&column, &mut found);
        let numbers: Vec<(&str, bool)> =
            found.iter().map(|r| (r.pieces[1].text.as_str(), r.pieces[1].weakest < 0.8)).collect();
        assert_eq!(numbers, [("7", true), ("8", true), ("9", true)]);
        // Two digits for three rows tell nothing.
        let before = found.clone();
        part(&piece("78", (0.5, 0.335, 0.02, 0.059)), &mut found);
        assert_eq!(found, before);
    }
}
