use material_audit::model::geometry::Rect;
use material_audit::model::likeness::Thumb;
use material_audit::model::material::Material::{AppraisalOpinion, RecommendationReport, ReviewForm};
use material_audit::model::packet::Level;
use material_audit::model::text::TextLine;
use material_audit::pack::rules::RulePack;
use material_audit::pack::rules::content::{OpinionWording, Wording};

use crate::build::*;

fn wording(any: &[&str]) -> Wording {
    Wording { name: any[0].into(), any: any.iter().map(|w| (*w).to_owned()).collect() }
}

fn rule() -> OpinionWording {
    OpinionWording {
        basis: basis(),
        material: vec![ReviewForm],
        place: Some("unit-opinion".into()),
        more_than_agreement: false,
        states: vec![],
        topics: vec![],
        level: false,
        cites: false,
        later_office: false,
        any_document: false,
    }
}

fn asks(rule: OpinionWording) -> RulePack {
    let mut pack = pack();
    pack.checks.content.opinion_wording = vec![rule];
    pack
}

fn recommend() -> RulePack {
    asks(OpinionWording { states: vec![wording(&["同意推荐", "同意…推荐"])], ..rule() })
}

fn in_detail() -> RulePack {
    let topics = vec![wording(&["品德", "政治"]), wording(&["理论"]), wording(&["能力"])];
    asks(OpinionWording { more_than_agreement: true, level: true, topics, ..rule() })
}

fn line(text: &str, x: f32, y: f32) -> TextLine {
    let w = 0.02 * text.chars().count() as f32;
    let rect = Rect::new(x, y, w, 0.02);
    TextLine { text: text.into(), rect, confidence: 0.98, chars: vec![], vertical: false, hand: false }
}

/// A review form whose box reads so.
fn form(text: &str) -> Packet {
    let mut packet = Packet::default();
    packet.add(Doc::loose(ReviewForm, 2));
    packet.applicant().level = Some(Level::AssistantEngineer);
    packet.page(1).lines = text.lines().enumerate().map(|(i, t)| line(t, 0.2, 0.3 + 0.03 * i as f32)).collect();
    packet.place("unit-opinion", 1, Rect::new(0.1, 0.25, 0.8, 0.3)).text = text.into();
    packet
}

#[test]
fn clean() {
    for text in
        ["经审核，情况属实，\n同意推荐。\n负责人签字：\n顾延庆\n（公章）\n2024年11月4日", "同意该同志推荐参加评审"]
    {
        passed(&form(text).run("opinion-wording", &recommend()));
    }
    let detailed = "政治坚定，理论扎实，能力较强，\n经集体研究，同意其申报助理工\n程师。\n负责人签字：\n2024年11月4日";
    passed(&form(detailed).run("opinion-wording", &in_detail()));
}

#[test]
fn an_empty_box_is_the_seals_matter() {
    for text in ["", "负责人签字：（公章）\n年 月 日"] {
        passed(&form(text).run("opinion-wording", &recommend()));
    }
}

#[test]
fn bare_agreement_and_missing_wording() {
    let found = defects(form("同意。\n负责人签字：\n顾延庆\n（公章）").run("opinion-wording", &in_detail()));
    assert!(found[0].message.contains("只写了同意"), "{}", found[0].message);
    let found = defects(form("情况属实，同意。\n（公章）\n2024年11月4日").run("opinion-wording", &recommend()));
    assert!(found[0].message.contains("没有写明“同意推荐”"), "{}", found[0].message);
    assert_eq!(found[0].key, "review-form#1/unit-opinion");
    let other = "政治坚定，理论扎实，能力较强，现任助理工程师，同意其申报工程师。";
    let found = defects(form(other).run("opinion-wording", &in_detail()));
    assert!(found[0].message.contains("申报工程师，与本人申报的助理工程师不一致"), "{}", found[0].message);
}

