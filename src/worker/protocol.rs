//! What parent and child say to each other: one JSON document a line.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::limits::Limits;
use crate::annotate::Refused;
use crate::model::note::Note;
use crate::model::packet::DocumentKind;
use crate::model::page::{PageFacts, Unreadable};
use crate::observe::{Models, Stages, Wanted};

/// The child's first line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Setup {
    pub(super) models: Models,
    pub(super) limits: Limits,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Request {
    /// How many pages has this document?
    Count { path: PathBuf, kind: DocumentKind },
    /// What is on this page (0-based)? Its small picture goes to `thumb`, where one is wanted.
    Observe { path: PathBuf, kind: DocumentKind, page: u32, thumb: Option<PathBuf> },
    /// Draw this page (0-based), as displayed, to a PNG file.
    Picture { path: PathBuf, kind: DocumentKind, page: u32, to: PathBuf },
    /// Write a copy of this PDF with notes in it.
    Annotate { path: PathBuf, notes: Vec<Note>, to: PathBuf },
    /// Draw parts of this page (0-based) as evidence.
    Evidence { path: PathBuf, kind: DocumentKind, page: u32, pictures: Vec<Wanted> },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Response {
    /// Models loaded, ready for jobs.
    Ready,
    /// The models could not be loaded; nothing will work.
    Unusable(String),
    Pages(u32),
    Facts(Box<PageFacts>, Stages),
    Drawn,
    /// A picture could not be written: the system's number for why, where it gave one.
    Unwritten(Option<i32>),
    Annotated,
    NotAnnotated(Refused),
    Unreadable(Unreadable),
}

impl Response {
    /// For messages: what kind it is, nothing of what it holds.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Unusable(_) => "unusable",
            Self::Pages(_) => "pages",
            Self::Facts(..) => "facts",
            Self::Drawn => "drawn",
            Self::Unwritten(_) => "unwritten",
            Self::Annotated => "annotated",
            Self::NotAnnotated(_) => "not annotated",
            Self::Unreadable(_) => "unreadable",
        }
    }
}
