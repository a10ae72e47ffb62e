//! Boxes for opinions and seals: beside a label, under it, around it, or the section it heads.

use crate::model::geometry::Rect;
use crate::model::marks::Seal;

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
/// What is left of the confidence in a place that is hardly one.
const UNSURE: f32 = 0.55;
/// A section without ruling lines ends here if no other label does: a seal and a few lines fit.
const SECTION_MM: f32 = 90.0;
/// Left and right of a section without ruling lines.
const SECTION_MARGIN_MM: f32 = 12.0;
/// A heading in the open stands this close over the box it heads.
const OVER_BOX_MM: f32 = 25.0;
/// A box to write in is at least this tall; lower cells are rows of a table.
const BOX_MM: f32 = 20.0;
/// Between a heading and what ends its section there is less room than this: nobody was to write there.
const SQUEEZED_MM: f32 = 15.0;
/// More characters than a caption (表一, 附件3) between a heading and a box: the section is written in the open.
const CAPTION: usize = 6;

/// The first place that fits best: a label's own cell before a label inside a box before a section in the open.
pub(super) fn find(pages: &[PageCells<'_>], labels: &[Label], words: &Vocabulary) -> Option<Spot> {
    let (rows, beside): (Vec<_>, Vec<_>) =
        pages.iter().flat_map(|p| by_label_cell(p, labels, words)).partition(|(row, _)| *row);
    let [rows, beside] = [rows, beside].map(|found| best(found.into_iter().map(|(_, spot)| spot)));
    let inside = || best(pages.iter().flat_map(|p| in_boxes(p, labels, words)));
    let open = || best(pages.iter().flat_map(|p| sections(p, labels, words)));
    beside
        .or_else(inside)
        .or_else(open)
        .or_else(|| best(pages.iter().flat_map(|p| by_longer_label(p, labels, words)).map(|(_, spot)| spot)))
        .or_else(|| rows.map(|s| Spot { confidence: s.confidence * UNSURE, ..s }))
}

/// The surest; of equals the first.
fn best(spots: impl Iterator<Item = Spot>) -> Option<Spot> {
    spots.reduce(|a, b| if b.confidence > a.confidence { b } else { a })
}

/// Boxes whose label has a cell of its own, and whether each is but a row of fields.
fn by_label_cell(page: &PageCells<'_>, labels: &[Label], words: &Vocabulary) -> Vec<(bool, Spot)> {
    let with_fit = |cell| {
        let rightward = words.is_one_of(&FilledCell::text(cell), labels);
        let leftward = || FilledCell::leftward(cell).and_then(|text| words.is_one_of(&text, labels));
        // A seal over a narrow label leaves shreds of its own text beside the label's column of characters.
        let column = || cell.pieces.iter().filter(|p| p.vertical).find_map(|p| words.is_one_of(&p.text, labels));
        rightward.or_else(leftward).or_else(column).map(|fit: Fit| (cell, fit))
    };
    page.cells.iter().filter_map(with_fit).filter_map(|(cell, fit)| box_of(page, cell, fit, words)).collect()
}

/// Boxes whose label cell says a little more than the rule pack.
fn by_longer_label(page: &PageCells<'_>, labels: &[Label], words: &Vocabulary) -> Vec<(bool, Spot)> {
    let cells = page.cells.iter().filter(|c| words.within(&c.text(), labels));
    cells.filter_map(|cell| box_of(page, cell, Fit::Within, words)).collect()
}

/// The box that belongs to a label's cell, and whether it is but a row of fields.
fn box_of(page: &PageCells<'_>, label: &FilledCell, fit: Fit, words: &Vocabulary) -> Option<(bool, Spot)> {
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
    let row = is_row_of_fields(page, label, &cells, words);
    Some((row, Spot { page: page.index, rect, text: written(page, &pieces), confidence: fit.confidence() }))
}

/// Whether a label only heads a row of fields (单位意见 | 是否公示 | 是 | 有无异议 | 无), not a box to write in.
fn is_row_of_fields(page: &PageCells<'_>, label: &FilledCell, cells: &[&FilledCell], words: &Vocabulary) -> bool {
    let one_row = cells.iter().all(|c| c.rect.h >= 0.8 * label.rect.h) && label.rect.h < page.mm(BOX_MM).1;
    cells.len() > 1 && one_row && cells.first().is_some_and(|c| words.is_like_label(&c.text()))
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
            let (w, h) = page.mm(SQUEEZED_MM);
            // No larger than its label: whatever it asks for goes elsewhere.
            let sure = if rect.h < h && rect.w < 2.0 * w { UNSURE } else { 0.95 };
            let text = written(page, &pieces);
            spots.push(Spot { page: page.index, rect, text, confidence: fit.confidence() * sure });
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
            .map(|p| p.rect.y)
            .fold(f32::MAX, f32::min);
        let next_table = page.cells.iter().map(|c| c.rect.y).filter(|y| later(*y)).fold(f32::MAX, f32::min);
        let longest = piece.rect.y + longest;
        let bottom = next_label.min(next_table).min(longest).min(1.0);
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
        let text = written(page, &within);
        let confidence = fit.confidence() * 0.85;
        let in_the_open = text.chars().count() > CAPTION;
        if next_table < next_label
            && !in_the_open
            && let Some(under) = headed_box(page, piece, next_table, words)
        {
            let text = text + &written(page, &under.pieces.iter().collect::<Vec<_>>());
            spots.push(Spot { page: page.index, rect: under.rect, text, confidence });
            continue;
        }
        // Whatever the heading is for, it isn't the sliver above a table or the page's foot.
        let foot = 1.0 - page.mm(SQUEEZED_MM).1;
        let squeezed = next_table.min(foot) - piece.rect.bottom() < page.mm(SQUEEZED_MM).1;
        let sure = if squeezed && !in_the_open && bottom < next_label { UNSURE } else { 1.0 };
        let left = within.iter().map(|p| p.rect.x).fold(margin, f32::min);
        let rect = Rect::from_corners(left, piece.rect.y, 1.0 - margin, bottom);
        spots.push(Spot { page: page.index, rect, text, confidence: confidence * sure });
    }
    spots
}

