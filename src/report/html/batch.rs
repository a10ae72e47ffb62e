//! The overview of the batch: who stands where, what is wrong most, what one unit's packets all lack.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::applicant::{Lost, dismissed};
use super::terms::{self, Filter, Term};
use super::{PAGES, links};
use crate::model::finding::{CheckId, Status, Verdict};
use crate::model::material::Material;
use crate::model::report::{ApplicantReport, NoticeText, RunRecord};
use crate::report::escape::visible;
use crate::report::overview::{Conclusion, Row};
use crate::report::words;

/// Rows of a chart: as many as fit beside each other on one screen.
const CHART_ROWS: usize = 12;
/// A unit with fewer packets has nothing that all of them lack.
const LEAST_PACKETS: usize = 2;
const UNKNOWN_UNIT: &str = "（单位未读出）";

/// What the index needs of the packets, gathered one by one.
#[derive(Debug, Default)]
pub(in crate::report) struct Batch {
    applicants: Vec<Entry>,
    checks: BTreeMap<CheckId, Count>,
    units: BTreeMap<String, Unit>,
    totals: Totals,
    pages: usize,
}

/// One applicant's line.
#[derive(Debug, Serialize)]
struct Entry {
    folder: String,
    name: String,
    unit: String,
    #[serde(skip)]
    unit_name: String,
    unit_key: usize,
    level: &'static str,
    route: &'static str,
    pages: usize,
    conclusion: Term,
    defects: usize,
    reviews: usize,
    href: String,
    csv: String,
    /// `check:verdict:severity:status:decision:count`, separated by blanks.
    tuples: String,
}

#[derive(Debug, Clone, Copy, Default)]
struct Count {
    defects: usize,
    reviews: usize,
}

/// A defect as a unit's packets share it, with one packet's words for what is required.
type Lacked = BTreeMap<(CheckId, Option<Material>), String>;

#[derive(Debug)]
struct Unit {
    packets: usize,
    count: Count,
    /// What every packet so far lacks.
    lacked: Lacked,
}

