//! The real binary over the fixture packets: what it finds, what it writes, how it ends.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test stops at the first surprise")]
#![allow(clippy::print_stdout, reason = "the accuracy figures are for the reader of the test's output")]

mod accuracy;
mod annotate;
mod cache;
mod chromium;
mod common;
mod damage;
mod errors;
mod evidence;
mod interrupt;
mod isolation;
mod kubernetes;
mod pages;
mod reports;
mod review;
mod rounds;
mod rules;
mod same_bytes;
mod shards;
mod slurm;
mod spreadsheet;
