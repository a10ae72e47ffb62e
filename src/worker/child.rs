//! The child's side: reads jobs from stdin, observes, answers on stdout.

use std::io::{self, BufRead, Write};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use super::confine::confine;
use super::protocol::{Request, Response, Setup};
use crate::annotate::annotate;
use crate::observe::{Observer, Undrawn};

/// A child whose parent is gone and that has no page in hand has ended by itself within this.
const FAREWELL: Duration = Duration::from_secs(1);

/// Serves jobs until stdin closes. `limit_heap` caps the process's own allocations.
///
/// # Errors
/// When the parent's pipe breaks or its first line is not a set-up.
pub fn serve(limit_heap: impl FnOnce(u64)) -> io::Result<()> {
    // A terminal's Ctrl-C reaches every process on it; when to stop is the parent's decision. On Unix it starts children
    // in a process group of their own, so that they need no thread for this, which would escape the confinement.
    #[cfg(not(unix))]
    let _ = ctrlc::set_handler(|| {});
    let mut answers = io::stdout().lock();
    let mut first = String::new();
    if io::stdin().read_line(&mut first)? == 0 {
        return Ok(());
    }
    let setup: Setup = serde_json::from_str(&first)?;
    limit_heap(setup.limits.heap_bytes);
    #[cfg(unix)]
    {
        let bytes = setup.limits.address_space_bytes;
        // Without the kernel's limit the allocator's still holds.
        let _ = rlimit::setrlimit(rlimit::Resource::AS, bytes, bytes);
        let _ = rlimit::setrlimit(rlimit::Resource::FSIZE, setup.limits.file_bytes, setup.limits.file_bytes);
        let _ = rlimit::setrlimit(rlimit::Resource::CORE, 0, 0);
    }
    let Some(models) = setup.models else {
        return answer(&mut answers, &Response::Ready(confine(&setup.folders)));
    };
    let mut observer = match Observer::load(&models) {
        Ok(observer) => observer,
        Err(why) => return answer(&mut answers, &Response::Unusable(why)),
    };
    answer(&mut answers, &Response::Ready(confine(&setup.folders)))?;
    for line in requests() {
        let response = match serde_json::from_str(&line?)? {
            Request::Count { path, kind } => match observer.count_pages(&path, kind) {
                Ok(pages) => Response::Pages(pages),
                Err(why) => Response::Unreadable(why),
            },
            Request::Observe { path, kind, page, thumb } => match observer.observe(&path, kind, page, thumb.as_deref())
            {
                Ok((facts, stages)) => Response::Facts(Box::new(facts), stages),
                Err(why) => Response::Unreadable(why),
            },
            Request::Picture { path, kind, page, to } => match observer.picture(&path, kind, page, &to) {
                Ok(()) => Response::Drawn,
                Err(why) => Response::Unreadable(why),
            },
            Request::Annotate { path, notes, to } => match annotate(&path, &notes, &to) {
                Ok(()) => Response::Annotated,
                Err(why) => Response::NotAnnotated(why),
            },
            Request::Evidence { path, kind, page, pictures } => match observer.evidence(&path, kind, page, &pictures) {
                Ok(()) => Response::Drawn,
                Err(Undrawn::Unreadable(why)) => Response::Unreadable(why),
                Err(Undrawn::Unwritten(e)) => Response::Unwritten(e.raw_os_error()),
            },
        };
        answer(&mut answers, &response)?;
    }
    Ok(())
}

/// The parent's lines. They are read by a thread of its own, so that a parent's death ends the child even in the middle
/// of a page that would take it for ever.
fn requests() -> Receiver<io::Result<String>> {
    let (send, receive) = channel();
    thread::spawn(move || {
        for line in io::stdin().lock().lines() {
            let broken = line.is_err();
            if send.send(line).is_err() || broken {
                break;
            }
        }
        drop(send);
        thread::sleep(FAREWELL);
        end();
    });
    receive
}

/// Ends the process at once, whatever its other threads are doing, leaving no picture of its memory.
#[cfg(unix)]
fn end() {
    let _ = nix::sys::signal::raise(nix::sys::signal::SIGKILL);
}

#[cfg(not(unix))]
#[expect(clippy::exit, reason = "there is nobody left to return to")]
fn end() {
    std::process::exit(1);
}

fn answer(out: &mut impl Write, response: &Response) -> io::Result<()> {
    let mut line = serde_json::to_vec(response)?;
    line.push(b'\n');
    out.write_all(&line)?;
    out.flush()
}
