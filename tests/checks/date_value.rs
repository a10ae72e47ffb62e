use material_audit::check::CheckResult;
use material_audit::model::finding::Verdict;
use material_audit::model::geometry::Rect;
use material_audit::model::layout::{Cell, Table};
use material_audit::model::material::Material::{AppraisalOpinion, PensionProof, PublicityProof, ReviewForm};
use material_audit::pack::rules::fields::{ColumnRef, DateAt, DateRule, DateValue, FieldRef, Moment};
use material_audit::pack::rules::periods::{Kind, PublicityPeriod};
use material_audit::pack::rules::{FieldKind, FormField, RulePack};

use crate::build::*;
use crate::lines::lines;

fn asks(rule: DateRule) -> RulePack {
    let mut pack = pack();
    let field = |label: &str, kind| FormField { labels: vec![label.into()], kind, column: false };
    pack.forms[0].fields.extend([
        field("出生年月", FieldKind::Date),
        field("聘任时间", FieldKind::Date),
        field("参加工作时间", FieldKind::Date),
    ]);
    pack.checks.fields.date_value = vec![DateValue { basis: basis(), rule }];
    pack
}

fn at(label: &str) -> FieldRef {
    FieldRef { material: vec![ReviewForm], label: label.into() }
}

const fn day(year: u16, month: u8, day: u8) -> Moment {
    Moment { year, month, day: Some(day) }
}

fn form(cells: &[(&str, &str)]) -> Packet {
    let mut packet = Packet::default();
    packet.add(Doc::loose(ReviewForm, 2));
    for (label, text) in cells {
        packet.field(label, 1, text);
    }
    packet
}

fn possible(text: &str) -> CheckResult {
    let rule = DateRule::Possible { material: vec![ReviewForm], latest: Some(day(2024, 11, 30)) };
    form(&[("起止时间", text)]).run("date-value", &asks(rule))
}

#[test]
fn dates_that_can_be() {
    for text in ["2014年03月-2016年05月", "2016年06月至今", "2024年11月", "2019年02月28日", "无", "2019年13月", ""]
    {
        passed(&possible(text));
    }
}

#[test]
fn dates_that_cannot() {
    for (text, why) in [
        ("2019年02月30日", "不存在"),
        ("2016年05月-2014年03月", "止点2014年3月早于起点2016年5月"),
        ("2025年01月", "申报时还没有到"),
    ] {
        let found = defects(possible(text));
        assert!(found[0].message.contains(why), "{}", found[0].message);
    }
}

#[test]
fn two_months_without_their_dash_are_a_beginning_and_an_end() {
    passed(&possible("2014年03月2016年05月"));
    let found = defects(possible("2016年05月2014年03月"));
    assert!(found[0].message.contains("止点2014年3月早于起点2016年5月"), "{}", found[0].message);
    passed(&possible("2016年05月、2014年03月"));
}

#[test]
fn an_unsure_date_is_for_review() {
    let rule = DateRule::Possible { material: vec![ReviewForm], latest: None };
    let mut packet = form(&[("起止时间", "2016年05月-2014年03月")]);
    packet.facts.fields[0].confidence = 0.7;
    review(packet.run("date-value", &asks(rule.clone())), "未能可靠识别");
    packet.facts.fields[0].hand = true;
    passed(&packet.run("date-value", &asks(rule)));
}

fn apart(earlier: &str, later: DateAt, months: u16) -> RulePack {
    asks(DateRule::Apart { earlier: DateAt::Field(at(earlier)), later, months })
}

#[test]
fn one_date_before_another_or_too_soon_after_it() {
    let pack = apart("出生年月", DateAt::Field(at("参加工作时间")), 180);
    passed(&form(&[("出生年月", "1992年10月"), ("参加工作时间", "2014年10月")]).run("date-value", &pack));
    passed(&form(&[("出生年月", "1992年10月"), ("参加工作时间", "2007年10月")]).run("date-value", &pack));
    passed(&form(&[("出生年月", "1992年10月")]).run("date-value", &pack));
    let found = defects(form(&[("出生年月", "1992年10月"), ("参加工作时间", "2004年10月")]).run("date-value", &pack));
    assert!(found[0].message.contains("不满15年"), "{}", found[0].message);
}

