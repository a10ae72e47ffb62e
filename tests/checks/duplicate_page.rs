use material_audit::model::finding::{CheckId, Severity};
use material_audit::model::geometry::Rect;
use material_audit::model::likeness::Thumb;
use material_audit::model::material::Material;
use material_audit::model::page::PageFacts;
use material_audit::model::text::TextLine;
use material_audit::pack::rules::RulePack;
use material_audit::pack::rules::copies::DuplicatePage;

use crate::build::*;

fn asked() -> RulePack {
    let mut pack = pack();
    pack.checks.intake = vec![CheckId::DuplicatePage];
    pack
}

fn line(n: usize, text: &str, confidence: f32) -> TextLine {
    TextLine {
        text: text.into(),
        rect: Rect::new(0.1, 0.1 + 0.05 * n as f32, 0.6, 0.03),
        confidence,
        chars: vec![],
        vertical: false,
        hand: false,
    }
}

/// A page of text whose ink lies by `seed`.
fn written(lines: &[&str], seed: usize) -> PageFacts {
    let mut facts = page();
    facts.lines = lines.iter().enumerate().map(|(n, t)| line(n, t, 0.97)).collect();
    let ink: Vec<f32> = (0..64 * 90).map(|i| ((i * 7919 + i / 64 * 104_729 * seed) % 97) as f32 / 97.0).collect();
    facts.picture = Thumb::of(64, &ink);
    facts
}

fn assessment(year: &str) -> Vec<String> {
    vec![
        format!("专业技术人员年度考核登记表{year}年度"),
        "姓名乔楚一性别男出生年月1988年07月参加工作2010年08月政治面貌中共党员".into(),
        "单位太行数据技术研究所信息中心职务助理工程师任职时间2015年12月".into(),
        "本年度认真履行岗位职责，完成机房改造和数据治理任务，出勤率高，团结同事".into(),
        "考核等次合格主管领导意见同意定为合格等次单位意见同意备案".into(),
    ]
}

fn form(year: &str, seed: usize) -> PageFacts {
    let lines = assessment(year);
    written(&lines.iter().map(String::as_str).collect::<Vec<_>>(), seed)
}

#[test]
fn clean() {
    let mut packet = Packet::default();
    packet.add(Doc::bound(Material::PerformanceMaterial, 1, 2));
    *packet.page(0) = form("2020", 1);
    *packet.page(1) = written(&["完全不同的一页业绩证明材料，写着项目合同与验收结论，日期2019年03月"], 2);
    passed(&packet.run("duplicate-page", &asked()));
}

#[test]
fn the_same_pixels_in_one_document_are_a_defect() {
    let mut packet = Packet::default();
    packet.add(Doc::bound(Material::PerformanceMaterial, 1, 3));
    packet.page(0).fingerprint = "a".repeat(64);
    packet.page(1).fingerprint = "b".repeat(64);
    packet.page(2).fingerprint = "a".repeat(64);
    let found = defects(packet.run("duplicate-page", &asked()));
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].place.page, found[0].severity), (Some(2), Severity::Advise));
    assert!(found[0].message.contains("第3页与《评审材料.pdf》第1页"), "{}", found[0].message);
    assert_eq!(found[0].key, "performance-material#1");
}

#[test]
fn a_sheet_scanned_twice_is_a_defect() {
    let mut packet = Packet::default();
    packet.add(Doc::bound(Material::PerformanceMaterial, 1, 2));
    *packet.page(0) = form("2020", 1);
    *packet.page(1) = form("2020", 1);
    // Page numbers differ, one character is misread.
    packet.page(0).lines.push(TextLine { rect: Rect::new(0.48, 0.95, 0.04, 0.02), ..line(0, "31", 0.9) });
    packet.page(1).lines.push(TextLine { rect: Rect::new(0.48, 0.95, 0.04, 0.02), ..line(0, "32", 0.9) });
    packet.page(1).lines[3].text = packet.page(1).lines[3].text.replace("机房", "机戾");
    assert_eq!(defects(packet.run("duplicate-page", &asked())).len(), 1);
}

