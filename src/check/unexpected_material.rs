//! `unexpected-material`.

use super::CheckResult;
use super::support::documents::{Document, documents, holds, name, page_name, pages_name};
use super::support::draft::{At, Draft, Words};
use super::support::gates::SURE_SPAN;
use crate::model::finding::{CheckId, Finding, Place};
use crate::model::packet::{Level, PacketFacts};
use crate::model::text::TextLine;
use crate::pack::rules::{RulePack, UnexpectedMaterial as Rule};

check! {
    /// 找出装订本里不应装订的材料，或装订份数过多的材料。
    ///
    /// ## 为何要求
    /// 通知规定某些材料（如工作总结、答辩论文、新填的评审表）不装入评审材料，或只装订一份。
    ///
    /// ## 如何判断
    /// 册内出现规则包列出的材料、超过允许份数，且页面带有可辨认的标题时，判为缺陷，指出该材料的第一页。
    ///
    /// ## 何时待核
    /// - 页面没有自己的标题，或识别把握不足
    /// - 规则包允许该材料出现在某一分类，而页面所在分类没有把握
    /// - 申报级别等条件未知
    ///
    /// ## 参数
    /// - `material`：材料
    /// - `volume`：不得出现的册
    /// - `at_most`：允许的份数，默认 0
    /// - `except_category`：放在这一分类中的不算
    UnexpectedMaterial, id = CheckId::UnexpectedMaterial, judge = judge
}

fn judge(facts: &PacketFacts, pack: &RulePack) -> Vec<CheckResult> {
    let documents = documents(facts);
    pack.checks
        .unexpected_material
        .iter()
        .map(|rule| match Draft::of(CheckId::UnexpectedMaterial, &rule.basis, holds(&rule.basis, facts, &documents)) {
            None => CheckResult::Passed,
            Some(draft) => CheckResult::of(judge_rule(rule, facts, pack, &documents, &draft)),
        })
        .collect()
}

fn judge_rule(
    rule: &Rule,
    facts: &PacketFacts,
    pack: &RulePack,
    documents: &[Document],
    draft: &Draft,
) -> Vec<Finding> {
    let inside: Vec<&Document> = documents
        .iter()
        .filter(|d| d.volume == Some(rule.volume) && rule.material.contains(&d.material))
        .filter(|d| rule.except_category.is_none() || d.category != rule.except_category || is_present(d, facts))
        .collect();
    let allowed = usize::from(rule.at_most);
    // Where some are allowed, a piece without a title may be a part of an allowed one.
    let counted: Vec<&Document> = inside.into_iter().filter(|d| allowed == 0 || d.titled).collect();
    let volume = pack.volumes.get(rule.volume).map_or("册", |v| v.name.as_str());
    let mut findings = Vec::new();
    for run in counted.get(allowed..).unwrap_or_default().chunk_by(|a, b| a.material == b.material && adjacent(a, b)) {
        let (first, last) = (run[0], run[run.len() - 1]);
        let name = name(pack, first.material, first.entry);
        let pages = pages_name(facts, first.first(), last.pages.last().copied().unwrap_or(first.first()));
        let at = At {
            place: Place::page(first.first()),
            material: Some(first.material),
            key: format!("{}/{volume}/{}", first.material, 1 + findings.len()),
        };
        let suggestion = format!("请将{name}（{pages}）从“{volume}”中取出，按通知要求单独提交。");
        let sure = run.iter().any(|d| d.titled && d.confidence >= SURE_SPAN);
        let place_known = rule.except_category.is_none() || run.iter().all(|d| d.category.is_some());
        findings.push(if sure && place_known {
            let seen = if allowed == 0 {
                format!("“{volume}”中有{name}")
            } else {
                format!("“{volume}”中有{}份{name}", counted.len())
            };
            let message = if allowed == 0 {
                format!("{name}不应装入“{volume}”，现装订在{pages}。")
            } else {
                format!("“{volume}”中只应有{allowed}份{name}，现有{}份，多出的在{pages}。", counted.len())
            };
            draft.defect(at, Words::new(seen, message, suggestion), first.confidence)
        } else {
            let why =
                if place_known { "没有可辨认的标题或识别把握不足" } else { "所在分类没有把握" };
            let message =
                format!("{}可能是不应装入“{volume}”的{name}，但{why}，请人工核对。", page_name(facts, first.first()));
            draft.review(at, Words::new(format!("疑似{name}"), message, suggestion), first.confidence.min(0.5))
        });
    }
    findings
}

/// Whether a form in the category of earlier ones is the present application's: it says it applies for the very level
/// that the applicant applies for now.
fn is_present(document: &Document, facts: &PacketFacts) -> bool {
    let Some(level) = facts.applicant.level else { return false };
    let pages = document.pages.iter().take(2).filter_map(|p| facts.page(*p));
    let applied: Vec<Level> = pages.flat_map(|page| applied_levels(&page.lines)).collect();
    !applied.is_empty() && applied.iter().all(|l| *l == level)
}

/// Levels that stand in a row with a label of applying (申报职称, 申报专业技术职务).
fn applied_levels(lines: &[TextLine]) -> Vec<Level> {
    let mut found = Vec::new();
    for label in lines {
        let text: String = label.text.chars().filter(|c| !c.is_whitespace()).collect();
        let Some(at) = APPLIED.iter().find_map(|word| text.find(word)) else { continue };
        let after = text[at..].to_owned();
        let beside = lines.iter().filter(|l| {
            let (_, y) = l.rect.centre();
            !l.vertical
                && l.rect.x >= label.rect.right() - label.rect.h
                && (y - label.rect.centre().1).abs() < label.rect.h
        });
        let nearest = beside.min_by(|a, b| a.rect.x.total_cmp(&b.rect.x)).map(|l| l.text.clone());
        let value = level_in(&after).or_else(|| level_in(&nearest.unwrap_or_default()));
        found.extend(value);
    }
    found
}

const APPLIED: [&str; 4] = ["申报职称", "申报专业技术职务", "申报任职资格", "申报资格"];

fn level_in(text: &str) -> Option<Level> {
    let names = [
        ("高级工程师", Level::SeniorEngineer),
        ("助理工程师", Level::AssistantEngineer),
        ("技术员", Level::Technician),
        ("工程师", Level::Engineer),
    ];
    names.into_iter().find(|(name, _)| text.contains(name)).map(|(_, level)| level)
}

fn adjacent(a: &Document, b: &Document) -> bool {
    a.pages.last().is_some_and(|p| p + 1 == b.first())
}
