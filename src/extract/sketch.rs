//! Tests on sketched facts: lines and cells placed by hand, in millimetres on A4.

use super::extract;
use crate::model::field::{Field, FormPlace};
use crate::model::geometry::Rect;
use crate::model::layout::{Cell, Table};
use crate::model::marks::{Background, Photo, PhotoColour, PhotoKind, Seal, SealColour, SealShape};
use crate::model::material::{Material, Span};
use crate::model::packet::{Employer, Level, PacketFacts, PageRecord};
use crate::model::page::{ColourMode, PageFacts, PageSize, Pose, Quality};
use crate::model::text::{CharAt, TextLine, TextSource};
use crate::pack::rules::{Checks, FieldKind, Form, FormField, Notice, PlaceKind, PlaceRule, RulePack};

const W: f32 = 210.0;
const H: f32 = 297.0;

fn rect(x0: f32, y0: f32, x1: f32, y1: f32) -> Rect {
    Rect::from_corners(x0 / W, y0 / H, x1 / W, y1 / H)
}

struct Sketch(PageFacts);

impl Sketch {
    fn new() -> Self {
        let quality = Quality {
            dpi: None,
            colour: ColourMode::Colour,
            blank: false,
            ink: 0.1,
            contrast: 0.9,
            sharpness: 0.9,
            cut_sides: 0,
            degraded: Vec::new(),
        };
        Self(PageFacts {
            size: PageSize { width_mm: W, height_mm: H, known: true },
            pixels: (0, 0),
            pose: Pose::UPRIGHT,
            quality,
            source: TextSource::Pixels,
            lines: Vec::new(),
            seals: Vec::new(),
            photos: Vec::new(),
            codes: Vec::new(),
            tables: Vec::new(),
            rules: Vec::new(),
            fingerprint: String::new(),
        })
    }

    /// Characters 4 mm apart from `x` on, 4 mm high; a space takes its place.
    fn line(mut self, x: f32, y: f32, text: &str) -> Self {
        let count = text.chars().count();
        let chars = (0..count).map(|i| CharAt { at: (x + 4.0 * i as f32 + 2.0) / W, confidence: 0.98 }).collect();
        self.0.lines.push(TextLine {
            text: text.chars().filter(|c| *c != ' ').collect(),
            rect: rect(x, y, x + 4.0 * count as f32, y + 4.0),
            confidence: 0.98,
            chars: text.chars().zip::<Vec<CharAt>>(chars).filter(|(c, _)| *c != ' ').map(|(_, at)| at).collect(),
            vertical: false,
        });
        self
    }

    fn upright(mut self, x: f32, y: f32, text: &str) -> Self {
        let count = text.chars().count();
        self.0.lines.push(TextLine {
            text: text.to_owned(),
            rect: rect(x, y, x + 4.0, y + 4.0 * count as f32),
            confidence: 0.98,
            chars: (0..count).map(|i| CharAt { at: (y + 4.0 * i as f32 + 2.0) / H, confidence: 0.98 }).collect(),
            vertical: true,
        });
        self
    }

    /// A table of these cells, each `[x0, y0, x1, y1]`.
    fn cells(mut self, cells: &[[f32; 4]]) -> Self {
        let cells: Vec<Cell> = cells
            .iter()
            .map(|c| Cell { rect: rect(c[0], c[1], c[2], c[3]), row: 0, col: 0, row_span: 1, col_span: 1 })
            .collect();
        let all = cells.iter().map(|c| c.rect).reduce(|a, b| a.union(&b)).expect("a table has cells");
        self.0.tables.push(Table { rect: all, cells });
        self
    }

    fn grid(self, xs: &[f32], ys: &[f32]) -> Self {
        let cells: Vec<[f32; 4]> =
            ys.windows(2).flat_map(|y| xs.windows(2).map(move |x| [x[0], y[0], x[1], y[1]])).collect();
        self.cells(&cells)
    }

    fn seal(mut self, x: f32, y: f32) -> Self {
        self.0.seals.push(Seal {
            rect: rect(x, y, x + 42.0, y + 42.0),
            shape: SealShape::Circle,
            colour: SealColour::Red,
            diameter_mm: 42.0,
            text: None,
            confidence: 0.9,
        });
        self
    }

    fn portrait(mut self, x: f32, y: f32) -> Self {
        self.0.photos.push(Photo {
            rect: rect(x, y, x + 25.0, y + 35.0),
            kind: PhotoKind::Portrait,
            colour: PhotoColour::Colour,
            background: Background::Red,
            confidence: 0.9,
        });
        self
    }
}

fn field(labels: &[&str], kind: FieldKind, column: bool) -> FormField {
    FormField { labels: labels.iter().map(|l| (*l).to_owned()).collect(), kind, column }
}

fn place(id: &str, kind: PlaceKind, labels: &[&str]) -> PlaceRule {
    PlaceRule { id: id.into(), name: id.into(), kind, labels: labels.iter().map(|l| (*l).to_owned()).collect() }
}

fn pack() -> RulePack {
    let form = Form {
        material: Material::ReviewForm,
        fields: vec![
            field(&["起止时间"], FieldKind::Date, true),
            field(&["时间"], FieldKind::Date, true),
            field(&["参加工作时间"], FieldKind::Date, false),
            field(&["出生年月"], FieldKind::Date, false),
            field(&["填表时间"], FieldKind::Date, false),
            field(&["姓名"], FieldKind::Name, false),
            field(&["工作单位"], FieldKind::Unit, false),
            field(&["申报职称"], FieldKind::Level, false),
            field(&["单位性质"], FieldKind::Employer, false),
        ],
        places: vec![
            place("cover-unit", PlaceKind::Cover, &["工作单位"]),
            place("photo", PlaceKind::Photo, &["相片", "照片"]),
            place("unit-opinion", PlaceKind::Box, &["单位意见", "工作单位意见"]),
            place("department-opinion", PlaceKind::Box, &["主管部门意见"]),
            place("city-opinion", PlaceKind::Box, &["市人社局审核意见"]),
        ],
        earlier: vec![7],
    };
    let notice =
        Notice { title: String::new(), issuer: String::new(), number: String::new(), year: 2024, levels: Vec::new() };
    RulePack {
        id: "sketch".into(),
        version: "1".into(),
        notice,
        volumes: Vec::new(),
        categories: Vec::new(),
        materials: Vec::new(),
        forms: vec![form],
        checks: Checks::default(),
    }
}

fn facts(pages: Vec<Sketch>) -> PacketFacts {
    let span = Span {
        material: Material::ReviewForm,
        entry: None,
        category: None,
        volume: None,
        pages: 0..pages.len(),
        confidence: 1.0,
        guesses: Vec::new(),
        titled: true,
    };
    let pages = pages.into_iter().map(|p| PageRecord { file: "a.pdf".into(), page: 1, facts: Ok(p.0) }).collect();
    PacketFacts { pages, spans: vec![span], ..PacketFacts::default() }
}

fn read(pages: Vec<Sketch>) -> PacketFacts {
    let mut facts = facts(pages);
    extract(&mut facts, &pack());
    facts
}

fn values<'a>(facts: &'a PacketFacts, label: &str) -> Vec<&'a str> {
    facts.fields.iter().filter(|f: &&Field| f.label == label).map(|f| f.text.as_str()).collect()
}

fn spot<'a>(facts: &'a PacketFacts, id: &str) -> Option<&'a FormPlace> {
    let mut found = facts.places.iter().filter(|p| p.id == id);
    let first = found.next();
    assert!(found.next().is_none(), "{id} found twice");
    first
}

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
