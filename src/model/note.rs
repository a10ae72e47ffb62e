//! Notes (批注): findings as they stand in a copy of a PDF.

use serde::{Deserialize, Serialize};

use super::finding::{Severity, Verdict};
use super::geometry::Rect;

/// A key in the last trailer of every annotated copy; whoever tidies their folder knows them by it.
pub const COPY_MARK: &str = "MaterialAuditCopy";

/// One note.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Note {
    /// Unique in the file.
    pub id: String,
    /// 1-based. A page that the file doesn't have stands for the last one that it has.
    pub page: u32,
    /// On the page as displayed; none where the page as a whole is meant.
    pub rect: Option<Rect>,
    pub verdict: Verdict,
    pub severity: Severity,
    /// A few words; the heading of the note.
    pub subject: String,
    /// Lines separated by `\n`.
    pub text: String,
}
