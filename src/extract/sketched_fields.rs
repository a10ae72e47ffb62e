//! Fields and applicants from sketched facts.

use super::extract;
use super::sketch::{H, Sketch, W, facts, pack, read, rect, spot, values};
use crate::model::packet::{Employer, Level};

const COLUMNS: [f32; 4] = [20.0, 62.0, 120.0, 190.0];

fn experience(ys: &[f32]) -> Sketch {
    Sketch::new().grid(&COLUMNS, ys).line(24.0, ys[0] + 3.0, "起止时间").line(70.0, ys[0] + 3.0, "工作单位").line(
        130.0,
        ys[0] + 3.0,
        "职务",
    )
}

#[test]
fn a_range_wrapped_in_its_cell_is_one_value() {
    let page = experience(&[50.0, 60.0, 75.0, 90.0])
        .line(22.0, 63.0, "2019年07月-")
        .line(22.0, 68.0, "2021年06月")
        .line(70.0, 65.0, "某某公司");
    let facts = read(vec![page]);
    assert_eq!(values(&facts, "起止时间"), ["2019年07月-2021年06月"]);
    assert!(values(&facts, "工作单位").is_empty(), "beside 起止时间 it heads a column");
    let found = &facts.fields[0];
    assert!(found.rect.iou(&rect(20.0, 60.0, 62.0, 75.0)) > 0.99 && !found.obscured && found.confidence > 0.9);
}

#[test]
fn beside_a_columns_heading_a_label_heads_a_column_where_the_rules_were_not_found() {
    let row = |first: &str| {
        Sketch::new().line(24.0, 53.0, first).line(70.0, 53.0, "工作单位").line(130.0, 53.0, "从事何种专业技术工作")
    };
    assert!(values(&read(vec![row("起止时间")]), "工作单位").is_empty());
    assert_eq!(values(&read(vec![row("某某")]), "工作单位"), ["从事何种专业技术工作"]);
}

#[test]
fn a_wrapped_label_is_one_label() {
    let page = Sketch::new()
        .grid(&[20.0, 45.0, 90.0], &[50.0, 62.0])
        .line(21.0, 51.5, "参加工作时")
        .line(30.0, 56.5, "间")
        .line(50.0, 54.0, "2014年10月");
    assert_eq!(values(&read(vec![page]), "参加工作时间"), ["2014年10月"]);
}

#[test]
fn a_column_ends_with_the_tables_structure() {
    for (name, page, expected) in [
        (
            "a sum row",
            experience(&[50.0, 60.0, 70.0, 80.0])
                .line(22.0, 63.0, "2019年7月")
                .line(22.0, 73.0, "合计")
                .line(70.0, 73.0, "2年"),
            vec!["2019年7月"],
        ),
        (
            "a heading row again",
            experience(&[50.0, 60.0, 70.0, 80.0, 90.0])
                .line(22.0, 63.0, "2019年7月")
                .line(24.0, 73.0, "起止时间")
                .line(70.0, 73.0, "工作单位")
                .line(22.0, 83.0, "2016年7月"),
            vec!["2019年7月", "2016年7月"],
        ),
        ("words without a date", experience(&[50.0, 60.0, 70.0]).line(22.0, 63.0, "无"), vec![]),
        (
            "a row across the table",
            experience(&[50.0, 60.0, 70.0]).line(22.0, 63.0, "2019年7月").line(22.0, 73.0, "注：2018年以前不填"),
            vec!["2019年7月"],
        ),
        ("another column's dates", experience(&[50.0, 60.0, 70.0]).line(70.0, 63.0, "2019年7月入职"), vec![]),
    ] {
        assert_eq!(values(&read(vec![page]), "起止时间"), expected, "{name}");
    }
}

#[test]
fn a_merged_row_under_the_heading_stops_the_column() {
    let page = Sketch::new()
        .cells(&[
            [20.0, 50.0, 50.0, 60.0],
            [50.0, 50.0, 190.0, 60.0],
            [20.0, 60.0, 50.0, 70.0],
            [50.0, 60.0, 190.0, 70.0],
            [20.0, 70.0, 190.0, 80.0],
        ])
        .line(24.0, 53.0, "起止时间")
        .line(22.0, 63.0, "2019年7月")
        .line(22.0, 73.0, "2018年7月起从事设计");
    assert_eq!(values(&read(vec![page]), "起止时间"), ["2019年7月"]);
}

#[test]
fn a_table_goes_on_overleaf_only_where_nothing_parts_it() {
    let first = || experience(&[230.0, 240.0, 260.0]).line(22.0, 245.0, "2019年7月");
    let second = || Sketch::new().grid(&COLUMNS, &[30.0, 45.0, 60.0]).line(22.0, 35.0, "2016.07");
    assert_eq!(values(&read(vec![first(), second()]), "起止时间"), ["2019年7月", "2016.07"]);
    let numbered = first().line(100.0, 285.0, "第3页");
    assert_eq!(values(&read(vec![numbered, second()]), "起止时间"), ["2019年7月", "2016.07"]);
    let titled = second().line(80.0, 15.0, "四、获奖情况");
    assert_eq!(values(&read(vec![first(), titled]), "起止时间"), ["2019年7月"]);
    let other = Sketch::new().grid(&[20.0, 62.0, 190.0], &[30.0, 45.0]).line(22.0, 35.0, "2016.07");
    assert_eq!(values(&read(vec![first(), other]), "起止时间"), ["2019年7月"]);
}

