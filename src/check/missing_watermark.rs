//! `missing-watermark`.

use super::CheckResult;
use super::support::documents::{Document, Sight, documents, holds, name, page_name, sight};
use super::support::draft::{At, Draft, Words};
use crate::model::finding::{CheckId, Finding, Place};
use crate::model::packet::PacketFacts;
use crate::model::page::PageFacts;
use crate::model::text::TextLine;
use crate::pack::rules::RulePack;
use crate::pack::rules::marks::MissingWatermark as Rule;

check! {
    /// 找出没有申报系统水印的表。
    ///
    /// ## 为何要求
    /// 表须从网上申报系统打印，系统打印的表带有水印；没有水印的，不是系统中的最终稿。
    ///
    /// ## 如何判断
    /// 在表的底色上寻找浅色的、成片的文字或图案，或读出水印的文字；有一页看得出水印即通过。
    /// 水印很淡，扫描后可能消失，所以未见水印只作待核，不判缺陷。
    ///
    /// ## 何时待核
    /// - 扫描清楚而未见水印
    /// - 灰度、黑白或分辨率低的扫描上没有读出水印的字，看不出有没有水印
    ///
    /// ## 参数
    /// - `material`：材料
    /// - `words`：水印的文字
    MissingWatermark, id = CheckId::MissingWatermark, judge = judge
}

/// From this confidence a watermark is there.
const SEEN: f32 = 0.5;
/// A part of the watermark's words this long, read as a line of its own, is the watermark.
const LEAST_WORDS: usize = 8;

fn judge(facts: &PacketFacts, pack: &RulePack) -> Vec<CheckResult> {
    let documents = documents(facts);
    let rules = pack.checks.marks.missing_watermark.iter();
    rules
        .map(|rule| match Draft::of(CheckId::MissingWatermark, &rule.basis, holds(&rule.basis, facts, &documents)) {
            None => CheckResult::Passed,
            Some(draft) => {
                let asked: Vec<&Document> = documents.iter().filter(|d| rule.material.contains(&d.material)).collect();
                CheckResult::of(asked.iter().filter_map(|d| judge_document(rule, facts, pack, d, &draft)).collect())
            }
        })
        .collect()
}

fn judge_document(
    rule: &Rule,
    facts: &PacketFacts,
    pack: &RulePack,
    document: &Document,
    draft: &Draft,
) -> Option<Finding> {
    let pages = || document.pages.iter().filter_map(|p| facts.page(*p));
    let words = rule.words.as_deref().unwrap_or_default();
    // A grey scan's own texture looks like pale print: there only the words themselves tell.
    let shown = |p: &PageFacts| p.watermark.filter(|_| sight(Some(p)) == Sight::Colour);
    let seen =
        pages().any(|p| shown(p).is_some_and(|w| w.confidence >= SEEN) || p.lines.iter().any(|l| is_part_of(l, words)));
    if seen {
        return None;
    }
    let why = if pages().any(|p| shown(p).is_some()) { "未见水印" } else { "扫描件看不出有没有水印" };
    let first = document.first();
    let at = At {
        place: Place::page(first),
        material: Some(document.material),
        key: format!("{}#{}/watermark", document.material, document.ordinal),
    };
    let title = name(pack, document.material, document.entry);
    let message = format!("{title}（{}）{why}，请对照原件核对。", page_name(facts, first));
    let suggestion = "请人工核对原件；确无水印的，请申报人从申报系统中打印最终稿。";
    Some(draft.review(at, Words::new(why, message, suggestion), 0.4))
}

fn is_part_of(line: &TextLine, words: &str) -> bool {
    let text: String = line.text.chars().filter(|c| c.is_alphanumeric()).collect();
    text.chars().count() >= LEAST_WORDS && words.contains(&text)
}
