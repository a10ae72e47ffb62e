//! `decisions.csv` (编号,决定,备注): the reviewer's word, typed in Excel or WPS or written by the review page.
//!
//! Whoever writes takes the lock, reads what is there now, changes the rows it means and renames the whole file into
//! place: two writers lose nothing. Rows that make no sense are told and kept as they are.

mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use csv::{Terminator, WriterBuilder};
use thiserror::Error;

use crate::model::finding::{Decided, Decision};

use self::table::{decode, parse};
use super::escape::{cell, visible};
use super::{ReportError, files};

/// The file's name in the report folder.
pub const FILE: &str = "decisions.csv";
/// Held while the file is rewritten; the system lets go of it when a program dies.
const LOCK: &str = ".decisions.lock";
const HEADER: [&str; 3] = ["编号", "决定", "备注"];
/// A larger file was put there by mistake.
const MAX_BYTES: u64 = 64 << 20;

/// Why the decisions can't be used at all. Nothing is written then.
#[derive(Debug, Error)]
pub enum DecisionsError {
    #[error("无法读取决定文件“{}”：{reason}。文件在 Excel 或 WPS 中打开时请先关闭。", visible(&.path.to_string_lossy()))]
    Unreadable { path: PathBuf, reason: String },
    #[error("决定文件“{}”不是 CSV 文件。请在 Excel 或 WPS 中“另存为”CSV 格式。", visible(&.0.to_string_lossy()))]
    NotCsv(PathBuf),
    #[error("决定文件“{}”找不到表头。第一行应写：编号,决定,备注", visible(&.0.to_string_lossy()))]
    NoHeader(PathBuf),
    #[error(transparent)]
    Write(#[from] ReportError),
}

/// The decisions of a report folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decisions {
    /// Header cells as found.
    header: Vec<String>,
    rows: Vec<Row>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    /// 1-based in the file; none for rows that were not read from one.
    line: Option<u64>,
    /// As many as the header's, or as the file has.
    cells: Vec<String>,
}

/// Something in the file that a person must mend, in plain Chinese.
pub type Fault = String;

