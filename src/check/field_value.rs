//! `field-value`.

use super::CheckResult;
use super::support::cells::written;
use super::support::documents::{Document, documents, holds, is_old_copy, name, page_name};
use super::support::draft::{At, Draft, Words, listed};
use super::support::gates::{LIKELY_SPAN, SURE_CHARACTER, SURE_PLACE, SURE_SPAN};
use super::support::sureness::{is_certain, is_covered};
use super::support::values::{Fault, bare, fault};
use crate::model::field::Field;
use crate::model::finding::{CheckId, Finding, Place};
use crate::model::geometry::Rect;
use crate::model::packet::PacketFacts;
use crate::model::page::PageFacts;
use crate::pack::rules::RulePack;
use crate::pack::rules::fields::{FieldRef, FieldValue as Rule, Target, ValueRule};

check! {
    /// 找出不在规定范围、写法、字数之内的填写内容。
    ///
    /// ## 为何要求
    /// 通知规定某些栏目只能填列出的几种说法，或限定字数、写法、内容要点。
    ///
    /// ## 如何判断
    /// 读出规则包指定的栏目或位置，去掉空格和标点后比较：不在列出的值之内、不合写法、超过字数、数值越界、应空而不空、
    /// 与另一张表的同一栏不一致，看得清楚的判为缺陷。与允许的值只差一个字的视为识别误差，不判。
    ///
    /// ## 何时待核
    /// - 字符识别把握低于0.8，是手写，被印章压住，或材料识别把握不足
    /// - 要点（topics）有一半以上没有找到相应的词：写没写全由人判断
    ///
    /// ## 参数
    /// - `material`；`label`（栏目）或 `place`（位置），都不写则看全文
    /// - 以下写一项：`one_of`、`none_of`、`pattern`（正则表达式）、`max_length`（可加 `except`）、`between`、
    /// `topics`（每项用“/”分开同义词）、`must_be_empty`、`same_as`
    /// - `any_document`：同种材料有多份时，有一份符合即可
    FieldValue, id = CheckId::FieldValue, judge = judge
}

/// Something that a rule judges.
struct Value<'a> {
    text: String,
    page: usize,
    rect: Option<Rect>,
    confidence: f32,
    certain: bool,
    /// A seal lies over it.
    covered: bool,
    called: String,
    document: &'a Document,
    row: usize,
}

fn judge(facts: &PacketFacts, pack: &RulePack) -> Vec<CheckResult> {
    let documents = documents(facts);
    let entries = &pack.checks.fields.field_value;
    entries
        .iter()
        .map(|rule| match Draft::of(CheckId::FieldValue, &rule.basis, holds(&rule.basis, facts, &documents)) {
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
    let others: Vec<String> = match &rule.rule {
        ValueRule::SameAs(of) => {
            let cells = written(facts, pack, documents, of).into_iter();
            cells.filter(|w| is_certain(facts, w.field, w.document)).map(|w| bare(&w.field.text)).collect()
        }
        _ => Vec::new(),
    };
    let values = values(rule, facts, pack, documents);
    let mut judged: Vec<(&Value, Option<Fault>)> =
        values.iter().map(|v| (v, fault(&v.text, &rule.rule, &others))).collect();
    // Rows that a seal hides are one matter to look at.
    let mut hidden: Vec<usize> = Vec::new();
    judged.retain(|(v, f)| {
        let again = f.is_some() && v.covered && !v.certain && hidden.contains(&v.document.first());
        if f.is_some() && v.covered && !v.certain {
            hidden.push(v.document.first());
        }
        !again
    });
    if rule.any_document && judged.iter().any(|(_, fault)| fault.is_none()) {
        return Vec::new();
    }
    let mut findings: Vec<Finding> =
        judged.into_iter().filter_map(|(v, f)| Some(finding(v, f?, facts, pack, draft))).collect();
    if rule.any_document {
        findings.truncate(1);
    }
    findings
}

fn values<'a>(rule: &Rule, facts: &'a PacketFacts, pack: &RulePack, documents: &'a [Document]) -> Vec<Value<'a>> {
    let wanted =
        |d: &&Document| rule.material.contains(&d.material) && d.confidence >= LIKELY_SPAN && !is_old_copy(d, pack);
    match &rule.target {
        Target::Label(label) => {
            let of = FieldRef { material: rule.material.clone(), label: label.clone() };
            let cells = written(facts, pack, documents, &of);
            let mut found: Vec<Value> = Vec::new();
            for cell in cells {
                let Some(document) = cell.document else { continue };
                let row = 1 + found.iter().filter(|v| std::ptr::eq(v.document, document)).count();
                found.push(Value {
                    text: cell.field.text.clone(),
                    page: cell.field.page,
                    rect: Some(cell.field.rect),
                    confidence: cell.field.confidence,
                    certain: is_certain(facts, cell.field, cell.document)
                        && !is_fragment(&cell.field.text, &rule.rule)
                        && !facts.page(cell.field.page).is_some_and(|p| is_partial(p, cell.field)),
                    covered: facts.page(cell.field.page).is_some_and(|p| is_covered(p, cell.field.rect)),
                    called: format!("“{label}”栏"),
                    document,
                    row,
                });
            }
            found
        }
        Target::Place(id) => documents.iter().filter(wanted).filter_map(|d| of_place(id, facts, pack, d)).collect(),
        Target::Document => documents.iter().filter(wanted).filter_map(|d| of_document(facts, d)).collect(),
    }
}

/// Whether a reading is too little to be any of the values: one character where those allowed have more is a piece of
/// a cell whose rest was not read.
fn is_fragment(text: &str, rule: &ValueRule) -> bool {
    let ValueRule::OneOf(allowed) = rule else { return false };
    bare(text).chars().count() == 1 && allowed.iter().all(|a| bare(a).chars().count() > 1)
}

/// Share of the smaller of two boxes that they have in common, from which a line may belong to a cell.
const IN_CELL: f32 = 0.3;

/// Whether a line of the page lies over the value and is no part of it: on a slanted photo a cell's lines are not all told
/// to be its own.
fn is_partial(page: &PageFacts, field: &Field) -> bool {
    let read = bare(&field.text);
    page.lines.iter().any(|l| {
        let common = l.rect.overlap(&field.rect) / l.rect.area().min(field.rect.area()).max(f32::EPSILON);
        let line = bare(&l.text);
        common >= IN_CELL && !read.contains(&line) && !line.contains(&read)
    })
}

/// What is written in a place, over all pages that it goes on for.
fn of_place<'a>(id: &str, facts: &PacketFacts, pack: &RulePack, document: &'a Document) -> Option<Value<'a>> {
    let own = facts
        .places
        .iter()
        .filter(|p| p.id == id && p.material == document.material && document.pages.contains(&p.page));
    let found: Vec<_> = own.filter(|p| p.confidence >= SURE_PLACE).collect();
    let first = found.first()?;
    let page = facts.page(first.page)?;
    let lines = page.lines.iter().filter(|l| first.rect.contains(l.rect.centre()));
    let weakest = lines.map(|l| l.weakest()).fold(first.confidence, f32::min);
    let form = pack.form(document.material)?;
    Some(Value {
        text: found.iter().map(|p| p.text.as_str()).collect(),
        page: first.page,
        rect: Some(first.rect),
        confidence: weakest,
        certain: !found.iter().any(|p| p.hand)
            && weakest >= SURE_CHARACTER
            && !page.is_degraded()
            && !is_covered(page, first.rect)
            && document.confidence >= SURE_SPAN,
        covered: is_covered(page, first.rect),
        called: form.places.iter().find(|p| p.id == id).map_or_else(|| id.to_owned(), |p| format!("“{}”", p.name)),
        document,
        row: 1,
    })
}

