//! Text as read from a page.

use serde::{Deserialize, Serialize};

use super::geometry::Rect;
use super::number::bounded;

/// One character's place and how sure the reader is of it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CharAt {
    /// Centre along the reading direction as a fraction of the page: x for a row, y for a column.
    #[serde(deserialize_with = "bounded")]
    pub at: f32,
    /// 0 to 1.
    #[serde(deserialize_with = "bounded")]
    pub confidence: f32,
}

/// One line of text, read left to right (or top to bottom where `vertical`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TextLine {
    pub text: String,
    #[serde(rename = "box")]
    pub rect: Rect,
    /// Mean over the characters, 0 to 1; 1 for a born-digital line.
    #[serde(deserialize_with = "bounded")]
    pub confidence: f32,
    /// One entry per `char` of `text`; empty where the reader gives none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chars: Vec<CharAt>,
    /// Characters stand upright below each other, as in narrow label cells.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub vertical: bool,
    /// Written by hand, as far as the strokes tell: nothing certain may be said of its wording.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hand: bool,
}

impl TextLine {
    /// The least sure character's confidence, or the line's where characters carry none.
    #[must_use]
    pub fn weakest(&self) -> f32 {
        self.chars.iter().map(|c| c.confidence).fold(self.confidence, f32::min)
    }
}

/// Where a page's lines come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TextSource {
    /// Visible glyphs of a born-digital page.
    Glyphs,
    /// Read from pixels.
    Pixels,
    /// Nothing was read: the page is blank or could not be decoded.
    None,
}
