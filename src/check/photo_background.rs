//! `photo-background`.

use super::CheckResult;
use super::support::documents::{Document, Sight, documents, holds, is_old_copy, name, page_name, sight};
use super::support::draft::{At, Draft, Words};
use super::support::gates::SURE_SPAN;
use super::support::photos::is_sure;
use super::support::portraits;
use crate::model::finding::{CheckId, Finding, Place};
use crate::model::marks::{Background, PhotoColour};
use crate::model::packet::PacketFacts;
use crate::pack::rules::{PhotoBackground as Rule, RulePack};

check! {
    /// 找出底色不符合要求的照片。
    ///
    /// ## 为何要求
    /// 通知规定了照片底色（如红底）。
    ///
    /// ## 如何判断
    /// 彩色照片的底色为红、蓝、白中的另一种颜色，判为缺陷。没有照片的不在此判断。
    ///
    /// ## 何时待核
    /// - 照片或扫描没有颜色，底色看不出或不单一
    /// - 不能确定图像是照片，没有在照片文件中认出照片，材料识别把握不足，页面内容不完整
    ///
    /// ## 参数
    /// - `material`：表，或单独提交的照片
    /// - `place`：相片栏；单独提交的照片不写
    /// - `background`：要求的底色
    PhotoBackground, id = CheckId::PhotoBackground, judge = judge
}

fn judge(facts: &PacketFacts, pack: &RulePack) -> Vec<CheckResult> {
    let documents = documents(facts);
    pack.checks
        .photo_background
        .iter()
        .map(|rule| match Draft::of(CheckId::PhotoBackground, &rule.basis, holds(&rule.basis, facts, &documents)) {
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

const fn colour(background: Background) -> &'static str {
    match background {
        Background::Red => "红色",
        Background::Blue => "蓝色",
        Background::White => "白色",
        Background::Other => "其它颜色",
        Background::Unknown => "看不出",
    }
}

fn judge_document(
    rule: &Rule,
    facts: &PacketFacts,
    pack: &RulePack,
    document: &Document,
    draft: &Draft,
) -> Option<Finding> {
    let title = name(pack, document.material, document.entry);
    let found = portraits::of(facts, document, rule.place.as_deref());
    let index = found.map_or(document.first(), |(index, _)| index);
    let page = page_name(facts, index);
    let wanted = colour(rule.background);
    let at = At {
        place: found.map_or_else(|| Place::page(index), |(index, photo)| Place::on(index, photo.rect)),
        material: Some(rule.material),
        key: format!("{}#{}/{}", rule.material, document.ordinal, rule.place.as_deref().unwrap_or("photo")),
    };
    let why = match found {
        // Without a photo in the form `missing-photo` speaks; a photo file in which none was found is no answer.
        None if rule.place.is_some() => return None,
        None => "没有在该文件中认出照片",
        Some((_, photo)) => {
            let coloured = sight(facts.page(index)) == Sight::Colour && photo.colour == PhotoColour::Colour;
            match photo.background {
                b if coloured && b == rule.background => return None,
                b @ (Background::Red | Background::Blue | Background::White) if coloured => {
                    if is_sure(photo) && document.confidence >= SURE_SPAN {
                        let words = Words::new(
                            format!("底色为{}", colour(b)),
                            format!("{title}（{page}）的照片底色为{}，要求为{wanted}。", colour(b)),
                            format!("请更换为{wanted}底的照片。"),
                        );
                        return Some(draft.defect(at, words, photo.confidence.min(document.confidence)));
                    }
                    "底色看来不符，但不能确定是申报人的照片"
                }
                _ if !coloured => "照片或扫描没有颜色，看不出底色",
                _ => "底色不单一或看不出",
            }
        }
    };
    let message = format!("不能确定{title}（{page}）的照片底色是否为{wanted}：{why}。");
    let suggestion = format!("请人工核对；底色不符的，请申报人更换为{wanted}底的照片。");
    Some(draft.review(at, Words::new(why, message, suggestion), 0.4))
}
