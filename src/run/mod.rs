//! The only room that knows the order of stages.
//!
//! In: a validated plan. Out: a complete, sorted [`crate::model::report::Report`]. Must not know: arguments, terminals.
