//! Typed rules: what a rule pack says once it has been checked. Every name in it is resolved.

pub mod arrangement;
pub mod content;
pub mod copies;
pub mod fields;
pub mod marks;
pub mod periods;
mod when;

use crate::model::finding::{CheckId, Severity, Verdict};
use crate::model::marks::Background;
use crate::model::material::{Material, Span};
use crate::model::packet::Level;

pub use when::{Holds, When};

/// One notice as rules.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RulePack {
    /// Stable identifier, e.g. `yangquan-bigdata-2024`.
    pub id: String,
    /// The pack's own version, stamped on every report.
    pub version: String,
    pub notice: Notice,
    pub volumes: Vec<Volume>,
    /// In the prescribed order, volume after volume.
    pub categories: Vec<Category>,
    pub materials: Vec<MaterialEntry>,
    pub forms: Vec<Form>,
    pub checks: Checks,
    /// Which check's entries cite which clauses of the pack's clause table.
    pub citations: Vec<Citation>,
    /// Clauses that a person must look at, wholly or for what a scan doesn't show.
    pub persons: Vec<PersonClauses>,
}

/// One check citing one clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    pub check: CheckId,
    /// As the clause table numbers it, suffix and all.
    pub clause: String,
}

/// Clauses left to a person for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonClauses {
    pub clauses: Vec<String>,
    /// In plain Chinese.
    pub why: String,
}

/// The published document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notice {
    pub title: String,
    pub issuer: String,
    pub number: String,
    pub year: u16,
    /// Levels the notice is for.
    pub levels: Vec<Level>,
}

/// A bound sequence (册, 卷宗) whose order is prescribed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Volume {
    pub name: String,
    /// Words on its cover page, and in file names, that tell where it begins.
    pub titles: Vec<String>,
}

/// An ordered heading (第一：基本材料, 第三类) inside a volume.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    pub name: String,
    /// How a divider page or a heading writes it; none where a volume is not divided.
    pub titles: Vec<String>,
    /// Index into `RulePack::volumes`.
    pub volume: usize,
    /// Prescribed order inside; materials that share an inner list may stand in either order.
    pub order: Vec<Vec<Material>>,
}

/// How one material is recognised and where it belongs. A material may have several entries (one per place).
#[derive(Debug, Clone, PartialEq)]
pub struct MaterialEntry {
    pub material: Material,
    /// As the notice names it.
    pub name: String,
    /// Headings that a first page of it bears; tolerant to spaces and single misread characters.
    pub titles: Vec<String>,
    /// Words that speak for any page of it (first or later), weaker than a title.
    pub hints: Vec<String>,
    /// Words that speak against.
    pub unlike: Vec<String>,
    /// Words in file names that speak for it.
    pub file_names: Vec<String>,
    /// Index into `RulePack::volumes`; none when handed in loose.
    pub volume: Option<usize>,
    /// Index into `RulePack::categories`; none when loose or at the head of the volume (cover, 目录).
    pub category: Option<usize>,
    /// Usual page counts, least and most.
    pub pages: (u16, u16),
}

/// A form (表): labels, columns and places that checks ask about.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    pub material: Material,
    /// Labelled cells: a label and the cell to its right (or below it).
    pub fields: Vec<FormField>,
    /// Columns of time: headings over which every filled cell is a date or a range of dates.
    pub places: Vec<PlaceRule>,
    /// Categories (indices) in which a document of this material is an earlier one, bound in as a copy (the 评审表 of
    /// the present title): its places and dates are not judged.
    pub earlier: Vec<usize>,
}

/// What kind of value a field or column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// 时间栏目: a date or a range; `date-format` judges exactly these.
    Date,
    /// A date together with other words (工程师 2017年12月): only the date part is judged.
    DateWithin,
    Name,
    Unit,
    Level,
    Route,
    Employer,
    IdNumber,
    /// A figure with or without a unit: years, hours, marks, percentages.
    Number,
    Text,
}

/// A labelled cell or a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormField {
    /// How the form words its label or column heading, any of.
    pub labels: Vec<String>,
    pub kind: FieldKind,
    /// A column heading (values below) instead of a label (value to the right).
    pub column: bool,
}

/// How a place is found on its form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlaceKind {
    /// Near a label on the form's first page (封面).
    Cover,
    /// The cell beside or below a label, or the section that a label heads (意见栏).
    Box,
    /// The cell that carries the label itself or stands empty for a photo (相片).
    Photo,
    /// Anywhere on the form's pages.
    Anywhere,
}

/// A place of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceRule {
    /// Unique within its form, e.g. `unit-opinion`.
    pub id: String,
    /// As a clerk calls it: 工作（聘用）单位鉴定意见.
    pub name: String,
    pub kind: PlaceKind,
    /// How the form words its label, any of.
    pub labels: Vec<String>,
}

impl RulePack {
    /// The form of a material, if the pack describes one.
    #[must_use]
    pub fn form(&self, material: Material) -> Option<&Form> {
        self.forms.iter().find(|f| f.material == material)
    }

    /// Whether a document is an earlier form kept as a copy (see [`Form::earlier`]), whose places and dates are not judged.
    #[must_use]
    pub fn is_earlier(&self, span: &Span) -> bool {
        self.form(span.material).is_some_and(|f| span.category.is_some_and(|c| f.earlier.contains(&c)))
    }
}

