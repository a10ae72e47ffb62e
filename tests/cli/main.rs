//! The real binary over the fixture packets: what it finds, what it writes, how it ends.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod accuracy;
mod common;
mod damage;
mod errors;
mod interrupt;
mod reports;
mod same_bytes;
