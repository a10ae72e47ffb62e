//! Parameters of the checks of values of forms and certificates.

use regex::Regex;

use super::Basis;
use crate::model::material::Material;

/// Entries of these checks.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fields {
    pub wrong_person: Vec<WrongPerson>,
    pub identity_number: Vec<IdentityNumber>,
    pub date_value: Vec<DateValue>,
    pub blank_field: Vec<BlankField>,
    pub field_value: Vec<FieldValue>,
    pub unit_name: Vec<UnitName>,
    pub entry_order: Vec<EntryOrder>,
}

/// How the applicant must be named on a material.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// It is made out to the applicant (certificates, forms, identity card).
    Holder,
    /// The applicant is one of those named (papers, awards, projects).
    Among,
    /// Of several authors the applicant is the first.
    First,
}

/// Materials that must be the applicant's own.
#[derive(Debug, Clone, PartialEq)]
pub struct WrongPerson {
    pub basis: Basis,
    pub material: Vec<Material>,
    pub named: Named,
    /// Restricts to documents standing in these categories (indices); empty: wherever.
    pub category: Vec<usize>,
}

/// Identity numbers on these materials must be possible, and agree with birth date and sex.
#[derive(Debug, Clone, PartialEq)]
pub struct IdentityNumber {
    pub basis: Basis,
    pub material: Vec<Material>,
}

/// A labelled cell or a column of some forms; the label is the first that the form gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldRef {
    pub material: Vec<Material>,
    pub label: String,
}

/// A column of one of several tables with such a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnRef {
    pub field: FieldRef,
    /// Another column of the same table, any of; empty: any table.
    pub beside: Vec<String>,
}

/// A day, or a month where no day is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    pub year: u16,
    pub month: u8,
    pub day: Option<u8>,
}

/// Where one side of a comparison comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DateAt {
    /// Said by the notice.
    Fixed(Moment),
    /// Written into a field; of several the latest.
    Field(FieldRef),
}

/// What dates must fulfil.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DateRule {
    /// A date in a time column exists in the calendar, a range doesn't end before it begins, and nothing is done after
    /// `latest`.
    Possible { material: Vec<Material>, latest: Option<Moment> },
    /// `later` is not before `earlier`, nor less than `months` after it.
    Apart { earlier: DateAt, later: DateAt, months: u16 },
    /// What a column's rows tell of ended no earlier than `start`.
    Since { column: ColumnRef, start: DateAt },
    /// The person is younger than retirement age (whole years) on a day.
    Age { birth: FieldRef, sex: FieldRef, on: Moment, men: u16, women: u16 },
    /// A number of years is no larger than the whole years between `since` and `on`.
    WholeYears { value: FieldRef, since: FieldRef, on: Moment },
    /// Proofs of contributions cover at least so many months, all together.
    CoveredMonths { material: Vec<Material>, months: u16 },
    /// An opinion is not dated before the publicity notices (公示) ended.
    AfterPublicity { opinion: Vec<Material>, place: Option<String>, publicity: Vec<Material> },
}

/// Dates that must be possible and agree with each other.
#[derive(Debug, Clone, PartialEq)]
pub struct DateValue {
    pub basis: Basis,
    pub rule: DateRule,
}

/// Cells and boxes that must be filled in.
#[derive(Debug, Clone, PartialEq)]
pub struct BlankField {
    pub basis: Basis,
    pub material: Vec<Material>,
    /// Labelled cells and columns, by the first label that the form gives them.
    pub labels: Vec<String>,
    /// Places of the form (opinion boxes, reports).
    pub places: Vec<String>,
}

/// What a value is: a field's, what is written in a place of the form, or the document's whole text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    Label(String),
    Place(String),
    Document,
}

/// What a value must be.
#[derive(Debug, Clone)]
pub enum ValueRule {
    OneOf(Vec<String>),
    NoneOf(Vec<String>),
    Matches(Regex),
    /// At most so many characters, or one of the longer values that the notice lists itself.
    AtMost(u16, Vec<String>),
    /// A number from least to most.
    Between(u16, u16),
    /// Speaks of each of these topics, each a list of words any of which will do.
    Topics(Vec<Vec<String>>),
    /// Is left empty.
    Empty,
    /// Says the same as other forms.
    SameAs(FieldRef),
}

impl PartialEq for ValueRule {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::OneOf(a), Self::OneOf(b)) | (Self::NoneOf(a), Self::NoneOf(b)) => a == b,
            (Self::Matches(a), Self::Matches(b)) => a.as_str() == b.as_str(),
            (Self::AtMost(a, b), Self::AtMost(x, y)) => (a, b) == (x, y),
            (Self::Between(a, b), Self::Between(x, y)) => (a, b) == (x, y),
            (Self::Topics(a), Self::Topics(b)) => a == b,
            (Self::Empty, Self::Empty) => true,
            (Self::SameAs(a), Self::SameAs(b)) => a == b,
            _ => false,
        }
    }
}

/// A value that must be one of a list, of a pattern, of a length, or speak of topics.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldValue {
    pub basis: Basis,
    pub material: Vec<Material>,
    pub target: Target,
    pub rule: ValueRule,
    /// At least one document of the material must fulfil it, not each.
    pub any_document: bool,
}

/// Unit columns must bear the full name that is on the unit's seal.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitName {
    pub basis: Basis,
    pub material: Vec<Material>,
}

/// Rows must be written from the most recent to the oldest.
#[derive(Debug, Clone, PartialEq)]
pub struct EntryOrder {
    pub basis: Basis,
    /// The column of dates.
    pub column: ColumnRef,
}
