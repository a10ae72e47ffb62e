//! A form's own parts are headed like documents of other kinds.

use super::classify;
use super::tests::{DEGREE, DIPLOMA, document, materials, yangquan};
use crate::model::material::Material;
use crate::model::packet::PageRecord;

const COVER: &str = "山西省专业技术职务任职资格/评 审 表/单位：某某公司/姓名：张三/申报职务：工程师";
const BASICS: &str =
    "一、基本情况/姓名/张三/曾用名/无/政治面貌/群众/参加工作时间/2010年7月/行政职务/无/通讯地址/某市某路1号";
const SUMMARY: &str =
    "个人工作总结/本人张三，2010年参加工作。任现职以来，思想品德良好，工作中勤奋，继续学习。/本人签名：张三";
const RESULTS: &str = "八、年度考核结果/2022年/合格/2023年/合格/九、诚信承诺/所填内容真实有效。";
const OPINIONS: &str = "十、推荐与审核意见/张三同志学历、资历符合申报条件，同意推荐申报。/单位鉴定意见/经审核，同意上报。/主管部门审核意见";
const VOTES: &str = "同意提交评委会评审。/市人社局审核意见/评委人数/同意票数/评审委员会评审意见";

const LABELS: [&str; 4] = ["单位鉴定意见", "主管部门审核意见", "市人社局审核意见", "评审委员会评审意见"];

/// With the labels of boxes written downwards, as they stand in narrow cells.
fn boxed(pages: &[&str]) -> Vec<PageRecord> {
    let mut pages = document("a.pdf", pages);
    for page in pages.iter_mut().filter_map(|p| p.facts.as_mut().ok()) {
        for line in page.lines.iter_mut().filter(|l| LABELS.contains(&l.text.as_str())) {
            line.vertical = true;
        }
    }
    pages
}

fn named(pages: &[PageRecord]) -> Vec<Material> {
    materials(&classify(pages, &yangquan()), pages.len())
}

#[test]
fn opinions_under_a_counted_heading_belong_to_the_form() {
    let found = named(&boxed(&[COVER, BASICS, RESULTS, OPINIONS, VOTES, DIPLOMA]));
    assert_eq!(found[..5], [Material::ReviewForm; 5]);
    assert_eq!(found[5], Material::EducationCertificate);
}

#[test]
fn what_stands_between_two_pieces_of_a_form_is_a_part_of_it() {
    let found = named(&boxed(&[COVER, BASICS, SUMMARY, OPINIONS, VOTES]));
    assert_eq!(found, [Material::ReviewForm; 5]);
    let found = named(&boxed(&[COVER, BASICS, OPINIONS, VOTES, SUMMARY]));
    assert_eq!(found[4], Material::WorkSummary, "behind the form it stands for itself");
    let found = named(&boxed(&[COVER, BASICS, DEGREE, DIPLOMA, OPINIONS, VOTES]));
    assert_eq!(found[2..4], [Material::DegreeCertificate, Material::EducationCertificate], "certificates are none");
}

#[test]
fn an_opinion_handed_in_by_itself_is_one() {
    let letter = "关于张三同志的单位鉴定意见/张三同志符合申报条件，经单位集体研究，公示无异议，同意推荐申报。";
    let found = named(&boxed(&[COVER, BASICS, RESULTS, OPINIONS, letter]));
    assert_eq!(found[4], Material::AppraisalOpinion);
}

#[test]
fn a_contracts_articles_go_on_with_the_contract() {
    let contract = [
        "劳 动 合 同 书/甲方：某某公司/乙方：张三",
        "甲方：某某公司/乙方：张三/身份证号码：见附件/根据有关法律法规，甲乙双方订立本/合同。/第一条 合同期限自2022年起/第四条 甲方按月支付乙方工资/第五条 双方依法缴纳社会保险费/第六条 甲方提供劳动条件和劳动保护",
    ];
    let found = named(&document("a.pdf", &[DIPLOMA, contract[0], contract[1]]));
    assert_eq!(found[1..], [Material::LabourContract; 2]);
}
