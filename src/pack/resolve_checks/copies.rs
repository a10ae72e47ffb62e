//! The checks of pages and seals that occur more than once, as written.

use super::super::rules::copies::{Copies, DuplicatePage};
use super::super::schema::Reader;
use super::{Scope, each};

pub(super) fn read(table: &Reader<'_>, scope: &Scope<'_>) -> Copies {
    Copies {
        duplicate_page: each(table, "duplicate-page", "check.duplicate-page", |r| DuplicatePage {
            basis: scope.basis(r),
            material: scope.materials(r, "material"),
        }),
    }
}
