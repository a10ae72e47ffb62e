//! How much one page may cost.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Bounds on one page's observation (DESIGN §6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Wall time, enforced by the parent.
    pub page_time: Duration,
    /// Bytes that the child's own allocations may hold, enforced by its allocator on every platform.
    pub heap_bytes: u64,
    /// Bytes of address space, enforced by the kernel on Unix; covers the OCR library's memory too.
    pub address_space_bytes: u64,
    /// Bytes of one file that the child writes, enforced by the kernel on Unix.
    pub file_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            page_time: Duration::from_secs(60),
            heap_bytes: 2 << 30,
            // The OCR library and memory-mapped documents (up to 2 GiB) reserve address space that they hardly touch.
            address_space_bytes: 6 << 30,
            // Annotated copies are refused past half of it.
            file_bytes: 2 << 30,
        }
    }
}
