//! `letter-template`: the letters' templates, for the office to change.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use anyhow::Context;

use super::say;
use crate::outcome::Outcome;
use crate::report::escape::visible;
use crate::report::letters::DEFAULTS;

pub(super) fn run(folder: &Path) -> anyhow::Result<Outcome> {
    fs::create_dir_all(folder).with_context(|| format!("无法建立文件夹 {}", folder.display()))?;
    for (name, text) in DEFAULTS {
        let path = folder.join(name);
        let shown = visible(&path.to_string_lossy());
        // Never over what the office has already changed.
        let mut file = match File::create_new(&path) {
            Ok(file) => file,
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {
                anyhow::bail!("{shown} 已经有了，没有改动；要重新写出默认模板，请先移走它，或换一个文件夹")
            }
            Err(e) => return Err(e).with_context(|| format!("无法写入 {shown}")),
        };
        file.write_all(text.as_bytes()).with_context(|| format!("无法写入 {shown}"))?;
        say(&format!("已写出 {shown}\n"))?;
    }
    say("用记事本修改后，审核时加上 --letter-template 和文件名即可；两个模板可以只改一个。\n")?;
    Ok(Outcome::Done)
}
