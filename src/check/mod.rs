//! Facts to findings.
//!
//! In: packet facts and a rule pack. Out: per check passed, defects or undecided. Pure functions, one file per check,
//! named as its id. Must not know: pixels, files, clocks.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::model::finding::{CheckId, Finding, Verdict};
use crate::model::packet::PacketFacts;
use crate::model::page::Unreadable;
use crate::model::report::Outcomes;
use crate::pack::rules::RulePack;

/// Declares a check: its type, its manual and its place behind [`Check`]. The `///` text is kept both as rustdoc and as
/// the manual that `explain` prints; it is written in Chinese, under the headings of [`HEADINGS`].
macro_rules! check {
    ($(#[doc = $doc:literal])+ $name:ident, id = $id:expr, judge = $judge:path) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy)]
        pub struct $name;

        impl $crate::check::Check for $name {
            fn id(&self) -> $crate::model::finding::CheckId {
                $id
            }

            fn manual(&self) -> &'static str {
                concat!($($doc, "\n"),+)
            }

            fn run(
                &self,
                facts: &$crate::model::packet::PacketFacts,
                pack: &$crate::pack::rules::RulePack,
            ) -> Vec<$crate::check::CheckResult> {
                $judge(facts, pack)
            }
        }
    };
}

pub mod anonymity;
pub mod assessment_years;
pub mod blank_field;
pub mod blank_page;
pub mod catalogue_mismatch;
pub mod certificate_expiry;
pub mod continuing_education;
pub mod date_format;
pub mod date_value;
pub mod duplicate_page;
pub mod entry_order;
pub mod field_value;
#[doc(hidden)]
pub mod grammar;
pub mod identity_number;
pub mod material_order;
pub mod missing_material;
pub mod missing_photo;
pub mod missing_qr_code;
pub mod missing_seal;
pub mod missing_signature;
pub mod missing_watermark;
pub mod opinion_wording;
pub mod page_count;
pub mod page_numbering;
pub mod page_orientation;
pub mod paper_size;
pub mod photo_background;
pub mod photo_file;
pub mod photo_not_colour;
pub mod publicity_period;
pub mod registry;
pub mod scan_quality;
pub mod shared_page;
pub mod similarity_rate;
pub mod submission_window;
mod support;
pub mod suspect_seal;
pub mod text_length;
pub mod unexpected_material;
pub mod unit_name;
pub mod unreadable_file;
pub mod wrong_person;

/// The headings of every manual, in order.
pub const HEADINGS: [&str; 4] = ["## 为何要求", "## 如何判断", "## 何时待核", "## 参数"];

/// How one entry of the rule pack (or one intake check) ended.
#[derive(Debug, Clone, PartialEq)]
pub enum CheckResult {
    Passed,
    /// At least one certain defect; findings for review may stand beside it.
    Defects(Vec<Finding>),
    /// Only findings for review; each says why in its `message`.
    Undecided(Vec<Finding>),
}

impl CheckResult {
    /// The result that these findings amount to.
    #[must_use]
    pub fn of(findings: Vec<Finding>) -> Self {
        if findings.is_empty() {
            Self::Passed
        } else if findings.iter().any(|f| f.verdict == Verdict::Defect) {
            Self::Defects(findings)
        } else {
            Self::Undecided(findings)
        }
    }

    /// What was found, whatever the result.
    #[must_use]
    pub fn into_findings(self) -> Vec<Finding> {
        match self {
            Self::Passed => Vec::new(),
            Self::Defects(findings) | Self::Undecided(findings) => findings,
        }
    }
}

/// One check: a pure function over facts.
pub trait Check: Sync {
    fn id(&self) -> CheckId;

    /// The manual page as written in the source, every line with its leading space; see [`manual_page`].
    fn manual(&self) -> &'static str;

    /// One result per entry of the pack that uses this check; none where the pack doesn't use it.
    fn run(&self, facts: &PacketFacts, pack: &RulePack) -> Vec<CheckResult>;
}

/// A check's manual as `explain` prints it.
#[must_use]
pub fn manual_page(check: &dyn Check) -> String {
    check.manual().lines().map(|line| line.strip_prefix(' ').unwrap_or(line)).fold(String::new(), |mut page, line| {
        page.push_str(line);
        page.push('\n');
        page
    })
}

/// A check that panicked: a fault of this program, to be listed as not examined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crashed {
    pub check: CheckId,
    /// The panic's own words, for the maintainer.
    pub detail: String,
}

/// Why a file or page could not be examined, in plain Chinese: what is the matter, and what the applicant should do.
#[must_use]
pub fn unreadable_reason(why: &Unreadable) -> String {
    unreadable_file::plain(why).0
}

/// What all checks said of one packet.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Judged {
    /// By report order of checks, then as the check gave them (page order).
    pub findings: Vec<Finding>,
    pub outcomes: Outcomes,
    pub crashed: Vec<Crashed>,
}

/// Runs every registered check. A check that panics is named in [`Judged::crashed`] and the others go on.
#[must_use]
pub fn run_all(facts: &PacketFacts, pack: &RulePack) -> Judged {
    run_these(registry::all(), facts, pack)
}

fn run_these(checks: &[&'static dyn Check], facts: &PacketFacts, pack: &RulePack) -> Judged {
    let mut judged = Judged::default();
    for check in checks {
        match catch_unwind(AssertUnwindSafe(|| check.run(facts, pack))) {
            Ok(results) => {
                for result in results {
                    match &result {
                        CheckResult::Passed => judged.outcomes.passed += 1,
                        CheckResult::Defects(_) => judged.outcomes.defects += 1,
                        CheckResult::Undecided(_) => judged.outcomes.undecided += 1,
                    }
                    judged.findings.extend(result.into_findings());
                }
            }
            Err(cause) => {
                let detail = cause
                    .downcast_ref::<String>()
                    .cloned()
                    .or_else(|| cause.downcast_ref::<&str>().map(|s| (*s).to_owned()))
                    .unwrap_or_default();
                judged.crashed.push(Crashed { check: check.id(), detail });
            }
        }
    }
    judged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::rules::{Checks, Notice};

    struct Fake(CheckId);

    impl Check for Fake {
        fn id(&self) -> CheckId {
            self.0
        }

        fn manual(&self) -> &'static str {
            " Fake.\n"
        }

        fn run(&self, _: &PacketFacts, _: &RulePack) -> Vec<CheckResult> {
            assert_ne!(self.0, CheckId::BlankPage, "broken on purpose");
            vec![CheckResult::Passed]
        }
    }

    #[test]
    fn a_panic_costs_one_check() {
        let pack = RulePack {
            id: String::new(),
            version: String::new(),
            notice: Notice {
                title: String::new(),
                issuer: String::new(),
                number: String::new(),
                year: 2024,
                levels: vec![],
            },
            volumes: vec![],
            categories: vec![],
            materials: vec![],
            forms: vec![],
            checks: Checks::default(),
            ..RulePack::default()
        };
        let judged =
            run_these(&[&Fake(CheckId::BlankPage), &Fake(CheckId::DateFormat)], &PacketFacts::default(), &pack);
        assert_eq!(judged.crashed.len(), 1);
        assert_eq!(judged.crashed[0].check, CheckId::BlankPage);
        assert!(judged.crashed[0].detail.contains("broken on purpose"));
        assert_eq!(judged.outcomes, Outcomes { passed: 1, defects: 0, undecided: 0 });
    }

    #[test]
    fn a_manual_page_has_no_indent() {
        assert_eq!(manual_page(&Fake(CheckId::BlankPage)), "Fake.\n");
    }
}
