//! A rule pack as written: TOML tables read key by key, every mistake kept with its place instead of stopping at the first.

use std::cell::RefCell;

use super::choice::meant;
pub(super) use super::choice::{Choice, nearest};
use super::mistake::{Mistake, in_order, line_of};
use super::shape::{Shape, Shapes};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The source text and the mistakes found in it so far.
pub(super) struct Log<'a> {
    source: &'a str,
    mistakes: RefCell<Vec<Mistake>>,
    /// What was asked of each kind of table, valid or not.
    shapes: RefCell<Shapes>,
}

impl<'a> Log<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        Self { source, mistakes: RefCell::default(), shapes: RefCell::default() }
    }

    pub(super) fn take_shapes(&self) -> Shapes {
        self.shapes.take()
    }

    /// All mistakes, in the file's order.
    pub(super) fn into_mistakes(self) -> Vec<Mistake> {
        in_order(self.mistakes.into_inner())
    }
}

/// So many valid names are listed in a message.
const LISTED: usize = 12;
/// What a text must be.
const QUOTED: &str = "加引号的文字";

/// One table being read. Keys asked for are the keys it may hold; [`Reader::finish`] reports all others.
pub(super) struct Reader<'a> {
    log: &'a Log<'a>,
    table: &'a DeTable<'a>,
    path: String,
    /// The same place in any pack: `check.missing-seal.when`.
    kind: String,
    line: usize,
    asked: RefCell<Vec<&'static str>>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(log: &'a Log<'a>, table: &'a DeTable<'a>) -> Self {
        log.shapes.borrow_mut().visit("");
        Self { log, table, path: "文件开头".to_owned(), kind: String::new(), line: 1, asked: RefCell::default() }
    }

    /// Records a mistake; at the key's own line where the key is there.
    pub(super) fn mistake(
        &self,
        key: &str,
        found: impl Into<String>,
        expected: impl Into<String>,
        nearest: Option<String>,
    ) {
        let line = self
            .table
            .iter()
            .find(|(k, _)| k.get_ref() == key)
            .map_or(self.line, |(k, _)| line_of(self.log.source, k.span().start));
        self.push(line, key, found.into(), expected.into(), nearest);
    }

    fn push(&self, line: usize, key: &str, found: String, expected: String, nearest: Option<String>) {
        self.log.mistakes.borrow_mut().push(Mistake {
            line,
            table: self.path.clone(),
            key: key.to_owned(),
            found,
            expected,
            nearest,
        });
    }

    fn note(&self, key: &'static str, shape: Shape) {
        self.log.shapes.borrow_mut().note(&self.kind, key, shape, false);
    }

    fn require(&self, key: &'static str, shape: Shape) {
        self.log.shapes.borrow_mut().note(&self.kind, key, shape, true);
    }

    fn value(&self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.asked.borrow_mut().push(key);
        self.table.get(key)
    }

    fn wrong_type(&self, key: &str, at: &Spanned<DeValue<'_>>, expected: &str) {
        let line = line_of(self.log.source, at.span().start);
        let found = match at.get_ref() {
            DeValue::Integer(number) => format!("写着数字 {}", number.as_str()),
            DeValue::Float(number) => format!("写着数字 {}", number.as_str()),
            other => format!("写成了{}", kind(other)),
        };
        self.push(line, key, found, expected.to_owned(), None);
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// A text that may be left out.
    pub(super) fn optional(&self, key: &'static str) -> Option<String> {
        self.note(key, Shape::Text);
        let value = self.value(key)?;
        if let Some(text) = value.get_ref().as_str() {
            return Some(text.to_owned());
        }
        self.wrong_type(key, value, QUOTED);
        None
    }

    /// A text that must be there and not be empty; empty after a mistake.
    pub(super) fn text(&self, key: &'static str) -> String {
        self.require(key, Shape::Text);
        match self.optional(key) {
            Some(text) if !text.trim().is_empty() => text,
            Some(_) => {
                self.mistake(key, "是空的", QUOTED, None);
                String::new()
            }
            None => {
                if !self.has(key) {
                    self.mistake(key, "缺少这一项", QUOTED, None);
                }
                String::new()
            }
        }
    }

    /// A list of texts with their places; empty when left out.
    fn list(&self, key: &'static str) -> Vec<(&'a str, usize)> {
        self.note(key, Shape::Texts);
        let Some(value) = self.value(key) else { return Vec::new() };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong_type(key, value, "方括号括起的一列文字");
            return Vec::new();
        };
        let mut out = Vec::new();
        for item in array {
            match item.get_ref().as_str() {
                Some(text) if !text.trim().is_empty() => out.push((text, line_of(self.log.source, item.span().start))),
                _ => self.wrong_type(key, item, "加引号的、不空的文字"),
            }
        }
        out
    }

    pub(super) fn texts(&self, key: &'static str) -> Vec<String> {
        self.list(key).into_iter().map(|(t, _)| t.to_owned()).collect()
    }

    /// A list that must name at least one.
    pub(super) fn some_texts(&self, key: &'static str) -> Vec<String> {
        self.require(key, Shape::Texts);
        let out = self.texts(key);
        if out.is_empty() {
            self.mistake(key, "没有列出任何一项", "至少一项文字", None);
        }
        out
    }

    fn choose<T: Copy>(&self, key: &str, name: &str, line: usize, choice: &Choice<T>) -> Option<T> {
        let found = choice.find(name);
        if found.is_none() {
            let expected = if choice.options.is_empty() {
                format!("{}（本文件没有列出任何一个）", choice.what)
            } else {
                format!("{}：{}", choice.what, choice.listed(LISTED))
            };
            self.push(line, key, format!("写着“{name}”"), expected, choice.meant(name));
        }
        found
    }

    /// One name that may be left out.
    pub(super) fn pick_optional<T: Copy>(&self, key: &'static str, choice: &Choice<T>) -> Option<T> {
        self.note(key, Shape::Name(choice.written()));
        let name = self.optional(key)?;
        let line = self.table.get(key).map_or(self.line, |v| line_of(self.log.source, v.span().start));
        self.choose(key, &name, line, choice)
    }

    /// One name that must be there.
    pub(super) fn pick<T: Copy>(&self, key: &'static str, choice: &Choice<T>) -> Option<T> {
        self.require(key, Shape::Name(choice.written()));
        if !self.has(key) {
            self.asked.borrow_mut().push(key);
            self.mistake(key, "缺少这一项", choice.what, None);
        }
        self.pick_optional(key, choice)
    }

    /// A list of names; empty when left out.
    pub(super) fn picks<T: Copy>(&self, key: &'static str, choice: &Choice<T>) -> Vec<T> {
        self.note(key, Shape::Names(choice.written()));
        self.list(key).into_iter().filter_map(|(name, line)| self.choose(key, name, line, choice)).collect()
    }

    /// A list that must name at least one.
    pub(super) fn some_picks<T: Copy>(&self, key: &'static str, choice: &Choice<T>) -> Vec<T> {
        self.require(key, Shape::Names(choice.written()));
        if self.table.get(key).is_none_or(|v| v.get_ref().as_array().is_some_and(|a| a.is_empty())) {
            self.mistake(key, "没有列出任何一项", format!("至少一个{}", choice.what), None);
        }
        self.picks(key, choice)
    }

    /// A list whose members are names or lists of names of equal rank.
    pub(super) fn ranks<T: Copy>(&self, key: &'static str, choice: &Choice<T>) -> Vec<Vec<T>> {
        self.note(key, Shape::Ranks(choice.written()));
        let Some(value) = self.value(key) else { return Vec::new() };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong_type(key, value, "方括号括起的一列材料代码");
            return Vec::new();
        };
        let mut out = Vec::new();
        for item in array {
            let members: Vec<&Spanned<DeValue<'_>>> =
                item.get_ref().as_array().map_or_else(|| vec![item], |a| a.iter().collect());
            let mut rank = Vec::new();
            for member in members {
                match member.get_ref().as_str() {
                    Some(name) => {
                        rank.extend(self.choose(key, name, line_of(self.log.source, member.span().start), choice))
                    }
                    None => self.wrong_type(key, member, choice.what),
                }
            }
            out.push(rank);
        }
        out
    }

    fn parsed<T: std::str::FromStr>(&self, key: &'static str, default: Option<T>, expected: &str) -> Option<T> {
        let Some(value) = self.value(key) else {
            if default.is_none() {
                self.mistake(key, "缺少这一项", expected, None);
            }
            return default;
        };
        let number = match value.get_ref() {
            DeValue::Integer(n) if n.radix() == 10 => n.as_str().parse().ok(),
            DeValue::Float(n) => n.as_str().parse().ok(),
            _ => None,
        };
        if number.is_none() {
            self.wrong_type(key, value, expected);
        }
        number.or(default)
    }

    /// A whole number from 0 to 65535. After a mistake 1, with which no later rule finds fault.
    pub(super) fn number(&self, key: &'static str, default: Option<u16>) -> u16 {
        self.log.shapes.borrow_mut().note(&self.kind, key, Shape::Whole, default.is_none());
        self.parsed(key, default, "0 到 65535 的整数，不加引号").unwrap_or(1)
    }

    /// A share from 0 to 1.
    pub(super) fn share(&self, key: &'static str, default: f32) -> f32 {
        self.note(key, Shape::Share);
        let share = self.parsed(key, Some(default), "0 到 1 的小数，不加引号").unwrap_or(default);
        if !(0.0..=1.0).contains(&share) {
            self.mistake(key, format!("写着 {share}"), "0 到 1 的小数", None);
        }
        share
    }

    /// A pair of whole numbers, least and most.
    pub(super) fn range(&self, key: &'static str, default: (u16, u16)) -> (u16, u16) {
        self.note(key, Shape::Range);
        let Some(value) = self.value(key) else { return default };
        let numbers: Option<Vec<u16>> = value
            .get_ref()
            .as_array()
            .and_then(|a| a.iter().map(|n| n.get_ref().as_integer().and_then(|n| n.as_str().parse().ok())).collect());
        match numbers.as_deref() {
            Some([least, most]) if least <= most && *most > 0 => (*least, *most),
            Some(other) => {
                let expected = "[最少页数, 最多页数]，前者不大于后者，如 [1, 4]";
                self.mistake(key, format!("写着 {other:?}"), expected, None);
                default
            }
            None => {
                self.wrong_type(key, value, "[最少页数, 最多页数]，如 [1, 4]");
                default
            }
        }
    }

    pub(super) fn flag(&self, key: &'static str) -> bool {
        self.note(key, Shape::Flag);
        let Some(value) = self.value(key) else { return false };
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.wrong_type(key, value, "true 或 false");
            false
        })
    }

    fn child(&self, table: &'a DeTable<'a>, key: &str, offset: usize, path: String) -> Self {
        let kind = if self.kind.is_empty() { key.to_owned() } else { format!("{}.{key}", self.kind) };
        self.log.shapes.borrow_mut().visit(&kind);
        Reader { log: self.log, table, path, kind, line: line_of(self.log.source, offset), asked: RefCell::default() }
    }

    /// A subtable that may be left out.
    pub(super) fn table(&self, key: &'static str) -> Option<Self> {
        self.note(key, Shape::Table);
        let value = self.value(key)?;
        let Some(table) = value.get_ref().as_table() else {
            self.wrong_type(key, value, "一个表");
            return None;
        };
        let path = if self.path == "文件开头" { format!("[{key}]") } else { format!("{} 的 {key}", self.path) };
        Some(self.child(table, key, value.span().start, path))
    }

    /// An array of tables; empty when left out. `full` is how the file heads each: `check.missing-seal`.
    pub(super) fn tables(&self, key: &'static str, full: &str) -> Vec<Self> {
        self.note(key, Shape::Tables);
        let Some(value) = self.value(key) else { return Vec::new() };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong_type(key, value, &format!("以 [[{full}]] 开头的若干表"));
            return Vec::new();
        };
        let mut out = Vec::new();
        for (i, item) in array.iter().enumerate() {
            match item.get_ref().as_table() {
                Some(table) => {
                    out.push(self.child(table, key, item.span().start, format!("[[{full}]] 第 {} 项", i + 1)))
                }
                None => self.wrong_type(key, item, "一个表"),
            }
        }
        out
    }

    /// Reports every key nobody asked for.
    pub(super) fn finish(self) {
        self.finish_called(&[]);
    }

    /// As [`Self::finish`]; `called` says what people call some keys: the key, then the word.
    pub(super) fn finish_called(self, called: &[(String, String)]) {
        let asked = self.asked.borrow();
        for (key, _) in self.table {
            if asked.iter().any(|a| *a == key.get_ref().as_ref()) {
                continue;
            }
            let mut valid = asked.clone();
            valid.sort_unstable();
            valid.dedup();
            let near = meant(key.get_ref(), valid.iter().copied(), called);
            self.mistake(key.get_ref(), "不认识的键", format!("其中之一：{}", valid.join("、")), near);
        }
    }
}

/// What a value is, in words.
fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(s) if s.trim().is_empty() => "空的文字",
        DeValue::String(_) => "文字",
        DeValue::Integer(_) | DeValue::Float(_) => "数字",
        DeValue::Boolean(_) => "真假值",
        DeValue::Datetime(_) => "日期",
        DeValue::Array(_) => "一列（方括号）",
        DeValue::Table(_) => "一个表",
    }
}
