//! `wrong-person`.

use super::CheckResult;
use super::support::documents::{Document, documents, holds, is_old_copy, name, page_name};
use super::support::draft::{At, Draft, Words};
use super::support::gates::{LIKELY_SPAN, SURE_CHARACTER, SURE_SPAN};
use super::support::id_number::{self, labelled};
use super::support::person::{
    Holder, Likeness, former_name, has_name, holders, likeness, lists_persons, may_have_name, names_before,
};
use super::support::shapes::are_unlike;
use super::support::sureness::{is_covered, is_plain};
use crate::model::finding::{CheckId, Finding, Place};
use crate::model::packet::PacketFacts;
use crate::model::page::PageFacts;
use crate::pack::rules::RulePack;
use crate::pack::rules::fields::{Named, WrongPerson as Rule};

check! {
    /// 找出姓名或身份证号不是申报人的材料。
    ///
    /// ## 为何要求
    /// 证书、考核表、身份证、参保证明等须是申报人本人的；论文、获奖、项目材料上须有申报人的名字。
    ///
    /// ## 如何判断
    /// 申报人姓名以名单为准，没有名单的以评审表为准。在材料上找“姓名”“持证人”等栏，以及“学生×××”“兹聘任×××同志”
    /// “×××同志（身份证号……）”“×××，男，”等写法里的姓名；同页有身份证号而没有姓名的，比对号码。
    /// 持证人的姓名看得清楚，与申报人无一相似，整份材料又没有申报人的名字，判为缺陷；只差一个字而那两个字形状全不相像的（晓、小），也判。
    /// 与曾用名相同的不算。
    /// 旁人的名字（同事、负责人、签发人）不看。论文、获奖、项目材料和聘任文件，列有人员姓名的，只看其中有没有申报人。
    ///
    /// ## 何时待核
    /// - 只差一个字而两字形状相近（己、已），或识别把握不足0.95：可能是识别错误，也可能写错
    /// - 姓名被印章压住、是手写、识别把握不足，或同一份材料的另一页上有申报人的名字
    /// - 论文、获奖、项目等材料列有人员姓名而没有申报人，或申报人不是第一作者
    ///
    /// ## 参数
    /// - `material`：检查哪些材料
    /// - `named`：holder（须是本人的）、among（须列有本人）、first（本人须为独立或第一作者），默认 holder
    /// - `category`：只查放在这些分类里的
    WrongPerson, id = CheckId::WrongPerson, judge = judge
}

/// Identity numbers of two persons differ in at least so many places; fewer are a slip.
const OTHER_NUMBER: usize = 4;
/// Of a name read this surely no character is another one misread, but for those that look alike.
const NO_SLIP: f32 = 0.95;
/// A name less sure than this says nothing.
const FAINT: f32 = 0.6;

fn judge(facts: &PacketFacts, pack: &RulePack) -> Vec<CheckResult> {
    let documents = documents(facts);
    let entries = &pack.checks.fields.wrong_person;
    entries
        .iter()
        .map(|rule| match Draft::of(CheckId::WrongPerson, &rule.basis, holds(&rule.basis, facts, &documents)) {
            None => CheckResult::Passed,
            Some(draft) => CheckResult::of(
                documents
                    .iter()
                    .filter(|d| rule.material.contains(&d.material) && d.confidence >= LIKELY_SPAN)
                    .filter(|d| rule.category.is_empty() || d.category.is_some_and(|c| rule.category.contains(&c)))
                    .filter_map(|d| judge_document(rule, facts, pack, d, &draft))
                    .collect(),
            ),
        })
        .collect()
}

/// What speaks for another person's document.
struct Doubt {
    page: usize,
    holder: Holder,
    why: String,
    certain: bool,
}

fn judge_document(
    rule: &Rule,
    facts: &PacketFacts,
    pack: &RulePack,
    document: &Document,
    draft: &Draft,
) -> Option<Finding> {
    let applicant = facts.applicant.name.as_deref()?;
    let title = name(pack, document.material, document.entry);
    let key = |what: &str| format!("{}#{}/{what}", document.material, document.ordinal);
    match rule.named {
        Named::Holder => {
            let doubt = other_holder(facts, document, applicant)?;
            let seen = format!("“{}”", doubt.holder.name);
            let at = At {
                place: Place::on(doubt.page, doubt.holder.rect),
                material: Some(document.material),
                key: key("holder"),
            };
            let place = page_name(facts, doubt.page);
            if doubt.certain && document.confidence >= SURE_SPAN && !is_old_copy(document, pack) {
                let words = Words::new(
                    seen,
                    format!("{title}（{place}）写的是“{}”，不是申报人{applicant}。", doubt.holder.name),
                    format!("请换成申报人{applicant}本人的{title}。"),
                );
                return Some(draft.defect(at, words, doubt.holder.confidence.min(document.confidence)));
            }
            let words = Words::new(
                seen,
                format!("{title}（{place}）上的“{}”与申报人{applicant}不符：{}。", doubt.holder.name, doubt.why),
                "请对照原页核对是否申报人本人的材料；不是的，请申报人更换。",
            );
            Some(draft.review(at, words, 0.5))
        }
        Named::Among | Named::First => {
            let at = At { place: Place::page(document.first()), material: Some(document.material), key: key("named") };
            let place = page_name(facts, document.first());
            let on = |told: fn(&PageFacts, &str) -> bool| {
                document.pages.iter().copied().find(|p| facts.page(*p).is_some_and(|f| told(f, applicant)))
            };
            if on(has_name).is_some() {
                // A contents page often names but one author: the line of authors may stand on a later page.
                let behind = on(names_before).filter(|_| rule.named == Named::First);
                return behind.map(|page| {
                    let words = Words::new(
                        "申报人不是第一作者",
                        format!(
                            "{title}（{}）的署名中，{applicant}之前还有他人，不像独立或第一作者。",
                            page_name(facts, page)
                        ),
                        "请核对作者排名；不是独立或第一作者的，不能用作此项材料。",
                    );
                    draft.review(At { place: Place::page(page), ..at.clone() }, words, 0.5)
                });
            }
            let plain = document.pages.iter().all(|p| facts.page(*p).is_some_and(is_plain));
            let may = document.pages.iter().filter_map(|p| facts.page(*p)).any(|p| may_have_name(p, applicant));
            let listed = document.pages.iter().filter_map(|p| facts.page(*p)).any(lists_persons);
            (plain && listed && !may && document.confidence >= SURE_SPAN).then(|| {
                let words = Words::new(
                    "列有他人，没有找到申报人的名字",
                    format!("{title}（{place}）列有人员姓名，但全文没有找到申报人{applicant}的名字。"),
                    "请人工核对；没有申报人名字的，请另附能证明本人参与的材料。",
                );
                draft.review(at, words, 0.4)
            })
        }
    }
}

