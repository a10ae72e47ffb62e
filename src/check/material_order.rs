//! `material-order`.

use super::CheckResult;
use super::support::documents::{Document, documents, holds, name, pages_name};
use super::support::draft::{At, Draft, Words};
use super::support::gates::SURE_SPAN;
use super::support::sequence::{Item, Slots, in_order};
use crate::model::finding::{CheckId, Finding, Place, Verdict};
use crate::model::packet::PacketFacts;
use crate::pack::rules::{MaterialOrder as Rule, RulePack};

check! {
    /// 找出装订本中没有按规定顺序排列的材料，指出移动页数最少的调整办法。
    ///
    /// ## 为何要求
    /// 通知规定了目录、各分类及分类内材料的先后顺序，评委按此顺序查阅。
    ///
    /// ## 如何判断
    /// 取册内各材料的实际先后，与规定顺序比较，保留页数最多的一组顺序正确的材料，其余为需要移动的材料。
    /// 相邻而去处相同的合并为一条，指出移到哪份材料之后（或之前）。
    /// 可放在几个分类中的材料按最合适的分类计；一篇论文附一张检索页这样成组重复的排列视为正确。
    /// 封面、隔页、空白页、其它材料以及未规定位置的材料不参与比较。
    /// 通知规定装在另一册、那一册里却没有的材料，装在了这一册，判为缺陷。
    ///
    /// ## 何时待核
    /// - 需要移动的材料没有自己的标题或识别把握不足，或它所越过的材料都没有把握
    /// - 前后两处不在同一个文件中（文件之间的先后不一定是装订的先后）
    /// - 规则包规定分类内的顺序只作提示时
    ///
    /// ## 参数
    /// - `volume`：册；各分类及分类内的顺序取自规则包的分类表
    /// - `inside`：分类内顺序不对时的程度
    /// - `inside_verdict`：分类内顺序不对时最强的结论
    MaterialOrder, id = CheckId::MaterialOrder, judge = judge
}

fn judge(facts: &PacketFacts, pack: &RulePack) -> Vec<CheckResult> {
    let documents = documents(facts);
    pack.checks
        .material_order
        .iter()
        .map(|rule| match Draft::of(CheckId::MaterialOrder, &rule.basis, holds(&rule.basis, facts, &documents)) {
            None => CheckResult::Passed,
            Some(draft) => {
                let slots = Slots::of(pack, rule.volume);
                let items = slots.items(&documents);
                let mut findings = judge_volume(rule, facts, pack, &slots, &items, &draft);
                findings.extend(strangers(rule, facts, pack, &slots, &documents, &draft));
                CheckResult::of(findings)
            }
        })
        .collect()
}

/// Documents that the notice binds into another volume, which lacks them. A second document of the kind (another
/// 聘书 among the honours) may well be meant for where it stands.
fn strangers(
    rule: &Rule,
    facts: &PacketFacts,
    pack: &RulePack,
    slots: &Slots,
    documents: &[Document],
    draft: &Draft,
) -> Vec<Finding> {
    let bound_here = |m| pack.materials.iter().any(|e| e.material == m && e.volume == Some(rule.volume));
    let mut findings: Vec<Finding> = Vec::new();
    for document in documents.iter().filter(|d| d.volume == Some(rule.volume)) {
        let material = document.material;
        let Some(home) = pack.categories.iter().find(|c| c.order.iter().flatten().any(|m| *m == material)) else {
            continue;
        };
        let there = documents.iter().any(|d| d.material == material && d.volume != Some(rule.volume));
        let sure = document.titled && document.confidence >= SURE_SPAN;
        let told = findings.iter().any(|f| f.material == Some(material));
        if slots.holds(material) || bound_here(material) || there || !sure || told {
            continue;
        }
        let name = name(pack, material, document.entry);
        let pages = pages_name(facts, document.first(), document.pages.last().copied().unwrap_or(document.first()));
        let volume = |v: usize| pack.volumes.get(v).map_or("册", |v| v.name.as_str());
        let (here, to) = (volume(rule.volume), volume(home.volume));
        let at = At {
            place: Place::page(document.first()),
            material: Some(material),
            key: format!("{here}/{material}/{to}"),
        };
        let message = format!("{name}（{pages}）装订在“{here}”，按规定应装入“{to}”。");
        let suggestion = format!("请将{name}（{pages}）从“{here}”移到“{to}”。");
        findings.push(draft.defect(
            at,
            Words::new(format!("{name}在“{here}”"), message, suggestion),
            document.confidence,
        ));
    }
    findings
}

