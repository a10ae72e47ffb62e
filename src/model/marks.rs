//! Evidence other than text: seals, photos, machine-readable codes.

use serde::{Deserialize, Serialize};

use super::geometry::Rect;

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
    pub diameter_mm: f32,
    /// The unit's name along the rim, where it could be read.
    #[serde(default)]
    pub text: Option<String>,
    /// 0 to 1: that this is a seal.
    pub confidence: f32,
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
    pub confidence: f32,
}

/// A QR code that could be decoded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Code {
    #[serde(rename = "box")]
    pub rect: Rect,
    pub text: String,
}
