//! Boxes for opinions and seals: beside a label, under it, around it, or the section it heads.

use crate::model::geometry::Rect;

use super::cells::{FilledCell, PageCells, Piece, common};
use super::labels::{Fit, Label, Vocabulary};

/// A place on a page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Spot {
    pub(super) page: usize,
    pub(super) rect: Rect,
    /// What is written there, printed words left out.
    pub(super) text: String,
    pub(super) confidence: f32,
}

/// A label as wide as this share of its table heads what is under it.
const HEADING_SHARE: f32 = 0.6;
/// A section without ruling lines ends here if no other label does: a seal and a few lines fit.
const SECTION_MM: f32 = 90.0;
/// Left and right of a section without ruling lines.
const SECTION_MARGIN_MM: f32 = 12.0;

/// The first place that fits best: a label's own cell before a label inside a box before a section in the open.
pub(super) fn find(pages: &[PageCells<'_>], labels: &[Label], words: &Vocabulary) -> Option<Spot> {
    let beside = || best(pages.iter().flat_map(|p| by_label_cell(p, labels, words)));
    let inside = || best(pages.iter().flat_map(|p| in_boxes(p, labels, words)));
    let open = || best(pages.iter().flat_map(|p| sections(p, labels, words)));
    beside()
        .or_else(inside)
        .or_else(open)
        .or_else(|| best(pages.iter().flat_map(|p| by_longer_label(p, labels, words))))
}

/// The surest; of equals the first.
fn best(spots: impl Iterator<Item = Spot>) -> Option<Spot> {
    spots.reduce(|a, b| if b.confidence > a.confidence { b } else { a })
}

/// Boxes whose label has a cell of its own.
fn by_label_cell(page: &PageCells<'_>, labels: &[Label], words: &Vocabulary) -> Vec<Spot> {
    let with_fit = |cell| {
        let whole = words.is_one_of(&FilledCell::text(cell), labels);
        // A seal over a narrow label leaves shreds of its own text beside the label's column of characters.
        let column = || cell.pieces.iter().filter(|p| p.vertical).find_map(|p| words.is_one_of(&p.text, labels));
        whole.or_else(column).map(|fit: Fit| (cell, fit))
    };
    page.cells.iter().filter_map(with_fit).filter_map(|(cell, fit)| box_of(page, cell, fit, words)).collect()
}

/// Boxes whose label cell says a little more than the rule pack.
fn by_longer_label(page: &PageCells<'_>, labels: &[Label], words: &Vocabulary) -> Vec<Spot> {
    let cells = page.cells.iter().filter(|c| words.within(&c.text(), labels));
    cells.filter_map(|cell| box_of(page, cell, Fit::Within, words)).collect()
}

/// The box that belongs to a label's cell.
fn box_of(page: &PageCells<'_>, label: &FilledCell, fit: Fit, words: &Vocabulary) -> Option<Spot> {
    let table = page.page.tables.get(label.table)?.rect;
    let mut cells: Vec<&FilledCell> = Vec::new();
    if label.rect.w < HEADING_SHARE * table.w {
        cells = beside(page, label, words);
    }
    if cells.is_empty() {
        let below = page.below(label);
        let [one] = below.as_slice() else { return None };
        if words.is_label(&one.text()) {
            return None;
        }
        cells = vec![one];
    }
    let rect = cells.iter().map(|c| c.rect).reduce(|a, b| a.union(&b))?;
    let pieces: Vec<&Piece> = cells.iter().flat_map(|c| &c.pieces).collect();
    Some(Spot { page: page.index, rect, text: written(page, &pieces), confidence: fit.confidence() })
}

/// All cells to the right of a label within its height, up to the next label.
fn beside<'p>(page: &'p PageCells<'_>, label: &FilledCell, words: &Vocabulary) -> Vec<&'p FilledCell> {
    let (dx, dy) = page.mm(2.5);
    let mut row: Vec<&FilledCell> = page
        .cells
        .iter()
        .filter(|c| c.table == label.table && c.rect.x >= label.rect.right() - dx)
        .filter(|c| {
            common(c.rect.y, c.rect.bottom(), label.rect.y, label.rect.bottom()) >= 0.6 * c.rect.h.min(label.rect.h)
        })
        .collect();
    row.sort_by(|a, b| a.rect.x.total_cmp(&b.rect.x).then(a.rect.y.total_cmp(&b.rect.y)));
    let next_label = row.iter().filter(|c| {
        let as_tall = (c.rect.y - label.rect.y).abs() <= dy && (c.rect.bottom() - label.rect.bottom()).abs() <= dy;
        let as_narrow = c.rect.w <= 1.4 * label.rect.w && !c.is_empty() && label.rect.h > 1.5 * label.rect.w;
        words.begins_place(&c.text()) || (as_tall && as_narrow)
    });
    let end = next_label.map(|c| c.rect.x).fold(f32::MAX, f32::min);
    row.retain(|c| c.rect.x < end - dx);
    // A box that reaches beyond its label's height belongs to no label alone.
    row.retain(|c| c.rect.y >= label.rect.y - dy && c.rect.bottom() <= label.rect.bottom() + dy);
    row
}

/// Boxes that carry their label as a line of their own text, cut where the next label begins.
fn in_boxes(page: &PageCells<'_>, labels: &[Label], words: &Vocabulary) -> Vec<Spot> {
    let mut spots = Vec::new();
    for cell in &page.cells {
        for (i, piece) in cell.pieces.iter().enumerate() {
            let Some((fit, rest)) = words.heads_one_of(&piece.text, labels) else { continue };
            let next = cell.pieces[i + 1..].iter().position(|p| words.begins_place(&p.text)).map(|n| i + 1 + n);
            let top =
                if cell.pieces[..i].iter().any(|p| words.begins_place(&p.text)) { piece.rect.y } else { cell.rect.y };
            let bottom = next.map_or(cell.rect.bottom(), |n| cell.pieces[n].rect.y);
            // Level with the next label: boxes side by side without a line between them.
            if bottom <= piece.rect.centre().1 {
                continue;
            }
            let own = piece.rest(rest);
            let pieces: Vec<&Piece> =
                std::iter::once(&own).chain(&cell.pieces[i + 1..next.unwrap_or(cell.pieces.len())]).collect();
            let rect = Rect::from_corners(cell.rect.x, top, cell.rect.right(), bottom);
            spots.push(Spot {
                page: page.index,
                rect,
                text: written(page, &pieces),
                confidence: fit.confidence() * 0.95,
            });
        }
    }
    spots
}

/// Sections in the open that a label heads.
fn sections(page: &PageCells<'_>, labels: &[Label], words: &Vocabulary) -> Vec<Spot> {
    let (margin, longest) = (page.mm(SECTION_MARGIN_MM).0, page.mm(SECTION_MM).1);
    let mut spots = Vec::new();
    for (i, piece) in page.loose.iter().enumerate() {
        let Some((fit, rest)) = words
            .heads_one_of(&numbered(&piece.text).1, labels)
            .map(|(fit, rest)| (fit, rest + numbered(&piece.text).0))
        else {
            continue;
        };
        let later = |y: f32| y > piece.rect.bottom();
        let next_label = page
            .loose
            .iter()
            .filter(|p| later(p.rect.centre().1) && words.begins_place(&numbered(&p.text).1))
            .map(|p| p.rect.y);
        let next_table = page.cells.iter().map(|c| c.rect.y).filter(|y| later(*y));
        let end = next_label.chain(next_table).fold(f32::MAX, f32::min);
        let bottom = end.min(piece.rect.y + longest).min(1.0);
        let own = piece.rest(rest);
        let within: Vec<&Piece> = std::iter::once(&own)
            .chain(
                page.loose
                    .iter()
                    .enumerate()
                    .filter(|(k, p)| *k != i && p.rect.centre().1 > piece.rect.y && p.rect.centre().1 < bottom)
                    .map(|(_, p)| p),
            )
            .collect();
        let left = within.iter().map(|p| p.rect.x).fold(margin, f32::min);
        let rect = Rect::from_corners(left, piece.rect.y, 1.0 - margin, bottom);
        spots.push(Spot { page: page.index, rect, text: written(page, &within), confidence: fit.confidence() * 0.85 });
    }
    spots
}

/// A heading's number (三、 （二） 4.) left out: how many characters it takes, and the rest.
fn numbered(text: &str) -> (usize, String) {
    const NUMBER: &str = "一二三四五六七八九十0123456789（）()、.．,， 　";
    let chars: Vec<char> = text.chars().collect();
    let count = chars.iter().take_while(|c| NUMBER.contains(**c)).count();
    let marked = chars[..count].iter().any(|c| "、.．）),，".contains(*c));
    let skip = if marked { count } else { 0 };
    (skip, chars[skip..].iter().collect())
}

/// Words that a form prints in a box to be stamped and signed, longest first.
const PRINTED: [&str; 37] = [
    "法定代表人",
    "评审委员会",
    "主任委员",
    "申报人",
    "负责人",
    "经办人",
    "审核人",
    "评委会",
    "副组长",
    "签字",
    "签名",
    "签章",
    "盖章",
    "公章",
    "印章",
    "单位",
    "部门",
    "主管",
    "领导",
    "组长",
    "主任",
    "代表",
    "本人",
    "委员",
    "考核",
    "推荐",
    "意见",
    "日期",
    "专家",
    "章",
    "盖",
    "签",
    "字",
    "公",
    "年",
    "月",
    "日",
];

/// What has been written on a form's lines, without what the form itself prints.
fn written(page: &PageCells<'_>, pieces: &[&Piece]) -> String {
    // A character or two inside a seal is its rim or star.
    let of_seal = |p: &Piece| {
        p.text.chars().filter(|c| c.is_alphanumeric()).count() <= 2
            && page.page.seals.iter().any(|s| p.rect.share_inside(&s.rect) > 0.8)
    };
    pieces.iter().filter(|p| !of_seal(p)).map(|p| filled_in(&p.text)).collect()
}

/// A line without the printed words for stamping, signing and dating.
fn filled_in(line: &str) -> String {
    // 负责人签字：某某 keeps what follows the colon.
    let after = line.rfind(['：', ':']).and_then(|at| {
        let (before, after) = line.split_at(at);
        is_printed(before).then(|| after.trim_start_matches(['：', ':']))
    });
    let kept = after.unwrap_or(line);
    let mut rest = kept.to_owned();
    for (open, close) in [('（', '）'), ('(', ')'), ('（', ')'), ('(', '）')] {
        while let Some(from) = rest.find(open) {
            let Some(to) = rest[from..].find(close).map(|t| from + t) else { break };
            if !is_printed(&rest[from + open.len_utf8()..to]) {
                break;
            }
            rest.replace_range(from..to + close.len_utf8(), "");
        }
    }
    if is_printed(&rest) { String::new() } else { rest.trim().to_owned() }
}

/// Whether a text is nothing but printed words, spaces and punctuation.
fn is_printed(text: &str) -> bool {
    let mut rest: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
    for word in PRINTED {
        rest = rest.replace(word, "");
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_words_are_not_written_ones() {
        for (line, expected) in [
            ("（公章）", ""),
            ("年  月  日", ""),
            ("负责人签字：", ""),
            ("单位负责人签字：赵承志", "赵承志"),
            ("负责人签字：        （公章）", ""),
            ("2022年7月6日", "2022年7月6日"),
            ("同意推荐。", "同意推荐。"),
            ("经单位（集体）研究", "经单位（集体）研究"),
        ] {
            assert_eq!(filled_in(line), expected, "{line}");
        }
    }

    #[test]
    fn a_heading_may_be_numbered() {
        assert_eq!(numbered("三、单位意见"), (2, "单位意见".into()));
        assert_eq!(numbered("（二）单位意见"), (3, "单位意见".into()));
        assert_eq!(numbered("一线单位意见"), (0, "一线单位意见".into()));
    }
}
