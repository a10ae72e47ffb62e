//! `anonymity`.

use super::CheckResult;
use super::support::documents::{Document, documents, holds, name, page_name};
use super::support::draft::{At, Draft, Words, listed};
use super::support::gates::{SURE_CHARACTER, SURE_SPAN};
use super::support::passage::{Passage, folded};
use super::support::running::{PageText, Running};
use super::support::sealed::{Strip, is_labelled};
use super::support::traits::{Hit, Trait, hits};
use crate::model::finding::{CheckId, Finding, Place};
use crate::model::packet::PacketFacts;
use crate::model::text::TextLine;
use crate::pack::rules::RulePack;
use crate::pack::rules::content::Anonymity as Rule;

check! {
    /// 找出应当匿名的总结、答辩论文中出现的姓名、单位、市县等个人信息。
    ///
    /// ## 为何要求
    /// 通知规定个人信息只准在密封栏内显示，正文一律用“本人、本单位、本部门、本市（县）”等表示，以便匿名评审。
    ///
    /// ## 如何判断
    /// 在密封线以外的文字里（换行处连起来）找申报人的姓名、身份证号、单位全称；读得清楚的判为缺陷，一份材料一条，列出每一处的原文和页。
    /// 姓名、单位取自花名册，没有花名册的取自评审表。密封线横排的以上为密封栏，竖排的外侧为密封栏。
    /// 从第二页起正文排在密封线以上的，要求排在线下时判为缺陷。
    ///
    /// ## 何时待核
    /// - 两个字的姓名或以常用字为姓的姓名，前后看不出是人名（如“提高建设”中的“高建设”）
    /// - 单位的简称、与单位全称只差一两个字的文字、电话号码
    /// - 本市、本县（区）的名称：可能是项目、产品或标准的名称
    /// - 没有找到密封线，而页首写有姓名、单位：不能确定是否在密封栏内（写在“姓名：”“单位：”之后的按密封栏看）
    /// - 字识别把握低于0.8，手写，材料识别把握不足
    ///
    /// ## 参数
    /// - `material`：应当匿名的材料
    /// - `sealed_strip`：有密封栏；`under_line`：次页起正文须在密封线以下
    /// - `places`：市、县（区）名称也不得出现；`own_places`：本市及所属县（区）的名称
    /// - `instead`：应当用的词
    Anonymity, id = CheckId::Anonymity, judge = judge
}

/// Without a line, what stands this near to the page's top may be the strip.
const HEAD: f32 = 0.15;
/// A line of running text; shorter ones above a 密封线 are headings or remarks.
const RUNNING: usize = 15;

fn judge(facts: &PacketFacts, pack: &RulePack) -> Vec<CheckResult> {
    let documents = documents(facts);
    let of_rule = |rule: &Rule| {
        let Some(draft) = Draft::of(CheckId::Anonymity, &rule.basis, holds(&rule.basis, facts, &documents)) else {
            return CheckResult::Passed;
        };
        let asked = documents.iter().filter(|d| rule.material.contains(&d.material));
        CheckResult::of(asked.flat_map(|d| judge_document(rule, facts, pack, d, &draft)).collect())
    };
    pack.checks.content.anonymity.iter().map(of_rule).collect()
}

