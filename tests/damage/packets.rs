//! Hostile packets to be audited together, and what each of their files must be called.

use std::fs;
use std::path::Path;

use crate::run::{Audited, Told};

/// What the report must say of one file: one of several fair words, `|` between them.
#[derive(Debug, Clone)]
pub(crate) enum Expect {
    Whole(&'static str),
    Pages(Vec<&'static str>),
    /// Either all of so many pages were read well, or something of the file is listed as not examined.
    WholeOrListed(usize),
}

pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) expect: Expect,
}

/// One hostile packet; `files` lie in its folder.
pub(crate) struct Packet {
    pub(crate) name: &'static str,
    pub(crate) files: Vec<File>,
}

impl Packet {
    pub(crate) fn new(name: &'static str) -> Self {
        Self { name, files: Vec::new() }
    }

    pub(crate) fn file(mut self, name: &str, bytes: Vec<u8>, expect: Expect) -> Self {
        self.files.push(File { name: name.to_owned(), bytes, expect });
        self
    }

    /// A file whose pages are called so.
    pub(crate) fn pages(self, name: &str, bytes: Vec<u8>, pages: &[&'static str]) -> Self {
        self.file(name, bytes, Expect::Pages(pages.to_vec()))
    }

    /// A file that is not read at all.
    pub(crate) fn whole(self, name: &str, bytes: Vec<u8>, word: &'static str) -> Self {
        self.file(name, bytes, Expect::Whole(word))
    }

    pub(crate) fn write(&self, submissions: &Path) {
        let folder = submissions.join(self.name);
        fs::create_dir_all(&folder).expect("writable");
        for file in &self.files {
            fs::write(folder.join(&file.name), &file.bytes).expect("writable");
        }
    }

    /// Everything that differs from what is expected, a line each.
    pub(crate) fn differences(&self, run: &Audited) -> Vec<String> {
        let told = run.files(self.name);
        let mut out: Vec<String> = told
            .keys()
            .filter(|name| !self.files.iter().any(|f| f.name == **name))
            .map(|name| format!("{}/{name}: unexpected", self.name))
            .collect();
        for file in &self.files {
            let told = told.get(&file.name).unwrap_or(&Told::Nothing);
            if !file.expect.holds(told) {
                out.push(format!("{}/{}: {told:?}, expected {:?}", self.name, file.name, file.expect));
            }
        }
        out
    }
}

fn fits(words: &str, word: &str) -> bool {
    words.split('|').any(|w| w == word)
}

impl Expect {
    fn holds(&self, told: &Told) -> bool {
        match (self, told) {
            (Self::Whole(words), Told::Whole(word)) => fits(words, word),
            (Self::Pages(words), Told::Pages(pages)) => {
                words.len() == pages.len() && words.iter().zip(pages).all(|(w, p)| fits(w, p))
            }
            (Self::WholeOrListed(_), Told::Whole(_)) => true,
            (Self::WholeOrListed(count), Told::Pages(pages)) => {
                // What is neither good nor blank is listed: the run's own agreement is checked for every file.
                pages.iter().any(|p| !matches!(p.as_str(), "good" | "blank"))
                    || (pages.len() == *count && pages.iter().all(|p| p == "good"))
            }
            _ => false,
        }
    }
}
