//! Fonts that a PDF names but does not carry.
//!
//! Latin ones come with the library. Chinese ones come from the system; without one the text still comes from the
//! glyphs' Unicode, but is not drawn, and the page says so.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use hayro_interpret::font::{FallbackFontQuery, FontData, FontQuery};
use hayro_interpret::hayro_cmap::CidFamily;
use hayro_interpret::{InterpreterSettings, InterpreterWarning};

use super::map::map_file;

/// File names of common fonts that cover Chinese, best first, with the face inside a collection.
/// The Noto collections hold JP, KR, SC, TC, HK in this order.
const CHINESE_FONTS: &[(&str, u32)] = &[
    ("simsun.ttc", 0),
    ("msyh.ttc", 0),
    ("simhei.ttf", 0),
    ("simfang.ttf", 0),
    ("simkai.ttf", 0),
    ("Songti.ttc", 0),
    ("STHeiti Light.ttc", 0),
    ("PingFang.ttc", 0),
    ("NotoSerifCJK-Regular.ttc", 2),
    ("NotoSansCJK-Regular.ttc", 2),
    ("SourceHanSerifSC-Regular.otf", 0),
    ("SourceHanSansSC-Regular.otf", 0),
    ("wqy-zenhei.ttc", 0),
    ("wqy-microhei.ttc", 0),
    ("uming.ttc", 0),
    ("DroidSansFallbackFull.ttf", 0),
    ("DroidSansFallback.ttf", 0),
];

const FONT_FOLDERS: &[&str] = &[
    "C:\\Windows\\Fonts",
    "/System/Library/Fonts",
    "/System/Library/Fonts/Supplemental",
    "/Library/Fonts",
    "/usr/share/fonts",
    "/usr/local/share/fonts",
];

/// Distributions nest fonts as `truetype/<family>/<file>`.
const FOLDER_DEPTH: usize = 3;

/// What was wanted and not there while one page was interpreted.
#[derive(Clone, Default)]
pub struct FontLog(Arc<Mutex<Log>>);

#[derive(Default)]
struct Log {
    missing: BTreeSet<String>,
    undecoded_images: u32,
}

impl FontLog {
    /// Interpreter settings whose every complaint ends up in this log. One log per page.
    #[must_use]
    pub fn settings(&self) -> InterpreterSettings {
        let mut settings = InterpreterSettings::default();
        let builtin = Arc::clone(&settings.font_resolver);
        let log = self.clone();
        settings.font_resolver = Arc::new(move |query| {
            if let FontQuery::Fallback(wanted) = query
                && needs_chinese(wanted)
            {
                match system_chinese() {
                    Some((data, face)) => return Some((Arc::clone(data), *face)),
                    None => log.with(|l| l.missing.insert(name_of(wanted))),
                };
            }
            builtin(query)
        });
        let log = self.clone();
        settings.warning_sink = Arc::new(move |warning| {
            log.with(|l| match warning {
                InterpreterWarning::UnsupportedFont => {
                    l.missing.insert("无法识别的字体".into());
                }
                InterpreterWarning::ImageDecodeFailure => l.undecoded_images += 1,
                // An annotation state without a drawing is how an unticked box is stored.
                _ => {}
            });
        });
        settings
    }

    /// Names of fonts that could neither be loaded nor replaced, sorted.
    #[must_use]
    pub fn missing(&self) -> Vec<String> {
        self.with(|l| l.missing.iter().cloned().collect())
    }

    /// Images that the decoders gave up on.
    #[must_use]
    pub fn undecoded_images(&self) -> u32 {
        self.with(|l| l.undecoded_images)
    }

    fn with<T>(&self, f: impl FnOnce(&mut Log) -> T) -> T {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn name_of(query: &FallbackFontQuery) -> String {
    let name = query.post_script_name.as_ref().or(query.font_name.as_ref());
    name.cloned().unwrap_or_else(|| "未命名的字体".into())
}

/// Composite fonts of any of Adobe's East Asian collections, and those of no collection: their codes are
/// beyond the Latin fonts in either case.
fn needs_chinese(query: &FallbackFontQuery) -> bool {
    query.character_collection.as_ref().is_some_and(|c| !matches!(c.family, CidFamily::Custom { .. }))
}

/// Looks for the system's Chinese font now: a child that is confined later could not.
pub fn find_fonts() {
    let _ = system_chinese();
}

fn system_chinese() -> Option<&'static (FontData, u32)> {
    static FOUND: OnceLock<Option<(FontData, u32)>> = OnceLock::new();
    FOUND.get_or_init(find_chinese).as_ref()
}

fn find_chinese() -> Option<(FontData, u32)> {
    let mut folders: Vec<PathBuf> = FONT_FOLDERS.iter().map(PathBuf::from).collect();
    if let Some(user) = directories::BaseDirs::new() {
        folders.push(user.data_local_dir().join("fonts"));
        folders.push(user.data_local_dir().join("Microsoft/Windows/Fonts"));
        folders.push(user.home_dir().join(".fonts"));
        folders.push(user.home_dir().join("Library/Fonts"));
    }
    let mut best: Option<(usize, PathBuf)> = None;
    for folder in &folders {
        search(folder, FOLDER_DEPTH, &mut best);
    }
    let (rank, path) = best?;
    let data: FontData = Arc::new(map_file(&path).ok()?);
    Some((data, CHINESE_FONTS[rank].1))
}

fn search(folder: &Path, depth: usize, best: &mut Option<(usize, PathBuf)>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            if depth > 0 {
                search(&path, depth - 1, best);
            }
            continue;
        }
        let name = entry.file_name();
        let rank = CHINESE_FONTS.iter().position(|(known, _)| name.eq_ignore_ascii_case(known));
        if let Some(rank) = rank
            && best.as_ref().is_none_or(|(r, p)| (rank, &path) < (*r, p))
        {
            *best = Some((rank, path));
        }
    }
}
