//! Rule packs (规则包): one notice turned into materials, order and checks.
//!
//! In: TOML text, built in (`checks/*.toml`) or a file of the office's own. Out: a validated [`rules::RulePack`],
//! or every mistake with file, key, what was found, what was expected and the nearest valid name.
//! Must not know: pages, pixels, packets on disk.

mod load;
mod resolve;
mod resolve_checks;
pub mod rules;
mod schema;

pub use load::{PackError, builtin_ids, load, parse, source};
pub use schema::Mistake;
