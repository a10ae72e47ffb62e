//! Hand-made packets: a line of text per line of the page, titles first.

use super::classify;
use crate::model::geometry::Rect;
use crate::model::marks::{Background, Photo, PhotoColour, PhotoKind};
use crate::model::material::{Material, Span};
use crate::model::packet::PageRecord;
use crate::model::page::{ColourMode, PageFacts, PageSize, Pose, Quality, Unreadable};
use crate::model::text::{TextLine, TextSource};
use crate::pack::{self, rules::RulePack};

fn facts(lines: Vec<TextLine>, blank: bool) -> PageFacts {
    PageFacts {
        size: PageSize { width_mm: 210.0, height_mm: 297.0, known: true },
        pixels: (0, 0),
        pose: Pose::UPRIGHT,
        quality: Quality {
            dpi: Some(200),
            colour: ColourMode::Colour,
            stored: ColourMode::Colour,
            blank,
            ink: 0.05,
            contrast: 0.9,
            sharpness: 0.5,
            cut_sides: 0,
            degraded: Vec::new(),
        },
        source: TextSource::Pixels,
        lines,
        seals: Vec::new(),
        photos: Vec::new(),
        codes: Vec::new(),
        traces: Vec::new(),
        strokes: Vec::new(),
        unread: Vec::new(),
        undecoded: Vec::new(),
        watermark: None,
        stored: None,
        carried: Vec::new(),
        tables: Vec::new(),
        rules: Vec::new(),
        fingerprint: String::new(),
        picture: None,
    }
}

/// Lines below each other; short ones at the top are centred, as titles are.
fn page(file: &str, number: u32, text: &str) -> PageRecord {
    let lines = text.split('/').filter(|t| !t.is_empty()).enumerate().map(|(i, t)| {
        let width = (t.chars().count() as f32 * 0.02).min(0.8);
        let x = if i < 2 { 0.5 - width / 2.0 } else { 0.1 };
        TextLine {
            text: t.to_owned(),
            rect: Rect::new(x, 0.1 + i as f32 * 0.03, width, 0.018),
            confidence: 0.95,
            chars: Vec::new(),
            vertical: false,
            hand: false,
        }
    });
    PageRecord { file: file.to_owned(), page: number, facts: Ok(facts(lines.collect(), text.is_empty())) }
}

/// One file with these pages.
pub(super) fn document(file: &str, pages: &[&str]) -> Vec<PageRecord> {
    (1..).zip(pages).map(|(n, text)| page(file, n, text)).collect()
}

pub(super) fn yangquan() -> RulePack {
    pack::load("yangquan-bigdata-2024").expect("a built-in pack")
}

fn changzhi() -> RulePack {
    pack::load("changzhi-engineering-2022").expect("a built-in pack")
}

/// The material of every page, after checking that the spans cover all pages once.
pub(super) fn materials(spans: &[Span], count: usize) -> Vec<Material> {
    let mut all = Vec::new();
    for span in spans {
        assert_eq!(span.pages.start, all.len(), "spans follow each other without gaps");
        all.extend(span.pages.clone().map(|_| span.material));
    }
    assert_eq!(all.len(), count);
    all
}

pub(super) const COVER: &str = "评审材料/单位/某某公司/姓名/张三/申报职称/工程师";
const CATALOGUE: &str =
    "评审材料目录/序号/材料名称/页码/第一：基本材料/毕业证书/1/学位证书/2/聘任证书/3/荣誉证书/4/继续教育合格证书/5";
pub(super) const DIPLOMA: &str = "普通高等学校/毕业证书/学生张三，性别男，在本校软件工程专业四年制本科学习，修完教学计划规定的全部课程，成绩合格，准予毕业。/校长";
pub(super) const DEGREE: &str =
    "学士学位证书/张三，完成了本科学习计划，业已毕业，经审核符合学位条例的规定，授予工学学士学位。";
const LETTER: &str = "聘  书/兹聘任张三同志为我单位助理工程师，聘期三年。";
const TRAINING: &str = "专业技术人员继续教育合格证书/张三同志参加公需科目学习，完成 30 学时，考核合格。";
pub(super) const ACCEPTANCE: &str = "项 目 验 收 报 告/项目名称/城市数据平台/建设单位/承担单位/验收意见";
const PATENT: &str =
    "实用新型专利证书/实用新型名称：数据采集装置/发明人：张三/专利号：ZL 2020 2 0000000.0/专利权人/授权公告日";
