//! `catalogue-mismatch`.

use super::CheckResult;
use super::support::documents::{Document, documents, holds, name, page_name};
use super::support::draft::{At, Draft, Words, listed};
use super::support::gates::{LIKELY_SPAN, SURE_SPAN};
use super::support::listing::{Named, named};
use super::support::matching::{Problem, Volume, What};
use crate::model::catalogue::Catalogue;
use crate::model::finding::{CheckId, Finding, Place};
use crate::model::geometry::Rect;
use crate::model::material::Material;
use crate::model::packet::PacketFacts;
use crate::pack::rules::RulePack;
use crate::pack::rules::arrangement::CatalogueMismatch as Rule;

check! {
    /// 找出目录与册内实际材料、页码不一致的地方。
    ///
    /// ## 为何要求
    /// 目录的每一项须能按所写页码找到，册内的每一份材料须列入目录，评委按目录翻阅。
    ///
    /// ## 如何判断
    /// 读出目录的每一项（名称、页码或起止页），按名称、所在分类、论文题名认出是哪种材料，再按册内页码翻到所写的页。
    /// 所写的页是另一种材料而该项材料在别的页，判为页码不符；册内没有该项材料，判为列而未附；
    /// 册内有目录没有列的材料，判为漏列（目录只列到大类的不判）。相邻几项错同样多的合为一条。
    /// 目录与材料的先后不同由“材料顺序”判断；申报材料清单与整份申报材料比较，只看写有份数而没有见到的材料。
    ///
    /// ## 何时待核
    /// - 目录项的名称或页码没有读准、是手写的，或页码没有读全
    /// - 所写的页或该项材料识别把握不足，或两种材料常互相混称
    /// - 有页面未读出，不能断定没有某项材料
    ///
    /// ## 参数
    /// - `list`：`catalogue` 为各册目录（默认），`material-list` 为申报材料清单
    /// - `name`：目录中的习惯叫法（`words`）指哪些材料（`material`）
    CatalogueMismatch, id = CheckId::CatalogueMismatch, judge = judge
}

fn judge(facts: &PacketFacts, pack: &RulePack) -> Vec<CheckResult> {
    let documents = documents(facts);
    pack.checks
        .arrangement
        .catalogue_mismatch
        .iter()
        .map(|rule| match Draft::of(CheckId::CatalogueMismatch, &rule.basis, holds(&rule.basis, facts, &documents)) {
            None => CheckResult::Passed,
            Some(draft) => {
                let lists = facts.catalogues.iter().filter(|c| c.material == rule.list && !c.entries.is_empty());
                CheckResult::of(
                    lists
                        .enumerate()
                        .flat_map(|(ordinal, list)| {
                            let named: Vec<Named> = list.entries.iter().map(|e| named(e, pack, &rule.names)).collect();
                            let said = Said { facts, pack, list, draft: &draft, ordinal };
                            match rule.list {
                                Material::Catalogue => said.of_volume(&documents, &named),
                                _ => said.of_packet(rule, &documents, &named),
                            }
                        })
                        .collect(),
                )
            }
        })
        .collect()
}

/// One list under judgement.
struct Said<'a> {
    facts: &'a PacketFacts,
    pack: &'a RulePack,
    list: &'a Catalogue,
    draft: &'a Draft,
    ordinal: usize,
}

