//! Labels spread over their line (单　　位), read as several pieces.

use super::cells::{PageCells, Piece};
use super::labels::Vocabulary;

/// A label's characters stand no further apart, however wide the line.
const APART_MM: f32 = 30.0;
/// Pieces of one label: one or two characters each, as 姓　名 and 工作　单位.
const SHORT: usize = 2;
/// No label is in more pieces.
const PIECES: usize = 6;

/// Joins pieces in the open that make a label together and none by themselves.
pub(super) fn join(page: &mut PageCells<'_>, words: &Vocabulary) {
    let apart = page.mm(APART_MM).0;
    let mut start = 0;
    while start < page.loose.len() {
        if let Some(count) = run(&page.loose[start..], apart, words) {
            let joined = together(&page.loose[start..start + count]);
            page.loose.splice(start..start + count, [joined]);
        }
        start += 1;
    }
}

/// How many pieces from the first on make the longest label, alone or with its value behind a colon.
fn run(pieces: &[Piece], apart: f32, words: &Vocabulary) -> Option<usize> {
    let mut text = String::new();
    let mut found = None;
    for (i, piece) in pieces.iter().take(PIECES).enumerate() {
        if let Some(before) = i.checked_sub(1).map(|b| &pieces[b]) {
            let level = (before.rect.centre().1 - piece.rect.centre().1).abs() < 0.5 * before.rect.h.min(piece.rect.h);
            let gap = piece.rect.x - before.rect.right();
            if !level || gap > apart || piece.rect.centre().0 <= before.rect.centre().0 || piece.vertical {
                break;
            }
        }
        // A label by itself is joined to no other.
        if words.is_label(&piece.text) || piece.vertical || piece.hand {
            break;
        }
        text.push_str(&piece.text);
        if i > 0 && words.is_headed(&text) {
            found = Some(i + 1);
        }
        if piece.text.chars().filter(|c| c.is_alphanumeric()).count() > SHORT {
            break;
        }
    }
    found
}

fn together(pieces: &[Piece]) -> Piece {
    let mut joined = pieces[0].clone();
    for piece in &pieces[1..] {
        joined.text.push_str(&piece.text);
        joined.rect = joined.rect.union(&piece.rect);
        joined.weakest = joined.weakest.min(piece.weakest);
        joined.at.extend(&piece.at);
        joined.hand |= piece.hand;
    }
    joined
}
