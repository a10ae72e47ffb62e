//! What one round says of the last.
//!
//! In: findings of this round, the last round's records, the roster's words on applicants. Out: ids that survive
//! inserted, removed, re-scanned and re-ordered pages and renamed folders; each finding's status; the record for the
//! next round. Must not know: checks, report files.

pub mod ids;
mod lineage;
mod pairing;
mod settle;
#[cfg(test)]
mod tests;
mod text;

pub use crate::model::round::Settled;
pub use lineage::{Lineage, trace};
pub use settle::{Found, Part, Scene, record, settle};
