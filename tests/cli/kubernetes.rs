//! The Kubernetes manifests against the published schema. No cluster is asked for.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn manifests() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/kubernetes");
    let mut found: Vec<PathBuf> =
        fs::read_dir(folder).expect("manifests").map(|e| e.expect("an entry").path()).collect();
    found.sort();
    found
}

/// `kubernetes-validate` of PyPI carries the schemas that the API publishes.
#[test]
fn manifests_fit_the_published_schema_and_a_slip_is_found() {
    let check = |file: &Path| Command::new("kubernetes-validate").arg("--strict").arg(file).output();
    let files = manifests();
    assert_eq!(files.len(), 3);
    for file in &files {
        match check(file) {
            Ok(done) => assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stdout)),
            Err(_) => {
                assert!(std::env::var_os("CI").is_none(), "this test needs pip install kubernetes-validate");
                println!("skipped: no kubernetes-validate on this machine (pip install kubernetes-validate)");
                return;
            }
        }
    }
    let wrong = super::common::scratch("kubernetes").join("wrong.yaml");
    let text = fs::read_to_string(&files[0]).expect("a manifest");
    fs::write(&wrong, text.replace("completionMode:", "completionMood:")).expect("writable");
    assert!(!check(&wrong).expect("there").status.success(), "a misspelt key");
}

/// The number of parts stands twice in the Job: each must be run, and none beyond.
#[test]
fn the_job_has_as_many_pods_as_parts() {
    let text = fs::read_to_string(&manifests()[0]).expect("a manifest");
    let number = |before: &str| {
        let rest = text.split_once(before).unwrap_or_else(|| panic!("{before}")).1;
        rest.trim_start_matches('"').chars().take_while(char::is_ascii_digit).collect::<String>()
    };
    assert_eq!(number("completions: "), number("name: PARTS, value: "));
}
