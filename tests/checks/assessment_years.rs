use material_audit::check::CheckResult;
use material_audit::model::finding::Verdict;
use material_audit::model::geometry::Rect;
use material_audit::model::material::Material::{AppointmentCertificate, AssessmentForm, Other, ReviewForm};
use material_audit::model::packet::Route;
use material_audit::model::text::TextLine;
use material_audit::pack::rules::RulePack;
use material_audit::pack::rules::periods::{AssessmentYears, Years};

use crate::build::*;

fn line(n: usize, text: &str) -> TextLine {
    TextLine {
        text: text.into(),
        rect: Rect::new(0.15, 0.1 + 0.04 * n as f32, 0.6, 0.02),
        confidence: 0.97,
        chars: vec![],
        vertical: false,
        hand: false,
    }
}

fn write(packet: &mut Packet, page: usize, lines: &[&str]) {
    packet.page(page).lines = lines.iter().enumerate().map(|(n, t)| line(n, t)).collect();
}

fn years(each: &[i16], any: &[i16], term: Option<i16>) -> Years {
    Years { each: each.to_vec(), any: any.to_vec(), term_to: term, term_most: term.map(|_| 5) }
}

fn asks(rule: impl Fn(&mut AssessmentYears)) -> RulePack {
    let mut pack = pack();
    pack.materials.push(entry(AssessmentForm, "考核登记表", None, None));
    let mut asked = AssessmentYears {
        basis: basis(),
        material: vec![AssessmentForm],
        years: Years::default(),
        count: 0,
        below: None,
    };
    rule(&mut asked);
    pack.checks.periods.assessment = vec![asked];
    pack
}

fn term() -> RulePack {
    asks(|r| r.years = years(&[2023], &[], Some(2023)))
}

/// One form of two pages per year.
fn forms(titles: &[&str]) -> Packet {
    let mut packet = Packet::default();
    for title in titles {
        let page = packet.add(Doc::bound(AssessmentForm, 0, 2));
        write(&mut packet, page, &["专业技术人员考核登记表", title, "填表时间", "2024年01月"]);
        write(&mut packet, page + 1, &["初评意见", "建议评为合格等次。", "经考核，考核等次为合格。"]);
    }
    packet.applicant().appointed = Some("2020年1月".into());
    packet
}

fn run(packet: &Packet) -> CheckResult {
    packet.run("assessment-years", &term())
}

#[test]
fn clean() {
    passed(&run(&forms(&["（2020年度）", "(2021 年度)", "2022年度", "（2023 年度）", "任职期满"])));
    passed(&Packet::default().run("assessment-years", &term()));
}

#[test]
fn missing_years_are_one_defect() {
    let found = defects(run(&forms(&["（2020年度）", "（2023年度）"])));
    assert_eq!(found.len(), 1);
    assert!(found[0].message.contains("缺2021、2022年度的考核（已有2020、2023年度）"), "{}", found[0].message);
}

#[test]
fn a_form_whose_year_is_not_read_leaves_it_to_a_person_once() {
    let found = review(run(&forms(&["（2020年度）", "考核登记类型年度", "（2023年度）"])), "年度未能读出");
    assert!(found.message.contains("2021、2022年度"), "{}", found.message);
    let mut packet = forms(&["（2020年度）", "（2021年度）", "（2023年度）"]);
    packet.page(2).lines[1].hand = true;
    review(run(&packet), "未能可靠识别");
    let mut packet = forms(&["（2020年度）", "（2021年度）", "（2023年度）"]);
    packet.facts.spans[1].confidence = 0.5;
    review(run(&packet), "对照原件核对");
}

#[test]
fn one_year_twice_may_be_a_misread_one() {
    review(run(&forms(&["（2020年度）", "（2021年度）", "（2023年度）", "（2023年度）"])), "2022年度");
}

#[test]
fn a_form_filed_as_something_else_is_there() {
    let mut packet = forms(&["（2020年度）", "（2021年度）", "（2023年度）"]);
    let stray = packet.add(Doc::loose(Other, 1));
    write(&mut packet, stray, &["考核登记表", "（2022年度）"]);
    passed(&run(&packet));
}

#[test]
fn years_beyond_five_and_the_year_of_a_late_appointment_are_left_to_a_person() {
    let mut packet = forms(&["（2019年度）", "（2020年度）", "（2021年度）", "（2022年度）", "（2023年度）"]);
    packet.applicant().appointed = Some("2017.3".into());
    review(run(&packet), "近5年以外");
    packet.applicant().appointed = Some("2018-12".into());
    review(run(&packet), "2018年度");
    let mut packet = forms(&["（2021年度）", "（2022年度）", "（2023年度）"]);
    packet.applicant().appointed = Some("2020年11月".into());
    review(run(&packet), "聘任不满半年");
}

#[test]
fn without_an_appointment_only_the_year_asked_of_all_is_certain() {
    let mut packet = forms(&["（2022年度）", "（2023年度）"]);
    packet.applicant().appointed = None;
    review(run(&packet), "聘任时间未知");
    let page = packet.add(Doc::bound(AppointmentCertificate, 0, 1));
    write(&mut packet, page, &["聘任证书", "聘期自20", "22年1月至2026年12月。"]);
    passed(&run(&packet));
    let mut packet = forms(&["（2022年度）"]);
    packet.applicant().appointed = None;
    defects(run(&packet));
}

