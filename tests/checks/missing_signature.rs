//! `missing-signature` over facts.

use material_audit::check::CheckResult;
use material_audit::model::geometry::Rect;
use material_audit::model::marks::{Seal, SealColour, SealShape};
use material_audit::model::material::Material::*;
use material_audit::model::page::{ColourMode, Degraded};
use material_audit::model::text::{TextLine, TextSource};
use material_audit::pack::rules::RulePack;
use material_audit::pack::rules::marks::MissingSignature;

use crate::build::*;

const BOX: Rect = Rect::new(0.1, 0.5, 0.8, 0.3);
/// Right of the label of `form`.
const NAME: Rect = Rect::new(0.36, 0.695, 0.12, 0.02);

fn rule() -> MissingSignature {
    MissingSignature {
        basis: basis(),
        material: vec![ReviewForm],
        place: Some("unit-opinion".into()),
        signer: "单位负责人".into(),
        labels: vec![],
        on_page: vec![],
        own_hand: false,
        chop: false,
        later_office: false,
    }
}

fn asks(rule: MissingSignature) -> RulePack {
    let mut pack = pack();
    pack.checks.marks.missing_signature = vec![rule];
    pack
}

fn line(text: &str, rect: Rect) -> TextLine {
    TextLine { text: text.into(), rect, confidence: 0.97, chars: vec![], vertical: false, hand: false }
}

/// A form with an opinion box: wording, a label to sign behind, and what a form prints beside it.
fn form() -> Packet {
    let mut packet = Packet::default();
    packet.add(Doc::loose(ReviewForm, 1));
    packet.place("unit-opinion", 0, BOX).text = "同意推荐。".into();
    packet.page(0).lines.extend([
        line("同意推荐。", Rect::new(0.15, 0.55, 0.1, 0.02)),
        line("单位负责人签字：", Rect::new(0.15, 0.695, 0.2, 0.02)),
        line("（公章）", Rect::new(0.7, 0.695, 0.08, 0.02)),
        line("2024年11月6日", Rect::new(0.7, 0.73, 0.15, 0.02)),
    ]);
    packet
}

fn chop(rect: Rect) -> Seal {
    Seal {
        rect,
        shape: SealShape::Square,
        colour: SealColour::Red,
        diameter_mm: 18.0,
        text: None,
        confidence: 0.9,
        layer: false,
        print: None,
    }
}

fn run(packet: &Packet, pack: &RulePack) -> CheckResult {
    packet.run("missing-signature", pack)
}

#[test]
fn a_stroke_or_a_name_behind_the_label_passes() {
    let pack = asks(rule());
    let mut packet = form();
    packet.page(0).strokes = vec![NAME];
    passed(&run(&packet, &pack));
    let mut packet = form();
    packet.page(0).lines.push(line("宋天佑", NAME));
    passed(&run(&packet, &pack));
    let mut packet = form();
    packet.page(0).lines[7].text = "单位负责人签字：宋天佑".into();
    passed(&run(&packet, &pack));
}

#[test]
fn an_empty_place_is_a_defect_there() {
    let found = defects(run(&form(), &asks(rule())));
    assert_eq!((found.len(), found[0].place.page), (1, Some(0)));
    assert!(found[0].message.contains("单位负责人签字"), "{}", found[0].message);
    assert!(found[0].place.rect.is_some_and(|r| r.contains(NAME.centre())));
}

#[test]
fn prompts_dates_and_ink_elsewhere_are_no_signature() {
    let pack = asks(rule());
    let mut packet = form();
    packet.page(0).lines[7].text = "单位负责人签字：（公章）2024年11月6日".into();
    packet.page(0).strokes = vec![Rect::new(0.2, 0.1, 0.1, 0.02), Rect::new(0.7, 0.73, 0.15, 0.02)];
    defects(run(&packet, &pack));
}

