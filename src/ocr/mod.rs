//! Pixels to lines of text with confidences.
//!
//! In: an RGB raster and its scale. Out: [`crate::model::text::TextLine`]s and which way up the page reads. The network
//! sits behind the two-method [`engine::Engine`]; [`weights`] verifies and installs the model files. Must not know: PDFs, notices.

mod boxes;
mod column;
mod decode;
mod detect;
pub mod engine;
mod fetch;
mod glyphs;
mod ink;
mod install;
pub mod lines;
mod onnx;
mod order;
pub mod orientation;
mod recognise;
mod script;
pub mod weights;

/// Part of the cache key: raise it whenever the same pixels may give other lines.
pub const VERSION: u32 = 7;

pub use engine::{Detected, Engine, OcrError, Quad, Recognised};
pub use lines::{read_box, read_column, read_detected, read_lines, read_region, read_strip};
pub use onnx::OnnxEngine;
pub use order::sort as in_reading_order;
pub use orientation::{Orientation, orientation};
