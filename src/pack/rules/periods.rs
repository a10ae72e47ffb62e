//! Parameters of the checks of publicity days, assessment years, training years and validity.

/// Entries of these checks.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Periods {}
