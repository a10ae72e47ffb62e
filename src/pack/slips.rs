//! Slips of the pen in a pack's TOML: each told with its line, and mended so that the rest of the file can still be read.
//!
//! Only for a text that is no TOML: what a sound file may do (values over several lines) could be taken for a slip.

use super::mistake::Mistake;
use super::slips_value::Value;

/// A text with its slips mended, line for line, and the slips.
pub(super) struct Mended {
    pub(super) text: String,
    pub(super) slips: Vec<Mistake>,
}

/// A mended line: what counts, and the comment behind it.
#[derive(Default)]
struct Line {
    code: String,
    comment: String,
}

/// The text read so far.
#[derive(Default)]
struct Mender {
    lines: Vec<Line>,
    slips: Vec<Mistake>,
    /// The header above, and the key being read.
    table: String,
    key: String,
    /// Brackets still open, and the line of the first.
    open: Vec<char>,
    opened: usize,
}

pub(super) fn mend(source: &str) -> Mended {
    // Texts over several lines are left as they are: where they begin or end can't be told from a slip.
    if source.contains("\"\"\"") || source.contains("'''") {
        return Mended { text: source.to_owned(), slips: Vec::new() };
    }
    let mut mender = Mender { table: "文件开头".to_owned(), ..Mender::default() };
    for line in source.lines() {
        mender.read(line);
    }
    mender.close();
    let text = mender.lines.into_iter().map(|l| format!("{}{}\n", l.code, l.comment)).collect();
    Mended { text, slips: mender.slips }
}

impl Mender {
    /// Records a slip, on the line being read unless another is named.
    fn slip(&mut self, line: Option<usize>, found: impl Into<String>, expected: impl Into<String>) {
        self.slips.push(Mistake {
            line: line.unwrap_or(self.lines.len() + 1),
            table: self.table.clone(),
            key: self.key.clone(),
            found: found.into(),
            expected: expected.into(),
            nearest: None,
        });
    }

    fn push(&mut self, code: impl Into<String>, comment: impl Into<String>) {
        self.lines.push(Line { code: code.into(), comment: comment.into() });
    }

    fn read(&mut self, line: &str) {
        let line = line.replace('\u{3000}', " ");
        let trimmed = line.trim();
        if !self.open.is_empty() && begins_anew(trimmed) {
            self.close();
        }
        if !self.open.is_empty() {
            self.value("", &line);
        } else if trimmed.is_empty() || trimmed.starts_with('#') {
            self.push("", trimmed);
        } else if trimmed.starts_with(['[', '【', '［']) {
            self.header(trimmed);
        } else {
            self.entry(trimmed);
        }
    }

    /// Brackets that nothing closed: told where the first was opened, closed behind the last value.
    fn close(&mut self) {
        if self.open.is_empty() {
            return;
        }
        let closers: String = self.open.iter().rev().map(|c| if *c == '[' { ']' } else { '}' }).collect();
        self.slip(Some(self.opened), "括号没有配对", format!("在这一项的末尾加上半角的 {closers}"));
        self.open.clear();
        if let Some(line) = self.lines.iter_mut().rev().find(|l| !l.code.trim().is_empty()) {
            line.code.push_str(&closers);
        }
    }

    /// `[notice]`, `[[check.missing-seal]]`.
    fn header(&mut self, line: &str) {
        let (written, comment) = line.find('#').map_or((line, ""), |at| line.split_at(at));
        let written = written.trim();
        let half: String = written
            .chars()
            .map(|c| match c {
                '【' | '［' => '[',
                '】' | '］' => ']',
                '．' | '。' => '.',
                other => other,
            })
            .collect();
        let inner = half.trim_matches(['[', ']', ' ']);
        let before = half.chars().take_while(|c| *c == '[').count();
        let behind = half.chars().rev().take_while(|c| *c == ']').count();
        let depth = before.max(behind).clamp(1, 2);
        let parts: Vec<String> = inner.split('.').map(|part| bare_key(part.trim())).collect();
        let (left, right) = ("[".repeat(depth), "]".repeat(depth));
        self.table = format!("{left}{inner}{right}");
        self.key.clear();
        if half != written || before != behind || before > 2 {
            let right = self.table.clone();
            self.slip(None, format!("写着 {written}"), format!("{right}，都用半角"));
        }
        self.push(format!("{left}{}{right}", parts.join(".")), format!(" {comment}"));
    }

    /// `key = value`.
    fn entry(&mut self, line: &str) {
        let end = line.find(|c: char| c.is_whitespace() || "=＝:：\"“”'[【{".contains(c)).unwrap_or(line.len());
        let (key, rest) = line.split_at(end);
        let rest = rest.trim_start();
        self.key.clear();
        let sign = rest.chars().next();
        let begins_value = sign.is_some_and(|c| "\"“”'[【{0123456789".contains(c));
        if key.is_empty() || !(begins_value || sign.is_some_and(|c| "=＝:：".contains(c))) {
            let short: String = line.chars().take(20).collect();
            self.slip(None, format!("写着“{short}”"), "“键 = 值”，或以 # 开头的说明");
            return self.push("", format!("# {line}"));
        }
        self.key = key.to_owned();
        let value = match sign {
            Some('=') => &rest[1..],
            Some(c) if !begins_value => {
                self.slip(None, format!("写着“{c}”"), "半角的等号 =");
                &rest[c.len_utf8()..]
            }
            _ => {
                self.slip(None, "键和值之间没有等号", format!("{key} = {rest}"));
                rest
            }
        };
        let before = format!("{} = ", bare_key(key));
        if value.trim().is_empty() || value.trim().starts_with('#') {
            self.slip(None, "等号后面没有值", "一个值，或删去这一行");
            return self.push(format!("{before}\"\""), "");
        }
        self.value(&before, value.trim_start());
    }

    /// A value, or the part of one that stands on this line.
    fn value(&mut self, before: &str, written: &str) {
        if self.open.is_empty() {
            self.opened = self.lines.len() + 1;
        }
        let mut value = Value::new(written, std::mem::take(&mut self.open));
        value.read();
        let Value { code, comment, open, told, .. } = value;
        for (found, expected) in told {
            self.slip(None, found, expected);
        }
        self.open = open;
        self.push(format!("{before}{code}"), comment);
    }
}

/// Whether a line begins something new, whatever is still open above it. A list may go on with `["…`.
fn begins_anew(line: &str) -> bool {
    let header = line.trim_start_matches(['[', '【', '［']);
    let key: &str = line.split(['=', '＝']).next().unwrap_or_default().trim();
    let is_key = !key.is_empty() && key.len() < line.len() && key.chars().all(is_bare);
    is_key || (header.len() < line.len() && header.starts_with(char::is_alphabetic))
}

const fn is_bare(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}

/// A key as TOML wants it: in quotes where it has more than letters, figures and hyphens.
pub(super) fn bare_key(key: &str) -> String {
    if !key.is_empty() && key.chars().all(is_bare) {
        return key.to_owned();
    }
    format!("\"{}\"", key.replace(['"', '\\'], ""))
}

#[cfg(test)]
#[path = "slips_tests.rs"]
mod tests;
