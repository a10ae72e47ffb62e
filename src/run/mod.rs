//! The only room that knows the order of stages.
//!
//! In: packets, a rule pack and a pool of children; for the stage after the last packet, what was kept of all packets, on
//! however many machines they were judged. Out: each packet's part of the report as it is judged, what only a comparison
//! of packets shows, and the record of the run. Must not know: arguments, terminals, report files.

mod across;
mod annotate;
mod batch;
mod changed;
mod evidence;
mod history;
mod intake;
mod kept;
pub mod packet;
mod patience;
pub mod progress;
mod single;
mod survey;

pub use across::{Across, across};
pub use annotate::{Copying, NoCopy, annotate};
pub use batch::{Batch, Finished, RunError, Sink};
pub use evidence::Evidence;
pub use history::{History, Past};
pub use intake::{Intake, IntakeError, list, open, weigh};
pub use kept::Kept;
pub use single::{observe_document, picture_page};
pub use survey::{Surveyed, survey};

pub use crate::discover::{Listing, document};
pub use crate::worker::child::serve as serve_worker;
pub use crate::worker::{Folders, Limits, Pool, Stages, observed_by};