#[test]
fn one_line_over_two_cells_is_cut_at_the_wall() {
    let page = Sketch::new().grid(&[20.0, 40.0, 62.0, 84.0, 150.0], &[50.0, 60.0]).line(
        26.0,
        53.0,
        "姓名    张三  出生年月 1990年1月",
    );
    let facts = read(vec![page]);
    assert_eq!(values(&facts, "姓名"), ["张三"]);
    assert_eq!(values(&facts, "出生年月"), ["1990年1月"]);
}

#[test]
fn a_line_that_leans_over_the_wall_stays_whole() {
    let page = Sketch::new().grid(&[20.0, 43.0, 80.0], &[50.0, 60.0]).line(21.0, 53.0, "参加工作时间").line(
        50.0,
        53.0,
        "2014年1月",
    );
    assert_eq!(values(&read(vec![page]), "参加工作时间"), ["2014年1月"]);
}

#[test]
fn without_ruling_lines_a_heading_row_still_leads_and_is_less_sure() {
    let page = Sketch::new()
        .line(24.0, 53.0, "起止时间")
        .line(70.0, 53.0, "学习单位")
        .line(140.0, 53.0, "专业")
        .line(22.0, 63.0, "2019年7月")
        .line(70.0, 63.0, "某某大学")
        .line(22.0, 73.0, "2016年9月")
        .line(20.0, 130.0, "2015年以前从略，详见附件说明");
    let facts = read(vec![page]);
    assert_eq!(values(&facts, "起止时间"), ["2019年7月", "2016年9月"]);
    assert!(facts.fields.iter().all(|f| f.confidence < 0.7));
    let prose = Sketch::new().line(24.0, 53.0, "起止时间").line(24.0, 60.0, "2019年7月");
    assert!(values(&read(vec![prose]), "起止时间").is_empty(), "one heading is no heading row");
}

#[test]
fn a_cover_without_a_table() {
    let page = Sketch::new()
        .line(60.0, 40.0, "专业技术资格评审表")
        .line(40.0, 120.0, "工作单位")
        .line(80.0, 119.5, "某某科技有限公司")
        .line(40.0, 135.0, "姓名：张三")
        .line(40.0, 150.0, "申报职称   工程师")
        .line(40.0, 165.0, "填表时间：")
        .line(58.5, 165.0, "2022年06月")
        .seal(90.0, 100.0);
    let facts = read(vec![page]);
    assert_eq!(values(&facts, "工作单位"), ["某某科技有限公司"]);
    assert_eq!(values(&facts, "姓名"), ["张三"]);
    assert_eq!(values(&facts, "申报职称"), ["工程师"]);
    assert_eq!(values(&facts, "填表时间"), ["2022年06月"]);
    assert!(facts.fields.iter().any(|f| f.label == "工作单位" && f.obscured));
    assert!(facts.fields.iter().any(|f| f.label == "填表时间" && !f.obscured));
    let row = spot(&facts, "cover-unit").expect("the row is there");
    assert_eq!(row.text, "某某科技有限公司");
    assert!(row.rect.contains((110.0 / W, 110.0 / H)) && row.rect.h * H > 44.0, "{:?}", row.rect);
    assert_eq!(facts.applicant.level, Some(Level::Engineer));
    assert_eq!(facts.applicant.unit, None, "the seal may hide characters");
}

#[test]
fn the_roster_wins_and_readings_must_agree() {
    let page = |name: &str| {
        Sketch::new()
            .grid(&[20.0, 50.0, 100.0, 130.0, 190.0], &[40.0, 50.0, 60.0])
            .line(22.0, 43.0, "姓名")
            .line(55.0, 43.0, name)
            .line(102.0, 43.0, "单位性质")
            .line(135.0, 43.0, "事业单位")
            .line(22.0, 53.0, "申报职称")
            .line(55.0, 53.0, "高级工程师")
    };
    let one = read(vec![page("张三")]);
    assert_eq!(one.applicant.name.as_deref(), Some("张三"));
    assert_eq!(one.applicant.level, Some(Level::SeniorEngineer));
    assert_eq!(one.applicant.employer, Some(Employer::PublicInstitution));
    let two = read(vec![page("张三"), page("张王")]);
    assert_eq!(two.applicant.name, None);
    assert_eq!(two.applicant.level, Some(Level::SeniorEngineer));
    let mut known = facts(vec![page("张三")]);
    known.applicant.level = Some(Level::Engineer);
    extract(&mut known, &pack());
    assert_eq!(known.applicant.level, Some(Level::Engineer));
    let mut earlier = facts(vec![page("张三")]);
    earlier.spans[0].category = Some(7);
    extract(&mut earlier, &pack());
    assert_eq!((earlier.applicant.level, earlier.fields.len(), earlier.places.len()), (None, 0, 0));
}
