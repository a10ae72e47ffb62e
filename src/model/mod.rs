//! The nouns every room shares; no behaviour beyond their own invariants.
//!
//! In: nothing. Out: plain data. Must not know: any other room, any notice, any file format.
//!
//! Positions are fractions of the *upright* page (turned so that its text reads, deskewed);
//! [`page::Pose`] maps them back to the page as displayed, which is what reports show.

pub mod catalogue;
pub mod education;
pub mod field;
pub mod finding;
pub mod geometry;
pub mod isolation;
pub mod layout;
pub mod likeness;
pub mod marks;
pub mod material;
pub mod note;
mod number;
pub mod packet;
pub mod page;
pub mod report;
pub mod round;
pub mod text;
