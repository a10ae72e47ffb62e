//! Where rule packs come from: the ones built in and the office's own files.

use std::path::Path;

use thiserror::Error;
use toml::de::DeTable;

use super::citations;
use super::clauses::{Clause, read_clauses};
use super::resolve;
use super::rules::RulePack;
use super::schema::{Log, Mistake, Reader, line_of, nearest};
use super::shape::Shapes;

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
    #[error("规则包文件“{file}”不是 UTF-8 文字。请用记事本另存为 UTF-8 编码")]
    NotText { file: String },
    #[error("规则包文件“{file}”第 {line} 行写法有误：{reason}")]
    Syntax { file: String, line: usize, reason: String },
    #[error("条款表“{file}”有误：{reason}。请改正，或移走这个文件")]
    Clauses { file: String, reason: String },
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
/// Says in Chinese what is wrong with the table.
pub fn clauses(id_or_path: &str) -> Result<Option<Vec<Clause>>, PackError> {
    let bad = |reason| PackError::Clauses { file: table_path(id_or_path).display().to_string(), reason };
    clause_table(id_or_path)?.map(|text| read_clauses(text.as_bytes()).map_err(bad)).transpose()
}

/// The text of a pack's clause table; none where there is no such file.
///
/// # Errors
/// Says in Chinese why the file can't be read.
pub fn clause_table(id_or_path: &str) -> Result<Option<String>, PackError> {
    if let Some((_, _, table)) = builtin(id_or_path) {
        return Ok(Some((*table).to_owned()));
    }
    let path = table_path(id_or_path);
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text)),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) if e.kind() == std::io::ErrorKind::InvalidData => {
            Err(PackError::NotText { file: path.display().to_string() })
        }
        Err(e) => Err(PackError::Clauses { file: path.display().to_string(), reason: reason(&e) }),
    }
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
        return parse_citing(id_or_path, text, clauses(id_or_path)?.as_deref());
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
    parse_citing(&file, text.strip_prefix('\u{feff}').unwrap_or(&text), clauses(id_or_path)?.as_deref())
}

/// Reads a pack from its text; `file` names it in messages.
///
/// # Errors
/// As [`load`].
pub fn parse(file: &str, text: &str) -> Result<RulePack, PackError> {
    parse_citing(file, text, None)
}

/// As [`parse`]; what the pack cites must be in the clause table, where there is one.
fn parse_citing(file: &str, text: &str, clauses: Option<&[Clause]>) -> Result<RulePack, PackError> {
    let table = DeTable::parse(text).map_err(|e| PackError::Syntax {
        file: file.to_owned(),
        line: line_of(text, e.span().map_or(0, |s| s.start)),
        reason: syntax(e.message()),
    })?;
    let log = Log::new(text);
    let root = Reader::new(&log, table.get_ref());
    let mut pack = resolve::pack(&root);
    root.finish();
    let written = citations::of_checks(table.get_ref(), text);
    let mut mistakes = log.into_mistakes();
    if let Some(clauses) = clauses {
        mistakes.extend(citations::unknown(table.get_ref(), text, &written, clauses));
        mistakes.sort_by_key(|m| m.line);
    }
    pack.citations = written.into_iter().map(|w| w.citation).collect();
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

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "没有这个文件".to_owned(),
        std::io::ErrorKind::PermissionDenied => "没有读取权限".to_owned(),
        kind => format!("系统报告 {kind}"),
    }
}

