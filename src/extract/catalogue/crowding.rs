//! Page numbers too narrow for their digits.

use super::columns::Parts;
use super::{LOOKALIKE, Piece};

/// Of a page, so many single digits tell how wide one is.
const TELLING: usize = 3;
/// Two digits are wider than one by more than this.
const WIDER: f32 = 1.1;

/// Doubts numbers of several digits that take no more room than a single digit does in the same list: a thin 4 is read
/// as 14, a 7 as 71. `read`: the rows with the pages they stand on.
pub(super) fn doubt(read: &mut [(usize, Parts)]) {
    let mut single: Vec<(usize, f32)> = read
        .iter()
        .filter_map(|(page, parts)| Some((*page, parts.pages.as_ref()?)))
        .filter(|(_, piece)| digits(piece) == Some(1))
        .map(|(page, piece)| (page, piece.rect.w))
        .collect();
    single.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    for (page, parts) in read {
        let widths: Vec<f32> = single.iter().filter(|(p, _)| p == page).map(|(_, w)| *w).collect();
        let Some(piece) = parts.pages.as_mut().filter(|_| widths.len() >= TELLING) else { continue };
        if digits(piece).is_some_and(|n| n > 1) && piece.rect.w <= widths[widths.len() / 2] * WIDER {
            piece.weakest = piece.weakest.min(LOOKALIKE);
        }
    }
}

/// How many, where there is nothing else.
fn digits(piece: &Piece) -> Option<usize> {
    let text = piece.text.trim();
    text.bytes().all(|b| b.is_ascii_digit()).then_some(text.len()).filter(|n| *n > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::geometry::Rect;

    fn row(page: usize, text: &str, width: f32) -> (usize, Parts) {
        let piece = Piece {
            text: text.to_owned(),
            rect: Rect::new(0.75, 0.3, width, 0.02),
            weakest: 0.99,
            vertical: false,
            hand: false,
            at: Vec::new(),
        };
        (page, Parts { pages: Some(piece), ..Parts::default() })
    }

    fn doubted(mut rows: Vec<(usize, Parts)>) -> Vec<String> {
        doubt(&mut rows);
        let doubtful = |(_, parts): &(usize, Parts)| parts.pages.clone().filter(|p| p.weakest < 0.9).map(|p| p.text);
        rows.iter().filter_map(doubtful).collect()
    }

    #[test]
    fn two_digits_in_one_digit_s_room_are_doubted() {
        let list = |width| {
            let singles = [("3", 0.016), ("5", 0.021), ("6", 0.0215), ("8", 0.018), ("9", 0.0154)];
            let mut rows: Vec<_> = singles.into_iter().map(|(text, w)| row(2, text, w)).collect();
            rows.push(row(2, "14", width));
            rows
        };
        assert_eq!(doubted(list(0.0161)), ["14"]);
        assert_eq!(doubted(list(0.0258)), Vec::<String>::new());
    }

    #[test]
    fn without_single_digits_to_compare_nothing_is_doubted() {
        assert!(doubted(vec![row(2, "14", 0.01), row(2, "15", 0.012), row(2, "1", 0.02)]).is_empty());
        // Another page may be scanned at another size.
        assert!(doubted(vec![row(1, "1", 0.03), row(1, "2", 0.03), row(1, "3", 0.03), row(2, "14", 0.02)]).is_empty());
        assert!(doubted(vec![row(1, "1", 0.03), row(1, "2", 0.03), row(1, "3", 0.03), row(1, "3-5", 0.02)]).is_empty());
    }
}
