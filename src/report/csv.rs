//! The two spreadsheets: an applicant's findings, and one row per applicant.
//!
//! UTF-8 with a byte order mark (without it Excel reads GBK), CRLF, RFC 4180. Text goes through
//! [`super::escape::cell`]; numbers are plain, so that they sort.

use csv::{Terminator, WriterBuilder};

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

const SUMMARY_HEADER: [&str; 15] = [
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
];

/// An applicant's CSV: the header, then one row per finding in the order given.
pub(super) fn findings(findings: &[ReportedFinding]) -> Vec<u8> {
    let number = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
    table(
        &FINDINGS_HEADER,
        findings.iter().map(|f| {
            vec![
                // Our own letters and digits, never to differ from the JSON's.
                visible(&f.id),
                cell(&f.applicant),
                words::status(f.status).to_owned(),
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
