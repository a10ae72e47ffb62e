//! What several checks need: documents of a packet, dates as written, seals in their places, findings in words.

pub(super) mod copies;
pub(super) mod assessments;
pub(super) mod courses;
pub(super) mod dates;
pub(super) mod documents;
pub(super) mod draft;
pub(super) mod gates;
pub(super) mod likeness;
pub(super) mod listing;
pub(super) mod matching;
pub(super) mod numbering;
pub(super) mod passages;
pub(super) mod period;
pub(super) mod photos;
pub(super) mod portraits;
pub(super) mod prints;
pub(super) mod prompts;
pub(super) mod publicity;
pub(super) mod seals;
pub(super) mod sequence;
pub(super) mod sharing;
pub(super) mod signing;
pub(super) mod sheets;
pub(super) mod totals;
mod tokens;
pub(super) mod workdays;
pub(super) mod years;
