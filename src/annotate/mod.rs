//! Copies of PDFs with the reviewer's notes in them.
//!
//! In: a PDF's path and notes, each on a page and, where it has one, in a box of the page as displayed. Out: a file that
//! begins with the PDF's own bytes and shows the notes in any reader, or why there is none. The PDF is hostile, so only a
//! child calls this. Must not know: how findings come about, where reports lie.

mod copy;
mod draw;
mod sheet;

use serde::{Deserialize, Serialize};

use crate::model::page::Unreadable;

pub use copy::{MAX_BYTES, annotate};

/// Who the notes say they are by.
pub const AUTHOR: &str = "material-audit";
/// Why there is no copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Refused {
    #[error("文件无法读取")]
    Unread(Unreadable),
    #[error("文件超过 1 GB，不能加批注")]
    TooLarge,
    /// The notes' place in the file is told by its index of objects.
    #[error("文件的对象索引已损坏，加批注可能丢失内容")]
    Index,
    #[error("文件的加密方式不支持加批注")]
    Encryption,
    #[error("第 {0} 页的结构不支持加批注")]
    Page(u32),
    #[error("副本写出时出错（{0}）")]
    Write(String),
    /// The copy was read back and did not show what it should.
    #[error("加批注后的副本未通过核对")]
    Unproven,
}

impl From<Unreadable> for Refused {
    fn from(why: Unreadable) -> Self {
        Self::Unread(why)
    }
}
