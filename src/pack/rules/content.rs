//! Parameters of the checks of wording, anonymity, length, similarity and the window.

use jiff::civil::Date;

use super::Basis;
use crate::model::material::Material;

/// Entries of these checks.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Content {
    pub opinion_wording: Vec<OpinionWording>,
    pub anonymity: Vec<Anonymity>,
    pub text_length: Vec<TextLength>,
    pub similarity_rate: Vec<SimilarityRate>,
    pub submission_window: Vec<SubmissionWindow>,
}

/// What an opinion, or a document of running text, must say.
#[derive(Debug, Clone, PartialEq)]
pub struct OpinionWording {
    pub basis: Basis,
    pub material: Vec<Material>,
    /// A place of the material's form; none, or for a material without it: the whole text of each document.
    pub place: Option<String>,
    /// Bare agreement (同意, 情况属实) is not enough.
    pub more_than_agreement: bool,
    /// Wordings that must all be there.
    pub states: Vec<Wording>,
    /// Subjects that must all be spoken of.
    pub topics: Vec<Wording>,
    /// The level applied for must be named, and no other.
    pub level: bool,
    /// Clauses of the conditions must be cited by their numbers.
    pub cites: bool,
    /// An office above the one auditing: an empty box is no finding of this check (DECISIONS).
    pub later_office: bool,
    /// One document of the packet that says it is enough.
    pub any_document: bool,
}

/// One thing to be said and the ways to say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// As the report calls it.
    pub name: String,
    /// Any of these says it; `…` inside stands for a few words.
    pub any: Vec<String>,
}

/// A text in which the applicant must not be recognisable.
#[derive(Debug, Clone, PartialEq)]
pub struct Anonymity {
    pub basis: Basis,
    pub material: Vec<Material>,
    /// A sealed strip (密封栏) at the head or the side may hold them.
    pub sealed_strip: bool,
    /// City and county count too.
    pub places: bool,
    /// The city and counties that the notice is for, without 市, 县, 区.
    pub own_places: Vec<String>,
    /// Words that must stand instead (本人, 本单位), for the suggestion.
    pub instead: Vec<String>,
    /// From the second page on nothing may stand above the line.
    pub under_line: bool,
}

/// How long a text may be.
#[derive(Debug, Clone, PartialEq)]
pub struct TextLength {
    pub basis: Basis,
    pub material: Vec<Material>,
    /// A place of the material's form; none: the whole document.
    pub place: Option<String>,
    pub least: Option<u16>,
    pub most: Option<u16>,
    /// Not documents with one of these words on their first two pages.
    pub except: Vec<String>,
    /// One document of the packet that is long enough is enough.
    pub any_document: bool,
}

/// How much of a paper may be found elsewhere.
#[derive(Debug, Clone, PartialEq)]
pub struct SimilarityRate {
    pub basis: Basis,
    pub material: Vec<Material>,
    /// The rate must be below this, in per cent.
    pub below: u16,
}

/// When the packet may be handed in.
#[derive(Debug, Clone, PartialEq)]
pub struct SubmissionWindow {
    pub basis: Basis,
    pub first: Option<Date>,
    pub last: Date,
    /// Letters and proofs whose closing date counts.
    pub material: Vec<Material>,
    /// Forms of which only the places and fields named below count.
    pub form: Vec<Material>,
    pub places: Vec<String>,
    pub fields: Vec<String>,
}
