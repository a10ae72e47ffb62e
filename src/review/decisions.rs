//! Decisions as the pages ask for and send them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::model::finding::Decided;
use crate::report::decisions::{self, Decisions, DecisionsError};

/// Longest remark in characters: a sentence or two for the letter.
const MOST_REMARK: usize = 500;

/// All decisions there are, by finding id, and what is wrong in the file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Told {
    decisions: BTreeMap<String, Decided>,
    faults: Vec<String>,
}

impl From<Decisions> for Told {
    fn from(decisions: Decisions) -> Self {
        Self { decisions: decisions.by_id(), faults: decisions.faults() }
    }
}

/// One finding's decision as a page would have it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Change {
    id: String,
    /// What the page showed: another tab, or Excel, may have written since.
    before: Option<Decided>,
    /// None takes the decision back.
    after: Option<Decided>,
}

/// Why a change was not made.
#[derive(Debug, Serialize)]
pub(super) struct Refused {
    /// For the person at the page.
    reason: String,
    /// What holds, where somebody else was first.
    now: Option<Told>,
    #[serde(skip)]
    status: StatusCode,
}

impl Refused {
    pub(super) const fn status(&self) -> StatusCode {
        self.status
    }

    fn because(status: StatusCode, reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), now: None, status }
    }
}

impl From<DecisionsError> for Refused {
    fn from(error: DecisionsError) -> Self {
        Self::because(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
    }
}

pub(super) fn told(report: &Path) -> Result<Told, Refused> {
    Ok(Decisions::read(report)?.into())
}

/// Writes a change, unless somebody else decided on the same finding since the page was read.
pub(super) fn decide(report: &Path, change: &Change) -> Result<Told, Refused> {
    if change.after.as_ref().is_some_and(|d| d.remark.chars().count() > MOST_REMARK) {
        return Err(Refused::because(StatusCode::BAD_REQUEST, format!("备注太长，最多 {MOST_REMARK} 字。")));
    }
    let known = ids(report).map_err(|e| Refused::because(StatusCode::INTERNAL_SERVER_ERROR, e.to_string()))?;
    if !known.contains(&change.id) {
        let reason = "报告里没有这个编号的问题：报告可能已经重新生成，请刷新页面。";
        return Err(Refused::because(StatusCode::NOT_FOUND, reason));
    }
    let (decisions, done) = decisions::decide_seen(report, &change.id, change.before.as_ref(), change.after.as_ref())?;
    if done {
        return Ok(decisions.into());
    }
    let reason = "这个问题刚刚在别处（另一个窗口或 Excel）有了别的决定，没有改动；请看清后再点一次。";
    Err(Refused { reason: reason.to_owned(), now: Some(decisions.into()), status: StatusCode::CONFLICT })
}

/// The ids that the report has; it may be written anew while it is being looked at.
fn ids(report: &Path) -> std::io::Result<BTreeSet<String>> {
    #[derive(Deserialize)]
    struct Line {
        id: String,
    }
    let mut ids = BTreeSet::new();
    for line in BufReader::new(File::open(report.join("findings.jsonl"))?).lines() {
        if let Ok(Line { id }) = serde_json::from_str(&line?) {
            ids.insert(id);
        }
    }
    Ok(ids)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::finding::Decision;

    fn decided(decision: Decision, remark: &str) -> Option<Decided> {
        Some(Decided { decision, remark: remark.into() })
    }

    fn change(id: &str, before: Option<Decided>, after: Option<Decided>) -> Change {
        Change { id: id.into(), before, after }
    }

    #[test]
    fn two_tabs_lose_nothing() {
        let dir = tempfile::tempdir().expect("made");
        std::fs::write(dir.path().join("findings.jsonl"), "{\"id\":\"FA\"}\n{\"id\":\"FB\"}\n").expect("written");
        let first = decided(Decision::Confirmed, "原件也没有章");
        decide(dir.path(), &change("FA", None, first.clone())).expect("written");
        decide(dir.path(), &change("FB", None, decided(Decision::Rejected, ""))).expect("written");
        // The other tab still shows FA undecided.
        let late =
            decide(dir.path(), &change("FA", None, decided(Decision::Rejected, ""))).expect_err("somebody was first");
        assert_eq!(late.status(), StatusCode::CONFLICT);
        assert_eq!(late.now.expect("what holds").decisions["FA"], first.clone().expect("a decision"));
        let told = decide(dir.path(), &change("FA", first, None)).expect("taken back");
        assert_eq!(told.decisions.keys().collect::<Vec<_>>(), ["FB"]);
        assert_eq!(told, super::told(dir.path()).expect("read"));
    }

    #[test]
    fn what_makes_no_sense_is_refused_plainly() {
        let dir = tempfile::tempdir().expect("made");
        std::fs::write(dir.path().join("findings.jsonl"), "{\"id\":\"FA\"}\n").expect("written");
        let unknown = decide(dir.path(), &change("FX", None, decided(Decision::Checked, ""))).expect_err("no such id");
        assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
        let long = "长".repeat(MOST_REMARK + 1);
        let long = decide(dir.path(), &change("FA", None, decided(Decision::Checked, &long))).expect_err("too long");
        assert_eq!(long.status(), StatusCode::BAD_REQUEST);
        assert!(told(dir.path()).expect("nothing there").decisions.is_empty());
    }
}
