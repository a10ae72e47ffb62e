//! The parent's side: spawns children, gives them jobs, replaces the dead.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::confine::Folders;
use super::limits::Limits;
use super::protocol::{Request, Response, Setup};
use crate::annotate::Refused;
use crate::model::isolation::Isolation;
use crate::model::note::Note;
use crate::model::packet::DocumentKind;
use crate::model::page::{PageFacts, Unreadable};
use crate::observe::{Models, Stages, Undrawn, Wanted};

/// Loading the models takes under a second here; a cold disk on an office PC may take many.
const START_TIME: Duration = Duration::from_secs(120);
/// The last words of a child that are kept to tell how it died.
const LAST_WORDS: usize = 4096;
/// Lines of one response; page facts stay far below.
const RESPONSE_LIMIT: u64 = 64 << 20;

/// Why no child can work at all.
#[derive(Debug, thiserror::Error)]
pub enum WorkerError {
    #[error("无法启动识别子进程：{0}。请确认程序文件完整，且系统允许启动新进程。")]
    Spawn(io::Error),
    #[error("识别模型无法加载：{0}。请运行 material-audit setup 重新安装模型文件。")]
    Models(String),
    #[error(
        "识别子进程刚启动就被系统强行终止，多半是内存不足。请关闭其他程序，或用 --jobs 减少并行数，再重新运行（已读过的页面不会重读）。"
    )]
    Killed,
}

/// Children, one per thread that asks at the same time; idle ones are reused.
#[derive(Debug)]
pub struct Pool {
    program: PathBuf,
    setup: Setup,
    idle: Mutex<Vec<Worker>>,
    /// Of all children so far.
    isolation: Mutex<Option<Isolation>>,
}

impl Pool {
    /// A pool whose children run `program worker` and may use these folders. Nothing is started yet.
    #[must_use]
    pub fn new(program: &Path, models: Models, limits: Limits, folders: Folders) -> Self {
        let setup = Setup { models: Some(models), limits, folders };
        Self { program: program.to_owned(), setup, idle: Mutex::new(Vec::new()), isolation: Mutex::new(None) }
    }

    /// How this system isolates the children: all that were started or, where none was needed, one that is asked.
    #[must_use]
    pub fn isolation(&self) -> Isolation {
        let known = *self.isolation.lock().unwrap_or_else(PoisonError::into_inner);
        known.unwrap_or_else(|| {
            let bare = Setup { models: None, ..self.setup.clone() };
            self.begin(&bare).map_or(Isolation::NONE, |(_, isolation)| isolation)
        })
    }

    fn start(&self) -> Result<Worker, WorkerError> {
        let (worker, isolation) = self.begin(&self.setup)?;
        let mut known = self.isolation.lock().unwrap_or_else(PoisonError::into_inner);
        *known = Some(known.map_or(isolation, |k| k.weaker(isolation)));
        Ok(worker)
    }

    /// A child that is ready. One killed from outside while it loaded is tried again, like one on a page.
    fn begin(&self, setup: &Setup) -> Result<(Worker, Isolation), WorkerError> {
        match Worker::start(&self.program, setup) {
            Err(WorkerError::Killed) => Worker::start(&self.program, setup),
            other => other,
        }
    }

    /// How many pages a document has.
    ///
    /// # Errors
    /// Outer: no child can be started at all. Inner: why this document cannot be examined.
    pub fn count_pages(&self, path: &Path, kind: DocumentKind) -> Result<Result<u32, Unreadable>, WorkerError> {
        let request = Request::Count { path: path.to_owned(), kind };
        Ok(match self.ask(&request)? {
            Ok(Response::Pages(pages)) => Ok(pages),
            Ok(Response::Unreadable(why)) | Err(why) => Err(why),
            Ok(other) => Err(unexpected(&other)),
        })
    }

    /// What is on a page (0-based). Its small picture goes to `thumb`, where one is wanted and can be written.
    ///
    /// # Errors
    /// Outer: no child can be started at all. Inner: why this page cannot be examined.
    pub fn observe(
        &self,
        path: &Path,
        kind: DocumentKind,
        page: u32,
        thumb: Option<&Path>,
    ) -> Result<Result<(PageFacts, Stages), Unreadable>, WorkerError> {
        let request = Request::Observe { path: path.to_owned(), kind, page, thumb: thumb.map(Path::to_owned) };
        Ok(match self.ask(&request)? {
            Ok(Response::Facts(facts, stages)) => Ok((*facts, stages)),
            Ok(Response::Unreadable(why)) | Err(why) => Err(why),
            Ok(other) => Err(unexpected(&other)),
        })
    }