#[test]
fn the_next_years_form_is_another_page() {
    let mut packet = Packet::default();
    packet.add(Doc::bound(Material::PerformanceMaterial, 1, 2));
    *packet.page(0) = form("2020", 1);
    *packet.page(1) = form("2021", 1);
    passed(&packet.run("duplicate-page", &asked()));
}

#[test]
fn a_doubtful_year_is_left_to_a_person() {
    let mut packet = Packet::default();
    packet.add(Doc::bound(Material::PerformanceMaterial, 1, 2));
    *packet.page(0) = form("2020", 1);
    *packet.page(1) = form("2021", 1);
    packet.page(1).lines[0].confidence = 0.6;
    review(packet.run("duplicate-page", &asked()), "人工核对");
}

#[test]
fn empty_forms_and_blank_backs_are_no_copies() {
    let mut packet = Packet::default();
    packet.add(Doc::bound(Material::PerformanceMaterial, 1, 4));
    *packet.page(0) = written(&["业绩成果登记表", "项目名称", "本人作用", "完成时间"], 1);
    *packet.page(1) = written(&["业绩成果登记表", "项目名称", "本人作用", "完成时间"], 1);
    *packet.page(2) = blank();
    *packet.page(3) = blank();
    packet.page(2).fingerprint = "a".repeat(64);
    packet.page(3).fingerprint = "a".repeat(64);
    passed(&packet.run("duplicate-page", &asked()));
}

#[test]
fn a_certificate_asked_for_in_two_categories_is_no_copy() {
    let mut packet = Packet::default();
    packet.add(Doc::bound(Material::QualificationCertificate, 0, 1));
    packet.add(Doc::bound(Material::QualificationCertificate, 1, 1));
    packet.page(0).fingerprint = "a".repeat(64);
    packet.page(1).fingerprint = "a".repeat(64);
    passed(&packet.run("duplicate-page", &asked()));
}

#[test]
fn a_document_handed_in_twice_is_left_to_a_person() {
    let mut packet = Packet::default();
    packet.add(Doc { file: "推荐报告.pdf", ..Doc::loose(Material::RecommendationReport, 1) });
    packet.add(Doc { file: "推荐报告（2）.pdf", ..Doc::loose(Material::RecommendationReport, 1) });
    packet.page(0).fingerprint = "a".repeat(64);
    packet.page(1).fingerprint = "a".repeat(64);
    review(packet.run("duplicate-page", &asked()), "一式几份");
}

fn once() -> RulePack {
    let mut pack = pack();
    pack.checks.copies.duplicate_page = vec![DuplicatePage {
        basis: basis(),
        material: vec![Material::PerformanceMaterial, Material::TechnicalReport],
    }];
    pack
}

#[test]
fn one_project_with_two_awards_is_left_to_a_person() {
    let award = |grade: &str| format!("你单位完成的《矿山智能通风系统研究》荣获二〇一九年度科技进步{grade}等奖");
    let mut packet = Packet::default();
    packet.add(Doc::bound(Material::PerformanceMaterial, 1, 1));
    packet.add(Doc::bound(Material::TechnicalReport, 2, 1));
    *packet.page(0) = written(&[&award("二")], 1);
    *packet.page(1) = written(&[&award("三")], 2);
    review(packet.run("duplicate-page", &once()), "矿山智能通风系统研究");
    packet.page(1).lines[0].text = "你单位完成的《选煤厂集中控制系统》荣获二〇一九年度科技进步三等奖".into();
    passed(&packet.run("duplicate-page", &once()));
}