/// The parser's English sentence, in the clerk's words.
fn syntax(message: &str) -> String {
    if message.contains("duplicate") {
        "同一个键或表写了两次，请删去一个".to_owned()
    } else if message.contains("string") || message.contains("quot") {
        "引号不成对，或文字里有未转义的引号、反斜线".to_owned()
    } else {
        "不合 TOML 写法，请检查引号、括号、逗号和等号是否成对、齐全（须为半角）".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A small sound pack; tests break one thing at a time.
    const SOUND: &str = r#"
id = "demo"
version = "1"
[notice]
title = "通知"
year = 2024
levels = ["工程师"]
[[volume]]
name = "评审材料"
titles = ["评审材料"]
[[category]]
name = "第一"
titles = ["第一"]
volume = "评审材料"
order = ["education-certificate", ["paper", "paper-index-page"]]
[[material]]
material = "education-certificate"
name = "学历证书"
category = "第一"
titles = ["毕业证书"]
[[material]]
material = "review-form"
name = "评审表"
titles = ["评审表"]
[[form]]
material = "review-form"
[[form.place]]
id = "photo"
name = "相片"
kind = "photo"
labels = ["相片"]
[[form.field]]
labels = ["时间"]
kind = "date"
[[check.missing-photo]]
clause = "一"
required = "要贴照片。"
severity = "correct"
material = "review-form"
place = "photo"
[[check.missing-seal]]
clause = "二"
required = "要盖章。"
severity = "correct"
material = ["education-certificate"]
seal = "单位公章"
"#;

    fn mistakes(text: &str) -> Vec<String> {
        match parse("demo.toml", text) {
            Err(PackError::Invalid { mistakes, .. }) => mistakes.iter().map(ToString::to_string).collect(),
            other => panic!("expected mistakes, got {other:?}"),
        }
    }

    fn broken(from: &str, to: &str) -> String {
        assert!(SOUND.contains(from), "the sound pack has {from}");
        mistakes(&SOUND.replacen(from, to, 1)).join("\n")
    }

    #[test]
    fn every_builtin_pack_loads_under_its_own_id() {
        for id in builtin_ids() {
            let pack = load(id).unwrap_or_else(|e| panic!("{e}"));
            assert_eq!(pack.id, *id);
            assert!(!pack.checks.missing_material.is_empty() && !pack.checks.missing_seal.is_empty());
            assert_eq!(pack.checks.intake.len(), 7);
            assert!(source(id).contains("（裁定）"), "{id} repeats the decisions");
        }
    }

    #[test]
    fn categories_and_volumes_resolve_to_indices() {
        let pack = parse("demo.toml", SOUND).expect("the pack is sound");
        assert_eq!(pack.categories[0].order.len(), 2);
        assert_eq!(pack.categories[0].order[1].len(), 2);
        assert_eq!(pack.materials[0].volume, Some(0), "taken from the category");
        assert_eq!(pack.materials[1].volume, None);
    }

    #[test]
    fn an_unknown_key_names_its_line_and_the_nearest_valid_one() {
        let said = broken("titles = [\"毕业证书\"]", "titels = [\"毕业证书\"]");
        assert!(said.contains("第 20 行，[[material]] 第 1 项，键 titels：不认识的键"), "{said}");
        assert!(said.contains("是否想写“titles”？"), "{said}");
    }

    #[test]
    fn names_that_do_not_exist_are_refused_with_a_hint() {
        let cases = [
            ("\"paper\",", "\"papers\",", "写着“papers”；应为材料代码", "是否想写“paper”？"),
            ("levels = [\"工程师\"]", "levels = [\"工程帅\"]", "写着“工程帅”；应为申报级别", "是否想写“工程师”？"),
            (
                "volume = \"评审材料\"\norder",
                "volume = \"评审资料\"\norder",
                "写着“评审资料”；应为册名",
                "是否想写“评审材料”？",
            ),
            ("place = \"photo\"", "place = \"foto\"", "写着“foto”；应为review-form 的位置：photo", "photo"),
            ("severity = \"correct\"", "severity = \"corect\"", "写着“corect”；应为程度", "是否想写“correct”？"),
            ("[[check.missing-photo]]", "[[check.missing-foto]]", "不认识的键", "是否想写“missing-photo”？"),
        ];
        for (from, to, seen, hint) in cases {
            let said = broken(from, to);
            assert!(said.contains(seen) && said.contains(hint), "{to}: {said}");
        }
    }

    #[test]
    fn missing_and_repeated_things_are_refused() {
        let cases = [
            ("clause = \"二\"\n", "", "键 clause：缺少这一项"),
            ("clause = \"二\"", "clause = \"\"", "键 clause：是空的"),
            ("year = 2024", "year = \"2024\"", "键 year：写成了文字；应为0 到 65535 的整数"),
            ("titles = [\"毕业证书\"]", "titles = \"毕业证书\"", "键 titles：写成了文字；应为方括号括起的一列文字"),
            (
                "[[form.field]]",
                "[[form.place]]\nid = \"photo\"\nname = \"照片\"\nkind = \"photo\"\nlabels = [\"照片\"]\n[[form.field]]",
                "“photo”重复",
            ),
            ("[[category]]", "[[volume]]\nname = \"评审材料\"\ntitles = [\"卷\"]\n[[category]]", "“评审材料”重复"),
            ("material = [\"education-certificate\"]", "material = [\"labour-contract\"]", "没有它的 [[material]] 表"),
            ("material = [\"education-certificate\"]", "material = []", "没有列出任何一项"),
        ];
        for (from, to, seen) in cases {
            let said = broken(from, to);
            assert!(said.contains(seen), "{to}: {said}");
        }
    }

    #[test]
    fn all_mistakes_come_at_once_in_the_order_of_the_file() {
        let text = SOUND
            .replace("levels = [\"工程师\"]", "levels = [\"师\"]")
            .replace("seal = \"单位公章\"", "seel = \"单位公章\"");
        let said = mistakes(&text);
        assert_eq!(said.len(), 3, "{said:?}");
        assert!(
            said[0].contains("levels") && said[1].contains("键 seal：缺少这一项") && said[2].contains("键 seel"),
            "{said:?}"
        );
    }

    #[test]
    fn syntax_files_and_ids_say_what_to_do() {
        assert!(matches!(parse("x.toml", "id = \"a\nversion = 1"), Err(PackError::Syntax { line: 1, .. })));
        let said = parse("x.toml", "id = 1\nid = 2").expect_err("the key is repeated").to_string();
        assert!(said.contains("第 2 行") && said.contains("写了两次"), "{said}");
        let said = load("yangquan-bigdata-2042").expect_err("no such pack").to_string();
        assert!(said.contains("是否想写“yangquan-bigdata-2024”？"), "{said}");
        assert!(load("nowhere/none.toml").expect_err("no such file").to_string().contains("没有这个文件"));
    }

    #[test]
    fn a_file_loads_like_the_builtin_pack_even_with_a_byte_order_mark() {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let path = folder.path().join("mine.toml");
        std::fs::write(&path, format!("\u{feff}{}", source("yangquan-bigdata-2024"))).expect("a written file");
        let mine = load(path.to_str().expect("a plain path")).expect("a sound pack");
        assert_eq!(mine, load("yangquan-bigdata-2024").expect("a sound pack"));
    }
}
