//! `explain`: a check's manual page.

use super::say;
use crate::check::{manual_page, registry};
use crate::outcome::Outcome;

pub(super) fn run(id: &str) -> anyhow::Result<Outcome> {
    if id == "list" {
        let list: String = registry::all().iter().map(|c| format!("{:22}{}\n", c.id().id(), c.id().name())).collect();
        say(&list)?;
        return Ok(Outcome::Done);
    }
    let Some(check) = registry::find(id) else {
        let nearest = registry::all()
            .iter()
            .map(|c| c.id().id())
            .max_by(|a, b| strsim::jaro_winkler(a, id).total_cmp(&strsim::jaro_winkler(b, id)))
            .unwrap_or_default();
        anyhow::bail!("没有检查项 {id}，是不是想看 {nearest}？全部检查项见 material-audit explain list");
    };
    say(&format!("{}（{}）\n\n{}\n", check.id().name(), check.id().id(), manual_page(check).trim_end()))?;
    Ok(Outcome::Done)
}
