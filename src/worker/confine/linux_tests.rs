//! A process of its own tries everything, once free and once confined.
#![allow(clippy::print_stdout, reason = "the process tells its parent what it could do")]

use std::fs::{File, OpenOptions};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;
use std::{env, io, thread};

use nix::sys::signal;
use nix::unistd::getppid;

use super::*;

const FOLDER: &str = "MATERIAL_AUDIT_TEST_FOLDER";
const PORT: &str = "MATERIAL_AUDIT_TEST_PORT";
const MARK: &str = "tried: ";

/// What a process may do in any case.
const ALLOWED: [&str; 6] = ["read document", "list documents", "write scratch", "read scratch", "thread", "end itself"];

fn tell(what: &str, result: io::Result<()>) {
    println!("{MARK}{what}={}", if result.is_ok() { "done" } else { "refused" });
}

/// Not a test: the process that [`what_is_not_needed_is_refused`] starts. A run of all ignored tests ends here, too.
#[test]
#[ignore = "a process that another test starts"]
fn inside() {
    let Some(folder) = env::var_os(FOLDER).map(PathBuf::from) else { return };
    let (documents, scratch, elsewhere) = (folder.join("documents"), folder.join("scratch"), folder.join("elsewhere"));
    let isolation = match env::var_os("CONFINED") {
        Some(_) => confine(&Folders { read: vec![documents.clone()], write: vec![scratch.clone()] }),
        None => Isolation::NONE,
    };
    println!("{MARK}isolation={}", serde_json::to_string(&isolation).expect("JSON"));

    tell("read document", fs::read(documents.join("a")).map(drop));
    tell("list documents", fs::read_dir(&documents).map(drop));
    tell("write scratch", fs::write(scratch.join("new"), "x"));
    tell("read scratch", fs::read(scratch.join("new")).map(drop));
    let other = elsewhere.clone();
    let inner = thread::Builder::new().spawn(move || tell("read elsewhere in a thread", read(&other)));
    tell("thread", inner.and_then(|t| t.join().map_err(|_| io::ErrorKind::Other.into())));

    tell("read elsewhere", read(&elsewhere));
    tell("list elsewhere", fs::read_dir(&elsewhere).map(drop));
    tell("write elsewhere", fs::write(elsewhere.join("new"), "x"));
    tell("write beside documents", fs::write(documents.join("new"), "x"));
    tell("change a document", OpenOptions::new().append(true).open(documents.join("a")).map(drop));
    tell("rename a document", fs::rename(documents.join("b"), documents.join("c")));
    tell("remove a document", fs::remove_file(documents.join("c")).or(fs::remove_file(documents.join("b"))));
    tell("link to elsewhere", std::os::unix::fs::symlink(&elsewhere, scratch.join("link")));
    tell("read through a link", read(&documents.join("outside")));
    tell("change who may read", fs::set_permissions(scratch.join("new"), fs::Permissions::from_mode(0o644)));
    tell("change times", File::open(documents.join("a")).and_then(|f| f.set_modified(SystemTime::UNIX_EPOCH)));
    let port = env::var(PORT).ok().and_then(|p| p.parse().ok()).unwrap_or(0);
    tell("connect", TcpStream::connect(("127.0.0.1", port)).map(drop));
    tell("listen", TcpListener::bind("127.0.0.1:0").map(drop));
    tell("datagram", UdpSocket::bind("127.0.0.1:0").map(drop));
    tell("local socket", UnixStream::pair().map(drop));
    tell("start a program", Command::new("true").status().map(drop));
    tell("signal another", signal::kill(getppid(), None).map_err(io::Error::from));
    tell("end itself", signal::kill(nix::unistd::getpid(), None).map_err(io::Error::from));
}

fn read(folder: &Path) -> io::Result<()> {
    fs::read(folder.join("a")).map(drop)
}

/// What was tried and whether it was done, and what the process says of its confinement.
fn tried(confined: bool) -> (Vec<(String, bool)>, Isolation) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for name in ["documents", "scratch", "elsewhere"] {
        fs::create_dir(folder.path().join(name)).expect("made");
        fs::write(folder.path().join(name).join("a"), "text").expect("written");
    }
    fs::write(folder.path().join("documents/b"), "text").expect("written");
    std::os::unix::fs::symlink("../elsewhere", folder.path().join("documents/outside")).expect("linked");
    let port = TcpListener::bind("127.0.0.1:0").expect("a port");
    let name = concat!(module_path!(), "::inside").split_once("::").expect("the crate's name first").1;
    let mut command = Command::new(env::current_exe().expect("this test"));
    command.args(["--exact", name, "--ignored", "--nocapture", "--test-threads=1"]);
    command.env(FOLDER, folder.path()).env(PORT, port.local_addr().expect("bound").port().to_string());
    if confined {
        command.env("CONFINED", "1");
    }
    let output = command.output().expect("starts");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    let mut lines: Vec<(String, String)> = text
        .lines()
        .filter_map(|line| line.split_once(MARK)?.1.split_once('='))
        .map(|(what, how)| (what.to_owned(), how.to_owned()))
        .collect();
    let (_, isolation) = lines.remove(0);
    let isolation = serde_json::from_str(&isolation).expect("what it said of itself");
    (lines.into_iter().map(|(what, how)| (what, how == "done")).collect(), isolation)
}

#[test]
fn what_is_not_needed_is_refused() {
    let (free, none) = tried(false);
    assert_eq!(none, Isolation::NONE);
    assert!(free.len() > 20, "{free:?}");
    assert!(free.iter().all(|(_, done)| *done), "the attempts themselves work: {free:?}");
    let (confined, isolation) = tried(true);
    println!("this system holds {isolation:?}");
    assert_eq!(confined.len(), free.len(), "it lives through all of them: {confined:?}");
    let files = |what: &str| !["connect", "listen", "datagram", "socket", "signal"].iter().any(|w| what.contains(w));
    for (what, done) in confined {
        let held = if files(&what) { isolation.files } else { isolation.network };
        match ALLOWED.contains(&what.as_str()) {
            true => assert!(done, "{what} is refused"),
            // Links, times and modes are held by one or the other.
            false if held == Held::None => println!("skipped: this system does not hold “{what}”"),
            false => assert!(!done, "{what} is not refused"),
        }
    }
}

#[test]
fn every_call_has_its_own_number() {
    let all = [NETWORK, PROGRAMS, FILES, SYSTEM, ARCHITECTURE].concat();
    let rules = refused().expect("a filter");
    assert_eq!(rules.len(), all.len() + 4, "no call is named twice");
    // The kernel takes at most 4096 instructions.
    let program = filter(rules, libc::EPERM).expect("compiles");
    assert!(program.len() < 2048, "{}", program.len());
}
