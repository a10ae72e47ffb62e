//! `unit-name`.

use std::collections::BTreeSet;

use super::CheckResult;
use super::support::cells::{Written, key, written};
use super::support::documents::{documents, holds, name, page_name};
use super::support::draft::{At, Draft, Words};
use super::support::gates::SURE_SEAL;
use super::support::sureness::is_certain;
use super::support::units::{Relation, agrees, relation};
use super::support::values::bare;
use crate::model::field::Field;
use crate::model::finding::{CheckId, Finding, Place};
use crate::model::material::Material;
use crate::model::packet::PacketFacts;
use crate::pack::rules::fields::{FieldRef, UnitName as Rule};
use crate::pack::rules::{FieldKind, RulePack};

check! {
    /// 找出没有写成与公章一致的单位全称的“单位”“工作单位”栏。
    ///
    /// ## 为何要求
    /// 证书和文件按申报表上的单位名称制作，简称、旧称与公章不一致的须更正。
    ///
    /// ## 如何判断
    /// 单位全称以名单（没有名单的以评审表）为准，并与材料上读出的公章文字对照。栏内写的是全称（可以带部门）、或与某枚公章的
    /// 文字一致的，合规。写的是全称的简称（少字的缩写），而这个全称的公章确实读得清楚，判为缺陷；没有一枚公章的文字能读出时（黑白、灰度扫描），
    /// 另有两种材料写着全称的，也判为缺陷。
    /// 个别字不同视为识别误差，不判。花名册等列有多人的表，只看申报人那一行。
    ///
    /// ## 何时待核
    /// - 写的单位与全称和读出的公章都对不上
    /// - 像是简称，但没有一枚公章读得足够清楚，或栏内文字识别把握不足、盖有印章
    ///
    /// ## 参数
    /// - `material`：检查哪些表的单位栏
    UnitName, id = CheckId::UnitName, judge = judge
}

/// Units read with less confidence than this say nothing.
const LEGIBLE: f32 = 0.6;
/// Less than this left of a name under a seal is what the seal left of it.
const LEAST_UNDER_SEAL: usize = 4;
/// Materials that write the full name where no seal can be read.
const ATTESTING: usize = 2;

fn judge(facts: &PacketFacts, pack: &RulePack) -> Vec<CheckResult> {
    let documents = documents(facts);
    let entries = &pack.checks.fields.unit_name;
    entries
        .iter()
        .map(|rule| match Draft::of(CheckId::UnitName, &rule.basis, holds(&rule.basis, facts, &documents)) {
            None => CheckResult::Passed,
            Some(draft) => {
                let seals = seals(facts);
                let cells = units(rule, pack)
                    .into_iter()
                    .flat_map(|(of, column)| {
                        let all = written(facts, pack, &documents, &of).into_iter();
                        all.filter(move |w| !column || is_applicants(w.field, facts, pack))
                    })
                    .filter(|w| !w.field.hand && w.field.confidence >= LEGIBLE);
                let found: Vec<Finding> =
                    cells.enumerate().filter_map(|(n, w)| judge_cell(&w, n, facts, pack, &seals, &draft)).collect();
                CheckResult::of(one_of_each_wording(found))
            }
        })
        .collect()
}

/// The unit fields of a rule's forms.
fn units(rule: &Rule, pack: &RulePack) -> Vec<(FieldRef, bool)> {
    let forms = rule.material.iter().filter_map(|m| pack.form(*m));
    forms
        .flat_map(|form| form.fields.iter().filter(|f| f.kind == FieldKind::Unit).map(|f| (form.material, f)))
        .filter_map(|(material, f)| {
            Some((FieldRef { material: vec![material], label: f.labels.first()?.clone() }, f.column))
        })
        .collect()
}

/// Whether a list's cell stands in the row of the applicant, whose colleagues may work elsewhere.
fn is_applicants(cell: &Field, facts: &PacketFacts, pack: &RulePack) -> bool {
    let Some(name) = facts.applicant.name.as_deref().map(bare) else { return false };
    let names: Vec<&String> = pack
        .form(cell.material)
        .into_iter()
        .flat_map(|f| &f.fields)
        .filter(|f| f.kind == FieldKind::Name)
        .flat_map(|f| &f.labels)
        .collect();
    let beside = |f: &&Field| f.row.is_some() && f.row == cell.row && f.material == cell.material;
    facts.fields.iter().filter(beside).any(|f| names.contains(&&f.label) && bare(&f.text) == name)
}