fn judge_document(
    rule: &Rule,
    facts: &PacketFacts,
    pack: &RulePack,
    document: &Document,
    draft: &Draft,
) -> Vec<Finding> {
    let running = Running::of(facts, document);
    let mut passage = Passage::default();
    let mut head = Passage::default();
    for page in &running.pages {
        let title = title_top(page, pack, document);
        let in_head = |l: &&TextLine| rule.sealed_strip && page.strip.is_none() && is_head(l, title);
        // 姓名：…… 单位：…… at the head is the strip's own row, though its line was not read.
        head.push(page.index, page.lines.iter().copied().filter(|l| in_head(l) && !is_labelled(l)));
        passage.push(page.index, page.lines.iter().copied().filter(|l| !in_head(l)));
    }
    let found = hits(&passage, &facts.applicant, rule.places, &rule.own_places);
    let at_head = hits(&head, &facts.applicant, false, &[]);
    let title = name(pack, document.material, document.entry);
    let is_sure = |h: &&Hit| {
        h.plain
            && matches!(h.what, Trait::Name | Trait::IdNumber | Trait::Unit)
            && passage.weakest(h.at, h.length) >= SURE_CHARACTER
            && !passage.hand(h.at, h.length)
            && document.confidence >= SURE_SPAN
    };
    let certain: Vec<&Hit> = found.iter().filter(is_sure).collect();
    let doubtful: Vec<&Hit> = found.iter().filter(|h| !is_sure(h)).collect();
    let show = |hits: &[&Hit], passage: &Passage| -> Vec<String> {
        hits.iter()
            .map(|h| {
                let page = page_name(facts, passage.page(h.at));
                format!("{}“{}”（{page}）", h.what.words(), passage.after(h.at, h.length))
            })
            .collect()
    };
    let instead = if rule.instead.is_empty() { "本人、本单位".to_owned() } else { rule.instead.join("、") };
    let advice = format!("请删去个人信息，改用“{instead}”等表示后重新打印。");
    let at = |hit: &Hit, passage: &Passage, kind: &str| At {
        place: Place::on(passage.page(hit.at), passage.chars_rect(hit.at, hit.length)),
        material: Some(document.material),
        key: format!("{}#{}/{kind}", document.material, document.ordinal),
    };
    let outside = if rule.sealed_strip { "密封栏以外" } else { "文中" };
    let mut findings = Vec::new();
    if let Some(first) = certain.first() {
        let shown = listed(&show(&certain, &passage), 5);
        let more = if doubtful.is_empty() {
            String::new()
        } else {
            format!("另请核对：{}。", listed(&show(&doubtful, &passage), 5))
        };
        let words = Words::new(shown.clone(), format!("{title}{outside}出现{shown}。{more}"), advice.clone());
        let confidence = passage.weakest(first.at, first.length).min(document.confidence);
        findings.push(draft.defect(at(first, &passage, "named"), words, confidence));
    } else if let Some(first) = doubtful.first() {
        let shown = listed(&show(&doubtful, &passage), 5);
        let message = format!("{title}{outside}可能出现{shown}，请核对是否涉及本人信息。");
        let words = Words::new(shown, message, format!("请人工核对；确属本人信息的，{advice}"));
        findings.push(draft.review(at(first, &passage, "named"), words, 0.5));
    } else if let Some(first) = at_head.first() {
        let shown = listed(&show(&at_head.iter().collect::<Vec<_>>(), &head), 5);
        let message = format!("{title}页首写有{shown}，没有找到密封线，不能确定是否在密封栏内。");
        let words = Words::new(shown, message, "请人工核对；不在密封栏内的，请按设定格式重新打印。");
        findings.push(draft.review(at(first, &head, "head"), words, 0.5));
    }
    if rule.under_line {
        findings.extend(above_line(facts, document, &running, &title, draft));
    }
    findings
}

/// Where the material's title stands on a page: what is below it is no strip at the head.
fn title_top(page: &PageText<'_>, pack: &RulePack, document: &Document) -> Option<f32> {
    let entry = document.entry.and_then(|e| pack.materials.get(e))?;
    let is_title = |l: &&&TextLine| {
        let text: String = folded(&l.text).into_iter().collect();
        entry.titles.iter().any(|t| t.contains(text.as_str()) && text.chars().count() >= 4)
    };
    page.lines.iter().find(is_title).map(|l| l.rect.y)
}

/// Whether a line could stand in a strip whose 密封线 was not read.
fn is_head(line: &TextLine, title: Option<f32>) -> bool {
    let (x, y) = line.rect.centre();
    let at_side = line.vertical && !(0.12..=0.88).contains(&x);
    let above = title.is_none_or(|t| y < t);
    at_side || (y < HEAD && above) || (is_labelled(line) && above && y < 2.0 * HEAD)
}

/// Running text above the 密封线 of a later page.
fn above_line(
    facts: &PacketFacts,
    document: &Document,
    running: &Running<'_>,
    title: &str,
    draft: &Draft,
) -> Option<Finding> {
    running.pages.iter().skip(1).find_map(|page| {
        let Some(Strip::Above(line)) = page.strip else { return None };
        let is_text = |l: &&TextLine| {
            l.rect.bottom() < line && l.text.chars().count() >= RUNNING && !is_labelled(l) && !l.vertical
        };
        let above: Vec<&TextLine> = page.page.lines.iter().filter(is_text).collect();
        let first = above.first()?;
        let at = At {
            place: Place::on(page.index, first.rect),
            material: Some(document.material),
            key: format!("{}#{}/line", document.material, document.ordinal),
        };
        let shown: String = first.text.chars().take(30).collect();
        let where_ = page_name(facts, page.index);
        let advice = "请把次页的内容排在密封线以下，重新打印。";
        // One line may be a heading that the office prints into the strip.
        if above.len() >= 2 && document.confidence >= SURE_SPAN && !page.page.is_degraded() {
            let message = format!("{title}次页（{where_}）密封线以上有正文“{shown}”等{}行。", above.len());
            return Some(draft.defect(at, Words::new(format!("“{shown}”"), message, advice), document.confidence));
        }
        let message = format!("{title}次页（{where_}）密封线以上有文字“{shown}”，请核对是不是正文。");
        Some(draft.review(
            at,
            Words::new(format!("“{shown}”"), message, format!("请人工核对；是正文的，{advice}")),
            0.5,
        ))
    })
}
