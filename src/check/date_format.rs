//! `date-format`.

use super::CheckResult;
use super::support::dates::{Deviation, Reading, Written, read_cell};
use super::support::documents::{Document, documents, holds, is_old_copy, name, page_name};
use super::support::draft::{At, Draft, Words, listed};
use super::support::gates::{SURE_CHARACTER, SURE_SPAN};
use crate::model::field::Field;
use crate::model::finding::{CheckId, Finding, Place};
use crate::model::packet::PacketFacts;
use crate::pack::rules::{DateFormat as Rule, DatePattern, FieldKind, RulePack};

check! {
    /// 找出时间栏目中没有按通知规定格式填写的日期。
    ///
    /// ## 为何要求
    /// 通知规定所有时间栏目统一写法，如“××××年××月”（2008年06月），或“××××年×月”（2008年6月）。
    ///
    /// ## 如何判断
    /// 只看规则包标明为时间的栏目。单元格内的几行先连成一句，再逐个读出日期和起止日期（“至今”可作止点）。
    /// 用“.”“-”“/”代替年月、年份两位、月份位数不对、汉字数字、月份不存在，判为缺陷；一个单元格一条，列出其中每个不合格的日期。
    /// 空格、换行、全角数字不算错误，识别常混的字形（O与0、l与1）按数字读。“无”、空白不判。
    ///
    /// ## 何时待核
    /// - 有字符识别把握低于0.8，被印章压住，或页面内容不完整
    /// - 多写了“日”、缺“月”字、只有年份、数字连写：可能是漏识别，也可能另有规定
    /// - 像日期而读不成日期（同一页合并为一条）
    /// - 材料本身识别把握不足
    ///
    /// ## 参数
    /// - `materials`：检查哪些表
    /// - `pattern`：日期写法，月份两位或月份不补零
    /// - `open_end`：可作为止点的词
    DateFormat, id = CheckId::DateFormat, judge = judge
}

/// A lone month 1 may be 11 with one of its equal digits dropped: only a very sure reader is believed.
const SURE_LONE_ONE: f32 = 0.9;
/// Two fields this much alike are one cell, found by its label and by its column.
const SAME_CELL: f32 = 0.7;

struct Cell<'a> {
    field: &'a Field,
    document: Option<&'a Document>,
    within: bool,
    key: String,
}

