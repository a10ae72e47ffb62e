//! The submissions folder and the roster, put together.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use rayon::prelude::*;

use crate::discover::{self, DiscoverError, Listing, Skipped, roster};
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
    /// All there are; those that are not part of this run without their documents.
    pub packets: Vec<Packet>,
    /// Which of them are.
    pub mine: Vec<bool>,
    /// In plain Chinese: files passed over, roster rows without a packet, packets without a row.
    pub notes: Vec<String>,
}

/// Lists the packets; looks into none. Zips are to be unpacked below `scratch`, until `stop` is raised.
///
/// # Errors
/// When the folder cannot be read or holds nothing.
pub fn list(submissions: &Path, scratch: &Path, stop: &Arc<AtomicBool>) -> Result<Listing, IntakeError> {
    Ok(discover::list(submissions, scratch, stop)?)
}

/// Each packet's bytes on disk.
#[must_use]
pub fn weigh(listing: &Listing) -> Vec<u64> {
    // On shared storage it is the answers of the file server that take the time.
    listing.packets.par_iter().map(discover::Listed::bytes).collect()
}

/// Looks into the packets that are `mine` and matches all with the roster. Once the `stop` that [`list`] was given is
/// raised, what comes is not all there is.
///
/// # Errors
/// When the roster cannot be read, or the folder for unpacked zips takes no more.
pub fn open(listing: &Listing, mine: Vec<bool>, roster: Option<&Path>) -> Result<Intake, IntakeError> {
    let mut notes: Vec<String> = listing.skipped.iter().map(skipped).collect();
    let mut packets = Vec::with_capacity(listing.packets.len());
    for (listed, mine) in listing.packets.iter().zip(&mine) {
        let (packet, inside) = if *mine { listing.open(listed)? } else { (listed.unopened(), Vec::new()) };
        notes.extend(inside.iter().map(skipped));
        packets.push(packet);
    }
    if let Some(path) = roster {
        let rows = roster::read_roster(path)?;
        notes.extend(roster::apply(&rows, &mut packets));
    }
    Ok(Intake { packets, mine, notes })
}

fn skipped(file: &Skipped) -> String {
    let packet = file.packet.as_deref().map(|p| format!("{p}/")).unwrap_or_default();
    format!("跳过 {packet}{}：{}", file.file, file.reason)
}
