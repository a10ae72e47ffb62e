//! The committed array job under a real Slurm on this machine: two tasks are killed midway, and the merged report is the
//! one machine's, byte for byte.
#![cfg(target_os = "linux")]

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::common::{audit, files, fixtures, home, scratch};
use super::shards::assert_same;

const NOTICE: &str = "yangcheng-engineering-2021";
/// A machine busy with other tests takes its time.
const PATIENCE: Duration = Duration::from_secs(420);

/// A controller and two nodes of one core each, all on 127.0.0.1.
struct Cluster {
    folder: tempfile::TempDir,
    daemons: Vec<Child>,
}

impl Cluster {
    fn start() -> Option<Self> {
        let there = ["munged", "slurmctld", "slurmd", "sbatch"].into_iter().all(|program| find(program).is_some());
        if !there {
            assert!(std::env::var_os("CI").is_none(), "this test needs Slurm: apt-get install slurm-wlm munge");
            println!("skipped: no Slurm on this machine (Debian: apt-get install slurm-wlm munge)");
            return None;
        }
        // Sockets' paths must be short.
        let folder = tempfile::Builder::new().prefix("audit-slurm-").tempdir().expect("writable");
        let dir = folder.path();
        fs::set_permissions(dir, fs::Permissions::from_mode(0o755)).expect("ours");
        for (name, mode) in [("munge", 0o700), ("state", 0o700), ("spool.audit1", 0o755), ("spool.audit2", 0o755)] {
            fs::create_dir(dir.join(name)).expect("writable");
            fs::set_permissions(dir.join(name), fs::Permissions::from_mode(mode)).expect("ours");
        }
        let mut key = [0; 128];
        getrandom::fill(&mut key).expect("the system has random bytes");
        let key_file = dir.join("munge/key");
        fs::write(&key_file, key).expect("writable");
        fs::set_permissions(&key_file, fs::Permissions::from_mode(0o400)).expect("ours");
        fs::write(dir.join("slurm.conf"), configuration(dir)).expect("writable");
        let mut cluster = Self { folder, daemons: Vec::new() };
        let munge = |what: &str| format!("--{what}={}", cluster.folder.path().join("munge").join(what).display());
        let arguments = ["--foreground", "--force"].map(str::to_owned).into_iter().chain([
            format!("--key-file={}", key_file.display()),
            munge("socket"),
            munge("pid-file"),
            munge("log-file"),
            munge("seed-file"),
        ]);
        let arguments: Vec<String> = arguments.collect();
        cluster.daemon("munged", &arguments);
        cluster.wait("munge's socket", |c| c.folder.path().join("munge/socket").exists());
        cluster.daemon("slurmctld", &["-D".to_owned()]);
        for node in ["audit1", "audit2"] {
            cluster.daemon("slurmd", &["-D".to_owned(), "-N".to_owned(), node.to_owned()]);
        }
        cluster.wait("two idle nodes", |c| c.said("sinfo", &["-h", "-t", "idle", "-o", "%D"]).trim() == "2");
        Some(cluster)
    }

    fn daemon(&mut self, program: &str, arguments: &[String]) {
        let log = fs::File::create(self.folder.path().join(format!("{program}{}.out", self.daemons.len())));
        let log = log.expect("writable");
        let daemon = self
            .command(&find(program).expect("installed"))
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a file"))
            .stderr(log)
            .spawn()
            .expect("starts");
        self.daemons.push(daemon);
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("SLURM_CONF", self.folder.path().join("slurm.conf"));
        for kept in ["PATH", "HOME", "USER"] {
            if let Some(value) = std::env::var_os(kept) {
                command.env(kept, value);
            }
        }
        command
    }

