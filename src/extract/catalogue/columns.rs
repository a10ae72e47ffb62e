//! A list's columns: which piece of a row is the ordinal, the name, the page.

use super::super::cells::Piece;
use super::numerals::{self, Pages, is_han, tight};
use super::rows::Row;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Ordinal,
    Name,
    Pages,
    Count,
    Remark,
}

const HEADS: [(&str, Kind); 34] = [
    ("序号", Kind::Ordinal),
    ("编号", Kind::Ordinal),
    ("顺序号", Kind::Ordinal),
    ("顺序", Kind::Ordinal),
    ("项目", Kind::Name),
    ("材料名称", Kind::Name),
    ("名称", Kind::Name),
    ("材料", Kind::Name),
    ("文件名称", Kind::Name),
    ("题名", Kind::Name),
    ("内容", Kind::Name),
    ("材料内容", Kind::Name),
    ("目录", Kind::Name),
    ("材料目录", Kind::Name),
    ("页码", Kind::Pages),
    ("页次", Kind::Pages),
    ("页号", Kind::Pages),
    ("所在页", Kind::Pages),
    ("所在页码", Kind::Pages),
    ("起止页", Kind::Pages),
    ("起止页码", Kind::Pages),
    ("起页", Kind::Pages),
    ("起始页", Kind::Pages),
    ("页数", Kind::Count),
    ("份数", Kind::Count),
    ("数量", Kind::Count),
    ("件数", Kind::Count),
    ("张数", Kind::Count),
    ("原件", Kind::Count),
    ("复印件", Kind::Count),
    ("原件(份数)", Kind::Count),
    ("复印件(份数)", Kind::Count),
    ("备注", Kind::Remark),
    ("说明", Kind::Remark),
];

/// The columns of one list, told by its row of headings; without one, by what stands left and right of the names.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Columns {
    /// Left side, centre and kind, from left to right.
    heads: Vec<(f32, f32, Kind)>,
    /// Where a second list begins beside the first.
    second: Option<f32>,
    /// 页数 may head page numbers as well as counts.
    doubtful: bool,
}

/// A row taken apart.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Parts {
    pub(super) ordinal: bool,
    /// The ordinal as written, where it stands before the name (一、).
    pub(super) lead: String,
    pub(super) name: Vec<Piece>,
    pub(super) pages: Option<Piece>,
    pub(super) count: Option<Piece>,
    pub(super) ruled: bool,
}

fn head(text: &str) -> Option<Kind> {
    let plain: String = tight(text)
        .chars()
        .map(|c| {
            if c == '（' {
                '('
            } else if c == '）' {
                ')'
            } else {
                c
            }
        })
        .collect();
    HEADS
        .iter()
        .find(|(word, _)| *word == plain || (plain.starts_with(word) && plain[word.len()..].starts_with('(')))
        .map(|(_, kind)| *kind)
}

impl Columns {
    /// The row of headings, if this is it: a name's heading and another's.
    pub(super) fn of(row: &Row) -> Option<Self> {
        let found: Vec<(&Piece, Kind)> = row.pieces.iter().filter_map(|p| head(&p.text).map(|k| (p, k))).collect();
        let has = |kind| found.iter().any(|(_, k)| *k == kind);
        let others = found.iter().filter(|(_, k)| *k != Kind::Name).count();
        let two = (has(Kind::Name) && others > 0) || (has(Kind::Ordinal) && (has(Kind::Pages) || has(Kind::Count)));
        if !two || found.len() < row.pieces.len().div_ceil(2) {
            return None;
        }
        let first = found[0].1;
        let second = found.iter().skip(1).find(|(_, k)| *k == first && matches!(k, Kind::Ordinal | Kind::Name));
        let doubtful = found.iter().any(|(p, _)| tight(&p.text) == "页数") && !has(Kind::Pages);
        let heads = found.iter().map(|(p, k)| (p.rect.x, p.rect.centre().0, *k)).collect();
        Some(Self { heads, second: second.map(|(p, _)| p.rect.x - 0.02), doubtful })
    }

