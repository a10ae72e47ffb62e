//! Where a form is signed, and what stands there.

use crate::model::geometry::Rect;
use crate::model::marks::{Seal, SealShape};
use crate::model::page::PageFacts;
use crate::model::text::{TextLine, TextSource};

use super::gates::{MAYBE_SEAL, SURE_CHARACTER, SURE_SEAL};
use super::names::{begins_prompt, is_date, is_written};
use super::surnames::is_name;

/// Words that ask for a signature, where a pack names no others.
const USUAL: [&str; 3] = ["签字", "签名", "签章"];
/// A name follows its label within this; whatever stands further right is something else.
const REACH_MM: f32 = 75.0;
/// Less room than this to the right of a label, and one signs below it.
const ROOM_MM: f32 = 18.0;
/// Signatures rise over their line and sink below it.
const RISE_MM: f32 = 7.0;
/// How far below a label without room one signs.
const BELOW_MM: f32 = 14.0;
/// A name chop is no larger.
const CHOP_MM: f32 = 28.0;
/// A line with this share of it inside a name chop, or among what a seal says, is what stands on the chop or seal.
const OF_CHOP: f32 = 0.6;
/// What stands in a label's row is no higher than this many of its heights; characters on a rim lie slanting.
const ROW_HEIGHTS: f32 = 1.5;
/// Share of a stroke in the spot from which it belongs there.
const SHARE: f32 = 0.3;
/// A line so surely read is print or writing, no piece of a seal.
const SURE_LINE: f32 = 0.95;
/// A label is found near its line's beginning, behind the role alone (单位主要负责人签字).
const ROLE: usize = 14;

/// A label and the place behind it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Spot {
    pub(crate) label: String,
    /// Where the signature is expected.
    pub(crate) rect: Rect,
    /// Where one may also lie: over the label, into the lines above and below.
    pub(crate) around: Rect,
    /// Text of the label's own line behind the label.
    rest: String,
    /// A colon ends the label.
    colon: bool,
    /// The label's own line: what it says is in `rest`.
    line: Option<Rect>,
}

/// What stands in a spot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signed {
    Yes,
    /// A name printed by the machine that printed the form.
    Printed,
    /// A name chop and nothing else.
    Chop,
    /// Something that may be a chop, or a seal over the spot that may hide what is there.
    Hidden,
    No,
}

/// The places to sign in `area` of a page.
pub(crate) fn spots(page: &PageFacts, labels: &[String], area: Rect) -> Vec<Spot> {
    let (w_mm, h_mm) = page.upright_mm();
    let inside = |l: &&TextLine| !l.vertical && area.contains(l.rect.centre());
    let mut found = Vec::new();
    for line in page.lines.iter().filter(inside) {
        let Some((from, to)) = label(&line.text, labels) else { continue };
        let chars: Vec<char> = line.text.chars().collect();
        let after = place_of(line, to, chars.len());
        let rest = &chars[to..];
        // The next prompt of the same line ends the spot (签字：____（公章）年 月 日).
        let next = (0..rest.len()).find(|i| *i > 0 && begins_prompt(&rest[*i..]));
        let mut end = next.map_or(f32::MAX, |i| place_of(line, to + i, chars.len()));
        let middle = line.rect.centre().1;
        let beside = page.lines.iter().filter(|l| {
            l.rect.x >= line.rect.right() - 0.005
                && (l.rect.centre().1 - middle).abs() < 0.6 * line.rect.h.max(l.rect.h)
                // The next place to sign, its name already behind it: 填写人（签名）　　审核人（签名）张某.
                && (!is_written(&l.text) || is_anothers(&l.text))
        });
        end = beside.map(|l| l.rect.x).fold(end, f32::min).min(after + REACH_MM / w_mm).min(cell_end(page, line, area));
        let rise = RISE_MM / h_mm;
        let (top, bottom) = (line.rect.y - rise, line.rect.bottom() + rise);
        let rect = if (end - after) * w_mm >= ROOM_MM {
            Rect::from_corners(after, top, end, bottom)
        } else {
            let below = bottom + BELOW_MM / h_mm;
            Rect::from_corners(line.rect.x, line.rect.y, end.min(1.0).max(line.rect.right()), below)
        };
        let start = place_of(line, from, chars.len()) - 3.0 / w_mm;
        found.push(Spot {
            label: chars[from..to].iter().filter(|c| c.is_alphanumeric()).collect(),
            rect,
            around: rect.union(&Rect::from_corners(start, top, rect.right(), rect.bottom())),
            rest: rest[..next.unwrap_or(rest.len())].iter().collect(),
            colon: chars[from..to].iter().any(|c| "：:".contains(*c)),
            line: Some(line.rect),
        });
    }
    found
}

