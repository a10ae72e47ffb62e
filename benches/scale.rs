//! Cost against size: 1, 10, 100 and 1,000 packets of 40 pages, facts replayed, judged one after the other and reported.
//!
//! Each packet is another person's: other name, number, unit and pixels. Prints milliseconds of CPU time a page and fails where they grow with the
//! batch or pass the limit. `cargo bench --bench scale -- 10 100` runs those sizes only. Needs the installed models once.

#![allow(clippy::print_stdout, reason = "a bench says on the terminal what it measured")]

mod common;

use std::hint::black_box;
use std::time::Duration;

use cpu_time::ThreadTime;
use material_audit::check::shared_page;
use material_audit::model::isolation::Isolation;
use material_audit::model::packet::Applicant;
use material_audit::model::report::{PagesExamined, RunRecord};
use material_audit::pack;
use material_audit::report::Writer;
use material_audit::run::Past;
use material_audit::run::packet::{JudgedPacket, ObservedPacket, judge};

/// Milliseconds of one core a page may take to be judged and reported.
const LIMIT_MS: f64 = 2.0;
/// A page of the largest batch may cost this many times one of ten packets.
const GROWTH: f64 = 1.5;
/// Shorter runs are repeated up to this many pages: a single packet's time is mostly noise.
const LEAST_PAGES: usize = 2000;

fn main() {
    let sizes: Vec<usize> = std::env::args().filter_map(|a| a.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![1, 10, 100, 1000] } else { sizes };
    let Some(observed) = common::observed() else { return };
    println!("packets   pages  judge  compare  report    all   ms a page");
    let costs: Vec<f64> = sizes.iter().map(|size| measured(&observed, *size)).collect();
    for (size, cost) in sizes.iter().zip(&costs) {
        assert!(*cost <= LIMIT_MS, "{size} packets: {cost:.2} ms a page, over {LIMIT_MS}");
    }
    let many = |wanted: fn(usize) -> bool| sizes.iter().zip(&costs).filter(move |(n, _)| wanted(**n)).map(|(_, c)| *c);
    if let (Some(few), Some(most)) = (many(|n| n == 10).next(), many(|n| n > 10).next_back()) {
        assert!(most <= GROWTH * few, "a page of the largest batch costs {:.1} times one of ten packets", most / few);
    }
}

/// Time by step.
#[derive(Default)]
struct Spent {
    judge: Duration,
    compare: Duration,
    report: Duration,
}

/// Milliseconds a page for a batch of `size` packets.
fn measured(observed: &ObservedPacket, size: usize) -> f64 {
    let pages = size * observed.pages.len();
    let times = LEAST_PAGES.div_ceil(pages);
    let mut spent = Spent::default();
    (0..times).for_each(|_| batch(observed, size, &mut spent));
    let per_page = |d: Duration| d.as_secs_f64() * 1000.0 / (times * pages) as f64;
    let all = per_page(spent.judge + spent.compare + spent.report);
    println!(
        "{size:7} {pages:7} {:6.3} {:8.3} {:7.3} {all:6.3}",
        per_page(spent.judge),
        per_page(spent.compare),
        per_page(spent.report),
    );
    all
}

fn timed<T>(slot: &mut Duration, work: impl FnOnce() -> T) -> T {
    let begun = ThreadTime::now();
    let result = work();
    *slot += begun.elapsed();
    result
}

/// One batch: judged, compared, reported.
fn batch(observed: &ObservedPacket, size: usize, spent: &mut Spent) {
    let rules = pack::load(common::PACKET.0).expect("a built-in pack");
    let out = tempfile::tempdir().expect("a temporary folder");
    let mut writer = timed(&mut spent.report, || Writer::open(out.path())).expect("writable");
    let mut prints = Vec::with_capacity(size);
    for n in 0..size {
        let packet = anothers(observed, n);
        let folder = packet.folder.clone();
        let JudgedPacket { report, print, .. } =
            timed(&mut spent.judge, || judge(packet, &rules, Past::first(&folder)));
        assert!(report.not_examined.is_empty(), "{:?}", report.not_examined);
        timed(&mut spent.report, || writer.write_applicant(n, &report)).expect("written");
        prints.push(print);
    }
    timed(&mut spent.compare, || black_box(shared_page::across(&prints.iter().collect::<Vec<_>>())));
    let run = RunRecord {
        tool: String::new(),
        pack: rules.id.clone(),
        pack_version: rules.version.clone(),
        models: Vec::new(),
        as_of: String::new(),
        packets: size as u32,
        pages: (size * observed.pages.len()) as u32,
        pages_examined: PagesExamined::default(),
        defects: 0,
        reviews: 0,
        not_examined: Vec::new(),
        noted: Vec::new(),
        missing: Vec::new(),
        isolation: Isolation::NONE,
    };
    timed(&mut spent.report, || writer.finish(&run)).expect("written");
}

/// The packet as another applicant's: words of the same length, so that places on the page stay.
fn anothers(observed: &ObservedPacket, n: usize) -> ObservedPacket {
    let mut packet = observed.clone();
    packet.folder = format!("{n:04}_{}", packet.folder);
    let was = observed.applicant.clone();
    let name: Option<String> = was.name.as_deref().map(|name| renamed(name, n));
    let unit: Option<String> = was.unit.as_deref().map(|unit| renamed_unit(unit, n));
    let id: Option<String> = was.id_number.as_deref().map(|id| renumbered(id, n));
    let changes: Vec<(String, String)> = [(was.name, &name), (was.unit, &unit), (was.id_number, &id)]
        .into_iter()
        .filter_map(|(old, new)| Some((old?, new.clone()?)))
        .collect();
    packet.applicant = Applicant { name, unit, id_number: id, ..observed.applicant.clone() };
    for facts in packet.pages.iter_mut().filter_map(|p| p.facts.as_mut().ok()) {
        facts.fingerprint = format!("{n:08x}{}", facts.fingerprint.get(8..).unwrap_or_default());
        let texts = facts.lines.iter_mut().map(|l| &mut l.text);
        for text in texts.chain(facts.seals.iter_mut().filter_map(|s| s.text.as_mut())) {
            for (old, new) in &changes {
                if text.contains(old.as_str()) {
                    *text = text.replace(old.as_str(), new);
                }
            }
        }
    }
    packet
}

/// The `n`th of 20,000 common characters' worth of words.
fn character(n: usize) -> char {
    char::from_u32(0x4e00 + (n * 7919 % 20000) as u32).unwrap_or('一')
}

/// The surname stays, so that it is one.
fn renamed(name: &str, n: usize) -> String {
    name.chars().enumerate().map(|(i, c)| if i == 0 { c } else { character(2 * n + i) }).collect()
}

/// The place and the kind stay.
fn renamed_unit(unit: &str, n: usize) -> String {
    unit.chars().enumerate().map(|(i, c)| if i == 3 || i == 4 { character(2 * n + i) } else { c }).collect()
}

/// Another serial with its right check character (ISO 7064 MOD 11-2).
fn renumbered(id: &str, n: usize) -> String {
    const WEIGHTS: [usize; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let Some(body) = id.get(..14).filter(|_| id.len() == 18) else { return id.to_owned() };
    let body = format!("{body}{:03}", n % 1000);
    let sum: usize = body.bytes().zip(WEIGHTS).map(|(digit, weight)| usize::from(digit - b'0') * weight).sum();
    format!("{body}{}", b"10X98765432"[sum % 11] as char)
}
