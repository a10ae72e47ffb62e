//! Sketched facts for tests: lines and cells placed by hand, in millimetres on A4.

use super::extract;
use crate::model::field::{Field, FormPlace};
use crate::model::geometry::Rect;
use crate::model::layout::{Cell, Table};
use crate::model::marks::{Background, Photo, PhotoColour, PhotoKind, Seal, SealColour, SealShape};
use crate::model::material::{Material, Span};
use crate::model::packet::{PacketFacts, PageRecord};
use crate::model::page::{ColourMode, PageFacts, PageSize, Pose, Quality};
use crate::model::text::{CharAt, TextLine, TextSource};
use crate::pack::rules::{Checks, FieldKind, Form, FormField, Notice, PlaceKind, PlaceRule, RulePack};

pub(super) const W: f32 = 210.0;
pub(super) const H: f32 = 297.0;

pub(super) fn rect(x0: f32, y0: f32, x1: f32, y1: f32) -> Rect {
    Rect::from_corners(x0 / W, y0 / H, x1 / W, y1 / H)
}

pub(super) struct Sketch(pub(super) PageFacts);

impl Sketch {
    pub(super) fn new() -> Self {
        let quality = Quality {
            dpi: None,
            colour: ColourMode::Colour,
            stored: ColourMode::Colour,
            blank: false,
            ink: 0.1,
            contrast: 0.9,
            sharpness: 0.9,
            cut_sides: 0,
            degraded: Vec::new(),
        };
        Self(PageFacts {
            size: PageSize { width_mm: W, height_mm: H, known: true },
            pixels: (0, 0),
            pose: Pose::UPRIGHT,
            quality,
            source: TextSource::Pixels,
            lines: Vec::new(),
            seals: Vec::new(),
            photos: Vec::new(),
            codes: Vec::new(),
            traces: Vec::new(),
            strokes: Vec::new(),
            unread: Vec::new(),
            undecoded: Vec::new(),
            watermark: None,
            stored: None,
            carried: Vec::new(),
            tables: Vec::new(),
            rules: Vec::new(),
            fingerprint: String::new(),
            picture: None,
        })
    }

    /// Characters 4 mm apart from `x` on, 4 mm high; a space takes its place.
    pub(super) fn line(mut self, x: f32, y: f32, text: &str) -> Self {
        let count = text.chars().count();
        let chars = (0..count).map(|i| CharAt { at: (x + 4.0 * i as f32 + 2.0) / W, confidence: 0.98 }).collect();
        self.0.lines.push(TextLine {
            text: text.chars().filter(|c| *c != ' ').collect(),
            rect: rect(x, y, x + 4.0 * count as f32, y + 4.0),
            confidence: 0.98,
            chars: text.chars().zip::<Vec<CharAt>>(chars).filter(|(c, _)| *c != ' ').map(|(_, at)| at).collect(),
            vertical: false,
            hand: false,
        });
        self
    }

    pub(super) fn upright(mut self, x: f32, y: f32, text: &str) -> Self {
        let count = text.chars().count();
        self.0.lines.push(TextLine {
            text: text.to_owned(),
            rect: rect(x, y, x + 4.0, y + 4.0 * count as f32),
            confidence: 0.98,
            chars: (0..count).map(|i| CharAt { at: (y + 4.0 * i as f32 + 2.0) / H, confidence: 0.98 }).collect(),
            vertical: true,
            hand: false,
        });
        self
    }

    /// A table of these cells, each `[x0, y0, x1, y1]`.
    pub(super) fn cells(mut self, cells: &[[f32; 4]]) -> Self {
        let cells: Vec<Cell> = cells
            .iter()
            .map(|c| Cell { rect: rect(c[0], c[1], c[2], c[3]), row: 0, col: 0, row_span: 1, col_span: 1 })
            .collect();
        let all = cells.iter().map(|c| c.rect).reduce(|a, b| a.union(&b)).expect("a table has cells");
        self.0.tables.push(Table { rect: all, cells });
        self
    }

