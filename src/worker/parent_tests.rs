use std::os::unix::fs::PermissionsExt;

use super::*;

/// A child that says it is ready and then does `script` with each job's line.
fn pool(folder: &Path, script: &str) -> Pool {
    let program = folder.join("child.sh");
    let ready = serde_json::to_string(&Isolation::NONE).expect("JSON");
    let text = format!("#!/bin/sh\nread setup\necho '{{\"Ready\":{ready}}}'\nwhile read job; do\n{script}\ndone\n");
    std::fs::write(&program, text).expect("writable");
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).expect("ours");
    let models = Models {
        detector: PathBuf::new(),
        recogniser: PathBuf::new(),
        library: PathBuf::new(),
        id: String::new(),
        names: Vec::new(),
    };
    let limits = Limits { page_time: Duration::from_millis(500), ..Limits::default() };
    Pool::new(&program, models, limits, Folders::default())
}

fn asked(script: &str) -> Result<u32, Unreadable> {
    let folder = tempfile::tempdir().expect("temporary folder");
    let pool = pool(folder.path(), script);
    pool.count_pages(Path::new("x.pdf"), DocumentKind::Pdf).expect("the child starts")
}

#[test]
fn how_a_child_died_is_told() {
    assert_eq!(asked("echo '{\"Pages\":3}'"), Ok(3));
    assert!(matches!(asked("exit 7"), Err(Unreadable::Crashed(_))));
    assert!(matches!(asked("kill -6 $$"), Err(Unreadable::Crashed(_))));
    // Twice: once alone costs no page.
    assert_eq!(asked("kill -9 $$"), Err(Unreadable::OutOfMemory));
    assert_eq!(asked("echo memory allocation of 9 bytes failed >&2; exit 134"), Err(Unreadable::OutOfMemory));
    assert_eq!(asked("sleep 20"), Err(Unreadable::TimedOut));
    assert!(matches!(asked("echo nonsense"), Err(Unreadable::Crashed(_))));
}

#[test]
fn a_dead_child_is_replaced() {
    let folder = tempfile::tempdir().expect("temporary folder");
    // Dies on every second job it sees; a fresh child answers the retried job.
    let pool = pool(folder.path(), "if [ -n \"$seen\" ]; then exit 1; fi; seen=1; echo '{\"Pages\":1}'");
    for _ in 0..3 {
        let pages = pool.count_pages(Path::new("x.pdf"), DocumentKind::Pdf).expect("the child starts");
        assert_eq!(pages, Ok(1));
    }
}

/// A child that is killed the first `times` a job, or its loading, comes to it.
fn killed(times: u32, loading: bool) -> Result<Result<u32, Unreadable>, WorkerError> {
    let folder = tempfile::tempdir().expect("temporary folder");
    let tally = folder.path().join("tally");
    let die = format!(
        "n=$(cat {0} 2>/dev/null || echo 0); echo $((n + 1)) > {0}; [ $n -ge {times} ] || kill -9 $$\n",
        tally.display()
    );
    let pool = pool(folder.path(), &format!("{die}echo '{{\"Pages\":3}}'"));
    if loading {
        let program = std::fs::read_to_string(&pool.program).expect("written");
        std::fs::write(&pool.program, program.replace(&die, "").replace("read setup", &format!("read setup\n{die}")))
            .expect("writable");
    }
    pool.count_pages(Path::new("x.pdf"), DocumentKind::Pdf)
}

#[test]
fn a_child_killed_from_outside_costs_no_page() {
    assert_eq!(killed(1, false).expect("started"), Ok(3));
    assert_eq!(killed(2, false).expect("started"), Err(Unreadable::OutOfMemory));
    assert_eq!(killed(1, true).expect("started"), Ok(3));
    assert!(matches!(killed(2, true), Err(WorkerError::Killed)));
}

#[test]
fn a_program_that_is_not_there_is_no_page_s_fault() {
    let models = Models {
        detector: PathBuf::new(),
        recogniser: PathBuf::new(),
        library: PathBuf::new(),
        id: String::new(),
        names: Vec::new(),
    };
    let pool = Pool::new(Path::new("/no/such/program"), models, Limits::default(), Folders::default());
    assert!(matches!(pool.count_pages(Path::new("x"), DocumentKind::Pdf), Err(WorkerError::Spawn(_))));
}
