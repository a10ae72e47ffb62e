use material_audit::model::finding::{CheckId, Severity};
use material_audit::model::likeness::Thumb;
use material_audit::model::marks::{Seal, SealColour};
use material_audit::model::material::Material;
use material_audit::model::page::ColourMode;
use material_audit::model::text::TextSource;
use material_audit::pack::rules::RulePack;

use crate::build::*;

fn asked() -> RulePack {
    let mut pack = pack();
    pack.checks.intake = vec![CheckId::SuspectSeal];
    pack
}

/// A seal whose ink lies by `seed`.
fn inked(seed: u32) -> Seal {
    let cell = |i: u32| {
        let (x, y) = (i % 64, i / 64);
        let r = f32::hypot(x as f32 - 32.0, y as f32 - 32.0);
        let worn = (i.wrapping_mul(2_654_435_761).wrapping_add(seed.wrapping_mul(40_503 * i)) >> 13) % 7;
        if (22.0..27.0).contains(&r) || r < 8.0 { 0.1 + 0.14 * worn as f32 } else { 0.0 }
    };
    Seal { print: Thumb::of(64, &(0..64 * 64).map(cell).collect::<Vec<_>>()), ..seal(0.5, 0.6) }
}

fn two(first: Seal, second: Seal) -> Packet {
    let mut packet = Packet::default();
    packet.add(Doc::loose(Material::RecommendationReport, 1));
    packet.add(Doc::bound(Material::EducationCertificate, 0, 1));
    packet.page(0).seals.push(first);
    packet.page(1).seals.push(second);
    packet.page(0).lines.truncate(2);
    packet
}

#[test]
fn two_impressions_of_one_stamp_are_clean() {
    passed(&two(inked(1), inked(2)).run("suspect-seal", &asked()));
}

#[test]
fn one_impression_on_two_pages_is_left_to_a_person() {
    let found = review(two(inked(1), inked(1)).run("suspect-seal", &asked()), "处处相同");
    assert_eq!((found.severity, found.place.page), (Severity::Advise, Some(0)));
}

#[test]
fn a_page_scanned_twice_bears_the_same_seal_rightly() {
    let mut packet = two(inked(1), inked(1));
    packet.page(0).fingerprint = "a".repeat(64);
    packet.page(1).fingerprint = "a".repeat(64);
    passed(&packet.run("suspect-seal", &asked()));
}

#[test]
fn a_layer_over_the_scan_is_left_to_a_person() {
    let layer = Seal { layer: true, ..inked(1) };
    let found = review(two(layer, inked(2)).run("suspect-seal", &asked()), "另一张图片");
    assert_eq!(found.key, "layer:recommendation-report#1");
}

#[test]
fn seals_of_online_reports_and_files_without_a_scan_are_clean() {
    let layer = Seal { layer: true, ..inked(1) };
    let mut packet = two(layer.clone(), layer);
    packet.facts.spans[0].material = Material::EducationVerification;
    packet.page(1).source = TextSource::Glyphs;
    passed(&packet.run("suspect-seal", &asked()));
}

#[test]
fn a_picture_on_an_online_report_and_on_another_paper_is_left_to_a_person() {
    let mut packet = two(inked(1), inked(1));
    packet.facts.spans[0].material = Material::ContinuingEducationProof;
    let found = review(packet.run("suspect-seal", &asked()), "处处相同");
    assert_eq!(found.place.page, Some(1));
    packet.facts.spans[1].material = Material::PensionProof;
    passed(&packet.run("suspect-seal", &asked()));
}

#[test]
fn grey_scans_and_copied_seals_are_not_judged() {
    let mut packet = two(inked(1), inked(1));
    packet.page(0).quality.colour = ColourMode::Grey;
    passed(&packet.run("suspect-seal", &asked()));
    let copied = Seal { colour: SealColour::Black, ..inked(1) };
    passed(&two(copied.clone(), copied).run("suspect-seal", &asked()));
}
