//! A batch in parts, one a machine, and what a part leaves for the report.
//!
//! In: packets' weights; what was made of each judged packet, as bytes. Out: which packets a part has; the same bytes
//! again, packet by packet, from one part's folder or from several that belong together. Must not know: what the bytes
//! say, how a packet is judged, how a report looks.

mod check;
mod manifest;
mod split;
mod store;

pub use check::{Opened, Wrong, open_all};
pub use manifest::{FOLDER, Manifest, Setting};
pub use split::{MOST, Shard, split};
pub use store::{Entry, Feature, Lines, Store};
