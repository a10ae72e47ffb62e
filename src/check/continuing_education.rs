//! `continuing-education`.

use super::CheckResult;
use super::support::courses::{Courses, Shown, courses, stated, totals};
use super::support::documents::{Document, documents, holds, name, page_name};
use super::support::draft::{At, Draft, Words};
use super::support::gates::{LIKELY_SPAN, SURE_CHARACTER, SURE_SPAN};
use super::support::years::{listed_years, needed, term};
use crate::model::finding::{CheckId, Finding, Place};
use crate::model::material::Material;
use crate::model::packet::PacketFacts;
use crate::pack::rules::RulePack;
use crate::pack::rules::periods::ContinuingEducation as Rule;

check! {
    /// 核对继续教育的年度、课程类别和学时是否齐全。
    ///
    /// ## 为何要求
    /// 通知要求提供规定年度的继续教育证明，包括公需课和专业课；有学时验审的，各年须为合格。
    ///
    /// ## 如何判断
    /// 从证书和学时情况表中读出年度和课程类别。应有的年度在全部继续教育材料中都没有出现（证书上的日期也算），
    /// 而每份证书的年度都读清楚的，判为缺陷；某年只有一类课程而各证书都写明类别的，判为缺陷。
    /// 学时验审写着不合格的判为缺陷。综合表中继续教育学时没有填写的判为缺陷。
    /// 没有继续教育材料的由 missing-material 指出。
    ///
    /// ## 何时待核
    /// - 有证书的年度没有读出，或年度、类别手写、被印章压住、识别把握不足
    /// - 有证书没有写明公需课还是专业课
    /// - 综合表所填学时与学时情况表相加不一致
    /// - 有页面没有读出，材料识别把握不足
    ///
    /// ## 参数
    /// - `material`：继续教育材料
    /// - `years`、`any_year`、`term_to`、`term_most`：同 assessment-years
    /// - `kind`：每年都要有的课程类别及其用词
    /// - `passed`：学时验审须为合格
    /// - `summary`：填有学时合计、须与学时情况表一致的表
    ContinuingEducation, id = CheckId::ContinuingEducation, judge = judge
}

fn judge(facts: &PacketFacts, pack: &RulePack) -> Vec<CheckResult> {
    let documents = documents(facts);
    let judge_rule = |rule: &Rule| {
        let Some(draft) = Draft::of(CheckId::ContinuingEducation, &rule.basis, holds(&rule.basis, facts, &documents))
        else {
            return CheckResult::Passed;
        };
        let of = |materials: &[Material]| -> Vec<&Document> {
            let likely = documents.iter().filter(|d| d.confidence >= LIKELY_SPAN);
            likely.filter(|d| materials.contains(&d.material)).collect()
        };
        let proofs = of(&rule.material);
        let case = Case { rule, facts, pack, draft };
        let mut out = Vec::new();
        if let Some(first) = proofs.first() {
            let seen = courses(facts, &proofs, &rule.kinds);
            let needed = needed(&rule.years, term(facts, &documents).as_ref());
            let asked: Vec<i16> = needed.iter().filter(|n| n.doubt.is_none()).map(|n| n.year).collect();
            let sure = seen.readable && !facts.has_unseen() && proofs.iter().all(|d| d.confidence >= SURE_SPAN);
            out.extend(case.years(&seen, &asked, first, sure));
            out.extend(case.kinds(&seen, &asked, first, sure));
            out.extend(case.failed(&seen, first));
        }
        if let Some(material) = rule.summary {
            out.extend(of(&[material]).iter().filter_map(|d| case.summary(d, &proofs)));
        }
        CheckResult::of(out)
    };
    pack.checks.periods.education.iter().map(judge_rule).collect()
}

struct Case<'a> {
    rule: &'a Rule,
    facts: &'a PacketFacts,
    pack: &'a RulePack,
    draft: Draft,
}

