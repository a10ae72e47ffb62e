//! Which years of assessment a packet shows, with their results.

use super::documents::Document;
use super::passages::{Passage, passages};
use super::years::{Grade, Noted, form_result, form_years, results, years_told};
use crate::model::geometry::Rect;
use crate::model::material::Material;
use crate::model::packet::PacketFacts;

/// Headings of a form's table of yearly results.
const TABLES: [&str; 6] = ["考核年度", "考核等次", "任职期满考核结果", "年度考核结果", "考核情况", "年度考核等次"];

/// One year shown.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Year {
    pub(crate) year: i16,
    pub(crate) page: usize,
    /// The last page of the document.
    last: usize,
    pub(crate) sure: f32,
    pub(crate) grade: Option<Grade>,
    pub(crate) grade_sure: f32,
    pub(crate) grade_rect: Option<Rect>,
}

/// All years shown by the documents looked at.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Evidence {
    pub(crate) years: Vec<Year>,
    /// Years on forms filed as something else, which nobody should say are not there.
    strays: Vec<i16>,
    /// First pages of forms whose year could not be read.
    pub(crate) unread: Vec<usize>,
    /// Two forms of one year: one of the two may be misread.
    pub(crate) repeated: bool,
}

impl Evidence {
    pub(crate) fn has(&self, year: i16) -> bool {
        self.years.iter().any(|y| y.year == year) || self.strays.contains(&year)
    }

    fn add(&mut self, noted: &Noted, page: usize, last: usize, passage: &Passage) {
        let grade_rect = passage.rect(noted.at.clone());
        match self.years.iter_mut().find(|y| y.year == noted.year) {
            Some(year) => {
                year.sure = year.sure.max(noted.sure);
                if noted.grade.is_some() {
                    (year.grade, year.grade_sure, year.grade_rect) = (noted.grade, noted.sure, grade_rect);
                }
            }
            None => self.years.push(Year {
                year: noted.year,
                page,
                last,
                sure: noted.sure,
                grade: noted.grade,
                grade_sure: noted.sure,
                grade_rect,
            }),
        }
    }
}

pub(crate) fn evidence(facts: &PacketFacts, documents: &[&Document]) -> Evidence {
    let mut out = Evidence::default();
    for document in documents {
        if document.material == Material::AssessmentForm {
            read_form(facts, document, &mut out);
        } else {
            read_table(facts, document, &mut out);
        }
    }
    if documents.iter().any(|d| d.material == Material::AssessmentForm) {
        let strays = facts.spans.iter().filter(|s| {
            matches!(s.material, Material::Other | Material::QualificationCertificate | Material::PerformanceMaterial)
        });
        for page in strays.flat_map(|s| s.pages.clone()).filter_map(|p| facts.page(p)) {
            let about = passages(page).iter().any(|p| p.text().contains("考核"));
            let noted =
                passages(page).iter().filter(|_| about).flat_map(form_years).map(|n| n.year).collect::<Vec<_>>();
            out.strays.extend(noted);
        }
    }
    out
}

/// One form, one year; the form at the end of a term has none.
fn read_form(facts: &PacketFacts, document: &Document, out: &mut Evidence) {
    let mut years: Vec<(usize, Passage, Noted)> = Vec::new();
    let mut ends_term = false;
    let mut result = None;
    for (number, index) in document.pages.iter().enumerate() {
        let Some(page) = facts.page(*index) else { continue };
        for passage in passages(page) {
            let text = passage.text();
            ends_term |=
                number == 0 && (text.contains("任职期满") || text.contains("聘期考核") || text.contains("聘期届满"));
            let noted = form_years(&passage);
            years.extend(noted.into_iter().map(|n| (*index, passage.clone(), n)));
            if let Some(found) = form_result(&passage) {
                result = Some((found.grade, found.sure, passage.rect(found.at.clone())));
            }
        }
    }
    let on_first = years.iter().any(|(page, ..)| *page == document.first());
    if ends_term && !on_first {
        return;
    }
    if years.is_empty() {
        // The inner sheet of a form that bears the form's title once more tells of the cover's year.
        match (goes_on(facts, document, out), result) {
            (Some(cover), Some((grade, sure, rect))) => {
                let year = &mut out.years[cover];
                (year.grade, year.grade_sure, year.grade_rect) = (grade, sure.min(year.sure), rect);
            }
            (None, _) if document.titled => out.unread.push(document.first()),
            _ => {}
        }
        return;
    }
    let mut own: Vec<i16> = years.iter().map(|(_, _, n)| n.year).collect();
    own.sort_unstable();
    own.dedup();
    out.repeated |= own.iter().any(|y| out.years.iter().any(|s| s.year == *y));
    for (page, passage, noted) in &years {
        out.add(noted, *page, document.pages.last().copied().unwrap_or(*page), passage);
    }
    // Several years on one form: nobody knows whose the result is.
    if let ([year], Some((grade, sure, rect))) = (&own[..], result)
        && let Some(seen) = out.years.iter_mut().find(|y| y.year == *year)
    {
        (seen.grade, seen.grade_sure, seen.grade_rect) = (grade, sure.min(seen.sure), rect);
    }
}

/// The form that a document without a year of its own belongs to: it lies behind it and tells of no year but that
/// form's.
fn goes_on(facts: &PacketFacts, document: &Document, out: &Evidence) -> Option<usize> {
    let before = document.first().checked_sub(1)?;
    let cover = out.years.iter().position(|y| y.last == before)?;
    let file = |page: usize| facts.pages.get(page).map(|p| &p.file);
    let told = document.pages.iter().filter_map(|p| facts.page(*p)).flat_map(passages).flat_map(|p| years_told(&p));
    let told: Vec<i16> = told.collect();
    let own = !told.is_empty() && told.iter().all(|y| *y == out.years[cover].year);
    (own && file(before) == file(document.first())).then_some(cover)
}

/// A table of years on a larger form; it may run on to the next page.
fn read_table(facts: &PacketFacts, document: &Document, out: &mut Evidence) {
    let mut open = false;
    let mut found = false;
    let mut headed = None;
    for index in &document.pages {
        let Some(page) = facts.page(*index) else { continue };
        let passages = passages(page);
        let here = passages.iter().any(|p| TABLES.iter().any(|t| p.text().contains(t)) && !tells(p));
        if here {
            headed.get_or_insert(*index);
        }
        if here || open {
            for passage in &passages {
                let noted = results(passage);
                let noted = noted.iter().filter(|n| here || n.grade.is_some());
                for n in noted {
                    found = true;
                    out.add(n, *index, *index, passage);
                }
            }
        }
        open = here;
    }
    if let (Some(page), false) = (headed, found) {
        out.unread.push(page);
    }
}

/// Running text that only mentions assessments (年度考核情况良好).
fn tells(passage: &Passage) -> bool {
    let text = passage.text();
    let at = TABLES.iter().filter_map(|t| text.find(t)).min().unwrap_or(0);
    let at = text[..at].chars().count();
    passage.line_of(at).len() > 20
}
