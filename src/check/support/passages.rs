//! A page's text as passages: running text in reading order, and each row of a table, with how sure every character is.

use crate::model::page::PageFacts;
use crate::model::text::TextLine;

pub(crate) use super::passage::{Passage, WALL};

/// What is read below this, without a Chinese character in it, is an ornament or a seal's rim.
const NOISE: f32 = 0.7;

/// A cell by its table, row and column.
type Spot = (usize, u16, u16);

/// The page's running text as one passage, before the rows of its tables from top to bottom.
pub(crate) fn passages(page: &PageFacts) -> Vec<Passage> {
    let mut loose = Passage::default();
    // Rows by table, row and column of their cells.
    let mut cells: Vec<(Spot, Vec<&TextLine>)> = Vec::new();
    for line in page.lines.iter().filter(|l| !is_noise(l)) {
        let cell = page.tables.iter().enumerate().find_map(|(table, t)| {
            let cell = t.cells.iter().find(|c| c.rect.contains(line.rect.centre()))?;
            (t.cells.len() > 1).then_some((table, cell.row, cell.col))
        });
        match cell {
            None => loose.push_seen(page, line),
            Some(place) => match cells.iter_mut().find(|(p, _)| *p == place) {
                Some((_, lines)) => lines.push(line),
                None => cells.push((place, vec![line])),
            },
        }
    }
    cells.sort_by_key(|(place, _)| *place);
    let mut out = vec![loose];
    for row in cells.chunk_by(|a, b| (a.0.0, a.0.1) == (b.0.0, b.0.1)) {
        let mut passage = Passage::default();
        passage.row = true;
        for (_, lines) in row {
            passage.wall();
            lines.iter().for_each(|l| passage.push_seen(page, l));
        }
        out.push(passage);
    }
    out.retain(|p| !p.is_empty());
    out
}

fn is_noise(line: &TextLine) -> bool {
    let chinese = line.text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let dots = line.text.chars().all(|c| matches!(c, '0' | 'O' | 'o' | '-' | '–' | '.' | ' '));
    !chinese && !line.hand && (line.confidence < NOISE || dots)
}
