use material_audit::check::CheckResult;
use material_audit::model::geometry::Rect;
use material_audit::model::material::Material::ReviewForm;
use material_audit::pack::rules::fields::IdentityNumber;
use material_audit::pack::rules::{FieldKind, FormField, RulePack};

use crate::build::*;
use crate::lines::lines;

fn asks() -> RulePack {
    let mut pack = pack();
    let field = |label: &str, kind| FormField { labels: vec![label.into()], kind, column: false };
    pack.forms[0].fields.extend([
        field("身份证号", FieldKind::IdNumber),
        field("出生年月", FieldKind::Date),
        field("性别", FieldKind::Text),
    ]);
    pack.checks.fields.identity_number = vec![IdentityNumber { basis: basis(), material: vec![ReviewForm] }];
    pack
}

fn form(number: &str) -> Packet {
    let mut packet = Packet::default();
    packet.add(Doc::loose(ReviewForm, 1));
    packet.field("身份证号", 0, number);
    packet
}

fn run(packet: &Packet) -> CheckResult {
    packet.run("identity-number", &asks())
}

#[test]
fn clean() {
    let mut packet = form("11010519491231002x");
    packet.field("出生年月", 0, "1949年12月");
    packet.field("性别", 0, "女");
    passed(&run(&packet));
    passed(&run(&form("110105********002X")));
    passed(&run(&form("无")));
}

#[test]
fn a_wrong_check_digit_a_wrong_length_an_impossible_birth() {
    assert!(defects(run(&form("110105194912310021")))[0].message.contains("校验码不对"));
    assert!(defects(run(&form("1101051949123")))[0].message.contains("13位"));
    assert!(defects(run(&form("110105194913310023")))[0].seen.contains("110105194913310023"));
}

#[test]
fn birth_and_sex_must_agree() {
    let mut packet = form("11010519491231002X");
    packet.field("出生年月", 0, "1949年11月");
    assert!(defects(run(&packet))[0].message.contains("1949年12月"));
    let mut packet = form("11010519491231002X");
    packet.field("性别", 0, "男");
    assert!(defects(run(&packet))[0].message.contains("性别"));
}

#[test]
fn what_may_be_the_readers_slip_is_for_review() {
    let mut faint = form("110105194912310021");
    faint.facts.fields[0].confidence = 0.85;
    review(run(&faint), "未能可靠识别");
    let mut hand = form("110105194912310021");
    hand.facts.fields[0].hand = true;
    review(run(&hand), "校验码不对");
    review(run(&form("1101051949123102X")), "17位");
    review(run(&form("110105491231002")), "15位");
}

#[test]
fn a_figure_read_as_a_letter_is_for_review_where_it_matters() {
    passed(&run(&form("11010S19491231002X")));
    review(run(&form("11010S194912310021")), "未能可靠识别");
    review(run(&form("11010S1949123102X")), "17位");
    let mut known = form("11010S19491231002X");
    known.applicant().id_number = Some("11010519491231002X".into());
    passed(&run(&known));
    // The figure that is wrong was surely read.
    known.facts.fields[0].text = "11010S194912310021".into();
    review(run(&known), "校验码不对");
    // What the letter stands for, only the known number tells.
    known.facts.fields[0].text = "1B010519491231002X".into();
    passed(&run(&known));
    let mut running = Packet::default();
    running.add(Doc::loose(ReviewForm, 1));
    running.page(0).lines = lines(&["乙方：孙某身份证号：1101051949123B0021"]);
    review(run(&running), "未能可靠识别");
}

#[test]
fn a_dropped_figure_of_a_number_known_from_elsewhere_is_no_matter() {
    let mut packet = form("1101051949123102X");
    packet.applicant().id_number = Some("11010519491231002X".into());
    passed(&run(&packet));
}

#[test]
fn a_short_number_is_wrong_though_it_comes_of_some_sound_number_by_a_dropped_figure() {
    // A sound number comes of it by doubling its 8, but not the one that is known.
    let mut packet = form("14993219900512083");
    packet.applicant().id_number = Some("14993219900512082X".into());
    assert!(defects(run(&packet))[0].message.contains("17位"));
}

#[test]
fn one_faint_figure_of_a_number_known_from_elsewhere_is_no_matter() {
    let mut packet = form("11010519491231002X");
    packet.facts.fields[0].text = "11010519791231002X".into();
    packet.facts.fields[0].confidence = 0.64;
    packet.applicant().id_number = Some("11010519491231002X".into());
    passed(&run(&packet));
    packet.facts.fields[0].confidence = 0.97;
    assert!(defects(run(&packet))[0].message.contains("校验码"));
    packet.facts.fields[0].confidence = 0.64;
    packet.facts.fields[0].text = "11010519791231003X".into();
    review(run(&packet), "未能可靠识别");
}

#[test]
fn a_labelled_number_in_running_text_is_judged_and_other_numbers_are_not() {
    let mut packet = Packet::default();
    packet.add(Doc::loose(ReviewForm, 1));
    packet.page(0).lines = lines(&["乙方：孙某身份证号：110105194912310021", "证书编号：129591201105649720"]);
    assert_eq!(defects(run(&packet)).len(), 1);
}

#[test]
fn two_sound_numbers_a_slip_apart_are_for_review() {
    let mut packet = form("11010519491231002X");
    packet.applicant().id_number = Some("110105194912310046".into());
    review(run(&packet), "差一两位");
}

#[test]
fn a_number_broken_over_lines_may_have_lost_one() {
    let mut packet = Packet::default();
    packet.add(Doc::loose(ReviewForm, 1));
    let cell = packet.field("身份证号", 0, "11010519491231002").rect;
    let half = |y: f32| Rect { y: cell.y + y * cell.h, h: 0.4 * cell.h, ..cell };
    packet.page(0).lines = lines(&["11010519", "491231002"]);
    for (line, y) in packet.page(0).lines.iter_mut().zip([0.0, 0.5]) {
        line.rect = half(y);
    }
    review(run(&packet), "写成几行");
}
