//! `setup`: installs the model files; also what `audit` does by itself on first use.

use std::path::Path;

use super::{complain, say};
use crate::ocr::weights::{self, Models, WeightsError};
use crate::outcome::Outcome;

pub(super) fn run(from: Option<&Path>) -> anyhow::Result<Outcome> {
    let home = weights::home()?;
    let models = match from {
        Some(folder) => weights::install_from(&home, folder)?,
        None => weights::fetch(&home, &mut |line| complain(line))?,
    };
    say(&format!("文字识别模型已就绪：{}\n", models.names.join("、")))?;
    Ok(Outcome::Done)
}

/// The verified model files; fetched when they are not there, unless `offline`.
pub(super) fn ready(offline: bool) -> anyhow::Result<Models> {
    let home = weights::home()?;
    match weights::installed(&home) {
        Ok(models) => Ok(models),
        Err(WeightsError::Missing { .. }) if !offline => {
            complain("首次使用：正在安装文字识别模型（约 60 MB，只需一次）……");
            Ok(weights::fetch(&home, &mut |line| complain(line))?)
        }
        Err(e) => Err(e.into()),
    }
}
