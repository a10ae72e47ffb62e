use material_audit::check::CheckResult;
use material_audit::model::geometry::Rect;
use material_audit::model::marks::{Seal, SealColour, SealShape};
use material_audit::model::material::Material::{self, *};
use material_audit::model::page::{ColourMode, Degraded};
use material_audit::pack::rules::{CopiedSeal, MissingSeal, RulePack, UnexpectedMaterial};

use crate::build::*;

const UPPER: Rect = Rect::new(0.1, 0.2, 0.8, 0.25);
const LOWER: Rect = Rect::new(0.1, 0.45, 0.8, 0.25);

fn rule(material: Material, place: Option<&str>) -> MissingSeal {
    MissingSeal {
        volume_cover: None,
        basis: basis(),
        material: vec![material],
        place: place.map(str::to_owned),
        seal: "单位公章".into(),
        count: 1,
        later_office: false,
        when_filled: false,
        copied: CopiedSeal::Fails,
        category: vec![],
    }
}

fn asks(rule: MissingSeal) -> RulePack {
    let mut pack = pack();
    pack.checks.missing_seal = vec![rule];
    pack
}

fn boxed() -> RulePack {
    asks(rule(ReviewForm, Some("unit-opinion")))
}

/// A review form of two pages, its two opinion boxes on the second.
fn form() -> Packet {
    let mut packet = Packet::default();
    packet.add(Doc::loose(ReviewForm, 2));
    packet.place("unit-opinion", 1, UPPER).text = "同意推荐。2024年10月".into();
    packet.place("city-opinion", 1, LOWER);
    packet
}

fn run(packet: &Packet, pack: &RulePack) -> CheckResult {
    packet.run("missing-seal", pack)
}

#[test]
fn a_seal_in_the_box_passes() {
    let mut packet = form();
    packet.page(1).seals = vec![seal(0.6, 0.28)];
    passed(&run(&packet, &boxed()));
}

#[test]
fn a_box_without_one_is_a_defect_there() {
    let found = defects(run(&form(), &boxed()));
    assert_eq!((found.len(), found[0].place.page, found[0].place.rect), (1, Some(1), Some(UPPER)));
    assert!(found[0].message.contains("职称申报评审表“单位鉴定意见”"), "{}", found[0].message);
}

#[test]
fn the_neighbours_seal_does_not_count() {
    let mut packet = form();
    packet.page(1).seals = vec![seal(0.6, 0.5)];
    defects(run(&packet, &boxed()));
}

#[test]
fn a_name_chop_or_a_text_stamp_does_not_count() {
    let mut packet = form();
    let mut chop = seal(0.6, 0.28);
    (chop.shape, chop.diameter_mm) = (SealShape::Square, 16.0);
    let mut stamp = seal(0.3, 0.28);
    (stamp.shape, stamp.diameter_mm) = (SealShape::Rect, 25.0);
    packet.page(1).seals = vec![chop, stamp];
    defects(run(&packet, &boxed()));
}

#[test]
fn a_seal_between_two_boxes_is_for_review_in_both() {
    let mut packet = form();
    packet.page(1).seals = vec![seal(0.6, 0.38)];
    review(run(&packet, &boxed()), "两栏之间");
    review(run(&packet, &asks(rule(ReviewForm, Some("city-opinion")))), "两栏之间");
}

#[test]
fn a_faint_or_straying_seal_is_for_review() {
    let mut packet = form();
    packet.page(1).seals = vec![seal(0.6, 0.28)];
    packet.page(1).seals[0].confidence = 0.4;
    review(run(&packet, &boxed()), "疑似");
    let mut packet = form();
    packet.page(1).traces = vec![seal(0.6, 0.28).rect];
    review(run(&packet, &boxed()), "疑似");
    packet.page(1).traces = vec![seal(0.6, 0.9).rect];
    defects(run(&packet, &boxed()));
    let mut packet = form();
    packet.facts.places.pop();
    packet.page(1).seals = vec![seal(0.6, 0.43)];
    review(run(&packet, &boxed()), "偏离");
}