#[test]
fn a_name_behind_the_role_alone_is_a_signature() {
    let pack = asks(MissingSignature {
        material: vec![AppraisalOpinion],
        place: None,
        labels: vec!["责任人（签字）".into(), "单位负责人签字".into()],
        ..rule()
    });
    let page_with = |text: &str| {
        let mut packet = Packet::default();
        packet.add(Doc::loose(AppraisalOpinion, 1));
        packet.page(0).lines.push(line(text, Rect::new(0.1, 0.7, 0.2, 0.02)));
        packet
    };
    passed(&run(&page_with("责任人：卞志远"), &pack));
    passed(&run(&page_with("单位负责人: 顾 延 庆"), &pack));
    for text in ["项目责任人：卞志远", "责任人卞志远", "负责人：顾延庆"] {
        review(run(&page_with(text), &pack), "未找到签字的地方");
    }
    // Nothing behind the role: somebody else's signature on the page is not theirs.
    for (text, name) in [("责任人：", 0.31), ("责任人：单位公章", 0.15)] {
        let mut packet = page_with(text);
        review(run(&packet, &pack), "未见签字");
        packet.page(0).strokes = vec![Rect::new(0.6, 0.3, 0.1, 0.03)];
        review(run(&packet, &pack), "未见签字");
        packet.page(0).strokes.push(Rect::new(name, 0.71, 0.1, 0.03));
        passed(&run(&packet, &pack));
        packet.page(0).strokes.truncate(1);
        packet.page(0).seals.push(seal(0.25, 0.65));
        review(run(&packet, &pack), "印章盖在签字处");
    }
    // Characters of a seal that lies there may look like a name.
    let mut sealed = page_with("责任人：卞志远");
    sealed.page(0).seals.push(seal(0.1, 0.65));
    passed(&run(&sealed, &pack));
    sealed.page(0).lines[6].confidence = 0.85;
    review(run(&sealed, &pack), "未找到签字的地方");
    // What is read along the ring of a seal that lies there is nobody's name; beside it another's may be.
    let pack = asks(MissingSignature {
        material: vec![AppraisalOpinion],
        place: None,
        labels: vec!["责任人（签字）".into()],
        ..rule()
    });
    let mut ringed = page_with("责任人：");
    ringed.page(0).strokes = vec![Rect::new(0.6, 0.3, 0.1, 0.03)];
    ringed.page(0).seals.push(Seal { text: Some("云泉恒原网络工程有限公司".into()), ..seal(0.2, 0.65) });
    ringed.page(0).lines.push(line("网络工", Rect::new(0.31, 0.7, 0.06, 0.02)));
    review(run(&ringed, &pack), "印章盖在签字处");
    let last = ringed.page(0).lines.len() - 1;
    ringed.page(0).lines[last].text = "卞志远".into();
    passed(&run(&ringed, &pack));
}

#[test]
fn prose_about_signing_is_no_place_to_sign() {
    let mut packet = Packet::default();
    packet.add(Doc::loose(AppraisalOpinion, 1));
    packet.page(0).lines.push(line("鉴定意见由单位主要负责人签字，盖单位公章。", Rect::new(0.1, 0.7, 0.6, 0.02)));
    let pack = asks(MissingSignature { material: vec![AppraisalOpinion], place: None, ..rule() });
    review(run(&packet, &pack), "未找到签字的地方");
    packet.page(0).strokes = vec![Rect::new(0.6, 0.8, 0.1, 0.03)];
    passed(&run(&packet, &pack));
}

#[test]
fn a_name_chop_is_for_review_unless_the_own_hand_or_a_chop_is_asked() {
    let mut packet = form();
    packet.page(0).seals = vec![chop(Rect::new(0.37, 0.685, 0.085, 0.06))];
    review(run(&packet, &asks(rule())), "名章");
    passed(&run(&packet, &asks(MissingSignature { chop: true, ..rule() })));
    let found = defects(run(&packet, &asks(MissingSignature { own_hand: true, ..rule() })));
    assert!(found[0].message.contains("名章"));
    packet.page(0).strokes = vec![NAME];
    passed(&run(&packet, &asks(MissingSignature { own_hand: true, ..rule() })));
}

#[test]
fn a_name_that_the_form_prints_is_for_review() {
    let mut packet = form();
    packet.page(0).lines.push(line("宋天佑", NAME));
    packet.page(0).source = TextSource::Glyphs;
    review(run(&packet, &asks(rule())), "打印");
}

#[test]
fn what_cannot_be_seen_is_for_review() {
    let pack = asks(rule());
    let mut packet = form();
    packet.page(0).seals = vec![seal(0.38, 0.65)];
    review(run(&packet, &pack), "有印章盖在签字处");
    let mut packet = form();
    packet.page(0).quality.colour = ColourMode::Bilevel;
    review(run(&packet, &pack), "黑白");
    let mut packet = form();
    packet.page(0).quality.degraded = vec![Degraded::ImageDropped("JPXDecode".into())];
    review(run(&packet, &pack), "不完整");
    let mut packet = form();
    packet.facts.places[0].confidence = 0.4;
    review(run(&packet, &pack), "位置没有把握");
    let mut packet = form();
    packet.facts.spans[0].confidence = 0.5;
    review(run(&packet, &pack), "材料识别");
}

#[test]
fn a_grey_scan_shows_ink_as_well() {
    let mut packet = form();
    packet.page(0).quality.colour = ColourMode::Grey;
    defects(run(&packet, &asks(rule())));
}

