//! Parameters of the checks of wording, anonymity, length, similarity and the window.

/// Entries of these checks.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Content {}
