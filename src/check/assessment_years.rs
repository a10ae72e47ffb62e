//! `assessment-years`.

use super::CheckResult;
use super::support::assessments::{Evidence, evidence};
use super::support::documents::{Document, documents, holds, is_old_copy, name, page_name};
use super::support::draft::{At, Draft, Words};
use super::support::gates::{LIKELY_SPAN, SURE_CHARACTER, SURE_SPAN};
use super::support::years::{Grade, Needed, Term, listed_years, needed, term};
use crate::model::finding::{CheckId, Finding, Place, Verdict};
use crate::model::material::Material;
use crate::model::packet::{PacketFacts, Route};
use crate::pack::rules::RulePack;
use crate::pack::rules::periods::AssessmentYears as Rule;

check! {
    /// 核对应有的考核年度是否齐全，考核结果是否合格。
    ///
    /// ## 为何要求
    /// 通知要求提交规定年度的考核登记表，评审表逐年填写考核结果，且结果在合格以上。
    ///
    /// ## 如何判断
    /// 考核登记表从“（2021年度）”“2021年度考核登记表”“考核年度”等处读出年度，每份一年；任职期满考核表不计年度。
    /// 评审表、综合表从考核结果栏逐年读出年度和等次。聘任时间先看名册，其次看表格和聘任材料。
    /// 应有的年度没有，而已有的各表年度都读清楚的，判为缺陷；等次在合格以下的，按规则包规定判断。
    /// 没有交考核登记表的由 missing-material 指出。
    ///
    /// ## 何时待核
    /// - 有考核表的年度未能读出，或年度、等次为手写、被印章压住、识别把握不足
    /// - 缺的年度在规定的近几年以外，或是聘任当年（聘任不满半年），或在聘任以前而其它表上也没有该年的考核结果
    /// - 聘任时间未知（初次申报的除外），而所交年度不足
    /// - 有页面没有读出，材料识别把握不足
    ///
    /// ## 参数
    /// - `material`：考核登记表，或有考核结果栏的表
    /// - `years`：每年都要有；`any_year`：至少有其一；`term_to`：聘任当年至该年都要有；`term_most`：只看最近几年
    /// - `count`：合格以上的年度至少几个
    /// - `below`：合格以下是 defect 还是 review；不写则该年只是不计
    AssessmentYears, id = CheckId::AssessmentYears, judge = judge
}

fn judge(facts: &PacketFacts, pack: &RulePack) -> Vec<CheckResult> {
    let documents = documents(facts);
    let term = term(facts, &documents);
    let judge_rule = |rule: &Rule| {
        let Some(draft) = Draft::of(CheckId::AssessmentYears, &rule.basis, holds(&rule.basis, facts, &documents))
        else {
            return CheckResult::Passed;
        };
        let asked = documents.iter().filter(|d| rule.material.contains(&d.material) && d.confidence >= LIKELY_SPAN);
        let asked: Vec<&Document> = asked.filter(|d| !is_old_copy(d, pack)).collect();
        let Some(first) = asked.first() else { return CheckResult::Passed };
        let seen = evidence(facts, &asked);
        // A form whose table of years was not found at all says nothing either way.
        if seen.years.is_empty() && seen.unread.is_empty() {
            return CheckResult::Passed;
        }
        let case =
            Case { rule, facts, pack, first, documents: &asked, all: &documents, seen, draft, term: term.as_ref() };
        CheckResult::of(case.findings())
    };
    pack.checks.periods.assessment.iter().map(judge_rule).collect()
}

struct Case<'a> {
    rule: &'a Rule,
    facts: &'a PacketFacts,
    pack: &'a RulePack,
    first: &'a Document,
    documents: &'a [&'a Document],
    /// Of the whole packet.
    all: &'a [Document],
    seen: Evidence,
    draft: Draft,
    term: Option<&'a Term>,
}

