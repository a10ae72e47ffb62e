//! Parameters of the checks of values of forms and certificates.

/// Entries of these checks.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fields {}
