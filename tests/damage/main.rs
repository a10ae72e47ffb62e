//! Hostile and broken input: what the report says of each, and that nobody else's report knows of it. Links, pipes, closed
//! folders and most of the names can be made on Unix only.
#![cfg(unix)]
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test stops at the first surprise")]
#![allow(clippy::print_stdout, reason = "what this user or machine cannot make is said, not passed over")]

#[path = "../cli/common.rs"]
#[allow(dead_code, reason = "shared with the tests of the command line")]
mod common;

mod archives;
mod batch;
mod changing;
mod codecs;
mod content;
mod cut;
mod flips;
mod folders;
mod packets;
mod pdf;
mod pictures;
mod run;
mod structure;
mod tight;