    /// The row's pieces, list by list where two stand side by side.
    pub(super) fn blocks(&self, row: &Row) -> Vec<Row> {
        let Some(second) = self.second else { return vec![row.clone()] };
        let (left, right): (Vec<Piece>, Vec<Piece>) =
            row.pieces.iter().cloned().partition(|p| p.rect.centre().0 < second);
        [left, right].into_iter().filter(|p| !p.is_empty()).map(|pieces| Row { pieces, ruled: row.ruled }).collect()
    }

    fn nearest(&self, piece: &Piece) -> Option<Kind> {
        let at = piece.rect.centre().0;
        self.heads
            .iter()
            .map(|(_, centre, kind)| ((centre - at).abs(), *kind))
            .reduce(|a, b| if b.0 < a.0 { b } else { a })
            .map(|(_, kind)| kind)
    }

    /// Whether a piece of words stands in the remarks.
    fn in_remarks(&self, piece: &Piece) -> bool {
        let mut remarks = self.heads.iter().filter(|(.., k)| *k == Kind::Remark).map(|(left, ..)| *left);
        let beyond = self.heads.iter().filter(|(.., k)| matches!(k, Kind::Pages | Kind::Count)).map(|(_, c, _)| *c);
        remarks.any(|left| piece.rect.right() > left && beyond.clone().all(|c| piece.rect.x > c))
    }

    /// Takes a row apart.
    pub(super) fn parts(&self, row: Row) -> Parts {
        let mut parts = Parts { ruled: row.ruled, ..Parts::default() };
        for piece in row.pieces {
            let alone = numerals::pages(&piece.text).is_some();
            if alone {
                let kind = match self.nearest(&piece) {
                    Some(Kind::Name) | None if parts.name.is_empty() && !parts.ordinal => Kind::Ordinal,
                    Some(Kind::Name) | None => Kind::Pages,
                    Some(kind) => kind,
                };
                match kind {
                    Kind::Ordinal => parts.ordinal = true,
                    Kind::Pages => parts.pages = Some(piece),
                    Kind::Count => {
                        // 原件 and 复印件 stand side by side: handed in where either says so.
                        let more = parts.count.as_ref().is_none_or(|c| value(&piece) > value(c));
                        if more {
                            parts.count = Some(piece);
                        }
                    }
                    Kind::Name | Kind::Remark => {}
                }
                continue;
            }
            let skipped = numerals::ordinal(&piece.text);
            if skipped == piece.text.chars().count() && parts.name.is_empty() {
                parts.ordinal = true;
                parts.lead = tight(&piece.text);
                continue;
            }
            let words = piece.text.chars().any(|c| is_han(c) || c.is_alphabetic());
            if !words || self.in_remarks(&piece) {
                continue;
            }
            self.words(piece, skipped, &mut parts);
        }
        parts
    }

    /// A piece of words: with its ordinal before it and its page behind a leader, where they were read as one line.
    fn words(&self, piece: Piece, skipped: usize, parts: &mut Parts) {
        let mut name = piece;
        if parts.name.is_empty() && !parts.ordinal && skipped > 0 {
            parts.ordinal = true;
            parts.lead = tight(&name.text.chars().take(skipped).collect::<String>());
            name = name.rest(skipped);
        }
        let chars: Vec<char> = name.text.chars().collect();
        if let Some((end, start)) = numerals::trailing_pages(&chars, &name.at) {
            let number = name.rest(start);
            if numerals::pages(&number.text).is_some() {
                parts.pages = Some(number);
                name.text = chars[..end].iter().collect();
                name.at.truncate(end);
            }
        }
        name.text = numerals::without_leader(&name.text).to_owned();
        if name.text.chars().any(|c| is_han(c) || c.is_alphanumeric()) {
            parts.name.push(name);
        }
    }

    /// Whether what stands under 页数 are page numbers after all: they rise from row to row, as counts don't.
    pub(super) fn counts_are_pages(&self, rows: &[(usize, Parts)]) -> bool {
        let numbers: Vec<u32> = rows.iter().filter_map(|(_, p)| p.count.as_ref()).map(value).collect();
        self.doubtful && numbers.len() >= 3 && numbers.windows(2).all(|w| w[1] > w[0])
    }
}

fn value(piece: &Piece) -> u32 {
    match numerals::pages(&piece.text) {
        Some((Pages::Range(n, _) | Pages::Count(n), _)) => n,
        None => 0,
    }
}
