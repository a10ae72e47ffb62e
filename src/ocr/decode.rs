//! From the recogniser's per-column scores to text (connectionist temporal classification, greedy).

use super::engine::{Quad, Recognised};
use super::script::simplified;

/// The recogniser's output classes in order: the blank, the dictionary's entries, the space.
///
/// `character` is the model's metadata of that key, one entry a line. It is split on `\n` only and not trimmed:
/// some entries are themselves white space.
#[must_use]
pub(super) fn dictionary(character: &str) -> Vec<String> {
    let mut entries: Vec<String> = vec![String::new()];
    entries.extend(character.split('\n').map(str::to_owned));
    entries.push(" ".to_owned());
    entries
}

/// Greedy decoding: the best class of each step, repeats and blanks (class 0) dropped.
///
/// `scores` holds `classes` probabilities per step, steps in reading order. A class without an entry reads as nothing.
#[must_use]
pub(super) fn decode(scores: &[f32], classes: usize, dictionary: &[String]) -> Recognised {
    let steps = scores.len().checked_div(classes).unwrap_or(0);
    let mut read = Recognised::default();
    // The character being read: its class, first and last step, best score.
    let mut open: Option<(usize, usize, usize, f32)> = None;
    let mut close = |open: Option<(usize, usize, usize, f32)>| {
        let Some((class, first, last, score)) = open else { return };
        let at = (first + last + 1) as f32 / (2 * steps) as f32;
        for c in dictionary.get(class).map_or("", String::as_str).chars() {
            read.text.push(simplified(c));
            read.chars.push((at, score));
        }
    };
    for (step, row) in scores.chunks_exact(classes.max(1)).enumerate() {
        let (class, score) =
            row.iter().enumerate().fold((0, f32::MIN), |best, (i, &v)| if v > best.1 { (i, v) } else { best });
        match &mut open {
            Some((c, _, last, best)) if *c == class => {
                *last = step;
                *best = best.max(score);
            }
            _ => close(open.replace((class, step, step, score)).filter(|o| o.0 != 0)),
        }
    }
    close(open.filter(|o| o.0 != 0));
    if !read.chars.is_empty() {
        read.confidence = read.chars.iter().map(|c| c.1).sum::<f32>() / read.chars.len() as f32;
    }
    read
}

/// A box narrower than this share of its height has room for one figure, but for two below each other where it is
/// narrower still.
const TWO_FIGURES: f32 = 0.75;
const TWO_BELOW: f32 = 0.4;
/// How sure a figure is that was read as two.
const READ_AS_TWO: f32 = 0.7;

/// Readers see a figure by itself twice (44, 71 for 7): of two in a box for one the first stands, and is not sure.
pub(super) fn one_figure(read: Recognised, quad: &Quad) -> Recognised {
    let two = read.text.len() == 2 && read.text.bytes().all(|b| b.is_ascii_digit());
    let room_for_one = TWO_BELOW * quad.height()..TWO_FIGURES * quad.height();
    if !two || !room_for_one.contains(&quad.width()) {
        return read;
    }
    let confidence = read.confidence.min(READ_AS_TWO);
    Recognised { text: read.text[..1].to_owned(), chars: vec![(0.5, confidence)], confidence }
}

/// A reading without the blanks at its ends, which are the paper around a lone character and say nothing of it.
pub(super) fn trimmed(read: Recognised) -> Recognised {
    let blank = |c: &char| c.is_whitespace();
    let first = read.text.chars().take_while(blank).count();
    let last = read.text.chars().rev().take_while(blank).count();
    let count = read.text.chars().count().saturating_sub(first + last);
    let chars: Vec<(f32, f32)> = read.chars.into_iter().skip(first).take(count).collect();
    let confidence = if chars.is_empty() { 0.0 } else { chars.iter().map(|c| c.1).sum::<f32>() / chars.len() as f32 };
    Recognised { text: read.text.trim().to_owned(), chars, confidence }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_figures_need_room_for_two() {
        let read =
            |text: &str| Recognised { text: text.into(), chars: vec![(0.3, 0.99), (0.7, 0.99)], confidence: 0.99 };
        let narrow = Quad::upright(0.0, 0.0, 30.0, 50.0);
        for (said, meant) in [("44", "4"), ("71", "7")] {
            let one = one_figure(read(said), &narrow);
            assert!(one.text == meant && one.chars.len() == 1 && one.confidence <= READ_AS_TWO, "{one:?}");
        }
        let wide = Quad::upright(0.0, 0.0, 45.0, 50.0);
        let tall = Quad::upright(0.0, 0.0, 15.0, 50.0);
        for (said, quad) in [("44", &wide), ("44", &tall), ("年月", &narrow), ("4.", &narrow)] {
            assert_eq!(one_figure(read(said), quad), read(said));
        }
    }

    fn scores(best: &[(usize, f32)], classes: usize) -> Vec<f32> {
        let mut v = vec![0.0; best.len() * classes];
        for (i, &(class, score)) in best.iter().enumerate() {
            v[i * classes + class] = score;
        }
        v
    }

    #[test]
    fn dictionary_keeps_white_space_entries() {
        let d = dictionary("一\n\u{3000}\n\r\n二");
        assert_eq!(d, ["", "一", "\u{3000}", "\r", "二", " "]);
    }

    #[test]
    fn repeats_collapse_unless_a_blank_parts_them() {
        let d = dictionary("一\n二");
        let cases: &[(&[(usize, f32)], &str)] = &[
            (&[(1, 0.9), (1, 0.8)], "一"),
            (&[(1, 0.9), (0, 0.9), (1, 0.8)], "一一"),
            (&[(0, 0.9), (2, 0.6), (3, 0.9), (1, 0.8), (0, 1.0)], "二 一"),
            (&[(0, 0.9)], ""),
            (&[], ""),
        ];
        for (best, text) in cases {
            let read = decode(&scores(best, 4), 4, &d);
            assert_eq!(read.text, *text, "{best:?}");
            assert_eq!(read.chars.len(), text.chars().count());
        }
    }

    #[test]
    fn positions_and_confidences_follow_the_steps() {
        let read = decode(&scores(&[(0, 1.0), (1, 0.5), (1, 0.9), (0, 1.0), (2, 0.7)], 4), 4, &dictionary("一\n二"));
        assert_eq!(read.chars, [(0.4, 0.9), (0.9, 0.7)]);
        assert!((read.confidence - 0.8).abs() < 1e-6);
    }

    #[test]
    fn a_class_without_an_entry_reads_as_nothing() {
        assert_eq!(decode(&scores(&[(5, 0.9)], 6), 6, &dictionary("一")).text, "");
    }
}
