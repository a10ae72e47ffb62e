//! The likeliest sequence of materials: dynamic programming over pages.
//!
//! Units are those of evidence: a clear title is worth about 3. Costs are set against that: being out of order costs less
//! than a clear title is worth, so what is misplaced keeps its name; it costs more than hints alone can outweigh.

use super::evidence::Evidence;
use super::heading::View;
use super::region::Regions;
use super::sheets::carried_on;
use crate::model::material::Material;
use crate::model::packet::PageRecord;
use crate::pack::rules::{MaterialEntry, RulePack};

/// What a page is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    /// Index into the pack's entries; none for `other`.
    pub(super) entry: Option<usize>,
    /// A document begins on this page.
    pub(super) first: bool,
}

/// A title read in full.
const TITLE: f32 = 3.0;
/// A heading of one of the form's own sections, on a page that continues it.
const SECTION: f32 = 3.0;
/// The same at the head of a page that begins a document (a journal's running head), and how far down the head reaches.
const SECTION_FIRST: f32 = 1.2;
const HEAD: f32 = 0.25;
/// Headings that go on counting where the page before stopped.
const COUNTING: f32 = 1.5;
const HINTS_FIRST: f32 = 1.5;
const HINTS_LATER: f32 = 1.2;
const UNLIKE: f32 = 0.9;
/// A file that is named after a material begins with it.
const NAME_FIRST: f32 = 1.4;
const NAME_LATER: f32 = 0.3;
const LOOK: f32 = 2.5;
/// Opening a document needs evidence of its own.
const OPEN: f32 = 0.9;
/// Without a title of its own a page rather continues what is open; a new file or a large heading makes up for half of it.
const UNTITLED: f32 = 1.3;
/// A second document of the same kind right behind the first must bear a title, or it is the first going on.
const AGAIN_UNTITLED: f32 = 2.0;
/// A material that the notice nowhere asks for is rarer than one it does.
const UNASKED: f32 = 0.5;
/// `other` wins only where no entry has any.
const OPEN_OTHER: f32 = 1.0;
const STAY_OTHER: f32 = 0.15;
/// A document rarely runs over into another file, except where every file is one page.
const ACROSS_FILES: f32 = 1.6;
const ACROSS_SINGLE_PAGES: f32 = 0.7;
const NEW_FILE: f32 = 0.3;
/// A large centred heading opens something, the less so the more the page speaks for what is open.
const LARGE_HEADING: f32 = 0.45;
/// An article's title and authors open a paper, whichever kind of paper is due here.
const ARTICLE: f32 = 1.3;
/// Against the prescribed order.
const BACKWARD: f32 = 0.8;
/// Per material left out between one and the next, and the most that skipping costs.
const SKIP: f32 = 0.015;
const SKIP_MOST: f32 = 0.25;
/// Out of the category that a divider or a folder announces; outside, or inside, the volume against the entry's place.
const WRONG_SECTION: f32 = 0.7;
const WRONG_VOLUME: f32 = 0.5;

/// The best path. `evidence` has a row per page, a column per entry.
pub(super) fn align(
    pages: &[PageRecord],
    views: &[View],
    regions: &Regions,
    evidence: &[Vec<Evidence>],
    pack: &RulePack,
) -> Vec<Step> {
    let (ranks, asked, carried_on) = (ranks(pack), asked(pack), carried_on(pages, views));
    Aligner { pages, views, regions, evidence, pack, ranks, asked, carried_on }.best()
}

/// Each entry's place in the prescribed order: volume, category, rank inside; none where loose or free inside its category.
fn ranks(pack: &RulePack) -> Vec<Option<usize>> {
    let rank = |e: &MaterialEntry| {
        let category = e.category?;
        let inside = pack.categories[category].order.iter().position(|r| r.contains(&e.material))?;
        Some(category * 100 + inside)
    };
    // The head of a volume comes before its first category.
    let head = |v: usize| pack.categories.iter().position(|c| c.volume == v).map_or(0, |c| c * 100);
    pack.materials
        .iter()
        .map(|e| rank(e).or_else(|| if e.category.is_none() { e.volume.map(head) } else { None }))
        .collect()
}

