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
        &super::duplicate_page::DuplicatePage,
        &super::shared_page::SharedPage,
        &super::missing_material::MissingMaterial,
        &super::unexpected_material::UnexpectedMaterial,
        &super::material_order::MaterialOrder,
        &super::catalogue_mismatch::CatalogueMismatch,
        &super::page_numbering::PageNumbering,
        &super::paper_size::PaperSize,
        &super::page_count::PageCount,
        &super::wrong_person::WrongPerson,
        &super::missing_seal::MissingSeal,
        &super::missing_signature::MissingSignature,
        &super::missing_photo::MissingPhoto,
        &super::photo_not_colour::PhotoNotColour,
        &super::photo_background::PhotoBackground,
        &super::photo_file::PhotoFile,
        &super::missing_qr_code::MissingQrCode,
        &super::missing_watermark::MissingWatermark,
        &super::suspect_seal::SuspectSeal,
        &super::date_format::DateFormat,
        &super::date_value::DateValue,
        &super::blank_field::BlankField,
        &super::field_value::FieldValue,
        &super::unit_name::UnitName,
        &super::identity_number::IdentityNumber,
        &super::opinion_wording::OpinionWording,
        &super::entry_order::EntryOrder,
        &super::anonymity::Anonymity,
        &super::text_length::TextLength,
        &super::publicity_period::PublicityPeriod,
        &super::assessment_years::AssessmentYears,
        &super::continuing_education::ContinuingEducation,
        &super::certificate_expiry::CertificateExpiry,
        &super::similarity_rate::SimilarityRate,
        &super::submission_window::SubmissionWindow,
    ]
}

/// The check with this identifier, e.g. `missing-seal`.
#[must_use]
pub fn find(id: &str) -> Option<&'static dyn Check> {
    all().iter().copied().find(|check| check.id().id() == id)
}
