//! Parameters of the checks of catalogue, page numbers, paper and page counts.

/// Entries of these checks.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Arrangement {}
