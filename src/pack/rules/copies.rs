//! Parameters of the checks of pages and seals that occur more than once.

use super::Basis;
use crate::model::material::Material;

/// Entries of `duplicate-page`. That a page should not occur twice at all is an intake check.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Copies {
    pub duplicate_page: Vec<DuplicatePage>,
}

/// One achievement may serve as evidence once only.
#[derive(Debug, Clone, PartialEq)]
pub struct DuplicatePage {
    pub basis: Basis,
    /// Among the documents of these materials, all together.
    pub material: Vec<Material>,
}