#[test]
fn a_piece_of_a_copied_seals_rim_is_no_signature_and_a_name_over_it_is_one() {
    let under = |text: &str, down: f32| {
        let mut packet = form();
        let rim = Seal { colour: SealColour::Black, rect: Rect::new(0.35, 0.64, 0.2, 0.14), ..seal(0.0, 0.0) };
        packet.page(0).seals.push(rim);
        packet.page(0).lines.push(line(text, Rect { y: NAME.y + down, ..NAME }));
        run(&packet, &asks(rule()))
    };
    review(under("澄湖县供水", -0.02), "印章盖在签字处");
    passed(&under("宋天佑", -0.02));
    passed(&under("志远", 0.002));
}

#[test]
fn the_next_place_to_sign_ends_one_with_its_name_behind_it() {
    let pack = asks(MissingSignature { labels: vec!["填写人（签名）".into()], ..rule() });
    let signed = |first: &str| {
        let mut packet = form();
        packet.page(0).lines[7] = line(first, Rect::new(0.15, 0.695, 0.15, 0.02));
        packet.page(0).lines.push(line("审核人（签名）华晓岚", Rect::new(0.42, 0.695, 0.2, 0.02)));
        run(&packet, &pack)
    };
    assert_eq!(defects(signed("填写人（签名）")).len(), 1);
    passed(&signed("填写人（签名）伍美国"));
    // The same label in two pieces.
    let mut packet = form();
    packet.page(0).lines[7] = line("填写人", Rect::new(0.15, 0.695, 0.08, 0.02));
    packet.page(0).lines.push(line("签名：伍美国", Rect::new(0.3, 0.695, 0.15, 0.02)));
    let bare = asks(MissingSignature { labels: vec!["填写人".into()], ..rule() });
    passed(&run(&packet, &bare));
}

#[test]
fn each_label_that_the_pack_names_must_be_signed_on_the_pages_it_names() {
    let labels = ["责任人（签字）".to_owned(), "负责人（签字）".to_owned()];
    let pack =
        asks(MissingSignature { place: None, labels: labels.to_vec(), on_page: vec!["承诺".into()], ..rule() });
    let mut packet = Packet::default();
    packet.add(Doc::loose(ReviewForm, 2));
    for page in 0..2 {
        packet.page(page).lines.push(line("责任人（签字）：", Rect::new(0.15, 0.7, 0.2, 0.02)));
        packet.page(page).lines.push(line("负责人（签字）：", Rect::new(0.15, 0.76, 0.2, 0.02)));
    }
    passed(&run(&packet, &pack));
    packet.page(1).lines.push(line("承 诺 书", Rect::new(0.4, 0.05, 0.2, 0.03)));
    packet.page(1).strokes = vec![Rect::new(0.36, 0.695, 0.12, 0.025)];
    let found = defects(run(&packet, &pack));
    assert_eq!((found.len(), found[0].place.page), (1, Some(1)));
    assert!(found[0].message.contains("“负责人签字”"), "{}", found[0].message);
}

#[test]
fn an_office_above_may_still_have_to_act() {
    let pack = asks(MissingSignature { later_office: true, ..rule() });
    let mut packet = form();
    packet.facts.places[0].text.clear();
    passed(&run(&packet, &pack));
    packet.facts.places[0].text = "经审核，同意推荐。2024年11月05日".into();
    defects(run(&packet, &pack));
}

#[test]
fn a_bound_copy_beside_its_loose_original_is_not_asked_twice() {
    let mut packet = form();
    let copy = packet.add(Doc::bound(ReviewForm, 1, 1));
    packet.place("unit-opinion", copy, BOX);
    packet.page(copy).lines.push(line("单位负责人签字：", Rect::new(0.15, 0.695, 0.2, 0.02)));
    packet.page(0).strokes = vec![NAME];
    passed(&run(&packet, &asks(rule())));
}

#[test]
fn the_name_on_a_chop_is_no_signature() {
    let chop = Rect::new(0.37, 0.68, 0.075, 0.05);
    let mut packet = form();
    packet.page(0).seals.push(Seal { rect: chop, shape: SealShape::Square, diameter_mm: 15.0, ..seal(0.4, 0.7) });
    packet.page(0).lines.push(line("方东", chop.grown(-0.01, -0.01)));
    review(run(&packet, &asks(rule())), "只有名章");
    defects(run(&packet, &asks(MissingSignature { own_hand: true, ..rule() })));
    packet.page(0).lines.push(line("宋天佑", Rect::new(0.46, 0.695, 0.08, 0.02)));
    passed(&run(&packet, &asks(rule())));
}
