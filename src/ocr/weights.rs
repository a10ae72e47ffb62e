//! The model files: which, where, and whether they are the very bytes this program was tested with.
//!
//! They come from published Python wheels, are pinned by SHA-256 and lie under `models` in the user's data folder or
//! in the folder that the environment variable `MATERIAL_AUDIT_HOME` names.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

pub use super::fetch::fetch;
pub use super::install::install_from;

/// Environment variable that overrides where the program keeps its files.
pub const HOME_VARIABLE: &str = "MATERIAL_AUDIT_HOME";
/// Sub-folder of the home that holds the model files.
pub const MODELS_FOLDER: &str = "models";

/// Why the model files are not there, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum WeightsError {
    #[error("找不到本机的用户数据文件夹，无法存放识别模型。请设置环境变量 {HOME_VARIABLE} 为一个可写的文件夹后重试")]
    NoHome,
    #[error(
        "本程序没有适用于此电脑（{0}）的文字识别运行库。请改用 64 位 Windows、Linux（x86-64 或 ARM64）或 macOS 的电脑"
    )]
    UnsupportedPlatform(String),
    #[error(
        "缺少识别模型文件：{path}。请运行 material-audit setup 下载；不能上网的电脑请运行 material-audit setup --from 目录，目录中放入：{wheels}"
    )]
    Missing { path: PathBuf, wheels: String },
    #[error("识别模型文件已损坏（校验值不符）：{path}。请删除该文件后重新运行 material-audit setup")]
    Damaged { path: PathBuf },
    #[error("安装来源已损坏（校验值不符）：{path}。请重新下载或复制该文件后再次运行 material-audit setup --from 目录")]
    DamagedSource { path: PathBuf },
    #[error(
        "在 {dir} 中没有找到 {file}。请在该目录放入 {wheel}（或该文件本身）后重新运行 material-audit setup --from {dir}"
    )]
    NotInFolder { dir: PathBuf, file: String, wheel: String },
    #[error(
        "无法读取目录：{dir}（{cause}）。请检查目录是否存在、是否有读取权限，然后重新运行 material-audit setup --from 目录"
    )]
    Folder { dir: PathBuf, cause: io::Error },
    #[error("无法读写文件：{path}（{cause}）。请检查磁盘空间和权限后重新运行 material-audit setup")]
    Io { path: PathBuf, cause: io::Error },
    #[error(
        "没有找到 pip，无法下载识别模型。请安装 Python（带 pip）后重新运行 material-audit setup；或在能上网的电脑上下载 {wheels}，用 material-audit setup --from 目录 安装"
    )]
    NoPip { wheels: String },
    #[error(
        "下载 {wheel} 失败：{cause}。请检查网络（或 pip 的镜像与代理设置）后重新运行 material-audit setup；也可在能上网的电脑上下载 {wheels}，用 material-audit setup --from 目录 安装"
    )]
    Download { wheel: String, cause: String, wheels: String },
}

/// A published wheel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wheel {
    pub(super) project: &'static str,
    pub(super) version: &'static str,
    /// pip's platform tags for this computer, newest first.
    pub(super) platforms: &'static [&'static str],
}

impl Wheel {
    /// How its file name starts.
    pub(super) fn prefix(&self) -> String {
        format!("{}-{}-", self.project.replace('-', "_"), self.version)
    }

    /// Its file name as told to a person.
    pub(super) fn name(&self) -> String {
        match self.platforms.first() {
            Some(platform) if self.project == "onnxruntime" => format!("{}cp311-cp311-*{platform}*.whl", self.prefix()),
            _ => format!("{}*.whl", self.prefix()),
        }
    }
}

/// One pinned file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pin {
    /// Path inside the wheel; its last part is the file's name on disk.
    pub(super) member: &'static str,
    /// SHA-256, lower-case hexadecimal.
    pub(super) sha256: String,
    pub(super) wheel: Wheel,
    /// As named in `run.json`: the same on every platform.
    pub(super) title: &'static str,
}

impl Pin {
    pub(super) fn file(&self) -> &'static str {
        self.member.rsplit('/').next().unwrap_or(self.member)
    }

    pub(super) fn path(&self, home: &Path) -> PathBuf {
        home.join(MODELS_FOLDER).join(self.file())
    }

    /// Whether the file on disk is the pinned one; false where it is absent.
    pub(super) fn is_installed(&self, home: &Path) -> bool {
        sha256(&self.path(home)).is_ok_and(|sum| sum == self.sha256)
    }
}

