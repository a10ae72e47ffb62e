//! Wordings compared, misread characters and all.

use std::cmp::Reverse;

use unicode_normalization::UnicodeNormalization;

use crate::pack::rules::Form;

/// Text without spaces, punctuation and widths, with the way back to the original.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Plain {
    pub(super) chars: Vec<char>,
    /// For each of `chars`, its index among the original's `char`s.
    pub(super) from: Vec<usize>,
}

impl Plain {
    pub(super) fn new(text: &str) -> Self {
        let (mut chars, mut from) = (Vec::new(), Vec::new());
        for (i, c) in text.chars().enumerate() {
            // Nearly every character is of these, which have no other form.
            if c.is_ascii() || ('\u{4e00}'..='\u{9fff}').contains(&c) {
                if !c.is_ascii() || c.is_ascii_alphanumeric() {
                    chars.push(c);
                    from.push(i);
                }
                continue;
            }
            for c in std::iter::once(c).nfkc().filter(|c| c.is_alphanumeric()) {
                chars.push(c);
                from.push(i);
            }
        }
        Self { chars, from }
    }

    pub(super) fn len(&self) -> usize {
        self.chars.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.chars.is_empty()
    }

    fn text(&self) -> String {
        self.chars.iter().collect()
    }
}

/// Misread characters that a label of this length may carry: none in two or three, one in four to nine, and one more
/// for every five.
const fn allowed_errors(length: usize) -> usize {
    match length {
        0..=3 => 0,
        4..=9 => 1,
        more => more / 5,
    }
}

/// Whether the difference makes another word of it, not a misreading: two neighbours differ (申报 for 现任; not where
/// they only changed places), or the offices named are of another rank (县 for 市).
fn other_word(label: &[char], text: &[char]) -> bool {
    let neighbours = label.len() == text.len()
        && label
            .windows(2)
            .zip(text.windows(2))
            .any(|(x, y)| x[0] != y[0] && x[1] != y[1] && (x[0], x[1]) != (y[1], y[0]));
    let ranks = |chars: &[char]| RANKS.map(|r| chars.contains(&r));
    neighbours || ranks(label) != ranks(text)
}

/// Ranks of offices: the words by which opinions of different offices differ.
const RANKS: [char; 3] = ['省', '市', '县'];

/// A text made ready to be compared with many labels.
struct Said {
    whole: Plain,
    /// Without what stands in brackets.
    bare: Plain,
}

impl Said {
    fn new(text: &str) -> Self {
        Self { whole: Plain::new(text), bare: Plain::new(&without_brackets(text)) }
    }
}

/// How well a text is a label; smaller is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    Exact,
    /// As many characters misread.
    Misread(usize),
    /// The text says more than the label.
    Within,
}

impl Fit {
    /// 0 to 1.
    pub(super) fn confidence(self) -> f32 {
        match self {
            Self::Exact => 1.0,
            Self::Misread(_) => 0.9,
            Self::Within => 0.7,
        }
    }
}

/// A label as the rule pack words it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Label {
    plain: Plain,
}

impl Label {
    pub(super) fn new(text: &str) -> Self {
        Self { plain: Plain::new(text) }
    }

    pub(super) fn len(&self) -> usize {
        self.plain.len()
    }

    /// Whether the whole text is this label; a remark in brackets may follow it or be left out.
    pub(super) fn is(&self, text: &str) -> Option<Fit> {
        self.is_said(&Said::new(text))
    }

    fn is_said(&self, said: &Said) -> Option<Fit> {
        [&said.whole, &said.bare].into_iter().filter_map(|p| self.fit(&p.chars)).min()
    }

    fn fit(&self, chars: &[char]) -> Option<Fit> {
        if self.plain.is_empty() || chars.is_empty() {
            return None;
        }
        if self.plain.chars == chars {
            return Some(Fit::Exact);
        }
        let errors = allowed_errors(self.len());
        if errors == 0 || chars.len().abs_diff(self.len()) > errors || other_word(&self.plain.chars, chars) {
            return None;
        }
        let text: String = chars.iter().collect();
        let distance = strsim::levenshtein(&self.plain.text(), &text);
        (distance <= errors).then_some(Fit::Misread(distance))
    }

    /// Whether the text begins with this label: the fit, and the `char` index at which the rest begins.
    pub(super) fn begins(&self, text: &str) -> Option<(Fit, usize)> {
        self.begins_plain(&Plain::new(text))
    }

    fn begins_plain(&self, plain: &Plain) -> Option<(Fit, usize)> {
        let errors = allowed_errors(self.len());
        let mut best: Option<(Fit, usize)> = None;
        for length in self.len().saturating_sub(errors).max(1)..=(self.len() + errors).min(plain.len()) {
            if let Some(fit) = self.fit(&plain.chars[..length]) {
                // The last character must be the label's own, lest the rest lose its first.
                let ends_alike = plain.chars[length - 1] == self.plain.chars[self.len() - 1];
                let better = best.is_none_or(|b| fit < b.0 || (fit == b.0 && ends_alike));
                if better {
                    best = Some((fit, plain.from[length - 1] + 1));
                }
            }
        }
        best
    }