fn table(rows: &[&str]) -> Packet {
    let mut packet = Packet::default();
    packet.add(Doc::loose(ReviewForm, 2));
    let mut lines = vec!["七、年度及任职期满考核结果", "考核年度", "考核等次"];
    lines.extend(rows);
    lines.extend(["审核人：", "2024年11月6日"]);
    write(&mut packet, 1, &lines);
    packet
}

#[test]
fn years_in_a_table_of_the_review_form() {
    let asks = asks(|r| (r.material, r.years) = (vec![ReviewForm], years(&[2023], &[], None)));
    let run = |packet: &Packet| packet.run("assessment-years", &asks);
    passed(&run(&table(&["2023年度", "合格", "某单位", "任职期满", "合格"])));
    let found = defects(run(&table(&["2022年度", "合格", "某单位"])));
    assert!(found[0].message.contains("缺2023年度"), "{}", found[0].message);
    review(run(&table(&[])), "年度未能读出");
    let mut packet = table(&["2022年度", "合格"]);
    packet.page(1).lines[3].hand = true;
    review(run(&packet), "对照原件核对");
    // No such table: other checks' matter.
    let mut packet = Packet::default();
    packet.add(Doc::loose(ReviewForm, 2));
    passed(&run(&packet));
}

#[test]
fn at_least_so_many_and_one_of_two() {
    let asks = asks(|r| {
        (r.material, r.count) = (vec![ReviewForm], 3);
        r.years = years(&[], &[2022, 2021], None);
    });
    let run = |packet: &Packet| packet.run("assessment-years", &asks);
    passed(&run(&table(&["2019年度", "合格", "2020年度", "优秀", "2021年度", "合格"])));
    passed(&run(&table(&["2019年度", "2020年度", "2021年度"])));
    let found = defects(run(&table(&["2020年度", "优秀", "2021年度", "基本合格", "2022年度", "合格"])));
    assert!(found[0].message.contains("只见2次"), "{}", found[0].message);
    let found = defects(run(&table(&["2018年度", "优秀", "2019年度", "合格", "2020年度", "合格"])));
    assert!(found[0].message.contains("有其一即可"), "{}", found[0].message);
}

#[test]
fn a_result_below_the_line() {
    let asks = asks(|r| r.below = Some(Verdict::Defect));
    let run = |packet: &Packet| packet.run("assessment-years", &asks);
    let mut packet = forms(&["（2022年度）", "（2023年度）"]);
    passed(&run(&packet));
    write(&mut packet, 3, &["建议评为合格等次。", "经考核，考核等次为基本合格。"]);
    let found = defects(run(&packet));
    assert!(found[0].message.contains("2023年度") && found[0].place.page.is_some(), "{}", found[0].message);
    packet.page(3).lines[1].hand = true;
    review(run(&packet), "2023年度");
    write(&mut packet, 3, &["优秀", "合格", "基本合格", "不合格", "历年无不合格情况"]);
    passed(&run(&packet));
}

#[test]
fn an_inner_sheet_under_the_forms_title_belongs_to_the_cover_before_it() {
    let mut packet = Packet::default();
    for year in [2020, 2022, 2023] {
        let cover = packet.add(Doc::bound(AssessmentForm, 0, 1));
        write(&mut packet, cover, &["专业技术人员考核登记表", &format!("考核年度：{year}年度")]);
        let inner = packet.add(Doc::bound(AssessmentForm, 0, 1));
        let told = format!("{year}年度，本人遵守国家法律法规和本单位规章制度，坚持在生产一线工作");
        write(&mut packet, inner, &["考核登记表", &told, "考核等次为合格。"]);
    }
    packet.applicant().appointed = Some("2020年1月".into());
    assert!(defects(run(&packet))[0].message.contains("2021"));
    // A sheet that tells of another year is another form.
    write(&mut packet, 3, &["考核登记表", "2021年度，本人遵守国家法律法规和本单位规章制度，坚持在生产一线工作"]);
    review(run(&packet), "年度未能读出");
}

#[test]
fn who_applies_for_the_first_time_has_no_appointment_to_be_asked_for() {
    let mut packet = forms(&["（2023年度）"]);
    packet.applicant().appointed = None;
    review(run(&packet), "聘任时间未知");
    packet.applicant().route = Some(Route::First);
    passed(&run(&packet));
}

#[test]
fn a_year_before_the_appointment_is_missing_where_another_form_has_its_result() {
    let pack = asks(|r| r.years = years(&[2020, 2021], &[2019, 2022], None));
    let mut packet = forms(&["（2020年度）", "（2021年度）"]);
    review(packet.run("assessment-years", &pack), "2020年才聘任");
    let page = packet.add(Doc::loose(ReviewForm, 1));
    write(&mut packet, page, &["考核年度", "2019年度合格", "2020年度合格", "2021年度合格"]);
    assert!(defects(packet.run("assessment-years", &pack))[0].message.contains("2019、2022"));
}
