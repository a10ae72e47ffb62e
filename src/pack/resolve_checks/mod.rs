//! From tables as written to typed rules: the checks and their parameters.

mod arrangement;
mod content;
mod copies;
mod fields;
mod marks;
mod periods;

use super::calendar::Calendar;
use super::clauses::as_numbered;
use super::resolve::{LEVELS, Names};
use super::rules::{
    Basis, Checks, CopiedSeal, DateFormat, DatePattern, FieldKind, Form, MaterialEntry, MaterialOrder, MissingMaterial,
    MissingSeal, PhotoBackground, PhotoRule, PlaceKind, ScanQuality, UnexpectedMaterial, When,
};
use super::schema::{Choice, Reader};
use crate::model::finding::{CheckId, Severity, Verdict};
use crate::model::marks::Background;
use crate::model::material::Material;
use crate::model::packet::{Archive, Education, Employer, Route, UnitAt};

const ROUTES: [(&str, Route); 10] = [
    ("初次申报", Route::First),
    ("正常晋升", Route::Promotion),
    ("转评", Route::Transfer),
    ("破格", Route::Exceptional),
    ("高技能人才", Route::SkilledWorker),
    ("职业资格", Route::Qualification),
    ("高层次人才", Route::HighLevel),
    ("绿色通道", Route::GreenChannel),
    ("再申报", Route::Again),
    ("委托评审", Route::Entrusted),
];

const EMPLOYERS: [(&str, Employer); 6] = [
    ("事业单位", Employer::PublicInstitution),
    ("国有企业", Employer::StateEnterprise),
    ("集体企业", Employer::Collective),
    ("非公有制", Employer::Private),
    ("劳务派遣", Employer::Dispatched),
    ("自由职业", Employer::Freelance),
];

const UNITS_AT: [(&str, UnitAt); 2] = [("市直", UnitAt::City), ("县区", UnitAt::County)];

const ARCHIVES: [(&str, Archive); 3] =
    [("代理", Archive::Agency), ("未代理", Archive::NoAgency), ("外地", Archive::Elsewhere)];

const EDUCATIONS: [(&str, Education); 9] = [
    ("中级工班", Education::TechnicalSecondary),
    ("中专", Education::Secondary),
    ("高级工班", Education::TechnicalCollege),
    ("专科", Education::College),
    ("预备技师班", Education::TechnicalBachelor),
    ("本科", Education::Bachelor),
    ("第二学士", Education::SecondBachelor),
    ("硕士", Education::Master),
    ("博士", Education::Doctor),
];

const SEVERITIES: [(&str, Severity); 3] =
    [("reject", Severity::Reject), ("correct", Severity::Correct), ("advise", Severity::Advise)];
const VERDICTS: [(&str, Verdict); 2] = [("defect", Verdict::Defect), ("review", Verdict::Review)];
const BACKGROUNDS: [(&str, Background); 3] =
    [("red", Background::Red), ("blue", Background::Blue), ("white", Background::White)];
const COPIED: [(&str, CopiedSeal); 3] =
    [("fail", CopiedSeal::Fails), ("review", CopiedSeal::Doubtful), ("pass", CopiedSeal::Counts)];
const PATTERNS: [(&str, DatePattern); 2] =
    [("××××年××月", DatePattern::YearMonthTwoDigits), ("××××年×月", DatePattern::YearMonthPlain)];

/// Checks that run without a clause.
const INTAKE: [CheckId; 7] = [
    CheckId::UnreadableFile,
    CheckId::BlankPage,
    CheckId::PageOrientation,
    CheckId::ScanQuality,
    CheckId::DuplicatePage,
    CheckId::SharedPage,
    CheckId::SuspectSeal,
];

struct Scope<'a> {
    names: &'a Names,
    entries: &'a [MaterialEntry],
    forms: &'a [Form],
}

pub(super) fn checks(root: &Reader<'_>, names: &Names, entries: &[MaterialEntry], forms: &[Form]) -> Checks {
    let scope = Scope { names, entries, forms };
    let intake = Choice::new("收件检查", INTAKE.map(|c| (c.id(), c)));
    let mut out =
        Checks { intake: root.picks("intake", &intake), scan_quality: scan_quality(root), ..Checks::default() };
    if let Some(table) = root.table("check") {
        out.missing_material =
            each(&table, "missing-material", "check.missing-material", |r| scope.missing_material(r));
        out.unexpected_material =
            each(&table, "unexpected-material", "check.unexpected-material", |r| scope.unexpected_material(r));
        out.material_order = each(&table, "material-order", "check.material-order", |r| scope.material_order(r));
        out.missing_seal = each(&table, "missing-seal", "check.missing-seal", |r| scope.missing_seal(r));
        out.missing_photo = each(&table, "missing-photo", "check.missing-photo", |r| scope.photo(r));
        out.photo_not_colour = each(&table, "photo-not-colour", "check.photo-not-colour", |r| scope.photo_or_file(r));
        out.photo_background = each(&table, "photo-background", "check.photo-background", |r| scope.background(r));
        out.date_format = each(&table, "date-format", "check.date-format", |r| scope.date_format(r));
        out.arrangement = arrangement::read(&table, &scope);
        out.content = content::read(&table, &scope);
        out.copies = copies::read(&table, &scope);
        out.fields = fields::read(&table, &scope);
        out.marks = marks::read(&table, &scope);
        out.periods = periods::read(&table, &scope);
        let called: Vec<_> = CheckId::ALL.iter().map(|c| (c.id().to_owned(), c.name().to_owned())).collect();
        table.finish_called(&called);
    }
    out.periods.calendar = Calendar::read(root);
    out
}

