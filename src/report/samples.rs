//! One report that the writers' tests share.

use std::collections::BTreeMap;

use crate::model::finding::{CheckId, Severity, Status, Verdict};
use crate::model::geometry::Rect;
use crate::model::isolation::Isolation;
use crate::model::marks::{Photo, PhotoColour, PhotoKind, Seal, SealColour, SealShape};
use crate::model::material::Material;
use crate::model::packet::{Applicant, Level, Route};
use crate::model::report::{
    ApplicantReport, NotExamined, Outcomes, PagesExamined, Pictures, Report, ReportedFinding, ReportedLine,
    ReportedPage, RunRecord,
};

pub(super) fn finding(applicant: &str) -> ReportedFinding {
    ReportedFinding {
        id: "F0123456789".into(),
        applicant: applicant.into(),
        check: CheckId::MissingSeal,
        verdict: Verdict::Defect,
        severity: Severity::Correct,
        status: Status::New,
        material: Some(Material::ReviewForm),
        file: Some("第一册/评审表.pdf".into()),
        page: Some(7),
        printed_page: None,
        rect: Some(Rect::new(0.123_456, -0.01, 0.5, 0.25)),
        seen: "意见栏内没有公章,\n只有“签名”".into(),
        required: "加盖单位公章".into(),
        clause: "五、4".into(),
        pack: "some-pack".into(),
        confidence: 0.912_345,
        message: "评审表缺少公章".into(),
        suggestion: "盖章后重新扫描".into(),
    }
}

pub(super) fn page(applicant: &str) -> ReportedPage {
    ReportedPage {
        applicant: applicant.into(),
        file: "第一册/评审表.pdf".into(),
        page: 7,
        material: Material::ReviewForm,
        category: None,
        first_of_material: true,
        quality: "good".into(),
        orientation: 0,
        size_mm: Some([209.973, 297.04]),
        lines: vec![ReportedLine {
            text: "评审表".into(), rect: Rect::new(0.1, 0.1, 0.2, 0.05), confidence: 0.998_76
        }],
        seals: vec![Seal {
            rect: Rect::new(0.9, 0.9, 0.2, 0.2),
            shape: SealShape::Circle,
            colour: SealColour::Red,
            diameter_mm: 41.96,
            text: None,
            confidence: 0.5,
            layer: false,
            print: None,
        }],
        photos: vec![Photo {
            rect: Rect::PAGE,
            kind: PhotoKind::Portrait,
            colour: PhotoColour::Colour,
            background: crate::model::marks::Background::Red,
            confidence: f32::NAN,
        }],
        codes: Vec::new(),
        printed_page: Some(3),
        duplicate_of: None,
    }
}

pub(super) fn clean(folder: &str) -> ApplicantReport {
    ApplicantReport {
        folder: folder.into(),
        applicant: Applicant::default(),
        findings: Vec::new(),
        decisions: BTreeMap::new(),
        pages: vec![page(folder)],
        pictures: Pictures::default(),
        not_examined: Vec::new(),
        noted: Vec::new(),
        outcomes: Outcomes::default(),
    }
}

pub(super) fn report() -> Report {
    let defective = ApplicantReport {
        applicant: Applicant {
            name: Some("张三".into()),
            unit: Some("甲公司".into()),
            level: Some(Level::Engineer),
            route: Some(Route::Promotion),
            ..Applicant::default()
        },
        findings: vec![
            finding("01_张三"),
            ReportedFinding {
                verdict: Verdict::Review,
                severity: Severity::Advise,
                status: Status::Open,
                check: CheckId::DateFormat,
                file: Some("=1+1.pdf".into()),
                page: None,
                seen: "2019-01".into(),
                ..finding("01_张三")
            },
            ReportedFinding { status: Status::Fixed, ..finding("01_张三") },
        ],
        ..clean("01_张三")
    };
    let missing =
        NotExamined { applicant: "03_\u{1b}[2J".into(), file: "a.pdf".into(), page: Some(2), reason: "超时".into() };
    let unread = ApplicantReport { not_examined: vec![missing.clone()], ..clean("03_\u{1b}[2J") };
    Report {
        applicants: vec![defective, clean("02_李四"), unread],
        run: RunRecord {
            tool: "material-audit 0.1.0".into(),
            pack: "some-pack".into(),
            pack_version: "1".into(),
            models: vec!["det abc".into()],
            as_of: "2024-05-01".into(),
            packets: 3,
            pages: 3,
            pages_examined: PagesExamined { whole: 3, ..PagesExamined::default() },
            defects: 1,
            reviews: 1,
            not_examined: vec![missing],
            noted: Vec::new(),
            missing: Vec::new(),
            isolation: Isolation::NONE,
        },
    }
}