/// The box that a heading in the open stands over: one tall cell across the table's top, cut at the next place's label.
fn headed_box(page: &PageCells<'_>, heading: &Piece, top: f32, words: &Vocabulary) -> Option<FilledCell> {
    let dy = page.mm(2.5).1;
    let table = page.cells.iter().find(|c| (c.rect.y - top).abs() < f32::EPSILON)?.table;
    let mut first = page.cells.iter().filter(|c| c.table == table && (c.rect.y - top).abs() <= dy);
    let (one, None) = (first.next()?, first.next()) else { return None };
    let whole = page.page.tables.get(table)?.rect;
    let near = one.rect.y - heading.rect.bottom() <= page.mm(OVER_BOX_MM).1;
    let tall = one.rect.h >= page.mm(BOX_MM).1;
    // Further down, another place's label leaves room for this heading's box above it.
    let at_top = |p: &&Piece| p.rect.y - one.rect.y < page.mm(BOX_MM).1;
    let own_label = one.pieces.first().filter(at_top).is_some_and(|p| words.begins_place(&p.text));
    if !(near && tall) || own_label || one.rect.w < 0.9 * whole.w {
        return None;
    }
    let mut cell = one.clone();
    if let Some(next) = cell.pieces.iter().position(|p| words.begins_place(&p.text)) {
        cell.rect = Rect::from_corners(one.rect.x, one.rect.y, one.rect.right(), cell.pieces[next].rect.y);
        cell.pieces.truncate(next);
    }
    Some(cell)
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
    // A character or two inside a seal is its rim or star; more may be a stretch of its legend.
    let of_seal = |p: &Piece| {
        let said: String = p.text.chars().filter(|c| c.is_alphanumeric()).collect();
        let legend = |s: &Seal| s.text.as_ref().is_some_and(|t| t.contains(&said));
        let inside = |s: &&Seal| p.rect.share_inside(&s.rect) > 0.8;
        page.page.seals.iter().filter(inside).any(|s| said.chars().count() <= 2 || legend(s))
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
