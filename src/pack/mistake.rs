//! Mistakes in a rule pack, each with its place.

use std::fmt;

/// One mistake in a rule pack or in the clause table beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// 1-based line in the file; in a clause table the row, as Excel counts.
    pub line: usize,
    /// The table, as the file writes it: `[[material]] 第 3 项`.
    pub table: String,
    pub key: String,
    pub found: String,
    pub expected: String,
    /// The nearest valid name.
    pub nearest: Option<String>,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "第 {} 行，{}", self.line, self.table)?;
        if !self.key.is_empty() {
            write!(f, "，键 {}", self.key)?;
        }
        write!(f, "：{}；应为{}", self.found, self.expected)?;
        self.nearest.as_ref().map_or(Ok(()), |n| write!(f, "。是否想写“{n}”？"))
    }
}

/// In the file's order, each once.
pub(super) fn in_order(mut mistakes: Vec<Mistake>) -> Vec<Mistake> {
    mistakes.sort_by_key(|m| m.line);
    let mut out: Vec<Mistake> = Vec::new();
    for mistake in mistakes {
        if !out.iter().rev().take_while(|m| m.line == mistake.line).any(|m| *m == mistake) {
            out.push(mistake);
        }
    }
    out
}

/// The 1-based line of a byte offset.
pub(super) fn line_of(source: &str, offset: usize) -> usize {
    source.bytes().take(offset).filter(|b| *b == b'\n').count() + 1
}
