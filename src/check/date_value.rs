//! `date-value`.

use super::CheckResult;
use super::support::chronology::{self, Contradiction};
use super::support::documents::{documents, holds, name, page_name};
use super::support::draft::{At, Draft, Words};
use super::support::posting;
use crate::model::finding::{CheckId, Finding, Place};
use crate::model::packet::PacketFacts;
use crate::pack::rules::RulePack;
use crate::pack::rules::fields::DateRule;

check! {
    /// 找出不可能、尚未到来或互相矛盾的日期，以及与通知规定的年限、截止日期不符的日期。
    ///
    /// ## 为何要求
    /// 任职年限、毕业时间、公示与鉴定意见的先后决定能否申报；日期自相矛盾的材料须退回更正。
    ///
    /// ## 如何判断
    /// 只比较规则包列出的栏目，按其中写明的规则：
    /// - 时间栏目里的日子须存在（没有2月30日），止点不早于起点，不晚于通知的截止日；月份写错由“时间格式”指出，这里不重复
    /// - 一个时间须在另一个时间之后满若干月；任现职以来的业绩，止点不早于任职时间
    /// - 年满法定退休年龄的不在申报范围；专业工作年限不得多于实足年数
    /// - 缴费证明覆盖的月数不少于要求：看写明的累计月数和列出的起止年月（各份合并，重复的月份只算一次）
    /// - 鉴定意见不得早于公示开始
    ///
    /// 只写到月的，按最有利于申报人的一天算。看得清楚的才判为缺陷。
    ///
    /// ## 何时待核
    /// - 日期是手写、被印章压住，或识别把握不足
    /// - 规则包注明只作待核的（年限、资格条件另有放宽，须由人定）
    /// - 一段时间的止点尚未到来（可能是聘期、合同期）
    /// - 缴费证明没有写明累计月数，或与列出的起止年月对不上
    /// - 鉴定意见在公示开始之后、公示结束之前
    ///
    /// ## 参数
    /// - `kind`：possible、apart、since、age、whole-years、covered-months、after-publicity 之一
    /// - possible：`material`，`latest`（最晚的日期，可省）
    /// - apart：`earlier`、`later`（栏目或日期），`months`（至少相隔几个月）
    /// - since：`material`、`label`、`beside`（业绩等各行的时间栏），`start`
    /// - age：`birth`、`sex`（栏目），`on`（计算日），`men`、`women`（周岁）
    /// - whole-years：`value`、`since`（栏目），`on`
    /// - covered-months：`material`（参保、缴费证明），`months`（各份合计至少覆盖几个月）
    /// - after-publicity：`opinion`（材料），`place`（意见栏，可省），`publicity`（公示材料）
    DateValue, id = CheckId::DateValue, judge = judge
}

fn judge(facts: &PacketFacts, pack: &RulePack) -> Vec<CheckResult> {
    let documents = documents(facts);
    let entries = &pack.checks.fields.date_value;
    let kinds = pack.checks.periods.publicity.first().map_or(&[][..], |rule| &rule.kinds);
    entries
        .iter()
        .enumerate()
        .map(|(entry, rule)| {
            let Some(draft) = Draft::of(CheckId::DateValue, &rule.basis, holds(&rule.basis, facts, &documents)) else {
                return CheckResult::Passed;
            };
            let sight = chronology::Sight { facts, pack, documents: &documents };
            let found = match &rule.rule {
                DateRule::Possible { material, latest } => sight.impossible(material, *latest),
                DateRule::Apart { earlier, later, months } => {
                    sight.too_close(earlier, later, *months).into_iter().collect()
                }
                DateRule::Since { column, start } => sight.before_start(column, start),
                DateRule::Age { birth, sex, on, men, women } => {
                    sight.too_old(birth, sex, *on, (*men, *women)).into_iter().collect()
                }
                DateRule::WholeYears { value, since, on } => {
                    sight.too_many_years(value, since, *on).into_iter().collect()
                }
                DateRule::CoveredMonths { material, months } => {
                    chronology::too_few_months(facts, &documents, material, *months).into_iter().collect()
                }
                DateRule::AfterPublicity { opinion, place, publicity } => {
                    posting::opinions_too_early(facts, &documents, opinion, place.as_deref(), publicity, kinds)
                }
            };
            CheckResult::of(found.into_iter().map(|c| finding(c, entry, facts, pack, &draft)).collect())
        })
        .collect()
}

fn finding(found: Contradiction, entry: usize, facts: &PacketFacts, pack: &RulePack, draft: &Draft) -> Finding {
    let title = name(pack, found.material, found.entry);
    let at = At {
        place: Place::on(found.page, found.rect),
        material: Some(found.material),
        key: format!("{}/{entry}", found.key),
    };
    let doubt = if found.certain || found.by_clause {
        ""
    } else {
        "；但日期是手写或未能可靠识别，请对照原页核对"
    };
    let message = format!("{title}（{}）{}{doubt}。", page_name(facts, found.page), found.what);
    let words = Words::new(found.seen, message, found.suggestion);
    if found.certain {
        draft.defect(at, words, found.confidence)
    } else {
        draft.review(at, words, found.confidence.min(0.5))
    }
}
