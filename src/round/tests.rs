//! Rounds over findings and pages made here.

use std::collections::BTreeSet;

use super::settle::{Found, Part, Scene, record, settle};
use super::text::page_text;
use crate::model::finding::{CheckId, Severity, Status, Verdict};
use crate::model::geometry::Rect;
use crate::model::material::Material;
use crate::model::packet::Applicant;
use crate::model::report::{ReportedFinding, ReportedLine, ReportedPage};
use crate::model::round::Settled;
use crate::model::round::{ApplicantRecord, Standing};

pub(super) fn found(key: &str, seen: &str) -> Found {
    Found {
        finding: ReportedFinding {
            id: String::new(),
            applicant: "a".into(),
            check: CheckId::MissingSeal,
            verdict: Verdict::Defect,
            severity: Severity::Correct,
            status: Status::New,
            material: Some(Material::ReviewForm),
            file: Some("x.pdf".into()),
            page: Some(1),
            printed_page: None,
            rect: None,
            seen: seen.into(),
            required: String::new(),
            clause: "五、4".into(),
            pack: "p".into(),
            confidence: 0.9,
            message: "缺章。".into(),
            suggestion: "请盖章。".into(),
        },
        key: key.into(),
        pages: Vec::new(),
    }
}

/// A page of a text that only this seed gives, read with a misread character for each scan.
fn page(number: u32, material: Material, seed: u32, scan: u32) -> ReportedPage {
    let line = |n: u32| {
        let chars = (0..20).map(|i| {
            let wrong = n == scan && i == 7 && scan > 0;
            char::from_u32(0x4e00 + (seed * 7919 + n * 104_729 + i * 31 + u32::from(wrong)) % 20_000).unwrap_or('一')
        });
        ReportedLine { text: chars.collect(), rect: Rect::PAGE, confidence: 0.9 }
    };
    ReportedPage {
        applicant: "a".into(),
        file: "x.pdf".into(),
        page: number,
        material,
        category: None,
        first_of_material: true,
        quality: "good".into(),
        orientation: 0,
        size_mm: None,
        lines: (0..8).map(line).collect(),
        seals: Vec::new(),
        photos: Vec::new(),
        codes: Vec::new(),
        printed_page: None,
        duplicate_of: None,
    }
}

/// One round of a packet whose pages are given, in order, by their texts' seeds.
#[derive(Clone)]
struct Round {
    state: &'static str,
    pages: Vec<ReportedPage>,
    found: Vec<Found>,
    pack: &'static str,
    unread_files: bool,
    crashed: Vec<CheckId>,
}

impl Round {
    fn of(state: &'static str, seeds: &[u32], scan: u32) -> Self {
        let pages = seeds.iter().zip(1..).map(|(seed, n)| page(n, Material::HonourCertificate, *seed, scan)).collect();
        Self { state, pages, found: Vec::new(), pack: "p", unread_files: false, crashed: Vec::new() }
    }

    /// A finding on the page of that seed, under a key that counts the documents before it.
    fn at(mut self, seeds: &[u32], seed: u32, seen: &str, y: f32) -> Self {
        let index = seeds.iter().position(|s| *s == seed).expect("a page of the round");
        let mut f = found(&format!("honour-certificate#{}/seal", index + 1), seen);
        f.finding.material = Some(Material::HonourCertificate);
        f.finding.page = Some(index as u32 + 1);
        f.finding.rect = Some(Rect::new(0.5, y, 0.1, 0.1));
        f.pages = vec![page_text(&self.pages[index].lines)];
        self.found.push(f);
        self
    }

    fn after(self, before: Option<&ApplicantRecord>) -> (Settled, ApplicantRecord) {
        let mut scene = Scene::new("a", "a", self.pack).with_pages(&self.pages);
        scene.state = self.state.into();
        scene.unread_files = self.unread_files;
        scene.crashed = self.crashed;
        let settled = settle(before, self.found, &scene, |_| Part::Judged);
        let record = record(before, &scene, &Applicant::default(), settled.clone());
        (settled, record)
    }
}

fn told(settled: &Settled) -> Vec<(String, Status, Option<u32>)> {
    settled.findings.iter().map(|f| (f.id.clone(), f.status, f.page)).collect()
}

const FIRST: [u32; 3] = [1, 2, 3];

