//! What can go wrong around a run: kills, full disks, damaged caches, second runs, Ctrl-C, and what others could see of it.
#![cfg(unix)]
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test stops at the first surprise")]
#![allow(clippy::print_stdout, reason = "a random test tells its seed, a skipped one why")]

#[path = "../cli/common.rs"]
#[allow(dead_code, reason = "shared with the tests of the command line")]
mod common;

mod cache;
mod disk;
mod killed;
mod memory;
mod office;
mod private;
mod stop;
mod twice;
