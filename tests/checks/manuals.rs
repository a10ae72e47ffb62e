use std::collections::BTreeSet;

use material_audit::check::{HEADINGS, manual_page, registry, run_all};
use material_audit::model::finding::CheckId;
use material_audit::model::packet::PacketFacts;

use crate::build::pack;

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
