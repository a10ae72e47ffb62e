//! `certificate-expiry`.

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use super::CheckResult;
use super::support::documents::{Document, documents, holds, name, page_name};
use super::support::draft::{At, Draft, Words};
use super::support::gates::{LIKELY_SPAN, SURE_CHARACTER, SURE_SPAN};
use super::support::passages::{Passage, passages};
use super::support::period::{dates, months_after, periods, written};
use crate::model::finding::{CheckId, Finding, Place};
use crate::model::geometry::Rect;
use crate::model::packet::PacketFacts;
use crate::pack::rules::RulePack;
use crate::pack::rules::periods::CertificateExpiry as Rule;

check! {
    /// 核对学历（学位）在线验证报告的有效期。
    ///
    /// ## 为何要求
    /// 备案表过了有效期，评审时就不能在线验证，通知要求有效期留有余量。
    ///
    /// ## 如何判断
    /// 读出“有效期至”“验证有效期”后的日期；只写有效月数的，从更新日期起算。申报截止日之前已经过期的，判为缺陷；
    /// 截止日之后仍够规定的月数，通过。没有写有效期的认证报告不判。
    ///
    /// ## 何时待核
    /// - 截止日以后、规定的月数以内到期
    /// - 写有“有效期”而日期没有读出，或识别把握不足、被印章压住
    ///
    /// ## 参数
    /// - `material`：检查哪些材料
    /// - `closes`：申报截止日；`months`：截止日后还应有效的月数
    CertificateExpiry, id = CheckId::CertificateExpiry, judge = judge
}

/// The word that the day follows within so many characters.
const REACH: usize = 30;

fn judge(facts: &PacketFacts, pack: &RulePack) -> Vec<CheckResult> {
    let documents = documents(facts);
    let judge_rule = |rule: &Rule| {
        let Some(draft) = Draft::of(CheckId::CertificateExpiry, &rule.basis, holds(&rule.basis, facts, &documents))
        else {
            return CheckResult::Passed;
        };
        let asked = documents.iter().filter(|d| rule.material.contains(&d.material) && d.confidence >= LIKELY_SPAN);
        CheckResult::of(asked.filter_map(|d| judge_document(rule, facts, pack, d, &draft)).collect())
    };
    pack.checks.periods.expiry.iter().map(judge_rule).collect()
}

/// Until when a report is valid, as read.
struct Expiry {
    /// None where the word stands but no day could be read.
    date: Option<Date>,
    text: String,
    sure: f32,
    rect: Option<Rect>,
}

fn judge_document(
    rule: &Rule,
    facts: &PacketFacts,
    pack: &RulePack,
    document: &Document,
    draft: &Draft,
) -> Option<Finding> {
    let read = document.pages.iter().filter_map(|p| Some((*p, expiry(&passages(facts.page(*p)?))?)));
    // Of two days on one document the later one holds.
    let (page, expiry) = read.max_by_key(|(_, e)| e.date)?;
    let title = format!("{}（{}）", name(pack, document.material, document.entry), page_name(facts, page));
    let place = expiry.rect.map_or_else(|| Place::page(page), |r| Place::on(page, r));
    let key = format!("{}#{}/expiry", document.material, document.ordinal);
    let at = At { place, material: Some(document.material), key };
    let fix = "请重新申请在线验证报告（延长有效期）后提交。";
    let Some(date) = expiry.date else {
        let message = format!("{title}写有“有效期”，但日期没有读出，请对照原页核对。");
        return Some(draft.review(at, Words::new(expiry.text, message, fix), 0.4));
    };
    let until = months_after(rule.closes, rule.months);
    if date > until {
        return None;
    }
    let closes = written(rule.closes);
    if date < rule.closes {
        let message = format!("{title}的有效期至{}，申报截止日{closes}之前已经过期。", written(date));
        let words = Words::new(&expiry.text, message, fix);
        let sure = expiry.sure >= SURE_CHARACTER && document.confidence >= SURE_SPAN;
        return Some(if sure { draft.defect(at, words, expiry.sure) } else { draft.review(at, words, 0.4) });
    }
    let message = format!(
        "{title}的有效期至{}，申报截止日{closes}之后不足{}个月，从哪一天起算通知没有写明。",
        written(date),
        rule.months
    );
    Some(draft.review(at, Words::new(&expiry.text, message, fix), 0.6))
}

/// The day after 有效期, the end of the stretch after it, or the months after it from 更新日期 on.
fn expiry(passages: &[Passage]) -> Option<Expiry> {
    static MONTHS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^有效期[^\d一二三四五六]{0,6}(\d{1,2}|[一二三四五六])个月")
            .expect("a pattern fixed at compile time")
    });
    let mut unread = None;
    for passage in passages {
        let text: Vec<char> = passage.text().chars().collect();
        let starts = text.windows(3).enumerate().filter(|(_, w)| **w == ['有', '效', '期']).map(|(i, _)| i);
        for start in starts {
            let near: String = text[start..(start + REACH).min(text.len())].iter().collect();
            let stretch = periods(&near, None).into_iter().next().map(|p| (p.last, p.at));
            let day = || dates(&near).into_iter().next().map(|d| (d.date, d.at));
            if let Some((date, at)) = stretch.or_else(day) {
                let at = start..start + at.end;
                return Some(Expiry {
                    date: Some(date),
                    text: text[at.clone()].iter().collect(),
                    sure: passage.sure_figures(at.clone()),
                    rect: passage.rect(at),
                });
            }
            let months = MONTHS.captures(&near).and_then(|m| number(&m[1]));
            if let Some((date, sure)) = months.and_then(|n| updated(passages).map(|(d, s)| (months_after(d, n), s))) {
                let rect = passage.rect(start..start + 3);
                return Some(Expiry { date: Some(date), text: near, sure, rect });
            }
            // The notes below the report speak of its validity too; only a label asks for a day.
            let labelled = matches!(text.get(start + 3), Some('至' | '：' | ':' | '|'));
            if labelled && unread.is_none() {
                unread = Some(Expiry { date: None, text: near, sure: 0.0, rect: passage.rect(start..start + 3) });
            }
        }
    }
    unread
}

fn number(text: &str) -> Option<u16> {
    text.parse().ok().or_else(|| "一二三四五六".find(text).map(|at| (at / text.len()) as u16 + 1))
}

/// 更新日期：2024年9月8日.
fn updated(passages: &[Passage]) -> Option<(Date, f32)> {
    passages.iter().find_map(|passage| {
        let text = passage.text();
        let at = text.find("更新日期").or_else(|| text.find("验证日期"))?;
        let skipped = text[..at].chars().count();
        let day = dates(&text[at..]).into_iter().next()?;
        Some((day.date, passage.sure(skipped + day.at.start..skipped + day.at.end)))
    })
}
