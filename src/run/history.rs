//! The last round and the reviewer's decisions, as a batch is judged against them.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use crate::model::finding::Decided;
use crate::model::packet::{Packet, PacketFacts};
use crate::model::report::ReportedFinding;
use crate::model::round::ApplicantRecord;
use crate::round::{self, Lineage};

/// What a batch goes on from.
#[derive(Debug, Default)]
pub struct History {
    records: Vec<ApplicantRecord>,
    decisions: BTreeMap<String, Decided>,
    /// Of each packet.
    lineage: Vec<Lineage>,
}

/// What one packet goes on from.
#[derive(Debug, Clone, Copy)]
pub struct Past<'a> {
    pub folder: &'a str,
    pub before: Option<&'a ApplicantRecord>,
    /// What its finding ids are made of.
    pub origin: &'a str,
    pub decisions: &'a BTreeMap<String, Decided>,
}

impl History {
    /// `records` are the last round's, none where this is the first; `decisions` by finding id.
    #[must_use]
    pub fn new(packets: &[Packet], records: Vec<ApplicantRecord>, decisions: BTreeMap<String, Decided>) -> Self {
        let lineage = round::trace(packets, &records);
        Self { records, decisions, lineage }
    }

    /// Whether there was a round before.
    #[must_use]
    pub fn is_first(&self) -> bool {
        self.records.is_empty()
    }

    pub(super) fn of<'a>(&'a self, at: usize, packet: &'a Packet) -> Past<'a> {
        let lineage = self.lineage.get(at);
        Past {
            folder: &packet.folder,
            before: lineage.and_then(|l| l.before).map(|r| &self.records[r]),
            // Without a history of these packets each is its own.
            origin: lineage.map_or(&packet.folder, |l| &l.origin),
            decisions: &self.decisions,
        }
    }

    /// Records of applicants whose packets were not judged, as they were: a round of some packets says nothing of the
    /// others.
    #[must_use]
    pub fn left_out(&self, is_judged: impl Fn(usize) -> bool) -> Vec<ApplicantRecord> {
        let gone_on: BTreeSet<usize> =
            self.lineage.iter().enumerate().filter(|(at, _)| is_judged(*at)).filter_map(|(_, l)| l.before).collect();
        let left = self.records.iter().enumerate().filter(|(r, _)| !gone_on.contains(r));
        left.map(|(_, record)| record.clone()).collect()
    }
}

impl<'a> Past<'a> {
    /// Of a packet that no round has seen.
    #[must_use]
    pub fn first(folder: &'a str) -> Self {
        static NONE: BTreeMap<String, Decided> = BTreeMap::new();
        Self { folder, before: None, origin: folder, decisions: &NONE }
    }

    /// The decisions on these findings.
    pub(super) fn decisions_on(&self, findings: &[ReportedFinding]) -> BTreeMap<String, Decided> {
        let decided = findings.iter().filter_map(|f| self.decisions.get(&f.id).map(|d| (f.id.clone(), d.clone())));
        decided.collect()
    }
}

/// [`ApplicantRecord::state`]: all pages' pixels in packet order, and what could not be read; not the files' names.
pub(super) fn state(facts: &PacketFacts) -> String {
    let mut hash = Sha256::new();
    for page in &facts.pages {
        let print = page.facts.as_ref().map_or("unread", |f| f.fingerprint.as_str());
        hash.update((print.len() as u64).to_le_bytes());
        hash.update(print);
    }
    for file in &facts.unreadable {
        hash.update((file.file.len() as u64).to_le_bytes());
        hash.update(&file.file);
    }
    hash.finalize().iter().take(16).map(|b| format!("{b:02x}")).collect()
}
