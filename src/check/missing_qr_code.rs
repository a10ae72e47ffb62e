//! `missing-qr-code`.

use super::CheckResult;
use super::support::documents::{Document, Sight, documents, holds, name, page_name, sight};
use super::support::draft::{At, Draft, Words};
use super::support::gates::SURE_SPAN;
use crate::model::finding::{CheckId, Finding, Place};
use crate::model::packet::PacketFacts;
use crate::pack::rules::RulePack;
use crate::pack::rules::marks::MissingQrCode as Rule;

check! {
    /// 找出没有可识读二维码的网上验证报告。
    ///
    /// ## 为何要求
    /// 通知要求备案表（验证报告）带有二维码，以便扫码核验。
    ///
    /// ## 如何判断
    /// 材料的任何一页上读出二维码即通过。彩色扫描、分辨率足够、页面完整而没有二维码，判为缺陷。
    ///
    /// ## 何时待核
    /// - 有二维码的图形，但读不出
    /// - 分辨率不足，或为灰度、黑白的复印件，二维码可能已不可辨
    /// - 页面未读出或不完整，材料识别把握不足
    ///
    /// ## 参数
    /// - `material`：材料
    MissingQrCode, id = CheckId::MissingQrCode, judge = judge
}

/// A code of 15 mm with 33 modules has modules of 2.7 pixels at this resolution: what is coarser may lose it.
const LEAST_DPI: u16 = 130;

fn judge(facts: &PacketFacts, pack: &RulePack) -> Vec<CheckResult> {
    let documents = documents(facts);
    let rules = pack.checks.marks.missing_qr_code.iter();
    rules
        .map(|rule| match Draft::of(CheckId::MissingQrCode, &rule.basis, holds(&rule.basis, facts, &documents)) {
            None => CheckResult::Passed,
            Some(draft) => CheckResult::of(
                documents
                    .iter()
                    .filter(|d| rule.material.contains(&d.material))
                    .filter_map(|d| judge_document(rule, facts, pack, d, &draft))
                    .collect(),
            ),
        })
        .collect()
}

fn judge_document(
    _rule: &Rule,
    facts: &PacketFacts,
    pack: &RulePack,
    document: &Document,
    draft: &Draft,
) -> Option<Finding> {
    let first = document.first();
    let pages = || document.pages.iter().filter_map(|p| Some((*p, facts.page(*p)?)));
    if pages().any(|(_, p)| !p.codes.is_empty()) {
        return None;
    }
    let title = name(pack, document.material, document.entry);
    let at = |place| At {
        place,
        material: Some(document.material),
        key: format!("{}#{}/code", document.material, document.ordinal),
    };
    let doubt = |place: Place, why: &str| {
        let message = format!("不能确定{title}（{}）有没有可识读的二维码：{why}。", page_name(facts, first));
        let words = Words::new(why, message, "请人工扫码核对；不能识读的，请申报人重新下载打印后提交。");
        Some(draft.review(at(place), words, 0.4))
    };
    if let Some((index, rect)) = pages().find_map(|(i, p)| p.undecoded.first().map(|r| (i, *r))) {
        return doubt(Place::on(index, rect), "有二维码，但读不出");
    }
    for index in &document.pages {
        let page = facts.page(*index);
        let why = match sight(page) {
            Sight::Unseen => "页面未能读出或不完整",
            Sight::Grey => "为灰度扫描件，未读到二维码",
            Sight::Bilevel => "为黑白扫描件，未读到二维码",
            Sight::Colour | Sight::Blank => match page.and_then(|p| p.quality.dpi) {
                Some(dpi) if dpi < LEAST_DPI => "扫描分辨率不足，未读到二维码",
                _ => continue,
            },
        };
        return doubt(Place::page(*index), why);
    }
    if document.confidence < SURE_SPAN {
        return doubt(Place::page(first), "未读到二维码，但材料识别把握不足");
    }
    let words = Words::new(
        "没有二维码",
        format!("{title}（{}）没有二维码。", page_name(facts, first)),
        "请从学信网等网站下载带有二维码的备案表（验证报告），打印后提交。",
    );
    Some(draft.defect(at(Place::page(first)), words, document.confidence))
}
