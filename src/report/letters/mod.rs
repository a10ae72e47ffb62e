//! 补正通知书: one letter for each applicant with standing defects, to print (HTML), and one for a chat (text).
//!
//! Wording and letterhead are templates (minijinja); the office may replace each. What is only for review never goes
//! into a letter, unless the reviewer confirmed it.

mod template;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::model::finding::{Decided, Severity, Verdict};
use crate::model::report::ReportedFinding;

use super::escape::visible;
use super::overview::Row;
use super::{ReportError, files, words};

pub use template::{DEFAULTS, TemplateError, Templates};

pub(super) const FOLDER: &str = "letters";
/// Ends every letter: what is removed when its applicant has become clean is ours for certain.
const MARK: &str = "\n<!-- material-audit: letter -->\n";
/// Characters of one line of the chat message, which is read on a telephone.
const SHORT: usize = 90;
/// Of these what was seen.
const SEEN: usize = 24;

/// Who writes, and under which notice.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letterhead {
    pub issuer: String,
    pub notice: Notice,
}

/// The notice that the letters cite.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    pub title: String,
    pub number: String,
    pub year: u16,
}

/// Writes letters into a report folder.
#[derive(Debug)]
pub struct Letters {
    templates: Templates,
    head: Letterhead,
}

/// What a template may say of one letter. Every text is on one line and has nothing hidden in it.
#[derive(Debug, Clone, Serialize)]
struct Letter {
    issuer: String,
    notice: Notice,
    number: String,
    applicant: Addressee,
    required: Vec<Item>,
    advice: Vec<Item>,
    refusing: bool,
}

#[derive(Debug, Clone, Default, Serialize)]
struct Addressee {
    name: String,
    folder: String,
    unit: String,
    level: &'static str,
    route: &'static str,
}

#[derive(Debug, Clone, Serialize)]
struct Item {
    id: String,
    severity: &'static str,
    check: &'static str,
    material: String,
    /// `《评审表.pdf》第4页（页码12）`; nothing where the packet as a whole is meant.
    place: String,
    file: String,
    page: String,
    what: String,
    required: String,
    clause: String,
    todo: String,
    remark: String,
    short: String,
    confirmed: bool,
}

impl Letters {
    /// # Errors
    /// Where a template can't be used: it is tried on a letter made up, before anything is audited.
    pub fn new(head: Letterhead, templates: Templates) -> Result<Self, TemplateError> {
        for letter in template::samples() {
            templates.html(&letter)?;
            templates.text(&letter)?;
        }
        Ok(Self { templates, head })
    }

    /// The templates' own text.
    #[must_use]
    pub fn sources(&self) -> &[String; 2] {
        self.templates.sources()
    }

    /// Writes an applicant's letters, or removes them where nothing is to be mended.
    pub(super) fn write(
        &self,
        out: &Path,
        row: &Row,
        findings: &[ReportedFinding],
        decisions: &BTreeMap<String, Decided>,
    ) -> Result<(), ReportError> {
        let [html, text] = paths(out, row);
        let letter = self.letter(row, findings, decisions);
        if letter.required.is_empty() && letter.advice.is_empty() {
            remove(&html);
            return Ok(());
        }
        let folder = out.join(FOLDER);
        fs::create_dir_all(&folder).map_err(|e| files::failed(&folder, &e))?;
        let printed = self.templates.html(&letter)? + MARK;
        // Windows' editor takes a file without the mark for GBK, and wants its line ends.
        let message = format!("\u{feff}{}", self.templates.text(&letter)?.replace("\r\n", "\n").replace('\n', "\r\n"));
        files::replace(&html, |file| file.write_all(printed.as_bytes()))?;
        files::replace(&text, |file| file.write_all(message.as_bytes()))
    }

    fn letter(&self, row: &Row, findings: &[ReportedFinding], decisions: &BTreeMap<String, Decided>) -> Letter {
        let who = &row.applicant;
        let shown = |text: &Option<String>| visible(text.as_deref().unwrap_or_default());
        let mut standing: Vec<&ReportedFinding> =
            findings.iter().filter(|f| f.standing_as(decisions) == Some(Verdict::Defect)).collect();
        standing.sort_by_key(|f| f.severity);
        let (advice, required): (Vec<&ReportedFinding>, Vec<&ReportedFinding>) =
            standing.into_iter().partition(|f| f.severity == Severity::Advise);
        let items = |of: &[&ReportedFinding]| of.iter().map(|f| Item::of(f, decisions.get(&f.id))).collect();
        Letter {
            issuer: visible(&self.head.issuer),
            notice: Notice {
                title: visible(&self.head.notice.title),
                number: visible(&self.head.notice.number),
                year: self.head.notice.year,
            },
            number: number(&row.folder),
            applicant: Addressee {
                name: shown(&who.name),
                folder: visible(&row.folder),
                unit: shown(&who.unit),
                level: who.level.map_or("", words::level),
                route: who.route.map_or("", words::route),
            },
            refusing: required.iter().any(|f| f.severity == Severity::Reject),
            required: items(&required),
            advice: items(&advice),
        }
    }

