//! `blank-field`.

use super::CheckResult;
use super::support::cells::document_of;
use super::support::documents::{Document, documents, holds, is_old_copy, name, page_name};
use super::support::draft::{At, Draft, Words, listed};
use super::support::gates::{LIKELY_SPAN, MAYBE_SEAL, SURE_CHARACTER, SURE_PLACE, SURE_SPAN};
use super::support::ink::has_ink;
use super::support::prompts::{is_filled, left_over};
use crate::model::field::{Blank, FormPlace};
use crate::model::finding::{CheckId, Finding, Place};
use crate::model::packet::PacketFacts;
use crate::model::page::PageFacts;
use crate::model::text::{TextLine, TextSource};
use crate::pack::rules::fields::BlankField as Rule;
use crate::pack::rules::{PlaceKind, RulePack};

check! {
    /// 找出应填而空着的栏目。
    ///
    /// ## 为何要求
    /// 通知要求表格填写完整；没有鉴定、审核意见的，评委会不予受理。
    ///
    /// ## 如何判断
    /// 只看规则包列出的栏目。表格线围出的栏目名看得清楚，旁边（或下方）的格子找到了，里面没有文字、没有笔迹、没有印章和照片，
    /// 判为缺陷；各行已经开始填写的表，某一列空着的同样算。填“无”、画“/”或横线的算已填写。
    /// 意见栏除印好的“签字”“盖章”“年月日”外没有别的字，也没有笔迹和印章，算空着。
    ///
    /// ## 何时待核
    /// - 格子里有印章、照片或看不清的墨迹，可能盖住了字
    /// - 黑白扫描太淡、页面不完整，或表格、栏目认得没有把握
    /// - 同一份表上同名的栏目有的填了有的没填
    ///
    /// ## 参数
    /// - `material`：哪些表
    /// - `labels`：必填的栏目（标签或列名）
    /// - `places`：必填的位置（意见栏、述职报告等）
    BlankField, id = CheckId::BlankField, judge = judge
}

/// So many characters that are no prompt may be a short answer.
const SHORT_WORD: usize = 2;
/// No line of a form is this tall; a watermark's slanting words are.
const WATERMARK_MM: f32 = 10.0;
/// Below this a page is so faint that a cell may only look empty.
const LEAST_CONTRAST: f32 = 0.35;

fn judge(facts: &PacketFacts, pack: &RulePack) -> Vec<CheckResult> {
    let documents = documents(facts);
    let entries = &pack.checks.fields.blank_field;
    entries
        .iter()
        .map(|rule| match Draft::of(CheckId::BlankField, &rule.basis, holds(&rule.basis, facts, &documents)) {
            None => CheckResult::Passed,
            Some(draft) => {
                let wanted = documents.iter().filter(|d| rule.material.contains(&d.material) && !is_old_copy(d, pack));
                let of_each = wanted.filter(|d| d.confidence >= LIKELY_SPAN).flat_map(|d| {
                    let mut found = judge_cells(rule, facts, pack, d, &draft);
                    found.extend(rule.places.iter().filter_map(|id| judge_place(id, facts, pack, d, &draft)));
                    found
                });
                CheckResult::of(of_each.collect())
            }
        })
        .collect()
}

/// The empty cells of one document: one finding for each certain one, one for all that are not.
fn judge_cells(rule: &Rule, facts: &PacketFacts, pack: &RulePack, document: &Document, draft: &Draft) -> Vec<Finding> {
    let title = name(pack, document.material, document.entry);
    let blanks = facts.blanks.iter().filter(|b| {
        b.material == document.material && document.pages.contains(&b.page) && rule.labels.contains(&b.label)
    });
    let mut findings: Vec<Finding> = Vec::new();
    let mut doubtful: Vec<&Blank> = Vec::new();
    let mut nth: Vec<&str> = Vec::new();
    for blank in blanks {
        let filled = facts
            .fields
            .iter()
            .any(|f| f.material == blank.material && f.label == blank.label && document.pages.contains(&f.page));
        if blank.row.is_none() && filled {
            // The same label twice, once filled in: on a cover and inside, or another cell was taken for the label's.
            continue;
        }
        if is_doubtful(facts, blank) || document.confidence < SURE_SPAN {
            doubtful.push(blank);
            continue;
        }
        nth.push(&blank.label);
        let count = nth.iter().filter(|l| **l == blank.label).count();
        let row = if blank.row.is_some() { "有一行" } else { "" };
        let message = format!("{title}（{}）的“{}”栏{row}空着没有填写。", page_name(facts, blank.page), blank.label);
        let words = Words::new(format!("“{}”空白", blank.label), message, "请填写完整后重新提交；确实没有的填“无”。");
        let key = format!("{}#{}/{}/blank/{count}", document.material, document.ordinal, blank.label);
        findings.push(draft.defect(at(blank, key), words, blank.confidence.min(document.confidence)));
    }
    if let Some(first) = doubtful.first() {
        let mut labels: Vec<String> = doubtful.iter().map(|b| format!("“{}”", b.label)).collect();
        labels.dedup();
        let seen = format!("{}似为空白", listed(&labels, 5));
        let message = format!(
            "{title}（{}）的{}栏没有读到内容，但该处有遮盖或不够清楚，不能确定是否空着。",
            page_name(facts, first.page),
            listed(&labels, 5)
        );
        let words = Words::new(seen, message, "请人工核对；确实空着的，请申报人填写。");
        let key = format!("{}#{}/{}/blank/unclear", document.material, document.ordinal, first.label);
        findings.push(draft.review(at(first, key), words, 0.4));
    }
    findings
}