/// Whether a name stands behind the role alone of one of these labels: forms that print 负责人： for 负责人（签字）：.
///
/// It begins its line and ends with a colon; under a seal only what is surely read is a name and no part of the seal.
pub(crate) fn signed_by_role(page: &PageFacts, labels: &[String]) -> bool {
    let roles: Vec<String> = labels.iter().filter_map(|l| role(l)).collect();
    let name_of = |l: &TextLine| {
        let (before, behind) = l.text.split_once(['：', ':'])?;
        let before: String = before.chars().filter(|c| !c.is_whitespace()).collect();
        roles.contains(&before).then(|| behind.chars().filter(|c| !c.is_whitespace()).collect::<String>())
    };
    let sealed = |l: &TextLine| page.seals.iter().any(|s| s.confidence >= MAYBE_SEAL && s.rect.overlap(&l.rect) > 0.0);
    let named = |l: &TextLine| {
        name_of(l).is_some_and(|n| is_name(&n)) && l.confidence >= if sealed(l) { SURE_LINE } else { SURE_CHARACTER }
    };
    page.source == TextSource::Pixels && page.lines.iter().any(named)
}

/// The places to sign behind the role alone of these labels, on forms that print 负责人： for 负责人（签字）：. A colon ends
/// the role.
pub(crate) fn role_spots(page: &PageFacts, labels: &[String]) -> Vec<Spot> {
    let roles: Vec<String> = labels.iter().filter_map(|l| role(l)).collect();
    if roles.is_empty() {
        Vec::new()
    } else {
        spots(page, &roles, Rect::PAGE).into_iter().filter(|s| s.colon).collect()
    }
}

/// Whether a line asks someone for a signature and names who; 签名：张某 alone goes on with the label before it.
fn is_anothers(text: &str) -> bool {
    let bare: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
    label(text, &[]).is_some() && !USUAL.iter().any(|word| bare.starts_with(word))
}

/// A label without the words that ask for a signature; none where nothing else is left, or where it has none of them.
fn role(label: &str) -> Option<String> {
    let bare: String = label.chars().filter(|c| c.is_alphanumeric()).collect();
    let role = USUAL.iter().find_map(|word| bare.strip_suffix(word))?;
    (!role.is_empty()).then(|| role.to_owned())
}

/// Whether a line is what a seal says of itself: the characters along a ring are read as lines of their own, too. Of a
/// seal whose rim was not read, such as a copied one, it is whatever is no name and does not stand in the label's row.
fn is_inscription(page: &PageFacts, spot: &Spot, line: &TextLine) -> bool {
    let in_row = spot.line.is_some_and(|label| {
        let apart = (label.centre().1 - line.rect.centre().1).abs();
        apart < 0.5 * label.h && line.rect.h <= ROW_HEIGHTS * label.h
    });
    let text: String = line.text.chars().filter(|c| !c.is_whitespace()).collect();
    page.seals
        .iter()
        .filter(|s| s.confidence >= MAYBE_SEAL && line.rect.share_inside(&s.rect) > OF_CHOP)
        .any(|s| s.text.as_ref().map_or_else(|| !line.hand && !in_row && !is_name(&text), |says| says.contains(&text)))
}

