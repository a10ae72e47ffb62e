//! Facts to findings.
//!
//! In: packet facts and a rule pack. Out: per check passed, defects or undecided. Pure functions, one file per check,
//! named as its id. Must not know: pixels, files, clocks.
