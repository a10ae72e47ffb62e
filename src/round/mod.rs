//! Stable finding ids.
//!
//! In: findings. Out: ids that survive inserted, removed and re-scanned pages. Must not know: reports, files.

pub mod ids;

pub use ids::assign;
