//! Parameters of the checks of catalogue, page numbers, paper and page counts.

use super::Basis;
use crate::model::material::Material;

/// Entries of these checks.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Arrangement {
    pub catalogue_mismatch: Vec<CatalogueMismatch>,
    pub page_numbering: Vec<PageNumbering>,
    pub paper_size: Vec<PaperSize>,
    pub page_count: Vec<PageCount>,
}

/// What a list of materials (目录, 申报材料清单) says must be there.
#[derive(Debug, Clone, PartialEq)]
pub struct CatalogueMismatch {
    pub basis: Basis,
    /// `catalogue`: one per volume, compared with that volume; any other list is compared with the whole packet.
    pub list: Material,
    /// Wordings of entries that the materials' own names and titles don't cover.
    pub names: Vec<EntryName>,
}

/// How an entry of a list words these materials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryName {
    /// Any of them within the entry.
    pub words: Vec<String>,
    pub materials: Vec<Material>,
}

/// What a clause asks of the numbers on a volume's pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberingAsk {
    /// Every page bears its number, in one sequence (页码).
    Numbers,
    /// The number of pages is stated and right (页数).
    Total,
}

/// The pages of a volume must be numbered.
#[derive(Debug, Clone, PartialEq)]
pub struct PageNumbering {
    pub basis: Basis,
    pub volume: usize,
    pub asks: NumberingAsk,
}

/// A paper size that a notice asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paper {
    A3,
    A4,
}

impl Paper {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::A3 => "A3",
            Self::A4 => "A4",
        }
    }

    /// Shorter and longer side.
    #[must_use]
    pub const fn sides_mm(self) -> (f32, f32) {
        match self {
            Self::A3 => (297.0, 420.0),
            Self::A4 => (210.0, 297.0),
        }
    }
}

/// Documents, or all that is bound in a volume, must be of one paper size.
#[derive(Debug, Clone, PartialEq)]
pub struct PaperSize {
    pub basis: Basis,
    /// Empty where a whole volume is meant.
    pub materials: Vec<Material>,
    /// Index into `RulePack::volumes`: only what is bound there. Empty with `materials`: wherever they are.
    pub volumes: Vec<usize>,
    /// Left out of a volume.
    pub except: Vec<Material>,
    pub size: Paper,
}

/// A document's pages are limited.
#[derive(Debug, Clone, PartialEq)]
pub struct PageCount {
    pub basis: Basis,
    pub material: Material,
    /// At most this many pages that carry something.
    pub max_pages: u16,
    /// The size that `max_pages` counts: smaller pages may be halves of one sheet.
    pub paper: Paper,
}
