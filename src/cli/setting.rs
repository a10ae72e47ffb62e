//! What a report is written with: told by the parts of a batch to whoever merges them.

use serde::{Deserialize, Serialize};

use super::plan::Plan;
use crate::model::finding::CheckId;
use crate::model::isolation::Isolation;
use crate::model::report::{NoticeText, PagesExamined, RunRecord};
use crate::pack;
use crate::report::letters::{Letterhead, Letters, Notice, Templates};
use crate::report::{ReportError, escape};
use crate::shard::Setting;

const TOOL: &str = concat!("material-audit ", env!("CARGO_PKG_VERSION"));
/// The name of the last round among the things that must be the same; [`super::merge`] looks at its digest.
pub(super) const ROUND: &str = "上一轮报告";
/// The name of the submissions' listing among them.
pub(super) const PACKETS: &str = "材料文件夹";

/// Everything besides the packets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Written {
    pub(super) pack: String,
    pub(super) pack_version: String,
    pub(super) as_of: String,
    pub(super) annotate: bool,
    tool: String,
    models: Vec<String>,
    head: Letterhead,
    quotes: Vec<(CheckId, String, Vec<String>)>,
    templates: [String; 2],
    /// Of the children of a part that is finished.
    pub(super) isolation: Option<Isolation>,
}

impl Written {
    pub(super) fn new(plan: &Plan, letters: &Letters, rules: &str, annotate: bool) -> anyhow::Result<Self> {
        let clauses = pack::clauses(rules)?.unwrap_or_default();
        let quotes = pack::quotes(&plan.pack, &clauses).into_iter();
        Ok(Self {
            pack: plan.pack.id.clone(),
            pack_version: plan.pack.version.clone(),
            as_of: plan.as_of.clone(),
            annotate,
            tool: TOOL.to_owned(),
            models: plan.models.names.clone(),
            head: letterhead(plan),
            quotes: quotes.map(|((check, clause), words)| (check, clause, words)).collect(),
            templates: letters.sources().clone(),
            isolation: None,
        })
    }

    /// What the pages quote of the notice.
    pub(super) fn notice(&self) -> NoticeText {
        let Letterhead { issuer, notice } = &self.head;
        NoticeText {
            title: notice.title.clone(),
            issuer: issuer.clone(),
            number: notice.number.clone(),
            quotes: self
                .quotes
                .iter()
                .map(|(check, clause, words)| ((*check, clause.clone()), words.clone()))
                .collect(),
        }
    }

    pub(super) fn letters(&self) -> Result<Letters, ReportError> {
        Ok(Letters::new(self.head.clone(), Templates::from_sources(self.templates.clone())?)?)
    }

    /// The record of a run, its counts still open. `missing`: folders that an interruption left out.
    pub(super) fn record(&self, missing: Vec<String>, isolation: Isolation) -> RunRecord {
        RunRecord {
            tool: self.tool.clone(),
            pack: self.pack.clone(),
            pack_version: self.pack_version.clone(),
            models: self.models.clone(),
            as_of: self.as_of.clone(),
            packets: 0,
            pages: 0,
            pages_examined: PagesExamined::default(),
            defects: 0,
            reviews: 0,
            not_examined: Vec::new(),
            noted: Vec::new(),
            missing,
            isolation,
        }
    }

    pub(super) fn greeting(&self) -> String {
        format!("规则包 {}，判断日期 {}", escape::visible(&self.pack), self.as_of)
    }
}

pub(super) fn letterhead(plan: &Plan) -> Letterhead {
    let notice = &plan.pack.notice;
    Letterhead {
        issuer: notice.issuer.clone(),
        notice: Notice { title: notice.title.clone(), number: notice.number.clone(), year: notice.year },
    }
}

/// Everything that parts of one batch must have in common. `packets`: each one's name and bytes; `before`: the last
/// round's record, where there is one.
pub(super) fn setting(
    plan: &Plan,
    written: &Written,
    rules: &str,
    packets: &[(String, u64)],
    before: Option<&[u8]>,
) -> anyhow::Result<Setting> {
    let texts = pack::texts(rules)?;
    let roster = plan.roster.as_deref().map(std::fs::read).transpose()?;
    // What observing depends on, the program's own version among it.
    let observed = format!("{} {}", written.tool, plan.observed_by());
    let optional = |what: &Option<Vec<u8>>| what.clone().unwrap_or_default();
    Ok(Setting::default()
        .with("程序或识别模型", [observed.as_bytes()])
        .with("规则包", texts.iter().map(Vec::as_slice))
        .with("判断日期", [written.as_of.as_bytes()])
        .with(PACKETS, [listed(packets).as_slice()])
        .with("花名册", [optional(&roster).as_slice()])
        .with(ROUND, [before.unwrap_or_default()])
        .with("通知书模板", written.templates.iter().map(String::as_bytes))
        .with("--annotate 选项", [&[u8::from(written.annotate)][..]]))
}

/// All packets with their sizes: another packet, or another file in one, makes another listing.
pub(super) fn listed(packets: &[(String, u64)]) -> Vec<u8> {
    let parts = packets.iter().flat_map(|(folder, bytes)| {
        [&(folder.len() as u64).to_le_bytes()[..], folder.as_bytes(), &bytes.to_le_bytes()].concat()
    });
    parts.collect()
}