const JOURNAL: &str = "数据工程/ISSN 1000-0000/CN 10-0000/TP/2020年第3期/总第120期";
const ARTICLE: &str =
    "2020年第3期/数据工程/数据质量评估方法/摘 要：本文提出一种方法。/关键词：数据；质量/1 引言/随着业务规模的扩大";
const INDEX: &str = "中国知网/检索/数据质量评估方法/作者：张三/来源：数据工程/下载：10/被引：2";

#[test]
fn a_clean_volume_in_one_file() {
    let pages = document(
        "a.pdf",
        &[COVER, CATALOGUE, DIPLOMA, DEGREE, LETTER, TRAINING, ACCEPTANCE, PATENT, JOURNAL, ARTICLE, INDEX],
    );
    let pack = yangquan();
    let spans = classify(&pages, &pack);
    use Material as M;
    assert_eq!(
        materials(&spans, pages.len()),
        [
            M::Other,
            M::Catalogue,
            M::EducationCertificate,
            M::DegreeCertificate,
            M::AppointmentCertificate,
            M::ContinuingEducationProof,
            M::PerformanceMaterial,
            M::AchievementMaterial,
            M::Paper,
            M::Paper,
            M::PaperIndexPage
        ]
    );
    assert!(spans.iter().all(|s| s.volume == Some(0)));
    let categories: Vec<Option<usize>> = spans.iter().map(|s| s.category).collect();
    assert_eq!(categories, [None, None, Some(0), Some(0), Some(0), Some(0), Some(1), Some(2), Some(3), Some(3)]);
    assert!(spans.iter().all(|s| s.titled), "each shows its title: {spans:?}");
}

#[test]
fn a_misplaced_material_keeps_its_name() {
    let pack = yangquan();
    let swapped = document("a.pdf", &[COVER, CATALOGUE, DIPLOMA, PATENT, ACCEPTANCE, INDEX]);
    let spans = classify(&swapped, &pack);
    assert_eq!(materials(&spans, 6)[3..5], [Material::AchievementMaterial, Material::PerformanceMaterial]);
    assert_eq!((spans[3].category, spans[4].category), (Some(2), Some(1)), "each keeps the category it belongs to");
    let moved = document("a.pdf", &[COVER, CATALOGUE, DEGREE, LETTER, ACCEPTANCE, DIPLOMA, PATENT]);
    let spans = classify(&moved, &pack);
    assert_eq!(materials(&spans, 7)[5], Material::EducationCertificate);
    assert_eq!(spans[5].category, Some(0));
}

#[test]
fn a_form_goes_on_through_its_own_headings() {
    let form = [
        "某省专业技术职称申报评审表/工作单位/姓名/申报职称",
        "填 表 说 明/一、本表供专业技术人员申报评审专业技术职称时使用。/二、内容要具体、真实。",
        "基本情况/姓名/张三/曾用名/政治面貌/何时何院校何专业毕业",
        "三、工 作 经 历/起止时间/工作单位/职务",
        "五、著作、论文及重要技术报告/时间/名称及内容提要",
        "六、个 人 总 结/任现职以来，本人参加继续教育，学时达到要求，考核合格。",
        "八、推 荐 意 见/工作（聘用）单位鉴定意见/同意推荐/公章",
        "专业技术职称申报材料真实性承诺书/本人承诺：所提供的材料真实有效。",
    ];
    let mut pages = document("扫描01.pdf", &form);
    pages.extend(document("扫描02.pdf", &["张三同志鉴定意见/经审核，符合申报条件，公示无异议。/单位负责人"]));
    let spans = classify(&pages, &yangquan());
    assert_eq!(spans.len(), 2, "{spans:?}");
    assert_eq!((spans[0].material, spans[0].pages.clone()), (Material::ReviewForm, 0..8));
    assert_eq!(spans[1].material, Material::AppraisalOpinion);
    assert!(spans.iter().all(|s| s.volume.is_none()));
}

#[test]
fn a_pledge_by_itself_is_a_pledge() {
    let pages =
        document("承诺书.pdf", &["申报材料真实性承诺书/本人承诺：所提供的材料真实有效，如有弄虚作假，责任自负。"]);
    assert_eq!(classify(&pages, &yangquan())[0].material, Material::AuthenticityPledge);
}

