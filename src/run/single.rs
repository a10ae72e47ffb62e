//! One document by itself: what `inspect` shows.

use std::path::Path;

use crate::model::packet::{Document, PageRecord};
use crate::model::page::Unreadable;
use crate::worker::{Pool, WorkerError};

/// Every page of one document (or only page `only`, 1-based), without cache.
///
/// # Errors
/// Outer: no child can be started. Inner: why the document has no pages to show.
pub fn observe_document(
    pool: &Pool,
    document: &Document,
    only: Option<u32>,
) -> Result<Result<Vec<PageRecord>, Unreadable>, WorkerError> {
    let kind = match &document.kind {
        Ok(kind) => *kind,
        Err(why) => return Ok(Err(why.clone())),
    };
    let pages = match pool.count_pages(&document.path, kind)? {
        Ok(pages) => pages,
        Err(why) => return Ok(Err(why)),
    };
    let mut records = Vec::new();
    for page in (0..pages).filter(|page| only.is_none_or(|n| n == page + 1)) {
        let facts = pool.observe(&document.path, kind, page, None)?.map(|(facts, _)| facts);
        records.push(PageRecord { file: document.file.clone(), page: page + 1, facts });
    }
    Ok(Ok(records))
}

/// Draws a page (1-based) of a document, as displayed, to a PNG file.
///
/// # Errors
/// Outer: no child can be started. Inner: why the page cannot be drawn.
pub fn picture_page(
    pool: &Pool,
    document: &Document,
    page: u32,
    to: &Path,
) -> Result<Result<(), Unreadable>, WorkerError> {
    match &document.kind {
        Ok(kind) => pool.picture(&document.path, *kind, page.saturating_sub(1), to),
        Err(why) => Ok(Err(why.clone())),
    }
}