/// What every check entry carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basis {
    /// The clause's number in the notice; several joined by `；`.
    pub clause: String,
    /// The requirement in one sentence, for the report (要求).
    pub required: String,
    pub severity: Severity,
    /// The strongest verdict this entry may give.
    pub verdict: Verdict,
    pub when: When,
}

/// Parameters of every check, entry by entry.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Checks {
    pub missing_material: Vec<MissingMaterial>,
    pub unexpected_material: Vec<UnexpectedMaterial>,
    pub material_order: Vec<MaterialOrder>,
    pub missing_seal: Vec<MissingSeal>,
    pub missing_photo: Vec<PhotoRule>,
    pub photo_not_colour: Vec<PhotoRule>,
    pub photo_background: Vec<PhotoBackground>,
    pub date_format: Vec<DateFormat>,
    pub arrangement: arrangement::Arrangement,
    pub content: content::Content,
    pub copies: copies::Copies,
    pub fields: fields::Fields,
    pub marks: marks::Marks,
    pub periods: periods::Periods,
    /// Intake checks that need no clause; present ones run.
    pub intake: Vec<CheckId>,
    pub scan_quality: ScanQuality,
}

/// One material (or one of several) must be there.
#[derive(Debug, Clone, PartialEq)]
pub struct MissingMaterial {
    pub basis: Basis,
    pub any_of: Vec<Material>,
    /// At least this many of it (documents, not pages).
    pub count: u16,
    /// It must stand in this category (index) to count; elsewhere it is `material-order`'s matter.
    pub category: Option<usize>,
    /// It must stand in this volume (index), or loose where `Some(None)`.
    pub volume: Option<Option<usize>>,
    /// Of several documents that pass for the material, only one whose heading bears one of these words counts; the first
    /// is what it is called.
    pub headed: Vec<String>,
}

/// A material must not be in a volume.
#[derive(Debug, Clone, PartialEq)]
pub struct UnexpectedMaterial {
    pub basis: Basis,
    pub material: Vec<Material>,
    pub volume: usize,
    /// More than this many documents of it are too many.
    pub at_most: u16,
    /// A document with these words on it is meant by another clause and passes (the present title's 评审表).
    pub except_category: Option<usize>,
}

/// Categories and materials of one volume in the prescribed order.
#[derive(Debug, Clone, PartialEq)]
pub struct MaterialOrder {
    pub basis: Basis,
    pub volume: usize,
    /// What an order broken *inside* a category weighs; categories out of order weigh `basis.severity`.
    pub inside: Severity,
    /// The strongest verdict for an order broken inside a category.
    pub inside_verdict: Verdict,
}

/// A place, or each document of a material, must bear a seal.
#[derive(Debug, Clone, PartialEq)]
pub struct MissingSeal {
    pub basis: Basis,
    pub material: Vec<Material>,
    /// A place of the material's form; none: anywhere on each document.
    pub place: Option<String>,
    /// Whose seal, as the notice words it (单位公章).
    pub seal: String,
    /// Seals needed there.
    pub count: u16,
    /// An office above the one auditing: an empty box is `review`, a filled one is judged (DECISIONS).
    pub later_office: bool,
    /// The place is judged only where something has been written in it: it may rightly stand empty, or be on no form.
    pub when_filled: bool,
    /// What a photocopied seal is worth.
    pub copied: CopiedSeal,
    /// Restricts to documents standing in these categories (indices); empty: wherever.
    pub category: Vec<usize>,
    /// The cover of this volume (index) must bear the seal: the titled `other` span with which the volume opens.
    /// `material` and `place` are empty then.
    pub volume_cover: Option<usize>,
}

/// What a seal that was photocopied along with its document is worth.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CopiedSeal {
    /// Nothing: the copy itself must be sealed.
    #[default]
    Fails,
    /// A person must say whether the document may be a copy.
    Doubtful,
    /// As much as a fresh one: a copy is what the notice asks for.
    Counts,
}

/// A photo place of a form, or a photo handed in by itself, for which `place` is empty.
#[derive(Debug, Clone, PartialEq)]
pub struct PhotoRule {
    pub basis: Basis,
    pub material: Material,
    pub place: String,
}

/// The background colour a photo must have.
#[derive(Debug, Clone, PartialEq)]
pub struct PhotoBackground {
    pub basis: Basis,
    pub material: Material,
    /// The place on a form; none: the photo handed in by itself.
    pub place: Option<String>,
    pub background: Background,
}

/// The written form of dates (日期格式).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatePattern {
    /// ××××年××月, the month with two digits.
    YearMonthTwoDigits,
    /// ××××年×月, the month without a leading zero.
    YearMonthPlain,
}

/// Time columns of these forms must be written in one form.
#[derive(Debug, Clone, PartialEq)]
pub struct DateFormat {
    pub basis: Basis,
    pub materials: Vec<Material>,
    pub pattern: DatePattern,
    /// Words that may stand for the end of a range (至今).
    pub open_end: Vec<String>,
}

/// Floors below which a scan is too poor; units in the names.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScanQuality {
    pub min_dpi: u16,
    /// Paper minus ink, 0 to 1.
    pub min_contrast: f32,
    /// 0 to 1.
    pub min_sharpness: f32,
}

impl Default for ScanQuality {
    fn default() -> Self {
        Self { min_dpi: 100, min_contrast: 0.15, min_sharpness: 0.05 }
    }
}
