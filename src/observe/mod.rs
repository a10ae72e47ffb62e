//! One page through all observing rooms.
//!
//! In: an open document and a page number. Out: [`crate::model::page::PageFacts`]. Must not know: notices, packets.
