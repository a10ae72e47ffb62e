//! Lists of materials (目录, 申报材料清单): rows to entries.

mod columns;
mod crowding;
mod numerals;
mod rows;

use crate::model::catalogue::{Catalogue, CatalogueEntry, ReadNumber};
use crate::model::geometry::Rect;
use crate::model::material::Material;
use crate::model::packet::PacketFacts;
use crate::pack::rules::RulePack;

use super::cells::{PageCells, Piece};
use columns::{Columns, Parts};
use numerals::{Pages, tight};

/// A letter taken for a digit is no certain digit.
const LOOKALIKE: f32 = 0.5;
/// A list most of whose rows bear an ordinal: a row without one goes on with the name above.
const NUMBERED: f32 = 0.6;

/// Every list of materials in the packet, with the pages that go on with it.
pub(super) fn read(facts: &PacketFacts, pack: &RulePack) -> Vec<Catalogue> {
    let mut found: Vec<Catalogue> = Vec::new();
    for span in &facts.spans {
        if !matches!(span.material, Material::Catalogue | Material::MaterialList) {
            continue;
        }
        let pages: Vec<usize> = span.pages.clone().collect();
        match found.last_mut() {
            Some(last)
                if last.material == span.material
                    && last.volume == span.volume
                    && last.pages.last().is_some_and(|p| p + 1 == span.pages.start)
                    && same_file(facts, last.pages[0], span.pages.start) =>
            {
                last.pages.extend(pages);
                last.confidence = last.confidence.min(span.confidence);
            }
            _ => found.push(Catalogue {
                material: span.material,
                volume: span.volume,
                pages,
                confidence: span.confidence,
                entries: Vec::new(),
                headings: Vec::new(),
                total: None,
            }),
        }
    }
    for catalogue in &mut found {
        fill(catalogue, facts, pack);
    }
    found
}

fn same_file(facts: &PacketFacts, a: usize, b: usize) -> bool {
    facts.pages.get(a).map(|p| &p.file) == facts.pages.get(b).map(|p| &p.file)
}

/// Reads the list's pages into it.
fn fill(catalogue: &mut Catalogue, facts: &PacketFacts, pack: &RulePack) {
    let mut columns = Columns::default();
    let mut read: Vec<(usize, Parts)> = Vec::new();
    for &index in &catalogue.pages {
        let Some(page) = facts.page(index) else { continue };
        for row in rows::rows(&PageCells::new(index, page)) {
            let text = row.text();
            if let Some(value) = numerals::total(&text) {
                let (confidence, hand) = surety(&row.pieces);
                catalogue.total = Some((ReadNumber { value, confidence, hand }, index, row.rect()));
                continue;
            }
            if let Some(heads) = Columns::of(&row) {
                columns = heads;
                continue;
            }
            read.extend(columns.blocks(&row).into_iter().map(|block| (index, columns.parts(block))));
        }
    }
    if columns.counts_are_pages(&read) {
        for (_, parts) in &mut read {
            parts.pages = parts.count.take();
        }
    }
    crowding::doubt(&mut read);
    let ordinals = read.iter().filter(|(_, p)| p.ordinal && !p.name.is_empty()).count() as f32;
    let named = read.iter().filter(|(_, p)| !p.name.is_empty() && heading(p, pack).is_none()).count() as f32;
    let numbered = ordinals >= NUMBERED * named && ordinals >= 2.0;
    let title = |p: &Parts| is_title(p, pack);
    let mut under: Option<String> = None;
    let mut began = false;
    for (page, parts) in read {
        if parts.name.is_empty() || (!began && title(&parts)) {
            continue;
        }
        if let Some(name) = heading(&parts, pack) {
            catalogue.headings.push(name.clone());
            under = Some(name);
            began = true;
            continue;
        }
        let bare = !parts.ordinal && parts.pages.is_none() && parts.count.is_none();
        // A thin 1 is easily lost: what names a material by itself is an entry without its numbers.
        let named = bare && names_material(&parts, pack);
        let continues = numbered && !parts.ordinal && !parts.ruled && !named;
        match catalogue.entries.last_mut() {
            Some(last)
                if continues
                    && last.page == page
                    && last.heading == under
                    && (last.first.is_none() || parts.pages.is_none()) =>
            {
                extend(last, parts);
            }
            // Before the first numbered row stands the list's title, the applicant's name, the unit.
            _ if continues && !began => {}
            _ if bare && !numbered && !named => {}
            _ => {
                began |= true;
                catalogue.entries.push(entry(page, parts, under.clone()));
            }
        }
    }
}

