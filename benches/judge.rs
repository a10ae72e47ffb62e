//! Judging one packet of 40 pages from its facts: classify, extract, each family of checks, the report. Needs the installed models once.

#![allow(clippy::print_stdout, reason = "a bench says on the terminal what it measured")]

mod common;

use std::hint::black_box;

use common::CpuTime;
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use material_audit::check::{self, registry};
use material_audit::model::isolation::Isolation;
use material_audit::model::packet::PacketFacts;
use material_audit::model::report::{PagesExamined, Report, RunRecord};
use material_audit::run::{Past, packet};
use material_audit::{classify, extract, pack, report};

/// The check families of README.
const FAMILIES: [(&str, &[&str]); 5] = [
    (
        "packet intake",
        &["unreadable-file", "blank-page", "page-orientation", "scan-quality", "duplicate-page", "shared-page"],
    ),
    (
        "materials",
        &[
            "missing-material",
            "unexpected-material",
            "material-order",
            "catalogue-mismatch",
            "page-numbering",
            "paper-size",
            "page-count",
            "wrong-person",
        ],
    ),
    (
        "marks",
        &[
            "missing-seal",
            "missing-signature",
            "missing-photo",
            "photo-not-colour",
            "photo-background",
            "photo-file",
            "missing-qr-code",
            "missing-watermark",
            "suspect-seal",
        ],
    ),
    (
        "fields",
        &[
            "date-format",
            "date-value",
            "blank-field",
            "field-value",
            "unit-name",
            "identity-number",
            "opinion-wording",
            "entry-order",
        ],
    ),
    (
        "content",
        &[
            "anonymity",
            "text-length",
            "publicity-period",
            "assessment-years",
            "continuing-education",
            "certificate-expiry",
            "similarity-rate",
            "submission-window",
        ],
    ),
];

fn judge(c: &mut Criterion<CpuTime>) {
    let Some(observed) = common::observed() else { return };
    let pack = pack::load(common::PACKET.0).expect("a built-in pack");
    let pages = observed.pages.len();
    println!("{pages} pages");

    let mut group = c.benchmark_group("judge");
    group.sample_size(20);
    group.bench_function("classify", |b| b.iter(|| black_box(classify::classify(&observed.pages, &pack))));
    let bare = PacketFacts {
        folder: observed.folder.clone(),
        applicant: observed.applicant.clone(),
        pages: observed.pages.clone(),
        spans: classify::classify(&observed.pages, &pack),
        ..PacketFacts::default()
    };
    group.bench_function("extract", |b| {
        b.iter_batched_ref(|| bare.clone(), |facts| extract::extract(facts, &pack), BatchSize::LargeInput);
    });
    let facts = packet::facts(observed.clone(), &pack);
    let known: usize = FAMILIES.iter().map(|f| f.1.len()).sum();
    assert_eq!(known, registry::all().len(), "every check belongs to one family");
    for (name, ids) in FAMILIES {
        let checks: Vec<_> = ids.iter().map(|id| registry::find(id).expect("a check")).collect();
        group.bench_function(format!("checks: {name}"), |b| {
            b.iter(|| checks.iter().for_each(|check| drop(black_box(check.run(&facts, &pack)))));
        });
    }
    group.bench_function("checks: what packets share, one packet's prints", |b| {
        b.iter(|| black_box(check::shared_page::keep(&facts, &pack)));
    });
    group.bench_function("whole", |b| {
        let past = Past::first(&observed.folder);
        b.iter_batched(|| observed.clone(), |packet| packet::judge(packet, &pack, past), BatchSize::LargeInput);
    });
    let out = tempfile::tempdir().expect("a temporary folder");
    let folder = observed.folder.clone();
    let judged = packet::judge(observed, &pack, Past::first(&folder)).report;
    let run = RunRecord {
        tool: String::new(),
        pack: pack.id.clone(),
        pack_version: pack.version.clone(),
        models: Vec::new(),
        as_of: String::new(),
        packets: 1,
        pages: pages as u32,
        pages_examined: PagesExamined::default(),
        defects: 0,
        reviews: 0,
        not_examined: Vec::new(),
        noted: Vec::new(),
        missing: Vec::new(),
        isolation: Isolation::NONE,
    };
    let report = Report { applicants: vec![judged], run };
    group.bench_function("report", |b| b.iter(|| black_box(report::write(&report, out.path())).expect("written")));
    group.finish();
}

criterion_group! {
    name = benches;
    config = common::on_cpu();
    targets = judge
}
criterion_main!(benches);
