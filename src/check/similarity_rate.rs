//! `similarity-rate`.

use std::sync::LazyLock;

use regex::Regex;

use super::CheckResult;
use super::support::documents::{Document, documents, holds, name, page_name};
use super::support::draft::{At, Draft, Words};
use super::support::gates::{SURE_CHARACTER, SURE_SPAN};
use super::support::passage::folded;
use crate::model::finding::{CheckId, Finding, Place};
use crate::model::geometry::Rect;
use crate::model::packet::PacketFacts;
use crate::model::page::PageFacts;
use crate::model::text::TextLine;
use crate::pack::rules::RulePack;
use crate::pack::rules::content::SimilarityRate as Rule;

check! {
    /// 找出抄袭率达到或超过通知限度的检测报告。
    ///
    /// ## 为何要求
    /// 通知规定送审论文须做抄袭率检测，低于限度的参与答辩，高于限度的取消答辩资格。
    ///
    /// ## 如何判断
    /// 在检测报告上找“总文字复制比”“总相似比”“查重率”等总的比率，低于限度即通过，高于限度判为缺陷。
    /// 单篇最大复制比、跨语言检测结果、引用率、自写率等不是总的比率，不算。
    ///
    /// ## 何时待核
    /// - 正好等于限度：通知只说低于和高于
    /// - 总的比率超过限度，而去除引用（或去除本人已发表文献）后低于限度：按哪一个算，通知没有写明
    /// - 只有去除引用等的比率，或没有读到任何比率
    /// - 数字识别把握低于0.8，页面未读出或不完整，材料识别把握不足
    ///
    /// ## 参数
    /// - `material`：检测报告
    /// - `below`：须低于的百分数
    SimilarityRate, id = CheckId::SimilarityRate, judge = judge
}

/// What a figure on a report is the rate of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Total,
    /// Less quotations, or less the author's own papers.
    Less,
    /// Of one source, another language, quotations, own words.
    Other,
}

#[derive(Debug, Clone, PartialEq)]
struct Rate {
    kind: Kind,
    label: String,
    /// Hundredths of a per cent, so that equal is equal.
    value: u32,
    page: usize,
    rect: Rect,
    confidence: f32,
}

fn judge(facts: &PacketFacts, pack: &RulePack) -> Vec<CheckResult> {
    let documents = documents(facts);
    let of_rule = |rule: &Rule| {
        let Some(draft) = Draft::of(CheckId::SimilarityRate, &rule.basis, holds(&rule.basis, facts, &documents)) else {
            return CheckResult::Passed;
        };
        let reports = documents.iter().filter(|d| rule.material.contains(&d.material));
        CheckResult::of(reports.filter_map(|d| judge_report(rule, facts, pack, d, &draft)).collect())
    };
    pack.checks.content.similarity_rate.iter().map(of_rule).collect()
}

fn judge_report(
    rule: &Rule,
    facts: &PacketFacts,
    pack: &RulePack,
    document: &Document,
    draft: &Draft,
) -> Option<Finding> {
    let mut rates = Vec::new();
    let mut unseen = false;
    for index in &document.pages {
        match facts.page(*index) {
            Some(page) => {
                unseen |= page.is_degraded();
                rates.extend(rates_of(page, *index));
            }
            None => unseen = true,
        }
    }
    let below = u32::from(rule.below) * 100;
    let highest = |kind| rates.iter().filter(move |r: &&Rate| r.kind == kind).max_by_key(|r| r.value);
    let (total, less) = (highest(Kind::Total), highest(Kind::Less));
    if total.is_some_and(|t| t.value < below) {
        return None;
    }
    let report = name(pack, document.material, document.entry);
    let shown = total.or(less);
    let at = At {
        place: shown.map_or_else(|| Place::page(document.first()), |r| Place::on(r.page, r.rect)),
        material: Some(document.material),
        key: format!("{}#{}", document.material, document.ordinal),
    };
    let page = page_name(facts, shown.map_or(document.first(), |r| r.page));
    let seen = match (total, less) {
        (None, None) => "没有读到比率".to_owned(),
        (total, less) => total.into_iter().chain(less).map(Rate::words).collect::<Vec<_>>().join("，"),
    };
    let review = |why: String| {
        let message = format!("{report}（{page}）：{why}。");
        let suggestion = format!("请人工核对检测报告；抄袭率不低于{}%的，不能参与答辩。", rule.below);
        Some(draft.review(at.clone(), Words::new(seen.clone(), message, suggestion), 0.5))
    };
    let Some(total) = total else {
        let why = if less.is_some() { "没有读到总的比率" } else { "没有读到抄袭率" };
        return review(if unseen { format!("{why}，有页面未读出或不完整") } else { why.to_owned() });
    };
    if total.value == below {
        return review(format!("{}正好是限度{}%，通知没有写明是否通过", total.label, rule.below));
    }
    if less.is_some_and(|l| l.value < below) {
        return review(format!("总的比率超过{}%，去除引用等之后低于{0}%，通知没有写明按哪一个算", rule.below));
    }
    if total.confidence < SURE_CHARACTER || unseen || document.confidence < SURE_SPAN {
        return review(format!("读到的{}超过{}%，但识别把握不足", total.words(), rule.below));
    }
    let words = Words::new(
        seen.clone(),
        format!("{report}（{page}）的{}，不低于{}%。", total.words(), rule.below),
        "请按通知修改论文并重新检测，抄袭率低于限度后再提交。",
    );
    Some(draft.defect(at, words, total.confidence.min(document.confidence)))
}

