use material_audit::check::CheckResult;
use material_audit::model::geometry::Rect;
use material_audit::model::material::Material::{self, ReviewForm, WorkSummary};
use material_audit::pack::rules::RulePack;
use material_audit::pack::rules::fields::{FieldRef, FieldValue, Target, ValueRule};

use crate::build::*;
use crate::lines::lines;

fn asks(material: Material, target: Target, rule: ValueRule) -> RulePack {
    let mut pack = pack();
    let entry = FieldValue { basis: basis(), material: vec![material], target, rule, any_document: false };
    pack.checks.fields.field_value = vec![entry];
    pack
}

fn levels() -> ValueRule {
    ValueRule::OneOf(vec!["工程师".into(), "高级工程师".into()])
}

fn form(value: &str) -> Packet {
    let mut packet = Packet::default();
    packet.add(Doc::loose(ReviewForm, 1));
    packet.field("申报职称", 0, value);
    packet
}

fn run(packet: &Packet, rule: ValueRule) -> CheckResult {
    packet.run("field-value", &asks(ReviewForm, Target::Label("申报职称".into()), rule))
}

#[test]
fn clean() {
    passed(&run(&form("高级工程师"), levels()));
    passed(&run(&form("无"), levels()));
    passed(&run(&form("高级工程帅"), levels()));
}

#[test]
fn outside_the_list_or_the_length() {
    assert!(defects(run(&form("大数据专业中级职务"), levels()))[0].message.contains("不在规定的"));
    assert!(
        defects(run(&form("工业自动化控制与信息化"), ValueRule::AtMost(8, vec![])))[0].message.contains("超过8个字")
    );
    assert!(defects(run(&form("机电"), ValueRule::Empty))[0].message.contains("应当空着"));
}

#[test]
fn unsure_values_are_for_review() {
    let mut packet = form("大数据专业中级职务");
    packet.facts.fields[0].confidence = 0.7;
    review(run(&packet, levels()), "未能可靠识别");
    let mut packet = form("大数据专业中级职务");
    packet.facts.fields[0].hand = true;
    review(run(&packet, levels()), "未能可靠识别");
}

#[test]
fn a_value_with_a_line_of_its_cell_left_out_is_for_review() {
    let mut packet = form("大数据专业中级职务");
    let rect = packet.facts.fields[0].rect;
    packet.page(0).lines = lines(&["大数据专业中级职务", "高级工程师或", "申报职称"]);
    packet.page(0).lines[0].rect = rect;
    packet.page(0).lines[1].rect = Rect { y: rect.y + 0.02, ..rect };
    packet.page(0).lines[2].rect = Rect { x: rect.right(), ..rect };
    review(run(&packet, levels()), "未能可靠识别");
    packet.page(0).lines.remove(1);
    defects(run(&packet, levels()));
}

#[test]
fn a_seals_rim_is_not_the_cells_value() {
    let none = || ValueRule::Matches(regex::Regex::new("无").expect("sound"));
    let mut packet = form("新能源");
    packet.page(0).seals = vec![seal(0.3, 0.3)];
    packet.page(0).seals[0].text = Some("某某新能源科技有限公司".into());
    let rect = packet.page(0).seals[0].rect;
    packet.facts.fields[0].rect = rect;
    packet.facts.fields[0].obscured = true;
    // Read well or badly, its characters are no wording, and nobody knows what is under them.
    review(run(&packet, none()), "被印章压住");
    packet.facts.fields[0].text = "宠动".into();
    review(run(&packet, none()), "被印章压住");
    packet.field("申报职称", 0, "保科");
    packet.facts.fields[1].rect = rect;
    packet.facts.fields[1].obscured = true;
    review(run(&packet, none()), "被印章压住");
}

#[test]
fn one_character_is_a_piece_of_a_value() {
    review(run(&form("位"), levels()), "未能可靠识别");
}

#[test]
fn one_document_of_several_may_be_enough() {
    let mut pack = asks(ReviewForm, Target::Label("申报职称".into()), levels());
    pack.checks.fields.field_value[0].any_document = true;
    let mut packet = form("某某专业职务");
    let second = packet.add(Doc::loose(ReviewForm, 1));
    packet.field("申报职称", second, "工程师");
    passed(&packet.run("field-value", &pack));
    packet.facts.fields[1].text = "某某类职务".into();
    assert_eq!(defects(packet.run("field-value", &pack)).len(), 1);
}

#[test]
fn topics_of_a_place_and_of_a_document() {
    let topics = || ValueRule::Topics(vec![vec!["品德".into(), "思想".into()], vec!["业绩".into()]]);
    let mut packet = Packet::default();
    packet.add(Doc::loose(ReviewForm, 1));
    packet.place("unit-opinion", 0, Rect::new(0.1, 0.2, 0.8, 0.6)).text = "本人一贯努力。".repeat(12);
    let pack = asks(ReviewForm, Target::Place("unit-opinion".into()), topics());
    review(packet.run("field-value", &pack), "“品德”、“业绩”");
    packet.facts.places[0].text.push_str("思想端正，业绩突出。");
    passed(&packet.run("field-value", &pack));
    let mut packet = Packet::default();
    packet.add(Doc::loose(WorkSummary, 1));
    packet.page(0).lines = lines(&[&"本人一贯努力，".repeat(12)]);
    review(packet.run("field-value", &asks(WorkSummary, Target::Document, topics())), "人工核对");
}

#[test]
fn the_same_on_two_forms() {
    let same = || ValueRule::SameAs(FieldRef { material: vec![WorkSummary], label: "从事专业".into() });
    let mut packet = form("机械设计");
    let other = packet.add(Doc::loose(WorkSummary, 1));
    packet.field("从事专业", other, "电气工程");
    assert!(defects(run(&packet, same()))[0].message.contains("不一致"));
    packet.facts.fields[1].text = "机械设计与制造".into();
    passed(&run(&packet, same()));
}
