//! The one visible list of checks.

use super::Check;

/// Every check, in report order.
#[must_use]
pub fn all() -> &'static [&'static dyn Check] {
    &[
        &super::unreadable_file::UnreadableFile,
        &super::blank_page::BlankPage,
        &super::page_orientation::PageOrientation,
        &super::scan_quality::ScanQuality,
        &super::missing_material::MissingMaterial,
        &super::unexpected_material::UnexpectedMaterial,
        &super::material_order::MaterialOrder,
        &super::missing_seal::MissingSeal,
        &super::missing_photo::MissingPhoto,
        &super::photo_not_colour::PhotoNotColour,
        &super::photo_background::PhotoBackground,
        &super::date_format::DateFormat,
    ]
}

/// The check with this identifier, e.g. `missing-seal`.
#[must_use]
pub fn find(id: &str) -> Option<&'static dyn Check> {
    all().iter().copied().find(|check| check.id().id() == id)
}
