//! Pixels to lines of text with confidences.
//!
//! In: an RGB raster and its scale. Out: [`crate::model::text::TextLine`]s. The network sits behind the two-method
//! [`engine::Engine`]; `weights` installs and verifies the model files. Must not know: PDFs, notices.
