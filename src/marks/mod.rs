//! Seals, photos and codes on a page, measured in millimetres.
//!
//! In: an upright RGB raster, its scale and what it can show of colour. Out: boxes with shape, colour and confidence.
//! Must not know: text, notices.

mod code;
mod colour;
mod loose;
mod photo;
mod ring;
mod seal;
mod shape;
mod tone;

pub use code::find_codes;
pub use photo::find_photos;
pub use seal::find_seals;

/// Changes whenever the room's output may change; part of the cache key.
pub const VERSION: u32 = 1;
