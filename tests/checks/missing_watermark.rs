//! `missing-watermark` over facts.

use material_audit::check::CheckResult;
use material_audit::model::marks::Watermark;
use material_audit::model::material::Material::SummaryForm;
use material_audit::model::page::ColourMode;
use material_audit::pack::rules::RulePack;
use material_audit::pack::rules::marks::MissingWatermark;

use crate::build::*;

fn asks(words: Option<&str>) -> RulePack {
    let mut pack = pack();
    let words = words.map(str::to_owned);
    pack.checks.marks.missing_watermark = vec![MissingWatermark { basis: basis(), material: vec![SummaryForm], words }];
    pack
}

fn form(confidence: Option<f32>) -> Packet {
    let mut packet = Packet::default();
    packet.add(Doc::loose(SummaryForm, 2));
    packet.page(1).watermark = confidence.map(|confidence| Watermark { confidence });
    packet
}

fn run(packet: &Packet, words: Option<&str>) -> CheckResult {
    packet.run("missing-watermark", &asks(words))
}

#[test]
fn a_watermark_on_one_page_passes() {
    passed(&run(&form(Some(0.8)), None));
    passed(&Packet::default().run("missing-watermark", &asks(None)));
}

#[test]
fn its_words_read_are_the_watermark() {
    let words = Some("浙江省高级专业技术资格网上申报评审");
    let mut packet = form(Some(0.1));
    packet.page(0).lines[2].text = "高级专业技术资格网上申报".into();
    passed(&run(&packet, words));
    packet.page(0).lines[2].text = "高级工程师资格申报".into();
    review(run(&packet, words), "未见水印");
}

#[test]
fn none_seen_is_for_review_and_never_a_defect() {
    review(run(&form(Some(0.1)), None), "未见水印");
    review(run(&form(None), None), "看不出");
}

#[test]
fn pale_print_on_a_grey_scan_may_be_the_scans_own() {
    let words = Some("浙江省高级专业技术资格网上申报评审");
    let mut packet = form(Some(0.9));
    packet.page(1).quality.colour = ColourMode::Grey;
    review(run(&packet, words), "看不出");
    packet.page(1).lines[2].text = "高级专业技术资格网上申报".into();
    passed(&run(&packet, words));
}