#[test]
fn a_doubtful_reading_is_for_review() {
    review(form("经审核情况属实，同意椎荐").run("opinion-wording", &recommend()), "没有读到完整的");
    let one_short = "政治坚定，能力较强，经研究同意其申报助理工程师。";
    review(form(one_short).run("opinion-wording", &in_detail()), "没有写到理论");
    let no_level = "政治坚定，理论扎实，能力较强，同意申报。";
    review(form(no_level).run("opinion-wording", &in_detail()), "没有写明同意申报的职称");

    let mut stamped = form("同意。");
    stamped.page(1).seals.push(seal(0.18, 0.25));
    review(stamped.run("opinion-wording", &recommend()), "印章压着");
    let mut unsure = form("同意。");
    unsure.page(1).lines[0].confidence = 0.5;
    review(unsure.run("opinion-wording", &recommend()), "识别把握不足");
    let mut astray = form("同意。");
    astray.facts.places[0].confidence = 0.4;
    review(astray.run("opinion-wording", &recommend()), "栏目位置");
}

#[test]
fn of_handwriting_only_what_was_read_counts() {
    let by_hand = |text: &str| {
        let mut packet = form(text);
        packet.facts.places[0].hand = true;
        for line in &mut packet.page(1).lines {
            line.hand = true;
        }
        packet
    };
    review(by_hand("同意。").run("opinion-wording", &recommend()), "手写");
    passed(&by_hand("闰惹捱荐").run("opinion-wording", &recommend()));
    // A signature by hand doesn't make a printed opinion handwritten.
    let mut signed = form("同意。\n负责人签字：\n顾延庆");
    signed.facts.places[0].hand = true;
    signed.page(1).lines[2].hand = true;
    defects(signed.run("opinion-wording", &recommend()));
}

#[test]
fn one_document_may_say_it_for_all() {
    let pack = asks(OpinionWording {
        material: vec![AppraisalOpinion, RecommendationReport],
        place: None,
        states: vec![wording(&["无异议"])],
        any_document: true,
        ..rule()
    });
    let document = |texts: &[&str]| {
        let mut packet = Packet::default();
        for text in texts {
            let first = packet.add(Doc::loose(AppraisalOpinion, 1));
            packet.page(first).lines = vec![
                line(text, 0.1, 0.2),
                line("该同志学历资历和工作能力都符合条件，经研究同意推荐", 0.1, 0.3),
                line("上报材料经过核对真实有效", 0.1, 0.4),
            ];
        }
        packet
    };
    passed(&document(&["公示期间", "公示无异议"]).run("opinion-wording", &pack));
    assert_eq!(defects(document(&["公示期间", "公示"]).run("opinion-wording", &pack)).len(), 1);
    passed(&document(&[]).run("opinion-wording", &pack));
}

#[test]
fn clauses_of_the_conditions_are_cited() {
    let pack = asks(OpinionWording { cites: true, ..rule() });
    passed(&form("符合工作能力条件第（1）（3）条，同意推荐").run("opinion-wording", &pack));
    review(form("工作能力较强，业绩成果突出，同意推荐").run("opinion-wording", &pack), "哪些条款");
}

#[test]
fn a_signature_beside_its_prompt_is_no_part_of_the_opinion() {
    // A high hand: the name is read before the prompt it follows.
    let mut packet = form("该同志表现良好，同意。\n顾延庆\n负责人签字：\n（公章）");
    packet.page(1).lines[1] = TextLine { hand: true, ..line("顾延庆", 0.45, 0.355) };
    packet.page(1).lines[2] = line("负责人签字：", 0.2, 0.36);
    packet.facts.places[0].hand = true;
    let found = defects(packet.run("opinion-wording", &recommend()));
    assert!(found[0].seen.contains("同意") && !found[0].seen.contains("顾延庆"), "{}", found[0].seen);
    // The opinion itself written by hand stays with a person.
    packet.page(1).lines[0].hand = true;
    review(packet.run("opinion-wording", &recommend()), "手写");
}

#[test]
fn a_line_of_print_that_was_not_read_may_hold_the_words() {
    let ink_at = |rows: &[usize]| {
        let mut packet = form("该同志表现良好，符合条件。");
        // Cells of a page of 30 by 42: the line read lies in row 13, the box from row 11 to row 22.
        let inked = |i: usize| rows.contains(&(i / 30)) && (6..16).contains(&(i % 30));
        let ink: Vec<f32> = (0..30 * 42).map(|i| if inked(i) { 0.3 } else { 0.0 }).collect();
        packet.page(1).picture = Thumb::of(30, &ink);
        packet
    };
    defects(ink_at(&[13]).run("opinion-wording", &recommend()));
    review(ink_at(&[13, 16]).run("opinion-wording", &recommend()), "没有读出");
    defects(ink_at(&[13, 30]).run("opinion-wording", &recommend()));
}
