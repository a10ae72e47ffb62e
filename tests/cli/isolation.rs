//! What a child can't do once it reads packets, and that nothing needs a network.
#![cfg(target_os = "linux")]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use material_audit::model::isolation::{Held, Isolation};
use material_audit::model::packet::DocumentKind;
use material_audit::model::page::Unreadable;
use material_audit::observe::Observer;
use material_audit::ocr::weights::{self, Models};
use material_audit::run::{Folders, Limits, Pool};
use material_audit::worker::protocol::{Request, Setup};
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, apply_filter};

use super::common::{command, files, fixtures, home, scratch};

const NOTICE: &str = "yangquan-bigdata-2024";

fn models() -> Models {
    weights::installed(home()).expect("installed by `home`")
}

fn pool(folders: Folders) -> Pool {
    Pool::new(Path::new(env!("CARGO_BIN_EXE_material-audit")), models(), Limits::default(), folders)
}

/// A packet of one short document.
fn batch(name: &str) -> PathBuf {
    let (batch, file) = (scratch(name), "6鉴定意见.pdf");
    let from = fixtures().join("packets").join(NOTICE).join("submissions/01樊晓棠").join(file);
    let to = batch.join("01樊晓棠");
    fs::create_dir(&to).expect("writable");
    fs::copy(from, to.join(file)).expect("a fixture");
    batch
}

/// A scan and a folder of its own around it.
fn document(folder: &Path) -> PathBuf {
    let from = fixtures().join("packets/yangquan-bigdata-2024/submissions/03_栾志鹏/扫描0012.pdf");
    let to = folder.join("a.pdf");
    fs::create_dir_all(folder).expect("writable");
    fs::copy(from, &to).expect("a fixture");
    to
}

#[test]
fn a_child_reads_and_writes_where_it_was_told() {
    let folder = scratch("isolation");
    let (ours, other, making) = (folder.join("ours"), folder.join("other"), folder.join("making"));
    let (document, elsewhere) = (document(&ours), document(&other));
    fs::create_dir(&making).expect("writable");
    let pool = pool(Folders { read: vec![ours.clone()], write: vec![making.clone()] });
    let count = |path: &Path| pool.count_pages(path, DocumentKind::Pdf).expect("a child");
    let draw = |to: PathBuf| pool.picture(&document, DocumentKind::Pdf, 0, &to).expect("a child");
    let pages = count(&document).expect("a sound fixture");
    assert_eq!(draw(making.join("page.png")), Ok(()));

    let isolation = pool.isolation();
    println!("this system holds {isolation:?}");
    if isolation.files == Held::None {
        println!("skipped: this system does not hold files");
        return;
    }
    assert_eq!(
        isolation.files,
        Held::Full,
        "a child has one thread when it is confined, unless the kernel is older than 6.10"
    );
    assert!(matches!(count(&elsewhere), Err(Unreadable::Io(_))), "{:?}", count(&elsewhere));
    for to in [ours.join("x.png"), other.join("x.png"), other.join("a.pdf")] {
        assert!(matches!(draw(to.clone()), Err(Unreadable::Io(_))), "{}", to.display());
    }
    assert_eq!(fs::read(&elsewhere).expect("still there"), fs::read(&document).expect("still there"));
    assert_eq!(count(&document), Ok(pages), "the child is still at work");
    if isolation.network == Held::None {
        println!("skipped: this system filters no calls");
        return;
    }
    let confined = threads_of_children();
    assert!(!confined.is_empty());
    for status in confined {
        assert_eq!((status["NoNewPrivs"].as_str(), status["Seccomp"].as_str()), ("1", "2"), "{status:?}");
    }
}

/// What the kernel says of every thread of the children that this very process started.
fn threads_of_children() -> Vec<BTreeMap<String, String>> {
    let mut found = Vec::new();
    for task in fs::read_dir("/proc/self/task").expect("Linux").flatten() {
        let children = fs::read_to_string(task.path().join("children")).unwrap_or_default();
        for child in children.split_whitespace() {
            let process = Path::new("/proc").join(child);
            let called = fs::read_to_string(process.join("cmdline")).unwrap_or_default();
            if !called.split('\0').any(|word| word == "worker") {
                continue;
            }
            for thread in fs::read_dir(process.join("task")).expect("alive").flatten() {
                let status = fs::read_to_string(thread.path().join("status")).expect("alive");
                let pairs = status.lines().filter_map(|line| line.split_once(':'));
                found.push(pairs.map(|(k, v)| (k.to_owned(), v.trim().to_owned())).collect());
            }
        }
    }
    found
}

