//! Ids over the checks' own keys: the same defect keeps its number however the pages around it change.

use std::collections::{BTreeMap, BTreeSet};

use material_audit::model::finding::{CheckId, Status};
use material_audit::model::material::Material::{self, *};
use material_audit::model::packet::Applicant;
use material_audit::model::page::{ColourMode, PageSize, Turn};
use material_audit::model::round::ApplicantRecord;
use material_audit::pack::rules::arrangement::{Paper, PaperSize};
use material_audit::pack::rules::{CopiedSeal, MissingSeal, RulePack};
use material_audit::run::Past;
use material_audit::run::packet::{JudgedPacket, judge_facts};

use crate::build::*;

/// A document of one sheet, named by its number, which also makes its text.
#[derive(Clone, Copy)]
struct Sheet {
    number: u32,
    material: Material,
    fault: Option<Fault>,
}

#[derive(Clone, Copy, PartialEq)]
enum Fault {
    NoSeal,
    Sealless,
    UpsideDown,
    A3,
    Blurred,
}

fn rules() -> RulePack {
    let mut pack = pack();
    pack.checks.intake = vec![CheckId::PageOrientation, CheckId::ScanQuality, CheckId::BlankPage];
    pack.checks.missing_seal = vec![MissingSeal {
        volume_cover: None,
        basis: basis(),
        material: vec![EducationCertificate],
        place: None,
        seal: "单位公章".into(),
        count: 1,
        later_office: false,
        when_filled: false,
        copied: CopiedSeal::Fails,
        category: vec![],
    }];
    pack.checks.arrangement.paper_size = vec![PaperSize {
        basis: basis(),
        materials: vec![EducationCertificate, WorkSummary],
        volumes: vec![],
        except: vec![],
        size: Paper::A4,
    }];
    pack
}

/// The sheets in this order, a file each or all in one, as the `scan`th scan reads them.
fn packet(sheets: &[Sheet], file: &'static str, scan: u32) -> Packet {
    let mut packet = Packet::default();
    for sheet in sheets {
        let at = packet.add(Doc { file, ..Doc::loose(sheet.material, 1) });
        let page = packet.page(at);
        let model = page.lines[0].clone();
        page.lines = (0..9u8)
            .map(|n| {
                let mut line = model.clone();
                line.text = (0..18u32)
                    .map(|i| {
                        // A new scan reads a character otherwise.
                        let misread = u32::from(scan > 0 && u32::from(n) == scan % 9 && i == 5);
                        let code = sheet.number * 7919 + u32::from(n) * 6131 + i * 37 + misread;
                        char::from_u32(0x4e00 + code % 20_000).unwrap_or('一')
                    })
                    .collect();
                line.rect.y = 0.1 * f32::from(n);
                line
            })
            .collect();
        page.fingerprint = format!("{}-{scan}", sheet.number);
        if sheet.material == EducationCertificate {
            page.seals = vec![seal(0.6, 0.6)];
        }
        match sheet.fault {
            None => {}
            Some(Fault::NoSeal) => page.seals.clear(),
            Some(Fault::Sealless) => {
                page.seals.clear();
                page.quality.colour = ColourMode::Grey;
            }
            Some(Fault::UpsideDown) => {
                page.pose.turn = Turn::Half;
                page.pose.turn_certain = true;
            }
            Some(Fault::A3) => {
                page.size = PageSize { width_mm: 297.0, height_mm: 420.0, known: true };
                page.lines[8].rect.y = 0.95;
                page.lines[8].rect.w = 0.84;
            }
            Some(Fault::Blurred) => {
                page.quality.dpi = Some(50);
                page.pixels = (413, 585);
            }
        }
    }
    packet
}

fn round(sheets: &[Sheet], file: &'static str, scan: u32, before: Option<&ApplicantRecord>) -> JudgedPacket {
    let mut facts = packet(sheets, file, scan).facts;
    facts.folder = "01".into();
    let past = Past { before, ..Past::first("01") };
    judge_facts(facts, &Applicant::default(), &rules(), past)
}

/// Id and status of what was found, by the sheet it is on and the check. Neighbouring sheets that lie alike are one
/// finding, of which each is a part.
fn told(sheets: &[Sheet], judged: &JudgedPacket) -> BTreeMap<(u32, CheckId), (String, Status)> {
    let mut out = BTreeMap::new();
    for f in judged.report.findings.iter().filter(|f| f.status != Status::Fixed) {
        let first = f.page.unwrap_or_else(|| panic!("on a page: {f:?}")) as usize - 1;
        let is_run = matches!(f.check, CheckId::PageOrientation | CheckId::ScanQuality);
        let run = sheets[first..].iter().take_while(|s| is_run && s.fault == sheets[first].fault).count().max(1);
        for sheet in &sheets[first..first + run] {
            let twice = out.insert((sheet.number, f.check), (f.id.clone(), f.status));
            assert_eq!(twice, None, "one of a kind on a sheet");
        }
    }
    out
}