/// The gravest doubt about whose a document is, page by page.
fn other_holder(facts: &PacketFacts, document: &Document, applicant: &str) -> Option<Doubt> {
    let former = former_name(facts);
    let pages: Vec<(usize, &PageFacts)> = document
        .pages
        .iter()
        .filter_map(|i| facts.page(*i).map(|p| (*i, p)))
        .filter(|(_, p)| !p.quality.blank)
        .collect();
    let named = |p: &PageFacts| has_name(p, applicant) || former.as_deref().is_some_and(|f| has_name(p, f));
    let elsewhere = pages.iter().any(|(_, p)| named(p) || may_have_name(p, applicant));
    let surely_elsewhere = pages.iter().any(|(_, p)| named(p));
    let mut doubts: Vec<Doubt> = Vec::new();
    for (index, page) in &pages {
        if named(page) {
            continue;
        }
        let found = holders(page);
        if found.is_empty() {
            doubts.extend(other_number(facts, *index, page, elsewhere));
        }
        let alike = found.iter().any(|h| likeness(&h.name, applicant) == Likeness::Similar);
        for holder in found {
            let covered = is_covered(page, holder.rect);
            match likeness(&holder.name, applicant) {
                Likeness::Same => {}
                Likeness::Similar => {
                    let one_apart = holder.name.chars().count() == applicant.chars().count();
                    if one_apart && !covered && !holder.hand && holder.confidence >= SURE_CHARACTER {
                        let misread = holder.confidence < NO_SLIP
                            || page.is_degraded()
                            || !differs_in_shape(&holder.name, applicant);
                        doubts.push(Doubt {
                            page: *index,
                            holder,
                            why: "只差一个字，可能是识别错误，也可能写错".into(),
                            certain: !misread && !surely_elsewhere,
                        });
                    }
                }
                Likeness::Other if alike || holder.confidence < FAINT => {}
                Likeness::Other => {
                    let sure = !covered && !holder.hand && holder.confidence >= SURE_CHARACTER && !page.is_degraded();
                    let why = if holder.hand {
                        "是手写的，不能确定读得对"
                    } else if elsewhere {
                        "同一份材料的其他地方似有申报人的名字"
                    } else {
                        "姓名未能可靠识别"
                    };
                    doubts.push(Doubt { page: *index, certain: sure && !elsewhere, holder, why: why.into() });
                }
            }
        }
    }
    let at = doubts.iter().position(|d| d.certain).unwrap_or(0);
    (!doubts.is_empty()).then(|| doubts.swap_remove(at))
}

/// Whether the characters in which two names of one length differ look so unlike that none is the other misread.
fn differs_in_shape(a: &str, b: &str) -> bool {
    a.chars().zip(b.chars()).filter(|(a, b)| a != b).all(|(a, b)| are_unlike(a, b))
}

/// A page that names nobody but bears another's identity number.
fn other_number(facts: &PacketFacts, index: usize, page: &PageFacts, elsewhere: bool) -> Option<Doubt> {
    let own = facts.applicant.id_number.as_deref().filter(|n| id_number::fault(n).is_none())?;
    let sound = |n: &&id_number::Numbered| id_number::fault(&n.number).is_none() && !n.hand && n.guessed.is_empty();
    let numbers = labelled(page);
    let other = numbers.iter().filter(sound).find(|n| id_number::differences(&n.number, own) >= OTHER_NUMBER)?;
    let sure = other.confidence >= SURE_CHARACTER && !is_covered(page, other.rect) && !page.is_degraded();
    Some(Doubt {
        page: index,
        holder: Holder { name: other.number.clone(), rect: other.rect, confidence: other.confidence, hand: other.hand },
        why: "身份证号不是申报人的".into(),
        certain: sure && !elsewhere,
    })
}
