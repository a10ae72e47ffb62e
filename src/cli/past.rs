//! The last round and the reviewer's decisions, as the folders that were typed hold them.

use std::collections::BTreeSet;
use std::path::Path;

use super::complain;
use crate::model::round::ApplicantRecord;
use crate::report::decisions::{self, Decisions};
use crate::report::rounds::{self, RoundsError};

/// What the folder of the last round says.
pub(super) struct Past {
    pub(super) records: Vec<ApplicantRecord>,
    pub(super) decisions: Decisions,
}

impl Past {
    /// `previous` as typed; without it the report that is being replaced, where there is one.
    pub(super) fn read(out: &Path, previous: Option<&Path>) -> anyhow::Result<Self> {
        // A file that can't be understood is told before hours of reading, not after.
        let decisions = decided(out, previous)?;
        let records = match previous {
            None => rounds::read(out)?,
            Some(folder) => Some(rounds::read(folder)?.ok_or_else(|| RoundsError::Missing(folder.to_owned()))?),
        };
        Ok(Self { records: records.unwrap_or_default(), decisions })
    }

    /// Of a part of a batch, whose folder is no report.
    pub(super) fn read_part(previous: Option<&Path>) -> anyhow::Result<Self> {
        let Some(folder) = previous else {
            return Ok(Self { records: Vec::new(), decisions: Decisions::default() });
        };
        let records = rounds::read(folder)?.ok_or_else(|| RoundsError::Missing(folder.to_owned()))?;
        Ok(Self { records, decisions: Decisions::read(folder)? })
    }
}

/// The decisions in `out`, and those of the last round on what it says nothing of.
pub(super) fn decided(out: &Path, previous: Option<&Path>) -> anyhow::Result<Decisions> {
    let here = Decisions::read(out)?;
    Ok(match previous {
        None => here,
        Some(folder) => Decisions::read(folder)?.with(here),
    })
}

/// Tells what is wrong in the decisions file. `unknown`: ids in it that nobody has; after an interruption some are not
/// known yet.
pub(super) fn tell(decisions: &Decisions, unknown: &BTreeSet<String>) {
    let strangers = decisions.unknown(|id| !unknown.contains(id));
    for fault in decisions.faults().into_iter().chain(strangers) {
        complain(&format!("注意：{}：{fault}", decisions::FILE));
    }
}