#[test]
fn a_confined_child_sees_what_a_free_one_sees() {
    let folder = scratch("isolation-same");
    let document = document(&folder);
    let pool = pool(Folders { read: vec![folder], write: Vec::new() });
    let mut free = Observer::load(&models()).expect("the models load");
    let (confined, _) = pool.observe(&document, DocumentKind::Pdf, 1, None).expect("a child").expect("a sound page");
    let (seen, _) = free.observe(&document, DocumentKind::Pdf, 1, None).expect("a sound page");
    assert!(seen.lines.len() > 5, "there is something to see");
    let json = |facts| serde_json::to_value(facts).expect("JSON");
    // Numbers are rounded on their way to the parent.
    let through = |facts| {
        serde_json::to_value(
            serde_json::from_value::<material_audit::model::page::PageFacts>(json(facts)).expect("facts"),
        )
        .expect("JSON")
    };
    assert_eq!(through(&confined), through(&seen));
}

/// A page that draws for ever: forms that call the next one twice, 40 deep.
fn endless() -> String {
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</F 4 0 R>>>>/Contents 44 0 R>>";
    let head = format!(
        "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj 3 0 obj{page}endobj"
    );
    let twice = |number: u32, entries: &str| {
        format!("\n{number} 0 obj<</Length 11{entries}>>stream\n/F Do /F Do\nendstream endobj")
    };
    let form = |number: u32| {
        let next = number + 1;
        twice(number, &format!("/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F {next} 0 R>>>>"))
    };
    let forms: String = (4..44).map(form).collect();
    format!("%PDF-1.7\n{head}{forms}{}\ntrailer<</Root 1 0 R>>\n%%EOF\n", twice(44, ""))
}

#[test]
fn a_child_whose_parent_is_gone_ends_in_the_middle_of_a_page() {
    let folder = scratch("isolation-orphan");
    let path = folder.join("a.pdf");
    fs::write(&path, endless()).expect("writable");
    let mut child = command(home())
        .arg("worker")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("starts");
    let mut stdin = child.stdin.take().expect("piped");
    let mut answers = BufReader::new(child.stdout.take().expect("piped")).lines();
    let folders = Folders { read: vec![folder], write: Vec::new() };
    let setup = Setup { models: Some(models()), limits: Limits::default(), folders };
    let setup = serde_json::to_string(&setup).expect("JSON");
    let job = Request::Observe { path, kind: DocumentKind::Pdf, page: 0, thumb: None };
    let job = serde_json::to_string(&job).expect("JSON");
    writeln!(stdin, "{setup}").expect("it listens");
    assert!(answers.next().expect("an answer").expect("a line").contains("Ready"));
    writeln!(stdin, "{job}").expect("it listens");
    thread::sleep(Duration::from_millis(500));
    assert!(child.try_wait().expect("a child").is_none(), "it is at work");
    drop(stdin);
    let deadline = Instant::now() + Duration::from_secs(10);
    while child.try_wait().expect("a child").is_none() {
        assert!(Instant::now() < deadline, "it lives on");
        thread::sleep(Duration::from_millis(50));
    }
    assert!(answers.next().is_none(), "it ended before the page did");
}

