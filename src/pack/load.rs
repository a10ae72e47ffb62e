//! Where rule packs come from: the ones built in and the office's own files.

use std::path::Path;

use encoding_rs::GB18030;
use thiserror::Error;
use toml::de::DeTable;

use super::citations;
use super::clauses::{Clause, Table, read_clauses};
use super::mistake::{Mistake, in_order};
use super::resolve;
use super::rules::RulePack;
use super::schema::{Log, Reader, nearest};
use super::shape::Shapes;
use super::syntax;

/// A pack inside the program: identifier, TOML source, clause table.
type Builtin = (&'static str, &'static str, &'static str);

macro_rules! builtin {
    ($id:literal) => {
        (
            $id,
            include_str!(concat!("../../checks/", $id, ".toml")),
            include_str!(concat!("../../checks/", $id, ".clauses.csv")),
        )
    };
}

const BUILTIN: &[Builtin] = &[
    builtin!("yangquan-bigdata-2024"),
    builtin!("changzhi-engineering-2022"),
    builtin!("xinzhou-engineering-2023"),
    builtin!("yangcheng-engineering-2021"),
    builtin!("jiaxing-engineering-2019"),
];

const BUILTIN_IDS: [&str; BUILTIN.len()] = {
    let mut ids = [""; BUILTIN.len()];
    let mut i = 0;
    while i < BUILTIN.len() {
        ids[i] = BUILTIN[i].0;
        i += 1;
    }
    ids
};

/// Why there is no rule pack to audit by.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PackError {
    #[error("没有名为“{id}”的规则包{}。内置的规则包有：{}；自己的规则包请写出 .toml 文件的路径", hint(.nearest.as_deref()), BUILTIN_IDS.join("、"))]
    Unknown { id: String, nearest: Option<String> },
    #[error("规则包文件“{file}”打不开：{reason}。请检查路径和读取权限")]
    Io { file: String, reason: String },
    #[error("文件“{file}”不是 UTF-8 文字。请用记事本打开它，选“文件”→“另存为”，把“编码”改为 UTF-8 再保存")]
    NotText { file: String },
    #[error("条款表“{file}”打不开：{reason}。请检查读取权限，或移走这个文件")]
    TableIo { file: String, reason: String },
    #[error("条款表“{file}”有 {} 处错误：\n{}\n请改正，或移走这个文件", .mistakes.len(), numbered(.mistakes))]
    Clauses { file: String, mistakes: Vec<Mistake> },
    #[error("规则包“{file}”有 {} 处错误：\n{}", .mistakes.len(), numbered(.mistakes))]
    Invalid { file: String, mistakes: Vec<Mistake> },
}

fn hint(nearest: Option<&str>) -> String {
    nearest.map_or(String::new(), |n| format!("（是否想写“{n}”？）"))
}

fn numbered(mistakes: &[Mistake]) -> String {
    mistakes.iter().enumerate().map(|(i, m)| format!("  {}. {m}", i + 1)).collect::<Vec<_>>().join("\n")
}

/// Identifiers of the packs inside the program.
#[must_use]
pub fn builtin_ids() -> &'static [&'static str] {
    &BUILTIN_IDS
}

/// The TOML text of a built-in pack; empty for an unknown identifier.
#[must_use]
pub fn source(id: &str) -> &'static str {
    builtin(id).map_or("", |(_, text, _)| text)
}

fn builtin(id: &str) -> Option<&'static Builtin> {
    BUILTIN.iter().find(|(known, ..)| *known == id)
}

/// The clause table of a built-in pack, or the one beside a pack's file (`mine.toml`, `mine.clauses.csv`); none where
/// there is no such file.
///
/// # Errors
/// Says in Chinese what is wrong with the table, all at once.
pub fn clauses(id_or_path: &str) -> Result<Option<Vec<Clause>>, PackError> {
    let Some(table) = table(id_or_path)? else { return Ok(None) };
    let file = table_path(id_or_path).display().to_string();
    if table.mistakes.is_empty() {
        Ok(Some(table.clauses))
    } else {
        Err(PackError::Clauses { file, mistakes: table.mistakes })
    }
}

fn table(id_or_path: &str) -> Result<Option<Table>, PackError> {
    let path = table_path(id_or_path);
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    Ok(clause_table(id_or_path)?.map(|text| read_clauses(&file, &text)))
}

/// The text of a pack's clause table, with the byte order mark by which Excel knows UTF-8; none where there is no such
/// file. A table that Excel saved as plain CSV is GBK.
///
/// # Errors
/// Says in Chinese why the file can't be read.
pub fn clause_table(id_or_path: &str) -> Result<Option<String>, PackError> {
    let marked = |text: &str| Some(format!("\u{feff}{}", text.trim_start_matches('\u{feff}')));
    if let Some((_, _, table)) = builtin(id_or_path) {
        return Ok(marked(table));
    }
    let path = table_path(id_or_path);
    let file = || path.display().to_string();
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(PackError::TableIo { file: file(), reason: reason(&e) }),
    };
    let text = std::str::from_utf8(&bytes).map_or_else(
        |_| GB18030.decode_without_bom_handling_and_without_replacement(&bytes).map(std::borrow::Cow::into_owned),
        |text| Some(text.to_owned()),
    );
    text.map_or_else(|| Err(PackError::NotText { file: file() }), |text| Ok(marked(&text)))
}