/// A document's whole text, where all of it was read.
fn of_document<'a>(facts: &PacketFacts, document: &'a Document) -> Option<Value<'a>> {
    let pages: Option<Vec<_>> = document.pages.iter().map(|p| facts.page(*p).filter(|p| !p.is_degraded())).collect();
    let text: String = pages?.iter().flat_map(|p| &p.lines).map(|l| l.text.as_str()).collect();
    (document.confidence >= SURE_SPAN).then(|| Value {
        text,
        page: document.first(),
        rect: None,
        confidence: document.confidence,
        certain: false,
        covered: false,
        called: String::new(),
        document,
        row: 1,
    })
}

fn finding(value: &Value, fault: Fault, facts: &PacketFacts, pack: &RulePack, draft: &Draft) -> Finding {
    let document = value.document;
    let title = name(pack, document.material, document.entry);
    let place = page_name(facts, value.page);
    let at = At {
        place: value.rect.map_or_else(|| Place::page(value.page), |r| Place::on(value.page, r)),
        material: Some(document.material),
        key: format!("{}#{}/{}/{}", document.material, document.ordinal, value.called, value.row),
    };
    let called = &value.called;
    match fault {
        Fault::Value(what) => {
            let short: String = value.text.split_whitespace().collect::<String>().chars().take(40).collect();
            let seen = format!("“{short}”");
            if value.certain {
                let message = format!("{title}（{place}）{called}写的是“{short}”，{what}。");
                return draft.defect(at, Words::new(seen, message, "请按要求改正后重新提交。"), value.confidence);
            }
            let message = if value.covered {
                format!("{title}（{place}）{called}被印章压住，看不清写的是什么，是否合要求请对照原页核对。")
            } else {
                format!("{title}（{place}）{called}读作“{short}”，{what}；但未能可靠识别，请对照原页核对。")
            };
            draft.review(
                at,
                Words::new(seen, message, "请人工核对；确有不符的，请申报人改正。"),
                value.confidence.min(0.5),
            )
        }
        Fault::Topics(missing) => {
            let missing: Vec<String> = missing.iter().map(|m| format!("“{m}”")).collect();
            let seen = format!("没有找到{}", listed(&missing, 6));
            let message =
                format!("{title}（{place}）{called}没有找到与{}有关的内容，是否写全请人工核对。", listed(&missing, 6));
            draft.review(at, Words::new(seen, message, "请人工核对；确实缺少的，请申报人补写。"), 0.4)
        }
    }
}
