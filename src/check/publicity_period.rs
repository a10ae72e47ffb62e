//! `publicity-period`.

use super::CheckResult;
use super::support::documents::{Document, documents, holds, name, page_name};
use super::support::draft::{At, Draft, Words};
use super::support::gates::{LIKELY_SPAN, SURE_CHARACTER, SURE_SPAN};
use super::support::publicity::{Posted, Shown, posted};
use super::support::workdays::count;
use crate::model::finding::{CheckId, Finding, Place};
use crate::model::material::Material;
use crate::model::packet::PacketFacts;
use crate::pack::rules::RulePack;
use crate::pack::rules::periods::{Days, PublicityPeriod as Rule};

check! {
    /// 核对公示期的天数，以及要求的几项公示是否都有。
    ///
    /// ## 为何要求
    /// 通知要求评审条件程序、个人申报材料、单位鉴定意见等逐项公示，公示期不少于规定的天数（工作日或自然日）。
    ///
    /// ## 如何判断
    /// 从公示材料的正文和表格中读出每项公示的起止日期，起止两天都计入。按工作日计的，周末和节假日不计，调休上班的周末计入，
    /// 节假日安排见随程序提供的表（规则包可用 [[holiday-year]] 补充）；结论附计算过程。同一项公示有几个时间的，有一个够即可。
    /// 表中印有某项公示而那一行没有填写，又没有别的材料写到它的，算没有。只写“公示N个工作日”而没有起止日期的，按所写天数。天数够即通过，不够判为缺陷；要求几项公示而有的项目完全没有提到，判为缺陷。
    /// 几项公示可以同时进行。没有公示材料的由 missing-material 指出。
    ///
    /// ## 何时待核
    /// - 起止时间手写、被印章压住、识别把握不足，或没有写年份而从旁推定相隔较远
    /// - 没有读到某项公示的起止时间（表中该项为空、照片看不清）
    /// - 节假日安排表中没有该年份
    /// - 某项公示只在叙述中提到，或有页面没有读出
    ///
    /// ## 参数
    /// - `material`：读起止时间的材料；`shown_by`：只证明有公示的材料（照片）
    /// - `kind`：要求的各项公示及其用词；不写则不分项
    /// - `working_days` 或 `days`：至少多少个工作日、自然日；都不写则不查天数
    PublicityPeriod, id = CheckId::PublicityPeriod, judge = judge
}

/// A year that was not written is believed where the stretch lies this near to the day it was read with.
const NEAR_DAYS: i32 = 60;

fn judge(facts: &PacketFacts, pack: &RulePack) -> Vec<CheckResult> {
    let documents = documents(facts);
    let rules = pack.checks.periods.publicity.iter();
    rules
        .map(|rule| match Draft::of(CheckId::PublicityPeriod, &rule.basis, holds(&rule.basis, facts, &documents)) {
            None => CheckResult::Passed,
            Some(draft) => CheckResult::of(judge_rule(&Case { rule, facts, pack, documents: &documents, draft })),
        })
        .collect()
}

struct Case<'a> {
    rule: &'a Rule,
    facts: &'a PacketFacts,
    pack: &'a RulePack,
    documents: &'a [Document],
    draft: Draft,
}

/// Whether a stretch is long enough, and the count in words.
struct Counted {
    enough: bool,
    days: u16,
    words: String,
}

fn judge_rule(case: &Case) -> Vec<Finding> {
    let of = |materials: &[Material]| -> Vec<&Document> {
        let likely = case.documents.iter().filter(|d| d.confidence >= LIKELY_SPAN);
        likely.filter(|d| materials.contains(&d.material)).collect()
    };
    let proofs = of(&case.rule.material);
    if proofs.is_empty() {
        return Vec::new();
    }
    let shown = posted(case.facts, &proofs, &of(&case.rule.shown_by), &case.rule.kinds);
    let mut findings = Vec::new();
    let mut unread = Vec::new();
    let complete = judge_kinds(case, &shown, &proofs, &mut findings);
    for (kind, there) in complete.iter().enumerate() {
        let posts: Vec<&Posted> = shown.posts.iter().filter(|p| p.kinds.contains(&kind)).collect();
        let (Some(days), true) = (case.rule.days, *there) else { continue };
        if posts.is_empty() {
            unread.push(kind_name(case, kind));
        } else {
            findings.extend(judge_days(case, days, kind, &posts));
        }
    }
    if !unread.is_empty() && shown.claimed.is_none_or(|(n, working)| !claim_passes(case, n, working)) {
        let page = proofs[0].first();
        let at = At { place: Place::page(page), material: Some(proofs[0].material), key: "publicity/unread".into() };
        let what = unread.join("、");
        let message = match shown.claimed {
            Some((n, _)) => format!("{what}没有读到起止日期，材料写的公示期为{n}天，与要求的天数不符或算法不同。"),
            None => format!("{}没有读到{what}的起止时间，不能计算公示期。", title(case, proofs[0])),
        };
        let words = Words::new(
            shown.claimed.map_or_else(|| "起止时间未读出".into(), |(n, _)| format!("公示期{n}天")),
            message,
            "请对照原件核对起止时间；没有写的，请补充注明起止日期的公示证明。",
        );
        findings.push(case.draft.review(at, words, 0.4));
    }
    findings
}

fn claim_passes(case: &Case, claimed: u16, working: bool) -> bool {
    match case.rule.days {
        Some(Days::Working(least)) => working && claimed >= least,
        Some(Days::Calendar(least)) => claimed >= least,
        None => true,
    }
}

