use material_audit::model::finding::{CheckId, Severity};
use material_audit::model::material::Material;
use material_audit::model::page::Degraded;
use material_audit::pack::rules::RulePack;

use crate::build::*;

fn asked() -> RulePack {
    let mut pack = pack();
    pack.checks.intake = vec![CheckId::BlankPage];
    pack
}

#[test]
fn clean() {
    let mut packet = Packet::default();
    packet.add(Doc::loose(Material::ReviewForm, 2));
    passed(&packet.run("blank-page", &asked()));
}

#[test]
fn blank_backs_of_a_file_are_one_advice() {
    let mut packet = Packet::default();
    packet.add(Doc::loose(Material::ReviewForm, 6));
    *packet.page(1) = blank();
    *packet.page(3) = blank();
    let found = review(packet.run("blank-page", &asked()), "第2、4页");
    assert_eq!((found.place.page, found.severity), (Some(1), Severity::Advise));
}

#[test]
fn a_file_of_nothing_is_a_defect() {
    let mut packet = Packet::default();
    packet.add(Doc::loose(Material::ReviewForm, 2));
    packet.push_page("背面.pdf", blank());
    assert_eq!(defects(packet.run("blank-page", &asked()))[0].place.page, Some(2));
}

#[test]
fn a_scan_that_failed_to_decode_is_not_blank() {
    let mut packet = Packet::default();
    packet.add(Doc::loose(Material::ReviewForm, 2));
    *packet.page(1) = blank();
    packet.page(1).quality.degraded = vec![Degraded::ImageDropped("JPXDecode".into())];
    passed(&packet.run("blank-page", &asked()));
}
