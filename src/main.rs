//! Parse, call `cli`, return the exit code.

use std::alloc::System;
use std::process::ExitCode;

use cap::Cap;

/// Bounds what one hostile page may allocate, on every platform; only worker children set a limit.
#[global_allocator]
static HEAP: Cap<System> = Cap::new(System, usize::MAX);

fn main() -> ExitCode {
    let limit_heap = |bytes: u64| {
        // A limit below what is in use already would end the child at once; it starts with a few megabytes.
        let _ = HEAP.set_limit(usize::try_from(bytes).unwrap_or(usize::MAX));
    };
    ExitCode::from(material_audit::cli::main(std::env::args_os(), limit_heap).code())
}
