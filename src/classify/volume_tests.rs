//! Packets of several volumes, each with a 目录 of its own, as the 嘉兴 notice asks for.

use super::classify;
use super::tests::{document, materials};
use crate::model::material::Material as M;
use crate::model::packet::PageRecord;
use crate::pack::{self, rules::RulePack};

fn jiaxing() -> RulePack {
    pack::load("jiaxing-engineering-2019").expect("a built-in pack")
}

const LIST: &str = "申报材料清单/姓名：张三/单位：某某公司/序号/材料名称/原件（份数）/复印件（份数）/专业技术职务任职资格评审材料真实性保证书/申报材料公示确认表/专业技术资格评审表/身份证/毕业证书/任职资格证书/聘任证书/继续教育学时情况表";
const FORM: &str = "专业技术资格评审表/（2019年度）/工作单位/某某公司/姓名/张三/申报资格名称/工程师/填表时间";
const SUMMARY: &str =
    "推荐中级专业技术职务任职资格人员/情 况 综 合 表/姓名/张三/现从事专业/机械工程/近3年考核情况/是否破格申报/否";
const ROSTER: &str = "推荐工程师专业技术职务任职资格人员花名册/委托单位（盖章）：某某公司/序号/姓名/身份证号/工作单位/单位性质/主管部门/备注";
const COVER_1: &str = "专业技术资格评审材料/第一册/（证书及资历类材料）/单位：某某公司/姓名：张三";
const CONTENTS_1: &str = "目  录/序号/材料名称/页码/1/真实性保证书/1/2/申报材料公示确认表/2/3/身份证/3/4/毕业证书/4/5/任职资格证书/5/6/聘任证书/6";
const PLEDGE: &str = "专业技术职务任职资格评审材料真实性/保  证  书/本人申报工程师专业技术职务任职资格，所提供各种表格、相关证书真实可靠/申报人：/单位（盖印）：/负责人（签名）：";
const PUBLICITY: &str =
    "申报人申报材料公示确认表/申报人姓名/张三/单位/某某公司/公示时间/公示方式及范围/公示项目/单位盖章";
const DIPLOMA: &str = "普通高等学校/毕业证书/学生张三，在本校机械工程专业四年制本科学习，修完教学计划规定的全部课程，成绩合格，准予毕业。/校长";
const PENSION: &str = "浙江省社会保险参保证明（个人专用）/姓名/张三/参保单位/缴费基数/缴费月数/社保经办机构";
const POSTS: &str =
    "事业单位人员职称申报岗位信息表/单位名称（盖章）/编制数/专业技术岗位总数/核准比例/实聘人数/空缺情况/推荐申报职称";
const HOURS: &str =
    "嘉兴市专业技术人员继续教育学时情况表/姓名：张三/职称级别：助理级/年份/公需课程/合计学时/学时验审/合格";
const CAREER: &str = "从事工程技术、工程技术管理工作的简历/起止时间/工作单位/从事何技术工作/以上情况属实。";
const YEAR: &str = "专业技术人员年度考核表/（2018年度）/单位/姓名/专业技术职务/嘉兴市人力资源和社会保障局制";
const REPORT: &str =
    "述  职  报  告/表一/一年来，本人主要完成了下列工作。/注：本年度做的主要专业技术工作/签名（盖章）/直接领导意见";
const POINTS: &str = "专业技术人员定标项记实及得分表/表二/出勤率/应出勤天数/合计得分/填写人（签名）/审核人（签名）";
const RESULT: &str = "最终得分及评定等次/表四/年度考核评定等次/合格/单位考核小组意见/组长（签名）";
const REVIEW: &str =
    "任现职以来的工作总结/任现职以来，本人在思想上努力学习，在工作中尽职尽责。/主要工作业绩/今后的努力方向";
const COVER_2: &str = "专业技术资格评审材料/第二册/业绩类材料/单位：某某公司/姓名：张三";
const CONTENTS_2: &str =
    "目  录/序号/材料名称/页码/1/荣誉证书/1/2/论文/2/3/可行性研究报告/3/4/发明专利证书/4/5/项目验收报告/5";