impl Decisions {
    /// What the folder's file says; nothing where there is none.
    ///
    /// # Errors
    /// Where there is a file that is no decisions CSV: to go on without it would forget the reviewer's word.
    pub fn read(folder: &Path) -> Result<Self, DecisionsError> {
        let path = folder.join(FILE);
        let unreadable =
            |e: &dyn std::fmt::Display| DecisionsError::Unreadable { path: path.clone(), reason: e.to_string() };
        match fs::metadata(&path) {
            Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Ok(Self::default());
            }
            Err(e) => return Err(unreadable(&e)),
            Ok(meta) if !meta.is_file() => return Err(unreadable(&"不是文件")),
            Ok(meta) if meta.len() > MAX_BYTES => return Err(unreadable(&"文件过大")),
            Ok(_) => {}
        }
        let bytes = fs::read(&path).map_err(|e| unreadable(&e))?;
        Self::parse(&path, &bytes)
    }

    /// What a file's bytes say; `path` names it in messages.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn parse(path: &Path, bytes: &[u8]) -> Result<Self, DecisionsError> {
        let text = decode(bytes).ok_or_else(|| DecisionsError::NotCsv(path.to_owned()))?;
        parse(&text).ok_or_else(|| DecisionsError::NoHeader(path.to_owned()))
    }

    /// The decisions by finding id. Of an id decided twice in different ways none counts: [`Self::faults`] tells.
    #[must_use]
    pub fn by_id(&self) -> BTreeMap<String, Decided> {
        let mut out: BTreeMap<String, Decided> = BTreeMap::new();
        let mut torn = BTreeSet::new();
        for (id, decided) in self.valid().map(|(_, id, decided)| (id, decided)) {
            match out.get(&id) {
                Some(before) if before.decision != decided.decision => {
                    torn.insert(id);
                }
                Some(before) if decided.remark.is_empty() && !before.remark.is_empty() => {}
                _ => {
                    out.insert(id, decided);
                }
            }
        }
        out.retain(|id, _| !torn.contains(id));
        out
    }

    /// What is wrong in the file itself, by line.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        let mut out = Vec::new();
        let mut first: BTreeMap<String, (u64, Option<Decision>)> = BTreeMap::new();
        for row in &self.rows {
            let (line, id, word) = (row.line.unwrap_or(0), self.id(row), self.text(row, Column::Decision));
            let decision = decision(&word);
            match (id.is_empty(), word.is_empty()) {
                (true, true) => continue,
                (true, false) => {
                    out.push(format!("第 {line} 行没有写编号，这一行未采用"));
                    continue;
                }
                // A prepared list, not all of it decided yet.
                (false, true) => continue,
                (false, false) => {}
            }
            if decision.is_none() {
                let word = visible(&word);
                out.push(format!("第 {line} 行的决定“{word}”不认识，应写 确认、驳回 或 已核；这一行未采用"));
                continue;
            }
            match first.get(&id) {
                Some((before, same)) if *same == decision => {
                    out.push(format!("第 {before} 行和第 {line} 行是同一编号 {}，请删去一行", visible(&id)));
                }
                Some((before, _)) => out.push(format!(
                    "第 {before} 行和第 {line} 行是同一编号 {}，决定却不同，两行都未采用；请只留一行",
                    visible(&id)
                )),
                None => {
                    first.insert(id, (line, decision));
                }
            }
        }
        out
    }

    /// Decisions on ids that no report has had.
    #[must_use]
    pub fn unknown(&self, is_known: impl Fn(&str) -> bool) -> Vec<Fault> {
        let strangers = self.valid().filter(|(_, id, _)| !is_known(id));
        let told = strangers.map(|(line, id, _)| {
            format!("第 {} 行的编号 {} 不在报告里，请核对是否写错；这一行未采用", line.unwrap_or(0), visible(&id))
        });
        told.collect()
    }

    /// Ids that are decided on.
    #[must_use]
    pub fn ids(&self) -> BTreeSet<String> {
        self.valid().map(|(_, id, _)| id).collect()
    }

    fn valid(&self) -> impl Iterator<Item = (Option<u64>, String, Decided)> {
        self.rows.iter().filter_map(|row| {
            let (id, word) = (self.id(row), self.text(row, Column::Decision));
            let decision = decision(&word)?;
            let remark = self.text(row, Column::Remark);
            (!id.is_empty()).then_some((row.line, id, Decided { decision, remark }))
        })
    }

    fn at(&self, column: Column) -> Option<usize> {
        self.header.iter().position(|h| column.is(h))
    }

    fn text(&self, row: &Row, column: Column) -> String {
        let text = self.at(column).and_then(|at| row.cells.get(at)).map_or("", String::as_str).trim();
        unmarked(text)
    }

    /// Typed by hand or pasted: full-width and lower-case letters are meant as the report prints them.
    fn id(&self, row: &Row) -> String {
        let narrow = |c: char| match c {
            '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            c => c,
        };
        self.text(row, Column::Id).chars().filter(|c| !c.is_whitespace()).map(narrow).collect::<String>().to_uppercase()
    }

    /// Sets an id's decision, or takes it back. Of several rows with the id the first stays.
    fn set(&mut self, id: &str, decided: Option<&Decided>) {
        let mut rows = std::mem::take(&mut self.rows);
        let mut placed = false;
        rows.retain_mut(|row| {
            if self.id(row) != id {
                return true;
            }
            let Some(decided) = decided.filter(|_| !placed) else { return false };
            placed = true;
            self.fill(row, id, decided);
            true
        });
        if let Some(decided) = decided.filter(|_| !placed) {
            let mut row = Row { line: None, cells: Vec::new() };
            self.fill(&mut row, id, decided);
            rows.push(row);
        }
        self.rows = rows;
    }

    fn fill(&self, row: &mut Row, id: &str, decided: &Decided) {
        for (column, text) in [
            (Column::Id, id.to_owned()),
            (Column::Decision, decided.decision.word().to_owned()),
            (Column::Remark, cell(&decided.remark)),
        ] {
            let Some(at) = self.at(column) else { continue };
            if row.cells.len() <= at {
                row.cells.resize(at + 1, String::new());
            }
            row.cells[at] = text;
        }
    }

    /// With all three columns, so that anything can be set.
    fn completed(mut self) -> Self {
        // What stands right of the header's last cell must not fall under a heading that is set behind it.
        let widest = self.rows.iter().map(|r| r.cells.len()).max().unwrap_or_default();
        let columns = [Column::Id, Column::Decision, Column::Remark].into_iter().zip(HEADER);
        let missing: Vec<&str> = columns.filter(|(c, _)| self.at(*c).is_none()).map(|(_, name)| name).collect();
        if !missing.is_empty() && self.header.len() < widest {
            self.header.resize(widest, String::new());
        }
        self.header.extend(missing.into_iter().map(str::to_owned));
        self
    }

    fn bytes(&self) -> Vec<u8> {
        let mut writer = WriterBuilder::new()
            .terminator(Terminator::CRLF)
            .flexible(true)
            .from_writer("\u{feff}".as_bytes().to_vec());
        for cells in std::iter::once(&self.header).chain(self.rows.iter().map(|r| &r.cells)) {
            writer.write_record(cells).expect("memory takes every record");
        }
        writer.into_inner().expect("memory takes every record")
    }
}