impl Rate {
    fn words(&self) -> String {
        let (whole, rest) = (self.value / 100, self.value % 100);
        let figure = match rest {
            0 => format!("{whole}%"),
            r if r % 10 == 0 => format!("{whole}.{}%", r / 10),
            r => format!("{whole}.{r:02}%"),
        };
        format!("{}{figure}", self.label)
    }
}

static LABELLED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"去除[^:%0-9]{0,16}?(?:复制比|重复率|相似比|相似度)|(?:单篇|跨语言|引用|他引|自引|自写|原创)[^:%0-9]{0,14}|",
        r"总?文字复制比|总?相似比|总?相似度|总?重复率|全文重复率|查重率|抄袭率|总?复写率|文本重合率|重合率",
    ))
    .expect("a fixed pattern")
});
static FIGURE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^[^0-9%]{0,6}(\d{1,3})(?:\.(\d{1,2}))?%").expect("a fixed pattern"));

/// Rates on a page: label and figure in one line, or the figure to the label's right or below it.
fn rates_of(page: &PageFacts, index: usize) -> Vec<Rate> {
    let mut rates = Vec::new();
    for line in &page.lines {
        let text: String = folded(&line.text).into_iter().collect();
        for found in LABELLED.find_iter(&text) {
            let label = found.as_str().trim_end_matches(':').to_owned();
            let rest = &text[found.end()..];
            let alone = || !rest.chars().any(char::is_alphanumeric);
            let figure = match FIGURE.captures(rest) {
                Some(f) => hundredths(&f[1], f.get(2).map(|m| m.as_str())).map(|v| (v, line)),
                None if alone() => beside(page, line),
                None => None,
            };
            if let Some((value, at)) = figure {
                rates.push(Rate {
                    kind: kind(&label),
                    label,
                    value,
                    page: index,
                    rect: line.rect.union(&at.rect),
                    confidence: at.weakest(),
                });
            }
        }
    }
    rates
}

fn kind(label: &str) -> Kind {
    if label.starts_with("去除") {
        Kind::Less
    } else if ["单篇", "跨语言", "引用", "他引", "自引", "自写", "原创"].iter().any(|w| label.starts_with(w))
    {
        Kind::Other
    } else {
        Kind::Total
    }
}

fn hundredths(whole: &str, part: Option<&str>) -> Option<u32> {
    let whole: u32 = whole.parse().ok()?;
    let part: u32 = format!("{:0<2}", part.unwrap_or("0")).parse().ok()?;
    (whole <= 100).then_some(whole * 100 + part)
}

/// The figure that belongs to a label standing alone: nearest to its right on its level, else right below it.
fn beside<'p>(page: &'p PageFacts, label: &TextLine) -> Option<(u32, &'p TextLine)> {
    let value = |line: &'p TextLine| {
        let text: String = folded(&line.text).into_iter().collect();
        let found = FIGURE.captures(&text)?;
        Some((hundredths(&found[1], found.get(2).map(|m| m.as_str()))?, line))
    };
    let level = |l: &&TextLine| {
        (l.rect.centre().1 - label.rect.centre().1).abs() < 0.7 * label.rect.h.max(l.rect.h)
            && l.rect.x > label.rect.centre().0
    };
    let under = |l: &&TextLine| {
        let gap = l.rect.y - label.rect.bottom();
        (-0.3 * label.rect.h..2.0 * label.rect.h).contains(&gap)
            && l.rect.x < label.rect.right()
            && l.rect.right() > label.rect.x
    };
    let right = page.lines.iter().filter(level).min_by(|a, b| a.rect.x.total_cmp(&b.rect.x));
    right
        .and_then(value)
        .or_else(|| page.lines.iter().filter(under).min_by(|a, b| a.rect.y.total_cmp(&b.rect.y)).and_then(value))
}
