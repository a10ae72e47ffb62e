//! Page facts and pictures of pages kept by content.
//!
//! In: a key made of what was observed or drawn and how. Out: facts and pictures stored earlier, or nothing. Never holds
//! findings or failures; a damaged entry is a miss. Must not know: how facts are made or judged.

mod key;
mod store;
mod trim;

pub use key::{ContentHash, Stamp, hash_file};
pub use store::{Cache, CacheError, DEFAULT_LIMIT, Held};
