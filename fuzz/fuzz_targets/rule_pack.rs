#![no_main]

#[path = "../bodies/rule_pack.rs"]
mod body;

libfuzzer_sys::fuzz_target!(|data: &[u8]| body::check(data));
