//! Pages to materials.
//!
//! In: page records in packet order and a rule pack. Out: [`crate::model::material::Span`]s that cover every page once.
//! Alignment against the prescribed order, not free guessing. Must not know: pixels, checks.