    /// Whether a text not much longer has this label inside, as 所在单位推荐意见 has 单位推荐意见.
    pub(super) fn within(&self, text: &str) -> bool {
        /// Shorter labels are inside too many words.
        const SHORTEST: usize = 4;
        let plain = Plain::new(text);
        self.len() >= SHORTEST
            && plain.len() <= self.len() * 2
            && plain.chars.windows(self.len()).position(|w| w == self.plain.chars).is_some_and(|at| {
                let (before, after) = (&plain.chars[..at], &plain.chars[at + self.len()..]);
                !before.iter().chain(after).any(|c| RANKS.contains(c))
            })
    }
}

/// The text without what stands in brackets.
fn without_brackets(text: &str) -> String {
    let mut depth = 0usize;
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '(' | '（' | '[' | '【' => depth += 1,
            ')' | '）' | ']' | '】' => depth = depth.saturating_sub(1),
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// All labels of a material's forms: what ends a value or a section, and what a misreading must not be taken for.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    all: Vec<Label>,
    places: Vec<Label>,
    columns: Vec<Label>,
}

impl Vocabulary {
    pub(super) fn of(forms: &[&Form]) -> Self {
        let mut words = Self::default();
        let labels = |texts: &[String]| texts.iter().map(|l| Label::new(l)).collect::<Vec<_>>();
        for form in forms {
            for field in &form.fields {
                words.all.extend(labels(&field.labels));
                if field.column {
                    words.columns.extend(labels(&field.labels));
                }
            }
            words.places.extend(form.places.iter().flat_map(|p| labels(&p.labels)));
        }
        words.all.extend(words.places.iter().cloned());
        words
    }

    /// Whether the text is a label, whole and without misreadings.
    pub(super) fn is_label(&self, text: &str) -> bool {
        let said = Said::new(text);
        self.all.iter().any(|l| l.plain.chars == said.whole.chars || l.plain.chars == said.bare.chars)
    }

    /// Whether the text is a label, misread or not.
    pub(super) fn is_like_label(&self, text: &str) -> bool {
        let said = Said::new(text);
        self.all.iter().any(|l| l.is_said(&said).is_some())
    }

    /// Whether the text is a label without misreadings, or begins with one and a colon.
    pub(super) fn is_headed(&self, text: &str) -> bool {
        let plain = Plain::new(text);
        let exact = |l: &Label| heads(l, text, &plain).is_some_and(|(fit, _)| fit == Fit::Exact);
        self.is_label(text) || self.all.iter().any(|l| l.len() > 1 && exact(l))
    }

    /// Whether the text is the heading of a column.
    pub(super) fn is_heading(&self, text: &str) -> bool {
        let said = Said::new(text);
        self.columns.iter().any(|l| l.plain.chars == said.whole.chars || l.plain.chars == said.bare.chars)
    }

    /// Whether the text is, or begins with, the label of a place.
    pub(super) fn begins_place(&self, text: &str) -> bool {
        let said = Said::new(text);
        self.places
            .iter()
            .any(|l| l.is_said(&said).is_some() || (l.len() >= 3 && heads(l, text, &said.whole).is_some()))
    }

    /// How well the text is one of `labels`. Another label that fits better takes it.
    pub(super) fn is_one_of(&self, text: &str, labels: &[Label]) -> Option<Fit> {
        let said = Said::new(text);
        let fit = labels.iter().filter_map(|l| l.is_said(&said)).min()?;
        let taken = fit != Fit::Exact
            && self.all.iter().filter(|l| !labels.contains(l)).any(|l| l.is_said(&said).is_some_and(|f| f < fit));
        (!taken).then_some(fit)
    }

    /// Whether one of `labels` heads the text, and no other label does so better or at greater length: the fit, and the
    /// `char` index at which the rest begins.
    pub(super) fn heads_one_of(&self, text: &str, labels: &[Label]) -> Option<(Fit, usize)> {
        let plain = Plain::new(text);
        let best = |among: &mut dyn Iterator<Item = &Label>| {
            among.filter_map(|l| heads(l, text, &plain).map(|b| (b.0, Reverse(l.len()), b.1))).min()
        };
        let (fit, length, rest) = best(&mut labels.iter())?;
        let other = best(&mut self.all.iter().filter(|l| !labels.contains(l)));
        other.is_none_or(|o| (fit, length) <= (o.0, o.1)).then_some((fit, rest))
    }

    /// Whether one of `labels`, and no longer other label, is inside the text.
    pub(super) fn within(&self, text: &str, labels: &[Label]) -> bool {
        let Some(length) = labels.iter().filter(|l| l.within(text)).map(Label::len).max() else { return false };
        let others = self.all.iter().filter(|l| !labels.contains(l) && l.len() >= length);
        !others.into_iter().any(|l| l.within(text) || l.is(text).is_some())
    }
}

