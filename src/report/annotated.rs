//! `annotated/`: copies of PDFs with the findings in them. What they say and where they lie; a child draws them.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tempfile::TempPath;

use super::{ReportError, escape, files, words};
use crate::model::finding::Verdict;
use crate::model::note::{COPY_MARK, Note};
use crate::model::report::ReportedFinding;

pub(super) const FOLDER: &str = "annotated";
/// Beside the copies: files that have none, and why.
const REFUSALS: &str = "未批注.txt";
const REFUSALS_HEAD: &str = "\u{feff}以下文件没有批注副本，请对照问题清单查看原件：\r\n";
/// A copy's last trailer lies within this of its end; a cross-reference stream of 100,000 notes takes less.
const TRAILER_WITHIN: u64 = 1 << 20;
/// Folders of a packet nested deeper than any that a packet may have.
const MOST_NESTED: usize = 64;

/// The findings of one file as notes. `defect` tells which of them stand as defects.
#[must_use]
pub fn notes<'a>(
    findings: impl IntoIterator<Item = &'a ReportedFinding>,
    defect: impl Fn(&ReportedFinding) -> bool,
) -> Vec<Note> {
    let mut notes: Vec<Note> = Vec::new();
    for finding in findings {
        let verdict = if defect(finding) { Verdict::Defect } else { Verdict::Review };
        let note = Note {
            id: finding.id.clone(),
            page: finding.page.unwrap_or(1),
            rect: finding.rect,
            verdict,
            severity: finding.severity,
            subject: finding.check.name().to_owned(),
            text: text(finding, verdict),
        };
        // Only the uppermost of several frames in one place could be opened.
        let same = |n: &&mut Note| note.rect.is_some() && (n.page, rounded(n)) == (note.page, rounded(&note));
        match notes.iter_mut().find(same) {
            Some(first) => join(first, &note),
            None => notes.push(note),
        }
    }
    notes
}

fn rounded(note: &Note) -> Option<[f32; 4]> {
    note.rect.map(Into::into)
}

fn join(first: &mut Note, more: &Note) {
    (first.verdict, first.severity) = (first.verdict, first.severity).min((more.verdict, more.severity));
    if !first.subject.split('、').any(|s| s == more.subject) {
        first.subject = format!("{}、{}", first.subject, more.subject);
    }
    first.text = format!("{}\n\n{}", first.text, more.text);
}

fn text(finding: &ReportedFinding, verdict: Verdict) -> String {
    let page = finding.page.map(|p| format!("（第 {p} 页）")).unwrap_or_default();
    let (verdict, severity) = (words::verdict(verdict), words::severity(finding.severity));
    let mut lines = vec![format!("{verdict}·{severity}：{}{page}", finding.check.name())];
    for (label, value) in [
        ("", &finding.message),
        ("实际：", &finding.seen),
        ("要求：", &finding.required),
        ("依据：", &finding.clause),
        ("建议：", &finding.suggestion),
        ("编号：", &finding.id),
    ] {
        if !value.is_empty() {
            lines.push(format!("{label}{}", escape::visible(value)));
        }
    }
    lines.join("\n")
}

/// The copies of one report.
#[derive(Debug)]
pub struct Copies {
    root: PathBuf,
    /// Files of this run, and of drafts that may still become one.
    current: BTreeSet<PathBuf>,
}

/// A copy in the making; dropped, it is gone.
#[derive(Debug)]
pub struct Draft {
    temporary: TempPath,
    to: PathBuf,
}

impl Copies {
    /// Below the report folder `out`. Makes nothing yet; what a killed run left half done goes.
    #[must_use]
    pub fn open(out: &Path) -> Self {
        let root = out.join(FOLDER);
        for path in below(&root) {
            if path.file_name().and_then(|n| n.to_str()).is_some_and(|n| n.starts_with(files::TEMPORARY)) {
                let _ = fs::remove_file(path);
            }
        }
        Self { root, current: BTreeSet::new() }
    }

    /// Takes over a packet's copies that another process wrote into the report folder `from`.
    ///
    /// # Errors
    /// Where one cannot be put in place.
    pub fn take_over(&mut self, from: &Path, folder: &str) -> Result<(), ReportError> {
        let (theirs, ours) =
            (from.join(FOLDER).join(files::safe_name(folder)), self.root.join(files::safe_name(folder)));
        for path in below(&theirs) {
            let Ok(name) = path.strip_prefix(&theirs) else { continue };
            let to = ours.join(name);
            if let Some(folder) = to.parent() {
                fs::create_dir_all(folder).map_err(|e| files::failed(folder, &e))?;
            }
            files::place(&path, &to)?;
            self.current.insert(to);
        }
        Ok(())
    }

