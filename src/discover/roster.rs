//! The roster (花名册): what the office knows of each applicant before any page is read.

mod matching;
mod values;

use std::path::{Path, PathBuf};

use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};
use thiserror::Error;

use crate::model::packet::Applicant;
use crate::model::page::io_reason;

pub use matching::apply;
use values::{Meaning, Typed};

use super::naming;

/// A roster, read and typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roster {
    /// In file order.
    pub rows: Vec<RosterRow>,
    /// Values left unknown, and why, in plain Chinese.
    pub notes: Vec<String>,
}

/// One applicant's row. `folder` or `applicant.name` is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterRow {
    /// 1-based line in the file.
    pub line: u64,
    pub folder: Option<String>,
    pub applicant: Applicant,
}

/// Why a roster cannot be used.
#[derive(Debug, Error)]
pub enum RosterError {
    #[error("无法读取花名册“{}”：{reason}。请检查路径；文件在 Excel 或 WPS 中打开时请先关闭。", naming::printable(&.path.to_string_lossy()))]
    Unreadable { path: PathBuf, reason: String },
    #[error("花名册“{}”不是 CSV 文件。请在 Excel 或 WPS 中“另存为”CSV 格式后再试。", naming::printable(&.0.to_string_lossy()))]
    NotCsv(PathBuf),
    #[error(
        "花名册“{}”里找不到表头。第一行应写列名，至少有“文件夹”或“姓名”，例如：文件夹,姓名,工作单位,申报级别,申报类型,单位性质",
        naming::printable(&.0.to_string_lossy())
    )]
    NoHeader(PathBuf),
    /// Everything that is wrong in it, at once.
    #[error("花名册“{}”有 {} 处需要改正：\n{}", naming::printable(&.path.to_string_lossy()), .issues.len(), .issues.join("\n"))]
    Values { path: PathBuf, issues: Vec<String> },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Folder,
    Name,
    Unit,
    Level,
    Route,
    Employer,
    IdNumber,
    Appointed,
    Channel,
    UnitAt,
    Archive,
    Education,
}

impl Column {
    /// Each column with the headings it goes by, the contract's first.
    const HEADINGS: &[(Self, &[&str])] = &[
        (Self::Folder, &["文件夹", "文件夹名", "文件夹名称", "材料文件夹", "目录"]),
        (Self::Name, &["姓名", "申报人", "申报人姓名", "申报人员", "申报人员姓名"]),
        (Self::Unit, &["工作单位", "单位", "单位名称", "所在单位", "工作单位名称", "申报单位"]),
        (Self::Level, &["申报级别", "级别", "申报职称级别", "申报职称", "申报资格"]),
        (Self::Route, &["申报类型", "类型", "申报方式", "申报类别"]),
        (Self::Employer, &["单位性质", "性质", "所在单位性质"]),
        (Self::IdNumber, &["身份证号", "身份证", "身份证号码", "公民身份号码", "证件号码"]),
        (Self::Appointed, &["聘任时间", "聘任日期", "聘任年月", "聘用时间"]),
        (Self::Channel, &["呈报渠道", "渠道", "申报渠道"]),
        (Self::UnitAt, &["单位所在", "所属", "单位所属", "单位隶属", "隶属关系", "市直或县区", "市直县区"]),
        (Self::Archive, &["档案代理", "人事档案", "档案", "档案存放", "人事代理", "档案代理情况"]),
        (Self::Education, &["学历", "最高学历", "文化程度", "学历学位"]),
    ];

    fn of(heading: &str) -> Option<Self> {
        let heading = values::plain(heading);
        Self::HEADINGS.iter().find(|(_, names)| names.contains(&heading.as_str())).map(|(column, _)| *column)
    }

    fn name(self) -> &'static str {
        Self::HEADINGS.iter().find(|(column, _)| *column == self).map_or("", |(_, names)| names[0])
    }
}

/// Rosters of whole provinces stay far below this; a larger file was chosen by mistake.
const MAX_BYTES: u64 = 64 << 20;

/// Title lines (××年申报人员花名册) that may stand above the header.
const MAX_TITLE_LINES: usize = 10;

/// Reads a roster: UTF-8, GBK or UTF-16, separated by commas, semicolons or tabs, columns in any order.
///
/// # Errors
/// Where the file cannot be read, has no header, or holds wrong values: those are told all at once.
pub fn read_roster(path: &Path) -> Result<Roster, RosterError> {
    let unreadable = |reason: String| RosterError::Unreadable { path: path.to_owned(), reason };
    let meta = std::fs::metadata(path).map_err(|e| unreadable(io_reason(&e)))?;
    if !meta.is_file() {
        return Err(unreadable("不是文件".to_owned()));
    }
    if meta.len() > MAX_BYTES {
        return Err(unreadable("文件过大，不像是花名册".to_owned()));
    }
    let bytes = std::fs::read(path).map_err(|e| unreadable(io_reason(&e)))?;
    parse_roster(path, &bytes)
}

/// Reads a roster from its bytes; `path` names it in messages.
///
/// # Errors
/// As [`read_roster`].
pub fn parse_roster(path: &Path, bytes: &[u8]) -> Result<Roster, RosterError> {
    let text = decode(bytes).ok_or_else(|| RosterError::NotCsv(path.to_owned()))?;
    let table = table(&text).ok_or_else(|| RosterError::NoHeader(path.to_owned()))?;
    let (roster, issues) = rows(&table);
    if issues.is_empty() { Ok(roster) } else { Err(RosterError::Values { path: path.to_owned(), issues }) }
}

