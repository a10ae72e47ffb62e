//! How much each page speaks for each material entry.

use super::fold::{Title, bears, fold, folded, marks};
use super::heading::{Heading, View};
use super::region::{LISTING, Names};
use crate::model::material::Material;
use crate::model::packet::PageRecord;
use crate::pack::rules::{MaterialEntry, PlaceKind, RulePack};

/// One page's evidence for one entry; all parts 0 to about 1.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Evidence {
    /// A heading bears one of its titles.
    pub(super) title: f32,
    /// How far down that heading stands, 0 to 1.
    pub(super) title_y: f32,
    /// A heading bears one of its hints: a section of the form.
    pub(super) section: f32,
    pub(super) section_y: f32,
    /// Its hints occur in the text.
    pub(super) hints: f32,
    /// Words against it occur.
    pub(super) unlike: f32,
    /// The file's name says so.
    pub(super) name: f32,
    /// The page looks like it (photos).
    pub(super) look: f32,
}

/// What an entry's hints are worth: words that several materials claim say less.
struct Prepared {
    titles: Vec<Title>,
    sections: Vec<Title>,
    /// Names of the form's boxes, which stand in cells of their own.
    labels: Vec<Title>,
    hints: Vec<(String, f32)>,
    unlike: Vec<String>,
    files: Vec<Vec<char>>,
}

/// Evidence of every page for every entry.
pub(super) fn weigh(pages: &[PageRecord], views: &[View], pack: &RulePack) -> Vec<Vec<Evidence>> {
    let prepared = prepare(pack);
    let list = Names::of(pack);
    let same: Vec<Option<usize>> = pack
        .materials
        .iter()
        .enumerate()
        .map(|(e, entry)| (0..e).find(|o| same_words(&pack.materials[*o], entry)))
        .collect();
    let mut out: Vec<Vec<Evidence>> = Vec::with_capacity(pages.len());
    let mut names: Vec<f32> = Vec::new();
    for (i, (page, view)) in pages.iter().zip(views).enumerate() {
        if i == 0 || pages[i - 1].file != page.file {
            names = file_votes(&page.file, &prepared);
        }
        let listing = !view.silent && list.listed(view, pack) >= LISTING;
        let mut row: Vec<Evidence> = Vec::with_capacity(prepared.len());
        for (e, entry) in pack.materials.iter().enumerate() {
            let mut this = same[e].map_or_else(|| words(view, &prepared[e], entry, listing), |o| row[o]);
            this.name = names[e];
            this.look = look(page, view, entry.material);
            row.push(this);
        }
        yield_to_titles(&mut row, pack);
        out.push(row);
    }
    out
}

/// What stands below a document's title belongs to that document: it is no section of the one before.
fn yield_to_titles(row: &mut [Evidence], pack: &RulePack) {
    let headed: Vec<(Material, f32)> = row
        .iter()
        .zip(&pack.materials)
        .filter(|(e, _)| e.title >= CLEAR)
        .map(|(e, m)| (m.material, e.title_y))
        .collect();
    for (this, entry) in row.iter_mut().zip(&pack.materials) {
        if headed.iter().any(|(m, y)| *y + 0.01 < this.section_y || (*m == entry.material && *y <= this.section_y)) {
            this.section = 0.0;
        }
    }
}

fn same_words(a: &MaterialEntry, b: &MaterialEntry) -> bool {
    a.material == b.material && a.titles == b.titles && a.hints == b.hints && a.unlike == b.unlike
}

fn prepare(pack: &RulePack) -> Vec<Prepared> {
    let entries = &pack.materials;
    let claims = |hint: &str| {
        let mut by: Vec<Material> =
            entries.iter().filter(|e| e.hints.iter().any(|h| h == hint)).map(|e| e.material).collect();
        by.sort_unstable();
        by.dedup();
        by.len().max(1) as f32
    };
    entries
        .iter()
        .map(|e| Prepared {
            titles: e.titles.iter().map(|t| Title::new(t)).collect(),
            sections: e.hints.iter().map(|h| Title::new(h)).filter(|t| t.len() >= 2).collect(),
            labels: boxes(e.material, pack),
            hints: e
                .hints
                .iter()
                .filter(|h| !h.contains('…'))
                .map(|h| (folded(h), 1.0 / claims(h).sqrt()))
                .filter(|(h, _)| !h.is_empty())
                .collect(),
            unlike: e.unlike.iter().map(|u| folded(u)).filter(|u| !u.is_empty()).collect(),
            files: e.file_names.iter().map(|f| fold(f)).filter(|f| !f.is_empty()).collect(),
        })
        .collect()
}