/// Whether a line stands in the place that its text leaves out: a watermark, which may have swallowed what is written.
fn is_overwritten(page: &PageFacts, place: &FormPlace) -> bool {
    let inside = |l: &&TextLine| place.rect.contains(l.rect.centre()) && !place.text.contains(l.text.trim());
    page.lines.iter().filter(inside).any(|l| l.rect.h * page.upright_mm().1 >= WATERMARK_MM && is_filled(&l.text))
}

fn at(blank: &Blank, key: String) -> At {
    At { place: Place::on(blank.page, blank.rect), material: Some(blank.material), key }
}

fn is_doubtful(facts: &PacketFacts, blank: &Blank) -> bool {
    let Some(page) = facts.page(blank.page) else { return true };
    blank.obscured
        || blank.confidence < SURE_CHARACTER
        || has_ink(page, blank.rect)
        || page.is_degraded()
        || page.source == TextSource::None
        || page.quality.contrast < LEAST_CONTRAST
}

/// A place of the form in which nobody wrote, stamped or stuck anything.
fn judge_place(id: &str, facts: &PacketFacts, pack: &RulePack, document: &Document, draft: &Draft) -> Option<Finding> {
    let found: Vec<&FormPlace> = facts
        .places
        .iter()
        .filter(|p| p.id == id && p.material == document.material && document.pages.contains(&p.page))
        .collect();
    let place = found.first()?;
    let rule = pack.form(document.material).and_then(|f| f.places.iter().find(|p| p.id == id));
    // On a label's row stands a value, however short; in an opinion's box a word may be a misread prompt.
    let row = rule.is_some_and(|r| r.kind == PlaceKind::Cover);
    let filled = |p: &&FormPlace| p.hand || is_filled(&p.text) || (row && p.text.chars().any(char::is_alphanumeric));
    if found.iter().any(|p| filled(&p)) {
        return None;
    }
    let page = facts.page(place.page)?;
    let sealed =
        page.seals.iter().any(|s| s.confidence >= MAYBE_SEAL && s.rect.overlap(&place.rect) > 0.2 * s.rect.area());
    if sealed || page.photos.iter().any(|p| p.rect.overlap(&place.rect) > 0.0) {
        // What the wording under a seal says is `opinion-wording`'s matter.
        return None;
    }
    let called = rule.map_or_else(|| id.to_owned(), |p| p.name.clone());
    let title = name(pack, document.material, document.entry);
    let where_ = page_name(facts, place.page);
    let at = At {
        place: Place::on(place.page, place.rect),
        material: Some(document.material),
        key: format!("{}#{}/{id}/blank", document.material, document.ordinal),
    };
    let seen = format!("“{called}”空白");
    let sure = place.confidence >= SURE_PLACE
        && document.confidence >= SURE_SPAN
        && document_of(std::slice::from_ref(document), place.page).is_some()
        && !page.is_degraded()
        && page.source != TextSource::None
        && page.quality.contrast >= LEAST_CONTRAST
        && !has_ink(page, place.rect)
        && left_over(&place.text).chars().count() < SHORT_WORD
        && !is_overwritten(page, place);
    if sure {
        let words =
            Words::new(seen, format!("{title}（{where_}）的“{called}”空着没有填写。"), "请按要求填写后重新提交。");
        return Some(draft.defect(at, words, place.confidence.min(document.confidence)));
    }
    let message = format!("{title}（{where_}）的“{called}”没有读到内容，不能确定是否空着。");
    Some(draft.review(at, Words::new(seen, message, "请人工核对；确实空着的，请补填。"), 0.4))
}
