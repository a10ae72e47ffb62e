//! `rules`: which packs there are, what they say, what they leave to people, and next year's.

use std::path::Path;

use anyhow::Context;

use super::args::{RulesAction, RulesArgs};
use super::say;
use crate::outcome::Outcome;
use crate::pack::{self, Automatable, Covered};

pub(super) fn run(args: &RulesArgs) -> anyhow::Result<Outcome> {
    match &args.action {
        RulesAction::List => {
            for id in pack::builtin_ids() {
                let rules = pack::load(id)?;
                say(&format!("{:28}{}（{}）\n", id, rules.notice.title, rules.notice.year))?;
            }
        }
        RulesAction::Show { id, coverage: true } => say(&covered(id)?)?,
        RulesAction::Show { id, coverage: false } => {
            // An unknown name is told with the nearest one.
            pack::load(id)?;
            say(&text_of(id)?)?;
        }
        RulesAction::Check { file } => {
            let rules = pack::load(&file.to_string_lossy())?;
            say(&format!(
                "规则包 {} 没有错误：{} 种材料，{} 类，{} 册\n",
                rules.id,
                rules.materials.len(),
                rules.categories.len(),
                rules.volumes.len()
            ))?;
        }
        RulesAction::New { id, from } => say(&renew(id, from)?)?,
    }
    Ok(Outcome::Done)
}

fn text_of(id_or_path: &str) -> anyhow::Result<String> {
    let built_in = pack::source(id_or_path);
    if !built_in.is_empty() {
        return Ok(built_in.to_owned());
    }
    std::fs::read_to_string(id_or_path).with_context(|| format!("读不出规则包文件“{id_or_path}”"))
}

fn covered(id: &str) -> anyhow::Result<String> {
    let rules = pack::load(id)?;
    let Some(clauses) = pack::clauses(id)? else {
        anyhow::bail!("规则包“{id}”旁边没有条款表（同名的 .clauses.csv），无从逐条对照。可照内置规则包的条款表写一份");
    };
    let rows = pack::coverage(&rules, &clauses);
    let count = |f: fn(&Covered<'_>) -> bool| rows.iter().filter(|c| f(c)).count();
    let mut out = format!(
        "{}：通知共 {} 条要求；程序判断 {} 条（其中 {} 条还须人工核对一部分），只由人核对 {} 条，尚无着落 {} 条\n\n",
        rules.id,
        rows.len(),
        count(|c| !c.by.is_empty()),
        count(|c| !c.by.is_empty() && (c.person.is_some() || c.clause.automatable == Automatable::Partial)),
        count(|c| c.by.is_empty() && c.person.is_some()),
        count(|c| c.is_open()),
    );
    for row in &rows {
        out.push_str(&format!("{}  {}\n", row.clause.number, row.clause.quote.replace('\n', " ")));
        if !row.by.is_empty() {
            let by: Vec<String> = row.by.iter().map(|c| format!("{}（{}）", c.name(), c.id())).collect();
            out.push_str(&format!("    程序检查：{}\n", by.join("、")));
        }
        if let Some(why) = row.person {
            out.push_str(&format!("    由人核对：{why}\n"));
        } else if row.is_open() {
            out.push_str("    尚无着落：规则包里没有检查项引用这一条，也没有说明为何由人核对\n");
        }
    }
    Ok(out)
}

/// Writes next year's pack and its clause table into the current folder; files already there are never overwritten.
fn renew(id: &str, from: &str) -> anyhow::Result<String> {
    pack::load(from)?;
    let text = pack::renewed(&text_of(from)?, id);
    let file = format!("{id}.toml");
    pack::parse(&file, &text)?;
    write_new(Path::new(&file), &text)?;
    let mut out = format!("已写出 {file}");
    if let Some(table) = pack::clause_table(from)? {
        let beside = format!("{id}.clauses.csv");
        write_new(Path::new(&beside), &table)?;
        out.push_str(&format!("、{beside}（条款表）"));
    }
    out.push_str("。接下来：\n  1. 用记事本打开，改 [notice] 的标题、文号、年度，再逐行核对下列写有年份的地方：\n");
    for dated in pack::dated_lines(&text) {
        let shown: String = dated.text.chars().take(60).collect();
        let more = if dated.text.chars().count() > 60 { "…" } else { "" };
        out.push_str(&format!("     第 {} 行  {shown}{more}\n", dated.line));
    }
    out.push_str(&format!("  2. 改完运行：material-audit rules check {file}\n  3. 审核时写：--rules {file}\n"));
    Ok(out)
}

fn write_new(path: &Path, text: &str) -> anyhow::Result<()> {
    use std::io::Write;
    let mut file = std::fs::File::create_new(path).map_err(|e| match e.kind() {
        std::io::ErrorKind::AlreadyExists => {
            anyhow::anyhow!("{} 已经存在，没有改动它；请换一个名称，或先移走它", path.display())
        }
        _ => anyhow::anyhow!("写不出 {}：{e}。请换一个可写的文件夹再运行", path.display()),
    })?;
    file.write_all(text.as_bytes()).with_context(|| format!("{} 没有写完", path.display()))
}
