//! Packets (申报材料), applicants (申报人) and all facts about one packet.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::catalogue::{Catalogue, PageNumber};
pub use super::education::Education;
use super::field::{Blank, Field, FormPlace};
use super::material::Span;
use super::page::{PageFacts, Unreadable};

/// What kind of file a document is, decided from its first bytes, never from its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentKind {
    Pdf,
    Jpeg,
    Png,
    Tiff,
    Bmp,
}

/// One file of a packet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Relative to the packet, with `/`.
    pub file: String,
    /// Where its bytes are now (a zip's members are unpacked to a scratch folder).
    pub path: PathBuf,
    pub bytes: u64,
    pub kind: Result<DocumentKind, Unreadable>,
}

/// All that one applicant handed in, in natural order of names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packet {
    /// The packet's folder (or zip, or loose document) name; the applicant's key in every report.
    pub folder: String,
    pub documents: Vec<Document>,
    /// From the roster, where there is one.
    pub applicant: Applicant,
}

/// 申报级别.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Level {
    #[serde(rename = "技术员")]
    Technician,
    #[serde(rename = "助理工程师")]
    AssistantEngineer,
    #[serde(rename = "工程师")]
    Engineer,
    #[serde(rename = "高级工程师")]
    SeniorEngineer,
}

/// 申报类型.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Route {
    #[serde(rename = "初次申报")]
    First,
    #[serde(rename = "正常晋升")]
    Promotion,
    #[serde(rename = "转评")]
    Transfer,
    #[serde(rename = "破格")]
    Exceptional,
    #[serde(rename = "高技能人才")]
    SkilledWorker,
    #[serde(rename = "职业资格")]
    Qualification,
    #[serde(rename = "高层次人才")]
    HighLevel,
    #[serde(rename = "绿色通道")]
    GreenChannel,
    #[serde(rename = "再申报")]
    Again,
    #[serde(rename = "委托评审")]
    Entrusted,
}

/// 单位性质.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Employer {
    #[serde(rename = "事业单位")]
    PublicInstitution,
    #[serde(rename = "国有企业")]
    StateEnterprise,
    #[serde(rename = "集体企业")]
    Collective,
    /// 私营、民营、个体、外资 and other 非公有制 organisations.
    #[serde(rename = "非公有制")]
    Private,
    #[serde(rename = "劳务派遣")]
    Dispatched,
    #[serde(rename = "自由职业")]
    Freelance,
}

/// 单位所在: whose administration the unit is under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum UnitAt {
    /// Under the city itself (市直, 市属, 市本级).
    #[serde(rename = "市直")]
    City,
    #[serde(rename = "县区")]
    County,
}

/// 档案代理: who keeps the applicant's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Archive {
    /// The public agency (公共就业和人才服务机构).
    #[serde(rename = "代理")]
    Agency,
    #[serde(rename = "未代理")]
    NoAgency,
    /// Kept in another city.
    #[serde(rename = "外地")]
    Elsewhere,
}

/// What is known of an applicant; `None` is unknown and makes conditional checks say `review`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applicant {
    pub name: Option<String>,
    pub unit: Option<String>,
    pub level: Option<Level>,
    pub route: Option<Route>,
    pub employer: Option<Employer>,
    /// 呈报渠道: offices that the packet has already passed, as the roster words it.
    pub channel: Option<String>,
    pub id_number: Option<String>,
    /// 聘任时间 as written.
    pub appointed: Option<String>,
    /// Whether the 评审表 names a degree (学士、硕士、博士).
    #[serde(default)]
    pub degree: Option<bool>,
    #[serde(default)]
    pub unit_at: Option<UnitAt>,
    #[serde(default)]
    pub archive: Option<Archive>,
    #[serde(default)]
    pub education: Option<Education>,
}

/// One page of a packet, read or not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PageRecord {
    /// Relative to the packet, with `/`.
    pub file: String,
    /// 1-based in that file.
    pub page: u32,
    pub facts: Result<PageFacts, Unreadable>,
}

/// A file none of whose pages could be examined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnreadableFile {
    pub file: String,
    pub reason: Unreadable,
}

/// Everything a check may look at.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PacketFacts {
    pub folder: String,
    /// Roster first, completed from the 评审表.
    pub applicant: Applicant,
    /// In packet order: documents in natural order of names, pages in file order.
    pub pages: Vec<PageRecord>,
    pub unreadable: Vec<UnreadableFile>,
    /// Cover every page exactly once, in page order.
    pub spans: Vec<Span>,
    /// Values read from the pack's forms.
    pub fields: Vec<Field>,
    /// Cells of the pack's forms that were found empty.
    pub blanks: Vec<Blank>,
    /// Places the pack's forms keep for seals, photos and opinions, as found.
    pub places: Vec<FormPlace>,
    /// Lists of materials, as read.
    #[serde(default)]
    pub catalogues: Vec<Catalogue>,
    /// What may be page numbers, in page order.
    #[serde(default)]
    pub numbers: Vec<PageNumber>,
}

impl PacketFacts {
    /// A page's facts, unless it could not be read.
    #[must_use]
    pub fn page(&self, index: usize) -> Option<&PageFacts> {
        self.pages.get(index).and_then(|p| p.facts.as_ref().ok())
    }

    /// Whether anything of the packet was not seen: then absence is never certain.
    #[must_use]
    pub fn has_unseen(&self) -> bool {
        !self.unreadable.is_empty() || self.pages.iter().any(|p| p.facts.as_ref().map_or(true, PageFacts::is_degraded))
    }
}