/// The files of one platform: detector, recogniser, library.
pub(super) type Pins = [Pin; 3];

struct Platform {
    os: &'static str,
    arch: &'static str,
    tags: &'static [&'static str],
    member: &'static str,
    sha256: &'static str,
}

/// ONNX Runtime 1.23.2 per platform, as in its wheels for Python 3.11.
const LIBRARIES: &[Platform] = &[
    Platform {
        os: "linux",
        arch: "x86_64",
        tags: &["manylinux_2_28_x86_64", "manylinux_2_27_x86_64"],
        member: "onnxruntime/capi/libonnxruntime.so.1.23.2",
        sha256: "718c3fb0785d5ea06061b92c32ce4ad35be1bd4c71ae6192efe06f1ab21f0f8a",
    },
    Platform {
        os: "linux",
        arch: "aarch64",
        tags: &["manylinux_2_28_aarch64", "manylinux_2_27_aarch64"],
        member: "onnxruntime/capi/libonnxruntime.so.1.23.2",
        sha256: "ab8c4363e06ac80b3d1279ea55ebea44e906c5b131ba783ff684a067540c0e94",
    },
    Platform {
        os: "windows",
        arch: "x86_64",
        tags: &["win_amd64"],
        member: "onnxruntime/capi/onnxruntime.dll",
        sha256: "93457c4f17904d0ab98f3e9ac27ed153993f4b5b769337cbfd6f4c528fb0a509",
    },
    Platform {
        os: "macos",
        arch: "aarch64",
        tags: &["macosx_13_0_arm64"],
        member: "onnxruntime/capi/libonnxruntime.1.23.2.dylib",
        sha256: "c1440b79237783705e156956469f207d51d03d74003886197972af76b966c04c",
    },
    Platform {
        os: "macos",
        arch: "x86_64",
        tags: &["macosx_13_0_x86_64"],
        member: "onnxruntime/capi/libonnxruntime.1.23.2.dylib",
        sha256: "8330f6d9d53f81d564c88de6520113b25db9537872e70a0fb7942fea202f08b1",
    },
];

/// The pinned files for an operating system and processor as Rust names them.
pub(super) fn pins_for(os: &str, arch: &str) -> Result<Pins, WeightsError> {
    let library = LIBRARIES
        .iter()
        .find(|p| p.os == os && p.arch == arch)
        .ok_or_else(|| WeightsError::UnsupportedPlatform(format!("{os} {arch}")))?;
    let wheel = |project, version| Wheel { project, version, platforms: library.tags };
    Ok([
        Pin {
            member: "rapidocr_onnxruntime/models/ch_PP-OCRv4_det_infer.onnx",
            sha256: "d2a7720d45a54257208b1e13e36a8479894cb74155a5efe29462512d42f49da9".to_owned(),
            wheel: wheel("rapidocr-onnxruntime", "1.4.4"),
            title: "ch_PP-OCRv4_det",
        },
        Pin {
            member: "rapidocr/models/PP-OCRv6_rec_small.onnx",
            sha256: "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884".to_owned(),
            wheel: wheel("rapidocr", "3.10.0"),
            title: "PP-OCRv6_rec_small",
        },
        Pin {
            member: library.member,
            sha256: library.sha256.to_owned(),
            wheel: wheel("onnxruntime", "1.23.2"),
            title: "onnxruntime 1.23.2",
        },
    ])
}

/// The pinned files for this computer.
pub(super) fn pins() -> Result<Pins, WeightsError> {
    pins_for(std::env::consts::OS, std::env::consts::ARCH)
}

/// The wheels' names, as told to a person.
pub(super) fn wheel_names(pins: &Pins) -> String {
    pins.iter().map(|p| p.wheel.name()).collect::<Vec<_>>().join("、")
}

/// Verified model files.
#[derive(serde::Serialize, serde::Deserialize, Debug, Clone, PartialEq, Eq)]
pub struct Models {
    pub detector: PathBuf,
    pub recogniser: PathBuf,
    pub library: PathBuf,
    /// Short hash of the three files; part of the cache key.
    pub id: String,
    /// For `run.json`.
    pub names: Vec<String>,
}

