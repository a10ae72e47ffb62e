//! The stage after the last packet: what packets have in common.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::batch::{Batch, Delivery, Kept, Sink};
use super::history::Past;
use crate::check::shared_page::{self, SharedFinding};
use crate::model::finding::{CheckId, Status};
use crate::model::likeness::PacketPrint;
use crate::model::report::{NotExamined, ReportedFinding};
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

impl Batch<'_> {
    /// Compares the packets that were judged, and hands on what that gives.
    pub(super) fn compare(&self, kept: &mut [(usize, Kept)], finished: Sink<'_>) {
        let past = |at: usize| self.history.of(at, &self.packets[at]);
        let compared: Vec<Compared<'_>> = kept
            .iter()
            .map(|(at, k)| Compared { at: *at, past: past(*at), print: &k.print, scene: &k.scene })
            .collect();
        let (settled, complete) = findings(&compared, self.pack);
        for (at, more) in settled {
            let decisions = past(at).decisions_on(&more.findings);
            finished(at, Delivery::More(&more.findings, &decisions));
            if let Ok(i) = kept.binary_search_by_key(&at, |k| k.0) {
                let packet = &mut kept[i].1;
                packet.judged.count(&more.findings, &decisions);
                packet.record.findings.extend(more.remembered);
                packet.record.past.extend(more.past);
            }
        }
        if let Some((_, first)) = kept.first_mut().filter(|_| !complete) {
            first.judged.not_examined.push(NotExamined {
                applicant: String::new(),
                file: String::new(),
                page: None,
                reason: "比较各份申报材料时程序内部出错，检查项“多人共用页”未完成，请人工检查这一项".to_owned(),
            });
        }
    }
}
