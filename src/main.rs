//! Parse, call `cli`, return the exit code.

use std::alloc::{GlobalAlloc, Layout, System};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

use cap::Cap;

/// Bounds what one hostile page may allocate, on every platform; only worker children set a limit.
#[global_allocator]
static HEAP: Heap = Heap { counted: Cap::new(System, usize::MAX), is_limited: AtomicBool::new(false) };

/// Counts only where there is a limit: threads that count together wait for one another, a sixth of a parent's time
/// with two of them.
struct Heap {
    counted: Cap<System>,
    is_limited: AtomicBool,
}

impl Heap {
    /// What is in use already is not counted, and given back raises the limit by as much: a child starts with a few
    /// megabytes.
    fn limit(&self, bytes: usize) {
        // Nothing is counted yet, so any limit is above it.
        let _ = self.counted.set_limit(bytes);
        self.is_limited.store(true, Ordering::Relaxed);
    }

    fn counts(&self) -> bool {
        self.is_limited.load(Ordering::Relaxed)
    }
}

#[expect(
    unsafe_code,
    reason = "an allocator is unsafe to write; each call goes on as it came, to one and the same heap"
)]
// SAFETY: `Cap<System>` takes from and gives to `System`, so a block may be taken by way of one and given back by way of
// the other.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        unsafe { if self.counts() { self.counted.alloc(layout) } else { System.alloc(layout) } }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        unsafe { if self.counts() { self.counted.dealloc(block, layout) } else { System.dealloc(block, layout) } }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        unsafe { if self.counts() { self.counted.alloc_zeroed(layout) } else { System.alloc_zeroed(layout) } }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        unsafe {
            if self.counts() { self.counted.realloc(block, layout, size) } else { System.realloc(block, layout, size) }
        }
    }
}

fn main() -> ExitCode {
    let limit_heap = |bytes: u64| HEAP.limit(usize::try_from(bytes).unwrap_or(usize::MAX));
    ExitCode::from(material_audit::cli::main(std::env::args_os(), limit_heap).code())
}