    /// Draws a page (0-based), as displayed, to a PNG file.
    ///
    /// # Errors
    /// Outer: no child can be started at all. Inner: why this page cannot be drawn.
    pub fn picture(
        &self,
        path: &Path,
        kind: DocumentKind,
        page: u32,
        to: &Path,
    ) -> Result<Result<(), Unreadable>, WorkerError> {
        Ok(match self.ask(&Request::Picture { path: path.to_owned(), kind, page, to: to.to_owned() })? {
            Ok(Response::Drawn) => Ok(()),
            Ok(Response::Unreadable(why)) | Err(why) => Err(why),
            Ok(other) => Err(unexpected(&other)),
        })
    }

    /// Draws parts of a page (0-based), as displayed, to JPEG files.
    ///
    /// # Errors
    /// Outer: no child can be started at all. Inner: why this page cannot be drawn, or its pictures not written.
    pub fn evidence(
        &self,
        path: &Path,
        kind: DocumentKind,
        page: u32,
        pictures: Vec<Wanted>,
    ) -> Result<Result<(), Undrawn>, WorkerError> {
        Ok(match self.ask(&Request::Evidence { path: path.to_owned(), kind, page, pictures })? {
            Ok(Response::Drawn) => Ok(()),
            Ok(Response::Unwritten(code)) => {
                Err(Undrawn::Unwritten(code.map_or_else(|| io::ErrorKind::Other.into(), io::Error::from_raw_os_error)))
            }
            Ok(Response::Unreadable(why)) | Err(why) => Err(why.into()),
            Ok(other) => Err(unexpected(&other).into()),
        })
    }

    /// Writes a copy of a PDF with notes in it to `to`; a file stands there whatever comes back.
    ///
    /// # Errors
    /// Outer: no child can be started at all. Inner: why there is no copy.
    pub fn annotate(&self, path: &Path, notes: &[Note], to: &Path) -> Result<Result<(), Refused>, WorkerError> {
        let request = Request::Annotate { path: path.to_owned(), notes: notes.to_vec(), to: to.to_owned() };
        Ok(match self.ask(&request)? {
            Ok(Response::Annotated) => Ok(()),
            Ok(Response::NotAnnotated(why)) => Err(why),
            Ok(Response::Unreadable(why)) | Err(why) => Err(why.into()),
            Ok(other) => Err(unexpected(&other).into()),
        })
    }

    /// Asks an idle child or a new one. A child that had served other pages before it died on this one is given
    /// a second try in a fresh child, so that what earlier pages left behind costs no page; so is one that was killed
    /// from outside (the system short of memory, an administrator), which says nothing about the page.
    fn ask(&self, request: &Request) -> Result<Result<Response, Unreadable>, WorkerError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let used = idle.is_some();
        let mut worker = match idle {
            Some(worker) => worker,
            None => self.start()?,
        };
        let mut answer = worker.ask(request, self.setup.limits.page_time);
        let again = match answer {
            Err(Unreadable::Crashed(_) | Unreadable::OutOfMemory) => used || worker.killed,
            _ => false,
        };
        if again {
            worker = self.start()?;
            answer = worker.ask(request, self.setup.limits.page_time);
        }
        if worker.alive {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(worker);
        }
        Ok(answer)
    }
}

fn unexpected(response: &Response) -> Unreadable {
    Unreadable::Crashed(format!("子进程答非所问（{}）", response.name()))
}

#[derive(Debug)]
struct Worker {
    child: Child,
    stdin: ChildStdin,
    lines: Receiver<io::Result<String>>,
    last_words: Arc<Mutex<Vec<u8>>>,
    stderr: Option<thread::JoinHandle<()>>,
    alive: bool,
    /// Somebody else ended it by force.
    killed: bool,
}

