//! Lines put into cells.

use crate::model::geometry::Rect;
use crate::model::page::PageFacts;
use crate::model::text::TextLine;

/// A line, or the part of it that stands in one cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) rect: Rect,
    /// The least sure character, spaces left out.
    pub(super) weakest: f32,
    pub(super) vertical: bool,
    pub(super) hand: bool,
    /// Centres of the characters along the reading direction, one per `char`.
    pub(super) at: Vec<f32>,
}

impl Piece {
    pub(super) fn of(line: &TextLine) -> Self {
        Self::part(line, 0, line.text.chars().count())
    }

    /// Characters `from..to` of a line.
    pub(super) fn part(line: &TextLine, from: usize, to: usize) -> Self {
        let count = line.text.chars().count();
        let text: String = line.text.chars().skip(from).take(to - from).collect();
        let at: Vec<f32> = (from..to).map(|i| centre(line, i, count)).collect();
        let weakest = if line.chars.len() == count {
            let seen = line.text.chars().zip(&line.chars).skip(from).take(to - from);
            // The reader is never sure which dash it sees, and no value depends on it.
            seen.filter(|(c, _)| !c.is_whitespace() && !is_dash(*c)).map(|(_, c)| c.confidence).fold(1.0, f32::min)
        } else {
            line.confidence
        };
        let r = line.rect;
        let (start, length) = if line.vertical { (r.y, r.h) } else { (r.x, r.w) };
        // Cut half way between the characters on either side.
        let cut = |i: usize| {
            if i == 0 {
                start
            } else if i >= count {
                start + length
            } else {
                (centre(line, i - 1, count) + centre(line, i, count)) / 2.0
            }
        };
        let (a, b) = (cut(from), cut(to));
        let rect = if line.vertical { Rect::new(r.x, a, r.w, b - a) } else { Rect::new(a, r.y, b - a, r.h) };
        Self { text, rect, weakest, vertical: line.vertical, hand: line.hand, at }
    }

    /// The piece from its `char` at `from` on.
    pub(super) fn rest(&self, from: usize) -> Self {
        let mut rest = self.clone();
        rest.text = self.text.chars().skip(from).collect();
        rest.at = self.at.iter().skip(from).copied().collect();
        if from > 0 && from < self.at.len() && !self.vertical {
            let cut = (self.at[from - 1] + self.at[from]) / 2.0;
            rest.rect = Rect::from_corners(cut, self.rect.y, self.rect.right(), self.rect.bottom());
        }
        rest
    }
}

/// Where the line's `i`th of `count` characters stands, evenly spread where the reader didn't say.
fn centre(line: &TextLine, i: usize, count: usize) -> f32 {
    match line.chars.get(i) {
        Some(c) if line.chars.len() == count => c.at,
        _ => {
            let (start, length) = if line.vertical { (line.rect.y, line.rect.h) } else { (line.rect.x, line.rect.w) };
            start + length * (i as f32 + 0.5) / count.max(1) as f32
        }
    }
}

/// A cell and what stands in it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct FilledCell {
    pub(super) rect: Rect,
    /// Index into `PageFacts::tables`.
    pub(super) table: usize,
    /// In reading order.
    pub(super) pieces: Vec<Piece>,
}

impl FilledCell {
    /// Its lines joined, exactly as read.
    pub(super) fn text(&self) -> String {
        self.pieces.iter().map(|p| p.text.as_str()).collect()
    }

    /// Its columns of upright characters joined from right to left, where there are several: labels are set either way.
    pub(super) fn leftward(&self) -> Option<String> {
        let upright = |p: &&Piece| p.vertical || p.text.chars().count() == 1;
        let several = self.pieces.iter().filter(|p| p.vertical).count() > 1 && self.pieces.iter().all(|p| upright(&p));
        let mut columns: Vec<&Piece> = self.pieces.iter().collect();
        columns.sort_by(|a, b| b.rect.x.total_cmp(&a.rect.x).then(a.rect.y.total_cmp(&b.rect.y)));
        several.then(|| columns.iter().map(|p| p.text.as_str()).collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.pieces.iter().all(|p| p.text.trim().is_empty())
    }
}

/// A page's cells and the lines outside of all.
#[derive(Debug)]
pub(super) struct PageCells<'a> {
    /// Index into `PacketFacts::pages`.
    pub(super) index: usize,
    pub(super) page: &'a PageFacts,
    pub(super) cells: Vec<FilledCell>,
    /// In reading order.
    pub(super) loose: Vec<Piece>,
}

