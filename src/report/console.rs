//! What the terminal says at the end.

use std::fmt::Write;
use std::path::Path;

use super::escape::visible;
use super::overview::{Conclusion, Overview, Row};

/// Checks named in the summary; the report has them all.
const TOP_CHECKS: usize = 5;
/// Unexamined files named in the summary; `run.json` has them all.
const TOP_FILES: usize = 10;

/// A short summary in Chinese, safe for a terminal, ending in a line end. `is_first`: there was no round before.
#[must_use]
pub fn summary(overview: &Overview, out: &Path, is_first: bool) -> String {
    let run = &overview.run;
    let pages: usize = overview.rows.iter().map(|row| row.pages).sum();
    let mut text = String::new();
    let mut line = |parts: std::fmt::Arguments<'_>| {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{parts}");
    };
    line(format_args!(
        "规则包 {} {}，日期按 {} 判断。共审核 {} 份材料、{pages} 页：",
        visible(&run.pack),
        visible(&run.pack_version),
        visible(&run.as_of),
        overview.rows.len()
    ));
    for conclusion in Conclusion::ALL {
        let count = overview.rows.iter().filter(|row| row.conclusion() == conclusion).count();
        if count > 0 {
            line(format_args!("  {} {count} 份", conclusion.word()));
        }
    }
    let mut checks: Vec<_> = overview.checks.iter().collect();
    // Stable: equal counts stay in report order.
    checks.sort_by_key(|(_, (defects, reviews))| std::cmp::Reverse((*defects, *reviews)));
    if !checks.is_empty() {
        line(format_args!("问题最多的检查项："));
    }
    for (check, (defects, reviews)) in checks.iter().take(TOP_CHECKS) {
        line(format_args!("  {}：缺陷 {defects}，待核 {reviews}", check.name()));
    }
    let sum = |of: fn(&Row) -> usize| overview.rows.iter().map(of).sum::<usize>();
    if !is_first {
        let (new, open, fixed) = (sum(|r| r.new), sum(|r| r.open), sum(|r| r.fixed));
        line(format_args!("与上一轮相比：新增 {new}，未整改 {open}，已整改 {fixed}。"));
    }
    let (rejected, checked) = (sum(|r| r.rejected), sum(|r| r.checked));
    if rejected + checked > 0 {
        line(format_args!("按决定不再计入：已驳回 {rejected}，已核 {checked}。"));
    }
    if !run.not_examined.is_empty() {
        line(format_args!("有 {} 处未能检查，请人工查看：", run.not_examined.len()));
    }
    for item in run.not_examined.iter().take(TOP_FILES) {
        let page = item.page.map(|n| format!(" 第 {n} 页")).unwrap_or_default();
        let file =
            [item.applicant.as_str(), item.file.as_str()].into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>();
        line(format_args!("  {}{page}：{}", visible(&file.join("/")), visible(&item.reason)));
    }
    if run.not_examined.len() > TOP_FILES {
        line(format_args!("  ……其余 {} 处见 run.json", run.not_examined.len() - TOP_FILES));
    }
    if !run.noted.is_empty() {
        line(format_args!("有 {} 个文件带有附件、脚本等，均未打开、未运行，见 run.json 的 noted。", run.noted.len()));
    }
    if !run.missing.is_empty() {
        line(format_args!(
            "运行被中断，还有 {} 份材料没有审核；再次运行会接着做，已读过的页面不会重读。",
            run.missing.len()
        ));
    }
    line(format_args!("报告在：{}（先看 summary.csv）", visible(&out.display().to_string())));
    text
}