#[test]
fn a_colourless_scan_proves_presence_never_absence() {
    for mode in [ColourMode::Grey, ColourMode::Bilevel] {
        let mut packet = form();
        packet.page(1).quality.colour = mode;
        review(run(&packet, &boxed()), "无法判断");
        packet.page(1).seals = vec![seal(0.6, 0.28)];
        packet.page(1).seals[0].colour = SealColour::Unknown;
        passed(&run(&packet, &boxed()));
    }
}

#[test]
fn what_was_not_seen_is_for_review() {
    let mut packet = form();
    packet.page(1).quality.degraded = vec![Degraded::ImageDropped("JPXDecode".into())];
    review(run(&packet, &boxed()), "不完整");
    let mut packet = form();
    packet.facts.places.clear();
    review(run(&packet, &boxed()), "未找到该栏目");
    let mut packet = form();
    packet.facts.places[0].confidence = 0.4;
    review(run(&packet, &boxed()), "位置没有把握");
}

#[test]
fn an_office_above_may_still_have_to_act() {
    let mut above = rule(ReviewForm, Some("city-opinion"));
    above.later_office = true;
    above.seal = "市人社局公章".into();
    let pack = asks(above);
    let mut packet = form();
    review(run(&packet, &pack), "尚未填写");
    packet.applicant().channel = Some("主管部门、市人社局".into());
    defects(run(&packet, &pack));
    packet.applicant().channel = None;
    packet.facts.places[1].text = "经审核，同意推荐。2024年11月05日".into();
    defects(run(&packet, &pack));
}

#[test]
fn a_cover_found_or_not_is_satisfied_by_the_seal_on_it() {
    let pack = asks(rule(ReviewForm, Some("cover-unit")));
    let mut packet = form();
    packet.page(0).seals = vec![seal(0.4, 0.4)];
    passed(&run(&packet, &pack));
    packet.place("cover-unit", 0, Rect::new(0.2, 0.38, 0.6, 0.1));
    passed(&run(&packet, &pack));
    packet.page(0).seals = vec![seal(0.4, 0.8)];
    review(run(&packet, &pack), "不在该栏");
    packet.page(0).seals.clear();
    defects(run(&packet, &pack));
}

#[test]
fn each_document_of_a_material_needs_one() {
    let pack = asks(rule(EducationCertificate, None));
    let mut packet = Packet::default();
    let first = packet.add(Doc::bound(EducationCertificate, 0, 2));
    let second = packet.add(Doc::bound(EducationCertificate, 0, 1));
    packet.page(first + 1).seals = vec![seal(0.5, 0.5)];
    let found = defects(run(&packet, &pack));
    assert_eq!((found.len(), found[0].place.page), (1, Some(second)));
    packet.page(second).seals = vec![seal(0.5, 0.5)];
    packet.page(second).seals[0].colour = SealColour::Black;
    assert!(defects(run(&packet, &pack))[0].message.contains("复印"));
    packet.page(second).seals.clear();
    packet.page(second).quality.colour = ColourMode::Grey;
    review(run(&packet, &pack), "灰度");
}

#[test]
fn reviews_of_one_clause_are_one_finding() {
    let pack = asks(rule(EducationCertificate, None));
    let mut packet = Packet::default();
    for _ in 0..3 {
        let page = packet.add(Doc::bound(EducationCertificate, 0, 1));
        packet.page(page).quality.colour = ColourMode::Grey;
    }
    review(run(&packet, &pack), "第3页");
}

#[test]
fn one_page_materials_in_a_row_are_looked_at_page_by_page() {
    let mut pack = asks(rule(EducationCertificate, None));
    let mut packet = Packet::default();
    let first = packet.add(Doc::bound(EducationCertificate, 0, 2));
    packet.page(first).seals = vec![seal(0.5, 0.5)];
    passed(&run(&packet, &pack));
    pack.materials.iter_mut().filter(|e| e.material == EducationCertificate).for_each(|e| e.pages = (1, 1));
    assert_eq!(review(run(&packet, &pack), "可能是几份").place.page, Some(first + 1));
}

