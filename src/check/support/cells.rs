//! Fields of forms as checks ask for them.

use super::documents::{Document, is_old_copy};
use crate::model::field::Field;
use crate::model::packet::PacketFacts;
use crate::pack::rules::RulePack;
use crate::pack::rules::fields::{ColumnRef, FieldRef};

/// Two fields this much alike are one cell, found by its label and by its column.
const SAME_CELL: f32 = 0.7;

/// A field with the document that it stands in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Written<'a> {
    pub(crate) field: &'a Field,
    pub(crate) document: Option<&'a Document>,
}

/// The document of a page.
pub(crate) fn document_of(documents: &[Document], page: usize) -> Option<&Document> {
    documents.iter().find(|d| d.pages.contains(&page))
}

/// The values of a field on all new forms, from top to bottom, each cell once.
pub(crate) fn written<'a>(
    facts: &'a PacketFacts,
    pack: &RulePack,
    documents: &'a [Document],
    of: &FieldRef,
) -> Vec<Written<'a>> {
    let mut found: Vec<Written<'a>> = Vec::new();
    for field in facts.fields.iter().filter(|f| of.material.contains(&f.material) && f.label == of.label) {
        let document = document_of(documents, field.page);
        let again = found.iter().any(|w| w.field.page == field.page && w.field.rect.iou(&field.rect) > SAME_CELL);
        if !again && !document.is_some_and(|d| is_old_copy(d, pack)) {
            found.push(Written { field, document });
        }
    }
    found.sort_by(|a, b| a.field.page.cmp(&b.field.page).then(a.field.rect.y.total_cmp(&b.field.rect.y)));
    found
}

/// The cells of a column whose row has a value in one of the columns beside it.
pub(crate) fn column<'a>(
    facts: &'a PacketFacts,
    pack: &RulePack,
    documents: &'a [Document],
    of: &ColumnRef,
) -> Vec<Written<'a>> {
    let beside = |row: usize| facts.fields.iter().any(|f| f.row == Some(row) && of.beside.contains(&f.label));
    written(facts, pack, documents, &of.field)
        .into_iter()
        .filter(|w| w.field.row.is_some_and(|row| of.beside.is_empty() || beside(row)))
        .collect()
}

/// `material#ordinal/label`: a field's place across rounds.
pub(crate) fn key(written: &Written) -> String {
    let ordinal = written.document.map_or(0, |d| d.ordinal);
    format!("{}#{ordinal}/{}", written.field.material, written.field.label)
}
