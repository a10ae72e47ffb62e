//! Findings (问题): what a check says about one place.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::geometry::Rect;
use super::material::Material;

macro_rules! checks {
    ($($variant:ident = $id:literal, $name:literal;)*) => {
        /// A check's identifier (检查项); the same word in rule packs, reports and tests.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum CheckId {
            $(#[doc = $name] #[serde(rename = $id)] $variant,)*
        }

        impl CheckId {
            /// Every check, in report order.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)* }
            }

            /// What a clerk calls it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

checks! {
    UnreadableFile = "unreadable-file", "文件无法读取";
    BlankPage = "blank-page", "空白页";
    PageOrientation = "page-orientation", "页面方向";
    ScanQuality = "scan-quality", "扫描质量";
    DuplicatePage = "duplicate-page", "重复页";
    SharedPage = "shared-page", "多人共用页";
    MissingMaterial = "missing-material", "缺少材料";
    UnexpectedMaterial = "unexpected-material", "不应有的材料";
    MaterialOrder = "material-order", "材料顺序";
    CatalogueMismatch = "catalogue-mismatch", "目录不符";
    PageNumbering = "page-numbering", "页码编排";
    PaperSize = "paper-size", "纸张大小";
    PageCount = "page-count", "页数超限";
    WrongPerson = "wrong-person", "非本人材料";
    MissingSeal = "missing-seal", "缺少公章";
    MissingSignature = "missing-signature", "缺少签字";
    MissingPhoto = "missing-photo", "缺少照片";
    PhotoNotColour = "photo-not-colour", "照片非彩色";
    PhotoBackground = "photo-background", "照片底色";
    PhotoFile = "photo-file", "照片文件";
    MissingQrCode = "missing-qr-code", "缺少二维码";
    MissingWatermark = "missing-watermark", "缺少水印";
    SuspectSeal = "suspect-seal", "印章存疑";
    DateFormat = "date-format", "时间格式";
    DateValue = "date-value", "时间有误";
    BlankField = "blank-field", "栏目未填";
    FieldValue = "field-value", "填写内容";
    UnitName = "unit-name", "单位名称";
    IdentityNumber = "identity-number", "身份证号";
    OpinionWording = "opinion-wording", "意见用语";
    EntryOrder = "entry-order", "填写顺序";
    Anonymity = "anonymity", "匿名要求";
    TextLength = "text-length", "文字数量";
    PublicityPeriod = "publicity-period", "公示期";
    AssessmentYears = "assessment-years", "考核年度";
    ContinuingEducation = "continuing-education", "继续教育";
    CertificateExpiry = "certificate-expiry", "备案表有效期";
    SimilarityRate = "similarity-rate", "抄袭率";
    SubmissionWindow = "submission-window", "申报时间";
}

impl fmt::Display for CheckId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// 结论: how sure the tool is allowed to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// 缺陷: seen and certain.
    Defect,
    /// 待核: the tool cannot decide, a person must look.
    Review,
}

/// 程度: how much it matters, whatever the verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// 不予受理.
    Reject,
    /// 补正.
    Correct,
    /// 提示.
    Advise,
}

/// 状态, against the previous round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    New,
    Open,
    Fixed,
}

/// 决定: the reviewer's word on a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Decision {
    /// It is a defect; a `review` so confirmed goes into the letter.
    #[serde(rename = "确认")]
    Confirmed,
    /// It is none: it leaves totals and letters, and stays visible as rejected.
    #[serde(rename = "驳回")]
    Rejected,
    /// Looked at and found in order: nothing to do.
    #[serde(rename = "已核")]
    Checked,
}

impl Decision {
    pub const ALL: [Self; 3] = [Self::Confirmed, Self::Rejected, Self::Checked];

    /// As a decisions file and the reports word it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Confirmed => "确认",
            Self::Rejected => "驳回",
            Self::Checked => "已核",
        }
    }
}

/// A decision with its remark (备注).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    pub decision: Decision,
    pub remark: String,
}

/// Where a finding is. A page is an index into `PacketFacts::pages`; reports turn it into file and number.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Place {
    pub page: Option<usize>,
    /// Pages right after it that the finding speaks of too.
    pub more: usize,
    /// A whole file, where no page is meant.
    pub file: Option<String>,
    /// On the upright page.
    pub rect: Option<Rect>,
}

impl Place {
    /// The packet as a whole.
    #[must_use]
    pub fn packet() -> Self {
        Self::default()
    }

    #[must_use]
    pub fn page(index: usize) -> Self {
        Self { page: Some(index), ..Self::default() }
    }

    /// Consecutive pages, `last` among them.
    #[must_use]
    pub fn pages(first: usize, last: usize) -> Self {
        Self { page: Some(first), more: last.saturating_sub(first), ..Self::default() }
    }

    #[must_use]
    pub fn on(index: usize, rect: Rect) -> Self {
        Self { page: Some(index), rect: Some(rect), ..Self::default() }
    }

    #[must_use]
    pub fn file(name: &str) -> Self {
        Self { file: Some(name.to_owned()), ..Self::default() }
    }
}

/// One result of a check.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    pub check: CheckId,
    pub verdict: Verdict,
    pub severity: Severity,
    pub material: Option<Material>,
    pub place: Place,
    /// Names the place without page numbers or wording (a form place, a column and its row, a category):
    /// it goes into the finding's id, which must survive inserted and re-scanned pages.
    pub key: String,
    /// What was seen (实际).
    pub seen: String,
    /// What the notice requires (要求).
    pub required: String,
    /// The clause's number in the notice; empty where no clause but the tool's own intake rule asks.
    pub clause: String,
    /// One plain sentence for the clerk.
    pub message: String,
    /// What the applicant should do (建议).
    pub suggestion: String,
    /// 0 to 1.
    pub confidence: f32,
}
