//! From tables as written to typed rules: notice, volumes, categories, materials, forms.

use super::clauses::split;
use super::known::{recognition, words};
use super::resolve_checks;
use super::rules::{
    Category, FieldKind, Form, FormField, MaterialEntry, Notice, PersonClauses, PlaceKind, PlaceRule, RulePack, Volume,
};
use super::schema::{Choice, Reader};
use crate::model::material::Material;
use crate::model::packet::Level;

pub(super) const LEVELS: [(&str, Level); 4] = [
    ("技术员", Level::Technician),
    ("助理工程师", Level::AssistantEngineer),
    ("工程师", Level::Engineer),
    ("高级工程师", Level::SeniorEngineer),
];

const FIELD_KINDS: [(&str, FieldKind); 10] = [
    ("date", FieldKind::Date),
    ("date-within", FieldKind::DateWithin),
    ("name", FieldKind::Name),
    ("unit", FieldKind::Unit),
    ("level", FieldKind::Level),
    ("route", FieldKind::Route),
    ("employer", FieldKind::Employer),
    ("id-number", FieldKind::IdNumber),
    ("number", FieldKind::Number),
    ("text", FieldKind::Text),
];

const PLACE_KINDS: [(&str, PlaceKind); 4] = [
    ("cover", PlaceKind::Cover),
    ("box", PlaceKind::Box),
    ("photo", PlaceKind::Photo),
    ("anywhere", PlaceKind::Anywhere),
];

/// The names a pack itself declares, for keys that refer to them.
pub(super) struct Names {
    pub(super) materials: Choice<Material>,
    pub(super) volumes: Choice<usize>,
    pub(super) categories: Choice<usize>,
}

/// Reads a whole pack. Where a mistake was recorded the value is a stand-in and the pack must not be used.
pub(super) fn pack(root: &Reader<'_>) -> RulePack {
    let id = root.text("id");
    if !id.is_empty() && !id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
        root.mistake("id", format!("写着“{id}”"), "小写字母、数字和连字符，如 yangquan-bigdata-2024", None);
    }
    let version = root.text("version");
    let notice = notice(root);
    let volumes = volumes(root);
    let volume_names =
        Choice::declared("册名（[[volume]] 的 name）", volumes.iter().enumerate().map(|(i, v)| (v.name.as_str(), i)));
    let words = words();
    let materials = Choice::new("材料代码", Material::ALL.iter().map(|m| (m.id(), *m)))
        .called(words.iter().map(|(id, word)| (*id, word.as_str())));
    let (categories, category_tables) = categories(root, &volume_names, &materials);
    let category_names = Choice::declared(
        "分类名（[[category]] 的 name）",
        categories.iter().enumerate().map(|(i, c)| (c.name.as_str(), i)),
    );
    let names = Names { materials, volumes: volume_names, categories: category_names };
    let entries = entries(root, &names, &categories);
    recognisable(category_tables, &categories, &entries);
    let forms = forms(root, &names);
    let checks = resolve_checks::checks(root, &names, &entries, &forms);
    let persons = persons(root);
    RulePack {
        id,
        version,
        notice,
        volumes,
        categories,
        materials: entries,
        forms,
        checks,
        citations: Vec::new(),
        persons,
    }
}

fn persons(root: &Reader<'_>) -> Vec<PersonClauses> {
    let mut out = Vec::new();
    for table in root.tables("person", "person") {
        let clauses = split(&table.text("clause")).map(str::to_owned).collect();
        out.push(PersonClauses { clauses, why: table.text("why") });
        table.finish();
    }
    out
}

fn notice(root: &Reader<'_>) -> Notice {
    let Some(table) = root.table("notice") else {
        root.mistake("notice", "缺少这个表", "[notice]：title、issuer、number、year、levels", None);
        return Notice {
            title: String::new(),
            issuer: String::new(),
            number: String::new(),
            year: 0,
            levels: Vec::new(),
        };
    };
    let levels = Choice::new("申报级别", LEVELS);
    let notice = Notice {
        title: table.text("title"),
        issuer: table.optional("issuer").unwrap_or_default(),
        number: table.optional("number").unwrap_or_default(),
        year: year(&table),
        levels: table.some_picks("levels", &levels),
    };
    table.finish();
    notice
}

fn year(notice: &Reader<'_>) -> u16 {
    let year = notice.number("year", None);
    // 1 stands for one that is missing or no number, which has been told.
    if year != 1 && !(1990..=2100).contains(&year) {
        notice.mistake("year", format!("写着 {year}"), "四位年份，如 2026", None);
    }
    year
}

/// Reports a name that an earlier table of the same kind already bears.
fn unique(reader: &Reader<'_>, key: &str, name: &str, seen: &mut Vec<String>) {
    if !name.is_empty() && seen.iter().any(|s| s == name) {
        reader.mistake(key, format!("“{name}”重复，前面已有同名的一项"), "本文件中不重复的名称", None);
    }
    seen.push(name.to_owned());
}

fn volumes(root: &Reader<'_>) -> Vec<Volume> {
    let mut seen = Vec::new();
    let mut out = Vec::new();
    for table in root.tables("volume", "volume") {
        let volume = Volume { name: table.text("name"), titles: table.some_texts("titles") };
        unique(&table, "name", &volume.name, &mut seen);
        table.finish();
        out.push(volume);
    }
    out
}

