//! Damaged inputs: each is listed with its reason, and costs nobody else anything.

use super::common::{audit, fixtures, labels, scratch};

#[test]
fn every_damaged_input_has_its_status() {
    let folder = fixtures().join("damaged");
    let run = audit(&folder.join("submissions"), "yangquan-bigdata-2024", None, &scratch("damaged"), &[]);
    assert_eq!(run.code(), 3, "something was not examined: {}", run.stderr());
    let (facts, findings) = (run.facts(), run.findings());
    let record: serde_json::Value =
        serde_json::from_slice(&std::fs::read(run.out.join("run.json")).expect("written")).expect("JSON");
    for row in labels(&folder.join("expected.csv")) {
        let (packet, file, status) = (row["folder"].as_str(), row["file"].as_str(), row["status"].as_str());
        let page: Option<u64> = row["page"].parse().ok();
        let fact = facts
            .iter()
            .find(|f| f["applicant"] == packet && f["file"] == file && (page.is_none() || f["page"].as_u64() == page));
        let reported = findings.iter().any(|f| {
            f["applicant"] == packet && f["file"] == file && f["check"] == "unreadable-file" && f["verdict"] == "defect"
        });
        let quality = fact.and_then(|f| f["quality"].as_str());
        let listed = record["not_examined"].as_array().expect("a list");
        let listed = listed.iter().any(|n| n["applicant"] == packet && n["file"] == file);
        let told = format!("{packet}/{file} page {page:?} ({status}): {quality:?}");
        if status == "sound" {
            assert!(matches!(quality, Some("good" | "blank")), "{told}");
            continue;
        }
        assert!(reported && listed, "{told}: reported {reported}, listed {listed}");
        match quality {
            // Several words are equally fair for some damage; a page that was read in part is degraded.
            Some("degraded") => assert!(status.contains("image-") || status.contains("content-"), "{told}"),
            Some(word) => assert!(status.split('|').any(|s| s == word), "{told}"),
            None => assert!(!status.contains("image-"), "{told}"),
        }
    }
}
