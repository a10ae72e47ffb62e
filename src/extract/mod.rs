//! Cells and labels to fields and places.
//!
//! In: classified packet facts and a rule pack. Out: the fields and places of its forms, and what the 评审表 says
//! of the applicant. Must not know: pixels, checks.
