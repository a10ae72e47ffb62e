//! Pages to materials.
//!
//! In: page records in packet order and a rule pack. Out: [`crate::model::material::Span`]s that cover every page once.
//! Alignment against the prescribed order, not free guessing. Must not know: pixels, checks.

mod align;
mod evidence;
mod fold;
mod heading;
mod ordinal;
mod region;
mod sheets;
mod spans;

use crate::model::material::Span;
use crate::model::packet::PageRecord;
use crate::pack::rules::RulePack;

/// Names the material of every page. The spans cover all pages once, in page order.
///
/// Titles decide; the prescribed order, file names and the look of a page only settle what titles leave open, so a
/// material out of its place keeps its name. A page without a title of its own continues the material before it; blank
/// and unread pages never start one. Volume covers and divider pages are `other`. A span's `category` is where its
/// material belongs in its volume (of several places, the one nearest to where it stands), for `other` where it stands.
#[must_use]
pub fn classify(pages: &[PageRecord], pack: &RulePack) -> Vec<Span> {
    let views = heading::views(pages);
    let mut regions = region::find(pages, &views, pack);
    let evidence = evidence::weigh(pages, &views, pack);
    let mut path = align::align(pages, &views, &regions, &evidence, pack);
    if region::adopt(&mut regions, pages, &path, pack) {
        path = align::align(pages, &views, &regions, &evidence, pack);
    }
    spans::build(pages, &views, &regions, &evidence, &path, pack)
}

#[cfg(test)]
mod article_tests;
#[cfg(test)]
mod divider_tests;
#[cfg(test)]
mod form_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod volume_tests;
