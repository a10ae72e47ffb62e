//! An applicant's page: findings by material, each with its evidence, and all pages at a glance.

use std::collections::BTreeMap;

use serde::Serialize;

use super::terms::{self, DecisionTerm, Filter, Term};
use super::{Around, Neighbour, links};
use crate::model::finding::{CheckId, Decision, Status};
use crate::model::material::Material;
use crate::model::report::{ApplicantReport, Noted, NoticeText, ReportedFinding, ReportedPage};
use crate::report::csv::share;
use crate::report::escape::visible;
use crate::report::overview::Row;
use crate::report::words;

/// Findings that belong to no material.
const NO_MATERIAL: &str = "整份材料";

#[derive(Debug, Serialize)]
pub(super) struct Page {
    root: &'static str,
    folder: String,
    name: String,
    unit: String,
    level: &'static str,
    route: &'static str,
    conclusion: Term,
    files: usize,
    pages: usize,
    defects: usize,
    reviews: usize,
    fixed: usize,
    /// Rejected, or looked at and found in order.
    dismissed: usize,
    csv: String,
    letter: Option<String>,
    before: Option<Neighbour>,
    after: Option<Neighbour>,
    not_examined: Vec<Lost>,
    noted: Vec<Noted>,
    strip: Vec<File>,
    groups: Vec<Group>,
    all_checks: Vec<Term>,
    filters: Vec<Filter>,
}

/// A file or page that was not examined.
#[derive(Debug, Serialize)]
pub(super) struct Lost {
    pub(super) applicant: String,
    pub(super) file: String,
    pub(super) page: Option<u32>,
    pub(super) reason: String,
}

#[derive(Debug, Serialize)]
struct File {
    file: String,
    pages: Vec<Thumb>,
}

#[derive(Debug, Serialize)]
struct Thumb {
    page: u32,
    printed: Option<u32>,
    material: &'static str,
    thumb: Option<String>,
    /// What stands there instead of a picture.
    state: &'static str,
    /// The page's first finding on this page.
    target: Option<String>,
    mark: &'static str,
    count: usize,
}

#[derive(Debug, Serialize)]
struct Group {
    name: &'static str,
    findings: Vec<Finding>,
}

#[derive(Debug, Serialize)]
struct Finding {
    id: String,
    anchor: String,
    check: Term,
    verdict: Term,
    severity: Term,
    status: Term,
    decision: Option<DecisionTerm>,
    /// Nothing is asked for any more.
    dim: bool,
    message: String,
    place: String,
    seen: String,
    required: String,
    clauses: Vec<Clause>,
    suggestion: String,
    /// Percent.
    confidence: u32,
    picture: Option<String>,
    /// The picture is the page's small one.
    at_a_glance: bool,
}

#[derive(Debug, Serialize)]
struct Clause {
    number: String,
    quotes: Vec<String>,
}

impl Lost {
    pub(super) fn of(lost: &crate::model::report::NotExamined) -> Self {
        Self {
            applicant: visible(&lost.applicant),
            file: visible(&lost.file),
            page: lost.page,
            reason: visible(&lost.reason),
        }
    }
}

impl Page {
    pub(super) fn of(
        row: &Row,
        report: &ApplicantReport,
        notice: &NoticeText,
        Around { before, after, letter }: Around,
    ) -> Self {
        let who = &report.applicant;
        let mut all_checks: Vec<CheckId> = report.findings.iter().map(|f| f.check).collect();
        all_checks.sort_unstable();
        all_checks.dedup();
        Self {
            root: "../",
            folder: visible(&report.folder),
            name: visible(who.name.as_deref().unwrap_or_default()),
            unit: visible(who.unit.as_deref().unwrap_or_default()),
            level: who.level.map_or("", words::level),
            route: who.route.map_or("", words::route),
            conclusion: terms::conclusion(row.conclusion()),
            files: row.files,
            pages: row.pages,
            defects: row.defects,
            reviews: row.reviews,
            fixed: report.findings.iter().filter(|f| f.status == Status::Fixed).count(),
            dismissed: report.findings.iter().filter(|f| dismissed(report, f)).count(),
            csv: format!("../applicants/{}", links::segment(&row.report_file)),
            letter: letter.map(|name| format!("../letters/{}", links::segment(&name))),
            before,
            after,
            not_examined: report.not_examined.iter().map(Lost::of).collect(),
            noted: report.noted.iter().map(|n| Noted { file: visible(&n.file), ..n.clone() }).collect(),
            strip: strip(report),
            groups: groups(report, notice),
            all_checks: all_checks.into_iter().map(terms::check).collect(),
            filters: terms::filters(),
        }
    }
}

/// Whether the reviewer decided that nothing is asked for.
pub(super) fn dismissed(report: &ApplicantReport, finding: &ReportedFinding) -> bool {
    let decided = report.decisions.get(&finding.id).map(|d| d.decision);
    matches!(decided, Some(Decision::Rejected | Decision::Checked))
}

