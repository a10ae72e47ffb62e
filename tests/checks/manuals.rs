use std::collections::BTreeSet;

use material_audit::check::{HEADINGS, manual_page, registry, run_all};
use material_audit::model::finding::{CheckId, Severity, Verdict};
use material_audit::model::geometry::Rect;
use material_audit::model::material::Material::{ReviewForm, WorkSummary};
use material_audit::model::packet::PacketFacts;
use material_audit::pack::rules::{CopiedSeal, MaterialOrder, MissingMaterial, MissingSeal, PhotoRule};

use crate::build::{Doc, Packet, basis, pack};

#[test]
fn every_check_is_registered_once_in_report_order() {
    let registered: Vec<CheckId> = registry::all().iter().map(|c| c.id()).collect();
    assert_eq!(registered, CheckId::ALL);
    assert_eq!(registered.iter().collect::<BTreeSet<_>>().len(), registered.len());
    for id in CheckId::ALL {
        assert_eq!(registry::find(id.id()).map(|c| c.id()), Some(*id));
    }
    assert!(registry::find("missing-seals").is_none());
}

#[test]
fn every_manual_has_its_headings_filled_and_in_order() {
    for check in registry::all() {
        let page = manual_page(*check);
        let mut rest = page.as_str();
        for heading in HEADINGS {
            let (before, after) = rest.split_once(heading).unwrap_or_else(|| panic!("{}: {heading}", check.id()));
            assert!(!before.trim().is_empty(), "{}: nothing before {heading}", check.id());
            rest = after;
        }
        assert!(!rest.trim().is_empty(), "{}: last heading is empty", check.id());
        assert!(page.lines().all(|l| !l.starts_with(' ')), "{}", check.id());
    }
}

#[test]
fn a_pack_without_checks_and_a_packet_without_pages_give_nothing() {
    let judged = run_all(&PacketFacts::default(), &pack());
    assert!(judged.findings.is_empty() && judged.crashed.is_empty());
    assert_eq!(judged.outcomes.passed + judged.outcomes.defects + judged.outcomes.undecided, 0);
}

#[test]
fn facts_that_point_nowhere_crash_no_check() {
    let mut pack = pack();
    pack.checks.intake = CheckId::ALL.to_vec();
    let seal = MissingSeal {
        volume_cover: None,
        basis: basis(),
        material: vec![ReviewForm],
        place: Some("no-such-place".into()),
        seal: "公章".into(),
        count: 1,
        later_office: true,
        when_filled: true,
        copied: CopiedSeal::Doubtful,
        category: vec![],
    };
    pack.checks.missing_seal = vec![seal.clone(), MissingSeal { place: None, category: vec![9], ..seal }];
    let photo = PhotoRule { basis: basis(), material: ReviewForm, place: "photo".into() };
    pack.checks.missing_photo = vec![photo.clone()];
    pack.checks.photo_not_colour = vec![photo];
    pack.checks.material_order =
        vec![MaterialOrder { basis: basis(), volume: 7, inside: Severity::Advise, inside_verdict: Verdict::Review }];
    pack.checks.missing_material = vec![MissingMaterial {
        basis: basis(),
        any_of: vec![WorkSummary],
        count: 1,
        category: Some(9),
        volume: Some(Some(7)),
        headed: vec![],
    }];
    let mut packet = Packet::default();
    packet.add(Doc { volume: Some(7), category: Some(9), ..Doc::loose(ReviewForm, 2) });
    packet.place("photo", 90, Rect::PAGE);
    packet.field("起止时间", 91, "2019.7");
    packet.facts.spans[0].pages = 1..40;
    packet.facts.spans[0].entry = Some(99);
    let judged = run_all(&packet.facts, &pack);
    assert_eq!(judged.crashed, []);
    assert!(judged.outcomes.undecided > 0);
}
