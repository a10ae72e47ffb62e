//! Reading order: rows top-down, then left to right; rows may slope a little.

use crate::model::text::TextLine;

/// Share of the lower line's height that two lines of one row have in common.
const ROW_OVERLAP: f32 = 0.5;
/// Share of the narrower line's width from which two lines stand below each other, however close.
const SAME_PLACE: f32 = 0.3;

/// Puts lines into reading order. A column counts as a row of its own, at its first character.
pub fn sort(lines: Vec<TextLine>) -> Vec<TextLine> {
    let mut lines = lines;
    lines.sort_by(|a, b| top(a).total_cmp(&top(b)).then(a.rect.x.total_cmp(&b.rect.x)));
    let mut rows: Vec<Vec<TextLine>> = Vec::new();
    for line in lines {
        match (!line.vertical).then(|| row_of(&rows, &line)).flatten() {
            Some(row) => rows[row].push(line),
            None => rows.push(vec![line]),
        }
    }
    for row in &mut rows {
        row.sort_by(|a, b| a.rect.x.total_cmp(&b.rect.x));
    }
    rows.sort_by(|a, b| mean_top(a).total_cmp(&mean_top(b)).then(a[0].rect.x.total_cmp(&b[0].rect.x)));
    rows.into_iter().flatten().collect()
}

/// The height a line is sorted by: a row's middle, a column's first character's middle.
fn top(line: &TextLine) -> f32 {
    if line.vertical { line.rect.y + line.rect.w.min(line.rect.h) / 2.0 } else { line.rect.centre().1 }
}

fn mean_top(row: &[TextLine]) -> f32 {
    row.iter().map(top).sum::<f32>() / row.len() as f32
}

/// The row with the nearest member beside the line that overlaps it enough in height: a sloping row is followed step by step.
fn row_of(rows: &[Vec<TextLine>], line: &TextLine) -> Option<usize> {
    let mut best: Option<(usize, f32)> = None;
    for (i, row) in rows.iter().enumerate() {
        if row.iter().any(|l| l.vertical || common(l.rect.x, l.rect.w, line.rect.x, line.rect.w) > SAME_PLACE) {
            continue;
        }
        let gap = |l: &TextLine| (l.rect.x - line.rect.right()).max(line.rect.x - l.rect.right());
        let Some(nearest) = row.iter().min_by(|a, b| gap(a).total_cmp(&gap(b))) else { continue };
        let share = common(nearest.rect.y, nearest.rect.h, line.rect.y, line.rect.h);
        if share >= ROW_OVERLAP && best.is_none_or(|b| gap(nearest) < b.1) {
            best = Some((i, gap(nearest)));
        }
    }
    best.map(|b| b.0)
}

/// The common part of two spans as a share of the shorter one.
fn common(a: f32, a_length: f32, b: f32, b_length: f32) -> f32 {
    let both = (a + a_length).min(b + b_length) - a.max(b);
    both.max(0.0) / a_length.min(b_length).max(f32::EPSILON)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::geometry::Rect;

    fn line(text: &str, x: f32, y: f32, w: f32, h: f32) -> TextLine {
        let vertical = h > w;
        TextLine {
            text: text.to_owned(),
            rect: Rect::new(x, y, w, h),
            confidence: 1.0,
            chars: vec![],
            vertical,
            hand: false,
        }
    }

    fn sorted(lines: &[TextLine]) -> String {
        sort(lines.to_vec()).iter().map(|l| l.text.as_str()).collect()
    }

    #[test]
    fn rows_first_then_left_to_right() {
        let lines = [
            line("d", 0.5, 0.201, 0.2, 0.02),
            line("a", 0.1, 0.1, 0.2, 0.02),
            line("c", 0.1, 0.2, 0.2, 0.02),
            line("b", 0.5, 0.098, 0.2, 0.02),
        ];
        assert_eq!(sorted(&lines), "abcd");
    }

    #[test]
    fn a_sloping_row_stays_one_row() {
        let row: Vec<_> =
            (0..6).map(|i| line(&i.to_string(), 0.1 + 0.14 * i as f32, 0.1 - 0.006 * i as f32, 0.1, 0.02)).collect();
        let below = row.iter().map(|l| line(&l.text, l.rect.x, l.rect.y + 0.025, 0.1, 0.02));
        let all: Vec<_> = row.iter().cloned().chain(below).collect();
        assert_eq!(sorted(&all), "012345012345");
    }

    #[test]
    fn close_rows_of_a_wrapped_cell_are_not_mixed() {
        let lines =
            [line("a", 0.1, 0.1, 0.1, 0.02), line("b", 0.1, 0.112, 0.1, 0.02), line("c", 0.3, 0.106, 0.1, 0.02)];
        let text = sorted(&lines);
        assert!(text.find('a') < text.find('b'), "{text}");
    }

    #[test]
    fn a_column_stands_where_its_first_character_stands() {
        let lines = [
            line("rows", 0.3, 0.1, 0.5, 0.02),
            line("column", 0.1, 0.15, 0.03, 0.5),
            line("later", 0.3, 0.3, 0.5, 0.02),
        ];
        assert_eq!(sorted(&lines), "rowscolumnlater");
    }
}
