//! `missing-photo`.

use super::CheckResult;
use super::support::documents::{Document, Sight, documents, holds, is_old_copy, name, page_name, sight};
use super::support::draft::{At, Draft, Words};
use super::support::gates::{MAYBE_PHOTO, SURE_PLACE, SURE_SPAN};
use super::support::photos::{in_place, is_sure, places, portrait};
use crate::model::field::FormPlace;
use crate::model::finding::{CheckId, Finding, Place};
use crate::model::packet::PacketFacts;
use crate::pack::rules::{PhotoRule, RulePack};

check! {
    /// 找出应贴照片而没有照片的相片栏。
    ///
    /// ## 为何要求
    /// 通知要求相片栏不得空着，须粘贴或打印本人照片。
    ///
    /// ## 如何判断
    /// 在规则包指定的相片栏内寻找照片；彩色或灰度扫描、页面完整、栏目位置明确而没有照片，判为缺陷。
    /// 同一页别处有证件照的不算缺少。
    ///
    /// ## 何时待核
    /// - 没有找到相片栏，表中也没有证件照
    /// - 黑白（二值）扫描：照片可能在扫描时丢失
    /// - 栏内图像不能确定是不是照片，栏目位置或材料识别把握不足
    /// - 页面未读出或不完整
    ///
    /// ## 参数
    /// - `material`：表
    /// - `place`：相片栏
    MissingPhoto, id = CheckId::MissingPhoto, judge = judge
}

fn judge(facts: &PacketFacts, pack: &RulePack) -> Vec<CheckResult> {
    let documents = documents(facts);
    pack.checks
        .missing_photo
        .iter()
        .map(|rule| match Draft::of(CheckId::MissingPhoto, &rule.basis, holds(&rule.basis, facts, &documents)) {
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
    let found = places(facts, document, &rule.place);
    let Some(place) = found.first() else {
        let has_portrait = document.pages.iter().filter_map(|p| facts.page(*p)).any(|p| portrait(p).is_some());
        let why = "没有找到相片栏，表中也未见证件照";
        return (!has_portrait).then(|| review(rule, facts, pack, document, draft, None, why));
    };
    let doubt = |why: &str| Some(review(rule, facts, pack, document, draft, Some(place), why));
    let Some(page) = facts.page(place.page) else { return doubt("该页未能读出") };
    match in_place(page, place) {
        Some(photo) if is_sure(photo) => return None,
        Some(_) => return doubt("相片栏内有图像，但不能确定是照片"),
        None => {}
    }
    if portrait(page).is_some_and(|p| p.confidence >= MAYBE_PHOTO) {
        return None;
    }
    match sight(Some(page)) {
        Sight::Colour | Sight::Grey => {}
        Sight::Bilevel => return doubt("该页为黑白扫描，照片可能在扫描时丢失"),
        Sight::Blank | Sight::Unseen => return doubt("该页内容不完整"),
    }
    if place.confidence < SURE_PLACE {
        return doubt("未见照片，但相片栏位置没有把握");
    }
    if document.confidence < SURE_SPAN {
        return doubt("未见照片，但材料识别把握不足");
    }
    let title = name(pack, document.material, document.entry);
    let words = Words::new(
        "相片栏为空",
        format!("{title}（{}）的相片栏没有照片。", page_name(facts, place.page)),
        "请在相片栏粘贴或彩色打印本人近期免冠照片后重新扫描提交。",
    );
    let confidence = place.confidence.min(document.confidence);
    Some(draft.defect(at(rule, document, Some(place)), words, confidence))
}

fn review(
    rule: &PhotoRule,
    facts: &PacketFacts,
    pack: &RulePack,
    document: &Document,
    draft: &Draft,
    place: Option<&&FormPlace>,
    why: &str,
) -> Finding {
    let title = name(pack, document.material, document.entry);
    let page = place.map_or(document.first(), |p| p.page);
    let message = format!("不能确定{title}（{}）是否有照片：{why}。", page_name(facts, page));
    let words = Words::new(why, message, "请人工核对；确无照片的，请申报人补贴照片。");
    draft.review(at(rule, document, place), words, 0.4)
}

fn at(rule: &PhotoRule, document: &Document, place: Option<&&FormPlace>) -> At {
    At {
        place: place.map_or_else(|| Place::page(document.first()), |p| Place::on(p.page, p.rect)),
        material: Some(rule.material),
        key: format!("{}#{}/{}", rule.material, document.ordinal, rule.place),
    }
}
