use material_audit::check::CheckResult;
use material_audit::model::finding::Verdict;
use material_audit::model::material::Material::ReviewForm;
use material_audit::pack::rules::{DateFormat, DatePattern, RulePack};

use crate::build::*;

fn asks(pattern: DatePattern) -> RulePack {
    let mut pack = pack();
    pack.checks.date_format =
        vec![DateFormat { basis: basis(), materials: vec![ReviewForm], pattern, open_end: vec!["至今".into()] }];
    pack
}

fn padded() -> RulePack {
    asks(DatePattern::YearMonthTwoDigits)
}

/// A review form with these cells under 起止时间 on its second page.
fn form(cells: &[&str]) -> Packet {
    let mut packet = Packet::default();
    packet.add(Doc::loose(ReviewForm, 3));
    for text in cells {
        packet.field("起止时间", 1, text);
    }
    packet
}

fn run(packet: &Packet) -> CheckResult {
    packet.run("date-format", &padded())
}

#[test]
fn clean() {
    passed(&run(&form(&["2014年03月一\n2016年05月", "2016年06月至今", "", "无"])));
}

#[test]
fn one_finding_per_cell_names_every_bad_date() {
    let found = defects(run(&form(&["2014.3-2016.5", "2016年06月", "2017年7月"])));
    assert_eq!(found.len(), 2);
    assert!(found[0].message.contains("“2014.3”、“2016.5”"), "{}", found[0].message);
    assert_eq!(found[0].seen, "“2014.3-2016.5”");
    assert!(found[1].message.contains("月份不是两位"), "{}", found[1].message);
    assert_ne!(found[0].key, found[1].key);
}

#[test]
fn the_key_survives_an_inserted_page() {
    let key = |packet: &Packet| defects(run(packet)).remove(0).key;
    let mut moved = Packet::default();
    moved.push_page("空白.pdf", blank());
    moved.add(Doc::loose(ReviewForm, 3));
    moved.field("起止时间", 2, "2014.3");
    assert_eq!(key(&form(&["2014.3"])), key(&moved));
}

#[test]
fn an_unsure_or_covered_cell_is_for_review() {
    let mut packet = form(&[]);
    packet.field("起止时间", 1, "2017年7月").confidence = 0.5;
    packet.field("起止时间", 1, "2018年7月").obscured = true;
    review(run(&packet), "2018年7月");
    let mut packet = form(&["2017年7月"]);
    packet.facts.spans[0].confidence = 0.4;
    review(run(&packet), "核对");
}

#[test]
fn what_may_be_a_lost_sign_or_a_fair_reading_is_for_review() {
    for text in ["2019年07月15日", "2019年07", "201907", "2019年", "201年07月"] {
        review(run(&form(&[text])), text);
    }
    let mut packet = form(&[]);
    packet.field("起止时间", 1, "2019年1月").confidence = 0.85;
    review(run(&packet), "2019年1月");
    defects(run(&form(&["2019年1月"])));
}

#[test]
fn defects_and_one_review_per_page_stand_side_by_side() {
    let CheckResult::Defects(found) = run(&form(&["2019.7", "2019年07", "2020年07"])) else { panic!("a defect") };
    let count = |v| found.iter().filter(|f| f.verdict == v).count();
    assert_eq!((count(Verdict::Defect), count(Verdict::Review)), (1, 1));
}

#[test]
fn only_time_columns_are_judged() {
    let mut packet = form(&[]);
    packet.field("工作内容", 1, "2019.7 起任组长");
    packet.field("没有列出的栏", 1, "2019.7");
    passed(&run(&packet));
    packet.field("现任职务及取得时间", 1, "工程师 2017年12月 晋人社〔2017〕7号 2019");
    passed(&run(&packet));
    packet.field("现任职务及取得时间", 2, "工程师 2017.12");
    assert_eq!(defects(run(&packet))[0].place.page, Some(2));
}

#[test]
fn the_other_notice_asks_for_no_leading_zero() {
    let plain = asks(DatePattern::YearMonthPlain);
    passed(&form(&["2008年6月—2010年12月"]).run("date-format", &plain));
    defects(form(&["2008年06月"]).run("date-format", &plain));
}

#[test]
fn a_cell_found_twice_is_judged_once() {
    let mut packet = form(&["2014.3"]);
    let again = packet.facts.fields[0].clone();
    packet.facts.fields.push(again);
    assert_eq!(defects(run(&packet)).len(), 1);
}
