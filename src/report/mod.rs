//! Writers that only format.
//!
//! In: a complete [`crate::model::report::Report`], or applicants' parts of it one by one and, at the end, what only all of
//! them together show; parts may have been written by other processes. Out: CSV, JSONL, JSON, HTML, letters, console text; files are written to a temporary
//! name and renamed. Must not know: checks, packs, pixels.

mod annotated;
mod claim;
pub mod console;
mod csv;
pub mod decisions;
mod ending;
pub mod escape;
mod files;
mod html;
mod jsonl;
pub mod letters;
pub mod overview;
mod part;
mod pen;
pub mod rounds;
mod stale;
mod words;
mod writer;

use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::model::report::Report;

pub use annotated::{Copies, Draft, notes};
pub use claim::Claim;
pub use ending::{Ending, Round, finish, finish_seeing, unknown_ids};
pub use files::safe_name;
pub use overview::Overview;
pub use part::Part;
pub use pen::Pen;
pub use writer::Writer;

/// Why a report could not be written.
#[derive(Debug, Error)]
pub enum ReportError {
    #[error(
        "无法写入报告文件“{}”：{reason}。如果它正在 Excel 或 WPS 中打开，请关闭后重新运行（已读过的页面不会重读）。",
        escape::visible(&.path.to_string_lossy())
    )]
    Write { path: PathBuf, reason: String },
    #[error("无法读取“{}”里已审核部分的数据：{reason}。请再运行一次这一部分（已读过的页面不会重读）。", escape::visible(&.path.to_string_lossy()))]
    Read { path: PathBuf, reason: String },
    #[error("报告位置“{}”不是文件夹。请用 --out 指定另一个文件夹。", escape::visible(&.0.to_string_lossy()))]
    NotAFolder(PathBuf),
    #[error(
        "另一次审核正在写报告文件夹“{}”。请等它结束后再运行，或用 --out 指定另一个文件夹。",
        escape::visible(&.0.to_string_lossy())
    )]
    Busy(PathBuf),
    #[error(transparent)]
    Letter(#[from] letters::TemplateError),
}

impl ReportError {
    /// The operating system's refusal to write a file of the report that was not written here.
    #[must_use]
    pub fn unwritten(path: &Path, error: &std::io::Error) -> Self {
        files::failed(path, error)
    }
}

/// Writes the whole report at once; what a streaming run writes through [`Writer`] is the same, byte for byte.
///
/// # Errors
/// Where a file cannot be written; files that were stay valid.
pub fn write(report: &Report, out: &Path) -> Result<Overview, ReportError> {
    let mut writer = Writer::open(out)?;
    for (at, applicant) in report.applicants.iter().enumerate() {
        writer.write_applicant(at, applicant)?;
    }
    writer.finish(&report.run)
}

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
