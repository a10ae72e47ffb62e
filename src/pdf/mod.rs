//! PDF bytes to pages and positioned glyphs.
//!
//! In: a PDF file. Out: its integrity, page count, sizes and visible text. Must not know: pixels, notices.
