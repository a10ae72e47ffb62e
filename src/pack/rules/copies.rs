//! Parameters of the checks of pages and seals that occur more than once.

/// Entries of these checks.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Copies {}
