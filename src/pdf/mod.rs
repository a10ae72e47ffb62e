//! PDF bytes to pages and positioned glyphs.
//!
//! In: a PDF file. Out: its integrity, page count, sizes, visible text, and how its images are stored and whether
//! their data is complete. Must not know: pixels, notices.

mod carried;
mod complete;
mod device;
mod fax;
mod fonts;
mod image;
mod jpeg;
mod lines;
mod map;
mod missing;
mod open;
mod packed;
mod text;

pub use complete::{JpegEnd, fax_is_ended, jbig2_is_whole, jpeg_end, jpx_is_whole};
pub use fax::{Fax, decode_fax};
pub use fonts::{FontLog, find_fonts};
pub use image::{PageImages, PlacedImage, filter_name};
pub use jpeg::jpeg_breaks_off;
pub use map::map_file;
pub use open::{MAX_FILE_BYTES, MAX_PAGES, PdfFile, PdfIntegrity, guarded};
pub use text::{PageText, page_text};

/// Changes whenever this room's output for the same bytes changes; part of the cache key.
pub const VERSION: u32 = 2;

#[cfg(test)]
pub(crate) mod sample;