#[test]
fn one_certificate_in_two_places_is_left_to_a_person() {
    let mut packet = Packet::default();
    packet.add(Doc::bound(Material::PerformanceMaterial, 1, 1));
    packet.add(Doc::bound(Material::TechnicalReport, 2, 1));
    packet.page(0).fingerprint = "a".repeat(64);
    packet.page(1).fingerprint = "a".repeat(64);
    review(packet.run("duplicate-page", &once()), "使用了两次");
}

/// One layout whose lines differ where two documents of it do.
fn listed_in(name: &str, seed: usize) -> PageFacts {
    let lines = [
        "目次第三期总第一百二十期数据工程与应用编辑部",
        "县域数据共享平台的设计与实现邬启明",
        "传感器时间序列缺失值的填补戴秀云",
        "基层统计报表自动校核方法倪国安",
        name,
        "移动终端采集系统的安全加固项东海主管单位云泉省科学技术协会",
        "用户画像在公共服务中的应用俞晓岚主办单位云泉省计算机学会定价十五元",
        "版权声明本刊已许可有关数据库以数字化方式复制汇编发行信息网络传播本刊全文",
        "所有署名作者向本刊提交文章发表之行为视为同意上述声明编辑出版地址邮政编码",
        "国内统一连续出版物号国际标准连续出版物号广告经营许可证号印刷单位发行范围公开",
    ];
    written(&lines, seed)
}

#[test]
fn print_that_reads_differently_under_a_seal_hides_no_copy() {
    let certificate = |garbled: [&str; 3]| {
        let mut lines = assessment("2023");
        lines.extend(garbled.map(str::to_owned));
        let mut page = written(&lines.iter().map(String::as_str).collect::<Vec<_>>(), 1);
        page.lines[5..].iter_mut().for_each(|l| l.confidence = 0.82);
        page
    };
    let mut packet = Packet::default();
    packet.add(Doc::bound(Material::PerformanceMaterial, 1, 2));
    *packet.page(0) = certificate(["培2设2用0月20日考续教云泉继吕202妻", "JH时考续教云泉继202表", "培谢去4月20日自信"]);
    *packet.page(1) = certificate(["培20专月20日理业海界考核续教线", "HD时考续教泉云继培22", "培逊去40月20日且住身"]);
    review(packet.run("duplicate-page", &asked()), "人工核对");
    // Another year where it was well read, or ink that lies otherwise, and it is another certificate.
    let again = packet.page(1).clone();
    packet.page(1).lines[0].text = "专业技术人员年度考核登记表2024年度".into();
    passed(&packet.run("duplicate-page", &asked()));
    *packet.page(1) = PageFacts { picture: form("2023", 2).picture, ..again };
    passed(&packet.run("duplicate-page", &asked()));
}

#[test]
fn pieces_of_a_rim_read_from_one_scan_only_leave_a_sheet_scanned_twice_certain() {
    let mut packet = Packet::default();
    packet.add(Doc::bound(Material::PerformanceMaterial, 1, 2));
    *packet.page(0) = form("2020", 1);
    *packet.page(1) = form("2020", 1);
    let pieces = ["栖岭县信", "息中心有限责任", "某某市龙城矿山装备"];
    let rim =
        |n: usize| TextLine { rect: Rect::new(0.62, 0.62 + 0.02 * n as f32, 0.1, 0.02), ..line(0, pieces[n], 0.9) };
    packet.page(1).lines.extend((0..pieces.len()).map(rim));
    review(packet.run("duplicate-page", &asked()), "人工核对");
    for page in 0..2 {
        packet.page(page).seals.push(seal(0.6, 0.6));
    }
    assert_eq!(defects(packet.run("duplicate-page", &asked())).len(), 1);
    // A date over which the seal lies is read from one scan only; another date is another page.
    let dated = |text: &str| TextLine { rect: Rect::new(0.62, 0.7, 0.1, 0.02), ..line(0, text, 0.95) };
    packet.page(0).lines.push(dated("2020年10月18日，第27号，共35份"));
    review(packet.run("duplicate-page", &asked()), "人工核对");
    packet.page(1).lines.push(dated("2020年11月19日，第28号，共36份"));
    passed(&packet.run("duplicate-page", &asked()));
    (0..2).for_each(|page| drop(packet.page(page).lines.pop()));
    // What differs beside the seal still tells two pages apart.
    packet.page(1).lines[0].text = "专业技术人员年度考核登记表2021年度".into();
    passed(&packet.run("duplicate-page", &asked()));
}