/// Text of a CSV file; none for a spreadsheet file or other binary data.
fn decode(bytes: &[u8]) -> Option<String> {
    let (text, bad) = match bytes {
        [0xff, 0xfe, rest @ ..] => UTF_16LE.decode_without_bom_handling(rest),
        [0xfe, 0xff, rest @ ..] => UTF_16BE.decode_without_bom_handling(rest),
        _ => {
            let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            match std::str::from_utf8(bytes) {
                Ok(text) => (text.into(), false),
                Err(_) => GB18030.decode_without_bom_handling(bytes),
            }
        }
    };
    (!bad && !text.contains('\0') && !text.starts_with("PK\u{3}\u{4}")).then(|| text.into_owned())
}

struct Table {
    /// Column of each cell position; none where the heading is not ours.
    columns: Vec<Option<Column>>,
    header_line: u64,
    /// Line and cells below the header.
    records: Vec<(u64, Vec<String>)>,
}

/// The reading, of the three separators, whose header knows the most columns.
fn table(text: &str) -> Option<Table> {
    [b',', b'\t', b';']
        .into_iter()
        .filter_map(|separator| with_separator(text, separator))
        .max_by_key(|table| (table.columns.iter().flatten().count(), std::cmp::Reverse(table.header_line)))
}

fn with_separator(text: &str, separator: u8) -> Option<Table> {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes());
    let mut lines = Lines { text: text.as_bytes(), at: 0, line: 1 };
    let mut records: Vec<(u64, Vec<String>)> = reader
        .records()
        .filter_map(Result::ok)
        .map(|r| {
            let from = r.position().map_or(0, csv::Position::byte);
            (lines.of(from), r.iter().map(values::cell).collect())
        })
        .collect();
    let header = records
        .iter()
        .take(MAX_TITLE_LINES)
        .position(|(_, cells)| cells.iter().any(|c| matches!(Column::of(c), Some(Column::Folder | Column::Name))))?;
    let columns = records[header].1.iter().map(|c| Column::of(c)).collect();
    let header_line = records[header].0;
    records.drain(..=header);
    Some(Table { columns, header_line, records })
}

/// Line numbers of ascending byte positions. A record's position as the CSV reader gives it may still stand on the
/// line end before it, or before blank lines.
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    fn of(&mut self, byte: u64) -> u64 {
        while let Some(b) = self.text.get(self.at) {
            if self.at as u64 >= byte && !matches!(b, b'\r' | b'\n') {
                break;
            }
            // A carriage return alone ends a line, too.
            let ends = *b == b'\n' || (*b == b'\r' && self.text.get(self.at + 1) != Some(&b'\n'));
            self.line += u64::from(ends);
            self.at += 1;
        }
        self.line
    }
}

fn rows(table: &Table) -> (Roster, Vec<String>) {
    let mut roster = Roster::default();
    let mut issues = Vec::new();
    for (at, column) in table.columns.iter().enumerate() {
        if let Some(column) = column.filter(|_| table.columns[..at].contains(column)) {
            issues.push(format!("第 {} 行：“{}”一列出现了两次，请删去一列", table.header_line, column.name()));
        }
    }
    for (line, cells) in &table.records {
        if cells.iter().all(String::is_empty) {
            continue;
        }
        let mut row = RosterRow { line: *line, folder: None, applicant: Applicant::default() };
        for (column, text) in table.columns.iter().zip(cells) {
            if let Some(column) = column.filter(|_| !values::is_void(text)) {
                set(&mut row, column, text, &mut roster.notes, &mut issues);
            }
        }
        if row.folder.is_none() && row.applicant.name.is_none() {
            issues.push(format!("第 {line} 行：文件夹和姓名都没有填，至少填一项"));
        }
        let same = row.folder.as_ref().and_then(|f| roster.rows.iter().find(|r| r.folder.as_ref() == Some(f)));
        if let Some(earlier) = same {
            issues.push(format!("第 {line} 行：文件夹与第 {} 行相同，请删去一行", earlier.line));
        }
        roster.rows.push(row);
    }
    (roster, issues)
}

fn set(row: &mut RosterRow, column: Column, text: &str, notes: &mut Vec<String>, issues: &mut Vec<String>) {
    let at = |what: &str| format!("第 {} 行“{}”：{what}", row.line, column.name());
    let shown = naming::printable(text);
    let who = &mut row.applicant;
    let mut typed = |outcome: Result<(), Meaning>| match outcome {
        Ok(()) => {}
        Err(Meaning::Ambiguous(why)) => notes.push(at(&format!("“{shown}”{why}，按未知处理"))),
        Err(Meaning::Wrong(allowed)) => issues.push(at(&format!("“{shown}”不认识，可以填：{allowed}"))),
    };
    match column {
        Column::Folder => row.folder = Some(text.trim_end_matches(['/', '\\']).to_owned()),
        Column::Name => who.name = Some(text.split_whitespace().collect()),
        Column::Unit => who.unit = Some(text.to_owned()),
        Column::Level => typed(Typed::typed(text).map(|v| who.level = Some(v))),
        Column::Route => typed(Typed::typed(text).map(|v| who.route = Some(v))),
        Column::Employer => typed(Typed::typed(text).map(|v| who.employer = Some(v))),
        Column::UnitAt => typed(Typed::typed(text).map(|v| who.unit_at = Some(v))),
        Column::Archive => typed(Typed::typed(text).map(|v| who.archive = Some(v))),
        Column::Education => typed(Typed::typed(text).map(|v| who.education = Some(v))),
        Column::Appointed => who.appointed = Some(text.to_owned()),
        Column::Channel => who.channel = Some(text.to_owned()),
        Column::IdNumber => match values::id_number(text) {
            Ok(id) => who.id_number = Some(id),
            Err(what) => issues.push(at(&format!("“{shown}”{what}"))),
        },
    }
}

#[cfg(test)]
mod tests;