fn judge(facts: &PacketFacts, pack: &RulePack) -> Vec<CheckResult> {
    let documents = documents(facts);
    pack.checks
        .date_format
        .iter()
        .map(|rule| match Draft::of(CheckId::DateFormat, &rule.basis, holds(&rule.basis, facts, &documents)) {
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
    let mut findings = Vec::new();
    let mut unclear: Vec<Cell> = Vec::new();
    for cell in cells(rule, facts, pack, documents) {
        let reading = read_cell(&cell.field.text, rule.pattern, &rule.open_end);
        let wrong = wrong_dates(&reading, cell.within);
        if wrong.is_empty() {
            if reading.unclear && !cell.within {
                unclear.push(cell);
            }
        } else if is_certain(&cell, facts, &wrong) {
            findings.push(defect(rule, facts, pack, draft, &cell, &wrong));
        } else {
            unclear.push(cell);
        }
    }
    findings
        .extend(unclear.chunk_by(|a, b| a.field.page == b.field.page).map(|cells| review(facts, pack, draft, cells)));
    findings.sort_by_key(|f| f.place.page);
    findings
}

/// The date cells of the rule's forms, in page order, each once.
fn cells<'a>(rule: &Rule, facts: &'a PacketFacts, pack: &RulePack, documents: &'a [Document]) -> Vec<Cell<'a>> {
    let mut found: Vec<Cell> = Vec::new();
    for field in facts.fields.iter().filter(|f| rule.materials.contains(&f.material)) {
        let kind = pack
            .forms
            .iter()
            .filter(|form| form.material == field.material)
            .flat_map(|form| &form.fields)
            .filter(|f| matches!(f.kind, FieldKind::Date | FieldKind::DateWithin))
            .find(|f| f.labels.contains(&field.label))
            .map(|f| f.kind);
        let Some(kind) = kind else { continue };
        if found.iter().any(|c| c.field.page == field.page && c.field.rect.iou(&field.rect) > SAME_CELL) {
            continue;
        }
        let document = documents.iter().find(|d| d.pages.contains(&field.page));
        if document.is_some_and(|d| is_old_copy(d, pack)) {
            continue;
        }
        let ordinal = document.map_or(0, |d| d.ordinal);
        let row = 1 + found
            .iter()
            .filter(|c| c.field.label == field.label && c.document.map_or(0, |d| d.ordinal) == ordinal)
            .filter(|c| c.field.material == field.material)
            .count();
        let key = format!("{}#{ordinal}/{}/{row}", field.material, field.label);
        found.push(Cell { field, document, within: kind == FieldKind::DateWithin, key });
    }
    found.sort_by_key(|c| c.field.page);
    found
}

/// Among other words a bare year or month is no date that anyone meant to write in full.
fn wrong_dates(reading: &Reading, within: bool) -> Vec<&Written> {
    reading
        .dates
        .iter()
        .filter(|d| !d.deviations.is_empty())
        .filter(|d| !within || d.deviations.iter().all(|v| v.is_certain()))
        .collect()
}

fn is_certain(cell: &Cell, facts: &PacketFacts, wrong: &[&Written]) -> bool {
    let field = cell.field;
    let readable = !field.obscured
        && !field.hand
        && field.confidence >= SURE_CHARACTER
        && facts.page(field.page).is_some_and(|p| !p.is_degraded())
        && cell.document.is_some_and(|d| d.confidence >= SURE_SPAN && d.material == field.material);
    let certain = |d: &&&Written| {
        let beyond_the_lone_one = d.deviations.iter().any(|v| v.is_certain() && *v != Deviation::MonthNotPadded);
        d.deviations.iter().any(|v| v.is_certain())
            && (!d.lone_one || beyond_the_lone_one || field.confidence >= SURE_LONE_ONE)
    };
    readable && wrong.iter().any(|d| certain(&d))
}

fn form(pattern: DatePattern) -> &'static str {
    match pattern {
        DatePattern::YearMonthTwoDigits => "××××年××月（如2008年06月）",
        DatePattern::YearMonthPlain => "××××年×月（如2008年6月）",
    }
}

fn defect(
    rule: &Rule,
    facts: &PacketFacts,
    pack: &RulePack,
    draft: &Draft,
    cell: &Cell,
    wrong: &[&Written],
) -> Finding {
    let field = cell.field;
    let title = name(pack, field.material, cell.document.and_then(|d| d.entry));
    let dates: Vec<String> = wrong.iter().map(|d| format!("“{}”", d.text)).collect();
    let mut why: Vec<&str> = wrong.iter().flat_map(|d| &d.deviations).map(|d| d.words()).collect();
    why.sort_unstable();
    why.dedup();
    let at = At { place: Place::on(field.page, field.rect), material: Some(field.material), key: cell.key.clone() };
    let words = Words::new(
        format!("“{}”", field.text.split_whitespace().collect::<String>()),
        format!(
            "{title}（{}）“{}”栏的日期{}不符合格式：{}。",
            page_name(facts, field.page),
            field.label,
            dates.join("、"),
            why.join("，")
        ),
        format!("请将{}改写为{}后重新提交。", dates.join("、"), form(rule.pattern)),
    );
    draft.defect(at, words, field.confidence)
}

fn review(facts: &PacketFacts, pack: &RulePack, draft: &Draft, cells: &[Cell]) -> Finding {
    let field = cells[0].field;
    let title = name(pack, field.material, cells[0].document.and_then(|d| d.entry));
    let seen: Vec<String> =
        cells.iter().map(|c| format!("“{}”", c.field.text.split_whitespace().collect::<String>())).collect();
    let at = At {
        place: Place::on(field.page, field.rect),
        material: Some(field.material),
        key: format!("{}/unclear", cells[0].key),
    };
    let message = format!(
        "{title}（{}）“{}”等时间栏目中的{}未能可靠识别或写法有疑问，请对照原页核对。",
        page_name(facts, field.page),
        field.label,
        listed(&seen, 5)
    );
    let confidence = cells.iter().map(|c| c.field.confidence).fold(0.5, f32::min);
    draft.review(
        at,
        Words::new(listed(&seen, 5), message, "请人工核对；写法不符的，请申报人按规定格式改写。"),
        confidence,
    )
}