#[test]
fn a_date_after_the_notices_own() {
    let pack = apart("聘任时间", DateAt::Fixed(day(2018, 12, 31)), 0);
    passed(&form(&[("聘任时间", "2018年12月")]).run("date-value", &pack));
    let found = defects(form(&[("聘任时间", "2019年01月")]).run("date-value", &pack));
    assert!(found[0].message.contains("晚于规定的2018年12月31日"), "{}", found[0].message);
    let two = form(&[("聘任时间", "2019年01月"), ("聘任时间", "2016年01月")]);
    passed(&two.run("date-value", &pack));
}

#[test]
fn work_done_before_the_present_post() {
    let column = ColumnRef { field: at("起止时间"), beside: vec!["工作内容".into()] };
    let pack = asks(DateRule::Since { column, start: DateAt::Field(at("聘任时间")) });
    let packet = |dates: &str| {
        let mut packet = form(&[("聘任时间", "2018年01月")]);
        packet.field("起止时间", 1, dates).row = Some(0);
        packet.field("工作内容", 1, "负责设计").row = Some(0);
        packet.field("起止时间", 1, "2009年09月-2013年07月").row = Some(9);
        packet
    };
    passed(&packet("2017年06月-2018年02月").run("date-value", &pack));
    let found = defects(packet("2015年01月-2016年02月").run("date-value", &pack));
    assert!(found[0].message.contains("早于任现职的时间2018年1月"), "{}", found[0].message);
}

#[test]
fn of_retirement_age() {
    let rule =
        || DateRule::Age { birth: at("出生年月"), sex: at("性别"), on: day(2022, 7, 25), men: 60, women: 55 };
    passed(&form(&[("出生年月", "1962年07月")]).run("date-value", &asks(rule())));
    defects(form(&[("出生年月", "1962年06月")]).run("date-value", &asks(rule())));
    passed(&form(&[("出生年月", "1966年06月"), ("性别", "男")]).run("date-value", &asks(rule())));
    defects(form(&[("出生年月", "1966年06月"), ("性别", "女")]).run("date-value", &asks(rule())));
}

#[test]
fn more_years_than_have_passed() {
    let rule =
        || DateRule::WholeYears { value: at("工作内容"), since: at("参加工作时间"), on: day(2019, 12, 31) };
    let years =
        |text: &str| form(&[("参加工作时间", "2014年07月"), ("工作内容", text)]).run("date-value", &asks(rule()));
    passed(&years("5年"));
    passed(&years("4"));
    assert!(defects(years("6年"))[0].message.contains("实足只有5年"));
}

fn paid(lines_of: &[&[&str]], months: u16) -> CheckResult {
    let mut packet = Packet::default();
    for (n, text) in lines_of.iter().enumerate() {
        packet.add(Doc::loose(PensionProof, 1));
        packet.page(n).lines = lines(text);
    }
    packet.run("date-value", &asks(DateRule::CoveredMonths { material: vec![PensionProof], months }))
}

#[test]
fn months_that_proofs_of_contributions_cover() {
    let year: &[&str] =
        &["自2018年10月至2019年09月，已连续缴纳养老保险费，累计1", "2个月。", "打印日期：2019年10月11日"];
    assert!(defects(paid(&[year], 36))[0].message.contains("写明累计12个月，少于要求的36个月"));
    passed(&paid(&[year], 12));
    let rows: &[&str] = &["2016年10月-2016年12月 3", "2017年01月-2018年09月 21"];
    passed(&paid(&[year, rows], 36));
    // What is only listed may go on elsewhere, and what is listed twice counts once.
    review(paid(&[rows, rows], 36), "合计24个月");
    review(paid(&[&["累计缴费月数：30", "2017年01月至2017年12月"]], 36), "30个月");
    passed(&paid(&[&["基本养老保险参保证明", "该同志正常参保"]], 36));
}

