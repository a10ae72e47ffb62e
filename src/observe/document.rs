//! The document in hand: a PDF stays open between its pages.

use std::path::{Path, PathBuf};

use crate::model::packet::DocumentKind;
use crate::model::page::Unreadable;
use crate::pdf::{self, PageText, PdfFile};
use crate::raster::{self, Raster};

/// Small print of 7 pt stays 19 px high; seals and cells are found at less.
pub(super) const DPI: f32 = 200.0;

#[derive(Default)]
pub(super) struct Documents {
    open: Option<(PathBuf, PdfFile)>,
}

impl Documents {
    pub(super) fn pdf(&mut self, path: &Path) -> Result<&PdfFile, Unreadable> {
        if self.open.as_ref().is_none_or(|(p, _)| p != path) {
            self.open = None;
            self.open = Some((path.to_owned(), PdfFile::open(path)?));
        }
        self.open.as_ref().map(|(_, pdf)| pdf).ok_or(Unreadable::NoPages)
    }

    pub(super) fn pages(&mut self, path: &Path, kind: DocumentKind) -> Result<u32, Unreadable> {
        match kind {
            DocumentKind::Pdf => {
                let pdf = self.pdf(path)?;
                // A page more stands for the ones that the file lost: asking for it tells how many.
                let pages = pdf.page_count() + usize::from(pdf.lost_pages() > 0);
                u32::try_from(pages).map_err(|_| Unreadable::OverLimit(format!("{pages} 页")))
            }
            _ => raster::frames(path, kind),
        }
    }

    /// A page's pixels and, of a PDF, its visible text.
    pub(super) fn page(
        &mut self,
        path: &Path,
        kind: DocumentKind,
        page: u32,
    ) -> Result<(Raster, Option<PageText>), Unreadable> {
        if kind != DocumentKind::Pdf {
            return Ok((raster::decode_image(path, kind, page)?, None));
        }
        let pdf = self.pdf(path)?;
        let (index, found) = (page as usize, pdf.page_count());
        if index >= found {
            let lost = pdf.lost_pages();
            return Err(Unreadable::Damaged(format!("文件写明共 {} 页，只找到 {found} 页", found + lost)));
        }
        let text = pdf::page_text(pdf, index)?;
        Ok((raster::render_page(pdf, index, DPI, &text)?, Some(text)))
    }
}
