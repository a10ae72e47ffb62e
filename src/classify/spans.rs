//! From the path to spans: which volume and category each document stands in, how sure its name is.

use super::align::Step;
use super::evidence::Evidence;
use super::heading::View;
use super::region::Regions;
use crate::model::material::{Material, Span};
use crate::model::packet::PageRecord;
use crate::pack::rules::RulePack;

/// A title this well read names its document by itself.
const TITLED: f32 = 0.6;
/// What an article's head is worth to the kind of paper that is due there.
const ARTICLE: f32 = 0.8;
const PAPERS: [Material; 3] = [Material::Paper, Material::DefencePaper, Material::TechnicalReport];
/// Evidence worth naming a guess for.
const GUESS: f32 = 0.5;
const GUESSES: usize = 3;

/// Builds the spans.
pub(super) fn build(
    pages: &[PageRecord],
    views: &[View],
    regions: &Regions,
    evidence: &[Vec<Evidence>],
    path: &[Step],
    pack: &RulePack,
) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let mut start = 0;
    for page in 1..=path.len() {
        if page == path.len() || path[page].first {
            spans.push(span(start..page, regions, views, evidence, path[start].entry, pack));
            start = page;
        }
    }
    let mut spans = enclose(spans, pages, evidence, pack);
    volumes(&mut spans, pages, regions, pack);
    categories(&mut spans, pack);
    join(spans, views, pack)
}

/// A form's cover carries its title and a few labelled lines at most.
const COVER_LINES: usize = 24;

/// So many pages between two pieces of a form may be its own.
const ENCLOSED: usize = 4;
/// What a page is worth as a piece of a form at least, to enclose what stands before it.
const PIECE: f32 = 0.6;

/// A form's own parts may be headed like documents (个人工作总结, 真实性承诺): what stands between two pieces of one form
/// in one file is a part of it, where the second piece has no title of its own and looks like the form's.
fn enclose(spans: Vec<Span>, pages: &[PageRecord], evidence: &[Vec<Evidence>], pack: &RulePack) -> Vec<Span> {
    let goes_on = |a: &Span, b: &Span| {
        let looks =
            |e: usize| b.pages.clone().map(|p| evidence[p][e].section.max(evidence[p][e].hints)).fold(0.0, f32::max);
        a.entry == b.entry && a.entry.is_some_and(|e| looks(e) >= PIECE) && !b.titled
    };
    let may_be_part = |s: &Span| PARTS.contains(&s.material);
    let mut out: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        let form = pack.form(span.material).is_some();
        let begun = out.iter().rposition(|s| s.material == span.material).filter(|i| {
            let between = &out[i + 1..];
            let pages_between: usize = between.iter().map(|s| s.pages.len()).sum();
            form && !between.is_empty()
                && pages_between <= ENCLOSED
                && between.iter().all(may_be_part)
                && goes_on(&out[*i], &span)
                && pages[out[*i].pages.start].file == pages[span.pages.start].file
        });
        match begun {
            Some(i) => {
                out.truncate(i + 1);
                out[i].pages.end = span.pages.end;
            }
            None => out.push(span),
        }
    }
    out
}

/// What a form's parts are headed like.
const PARTS: [Material; 7] = [
    Material::WorkSummary,
    Material::WorkExperience,
    Material::AuthenticityPledge,
    Material::AppraisalOpinion,
    Material::PerformanceMaterial,
    Material::AssessmentForm,
    Material::DefencePaper,
];

/// Joins the pieces of one form: a cover is no document by itself, and pages without a title of their own go on with
/// the form before them, also where every sheet is a file of its own.
fn join(spans: Vec<Span>, views: &[View], pack: &RulePack) -> Vec<Span> {
    let mut joined: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        let whole = |last: &Span| {
            let same = (last.material, last.volume, last.category) == (span.material, span.volume, span.category);
            let (cover, inside) = (&views[last.pages.start], &views[span.pages.start]);
            let covered = last.pages.len() == 1 && cover.lines <= COVER_LINES && inside.lines > cover.lines;
            same && pack.form(span.material).is_some() && (!span.titled || covered)
        };
        match joined.last_mut() {
            Some(last) if whole(last) => last.pages.end = span.pages.end,
            _ => joined.push(span),
        }
    }
    joined
}

