//! Papers by what they look like: an article's head, a database's record.

use super::classify;
use super::tests::{document, materials};
use crate::model::material::Material as M;
use crate::pack::{self, rules::RulePack};

fn changzhi() -> RulePack {
    pack::load("changzhi-engineering-2022").expect("a built-in pack")
}

const SUMMARY: &str = "业务工作总结/某县机械公司张三/本人2013年7月毕业于机械工程专业，大学本科学历/任现职以来，本人遵守国家法律法规/业绩方面，本人参与了技术改造";
const HEAD: &str = "减速机装配线节拍优化方法与应用/张三 李四（平川区盛源机械制造有限责任公司）/一、现状与问题/现场测量采用两套仪表互相校核，连续记录七昼夜/分析表明，参数整定偏于保守";
const BODY: &str = "三、试验与效果/按当年平均电价计算，每年节约电费45万元/四、结论/实践证明可以取得明显的效果";
const CHECKED: &str = "文本复制检测报告单/检测结果/总文字复制比：3.1%/检测文献：减速机装配线节拍优化方法与应用";
const JOURNAL: &str = "数据工程/ISSN 1000-0000/CN 10-0000/TP/2020年第3期/总第120期";
const ARTICLE: &str = "减速机装配线节拍优化方法/张三 李四（平川区盛源机械制造有限责任公司）/摘 要：本文提出一种方法。/关键词：数据；质量/1 引言/随着业务规模的扩大";

/// The first line of each of these pages in large type.
fn headed(texts: &[&str]) -> Vec<crate::model::packet::PageRecord> {
    sized(texts, 0.03)
}

/// The first line of each of these pages as high as this; the others are 0.018 high.
fn sized(texts: &[&str], height: f32) -> Vec<crate::model::packet::PageRecord> {
    let mut pages = document("卷宗.pdf", texts);
    for page in &mut pages {
        if let Ok(facts) = &mut page.facts {
            facts.lines[0].rect.h = height;
            facts.lines[0].rect.y -= 0.02;
        }
    }
    pages
}

#[test]
fn an_article_without_the_word_for_it_is_the_paper_due_there() {
    let pages = headed(&[SUMMARY, HEAD, BODY, CHECKED]);
    let found = materials(&classify(&pages, &changzhi()), pages.len());
    assert_eq!(found, [M::WorkSummary, M::DefencePaper, M::DefencePaper, M::SimilarityReport]);
}

#[test]
fn an_articles_title_need_not_be_large() {
    let pages = sized(&[SUMMARY, HEAD, BODY, CHECKED], 0.022);
    let found = materials(&classify(&pages, &changzhi()), pages.len());
    assert_eq!(found, [M::WorkSummary, M::DefencePaper, M::DefencePaper, M::SimilarityReport]);
}

#[test]
fn an_article_behind_its_journals_cover_is_that_paper() {
    let pages = headed(&[JOURNAL, ARTICLE, BODY]);
    let found = materials(&classify(&pages, &changzhi()), pages.len());
    assert_eq!(found, [M::Paper, M::Paper, M::Paper]);
}

#[test]
fn a_record_of_a_database_is_an_index_page_whoever_runs_it() {
    let parts = "作者：/张三 李四/作者单位：/平川区盛源机械制造有限责任公司/来源：/《机电技术与应用》2021年第9期/年，卷（期）：2021，25（9）/ISSN：/1000-0000/页码：/21-24/关键词：/数据采集；质量控制";
    let records = [
        format!("学术期刊数据库 检索结果/减速机装配线节拍优化方法/{parts}/网址：https://index.example/detail?id=7"),
        // The logo was not read.
        format!("中國/减速机装配线节拍优化方法/{parts}/被引/下载：2/16"),
    ];
    for record in &records {
        let pages = document("卷宗.pdf", &[JOURNAL, ARTICLE, BODY, record]);
        let found = materials(&classify(&pages, &changzhi()), pages.len());
        assert_eq!(found, [M::Paper, M::Paper, M::Paper, M::PaperIndexPage], "{record}");
    }
    // A paper names its authors, their unit and its journal too.
    let first_page = "ISSN 1000-0000/机电技术与应用/2021年第9期/减速机装配线节拍优化方法/张三/（平川区机械公司）/摘要：提出一种方法。/关键词：数据/收稿日期：2021-03-01/作者简介：张三，工程师。/网址：www.example.cn";
    let pages = document("卷宗.pdf", &[JOURNAL, first_page, BODY]);
    assert_eq!(materials(&classify(&pages, &changzhi()), pages.len()), [M::Paper, M::Paper, M::Paper]);
}

#[test]
fn sheets_photographed_one_by_one_are_one_document() {
    let sheet = |file: &str, text: &str| document(file, &[text]);
    let head = "带式输送机改造技术总结/张三（平川区盛源机械制造有限责任公司）/摘要：介绍了改造的过程和试验结果。/一、现状与问题";
    let pack = pack::load("xinzhou-engineering-2023").expect("a built-in pack");
    let summary = "专业技术工作总结/张三/本人2013年7月毕业于机械工程专业/任现职以来，本人遵守国家法律法规";
    let mut pages = sheet("3工作总结报告-1.jpg", head);
    pages.extend(sheet("3工作总结报告-2.jpg", BODY));
    pages.extend(sheet("3工作总结报告-3.jpg", summary));
    let spans = classify(&pages, &pack);
    let found = materials(&spans, pages.len());
    assert_eq!(found, [M::TechnicalReport, M::TechnicalReport, M::WorkSummary]);
    assert_eq!(spans.len(), 2, "{spans:?}");
    // A title opens a document whatever its file is called.
    let diploma =
        "普通高等学校/毕业证书/学生张三，完成四年制本科学习，修完教学计划规定的全部课程，成绩合格，准予毕业。";
    let degree = "学士学位证书/张三，完成了本科学习计划，业已毕业，授予工学学士学位。";
    let mut pages = sheet("学历学位证书1.jpg", diploma);
    pages.extend(sheet("学历学位证书2.jpg", degree));
    let found = materials(&classify(&pages, &pack), pages.len());
    assert_eq!(found, [M::EducationCertificate, M::DegreeCertificate]);
}
