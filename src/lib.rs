//! `material-audit` audits scanned title-review packets (职称申报材料) against a committee's notice.
//!
//! Data flows one way:
//!
//! ```text
//! folder ─discover→ packets ─pdf→ pages ─raster→ pixels ─┬ocr→ lines ─────┐
//!                                                        ├marks→ seals, photos, codes ┤→ PageFacts (cached by content)
//!                                                        └layout→ deskew, ruling lines, cells ┘
//! PageFacts ─classify→ materials ─extract→ fields, places ─check→ findings ─round→ ids, statuses ─report→ CSV, JSONL, HTML, letters
//! ```
//!
//! Left of `PageFacts` is observing (slow, pixels, hostile input, knows no notice); right of it is judging
//! (fast, pure, knows the notice, touches no pixel). Each room's `mod.rs` states its contract;
//! `tests/architecture.rs` holds the arrows between rooms.

pub mod annotate;
pub mod cache;
pub mod check;
pub mod classify;
pub mod cli;
pub mod discover;
pub mod extract;
pub mod layout;
pub mod marks;
pub mod model;
pub mod observe;
pub mod ocr;
pub mod outcome;
pub mod pack;
pub mod pdf;
pub mod raster;
pub mod report;
pub mod review;
pub mod round;
pub mod run;
pub mod shard;
pub mod worker;
