//! Lists of materials (目录, 申报材料清单) and page numbers (页码), as read.

use serde::{Deserialize, Serialize};

use super::geometry::Rect;
use super::material::Material;

/// A whole number as read in one place.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ReadNumber {
    pub value: u32,
    /// The least sure digit, 0 to 1.
    pub confidence: f32,
    pub hand: bool,
}

/// One row of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CatalogueEntry {
    /// The material as the list words it, its ordinal and leaders left out.
    pub name: String,
    /// The heading it stands under (第一类：…), as written.
    pub heading: Option<String>,
    /// Index into `PacketFacts::pages`.
    pub page: usize,
    /// The row, on the upright page.
    pub rect: Rect,
    /// That the name is read right, 0 to 1.
    pub confidence: f32,
    pub hand: bool,
    /// The page it begins on (3; the first of 3-5).
    pub first: Option<ReadNumber>,
    /// The page it ends on, where a range is given.
    pub last: Option<ReadNumber>,
    /// How many pages (or originals and copies together) it says there are, where the list says so.
    pub count: Option<ReadNumber>,
}

/// A list of materials: one document, whatever number of pages it takes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Catalogue {
    /// `catalogue` or `material-list`.
    pub material: Material,
    /// The volume it is bound in (index into `RulePack::volumes`).
    pub volume: Option<usize>,
    /// Indices into `PacketFacts::pages`.
    pub pages: Vec<usize>,
    /// That these pages are such a list, 0 to 1.
    pub confidence: f32,
    pub entries: Vec<CatalogueEntry>,
    /// Headings that name no page themselves, as written.
    pub headings: Vec<String>,
    /// 以上材料共60页: the total, the page it stands on and where.
    pub total: Option<(ReadNumber, usize, Rect)>,
}

/// What may be a page's number, read in its margin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PageNumber {
    /// Index into `PacketFacts::pages`.
    pub page: usize,
    pub number: ReadNumber,
    /// 共40页 beside it.
    pub total: Option<u32>,
    /// On the upright page.
    pub rect: Rect,
    /// The run of its volume's own numbering that it belongs to, counted from 0; none for a paper's or contract's own number.
    pub run: Option<u16>,
}
