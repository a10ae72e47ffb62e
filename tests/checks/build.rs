//! Packets and packs built in code: facts in, findings out, no PDF and no pixel.

use material_audit::check::{CheckResult, registry};
use material_audit::model::field::{Field, FormPlace};
use material_audit::model::finding::{Finding, Severity, Verdict};
use material_audit::model::geometry::Rect;
use material_audit::model::marks::{Background, Photo, PhotoColour, PhotoKind, Seal, SealColour, SealShape};
use material_audit::model::material::{Material, Span};
use material_audit::model::packet::{Applicant, PacketFacts, PageRecord};
use material_audit::model::page::{ColourMode, PageFacts, PageSize, Pose, Quality};
use material_audit::model::text::{TextLine, TextSource};
use material_audit::pack::rules::*;

/// A page of text scanned in colour, upright and sharp.
pub(crate) fn page() -> PageFacts {
    let line = |n: u8| TextLine {
        text: format!("第{n}行文字"),
        rect: Rect::new(0.1, 0.1 * f32::from(n), 0.6, 0.03),
        confidence: 0.98,
        chars: vec![],
        vertical: false,
        hand: false,
    };
    PageFacts {
        size: PageSize { width_mm: 210.0, height_mm: 297.0, known: true },
        pixels: (1240, 1754),
        pose: Pose::UPRIGHT,
        quality: Quality {
            dpi: Some(150),
            colour: ColourMode::Colour,
            stored: ColourMode::Colour,
            blank: false,
            ink: 0.05,
            contrast: 0.8,
            sharpness: 0.6,
            cut_sides: 0,
            degraded: vec![],
        },
        source: TextSource::Pixels,
        lines: (1..=6).map(line).collect(),
        seals: vec![],
        photos: vec![],
        codes: vec![],
        traces: vec![],
        strokes: vec![],
        unread: vec![],
        undecoded: vec![],
        watermark: None,
        stored: None,
        carried: Vec::new(),
        tables: vec![],
        rules: vec![],
        fingerprint: String::new(),
        picture: None,
    }
}

pub(crate) fn blank() -> PageFacts {
    let mut page = page();
    page.lines.clear();
    page.source = TextSource::None;
    page.quality.blank = true;
    page.quality.ink = 0.0;
    page
}

/// A red round unit seal of 42 mm whose top left corner is at (x, y).
pub(crate) fn seal(x: f32, y: f32) -> Seal {
    Seal {
        rect: Rect::new(x, y, 0.2, 0.141),
        shape: SealShape::Circle,
        colour: SealColour::Red,
        diameter_mm: 42.0,
        text: None,
        confidence: 0.9,
        layer: false,
        print: None,
    }
}

/// A colour portrait on red whose top left corner is at (x, y).
pub(crate) fn photo(x: f32, y: f32) -> Photo {
    Photo {
        rect: Rect::new(x, y, 0.12, 0.12),
        kind: PhotoKind::Portrait,
        colour: PhotoColour::Colour,
        background: Background::Red,
        confidence: 0.9,
    }
}

/// A packet under construction.
#[derive(Default)]
pub(crate) struct Packet {
    pub(crate) facts: PacketFacts,
}

/// Where the next document goes.
#[derive(Clone, Copy)]
pub(crate) struct Doc {
    pub(crate) material: Material,
    pub(crate) pages: usize,
    pub(crate) volume: Option<usize>,
    pub(crate) category: Option<usize>,
    pub(crate) confidence: f32,
    pub(crate) titled: bool,
    pub(crate) file: &'static str,
}

impl Doc {
    pub(crate) fn loose(material: Material, pages: usize) -> Self {
        Self { material, pages, volume: None, category: None, confidence: 0.95, titled: true, file: "散页.pdf" }
    }

    pub(crate) fn bound(material: Material, category: usize, pages: usize) -> Self {
        Self { volume: Some(0), category: Some(category), file: "评审材料.pdf", ..Self::loose(material, pages) }
    }
}

impl Packet {
    /// Adds a document and returns the index of its first page.
    pub(crate) fn add(&mut self, doc: Doc) -> usize {
        let first = self.facts.pages.len();
        for _ in 0..doc.pages {
            self.push_page(doc.file, page());
        }
        self.facts.spans.push(Span {
            material: doc.material,
            entry: pack().materials.iter().position(|e| e.material == doc.material),
            category: doc.category,
            volume: doc.volume,
            pages: first..first + doc.pages,
            confidence: doc.confidence,
            guesses: vec![],
            titled: doc.titled,
        });
        first
    }

    pub(crate) fn push_page(&mut self, file: &str, facts: PageFacts) {
        let page = 1 + self.facts.pages.iter().filter(|p| p.file == file).count() as u32;
        self.facts.pages.push(PageRecord { file: file.into(), page, facts: Ok(facts) });
    }

    pub(crate) fn page(&mut self, index: usize) -> &mut PageFacts {
        self.facts.pages[index].facts.as_mut().expect("built readable")
    }

    pub(crate) fn place(&mut self, id: &str, page: usize, rect: Rect) -> &mut FormPlace {
        let material = self.material(page);
        let place =
            FormPlace { material, id: id.into(), page, rect, text: String::new(), confidence: 0.95, hand: false };
        self.facts.places.push(place);
        self.facts.places.last_mut().expect("just pushed")
    }

