//! Two runs on one report: the second is refused, nothing stale is in anybody's way, and the review goes on.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Stdio;

use crate::common::{command, files};
use crate::office::{Office, differing, said, until};

#[test]
fn a_second_run_on_a_report_is_refused_and_costs_nothing() {
    let office = Office::warm("twice");
    let expected = office.finished(&office.out("reference"), &[]);
    let out = office.out("out");
    office.forget_a_page();
    let mut first = office.audit(&out, &[]).spawn().expect("starts");
    until(&mut first, || out.join("evidence").exists());
    let second = office.audit(&out, &["--as-of", "2024-11-01"]).output().expect("starts");
    let told = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(first.try_wait().expect("a child").is_none(), "the first was still at work");
    assert_eq!(second.status.code(), Some(2), "{told}");
    assert!(told.contains("另一次审核正在写报告文件夹") && told.contains("--out"), "{told}");
    // Another report is another matter.
    let aside = office.audit(&office.out("aside"), &[]).output().expect("starts");
    assert_eq!(aside.status.code(), Some(0), "{}", said(&aside));
    let first = first.wait_with_output().expect("ends");
    assert_eq!(first.status.code(), Some(0), "{}", said(&first));
    assert_eq!(differing(&files(&out), &expected), Vec::<String>::new());

    // A run that is killed leaves its lock's file, but not the lock.
    let again = office.out("again");
    office.forget_a_page();
    let mut killed = office.audit(&again, &[]).spawn().expect("starts");
    until(&mut killed, || again.join("evidence").exists());
    killed.kill().expect("killed");
    assert!(!killed.wait().expect("ended").success());
    assert!(again.join(".audit.lock").exists());
    assert_eq!(differing(&office.finished(&again, &[]), &expected), Vec::<String>::new());
}

#[test]
fn a_report_may_be_reviewed_while_it_is_written() {
    let office = Office::warm("reviewed");
    let out = office.out("out");
    office.finished(&out, &[]);
    let mut review =
        command(&office.home).arg("review").arg(&out).arg("--no-open").stdout(Stdio::piped()).spawn().expect("starts");
    let lines = BufReader::new(review.stdout.take().expect("a pipe")).lines();
    let address = lines.map_while(Result::ok).find(|l| l.starts_with("http://")).expect("an address");
    let (host, path) = address["http://".len()..].split_once('/').expect("a path");
    let ask = |method: &str, path: &str, body: &str| {
        let mut stream = TcpStream::connect(host).expect("it listens");
        write!(
            stream,
            "{method} /{path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nContent-Type: application/json\r\n\
             Connection: close\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("answered");
        answer.split(' ').nth(1).and_then(|code| code.parse::<u16>().ok()).expect("a status")
    };
    let findings = crate::common::jsonl(&out.join("findings.jsonl"));
    let id = findings[0]["id"].as_str().expect("an id").to_owned();
    office.forget_a_page();
    let mut run = office.audit(&out, &[]).spawn().expect("starts");
    let held = || fs::File::open(out.join(".audit.lock")).is_ok_and(|f| f.try_lock_shared().is_err());
    until(&mut run, held);
    let body = format!("{{\"id\":\"{id}\",\"before\":null,\"after\":{{\"decision\":\"确认\",\"remark\":\"\"}}}}");
    assert_eq!(ask("GET", path, ""), 200);
    assert_eq!(ask("POST", &path.replace("index.html", "review/decisions"), &body), 200);
    assert!(run.try_wait().expect("a child").is_none(), "the run was still at work");
    let done = run.wait_with_output().expect("ends");
    let _ = review.kill();
    let _ = review.wait();
    assert_eq!(done.status.code(), Some(0), "{}", said(&done));
    let decided = fs::read_to_string(out.join("decisions.csv")).expect("written");
    assert!(decided.contains(&format!("{id},确认,")), "{decided}");
}
