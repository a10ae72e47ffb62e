//! What the office opens.

use super::common::{NOTICES, audited};

const HEADER: &str = "编号,申报人,状态,结论,程度,检查项,检查代码,材料,文件,页,印刷页码,实际,要求,依据,建议,置信度";

#[test]
fn applicants_csv_is_what_excel_reads() {
    for notice in NOTICES {
        let run = audited(notice);
        assert_eq!(run.code(), 0, "{}", run.stderr());
        let mut rows = 0;
        for entry in std::fs::read_dir(run.out.join("applicants")).expect("written") {
            let bytes = std::fs::read(entry.expect("entry").path()).expect("readable");
            let text = String::from_utf8(bytes).expect("UTF-8");
            let text = text.strip_prefix('\u{feff}').expect("a BOM");
            assert!(text.starts_with(&format!("{HEADER}\r\n")), "{}", text.lines().next().unwrap_or(""));
            assert!(text.replace("\r\n", "").find(['\r', '\n']).is_none(), "only CRLF line ends");
            for record in csv::Reader::from_reader(text.as_bytes()).records() {
                assert_eq!(record.expect("well-formed").len(), 16);
                rows += 1;
            }
        }
        assert_eq!(rows, run.findings().len(), "a row for each finding");
    }
}

#[test]
fn summary_has_a_row_for_every_applicant() {
    for notice in NOTICES {
        let run = audited(notice);
        let text = std::fs::read_to_string(run.out.join("summary.csv")).expect("written");
        let rows = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes()).records().count();
        assert_eq!(rows, std::fs::read_dir(run.out.join("applicants")).expect("written").count());
    }
}

#[test]
fn findings_carry_the_contract_keys_in_order() {
    let keys = [
        "id",
        "applicant",
        "check",
        "verdict",
        "severity",
        "status",
        "material",
        "file",
        "page",
        "printed_page",
        "box",
        "seen",
        "required",
        "clause",
        "pack",
        "confidence",
        "message",
        "suggestion",
    ];
    let text = std::fs::read_to_string(audited(NOTICES[0]).out.join("findings.jsonl")).expect("written");
    let line = text.lines().next().expect("a finding");
    let mut last = 0;
    for key in keys {
        let at = line.find(&format!("\"{key}\":")).unwrap_or_else(|| panic!("no key {key} in {line}"));
        assert!(at >= last, "{key} out of order");
        last = at;
    }
    let ids: std::collections::BTreeSet<_> =
        audited(NOTICES[0]).findings().iter().map(|f| f["id"].to_string()).collect();
    assert_eq!(ids.len(), audited(NOTICES[0]).findings().len(), "ids are unique");
}
