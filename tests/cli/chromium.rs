//! Chromium without a window, driven over the DevTools protocol on a pair of pipes.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Longer than anything a page of ours does, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// A browser with a profile of its own.
pub(crate) struct Browser {
    child: Child,
    to: ChildStdin,
    from: Receiver<Value>,
    next: u64,
    _profile: tempfile::TempDir,
}

/// A page that was opened, with what the browser told of it.
pub(crate) struct Page<'a> {
    browser: &'a mut Browser,
    session: String,
    /// Messages on the console that a user would call errors.
    pub(crate) complaints: Vec<String>,
    /// Addresses that were asked for.
    pub(crate) requests: Vec<String>,
    loaded: bool,
}

impl Browser {
    /// None where there is no browser: said aloud, and no excuse for `.ci/run`, which installs one.
    pub(crate) fn start() -> Option<Self> {
        let Some(program) = ["chromium", "chromium-browser", "google-chrome"]
            .into_iter()
            .find(|name| Command::new(name).arg("--version").output().is_ok_and(|o| o.status.success()))
        else {
            assert!(std::env::var_os("CI").is_none(), "these tests need Chromium: apt-get install chromium");
            println!("skipped: Chromium is not installed, so no page was opened");
            return None;
        };
        let profile = tempfile::tempdir().expect("a temporary folder");
        let mut child = Command::new("sh")
            // The browser listens on descriptor 3 and answers on 4.
            .args(["-c", "exec \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1", "sh", program])
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-pipe"])
            .args(["--no-first-run", "--window-size=1366,768", "--disable-background-networking"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell");
        let to = child.stdin.take().expect("a pipe");
        let mut answers = BufReader::new(child.stdout.take().expect("a pipe"));
        let (send, from) = channel();
        std::thread::spawn(move || {
            let mut message = Vec::new();
            while answers.read_until(0, &mut message).is_ok_and(|n| n > 0) {
                message.pop();
                let Ok(value) = serde_json::from_slice(&message) else { return };
                if send.send(value).is_err() {
                    return;
                }
                message.clear();
            }
        });
        Some(Self { child, to, from, next: 0, _profile: profile })
    }

    fn say(&mut self, session: Option<&str>, method: &str, params: &Value) -> u64 {
        self.next += 1;
        let mut message = json!({ "id": self.next, "method": method, "params": params });
        if let Some(session) = session {
            message["sessionId"] = session.into();
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.to.write_all(&bytes).expect("the browser listens");
        self.next
    }

    fn ask(&mut self, method: &str, params: &Value) -> Value {
        let id = self.say(None, method, params);
        let begun = Instant::now();
        loop {
            let left = PATIENCE.saturating_sub(begun.elapsed());
            let message = self.from.recv_timeout(left).unwrap_or_else(|e| panic!("{method}: {e}"));
            if message["id"] == id {
                return message["result"].clone();
            }
        }
    }

    /// Opens an address and waits until it has loaded.
    pub(crate) fn open(&mut self, address: &str) -> Page<'_> {
        let target = self.ask("Target.createTarget", &json!({ "url": "about:blank" }))["targetId"].clone();
        let attached = self.ask("Target.attachToTarget", &json!({ "targetId": target, "flatten": true }));
        let session = attached["sessionId"].as_str().expect("a session").to_owned();
        let mut page = Page { browser: self, session, complaints: Vec::new(), requests: Vec::new(), loaded: false };
        for domain in ["Page", "Runtime", "Log", "Network"] {
            page.ask(&format!("{domain}.enable"), &json!({}));
        }
        page.go(address);
        page
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.say(None, "Browser.close", &json!({}));
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(5) && self.child.try_wait().is_ok_and(|ended| ended.is_none()) {
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Page<'_> {
    /// Leads the page to another address.
    pub(crate) fn go(&mut self, address: &str) {
        self.loaded = false;
        self.ask("Page.navigate", &json!({ "url": address }));
        self.wait_loaded();
    }

    /// Waits until the address that the page is being led to has loaded.
    pub(crate) fn wait_loaded(&mut self) {
        let begun = Instant::now();
        while !self.loaded {
            self.hear(PATIENCE.saturating_sub(begun.elapsed()));
        }
    }

    /// Presses a key that types one character, or `Escape`.
    pub(crate) fn press(&mut self, key: &str) {
        self.loaded = false;
        let text = if key.len() == 1 { key } else { "" };
        let down = json!({ "type": "keyDown", "key": key, "text": text });
        self.ask("Input.dispatchKeyEvent", &down);
        self.ask("Input.dispatchKeyEvent", &json!({ "type": "keyUp", "key": key }));
    }

    /// The value of a script, after its promise.
    pub(crate) fn value(&mut self, script: &str) -> Value {
        let asked = json!({ "expression": script, "awaitPromise": true, "returnByValue": true });
        let answer = self.ask("Runtime.evaluate", &asked);
        assert!(answer["exceptionDetails"].is_null(), "{script}: {answer}");
        answer["result"]["value"].clone()
    }

    pub(crate) fn ask(&mut self, method: &str, params: &Value) -> Value {
        let id = self.browser.say(Some(&self.session), method, params);
        let begun = Instant::now();
        loop {
            let message = self.hear(PATIENCE.saturating_sub(begun.elapsed()));
            if message["id"] == id {
                assert!(message["error"].is_null(), "{method}: {}", message["error"]);
                return message["result"].clone();
            }
        }
    }

    fn hear(&mut self, time: Duration) -> Value {
        let message = self.browser.from.recv_timeout(time).expect("the browser answers in time");
        if message["sessionId"] == self.session.as_str() {
            let params = &message["params"];
            match message["method"].as_str().unwrap_or_default() {
                "Page.loadEventFired" => self.loaded = true,
                "Page.javascriptDialogOpening" | "Runtime.exceptionThrown" => self.complaints.push(params.to_string()),
                "Runtime.consoleAPICalled" if params["type"] != "log" => self.complaints.push(params.to_string()),
                "Log.entryAdded" if params["entry"]["level"] != "verbose" => self.complaints.push(params.to_string()),
                "Network.requestWillBeSent" => {
                    self.requests.push(params["request"]["url"].as_str().unwrap_or_default().to_owned());
                }
                _ => {}
            }
        }
        message
    }
}

/// A file's address.
pub(crate) fn address(path: &std::path::Path) -> String {
    let path = path.canonicalize().expect("a file that is there");
    let text = path.to_str().expect("UTF-8");
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"/-_.~".contains(&b);
    let encoded = text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") });
    format!("file://{}", encoded.collect::<String>())
}
