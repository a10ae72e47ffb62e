//! A pack's text as TOML, with what is wrong in the writing of it.

use toml::de::DeTable;

use super::mistake::{Mistake, line_of};
use super::slips::mend;

/// A text that parses, as far as it could be mended.
pub(super) struct Read {
    /// Line for line the text read, slips mended and repeated keys left out.
    pub(super) text: String,
    pub(super) mistakes: Vec<Mistake>,
    /// Nothing of the text was lost: what it says can be judged.
    pub(super) whole: bool,
}

/// Mends what can be mended and tells of the rest, one mistake a line.
pub(super) fn read(text: &str) -> Read {
    if DeTable::parse(text).is_ok() {
        return Read { text: text.to_owned(), mistakes: Vec::new(), whole: true };
    }
    let mended = mend(text);
    let (mut lines, mut mistakes) = (mended.text, mended.slips);
    // Each repeated key hides the next: they are left out one by one.
    while let Err(error) = DeTable::parse(&lines) {
        let span = error.span().unwrap_or_default();
        let line = line_of(&lines, span.start);
        let again = error.message().contains("duplicate");
        let key = lines.get(span.clone()).unwrap_or_default().to_owned();
        if !mistakes.iter().any(|m| m.line == line) {
            mistakes.push(if again { repeated(line, key) } else { unknown(line) });
        }
        let begun = lines
            .lines()
            .nth(line - 1)
            .is_some_and(|l| !l.trim_start().starts_with(['#', '[']) && !l.trim().is_empty());
        if !(again && begun) {
            return Read { text: lines, mistakes, whole: false };
        }
        lines = lines
            .lines()
            .enumerate()
            .map(|(i, l)| if i + 1 == line { "\n".to_owned() } else { format!("{l}\n") })
            .collect();
    }
    Read { text: lines, mistakes, whole: true }
}

fn repeated(line: usize, key: String) -> Mistake {
    Mistake {
        line,
        table: "本段".to_owned(),
        key,
        found: "写了两次".to_owned(),
        expected: "每段中一个键只写一次，请删去一个；另起一段须先写段名，如 [[check.missing-seal]]".to_owned(),
        nearest: None,
    }
}

fn unknown(line: usize) -> Mistake {
    Mistake {
        line,
        table: "这一行".to_owned(),
        key: String::new(),
        found: "不合规则包的写法".to_owned(),
        expected: "键 = 值，引号、括号、逗号成对齐全，用半角（改正后请再检查一次，别处的错误要到那时才看得出）"
            .to_owned(),
        nearest: None,
    }
}