const HONOUR: &str = "荣 誉 证 书/张三同志：/被评为先进个人，特发此证，以资鼓励。";
const STUDY: &str = "某园区供热改造/可行性研究报告/1 概述/2 技术路线/3 效益分析/结论";
const PATENT: &str = "发明专利证书/发明名称：一种换热装置/发明人：张三/专利号：ZL 2018 1 0000000.0/专利权人/授权公告日";
const COVER_3: &str = "专业技术资格评审材料/第三册/破格材料/单位：某某公司/姓名：张三";
const CONTENTS_3: &str = "第三册目录/序号/材料名称/页码/1/破格推荐审批表/1/2/荣誉证书/2/3/发明专利证书/3";
const EXCEPTION: &str =
    "破格推荐高级专业技术职务任职资格审批表/姓名/张三/工作单位/破格推荐理由/所在单位意见/主管部门意见/市人力社保局意见";

const FIRST: [&str; 15] = [
    COVER_1, CONTENTS_1, PLEDGE, PUBLICITY, DIPLOMA, PENSION, POSTS, HOURS, CAREER, YEAR, REPORT, POINTS, RESULT,
    REVIEW, "",
];
const FIRST_ARE: [M; 14] = [
    M::Other,
    M::Catalogue,
    M::AuthenticityPledge,
    M::PublicityProof,
    M::EducationCertificate,
    M::PensionProof,
    M::PostInformationForm,
    M::ContinuingEducationProof,
    M::WorkExperience,
    M::AssessmentForm,
    M::AssessmentForm,
    M::AssessmentForm,
    M::AssessmentForm,
    M::WorkSummary,
];
const SECOND: [&str; 5] = [COVER_2, CONTENTS_2, HONOUR, STUDY, PATENT];
const SECOND_ARE: [M; 5] = [M::Other, M::Catalogue, M::HonourCertificate, M::TechnicalReport, M::AchievementMaterial];
const THIRD: [&str; 5] = [COVER_3, CONTENTS_3, EXCEPTION, HONOUR, PATENT];

/// Materials and volumes page by page.
fn seen(pages: &[PageRecord]) -> (Vec<M>, Vec<Option<usize>>) {
    let spans = classify(pages, &jiaxing());
    let volumes = spans.iter().flat_map(|s| s.pages.clone().map(|_| s.volume)).collect();
    (materials(&spans, pages.len()), volumes)
}

#[test]
fn a_file_for_each_volume_whatever_it_is_called() {
    for (one, two) in [("第一册.pdf", "第二册.pdf"), ("扫描1.pdf", "扫描2.pdf")] {
        let mut pages = document(one, &FIRST[..14]);
        pages.extend(document(two, &SECOND));
        let (found, volumes) = seen(&pages);
        assert_eq!(found, [FIRST_ARE.as_slice(), &SECOND_ARE].concat(), "{one}");
        assert_eq!(volumes, [vec![Some(0); 14], vec![Some(1); 5]].concat(), "{one}");
    }
}

#[test]
fn a_catalogue_without_a_number_is_known_by_what_it_lists() {
    let (first, second) = (&FIRST[1..14], &SECOND[1..]);
    let mut pages = document("甲.pdf", first);
    pages.extend(document("乙.pdf", second));
    let (found, volumes) = seen(&pages);
    assert_eq!(found, [&FIRST_ARE[1..], &SECOND_ARE[1..]].concat());
    assert_eq!(volumes, [vec![Some(0); 13], vec![Some(1); 4]].concat());
    // The same bound into one file, the volumes told by nothing but their 目录.
    let pages = document("全部.pdf", &[first, second].concat());
    let (found, volumes) = seen(&pages);
    assert_eq!(found, [&FIRST_ARE[1..], &SECOND_ARE[1..]].concat());
    assert_eq!(volumes, [vec![Some(0); 13], vec![Some(1); 4]].concat());
}

#[test]
fn forms_and_lists_beside_the_volumes_stay_loose() {
    let mut pages = Vec::new();
    for (file, text) in [("01.pdf", LIST), ("02.pdf", FORM), ("03.pdf", SUMMARY), ("04.pdf", ROSTER)] {
        pages.extend(document(file, &[text]));
    }
    pages.extend(document("05.pdf", &FIRST[..14]));
    let (found, volumes) = seen(&pages);
    assert_eq!(found[..4], [M::MaterialList, M::ReviewForm, M::SummaryForm, M::RosterForm]);
    assert_eq!(found[4..], FIRST_ARE);
    assert_eq!(volumes, [vec![None; 4], vec![Some(0); 14]].concat());
}

