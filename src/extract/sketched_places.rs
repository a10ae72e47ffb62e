//! Places from sketched facts.

use super::sketch::{H, Sketch, read, rect, spot, values};

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
fn a_label_in_two_upright_columns_is_read_either_way() {
    let form = || Sketch::new().grid(&[20.0, 34.0, 190.0], &[40.0, 140.0]).line(60.0, 60.0, "同意推荐。");
    for (left, right) in [("市人社局", "审核意见"), ("审核意见", "市人社局")] {
        let page = form().upright(22.0, 70.0, left).upright(28.0, 70.0, right);
        let facts = read(vec![page]);
        let city = spot(&facts, "city-opinion").expect("found");
        assert!(city.text == "同意推荐。" && city.confidence > 0.9, "{left} {right}: {city:?}");
    }
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

#[test]
fn a_heading_in_the_open_heads_the_box_under_it() {
    let heading = || Sketch::new().line(90.0, 30.0, "单位意见").line(170.0, 34.0, "表一");
    // The box and below it another with its own label.
    let page = heading().grid(&[20.0, 190.0], &[42.0, 160.0, 220.0]).line(30.0, 50.0, "同意推荐。").line(
        30.0,
        165.0,
        "主管部门意见：",
    );
    let facts = read(vec![page]);
    let unit = spot(&facts, "unit-opinion").expect("found");
    assert!(unit.rect.iou(&rect(20.0, 42.0, 190.0, 160.0)) > 0.99, "{:?}", unit.rect);
    assert!(unit.text.contains("同意推荐。") && unit.confidence > 0.8, "{unit:?}");
    // One cell for both: cut at the next label.
    let page = heading().cells(&[[20.0, 42.0, 190.0, 220.0]]).line(30.0, 165.0, "主管部门意见：");
    let facts = read(vec![page]);
    let unit = spot(&facts, "unit-opinion").expect("found");
    assert!(unit.rect.y * H > 41.0 && unit.rect.bottom() * H < 166.0, "{:?}", unit.rect);
}

#[test]
fn a_heading_over_a_table_of_many_cells_heads_none_of_it_for_sure() {
    let page = Sketch::new().line(90.0, 30.0, "单位意见").grid(&[20.0, 60.0, 100.0, 190.0], &[42.0, 62.0, 82.0, 200.0]);
    let facts = read(vec![page]);
    let unit = spot(&facts, "unit-opinion").expect("found");
    assert!(unit.confidence < 0.6 && unit.rect.bottom() * H < 43.0, "{unit:?}");
    // A row across the top is a title, no box.
    let page = Sketch::new().line(90.0, 30.0, "单位意见").cells(&[
        [20.0, 42.0, 190.0, 52.0],
        [20.0, 52.0, 100.0, 200.0],
        [100.0, 52.0, 190.0, 200.0],
    ]);
    assert!(spot(&read(vec![page]), "unit-opinion").is_some_and(|p| p.confidence < 0.6));
}

#[test]
fn a_section_written_in_the_open_ends_at_a_table() {
    let page = Sketch::new()
        .line(25.0, 30.0, "一、单位意见：")
        .line(30.0, 38.0, "材料属实，同意推荐。")
        .cells(&[[20.0, 50.0, 190.0, 150.0]]);
    let facts = read(vec![page]);
    let unit = spot(&facts, "unit-opinion").expect("found");
    assert!(unit.rect.bottom() * H < 51.0 && unit.confidence > 0.8, "{unit:?}");
}

#[test]
fn of_two_labels_alike_the_one_with_the_box_is_taken() {
    let cells = [
        [20.0, 40.0, 50.0, 52.0],
        [50.0, 40.0, 90.0, 52.0],
        [90.0, 40.0, 110.0, 52.0],
        [110.0, 40.0, 160.0, 52.0],
        [160.0, 40.0, 190.0, 52.0],
        [20.0, 52.0, 50.0, 110.0],
        [50.0, 52.0, 190.0, 110.0],
    ];
    let row = Sketch::new()
        .cells(&cells)
        .line(22.0, 44.0, "单位意见")
        .line(55.0, 44.0, "单位性质")
        .line(96.0, 44.0, "是")
        .line(115.0, 44.0, "姓名")
        .line(170.0, 44.0, "无");
    let both = read(vec![row.line(22.0, 80.0, "单位意见").line(60.0, 60.0, "同意推荐。")]);
    let unit = spot(&both, "unit-opinion").expect("found");
    assert!(unit.rect.iou(&rect(50.0, 52.0, 190.0, 110.0)) > 0.99, "{:?}", unit.rect);
    // Alone, a row of fields is no sure box.
    let alone =
        Sketch::new().cells(&cells).line(22.0, 44.0, "单位意见").line(55.0, 44.0, "姓名").line(170.0, 44.0, "无");
    assert!(spot(&read(vec![alone]), "unit-opinion").is_some_and(|p| p.confidence < 0.6));
}

#[test]
fn a_watermark_fills_no_box() {
    let slanting = |page: Sketch, x: f32, y: f32, text: &str| {
        let mut page = page.line(x, y, text);
        let line = page.0.lines.last_mut().expect("drawn");
        line.rect = rect(x, y, x + 70.0, y + 45.0);
        line.chars.clear();
        page
    };
    let page = Sketch::new().grid(&[20.0, 50.0, 190.0], &[40.0, 140.0, 240.0]).line(22.0, 80.0, "单位意见");
    let page = slanting(page, 60.0, 60.0, "全国职称申报系统专用");
    let one = spot(&read(vec![page]), "unit-opinion").expect("found").text.clone();
    assert!(!one.is_empty(), "a single tall line may be anything");
    let page = Sketch::new().grid(&[20.0, 50.0, 190.0], &[40.0, 140.0, 240.0]).line(22.0, 80.0, "单位意见");
    let page = slanting(page, 60.0, 60.0, "全国职称申报系统专用");
    let page = slanting(page, 110.0, 160.0, "职称申报系统专用");
    let facts = read(vec![page.line(60.0, 50.0, "同意推荐。")]);
    assert_eq!(spot(&facts, "unit-opinion").expect("found").text, "同意推荐。");
}

#[test]
fn a_label_spread_over_its_line_is_one_label() {
    let page = Sketch::new()
        .line(50.0, 100.0, "姓")
        .line(72.0, 100.0, "名：李某")
        .line(50.0, 120.0, "工作")
        .line(64.0, 120.0, "单")
        .line(74.0, 120.0, "位")
        .line(90.0, 120.0, "某某公司");
    let facts = read(vec![page]);
    assert_eq!(values(&facts, "姓名"), ["李某"]);
    assert_eq!(values(&facts, "工作单位"), ["某某公司"]);
    assert!(spot(&facts, "cover-unit").is_some_and(|p| p.text == "某某公司"));
    let apart = Sketch::new().line(50.0, 100.0, "姓").line(150.0, 100.0, "名：李某");
    assert!(values(&read(vec![apart]), "姓名").is_empty(), "too far apart");
}
