use material_audit::check::CheckResult;
use material_audit::model::field::Blank;
use material_audit::model::geometry::Rect;
use material_audit::model::material::Material::ReviewForm;
use material_audit::pack::rules::RulePack;
use material_audit::pack::rules::fields::BlankField;

use crate::build::*;

fn asks() -> RulePack {
    let mut pack = pack();
    pack.checks.fields.blank_field = vec![BlankField {
        basis: basis(),
        material: vec![ReviewForm],
        labels: vec!["参加工作时间".into(), "工作内容".into()],
        places: vec!["unit-opinion".into()],
    }];
    pack
}

fn form() -> Packet {
    let mut packet = Packet::default();
    packet.add(Doc::loose(ReviewForm, 2));
    packet
}

fn blank_cell(packet: &mut Packet, label: &str, row: Option<usize>) {
    packet.facts.blanks.push(Blank {
        material: ReviewForm,
        label: label.into(),
        page: 1,
        rect: Rect::new(0.6, 0.22, 0.2, 0.03),
        confidence: 1.0,
        obscured: false,
        row,
    });
}

fn run(packet: &Packet) -> CheckResult {
    packet.run("blank-field", &asks())
}

#[test]
fn clean() {
    let mut packet = form();
    packet.field("参加工作时间", 1, "无");
    packet.place("unit-opinion", 1, Rect::new(0.1, 0.5, 0.8, 0.3)).text = "经评议，同意推荐申报。2024年10月8日".into();
    passed(&run(&packet));
    passed(&run(&form()));
}

#[test]
fn an_empty_cell_and_an_empty_column_in_a_row() {
    let mut packet = form();
    blank_cell(&mut packet, "参加工作时间", None);
    blank_cell(&mut packet, "工作内容", Some(3));
    let found = defects(run(&packet));
    assert_eq!(found.len(), 2);
    assert!(found[0].message.contains("“参加工作时间”栏空着"), "{}", found[0].message);
    assert!(found[1].message.contains("有一行"), "{}", found[1].message);
    assert_ne!(found[0].key, found[1].key);
}

#[test]
fn an_empty_opinion() {
    let mut packet = form();
    packet.place("unit-opinion", 1, Rect::new(0.1, 0.5, 0.8, 0.3)).text = "负责人签字：（公章）年 月 日".into();
    defects(run(&packet));
    packet.page(1).seals.push(seal(0.5, 0.6));
    passed(&run(&packet));
}

#[test]
fn what_may_be_hidden_is_for_review() {
    let mut packet = form();
    blank_cell(&mut packet, "参加工作时间", None);
    packet.facts.blanks[0].obscured = true;
    blank_cell(&mut packet, "工作内容", Some(3));
    packet.facts.blanks[1].confidence = 0.7;
    review(run(&packet), "“参加工作时间”、“工作内容”");
    let mut faint = form();
    blank_cell(&mut faint, "参加工作时间", None);
    faint.page(1).quality.contrast = 0.2;
    review(run(&faint), "不能确定");
    let mut traced = form();
    blank_cell(&mut traced, "参加工作时间", None);
    traced.page(1).traces.push(Rect::new(0.58, 0.2, 0.2, 0.1));
    review(run(&traced), "不能确定");
}

#[test]
fn cells_that_need_not_be_filled_or_are_filled_elsewhere() {
    let mut packet = form();
    blank_cell(&mut packet, "备注", None);
    blank_cell(&mut packet, "参加工作时间", None);
    packet.field("参加工作时间", 0, "2014年10月");
    passed(&run(&packet));
}

#[test]
fn a_short_answer_may_be_all_that_a_place_asks_for() {
    let rect = Rect::new(0.1, 0.5, 0.8, 0.3);
    for (text, empty) in [("合格（公章）", false), ("同意。", false), ("负责人：", true)] {
        let mut packet = form();
        packet.place("unit-opinion", 1, rect).text = text.into();
        if empty { drop(defects(run(&packet))) } else { passed(&run(&packet)) }
    }
    let mut packet = form();
    packet.place("unit-opinion", 1, rect).text = "技术员".into();
    review(run(&packet), "不能确定");
}

#[test]
fn a_row_of_a_cover_is_filled_by_any_value() {
    let mut pack = asks();
    pack.checks.fields.blank_field[0].places = vec!["cover-unit".into()];
    let mut packet = form();
    packet.place("cover-unit", 0, Rect::new(0.1, 0.5, 0.8, 0.1));
    defects(packet.run("blank-field", &pack));
    packet.facts.places[0].text = "王某".into();
    passed(&packet.run("blank-field", &pack));
}
