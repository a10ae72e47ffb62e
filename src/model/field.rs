//! Fields: what a form says in one place.

use serde::{Deserialize, Serialize};

use super::geometry::Rect;
use super::material::Material;

/// A value read from a form's labelled cell or from a cell under a column's heading.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// The form it stands on.
    pub material: Material,
    /// The label or column heading as the rule pack words it.
    pub label: String,
    /// The cell's lines joined, exactly as read.
    pub text: String,
    /// Index into `PacketFacts::pages`.
    pub page: usize,
    /// On the upright page.
    pub rect: Rect,
    /// The least sure character, 0 to 1.
    pub confidence: f32,
    /// A seal lies over it, or the page is degraded: characters may be hidden.
    pub obscured: bool,
    /// Some of it is written by hand.
    #[serde(default)]
    pub hand: bool,
    /// Values of one table row bear the same number, which is the row's alone in the packet; none outside of ruled
    /// columns.
    #[serde(default)]
    pub row: Option<usize>,
}

/// A labelled cell, or a column's cell in a row that is begun, that was found by its ruling lines and holds no text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Blank {
    /// The form it stands on.
    pub material: Material,
    /// The label or column heading as the rule pack words it.
    pub label: String,
    /// Index into `PacketFacts::pages`.
    pub page: usize,
    /// The empty cell, on the upright page.
    pub rect: Rect,
    /// 0 to 1: that this is the label's cell.
    pub confidence: f32,
    /// A seal or a photo lies over it, or the page is degraded: something may be hidden.
    pub obscured: bool,
    /// As [`Field::row`].
    pub row: Option<usize>,
}

/// A place that a form keeps for a seal, a photo or an opinion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FormPlace {
    /// The form it belongs to.
    pub material: Material,
    /// The place's identifier in the rule pack.
    pub id: String,
    /// Index into `PacketFacts::pages`.
    pub page: usize,
    /// On the upright page.
    pub rect: Rect,
    /// What is written in it, its label left out.
    pub text: String,
    /// 0 to 1: that this is the place.
    pub confidence: f32,
    /// Some of the text is written by hand.
    #[serde(default)]
    pub hand: bool,
}
