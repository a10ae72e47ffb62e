//! The only room that knows the order of stages.
//!
//! In: packets, a rule pack and a pool of children. Out: each packet's part of the report as it is judged, and the
//! record of the run. Must not know: arguments, terminals, report files.

mod annotate;
mod batch;
mod changed;
mod evidence;
mod history;
mod intake;
mod judged;
pub mod packet;
mod patience;
pub mod progress;
mod shared;
mod single;

pub use annotate::{Copying, annotate};
pub use batch::{Batch, Delivery, Finished, RunError, Sink};
pub use evidence::Evidence;
pub use history::{History, Past};
pub use intake::{Intake, IntakeError, collect};
pub use judged::Judged;
pub use single::{observe_document, picture_page};

pub use crate::discover::document;
pub use crate::worker::child::serve as serve_worker;
pub use crate::worker::{Folders, Limits, Pool, Stages, observed_by};