/// Shorter labels (意见) stand on any form.
const LEAST_LABEL: usize = 5;

fn boxes(material: Material, pack: &RulePack) -> Vec<Title> {
    let places = pack.form(material).into_iter().flat_map(|f| &f.places).filter(|p| p.kind == PlaceKind::Box);
    places.flat_map(|p| &p.labels).map(|l| Title::new(l)).filter(|t| t.len() >= LEAST_LABEL).collect()
}

/// A title so well borne heads its page.
const CLEAR: f32 = 0.75;
/// A section's heading is the section's name, hardly more; a number before it, or its length, make up for misread
/// characters.
fn section_quality(heading: &Heading, len: usize) -> f32 {
    if heading.numbered {
        0.55
    } else if len >= 8 {
        0.7
    } else {
        0.9
    }
}

/// A numbered heading (三、工作经历), or a cell's, is a part of a document; as its title it counts this much.
const PART: f32 = 0.3;
/// A box's label is its name and hardly more.
const LABELLED: f32 = 0.85;
/// Titles on a list of materials, and 目录 over a list of anything else (a journal's), count this much.
const OTHER_LIST: f32 = 0.3;
/// Hints add up with falling worth: three distinct ones make about three quarters of certainty.
const HINT_RATE: f32 = 0.45;

fn words(view: &View, of: &Prepared, entry: &MaterialEntry, listing: bool) -> Evidence {
    if view.silent {
        return Evidence::default();
    }
    // Short titles (证明, 合同) are common words; the longer title is the surer one.
    let worth = |len: usize| match len {
        0..=3 => 0.9,
        4 | 5 => 0.97,
        _ => 1.0,
    };
    let part = |h: &Heading| if h.numbered || h.label { PART } else { 1.0 };
    let (title, title_y) = best(view, &of.titles, |h, quality, len| quality * worth(len) * part(h));
    let (section, section_y) =
        best(view, &of.sections, |h, quality, len| if quality >= section_quality(h, len) { quality } else { 0.0 });
    // Under a heading of its own a page with such a box may be another form.
    let (label, label_y) = match view.opens {
        true => (0.0, 0.0),
        false => best(view, &of.labels, |h, quality, _| if h.label && quality >= LABELLED { quality } else { 0.0 }),
    };
    let (section, section_y) = if label > section { (label, label_y) } else { (section, section_y) };
    let (title, title_y) = match entry.material {
        Material::Paper if is_journal_cover(view) => (title.max(JOURNAL_COVER), 0.0),
        Material::PaperIndexPage if is_database_record(view) => (title.max(DATABASE_RECORD), 0.0),
        _ => (title, title_y),
    };
    let found: f32 = of.hints.iter().filter(|(h, _)| view.body.contains(h.as_str())).map(|(_, w)| w).sum();
    let upper = of.unlike.iter().filter(|u| view.upper.contains(u.as_str())).count() as f32;
    let body = of.unlike.iter().filter(|u| view.body.contains(u.as_str())).count() as f32;
    let is_catalogue = entry.material == Material::Catalogue;
    // A 目录, and the list on the bag, name every material; those names are not titles.
    let is_list = is_catalogue || entry.material == Material::MaterialList;
    let damp = if listing == is_list { 1.0 } else { OTHER_LIST };
    Evidence {
        title: title * damp,
        title_y,
        section_y,
        section: if section >= 0.5 { section } else { 0.0 },
        hints: ((1.0 - (-HINT_RATE * found).exp()) * if listing { damp } else { 1.0 })
            .max(if listing && is_catalogue { 0.9 } else { 0.0 }),
        unlike: (upper * 0.6 + (body - upper) * 0.2).min(1.2),
        ..Evidence::default()
    }
}

/// A journal's cover names the journal, which no rule pack can list, and its numbers; its publisher stands inside.
const COVER_LINES: usize = 16;
const JOURNAL_COVER: f32 = 0.8;

fn is_journal_cover(view: &View) -> bool {
    let has = |word: &str| view.body.contains(word);
    view.lines <= COVER_LINES
        && has("ISSN")
        && (has("总第") || has("年第"))
        && has("期")
        && !["主管", "主办单位", "出版单位", "摘要", "检索", "目录", "目次"].iter().any(|w| has(w))
}

