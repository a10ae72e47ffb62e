//! What several checks need: documents of a packet, dates as written, seals in their places, findings in words.

pub(super) mod dates;
pub(super) mod documents;
pub(super) mod draft;
pub(super) mod gates;
pub(super) mod photos;
pub(super) mod portraits;
pub(super) mod prompts;
pub(super) mod seals;
pub(super) mod sequence;
mod tokens;