impl Worker {
    fn start(program: &Path, setup: &Setup) -> Result<(Self, Isolation), WorkerError> {
        let mut command = Command::new(program);
        // A terminal's Ctrl-C reaches the whole process group; when to stop is the parent's decision.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command
            .arg("worker")
            // Versions of ONNX Runtime after 1.23 carry telemetry; packets are personnel files.
            .env("ORT_DISABLE_TELEMETRY", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(WorkerError::Spawn)?;
        let gone = || WorkerError::Spawn(io::ErrorKind::BrokenPipe.into());
        let stdin = child.stdin.take().ok_or_else(gone)?;
        let lines = listen(child.stdout.take().ok_or_else(gone)?);
        let last_words = Arc::new(Mutex::new(Vec::new()));
        let stderr = overhear(child.stderr.take().ok_or_else(gone)?, Arc::clone(&last_words));
        let mut worker = Self { child, stdin, lines, last_words, stderr: Some(stderr), alive: true, killed: false };
        match worker.ask(setup, START_TIME) {
            Ok(Response::Ready(isolation)) => Ok((worker, isolation)),
            Ok(Response::Unusable(why)) => Err(WorkerError::Models(why)),
            Ok(other) => Err(WorkerError::Models(format!("{:?}", unexpected(&other)))),
            Err(_) if worker.killed => Err(WorkerError::Killed),
            Err(why) => Err(WorkerError::Models(format!("子进程在加载时退出（{why:?}）"))),
        }
    }

    fn ask(&mut self, message: &impl serde::Serialize, time: Duration) -> Result<Response, Unreadable> {
        if self.say(message).is_err() {
            return Err(self.bury());
        }
        self.hear(time)
    }

    fn say(&mut self, message: &impl serde::Serialize) -> io::Result<()> {
        let mut line = serde_json::to_vec(message)?;
        line.push(b'\n');
        self.stdin.write_all(&line)?;
        self.stdin.flush()
    }

    fn hear(&mut self, time: Duration) -> Result<Response, Unreadable> {
        match self.lines.recv_timeout(time) {
            Ok(Ok(line)) => serde_json::from_str(&line).map_err(|e| {
                self.kill();
                Unreadable::Crashed(format!("子进程的回答无法解析（第 {} 列）", e.column()))
            }),
            Ok(Err(_)) | Err(RecvTimeoutError::Disconnected) => Err(self.bury()),
            Err(RecvTimeoutError::Timeout) => {
                self.kill();
                Err(Unreadable::TimedOut)
            }
        }
    }

    /// How it ended. None: it has closed its pipe but goes on.
    fn end_by_itself(&mut self) -> Option<ExitStatus> {
        const DYING: Duration = Duration::from_secs(2);
        let begun = Instant::now();
        loop {
            match self.child.try_wait() {
                Ok(None) if begun.elapsed() < DYING => thread::sleep(Duration::from_millis(2)),
                ended => return ended.ok().flatten(),
            }
        }
    }

    fn kill(&mut self) {
        self.alive = false;
        // The child may have ended by itself in the meantime; either way it is gone.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Tells why the child died, once its pipe is broken.
    fn bury(&mut self) -> Unreadable {
        self.killed = self.end_by_itself().is_some_and(forced);
        self.kill();
        if let Some(listener) = self.stderr.take() {
            let _ = listener.join();
        }
        let words = self.last_words.lock().unwrap_or_else(PoisonError::into_inner);
        let words = String::from_utf8_lossy(&words);
        // Who ends a process by force is nearly always the system, for want of memory.
        if self.killed || words.contains("memory allocation of") || words.contains("bad_alloc") {
            return Unreadable::OutOfMemory;
        }
        let status = self.child.wait().map_or_else(|e| e.to_string(), |s| s.to_string());
        Unreadable::Crashed(status)
    }
}

/// Whether a process was ended by force. Windows doesn't tell: there it looks like any other end.
fn forced(status: ExitStatus) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt;
        const SIGKILL: i32 = 9;
        status.signal() == Some(SIGKILL)
    }
    #[cfg(not(unix))]
    {
        let _ = status;
        false
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Hands on the child's answers line by line, so that the parent can wait for one with a time limit.
fn listen(stdout: ChildStdout) -> Receiver<io::Result<String>> {
    let (send, receive) = channel();
    thread::spawn(move || {
        let mut reader = BufReader::new(stdout);
        loop {
            let mut line = String::new();
            let answer = match reader.by_ref().take(RESPONSE_LIMIT).read_line(&mut line) {
                Ok(0) => return,
                Ok(_) => Ok(line),
                Err(e) => Err(e),
            };
            let stop = answer.is_err();
            if send.send(answer).is_err() || stop {
                return;
            }
        }
    });
    receive
}

/// Keeps the end of what the child writes to stderr; none of it is shown, as it may quote a document.
fn overhear(mut stderr: ChildStderr, last_words: Arc<Mutex<Vec<u8>>>) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        let mut piece = [0_u8; 1024];
        while let Ok(n) = stderr.read(&mut piece) {
            if n == 0 {
                return;
            }
            let mut words = last_words.lock().unwrap_or_else(PoisonError::into_inner);
            words.extend_from_slice(&piece[..n]);
            let excess = words.len().saturating_sub(LAST_WORDS);
            words.drain(..excess);
        }
    })
}

#[cfg(all(test, unix))]
#[path = "parent_tests.rs"]
mod tests;
