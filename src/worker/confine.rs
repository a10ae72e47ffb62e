//! What a child gives up before it sees a packet's first byte.
//!
//! On Linux the kernel holds it (Landlock for files, a seccomp filter for sockets, programs and what Landlock leaves
//! open). Elsewhere a child is bounded by [`super::Limits`] alone.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::model::isolation::Isolation;

#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod linux;

/// All of the file system that a child may use. Each is a folder with what is below it, or a file; what isn't there when
/// the child starts is not allowed later.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Folders {
    /// Where documents lie.
    pub read: Vec<PathBuf>,
    /// Where pictures and copies go; may be read, too.
    pub write: Vec<PathBuf>,
}

/// Gives up everything but `folders` and the open pipes, for good, and tells how much of that the system holds. What it
/// doesn't is no error. To be called while the process has one thread.
pub(super) fn confine(folders: &Folders) -> Isolation {
    #[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
    return linux::confine(folders);
    #[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
    {
        let _ = folders;
        Isolation::NONE
    }
}
