//! The served report: decisions made in a browser are kept, and nobody else is answered.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Stdio};

use serde_json::Value;

use super::chromium::{Browser, Page};
use super::common::{audit, command, files, fixtures, home, scratch};

const NOTICE: &str = "yangcheng-engineering-2021";

/// A running `material-audit review`.
struct Served {
    child: Child,
    address: String,
}

impl Served {
    fn start(report: &Path) -> Self {
        let mut child = command(home())
            .arg("review")
            .arg(report)
            .arg("--no-open")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let address = lines.map_while(Result::ok).find(|l| l.starts_with("http://")).expect("an address");
        Self { child, address }
    }

    /// `127.0.0.1:port` and the path of the report's front page.
    fn parts(&self) -> (&str, &str) {
        let rest = self.address.strip_prefix("http://").expect("HTTP");
        rest.split_at(rest.find('/').expect("a path"))
    }

    /// The status of a request with these further header lines.
    fn status(&self, method: &str, path: &str, headers: &[&str], body: &str) -> u16 {
        let mut stream = TcpStream::connect(self.parts().0).expect("it listens");
        let headers = headers.join("\r\n");
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n\r\n{body}",
            body.len()
        )
        .expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("answered");
        answer.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status")
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits for something to become true on the page.
fn until(page: &mut Page<'_>, condition: &str) {
    let script = format!(
        "new Promise((done, failed) => {{ const begun = Date.now(); const look = () => ({condition}) ? done() \
         : Date.now() - begun > 20000 ? failed(document.body.innerText) : setTimeout(look, 20); look(); }})"
    );
    page.value(&script);
}

fn press(word: &str, id: &str) -> String {
    format!("document.querySelector('article[data-id={id}] .decide button[value={word}]').click()")
}

fn decision(id: &str) -> String {
    format!("document.querySelector('article[data-id={id}]').dataset.decision")
}

#[test]
fn decisions_made_in_a_browser_are_kept_and_reach_the_next_run() {
    let dir = scratch("review-browser");
    let (batch, out) = (dir.join("in"), dir.join("out"));
    for (file, bytes) in files(&fixtures().join("packets").join(NOTICE).join("submissions")) {
        let path = batch.join(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        fs::write(path, bytes).expect("writable");
    }
    // Something is missing.
    let packet = batch.join("濮阳青");
    fs::remove_file(packet.join("三公示记实表.pdf")).expect("it was there");
    fs::remove_file(packet.join("专业技术工作报告.pdf")).expect("it was there");
    let roster = fixtures().join("packets").join(NOTICE).join("roster.csv");
    let run = || audit(&batch, NOTICE, Some(&roster), &out, &[]);
    let first = run();
    let of_packet: Vec<Value> = first.findings().into_iter().filter(|f| f["applicant"] == "濮阳青").collect();
    assert!(of_packet.len() >= 2, "{of_packet:?}");
    let id = |i: usize| of_packet[i]["id"].as_str().expect("an id").to_owned();
    let (a, b) = (id(0), id(1));

    let served = Served::start(&out);
    let front = served.address.clone();
    let Some(mut browser) = Browser::start() else { return };
    let mut page = browser.open(&front);
    until(&mut page, "document.querySelector('.reviewing')?.textContent.includes('已决定 0 个')");
    let link = page.value("[...document.querySelectorAll('th a')].find(a => a.textContent.includes('濮阳青')).href");
    let link = link.as_str().expect("an address").to_owned();
    page.go(&link);
    until(&mut page, "document.querySelectorAll('.decide').length >= 2");
    // What the server knows is shown then; it would replace a remark that nobody is typing.
    until(&mut page, "document.querySelector('.reviewing')?.textContent.includes('已决定 0 个')");
    page.value(&format!("document.querySelector('article[data-id={a}] .decide input').value = '=原件也没有'"));
    page.value(&press("确认", &a));
    until(&mut page, &format!("{} === 'confirmed'", decision(&a)));
    page.value(&format!("document.querySelector('article[data-id={b}]').focus()"));
    page.press("2");
    until(&mut page, &format!("{} === 'rejected'", decision(&b)));
    assert!(page.complaints.is_empty(), "{:?}", page.complaints);
    assert!(page.requests.iter().all(|r| r.starts_with("http://127.0.0.1:")), "{:?}", page.requests);

    page.go(&link);
    until(&mut page, &format!("{} === 'confirmed' && {} === 'rejected'", decision(&a), decision(&b)));
    let remark = page.value(&format!("document.querySelector('article[data-id={a}] .decide input').value"));
    assert_eq!(remark, "=原件也没有");
    let text = fs::read_to_string(out.join("decisions.csv")).expect("written");
    assert!(text.contains(&format!("{a},确认,'=原件也没有")) && text.contains(&format!("{b},驳回,")), "{text}");

    let second = run();
    let csv = fs::read_to_string(second.out.join("applicants").join("濮阳青.csv")).expect("written");
    let row = |id: &str| csv.lines().find(|l| l.starts_with(id)).expect("a row").to_owned();
    assert!(row(&a).contains("已确认") && row(&b).contains("已驳回"), "{csv}");
}

#[test]
fn a_tab_that_shows_an_old_decision_does_not_overwrite_the_new_one() {
    let dir = scratch("review-tabs");
    let run = super::common::audited(NOTICE);
    for (file, bytes) in files(&run.out) {
        let path = dir.join(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        fs::write(path, bytes).expect("writable");
    }
    let all = run.findings();
    let finding = all.first().expect("a finding");
    let id = finding["id"].as_str().expect("an id");
    let served = Served::start(&dir);
    let (host, front) = served.parts();
    let at = front.replace("index.html", "review/decisions");
    let origin = format!("Origin: http://{host}");
    let host = format!("Host: {host}");
    let json = "Content-Type: application/json";
    let body = |before: &str, after: &str| format!("{{\"id\":\"{id}\",\"before\":{before},\"after\":{after}}}");
    let (confirmed, rejected) = ("{\"decision\":\"确认\",\"remark\":\"\"}", "{\"decision\":\"驳回\",\"remark\":\"\"}");
    let post = |headers: &[&str], body: &str| served.status("POST", &at, headers, body);
    assert_eq!(post(&[&host, &origin, json], &body("null", confirmed)), 200);
    assert_eq!(post(&[&host, &origin, json], &body("null", rejected)), 409, "somebody was first");
    assert_eq!(post(&[&host, &origin, json], &body(confirmed, rejected)), 200);

    assert_eq!(post(&[&host, json], &body(rejected, "null")), 403, "no origin");
    assert_eq!(post(&[&host, "Origin: http://evil.example", json], &body(rejected, "null")), 403);
    assert_eq!(post(&["Host: evil.example", &origin, json], &body(rejected, "null")), 403);
    assert_eq!(post(&[&host, &origin, "Content-Type: text/plain"], &body(rejected, "null")), 403);
    assert_eq!(post(&[&host, &origin, json], "{"), 400);
    assert!(fs::read_to_string(dir.join("decisions.csv")).expect("written").contains(&format!("{id},驳回,")));

    let get = |path: &str| served.status("GET", path, &[&host], "");
    assert_eq!(get(front), 200);
    assert_eq!(get("/index.html"), 403, "no token");
    assert_eq!(get(&front.replace("/index.html", "0/index.html")), 403);
    assert_eq!(get(&front.replace("index.html", "facts.jsonl")), 404);
    assert_eq!(get(&front.replace("index.html", "../../etc/passwd")), 404);
    assert_eq!(get(&front.replace("index.html", "pages/..%2f..%2fetc%2fpasswd")), 404);
}

#[test]
fn a_folder_without_a_report_is_told() {
    let dir = scratch("review-none");
    let output = command(home()).arg("review").arg(&dir).arg("--no-open").output().expect("the binary starts");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("没有报告"));
}
