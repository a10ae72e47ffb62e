//! `identity-number`.

use super::CheckResult;
use super::support::documents::{Document, documents, holds, is_old_copy, name, page_name};
use super::support::draft::{At, Draft, Words};
use super::support::gates::{LIKELY_SPAN, SURE_SPAN};
use super::support::id_number::{
    Fault, Numbered, birth, differences, distance, fault, is_male, labelled, reread, unstuttered,
};
use super::support::moments::periods;
use super::support::sureness::is_covered;
use crate::model::field::Field;
use crate::model::finding::{CheckId, Finding, Place};
use crate::model::geometry::Rect;
use crate::model::packet::PacketFacts;
use crate::pack::rules::fields::IdentityNumber as Rule;
use crate::pack::rules::{FieldKind, RulePack};

check! {
    /// 找出位数、校验码不对，或与出生年月、性别不符的身份证号。
    ///
    /// ## 为何要求
    /// 身份证号用于识别申报人、制作证书，错一位就会办错。
    ///
    /// ## 如何判断
    /// 公民身份号码为18位（GB 11643）：前17位是数字，末位按规定算法得出，可为X（大小写均可），第7至14位是出生日期。
    /// 看得清楚的号码位数不对、末位算不上、出生日期不存在，或与同一张表的出生年月、性别不符，判为缺陷。
    /// 用*号遮住的号码不判；与名单上的号码只差一个没有看清的数字的，不判。
    ///
    /// ## 何时待核
    /// - 有数字识别把握低于0.9，读成了字母（S、O、I、B等），是手写，或被印章压住
    /// - 号码写成几行而位数不够，可能有一行没有读到
    /// - 15位的旧号码；少一位或多一位，而可能是识别时漏读、重读了相同的数字（已知正确号码的，据以判断）
    /// - 各材料上的号码都合规则，但差一两位
    ///
    /// ## 参数
    /// - `material`：检查哪些材料
    IdentityNumber, id = CheckId::IdentityNumber, judge = judge
}

/// A figure less sure than this may be another.
const SURE_FIGURE: f32 = 0.9;
/// Two numbers that differ in more places are two persons', which `wrong-person` tells.
const A_SLIP: usize = 3;
/// Two readings this much alike are of one place.
const SAME_PLACE: f32 = 0.3;

struct Written<'a> {
    found: Numbered,
    page: usize,
    document: &'a Document,
    key: String,
    sure: bool,
}

fn judge(facts: &PacketFacts, pack: &RulePack) -> Vec<CheckResult> {
    let documents = documents(facts);
    let entries = &pack.checks.fields.identity_number;
    entries
        .iter()
        .map(|rule| match Draft::of(CheckId::IdentityNumber, &rule.basis, holds(&rule.basis, facts, &documents)) {
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
    let numbers = numbers(rule, facts, pack, documents);
    let known = facts.applicant.id_number.as_deref().map(str::to_uppercase).filter(|n| fault(n).is_none());
    let first = numbers.iter().find(|n| fault(&n.found.number).is_none()).map(|n| n.found.number.clone());
    let known = known.or(first);
    numbers.iter().filter_map(|written| judge_number(written, facts, pack, known.as_deref(), draft)).collect()
}

/// The identity numbers of the rule's materials, in page order, each place once.
fn numbers<'a>(rule: &Rule, facts: &PacketFacts, pack: &RulePack, documents: &'a [Document]) -> Vec<Written<'a>> {
    let mut all = Vec::new();
    let wanted =
        |d: &&Document| rule.material.contains(&d.material) && d.confidence >= LIKELY_SPAN && !is_old_copy(d, pack);
    for document in documents.iter().filter(wanted) {
        let mut own: Vec<(usize, Numbered)> = Vec::new();
        let fields =
            facts.fields.iter().filter(|f| document.pages.contains(&f.page) && f.material == document.material);
        for field in fields.filter(|f| kind(pack, f) == Some(FieldKind::IdNumber)) {
            if let Some((number, guessed)) = reread(&field.text) {
                let (rect, confidence, hand) = (field.rect, field.confidence, field.hand);
                own.push((field.page, Numbered { number, rect, confidence, hand, guessed }));
            }
        }
        for page in &document.pages {
            for found in facts.page(*page).map(labelled).unwrap_or_default() {
                let again = own.iter().any(|(p, o)| {
                    p == page && (o.rect.iou(&found.rect) > SAME_PLACE || found.rect.share_inside(&o.rect) > SAME_PLACE)
                });
                if !again {
                    own.push((*page, found));
                }
            }
        }
        own.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.rect.y.total_cmp(&b.1.rect.y)));
        for (row, (page, found)) in own.into_iter().enumerate() {
            let facts = facts.page(page);
            let clear = facts.is_some_and(|p| !p.is_degraded() && !is_covered(p, found.rect));
            let read = found.confidence >= SURE_FIGURE && found.guessed.is_empty();
            let sure = clear && read && !found.hand && document.confidence >= SURE_SPAN;
            let key = format!("{}#{}/identity/{}", document.material, document.ordinal, row + 1);
            all.push(Written { found, page, document, key, sure });
        }
    }
    all
}

