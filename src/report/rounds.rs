//! `rounds.jsonl`: what this round leaves for the next, an applicant a line.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::model::round::ApplicantRecord;

use super::escape::visible;

/// The record's name in the report folder.
pub(super) const FILE: &str = "rounds.jsonl";

/// Why the last round can't be read. Going on without it would call every finding new and lose the old numbers.
#[derive(Debug, Error)]
pub enum RoundsError {
    #[error("文件夹“{}”里没有上一轮的记录（rounds.jsonl）。请用 --previous 指定以前写出的报告文件夹。", visible(&.0.to_string_lossy()))]
    Missing(PathBuf),
    #[error("无法读取上一轮的记录“{}”：{reason}。", visible(&.path.to_string_lossy()))]
    Unreadable { path: PathBuf, reason: String },
    #[error(
        "上一轮的记录“{}”第 {line} 行已损坏，或由另一版本的程序写出。请用备份恢复这个文件；不要上一轮的，把它移走再运行，所有问题将按新增处理。",
        visible(&.path.to_string_lossy())
    )]
    Damaged { path: PathBuf, line: usize },
}

/// The records that a report folder holds; none where it holds no report of rounds.
///
/// # Errors
/// Where there is a record that can't be read whole.
pub fn read(folder: &Path) -> Result<Option<Vec<ApplicantRecord>>, RoundsError> {
    let path = folder.join(FILE);
    let Some(bytes) = bytes(folder)? else { return Ok(None) };
    let lines = bytes.split(|b| *b == b'\n').enumerate().filter(|(_, line)| !line.is_empty());
    let records: Result<Vec<_>, usize> =
        lines.map(|(i, line)| serde_json::from_slice(line).map_err(|_| i + 1)).collect();
    records.map(Some).map_err(|line| RoundsError::Damaged { path, line })
}

/// Records as lines of the file.
#[must_use]
pub fn lines(records: &[ApplicantRecord]) -> Vec<u8> {
    super::jsonl::records(records)
}

/// The record's bytes, to tell whether two runs go on from the same round; none where the folder holds no record.
///
/// # Errors
/// Where there is one that can't be read.
pub fn bytes(folder: &Path) -> Result<Option<Vec<u8>>, RoundsError> {
    let path = folder.join(FILE);
    match fs::read(&path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        Err(e) => Err(RoundsError::Unreadable { path, reason: e.to_string() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_record_is_told_and_a_missing_one_is_none() {
        let dir = tempfile::tempdir().expect("made");
        assert!(read(dir.path()).expect("nothing").is_none());
        assert!(read(&dir.path().join("nowhere")).expect("nothing").is_none());
        fs::write(dir.path().join(FILE), "\n{\"folder\":").expect("written");
        let error = read(dir.path()).expect_err("half a line").to_string();
        assert!(error.contains("第 2 行") && error.contains("移走"), "{error}");
    }
}
