//! From the recogniser's per-column scores to text (connectionist temporal classification, greedy).

use super::engine::Recognised;
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

#[cfg(test)]
mod tests {
    use super::*;

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
