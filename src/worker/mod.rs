//! A child process that observes pages, and the parent that bounds and replaces it.
//!
//! In: page jobs, and PDFs to annotate. Out: facts and copies, or why there are none. A dead child costs the one page it was on,
//! and one that a document took over finds nothing but the documents to read, its scratch to write to and its parent's pipe.
//! Must not know: notices, reports.

pub mod child;
mod confine;
mod limits;
mod parent;
#[doc(hidden)]
pub mod protocol;

pub use crate::annotate::Refused;
pub use crate::observe::{DRAWING, Models, Part, Stages, Undrawn, Wanted, version as observed_by};
pub use confine::Folders;
pub use limits::Limits;
pub use parent::{Pool, WorkerError};
