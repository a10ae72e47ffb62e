//! Merging against size: parts of a made-up batch are written as shards write them, then merged by the program itself.
//!
//! `cargo bench --bench merge -- 10000 20` makes 10,000 applicants of 40 pages in 20 parts (their text, findings, prints
//! and small pictures are random), and prints the merge's wall time, CPU time and most memory. Needs no models. Takes
//! some minutes and 3 GB of disk, nearly all of them for making the parts.

#![allow(clippy::print_stdout, reason = "a bench says on the terminal what it measured")]
#![allow(clippy::expect_used, reason = "a bench stops at the first surprise")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use material_audit::model::finding::{CheckId, Severity, Status, Verdict};
use material_audit::model::geometry::Rect;
use material_audit::model::likeness::{Named, PacketPrint, PagePrint};
use material_audit::model::material::Material;
use material_audit::model::packet::Applicant;
use material_audit::model::report::{ApplicantReport, Outcomes, Pictures, ReportedFinding, ReportedLine, ReportedPage};
use material_audit::model::round::{ApplicantRecord, Remembered, Standing};
use material_audit::report::Writer;
use material_audit::report::letters::{DEFAULTS, Letterhead, Letters, Templates};
use material_audit::round::Scene;
use material_audit::run::{Kept, Past};
use material_audit::shard::{Manifest, Setting, Shard};
use serde_json::json;

const PAGES: usize = 40;
/// Pages on documents that are one person's alone.
const PRINTED: usize = 28;
const LINES: usize = 25;
const FINDINGS: usize = 12;
const SECONDS: f64 = 30.0;
const MEMORY_MB: usize = 1024;

fn main() {
    let sizes: Vec<usize> = std::env::args().filter_map(|a| a.parse().ok()).collect();
    let [applicants, parts] = sizes[..] else {
        println!("sizes are to be given: cargo bench --bench merge -- APPLICANTS PARTS");
        return;
    };
    let dir = tempfile::tempdir().expect("a temporary folder");
    let folders: Vec<String> = (0..applicants).map(|n| format!("{n:06}_申报人")).collect();
    let made = Instant::now();
    let roots: Vec<PathBuf> = (1..=parts)
        .map(|number| {
            let root = dir.path().join(number.to_string());
            part(&root, Shard { number, of: parts }, &folders);
            root
        })
        .collect();
    println!(
        "{applicants} applicants of {PAGES} pages in {parts} parts, made in {:.0} s",
        made.elapsed().as_secs_f64()
    );
    let begun = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_material-audit"))
        .arg("merge")
        .args(&roots)
        .arg("--out")
        .arg(dir.path().join("report"))
        .stdout(Stdio::null())
        .spawn()
        .expect("the program starts");
    let status = PathBuf::from(format!("/proc/{}", child.id()));
    let (mut most_mb, mut cpu) = (0, 0.0);
    let ended = loop {
        most_mb = most_mb.max(high_water_mb(&status));
        cpu = cpu_seconds(&status).unwrap_or(cpu);
        if let Some(ended) = child.try_wait().expect("a child") {
            break ended;
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    let seconds = begun.elapsed().as_secs_f64();
    assert!(ended.success());
    println!("merged in {seconds:.1} s, {cpu:.1} CPU-s, at most {most_mb} MB");
    assert!(seconds <= SECONDS && most_mb <= MEMORY_MB, "over {SECONDS} s or {MEMORY_MB} MB");
}

fn high_water_mb(process: &Path) -> usize {
    let text = fs::read_to_string(process.join("status")).unwrap_or_default();
    let kb = text.lines().find_map(|l| l.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.trim().parse().ok());
    kb.map_or(0, |kb: usize| kb / 1024)
}

/// In ticks of a hundredth.
fn cpu_seconds(process: &Path) -> Option<f64> {
    let text = fs::read_to_string(process.join("stat")).ok()?;
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at)?.parse::<f64>().ok();
    Some((ticks(11)? + ticks(12)?) / 100.0)
}

/// A generator of numbers that look random (xorshift).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    /// Of some 3,000 characters.
    fn text(&mut self, length: usize) -> String {
        (0..length).filter_map(|_| char::from_u32(0x4e00 + self.below(3000) as u32)).collect()
    }
}

fn part(root: &Path, shard: Shard, folders: &[String]) {
    let letters = Letters::new(Letterhead::default(), Templates::load(&[]).expect("ours")).expect("they render");
    let mut writer = Writer::part(root).expect("writable").with_letters(letters).among(folders.to_vec());
    for (at, folder) in folders.iter().enumerate().filter(|(at, _)| at % shard.of + 1 == shard.number) {
        let mut dice = Dice(at as u64 * 7919 + 1);
        let report = report(folder, at, &mut dice);
        for path in report.pictures.pages.iter().flatten().chain(report.pictures.places.values()) {
            let to = root.join(path);
            fs::create_dir_all(to.parent().expect("a folder")).expect("writable");
            fs::write(to, path).expect("writable");
        }
        let print = print(folder, at, &mut dice);
        let record = record(folder, &report.findings);
        writer.write_applicant(at, &report).expect("written");
        writer.remember(at, &record).expect("kept");
        let kept = Kept::new(print, record, Scene::new(folder, folder, "made-up"), Past::first(folder));
        writer.keep(|store| kept.keep(at, store)).expect("kept");
    }
    let (part, ..) = writer.into_part();
    part.seal(&[]).expect("sealed");
    let setting = json!({
        "pack": "made-up", "pack_version": "1", "as_of": "2024-12-01", "annotate": false, "tool": "bench", "models": [],
        "head": {"issuer": "", "notice": {"title": "", "number": "", "year": 2024}}, "quotes": [],
        "templates": DEFAULTS.map(|(_, source)| source),
    });
    let first_round = Setting::default().with("上一轮报告", [&[][..]]);
    let mut manifest = Manifest::begun(shard, folders.len(), first_round, setting);
    manifest.finished = true;
    manifest.write(root).expect("written");
}

