//! Names that a key may hold.

use super::words;

/// Names nearer than this (Jaro-Winkler, 0 to 1) are offered as what was meant; below it a hint misleads.
const NEAR: f64 = 0.75;
/// A shorter piece of a word could belong to many.
const PIECE: usize = 2;

/// The names a key may hold and what each stands for.
pub(super) struct Choice<T> {
    /// What a name is, for messages (材料代码).
    pub(super) what: &'static str,
    pub(super) options: Vec<(String, T)>,
    /// The pack itself declares the names: they differ from pack to pack.
    pub(super) declared: bool,
    /// What people call a name: the name, then the word; a name's first word stands beside it in messages.
    called: Vec<(String, String)>,
}

impl<T: Copy> Choice<T> {
    pub(super) fn new<'n>(what: &'static str, options: impl IntoIterator<Item = (&'n str, T)>) -> Self {
        let options = options.into_iter().map(|(n, v)| (n.to_owned(), v)).collect();
        Self { what, options, declared: false, called: Vec::new() }.called(words::of(what).iter().copied())
    }

    /// Names that the pack itself gives to its tables.
    pub(super) fn declared<'n>(what: &'static str, options: impl IntoIterator<Item = (&'n str, T)>) -> Self {
        Self { declared: true, ..Self::new(what, options) }
    }

    /// With more words for names.
    pub(super) fn called<'n>(mut self, words: impl IntoIterator<Item = (&'n str, &'n str)>) -> Self {
        self.called.extend(words.into_iter().map(|(name, word)| (name.to_owned(), word.to_owned())));
        self
    }

    pub(super) fn find(&self, name: &str) -> Option<T> {
        self.options.iter().find(|(n, _)| n == name).map(|(_, v)| *v)
    }

    /// The names to list in a schema.
    pub(super) fn written(&self) -> Vec<String> {
        if self.declared { Vec::new() } else { self.options.iter().map(|(n, _)| n.clone()).collect() }
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.options.iter().map(|(n, _)| n.as_str())
    }

    /// At most so many of the names, each with what people call it.
    pub(super) fn listed(&self, most: usize) -> String {
        let shown: Vec<String> = self.names().take(most).map(|name| glossed(name, &self.called)).collect();
        let more = if self.options.len() > most { " 等" } else { "" };
        format!("{}{more}", shown.join("、"))
    }

    /// The valid name that was meant.
    pub(super) fn meant(&self, written: &str) -> Option<String> {
        meant(written, self.names(), &self.called)
    }
}

/// `correct（补正）`; a Chinese name needs no gloss.
fn glossed(name: &str, called: &[(String, String)]) -> String {
    let word = called.iter().find(|(n, _)| n == name).map(|(_, word)| word).filter(|_| name.is_ascii());
    word.map_or_else(|| name.to_owned(), |word| format!("{name}（{word}）"))
}

/// The valid name that was meant: by what people call it, else the one most like it.
pub(super) fn meant<'n>(
    written: &str,
    valid: impl Iterator<Item = &'n str>,
    called: &[(String, String)],
) -> Option<String> {
    let plain = |t: &str| t.trim().to_lowercase();
    let asked = plain(written);
    let known: Vec<&str> = valid.collect();
    let same = |n: &str, word: &str| (plain(word) == asked).then(|| n.to_owned());
    let exact = known.iter().find_map(|n| same(n, n)).or_else(|| called.iter().find_map(|(n, word)| same(n, word)));
    let part = |word: &str| {
        let word = plain(word);
        let shorter = word.chars().count().min(asked.chars().count());
        shorter >= PIECE && (asked.contains(&word) || word.contains(&asked))
    };
    let like = |word: &str| strsim::jaro_winkler(&asked, &plain(word));
    let closest = |of: &mut dyn Iterator<Item = &'_ (String, String)>| {
        of.map(|(n, word)| (like(word), n)).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(near, n)| (near, n.clone()))
    };
    exact
        .or_else(|| closest(&mut called.iter().filter(|(_, word)| part(word))).map(|(_, n)| n))
        .or_else(|| nearest(written, known.into_iter()))
        .or_else(|| closest(&mut called.iter()).filter(|(near, _)| *near >= NEAR).map(|(_, n)| n))
}

/// The valid name most like `name`, where one is near enough to be a slip of it.
pub(super) fn nearest<'n>(name: &str, valid: impl Iterator<Item = &'n str>) -> Option<String> {
    valid
        .map(|v| (strsim::jaro_winkler(name, v), v))
        .filter(|(near, _)| *near >= NEAR)
        .fold(
            None,
            |best: Option<(f64, &str)>, this| if best.is_some_and(|b| b.0 >= this.0) { best } else { Some(this) },
        )
        .map(|(_, v)| v.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_meant_by_its_slip_or_by_what_people_call_it() {
        let severity = Choice::new("程度", [("reject", 1), ("correct", 2), ("advise", 3)]);
        for (written, name) in [
            ("corect", Some("correct")),
            ("Correct", Some("correct")),
            ("补正", Some("correct")),
            ("不予受理", Some("reject")),
            ("须补正", Some("correct")),
            ("严重", None),
        ] {
            assert_eq!(severity.meant(written).as_deref(), name, "{written}");
        }
        assert_eq!(severity.listed(2), "reject（不予受理）、correct（补正） 等");
    }

    #[test]
    fn a_level_is_not_taken_for_its_likest_neighbour() {
        let levels = Choice::new("申报级别", [("技术员", 1), ("助理工程师", 2), ("工程师", 3), ("高级工程师", 4)]);
        assert_eq!(levels.meant("中级工程师").as_deref(), Some("工程师"));
        assert_eq!(levels.meant("高工").as_deref(), Some("高级工程师"));
        assert_eq!(levels.listed(9), "技术员、助理工程师、工程师、高级工程师");
    }
}