/// Where a text is headed by a label: a colon, a bracket or nothing follows it, or it ends with a bracket itself.
fn heads(label: &Label, text: &str, plain: &Plain) -> Option<(Fit, usize)> {
    let (fit, at) = label.begins_plain(plain)?;
    let chars: Vec<char> = text.chars().collect();
    let next = |from: usize| (from..chars.len()).find(|i| !chars[*i].is_whitespace());
    // 负责人（签名） ends in a bracket that a label without punctuation doesn't have; it may be read as a comma.
    let open = chars[..at].iter().rposition(|c| "（(【[".contains(*c));
    let unclosed = open.is_some_and(|o| o > 0 && !chars[o..at].iter().any(|c| "）)】]".contains(*c)));
    if let Some(close) = next(at).filter(|i| unclosed && "）)】]，,、".contains(chars[*i])) {
        return Some((fit, close + 1));
    }
    next(at).is_none_or(|i| "：:（(【[﹕︰".contains(chars[i])).then_some((fit, at))
}

/// The label that a text begins with and how many of its characters that takes: the surest, of equals the longest.
pub(super) fn begun(labels: &[Label], text: &str) -> Option<(Fit, usize)> {
    let begun = labels.iter().filter_map(|l| l.begins(text).map(|(fit, rest)| (fit, std::cmp::Reverse(l.len()), rest)));
    begun.min().map(|(fit, _, rest)| (fit, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_labels_the_one_read_exactly_begins_a_line() {
        let labels = ["申报职称", "申报职务", "申报专业", "申报专业技术职务"].map(Label::new);
        let rest = |text: &str| begun(&labels, text).map(|(_, at)| text.chars().skip(at).collect::<String>());
        for (text, expected) in [
            ("申报职称：工程师", "：工程师"),
            ("申报职务：工程师", "：工程师"),
            ("申报专业技术职务：工程师", "：工程师"),
            ("申报专业：机电", "：机电"),
        ] {
            assert_eq!(rest(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn labels_survive_spaces_widths_and_one_misreading_in_four() {
        for (label, text, expected) in [
            ("起止时间", "起 止 时 间", Some(Fit::Exact)),
            ("学历/学位", "学历、学位", Some(Fit::Exact)),
            ("起止时间", "起止时同", Some(Fit::Misread(1))),
            ("起止时间", "起止年月", None),
            ("市人社局审核意见", "县人社局审核意见", None),
            (
                "县（市、区）人力资源和社会保障局审核意见",
                "县（区、市）人力资源和社会保障局审核意见",
                Some(Fit::Misread(2)),
            ),
            ("申报专业技术职务", "现任专业技术职务", None),
            ("时间", "时同", None),
            ("时间", "时 间：", Some(Fit::Exact)),
            ("县（市、区）人社局审核意见", "县(市、区)人社局审核意见", Some(Fit::Exact)),
            ("起止时间", "起止时间（年月）", Some(Fit::Exact)),
            ("姓名", "曾用姓名", None),
            ("参加工作时间", "参加工作时问", Some(Fit::Misread(1))),
        ] {
            assert_eq!(Label::new(label).is(text), expected, "{label} / {text}");
        }
    }

    #[test]
    fn the_rest_begins_after_the_label() {
        let label = Label::new("工作单位");
        let rest = |text: &str| label.begins(text).map(|(_, at)| text.chars().skip(at).collect::<String>());
        assert_eq!(rest("工作单位：某某公司").as_deref(), Some("：某某公司"));
        assert_eq!(rest("工 作 单 位某某公司").as_deref(), Some("某某公司"));
        assert_eq!(rest("单位工作"), None);
    }

    #[test]
    fn a_label_with_its_bracket_heads_what_follows() {
        let words = Vocabulary::default();
        let rest = |label: &str, text: &str| {
            let found = words.heads_one_of(text, &[Label::new(label)]);
            found.map(|(_, at)| text.chars().skip(at).collect::<String>())
        };
        assert_eq!(rest("负责人（签名）", "负责人（签名）：某某").as_deref(), Some("：某某"));
        assert_eq!(rest("负责人（签名）", "负责人(签名)某某").as_deref(), Some("某某"));
        assert_eq!(rest("负责人", "负责人（签名）：某某").as_deref(), Some("（签名）：某某"));
        assert_eq!(rest("负责人（签名）", "负责人（签名，某某").as_deref(), Some("某某"));
        assert_eq!(rest("负责人签名", "负责人签名制度"), None);
        assert_eq!(rest("负责人", "负责人）某某"), None, "the bracket is not the label's");
    }

    #[test]
    fn a_longer_label_takes_its_text() {
        let words = Vocabulary {
            all: vec![Label::new("单位意见"), Label::new("主管单位意见"), Label::new("工作岗位")],
            ..Vocabulary::default()
        };
        assert!(!words.within("主管单位意见", &[Label::new("单位意见")]));
        assert!(words.within("所在单位意见", &[Label::new("单位意见")]));
        assert_eq!(
            words.is_one_of("工作岗位", &[Label::new("工作单位")]),
            None,
            "it is another label, not a misreading"
        );
    }
}
