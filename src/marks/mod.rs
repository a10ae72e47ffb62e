//! Seals, photos and codes on a page, measured in millimetres.
//!
//! In: an upright RGB raster, its scale and what it can show of colour. Out: boxes with shape, colour and confidence.
//! Must not know: text, notices.