#[test]
fn the_third_volume_holds_what_otherwise_belongs_to_the_second() {
    let mut pages = document("a.pdf", &FIRST[..14]);
    pages.extend(document("b.pdf", &SECOND));
    pages.extend(document("c.pdf", &THIRD));
    let (found, volumes) = seen(&pages);
    assert_eq!(found[19..], [M::Other, M::Catalogue, M::ExceptionForm, M::HonourCertificate, M::AchievementMaterial]);
    assert_eq!(volumes[19..], [Some(2); 5]);
}

#[test]
fn a_file_for_each_material_in_the_folders_of_their_volumes() {
    let mut pages = Vec::new();
    for (n, text) in FIRST[2..9].iter().chain([&REVIEW]).enumerate() {
        pages.extend(document(&format!("第一册/{:02}.pdf", n + 1), &[text]));
    }
    for (n, text) in SECOND[2..].iter().enumerate() {
        pages.extend(document(&format!("第二册（一）/{:02}.pdf", n + 1), &[text]));
    }
    let (found, volumes) = seen(&pages);
    assert_eq!(found[..8], [&FIRST_ARE[2..9], &[M::WorkSummary]].concat());
    assert_eq!(found[8..], SECOND_ARE[2..]);
    assert_eq!(volumes, [vec![Some(0); 8], vec![Some(1); 3]].concat());
}

#[test]
fn materials_without_any_sign_of_a_volume_belong_to_their_own() {
    let texts = [LIST, FORM, SUMMARY, PLEDGE, PUBLICITY, DIPLOMA, PENSION, CAREER, REVIEW, HONOUR, STUDY, PATENT];
    let pages: Vec<PageRecord> =
        texts.iter().enumerate().flat_map(|(n, t)| document(&format!("{n:02}.pdf"), &[t])).collect();
    let (found, volumes) = seen(&pages);
    assert_eq!(found[..3], [M::MaterialList, M::ReviewForm, M::SummaryForm]);
    assert_eq!(found[8..], [M::WorkSummary, M::HonourCertificate, M::TechnicalReport, M::AchievementMaterial]);
    assert_eq!(volumes[..3], [None; 3]);
    assert_eq!(volumes[3..10], [vec![Some(0); 6], vec![Some(1)]].concat());
}

#[test]
fn a_short_list_under_its_volumes_name_is_its_catalogue() {
    let short = "第二册目录/1.荣誉证书复印件/2.论文《精密轴套自动化生产线节拍平衡》/2-5/3.项目验收意见/6/以上材料共6页";
    let honour = "荣誉证书/张三同志：被评为先进工作者，特发此证，以资鼓励。";
    let mut pages = document("第一册.pdf", &[CONTENTS_1, PLEDGE, PUBLICITY, DIPLOMA]);
    pages.extend(document("第二册.pdf", &[short, honour]));
    let spans = classify(&pages, &jiaxing());
    let found = materials(&spans, pages.len());
    assert_eq!(found[4..], [M::Catalogue, M::HonourCertificate]);
    assert_eq!(spans.iter().rfind(|s| s.material == M::Catalogue).and_then(|s| s.volume), Some(1));
}

#[test]
fn a_divider_worded_otherwise_than_the_notice_is_its_categorys() {
    let pack = pack::load("changzhi-engineering-2022").expect("a built-in pack");
    let cover = "专业技术职务任职资格/评审材料卷宗/姓名：张三/单位：某某公司";
    let pages = document(
        "卷宗.pdf",
        &[
            cover,
            "第三类：学历证明材料",
            DIPLOMA,
            "第五类：继续教育科目培训合格证书",
            "专业技术人员继续教育合格证书/姓名：张三/2021年/公需科目30学时，专业科目60学时/培训机构：某某中心",
        ],
    );
    let spans = classify(&pages, &pack);
    assert_eq!(
        materials(&spans, 5),
        [M::Other, M::Other, M::EducationCertificate, M::Other, M::ContinuingEducationProof]
    );
    let category = |page: usize| spans.iter().find(|s| s.pages.contains(&page)).and_then(|s| s.category);
    assert_eq!((category(2), category(4)), (Some(2), Some(4)));
}