/// Two of three certificates lack a seal.
fn first() -> (Settled, ApplicantRecord) {
    Round::of("s1", &FIRST, 0).at(&FIRST, 1, "没有印章", 0.5).at(&FIRST, 3, "没有印章", 0.5).after(None)
}

#[test]
fn without_a_previous_round_all_is_new() {
    let (settled, _) = first();
    assert!(settled.findings.iter().all(|f| f.status == Status::New));
    assert_eq!(settled.findings.iter().map(|f| &f.id).collect::<BTreeSet<_>>().len(), 2);
}

#[test]
fn ids_follow_the_page_however_pages_move() {
    let (before, record) = first();
    let (a, b) = (before.findings[0].id.clone(), before.findings[1].id.clone());
    let moves: [(&str, &[u32]); 5] = [
        ("inserted before", &[9, 1, 2, 3]),
        ("inserted between", &[1, 9, 2, 3]),
        ("removed", &[1, 3]),
        ("re-ordered", &[3, 2, 1]),
        ("as it was", &[1, 2, 3]),
    ];
    for (what, seeds) in moves {
        for scan in [0, 3] {
            let round = Round::of("s2", seeds, scan).at(seeds, 1, "没有印章", 0.51).at(seeds, 3, "没有印章", 0.49);
            let (settled, _) = round.after(Some(&record));
            let ids: Vec<&String> = settled.findings.iter().map(|f| &f.id).collect();
            assert_eq!(ids, [&a, &b], "{what}, scan {scan}");
            assert!(settled.findings.iter().all(|f| f.status == Status::Open), "{what}, scan {scan}");
        }
    }
}

/// A page that was taken out is mended, but by no page.
#[test]
fn a_page_taken_out_points_nowhere() {
    let (before, record) = first();
    let (settled, _) = Round::of("s2", &[2, 3], 0).at(&[2, 3], 3, "没有印章", 0.5).after(Some(&record));
    assert_eq!(told(&settled)[1], (before.findings[0].id.clone(), Status::Fixed, None));
}

#[test]
fn one_mended_and_one_new_are_told_apart() {
    let (before, record) = first();
    // The first certificate was sealed; another one without a seal stands before it now.
    let seeds = [9, 1, 2, 3];
    let round = Round::of("s2", &seeds, 1).at(&seeds, 9, "没有印章", 0.5).at(&seeds, 3, "没有印章", 0.5);
    let (settled, record) = round.after(Some(&record));
    let all = told(&settled);
    assert_eq!(all[0].1, Status::New);
    assert_eq!(all[1], (before.findings[1].id.clone(), Status::Open, Some(4)));
    assert_eq!(all[2], (before.findings[0].id.clone(), Status::Fixed, Some(2)), "with the page that mends it");
    assert_eq!(settled.findings.iter().map(|f| &f.id).collect::<BTreeSet<_>>().len(), 3);
    // Nothing handed in since: the same list, the new one open.
    let again = Round::of("s2", &seeds, 1).at(&seeds, 9, "没有印章", 0.5).at(&seeds, 3, "没有印章", 0.5);
    let (same, record) = again.after(Some(&record));
    let mut expected = settled.findings.clone();
    expected[0].status = Status::Open;
    assert_eq!(same.findings, expected);
    // Handed in anew: what was mended before is listed no longer, and doesn't come back.
    let third = Round::of("s3", &seeds, 2).at(&seeds, 9, "没有印章", 0.5).at(&seeds, 3, "没有印章", 0.5);
    let (settled, record) = third.after(Some(&record));
    assert_eq!(settled.findings.iter().map(|f| f.status).collect::<Vec<_>>(), [Status::Open, Status::Open]);
    assert!(record.past.contains(&before.findings[0].id));
}

