//! `blank-page`.

use super::CheckResult;
use super::support::documents::{Sight, sight};
use super::support::draft::{At, Draft, Words, listed};
use crate::model::finding::{CheckId, Finding, Place, Severity};
use crate::model::packet::PacketFacts;
use crate::pack::rules::RulePack;

check! {
    /// 找出没有任何内容的页面。
    ///
    /// ## 为何要求
    /// 空白页多为双面扫描留下的空白背面，也可能是漏扫、放反纸张。这是收件提示，不对应通知的某一条。
    ///
    /// ## 如何判断
    /// 页面没有任何墨迹、文字、印章和照片，并且图像已完整解码。整个文件全是空白页，判为缺陷。
    ///
    /// ## 何时待核
    /// 有内容的文件里夹有空白页时待核（程度为提示）：工具能确定该页空白，不能确定原件这一面是否本来就空白。
    /// 同一文件的空白页合并为一条。图像未能完整解码的页面不算空白页，见“文件无法读取”。
    ///
    /// ## 参数
    /// 无。规则包 `intake` 列出本检查项时执行。
    BlankPage, id = CheckId::BlankPage, judge = judge
}

const REQUIRED: &str = "扫描件不应夹有空白页";
/// Pages named in one message.
const NAMED_PAGES: usize = 20;

fn judge(facts: &PacketFacts, pack: &RulePack) -> Vec<CheckResult> {
    if !pack.checks.intake.contains(&CheckId::BlankPage) {
        return Vec::new();
    }
    let mut findings = Vec::new();
    let mut start = 0;
    for file in facts.pages.chunk_by(|a, b| a.file == b.file) {
        let pages: Vec<usize> = (start..start + file.len()).collect();
        start += file.len();
        findings.extend(judge_file(facts, &pages));
    }
    vec![CheckResult::of(findings)]
}

fn judge_file(facts: &PacketFacts, pages: &[usize]) -> Option<Finding> {
    let blank: Vec<usize> = pages.iter().copied().filter(|p| sight(facts.page(*p)) == Sight::Blank).collect();
    let first = *blank.first()?;
    let file = &facts.pages[first].file;
    let at = At { place: Place::page(first), material: None, key: format!("file:{file}") };
    if blank.len() == pages.len() {
        let draft = Draft::intake(CheckId::BlankPage, Severity::Correct, REQUIRED);
        let words = Words::new(
            "全部页面为空白",
            format!("文件《{file}》共{}页，全部为空白。", pages.len()),
            format!("请核对原件，重新扫描《{file}》有内容的一面；文件多余的请删除。"),
        );
        return Some(draft.defect(at, words, 0.9));
    }
    let numbers: Vec<String> = blank.iter().map(|p| facts.pages[*p].page.to_string()).collect();
    let words = Words::new(
        format!("空白页{}页：第{}页", blank.len(), listed(&numbers, NAMED_PAGES)),
        format!(
            "《{file}》第{}页为空白，可能是双面扫描的空白背面，请核对原件这一面是否有内容。",
            listed(&numbers, NAMED_PAGES)
        ),
        "原件该面有内容的请补扫；确为空白背面的可不处理，下次扫描时请去掉空白页。",
    );
    Some(Draft::intake(CheckId::BlankPage, Severity::Advise, REQUIRED).review(at, words, 0.9))
}
