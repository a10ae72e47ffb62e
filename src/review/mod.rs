//! The report served on this machine alone, with buttons that write the reviewer's decisions.
//!
//! In: a report's folder. Out: its pages over HTTP on loopback, and `decisions.csv` in that folder. Only a browser that
//! knows the address's random token is answered, and only pages of this very origin may write.
//! Must not know: packets, packs, pixels; how the report was made.

mod decisions;
mod files;
mod guard;
mod server;

pub use server::{Review, ReviewError};
