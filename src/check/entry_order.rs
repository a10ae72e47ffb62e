//! `entry-order`.

use super::CheckResult;
use super::support::cells::{Written, column, key};
use super::support::documents::{Document, documents, holds, name, page_name};
use super::support::draft::{At, Draft, Words};
use super::support::moments::{Period, periods_under};
use super::support::sureness::is_certain;
use crate::model::finding::{CheckId, Finding, Place};
use crate::model::packet::PacketFacts;
use crate::pack::rules::RulePack;
use crate::pack::rules::fields::EntryOrder as Rule;

check! {
    /// 找出没有按时间由近及远填写的表格。
    ///
    /// ## 为何要求
    /// 通知规定业绩、论文等栏目按时间由近及远填写，便于评委先看到最近的成绩。
    ///
    /// ## 如何判断
    /// 逐行读出时间栏的日期：后一行的止点（“至今”为最近）和起点都比前一行近，就是由远及近，判为缺陷；同一个月不分先后，
    /// 时间互相交叠的两项不判。一张表一条，指出第一处。手写的、看不清的行跳过。
    ///
    /// ## 何时待核
    /// - 次序不对，但其中有日期识别把握不足、被印章压住，或材料识别把握不足
    ///
    /// ## 参数
    /// - `material`、`label`：哪些表的哪个时间栏
    /// - `beside`：同一张表的另一栏，用来认出是哪张表
    EntryOrder, id = CheckId::EntryOrder, judge = judge
}

/// Dates less legible than this say nothing of the order.
const LEGIBLE: f32 = 0.6;

fn judge(facts: &PacketFacts, pack: &RulePack) -> Vec<CheckResult> {
    let documents = documents(facts);
    let entries = &pack.checks.fields.entry_order;
    entries
        .iter()
        .map(|rule| match Draft::of(CheckId::EntryOrder, &rule.basis, holds(&rule.basis, facts, &documents)) {
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
    let rows: Vec<Row> = column(facts, pack, documents, &rule.column)
        .into_iter()
        .filter(|w| !w.field.hand && w.field.confidence >= LEGIBLE)
        .filter_map(|written| match periods_under(&written.field.label, &written.field.text).as_slice() {
            [one] if one.from.has_month() && one.to.is_none_or(|t| t.has_month()) => {
                Some(Row { written, period: *one, sure: is_certain(facts, written.field, written.document) })
            }
            _ => None,
        })
        .collect();
    let ordinal = |r: &Row| r.written.document.map(|d| d.ordinal);
    rows.chunk_by(|a, b| ordinal(a) == ordinal(b) && a.written.field.material == b.written.field.material)
        .filter_map(|table| judge_table(table, facts, pack, draft))
        .collect()
}

struct Row<'a> {
    written: Written<'a>,
    period: Period,
    sure: bool,
}

/// Whether a row is more recent than the one above it, by its end and by its beginning: a table may go by either.
fn is_later(above: &Period, below: &Period) -> bool {
    // What goes on is the most recent of all.
    let end = |p: &Period| p.end().map_or((u32::MAX, u32::MAX), |s| (s.first(), s.last()));
    end(below).0 > end(above).1 && below.from.first() > above.from.last()
}

fn judge_table(table: &[Row], facts: &PacketFacts, pack: &RulePack, draft: &Draft) -> Option<Finding> {
    let sure: Vec<&Row> = table.iter().filter(|r| r.sure).collect();
    let all: Vec<&Row> = table.iter().collect();
    let wrong = |rows: &[&Row]| rows.windows(2).position(|w| is_later(&w[0].period, &w[1].period));
    let (rows, at, certain) = match wrong(&sure) {
        Some(at) => (sure, at, true),
        None => {
            let at = wrong(&all)?;
            (all, at, false)
        }
    };
    let (above, below) = (rows[at].written.field, rows[at + 1].written.field);
    let title = name(pack, above.material, rows[at].written.document.and_then(|d| d.entry));
    let bare = |t: &str| t.split_whitespace().collect::<String>();
    let seen = format!("“{}”在“{}”之前", bare(&above.text), bare(&below.text));
    let place = At {
        place: Place::on(below.page, below.rect),
        material: Some(below.material),
        key: format!("{}/order", key(&rows[at].written)),
    };
    let doubt = if certain { "" } else { "；但日期未能可靠识别，请对照原页核对" };
    let message =
        format!("{title}（{}）的“{}”栏没有由近及远填写：{seen}{doubt}。", page_name(facts, below.page), above.label);
    let words = Words::new(seen, message, "请按时间由近及远重新排列各行后提交。");
    let confidence = above.confidence.min(below.confidence);
    Some(if certain { draft.defect(place, words, confidence) } else { draft.review(place, words, confidence.min(0.5)) })
}