/// The pages by file, in packet order.
fn strip(report: &ApplicantReport) -> Vec<File> {
    let mut out: Vec<File> = Vec::new();
    let mut on_page: BTreeMap<(&str, u32), Vec<&ReportedFinding>> = BTreeMap::new();
    for finding in &report.findings {
        if let (Some(file), Some(page)) = (finding.file.as_deref(), finding.page) {
            on_page.entry((file, page)).or_default().push(finding);
        }
    }
    for (at, page) in report.pages.iter().enumerate() {
        let found = on_page.get(&(page.file.as_str(), page.page)).map_or(&[][..], Vec::as_slice);
        let standing: Vec<&&ReportedFinding> = found.iter().filter(|f| report.stands(f)).collect();
        // What still asks for something comes first.
        let first = standing.first().copied().or_else(|| found.first());
        let thumb = Thumb {
            page: page.page,
            printed: page.printed_page,
            material: page.material.name(),
            thumb: report.pictures.pages.get(at).and_then(Option::as_deref).and_then(links::picture),
            state: state(page),
            target: first.map(|f| anchor(report, f)),
            mark: match first {
                None => "",
                Some(_) if standing.is_empty() => "dim",
                Some(_) if standing.iter().any(|f| report.is_defect(f)) => "defect",
                Some(_) => "review",
            },
            count: if standing.is_empty() { found.len() } else { standing.len() },
        };
        let file = visible(&page.file);
        match out.last_mut() {
            Some(last) if last.file == file => last.pages.push(thumb),
            _ => out.push(File { file, pages: vec![thumb] }),
        }
    }
    out
}

fn state(page: &ReportedPage) -> &'static str {
    match page.quality.as_str() {
        "good" | "degraded" => "无图",
        "blank" => "空白页",
        _ => "读不出",
    }
}

/// Findings by material, in the order in which the packet has them; what concerns the packet as a whole comes first.
fn groups(report: &ApplicantReport, notice: &NoticeText) -> Vec<Group> {
    let place = |material: Option<Material>| {
        let first = material.map(|m| report.pages.iter().position(|p| p.material == m).unwrap_or(usize::MAX));
        (first, material)
    };
    let mut by_material: BTreeMap<_, Vec<Finding>> = BTreeMap::new();
    for finding in &report.findings {
        by_material.entry(place(finding.material)).or_default().push(shown(report, finding, notice));
    }
    by_material
        .into_iter()
        .map(|((_, material), findings)| Group { name: material.map_or(NO_MATERIAL, Material::name), findings })
        .collect()
}

fn shown(report: &ApplicantReport, finding: &ReportedFinding, notice: &NoticeText) -> Finding {
    let at = report
        .pages
        .iter()
        .position(|p| finding.page == Some(p.page) && finding.file.as_deref() == Some(p.file.as_str()));
    let place = report.pictures.places.get(&finding.id).and_then(|path| links::picture(path));
    let glance = at.and_then(|at| report.pictures.pages.get(at)?.as_deref()).and_then(links::picture);
    Finding {
        id: visible(&finding.id),
        anchor: anchor(report, finding),
        check: terms::check(finding.check),
        verdict: terms::verdict(finding.verdict),
        severity: terms::severity(finding.severity),
        status: terms::status(finding.status),
        decision: terms::decided(report.decisions.get(&finding.id)),
        dim: !report.stands(finding),
        message: visible(&finding.message),
        place: words_of_place(finding),
        seen: visible(&finding.seen),
        required: visible(&finding.required),
        clauses: clauses(finding, notice),
        suggestion: visible(&finding.suggestion),
        confidence: (share(finding.confidence) * 100.0).round() as u32,
        at_a_glance: place.is_none(),
        picture: place.or(glance),
    }
}

/// An address on the page: ids are unique within a packet, unless a mended finding stands beside a new one.
fn anchor(report: &ApplicantReport, finding: &ReportedFinding) -> String {
    let clean: String = finding.id.chars().filter(char::is_ascii_alphanumeric).collect();
    let nth = report.findings.iter().take_while(|f| !std::ptr::eq(*f, finding)).filter(|f| f.id == finding.id).count();
    if nth == 0 { clean } else { format!("{clean}-{}", nth + 1) }
}

fn words_of_place(finding: &ReportedFinding) -> String {
    let mut out = finding.file.as_deref().map(|file| format!("《{}》", visible(file))).unwrap_or_default();
    if let Some(page) = finding.page {
        out.push_str(&format!("第 {page} 页"));
    }
    if let Some(printed) = finding.printed_page {
        out.push_str(&format!("（印刷页码 {printed}）"));
    }
    out
}

/// The clauses that a finding cites, with the notice's words where they are known.
fn clauses(finding: &ReportedFinding, notice: &NoticeText) -> Vec<Clause> {
    let numbers = finding.clause.split(['；', ';']).map(str::trim).filter(|n| !n.is_empty());
    numbers
        .map(|number| {
            let quotes = notice.quotes.get(&(finding.check, number.to_owned()));
            Clause { number: visible(number), quotes: quotes.into_iter().flatten().map(|q| visible(q)).collect() }
        })
        .collect()
}
