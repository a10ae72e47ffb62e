//! Skew, ruling lines and table cells.
//!
//! In: a grey raster and its scale. Out: the skew angle, rules and tables. Must not know: text, notices.
