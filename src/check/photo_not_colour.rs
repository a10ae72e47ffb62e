//! `photo-not-colour`.

use super::CheckResult;
use super::support::documents::{Document, Sight, documents, holds, is_old_copy, name, page_name, sight};
use super::support::draft::{At, Draft, Words};
use super::support::gates::SURE_SPAN;
use super::support::photos::is_sure;
use super::support::portraits;
use crate::model::finding::{CheckId, Finding, Place};
use crate::model::marks::PhotoColour;
use crate::model::packet::PacketFacts;
use crate::pack::rules::{PhotoRule, RulePack};

check! {
    /// 找出黑白照片。
    ///
    /// ## 为何要求
    /// 通知要求使用彩色照片。
    ///
    /// ## 如何判断
    /// 照片所在页为彩色扫描而照片没有颜色，判为缺陷。没有照片的由“缺少照片”指出，这里不重复。
    ///
    /// ## 何时待核
    /// - 灰度或黑白扫描：看不出原照片是否彩色
    /// - 不能确定图像是照片，材料识别把握不足，页面内容不完整
    ///
    /// ## 参数
    /// - `material`：表，或单独提交的照片
    /// - `place`：相片栏；单独提交的照片留空
    PhotoNotColour, id = CheckId::PhotoNotColour, judge = judge
}

fn judge(facts: &PacketFacts, pack: &RulePack) -> Vec<CheckResult> {
    let documents = documents(facts);
    pack.checks
        .photo_not_colour
        .iter()
        .map(|rule| match Draft::of(CheckId::PhotoNotColour, &rule.basis, holds(&rule.basis, facts, &documents)) {
            None => CheckResult::Passed,
            Some(draft) => CheckResult::of(
                documents
                    .iter()
                    .filter(|d| d.material == rule.material && !is_old_copy(d, pack))
                    .filter_map(|d| judge_document(rule, facts, pack, d, &draft))
                    .collect(),
            ),
        })
        .collect()
}

fn judge_document(
    rule: &PhotoRule,
    facts: &PacketFacts,
    pack: &RulePack,
    document: &Document,
    draft: &Draft,
) -> Option<Finding> {
    let place = Some(rule.place.as_str()).filter(|id| !id.is_empty());
    let (index, photo) = portraits::of(facts, document, place)?;
    let state = sight(facts.page(index));
    if photo.colour == PhotoColour::Colour {
        return None;
    }
    let at = At {
        place: Place::on(index, photo.rect),
        material: Some(rule.material),
        key: format!("{}#{}/{}", rule.material, document.ordinal, rule.place),
    };
    let title = name(pack, document.material, document.entry);
    let page = page_name(facts, index);
    let suggestion = "请更换为彩色照片后重新扫描提交（彩色扫描）。";
    let why = match state {
        Sight::Colour if photo.colour == PhotoColour::Mono => {
            if is_sure(photo) && document.confidence >= SURE_SPAN {
                let words = Words::new("照片为黑白", format!("{title}（{page}）的照片是黑白的。"), suggestion);
                return Some(draft.defect(at, words, photo.confidence.min(document.confidence)));
            }
            "图像看来是黑白的，但不能确定是申报人的照片"
        }
        Sight::Colour => "照片颜色不能确定",
        Sight::Grey => "该页为灰度扫描，看不出原照片是否彩色",
        Sight::Bilevel => "该页为黑白扫描，看不出原照片是否彩色",
        Sight::Blank | Sight::Unseen => "该页内容不完整",
    };
    let message = format!("不能确定{title}（{page}）的照片是否彩色：{why}。");
    Some(draft.review(at, Words::new(why, message, "请人工核对原件；照片为黑白的，请申报人更换彩色照片。"), 0.4))
}
