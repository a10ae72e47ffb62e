use material_audit::check::CheckResult;
use material_audit::model::material::Material::*;
use material_audit::model::page::PageSize;
use material_audit::pack::rules::RulePack;
use material_audit::pack::rules::arrangement::{PageCount, Paper};

use crate::build::*;

fn asks(paper: Paper) -> RulePack {
    let mut pack = pack();
    pack.checks.arrangement.page_count = vec![PageCount { basis: basis(), material: WorkSummary, max_pages: 2, paper }];
    pack
}

fn summary(pages: usize) -> Packet {
    let mut packet = Packet::default();
    packet.add(Doc { file: "总结.pdf", ..Doc::loose(WorkSummary, pages) });
    packet
}

fn run(packet: &Packet) -> CheckResult {
    packet.run("page-count", &asks(Paper::A4))
}

#[test]
fn clean() {
    passed(&run(&summary(2)));
    let mut packet = summary(3);
    *packet.page(1) = blank();
    passed(&run(&packet));
}

#[test]
fn too_many_pages_are_a_defect() {
    let found = defects(run(&summary(4)));
    assert_eq!((found.len(), found[0].place.page), (1, Some(2)));
    assert!(found[0].message.contains("有4页，最多2页"), "{}", found[0].message);
}

#[test]
fn pages_that_may_be_anothers_are_for_review() {
    let mut packet = summary(3);
    packet.add(Doc { file: "总结.pdf", ..Doc::loose(RecommendationReport, 1) });
    review(run(&packet), "没有标题");
    let mut packet = summary(3);
    packet.facts.spans[0].confidence = 0.4;
    review(run(&packet), "把握不足");
}

#[test]
fn halves_of_a_sheet_are_no_pages() {
    let on_a3 = asks(Paper::A3);
    review(summary(4).run("page-count", &on_a3), "两页可能是一张A3");
    defects(summary(5).run("page-count", &on_a3));
    let mut packet = summary(3);
    for at in 0..3 {
        packet.page(at).size = PageSize { width_mm: 420.0, height_mm: 297.0, known: true };
    }
    defects(packet.run("page-count", &on_a3));
}