    /// A place for the copy of `file` (relative to the packet, with `/`) of the packet `folder`, for the time being in
    /// the folder `making` on the same disk, which holds what children write.
    ///
    /// # Errors
    /// Where a folder cannot be made or written to.
    pub fn draft(&mut self, folder: &str, file: &str, making: &Path) -> Result<Draft, ReportError> {
        let mut to = self.root.join(files::safe_name(folder));
        let (inner, name) = file.rsplit_once('/').unwrap_or(("", file));
        to.extend(inner.split('/').filter(|part| !part.is_empty()).map(files::safe_name));
        fs::create_dir_all(&to).map_err(|e| files::failed(&to, &e))?;
        files::narrow(&to);
        to.push(copy_name(name));
        let temporary = files::temporary(making).map_err(|e| files::failed(&to, &e))?.into_temp_path();
        self.current.insert(to.clone());
        Ok(Draft { temporary, to })
    }

    /// Puts a finished copy in place.
    ///
    /// # Errors
    /// Where an older one can't be replaced: it may be open in a reader.
    pub fn keep(&mut self, draft: Draft) -> Result<(), ReportError> {
        let Draft { temporary, to } = draft;
        temporary.persist(&to).map_err(|e| files::failed(&to, &e.error))
    }

    /// Gives a copy up. An older one in its place is stale.
    pub fn discard(&mut self, draft: Draft) {
        self.current.remove(&draft.to);
    }

    /// Says in the packet's folder which files have no copy, and why.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn refusals(&mut self, folder: &str, refused: &[(String, String)]) -> Result<(), ReportError> {
        let folder = self.root.join(files::safe_name(folder));
        fs::create_dir_all(&folder).map_err(|e| files::failed(&folder, &e))?;
        let lines: String =
            refused.iter().map(|(file, why)| format!("《{}》：{why}\r\n", escape::visible(file))).collect();
        let path = folder.join(REFUSALS);
        files::replace(&path, |out| out.write_all(format!("{REFUSALS_HEAD}{lines}").as_bytes()))?;
        self.current.insert(path);
        Ok(())
    }

    /// Removes what is certainly an older report's copy, and folders that are empty then.
    pub fn finish(self) {
        for path in below(&self.root) {
            if !self.current.contains(&path) && is_ours(&path) {
                let _ = fs::remove_file(&path);
            }
        }
        remove_empty(&self.root, 0);
    }
}

impl Draft {
    /// Where to write.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.temporary
    }

    /// What it becomes.
    #[must_use]
    pub fn becomes(&self) -> &Path {
        &self.to
    }
}

/// The copy's name: the file's own, with an extension that opens a PDF reader.
fn copy_name(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((stem, extension)) if extension.eq_ignore_ascii_case("pdf") => {
            format!("{}.{extension}", files::safe_name(stem))
        }
        // `a` and `a.pdf` may lie side by side; no other file's name ends so.
        _ => format!("{}.pdf", files::safe_name(&format!("{name}/"))),
    }
}

/// Every file below a folder; links are not followed.
fn below(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![(root.to_owned(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        let Ok(entries) = fs::read_dir(folder) else { continue };
        for entry in entries.flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && depth < MOST_NESTED => folders.push((entry.path(), depth + 1)),
                Ok(kind) if kind.is_file() => found.push(entry.path()),
                _ => {}
            }
        }
    }
    found
}

fn is_ours(path: &Path) -> bool {
    let mut bytes = Vec::new();
    if path.file_name().is_some_and(|n| n == REFUSALS) {
        let head = REFUSALS_HEAD.as_bytes();
        let read = File::open(path).and_then(|f| f.take(head.len() as u64).read_to_end(&mut bytes));
        return read.is_ok() && bytes == head;
    }
    if !path.extension().is_some_and(|e| e.eq_ignore_ascii_case("pdf")) {
        return false;
    }
    let read = File::open(path).and_then(|mut f| {
        let length = f.metadata()?.len();
        f.seek(SeekFrom::Start(length.saturating_sub(TRAILER_WITHIN)))?;
        f.read_to_end(&mut bytes)
    });
    read.is_ok() && bytes.windows(COPY_MARK.len()).any(|w| w == COPY_MARK.as_bytes())
}

fn remove_empty(folder: &Path, depth: usize) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        if depth < MOST_NESTED && entry.file_type().is_ok_and(|t| t.is_dir()) {
            remove_empty(&entry.path(), depth + 1);
        }
    }
    // Refused by the system where anything is left in it.
    let _ = fs::remove_dir(folder);
}

#[cfg(test)]
#[path = "annotated_tests.rs"]
mod tests;
