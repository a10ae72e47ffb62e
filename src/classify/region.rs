//! Where volumes and categories begin: covers, 目录, divider pages, folder and file names.

use super::align::Step;
use super::fold::{Title, bears, fold, folded};
use super::heading::View;
use super::ordinal;
use crate::model::material::Material;
use crate::model::packet::PageRecord;
use crate::pack::rules::RulePack;

/// What is known of a page's surroundings before materials are named. One element per page.
#[derive(Debug, Default)]
pub(super) struct Regions {
    /// The page is the cover of this volume.
    pub(super) cover: Vec<Option<usize>>,
    /// The page is nothing but the heading of this category.
    pub(super) divider: Vec<Option<usize>>,
    /// The page lies behind the beginning of this volume in its file.
    pub(super) volume: Vec<Option<usize>>,
    /// The page lies behind a heading of this category.
    pub(super) section: Vec<Option<usize>>,
    /// How many materials and categories the page lists: high on a 目录.
    pub(super) listed: Vec<usize>,
    /// Some page or name tells where a volume begins.
    pub(super) marked: bool,
}

/// A cover carries a title and a few labelled lines; a page with more is a document that mentions the volume.
const COVER_LINES: usize = 24;
const COVER_CHARS: usize = 220;
/// A divider carries its heading, at most with the unit, the name or a list of what follows.
const DIVIDER_LINES: usize = 10;
const DIVIDER_CHARS: usize = 90;
/// What stands on the lines of a divider's list is no longer, and so many of a hundred lines name a material.
const ITEM_CHARS: usize = 24;
const NAMED_ITEMS: usize = 60;
/// How surely a heading must bear a title to mark a region.
const SURE: f32 = 0.8;
/// So many names of materials and categories on one page make a list of them.
pub(super) const LISTING: usize = 4;

/// Finds them.
pub(super) fn find(pages: &[PageRecord], views: &[View], pack: &RulePack) -> Regions {
    let volumes: Vec<Vec<Title>> = pack.volumes.iter().map(|v| titles(&v.titles)).collect();
    let categories: Vec<Vec<Title>> = pack.categories.iter().map(|c| titles(&c.titles)).collect();
    let catalogue: Vec<(Option<usize>, Vec<Title>)> = pack
        .materials
        .iter()
        .filter(|e| e.material == Material::Catalogue)
        .map(|e| (e.volume, titles(&e.titles)))
        .collect();
    let names = Names::of(pack);
    let mut out = Regions { listed: views.iter().map(|v| names.listed(v, pack)).collect(), ..Regions::default() };
    let mut volume = None;
    let mut section = None;
    for (i, (page, view)) in pages.iter().zip(views).enumerate() {
        if i == 0 || page.file != pages[i - 1].file {
            (volume, section) = named(&page.file, pack);
            out.marked |= volume.is_some();
        }
        let listing = out.listed[i] >= LISTING;
        let sparse =
            |lines: usize, chars: usize| !view.silent && view.lines <= lines && view.body.chars().count() <= chars;
        let divider = if listing || !sparse(DIVIDER_LINES, DIVIDER_CHARS) {
            names.heads_list(view, &categories)
        } else {
            best(view, &categories, SURE).or_else(|| by_number(view, pack))
        };
        let cover = if listing || divider.is_some() || !sparse(COVER_LINES, COVER_CHARS) {
            None
        } else {
            best(view, &volumes, SURE)
        };
        let opened = i > 0 && page.file == pages[i - 1].file && out.cover[i - 1].is_some();
        let contents = if listing && catalogue.iter().any(|(_, t)| bears_any(view, t) >= SURE) {
            let of: Vec<usize> = catalogue.iter().filter_map(|(v, _)| *v).collect();
            if opened { volume } else { contents_of(view, &of, volume, pack) }
        } else {
            None
        };
        if let Some(begun) = cover.or(contents) {
            (volume, section) = (Some(begun), None);
            out.marked = true;
        }
        if let Some(heading) = divider.or_else(|| if listing { None } else { numbered(view, &categories) }) {
            section = Some(heading);
            volume = Some(pack.categories[heading].volume);
            out.marked = true;
        }
        out.cover.push(cover);
        out.divider.push(divider);
        out.volume.push(volume);
        out.section.push(section);
    }
    out.marked &= holds_together(pages, &out.volume);
    out
}

