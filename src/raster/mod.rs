//! A page of any document kind to pixels, with everything the decoders complained of.
//!
//! In: an open PDF or an image file. Out: an RGB raster with its scale, and the measures of the scan.
//! A scan that failed to decode never looks like a blank page. Must not know: text, marks, notices.
