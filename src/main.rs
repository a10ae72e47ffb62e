//! Parse, call `cli`, return the exit code.

fn main() {}
