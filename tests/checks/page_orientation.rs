use material_audit::model::finding::{CheckId, Severity};
use material_audit::model::material::Material;
use material_audit::model::page::Turn;
use material_audit::pack::rules::RulePack;

use crate::build::*;

fn asked() -> RulePack {
    let mut pack = pack();
    pack.checks.intake = vec![CheckId::PageOrientation];
    pack
}

fn with(turn: Turn, certain: bool) -> Packet {
    let mut packet = Packet::default();
    packet.add(Doc::loose(Material::ReviewForm, 3));
    packet.page(1).pose.turn = turn;
    packet.page(1).pose.turn_certain = certain;
    packet
}

#[test]
fn clean() {
    passed(&with(Turn::None, true).run("page-orientation", &asked()));
    passed(&with(Turn::None, false).run("page-orientation", &asked()));
}

#[test]
fn upside_down_is_a_defect() {
    let found = defects(with(Turn::Half, true).run("page-orientation", &asked()));
    assert_eq!((found.len(), found[0].place.page), (1, Some(1)));
    assert_eq!(found[0].material, Some(Material::ReviewForm));
}

#[test]
fn an_upright_page_lying_on_its_side_is_a_defect() {
    let mut packet = with(Turn::Quarter, true);
    let size = &mut packet.page(1).size;
    (size.width_mm, size.height_mm) = (297.0, 210.0);
    defects(packet.run("page-orientation", &asked()));
}

#[test]
fn a_wide_page_in_an_upright_volume_is_advice() {
    let found = review(with(Turn::Quarter, true).run("page-orientation", &asked()), "横版");
    assert_eq!(found.severity, Severity::Advise);
}

#[test]
fn an_unsure_turn_is_for_review() {
    review(with(Turn::Half, false).run("page-orientation", &asked()), "不能确定");
    let mut packet = with(Turn::Half, true);
    packet.page(1).lines.truncate(1);
    review(packet.run("page-orientation", &asked()), "不能确定");
}

#[test]
fn a_run_of_pages_is_one_finding_and_a_blank_page_none() {
    let mut packet = with(Turn::Half, true);
    packet.page(2).pose.turn = Turn::Half;
    let found = defects(packet.run("page-orientation", &asked()));
    assert_eq!(found.len(), 1);
    assert!(found[0].message.contains("第2—3页"), "{}", found[0].message);
    let mut packet = with(Turn::Half, true);
    packet.page(1).quality.blank = true;
    passed(&packet.run("page-orientation", &asked()));
}

#[test]
fn a_guess_about_a_loose_photo_is_no_finding() {
    let mut packet = with(Turn::Half, false);
    packet.facts.spans[0].material = Material::Photo;
    passed(&packet.run("page-orientation", &asked()));
    packet.page(1).pose.turn_certain = true;
    defects(packet.run("page-orientation", &asked()));
}
