//! `cache show` and `cache clean`.

use std::path::{Path, PathBuf};

use super::say;
use crate::cache::Cache;
use crate::ocr::weights;
use crate::outcome::Outcome;
use crate::report::escape::visible;

/// Page facts are kept beside the model files, in the user's own data folder.
pub(super) fn folder() -> anyhow::Result<PathBuf> {
    Ok(weights::home()?.join("cache"))
}

/// Tells what is kept outside the report's folder.
pub(super) fn show() -> anyhow::Result<Outcome> {
    let folder = folder()?;
    let held = Cache::held(&folder);
    let models = weights::home()?.join(weights::MODELS_FOLDER);
    let temporary = std::env::temp_dir().join("material-audit-*");
    say(&format!(
        "页面缓存（申报人的文字和页面图片）：{}，{} 条，{}。删除：material-audit cache clean\n\
         文字识别模型（没有申报人的内容）：{}，{}。删除：直接删除这个文件夹\n\
         压缩包解压处：{}，运行结束即删除；程序被强行终止时可能留下，可直接删除\n\
         审核报告只在 audit 的 --out 文件夹里，直接删除即可\n",
        visible(&folder.to_string_lossy()),
        held.entries,
        megabytes(held.bytes),
        visible(&models.to_string_lossy()),
        megabytes(bytes_in(&models)),
        visible(&temporary.to_string_lossy()),
    ))?;
    Ok(Outcome::Done)
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / f64::from(1 << 20))
}

fn bytes_in(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|e| e.metadata().ok()).filter(|m| m.is_file()).map(|m| m.len()).sum()
}

pub(super) fn clean() -> anyhow::Result<Outcome> {
    let removed = Cache::clean(&folder()?)?;
    say(&format!("已删除页面缓存，共 {removed} 个文件\n"))?;
    Ok(Outcome::Done)
}
