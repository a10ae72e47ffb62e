//! The submissions folder and the roster, put together.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use crate::discover::{self, DiscoverError, Skipped, roster};
use crate::model::packet::Packet;

/// Why nothing can be audited.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    #[error(transparent)]
    Discover(#[from] DiscoverError),
    #[error(transparent)]
    Roster(#[from] roster::RosterError),
}

/// Packets with what the roster says of their applicants.
#[derive(Debug)]
pub struct Intake {
    pub packets: Vec<Packet>,
    /// In plain Chinese: files passed over, roster rows without a packet, packets without a row.
    pub notes: Vec<String>,
}

/// Finds the packets and matches them with the roster. Zips are unpacked below `scratch`, until `stop` is raised: what
/// comes then is not all there is.
///
/// # Errors
/// When the folder cannot be read or holds nothing, the roster cannot be read, or `scratch` takes no more.
pub fn collect(
    submissions: &Path,
    roster: Option<&Path>,
    scratch: &Path,
    stop: &AtomicBool,
) -> Result<Intake, IntakeError> {
    let found = discover::discover(submissions, scratch, stop)?;
    let mut packets = found.packets;
    let mut notes: Vec<String> = found.skipped.iter().map(skipped).collect();
    if let Some(path) = roster {
        let rows = roster::read_roster(path)?;
        notes.extend(roster::apply(&rows, &mut packets));
    }
    Ok(Intake { packets, notes })
}

fn skipped(file: &Skipped) -> String {
    let packet = file.packet.as_deref().map(|p| format!("{p}/")).unwrap_or_default();
    format!("跳过 {packet}{}：{}", file.file, file.reason)
}