impl Said<'_> {
    fn of_volume(&self, documents: &[Document], named: &[Named]) -> Vec<Finding> {
        let Some(volume) = self.list.volume else { return Vec::new() };
        let problems = Volume::of(self.facts, volume, self.list, documents, named).problems();
        let certain_list = self.list.confidence >= SURE_SPAN;
        let (certain, doubtful): (Vec<Problem>, Vec<Problem>) =
            problems.into_iter().partition(|p| p.certain && certain_list);
        // Neighbouring entries that are wrong by as many pages have one cause.
        let mut findings: Vec<Finding> = certain
            .chunk_by(|a, b| a.shift.is_some() && a.shift == b.shift && a.entry.map(|e| e + 1) == b.entry)
            .map(|group| self.finding(group, true))
            .collect();
        findings.extend((!doubtful.is_empty()).then(|| self.finding(&doubtful, false)));
        findings
    }

    fn finding(&self, group: &[Problem], certain: bool) -> Finding {
        let says: Vec<String> = group.iter().map(|p| self.says(p)).collect();
        let first = &group[0];
        let (page, rect) = self.place(first);
        let key = format!(
            "{}#{}/{}",
            self.list.material,
            self.ordinal,
            if certain { self.key(first) } else { "unclear".to_owned() }
        );
        let at = At {
            place: rect.map_or_else(|| Place::page(page), |r| Place::on(page, r)),
            material: Some(self.list.material),
            key,
        };
        let whose = self
            .list
            .volume
            .and_then(|v| self.pack.volumes.get(v))
            .map_or_else(String::new, |v| format!("“{}”", v.name));
        let seen = listed(&group.iter().map(|p| self.seen(p)).collect::<Vec<_>>(), 5);
        if certain {
            let message = format!("{whose}目录与册内不符：{}。", listed(&says, 6));
            let words =
                Words::new(seen, message, "请核对后改正目录，或按目录补齐、调整材料，使各项名称和页码一一对应。");
            self.draft.defect(at, words, 0.85)
        } else {
            let message = format!("{whose}目录与册内可能不符，请人工核对：{}。", listed(&says, 6));
            self.draft.review(at, Words::new(seen, message, "请对照目录逐项翻阅；确有不符的，请申报人改正目录。"), 0.4)
        }
    }

    fn place(&self, problem: &Problem) -> (usize, Option<Rect>) {
        match problem.entry.and_then(|e| self.list.entries.get(e)) {
            Some(entry) => (entry.page, Some(entry.rect)),
            None => (problem.page.unwrap_or(self.list.pages[0]), None),
        }
    }

    /// Names the place by the entry's wording or the material, never by a page number.
    fn key(&self, problem: &Problem) -> String {
        match problem.entry.and_then(|e| self.list.entries.get(e)) {
            Some(entry) => format!("entry/{}", entry.name),
            None => format!("unlisted/{}#{}", problem.material.unwrap_or(Material::Other), problem.ordinal),
        }
    }

    fn seen(&self, problem: &Problem) -> String {
        match problem.entry.and_then(|e| self.list.entries.get(e)) {
            Some(entry) => {
                let pages = match (entry.first, entry.last) {
                    (Some(a), Some(b)) => format!("，{}-{}", a.value, b.value),
                    (Some(a), None) => format!("，{}", a.value),
                    _ => String::new(),
                };
                format!("“{}{pages}”", entry.name)
            }
            None => format!("未列{}", self.material(problem.material)),
        }
    }

    fn material(&self, material: Option<Material>) -> String {
        material.map_or_else(|| "其它材料".to_owned(), |m| name(self.pack, m, None))
    }

    fn says(&self, problem: &Problem) -> String {
        let entry = problem.entry.and_then(|e| self.list.entries.get(e));
        let title = entry.map_or("", |e| e.name.as_str());
        let written = entry.and_then(|e| e.first).map_or(0, |n| n.value);
        let there = problem.page.map_or_else(String::new, |p| page_name(self.facts, p));
        match problem.what {
            What::Elsewhere { actual } => format!("“{title}”写第{written}页，实际在第{actual}页"),
            What::OtherThere => {
                format!("“{title}”写第{written}页，该页（{there}）是{}", self.material(problem.material))
            }
            What::NotThere => format!("列有“{title}”，册内没有见到"),
            What::EndsEarlier { last, actual } => format!("“{title}”写到第{last}页，实际到第{actual}页"),
            What::BeyondEnd { last } => format!("“{title}”写第{written}页，而册内只编到第{last}页"),
            What::Unlisted => format!("{}（{there}）没有列入目录", self.material(problem.material)),
        }
    }

    /// A list of all that is handed in: what it says is there, and isn't.
    fn of_packet(&self, rule: &Rule, documents: &[Document], named: &[Named]) -> Vec<Finding> {
        let absent: Vec<usize> = (0..named.len())
            .filter(|i| named[*i].exact && !named[*i].materials.is_empty())
            .filter(|i| self.list.entries[*i].count.is_some_and(|n| n.value > 0))
            .filter(|i| {
                let there = |d: &Document| d.confidence >= LIKELY_SPAN && named[*i].is_kin_of(d.material);
                !documents.iter().any(there)
            })
            .collect();
        let Some(first) = absent.first() else { return Vec::new() };
        let names: Vec<String> = absent.iter().map(|i| format!("“{}”", self.list.entries[*i].name)).collect();
        let entry = &self.list.entries[*first];
        let at = At {
            place: Place::on(entry.page, entry.rect),
            material: Some(rule.list),
            key: format!("{}#{}/absent", rule.list, self.ordinal),
        };
        let message =
            format!("{}列有{}，申报材料中没有见到，请人工核对。", self.material(Some(rule.list)), listed(&names, 6));
        vec![self.draft.review(
            at,
            Words::new(listed(&names, 6), message, "请核对份数；缺少的材料请补齐，或改正清单。"),
            0.4,
        )]
    }
}