#[test]
fn a_killed_run_leaves_no_child_and_its_scratch_goes_with_the_next() {
    let (batch, out, temporary) = (batch("killed-in"), scratch("killed-out"), scratch("killed-tmp"));
    let audit = |extra: &[&str]| {
        let mut command = command(home());
        command.env("TMPDIR", &temporary).arg("audit").arg(&batch).arg("--out").arg(&out);
        command.args(["--rules", NOTICE, "--offline", "--jobs", "1"]).args(extra);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    let mut run = audit(&["--no-cache"]).spawn().expect("starts");
    let deadline = Instant::now() + Duration::from_secs(60);
    let child = loop {
        let children = children_of(run.id());
        if let Some(child) = children.first() {
            break *child;
        }
        assert!(Instant::now() < deadline && run.try_wait().expect("a child").is_none(), "no child was started");
        thread::sleep(Duration::from_millis(5));
    };
    run.kill().expect("killed");
    run.wait().expect("ends");
    let entries = |folder: &Path| fs::read_dir(folder).expect("a folder").count();
    assert!(entries(&temporary) > 0, "the killed run had no time to clean up");
    while Path::new("/proc").join(child.to_string()).exists() {
        assert!(Instant::now() < deadline, "child {child} lives on");
        thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(audit(&[]).status().expect("starts").code(), Some(0));
    assert_eq!(entries(&temporary), 0, "nothing is left among the temporary files");
    let half: Vec<String> = files(&out).into_keys().filter(|name| name.contains(".material-audit-")).collect();
    assert_eq!(half, Vec::<String>::new());
    assert!(
        !fs::read_dir(out.join("evidence"))
            .expect("pictures")
            .flatten()
            .any(|e| e.file_name().as_encoded_bytes().starts_with(b"."))
    );
}

fn children_of(process: u32) -> Vec<u32> {
    let Ok(tasks) = fs::read_dir(format!("/proc/{process}/task")) else { return Vec::new() };
    let lists = tasks.flatten().filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    lists.flat_map(|list| list.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<_>>()).collect()
}

/// Runs a command in which, and in all whose descendants, the first socket kills the process.
fn without_sockets(mut command: Command) -> Output {
    let calls = [libc::SYS_socket, libc::SYS_socketpair, libc::SYS_connect, libc::SYS_io_uring_setup];
    let arch = std::env::consts::ARCH.try_into().expect("a filter for this processor");
    let rules = calls.into_iter().map(|call| (call, Vec::new())).collect();
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, SeccompAction::KillProcess, arch).expect("a filter");
    let filter: BpfProgram = filter.try_into().expect("a filter");
    // A filter binds its thread, and what the thread starts.
    let inside = thread::spawn(move || {
        apply_filter(&filter).expect("the kernel filters calls");
        command.stdin(Stdio::null()).output().expect("starts")
    });
    inside.join().expect("no socket in this thread")
}

#[test]
fn an_offline_audit_needs_no_socket() {
    let batch = batch("no-socket-in");
    let audit = |out: &Path, extra: &[&str]| {
        let mut command = command(home());
        command.arg("audit").arg(&batch).arg("--out").arg(out);
        command.args(["--rules", NOTICE, "--as-of", "2024-12-01", "--offline"]).args(extra);
        command
    };
    let (open, shut) = (scratch("no-socket-open"), scratch("no-socket-shut"));
    let usual = audit(&open, &[]).output().expect("starts");
    assert_eq!(usual.status.code(), Some(0), "{}", String::from_utf8_lossy(&usual.stderr));
    // Every page is read under the filter, by children under it.
    let refused = without_sockets(audit(&shut, &["--no-cache", "--annotate"]));
    assert_eq!(refused.status.code(), Some(0), "{}", String::from_utf8_lossy(&refused.stderr));
    let mut written = files(&shut);
    written.retain(|name, _| !name.starts_with("annotated/"));
    assert_eq!(files(&open), written);

    let mut review = command(home());
    review.arg("review").arg(&shut).arg("--no-open");
    let killed = without_sockets(review);
    assert_eq!(killed.status.signal(), Some(libc::SIGSYS), "what does listen is killed: {killed:?}");
}

#[test]
fn the_run_says_how_its_children_are_isolated() {
    let batch = batch("isolation-said-in");
    let said: Vec<Isolation> = ["first", "second, from the cache"]
        .into_iter()
        .map(|_| {
            let out = scratch("isolation-said-out");
            let run = super::common::audit(&batch, NOTICE, None, &out, &[]);
            assert_eq!(run.code(), 0, "{}", run.stderr());
            let record = fs::read(out.join("run.json")).expect("written");
            let record: serde_json::Value = serde_json::from_slice(&record).expect("JSON");
            serde_json::from_value(record["isolation"].clone()).expect("a key of run.json")
        })
        .collect();
    let asked = pool(Folders::default()).isolation();
    assert_eq!(said, [asked, asked]);
}
