//! `missing-qr-code` over facts.

use material_audit::check::CheckResult;
use material_audit::model::geometry::Rect;
use material_audit::model::marks::Code;
use material_audit::model::material::Material::EducationVerification;
use material_audit::model::page::{ColourMode, Degraded};
use material_audit::pack::rules::RulePack;
use material_audit::pack::rules::marks::MissingQrCode;

use crate::build::*;

const AT: Rect = Rect::new(0.7, 0.8, 0.1, 0.07);

fn asks() -> RulePack {
    let mut pack = pack();
    pack.checks.marks.missing_qr_code = vec![MissingQrCode { basis: basis(), material: vec![EducationVerification] }];
    pack
}

fn report() -> Packet {
    let mut packet = Packet::default();
    packet.add(Doc::bound(EducationVerification, 0, 2));
    packet
}

fn run(packet: &Packet) -> CheckResult {
    packet.run("missing-qr-code", &asks())
}

#[test]
fn a_code_on_any_page_passes() {
    let mut packet = report();
    packet.page(1).codes = vec![Code { rect: AT, text: "https://www.chsi.com.cn".into() }];
    packet.page(0).undecoded = vec![AT];
    passed(&run(&packet));
    passed(&Packet::default().run("missing-qr-code", &asks()));
}

#[test]
fn none_on_a_good_colour_scan_is_a_defect() {
    assert_eq!(defects(run(&report())).len(), 1);
}

#[test]
fn what_may_have_been_lost_is_for_review() {
    let mut packet = report();
    packet.page(1).undecoded = vec![AT];
    assert_eq!(review(run(&packet), "读不出").place.rect, Some(AT));
    for (mode, why) in [(ColourMode::Grey, "灰度"), (ColourMode::Bilevel, "黑白")] {
        let mut packet = report();
        packet.page(0).quality.colour = mode;
        review(run(&packet), why);
    }
    let mut packet = report();
    packet.page(1).quality.dpi = Some(96);
    review(run(&packet), "分辨率");
    let mut packet = report();
    packet.page(0).quality.degraded = vec![Degraded::ImageTruncated("DCTDecode".into())];
    review(run(&packet), "不完整");
    let mut packet = report();
    packet.facts.spans[0].confidence = 0.5;
    review(run(&packet), "材料识别");
}
