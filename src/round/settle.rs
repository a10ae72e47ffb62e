//! Statuses: what is new, what still stands, what was mended, and what can't be said this time.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::finding::{CheckId, Status, Verdict};
use crate::model::material::Material;
use crate::model::packet::Applicant;
use crate::model::report::{ReportedFinding, ReportedPage};
use crate::model::round::{ApplicantRecord, Remembered, Settled, Standing};

use super::ids;
use super::pairing::{is_clouded, is_part_of, pair};
use super::text::{likeness, page_text};

/// Pages that are remembered of one finding.
const MOST_TEXTS: usize = 8;
/// A page is known again from here on among its material's pages.
const KNOWN: f32 = 0.5;
/// And from here on among all: people paste a report's text into a form.
const SURELY_KNOWN: f32 = 0.8;

/// A finding of this round, its id and status not yet known.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    pub finding: ReportedFinding,
    /// [`crate::model::finding::Finding::key`].
    pub key: String,
    /// [`page_text`] of each page it speaks of, as [`Scene::texts_of`] gives them.
    pub pages: Vec<Vec<u32>>,
}

/// What this round saw of a packet.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Scene {
    pub folder: String,
    /// What ids are made of.
    pub origin: String,
    pub pack: String,
    /// [`ApplicantRecord::state`] of this round.
    pub state: String,
    /// Whether any file could not be read at all.
    pub unread_files: bool,
    /// Checks that did not end.
    pub crashed: Vec<CheckId>,
    /// Nothing was judged.
    pub unjudged: bool,
    unseen_pages: bool,
    pages: Vec<View>,
}

/// A page as far as rounds care.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct View {
    file: String,
    page: u32,
    printed_page: Option<u32>,
    material: Material,
    text: Vec<u32>,
    unseen: bool,
}

impl Scene {
    /// Of a packet none of whose pages is known.
    #[must_use]
    pub fn new(folder: &str, origin: &str, pack: &str) -> Self {
        Self { folder: folder.to_owned(), origin: origin.to_owned(), pack: pack.to_owned(), ..Self::default() }
    }

    /// With the packet's pages.
    #[must_use]
    pub fn with_pages(mut self, pages: &[ReportedPage]) -> Self {
        let view = |p: &ReportedPage| View {
            file: p.file.clone(),
            page: p.page,
            printed_page: p.printed_page,
            material: p.material,
            text: page_text(&p.lines),
            unseen: !matches!(p.quality.as_str(), "good" | "blank"),
        };
        self.pages = pages.iter().map(view).collect();
        self.unseen_pages = self.pages.iter().any(|v| v.unseen);
        self
    }

    /// Without the pages' places: enough where no old finding is to be looked for any more.
    #[must_use]
    pub fn slim(mut self) -> Self {
        self.pages = Vec::new();
        self
    }

    /// Whether every page was read whole.
    #[must_use]
    pub fn is_seen(&self) -> bool {
        !self.unjudged && !self.unread_files && !self.unseen_pages
    }

    /// Hashes of the texts of consecutive pages, by their places in the packet, as far as they bear enough.
    #[must_use]
    pub fn texts_of(&self, pages: std::ops::Range<usize>) -> Vec<Vec<u32>> {
        let pages = self.pages.get(pages).unwrap_or_default();
        pages.iter().take(MOST_TEXTS).map(|v| v.text.clone()).filter(|text| !text.is_empty()).collect()
    }

    /// Pages taken for each material.
    fn materials(&self) -> BTreeMap<Material, u32> {
        let mut out = BTreeMap::new();
        for page in &self.pages {
            *out.entry(page.material).or_default() += 1;
        }
        out
    }

    /// The page most like it and how alike the two are; the first of several.
    pub(super) fn alike(&self, texts: &[Vec<u32>]) -> Option<(f32, usize)> {
        self.most_alike(texts, |_| true)
    }

    fn most_alike(&self, texts: &[Vec<u32>], among: impl Fn(&View) -> bool) -> Option<(f32, usize)> {
        let pages = self.pages.iter().enumerate().filter(|(_, v)| among(v));
        let shares = pages.filter_map(|(i, v)| Some((likeness(texts, std::slice::from_ref(&v.text))?, i)));
        shares.reduce(|best, other| if other.0 > best.0 { other } else { best })
    }