fn each<T>(table: &Reader<'_>, key: &'static str, full: &str, read: impl Fn(&Reader<'_>) -> T) -> Vec<T> {
    table
        .tables(key, full)
        .into_iter()
        .map(|reader| {
            let value = read(&reader);
            reader.finish();
            value
        })
        .collect()
}

fn scan_quality(root: &Reader<'_>) -> ScanQuality {
    let default = ScanQuality::default();
    let Some(table) = root.table("scan-quality") else { return default };
    let out = ScanQuality {
        min_dpi: table.number("min_dpi", Some(default.min_dpi)),
        min_contrast: table.share("min_contrast", default.min_contrast),
        min_sharpness: table.share("min_sharpness", default.min_sharpness),
    };
    table.finish();
    out
}

impl Scope<'_> {
    fn basis(&self, reader: &Reader<'_>) -> Basis {
        Basis {
            clause: as_numbered(&reader.text("clause")),
            required: reader.text("required"),
            severity: reader.pick("severity", &Choice::new("程度", SEVERITIES)).unwrap_or(Severity::Correct),
            verdict: reader.pick_optional("verdict", &Choice::new("结论", VERDICTS)).unwrap_or(Verdict::Defect),
            when: self.when(reader),
        }
    }

    fn when(&self, reader: &Reader<'_>) -> When {
        let Some(table) = reader.table("when") else { return When::default() };
        let when = When {
            level: table.picks("level", &Choice::new("申报级别", LEVELS)),
            route: table.picks("route", &Choice::new("申报类型", ROUTES)),
            employer: table.picks("employer", &Choice::new("单位性质", EMPLOYERS)),
            channel: table.texts("channel"),
            submits: table.picks("submits", &self.names.materials),
            degree: table.flag("degree"),
            unit_at: table.picks("unit_at", &Choice::new("单位所在", UNITS_AT)),
            archive: table.picks("archive", &Choice::new("档案代理", ARCHIVES)),
            education: table.picks("education", &Choice::new("学历", EDUCATIONS)),
        };
        table.finish();
        when
    }

    /// Materials that a check names must be recognisable.
    fn known(&self, reader: &Reader<'_>, key: &str, materials: &[Material]) {
        for material in materials {
            if !self.entries.iter().any(|e| e.material == *material) {
                reader.mistake(
                    key,
                    format!("写着“{material}”，但没有它的 [[material]] 表"),
                    "本文件 [[material]] 列出的材料",
                    None,
                );
            }
        }
    }

    fn materials(&self, reader: &Reader<'_>, key: &'static str) -> Vec<Material> {
        let materials = reader.some_picks(key, &self.names.materials);
        self.known(reader, key, &materials);
        materials
    }

    fn missing_material(&self, reader: &Reader<'_>) -> MissingMaterial {
        let volume = reader.pick_optional("volume", &self.names.volumes);
        let loose = reader.flag("loose");
        if loose && volume.is_some() {
            reader.mistake("loose", "同时写了 volume", "volume 与 loose 只写一个", None);
        }
        let count = reader.number("count", Some(1));
        if count == 0 {
            reader.mistake("count", "写着 0", "至少为 1 的整数", None);
        }
        MissingMaterial {
            basis: self.basis(reader),
            any_of: self.materials(reader, "any_of"),
            count,
            category: reader.pick_optional("category", &self.names.categories),
            volume: if loose { Some(None) } else { volume.map(Some) },
            headed: reader.texts("headed"),
        }
    }

    fn unexpected_material(&self, reader: &Reader<'_>) -> UnexpectedMaterial {
        UnexpectedMaterial {
            basis: self.basis(reader),
            material: self.materials(reader, "material"),
            volume: reader.pick("volume", &self.names.volumes).unwrap_or_default(),
            at_most: reader.number("at_most", Some(0)),
            except_category: reader.pick_optional("except_category", &self.names.categories),
        }
    }

    fn material_order(&self, reader: &Reader<'_>) -> MaterialOrder {
        let basis = self.basis(reader);
        MaterialOrder {
            volume: reader.pick("volume", &self.names.volumes).unwrap_or_default(),
            inside: reader.pick_optional("inside", &Choice::new("程度", SEVERITIES)).unwrap_or(basis.severity),
            inside_verdict: reader
                .pick_optional("inside_verdict", &Choice::new("结论", VERDICTS))
                .unwrap_or(basis.verdict),
            basis,
        }
    }

    fn missing_seal(&self, reader: &Reader<'_>) -> MissingSeal {
        let volume_cover = reader.pick_optional("volume_cover", &self.names.volumes);
        let material = if volume_cover.is_some() { Vec::new() } else { self.materials(reader, "material") };
        let place = reader.optional("place");
        if let Some(place) = &place {
            for m in &material {
                self.place(reader, *m, place, None);
            }
        }
        let count = reader.number("count", Some(1));
        if count == 0 {
            reader.mistake("count", "写着 0", "至少为 1 的整数", None);
        }
        MissingSeal {
            basis: self.basis(reader),
            material,
            place,
            seal: reader.text("seal"),
            count,
            later_office: reader.flag("later_office"),
            when_filled: reader.flag("when_filled"),
            copied: reader.pick_optional("copied", &Choice::new("复印的章", COPIED)).unwrap_or_default(),
            category: reader.picks("category", &self.names.categories),
            volume_cover,
        }
    }

    /// A place that a check names must be on the material's form (and be of `kind`).
    fn place(&self, reader: &Reader<'_>, material: Material, id: &str, kind: Option<PlaceKind>) {
        let places = self.forms.iter().find(|f| f.material == material).map_or(&[][..], |f| &f.places[..]);
        let places = || places.iter().filter(|p| kind.is_none_or(|k| p.kind == k));
        if places().any(|p| p.id == id) {
            return;
        }
        let words = places().flat_map(|p| std::iter::once(&p.name).chain(&p.labels).map(move |w| (&*p.id, w.as_str())));
        let choice = Choice::declared("位置", places().map(|p| (p.id.as_str(), ()))).called(words);
        let expected = if choice.options.is_empty() {
            format!("{material} 的 [[form]] 中的一个 [[form.place]]（现在没有）")
        } else {
            format!("{material} 的位置：{}", choice.listed(usize::MAX))
        };
        reader.mistake("place", format!("写着“{id}”"), expected, choice.meant(id));
    }

    fn photo(&self, reader: &Reader<'_>) -> PhotoRule {
        let material = reader.pick("material", &self.names.materials).unwrap_or(Material::Other);
        self.known(reader, "material", &[material]);
        let place = reader.text("place");
        if !place.is_empty() {
            self.place(reader, material, &place, Some(PlaceKind::Photo));
        }
        PhotoRule { basis: self.basis(reader), material, place }
    }

    /// As [`Self::photo`]; without a place, the photo handed in by itself.
    fn photo_or_file(&self, reader: &Reader<'_>) -> PhotoRule {
        if reader.has("place") {
            return self.photo(reader);
        }
        reader.optional("place");
        let material = reader.pick("material", &self.names.materials).unwrap_or(Material::Other);
        self.known(reader, "material", &[material]);
        PhotoRule { basis: self.basis(reader), material, place: String::new() }
    }

    fn background(&self, reader: &Reader<'_>) -> PhotoBackground {
        let material = reader.pick("material", &self.names.materials).unwrap_or(Material::Other);
        self.known(reader, "material", &[material]);
        let place = reader.optional("place");
        if let Some(place) = &place {
            self.place(reader, material, place, Some(PlaceKind::Photo));
        }
        let background = reader.pick("background", &Choice::new("底色", BACKGROUNDS)).unwrap_or(Background::Unknown);
        PhotoBackground { basis: self.basis(reader), material, place, background }
    }

    fn date_format(&self, reader: &Reader<'_>) -> DateFormat {
        let materials = self.materials(reader, "material");
        for material in &materials {
            let dated = |f: &&Form| f.fields.iter().any(|f| matches!(f.kind, FieldKind::Date | FieldKind::DateWithin));
            if self.forms.iter().filter(|f| f.material == *material).find(dated).is_none() {
                reader.mistake(
                    "material",
                    format!("{material} 没有时间栏目"),
                    "在 [[form]] 中有 kind = \"date\" 栏目的材料",
                    None,
                );
            }
        }
        DateFormat {
            basis: self.basis(reader),
            materials,
            pattern: reader
                .pick("pattern", &Choice::new("时间写法", PATTERNS))
                .unwrap_or(DatePattern::YearMonthTwoDigits),
            open_end: reader.texts("open_end"),
        }
    }
}