/// Which volume's 目录 a page is: the one its heading names, else the one whose materials it lists, else the one already
/// begun.
fn contents_of(view: &View, of: &[usize], begun: Option<usize>, pack: &RulePack) -> Option<usize> {
    if of.len() < 2 {
        return of.first().copied();
    }
    let holds = |heading: &[char], words: &[char]| words.len() >= 3 && heading.windows(words.len()).any(|w| w == words);
    let named = |v: &usize| {
        let heads = view.headings.iter().filter(|h| h.y < 0.3);
        let titles: Vec<Vec<char>> = pack.volumes[*v].titles.iter().map(|t| fold(t)).collect();
        heads.flat_map(|h| titles.iter().filter(|t| holds(&h.text, t)).map(Vec::len)).max().unwrap_or(0)
    };
    let lists = |v: &usize| {
        let own = |m: Material| pack.materials.iter().filter(|e| e.material == m).all(|e| e.volume == Some(*v));
        let said = |titles: &[String]| {
            titles.iter().map(|t| folded(t)).any(|t| t.chars().count() >= 4 && view.body.contains(&t))
        };
        pack.materials.iter().filter(|e| own(e.material) && said(&e.titles)).count()
    };
    let winner = |score: &dyn Fn(&usize) -> usize| {
        let mut scored: Vec<(usize, usize)> = of.iter().map(|v| (score(v), *v)).collect();
        scored.sort_by_key(|(s, _)| std::cmp::Reverse(*s));
        (scored[0].0 > scored[1].0).then_some(scored[0].1)
    };
    winner(&named).or_else(|| winner(&lists)).or(begun).or_else(|| of.first().copied())
}

/// A volume scanned sheet by sheet into files of their own: its cover tells nothing of where the other files belong.
const SHEETS: usize = 3;

/// Whether some file with a sign of a volume holds more than a few sheets.
fn holds_together(pages: &[PageRecord], volume: &[Option<usize>]) -> bool {
    let count = |file: &str| pages.iter().filter(|p| p.file == file).count();
    pages.iter().zip(volume).any(|(p, v)| v.is_some() && count(&p.file) >= SHEETS)
}

/// A file without any sign of its own is a further part of the volume where most of it can only be bound. Takes such
/// files into the volume; says whether there were any.
pub(super) fn adopt(regions: &mut Regions, pages: &[PageRecord], path: &[Step], pack: &RulePack) -> bool {
    let mut adopted = false;
    let mut start = 0;
    while start < pages.len() {
        let end = start + pages[start..].iter().take_while(|p| p.file == pages[start].file).count();
        if regions.marked && regions.volume[start..end].iter().all(Option::is_none) {
            let begun = path[start..end].iter().filter(|s| s.first).filter_map(|s| s.entry);
            let homes: Vec<Vec<Option<usize>>> = begun
                .map(|e| {
                    pack.materials
                        .iter()
                        .filter(|m| m.material == pack.materials[e].material)
                        .map(|m| m.volume)
                        .collect()
                })
                .collect();
            let bound: Vec<usize> =
                homes.iter().filter(|h| h.iter().all(Option::is_some)).filter_map(|h| h[0]).collect();
            let loose = homes.iter().filter(|h| h.iter().all(Option::is_none)).count();
            if bound.len() >= SHEETS && bound.len() > 2 * loose {
                regions.volume[start..end].fill(Some(bound[0]));
                adopted = true;
            }
        }
        start = end;
    }
    adopted
}

fn titles(of: &[String]) -> Vec<Title> {
    of.iter().map(|t| Title::new(t)).collect()
}

fn bears_any(view: &View, titles: &[Title]) -> f32 {
    let of = |h: &super::heading::Heading| {
        titles.iter().map(|t| bears(&h.text, t).max(h.bare.as_ref().map_or(0.0, |b| bears(b, t)))).fold(0.0, f32::max)
    };
    view.headings.iter().map(of).fold(0.0, f32::max)
}

fn best(view: &View, of: &[Vec<Title>], at_least: f32) -> Option<usize> {
    let scored = of.iter().enumerate().map(|(i, t)| (i, bears_any(view, t))).filter(|(_, s)| *s >= at_least);
    scored
        .fold(
            None,
            |best: Option<(usize, f32)>, this| if best.is_some_and(|b| b.1 >= this.1) { best } else { Some(this) },
        )
        .map(|(i, _)| i)
}

/// The only category that bears the number of a page's heading.
fn by_number(view: &View, pack: &RulePack) -> Option<usize> {
    let mut found = pack.categories.iter().enumerate().filter(|(_, category)| {
        let titles: Vec<Vec<char>> = category.titles.iter().map(|t| fold(t)).collect();
        ordinal::of_titles(&titles).is_some_and(|n| view.headings.iter().any(|h| ordinal::heads(h, n, &titles)))
    });
    let (first, more) = (found.next(), found.next());
    first.filter(|_| more.is_none()).map(|(i, _)| i)
}

/// A category whose numbered heading (第三：…, 第三类…) opens a page that goes on with a document.
fn numbered(view: &View, categories: &[Vec<Title>]) -> Option<usize> {
    let heading = |h: &&super::heading::Heading| h.y < 0.3 && h.text.first() == Some(&'第') && h.text.len() >= 5;
    let opening = View { headings: view.headings.iter().filter(heading).cloned().collect(), ..View::default() };
    best(&opening, categories, 0.9)
}