fn entry(page: usize, parts: Parts, heading: Option<String>) -> CatalogueEntry {
    let (confidence, hand) = surety(&parts.name);
    let (first, last) = match parts.pages.as_ref().and_then(number) {
        Some((Pages::Range(first, last), of)) if first > 0 => {
            (Some(ReadNumber { value: first, ..of }), last.map(|l| ReadNumber { value: l, ..of }))
        }
        _ => (None, None),
    };
    let by_word = parts.pages.as_ref().and_then(number).filter(|(p, _)| matches!(p, Pages::Count(_)));
    let count = parts.count.as_ref().and_then(number).or(by_word).map(|(pages, of)| {
        let (Pages::Count(value) | Pages::Range(value, _)) = pages;
        ReadNumber { value, ..of }
    });
    CatalogueEntry { name: name_of(&parts), heading, page, rect: parts.rect(), confidence, hand, first, last, count }
}

/// Goes on with an entry whose name, or number, stands a line further down.
fn extend(last: &mut CatalogueEntry, parts: Parts) {
    let more = entry(last.page, parts, None);
    last.name.push_str(&more.name);
    last.rect = last.rect.union(&more.rect);
    last.confidence = last.confidence.min(more.confidence);
    last.hand |= more.hand;
    if last.first.is_none() {
        (last.first, last.last) = (more.first, more.last);
    }
    last.count = last.count.or(more.count);
}

fn number(piece: &Piece) -> Option<(Pages, ReadNumber)> {
    let (pages, lookalike) = numerals::pages(&piece.text)?;
    let confidence = if lookalike { piece.weakest.min(LOOKALIKE) } else { piece.weakest };
    Some((pages, ReadNumber { value: 0, confidence, hand: piece.hand }))
}

fn surety(pieces: &[Piece]) -> (f32, bool) {
    (pieces.iter().map(|p| p.weakest).fold(1.0, f32::min), pieces.iter().any(|p| p.hand))
}

fn name_of(parts: &Parts) -> String {
    tight(&parts.name.iter().map(|p| p.text.as_str()).collect::<String>())
}

/// A row that heads entries: a category's, or one that is numbered as such (第一类：…, 一、…), without a page.
fn heading(parts: &Parts, pack: &RulePack) -> Option<String> {
    if parts.pages.is_some() || parts.count.is_some() {
        return None;
    }
    let name = format!("{}{}", parts.lead, name_of(parts));
    let rest = name
        .strip_prefix('第')
        .map(|r| r.trim_start_matches(|c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c)));
    let counted = rest.is_some_and(|r| {
        r.is_empty() || r.starts_with(['类', '部', '章', '册', '卷', '：', ':', '、', '.', '，', ','])
    });
    let han = parts.lead.starts_with(|c: char| "一二三四五六七八九十".contains(c));
    let bare: String = name_of(parts);
    let of_category = !parts.ordinal && pack.categories.iter().flat_map(|c| &c.titles).any(|t| tight(t) == bare);
    (counted || han || of_category).then_some(name)
}

/// Remarks behind a material's name.
const REMARKS: [&str; 6] = ["（复印件）", "(复印件)", "（原件）", "(原件)", "复印件", "原件"];
/// Titles up to this long occur in names of other things.
const SHORT: usize = 3;

/// Whether a row's words are a material's name, hardly more.
fn names_material(parts: &Parts, pack: &RulePack) -> bool {
    let name = REMARKS.iter().fold(name_of(parts), |n, r| n.trim_end_matches(r).to_owned());
    let length = name.chars().count();
    let listed = |m: Material| matches!(m, Material::Catalogue | Material::MaterialList | Material::Other);
    pack.materials.iter().filter(|e| !listed(e.material)).flat_map(|e| e.titles.iter().chain([&e.name])).any(|t| {
        let title = tight(t);
        let own = title.chars().count();
        name == title || (own > SHORT && own * 2 > length && name.ends_with(&title))
    })
}

/// The list's own title or a volume's name over it.
fn is_title(parts: &Parts, pack: &RulePack) -> bool {
    let name = name_of(parts);
    let of_list = pack
        .materials
        .iter()
        .filter(|m| matches!(m.material, Material::Catalogue | Material::MaterialList))
        .flat_map(|m| m.titles.iter().chain([&m.name]))
        .any(|t| name.ends_with(&tight(t)));
    (of_list || pack.volumes.iter().flat_map(|v| &v.titles).any(|t| tight(t) == name)) && parts.pages.is_none()
}

impl Parts {
    fn rect(&self) -> Rect {
        self.name
            .iter()
            .chain(&self.pages)
            .chain(&self.count)
            .map(|p| p.rect)
            .reduce(|a, b| a.union(&b))
            .unwrap_or(Rect::PAGE)
    }
}