#[test]
fn lists_of_one_layout_with_another_line_are_no_copies() {
    let mut packet = Packet::default();
    packet.add(Doc::bound(Material::Paper, 1, 2));
    *packet.page(0) = listed_in("减速机装配线节拍优化方法", 1);
    *packet.page(1) = listed_in("焊接烟尘集中治理风量计算", 1);
    passed(&packet.run("duplicate-page", &asked()));
    // Doubtfully read, it may be the same line.
    packet.page(1).lines[4].confidence = 0.6;
    review(packet.run("duplicate-page", &asked()), "人工核对");
}

#[test]
fn an_inner_page_repeated_behind_itself_is_a_page_scanned_twice() {
    let cover = |year: &str| written(&[&format!("专业技术人员考核登记表{year}年度"), "单位某某公司", "姓名乔楚一"], 2);
    let mut packet = Packet::default();
    packet.add(Doc::bound(Material::AssessmentForm, 1, 2));
    packet.add(Doc::bound(Material::AssessmentForm, 1, 1));
    *packet.page(0) = cover("2020");
    *packet.page(1) = form("2020", 1);
    *packet.page(2) = form("2020", 1);
    let found = defects(packet.run("duplicate-page", &asked()));
    assert_eq!((found.len(), found[0].place.page), (1, Some(2)));
}

#[test]
fn a_bound_leaf_behind_itself_is_scanned_twice_and_a_loose_or_longer_document_may_have_been_asked_for_twice() {
    let twice = |doc: fn() -> Doc, pages: usize| {
        let mut packet = Packet::default();
        packet.add(doc());
        packet.add(doc());
        for page in 0..2 * pages {
            *packet.page(page) = form(if page % pages == 0 { "2020" } else { "2021" }, 1);
        }
        packet.run("duplicate-page", &asked())
    };
    let found = defects(twice(|| Doc::bound(Material::EducationCertificate, 1, 1), 1));
    assert_eq!((found.len(), found[0].place.page), (1, Some(1)));
    review(twice(|| Doc::bound(Material::AssessmentForm, 1, 2), 2), "一式几份");
    review(twice(|| Doc::loose(Material::AssessmentForm, 1), 1), "一式几份");
    defects(twice(|| Doc::loose(Material::ContinuingEducationProof, 1), 1));
    review(twice(|| Doc::loose(Material::ContinuingEducationProof, 2), 2), "一式几份");
}

#[test]
fn like_covers_of_different_documents_are_no_copies() {
    let mut packet = Packet::default();
    packet.add(Doc::bound(Material::AssessmentForm, 1, 2));
    packet.add(Doc::bound(Material::AssessmentForm, 1, 2));
    *packet.page(0) = form("2020", 1);
    *packet.page(1) = written(
        &[
            "个人述职本年度完成机房改造和数据治理任务，考核鉴定为合格等次，主管领导签字，单位考核组织综合评价为合格，被考核人签字确认无异议",
        ],
        3,
    );
    *packet.page(2) = form("2020", 1);
    *packet.page(3) = written(&["任职期满述职五年来主持三个平台的建设，期满考核鉴定为优秀等次，单位盖章"], 5);
    passed(&packet.run("duplicate-page", &asked()));
    // The whole document twice.
    *packet.page(3) = packet.page(1).clone();
    review(packet.run("duplicate-page", &asked()), "一式几份");
}
