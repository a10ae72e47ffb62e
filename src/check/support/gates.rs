//! How sure an observation must be before a check says `defect` on it; below, it says `review` or nothing.
//!
//! A wrong defect costs the office a phone call, a review costs a glance at the evidence: the gates lean that way.

/// A span's pages are this material. Below, nothing is held against the applicant on the strength of it.
pub(crate) const SURE_SPAN: f32 = 0.6;
/// A span this likely still counts as the material being there: absence is the graver claim.
pub(crate) const LIKELY_SPAN: f32 = 0.4;
/// A mark is a seal.
pub(crate) const SURE_SEAL: f32 = 0.6;
/// Something that may be a seal: it rules out the claim that there is none.
pub(crate) const MAYBE_SEAL: f32 = 0.3;
/// A mark is a photo.
pub(crate) const SURE_PHOTO: f32 = 0.6;
/// Something that may be a photo.
pub(crate) const MAYBE_PHOTO: f32 = 0.3;
/// A form place was found where it is.
pub(crate) const SURE_PLACE: f32 = 0.6;
/// The least sure character of a cell.
pub(crate) const SURE_CHARACTER: f32 = 0.8;
/// A page with fewer lines may read either way up, or may not have been read at all.
pub(crate) const FEW_LINES: usize = 3;