fn table_path(id_or_path: &str) -> std::path::PathBuf {
    Path::new(id_or_path).with_extension("clauses.csv")
}

/// Loads a built-in pack by its identifier, or the file at a path (one that ends in `.toml` or exists).
///
/// # Errors
/// Says in Chinese what is wrong, where, and what to do; an invalid pack lists every mistake.
pub fn load(id_or_path: &str) -> Result<RulePack, PackError> {
    let text = source(id_or_path);
    if !text.is_empty() {
        return parse_citing(id_or_path, text, table(id_or_path)?);
    }
    let path = Path::new(id_or_path);
    let is_toml = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("toml"));
    if !is_toml && !path.is_file() {
        return Err(PackError::Unknown {
            id: id_or_path.to_owned(),
            nearest: nearest(id_or_path, BUILTIN_IDS.into_iter()),
        });
    }
    let file = id_or_path.to_owned();
    let bytes = std::fs::read(path).map_err(|e| PackError::Io { file: file.clone(), reason: reason(&e) })?;
    let text = String::from_utf8(bytes).map_err(|_| PackError::NotText { file: file.clone() })?;
    parse_citing(&file, text.strip_prefix('\u{feff}').unwrap_or(&text), table(id_or_path)?)
}

/// Reads a pack from its text; `file` names it in messages.
///
/// # Errors
/// As [`load`].
pub fn parse(file: &str, text: &str) -> Result<RulePack, PackError> {
    parse_citing(file, text, None)
}

/// As [`parse`]; what the pack cites must be in the clause table, where there is one.
fn parse_citing(file: &str, text: &str, table: Option<Table>) -> Result<RulePack, PackError> {
    let read = syntax::read(text);
    let mut mistakes = read.mistakes;
    let mut pack = RulePack::default();
    let faithful = DeTable::parse(&read.text).ok().filter(|_| read.whole);
    if let Some(root_table) = faithful {
        let log = Log::new(&read.text);
        let root = Reader::new(&log, root_table.get_ref());
        pack = resolve::pack(&root);
        root.finish();
        let mut found = log.into_mistakes();
        let written = citations::of_checks(root_table.get_ref(), &read.text);
        // Of a table that has no row to show, every citation would be unknown.
        if let Some(table) = table.as_ref().filter(|t| !t.clauses.is_empty()) {
            found.extend(citations::unknown(root_table.get_ref(), &read.text, &written, &table.clauses));
        }
        pack.citations = written.into_iter().map(|w| w.citation).collect();
        // What a slip left of a value is of the wrong kind; the slip itself has been told.
        let told: Vec<usize> = mistakes.iter().map(|m| m.line).collect();
        let follows = |m: &Mistake| ["写成了", "写着数字", "是空的"].iter().any(|f| m.found.starts_with(f));
        found.retain(|m| !(told.contains(&m.line) && follows(m)));
        mistakes.extend(found);
    }
    let mut mistakes = in_order(mistakes);
    mistakes.extend(table.into_iter().flat_map(|t| t.mistakes));
    if mistakes.is_empty() { Ok(pack) } else { Err(PackError::Invalid { file: file.to_owned(), mistakes }) }
}

/// The shape of rule packs as a JSON Schema for editors, from the code that reads them.
#[must_use]
pub fn schema() -> serde_json::Value {
    let mut shapes = Shapes::default();
    for (id, text, _) in BUILTIN {
        let table = DeTable::parse(text).unwrap_or_else(|e| panic!("{id}: {e}"));
        let log = Log::new(text);
        let root = Reader::new(&log, table.get_ref());
        resolve::pack(&root);
        shapes.join(log.take_shapes());
    }
    shapes.schema()
}

/// Every text that judging by a pack depends on: its own, its clause table, how materials are recognised, days off.
///
/// # Errors
/// As [`load`], where a file of the office's own can't be read.
pub fn texts(id_or_path: &str) -> Result<[Vec<u8>; 4], PackError> {
    let own = match source(id_or_path) {
        "" => {
            std::fs::read(id_or_path).map_err(|e| PackError::Io { file: id_or_path.to_owned(), reason: reason(&e) })?
        }
        text => text.as_bytes().to_vec(),
    };
    let table = clause_table(id_or_path)?.unwrap_or_default().into_bytes();
    Ok([own, table, super::known::SOURCE.as_bytes().to_vec(), super::calendar::SOURCE.as_bytes().to_vec()])
}

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "没有这个文件".to_owned(),
        std::io::ErrorKind::PermissionDenied => "没有读取权限".to_owned(),
        kind => format!("系统报告 {kind}"),
    }
}

#[cfg(test)]
#[path = "load_tests.rs"]
mod tests;
