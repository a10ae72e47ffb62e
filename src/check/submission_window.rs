//! `submission-window`.

use jiff::civil::Date;

use super::CheckResult;
use super::support::days::{Day, days, month_alone};
use super::support::documents::{Document, documents, holds, is_old_copy, name, page_name};
use super::support::draft::{At, Draft, Words};
use super::support::gates::{SURE_CHARACTER, SURE_SPAN};
use super::support::passage::folded;
use crate::model::finding::{CheckId, Finding, Place};
use crate::model::geometry::Rect;
use crate::model::packet::PacketFacts;
use crate::model::page::PageFacts;
use crate::pack::rules::RulePack;
use crate::pack::rules::content::SubmissionWindow as Rule;

check! {
    /// 找出落款或填表时间不在申报时间之内的材料。
    ///
    /// ## 为何要求
    /// 通知规定了报送申报材料的截止时间，逾期不予受理；截止之后才形成的材料，说明报送时材料不齐。
    ///
    /// ## 如何判断
    /// 交材料的日子不在纸面上，只看为本次申报新写的材料：推荐报告、鉴定意见、承诺书等的落款时间，评审表的填表时间和规包指定栏目的时间。
    /// 一份材料有几个落款时间的，以最晚的为准。清楚地晚于截止日的判为缺陷；只写到月的，晚于截止日所在的月才算。
    ///
    /// ## 何时待核
    /// - 最晚的时间也在通知年度之前：可能是往年的材料
    /// - 晚于截止日，而时间是手写的、被印章压住、识别把握低于0.8，或材料识别把握不足
    ///
    /// ## 参数
    /// - `first`、`last`：申报时间（`first` 可不写）
    /// - `material`：看落款时间的材料
    /// - `form`、`places`、`fields`：看其中某些栏目的表
    SubmissionWindow, id = CheckId::SubmissionWindow, judge = judge
}

/// A date that closes a document or stands in a form's place.
struct Dated {
    day: Day,
    text: String,
    page: usize,
    rect: Rect,
    sure: bool,
    key: String,
}

fn judge(facts: &PacketFacts, pack: &RulePack) -> Vec<CheckResult> {
    let documents = documents(facts);
    let of_rule = |rule: &Rule| {
        let Some(draft) = Draft::of(CheckId::SubmissionWindow, &rule.basis, holds(&rule.basis, facts, &documents))
        else {
            return CheckResult::Passed;
        };
        let mut findings = Vec::new();
        for document in documents.iter().filter(|d| !is_old_copy(d, pack)) {
            let mut dated = Vec::new();
            if rule.material.contains(&document.material) {
                dated.extend(closing(facts, document));
            }
            if rule.form.contains(&document.material) {
                dated.extend(in_places(rule, facts, document));
                dated.extend(in_fields(rule, facts, document));
            }
            let likely = |d: &Dated| (pack.notice.year - 6..=pack.notice.year + 1).contains(&d.day.year);
            dated.retain(likely);
            findings.extend(outside(rule, facts, pack, document, &dated, &draft));
        }
        CheckResult::of(findings)
    };
    pack.checks.content.submission_window.iter().map(of_rule).collect()
}

/// Lines that hold a date and nothing else but its label.
fn closing(facts: &PacketFacts, document: &Document) -> Vec<Dated> {
    let mut found = Vec::new();
    for index in &document.pages {
        let Some(page) = facts.page(*index) else { continue };
        for line in &page.lines {
            let text: String = folded(&line.text).into_iter().collect();
            let Some((day, rest)) = days(&text).into_iter().next() else { continue };
            let rest: String = rest.chars().filter(|c| c.is_alphanumeric()).collect();
            if !matches!(
                rest.as_str(),
                "" | "日期" | "时间" | "检测时间" | "填表时间" | "填表日期" | "填报时间" | "公章" | "盖章"
            ) {
                continue;
            }
            found.push(Dated {
                day,
                text: line.text.trim().to_owned(),
                page: *index,
                rect: line.rect,
                sure: !line.hand && line.weakest() >= SURE_CHARACTER && is_clear(page, line.rect),
                key: "closing".into(),
            });
        }
    }
    found
}