#[test]
fn a_stretch_that_ends_in_the_future_may_be_a_term() {
    review(possible("2021年06月-2026年06月"), "聘期");
    assert!(defects(possible("2025年06月-2026年06月"))[0].message.contains("申报时还没有到"));
}

fn cell(col: u16, x: f32, w: f32) -> Cell {
    Cell { rect: Rect::new(x, 0.18, w, 0.1), row: 0, col, row_span: 1, col_span: 1 }
}

fn published(opinion: &str) -> Packet {
    let mut packet = Packet::default();
    packet.add(Doc::loose(PublicityProof, 1));
    packet.page(0).lines = lines(&["公示时间：2024年10月8日至10月14日", "公示时间：2024年10月15日", "至10月21日"]);
    packet.add(Doc::loose(AppraisalOpinion, 1));
    packet.page(1).lines = lines(&["自2019年1月1日起任现职，同意推荐。", opinion]);
    packet
}

#[test]
fn an_opinion_only_after_the_notices_were_posted() {
    let pack = asks(DateRule::AfterPublicity {
        opinion: vec![AppraisalOpinion],
        place: None,
        publicity: vec![PublicityProof],
    });
    passed(&published("2024年10月22日").run("date-value", &pack));
    passed(&published("年 月 日").run("date-value", &pack));
    let found = review(published("2024年10月16日").run("date-value", &pack), "早于公示结束");
    assert_eq!(found.verdict, Verdict::Review);
    defects(published("2024年10月1日").run("date-value", &pack));
    // Ranges that wrap inside their cells, the other columns' lines between them.
    let mut table = published("2024年10月1日");
    table.page(0).lines = lines(&["2024年10月8日至2024年10月", "单位公示栏", "14日，共5个工作日"]);
    table.page(0).lines[0].rect = Rect::new(0.3, 0.2, 0.25, 0.02);
    table.page(0).lines[1].rect = Rect::new(0.6, 0.21, 0.1, 0.02);
    table.page(0).lines[2].rect = Rect::new(0.3, 0.225, 0.2, 0.02);
    table.page(0).tables =
        vec![Table { rect: Rect::new(0.28, 0.18, 0.5, 0.1), cells: vec![cell(0, 0.28, 0.3), cell(1, 0.58, 0.2)] }];
    defects(table.run("date-value", &pack));
    let mut hand = published("2024年10月1日");
    hand.page(1).lines[1].hand = true;
    review(hand.run("date-value", &pack), "手写");
}

#[test]
fn an_opinion_may_precede_its_own_publicity() {
    let mut pack = asks(DateRule::AfterPublicity {
        opinion: vec![AppraisalOpinion],
        place: None,
        publicity: vec![PublicityProof],
    });
    let kind = |name: &str, word: &str| Kind { name: name.into(), words: vec![word.into()] };
    pack.checks.periods.publicity = vec![PublicityPeriod {
        basis: basis(),
        material: vec![PublicityProof],
        shown_by: vec![],
        kinds: vec![
            kind("评审条件公示", "评审条件"),
            kind("申报材料公示", "申报材料"),
            kind("单位鉴定意见公示", "鉴定意见"),
        ],
        days: None,
    }];
    let of = |signed: &str| {
        let mut packet = published(signed);
        packet.page(0).lines = lines(&[
            "评审条件公示2024年10月8日至10月14日",
            "申报材料公示2024年10月8日至10月14日",
            "单位鉴定意见公示2024年10月16日至10月22日",
        ]);
        packet.run("date-value", &pack)
    };
    passed(&of("2024年10月15日"));
    review(of("2024年10月10日"), "早于公示结束");
    defects(of("2024年10月1日"));
}
