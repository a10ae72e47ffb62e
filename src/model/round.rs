//! What one round leaves for the next: the record in the report folder.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::material::Material;
use super::report::ReportedFinding;

/// One applicant's line of `rounds.jsonl`. No clock and no path: the same rounds give the same bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ApplicantRecord {
    /// The packet's folder name in that round.
    pub folder: String,
    /// What finding ids are made of: the folder name under which the applicant was first seen.
    pub origin: String,
    /// As the roster gave them, never as read from a page: they tell applicants apart.
    pub name: Option<String>,
    pub unit: Option<String>,
    pub id_number: Option<String>,
    /// Rule pack that judged it.
    pub pack: String,
    /// Hash of all pages as scanned; equal where nothing was handed in anew.
    pub state: String,
    /// Pages taken for each material.
    pub materials: BTreeMap<Material, u32>,
    pub findings: Vec<Remembered>,
    /// Ids of findings that the report no longer lists: a decision on one is no mistake.
    pub past: BTreeSet<String>,
}

/// A finding as the round after must know it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Remembered {
    pub standing: Standing,
    /// [`super::finding::Finding::key`].
    pub key: String,
    /// Hashes of the text of each page it spoke of, to find the page again; none of a page that bears too little.
    pub pages: Vec<Vec<u32>>,
    /// As it was when last seen, with the id under which it was first reported.
    pub finding: ReportedFinding,
}

/// A packet's findings against the last round's.
#[derive(Debug, Clone, Default)]
pub struct Settled {
    /// This round's, in the order given, then what else the report must list: mended ones, and those that could not be
    /// judged.
    pub findings: Vec<ReportedFinding>,
    /// For the record, of the same findings.
    pub remembered: Vec<Remembered>,
    /// Ids that are listed no longer.
    pub past: BTreeSet<String>,
}

/// How a remembered finding ended in that round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Seen in that round.
    Found,
    /// Seen before; in that round its place could not be examined.
    Unjudged,
    /// Mended in that round.
    Fixed,
}

impl ApplicantRecord {
    /// What settling later findings must know of it: those that `is_wanted` knows, and the ids of the others.
    #[must_use]
    pub fn slim(&self, is_wanted: impl Fn(&Remembered) -> bool) -> Self {
        let bare = |r: &Remembered| Remembered {
            standing: r.standing,
            key: String::new(),
            pages: Vec::new(),
            finding: ReportedFinding {
                id: r.finding.id.clone(),
                applicant: String::new(),
                material: None,
                file: None,
                rect: None,
                seen: String::new(),
                required: String::new(),
                clause: String::new(),
                pack: String::new(),
                message: String::new(),
                suggestion: String::new(),
                ..r.finding
            },
        };
        let findings = self.findings.iter().map(|r| if is_wanted(r) { r.clone() } else { bare(r) });
        Self { findings: findings.collect(), past: BTreeSet::new(), ..self.clone() }
    }

    /// With what a comparison of packets adds.
    pub fn add(&mut self, later: &Settled) {
        self.findings.extend(later.remembered.iter().cloned());
        self.past.extend(later.past.iter().cloned());
    }

    /// Every id that a decision may be about.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.findings.iter().map(|r| r.finding.id.as_str()).chain(self.past.iter().map(String::as_str))
    }
}
