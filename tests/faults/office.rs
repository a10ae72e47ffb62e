//! A small office: a batch of made pages that are cheap to read, a home, a scratch folder and reports.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use font8x8::UnicodeFonts;
use image::{GrayImage, Luma};
use lopdf::{Document, Object, Stream, dictionary};
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;

use crate::common::{command, files, home, scratch};

pub(crate) const NOTICE: &str = "yangquan-bigdata-2024";
/// Ends within this, however busy the machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(300);
/// Nobody's.
pub(crate) const PEOPLE: [&str; 3] = ["01_张伟国", "02_李秀兰", "03_王建军"];

pub(crate) struct Office {
    pub(crate) home: PathBuf,
    pub(crate) batch: PathBuf,
    /// Where zips are unpacked.
    pub(crate) tmp: PathBuf,
    pub(crate) root: PathBuf,
}

impl Office {
    /// Two folders and a zip, six pages; the cache is empty.
    pub(crate) fn new(name: &str) -> Self {
        let root = scratch(&format!("faults-{name}"));
        let office = Self { home: root.join("home"), batch: root.join("in"), tmp: root.join("tmp"), root };
        for folder in [&office.home, &office.batch, &office.tmp] {
            fs::create_dir_all(folder).expect("writable");
        }
        symlink(home().join("models"), office.home.join("models")).expect("a link");
        for (n, person) in PEOPLE.iter().enumerate() {
            let scan = (format!("{person} 证书.png"), sheet(&[&format!("NO 2024{n}{n}7"), "2016.7 - 2019.12"]));
            let form = (format!("{person} 表.pdf"), two_pages(&format!("FORM {n} {n}{n}31 2021")));
            match n {
                2 => fs::write(office.batch.join(format!("{person}.zip")), zipped(&[scan, form])).expect("writable"),
                _ => {
                    let folder = office.batch.join(person);
                    fs::create_dir(&folder).expect("writable");
                    for (name, bytes) in [scan, form] {
                        fs::write(folder.join(name), bytes).expect("writable");
                    }
                }
            }
        }
        office
    }

    /// As [`Self::new`], with every page read once.
    pub(crate) fn warm(name: &str) -> Self {
        let office = Self::new(name);
        office.finished(&office.out("warmed"), &[]);
        office
    }

    pub(crate) fn out(&self, name: &str) -> PathBuf {
        self.root.join("out").join(name)
    }

    /// The arguments of an audit, without the program.
    pub(crate) fn args(&self, out: &Path, extra: &[&str]) -> Vec<String> {
        let (batch, out) = (self.batch.to_str().expect("UTF-8"), out.to_str().expect("UTF-8"));
        let mut args = vec!["audit", batch, "--rules", NOTICE, "--offline", "--annotate", "--out", out];
        if !extra.contains(&"--as-of") {
            args.extend(["--as-of", "2024-12-01"]);
        }
        if !extra.contains(&"--jobs") {
            args.extend(["--jobs", "2"]);
        }
        args.into_iter().chain(extra.iter().copied()).map(str::to_owned).collect()
    }

