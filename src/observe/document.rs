//! The document in hand: a PDF stays open between its pages.

use std::path::{Path, PathBuf};

use crate::model::packet::DocumentKind;
use crate::model::page::Unreadable;
use crate::pdf::PdfFile;
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
                let pages = self.pdf(path)?.page_count();
                u32::try_from(pages).map_err(|_| Unreadable::OverLimit(format!("{pages} 页")))
            }
            _ => raster::frames(path, kind),
        }
    }

    pub(super) fn raster(&mut self, path: &Path, kind: DocumentKind, page: u32) -> Result<Raster, Unreadable> {
        match kind {
            DocumentKind::Pdf => raster::render_pdf(self.pdf(path)?, page as usize, DPI),
            _ => raster::decode_image(path, kind, page),
        }
    }
}