/// Whether the notice asks for each entry's material: it has a category, or some check names it.
fn asked(pack: &RulePack) -> Vec<bool> {
    let checks = &pack.checks;
    let named = |m: Material| {
        checks.missing_material.iter().any(|c| c.any_of.contains(&m))
            || checks.unexpected_material.iter().any(|c| c.material.contains(&m))
            || checks.missing_seal.iter().any(|c| c.material.contains(&m))
            || checks.photo_background.iter().any(|c| c.material == m)
    };
    pack.materials
        .iter()
        .map(|e| {
            named(e.material) || pack.categories.iter().any(|c| c.order.iter().flatten().any(|m| *m == e.material))
        })
        .collect()
}

struct Aligner<'a> {
    pages: &'a [PageRecord],
    views: &'a [View],
    regions: &'a Regions,
    evidence: &'a [Vec<Evidence>],
    pack: &'a RulePack,
    ranks: Vec<Option<usize>>,
    asked: Vec<bool>,
    /// Pages whose files are sheets of what the file before began.
    carried_on: Vec<bool>,
}

/// A state's best value so far, and how it was reached.
#[derive(Clone, Copy)]
struct Node {
    value: f32,
    from: usize,
    first: bool,
}

impl Aligner<'_> {
    /// States are the entries and, last, `other`.
    fn best(&self) -> Vec<Step> {
        let other = self.pack.materials.len();
        let mut table: Vec<Vec<Node>> = Vec::with_capacity(self.pages.len());
        for page in 0..self.pages.len() {
            let row = (0..=other).map(|state| self.node(page, state, table.last())).collect();
            table.push(row);
        }
        let mut path = Vec::with_capacity(table.len());
        let mut state = table.last().map_or(other, |row| winner(row));
        for row in table.iter().rev() {
            let node = row[state];
            path.push(Step { entry: (state < other).then_some(state), first: node.first });
            state = node.from;
        }
        path.reverse();
        path
    }

    fn node(&self, page: usize, state: usize, before: Option<&Vec<Node>>) -> Node {
        let open = self.open(page, state);
        let Some(before) = before else { return Node { value: open, from: state, first: true } };
        let mut best = Node { value: before[state].value + self.stay(page, state), from: state, first: false };
        for (from, node) in before.iter().enumerate() {
            let value = node.value + open - self.turn(page, from, state);
            if value > best.value {
                best = Node { value, from, first: true };
            }
        }
        best
    }

    fn fixed(&self, page: usize) -> bool {
        self.regions.cover[page].is_some() || self.regions.divider[page].is_some()
    }

    fn new_file(&self, page: usize) -> bool {
        !self.carried_on[page] && (page == 0 || self.pages[page - 1].file != self.pages[page].file)
    }

    fn single_page(&self, page: usize) -> bool {
        self.new_file(page) && self.pages.get(page + 1).is_none_or(|next| next.file != self.pages[page].file)
    }

    /// What it is worth that a document of this state begins here.
    fn open(&self, page: usize, state: usize) -> f32 {
        let mut value = if self.new_file(page) { NEW_FILE } else { 0.0 };
        if self.fixed(page) {
            return if state == self.pack.materials.len() { 10.0 } else { -10.0 };
        }
        if self.views[page].silent && !self.new_file(page) {
            return -10.0;
        }
        if self.views[page].opens {
            value += LARGE_HEADING;
        }
        let Some(entry) = self.pack.materials.get(state) else { return value - OPEN_OTHER };
        let e = &self.evidence[page][state];
        let named = e.name * if self.new_file(page) { NAME_FIRST } else { NAME_LATER };
        let name = if self.new_file(page) { e.name } else { 0.0 };
        let distinct = (e.hints - 0.45).max(0.0) / 0.9;
        let untitled = UNTITLED * (1.0 - (e.title.max(e.look).max(name).max(distinct) / 0.5).min(1.0));
        value -= untitled * if self.new_file(page) || self.views[page].opens { 0.5 } else { 1.0 };
        let headed = if e.section_y < HEAD { e.section } else { 0.0 };
        value += (TITLE * e.title).max(SECTION_FIRST * headed) + HINTS_FIRST * e.hints - UNLIKE * e.unlike
            + named
            + LOOK * e.look
            - OPEN;
        if !self.asked[state] {
            value -= UNASKED;
        }
        value - self.misplaced(page, entry)
    }

    /// How little an entry's place fits what is known of the page's place.
    fn misplaced(&self, page: usize, entry: &MaterialEntry) -> f32 {
        let section = match (self.regions.section[page], entry.category) {
            (Some(section), Some(category)) if section != category => WRONG_SECTION,
            (Some(_), None) => WRONG_SECTION / 2.0,
            _ => 0.0,
        };
        let volume = if self.regions.marked && self.regions.volume[page] != entry.volume { WRONG_VOLUME } else { 0.0 };
        // Without any sign of a volume a material stands where the pack lists it first.
        let earlier =
            self.pack.materials.iter().take_while(|e| !std::ptr::eq(*e, entry)).any(|e| e.material == entry.material);
        let unmarked = if !self.regions.marked && earlier { 0.05 } else { 0.0 };
        section + volume + unmarked
    }

    /// What it is worth that the document of this state goes on here.
    fn stay(&self, page: usize, state: usize) -> f32 {
        if self.fixed(page) {
            return -10.0;
        }
        let mut value = 0.0;
        if self.new_file(page) {
            let singles = self.single_page(page) && page > 0 && self.single_page(page - 1);
            value -= if singles { ACROSS_SINGLE_PAGES } else { ACROSS_FILES };
        }
        if self.views[page].silent {
            return value;
        }
        let Some(entry) = self.pack.materials.get(state) else {
            return if page > 0 && self.fixed(page - 1) { -10.0 } else { value - STAY_OTHER };
        };
        let e = &self.evidence[page][state];
        if self.views[page].opens && e.section < 0.6 {
            value -= LARGE_HEADING * (1.0 - e.hints);
        }
        if self.goes_on_counting(page) {
            value += COUNTING;
        }
        value + SECTION * e.section + HINTS_LATER * e.hints - UNLIKE * 0.5 * e.unlike + NAME_LATER * e.name
            - going_on(entry)
    }

    /// The page begins with 十、 where the one before ends with 八、 and 九、.
    fn goes_on_counting(&self, page: usize) -> bool {
        if page == 0 || self.new_file(page) {
            return false;
        }
        let (before, here) = (&self.views[page - 1].numbers, &self.views[page].numbers);
        match (&before[..], here.first()) {
            ([.., (a, _), (b, _)], Some((c, y))) => *y < HEAD && a + 1 == *b && b + 1 == *c,
            _ => false,
        }
    }

    /// The cost of one material following another.
    fn turn(&self, page: usize, from: usize, to: usize) -> f32 {
        self.order(page, from, to) - if self.begins_article(page, from, to) { ARTICLE } else { 0.0 }
    }

    /// An article begins here, unless what is open is itself one: behind a journal's cover it goes on with that.
    fn begins_article(&self, page: usize, from: usize, to: usize) -> bool {
        let material = |state: usize| self.pack.materials.get(state).map(|e| e.material);
        let is_article = |m: Option<Material>| {
            matches!(m, Some(Material::Paper | Material::DefencePaper | Material::TechnicalReport))
        };
        let titled = self.evidence[page].iter().any(|e| e.title >= 0.5);
        self.views[page].article && is_article(material(to)) && !is_article(material(from)) && !titled
    }

    fn order(&self, page: usize, from: usize, to: usize) -> f32 {
        let material = |state: usize| self.pack.materials.get(state).map(|e| e.material);
        if material(from).is_some() && material(from) == material(to) && !self.new_file(page) {
            let title = self.evidence[page][to].title;
            return AGAIN_UNTITLED * (1.0 - (title / 0.6).min(1.0));
        }
        let (Some(Some(a)), Some(Some(b))) = (self.ranks.get(from), self.ranks.get(to)) else { return 0.0 };
        if b < a {
            return if a / 100 == b / 100 { BACKWARD / 2.0 } else { BACKWARD };
        }
        if self.new_file(page) { 0.0 } else { (self.between(*a, *b) as f32 * SKIP).min(SKIP_MOST) }
    }

    fn between(&self, a: usize, b: usize) -> usize {
        self.ranks.iter().flatten().filter(|r| **r > a && **r < b).count()
    }
}

/// A page more than usual costs: little where documents run long, most of an opening where they have one page.
fn going_on(entry: &MaterialEntry) -> f32 {
    let (least, most) = (f32::from(entry.pages.0), f32::from(entry.pages.1));
    let usual = (least * most).sqrt().max(1.2);
    -0.5 * (1.0 - 1.0 / usual).ln()
}

fn winner(row: &[Node]) -> usize {
    let mut best = 0;
    for (state, node) in row.iter().enumerate() {
        if node.value > row[best].value {
            best = state;
        }
    }
    best
}
