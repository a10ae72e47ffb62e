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
}
