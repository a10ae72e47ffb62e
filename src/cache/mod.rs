//! Page facts kept by content.
//!
//! In: a key made of what was observed and how. Out: facts stored earlier, or nothing. Never holds findings or failures;
//! a damaged entry is a miss. Must not know: how facts are made or judged.

mod key;
mod store;
mod trim;

pub use key::{ContentHash, Stamp, hash_file};
pub use store::{Cache, CacheError, DEFAULT_LIMIT};
