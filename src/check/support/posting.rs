//! The days on which notices were posted (公示), against the days of the opinions that may only follow them.

use super::chronology::Contradiction;
use super::documents::Document;
use super::gates::{LIKELY_SPAN, SURE_CHARACTER, SURE_PLACE, SURE_SPAN};
use super::moments::{Stamp, periods};
use super::publicity::{Posted, posted};
use crate::model::geometry::Rect;
use crate::model::material::Material;
use crate::model::packet::PacketFacts;
use crate::pack::rules::periods::Kind;

/// Days read with less confidence than this say nothing.
const LEGIBLE: f32 = 0.85;

/// The days of one posting.
struct Posting {
    from: Stamp,
    to: Stamp,
    sure: bool,
    /// Of the opinion and of nothing else.
    of_opinion: bool,
}

/// A longer posting is a misread one.
const LONGEST_DAYS: i32 = 61;

/// Opinions dated before the postings: certain before the first began, for review before the first two ended
/// (裁定: the third posting is of the opinion itself).
pub(crate) fn opinions_too_early(
    facts: &PacketFacts,
    documents: &[Document],
    opinion: &[Material],
    place: Option<&str>,
    publicity: &[Material],
    kinds: &[Kind],
) -> Vec<Contradiction> {
    let mut postings = postings(facts, documents, publicity, kinds);
    postings.sort_by_key(|p| p.to.last());
    if postings.iter().any(|p| p.of_opinion) && postings.iter().any(|p| !p.of_opinion) {
        postings.retain(|p| !p.of_opinion);
    } else if postings.len() >= 3 {
        postings.pop();
    }
    let (Some(start), Some(end)) = (
        postings.iter().map(|p| p.from).min_by_key(|s| s.first()),
        postings.iter().map(|p| p.to).max_by_key(|s| s.last()),
    ) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for document in documents.iter().filter(|d| opinion.contains(&d.material) && d.confidence >= LIKELY_SPAN) {
        let Some(signed) = signed(facts, document, place) else { continue };
        let before = |s: Stamp| signed.on.last() < s.first();
        if !before(end) {
            continue;
        }
        let started = !before(start);
        let (when, by_clause) = if started {
            (format!("早于公示结束的{end}，是否在前两项公示之后请人工核对"), true)
        } else {
            (format!("早于公示开始的{start}"), false)
        };
        found.push(Contradiction {
            material: document.material,
            entry: document.entry,
            page: signed.page,
            rect: signed.rect,
            key: format!("{}#{}/{}", document.material, document.ordinal, place.unwrap_or("date")),
            seen: format!("意见日期{}，公示{start}至{end}", signed.on),
            what: format!("的意见日期{}{when}", signed.on),
            suggestion: "须先公示、后出具意见；请核对日期，确在公示之前出具的，请重新出具。",
            confidence: signed.confidence,
            certain: !started && postings.iter().all(|p| p.sure) && signed.certain && document.confidence >= SURE_SPAN,
            by_clause,
        });
    }
    found
}

/// Every range of days on the publicity materials.
fn postings(facts: &PacketFacts, documents: &[Document], publicity: &[Material], kinds: &[Kind]) -> Vec<Posting> {
    let wanted = |d: &&Document| publicity.contains(&d.material) && d.confidence >= LIKELY_SPAN;
    let proofs: Vec<&Document> = documents.iter().filter(wanted).collect();
    let posts = posted(facts, &proofs, &[], kinds).posts;
    let of_opinion = |k: &usize| kinds.get(*k).is_some_and(|k| k.name.contains("意见"));
    let days = |p: &Posted| p.first.until(p.last).map_or(i32::MAX, |s| s.get_days());
    let sound = posts.into_iter().filter(|p| days(p) <= LONGEST_DAYS);
    let mut found: Vec<Posting> = sound
        .map(|p| Posting {
            from: p.first.into(),
            to: p.last.into(),
            sure: p.sure >= SURE_CHARACTER && p.supplied.is_none(),
            of_opinion: !p.kinds.is_empty() && p.kinds.iter().all(of_opinion),
        })
        .collect();
    // The same notice told twice, on its sheet and in a letter.
    found.sort_by_key(|p| (p.from.first(), p.to.first(), p.of_opinion, !p.sure));
    found.dedup_by_key(|p| (p.from, p.to));
    found
}

/// When an opinion was signed.
struct Signed {
    on: Stamp,
    page: usize,
    rect: Rect,
    confidence: f32,
    certain: bool,
}

/// The last whole day in an opinion's place, or at the foot of its document.
fn signed(facts: &PacketFacts, document: &Document, place: Option<&str>) -> Option<Signed> {
    let area = |page: usize| match place {
        Some(id) => facts
            .places
            .iter()
            .find(|p| p.page == page && p.id == id && p.material == document.material && p.confidence >= SURE_PLACE)
            .map(|p| p.rect),
        None => Some(Rect::PAGE),
    };
    let mut last = None;
    for index in &document.pages {
        let (Some(page), Some(area)) = (facts.page(*index), area(*index)) else { continue };
        for line in page.lines.iter().filter(|l| area.contains(l.rect.centre()) && l.confidence >= LEGIBLE) {
            let bare: String = line.text.chars().filter(|c| !c.is_whitespace()).collect();
            // A line of its own: dates in sentences are of other days.
            let only = bare.chars().all(|c| c.is_ascii_digit() || "年月日.-/".contains(c));
            let [period] = periods(&bare)[..] else { continue };
            if only
                && period.to.is_none()
                && period.from.day.is_some()
                && period.from.day_exists()
                && period.from.has_month()
            {
                let covered = super::sureness::is_covered(page, line.rect);
                last = Some(Signed {
                    on: period.from,
                    page: *index,
                    rect: line.rect,
                    confidence: line.weakest(),
                    certain: !line.hand && !covered && !page.is_degraded() && line.weakest() >= SURE_CHARACTER,
                });
            }
        }
    }
    last
}
