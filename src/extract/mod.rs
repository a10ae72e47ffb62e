//! Cells and labels to fields and places.
//!
//! In: classified packet facts and a rule pack. Out: the fields and places of its forms, and what the 评审表 says
//! of the applicant. Must not know: pixels, checks.
//!
//! [`labels`] compares wordings, [`cells`] puts lines into cells, [`fields`] and [`columns`] read values,
//! [`places`] and [`boxes`] find what is kept for seals, photos and opinions, [`applicant`] completes the roster,
//! [`catalogue`] reads lists of materials and [`page_number`] the numbers in the margins.

mod applicant;
mod boxes;
mod catalogue;
mod cells;
mod colour;
mod columns;
mod education;
mod fields;
mod labels;
mod page_number;
mod places;
mod rows;
#[cfg(test)]
mod sketch;
#[cfg(test)]
mod sketched_fields;
#[cfg(test)]
mod sketched_places;
mod spaced;
mod watermark;

use crate::model::packet::PacketFacts;
use crate::model::page::PageFacts;
use crate::pack::rules::RulePack;

pub use page_number::printed_number;

use cells::PageCells;
use fields::Reading;
use labels::Vocabulary;

/// Fills `catalogues` and `numbers`, `fields` and `places` for every form of the pack and every span of its material, and completes `applicant`
/// where the roster left it open. Both lists are in the order of spans, forms, rules, pages, then down the page.
///
/// A value that isn't there gives no field, and a place that isn't found gives no place: absence is the checks' matter.
pub fn extract(facts: &mut PacketFacts, pack: &RulePack) {
    colour::settle(facts);
    let mut found: Vec<Reading> = Vec::new();
    let mut blanks = Vec::new();
    let mut places = Vec::new();
    let watermarks: Vec<&str> = pack.checks.marks.missing_watermark.iter().filter_map(|r| r.words.as_deref()).collect();
    for span in &facts.spans {
        let forms: Vec<_> = pack.forms.iter().filter(|f| f.material == span.material).collect();
        // An earlier form, bound in as a copy, says nothing of this application.
        if forms.is_empty() || pack.is_earlier(span) {
            continue;
        }
        let words = Vocabulary::of(&forms);
        let pages: Vec<PageCells<'_>> =
            span.pages.clone().filter_map(|i| facts.page(i).map(|p| cells_of(i, p, &watermarks, &words))).collect();
        for form in forms {
            for field in &form.fields {
                let of_field = if field.column {
                    columns::read(&pages, field, &words)
                } else {
                    fields::read(&pages, field, &words)
                };
                let (empty, filled): (Vec<_>, Vec<_>) = of_field.into_iter().partition(|v| v.blank);
                found.extend(filled.into_iter().map(|value| Reading {
                    kind: field.kind,
                    table: value.table,
                    field: value.into_field(form, field),
                }));
                blanks.extend(empty.into_iter().map(|v| (v.table, field.column, v.into_blank(form, field))));
            }
            for rule in &form.places {
                places.extend(places::find(&pages, form, rule, &words));
            }
        }
    }
    applicant::complete(&mut facts.applicant, &found);
    if facts.applicant.degree.is_none() {
        facts.applicant.degree = applicant::degree(facts, pack);
    }
    facts.numbers = page_number::read(facts, pack.volumes.len());
    facts.catalogues = catalogue::read(facts, pack);
    if facts.applicant.education.is_none() {
        facts.applicant.education = education::highest(facts, pack);
    }
    rows::number(&mut found, &mut blanks);
    facts.fields = found.into_iter().map(|r| r.field).collect();
    facts.blanks = blanks.into_iter().map(|(_, _, b)| b).collect();
    facts.places = places;
}

/// A page's cells without its watermark, the labels of its open lines in one piece.
fn cells_of<'p>(index: usize, page: &'p PageFacts, watermarks: &[&str], words: &Vocabulary) -> PageCells<'p> {
    let mut cells = PageCells::over_watermark(index, page, watermarks);
    spaced::join(&mut cells, words);
    cells
}