/// Writes decisions into a report folder: each id's decision, or none to take it back. What others wrote meanwhile
/// stays. Returns all that holds then. Blocks while somebody else writes.
///
/// # Errors
/// Where the file that is there can't be understood, or can't be written: it stays as it is.
pub fn decide(folder: &Path, changes: &[(String, Option<Decided>)]) -> Result<Decisions, DecisionsError> {
    rewrite(folder, |decisions| {
        for (id, decided) in changes {
            decisions.set(id, decided.as_ref());
        }
    })
}

/// As [`decide`] for one id, unless its decision is no longer the one that was `seen`: then nothing is changed. Tells what
/// holds, and whether it was changed.
///
/// # Errors
/// As [`decide`].
pub fn decide_seen(
    folder: &Path,
    id: &str,
    seen: Option<&Decided>,
    to: Option<&Decided>,
) -> Result<(Decisions, bool), DecisionsError> {
    let mut done = false;
    let decisions = rewrite(folder, |decisions| {
        done = decisions.by_id().get(id) == seen;
        if done {
            decisions.set(id, to);
        }
    })?;
    Ok((decisions, done))
}

/// Takes over another report folder's rows, whatever they say, as far as this one's file says nothing of their ids.
///
/// # Errors
/// As [`decide`].
pub fn take_over(folder: &Path, from: &Decisions) -> Result<Decisions, DecisionsError> {
    let here = Decisions::read(folder)?;
    if from.missing_in(&here).next().is_none() {
        return Ok(here);
    }
    rewrite(folder, |decisions| *decisions = from.clone().with(std::mem::take(decisions)))
}

impl Decisions {
    /// These rows as far as `newer` says nothing of their ids, after all of `newer`'s.
    #[must_use]
    pub fn with(self, newer: Self) -> Self {
        let mut newer = newer.completed();
        let rows: Vec<Row> = self.missing_in(&newer).map(|row| self.moved(row, &newer)).collect();
        newer.rows.extend(rows);
        newer
    }

    fn missing_in<'a>(&'a self, other: &Self) -> impl Iterator<Item = &'a Row> {
        let has: BTreeSet<String> = other.rows.iter().map(|r| other.id(r)).collect();
        self.rows.iter().filter(move |r| r.cells.iter().any(|c| !c.is_empty()) && !has.contains(&self.id(r)))
    }

    /// The row with its cells under the other's headings.
    fn moved(&self, row: &Row, to: &Self) -> Row {
        let mut cells = vec![String::new(); to.header.len()];
        for (name, text) in self.header.iter().zip(&row.cells) {
            let ours = [Column::Id, Column::Decision, Column::Remark].into_iter().find(|c| c.is(name));
            let at = ours.map_or_else(|| to.header.iter().position(|h| h == name), |column| to.at(column));
            if let Some(at) = at {
                cells[at].clone_from(text);
            }
        }
        Row { line: None, cells }
    }
}

fn rewrite(folder: &Path, change: impl FnOnce(&mut Decisions)) -> Result<Decisions, DecisionsError> {
    let path = folder.join(FILE);
    let lock_path = folder.join(LOCK);
    let lock = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&lock_path)
        .and_then(|file| file.lock().map(|()| file))
        .map_err(|e| files::failed(&lock_path, &e))?;
    let mut decisions = Decisions::read(folder)?.completed();
    change(&mut decisions);
    let bytes = decisions.bytes();
    files::replace(&path, |file| file.write_all(&bytes))?;
    drop(lock);
    Decisions::read(folder)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Id,
    Decision,
    Remark,
}

impl Column {
    fn is(self, heading: &str) -> bool {
        let heading = heading.trim();
        match self {
            Self::Id => ["编号", "问题编号"].contains(&heading),
            Self::Decision => ["决定", "处理", "处理决定"].contains(&heading),
            Self::Remark => ["备注", "说明"].contains(&heading),
        }
    }
}

fn decision(word: &str) -> Option<Decision> {
    Decision::ALL.into_iter().find(|d| d.word() == word)
}

/// Without the apostrophe that [`cell`] put before text.
fn unmarked(text: &str) -> String {
    match text.strip_prefix('\'') {
        Some(rest) if cell(rest) == text => rest.to_owned(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;