impl Case<'_> {
    fn findings(&self) -> Vec<Finding> {
        let mut out: Vec<Finding> = self.below();
        out.extend(self.missing());
        out.extend(self.too_few());
        out
    }

    /// Whether a year that was not seen is certainly not there.
    fn sure(&self) -> bool {
        self.seen.unread.is_empty()
            && !self.facts.has_unseen()
            && !self.seen.repeated
            && self.seen.years.iter().all(|y| y.sure >= SURE_CHARACTER)
            && self.documents.iter().all(|d| d.confidence >= SURE_SPAN)
    }

    fn below(&self) -> Vec<Finding> {
        let Some(weight) = self.rule.below else { return Vec::new() };
        let bad = self.seen.years.iter().filter(|y| y.grade == Some(Grade::Below));
        bad.map(|year| {
            let place = year.grade_rect.map_or_else(|| Place::page(year.page), |r| Place::on(year.page, r));
            let key = format!("{}/{}/grade", self.first.material, year.year);
            let at = At { place, material: Some(self.first.material), key };
            let on = page_name(self.facts, year.page);
            let message = format!("{}年度（{on}）的考核结果在合格以下。", year.year);
            let words = Words::new(
                format!("{}年度结果在合格以下", year.year),
                message,
                "请核对该年度考核结果；不符合条件的不予申报。",
            );
            let sure = year.grade_sure >= SURE_CHARACTER && self.first.confidence >= SURE_SPAN;
            if sure && weight == Verdict::Defect {
                self.draft.defect(at, words, year.grade_sure)
            } else {
                self.draft.review(at, words, 0.5)
            }
        })
        .collect()
    }

    fn missing(&self) -> Vec<Finding> {
        let lacks = |year: i16| !self.seen.has(year);
        let needed = needed(&self.rule.years, self.term);
        let missing: Vec<&Needed> = needed.iter().filter(|n| lacks(n.year)).collect();
        let any = &self.rule.years.any;
        let none_of_any = !any.is_empty() && any.iter().all(|y| lacks(*y));
        let mut certain: Vec<i16> = missing.iter().filter(|n| n.doubt.is_none()).map(|n| n.year).collect();
        let mut what = listed_years(&certain);
        if none_of_any {
            let or = format!("{}（有其一即可）", listed_years(any));
            what = if certain.is_empty() { or } else { format!("{what}，以及{or}") };
            certain.extend(any);
        }
        let mut out = Vec::new();
        if !certain.is_empty() {
            let found = self.found();
            let title = self.title();
            let message = format!("{title}缺{what}的考核（已有{found}）。");
            let words =
                |message| Words::new(format!("已有{found}"), message, format!("请补充{what}的考核材料或考核结果。"));
            // Nobody is assessed in a post before being appointed to it, but a year with a result on another form was.
            let lacking = |t: &&Term| any.iter().any(|y| *y < t.year && !self.attested().contains(y));
            let early = self.term.filter(|_| none_of_any).filter(lacking);
            out.push(if self.sure() && early.is_none() {
                self.draft.defect(self.at("years"), words(message), 0.9)
            } else {
                let why = early.map_or_else(|| self.why_unsure(), |t| format!("{}年才聘任（{}）", t.year, t.source));
                self.draft.review(self.at("years"), words(format!("{message}{why}，请对照原件核对。")), 0.4)
            });
        }
        let doubtful: Vec<&&Needed> = missing.iter().filter(|n| n.doubt.is_some()).collect();
        if let Some(why) = doubtful.first().and_then(|n| n.doubt.clone())
            && out.is_empty()
        {
            let years: Vec<i16> = doubtful.iter().map(|n| n.year).collect();
            let what = listed_years(&years);
            let message = format!("{}没有{what}的考核：{what}{why}，是否须补充请人工核对。", self.title());
            let words = Words::new(format!("已有{}", self.found()), message, "请核对任职期内应有的考核年度。");
            out.push(self.draft.review(self.at("doubtful"), words, 0.5));
        }
        out.extend(self.term_unknown().filter(|_| out.is_empty()));
        out
    }

    /// The years of the term can't be told without the appointment; worth a look only where few years are shown.
    fn term_unknown(&self) -> Option<Finding> {
        let most = usize::from(self.rule.years.term_most.unwrap_or(5));
        // Who applies for the first time has not been appointed yet.
        let first = self.facts.applicant.route == Some(Route::First);
        let asked = self.rule.years.term_to.is_some() && self.term.is_none() && !first;
        if !asked || self.seen.years.len() + self.seen.unread.len() >= most {
            return None;
        }
        let message = format!("聘任时间未知，不能确定{}应有哪些年度的考核（已有{}）。", self.title(), self.found());
        let words = Words::new(
            format!("已有{}", self.found()),
            message,
            "请核对任职期内各年度的考核是否齐全；可在名册中填写聘任时间。",
        );
        Some(self.draft.review(self.at("term"), words, 0.4))
    }

    fn too_few(&self) -> Option<Finding> {
        let least = usize::from(self.rule.count);
        let own = |year: i16| self.term.is_none_or(|t| year >= t.year);
        let counted = |good: &dyn Fn(Option<Grade>) -> bool| {
            self.seen.years.iter().filter(|y| own(y.year) && good(y.grade)).count()
        };
        // A result that was not read may be a good one.
        let most = counted(&|g| g != Some(Grade::Below)) + self.seen.unread.len();
        if least == 0 || most >= least {
            return None;
        }
        let good = counted(&|g| g == Some(Grade::Good));
        // From the qualification on years may count as well, which may come before the appointment.
        let shown = self.seen.years.iter().filter(|y| y.grade == Some(Grade::Good)).count();
        let message = format!("{}合格以上的年度考核只见{good}次，要求不少于{least}次。", self.title());
        let words = |message| Words::new(format!("已有{}", self.found()), message, "请补充任现职以来的年度考核结果。");
        Some(if self.sure() && good == most && shown < least {
            self.draft.defect(self.at("count"), words(message), 0.9)
        } else {
            let why = if shown < least {
                self.why_unsure()
            } else {
                "聘任以前的年度是否计入须由人定".to_owned()
            };
            self.draft.review(self.at("count"), words(format!("{message}{why}，请对照原件核对。")), 0.4)
        })
    }

    /// Years with a result in so many words on any form of the packet.
    fn attested(&self) -> Vec<i16> {
        let forms = [Material::ReviewForm, Material::SummaryForm, Material::RosterForm, Material::ScoreSheet];
        let forms: Vec<&Document> =
            self.all.iter().filter(|d| forms.contains(&d.material) && d.confidence >= SURE_SPAN).collect();
        let shown = evidence(self.facts, &forms).years;
        shown.iter().filter(|y| y.grade.is_some() && y.grade_sure >= SURE_CHARACTER).map(|y| y.year).collect()
    }

    fn found(&self) -> String {
        let mut years: Vec<i16> = self.seen.years.iter().map(|y| y.year).collect();
        years.sort_unstable();
        years.dedup();
        if years.is_empty() { "的年度均未读出".to_owned() } else { listed_years(&years) }
    }

    fn why_unsure(&self) -> String {
        if let Some(page) = self.seen.unread.first() {
            let rest = self.seen.unread.len();
            return format!("有{rest}份考核表（{}等）年度未能读出", page_name(self.facts, *page));
        }
        if self.facts.has_unseen() {
            "有页面未能读出".to_owned()
        } else {
            "已有年度未能可靠识别".to_owned()
        }
    }

    fn at(&self, what: &str) -> At {
        let page = self.seen.unread.first().copied().or(self.seen.years.first().map(|y| y.page));
        At {
            place: Place::page(page.unwrap_or(self.first.first())),
            material: Some(self.first.material),
            key: format!("{}/{what}", self.first.material),
        }
    }

    fn title(&self) -> String {
        name(self.pack, self.first.material, self.first.entry)
    }
}
