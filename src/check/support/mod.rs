//! What several checks need: documents of a packet, dates as written, seals in their places, findings in words.

pub(super) mod cells;
pub(super) mod chronology;
pub(super) mod dates;
pub(super) mod documents;
pub(super) mod draft;
pub(super) mod gates;
pub(super) mod identity;
pub(super) mod ink;
pub(super) mod moments;
pub(super) mod person;
pub(super) mod photos;
pub(super) mod portraits;
pub(super) mod prompts;
pub(super) mod publicity;
pub(super) mod seals;
pub(super) mod sequence;
pub(super) mod sureness;
mod surnames;
mod tokens;
pub(super) mod units;
pub(super) mod values;