    /// Where a finding's page, or else its material, stands now.
    fn place_now(&self, old: &Remembered, before: &ApplicantRecord) -> Option<&View> {
        let own = |v: &View| old.finding.material.is_none_or(|m| m == v.material);
        let known = self
            .most_alike(&old.pages, own)
            .filter(|(share, _)| *share >= KNOWN)
            .or_else(|| self.alike(&old.pages).filter(|(share, _)| *share >= SURELY_KNOWN));
        known.map(|(_, i)| &self.pages[i]).or_else(|| {
            let material = old.finding.material.filter(|m| *m != Material::Other)?;
            let (first, pages) = self.of(material);
            // A page of it that is nowhere any more may just have been taken out: no other one has mended it.
            let taken_out = !old.pages.is_empty() && pages < then(before, material);
            first.filter(|_| !taken_out)
        })
    }

    /// The first page of a material, and how many there are.
    fn of(&self, material: Material) -> (Option<&View>, u32) {
        let mut pages = self.pages.iter().filter(|v| v.material == material);
        let first = pages.next();
        (first, u32::from(first.is_some()) + pages.count() as u32)
    }

    /// Whether the place of a finding that is not there any more was looked at this time.
    fn looked_at(&self, old: &Remembered, before: &ApplicantRecord) -> bool {
        if self.unjudged || self.crashed.contains(&old.finding.check) {
            return false;
        }
        if self.is_seen() {
            return true;
        }
        // Something was not seen. What was seen of a material is all of it only where it is no shorter than before.
        let Some(material) = old.finding.material.filter(|m| *m != Material::Other) else { return false };
        let (first, pages) = self.of(material);
        let unseen = self.pages.iter().any(|v| v.material == material && v.unseen);
        first.is_some() && pages >= then(before, material) && !unseen
    }
}

fn then(before: &ApplicantRecord, material: Material) -> u32 {
    before.materials.get(&material).copied().unwrap_or(0)
}

/// The record of a packet whose findings were settled.
#[must_use]
pub fn record(
    before: Option<&ApplicantRecord>,
    scene: &Scene,
    roster: &Applicant,
    settled: Settled,
) -> ApplicantRecord {
    let mut materials = scene.materials();
    // What could not be looked at is measured by the round that saw it.
    let unjudged = settled.remembered.iter().filter(|r| r.standing == Standing::Unjudged);
    for (before, material) in
        before.iter().flat_map(|b| unjudged.clone().filter_map(|r| Some((*b, r.finding.material?))))
    {
        let pages = materials.entry(material).or_default();
        *pages = then(before, material).max(*pages);
    }
    ApplicantRecord {
        folder: scene.folder.clone(),
        origin: scene.origin.clone(),
        name: roster.name.clone(),
        unit: roster.unit.clone(),
        id_number: roster.id_number.clone(),
        pack: scene.pack.clone(),
        state: scene.state.clone(),
        materials,
        findings: settled.remembered,
        past: before.iter().flat_map(|b| b.past.iter().cloned()).chain(settled.past).collect(),
    }
}