    pub(super) fn grid(self, xs: &[f32], ys: &[f32]) -> Self {
        let cells: Vec<[f32; 4]> =
            ys.windows(2).flat_map(|y| xs.windows(2).map(move |x| [x[0], y[0], x[1], y[1]])).collect();
        self.cells(&cells)
    }

    pub(super) fn seal(mut self, x: f32, y: f32) -> Self {
        self.0.seals.push(Seal {
            rect: rect(x, y, x + 42.0, y + 42.0),
            shape: SealShape::Circle,
            colour: SealColour::Red,
            diameter_mm: 42.0,
            text: None,
            confidence: 0.9,
            layer: false,
            print: None,
        });
        self
    }

    pub(super) fn portrait(mut self, x: f32, y: f32) -> Self {
        self.0.photos.push(Photo {
            rect: rect(x, y, x + 25.0, y + 35.0),
            kind: PhotoKind::Portrait,
            colour: PhotoColour::Colour,
            background: Background::Red,
            confidence: 0.9,
        });
        self
    }
}

fn field(labels: &[&str], kind: FieldKind, column: bool) -> FormField {
    FormField { labels: labels.iter().map(|l| (*l).to_owned()).collect(), kind, column }
}

fn place(id: &str, kind: PlaceKind, labels: &[&str]) -> PlaceRule {
    PlaceRule { id: id.into(), name: id.into(), kind, labels: labels.iter().map(|l| (*l).to_owned()).collect() }
}

pub(super) fn pack() -> RulePack {
    let form = Form {
        material: Material::ReviewForm,
        fields: vec![
            field(&["起止时间"], FieldKind::Date, true),
            field(&["时间"], FieldKind::Date, true),
            field(&["参加工作时间"], FieldKind::Date, false),
            field(&["出生年月"], FieldKind::Date, false),
            field(&["填表时间"], FieldKind::Date, false),
            field(&["姓名"], FieldKind::Name, false),
            field(&["工作单位"], FieldKind::Unit, false),
            field(&["申报职称"], FieldKind::Level, false),
            field(&["单位性质"], FieldKind::Employer, false),
        ],
        places: vec![
            place("cover-unit", PlaceKind::Cover, &["工作单位"]),
            place("photo", PlaceKind::Photo, &["相片", "照片"]),
            place("unit-opinion", PlaceKind::Box, &["单位意见", "工作单位意见"]),
            place("department-opinion", PlaceKind::Box, &["主管部门意见"]),
            place("city-opinion", PlaceKind::Box, &["市人社局审核意见"]),
        ],
        earlier: vec![7],
    };
    let notice =
        Notice { title: String::new(), issuer: String::new(), number: String::new(), year: 2024, levels: Vec::new() };
    RulePack {
        id: "sketch".into(),
        version: "1".into(),
        notice,
        volumes: Vec::new(),
        categories: Vec::new(),
        materials: Vec::new(),
        forms: vec![form],
        checks: Checks::default(),
        ..RulePack::default()
    }
}

pub(super) fn facts(pages: Vec<Sketch>) -> PacketFacts {
    let span = Span {
        material: Material::ReviewForm,
        entry: None,
        category: None,
        volume: None,
        pages: 0..pages.len(),
        confidence: 1.0,
        guesses: Vec::new(),
        titled: true,
    };
    let pages = pages.into_iter().map(|p| PageRecord { file: "a.pdf".into(), page: 1, facts: Ok(p.0) }).collect();
    PacketFacts { pages, spans: vec![span], ..PacketFacts::default() }
}

pub(super) fn read(pages: Vec<Sketch>) -> PacketFacts {
    let mut facts = facts(pages);
    extract(&mut facts, &pack());
    facts
}

pub(super) fn values<'a>(facts: &'a PacketFacts, label: &str) -> Vec<&'a str> {
    facts.fields.iter().filter(|f: &&Field| f.label == label).map(|f| f.text.as_str()).collect()
}

pub(super) fn spot<'a>(facts: &'a PacketFacts, id: &str) -> Option<&'a FormPlace> {
    let mut found = facts.places.iter().filter(|p| p.id == id);
    let first = found.next();
    assert!(found.next().is_none(), "{id} found twice");
    first
}