/// What the unit seals of the packet say.
fn seals(facts: &PacketFacts) -> Vec<&str> {
    (0..facts.pages.len())
        .filter_map(|i| facts.page(i))
        .flat_map(|p| &p.seals)
        .filter(|s| s.confidence >= SURE_SEAL)
        .filter_map(|s| s.text.as_deref())
        .collect()
}

fn judge_cell(
    cell: &Written,
    nth: usize,
    facts: &PacketFacts,
    pack: &RulePack,
    seals: &[&str],
    draft: &Draft,
) -> Option<Finding> {
    let unit = facts.applicant.unit.as_deref()?;
    let field = cell.field;
    if seals.iter().any(|s| agrees(&field.text, s)) {
        return None;
    }
    let sealed = || seals.iter().any(|s| agrees(unit, s)) || (seals.is_empty() && is_attested(unit, field, facts));
    let written: String = field.text.split_whitespace().collect();
    let (what, certain) = match relation(&written, unit) {
        Relation::Same => return None,
        Relation::Short if field.obscured && !is_whole(&written, unit) => return None,
        Relation::Short => (format!("是“{unit}”的简称"), is_certain(facts, field, cell.document) && sealed()),
        // Under a seal, characters are misread as well as lost.
        Relation::Other if field.obscured => return None,
        // In a list's narrow cells pieces of other cells turn up.
        Relation::Other if field.row.is_some() => return None,
        // Another unit's name without any seal to compare it with may be the unit's new or former name.
        Relation::Other => (format!("与单位全称“{unit}”和公章都不一致"), false),
    };
    let title = name(pack, field.material, cell.document.and_then(|d| d.entry));
    let at = At {
        place: Place::on(field.page, field.rect),
        material: Some(field.material),
        key: format!("{}/unit/{nth}", key(cell)),
    };
    let place = page_name(facts, field.page);
    let seen = format!("“{written}”");
    if certain {
        let message = format!("{title}（{place}）“{}”栏写的“{written}”{what}，应写与公章一致的全称。", field.label);
        let words = Words::new(seen, message, format!("请改写为“{unit}”后重新提交。"));
        return Some(draft.defect(at, words, field.confidence));
    }
    let message = format!("{title}（{place}）“{}”栏读作“{written}”，{what}，请对照公章核对。", field.label);
    let words = Words::new(seen, message, "请核对单位全称；与公章不一致的，请申报人改写。");
    Some(draft.review(at, words, 0.4))
}

/// Whether a short name under a seal is long enough, and ends as the full one does: it is no rest of the full name.
fn is_whole(written: &str, unit: &str) -> bool {
    written.chars().count() >= LEAST_UNDER_SEAL && written.chars().last() == unit.trim_end().chars().last()
}

/// Whether other materials write the unit's name in full, and the field does not merely leave off its end (a department).
/// On a scan without colour no seal is read.
fn is_attested(unit: &str, field: &Field, facts: &PacketFacts) -> bool {
    let (full, written) = (bare(unit), bare(&field.text));
    let says = |page: usize| facts.page(page).is_some_and(|f| f.lines.iter().any(|l| bare(&l.text).contains(&full)));
    let of = facts.spans.iter().filter(|s| s.material != field.material && s.pages.clone().any(says));
    let materials: BTreeSet<Material> = of.map(|s| s.material).collect();
    !full.starts_with(&written) && materials.len() >= ATTESTING
}

/// The same wrong name on many forms is one matter to look at; certain defects are told one by one.
fn one_of_each_wording(found: Vec<Finding>) -> Vec<Finding> {
    let mut kept: Vec<Finding> = Vec::new();
    for finding in found {
        let review = finding.verdict == crate::model::finding::Verdict::Review;
        if !(review && kept.iter().any(|k| k.seen == finding.seen)) {
            kept.push(finding);
        }
    }
    kept
}