    /// Puts the letters that another process wrote into `from` in place, or removes older ones where it wrote none.
    pub(super) fn take_over(from: &Path, out: &Path, row: &Row) -> Result<(), ReportError> {
        let (theirs, ours) = (paths(from, row), paths(out, row));
        if !theirs[0].is_file() {
            remove(&ours[0]);
            return Ok(());
        }
        let folder = out.join(FOLDER);
        fs::create_dir_all(&folder).map_err(|e| files::failed(&folder, &e))?;
        theirs.iter().zip(&ours).try_for_each(|(from, to)| files::place(from, to))
    }

    /// The file name of an applicant's letter to print, where one was written.
    pub(super) fn printed(out: &Path, row: &Row) -> Option<String> {
        let [html, _] = paths(out, row);
        html.is_file().then(|| html.file_name()?.to_str().map(str::to_owned)).flatten()
    }

    /// Removes letters of earlier runs whose applicants are not in this report.
    pub(super) fn remove_stale<'a>(out: &Path, rows: impl Iterator<Item = &'a Row>) {
        let current: BTreeSet<PathBuf> = rows.map(|row| paths(out, row)[0].clone()).collect();
        for entry in fs::read_dir(out.join(FOLDER)).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.extension().is_some_and(|ext| ext == "html") && !current.contains(&path) {
                remove(&path);
            }
        }
    }
}

impl Item {
    fn of(f: &ReportedFinding, decided: Option<&Decided>) -> Self {
        let confirmed = f.verdict == Verdict::Review;
        let remark = decided.map(|d| visible(&d.remark)).unwrap_or_default();
        // What the tool says of a finding it could not decide is for the clerk, not for the applicant.
        let (what, todo) = match (confirmed, remark.is_empty()) {
            (false, _) => (visible(&f.message), visible(&f.suggestion)),
            (true, true) => (format!("经人工核对，{}", visible(&f.seen)), "请按要求改正后重新提交。".to_owned()),
            (true, false) => (remark.clone(), "请按要求改正后重新提交。".to_owned()),
        };
        let file = f.file.as_deref().map(|file| format!("《{}》", visible(file))).unwrap_or_default();
        let bare = f.page.map_or_else(|| file.clone(), |n| format!("{file}第{n}页"));
        let printed = f.printed_page.map(|n| format!("（页码{n}）")).unwrap_or_default();
        let page = f.page.map(|n| format!("第{n}页{printed}")).unwrap_or_default();
        let place = format!("{file}{page}");
        let check = f.check.name();
        let spot = if bare.is_empty() || todo.contains(&bare) { String::new() } else { format!("{bare} ") };
        // “请按要求改正” says little without what was seen.
        let seen = visible(&f.seen);
        let seen = if confirmed || seen.chars().count() > SEEN { String::new() } else { format!("（{seen}）") };
        let short = cut(&format!("{spot}{check}{seen}：{}", if confirmed { &what } else { &todo }));
        Self {
            id: visible(&f.id),
            severity: words::severity(f.severity),
            check,
            material: f.material.map(|m| m.name().to_owned()).unwrap_or_default(),
            what,
            required: visible(&f.required),
            clause: visible(&f.clause),
            short,
            place,
            file,
            page,
            remark,
            confirmed,
            todo,
        }
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(SHORT) {
        Some((at, _)) => format!("{}……", &text[..at]),
        None => text.to_owned(),
    }
}

/// A letter's number: the same in every round, and nobody else's.
fn number(folder: &str) -> String {
    let hash = Sha256::digest(folder);
    let digits: String = hash.iter().take(4).map(|b| format!("{b:02X}")).collect();
    format!("BZ-{digits}")
}

/// The printed letter's and the message's path.
fn paths(out: &Path, row: &Row) -> [PathBuf; 2] {
    let stem = row.report_file.strip_suffix(".csv").unwrap_or(&row.report_file);
    ["html", "txt"].map(|ext| out.join(FOLDER).join(format!("{stem}.{ext}")))
}

/// Removes a letter that is certainly ours, with its message. One that won't go does no harm.
fn remove(html: &Path) {
    let mut bytes = Vec::new();
    let read = File::open(html).and_then(|mut file| file.read_to_end(&mut bytes));
    if read.is_ok() && bytes.ends_with(MARK.as_bytes()) {
        let _ = fs::remove_file(html);
        let _ = fs::remove_file(html.with_extension("txt"));
    }
}

#[cfg(test)]
mod tests;