/// Reports publicities that are not shown; says of each whether it is there, so that its days are worth judging.
fn judge_kinds(case: &Case, shown: &Shown, proofs: &[&Document], findings: &mut Vec<Finding>) -> Vec<bool> {
    let kinds = &case.rule.kinds;
    if kinds.is_empty() {
        return vec![true];
    }
    let there = |kind: usize| shown.headed[kind] || shown.posts.iter().any(|p| p.kinds.contains(&kind));
    let complete: Vec<bool> = (0..kinds.len()).map(there).collect();
    let names = |wanted: &dyn Fn(usize) -> bool| -> Vec<&str> {
        (0..kinds.len()).filter(|k| wanted(*k)).map(|k| kinds[k].name.as_str()).collect()
    };
    let absent = names(&|k| !complete[k]);
    if absent.is_empty() {
        return complete;
    }
    let first = proofs[0];
    let at = At { place: Place::page(first.first()), material: Some(first.material), key: "publicity/kinds".into() };
    let present = names(&|k| complete[k]);
    let what = absent.join("、");
    let seen = if present.is_empty() {
        "没有写明公示的项目".to_owned()
    } else {
        format!("只见{}", present.join("、"))
    };
    let unfilled = names(&|k| !complete[k] && shown.left_empty[k]);
    let seen =
        if unfilled.is_empty() { seen } else { format!("{seen}；表中{}一行没有填写", unfilled.join("、")) };
    let sure = !present.is_empty()
        && !(0..kinds.len()).any(|k| !complete[k] && shown.mentioned[k])
        && shown.readable
        && !case.facts.has_unseen()
        && proofs.iter().all(|d| d.confidence >= SURE_SPAN);
    let finding = if sure {
        let message = format!("公示材料中没有{what}（{}，{seen}）。", title(case, first));
        case.draft.defect(at, Words::new(seen, message, format!("请补交{what}的证明材料。")), first.confidence)
    } else {
        let message = format!("不能确定公示材料中有{what}（{}，{seen}）。", title(case, first));
        let suggestion = format!("请人工核对；确实没有的，请申报人补交{what}的证明材料。");
        case.draft.review(at, Words::new(seen, message, suggestion), 0.4)
    };
    findings.push(finding);
    complete
}

fn judge_days(case: &Case, days: Days, kind: usize, posts: &[&Posted]) -> Option<Finding> {
    let counted: Vec<Result<Counted, i16>> = posts.iter().map(|p| tally(case, days, p)).collect();
    if counted.iter().any(|c| c.as_ref().is_ok_and(|c| c.enough)) {
        return None;
    }
    let days_of = |i: &usize| counted[*i].as_ref().map_or(u16::MAX, |c| c.days);
    let longest =
        (0..posts.len()).max_by(|a, b| days_of(a).cmp(&days_of(b)).then(posts[*a].sure.total_cmp(&posts[*b].sure)))?;
    let post = posts[longest];
    let place = post.rect.map_or_else(|| Place::page(post.page), |r| Place::on(post.page, r));
    let key = format!("publicity/{}", case.rule.kinds.get(kind).map_or("days", |k| k.name.as_str()));
    let at = At { place, material: Some(post.material), key };
    let what = kind_name(case, kind);
    let on = page_name(case.facts, post.page);
    match &counted[longest] {
        Err(year) => {
            let message =
                format!("{what}（{on}）的公示期“{}”在{year}年，节假日安排表中没有这一年，不能数工作日。", post.text);
            let suggestion = "请人工核对工作日；也可在规则包中用 [[holiday-year]] 补充该年的放假安排。";
            Some(case.draft.review(at, Words::new(&post.text, message, suggestion), 0.4))
        }
        Ok(count) => {
            let (least, unit) = match days {
                Days::Working(n) => (n, "个工作日"),
                Days::Calendar(n) => (n, "天"),
            };
            let sure = post.sure >= SURE_CHARACTER
                && post.confidence >= SURE_SPAN
                && post.supplied.is_none_or(|far| far <= NEAR_DAYS)
                && shown_once(posts, post);
            let message = format!("{what}（{on}）公示期不足{least}{unit}：{}。", count.words);
            let fix = format!("请按不少于{least}{unit}重新公示，并提交新的公示材料。");
            Some(if sure {
                case.draft.defect(at, Words::new(&post.text, message, fix), post.sure)
            } else {
                let message = format!(
                    "{message}起止时间未能可靠识别（手写、有印章遮挡、没有写年份或几处不一致），请对照原页核对。"
                );
                case.draft.review(
                    at,
                    Words::new(&post.text, message, "请人工核对起止时间；确实不足的，请重新公示。"),
                    0.4,
                )
            })
        }
    }
}

/// Two places that name different days for one publicity: which one holds is not known.
fn shown_once(posts: &[&Posted], post: &Posted) -> bool {
    posts.iter().all(|p| (p.first, p.last) == (post.first, post.last) || p.sure >= SURE_CHARACTER)
}

fn tally(case: &Case, days: Days, post: &Posted) -> Result<Counted, i16> {
    match days {
        Days::Working(least) => count(&case.pack.checks.periods.calendar, post.first, post.last).map(|c| Counted {
            enough: c.worked >= least,
            days: c.worked,
            words: c.arithmetic(post.first, post.last),
        }),
        Days::Calendar(least) => {
            let all = post.first.until(post.last).map_or(0, |s| s.get_days()) + 1;
            let days = u16::try_from(all).unwrap_or_default();
            Ok(Counted {
                enough: days >= least, days, words: format!("{}，首尾两天都计入共{days}天", post.text)
            })
        }
    }
}

fn kind_name(case: &Case, kind: usize) -> String {
    case.rule.kinds.get(kind).map_or_else(|| "公示".to_owned(), |k| k.name.clone())
}

fn title(case: &Case, document: &Document) -> String {
    format!("{}（{}）", name(case.pack, document.material, document.entry), page_name(case.facts, document.first()))
}
