//! Words of findings with the identifiers by which pages filter and colour them.

use serde::Serialize;

use crate::model::finding::{CheckId, Decided, Decision, Severity, Status, Verdict};
use crate::report::escape::visible;
use crate::report::overview::Conclusion;
use crate::report::words;

/// A word and its identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) struct Term {
    pub(super) id: &'static str,
    pub(super) word: &'static str,
}

/// A decision as a page shows it.
#[derive(Debug, Clone, Serialize)]
pub(super) struct DecisionTerm {
    #[serde(flatten)]
    term: Term,
    remark: String,
}

/// A field to filter by.
#[derive(Debug, Serialize)]
pub(super) struct Filter {
    id: &'static str,
    name: &'static str,
    options: Vec<Term>,
}

pub(super) const fn check(check: CheckId) -> Term {
    Term { id: check.id(), word: check.name() }
}

pub(super) const fn verdict(verdict: Verdict) -> Term {
    let id = match verdict {
        Verdict::Defect => "defect",
        Verdict::Review => "review",
    };
    Term { id, word: words::verdict(verdict) }
}

pub(super) const fn severity(severity: Severity) -> Term {
    let id = match severity {
        Severity::Reject => "reject",
        Severity::Correct => "correct",
        Severity::Advise => "advise",
    };
    Term { id, word: words::severity(severity) }
}

pub(super) const fn status(status: Status) -> Term {
    let id = match status {
        Status::New => "new",
        Status::Open => "open",
        Status::Fixed => "fixed",
    };
    Term { id, word: words::status(status) }
}

const fn decision(decision: Decision) -> Term {
    let id = match decision {
        Decision::Confirmed => "confirmed",
        Decision::Rejected => "rejected",
        Decision::Checked => "checked",
    };
    Term { id, word: decision.word() }
}

/// What stands where nothing was decided yet.
pub(super) const UNDECIDED: Term = Term { id: "none", word: "未处理" };

pub(super) fn decided(decided: Option<&Decided>) -> Option<DecisionTerm> {
    decided.map(|d| DecisionTerm { term: decision(d.decision), remark: visible(&d.remark) })
}

/// The decision's identifier for filters.
pub(super) fn decision_id(decided: Option<&Decided>) -> &'static str {
    decided.map_or(UNDECIDED.id, |d| decision(d.decision).id)
}

pub(super) const fn conclusion(conclusion: Conclusion) -> Term {
    let id = match conclusion {
        Conclusion::Defective => "defective",
        Conclusion::Incomplete => "incomplete",
        Conclusion::Review => "review",
        Conclusion::Advice => "advice",
        Conclusion::Clean => "clean",
    };
    Term { id, word: conclusion.word() }
}

/// The fields beside the check that findings are filtered by.
pub(super) fn filters() -> Vec<Filter> {
    vec![
        Filter { id: "verdict", name: "结论", options: [Verdict::Defect, Verdict::Review].map(verdict).to_vec() },
        Filter {
            id: "severity",
            name: "程度",
            options: [Severity::Reject, Severity::Correct, Severity::Advise].map(severity).to_vec(),
        },
        Filter {
            id: "status", name: "状态", options: [Status::New, Status::Open, Status::Fixed].map(status).to_vec()
        },
        Filter {
            id: "decision",
            name: "决定",
            options: std::iter::once(UNDECIDED).chain(Decision::ALL.map(decision)).collect(),
        },
    ]
}
