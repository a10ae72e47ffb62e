//! Ruling lines and the cells they enclose.

use serde::{Deserialize, Serialize};

use super::geometry::Rect;

/// One cell of a table. Rows and columns count from 0; a merged cell spans several.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    #[serde(rename = "box")]
    pub rect: Rect,
    pub row: u16,
    pub col: u16,
    pub row_span: u16,
    pub col_span: u16,
}

/// A group of connected cells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Table {
    #[serde(rename = "box")]
    pub rect: Rect,
    /// In row-major order of their top left corners.
    pub cells: Vec<Cell>,
}

/// A printed straight line, as a thin box.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    #[serde(rename = "box")]
    pub rect: Rect,
    pub horizontal: bool,
}