impl<'a> PageCells<'a> {
    pub(super) fn new(index: usize, page: &'a PageFacts) -> Self {
        Self::over_watermark(index, page, &[])
    }

    /// Leaves out the lines of a watermark, whose words the pack knows.
    pub(super) fn over_watermark(index: usize, page: &'a PageFacts, words: &[&str]) -> Self {
        let mut cells: Vec<FilledCell> = page
            .tables
            .iter()
            .enumerate()
            .flat_map(|(table, t)| t.cells.iter().map(move |c| FilledCell { rect: c.rect, table, pieces: Vec::new() }))
            .collect();
        let mut loose = Vec::new();
        let watermark = super::watermark::lines(page, words);
        let written = |l: &&TextLine| !l.text.trim().is_empty() && !watermark.contains(&l.rect);
        for line in page.lines.iter().filter(written) {
            place(line, &mut cells, &mut loose);
        }
        for cell in &mut cells {
            in_reading_order(&mut cell.pieces);
        }
        in_reading_order(&mut loose);
        Self { index, page, cells, loose }
    }

    /// Millimetres as fractions of the page's width and height.
    pub(super) fn mm(&self, millimetres: f32) -> (f32, f32) {
        let (w, h) = self.page.upright_mm();
        (millimetres / w.max(1.0), millimetres / h.max(1.0))
    }

    /// Cells that touch the right side of `cell` and mostly lie beside it, from top to bottom.
    pub(super) fn right_of(&self, cell: &FilledCell) -> Vec<&FilledCell> {
        let touch = self.mm(TOUCH_MM).0;
        let mut beside: Vec<&FilledCell> = self
            .cells
            .iter()
            .filter(|c| c.table == cell.table && (c.rect.x - cell.rect.right()).abs() <= touch)
            .filter(|c| {
                common(c.rect.y, c.rect.bottom(), cell.rect.y, cell.rect.bottom()) >= 0.6 * c.rect.h.min(cell.rect.h)
            })
            .collect();
        beside.sort_by(|a, b| a.rect.y.total_cmp(&b.rect.y));
        beside
    }

    /// Cells that touch the lower side of `cell` and mostly lie under it, from left to right.
    pub(super) fn below(&self, cell: &FilledCell) -> Vec<&FilledCell> {
        let touch = self.mm(TOUCH_MM).1;
        let mut under: Vec<&FilledCell> = self
            .cells
            .iter()
            .filter(|c| c.table == cell.table && (c.rect.y - cell.rect.bottom()).abs() <= touch)
            .filter(|c| {
                common(c.rect.x, c.rect.right(), cell.rect.x, cell.rect.right()) >= 0.6 * c.rect.w.min(cell.rect.w)
            })
            .collect();
        under.sort_by(|a, b| a.rect.x.total_cmp(&b.rect.x));
        under
    }

    /// Whether a cell is as large as a value needs and no line reaches into it.
    pub(super) fn is_bare(&self, cell: Rect) -> bool {
        let (dx, dy) = self.mm(LEAN_MM);
        let inner = cell.grown(-dx, -dy);
        let (w, h) = self.mm(LEAST_CELL_MM);
        cell.w >= w && cell.h >= 0.5 * h && self.page.lines.iter().all(|l| l.rect.overlap(&inner) <= 0.0)
    }

    /// Whether a seal may hide what is written in `text`, or the page was not seen whole.
    pub(super) fn obscured(&self, text: Rect) -> bool {
        let (dx, dy) = self.mm(1.0);
        self.page.is_degraded() || self.page.seals.iter().any(|s| s.rect.overlap(&text.grown(dx, dy)) > 0.0)
    }
}

/// Walls of neighbouring cells lie this close.
const TOUCH_MM: f32 = 2.5;

/// A neighbour's line may reach over a wall by this much.
const LEAN_MM: f32 = 1.5;
/// A cell that takes a value is at least this wide, and half as high.
const LEAST_CELL_MM: f32 = 10.0;