    pub(crate) fn audit(&self, out: &Path, extra: &[&str]) -> Command {
        let mut command = command(&self.home);
        command.env("TMPDIR", &self.tmp).args(self.args(out, extra));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// The same through a shell that does something first; `"$@"` is the audit.
    pub(crate) fn through(&self, shell: &[&str], script: &str, out: &Path, extra: &[&str]) -> Command {
        let mut command = Command::new(shell[0]);
        command.args(&shell[1..]).args(["sh", "-c", script, "sh", env!("CARGO_BIN_EXE_material-audit")]);
        command.args(self.args(out, extra)).env("MATERIAL_AUDIT_HOME", &self.home).env("TMPDIR", &self.tmp);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// An audit that nothing disturbs: its report.
    pub(crate) fn finished(&self, out: &Path, extra: &[&str]) -> BTreeMap<String, Vec<u8>> {
        let done = self.audit(out, extra).output().expect("starts");
        assert_eq!(done.status.code(), Some(0), "{}", said(&done));
        files(out)
    }

    /// Forgets what the cache holds of a packet's first file: one page is read again.
    pub(crate) fn forget_a_page(&self) {
        let name = format!("{} 证书.png", PEOPLE[0]);
        let bytes = fs::read(self.batch.join(PEOPLE[0]).join(name)).expect("made");
        let hash: String = Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect();
        let mut forgotten = 0;
        for entry in self.entries() {
            let name = entry.file_name().expect("a name").to_string_lossy().into_owned();
            if name.starts_with(&hash[2..]) {
                fs::remove_file(entry).expect("there");
                forgotten += 1;
            }
        }
        assert!(forgotten >= 2, "the page and its picture");
    }

    pub(crate) fn entries(&self) -> Vec<PathBuf> {
        let cache = self.home.join("cache");
        files(&cache).into_keys().filter(|n| n.ends_with(".json")).map(|n| cache.join(n)).collect()
    }
}

pub(crate) fn said(done: &Output) -> String {
    format!("{}\n{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr))
}

pub(crate) fn copy(from: &BTreeMap<String, Vec<u8>>, to: &Path) {
    let _ = fs::remove_dir_all(to);
    for (name, bytes) in from {
        let path = to.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        fs::write(path, bytes).expect("writable");
    }
}

/// What differs between two reports, by name; the contents would fill the screen.
pub(crate) fn differing(a: &BTreeMap<String, Vec<u8>>, b: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let names = a.keys().chain(b.keys()).collect::<std::collections::BTreeSet<_>>();
    names.into_iter().filter(|n| a.get(*n) != b.get(*n)).cloned().collect()
}

pub(crate) fn is_temporary(name: &str) -> bool {
    name.split('/').any(|part| part.starts_with(".material-audit-"))
}

pub(crate) fn signal(pid: u32, name: &str) -> bool {
    let sent = Command::new("kill").args([&format!("-{name}"), &pid.to_string()]).stderr(Stdio::null()).status();
    sent.expect("kill").success()
}

/// Waits for `sign`, unless the process ends first.
pub(crate) fn until(child: &mut Child, mut sign: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !sign() && child.try_wait().expect("a child").is_none() {
        assert!(begun.elapsed() < PATIENCE, "nothing happened");
        std::thread::sleep(Duration::from_micros(300));
    }
}

/// The running children of a process.
#[cfg(target_os = "linux")]
pub(crate) fn children(of: u32) -> Vec<u32> {
    let parent = |pid: u32| -> Option<u32> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        let mut after = stat.rsplit(')').next()?.split_whitespace();
        (after.next()? != "Z").then(|| after.next()?.parse().ok()).flatten()
    };
    let all = fs::read_dir("/proc").expect("procfs").flatten().filter_map(|e| e.file_name().to_str()?.parse().ok());
    all.filter(|pid| parent(*pid) == Some(of)).collect()
}

/// Numbers that look random; the same for the same seed.
pub(crate) struct Dice(u64);

impl Dice {
    /// `FAULTS_SEED` repeats a run.
    pub(crate) fn new(test: &str) -> Self {
        use std::hash::{BuildHasher, RandomState};
        let given = std::env::var("FAULTS_SEED").ok().and_then(|s| s.parse().ok());
        let seed = given.unwrap_or_else(|| RandomState::new().hash_one(test) >> 32);
        println!("{test}: FAULTS_SEED={seed}");
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n.max(1)
    }

    /// A moment within a span.
    pub(crate) fn moment(&mut self, within: Duration) -> Duration {
        Duration::from_micros(self.below(u64::try_from(within.as_micros()).unwrap_or(u64::MAX)))
    }
}

/// A page at 100 dpi with lines of print.
fn sheet(lines: &[&str]) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    drawn(lines).write_to(&mut bytes, image::ImageFormat::Png).expect("encoded");
    bytes.into_inner()
}

fn drawn(lines: &[&str]) -> GrayImage {
    let mut page = GrayImage::from_pixel(827, 1169, Luma([255]));
    for (row, line) in lines.iter().enumerate() {
        for (column, glyph) in line.chars().filter_map(|c| font8x8::BASIC_FONTS.get(c)).enumerate() {
            for (i, on) in (0..64).map(|i| (i, glyph[i / 8] >> (i % 8) & 1 == 1)) {
                for (dx, dy) in (0..9).filter(|_| on).map(|d| (d % 3, d / 3)) {
                    let (x, y) = (80 + column * 26 + (i % 8) * 3 + dx, 150 + row * 80 + (i / 8) * 3 + dy);
                    page.put_pixel(x as u32, y as u32, Luma([0]));
                }
            }
        }
    }
    page
}

/// A PDF of a scan and its blank back.
fn two_pages(line: &str) -> Vec<u8> {
    let mut document = Document::with_version("1.5");
    let picture = drawn(&[line]);
    let mut scan = Stream::new(
        dictionary! { "Type" => "XObject", "Subtype" => "Image", "Width" => 827, "Height" => 1169,
        "ColorSpace" => "DeviceGray", "BitsPerComponent" => 8 },
        picture.into_raw(),
    );
    scan.compress().expect("compressed");
    let scan = document.add_object(scan);
    let show = document.add_object(Stream::new(dictionary! {}, b"595 0 0 842 0 0 cm /S Do".to_vec()));
    let pages = document.new_object_id();
    let media: Vec<Object> = [0, 0, 595, 842].map(Object::from).to_vec();
    let page = |contents: Option<lopdf::ObjectId>| {
        let mut page = dictionary! { "Type" => "Page", "Parent" => pages, "MediaBox" => media.clone(),
        "Resources" => dictionary! { "XObject" => dictionary! { "S" => scan } } };
        if let Some(contents) = contents {
            page.set("Contents", contents);
        }
        page
    };
    let kids: Vec<Object> = [page(Some(show)), page(None)].map(|p| document.add_object(p).into()).to_vec();
    document.objects.insert(pages, dictionary! { "Type" => "Pages", "Count" => 2, "Kids" => kids }.into());
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).expect("saved");
    bytes
}

fn zipped(members: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(name.as_str(), SimpleFileOptions::default()).expect("started");
        zip.write_all(bytes).expect("written");
    }
    zip.finish().expect("finished").into_inner()
}