fn sheet(number: u32, material: Material, fault: Option<Fault>) -> Sheet {
    Sheet { number, material, fault }
}

fn sheets() -> Vec<Sheet> {
    vec![
        sheet(1, EducationCertificate, None),
        sheet(2, EducationCertificate, Some(Fault::NoSeal)),
        sheet(3, EducationCertificate, Some(Fault::UpsideDown)),
        sheet(4, EducationCertificate, Some(Fault::NoSeal)),
        sheet(5, EducationCertificate, Some(Fault::A3)),
        sheet(6, WorkSummary, Some(Fault::UpsideDown)),
        sheet(7, WorkSummary, Some(Fault::A3)),
        sheet(8, WorkSummary, Some(Fault::Blurred)),
    ]
}

#[test]
fn numbers_stay_with_their_sheets() {
    let first = sheets();
    let before = round(&first, "全部.pdf", 0, None);
    let numbers = told(&first, &before);
    let checks: BTreeSet<CheckId> = numbers.keys().map(|k| k.1).collect();
    let all = [CheckId::MissingSeal, CheckId::PageOrientation, CheckId::PaperSize, CheckId::ScanQuality];
    assert_eq!(checks, all.into(), "every way of naming a place is tried");
    assert_eq!(numbers.len(), 7, "{numbers:?}");

    let newcomers = [
        sheet(20, EducationCertificate, Some(Fault::NoSeal)),
        sheet(21, WorkSummary, Some(Fault::UpsideDown)),
        sheet(22, EducationCertificate, Some(Fault::A3)),
        sheet(23, WorkSummary, None),
    ];
    let mut changes: Vec<(String, Vec<Sheet>)> = vec![("nothing".into(), first.clone())];
    for at in 0..=first.len() {
        for newcomer in newcomers {
            let mut sheets = first.clone();
            sheets.insert(at, newcomer);
            changes.push((format!("{} inserted at {at}", newcomer.number), sheets));
        }
    }
    for at in 0..first.len() {
        let mut sheets = first.clone();
        sheets.remove(at);
        changes.push((format!("{at} removed"), sheets));
        let mut sheets = first.clone();
        let moved = sheets.remove(at);
        sheets.insert(0, moved);
        changes.push((format!("{at} moved to the front"), sheets));
    }
    changes.push(("all turned round".into(), first.iter().rev().copied().collect()));
    for (what, sheets) in changes {
        for (file, scan) in [("全部.pdf", 0), ("全部.pdf", 1), ("补正后1.pdf", 2)] {
            let judged = round(&sheets, file, scan, Some(&before.record));
            let now = told(&sheets, &judged);
            let what = format!("{what}, {file}, scan {scan}");
            for (place, (id, status)) in &now {
                let known: Vec<&String> = now
                    .iter()
                    .filter(|(_, (other, _))| other == id)
                    .filter_map(|(place, _)| numbers.get(place).map(|(number, _)| number))
                    .collect();
                if known.is_empty() {
                    assert_eq!(*status, Status::New, "{what}: {place:?}");
                    assert!(!numbers.values().any(|n| n.0 == *id), "{what}: another's number");
                } else {
                    assert!(known.contains(&id), "{what}: {place:?}");
                    assert_eq!(*status, Status::Open, "{what}: {place:?}");
                }
            }
            let fixed: BTreeSet<&str> =
                judged.report.findings.iter().filter(|f| f.status == Status::Fixed).map(|f| f.id.as_str()).collect();
            let gone: BTreeSet<&str> =
                numbers.iter().filter(|(place, _)| !now.contains_key(place)).map(|(_, n)| n.0.as_str()).collect();
            assert_eq!(fixed, gone, "{what}");
        }
    }
}

/// Scanned anew without colour, a missing seal can be neither seen nor ruled out: it is not mended, and not new.
#[test]
fn a_grey_scan_mends_nothing() {
    let first = sheets();
    let before = round(&first, "全部.pdf", 0, None);
    let mut grey = first.clone();
    for sheet in &mut grey {
        if sheet.fault == Some(Fault::NoSeal) {
            sheet.fault = Some(Fault::Sealless);
        }
    }
    let judged = round(&grey, "全部.pdf", 1, Some(&before.record));
    let seals = |judged: &JudgedPacket| -> BTreeMap<String, Status> {
        let of = judged.report.findings.iter().filter(|f| f.check == CheckId::MissingSeal);
        of.map(|f| (f.id.clone(), f.status)).collect()
    };
    let was: BTreeSet<String> = seals(&before).into_keys().collect();
    assert_eq!(was.len(), 2);
    let now = seals(&judged);
    assert_eq!(now.keys().cloned().collect::<BTreeSet<_>>(), was);
    assert!(now.values().all(|status| *status == Status::Open), "{now:?}");
}