/// Length common to two ranges, at least 0.
pub(super) fn common(a0: f32, a1: f32, b0: f32, b1: f32) -> f32 {
    (a1.min(b1) - a0.max(b0)).max(0.0)
}

/// Puts a line into the cells it stands in, cut where it crosses a wall.
fn place(line: &TextLine, cells: &mut [FilledCell], loose: &mut Vec<Piece>) {
    let r = line.rect;
    let count = line.text.chars().count();
    let (cx, cy) = r.centre();
    let along = |rect: &Rect| {
        if line.vertical {
            common(rect.y, rect.bottom(), r.y, r.bottom())
        } else {
            common(rect.x, rect.right(), r.x, r.right())
        }
    };
    // Walls are crossed only along the line: across, its middle decides.
    let holds = |rect: &Rect| {
        if line.vertical { cx >= rect.x && cx <= rect.right() } else { cy >= rect.y && cy <= rect.bottom() }
    };
    let length = if line.vertical { r.h } else { r.w };
    let pitch = length / count.max(1) as f32;
    // A wall's own width and the slack of a line's box are less than most of a character.
    let enough = (0.7 * pitch).min(0.5 * length);
    let mut hit: Vec<usize> =
        (0..cells.len()).filter(|&i| holds(&cells[i].rect) && along(&cells[i].rect) >= enough).collect();
    // Of nested cells the inner ones hold the line.
    let areas: Vec<Rect> = hit.iter().map(|&i| cells[i].rect).collect();
    hit.retain(|&i| {
        let own = cells[i].rect;
        !areas.iter().any(|other| other.area() < own.area() * 0.9 && other.share_inside(&own) > 0.9)
    });
    if hit.is_empty() {
        loose.push(Piece::of(line));
        return;
    }
    let outside = length - hit.iter().map(|&i| along(&cells[i].rect)).sum::<f32>();
    if hit.len() == 1 && outside < 0.4 * length {
        cells[hit[0]].pieces.push(Piece::of(line));
        return;
    }
    // Cut: each character goes to the cell it is in, or the nearest within a character; else outside.
    let home = |i: usize| -> Option<usize> {
        let at = centre(line, i, count);
        hit.iter()
            .map(|&c| {
                let rect = cells[c].rect;
                let (a, b) = if line.vertical { (rect.y, rect.bottom()) } else { (rect.x, rect.right()) };
                (c, (a - at).max(at - b).max(0.0))
            })
            .min_by(|a, b| a.1.total_cmp(&b.1))
            .filter(|n| n.1 <= pitch)
            .map(|n| n.0)
    };
    let homes: Vec<Option<usize>> = (0..count).map(home).collect();
    let mut from = 0;
    while from < count {
        let to = (from..count).find(|&i| homes[i] != homes[from]).unwrap_or(count);
        let piece = Piece::part(line, from, to);
        if !piece.text.trim().is_empty() {
            match homes[from] {
                Some(c) => cells[c].pieces.push(piece),
                None => loose.push(piece),
            }
        }
        from = to;
    }
}

/// Rows from top to bottom, in a row from left to right; columns of upright characters from left to right.
fn in_reading_order(pieces: &mut [Piece]) {
    if pieces.iter().all(|p| p.vertical) {
        pieces.sort_by(|a, b| a.rect.centre().0.total_cmp(&b.rect.centre().0).then(a.rect.y.total_cmp(&b.rect.y)));
        return;
    }
    pieces.sort_by(|a, b| a.rect.centre().1.total_cmp(&b.rect.centre().1).then(a.rect.x.total_cmp(&b.rect.x)));
    // Gather rows: a piece whose middle is level with the row's first goes into it.
    let mut start = 0;
    while start < pieces.len() {
        let head = pieces[start].rect;
        let level = |p: &Piece| !p.vertical && (p.rect.centre().1 - head.centre().1).abs() < 0.5 * head.h.min(p.rect.h);
        let mut end = start + 1;
        while end < pieces.len() && !pieces[start].vertical && level(&pieces[end]) {
            end += 1;
        }
        pieces[start..end].sort_by(|a, b| a.rect.x.total_cmp(&b.rect.x));
        start = end;
    }
}

/// Dashes, and what dashes are read as.
fn is_dash(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑' | '–' | '—' | '―' | '－' | '~' | '～' | '一' | '_')
}