#[test]
fn of_equal_keys_the_mended_row_is_the_one_that_is_gone() {
    let row = |seen: &str, y: f32| {
        let mut f = found("review-form#1/起止时间", seen);
        f.finding.rect = Some(Rect::new(0.1, y, 0.1, 0.03));
        f.pages = vec![page_text(&page(1, Material::ReviewForm, 5, 0).lines)];
        f
    };
    let round = |state, rows: Vec<Found>| {
        let mut round = Round::of(state, &[], 0);
        round.pages = vec![page(1, Material::ReviewForm, 5, 0)];
        round.found = rows;
        round
    };
    let (before, record) =
        round("s1", vec![row("“2016.7”", 0.2), row("“2017.8”", 0.3), row("“2018.9”", 0.4)]).after(None);
    let id = |i: usize| before.findings[i].id.clone();
    let (now, _) = round("s2", vec![row("“2017.8”", 0.3), row("“2018.9”", 0.4)]).after(Some(&record));
    assert_eq!(now.findings.iter().map(|f| f.id.clone()).collect::<Vec<_>>(), [id(1), id(2), id(0)]);
    assert_eq!(now.findings[2].status, Status::Fixed);
    // Another row of the column that is wrong now is no old one.
    let (now, _) = round("s2", vec![row("“2021.1”", 0.6)]).after(Some(&record));
    let statuses: Vec<Status> = now.findings.iter().map(|f| f.status).collect();
    assert_eq!(statuses, [Status::New, Status::Fixed, Status::Fixed, Status::Fixed]);
    assert!(!record.findings.iter().any(|r| r.finding.id == now.findings[0].id), "a number of its own");
    // The same row, read a little differently.
    let (now, _) = round("s2", vec![row("“20l6.7”", 0.21)]).after(Some(&record));
    assert_eq!((now.findings[0].id.clone(), now.findings[0].status), (id(0), Status::Open));
}

#[test]
fn what_could_not_be_looked_at_is_not_mended() {
    let (before, record) = first();
    let unread = |seeds: &[u32], at: usize| {
        let mut round = Round::of("s2", seeds, 0);
        round.pages[at].quality = "damaged".into();
        round.pages[at].lines.clear();
        round
    };
    let mut lost_file = Round::of("s2", &[1, 2], 0);
    lost_file.unread_files = true;
    let mut crashed = Round::of("s2", &FIRST, 0);
    crashed.crashed = vec![CheckId::MissingSeal];
    for (what, round) in [("page", unread(&FIRST, 1)), ("file", lost_file), ("check", crashed)] {
        let (settled, record) = round.clone().after(Some(&record));
        for f in &settled.findings {
            assert_eq!((f.status, f.verdict), (Status::Open, Verdict::Review), "{what}");
            assert!(f.message.contains("未能检查"), "{what}: {}", f.message);
        }
        assert_eq!(settled.findings.len(), 2, "{what}");
        assert!(record.findings.iter().all(|r| r.standing == Standing::Unjudged), "{what}");
        // The words don't pile up from round to round.
        assert_eq!(round.after(Some(&record)).0.findings, settled.findings, "{what}");
        // Looked at again at last.
        let (settled, _) = Round::of("s3", &FIRST, 0).after(Some(&record));
        assert!(settled.findings.iter().all(|f| f.status == Status::Fixed), "{what}");
        assert_eq!(settled.findings[0].verdict, before.findings[0].verdict);
    }
    // All of the material was seen; what was not seen is elsewhere.
    let mut round = Round::of("s2", &FIRST, 0);
    let mut other = page(9, Material::Other, 9, 0);
    other.quality = "damaged".into();
    round.pages.push(other);
    assert!(round.after(Some(&record)).0.findings.iter().all(|f| f.status == Status::Fixed));
}

#[test]
fn a_defect_that_turned_undecided_keeps_its_number() {
    let (before, record) = first();
    let mut round = Round::of("s2", &FIRST, 1).at(&FIRST, 1, "为灰度扫描", 0.5);
    round.found[0].finding.verdict = Verdict::Review;
    round.found[0].key = "honour-certificate#1/seal/review".into();
    let (settled, _) = round.after(Some(&record));
    assert_eq!(settled.findings[0].id, before.findings[0].id);
    // One review speaks of all documents of the kind: the other one isn't mended by that.
    assert_eq!(settled.findings[1].id, before.findings[1].id);
    assert!(settled.findings.iter().all(|f| f.status == Status::Open && f.verdict == Verdict::Review));
}

#[test]
fn what_other_rules_no_longer_ask_is_mended_by_nobody() {
    let (_, record) = first();
    let mut other_pack = Round::of("s2", &FIRST, 0);
    other_pack.pack = "q";
    assert!(other_pack.after(Some(&record)).0.findings.is_empty());
    let (settled, later) = Round::of("s1", &FIRST, 0).after(Some(&record));
    assert!(settled.findings.is_empty(), "nothing was handed in: {:?}", settled.findings);
    assert_eq!(later.past.len(), 2);
}