fn kind(pack: &RulePack, field: &Field) -> Option<FieldKind> {
    let fields = &pack.form(field.material)?.fields;
    fields.iter().find(|f| f.labels.contains(&field.label)).map(|f| f.kind)
}

fn judge_number(
    written: &Written,
    facts: &PacketFacts,
    pack: &RulePack,
    known: Option<&str>,
    draft: &Draft,
) -> Option<Finding> {
    let number = written.found.number.as_str();
    if known.is_some_and(|k| differs_only_where_guessed(&written.found, k)) {
        return None;
    }
    let (what, certain) = match fault(number) {
        Some(Fault::Old) => ("是15位的旧号码".to_owned(), false),
        Some(Fault::Length(n)) => {
            let meant = unstuttered(number);
            // What is nearly the known number, and not by a reader's doing, is that number wrongly written, whatever
            // sound number it may resemble.
            let own = known.is_some_and(|k| distance(k, number) <= A_SLIP && !meant.iter().any(|m| m == k));
            if !meant.is_empty() && known.is_some() && !own {
                return None;
            }
            // On one of several lines, a figure by itself is easily passed over.
            let broken = n < 18 && lines_in(facts, written) > 1;
            (format!("是{n}位，不是18位"), (own || meant.is_empty()) && !broken)
        }
        // One unsure figure makes all the difference to the number known.
        Some(Fault::CheckDigit | Fault::BirthDate)
            if !written.sure
                && !written.found.hand
                && (written.found.guessed.is_empty() || written.found.confidence < SURE_FIGURE)
                && known.is_some_and(|k| differences(k, number) == 1) =>
        {
            return None;
        }
        Some(Fault::CheckDigit) => ("校验码不对，其中至少有一位写错".to_owned(), true),
        Some(Fault::BirthDate) => ("第7至14位不是日期".to_owned(), true),
        None => match contradiction(written, facts) {
            Some(what) => (what, true),
            None => {
                let known = known.filter(|k| (1..=A_SLIP).contains(&differences(k, number)))?;
                (format!("与名单或其他材料上的{known}差一两位"), false)
            }
        },
    };
    let title = name(pack, written.document.material, written.document.entry);
    let at = At {
        place: Place::on(written.page, written.found.rect),
        material: Some(written.document.material),
        key: written.key.clone(),
    };
    let place = page_name(facts, written.page);
    let seen = format!("“{number}”");
    if certain && written.sure {
        let message = format!("{title}（{place}）上的身份证号{number}{what}。");
        let words = Words::new(seen, message, "请对照身份证改正身份证号后重新提交。");
        return Some(draft.defect(at, words, written.found.confidence));
    }
    let reason = if written.sure && lines_in(facts, written) > 1 {
        "；号码写成几行，可能有一行没有读到"
    } else if written.sure {
        ""
    } else {
        "；但数字未能可靠识别"
    };
    let message = format!("{title}（{place}）上的身份证号读作{number}，{what}{reason}。");
    Some(draft.review(at, Words::new(seen, message, "请对照身份证核对；确有错误的，请申报人改正。"), 0.5))
}

/// How many lines of the page the number was put together from.
fn lines_in(facts: &PacketFacts, written: &Written) -> usize {
    let within = |rect: Rect| written.found.rect.contains(rect.centre());
    facts.page(written.page).map_or(0, |page| page.lines.iter().filter(|l| within(l.rect)).count())
}

/// Whether the number is the known one but for figures that were read as letters.
fn differs_only_where_guessed(found: &Numbered, known: &str) -> bool {
    let apart = |(i, (a, b)): (usize, (u8, u8))| a == b || found.guessed.contains(&i);
    !found.guessed.is_empty()
        && found.number.len() == known.len()
        && found.number.bytes().zip(known.bytes()).enumerate().all(apart)
}

/// What the number says of birth or sex against what its own form says.
fn contradiction(written: &Written, facts: &PacketFacts) -> Option<String> {
    let beside = |words: &str| {
        let mut own = facts.fields.iter().filter(|f| {
            written.document.pages.contains(&f.page)
                && f.label.contains(words)
                && !f.hand
                && !f.obscured
                && f.confidence >= SURE_FIGURE
        });
        // A list of many persons has many of them.
        own.next().filter(|first| own.all(|f| f.text == first.text))
    };
    let number = written.found.number.as_str();
    let (year, month, _) = birth(number)?;
    if let Some(field) = beside("出生") {
        let said = periods(&field.text);
        let differs = |s: &super::support::moments::Stamp| s.year != year || s.month.is_some_and(|m| m != month);
        if said.len() == 1 && said[0].to.is_none() && differs(&said[0].from) {
            return Some(format!("里的出生年月是{year}年{month}月，与“{}”栏的{}不符", field.label, said[0].from));
        }
    }
    let sex = beside("性别").map(|f| f.text.trim().to_owned());
    match (sex.as_deref(), is_male(number)?) {
        (Some("男"), false) | (Some("女"), true) => Some("里的性别与“性别”栏不符".to_owned()),
        _ => None,
    }
}
