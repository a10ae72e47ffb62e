//! Findings in words.

use crate::model::finding::{CheckId, Finding, Place, Severity, Verdict};
use crate::model::material::Material;
use crate::pack::rules::{Basis, Holds};

/// What the findings of one pack entry share.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    check: CheckId,
    severity: Severity,
    strongest: Verdict,
    required: String,
    clause: String,
    /// Why it is not known whether the entry applies at all.
    doubt: Option<String>,
}

/// Where a finding is, and the words that name the place across rounds.
#[derive(Debug, Clone)]
pub(crate) struct At {
    pub(crate) place: Place,
    pub(crate) material: Option<Material>,
    pub(crate) key: String,
}

/// What a finding says.
#[derive(Debug, Clone, Default)]
pub(crate) struct Words {
    pub(crate) seen: String,
    pub(crate) message: String,
    pub(crate) suggestion: String,
}

impl Words {
    pub(crate) fn new(seen: impl Into<String>, message: impl Into<String>, suggestion: impl Into<String>) -> Self {
        Self { seen: seen.into(), message: message.into(), suggestion: suggestion.into() }
    }
}

impl Draft {
    /// For an entry of the pack. `None` where the entry's condition does not hold.
    pub(crate) fn of(check: CheckId, basis: &Basis, holds: Holds) -> Option<Self> {
        let doubt = match holds {
            Holds::Yes => None,
            Holds::No => return None,
            Holds::Unknown(what) => Some(what),
        };
        Some(Self {
            check,
            severity: basis.severity,
            strongest: basis.verdict,
            required: basis.required.clone(),
            clause: basis.clause.clone(),
            doubt,
        })
    }

    /// For an intake check, which no clause asks for.
    pub(crate) fn intake(check: CheckId, severity: Severity, required: &str) -> Self {
        Self {
            check,
            severity,
            strongest: Verdict::Defect,
            required: required.to_owned(),
            clause: String::new(),
            doubt: None,
        }
    }

    pub(crate) fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    pub(crate) fn at_most(mut self, verdict: Verdict) -> Self {
        self.strongest = weaker(self.strongest, verdict);
        self
    }

    /// A certain defect, unless the entry allows no more than a review.
    pub(crate) fn defect(&self, at: At, words: Words, confidence: f32) -> Finding {
        self.say(Verdict::Defect, at, words, confidence)
    }

    /// Something a person must look at; `words.message` says why the tool cannot decide.
    pub(crate) fn review(&self, at: At, words: Words, confidence: f32) -> Finding {
        self.say(Verdict::Review, at, words, confidence)
    }

    fn say(&self, verdict: Verdict, at: At, words: Words, confidence: f32) -> Finding {
        let mut message = words.message;
        if let Some(doubt) = &self.doubt {
            message.push_str(&format!("（{doubt}，不能确定此项要求是否适用，请人工核对。）"));
        }
        let strongest = if self.doubt.is_some() { Verdict::Review } else { self.strongest };
        Finding {
            check: self.check,
            verdict: weaker(verdict, strongest),
            severity: self.severity,
            material: at.material,
            place: at.place,
            key: at.key,
            seen: words.seen,
            required: self.required.clone(),
            clause: self.clause.clone(),
            message,
            suggestion: words.suggestion,
            confidence: confidence.clamp(0.0, 1.0),
        }
    }
}

fn weaker(a: Verdict, b: Verdict) -> Verdict {
    if a == Verdict::Review || b == Verdict::Review { Verdict::Review } else { Verdict::Defect }
}

/// At most `most` of the items, joined by `、`, the rest counted.
pub(crate) fn listed(items: &[String], most: usize) -> String {
    let shown = items.iter().take(most).cloned().collect::<Vec<_>>().join("、");
    if items.len() > most { format!("{shown}等{}处", items.len()) } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::rules::When;

    fn basis(verdict: Verdict) -> Basis {
        Basis {
            clause: "一".into(),
            required: "盖章".into(),
            severity: Severity::Correct,
            verdict,
            when: When::default(),
        }
    }

    fn at() -> At {
        At { place: Place::packet(), material: None, key: "k".into() }
    }

    #[test]
    fn an_unknown_condition_or_a_weak_entry_never_gives_a_defect() {
        let say = |verdict, holds| {
            Draft::of(CheckId::MissingSeal, &basis(verdict), holds)
                .map(|d| d.defect(at(), Words::default(), 1.0))
                .map(|f| (f.verdict, f.message))
        };
        assert_eq!(say(Verdict::Defect, Holds::Yes), Some((Verdict::Defect, String::new())));
        assert_eq!(say(Verdict::Review, Holds::Yes), Some((Verdict::Review, String::new())));
        let unknown = say(Verdict::Defect, Holds::Unknown("申报级别未知".into())).expect("unknown still speaks");
        assert_eq!(unknown.0, Verdict::Review);
        assert!(unknown.1.contains("申报级别未知"));
        assert_eq!(say(Verdict::Defect, Holds::No), None);
    }

    #[test]
    fn long_lists_are_cut() {
        let items: Vec<String> = ["甲", "乙", "丙"].map(str::to_owned).to_vec();
        assert_eq!(listed(&items, 3), "甲、乙、丙");
        assert_eq!(listed(&items, 2), "甲、乙等3处");
    }
}
