use material_audit::model::material::Material::{self, *};
use material_audit::pack::rules::{RulePack, UnexpectedMaterial};

use crate::build::*;

fn asks(material: Material, at_most: u16, except_category: Option<usize>) -> RulePack {
    let mut pack = pack();
    pack.checks.unexpected_material =
        vec![UnexpectedMaterial { basis: basis(), material: vec![material], volume: 0, at_most, except_category }];
    pack
}

#[test]
fn clean_when_it_lies_loose() {
    let mut packet = Packet::default();
    packet.add(Doc::bound(EducationCertificate, 0, 1));
    packet.add(Doc::loose(WorkSummary, 2));
    passed(&packet.run("unexpected-material", &asks(WorkSummary, 0, None)));
}

#[test]
fn inside_the_volume_is_a_defect() {
    let mut packet = Packet::default();
    packet.add(Doc::bound(EducationCertificate, 0, 1));
    packet.add(Doc::bound(WorkSummary, 0, 2));
    let found = defects(packet.run("unexpected-material", &asks(WorkSummary, 0, None)));
    assert_eq!((found.len(), found[0].place.page), (1, Some(1)));
}

#[test]
fn unsure_or_untitled_pages_are_for_review() {
    for (titled, confidence) in [(false, 0.9), (true, 0.4)] {
        let mut packet = Packet::default();
        packet.add(Doc { titled, confidence, ..Doc::bound(WorkSummary, 0, 2) });
        review(packet.run("unexpected-material", &asks(WorkSummary, 0, None)), "人工核对");
    }
}

#[test]
fn some_are_allowed_and_one_category_is_excepted() {
    let mut packet = Packet::default();
    packet.add(Doc::bound(DefencePaper, 0, 3));
    passed(&packet.run("unexpected-material", &asks(DefencePaper, 1, None)));
    packet.add(Doc { titled: false, ..Doc::bound(DefencePaper, 1, 1) });
    passed(&packet.run("unexpected-material", &asks(DefencePaper, 1, None)));
    let second = packet.add(Doc::bound(DefencePaper, 2, 3));
    let found = defects(packet.run("unexpected-material", &asks(DefencePaper, 1, None)));
    assert_eq!(found[0].place.page, Some(second));

    let mut packet = Packet::default();
    packet.add(Doc::bound(ReviewForm, 1, 2));
    passed(&packet.run("unexpected-material", &asks(ReviewForm, 0, Some(1))));
    packet.add(Doc { category: None, ..Doc::bound(ReviewForm, 1, 2) });
    review(packet.run("unexpected-material", &asks(ReviewForm, 0, Some(1))), "分类没有把握");
}
