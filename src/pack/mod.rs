//! Rule packs (规则包): one notice turned into materials, order and checks.
//!
//! In: TOML text, built in (`checks/*.toml`) or a file of the office's own. Out: a validated [`rules::RulePack`],
//! or every mistake with file, key, what was found, what was expected and the nearest valid name.
//! Must not know: pages, pixels, packets on disk.

pub mod calendar;
mod choice;
mod citations;
mod clauses;
mod known;
mod load;
mod mistake;
mod renew;
mod resolve;
mod resolve_checks;
pub mod rules;
mod schema;
mod shape;
mod slips;
mod slips_value;
mod syntax;
mod words;

pub use clauses::{Automatable, Clause, Covered, coverage, quotes};
pub use load::{PackError, builtin_ids, clause_table, clauses, load, parse, schema, source, texts};
pub use mistake::Mistake;
pub use renew::{Dated, dated_lines, renewed};
