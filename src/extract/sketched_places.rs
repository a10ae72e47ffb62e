//! Places from sketched facts.

use super::sketch::{H, Sketch, read, rect, spot};

#[test]
fn boxes_beside_vertical_labels() {
    let boxes = [
        [20.0, 40.0, 32.0, 140.0],
        [32.0, 40.0, 190.0, 140.0],
        [20.0, 140.0, 32.0, 240.0],
        [32.0, 140.0, 190.0, 240.0],
    ];
    // One label read as one line, the other character by character.
    let page = Sketch::new()
        .cells(&boxes)
        .upright(24.0, 70.0, "单位意见")
        .line(22.0, 50.0, "有限")
        .line(40.0, 45.0, "同意推荐。")
        .line(40.0, 120.0, "负责人签字：")
        .line(150.0, 120.0, "（公章）")
        .line(24.0, 160.0, "主")
        .line(24.0, 166.0, "管")
        .line(24.0, 172.0, "部")
        .line(24.0, 178.0, "门")
        .line(24.0, 184.0, "意")
        .line(24.0, 190.0, "见")
        .line(150.0, 230.0, "年  月  日");
    let facts = read(vec![page]);
    let unit = spot(&facts, "unit-opinion").expect("found");
    assert_eq!(unit.text, "同意推荐。");
    assert!(unit.rect.iou(&rect(32.0, 40.0, 190.0, 140.0)) > 0.99);
    let department = spot(&facts, "department-opinion").expect("found");
    assert_eq!(department.text, "", "printed words alone");
    assert!(department.rect.iou(&rect(32.0, 140.0, 190.0, 240.0)) > 0.99);
    assert!(spot(&facts, "city-opinion").is_none());
}

#[test]
fn two_boxes_side_by_side_stay_apart() {
    let page = Sketch::new()
        .grid(&[20.0, 32.0, 100.0, 112.0, 190.0], &[40.0, 140.0])
        .upright(24.0, 70.0, "单位意见")
        .upright(104.0, 70.0, "主管部门意见")
        .line(40.0, 45.0, "同意。");
    let facts = read(vec![page]);
    assert!(spot(&facts, "unit-opinion").is_some_and(|p| p.rect.iou(&rect(32.0, 40.0, 100.0, 140.0)) > 0.99));
    assert!(spot(&facts, "department-opinion").is_some_and(|p| p.rect.iou(&rect(112.0, 40.0, 190.0, 140.0)) > 0.99));
}

#[test]
fn stacked_opinions_in_one_cell_are_cut_at_the_next_label() {
    let page = Sketch::new()
        .cells(&[[20.0, 40.0, 190.0, 200.0]])
        .line(25.0, 45.0, "工作单位意见：")
        .line(30.0, 52.0, "同意推荐。")
        .line(120.0, 100.0, "（公章）2022年7月1日")
        .line(25.0, 120.0, "主管部门意见：")
        .line(120.0, 180.0, "（公章）年月日");
    let facts = read(vec![page]);
    let unit = spot(&facts, "unit-opinion").expect("found");
    assert_eq!(unit.text, "同意推荐。2022年7月1日");
    assert!(unit.rect.bottom() * H < 121.0 && unit.rect.y * H < 41.0, "{:?}", unit.rect);
    let department = spot(&facts, "department-opinion").expect("found");
    assert_eq!(department.text, "");
    assert!(department.rect.y * H > 119.0 && department.rect.bottom() * H > 199.0);
}

#[test]
fn a_heading_row_across_the_table_heads_the_box_below() {
    let page = Sketch::new()
        .grid(&[20.0, 190.0], &[40.0, 50.0, 120.0, 130.0, 200.0])
        .line(90.0, 43.0, "单位意见")
        .line(30.0, 60.0, "同意推荐。")
        .line(85.0, 123.0, "市人社局审核意见");
    let facts = read(vec![page]);
    assert!(spot(&facts, "unit-opinion").is_some_and(|p| p.rect.iou(&rect(20.0, 50.0, 190.0, 120.0)) > 0.99));
    assert!(spot(&facts, "city-opinion").is_some_and(|p| p.rect.iou(&rect(20.0, 130.0, 190.0, 200.0)) > 0.99));
}

#[test]
fn sections_without_a_table_end_at_the_next_label() {
    let page = Sketch::new()
        .line(25.0, 40.0, "一、单位意见：")
        .line(30.0, 50.0, "同意推荐。")
        .line(140.0, 90.0, "（盖章）")
        .line(25.0, 110.0, "二、主管部门意见")
        .line(140.0, 160.0, "（盖章）");
    let facts = read(vec![page]);
    let unit = spot(&facts, "unit-opinion").expect("found");
    assert_eq!(unit.text, "同意推荐。");
    assert!(unit.rect.bottom() * H <= 110.5);
    assert_eq!(spot(&facts, "department-opinion").expect("found").text, "");
}

#[test]
fn words_in_running_text_are_no_labels() {
    let page = Sketch::new().line(25.0, 40.0, "四、所有“单位”或“工作单位”栏目，须填写全称。").line(
        25.0,
        50.0,
        "五、“相片”一律用近期一寸免冠照片，由单位意见为准。",
    );
    let facts = read(vec![page]);
    assert!(facts.fields.is_empty(), "{:?}", facts.fields);
    assert!(facts.places.is_empty(), "{:?}", facts.places);
}

#[test]
fn the_box_of_another_rank_is_not_taken() {
    let page = Sketch::new()
        .grid(&[20.0, 50.0, 190.0], &[40.0, 140.0])
        .line(22.0, 80.0, "县人社局")
        .line(22.0, 86.0, "审核意见")
        .line(60.0, 60.0, "同意。");
    assert!(spot(&read(vec![page]), "city-opinion").is_none());
}

#[test]
fn photo_places() {
    let form = || {
        Sketch::new().cells(&[
            [20.0, 40.0, 50.0, 60.0],
            [50.0, 40.0, 150.0, 60.0],
            [20.0, 60.0, 50.0, 80.0],
            [50.0, 60.0, 150.0, 80.0],
            [150.0, 40.0, 190.0, 80.0],
        ])
    };
    let own = rect(150.0, 40.0, 190.0, 80.0);
    let labelled = read(vec![form().line(160.0, 58.0, "相片")]);
    assert!(spot(&labelled, "photo").is_some_and(|p| p.rect.iou(&own) > 0.99));
    let stuck = read(vec![Sketch::new(), form().portrait(158.0, 42.0)]);
    assert!(spot(&stuck, "photo").is_some_and(|p| p.page == 1 && p.rect.iou(&own) > 0.99));
    assert!(spot(&read(vec![form()]), "photo").is_none(), "an empty cell without a label may be for anything");
}
