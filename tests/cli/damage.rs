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
        match status {
            "sound" => {
                assert!(
                    fact.is_some_and(|f| f["quality"] == "good"),
                    "{packet}/{file} page {page:?}: {:?}",
                    fact.map(|f| &f["quality"])
                );
            }
            "image-dropped" | "image-truncated" | "content-damaged" | "degraded" => {
                assert!(
                    fact.is_some_and(|f| f["quality"] == "degraded"),
                    "{packet}/{file} page {page:?}: {:?}",
                    fact.map(|f| &f["quality"])
                );
                assert!(reported, "{packet}/{file}: not reported");
            }
            _ => {
                assert!(reported, "{packet}/{file} ({status}): not reported");
                let listed = record["not_examined"].as_array().expect("a list");
                assert!(
                    listed.iter().any(|n| n["applicant"] == packet && n["file"] == file),
                    "{packet}/{file} is not listed as not examined"
                );
            }
        }
    }
}
