//! `rules`: which packs there are and what they say.

use super::args::{RulesAction, RulesArgs};
use super::say;
use crate::outcome::Outcome;
use crate::pack;

pub(super) fn run(args: &RulesArgs) -> anyhow::Result<Outcome> {
    match &args.action {
        RulesAction::List => {
            for id in pack::builtin_ids() {
                let rules = pack::load(id)?;
                say(&format!("{:28}{}（{}）\n", id, rules.notice.title, rules.notice.year))?;
            }
        }
        RulesAction::Show { id } => {
            // An unknown name is told with the nearest one.
            pack::load(id)?;
            say(pack::source(id))?;
        }
        RulesAction::Check { file } => {
            let rules = pack::load(&file.to_string_lossy())?;
            say(&format!(
                "规则包 {} 没有错误：{} 种材料，{} 类，{} 册\n",
                rules.id,
                rules.materials.len(),
                rules.categories.len(),
                rules.volumes.len()
            ))?;
        }
    }
    Ok(Outcome::Done)
}
