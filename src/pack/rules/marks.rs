//! Parameters of the checks of signatures, photo files, codes and watermarks.

/// Entries of these checks.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Marks {}
