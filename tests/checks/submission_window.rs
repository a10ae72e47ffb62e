use jiff::civil::date;
use material_audit::check::CheckResult;
use material_audit::model::geometry::Rect;
use material_audit::model::material::Material::{RecommendationReport, ReviewForm};
use material_audit::model::text::TextLine;
use material_audit::pack::rules::RulePack;
use material_audit::pack::rules::content::SubmissionWindow;

use crate::build::*;

fn asks() -> RulePack {
    let mut pack = pack();
    pack.checks.content.submission_window = vec![SubmissionWindow {
        basis: basis(),
        first: None,
        last: date(2024, 11, 30),
        material: vec![RecommendationReport],
        form: vec![ReviewForm],
        places: vec!["unit-opinion".into()],
        fields: vec!["填表时间".into()],
    }];
    pack
}

/// A report that ends with these lines.
fn letter(lines: &[&str]) -> Packet {
    let mut packet = Packet::default();
    packet.add(Doc::loose(RecommendationReport, 1));
    let line = |(i, text): (usize, &&str)| TextLine {
        text: (*text).into(),
        rect: Rect::new(0.5, 0.6 + 0.03 * i as f32, 0.2, 0.02),
        confidence: 0.98,
        chars: vec![],
        vertical: false,
        hand: false,
    };
    packet.page(0).lines = lines.iter().enumerate().map(line).collect();
    packet
}

fn run(packet: &Packet) -> CheckResult {
    packet.run("submission-window", &asks())
}

#[test]
fn clean() {
    for lines in [
        &["2024年11月30日"][..],
        &["日期：2024年11月", "2024 年 9 月 3 日"],
        &["公示时间：2024年12月1日至2024年12月8日"],
        &["有效期至2025年3月1日"],
        &["3024年12月5日"],
        &[],
    ] {
        passed(&run(&letter(lines)));
    }
}

#[test]
fn after_the_last_day() {
    let found = defects(run(&letter(&["2024年11月6日", "2024年12月2日"])));
    assert!(found[0].message.contains("“2024年12月2日”晚于截止日2024年11月30日"), "{}", found[0].message);
    defects(run(&letter(&["2024年12月"])));
    let mut packet = Packet::default();
    packet.add(Doc::loose(ReviewForm, 3));
    packet.field("填表时间", 0, "2024年12月");
    assert_eq!(defects(run(&packet))[0].key, "review-form#1/填表时间");
    for (text, late) in [("2024.12", true), ("2024-11", false), ("2024.13", false)] {
        let mut packet = Packet::default();
        packet.add(Doc::loose(ReviewForm, 3));
        packet.field("填表时间", 0, text);
        match late {
            true => assert_eq!(defects(run(&packet)).len(), 1, "{text}"),
            false => passed(&run(&packet)),
        }
    }
}

#[test]
fn an_unsure_date_is_for_review() {
    let mut packet = letter(&["2024年12月2日"]);
    packet.page(0).lines[0].hand = true;
    review(run(&packet), "手写");
    let mut packet = letter(&["2024年12月2日"]);
    packet.page(0).seals.push(seal(0.5, 0.58));
    review(run(&packet), "印章");
    let mut packet = letter(&["2024年12月2日"]);
    packet.page(0).lines[0].confidence = 0.6;
    review(run(&packet), "把握不足");
}

#[test]
fn a_letter_of_last_year_is_for_review() {
    review(run(&letter(&["2023年10月8日"])), "往年");
    passed(&run(&letter(&["2023年10月8日", "2024年10月8日"])));
}

#[test]
fn a_place_is_judged_by_its_date() {
    let mut packet = Packet::default();
    packet.add(Doc::loose(ReviewForm, 1));
    packet.page(0).lines[0].text = "2024年12月9日".into();
    packet.page(0).lines[0].rect = Rect::new(0.5, 0.3, 0.2, 0.02);
    packet.place("unit-opinion", 0, Rect::new(0.1, 0.2, 0.8, 0.2)).text = "同意推荐\n2024年12月9日".into();
    defects(run(&packet));
    packet.facts.places[0].text = "同意推荐".into();
    passed(&run(&packet));
}
