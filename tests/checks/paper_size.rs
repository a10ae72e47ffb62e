use material_audit::check::CheckResult;
use material_audit::model::material::Material::*;
use material_audit::model::page::PageSize;
use material_audit::pack::rules::RulePack;
use material_audit::pack::rules::arrangement::{Paper, PaperSize};

use crate::build::*;

fn asks(size: Paper) -> RulePack {
    let mut pack = pack();
    let materials = vec![WorkSummary, EducationCertificate];
    pack.checks.arrangement.paper_size =
        vec![PaperSize { basis: basis(), materials, volumes: vec![], except: vec![], size }];
    pack
}

const A3: PageSize = PageSize { width_mm: 420.0, height_mm: 297.0, known: true };

/// A summary of these sizes, and a loose photo that is (or isn't) an A3 scan.
fn summary(sizes: &[PageSize], other_a3: bool) -> Packet {
    let mut packet = Packet::default();
    let first = packet.add(Doc::loose(WorkSummary, sizes.len()));
    for (at, size) in sizes.iter().enumerate() {
        packet.page(first + at).size = *size;
        fill(&mut packet, first + at);
    }
    if other_a3 {
        let at = packet.add(Doc::loose(RecommendationReport, 1));
        packet.page(at).size = A3;
        fill(&mut packet, at);
    }
    packet
}

fn fill(packet: &mut Packet, page: usize) {
    let lines = &mut packet.page(page).lines;
    lines[5].rect.y = 0.93;
    lines[5].rect.w = 0.84;
}

fn run(packet: &Packet, size: Paper) -> CheckResult {
    packet.run("paper-size", &asks(size))
}

const A4: PageSize = PageSize { width_mm: 210.0, height_mm: 297.0, known: true };

#[test]
fn clean() {
    passed(&run(&summary(&[A3], false), Paper::A3));
    passed(&run(&summary(&[A4, A4], true), Paper::A4));
    let cropped = PageSize { width_mm: 198.0, height_mm: 283.0, known: true };
    passed(&run(&summary(&[cropped], false), Paper::A4));
}

#[test]
fn an_a3_sheet_where_a4_is_asked_is_a_defect() {
    let found = defects(run(&summary(&[A4, A3], false), Paper::A4));
    assert_eq!((found.len(), found[0].place.page), (1, Some(1)));
    assert!(found[0].message.contains("A3纸，应为A4纸"), "{}", found[0].message);
}

#[test]
fn a_wide_bed_under_a_small_sheet_is_for_review() {
    let mut packet = summary(&[A3], false);
    for line in &mut packet.page(0).lines {
        line.rect.y *= 0.6;
        line.rect.w = 0.4;
    }
    review(run(&packet, Paper::A4), "扫描幅面");
}

#[test]
fn an_a4_scan_of_what_must_be_a3_is_a_defect_where_the_scanner_takes_a3() {
    assert!(defects(run(&summary(&[A4], true), Paper::A3))[0].message.contains("A4纸，应为A3纸"));
    review(run(&summary(&[A4], false), Paper::A3), "缩小扫描");
    review(run(&summary(&[A4, A4], true), Paper::A3), "分成两页");
}

#[test]
fn sizes_nobody_knows_pass() {
    let assumed = PageSize { known: false, ..A4 };
    let phone = PageSize { width_mm: 304.0, height_mm: 540.0, known: true };
    passed(&run(&summary(&[assumed], true), Paper::A3));
    passed(&run(&summary(&[phone], true), Paper::A3));
    passed(&run(&summary(&[phone], true), Paper::A4));
}

#[test]
fn an_unsure_document_is_for_review() {
    let mut packet = summary(&[A3], false);
    packet.facts.spans[0].confidence = 0.4;
    review(run(&packet, Paper::A4), "把握不足");
}

#[test]
fn what_is_bound_where_it_does_not_belong_is_another_checks_matter() {
    let mut packet = Packet::default();
    let at = packet.add(Doc::bound(WorkSummary, 0, 1));
    packet.page(at).size = A4;
    let other = packet.add(Doc::loose(RecommendationReport, 1));
    packet.page(other).size = A3;
    fill(&mut packet, other);
    passed(&run(&packet, Paper::A3));
}
