//! Parameters of the checks of publicity days, assessment years, training years and validity.

use jiff::civil::Date;

use super::super::calendar::Calendar;
use super::Basis;
use crate::model::finding::Verdict;
use crate::model::material::Material;

/// Entries of these checks.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Periods {
    /// Which days are worked: the built-in years and those of the pack.
    pub calendar: Calendar,
    pub publicity: Vec<PublicityPeriod>,
    pub assessment: Vec<AssessmentYears>,
    pub education: Vec<ContinuingEducation>,
    pub expiry: Vec<CertificateExpiry>,
}

/// How days of a publicity are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Days {
    Working(u16),
    Calendar(u16),
}

/// One thing made public, or one kind of course: its name and the words that tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kind {
    pub name: String,
    /// Any of them on a page speaks for it.
    pub words: Vec<String>,
}

/// What must be made public, and for how long.
#[derive(Debug, Clone, PartialEq)]
pub struct PublicityPeriod {
    pub basis: Basis,
    /// Documents whose period is read.
    pub material: Vec<Material>,
    /// Documents that show that something was made public, but not for how long (公示照片).
    pub shown_by: Vec<Material>,
    /// The publicities asked; empty: one, whatever it is called.
    pub kinds: Vec<Kind>,
    /// At least this many, first and last posted day included; none where the notice names no length.
    pub days: Option<Days>,
}

/// Years that must be shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Years {
    /// Each of these.
    pub each: Vec<i16>,
    /// At least one of these.
    pub any: Vec<i16>,
    /// Every year of the appointment up to this one.
    pub term_to: Option<i16>,
    /// Of the years of the appointment only the last so many; an earlier one that is missing is for review.
    pub term_most: Option<u16>,
}

/// Assessment results on forms or in a form's table.
#[derive(Debug, Clone, PartialEq)]
pub struct AssessmentYears {
    pub basis: Basis,
    /// Assessment forms, one per year, or forms with a table of years.
    pub material: Vec<Material>,
    pub years: Years,
    /// At least this many years with a result of 合格 or better.
    pub count: u16,
    /// What a result below 合格 is; none: nothing, the year just doesn't count.
    pub below: Option<Verdict>,
}

/// Continuing education year by year.
#[derive(Debug, Clone, PartialEq)]
pub struct ContinuingEducation {
    pub basis: Basis,
    pub material: Vec<Material>,
    pub years: Years,
    /// Kinds of courses that each year must show (公需课, 专业课).
    pub kinds: Vec<Kind>,
    /// A year marked 不合格 is a defect.
    pub passed: bool,
    /// The form that sums the hours up (情况综合表): its line must be filled in and agree with the proof.
    pub summary: Option<Material>,
}

/// How long an online verification report must be valid.
#[derive(Debug, Clone, PartialEq)]
pub struct CertificateExpiry {
    pub basis: Basis,
    pub material: Vec<Material>,
    /// The closing day of the window: expired on it is a defect.
    pub closes: Date,
    /// Expiring within so many months after it is for review.
    pub months: u16,
}
