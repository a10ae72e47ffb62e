use material_audit::check::CheckResult;
use material_audit::model::material::Material::ReviewForm;
use material_audit::pack::rules::RulePack;
use material_audit::pack::rules::fields::{ColumnRef, EntryOrder, FieldRef};

use crate::build::*;

fn asks() -> RulePack {
    let mut pack = pack();
    pack.checks.fields.entry_order = vec![EntryOrder {
        basis: basis(),
        column: ColumnRef {
            field: FieldRef { material: vec![ReviewForm], label: "起止时间".into() },
            beside: vec!["工作内容".into()],
        },
    }];
    pack
}

/// A form whose rows of work begin with these dates.
fn form(dates: &[&str]) -> Packet {
    let mut packet = Packet::default();
    packet.add(Doc::loose(ReviewForm, 3));
    for (row, date) in dates.iter().enumerate() {
        packet.field("起止时间", 1, date).row = Some(row);
        packet.field("工作内容", 1, "负责设计").row = Some(row);
    }
    packet
}

fn run(packet: &Packet) -> CheckResult {
    packet.run("entry-order", &asks())
}

#[test]
fn clean() {
    passed(&run(&form(&["2021年01月至今", "2019年07月-2020年12月", "2018年01月-2019年07月"])));
    passed(&run(&form(&["2021年03月", "2021年03月", "2019年05月"])));
    passed(&run(&form(&["2021年03月"])));
}

#[test]
fn oldest_first() {
    let found = defects(run(&form(&["2018年01月-2019年07月", "2019年08月-2020年12月", "2021年01月至今"])));
    assert_eq!(found.len(), 1, "one for the table");
    assert!(found[0].message.contains("2018年01月-2019年07月"), "{}", found[0].message);
}

#[test]
fn overlapping_entries_may_stand_either_way() {
    passed(&run(&form(&["2020年06月-2021年01月", "2019年01月-2021年06月"])));
    passed(&run(&form(&["2020年01月-2020年06月", "2020年01月-2020年12月"])));
}

#[test]
fn rows_of_another_table_do_not_count() {
    let mut packet = form(&["2019年08月-2020年12月"]);
    packet.field("起止时间", 1, "2021年01月至今").row = Some(7);
    packet.field("起止时间", 1, "2022年01月至今");
    passed(&run(&packet));
}

#[test]
fn unsure_rows_are_for_review_and_handwritten_ones_skipped() {
    let mut packet = form(&["2018年01月", "2021年01月"]);
    packet.facts.fields[0].confidence = 0.7;
    review(run(&packet), "未能可靠识别");
    packet.facts.fields[0].hand = true;
    passed(&run(&packet));
}