fn span(
    pages: std::ops::Range<usize>,
    regions: &Regions,
    views: &[View],
    evidence: &[Vec<Evidence>],
    entry: Option<usize>,
    pack: &RulePack,
) -> Span {
    let first = pages.start;
    let fixed = regions.cover[first].is_some() || regions.divider[first].is_some();
    let material = entry.map_or(Material::Other, |e| pack.materials[e].material);
    let mut ranked: Vec<(f32, Material)> = Vec::new();
    for (e, of) in pack.materials.iter().zip(&evidence[first]) {
        let weight = of.title + 0.6 * of.hints + 0.5 * of.name + 0.6 * of.look - 0.4 * of.unlike;
        match ranked.iter_mut().find(|(_, m)| *m == e.material) {
            Some(known) => known.0 = known.0.max(weight),
            None => ranked.push((weight, e.material)),
        }
    }
    if views[first].article && PAPERS.contains(&material) {
        ranked.iter_mut().filter(|(_, m)| *m == material).for_each(|own| own.0 = own.0.max(ARTICLE));
    }
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let guesses =
        ranked.iter().filter(|(w, m)| *m != material && *w >= GUESS && !fixed).take(GUESSES).map(|(_, m)| *m).collect();
    let title = entry.map_or(0.0, |e| evidence[first][e].title);
    let own = ranked.iter().find(|(_, m)| *m == material).map_or(0.0, |(w, _)| *w);
    let rival = ranked.iter().find(|(_, m)| *m != material).map_or(0.0, |(w, _)| *w);
    let confidence = if fixed {
        0.95
    } else if entry.is_none() || views[first].silent {
        0.3
    } else {
        (0.35 + 0.35 * own.clamp(0.0, 1.2) + 0.25 * (own - rival).clamp(-0.5, 0.8)).clamp(0.2, 0.99)
    };
    let volume = regions.volume[first];
    let category = if fixed { regions.divider[first] } else { None };
    Span { material, entry, category, volume, pages, confidence, guesses, titled: fixed || title >= TITLED }
}

/// Whether any entry binds this material into a volume.
fn bound(pack: &RulePack, material: Material) -> bool {
    pack.materials.iter().any(|e| e.material == material && e.volume.is_some())
}

/// Decides which spans stand in a volume.
///
/// Behind a cover, a 目录 or a divider everything of the file stands in the volume, except loose materials at the end of a
/// file that holds the whole packet. Files without such a sign belong to the volume where their material can only be
/// bound, or where the packet has no such sign at all.
fn volumes(spans: &mut [Span], pages: &[PageRecord], regions: &Regions, pack: &RulePack) {
    let whole = one_document(pages);
    for i in 0..spans.len() {
        let span = &spans[i];
        let own = span.entry.and_then(|e| pack.materials[e].volume);
        let volume = match span.volume {
            Some(v) if span.entry.is_some() && own.is_none() && whole && !bound_later(spans, i, pages, pack) => {
                if bound(pack, span.material) { Some(v) } else { None }
            }
            Some(v) => Some(v),
            None if span.entry.is_none() => None,
            None if regions.marked
                && pack.materials.iter().any(|e| e.material == span.material && e.volume.is_none()) =>
            {
                None
            }
            None => own,
        };
        spans[i].volume = volume;
    }
}

/// Whether the packet is one document, loose pictures left aside.
fn one_document(pages: &[PageRecord]) -> bool {
    let mut long: Vec<&str> = pages.iter().filter(|p| p.page > 1).map(|p| p.file.as_str()).collect();
    long.dedup();
    long.len() <= 1
}

/// Whether a document that can only be bound follows in the same file.
fn bound_later(spans: &[Span], i: usize, pages: &[PageRecord], pack: &RulePack) -> bool {
    let file = &pages[spans[i].pages.start].file;
    let later = spans[i + 1..].iter().take_while(|s| &pages[s.pages.start].file == file);
    later.into_iter().any(|s| s.entry.is_some_and(|e| pack.materials[e].category.is_some()))
}

/// Gives every span in a volume its category: the entry's own; of documents no category asks for, that of what stands
/// before them (or the one meant for anything else).
fn categories(spans: &mut [Span], pack: &RulePack) {
    let mut running: Vec<Option<usize>> = vec![None; pack.volumes.len()];
    for span in spans {
        let Some(volume) = span.volume else {
            span.category = None;
            continue;
        };
        let entry = span.entry.map(|e| &pack.materials[e]);
        let own = entry.map_or(span.category, |e| e.category);
        let head = entry.is_some_and(|e| e.volume.is_some() && e.category.is_none());
        span.category = if head { None } else { own.or(running[volume]) };
        if own.is_some() {
            running[volume] = own;
        }
    }
}
