//! Parameters of the checks of signatures, photo files, codes and watermarks.

use super::Basis;
use crate::model::material::Material;

/// Entries of these checks.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Marks {
    pub missing_signature: Vec<MissingSignature>,
    pub photo_file: Vec<PhotoFile>,
    pub missing_qr_code: Vec<MissingQrCode>,
    pub missing_watermark: Vec<MissingWatermark>,
}

/// A place, or each document of a material, must be signed.
#[derive(Debug, Clone, PartialEq)]
pub struct MissingSignature {
    pub basis: Basis,
    pub material: Vec<Material>,
    /// A place of the material's form; none: wherever on the document one of `labels` stands.
    pub place: Option<String>,
    /// Who signs, as the notice words it (单位主要负责人).
    pub signer: String,
    /// Words after which one signs (负责人签字); none: the usual ones.
    pub labels: Vec<String>,
    /// Only pages on which one of these words stands (承诺); none: every page.
    pub on_page: Vec<String>,
    /// Must be signed by the person's own hand: a chop or a printed name is a defect (必须由本人签字).
    pub own_hand: bool,
    /// A chop is as good as a signature (签名（盖章）).
    pub chop: bool,
    /// An office above the one auditing: an empty box is `review`, a filled one is judged (DECISIONS).
    pub later_office: bool,
}

/// Limits of a photo handed in as a file, or the size of a printed one.
#[derive(Debug, Clone, PartialEq)]
pub struct PhotoFile {
    pub basis: Basis,
    pub material: Vec<Material>,
    /// The file must be a JPEG.
    pub jpeg: bool,
    /// Width and height in pixels, at least.
    pub least_px: Option<(u16, u16)>,
    /// Width and height in pixels, at most.
    pub most_px: Option<(u16, u16)>,
    /// KB of 1024 bytes, at most.
    pub most_kb: Option<u16>,
    /// Width and height of a printed photo in millimetres.
    pub print_mm: Option<(u16, u16)>,
}

/// Each document of a material must bear a readable QR code.
#[derive(Debug, Clone, PartialEq)]
pub struct MissingQrCode {
    pub basis: Basis,
    pub material: Vec<Material>,
}

/// Each document of a material must show the filing system's watermark.
#[derive(Debug, Clone, PartialEq)]
pub struct MissingWatermark {
    pub basis: Basis,
    pub material: Vec<Material>,
    /// The watermark's words, where the notice gives them.
    pub words: Option<String>,
}
