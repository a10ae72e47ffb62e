use super::*;
use crate::model::geometry::Rect;
use crate::model::page::{ColourMode, PageFacts, PageSize, Pose, Quality};
use crate::model::text::{TextLine, TextSource};

fn passage(lines: &[&str]) -> Passage {
    let line = |(n, text): (usize, &&str)| TextLine {
        text: (*text).to_owned(),
        rect: Rect::new(0.1, 0.05 * n as f32, 0.5, 0.02),
        confidence: 0.98,
        chars: vec![],
        vertical: false,
        hand: false,
    };
    let page = PageFacts {
        size: PageSize { width_mm: 210.0, height_mm: 297.0, known: true },
        pixels: (0, 0),
        pose: Pose::UPRIGHT,
        quality: Quality {
            dpi: None,
            colour: ColourMode::Colour,
            stored: ColourMode::Colour,
            blank: false,
            ink: 0.1,
            contrast: 0.9,
            sharpness: 0.9,
            cut_sides: 0,
            degraded: vec![],
        },
        source: TextSource::Pixels,
        lines: lines.iter().enumerate().map(line).collect(),
        seals: vec![],
        photos: vec![],
        codes: vec![],
        traces: vec![],
        strokes: vec![],
        unread: vec![],
        undecoded: vec![],
        watermark: None,
        stored: None,
        carried: Vec::new(),
        picture: None,
        tables: vec![],
        rules: vec![],
        fingerprint: String::new(),
    };
    passages(&page).remove(0)
}

fn years(found: Vec<Noted>) -> Vec<i16> {
    found.into_iter().map(|n| n.year).collect()
}

#[test]
fn years_with_results() {
    let read = |text: &str| results(&passage(&[text])).into_iter().map(|n| (n.year, n.grade)).collect::<Vec<_>>();
    let good = Some(Grade::Good);
    assert_eq!(read("2016年合格、2017年优秀"), [(2016, good), (2017, good)]);
    assert_eq!(read("2018年度基本合格"), [(2018, Some(Grade::Below))]);
    assert_eq!(read("2017年合格；2018年台格"), [(2017, good), (2018, None)], "a misread result is a result");
    assert_eq!(read("2017年合格；2018年7月晋升"), [(2017, good)]);
    assert_eq!(read("2017年合格；2018年晋升工程师，2019年获奖"), [(2017, good)]);
    assert_eq!(read("2018年担任组长"), []);
    assert_eq!(read("2016-2018年均为合格"), [(2016, good), (2017, good), (2018, good)]);
    assert_eq!(read("2019年度考核结果为不称职"), [(2019, Some(Grade::Below))]);
    assert_eq!(read("2020年度"), [(2020, None)]);
    assert_eq!(read("2024年11月6日"), []);
    assert_eq!(years(results(&passage(&["2023年度", "合格", "某公司", "2022年度", "优秀"]))), [2023, 2022]);
}

#[test]
fn years_of_forms() {
    let of = |lines: &[&str]| years(form_years(&passage(lines)));
    assert_eq!(of(&["考核登记表", "（ 2018 年度）"]), [2018]);
    assert_eq!(of(&["2021年度专业技术人员考核登记表"]), [2021]);
    assert_eq!(of(&["考核年度：2022年"]), [2022]);
    assert_eq!(of(&["2023年考核表"]), [2023]);
    assert_eq!(of(&["填表时间", "2019年01月"]), [] as [i16; 0]);
    assert_eq!(of(&["经过2020年的努力，本人在工作中认真负责，完成了各项任务"]), [] as [i16; 0]);
}

#[test]
fn results_of_forms() {
    let of = |lines: &[&str]| form_result(&passage(lines)).and_then(|n| n.grade);
    assert_eq!(of(&["建议评为优秀等次。", "考核等次为基本合格。"]), Some(Grade::Below));
    assert_eq!(of(&["同意评定为合格"]), Some(Grade::Good));
    assert_eq!(of(&["优秀 合格 基本合格 不合格"]), None, "a list to choose from");
    assert_eq!(of(&["历年考核无不合格情况"]), None);
}

#[test]
fn the_term_tells_the_years() {
    let term = |month, sure| Term { year: 2018, month, sure, source: "名册".into() };
    let years = Years { each: vec![2023], any: vec![], term_to: Some(2023), term_most: Some(5) };
    let sure = |term: Option<&Term>| -> Vec<i16> {
        needed(&years, term).into_iter().filter(|n| n.doubt.is_none()).map(|n| n.year).collect()
    };
    assert_eq!(sure(None), [2023]);
    assert_eq!(sure(Some(&term(Some(1), true))), [2019, 2020, 2021, 2022, 2023]);
    assert_eq!(needed(&years, Some(&term(Some(1), true))).len(), 6, "2018 is left to a person");
    assert_eq!(sure(Some(&term(Some(1), false))), [2023]);
    let short = Term { year: 2021, month: Some(12), sure: true, source: String::new() };
    assert_eq!(sure(Some(&short)), [2022, 2023]);
}

#[test]
fn appointments() {
    let of = |lines: &[&str]| appointment(&passage(lines)).map(|t| (t.year, t.month));
    assert_eq!(of(&["聘期自20", "18年1月至2026年12月。"]), Some((2018, Some(1))));
    assert_eq!(of(&["聘任期限：2019.07-2022.06"]), Some((2019, Some(7))));
    assert_eq!(of(&["自2020年3月1日起聘任"]), Some((2020, Some(3))));
    assert_eq!(of(&["2018年1月5日"]), None);
    assert_eq!(year_and_month("2022-01"), Some((2022, Some(1))));
    assert_eq!(year_and_month("工程师 2014年1月"), Some((2014, Some(1))));
    assert_eq!(year_and_month("2019"), Some((2019, None)));
    assert_eq!(year_and_month("无"), None);
}