/// Gives this round's findings their ids and statuses. Of the last round only findings of checks that `mine` names
/// take part: the others are settled by another call.
#[must_use]
pub fn settle(
    before: Option<&ApplicantRecord>,
    now: Vec<Found>,
    scene: &Scene,
    mine: impl Fn(&Remembered) -> Part,
) -> Settled {
    let parts: Vec<(&Remembered, Part)> =
        before.iter().flat_map(|b| &b.findings).map(|r| (r, mine(r))).filter(|(_, part)| *part != Part::None).collect();
    let old: Vec<&Remembered> = parts.iter().map(|(r, _)| *r).collect();
    let pairs = pair(&old, &now, scene);
    // An id is one finding's for good; what is not settled here has its ids too.
    let taken = before.iter().flat_map(|b| &b.findings).map(|r| r.finding.id.clone()).collect();
    let continued: Vec<Option<String>> = pairs.iter().map(|p| p.map(|b| old[b].finding.id.clone())).collect();
    let ids = ids::assign(&now, &continued, &scene.origin, taken);
    let mut out = Settled::default();
    for ((found, pair), id) in now.iter().zip(&pairs).zip(ids) {
        let stood = pair.is_some_and(|b| old[b].standing != Standing::Fixed);
        let status = if stood { Status::Open } else { Status::New };
        let finding = ReportedFinding { id, status, ..found.finding.clone() };
        out.remembered.push(Remembered {
            standing: Standing::Found,
            key: found.key.clone(),
            pages: found.pages.clone(),
            finding: finding.clone(),
        });
        out.findings.push(finding);
    }
    let Some(before) = before else { return out };
    let clouds: Vec<&Found> = now
        .iter()
        .zip(&pairs)
        .filter(|(n, p)| {
            let was_review = p.is_some_and(|b| old[b].finding.verdict == Verdict::Review);
            n.finding.verdict == Verdict::Review && !was_review
        })
        .map(|(n, _)| n)
        .collect();
    let gone = parts.iter().enumerate().filter(|(b, _)| !pairs.contains(&Some(*b))).map(|(_, gone)| gone);
    for (r, part) in gone {
        if now.iter().any(|n| is_part_of(r, n)) {
            out.past.insert(r.finding.id.clone());
            continue;
        }
        let clouded = clouds.iter().any(|n| is_clouded(r, n));
        let judged = *part == Part::Judged && scene.looked_at(r, before) && !clouded;
        let (standing, finding) = match standing(r, before, scene, judged) {
            Some(standing @ Standing::Fixed) => (standing, mended(r, scene, before)),
            Some(standing) => (standing, unjudged(r, scene, before)),
            None => {
                out.past.insert(r.finding.id.clone());
                continue;
            }
        };
        out.findings.push(finding);
        out.remembered.push(Remembered { standing, ..(*r).clone() });
    }
    out
}

/// What a call of [`settle`] has to say of a remembered finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Nothing: another call settles it.
    None,
    /// It was looked for.
    Judged,
    /// It is settled here, but what it takes to see it was not there.
    Unjudged,
}

/// How a finding that was not found again goes on; none where it is listed no longer.
fn standing(r: &Remembered, before: &ApplicantRecord, scene: &Scene, judged: bool) -> Option<Standing> {
    // Other rules ask other things: what they don't ask was not mended by anybody.
    if before.pack != scene.pack {
        return None;
    }
    let unchanged = before.state == scene.state;
    match r.standing {
        // Listed until something new is handed in, so that a mere re-run doesn't lose what was mended.
        Standing::Fixed => unchanged.then_some(Standing::Fixed),
        _ if !judged => Some(Standing::Unjudged),
        // Nothing new was handed in: the rules, the roster or the tool changed their mind. Of two packets compared,
        // the other one may have been mended.
        Standing::Found if unchanged && r.finding.check != CheckId::SharedPage => None,
        _ => Some(Standing::Fixed),
    }
}

fn mended(old: &Remembered, scene: &Scene, before: &ApplicantRecord) -> ReportedFinding {
    let now = scene.place_now(old, before);
    let place = now.map_or_else(String::new, |v| format!("，见《{}》第{}页", v.file, v.page));
    ReportedFinding {
        status: Status::Fixed,
        message: format!("上一轮的问题已整改{place}。上一轮：{}", old.finding.message),
        suggestion: "已整改，不需再处理。".to_owned(),
        ..placed(old, scene, now)
    }
}

fn unjudged(old: &Remembered, scene: &Scene, before: &ApplicantRecord) -> ReportedFinding {
    let f = &old.finding;
    ReportedFinding {
        status: Status::Open,
        verdict: Verdict::Review,
        seen: format!("本轮未能检查此处；上一轮：{}", f.seen),
        message: format!("本轮未能检查此处，不能确定是否已整改，请人工核对。上一轮：{}", f.message),
        suggestion: format!("请人工核对是否已整改；没有整改的，{}", f.suggestion),
        ..placed(old, scene, scene.place_now(old, before))
    }
}

/// At the place where it is to be looked for now. The box was another page's.
fn placed(old: &Remembered, scene: &Scene, now: Option<&View>) -> ReportedFinding {
    ReportedFinding {
        applicant: scene.folder.clone(),
        file: now.map(|v| v.file.clone()),
        page: now.map(|v| v.page),
        printed_page: now.and_then(|v| v.printed_page),
        rect: None,
        ..old.finding.clone()
    }
}
