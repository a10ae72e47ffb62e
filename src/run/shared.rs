//! The stage after the last packet: what packets have in common.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::history::Past;
use crate::check::shared_page::{self, SharedFinding};
use crate::model::finding::{CheckId, Status};
use crate::model::likeness::PacketPrint;
use crate::model::report::ReportedFinding;
use crate::model::round::Remembered;
use crate::pack::rules::RulePack;
use crate::round::{self, Found, Part, Scene, Settled};

/// A packet as the comparison sees it.
#[derive(Debug)]
pub(super) struct Compared<'a> {
    /// Its place among the packets.
    pub(super) at: usize,
    pub(super) past: Past<'a>,
    pub(super) print: &'a PacketPrint,
    pub(super) scene: &'a Scene,
}

/// The findings that only a comparison of packets gives, and what became of the last round's, by packet, where there is
/// any. `packets` are those that were judged, in order. False beside them: our own fault stopped the comparison.
pub(super) fn findings(packets: &[Compared<'_>], pack: &RulePack) -> (Vec<(usize, Settled)>, bool) {
    let prints: Vec<&PacketPrint> = packets.iter().map(|p| p.print).collect();
    let across = catch_unwind(AssertUnwindSafe(|| shared_page::across(&prints)));
    let compared = across.is_ok();
    let across = across.unwrap_or_default();
    let mut found: BTreeMap<usize, Vec<Found>> = BTreeMap::new();
    for shared in &across {
        found.entry(shared.packet).or_default().push(reported(shared, prints[shared.packet], pack));
    }
    let whole: BTreeSet<&str> = packets.iter().filter(|p| p.scene.is_seen()).map(|p| p.past.origin).collect();
    let mut out = Vec::new();
    for (i, packet) in packets.iter().enumerate() {
        let found = found.remove(&i).unwrap_or_default();
        let part = |r: &Remembered| match r.finding.check {
            // What is shared can be seen only with both packets at hand.
            CheckId::SharedPage if compared && shared_page::other(&r.key).is_some_and(|o| whole.contains(o)) => {
                Part::Judged
            }
            CheckId::SharedPage => Part::Unjudged,
            _ => Part::None,
        };
        let settled = round::settle(packet.past.before, found, packet.scene, part);
        if !settled.remembered.is_empty() || !settled.past.is_empty() {
            out.push((packet.at, settled));
        }
    }
    (out, compared)
}

fn reported(shared: &SharedFinding, packet: &PacketPrint, pack: &RulePack) -> Found {
    let (page, f) = (&packet.pages[shared.page], &shared.finding);
    let finding = ReportedFinding {
        id: String::new(),
        applicant: packet.folder.clone(),
        check: f.check,
        verdict: f.verdict,
        severity: f.severity,
        status: Status::New,
        material: f.material,
        file: Some(page.file.clone()),
        page: Some(page.page),
        printed_page: page.printed_page,
        rect: None,
        seen: f.seen.clone(),
        required: f.required.clone(),
        clause: f.clause.clone(),
        pack: pack.id.clone(),
        confidence: f.confidence,
        message: f.message.clone(),
        suggestion: f.suggestion.clone(),
    };
    // The other applicant and the material name it, wherever the page is.
    Found { finding, key: f.key.clone(), pages: Vec::new() }
}