    fn said(&self, program: &str, arguments: &[&str]) -> String {
        let output = self.command(Path::new(program)).args(arguments).output().expect("installed");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn wait(&self, what: &str, mut done: impl FnMut(&Self) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !done(self) {
            if Instant::now() >= deadline {
                panic!("{what} did not come\n{}", self.logs());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    fn logs(&self) -> String {
        let mut text = self.said("scontrol", &["show", "job"]);
        for entry in fs::read_dir(self.folder.path()).expect("a folder").flatten() {
            if entry.path().extension().is_some_and(|e| e == "log" || e == "out") {
                let log = fs::read_to_string(entry.path()).unwrap_or_default();
                let from = log.len().saturating_sub(3000);
                text += &format!("\n== {}\n{}", entry.path().display(), log.get(from..).unwrap_or(&log));
            }
        }
        text
    }

    /// A job's fields as `scontrol` shows them.
    fn job(&self, id: &str) -> BTreeMap<String, String> {
        let text = self.said("scontrol", &["show", "job", id]);
        let fields = text.split_whitespace().filter_map(|field| field.split_once('='));
        fields.map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let user = self.said("id", &["-un"]);
        self.said("scancel", &["-u", user.trim()]);
        let gone = Instant::now() + Duration::from_secs(20);
        while !self.said("squeue", &["-h"]).trim().is_empty() && Instant::now() < gone {
            std::thread::sleep(Duration::from_millis(200));
        }
        // The controller and the nodes before what vouches for them.
        for daemon in self.daemons.iter_mut().rev() {
            let _ = Command::new("kill").arg(daemon.id().to_string()).status();
            let end = Instant::now() + Duration::from_secs(5);
            while daemon.try_wait().is_ok_and(|ended| ended.is_none()) && Instant::now() < end {
                std::thread::sleep(Duration::from_millis(50));
            }
            let _ = daemon.kill();
            let _ = daemon.wait();
        }
    }
}

fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from));
    folders.map(|folder| folder.join(program)).find(|path| path.is_file())
}

fn configuration(dir: &Path) -> String {
    let listeners = [0; 3].map(|port| TcpListener::bind(("127.0.0.1", port)).expect("a free port"));
    let [controller, one, two] = listeners.map(|l| l.local_addr().expect("bound").port());
    let named = |program: &str| {
        let output = Command::new(program).arg(if program == "id" { "-un" } else { "-s" }).output().expect("runs");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    };
    let (host, user, dir) = (named("hostname"), named("id"), dir.display());
    format!(
        "ClusterName=audit
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller}
AuthType=auth/munge
AuthInfo=socket={dir}/munge/socket,cred_expire=5
CredType=cred/munge
SlurmUser={user}
SlurmdUser={user}
StateSaveLocation={dir}/state
SlurmdSpoolDir={dir}/spool.%n
SlurmctldPidFile={dir}/slurmctld.pid
SlurmdPidFile={dir}/slurmd.%n.pid
SlurmctldLogFile={dir}/slurmctld.log
SlurmdLogFile={dir}/slurmd.%n.log
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
SchedulerParameters=sched_interval=2,bf_interval=2
ReturnToService=2
KillWait=2
MinJobAge=3600
NodeName=audit1 NodeHostname={host} NodeAddr=127.0.0.1 Port={one} CPUs=1 RealMemory=64000 State=UNKNOWN
NodeName=audit2 NodeHostname={host} NodeAddr=127.0.0.1 Port={two} CPUs=1 RealMemory=64000 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"
    )
}

/// The long form of each packet of the notice: enough pages to be killed among, few enough to read.
fn batch(to: &Path) {
    for (file, bytes) in files(&fixtures().join("packets").join(NOTICE).join("submissions")) {
        if file.ends_with("/评审表.pdf") {
            let path = to.join(file);
            fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
            fs::write(path, bytes).expect("writable");
        }
    }
}

/// Names of the files below a folder that others write to meanwhile.
fn names(folder: &Path) -> Vec<String> {
    let mut out = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => out.extend(names(&entry.path())),
            _ => out.extend(entry.file_name().into_string()),
        }
    }
    out
}

/// The process that runs a shard of the report in `shards`.
fn auditing(shards: &Path, shard: &str) -> Option<String> {
    let processes = fs::read_dir("/proc").expect("Linux").flatten();
    let mut ids = processes.filter_map(|p| p.file_name().into_string().ok()).filter(|id| id.parse::<u32>().is_ok());
    ids.find(|id| {
        let line = fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
        let parts: Vec<String> = line.split(|b| *b == 0).map(|p| String::from_utf8_lossy(p).into_owned()).collect();
        let program = Path::new(&parts[0]).file_name().is_some_and(|n| n == "material-audit");
        program && parts.iter().any(|p| p == shard) && parts.iter().any(|p| Path::new(p).starts_with(shards))
    })
}