fn report(folder: &str, at: usize, dice: &mut Dice) -> ApplicantReport {
    let rect = Rect::new(0.1, 0.2, 0.5, 0.02);
    let line = |dice: &mut Dice| ReportedLine { text: dice.text(14), rect, confidence: 0.987 };
    let page = |n: usize, dice: &mut Dice| ReportedPage {
        applicant: folder.to_owned(),
        file: format!("扫描{:04}.pdf", n / 10),
        page: n as u32 % 10 + 1,
        material: Material::ReviewForm,
        category: None,
        first_of_material: n == 0,
        quality: "good".into(),
        orientation: 0,
        size_mm: Some([210.0, 297.0]),
        lines: (0..LINES).map(|_| line(dice)).collect(),
        seals: Vec::new(),
        photos: Vec::new(),
        codes: Vec::new(),
        printed_page: Some(n as u32 + 1),
        duplicate_of: None,
    };
    let finding = |n: usize, dice: &mut Dice| ReportedFinding {
        id: format!("F{:010}", at * FINDINGS + n),
        applicant: folder.to_owned(),
        check: CheckId::ALL[(at + n) % CheckId::ALL.len()],
        verdict: if n.is_multiple_of(3) { Verdict::Review } else { Verdict::Defect },
        severity: Severity::Correct,
        status: Status::New,
        material: Some(Material::ReviewForm),
        file: Some(format!("扫描{:04}.pdf", n / 10)),
        page: Some(n as u32 % 10 + 1),
        printed_page: None,
        rect: Some(rect),
        seen: dice.text(12),
        required: dice.text(20),
        clause: "五、4".into(),
        pack: "made-up".into(),
        confidence: 0.9,
        message: dice.text(40),
        suggestion: dice.text(30),
    };
    let picture = |kind: &str, n: usize| format!("evidence/{:02x}/{at:022x}-{}-{kind}.jpg", at % 256, n + 1);
    let mut findings: Vec<ReportedFinding> = (0..FINDINGS).map(|n| finding(n, dice)).collect();
    let places = findings.iter().enumerate().map(|(n, f)| (f.id.clone(), picture("p1", n))).collect();
    findings.sort_by(ReportedFinding::report_order);
    ApplicantReport {
        folder: folder.to_owned(),
        applicant: Applicant {
            name: Some(dice.text(3)),
            unit: Some(format!("单位{}", at % 500)),
            ..Applicant::default()
        },
        findings,
        decisions: BTreeMap::new(),
        pages: (0..PAGES).map(|n| page(n, dice)).collect(),
        pictures: Pictures { pages: (0..PAGES).map(|n| Some(picture("t1", n))).collect(), places },
        not_examined: Vec::new(),
        noted: Vec::new(),
        outcomes: Outcomes::default(),
    }
}

/// Most of what a page says stands on its form; some is the applicant's, of few bearers each.
fn print(folder: &str, at: usize, dice: &mut Dice) -> PacketPrint {
    let sorted = |mut values: Vec<u32>| {
        values.sort_unstable();
        values.dedup();
        values
    };
    let page = |n: usize, dice: &mut Dice| PagePrint {
        material: Material::ReviewForm,
        file: format!("扫描{:04}.pdf", n / 10),
        page: n as u32 % 10 + 1,
        printed_page: None,
        scanned: true,
        exact: dice.next(),
        pairs: sorted(
            (0..200u32)
                .map(|i| (n as u32 * 200 + i).wrapping_mul(2_654_435_761))
                // Pairs by chance in common with a few others: 60 of some 5 million.
                .chain((0..60).map(|_| (dice.below(5_000_000) as u32).wrapping_mul(40_503)))
                .collect(),
        ),
        numbers: sorted((0..8).map(|_| dice.below(2_000_000) as u32).collect()),
        serials: vec![dice.next() as u32],
        page_names: Named::Yes,
        document_names: Named::Yes,
    };
    PacketPrint {
        folder: folder.to_owned(),
        origin: folder.to_owned(),
        name: Some(format!("甲{at}")),
        pages: (0..PRINTED).map(|n| page(n, dice)).collect(),
    }
}

fn record(folder: &str, findings: &[ReportedFinding]) -> ApplicantRecord {
    let text: Vec<u32> = (0..64).map(|n| n * 7919).collect();
    let remembered = |finding: &ReportedFinding| Remembered {
        standing: Standing::Found,
        key: "review-form#1/unit-opinion".into(),
        pages: vec![text.clone()],
        finding: finding.clone(),
    };
    ApplicantRecord {
        folder: folder.to_owned(),
        origin: folder.to_owned(),
        name: None,
        unit: None,
        id_number: None,
        pack: "made-up".into(),
        state: "0".repeat(32),
        materials: BTreeMap::from([(Material::ReviewForm, PAGES as u32)]),
        findings: findings.iter().map(remembered).collect(),
        past: BTreeSet::new(),
    }
}