fn is_clear(page: &PageFacts, rect: Rect) -> bool {
    !page.is_degraded() && !page.seals.iter().any(|s| rect.overlap(&s.rect) > 0.0)
}

fn in_places(rule: &Rule, facts: &PacketFacts, document: &Document) -> Vec<Dated> {
    let asked = |id: &String, page: usize| rule.places.contains(id) && document.pages.contains(&page);
    let places = facts.places.iter().filter(|p| p.material == document.material && asked(&p.id, p.page));
    places
        .filter_map(|place| {
            let text: String = folded(&place.text).into_iter().collect();
            let (day, _) = days(&text).pop()?;
            let page = facts.page(place.page)?;
            let is_date =
                |text: &str| days(&folded(text).into_iter().collect::<String>()).last().map(|d| d.0) == Some(day);
            let line = page.lines.iter().find(|l| l.rect.share_inside(&place.rect) > 0.5 && is_date(&l.text));
            Some(Dated {
                day,
                text: line.map_or_else(|| day.to_string(), |l| l.text.trim().to_owned()),
                page: place.page,
                rect: line.map_or(place.rect, |l| l.rect),
                sure: line.is_some_and(|l| !l.hand && l.weakest() >= SURE_CHARACTER && is_clear(page, l.rect)),
                key: place.id.clone(),
            })
        })
        .collect()
}

fn in_fields(rule: &Rule, facts: &PacketFacts, document: &Document) -> Vec<Dated> {
    let asked = |label: &String, page: usize| rule.fields.contains(label) && document.pages.contains(&page);
    let fields = facts.fields.iter().filter(|f| f.material == document.material && asked(&f.label, f.page));
    fields
        .filter_map(|field| {
            let text: String = folded(&field.text).into_iter().collect();
            let day = days(&text).pop().map(|(day, _)| day).or_else(|| month_alone(&text))?;
            Some(Dated {
                day,
                text: field.text.clone(),
                page: field.page,
                rect: field.rect,
                sure: !field.obscured && !field.hand && field.confidence >= SURE_CHARACTER,
                key: field.label.clone(),
            })
        })
        .collect()
}

/// The latest date of a document (of each place and field of a form), where it is outside the window.
fn outside(
    rule: &Rule,
    facts: &PacketFacts,
    pack: &RulePack,
    document: &Document,
    dated: &[Dated],
    draft: &Draft,
) -> Option<Finding> {
    let latest = dated.iter().max_by_key(|d| (d.day.first(), d.sure))?;
    let title = name(pack, document.material, document.entry);
    let at = At {
        place: Place::on(latest.page, latest.rect),
        material: Some(document.material),
        key: format!("{}#{}/{}", document.material, document.ordinal, latest.key),
    };
    let page = page_name(facts, latest.page);
    let seen = format!("“{}”", latest.text);
    if latest.day.first() > rule.last {
        let what = format!("{title}（{page}）的时间“{}”晚于截止日{}", latest.text, told(rule.last));
        if latest.sure && document.confidence >= SURE_SPAN {
            let advice = "请核对材料形成的时间：确系截止之后补办的，不能受理；写错的，请出具单位更正并盖章。";
            return Some(draft.defect(at, Words::new(seen, format!("{what}。"), advice), document.confidence));
        }
        let message = format!("{what}，但时间是手写的、被印章压住或识别把握不足，请核对。");
        return Some(draft.review(at, Words::new(seen, message, "请人工核对这个时间。"), 0.5));
    }
    let year = rule.first.map_or(rule.last, |f| f).year().min(rule.last.year());
    if latest.day.last() < Date::constant(year, 1, 1) && document.confidence >= SURE_SPAN {
        let message = format!("{title}（{page}）的时间“{}”在通知年度之前，可能是往年的材料。", latest.text);
        return Some(draft.review(
            at,
            Words::new(seen, message, "请人工核对；确系往年材料的，请申报人重新出具。"),
            0.5,
        ));
    }
    None
}

fn told(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}