/// The folder for the program's own files: [`HOME_VARIABLE`], or the user's data folder.
///
/// # Errors
/// When neither is known.
pub fn home() -> Result<PathBuf, WeightsError> {
    match std::env::var_os(HOME_VARIABLE) {
        Some(dir) if !dir.is_empty() => Ok(PathBuf::from(dir)),
        _ => directories::ProjectDirs::from("", "", "material-audit")
            .map(|d| d.data_dir().to_owned())
            .ok_or(WeightsError::NoHome),
    }
}

/// The model files under `home`, each verified. Reads 48 MB: for the parent process, once a run; children get the paths.
///
/// # Errors
/// When a file is missing, unreadable or not the pinned one.
pub fn installed(home: &Path) -> Result<Models, WeightsError> {
    verified(home, &pins()?)
}

pub(super) fn verified(home: &Path, pins: &Pins) -> Result<Models, WeightsError> {
    for pin in pins {
        let path = pin.path(home);
        match sha256(&path) {
            Ok(sum) if sum == pin.sha256 => {}
            Ok(_) => return Err(WeightsError::Damaged { path }),
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                return Err(WeightsError::Missing { path, wheels: wheel_names(pins) });
            }
            Err(cause) => return Err(WeightsError::Io { path, cause }),
        }
    }
    let [detector, recogniser, library] = pins;
    let mut id = hex(&Sha256::digest(pins.iter().map(|p| p.sha256.as_str()).collect::<Vec<_>>().join("\n")));
    id.truncate(12);
    Ok(Models {
        detector: detector.path(home),
        recogniser: recogniser.path(home),
        library: library.path(home),
        id,
        names: pins.iter().map(|p| p.title.to_owned()).collect(),
    })
}

/// A file's SHA-256 in lower-case hexadecimal.
fn sha256(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hex(&hasher.finalize())),
            n => hasher.update(&buffer[..n]),
        }
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::super::install::tests::{fake_pins, put};
    use super::*;

    #[test]
    fn each_shipped_platform_is_pinned() {
        for (os, arch) in [
            ("linux", "x86_64"),
            ("linux", "aarch64"),
            ("windows", "x86_64"),
            ("macos", "x86_64"),
            ("macos", "aarch64"),
        ] {
            let pins = pins_for(os, arch).expect("a shipped platform");
            assert!(pins.iter().all(|p| p.sha256.len() == 64 && p.sha256.bytes().all(|b| b.is_ascii_hexdigit())));
        }
        let error = pins_for("freebsd", "x86_64").expect_err("not shipped").to_string();
        assert!(error.contains("freebsd"), "{error}");
    }

    #[test]
    fn missing_truncated_and_foreign_files_are_told_apart() {
        let home = tempfile::tempdir().expect("a temporary folder");
        let pins = fake_pins();
        let missing = verified(home.path(), &pins).expect_err("nothing there").to_string();
        assert!(missing.contains("缺少") && missing.contains(pins[0].file()) && missing.contains("rapidocr-3.10.0-"));
        pins.iter().for_each(|p| put(&p.path(home.path()), p.title.as_bytes()));
        let models = verified(home.path(), &pins).expect("all three are there");
        assert_eq!(models.id.len(), 12);
        assert_eq!(models.names.len(), 3);
        for content in [&pins[1].title.as_bytes()[..3], b"another model"] {
            put(&pins[1].path(home.path()), content);
            let damaged = verified(home.path(), &pins).expect_err("wrong bytes");
            assert!(matches!(&damaged, WeightsError::Damaged { path } if path.ends_with(pins[1].file())), "{damaged}");
        }
    }

    #[test]
    fn other_files_give_another_id() {
        let home = tempfile::tempdir().expect("a temporary folder");
        let mut pins = fake_pins();
        pins.iter().for_each(|p| put(&p.path(home.path()), p.title.as_bytes()));
        let first = verified(home.path(), &pins).expect("all there").id;
        put(&pins[0].path(home.path()), b"newer");
        pins[0].sha256 = hex(&Sha256::digest(b"newer"));
        assert_ne!(verified(home.path(), &pins).expect("all there").id, first);
    }
}
