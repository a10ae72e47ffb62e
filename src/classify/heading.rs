//! What of a page may be a heading, and how prominently it stands.

use super::fold::{fold, folded, without_remark};
use super::ordinal;
use crate::model::geometry::Rect;
use crate::model::marks::PhotoKind;
use crate::model::packet::PageRecord;
use crate::model::page::PageFacts;
use crate::model::text::TextLine;

/// A line, or lines that read as one, that could be a heading.
#[derive(Debug, Clone)]
pub(super) struct Heading {
    pub(super) text: Vec<char>,
    /// The same without a bracketed remark at its end, where it has one.
    pub(super) bare: Option<Vec<char>>,
    /// 0 to about 1.15: how much like a heading it stands: high, centred, large, outside tables.
    pub(super) weight: f32,
    /// Middle of the line, 0 (top) to 1.
    pub(super) y: f32,
    /// It begins with 一、 or （二） or 3.: a part of a document, not the title of one.
    pub(super) numbered: bool,
    /// It stands, no larger than the rest, in a cell that is one of several side by side, or is written downwards: it names
    /// a part of a form.
    pub(super) label: bool,
}

/// A page as the classifier sees it.
#[derive(Debug, Clone, Default)]
pub(super) struct View {
    pub(super) headings: Vec<Heading>,
    /// The whole text, folded.
    pub(super) body: String,
    /// The text of the upper part, folded.
    pub(super) upper: String,
    pub(super) lines: usize,
    /// The text of every line, folded, from top to bottom.
    pub(super) rows: Vec<String>,
    /// Nothing on it, or it could not be read: it says nothing about its material.
    pub(super) silent: bool,
    /// A large heading opens the page, whatever it says.
    pub(super) opens: bool,
    /// A heading with its authors' names and unit below it opens the page, as articles begin.
    pub(super) article: bool,
    /// Share of the page that continuous-tone pictures cover.
    pub(super) pictures: f32,
    /// A portrait covers most of a page that has hardly any text.
    pub(super) portrait: bool,
    /// The numbers of the headings (一、 二、) with their heights, 0 (top) to 1, from top to bottom.
    pub(super) numbers: Vec<(usize, f32)>,
}

/// Lines beyond this many from the top are not tried as headings: a first page shows its title before.
const TRIED: usize = 28;
/// The part of a page whose words count as standing at its head.
const UPPER: f32 = 0.35;
/// A form's title may stand in a cell of its own over the others, which is wider than this share of the table.
const TITLE_CELL: f32 = 0.6;
/// A sentence's end alone on its line (合同。) is no longer than this.
const TAIL: usize = 4;
/// A heading is this much taller than the page's usual line, at least.
const LARGE: f32 = 1.3;

/// Views of all pages.
pub(super) fn views(pages: &[PageRecord]) -> Vec<View> {
    pages.iter().map(|p| p.facts.as_ref().map_or_else(|_| View { silent: true, ..View::default() }, view)).collect()
}

fn view(facts: &PageFacts) -> View {
    let lines: Vec<&TextLine> = facts.lines.iter().filter(|l| !fold(&l.text).is_empty()).collect();
    let usual = usual_height(&lines);
    let mut order: Vec<&TextLine> = lines.clone();
    order.sort_by(|a, b| a.rect.centre().1.total_cmp(&b.rect.centre().1).then(a.rect.x.total_cmp(&b.rect.x)));
    let mut headings: Vec<Heading> = order.iter().take(TRIED).map(|l| line_heading(l, usual, facts)).collect();
    let rows = rows(&order);
    let article = rows.windows(2).take(3).any(|pair| {
        let heads = !is_numbered(&pair[0].text()) && fold(&pair[0].text()).len() >= 4;
        heads && pair[0].rect.h > pair[1].rect.h && is_byline(&pair[1].text())
    });
    for row in rows.iter().filter(|r| r.lines.len() > 1) {
        headings.push(heading(&row.text(), row.rect, usual, facts));
    }
    for pair in rows.windows(2).take(TRIED) {
        if let Some((text, rect)) = two_line_heading(&pair[0], &pair[1]) {
            headings.push(heading(&text, rect, usual, facts));
        }
    }
    let body: String = lines.iter().map(|l| folded(&l.text)).collect();
    let upper = lines.iter().filter(|l| l.rect.centre().1 <= UPPER).map(|l| folded(&l.text)).collect();
    let pictures = facts.photos.iter().map(|p| p.rect.area()).sum();
    // A printed name and unit is all the text that a photo page or the back of a photo carries.
    let sparse = body.chars().count() <= 30;
    let portrait = sparse && facts.photos.iter().any(|p| p.kind == PhotoKind::Portrait && p.rect.area() >= 0.3);
    View {
        article,
        opens: article || order.iter().take(3).any(|l| is_opening(l, usual)),
        silent: body.is_empty()
            && (facts.quality.blank || (facts.photos.is_empty() && facts.seals.is_empty() && facts.is_degraded())),
        headings,
        body,
        upper,
        lines: lines.len(),
        rows: order.iter().map(|l| folded(&l.text)).collect(),
        pictures,
        portrait,
        numbers: order.iter().filter_map(|l| Some((ordinal::leading(&l.text)?, l.rect.centre().1))).collect(),
    }
}

/// The usual height of a row of text: the median, which large headings and small print do not move.
fn usual_height(lines: &[&TextLine]) -> f32 {
    let mut heights: Vec<f32> = lines.iter().filter(|l| !l.vertical).map(|l| l.rect.h).collect();
    heights.sort_by(f32::total_cmp);
    heights.get(heights.len() / 2).copied().unwrap_or_default()
}