#[test]
fn a_journal_contents_page_is_no_catalogue_and_a_catalogue_is_none_of_what_it_lists() {
    let contents = "目 录/煤矿监测数据的异常检测/李四/（12）/数据质量评估方法/张三/（20）";
    let pages = document(
        "a.pdf",
        &[
            COVER,
            CATALOGUE,
            "序号/材料名称/页码/第三：业绩成果及获奖相关材料/专利证书/9/第四：学术技术条件相关材料/论文/10",
            DIPLOMA,
            JOURNAL,
            contents,
            ARTICLE,
        ],
    );
    let spans = classify(&pages, &yangquan());
    let found = materials(&spans, 7);
    assert_eq!(found[1..3], [Material::Catalogue, Material::Catalogue]);
    assert_eq!(found[4..], [Material::Paper; 3]);
}

#[test]
fn blank_and_unread_pages_break_nothing() {
    let mut pages = document("a.pdf", &[COVER, CATALOGUE, DIPLOMA, "", DEGREE, TRAINING]);
    pages.insert(5, PageRecord { file: "a.pdf".into(), page: 6, facts: Err(Unreadable::TimedOut) });
    pages[6].page = 7;
    let spans = classify(&pages, &yangquan());
    let found = materials(&spans, 7);
    assert_eq!(
        found[2..6],
        [
            Material::EducationCertificate,
            Material::EducationCertificate,
            Material::DegreeCertificate,
            Material::DegreeCertificate
        ]
    );
    assert_eq!(found[6], Material::ContinuingEducationProof);
}

#[test]
fn many_files_without_any_sign_of_a_volume_stand_where_their_material_belongs() {
    let mut pages = Vec::new();
    for (file, text) in
        [("1.pdf", DIPLOMA), ("2.pdf", DEGREE), ("评审表.pdf", "专业技术职称申报评审表/工作单位"), ("专利.pdf", PATENT)]
    {
        pages.extend(document(file, &[text]));
    }
    let spans = classify(&pages, &yangquan());
    assert_eq!(spans.iter().map(|s| s.volume).collect::<Vec<_>>(), [Some(0), Some(0), None, Some(0)]);
}

#[test]
fn loose_images_take_their_names_from_files_and_looks() {
    let mut photo = page("红底照片.jpg", 1, "");
    if let Ok(f) = &mut photo.facts {
        f.quality.blank = false;
        f.pixels = (390, 567);
        f.photos.push(Photo {
            rect: Rect::new(0.0, 0.0, 1.0, 1.0),
            kind: PhotoKind::Portrait,
            colour: PhotoColour::Colour,
            background: Background::Red,
            confidence: 0.9,
        });
    }
    let mut odd = photo.clone();
    odd.file = "IMG_0007.jpg".into();
    let pages = vec![page("IMG_0001.jpg", 1, DIPLOMA), page("IMG_0002.jpg", 1, "难以辨认的手写内容"), odd, photo];
    let spans = classify(&pages, &changzhi());
    let found = materials(&spans, 4);
    assert_eq!(found[0], Material::EducationCertificate);
    assert_eq!(found[2..], [Material::Photo, Material::Photo]);
    assert!(spans.iter().filter(|s| s.material == Material::Photo).all(|s| s.volume.is_none()));
}

#[test]
fn an_untitled_paper_takes_its_name_from_its_place() {
    let summary = "业务工作总结/任现职以来，本人爱岗敬业。/一、思想品德";
    let untitled = "带式输送机改造的节能分析/1 引言/为此，本文提出一种方法。/2 结果分析/3 结语";
    let report = "文本复制检测报告单/检测文献：带式输送机改造的节能分析/总文字复制比：8%";
    let cover = "专业技术职务任职资格评审材料/卷宗/单位/姓名";
    let pages = document(
        "卷宗.pdf",
        &[cover, summary, untitled, report, DIPLOMA, JOURNAL, ARTICLE, "智能巡检系统技术报告/1 引言/2 关键技术/3 结语"],
    );
    let mut large = pages.clone();
    for p in &mut large {
        if let Ok(f) = &mut p.facts {
            f.lines[0].rect.h = 0.03;
        }
    }
    let spans = classify(&large, &changzhi());
    let found = materials(&spans, 8);
    assert_eq!(found[1..4], [Material::WorkSummary, Material::DefencePaper, Material::SimilarityReport]);
    assert_eq!(found[7], Material::TechnicalReport);
}

