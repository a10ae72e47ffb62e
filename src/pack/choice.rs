//! Names that a key may hold.

/// Names nearer than this (Jaro-Winkler, 0 to 1) are offered as what was meant; below it a hint misleads.
const NEAR: f64 = 0.75;

/// The names a key may hold and what each stands for.
pub(super) struct Choice<T> {
    /// What a name is, for messages (材料代码).
    pub(super) what: &'static str,
    pub(super) options: Vec<(String, T)>,
    /// The pack itself declares the names: they differ from pack to pack.
    pub(super) declared: bool,
}

impl<T: Copy> Choice<T> {
    pub(super) fn new<'n>(what: &'static str, options: impl IntoIterator<Item = (&'n str, T)>) -> Self {
        Self { what, options: options.into_iter().map(|(n, v)| (n.to_owned(), v)).collect(), declared: false }
    }

    /// Names that the pack itself gives to its tables.
    pub(super) fn declared<'n>(what: &'static str, options: impl IntoIterator<Item = (&'n str, T)>) -> Self {
        Self { declared: true, ..Self::new(what, options) }
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
