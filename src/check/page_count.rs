//! `page-count`.

use super::CheckResult;
use super::support::documents::{Document, belongs, documents, holds, is_old_copy, name, pages_name};
use super::support::draft::{At, Draft, Words};
use super::support::gates::SURE_SPAN;
use super::support::numbering::readable;
use super::support::sheets::{Sheet, sheet};
use crate::model::finding::{CheckId, Finding, Place};
use crate::model::material::Material;
use crate::model::packet::PacketFacts;
use crate::pack::rules::RulePack;
use crate::pack::rules::arrangement::{PageCount as Rule, Paper};

check! {
    /// 找出页数超过规定的材料。
    ///
    /// ## 为何要求
    /// 通知限定了页数（如答辩论文最多2页），不得增页、附页。
    ///
    /// ## 如何判断
    /// 数每份材料有内容的页，空白背面不计。整个文件只有这一份材料，或各页都认得准，而页数超过规定，判为缺陷。
    /// 规定按A3计页而扫描件是A4幅面的，两页A4可能是一张A3，超过规定的两倍才判为缺陷。
    ///
    /// ## 何时待核
    /// - 后面的页没有标题，不能断定属于这份材料
    /// - 扫描件是A4幅面而规定按A3计页
    /// - 有页面未读出
    ///
    /// ## 参数
    /// - `material`：材料
    /// - `max_pages`：最多几页
    /// - `paper`：按哪种纸计页，A4（默认）或 A3
    PageCount, id = CheckId::PageCount, judge = judge
}

fn judge(facts: &PacketFacts, pack: &RulePack) -> Vec<CheckResult> {
    let documents = documents(facts);
    pack.checks
        .arrangement
        .page_count
        .iter()
        .map(|rule| match Draft::of(CheckId::PageCount, &rule.basis, holds(&rule.basis, facts, &documents)) {
            None => CheckResult::Passed,
            Some(draft) => CheckResult::of(
                documents
                    .iter()
                    .filter(|d| d.material == rule.material && !is_old_copy(d, pack) && belongs(d, pack))
                    .filter_map(|d| too_many(rule, facts, pack, d, &draft))
                    .collect(),
            ),
        })
        .collect()
}

fn at(document: &Document, page: usize, what: &str) -> At {
    At {
        place: Place::page(page),
        material: Some(document.material),
        key: format!("{}#{}/{what}", document.material, document.ordinal),
    }
}

fn too_many(rule: &Rule, facts: &PacketFacts, pack: &RulePack, document: &Document, draft: &Draft) -> Option<Finding> {
    let allowed = usize::from(rule.max_pages);
    let pages: Vec<usize> =
        document.pages.iter().copied().filter(|p| facts.page(*p).is_none_or(|f| !f.quality.blank)).collect();
    if pages.len() <= allowed {
        return None;
    }
    let extra = pages[allowed];
    let smaller = rule.paper == Paper::A3
        && pages.iter().any(|p| {
            facts.page(*p).is_none_or(|f| !matches!(sheet(f), Sheet::Full(Paper::A3) | Sheet::Partly(Paper::A3)))
        });
    let doubt = if smaller && pages.len() <= 2 * allowed {
        Some("扫描件不是A3幅面，两页可能是一张A3")
    } else if document.confidence < SURE_SPAN || !document.titled {
        Some("材料识别把握不足")
    } else if !pages.iter().all(|p| readable(facts.page(*p)) || facts.page(*p).is_some_and(|f| f.lines.len() > 5)) {
        Some("有页面未读出或内容很少")
    } else if !alone(facts, document) {
        Some("后面的页没有标题，不能断定属于这份材料")
    } else {
        None
    };
    let title = name(pack, document.material, document.entry);
    let place = pages_name(facts, pages[0], pages[pages.len() - 1]);
    let size = if rule.paper == Paper::A3 { "A3 " } else { "" };
    let seen = format!("{}页", pages.len());
    let suggestion = format!("请压缩到{size}{allowed}页以内后重新提交。");
    Some(match doubt {
        None => {
            let message = format!("{title}（{place}）有{}页，最多{size}{allowed}页。", pages.len());
            draft.defect(at(document, extra, "pages"), Words::new(seen, message, suggestion), document.confidence)
        }
        Some(why) => {
            let message = format!("{title}（{place}）有{}页，最多{size}{allowed}页；{why}，请人工核对。", pages.len());
            draft.review(at(document, extra, "pages"), Words::new(seen, message, suggestion), 0.4)
        }
    })
}

/// The document's file holds nothing else: every page in it is its own.
fn alone(facts: &PacketFacts, document: &Document) -> bool {
    let file = facts.pages.get(document.first()).map(|p| &p.file);
    let others = facts.spans.iter().any(|s| {
        let blank = s.pages.clone().all(|p| facts.page(p).is_some_and(|f| f.quality.blank));
        !blank
            && (s.material != document.material || s.material == Material::Other)
            && facts.pages.get(s.pages.start).map(|p| &p.file) == file
    });
    !others
}