/// A database's record of a paper: its parts under labels of their own, and a sign of the web. The database's name is a
/// drawn logo as often as text, and any publisher may run one.
const DATABASE_RECORD: f32 = 0.85;
const RECORD_LINES: usize = 50;
const AUTHORS: [&str; 3] = ["作者", "著者", "责任者"];
const NO_AUTHORS: [&str; 3] = ["作者简介", "作者单位", "作者声明"];
const SOURCES: [&str; 8] = ["来源", "文献来源", "出处", "刊名", "期刊名称", "期刊", "来源刊名", "来源期刊"];
/// Labels of a record's other parts; of each group one counts.
const PARTS: [&[&str]; 4] = [
    &["机构", "作者单位", "单位", "作者机构"],
    &["页码", "页数", "起止页", "起止页码"],
    &["出版时间", "发表时间", "发表日期", "年卷期", "年期", "年份"],
    &["ISSN", "国际刊号", "国内刊号"],
];
const WEB: [&str; 14] = [
    "HTTP",
    "WWW",
    "网址",
    "被引",
    "下载",
    "检索",
    "数据库",
    "知网",
    "万方",
    "维普",
    "收录",
    "DBCODE",
    "CNKI",
    "浏览量",
];

fn is_database_record(view: &View) -> bool {
    let begins = |labels: &[&str], not: &[&str]| {
        view.headings.iter().any(|h| {
            let text: String = h.text.iter().collect();
            labels.iter().any(|l| text.starts_with(l)) && !not.iter().any(|n| text.starts_with(n))
        })
    };
    let parts = PARTS.iter().filter(|p| begins(p, &[])).count() + usize::from(begins(&SOURCES, &[]));
    view.lines <= RECORD_LINES
        && begins(&AUTHORS, &NO_AUTHORS)
        && begins(&SOURCES, &[])
        && parts >= 3
        && WEB.iter().any(|w| view.body.contains(w))
}

/// The best of all headings against all titles; `worth` takes the heading, how well it bears the title, and the title's length.
fn best(view: &View, titles: &[Title], worth: impl Fn(&Heading, f32, usize) -> f32) -> (f32, f32) {
    let (mut best, mut y): (f32, f32) = (0.0, 0.0);
    for heading in &view.headings {
        let marks = marks(&heading.text);
        for title in titles {
            // Nothing in this heading can beat what is found.
            if heading.weight <= best {
                break;
            }
            if !title.may_head(marks) {
                continue;
            }
            let plain = bears(&heading.text, title);
            let bare = heading.bare.as_ref().map_or(0.0, |b| bears(b, title));
            let this = worth(heading, plain.max(bare), title.len()) * heading.weight;
            if this > best {
                (best, y) = (this, heading.y);
            }
        }
    }
    (best.min(1.15), y)
}

/// How much a file's name speaks for each entry: 1 for the longest word found in it, less for shorter ones.
fn file_votes(file: &str, prepared: &[Prepared]) -> Vec<f32> {
    let stem = file.rsplit('/').next().unwrap_or(file);
    let stem = fold(stem.rsplit_once('.').map_or(stem, |(s, _)| s));
    let holds = |word: &Vec<char>| stem.windows(word.len()).any(|w| w == word.as_slice());
    let longest: Vec<usize> =
        prepared.iter().map(|p| p.files.iter().filter(|f| holds(f)).map(Vec::len).max().unwrap_or(0)).collect();
    let most = longest.iter().copied().max().unwrap_or(0).max(1) as f32;
    longest.iter().map(|l| (*l as f32 / most).powi(2)).collect()
}

/// A print of an identity photo is at most this wide; larger pictures are of something else.
const PHOTO_PX: u32 = 1300;

fn look(page: &PageRecord, view: &View, material: Material) -> f32 {
    let Ok(facts) = &page.facts else { return 0.0 };
    match material {
        Material::Photo => {
            let (w, h) = facts.pixels;
            let alone = view.body.is_empty() && !facts.quality.blank && facts.tables.is_empty();
            let shape = w > 0 && (1.15..=1.65).contains(&(h as f32 / w as f32)) && w <= PHOTO_PX;
            if view.portrait {
                1.0
            } else if alone && shape && !page.file.to_lowercase().ends_with(".pdf") {
                0.8
            } else {
                0.0
            }
        }
        Material::PublicityPhoto if view.pictures >= 0.12 && view.body.contains("公示") => 0.6,
        _ => 0.0,
    }
}