fn is_opening(line: &TextLine, usual: f32) -> bool {
    let count = fold(&line.text).len();
    let (cx, cy) = line.rect.centre();
    !is_numbered(&line.text)
        && (4..=36).contains(&count)
        && cy < 0.3
        && (cx - 0.5).abs() < 0.12
        && line.rect.h >= usual * LARGE
}

fn line_heading(line: &TextLine, usual: f32, facts: &PageFacts) -> Heading {
    let heading = heading(&line.text, line.rect, usual, facts);
    Heading { label: heading.label || line.vertical, ..heading }
}

fn heading(text: &str, rect: Rect, usual: f32, facts: &PageFacts) -> Heading {
    let bare = without_remark(text);
    let (cx, cy) = rect.centre();
    let place = if cy < 0.3 {
        1.0
    } else if cy < 0.5 {
        0.8
    } else {
        0.45
    };
    let centred = if (cx - 0.5).abs() < 0.15 { 1.0 } else { 0.85 };
    let ratio = if usual > 0.0 { rect.h / usual } else { 1.0 };
    let size = if ratio >= LARGE {
        1.15
    } else if ratio >= 0.85 {
        1.0
    } else {
        0.85
    };
    let table = facts.tables.iter().find(|t| t.cells.len() >= 4 && t.rect.contains((cx, cy)));
    let cell = table.and_then(|t| t.cells.iter().find(|c| c.rect.contains((cx, cy))).map(|c| c.rect.w / t.rect.w));
    let folded = fold(text);
    let sentence = match text.trim_end().ends_with(['。', '；', '，', ';', ',']) {
        true if folded.len() <= TAIL => 0.1,
        true => 0.4,
        false => 1.0,
    };
    Heading {
        text: folded,
        bare: (bare.len() < text.trim_end().len()).then(|| fold(bare)).filter(|b| !b.is_empty()),
        weight: place * centred * size * sentence * if table.is_some() { 0.7 } else { 1.0 },
        y: cy,
        numbered: is_numbered(text),
        label: ratio < LARGE && cell.is_some_and(|share| share < TITLE_CELL),
    }
}

/// Names of two to four characters, then where their bearers work, in brackets: 张三 李四（某某公司，山西 阳泉 045000）.
fn is_byline(text: &str) -> bool {
    let Some((names, place)) = text.trim().split_once(['（', '(']) else { return false };
    let names: Vec<String> = names
        .split(|c: char| c.is_whitespace() || "、，,·*".contains(c) || c.is_ascii_digit())
        .map(folded)
        .filter(|n| !n.is_empty())
        .collect();
    let people =
        !names.is_empty() && names.iter().all(|n| (2..=4).contains(&n.chars().count()) && n.chars().all(is_han));
    let closed = place.trim_end().ends_with(['）', ')']);
    let works = ["公司", "局", "院", "中心", "厂", "站", "所", "校", "大学", "集团", "矿", "处", "队"];
    people && closed && fold(place).len() >= 6 && works.iter().any(|w| place.contains(w))
}

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// Whether a heading carries a number of its own: 一、 （二） 3. 4、 (5) ① or 6 and a space.
fn is_numbered(text: &str) -> bool {
    let mut rest = text.trim_start().chars().peekable();
    let bracketed = rest.next_if(|c| matches!(c, '（' | '(')).is_some();
    let mut digits = 0;
    while rest.next_if(|c| c.is_ascii_digit() || "一二三四五六七八九十".contains(*c)).is_some() {
        digits += 1;
    }
    let mark = rest.next();
    match mark {
        Some('、' | '.' | '．' | '，') => digits > 0,
        Some('）' | ')') => digits > 0 && bracketed,
        // 3 结果分析; a year (2024 年度) has more digits.
        Some(c) if c.is_whitespace() => (1..=2).contains(&digits) && !bracketed,
        Some('①'..='⑳') => digits == 0,
        _ => false,
    }
}

/// Lines side by side.
struct Row<'a> {
    lines: Vec<&'a TextLine>,
    rect: Rect,
}

impl Row<'_> {
    fn text(&self) -> String {
        self.lines.iter().map(|l| l.text.as_str()).collect()
    }
}

/// Groups the topmost lines into rows: a letter-spaced title may come as one line per character.
fn rows<'a>(order: &[&'a TextLine]) -> Vec<Row<'a>> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    for line in order.iter().copied().take(TRIED) {
        let near = rows
            .last_mut()
            .filter(|r| (r.rect.centre().1 - line.rect.centre().1).abs() < 0.5 * r.rect.h.min(line.rect.h));
        match near {
            Some(row) => {
                row.lines.push(line);
                row.rect = row.rect.union(&line.rect);
            }
            None => rows.push(Row { lines: vec![line], rect: line.rect }),
        }
    }
    for row in &mut rows {
        row.lines.sort_by(|a, b| a.rect.x.total_cmp(&b.rect.x));
    }
    rows
}

/// Two rows that read as one heading: near each other, of like height, both centred.
fn two_line_heading(a: &Row<'_>, b: &Row<'_>) -> Option<(String, Rect)> {
    let like = a.rect.h.max(b.rect.h) < 1.6 * a.rect.h.min(b.rect.h);
    let close = b.rect.y - a.rect.bottom() < 1.5 * a.rect.h.max(b.rect.h);
    let centred = (a.rect.centre().0 - b.rect.centre().0).abs() < 0.1;
    (like && close && centred && a.rect.y < 0.5)
        .then(|| (format!("{}{}", a.text(), b.text()), a.rect.union(&b.rect)))
        .map(|(text, rect)| (text, Rect { h: a.rect.h.max(b.rect.h), ..rect }))
}
