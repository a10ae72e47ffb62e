use material_audit::check::CheckResult;
use material_audit::model::material::Material::{self, AppointmentDocument, PublicityProof, ReviewForm};
use material_audit::pack::rules::fields::UnitName;
use material_audit::pack::rules::{FieldKind, FormField, RulePack};

use crate::build::*;
use crate::lines::lines;

const UNIT: &str = "阳泉市澜科大数据科技有限公司";

fn asks() -> RulePack {
    let mut pack = pack();
    pack.forms[0].fields.push(FormField { labels: vec!["工作单位".into()], kind: FieldKind::Unit, column: false });
    pack.checks.fields.unit_name = vec![UnitName { basis: basis(), material: vec![ReviewForm] }];
    pack
}

/// A form with this unit, and a seal read so.
fn form(unit: &str, rim: Option<&str>) -> Packet {
    let mut packet = Packet::default();
    packet.applicant().unit = Some(UNIT.into());
    packet.add(Doc::loose(ReviewForm, 1));
    packet.field("工作单位", 0, unit);
    if let Some(rim) = rim {
        let mut seal = seal(0.5, 0.6);
        seal.text = Some(rim.into());
        packet.page(0).seals.push(seal);
    }
    packet
}

fn run(packet: &Packet) -> CheckResult {
    packet.run("unit-name", &asks())
}

#[test]
fn clean() {
    passed(&run(&form(UNIT, None)));
    passed(&run(&form("阳泉市澜科大数据科技有限公司（技术部）", None)));
    passed(&run(&form("阳泉市润科大数据科技有限公司", Some("旭泉市澳科大数据科技有限公司"))));
}

#[test]
fn a_short_name_beside_a_seal_that_bears_the_full_one() {
    let found = defects(run(&form("澜科大数据公司", Some("阳泉市测科大数据科技有限公司"))));
    assert!(found[0].message.contains("简称"), "{}", found[0].message);
}

#[test]
fn without_a_seal_to_compare_or_sure_reading_it_is_for_review() {
    review(run(&form("澜科大数据公司", None)), "请对照公章核对");
    review(run(&form("阳泉市城区数字经济发展促进中心", Some(UNIT))), "不一致");
    let mut faint = form("澜科大数据公司", Some(UNIT));
    faint.facts.fields[0].confidence = 0.7;
    review(run(&faint), "简称");
}

#[test]
fn under_a_seal_a_short_name_is_for_review_and_another_is_misread() {
    let mut sealed = form("澜科大数据公司", Some(UNIT));
    sealed.facts.fields[0].obscured = true;
    review(run(&sealed), "简称");
    for rest in ["阳泉市测料太数据枝术公司", "公司", "阳泉市澜科数据科"] {
        let mut hidden = form(rest, Some(UNIT));
        hidden.facts.fields[0].obscured = true;
        passed(&run(&hidden));
    }
}

#[test]
fn without_a_seal_that_can_be_read_two_other_materials_attest_the_full_name() {
    let attested = |unit: &str, materials: &[Material]| {
        let mut packet = form(unit, None);
        for material in materials {
            packet.add(Doc::loose(*material, 1));
            let page = packet.facts.pages.len() - 1;
            packet.page(page).lines.extend(lines(&[&format!("兹证明{UNIT}职工")]));
        }
        run(&packet)
    };
    let found = defects(attested("澜科大数据公司", &[AppointmentDocument, PublicityProof]));
    assert!(found[0].message.contains("简称"), "{}", found[0].message);
    review(attested("澜科大数据公司", &[PublicityProof, PublicityProof]), "简称");
    review(attested("阳泉市澜科大数据科技", &[AppointmentDocument, PublicityProof]), "简称");
}

#[test]
fn a_name_that_a_seal_bears_is_right_whatever_the_roster_says() {
    passed(&run(&form("阳泉市新城智慧科技有限公司", Some("阳泉市新城智慧科技有限公司"))));
    let mut hand = form("澜科大数据公司", Some(UNIT));
    hand.facts.fields[0].hand = true;
    passed(&run(&hand));
    let mut unknown = form("澜科大数据公司", Some(UNIT));
    unknown.applicant().unit = None;
    passed(&run(&unknown));
}

#[test]
fn of_a_list_only_the_applicants_own_row_is_looked_at() {
    let mut pack = asks();
    let column = |label: &str, kind| FormField { labels: vec![label.into()], kind, column: true };
    pack.forms[0].fields = vec![column("姓名", FieldKind::Name), column("工作单位", FieldKind::Unit)];
    let of = |name: &str, unit: &str| {
        let mut packet = form(UNIT, Some(UNIT));
        packet.applicant().name = Some("张三".into());
        packet.field("工作单位", 0, unit).row = Some(1);
        packet.field("姓名", 0, name).row = Some(1);
        packet.run("unit-name", &pack)
    };
    assert!(defects(of("张 三", "澜科大数据公司"))[0].message.contains("简称"));
    passed(&of("李四", "澜科大数据公司"));
    passed(&of("张三", UNIT));
    passed(&of("张三", "员"));
}
