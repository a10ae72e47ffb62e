//! The stage after the last packet: what packets have in common.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::check::shared_page;
use crate::model::finding::{Finding, Status};
use crate::model::likeness::PacketPrint;
use crate::model::report::ReportedFinding;
use crate::pack::rules::RulePack;
use crate::round;

/// The findings that only a comparison of packets gives, by place among the packets. `prints` holds the packets that
/// were judged, with their places, in order. `None`: our own fault stopped the comparison.
pub(super) fn findings(
    prints: &[(usize, &PacketPrint)],
    pack: &RulePack,
) -> Option<Vec<(usize, Vec<ReportedFinding>)>> {
    let packets: Vec<&PacketPrint> = prints.iter().map(|p| p.1).collect();
    let found = catch_unwind(AssertUnwindSafe(|| shared_page::across(&packets))).ok()?;
    let by_packet = found.chunk_by(|a, b| a.packet == b.packet).map(|group| {
        let (at, packet) = prints[group[0].packet];
        let findings: Vec<Finding> = group.iter().map(|f| f.finding.clone()).collect();
        let ids = round::assign(&findings, &packet.folder);
        let reported = group.iter().zip(ids).map(|(shared, id)| {
            let (page, f) = (&packet.pages[shared.page], &shared.finding);
            ReportedFinding {
                id,
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
            }
        });
        (at, reported.collect())
    });
    Some(by_packet.collect())
}
