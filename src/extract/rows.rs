//! Values of one table row put together.

use crate::model::field::Blank;
use crate::model::geometry::Rect;

use super::cells::common;
use super::fields::Reading;

/// Cells of one row share this much of the lower one's height.
const SAME_ROW: f32 = 0.6;

/// Numbers the rows of all ruled columns, over the whole packet.
pub(super) fn number(readings: &mut [Reading], blanks: &mut [(Option<usize>, bool, Blank)]) {
    // Page, table and place of a row's first cell.
    let mut rows: Vec<(usize, usize, Rect)> = Vec::new();
    let mut row_of = |page: usize, table: usize, rect: Rect| -> usize {
        let same = |row: &(usize, usize, Rect)| {
            let shared = common(row.2.y, row.2.bottom(), rect.y, rect.bottom());
            row.0 == page && row.1 == table && shared >= SAME_ROW * rect.h.min(row.2.h)
        };
        rows.iter().position(same).unwrap_or_else(|| {
            rows.push((page, table, rect));
            rows.len() - 1
        })
    };
    for reading in readings {
        let field = &mut reading.field;
        field.row = reading.table.map(|table| row_of(field.page, table, field.rect));
    }
    for (table, column, blank) in blanks {
        blank.row = table.filter(|_| *column).map(|table| row_of(blank.page, table, blank.rect));
    }
}
