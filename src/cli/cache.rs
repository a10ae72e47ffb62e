//! `cache clean`.

use std::path::PathBuf;

use super::say;
use crate::cache::Cache;
use crate::ocr::weights;
use crate::outcome::Outcome;

/// Page facts are kept beside the model files, in the user's own data folder.
pub(super) fn folder() -> anyhow::Result<PathBuf> {
    Ok(weights::home()?.join("cache"))
}

pub(super) fn clean() -> anyhow::Result<Outcome> {
    let removed = Cache::clean(&folder()?)?;
    say(&format!("已删除页面缓存，共 {removed} 个文件\n"))?;
    Ok(Outcome::Done)
}
