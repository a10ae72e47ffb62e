//! What a run leaves and shows to others on the machine: nothing of any person.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::common::{command, files, fixtures};
use crate::office::{Office, PEOPLE, said, until};

/// Every file and folder below one, itself too, that others may read.
fn open_to_others(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut left = vec![root.to_owned()];
    while let Some(path) = left.pop() {
        let Ok(meta) = fs::symlink_metadata(&path) else { continue };
        if !meta.is_symlink() && meta.permissions().mode() & 0o077 != 0 {
            found.push(path.clone());
        }
        if meta.is_dir() {
            left.extend(fs::read_dir(&path).into_iter().flatten().flatten().map(|e| e.path()));
        }
    }
    found
}

const OPENLY: &str = "umask 000; exec \"$@\"";

#[test]
fn what_is_written_is_its_owner_s_alone() {
    let office = Office::new("modes");
    let out = office.out("out");
    // While it runs, too: what is unpacked, half-written and handed to children.
    let mut run = office.through(&["env"], OPENLY, &out, &[]).spawn().expect("starts");
    let (mut open, mut unpacked, mut half) = (BTreeSet::new(), false, false);
    until(&mut run, || {
        for root in [&out, &office.tmp, &office.home.join("cache")] {
            open.extend(open_to_others(root).into_iter().filter(|p| *p != office.tmp));
        }
        unpacked |= fs::read_dir(&office.tmp).is_ok_and(|d| d.count() > 0);
        half |= fs::read_dir(&out)
            .is_ok_and(|d| d.flatten().any(|e| crate::office::is_temporary(&e.file_name().to_string_lossy())));
        false
    });
    let done = run.wait_with_output().expect("ends");
    assert_eq!(done.status.code(), Some(0), "{}", said(&done));
    assert!(unpacked && half, "seen at work");
    open.extend([&out, &office.home.join("cache")].into_iter().flat_map(|p| open_to_others(p)));
    assert!(open.is_empty(), "{open:?}");
    assert!(files(&out).keys().any(|n| n.starts_with("evidence/")) && out.join("annotated").is_dir());

    // Over a report and a cache that an older version left open.
    let mut all = vec![out.clone(), office.home.join("cache")];
    while let Some(path) = all.pop() {
        let folder = path.is_dir();
        fs::set_permissions(&path, fs::Permissions::from_mode(if folder { 0o755 } else { 0o644 })).expect("ours");
        all.extend(fs::read_dir(&path).into_iter().flatten().flatten().map(|e| e.path()));
    }
    office.forget_a_page();
    let done = office.through(&["env"], OPENLY, &out, &["--as-of", "2024-11-01"]).output().expect("starts");
    assert_eq!(done.status.code(), Some(0), "{}", said(&done));
    let open: Vec<String> = open_to_others(&out)
        .into_iter()
        .filter(|p| *p != out)
        .map(|p| p.strip_prefix(&out).expect("below").to_string_lossy().into_owned())
        // Behind folders that are shut: pictures that stood already, under names made of hashes.
        .filter(|p| !p.starts_with("evidence/") && p != ".audit.lock")
        .collect();
    assert!(open.is_empty(), "{open:?}");
    let shut = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o077 == 0;
    assert!(shut(&out.join("evidence")) && shut(&office.home.join("cache")));
}