/// A place that carries no label of its own.
pub(crate) fn whole(label: &str, rect: Rect) -> Spot {
    Spot { label: label.to_owned(), rect, around: rect, rest: String::new(), colon: false, line: None }
}

/// What stands in a spot of a page.
pub(crate) fn signed(page: &PageFacts, spot: &Spot) -> Signed {
    let (w_mm, _) = page.upright_mm();
    let is_chop = |s: &&Seal| {
        matches!(s.shape, SealShape::Square | SealShape::Rect)
            && s.confidence >= SURE_SEAL
            && s.rect.w * w_mm <= CHOP_MM
            && spot.around.contains(s.rect.centre())
    };
    // The name that a chop bears is read like any other print; whoever signed over it left strokes.
    let of_chop = |l: &TextLine| page.seals.iter().filter(is_chop).any(|s| l.rect.share_inside(&s.rect) > OF_CHOP);
    let in_spot = |l: &&TextLine| {
        spot.line != Some(l.rect)
            && spot.rect.contains(l.rect.centre())
            && is_written(&l.text)
            && !of_chop(l)
            && !is_inscription(page, spot, l)
    };
    let written = page.lines.iter().find(in_spot).is_some() || is_written(&spot.rest);
    let prompt = |s: &Rect| {
        page.lines
            .iter()
            .any(|l| s.share_inside(&l.rect) > 0.8 && !is_written(&l.text) && !spot.around.contains(l.rect.centre()))
            || page.lines.iter().any(|l| s.share_inside(&l.rect) > 0.8 && is_date(&l.text))
    };
    let stroke = page.strokes.iter().any(|s| {
        !prompt(s)
            && (s.share_inside(&spot.around) >= SHARE
                || spot.rect.contains(s.centre())
                || spot.rect.share_inside(s) >= SHARE)
    });
    if stroke || (written && page.source == TextSource::Pixels) {
        return Signed::Yes;
    }
    let over: Vec<_> = page
        .seals
        .iter()
        .filter(|s| {
            s.confidence >= MAYBE_SEAL && s.rect.overlap(&spot.rect) > 0.15 * spot.rect.area().min(s.rect.area())
        })
        .collect();
    if over.iter().any(is_chop) {
        Signed::Chop
    } else if written {
        Signed::Printed
    } else if !over.is_empty() || page.traces.iter().any(|t| t.overlap(&spot.rect) > 0.0) {
        Signed::Hidden
    } else {
        Signed::No
    }
}

