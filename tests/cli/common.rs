//! Running the binary with an environment of its own.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use serde_json::Value;

pub(crate) const NOTICES: [&str; 5] = [
    "yangquan-bigdata-2024",
    "changzhi-engineering-2022",
    "xinzhou-engineering-2023",
    "yangcheng-engineering-2021",
    "jiaxing-engineering-2019",
];

pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// A scratch folder of this test run, emptied first.
pub(crate) fn scratch(name: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&dir);
    fs::create_dir_all(&dir).expect("the target folder is writable");
    dir
}

/// The home that all tests share: the model files are installed once, cached pages are kept for the run.
pub(crate) fn home() -> &'static Path {
    static HOME: OnceLock<PathBuf> = OnceLock::new();
    HOME.get_or_init(|| {
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("home");
        let done = command(&home).arg("setup").output().expect("the binary starts");
        assert!(done.status.success(), "setup: {}", String::from_utf8_lossy(&done.stderr));
        home
    })
}

/// The binary with nothing of the caller's environment but what it needs.
pub(crate) fn command(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_material-audit"));
    command.env_clear().env("MATERIAL_AUDIT_HOME", home);
    for kept in [
        "PATH",
        "HOME",
        "TMPDIR",
        "SystemRoot",
        "PIP_INDEX_URL",
        "PIP_CONFIG_FILE",
        "PIP_CERT",
        "SSL_CERT_FILE",
        "HTTPS_PROXY",
        "https_proxy",
    ] {
        if let Some(value) = std::env::var_os(kept) {
            command.env(kept, value);
        }
    }
    command
}

/// How a run of `audit` ended and what it wrote.
pub(crate) struct Audited {
    pub(crate) out: PathBuf,
    pub(crate) output: Output,
}

impl Audited {
    pub(crate) fn code(&self) -> i32 {
        self.output.status.code().expect("ended by itself")
    }

    pub(crate) fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.output.stderr).into_owned()
    }

    pub(crate) fn findings(&self) -> Vec<Value> {
        jsonl(&self.out.join("findings.jsonl"))
    }

    pub(crate) fn facts(&self) -> Vec<Value> {
        jsonl(&self.out.join("facts.jsonl"))
    }
}

pub(crate) fn jsonl(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    text.lines().map(|l| serde_json::from_str(l).expect("one JSON document a line")).collect()
}

/// Audits a folder and returns how it went.
pub(crate) fn audit(submissions: &Path, rules: &str, roster: Option<&Path>, out: &Path, extra: &[&str]) -> Audited {
    let mut command = command(home());
    command.arg("audit").arg(submissions).args(["--rules", rules, "--as-of", "2024-12-01", "--offline"]);
    if let Some(roster) = roster {
        command.arg("--roster").arg(roster);
    }
    let output = command.arg("--out").arg(out).args(extra).output().expect("the binary starts");
    Audited { out: out.to_owned(), output }
}

/// One audit of each notice's fixture packets, shared by every test that only looks at the result.
pub(crate) fn audited(notice: &str) -> &'static Audited {
    static DONE: OnceLock<BTreeMap<&'static str, Audited>> = OnceLock::new();
    let all = DONE.get_or_init(|| {
        NOTICES
            .into_iter()
            .map(|notice| {
                let folder = fixtures().join("packets").join(notice);
                let out = scratch(&format!("audited-{notice}"));
                (notice, audit(&folder.join("submissions"), notice, Some(&folder.join("roster.csv")), &out, &[]))
            })
            .collect()
    });
    &all[notice]
}

/// Rows of a fixture's label file as maps from column to cell.
pub(crate) fn labels(path: &Path) -> Vec<BTreeMap<String, String>> {
    let bytes = fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let text = String::from_utf8(bytes).expect("labels are UTF-8");
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    reader.deserialize().map(|r| r.expect("a row")).collect()
}

/// Every file below a folder, by relative path.
pub(crate) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(root: &Path, folder: &Path, into: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).expect("a readable folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(root, &path, into);
            } else {
                let name = path.strip_prefix(root).expect("below the root").to_string_lossy().replace('\\', "/");
                into.insert(name, fs::read(&path).expect("a readable file"));
            }
        }
    }
    let mut all = BTreeMap::new();
    walk(folder, folder, &mut all);
    all
}

/// Copies a notice's smallest packets: enough for several documents, few enough to read more than once.
pub(crate) fn small_batch(notice: &str, packets: usize, into: &Path) {
    let from = fixtures().join("packets").join(notice).join("submissions");
    let mut folders: Vec<_> =
        fs::read_dir(from).expect("fixtures").map(|e| e.expect("entry").path()).filter(|p| p.is_dir()).collect();
    folders.sort_by_key(|p| (files(p).values().map(Vec::len).sum::<usize>(), p.clone()));
    for folder in &folders[..packets] {
        for (name, bytes) in files(folder) {
            let to = into.join(folder.file_name().expect("a name")).join(name);
            fs::create_dir_all(to.parent().expect("a folder")).expect("writable");
            fs::write(to, bytes).expect("writable");
        }
    }
}