#[test]
fn no_report_tells_where_on_the_machine_anything_lies() {
    let office = Office::warm("paths");
    // Something of every kind: damaged files, zips, a file that can't be opened.
    for (name, bytes) in files(&fixtures().join("damaged").join("submissions")) {
        let to = office.batch.join(name);
        fs::create_dir_all(to.parent().expect("a folder")).expect("writable");
        fs::write(to, bytes).expect("writable");
    }
    let out = office.out("out");
    let done = office.audit(&out, &[]).output().expect("starts");
    assert_eq!(done.status.code(), Some(3), "{}", said(&done));
    let places = [&office.root, &office.home, &office.tmp].map(|p| p.to_string_lossy().into_owned());
    for (name, bytes) in files(&out) {
        if name.starts_with("evidence/") || name.starts_with("annotated/") {
            continue;
        }
        let text = String::from_utf8(bytes).unwrap_or_else(|_| panic!("{name} is no text"));
        for place in places.iter().map(String::as_str).chain(["/tmp/", "/home/", "/root/", "material-audit-"]) {
            let clean = text.replace(".material-audit-", "");
            assert!(!clean.contains(place), "{name} names {place}");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn processes_and_temporary_files_name_nobody() {
    let office = Office::new("shown");
    let out = office.out("out");
    let mut run = office.audit(&out, &["--jobs", "2"]).spawn().expect("starts");
    let (mut shown, mut names) = (BTreeSet::new(), BTreeSet::new());
    let pid = run.id();
    until(&mut run, || {
        for child in crate::office::children(pid) {
            for of in ["cmdline", "comm", "environ"] {
                let text = fs::read(format!("/proc/{child}/{of}")).unwrap_or_default();
                // Between fork and exec it is the parent still.
                if fs::read(format!("/proc/{child}/cmdline")).is_ok_and(|c| c.ends_with(b"\0worker\0")) {
                    shown.insert(String::from_utf8_lossy(&text).into_owned());
                }
            }
        }
        let mut left = vec![office.tmp.clone(), office.home.join("cache"), out.clone()];
        while let Some(folder) = left.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                let name = entry.file_name().to_string_lossy().into_owned();
                let inside = entry.path();
                let ours = inside.starts_with(&out) && !inside.to_string_lossy().contains("/.material-audit-");
                if !ours {
                    names.insert(name);
                }
                if inside.is_dir() {
                    left.push(inside);
                }
            }
        }
        false
    });
    let done = run.wait_with_output().expect("ends");
    assert_eq!(done.status.code(), Some(0), "{}", said(&done));
    assert!(shown.len() >= 2 && names.len() >= 10, "{shown:?} {names:?}");
    for text in shown.iter().chain(&names) {
        let named = PEOPLE.iter().any(|p| text.contains(&p[3..])) || text.contains("证书");
        assert!(!named && text.is_ascii(), "{text}");
    }
    let program = env!("CARGO_BIN_EXE_material-audit");
    assert!(shown.contains(&format!("{program}\0worker\0")), "{shown:?}");
}

#[test]
fn what_is_kept_is_shown_and_removed() {
    let office = Office::warm("shown-cache");
    let ask = |what: &str| {
        let done = command(&office.home).args(["cache", what]).output().expect("starts");
        (done.status.code(), said(&done))
    };
    let cache = office.home.join("cache");
    let (code, told) = ask("show");
    assert_eq!(code, Some(0), "{told}");
    let entries = format!("{} 条", office.entries().len());
    assert!(
        told.contains(&*cache.to_string_lossy()) && told.contains(&entries) && told.contains("cache clean"),
        "{told}"
    );
    // A folder that doesn't look like ours is not emptied, and not said to be.
    fs::write(cache.join("CACHEDIR.TAG"), "something else").expect("ours");
    let (code, told) = ask("clean");
    assert!(code == Some(2) && told.contains("没有删除") && told.contains(&*cache.to_string_lossy()), "{told}");
    office.finished(&office.out("again"), &[]);
    let (code, told) = ask("clean");
    assert!(code == Some(0) && !cache.exists(), "{told}");
    assert!(ask("show").1.contains("，0 条"));
}

#[cfg(target_os = "linux")]
#[test]
fn the_address_a_browser_is_started_with_leads_in_once() {
    use std::io::{BufRead, BufReader, Read, Write};
    use std::process::Stdio;

    let office = Office::warm("door");
    let out = office.out("out");
    office.finished(&out, &[]);
    // In a browser's place: what it is started with stands in the list of processes.
    let (bin, given) = (office.root.join("bin"), office.root.join("given"));
    fs::create_dir(&bin).expect("writable");
    fs::write(
        bin.join("xdg-open"),
        format!("#!/bin/sh\necho \"$@\" > '{0}.new'; mv '{0}.new' '{0}'\n", given.display()),
    )
    .expect("writable");
    fs::set_permissions(bin.join("xdg-open"), fs::Permissions::from_mode(0o755)).expect("ours");
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").expect("a path"));
    let mut review =
        command(&office.home).arg("review").arg(&out).env("PATH", path).stdout(Stdio::piped()).spawn().expect("starts");
    let lines = BufReader::new(review.stdout.take().expect("a pipe")).lines();
    let address = lines.map_while(Result::ok).find(|l| l.starts_with("http://")).expect("an address");
    until(&mut review, || given.exists());
    let door = fs::read_to_string(&given).expect("told").trim().to_owned();
    let (host, token) = address["http://".len()..].split_once('/').expect("a path");
    let token = token.split('/').next().expect("a token");
    assert!(token.len() == 32 && !door.contains(token), "{door}");
    let enter = || {
        let path = door.strip_prefix(&format!("http://{host}")).expect("the same place");
        let mut stream = std::net::TcpStream::connect(host).expect("it listens");
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("answered");
        answer
    };
    let (first, second) = (enter(), enter());
    let _ = review.kill();
    let _ = review.wait();
    assert!(first.starts_with("HTTP/1.1 303") && first.contains(&format!("location: /{token}/index.html")), "{first}");
    assert!(second.starts_with("HTTP/1.1 403") && !second.contains(token), "{second}");
}
