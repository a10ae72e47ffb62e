//! The child's side: reads jobs from stdin, observes, answers on stdout.

use std::io::{self, BufRead, Write};

use super::protocol::{Request, Response, Setup};
use crate::annotate::annotate;
use crate::observe::{Observer, Undrawn};

/// Serves jobs until stdin closes. `limit_heap` caps the process's own allocations.
///
/// # Errors
/// When the parent's pipe breaks or its first line is not a set-up.
pub fn serve(limit_heap: impl FnOnce(u64)) -> io::Result<()> {
    // A terminal's Ctrl-C reaches the whole process group; when to stop is the parent's decision.
    let _ = ctrlc::set_handler(|| {});
    let mut requests = io::stdin().lock().lines();
    let mut answers = io::stdout().lock();
    let setup: Setup = match requests.next() {
        Some(line) => serde_json::from_str(&line?)?,
        None => return Ok(()),
    };
    limit_heap(setup.limits.heap_bytes);
    #[cfg(unix)]
    {
        let bytes = setup.limits.address_space_bytes;
        // Without the kernel's limit the allocator's still holds.
        let _ = rlimit::setrlimit(rlimit::Resource::AS, bytes, bytes);
        let _ = rlimit::setrlimit(rlimit::Resource::CORE, 0, 0);
    }
    let mut observer = match Observer::load(&setup.models) {
        Ok(observer) => {
            answer(&mut answers, &Response::Ready)?;
            observer
        }
        Err(why) => return answer(&mut answers, &Response::Unusable(why)),
    };
    for line in requests {
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

fn answer(out: &mut impl Write, response: &Response) -> io::Result<()> {
    let mut line = serde_json::to_vec(response)?;
    line.push(b'\n');
    out.write_all(&line)?;
    out.flush()
}