#[test]
fn fewer_seals_than_asked_are_for_review_none_is_a_defect() {
    let pack = asks(MissingSeal { count: 3, ..rule(RecommendationReport, None) });
    let mut packet = Packet::default();
    packet.add(Doc::loose(RecommendationReport, 1));
    defects(run(&packet, &pack));
    packet.page(0).seals = vec![seal(0.1, 0.7), seal(0.4, 0.7)];
    review(run(&packet, &pack), "只见2枚");
    packet.page(0).seals.push(seal(0.7, 0.7));
    passed(&run(&packet, &pack));
}

#[test]
fn other_categories_and_absent_materials_are_not_asked() {
    let mut packet = Packet::default();
    packet.add(Doc::bound(EducationCertificate, 0, 1));
    passed(&run(&packet, &asks(MissingSeal { category: vec![1], ..rule(EducationCertificate, None) })));
    passed(&run(&packet, &asks(rule(Paper, None))));
}

#[test]
fn a_bound_copy_shows_the_copied_seal_and_a_loose_form_must_not() {
    let pack = boxed();
    let black = || {
        let mut black = seal(0.6, 0.28);
        black.colour = SealColour::Black;
        black
    };
    let mut packet = form();
    packet.page(1).seals = vec![black()];
    review(run(&packet, &pack), "复印的印章");
    packet.facts.spans[0].volume = Some(0);
    passed(&run(&packet, &pack));
}

#[test]
fn the_present_titles_form_bound_as_evidence_is_not_asked_for_new_seals() {
    let mut pack = boxed();
    pack.checks.unexpected_material = vec![UnexpectedMaterial {
        basis: basis(),
        material: vec![ReviewForm],
        volume: 0,
        at_most: 0,
        except_category: Some(1),
    }];
    let mut packet = form();
    (packet.facts.spans[0].volume, packet.facts.spans[0].category) = (Some(0), Some(1));
    passed(&run(&packet, &pack));
    packet.facts.spans[0].category = Some(2);
    defects(run(&packet, &pack));
}

#[test]
fn what_a_photocopied_seal_is_worth_is_the_packs_to_say() {
    let mut packet = Packet::default();
    let first = packet.add(Doc::bound(EducationCertificate, 0, 1));
    packet.page(first).seals = vec![Seal { colour: SealColour::Black, ..seal(0.5, 0.6) }];
    let asked = |copied| asks(MissingSeal { copied, ..rule(EducationCertificate, None) });
    defects(run(&packet, &asked(CopiedSeal::Fails)));
    review(run(&packet, &asked(CopiedSeal::Doubtful)), "只见复印的印章");
    passed(&run(&packet, &asked(CopiedSeal::Counts)));
    packet.page(first).seals.clear();
    for copied in [CopiedSeal::Fails, CopiedSeal::Doubtful, CopiedSeal::Counts] {
        defects(run(&packet, &asked(copied)));
    }
}

#[test]
fn a_box_that_may_stand_empty_is_judged_once_it_is_filled() {
    let mut packet = Packet::default();
    let first = packet.add(Doc::loose(ReviewForm, 1));
    let asked = MissingSeal { later_office: true, when_filled: true, ..rule(ReviewForm, Some("city-opinion")) };
    let pack = asks(MissingSeal { seal: "市人社局公章".into(), ..asked });
    passed(&run(&packet, &pack));
    packet.place("city-opinion", first, LOWER);
    passed(&run(&packet, &pack));
    packet.applicant().channel = Some("主管部门、市人社局".into());
    defects(run(&packet, &pack));
    packet.applicant().channel = None;
    packet.facts.places[0].text = "同意推荐。".into();
    defects(run(&packet, &pack));
}
