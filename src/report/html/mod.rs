//! The report as pages to look at: `index.html`, one page per applicant, their style sheet and script.
//!
//! Pages work from disk: no address leaves the report's folder. Every text goes through [`super::escape::visible`] and
//! the templates' own escaping; every address is built in [`links`].

mod applicant;
mod batch;
mod links;
mod terms;

use std::io::{self, Write};
use std::path::Path;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, Value};
use serde::Serialize;

use super::overview::Row;
use super::{ReportError, files};
use crate::model::report::{ApplicantReport, NoticeText, RunRecord};

pub(super) use batch::Batch;
pub(super) use links::{is_picture, page_name};

/// The applicants' pages' folder.
pub(super) const PAGES: &str = "pages";
/// The folder of the style sheet and the script.
pub(super) const ASSETS: &str = "assets";
pub(super) const INDEX: &str = "index.html";
/// Stands near the beginning of every page of ours.
const MARK: &[u8] = b"<meta name=\"generator\" content=\"material-audit\">";

const STYLE: &str = include_str!("report.css");
const SCRIPT: &str = include_str!("report.js");

/// The templates, compiled.
#[derive(Debug)]
pub(super) struct Site {
    templates: Environment<'static>,
    pub(super) notice: NoticeText,
}

/// A neighbour in the order of the report.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Neighbour {
    folder: String,
    href: String,
}

/// Where an applicant's page leads.
#[derive(Debug, Default)]
pub(super) struct Around {
    pub(super) before: Option<Neighbour>,
    pub(super) after: Option<Neighbour>,
    /// File name of the letter to print.
    pub(super) letter: Option<String>,
}

impl Neighbour {
    pub(super) fn of(folder: &str) -> Self {
        Self { folder: super::escape::visible(folder), href: links::segment(&page_name(&files::csv_name(folder))) }
    }
}

impl Site {
    pub(super) fn new() -> Self {
        let mut templates = Environment::new();
        templates.set_undefined_behavior(UndefinedBehavior::Strict);
        let syntax = SyntaxConfig::builder().trim_blocks(true).build().expect("the usual delimiters");
        templates.set_syntax(syntax);
        for (name, source) in [
            ("base.html", include_str!("templates/base.html")),
            ("parts.html", include_str!("templates/parts.html")),
            ("index.html", include_str!("templates/index.html")),
            ("applicant.html", include_str!("templates/applicant.html")),
        ] {
            templates.add_template(name, source).expect("the program's own templates are sound");
        }
        Self { templates, notice: NoticeText::default() }
    }

    /// Writes an applicant's page.
    pub(super) fn write_applicant(
        &self,
        out: &Path,
        row: &Row,
        report: &ApplicantReport,
        around: Around,
    ) -> Result<(), ReportError> {
        let page = applicant::Page::of(row, report, &self.notice, around);
        self.write("applicant.html", &page, &out.join(PAGES).join(page_name(&row.report_file)))
    }

    /// Writes `index.html` and what the pages share.
    pub(super) fn write_index(&self, out: &Path, batch: Batch, run: &RunRecord) -> Result<(), ReportError> {
        let assets = out.join(ASSETS);
        std::fs::create_dir_all(&assets).map_err(|e| files::failed(&assets, &e))?;
        for (name, text) in [("report.css", STYLE), ("report.js", SCRIPT)] {
            files::replace(&assets.join(name), |file| file.write_all(text.as_bytes()))?;
        }
        self.write(INDEX, &batch.page(&self.notice, run), &out.join(INDEX))
    }

    fn write(&self, template: &str, page: &impl Serialize, to: &Path) -> Result<(), ReportError> {
        files::replace(to, |file| {
            let mut out = io::BufWriter::new(file);
            let template = self.templates.get_template(template).map_err(io::Error::other)?;
            template.render_captured_to(Value::from(Serde(page)), &mut out).map_err(io::Error::other)?;
            out.flush()
        })
    }
}

/// Whether the bytes begin as a page of this tool does.
pub(super) fn is_ours(head: &[u8]) -> bool {
    head.windows(MARK.len()).any(|part| part == MARK)
}

#[cfg(test)]
mod tests;
