//! Writers that only format.
//!
//! In: a complete [`crate::model::report::Report`]. Out: CSV, JSONL, JSON, console text; files are written to a temporary
//! name and renamed. Must not know: checks, packs, pixels.
