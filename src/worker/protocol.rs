//! What parent and child say to each other: one JSON document a line. Public so that it can be fuzzed; what a child that
//! a document took over may answer is hostile.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::confine::Folders;
use super::limits::Limits;
use crate::annotate::Refused;
use crate::model::isolation::Isolation;
use crate::model::note::Note;
use crate::model::packet::DocumentKind;
use crate::model::page::{PageFacts, Unreadable};
use crate::observe::{Models, Stages, Wanted};

/// The child's first line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setup {
    /// Without them a child only tells how it is isolated, and ends.
    pub models: Option<Models>,
    pub limits: Limits,
    pub folders: Folders,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// How many pages has this document?
    Count {
        #[serde(with = "any_path")]
        path: PathBuf,
        kind: DocumentKind,
    },
    /// What is on this page (0-based)? Its small picture goes to `thumb`, where one is wanted.
    Observe {
        #[serde(with = "any_path")]
        path: PathBuf,
        kind: DocumentKind,
        page: u32,
        thumb: Option<PathBuf>,
    },
    /// Draw this page (0-based), as displayed, to a PNG file.
    Picture {
        #[serde(with = "any_path")]
        path: PathBuf,
        kind: DocumentKind,
        page: u32,
        to: PathBuf,
    },
    /// Write a copy of this PDF with notes in it.
    Annotate {
        #[serde(with = "any_path")]
        path: PathBuf,
        notes: Vec<Note>,
        to: PathBuf,
    },
    /// Draw parts of this page (0-based) as evidence.
    Evidence {
        #[serde(with = "any_path")]
        path: PathBuf,
        kind: DocumentKind,
        page: u32,
        pictures: Vec<Wanted>,
    },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Response {
    /// Models loaded, confined, ready for jobs.
    Ready(Isolation),
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
            Self::Ready(_) => "ready",
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

/// A path as its system has it: not every name is text.
mod any_path {
    use std::ffi::OsString;
    use std::path::{Path, PathBuf};

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(path: &Path, to: S) -> Result<S::Ok, S::Error> {
        path.as_os_str().serialize(to)
    }

    pub(super) fn deserialize<'a, D: Deserializer<'a>>(from: D) -> Result<PathBuf, D::Error> {
        OsString::deserialize(from).map(PathBuf::from)
    }
}