/// The volume and category that the folders and the name of a file tell.
fn named(file: &str, pack: &RulePack) -> (Option<usize>, Option<usize>) {
    let name = folded(file.rsplit_once('.').map_or(file, |(stem, _)| stem));
    let within = |titles: &[String], least: usize| {
        let words = titles.iter().map(|t| folded(t)).filter(|t| t.chars().count() >= least && name.contains(t));
        words.map(|t| t.len()).max()
    };
    let longest = |all: Vec<Option<usize>>| {
        let found = all.into_iter().enumerate().filter_map(|(i, l)| l.map(|l| (l, i)));
        found.max_by_key(|(l, i)| (*l, usize::MAX - i)).map(|(_, i)| i)
    };
    let section = longest(pack.categories.iter().map(|c| within(&c.titles, 4)).collect());
    let volume = longest(pack.volumes.iter().map(|v| within(&v.titles, 2)).collect());
    (section.map(|s| pack.categories[s].volume).or(volume), section)
}

/// Whether a volume's name and 目录 head the page: the list, however short. 目录 alone heads a journal's contents too.
fn is_headed_list(view: &View, pack: &RulePack) -> bool {
    let volumes: Vec<String> = pack.volumes.iter().flat_map(|v| &v.titles).map(|t| folded(t)).collect();
    let heads = view.headings.iter().filter(|h| h.y < 0.2 && !h.numbered);
    heads.filter_map(|h| h.text.iter().collect::<String>().strip_suffix("目录").map(str::to_owned)).any(|of| {
        let bare = of.trim_end_matches("材料");
        !bare.is_empty() && volumes.iter().any(|v| *v == of || *v == bare || v.trim_end_matches("材料") == bare)
    })
}

/// Headings of a 目录's columns.
const TABLED: [&str; 4] = ["序号", "页码", "页次", "材料名称"];

/// Whether a line is a page number, or ends with one as an entry of a 目录 does (毕业证书 3); a year is none.
fn is_paged(row: &str) -> bool {
    let digits = row.chars().rev().take_while(char::is_ascii_digit).count();
    (1..=3).contains(&digits)
}

/// The folded titles of a pack's categories and materials that a list may name.
pub(super) struct Names {
    categories: Vec<Vec<String>>,
    materials: Vec<(Material, Vec<String>)>,
}

impl Names {
    pub(super) fn of(pack: &RulePack) -> Self {
        let long = |titles: &[String]| -> Vec<String> {
            titles.iter().map(|t| folded(t)).filter(|t| t.chars().count() >= 4).collect()
        };
        let mut materials: Vec<(Material, Vec<String>)> = Vec::new();
        for entry in &pack.materials {
            match materials.iter_mut().find(|(m, _)| *m == entry.material) {
                Some((_, titles)) => titles.extend(long(&entry.titles)),
                None => materials.push((entry.material, long(&entry.titles))),
            }
        }
        for (_, titles) in &mut materials {
            titles.sort_unstable();
            titles.dedup();
        }
        Self { categories: pack.categories.iter().map(|c| long(&c.titles)).collect(), materials }
    }

    /// How many of the pack's categories and materials a page names, each on a line of its own or in the text.
    pub(super) fn listed(&self, view: &View, pack: &RulePack) -> usize {
        if view.silent {
            return 0;
        }
        if is_headed_list(view, pack) {
            return LISTING;
        }
        let named = |titles: &[String]| titles.iter().any(|t| view.body.contains(t));
        let categories = self.categories.iter().filter(|c| named(c)).count();
        let materials = self.materials.iter().filter(|(_, titles)| named(titles)).count();
        let tabled = TABLED.iter().filter(|w| view.body.contains(*w)).count();
        if tabled == 0 { categories + materials / 3 } else { categories + materials / 2 + tabled }
    }

    /// The category whose heading opens a page that goes on with nothing but a list of what follows it.
    fn heads_list(&self, view: &View, categories: &[Vec<Title>]) -> Option<usize> {
        let numbers = |row: &&String| row.chars().all(|c| c.is_ascii_digit() || "第页共全".contains(c));
        let mut rows = view.rows.iter().filter(|r| !numbers(r));
        let head: Vec<char> = rows.next()?.chars().collect();
        let items: Vec<&String> = rows.collect();
        // The volume's own page number stands at its head or foot; more of them belong to a 目录.
        let listed = view.rows.len() - items.len() <= 3
            && !items.is_empty()
            && items.iter().all(|i| i.chars().count() <= ITEM_CHARS && !is_paged(i))
            && !TABLED.iter().chain(&["目录"]).any(|w| view.body.contains(w));
        let is_named = |item: &&&String| self.materials.iter().any(|(_, t)| t.iter().any(|t| item.contains(t)));
        let named = items.iter().filter(is_named).count();
        if !listed || named * 100 < items.len() * NAMED_ITEMS {
            return None;
        }
        let fits = |titles: &Vec<Title>| titles.iter().map(|t| bears(&head, t)).fold(0.0, f32::max);
        categories
            .iter()
            .map(fits)
            .enumerate()
            .filter(|(_, fit)| *fit >= SURE)
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .map(|(i, _)| i)
    }
}
