//! Skew, ruling lines and table cells.
//!
//! In: a grey raster and its scale. Out: the skew angle, rules and tables. Must not know: text, notices.
//!
//! Three steps: [`skew`] measures how far the page is turned, and the caller turns it level; [`ruling`] finds thin
//! dark straight structures in both directions; [`cells`] joins them to grids and closes what a form leaves open.

mod cells;
mod deskew;
mod grid;
mod line;
mod ruling;
mod scale;
mod strokes;

use image::GrayImage;

use crate::model::geometry::Rect;
use crate::model::layout::{Cell, Rule, Table};

pub use deskew::skew;

/// Part of the cache key: raised whenever the same pixels may give other rules, tables or angles.
pub const VERSION: u32 = 1;

/// A rule that stands alone is printed at least this long; shorter strokes belong to characters.
const MIN_RULE_MM: f32 = 12.0;

/// Rules and tables of an upright, deskewed page.
///
/// `dpi` is the scale of `grey`. Rules are printed straight lines, in both directions, from top to bottom and left to
/// right; tables are groups of connected cells, in order of their top edges. A fill-in line is a rule and no table.
/// Residual skew up to about half a degree and slight warp are followed.
#[must_use]
pub fn tables(grey: &GrayImage, dpi: f32) -> (Vec<Rule>, Vec<Table>) {
    let Some(page) = scale::Plane::at_most(grey, dpi, ruling::WORKING_DPI) else {
        return (Vec::new(), Vec::new());
    };
    let mm = page.dpi / 25.4;
    let across = ruling::lines(&page, mm);
    let down = ruling::lines(&page.transposed(), mm);
    let found = grid::build(across, down, mm);

    let (w, h) = (page.width as f32, page.height as f32);
    let on_page = |x0: f32, y0: f32, x1: f32, y1: f32| {
        let (x0, x1) = ((x0 / w).clamp(0.0, 1.0), (x1 / w).clamp(0.0, 1.0));
        let (y0, y1) = ((y0 / h).clamp(0.0, 1.0), (y1 / h).clamp(0.0, 1.0));
        Rect::new(x0, y0, x1 - x0, y1 - y0)
    };
    let mut rules: Vec<Rule> = Vec::new();
    for line in &found.across {
        let (low, high) = line.extent();
        rules.push(Rule { rect: on_page(line.start, low, line.end, high), horizontal: true });
    }
    for line in &found.down {
        let (low, high) = line.extent();
        rules.push(Rule { rect: on_page(low, line.start, high, line.end), horizontal: false });
    }
    rules.sort_by(|a, b| {
        b.horizontal.cmp(&a.horizontal).then(a.rect.y.total_cmp(&b.rect.y)).then(a.rect.x.total_cmp(&b.rect.x))
    });

    let mut tables: Vec<Table> = found
        .groups
        .iter()
        .filter_map(|group| cells::cells(group, mm))
        .map(|cells| {
            let cells: Vec<Cell> = cells
                .into_iter()
                .map(|c| Cell {
                    rect: on_page(c.x0, c.y0, c.x1, c.y1),
                    row: c.row,
                    col: c.col,
                    row_span: c.row_span,
                    col_span: c.col_span,
                })
                .collect();
            let rect = cells.iter().map(|c| c.rect).reduce(|a, b| a.union(&b)).unwrap_or(Rect::PAGE);
            Table { rect, cells }
        })
        .collect();
    tables.sort_by(|a, b| a.rect.y.total_cmp(&b.rect.y).then(a.rect.x.total_cmp(&b.rect.x)));
    (rules, tables)
}

#[cfg(test)]
mod drawn;