/// The label in a line: the indices of its first character and of the one behind it.
fn label(text: &str, wanted: &[String]) -> Option<(usize, usize)> {
    let chars: Vec<char> = text.chars().collect();
    let sounds: Vec<usize> = (0..chars.len()).filter(|i| chars[*i].is_alphanumeric()).collect();
    let bare: Vec<char> = sounds.iter().map(|i| chars[*i]).collect();
    let find = |word: &str| {
        let word: Vec<char> = word.chars().filter(|c| c.is_alphanumeric()).collect();
        (0..bare.len()).find(|i| !word.is_empty() && bare[*i..].starts_with(&word)).map(|i| (i, i + word.len()))
    };
    // The bracket that ends a label (签名） is read as a comma now and then.
    let misread_bracket = |from: usize, to: usize, end: usize| {
        let open = chars[..end].iter().rposition(|c| "（(".contains(*c));
        open.is_some_and(|o| {
            sounds[from] < o && o < sounds[to - 1] && !chars[o..end].iter().any(|c| "）)".contains(*c))
        }) && chars.get(end).is_some_and(|c| "，,、。.;；".contains(*c))
    };
    let ends = |from: usize, to: usize| {
        let mut end = sounds.get(to - 1)? + 1;
        if misread_bracket(from, to, end) {
            end += 1;
        }
        while chars.get(end).is_some_and(|c| "）)：: 　_＿".contains(*c)) {
            end += 1;
        }
        Some(end)
    };
    if wanted.is_empty() {
        let (from, to) = USUAL.iter().filter_map(|w| find(w)).min_by_key(|f| f.0)?;
        // 签名（盖章）: the bracket belongs to the label.
        let to = if bare[to..].starts_with(&['盖', '章']) { to + 2 } else { to };
        let end = ends(from, to)?;
        let prose = chars[..sounds[from]].iter().any(|c| "，。；、".contains(*c))
            || chars.get(end).is_some_and(|c| "，。；、".contains(*c))
            || (end == sounds[to - 1] + 1 && chars.get(end).is_some_and(|c| !"（(".contains(*c)));
        return (!prose && from <= ROLE).then_some((0, end));
    }
    // The longest of the pack's words that begins the line, or stands behind a gap.
    wanted
        .iter()
        .filter_map(|w| find(w))
        .filter(|(from, to)| {
            let at = sounds[*from];
            let begins = at == 0 || !chars[at - 1].is_alphanumeric() || *from == 0;
            let end = sounds[*to - 1] + 1;
            let ended =
                chars.get(end).is_none_or(|c| "）)：: 　_＿（(".contains(*c)) || misread_bracket(*from, *to, end);
            begins && ended
        })
        .max_by_key(|(from, to)| to - from)
        .and_then(|(from, to)| Some((sounds[from], ends(from, to)?)))
}

/// Where a line's `i`-th character begins.
fn place_of(line: &TextLine, i: usize, all: usize) -> f32 {
    if i >= all {
        return line.rect.right();
    }
    match (i.checked_sub(1).and_then(|k| line.chars.get(k)), line.chars.get(i)) {
        (Some(a), Some(b)) => (a.at + b.at) / 2.0,
        // Without places, characters are taken to be of one width.
        _ => line.rect.x + line.rect.w * i as f32 / all.max(1) as f32,
    }
}

/// The right side of the cell around a line, or of the area.
fn cell_end(page: &PageFacts, line: &TextLine, area: Rect) -> f32 {
    let cells = page.tables.iter().flat_map(|t| &t.cells).filter(|c| c.rect.contains(line.rect.centre()));
    let smallest = cells.min_by(|a, b| a.rect.area().total_cmp(&b.rect.area()));
    smallest.map_or(area.right().min(0.97), |c| c.rect.right())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rest(text: &str, wanted: &[&str]) -> Option<String> {
        let wanted: Vec<String> = wanted.iter().map(|w| (*w).to_owned()).collect();
        label(text, &wanted).map(|(_, to)| text.chars().skip(to).collect())
    }

    #[test]
    fn labels_are_told_from_prose() {
        for (text, want) in [
            ("负责人签字：", Some("")),
            ("单位主要负责人（签字）：王某", Some("王某")),
            ("签名（盖章）：", Some("")),
            ("本人签名 李某某 2024年", Some("李某某 2024年")),
            ("鉴定意见由单位主要负责人签字，盖单位公章。", None),
            ("谁签字谁负责", None),
            ("同意推荐", None),
        ] {
            assert_eq!(rest(text, &[]).as_deref(), want, "{text}");
        }
    }

    #[test]
    fn a_packs_own_labels_begin_the_line_or_stand_behind_a_gap() {
        for (text, want) in [
            ("申报人：张某", Some("张某")),
            ("申 报 人（签名）", Some("（签名）")),
            ("单位负责人（签名）：", None),
            ("责任人（签字）： 负责人（签名）：", Some("")),
            ("负责人（签名，王某", Some("王某")),
            ("申报人承诺所填内容真实", None),
            ("（申报人，男", None),
        ] {
            assert_eq!(rest(text, &["申报人", "负责人（签名）"]).as_deref(), want, "{text}");
        }
    }
}