#[test]
fn an_array_job_with_tasks_killed_midway_gives_the_report_of_one_machine() {
    let Some(cluster) = Cluster::start() else { return };
    let dir = scratch("slurm");
    let (submissions, out, own) = (dir.join("in"), dir.join("report"), dir.join("home"));
    let shards = dir.join("report.shards");
    batch(&submissions);
    let roster = fixtures().join("packets").join(NOTICE).join("roster.csv");
    let whole = audit(&submissions, NOTICE, Some(&roster), &dir.join("whole"), &[]);
    assert_eq!(whole.code(), 0, "{}", whole.stderr());
    let pages = whole.facts().len();
    assert!(pages >= 8, "{pages}");
    // A cache of its own, so that there is something to be killed at.
    fs::create_dir(&own).expect("writable");
    std::os::unix::fs::symlink(home().join("models"), own.join("models")).expect("writable");

    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/slurm/submit.sh");
    let submitted = cluster
        .command(&script)
        .env("MATERIAL_AUDIT", env!("CARGO_BIN_EXE_material-audit"))
        .env("MATERIAL_AUDIT_HOME", &own)
        .arg("3")
        .args([&out, &submissions])
        .args(["--rules", NOTICE, "--as-of", "2024-12-01", "--roster"])
        .arg(&roster)
        .output()
        .expect("bash");
    let ids = String::from_utf8_lossy(&submitted.stdout).into_owned();
    let told = String::from_utf8_lossy(&submitted.stderr).into_owned();
    let [array, merge] = ids.split_whitespace().collect::<Vec<_>>()[..] else {
        panic!("{ids} {told}\n{}", cluster.logs())
    };
    assert!(told.contains("分 3 片"), "the plan is for people, too: {told}");

    // `…-p3.json` holds what was read of a page; pictures and counts have other names.
    let is_page = |name: &String| {
        let number = name.strip_suffix(".json").and_then(|n| Some(n.rsplit_once("-p")?.1));
        number.is_some_and(|n| n.parse::<u32>().is_ok())
    };
    let cached = || names(&own.join("cache")).iter().filter(|name| is_page(name)).count();
    cluster.wait("two read pages and both tasks at work", |_| {
        cached() >= 2 && ["1/3", "2/3"].iter().all(|shard| auditing(&shards, shard).is_some())
    });
    let before = cached();
    // As when a node fails: the scheduler takes the task back.
    cluster.said("scontrol", &["requeue", &format!("{array}_1")]);
    // As when the system runs out of memory: the program is killed, and its script asks for another go.
    let victim = auditing(&shards, "2/3").expect("still at work");
    assert!(Command::new("kill").args(["-KILL", &victim]).status().expect("kill").success());
    assert!(!out.join("run.json").exists());

    let state = |id: &str| cluster.job(id).get("JobState").cloned().unwrap_or_default();
    cluster.wait("the merged report", |_| !["PENDING", "RUNNING", "COMPLETING", ""].contains(&state(merge).as_str()));
    assert_eq!(state(merge), "COMPLETED", "{}", cluster.logs());
    for task in ["1", "2"] {
        let job = cluster.job(&format!("{array}_{task}"));
        assert_eq!(job.get("Restarts").map(String::as_str), Some("1"), "{job:?}");
    }
    assert_same(&whole.out, &out, "the report of the array job");

    // Every page once, in the end; what a killed task had read was not read again.
    let number = |task: &str, key: &str| {
        let bytes = fs::read(shards.join(task).join("shard.json")).expect("a part's own word");
        serde_json::from_slice::<serde_json::Value>(&bytes).expect("JSON")[key].as_u64().expect("a number") as usize
    };
    let sum = |key: &str| ["1", "2", "3"].iter().map(|task| number(task, key)).sum::<usize>();
    assert_eq!(sum("pages"), pages);
    assert!(sum("pages_read") <= pages - before, "{} of {pages} read again, {before} were", sum("pages_read"));
}
