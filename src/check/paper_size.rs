//! `paper-size`.

use super::CheckResult;
use super::support::documents::{Document, belongs, documents, holds, is_old_copy, name, page_name};
use super::support::draft::{At, Draft, Words, listed};
use super::support::gates::SURE_SPAN;
use super::support::sheets::{Sheet, sheet};
use crate::model::finding::{CheckId, Finding, Place};
use crate::model::packet::PacketFacts;
use crate::pack::rules::RulePack;
use crate::pack::rules::arrangement::{Paper, PaperSize as Rule};

check! {
    /// 找出没有用规定纸张（A4、A3）的材料。
    ///
    /// ## 为何要求
    /// 通知规定复印件用A4纸，考评表、总结、答辩材料、花名册等用A3纸，以便统一装订和发给评委。
    ///
    /// ## 如何判断
    /// 按扫描件的实际尺寸（毫米）判断，允许裁切误差8%，横竖不限。要求A4而内容铺满A3幅面的，判为缺陷。
    /// 要求A3而整份材料都是A4幅面，且同一申报人另有按A3扫描的材料（说明扫描设备能扫A3），判为缺陷。
    /// 一份材料一条。尺寸既不近A4也不近A3的（手机拍照、裁切过的证件）不判。
    ///
    /// ## 何时待核
    /// - 要求A3而只见A4幅面：可能是缩小扫描，也可能是把一张A3分成两页扫描
    /// - 要求A4而幅面是A3，但内容只占一部分：可能是扫描幅面没有调整
    /// - 图片没有分辨率、尺寸不明，或材料识别把握不足
    ///
    /// ## 参数
    /// - `material`：材料；`volume`：册内的材料；只写`volume`时为该册全部材料
    /// - `except`：不在此列的材料
    /// - `size`：A4 或 A3
    PaperSize, id = CheckId::PaperSize, judge = judge
}

fn judge(facts: &PacketFacts, pack: &RulePack) -> Vec<CheckResult> {
    let documents = documents(facts);
    // The scanner took a whole A3 sheet at least once.
    let takes_a3 = facts.pages.iter().any(|p| p.facts.as_ref().is_ok_and(|f| sheet(f) == Sheet::Full(Paper::A3)));
    pack.checks
        .arrangement
        .paper_size
        .iter()
        .map(|rule| match Draft::of(CheckId::PaperSize, &rule.basis, holds(&rule.basis, facts, &documents)) {
            None => CheckResult::Passed,
            Some(draft) => CheckResult::of(
                documents
                    .iter()
                    .filter(|d| asked(rule, d) && !is_old_copy(d, pack) && belongs(d, pack))
                    .filter_map(|d| judge_document(rule, facts, pack, d, takes_a3, &draft))
                    .collect(),
            ),
        })
        .collect()
}

fn asked(rule: &Rule, document: &Document) -> bool {
    let material = rule.materials.is_empty() || rule.materials.contains(&document.material);
    let bound = rule.volumes.is_empty() || document.volume.is_some_and(|v| rule.volumes.contains(&v));
    material && bound && !rule.except.contains(&document.material)
}

fn judge_document(
    rule: &Rule,
    facts: &PacketFacts,
    pack: &RulePack,
    document: &Document,
    takes_a3: bool,
    draft: &Draft,
) -> Option<Finding> {
    let sheets: Vec<(usize, Sheet)> = document
        .pages
        .iter()
        .filter_map(|p| facts.page(*p).map(|f| (*p, f)))
        .filter(|(_, f)| !f.quality.blank && !f.is_degraded())
        .map(|(p, f)| (p, sheet(f)))
        .collect();
    let other = |s: &Sheet| matches!(s, Sheet::Full(p) | Sheet::Partly(p) | Sheet::Assumed(p) if *p != rule.size);
    let wrong: Vec<(usize, Sheet)> = sheets.iter().filter(|(_, s)| other(s)).copied().collect();
    let first = wrong.first()?.0;
    if wrong.iter().all(|(_, s)| matches!(s, Sheet::Assumed(_))) {
        return None;
    }
    let full = wrong.iter().all(|(_, s)| matches!(s, Sheet::Full(_)));
    let (seen, doubt) = match rule.size {
        Paper::A4 if full => ("A3", None),
        Paper::A4 => ("A3", Some("幅面是A3而内容只占一部分，可能是扫描幅面没有调整")),
        Paper::A3 if wrong.len() < sheets.len() => ("A4", Some("其中一部分页面是A4幅面，可能是分页扫描")),
        Paper::A3 if sheets.len() > 1 && sheets.len().is_multiple_of(2) => {
            ("A4", Some("扫描件是A4幅面，可能是把一张A3分成两页扫描"))
        }
        Paper::A3 if !takes_a3 => ("A4", Some("扫描件是A4幅面，可能是缩小扫描的A3")),
        Paper::A3 => ("A4", None),
    };
    let doubt = doubt.or((document.confidence < SURE_SPAN || !document.titled).then_some("材料识别把握不足"));
    let title = name(pack, document.material, document.entry);
    let pages = listed(&wrong.iter().map(|(p, _)| page_name(facts, *p)).collect::<Vec<_>>(), 5);
    let at = At {
        place: Place::page(first),
        material: Some(document.material),
        key: format!("{}#{}/size", document.material, document.ordinal),
    };
    let size = rule.size.name();
    let suggestion = format!("请用{size}纸重新打印（复印）后扫描提交。");
    Some(match doubt {
        None => {
            let message = format!("{title}（{pages}）用的是{seen}纸，应为{size}纸。");
            draft.defect(at, Words::new(format!("{seen}幅面"), message, suggestion), document.confidence)
        }
        Some(why) => {
            let message = format!("{title}（{pages}）应为{size}纸；{why}，请对照原件核对。");
            draft.review(at, Words::new(format!("{seen}幅面"), message, suggestion), 0.4)
        }
    })
}