/// The categories, and their tables, still to be finished.
fn categories<'a>(
    root: &Reader<'a>,
    volumes: &Choice<usize>,
    materials: &Choice<Material>,
) -> (Vec<Category>, Vec<Reader<'a>>) {
    let mut seen = Vec::new();
    let mut out: Vec<Category> = Vec::new();
    let mut tables = Vec::new();
    for table in root.tables("category", "category") {
        let category = Category {
            name: table.text("name"),
            titles: table.texts("titles"),
            volume: table.pick("volume", volumes).unwrap_or_default(),
            order: table.ranks("order", materials),
        };
        unique(&table, "name", &category.name, &mut seen);
        if out.last().is_some_and(|last| last.volume > category.volume) {
            table.mistake("volume", "排在后一册的分类之后", "各分类按册的先后排列", None);
        }
        out.push(category);
        tables.push(table);
    }
    (out, tables)
}

/// What an order names must be recognisable; anything may be taken for `other`.
fn recognisable(tables: Vec<Reader<'_>>, categories: &[Category], entries: &[MaterialEntry]) {
    for (table, category) in tables.into_iter().zip(categories) {
        let ordered = category.order.iter().flatten().filter(|m| **m != Material::Other);
        for material in ordered.filter(|m| !entries.iter().any(|e| e.material == **m)) {
            let found = format!("写着“{material}”，但没有它的 [[material]] 表");
            table.mistake("order", found, "本文件 [[material]] 列出的材料", None);
        }
        table.finish();
    }
}

fn entries(root: &Reader<'_>, names: &Names, categories: &[Category]) -> Vec<MaterialEntry> {
    let mut out: Vec<MaterialEntry> = Vec::new();
    let mut lines = Vec::new();
    for table in root.tables("material", "material") {
        let material = table.pick("material", &names.materials);
        let category = table.pick_optional("category", &names.categories);
        let written = table.pick_optional("volume", &names.volumes);
        let of_category = category.and_then(|c| categories.get(c)).map(|c| c.volume);
        if written.is_some() && of_category.is_some() && written != of_category {
            table.mistake("volume", "与所在分类的册不一致", "分类所属的册，或省去不写", None);
        }
        let usual = material.map(recognition).unwrap_or_default();
        let words = |key, usual| {
            let written = table.texts(key);
            if table.has(key) { written } else { usual }
        };
        let entry = MaterialEntry {
            material: material.unwrap_or(Material::Other),
            name: table.text("name"),
            titles: words("titles", usual.titles),
            hints: words("hints", usual.hints),
            unlike: words("unlike", usual.unlike),
            file_names: words("file_names", usual.file_names),
            volume: of_category.or(written),
            category,
            pages: table.range("pages", (1, 50)),
        };
        let place = (entry.material, entry.volume, entry.category);
        // Where a name was mistaken, the place isn't known.
        let placed = table.has("category") == category.is_some() && table.has("volume") == written.is_some();
        if placed && material.is_some() && lines.contains(&place) {
            table.mistake(
                "material",
                format!("“{}”在同一位置重复", entry.material),
                "同一册、同一分类中每种材料只写一项",
                None,
            );
        }
        if placed {
            lines.push(place);
        }
        table.finish();
        out.push(entry);
    }
    if out.is_empty() {
        root.mistake("material", "没有列出任何材料", "至少一个 [[material]] 表", None);
    }
    out
}

fn forms(root: &Reader<'_>, names: &Names) -> Vec<Form> {
    let mut seen = Vec::new();
    let mut out = Vec::new();
    for table in root.tables("form", "form") {
        let material = table.pick("material", &names.materials);
        if let Some(material) = material {
            unique(&table, "material", material.id(), &mut seen);
        }
        let form = Form {
            material: material.unwrap_or(Material::Other),
            fields: fields(&table),
            places: places(&table),
            earlier: table.picks("earlier", &names.categories),
        };
        table.finish();
        out.push(form);
    }
    out
}

fn fields(form: &Reader<'_>) -> Vec<FormField> {
    let kinds = Choice::new("栏目类型", FIELD_KINDS);
    let mut out = Vec::new();
    for table in form.tables("field", "form.field") {
        let field = FormField {
            labels: table.some_texts("labels"),
            kind: table.pick("kind", &kinds).unwrap_or(FieldKind::Text),
            column: table.flag("column"),
        };
        table.finish();
        out.push(field);
    }
    out
}

fn places(form: &Reader<'_>) -> Vec<PlaceRule> {
    let kinds = Choice::new("位置类型", PLACE_KINDS);
    let mut seen = Vec::new();
    let mut out = Vec::new();
    for table in form.tables("place", "form.place") {
        let kind = table.pick("kind", &kinds).unwrap_or(PlaceKind::Anywhere);
        let labels = if kind == PlaceKind::Anywhere { table.texts("labels") } else { table.some_texts("labels") };
        let place = PlaceRule { id: table.text("id"), name: table.text("name"), kind, labels };
        unique(&table, "id", &place.id, &mut seen);
        table.finish();
        out.push(place);
    }
    out
}
