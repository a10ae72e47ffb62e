//! Materials (材料): the documents a packet is made of.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! materials {
    ($($variant:ident = $id:literal, $name:literal;)*) => {
        /// A material's identifier; the same word in rule packs, reports and tests.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Material {
            $(#[doc = $name] #[serde(rename = $id)] $variant,)*
        }

        impl Material {
            /// Every material, in the vocabulary's order.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The stable identifier.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)* }
            }

            /// The field's usual Chinese name; a rule pack's own name for it comes first.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

materials! {
    MaterialList = "material-list", "申报材料清单";
    Catalogue = "catalogue", "评审材料目录";
    ReviewForm = "review-form", "评审表";
    AssessmentForm = "assessment-form", "考核登记表";
    ScoreSheet = "score-sheet", "评审综合考评表";
    SummaryForm = "summary-form", "情况综合表";
    RosterForm = "roster-form", "花名册";
    ExceptionForm = "exception-form", "破格审批表";
    RecommendationReport = "recommendation-report", "推荐报告";
    AppraisalOpinion = "appraisal-opinion", "鉴定意见";
    AuthenticityPledge = "authenticity-pledge", "真实性承诺书";
    PublicityProof = "publicity-proof", "公示证明";
    PublicityPhoto = "publicity-photo", "公示照片";
    IdentityCard = "identity-card", "身份证";
    EducationCertificate = "education-certificate", "毕业证书";
    DegreeCertificate = "degree-certificate", "学位证书";
    EducationVerification = "education-verification", "学历(学位)电子注册备案表";
    GraduateRegistration = "graduate-registration", "毕业生登记表";
    QualificationCertificate = "qualification-certificate", "任职资格证书";
    AppointmentCertificate = "appointment-certificate", "聘任证书";
    AppointmentDocument = "appointment-document", "聘任文件";
    SalaryApproval = "salary-approval", "专业技术岗位工资审批表";
    PostInformationForm = "post-information-form", "岗位信息表";
    PensionProof = "pension-proof", "养老保险参保缴费证明";
    LabourContract = "labour-contract", "聘用协议";
    ContinuingEducationProof = "continuing-education-proof", "继续教育材料";
    HonourCertificate = "honour-certificate", "荣誉";
    PerformanceMaterial = "performance-material", "专业技术工作业绩材料";
    AchievementMaterial = "achievement-material", "业绩成果及获奖材料";
    Paper = "paper", "论文";
    PaperIndexPage = "paper-index-page", "论文检索页";
    TechnicalReport = "technical-report", "实用技术材料";
    SimilarityReport = "similarity-report", "抄袭率检测报告";
    ExpertRecommendation = "expert-recommendation", "专家推荐意见表";
    WorkSummary = "work-summary", "专业技术工作总结";
    WorkReport = "work-report", "专业技术工作报告";
    WorkExperience = "work-experience", "工作经历";
    DefencePaper = "defence-paper", "答辩论文";
    Photo = "photo", "照片";
    Other = "other", "其它";
}

impl fmt::Display for Material {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl Material {
    /// The material with this identifier.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|m| m.id() == id)
    }
}

/// One document inside a packet: consecutive pages taken for one material.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Span {
    pub material: Material,
    /// Which of the pack's material entries (index into `RulePack::materials`); none for `other`.
    pub entry: Option<usize>,
    /// The pack's category it stands in (index into `RulePack::categories`).
    pub category: Option<usize>,
    /// The pack's volume it is bound in (index into `RulePack::volumes`); none when loose.
    pub volume: Option<usize>,
    /// Indices into `PacketFacts::pages`, consecutive.
    pub pages: std::ops::Range<usize>,
    /// 0 to 1: that these pages are this material.
    pub confidence: f32,
    /// Other materials that these pages could be, best first.
    pub guesses: Vec<Material>,
    /// The span carries its own recognised title (false: placed by its surroundings only).
    pub titled: bool,
}