    pub(crate) fn field(&mut self, label: &str, page: usize, text: &str) -> &mut Field {
        let material = self.material(page);
        let n = self.facts.fields.len() as f32;
        self.facts.fields.push(Field {
            material,
            label: label.into(),
            text: text.into(),
            page,
            rect: Rect::new(0.1, 0.05 * n, 0.2, 0.04),
            confidence: 0.97,
            obscured: false,
            hand: false,
            row: None,
        });
        self.facts.fields.last_mut().expect("just pushed")
    }

    fn material(&self, page: usize) -> Material {
        self.facts.spans.iter().find(|s| s.pages.contains(&page)).map_or(Material::Other, |s| s.material)
    }

    pub(crate) fn applicant(&mut self) -> &mut Applicant {
        &mut self.facts.applicant
    }

    /// The one result of a check whose pack has one entry.
    pub(crate) fn run(&self, check: &str, pack: &RulePack) -> CheckResult {
        let mut results = registry::find(check).expect("registered").run(&self.facts, pack);
        assert_eq!(results.len(), 1, "one entry, one result");
        results.remove(0)
    }

    pub(crate) fn run_all_of(&self, check: &str, pack: &RulePack) -> Vec<CheckResult> {
        registry::find(check).expect("registered").run(&self.facts, pack)
    }
}

pub(crate) fn passed(result: &CheckResult) {
    assert_eq!(*result, CheckResult::Passed);
}

/// The findings of a result that must be a defect, all certain.
pub(crate) fn defects(result: CheckResult) -> Vec<Finding> {
    let CheckResult::Defects(findings) = result else { panic!("not a defect: {result:?}") };
    assert!(findings.iter().all(|f| f.verdict == Verdict::Defect), "{findings:?}");
    assert!(findings.iter().all(|f| !f.message.is_empty() && !f.suggestion.is_empty()), "{findings:?}");
    findings
}

/// The one finding of a result that must be undecided, whose message gives this reason.
pub(crate) fn review(result: CheckResult, reason: &str) -> Finding {
    let CheckResult::Undecided(mut findings) = result else { panic!("not undecided: {result:?}") };
    assert_eq!(findings.len(), 1, "{findings:?}");
    let finding = findings.remove(0);
    assert_eq!(finding.verdict, Verdict::Review);
    assert!(finding.message.contains(reason), "{}", finding.message);
    finding
}

pub(crate) fn basis() -> Basis {
    Basis {
        clause: "二、1".into(),
        required: "按通知要求".into(),
        severity: Severity::Correct,
        verdict: Verdict::Defect,
        when: When::default(),
    }
}

pub(crate) fn entry(material: Material, name: &str, volume: Option<usize>, category: Option<usize>) -> MaterialEntry {
    MaterialEntry {
        material,
        name: name.into(),
        titles: vec![name.into()],
        hints: vec![],
        unlike: vec![],
        file_names: vec![],
        volume,
        category,
        pages: (1, 20),
    }
}

/// One volume of three categories, a review form with two boxes, a cover and a photo; no checks.
pub(crate) fn pack() -> RulePack {
    use Material::*;
    let category = |name: &str, order: &[&[Material]]| Category {
        name: name.into(),
        titles: vec![name.into()],
        volume: 0,
        order: order.iter().map(|m| m.to_vec()).collect(),
    };
    let place =
        |id: &str, name: &str, kind| PlaceRule { id: id.into(), name: name.into(), kind, labels: vec![name.into()] };
    let field = |label: &str, kind| FormField { labels: vec![label.into()], kind, column: true };
    RulePack {
        id: "test-2024".into(),
        version: "1".into(),
        notice: Notice {
            title: "通知".into(),
            issuer: "某局".into(),
            number: "1号".into(),
            year: 2024,
            levels: vec![],
        },
        volumes: vec![Volume { name: "评审材料".into(), titles: vec!["评审材料".into()] }],
        categories: vec![
            category("第一", &[&[EducationCertificate], &[DegreeCertificate], &[QualificationCertificate]]),
            category("第二", &[&[PerformanceMaterial]]),
            category("第三", &[&[Paper], &[PaperIndexPage], &[TechnicalReport]]),
        ],
        materials: vec![
            entry(ReviewForm, "职称申报评审表", None, None),
            entry(WorkSummary, "专业工作总结", None, None),
            entry(Photo, "照片", None, None),
            entry(RecommendationReport, "推荐报告", None, None),
            entry(Catalogue, "评审材料目录", Some(0), None),
            entry(EducationCertificate, "毕业证书", Some(0), Some(0)),
            entry(DegreeCertificate, "学位证书", Some(0), Some(0)),
            entry(QualificationCertificate, "任职资格证书", Some(0), Some(0)),
            entry(PerformanceMaterial, "工作业绩材料", Some(0), Some(1)),
            entry(Paper, "论文", Some(0), Some(2)),
            entry(PaperIndexPage, "论文检索页", Some(0), Some(2)),
            entry(TechnicalReport, "技术报告", Some(0), Some(2)),
        ],
        forms: vec![Form {
            earlier: Vec::new(),
            material: ReviewForm,
            fields: vec![
                field("起止时间", FieldKind::Date),
                field("现任职务及取得时间", FieldKind::DateWithin),
                field("工作内容", FieldKind::Text),
            ],
            places: vec![
                place("cover-unit", "封面 工作单位", PlaceKind::Cover),
                place("unit-opinion", "单位鉴定意见", PlaceKind::Box),
                place("city-opinion", "市人社局审核意见", PlaceKind::Box),
                place("photo", "相片", PlaceKind::Photo),
            ],
        }],
        checks: Checks::default(),
        ..RulePack::default()
    }
}