impl Case<'_> {
    fn at(&self, document: &Document, page: usize, what: &str) -> At {
        let key = format!("{}/{what}", document.material);
        At { place: Place::page(page), material: Some(document.material), key }
    }

    fn title(&self, document: &Document) -> String {
        let on = page_name(self.facts, document.first());
        format!("{}（{on}）", name(self.pack, document.material, document.entry))
    }

    fn years(&self, seen: &Courses, asked: &[i16], first: &Document, sure: bool) -> Option<Finding> {
        let missing: Vec<i16> = asked.iter().copied().filter(|y| !seen.names(*y)).collect();
        let any = &self.rule.years.any;
        let none_of_any = !any.is_empty() && !any.iter().any(|y| seen.names(*y));
        let what = match (missing.is_empty(), none_of_any) {
            (true, false) => return None,
            (true, true) => format!("{}（有其一即可）", listed_years(any)),
            (false, false) => listed_years(&missing),
            (false, true) => format!("{}，以及{}（有其一即可）", listed_years(&missing), listed_years(any)),
        };
        let at = self.at(first, first.first(), "years");
        let message = format!("继续教育材料中没有{what}的证明（{}起）。", self.title(first));
        let words = |message| Words::new(seen.listed(), message, format!("请补充{what}的继续教育证明。"));
        if sure && seen.spare == 0 && seen.shown.iter().all(|s| s.sure >= SURE_CHARACTER) {
            return Some(self.draft.defect(at, words(message), 0.85));
        }
        let message = format!("{message}有证书的年度未能可靠识别，请对照原件核对。");
        Some(self.draft.review(at, words(message), 0.4))
    }

    /// Years that show one kind of course and not the other. A certificate more than needed may be the one that is
    /// missed, its year misread.
    fn kinds(&self, seen: &Courses, asked: &[i16], first: &Document, sure: bool) -> Option<Finding> {
        if seen.spare > 0 {
            return None;
        }
        let lacks = |year: i16| -> Vec<usize> {
            let of: Vec<&Shown> = seen.shown.iter().filter(|s| s.year == year && s.whole).collect();
            if of.is_empty() {
                return Vec::new();
            }
            (0..self.rule.kinds.len()).filter(|k| !of.iter().any(|s| s.kinds.contains(k))).collect()
        };
        let lacking: Vec<(i16, Vec<usize>)> =
            asked.iter().map(|y| (*y, lacks(*y))).filter(|(_, k)| !k.is_empty()).collect();
        let parts: Vec<String> = lacking
            .iter()
            .map(|(year, kinds)| {
                let names: Vec<&str> = kinds.iter().map(|k| self.rule.kinds[*k].name.as_str()).collect();
                format!("{year}年度没有{}", names.join("、"))
            })
            .collect();
        if parts.is_empty() {
            return None;
        }
        let what = parts.join("，");
        let at = self.at(first, first.first(), "kinds");
        let message = format!("继续教育材料中{what}的证明（{}起）。", self.title(first));
        let words = |message| Words::new(what.clone(), message, "请补充所缺课程类别的继续教育证明。");
        let labelled = seen.shown.iter().all(|s| !s.whole || (!s.kinds.is_empty() && s.sure >= SURE_CHARACTER));
        Some(if sure && labelled && !seen.unlabelled {
            self.draft.defect(at, words(message), 0.85)
        } else {
            let message = format!("{message}有证书没有写明课程类别或未能可靠识别，请对照原件核对。");
            self.draft.review(at, words(message), 0.4)
        })
    }

    fn failed(&self, seen: &Courses, first: &Document) -> Vec<Finding> {
        let failed = seen.failed.iter().filter(|_| self.rule.passed);
        failed
            .map(|year| {
                let on = page_name(self.facts, year.page);
                let at = self.at(first, year.page, &format!("{}/failed", year.year));
                let message = format!("继续教育{}年的学时验审为不合格（{on}）。", year.year);
                let words = Words::new(format!("{}年：不合格", year.year), message, "请补足学时、验审合格后重新提交。");
                let sure = year.sure >= SURE_CHARACTER && first.confidence >= SURE_SPAN;
                if sure { self.draft.defect(at, words, year.sure) } else { self.draft.review(at, words, 0.4) }
            })
            .collect()
    }

    fn summary(&self, form: &Document, proofs: &[&Document]) -> Option<Finding> {
        let stated = form.pages.iter().find_map(|p| Some((*p, stated(self.facts.page(*p)?)?)));
        let (page, stated) = stated?;
        let title = name(self.pack, form.material, form.entry);
        let on = page_name(self.facts, page);
        let at = self.at(form, page, "hours");
        let Some(hours) = stated.hours else {
            let message = format!("{title}（{on}）没有填全继续教育的起止年份和学时。");
            let words = Words::new(&stated.text, message, "请填写起止年份、公需课程和专业课程学时。");
            let sure = stated.sure >= SURE_CHARACTER && form.confidence >= SURE_SPAN;
            return Some(if sure {
                self.draft.defect(at, words, stated.sure)
            } else {
                self.draft.review(at, words, 0.4)
            });
        };
        let summed = totals(self.facts, proofs, hours.from, hours.to)?;
        if (summed.common, summed.all) == (hours.common, hours.common + hours.special) {
            return None;
        }
        let message = format!(
            "{title}（{on}）填写{}年至{}年公需课程{}学时、专业课程{}学时，学时情况表相加为公需课程{}学时、其余{}学时，请核对。",
            hours.from,
            hours.to,
            hours.common,
            hours.special,
            summed.common,
            summed.all.saturating_sub(summed.common)
        );
        Some(self.draft.review(at, Words::new(&stated.text, message, "请核对并改正填写不一致的学时。"), 0.5))
    }
}
