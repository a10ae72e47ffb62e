//! The fixture packets' labels against what the tool says: misses and false alarms counted apart.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::common::{NOTICES, audited, fixtures, labels};

/// Checks about the packet or volume as a whole: any page of the packet is a fair place.
const LOOSE: [&str; 3] = ["missing-material", "unexpected-material", "material-order"];

struct Planted {
    folder: String,
    check: String,
    verdict: String,
    file: String,
    page: Option<u64>,
    material: String,
}

fn planted(notice: &str) -> Vec<Planted> {
    let folder = fixtures().join("packets").join(notice).join("expected");
    let mut all = Vec::new();
    let mut names: Vec<_> = std::fs::read_dir(folder).expect("labels").map(|e| e.expect("entry").path()).collect();
    names.sort();
    for path in names {
        let packet = path.file_stem().expect("a name").to_string_lossy().into_owned();
        all.extend(labels(&path).into_iter().map(|row| Planted {
            folder: packet.clone(),
            check: row["check"].clone(),
            verdict: row["verdict"].clone(),
            file: row["file"].clone(),
            page: row["page"].parse().ok(),
            material: row["material"].clone(),
        }));
    }
    all
}

fn text<'a>(finding: &'a Value, key: &str) -> &'a str {
    finding[key].as_str().unwrap_or("")
}

fn answers(f: &Value, p: &Planted) -> bool {
    if text(f, "applicant") != p.folder || text(f, "check") != p.check {
        return false;
    }
    if p.check == "missing-material" {
        return text(f, "material") == p.material || p.material.is_empty();
    }
    LOOSE.contains(&p.check.as_str()) || (text(f, "file") == p.file && f["page"].as_u64() == p.page)
}

#[test]
fn every_planted_defect_is_found_on_its_page() {
    let (mut missed, mut found) = (Vec::new(), 0);
    for notice in NOTICES {
        let findings = audited(notice).findings();
        for p in planted(notice).iter().filter(|p| p.verdict == "defect") {
            if findings.iter().any(|f| text(f, "verdict") == "defect" && answers(f, p)) {
                found += 1;
            } else {
                missed.push(format!("{notice} {} {} {} p{:?} {}", p.folder, p.check, p.file, p.page, p.material));
            }
        }
    }
    println!("found {found}, missed {}", missed.len());
    assert!(found > 0 && missed.is_empty(), "missed:\n{}", missed.join("\n"));
}

#[test]
fn nothing_is_called_a_defect_that_was_not_planted() {
    let mut wrong = Vec::new();
    for notice in NOTICES {
        let planted = planted(notice);
        for f in audited(notice).findings() {
            if text(&f, "verdict") == "defect" && !planted.iter().any(|p| p.verdict == "defect" && answers(&f, p)) {
                wrong.push(format!(
                    "{notice} {} {} {} p{} {}",
                    text(&f, "applicant"),
                    text(&f, "check"),
                    text(&f, "file"),
                    f["page"],
                    text(&f, "message")
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "false:\n{}", wrong.join("\n"));
}

#[test]
fn what_nobody_could_be_certain_of_is_left_to_a_person() {
    for notice in NOTICES {
        let findings = audited(notice).findings();
        for p in planted(notice).iter().filter(|p| p.verdict == "review") {
            let said: Vec<_> = findings.iter().filter(|f| answers(f, p)).map(|f| text(f, "verdict")).collect();
            assert!(said.contains(&"review"), "{notice} {} {} {} p{:?}: {said:?}", p.folder, p.check, p.file, p.page);
        }
    }
}

#[test]
fn clean_packets_need_few_looks() {
    let (mut reviews, mut pages) = (Vec::new(), 0);
    for notice in NOTICES {
        let defective: BTreeSet<_> = planted(notice).into_iter().map(|p| p.folder).collect();
        let run = audited(notice);
        pages += run.facts().iter().filter(|p| !defective.contains(text(p, "applicant"))).count();
        reviews.extend(
            run.findings()
                .iter()
                .filter(|f| text(f, "verdict") == "review" && !defective.contains(text(f, "applicant")))
                .map(|f| {
                    format!("{} {} p{} {}", text(f, "applicant"), text(f, "check"), f["page"], text(f, "message"))
                }),
        );
    }
    assert!(pages > 0);
    assert!(
        reviews.len() * 100 <= 6 * pages,
        "{} reviews on {pages} clean pages:\n{}",
        reviews.len(),
        reviews.join("\n")
    );
}

#[test]
fn pages_are_taken_for_the_right_material() {
    let (mut right, mut wrong) = (0, Vec::new());
    for notice in NOTICES {
        let facts: BTreeMap<_, _> = audited(notice)
            .facts()
            .into_iter()
            .map(|p| {
                (
                    (text(&p, "applicant").to_owned(), text(&p, "file").to_owned(), p["page"].as_u64()),
                    text(&p, "material").to_owned(),
                )
            })
            .collect();
        let folder = fixtures().join("packets").join(notice).join("pages");
        for entry in std::fs::read_dir(folder).expect("labels") {
            let path = entry.expect("entry").path();
            let packet = path.file_stem().expect("a name").to_string_lossy().into_owned();
            for row in labels(&path) {
                let key = (packet.clone(), row["file"].clone(), row["page"].parse().ok());
                let fair: Vec<_> =
                    std::iter::once(row["material"].as_str()).chain(row["also_material"].split(';')).collect();
                match facts.get(&key) {
                    Some(m) if fair.contains(&m.as_str()) => right += 1,
                    other => wrong.push(format!("{notice} {key:?}: {} taken for {other:?}", row["material"])),
                }
            }
        }
    }
    let all = right + wrong.len();
    println!("page to material: {right} of {all}");
    assert!(right * 100 >= 97 * all, "{right} of {all}:\n{}", wrong.join("\n"));
}
