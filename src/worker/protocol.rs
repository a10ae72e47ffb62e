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
pub(super) enum Response {
    /// Models loaded, ready for jobs.
    Ready,
    /// The models could not be loaded; nothing will work.
    Unusable(String),
    Pages(u32),
    Facts(Box<PageFacts>, Stages),
    Drawn,
    Annotated,
    NotAnnotated(Refused),
    Unreadable(Unreadable),
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