#[derive(Debug, Default, Serialize)]
struct Totals {
    defects: usize,
    reviews: usize,
    new: usize,
    open: usize,
    fixed: usize,
    dismissed: usize,
    /// There was a round before this one.
    rounds: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct Index {
    root: &'static str,
    notice: Heading,
    run: Run,
    pages: usize,
    applicants: Vec<Entry>,
    conclusions: Vec<Share>,
    totals: Totals,
    checks: Vec<Bar>,
    units: Vec<Bar>,
    units_more: usize,
    lacks: Vec<Lacking>,
    all_units: Vec<UnitOption>,
    all_checks: Vec<Term>,
    filters: Vec<Filter>,
}

#[derive(Debug, Serialize)]
struct Heading {
    title: String,
    number: String,
}

#[derive(Debug, Serialize)]
struct Run {
    tool: String,
    pack: String,
    pack_version: String,
    as_of: String,
    missing: Vec<String>,
    not_examined: Vec<Lost>,
}

/// A conclusion and its part of a bar 1000 long.
#[derive(Debug, Serialize)]
struct Share {
    #[serde(flatten)]
    term: Term,
    count: usize,
    x: usize,
    width: usize,
}

/// A row of a chart; widths of 100.
#[derive(Debug, Serialize)]
struct Bar {
    key: String,
    name: String,
    defects: usize,
    reviews: usize,
    defect_width: usize,
    review_width: usize,
}

#[derive(Debug, Serialize)]
struct Lacking {
    unit: String,
    packets: usize,
    lacks: Vec<Lack>,
}

#[derive(Debug, Serialize)]
struct Lack {
    check: &'static str,
    material: Option<&'static str>,
    required: String,
}

#[derive(Debug, Serialize)]
struct UnitOption {
    key: usize,
    name: String,
    packets: usize,
}

impl Batch {
    /// Takes in the next packet.
    pub(in crate::report) fn add(&mut self, row: &Row, report: &ApplicantReport) {
        let who = &report.applicant;
        let unit_name = who.unit.as_deref().map(visible).filter(|u| !u.is_empty());
        let key = unit_name.clone().unwrap_or_else(|| UNKNOWN_UNIT.to_owned());
        let lacked = lacked(report);
        let unit = self.units.entry(key.clone()).or_insert_with(|| Unit {
            packets: 0,
            count: Count::default(),
            lacked: lacked.clone(),
        });
        unit.packets += 1;
        unit.lacked.retain(|what, _| lacked.contains_key(what));
        let mut tuples: BTreeMap<[&'static str; 5], usize> = BTreeMap::new();
        for finding in &report.findings {
            let decision = terms::decision_id(report.decisions.get(&finding.id));
            let tuple = [
                finding.check.id(),
                terms::verdict(finding.verdict).id,
                terms::severity(finding.severity).id,
                terms::status(finding.status).id,
                decision,
            ];
            *tuples.entry(tuple).or_default() += 1;
            match finding.status {
                Status::New => self.totals.new += 1,
                Status::Open => self.totals.open += 1,
                Status::Fixed => self.totals.fixed += 1,
            }
            self.totals.dismissed += usize::from(dismissed(report, finding));
            if !report.stands(finding) {
                continue;
            }
            let is_defect = report.is_defect(finding);
            let by_check = self.checks.entry(finding.check).or_default();
            let all = [(&mut self.totals.defects, &mut self.totals.reviews)];
            for (defects, reviews) in
                all.into_iter().chain([by_check, &mut unit.count].map(|c| (&mut c.defects, &mut c.reviews)))
            {
                *(if is_defect { defects } else { reviews }) += 1;
            }
        }
        let tuples: Vec<String> = tuples.into_iter().map(|(t, count)| format!("{}:{count}", t.join(":"))).collect();
        self.pages += row.pages;
        self.applicants.push(Entry {
            folder: visible(&row.folder),
            name: visible(who.name.as_deref().unwrap_or_default()),
            unit: unit_name.unwrap_or_default(),
            unit_name: key,
            unit_key: 0,
            level: who.level.map_or("", words::level),
            route: who.route.map_or("", words::route),
            pages: row.pages,
            conclusion: terms::conclusion(row.conclusion()),
            defects: row.defects,
            reviews: row.reviews,
            href: format!("{PAGES}/{}", links::segment(&links::page_name(&row.report_file))),
            csv: format!("applicants/{}", links::segment(&row.report_file)),
            tuples: tuples.join(" "),
        });
    }

    pub(super) fn page(mut self, notice: &NoticeText, run: &RunRecord) -> Index {
        let keys: BTreeMap<&str, usize> = self.units.keys().enumerate().map(|(i, name)| (name.as_str(), i)).collect();
        for entry in &mut self.applicants {
            entry.unit_key = keys[entry.unit_name.as_str()];
        }
        self.totals.rounds = self.totals.open + self.totals.fixed > 0;
        let checks = bars(self.checks.iter().map(|(c, count)| (c.id().to_owned(), c.name().to_owned(), *count)));
        let units = bars(self.units.iter().map(|(name, u)| (keys[name.as_str()].to_string(), name.clone(), u.count)));
        let seen: BTreeSet<CheckId> = CheckId::ALL
            .iter()
            .copied()
            .filter(|c| {
                self.applicants.iter().any(|a| a.tuples.split(' ').any(|t| t.split(':').next() == Some(c.id())))
            })
            .collect();
        Index {
            root: "",
            notice: Heading { title: visible(&notice.title), number: visible(&notice.number) },
            run: Run {
                tool: visible(&run.tool),
                pack: visible(&run.pack),
                pack_version: visible(&run.pack_version),
                as_of: visible(&run.as_of),
                missing: run.missing.iter().map(|folder| visible(folder)).collect(),
                not_examined: run.not_examined.iter().map(Lost::of).collect(),
            },
            pages: self.pages,
            conclusions: shares(&self.applicants),
            checks: checks.into_iter().take(CHART_ROWS).collect(),
            units_more: units.len().saturating_sub(CHART_ROWS),
            units: units.into_iter().take(CHART_ROWS).collect(),
            lacks: lacks(&self.units),
            all_units: self
                .units
                .iter()
                .enumerate()
                .map(|(key, (name, unit))| UnitOption { key, name: name.clone(), packets: unit.packets })
                .collect(),
            all_checks: seen.into_iter().map(terms::check).collect(),
            filters: terms::filters(),
            applicants: self.applicants,
            totals: self.totals,
        }
    }
}

/// The packet's standing defects by check and material.
fn lacked(report: &ApplicantReport) -> Lacked {
    let defects = report.findings.iter().filter(|f| report.is_defect(f) && f.verdict == Verdict::Defect);
    defects.map(|f| ((f.check, f.material), visible(&f.required))).collect()
}

fn lacks(units: &BTreeMap<String, Unit>) -> Vec<Lacking> {
    let shared = units
        .iter()
        .filter(|(name, unit)| unit.packets >= LEAST_PACKETS && !unit.lacked.is_empty() && *name != UNKNOWN_UNIT);
    let lack = |((check, material), required): (&(CheckId, Option<Material>), &String)| Lack {
        check: check.name(),
        material: material.map(Material::name),
        required: required.clone(),
    };
    shared
        .map(|(name, unit)| Lacking {
            unit: name.clone(),
            packets: unit.packets,
            lacks: unit.lacked.iter().map(lack).collect(),
        })
        .collect()
}

/// The most first; equal ones stay in order.
fn bars(counts: impl Iterator<Item = (String, String, Count)>) -> Vec<Bar> {
    let mut counts: Vec<_> = counts.filter(|(.., c)| c.defects + c.reviews > 0).collect();
    counts.sort_by_key(|(.., c)| std::cmp::Reverse((c.defects, c.reviews)));
    let most = counts.iter().map(|(.., c)| c.defects + c.reviews).max().unwrap_or(1);
    // A bar that is there shows.
    let width = |n: usize| if n == 0 { 0 } else { (n * 100 / most).max(1) };
    counts
        .into_iter()
        .map(|(key, name, c)| Bar {
            key,
            name,
            defects: c.defects,
            reviews: c.reviews,
            defect_width: width(c.defects),
            review_width: width(c.reviews),
        })
        .collect()
}

fn shares(applicants: &[Entry]) -> Vec<Share> {
    let all = applicants.len().max(1);
    let mut before = 0;
    Conclusion::ALL
        .into_iter()
        .map(|conclusion| {
            let term = terms::conclusion(conclusion);
            let count = applicants.iter().filter(|a| a.conclusion == term).count();
            let x = before * 1000 / all;
            before += count;
            Share { term, count, x, width: before * 1000 / all - x }
        })
        .collect()
}
