//! The two spreadsheets: an applicant's findings, and one row per applicant.
//!
//! UTF-8 with a byte order mark (without it Excel reads GBK), CRLF, RFC 4180. Text goes through
//! [`super::escape::cell`]; numbers are plain, so that they sort.

use std::collections::BTreeMap;

use csv::{Terminator, WriterBuilder};

use crate::model::finding::Decided;
use crate::model::report::ReportedFinding;

use super::escape::{cell, visible};
use super::overview::Row;
use super::words;

const BOM: &str = "\u{feff}";

/// Fixed by contract.
pub(super) const FINDINGS_HEADER: [&str; 16] = [
    "编号",
    "申报人",
    "状态",
    "结论",
    "程度",
    "检查项",
    "检查代码",
    "材料",
    "文件",
    "页",
    "印刷页码",
    "实际",
    "要求",
    "依据",
    "建议",
    "置信度",
];

/// Columns may be added at the end only: offices filter by place.
const SUMMARY_HEADER: [&str; 20] = [
    "申报人",
    "姓名",
    "工作单位",
    "申报级别",
    "申报类型",
    "文件数",
    "页数",
    "缺陷",
    "待核",
    "不予受理",
    "补正",
    "提示",
    "未检查",
    "结论",
    "报告文件",
    "新增",
    "未整改",
    "已整改",
    "已驳回",
    "已核",
];

/// An applicant's CSV: the header, then one row per finding in the order given.
pub(super) fn findings(findings: &[ReportedFinding], decisions: &BTreeMap<String, Decided>) -> Vec<u8> {
    let number = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
    table(
        &FINDINGS_HEADER,
        findings.iter().map(|f| {
            vec![
                // Our own letters and digits, never to differ from the JSON's.
                visible(&f.id),
                cell(&f.applicant),
                status(f, decisions.get(&f.id)),
                words::verdict(f.verdict).to_owned(),
                words::severity(f.severity).to_owned(),
                f.check.name().to_owned(),
                f.check.id().to_owned(),
                f.material.map(|m| m.name().to_owned()).unwrap_or_default(),
                cell(f.file.as_deref().unwrap_or_default()),
                number(f.page),
                number(f.printed_page),
                cell(&f.seen),
                cell(&f.required),
                cell(&f.clause),
                cell(&f.suggestion),
                format!("{:.2}", share(f.confidence)),
            ]
        }),
    )
}

/// The status, with the reviewer's word on it: `未整改（已驳回：原件有章）`.
fn status(finding: &ReportedFinding, decided: Option<&Decided>) -> String {
    let status = words::status(finding.status);
    match decided {
        None => status.to_owned(),
        Some(Decided { decision, remark }) if remark.is_empty() => {
            format!("{status}（{}）", words::decided(*decision))
        }
        Some(Decided { decision, remark }) => cell(&format!("{status}（{}：{remark}）", words::decided(*decision))),
    }
}

/// `summary.csv`.
pub(super) fn summary<'a>(rows: impl Iterator<Item = &'a Row>) -> Vec<u8> {
    table(
        &SUMMARY_HEADER,
        rows.map(|row| {
            let who = &row.applicant;
            vec![
                cell(&row.folder),
                cell(who.name.as_deref().unwrap_or_default()),
                cell(who.unit.as_deref().unwrap_or_default()),
                who.level.map(|v| words::level(v).to_owned()).unwrap_or_default(),
                who.route.map(|v| words::route(v).to_owned()).unwrap_or_default(),
                row.files.to_string(),
                row.pages.to_string(),
                row.defects.to_string(),
                row.reviews.to_string(),
                row.reject.to_string(),
                row.correct.to_string(),
                row.advise.to_string(),
                row.not_examined.to_string(),
                row.conclusion().word().to_owned(),
                cell(&row.report_file),
                row.new.to_string(),
                row.open.to_string(),
                row.fixed.to_string(),
                row.rejected.to_string(),
                row.checked.to_string(),
            ]
        }),
    )
}

/// Whether the bytes begin as an applicant's CSV of this tool does.
pub(super) fn is_ours(head: &[u8]) -> bool {
    head.strip_prefix(BOM.as_bytes()).is_some_and(|rest| rest.starts_with(FINDINGS_HEADER.join(",").as_bytes()))
}

/// A confidence within 0 and 1.
pub(super) fn share(confidence: f32) -> f32 {
    if confidence.is_finite() { confidence.clamp(0.0, 1.0) } else { 0.0 }
}

fn table(header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(BOM.as_bytes().to_vec());
    writer.write_record(header).expect("memory takes every record");
    for row in rows {
        writer.write_record(&row).expect("every row has the header's length");
    }
    writer.into_inner().expect("memory takes every record")
}
