//! Evidence other than text: seals, photos, machine-readable codes.

use serde::{Deserialize, Serialize};

use super::geometry::Rect;
use super::likeness::Thumb;
use super::number::bounded;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SealShape {
    Circle,
    Ellipse,
    /// A name chop or a department's square seal.
    Square,
    /// A rectangular stamp (与原件一致, a date stamp).
    Rect,
}

/// The ink as seen. Only a coloured seal on a colour scan is known to be stamped on this sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SealColour {
    Red,
    Blue,
    /// Dark on a colour scan: photocopied or printed.
    Black,
    /// On a grey or bilevel scan: colour cannot be known.
    Unknown,
}

/// A seal (公章).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Seal {
    #[serde(rename = "box")]
    pub rect: Rect,
    pub shape: SealShape,
    pub colour: SealColour,
    /// The longer side.
    #[serde(deserialize_with = "bounded")]
    pub diameter_mm: f32,
    /// The unit's name along the rim, where it could be read.
    #[serde(default)]
    pub text: Option<String>,
    /// 0 to 1: that this is a seal.
    #[serde(deserialize_with = "bounded")]
    pub confidence: f32,
    /// A picture of its own, laid over the page's scan.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub layer: bool,
    /// A coloured seal's ink in fine cells, its turn kept; alike only for copies of one impression.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub print: Option<Thumb>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PhotoColour {
    Colour,
    /// Black-and-white on a scan that shows colour elsewhere or was made in colour.
    Mono,
    /// The scan itself has no colour.
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Background {
    Red,
    Blue,
    White,
    Other,
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PhotoKind {
    /// Upright, of identity-photo proportions.
    Portrait,
    /// Any other continuous-tone picture.
    Picture,
}

/// A continuous-tone picture on the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Photo {
    #[serde(rename = "box")]
    pub rect: Rect,
    pub kind: PhotoKind,
    pub colour: PhotoColour,
    pub background: Background,
    /// 0 to 1: that this is a photo.
    #[serde(deserialize_with = "bounded")]
    pub confidence: f32,
}

/// A QR code that could be decoded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Code {
    #[serde(rename = "box")]
    pub rect: Rect,
    pub text: String,
}

/// A pale text or emblem printed behind a form, looked for on a scan that could show it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Watermark {
    /// 0 to 1: that there is one.
    #[serde(deserialize_with = "bounded")]
    pub confidence: f32,
}

/// The file that a loose image is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredFile {
    pub bytes: u64,
    /// By its first bytes, whatever its name says.
    pub jpeg: bool,
}