/// Where a moved item belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    /// After this kept item.
    After(usize),
    /// Before this kept item, which is the first.
    Before(usize),
}

fn judge_volume(
    rule: &Rule,
    facts: &PacketFacts,
    pack: &RulePack,
    slots: &Slots,
    items: &[Item],
    draft: &Draft,
) -> Vec<Finding> {
    let kept = in_order(items);
    let mut groups: Vec<(Vec<usize>, Target)> = Vec::new();
    for index in (0..items.len()).filter(|i| kept[*i].is_none()) {
        let Some(target) = target(items, &kept, index) else { continue };
        match groups.last_mut() {
            Some((group, to)) if *to == target && group.last() == Some(&(index - 1)) => group.push(index),
            _ => groups.push((vec![index], target)),
        }
    }
    groups.iter().map(|(group, target)| say(rule, facts, pack, slots, items, &kept, draft, group, *target)).collect()
}

fn target(items: &[Item], kept: &[Option<usize>], index: usize) -> Option<Target> {
    let own = items[index].own_slot();
    let before = (0..items.len()).rfind(|i| kept[*i].is_some_and(|slot| slot <= own));
    let first = (0..items.len()).find(|i| kept[*i].is_some());
    before.map(Target::After).or(first.map(Target::Before))
}

#[allow(clippy::too_many_arguments, reason = "one sentence is made of all of these")]
fn say(
    rule: &Rule,
    facts: &PacketFacts,
    pack: &RulePack,
    slots: &Slots,
    items: &[Item],
    kept: &[Option<usize>],
    draft: &Draft,
    group: &[usize],
    target: Target,
) -> Finding {
    let (first, last) = (group[0], group[group.len() - 1]);
    let anchor = match target {
        Target::After(i) | Target::Before(i) => i,
    };
    let (low, high) = if anchor < first { (anchor + 1, first) } else { (last + 1, anchor + 1) };
    let crossed: Vec<&Item> = (low..high).filter(|i| kept[*i].is_some()).map(|i| &items[i]).collect();
    let category = slots.category(items[first].own_slot());
    let inside = category.is_some()
        && group.iter().all(|i| slots.category(items[*i].own_slot()) == category)
        && crossed.iter().all(|i| slots.category(i.own_slot()) == category);
    let names = titles(pack, items, group);
    let pages = pages_name(facts, items[first].first, items[last].last);
    let to = match target {
        Target::After(i) => {
            format!("{}（{}）之后", items[i].name(pack), pages_name(facts, items[i].first, items[i].last))
        }
        Target::Before(i) => {
            format!("{}（{}）之前", items[i].name(pack), pages_name(facts, items[i].first, items[i].last))
        }
    };
    let home =
        category.and_then(|c| pack.categories.get(c)).map_or_else(String::new, |c| format!("，属于“{}”", c.name));
    let sure = group.iter().all(|i| items[*i].sure) && crossed.iter().any(|i| i.sure);
    let one_file = same_file(facts, items[first].first, items[anchor].first);
    let draft = if inside { draft.clone().severity(rule.inside).at_most(rule.inside_verdict) } else { draft.clone() };
    let key = format!(
        "{}/{}#{}",
        pack.volumes.get(rule.volume).map_or("", |v| v.name.as_str()),
        items[first].material,
        items[first].ordinal
    );
    let at = At { place: Place::page(items[first].first), material: Some(items[first].material), key };
    let suggestion = format!("请将{names}（{pages}）移到{to}。");
    let seen = format!("{names}在{pages}");
    let confidence = group.iter().map(|i| items[*i].confidence).fold(1.0, f32::min);
    if sure && one_file {
        let message = format!("{names}（{pages}）没有按规定顺序装订{home}，应移到{to}。");
        draft.defect(at, Words::new(seen, message, suggestion), confidence)
    } else {
        let why = if one_file {
            "识别这些页面的把握不足"
        } else {
            "两处不在同一个文件中，文件先后不一定是装订先后"
        };
        let message = format!("{names}（{pages}）可能没有按规定顺序装订{home}；{why}，请人工核对。");
        draft.at_most(Verdict::Review).review(at, Words::new(seen, message, suggestion), confidence.min(SURE_SPAN))
    }
}

fn titles(pack: &RulePack, items: &[Item], group: &[usize]) -> String {
    let mut names: Vec<String> = Vec::new();
    for name in group.iter().map(|i| items[*i].name(pack)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join("、")
}

fn same_file(facts: &PacketFacts, a: usize, b: usize) -> bool {
    match (facts.pages.get(a), facts.pages.get(b)) {
        (Some(a), Some(b)) => a.file == b.file,
        _ => false,
    }
}