#[test]
fn what_follows_the_volume_in_a_one_file_packet_is_loose() {
    let form = "专业技术职务任职资格评审表/工作单位";
    let sheet = "专业技术职务任职资格评审综合考评表/单位（盖章）/考核结果/论文著作/获奖情况";
    let cover = "专业技术职务任职资格评审材料/卷宗/单位/姓名";
    let pages = document(
        "张三.pdf",
        &[
            form,
            "基本情况/曾用名/政治面貌",
            cover,
            DIPLOMA,
            "荣誉证书/张三同志：被评为先进工作者，特发此证，以资鼓励。",
            sheet,
        ],
    );
    let spans = classify(&pages, &changzhi());
    let volume_of = |m: Material| spans.iter().find(|s| s.material == m).map(|s| s.volume);
    assert_eq!(volume_of(Material::ReviewForm), Some(None));
    assert_eq!(volume_of(Material::EducationCertificate), Some(Some(0)));
    assert_eq!(volume_of(Material::ScoreSheet), Some(None));
    assert!(
        spans.iter().any(|s| s.material == Material::Other && s.titled && s.volume == Some(0) && s.category.is_none()),
        "the cover"
    );
}

#[test]
fn nothing_gives_nothing() {
    assert!(classify(&[], &yangquan()).is_empty());
    let unknown = document("a.pdf", &["随手写的便条/请把这个交给老王"]);
    let spans = classify(&unknown, &yangquan());
    assert_eq!((spans[0].material, spans[0].entry), (Material::Other, None));
    assert!(spans[0].confidence < 0.5);
}

#[test]
fn a_volume_in_two_parts_is_one_volume() {
    let cover = "专业技术职务任职资格评审材料/卷宗/单位/姓名";
    let opinions = "专家推荐意见表/推荐专家/专家签字/推荐意见";
    let title = "高级工程师任职资格证书/姓名/资格名称/授予时间/评审组织";
    let report = "智能巡检系统技术报告/摘要：本文/1 引言/2 关键技术/3 结语";
    let mut pages = document("3、卷宗（上）.pdf", &[cover, DIPLOMA, DEGREE]);
    pages.extend(document("4、卷宗（下）.pdf", &[LETTER, TRAINING, report, opinions, title, PATENT]));
    let pack = changzhi();
    let spans = classify(&pages, &pack);
    assert!(spans.iter().all(|s| s.volume == Some(0)), "{spans:?}");
    let expert =
        spans.iter().find(|s| s.material == Material::QualificationCertificate).expect("the expert's certificate");
    assert_eq!(
        expert.category,
        spans.iter().find(|s| s.material == Material::TechnicalReport).expect("the report").category
    );
}

#[test]
fn a_part_without_any_sign_is_taken_into_the_volume() {
    let cover = "专业技术职务任职资格评审材料/卷宗/单位/姓名";
    let old_form = "专业技术职务任职资格评审表/单位/姓名/现任专业技术职务";
    let mut pages = document("扫描1.pdf", &[cover, DIPLOMA, DEGREE]);
    pages.extend(document(
        "扫描2.pdf",
        &[old_form, LETTER, TRAINING, PATENT, INDEX, "荣誉证书/被评为先进工作者，特发此证，以资鼓励。"],
    ));
    let spans = classify(&pages, &changzhi());
    assert!(spans.iter().all(|s| s.volume == Some(0)), "{spans:?}");
    assert_eq!(
        spans.iter().find(|s| s.material == Material::ReviewForm).and_then(|s| s.category),
        Some(3),
        "the present title's form"
    );
}

#[test]
fn a_volume_scanned_sheet_by_sheet_keeps_its_sheets() {
    let cover = "专业技术职务任职资格评审材料/卷宗/单位/姓名";
    let form = "专业技术职务任职资格评审表/工作单位/姓名";
    let mut pages = Vec::new();
    for (n, text) in
        [form, cover, DIPLOMA, DEGREE, LETTER, "中华人民共和国/居民身份证/公民身份号码/签发机关"].iter().enumerate()
    {
        pages.push(page(&format!("{n:02}.jpg"), 1, text));
    }
    let spans = classify(&pages, &changzhi());
    assert_eq!(spans.iter().map(|s| s.volume.is_some()).collect::<Vec<_>>(), [false, true, true, true, true, true]);
}

#[test]
fn a_form_bound_where_it_must_not_be_is_in_the_volume_and_in_no_category_of_its_own() {
    let cover = "专业技术职务任职资格评审材料/卷宗/单位/姓名";
    let form = "专业技术职务任职资格评审表/工作单位/姓名/申报职称";
    let recommendation = "关于推荐张三同志申报工程师任职资格的报告/特此报告";
    let pages =
        document("卷宗.pdf", &[cover, form, "基本情况/曾用名/政治面貌", recommendation, DIPLOMA, DEGREE, LETTER]);
    let spans = classify(&pages, &changzhi());
    let bound = spans.iter().find(|s| s.material == Material::ReviewForm).expect("the form");
    assert_eq!((bound.volume, bound.category), (Some(0), None));
}
