//! What is kept of a packet's pages to find them again in other packets.

use crate::model::likeness::{Named, PacketPrint, PagePrint};
use crate::model::material::Material;
use crate::model::packet::PacketFacts;
use crate::model::page::PageFacts;
use crate::model::text::TextSource;

use super::documents::{Sight, documents, sight};
use super::gates::SURE_SPAN;
use super::likeness::{Wording, hash, plain};

/// Documents that are one person's alone: no two packets may hold the same.
const PERSONAL: [Material; 16] = [
    Material::ReviewForm,
    Material::AssessmentForm,
    Material::ExceptionForm,
    Material::AuthenticityPledge,
    Material::IdentityCard,
    Material::EducationCertificate,
    Material::DegreeCertificate,
    Material::EducationVerification,
    Material::GraduateRegistration,
    Material::QualificationCertificate,
    Material::AppointmentCertificate,
    Material::PostInformationForm,
    Material::PensionProof,
    Material::LabourContract,
    Material::ContinuingEducationProof,
    Material::ExpertRecommendation,
];
/// What several people may have done together, or one may have copied from the other.
const JOINT: [Material; 12] = [
    Material::HonourCertificate,
    Material::PerformanceMaterial,
    Material::AchievementMaterial,
    Material::Paper,
    Material::PaperIndexPage,
    Material::TechnicalReport,
    Material::SimilarityReport,
    Material::WorkSummary,
    Material::WorkReport,
    Material::WorkExperience,
    Material::DefencePaper,
    Material::Photo,
];

/// More pairs than this are not kept: nothing but a page of running text has so many.
const MOST_PAIRS: usize = 512;
/// A certificate's or a person's number has at least so many digits; telephone numbers have fewer.
const SERIAL_DIGITS: usize = 13;

pub(crate) fn is_personal(material: Material) -> bool {
    PERSONAL.contains(&material)
}

/// Whether a page's text, kept as hashed pairs, holds a name.
pub(crate) fn reads(page: &PagePrint, name: Option<&str>) -> bool {
    let chars: Vec<char> = plain(name.unwrap_or_default()).collect();
    let held = |pair: &[char]| page.pairs.binary_search(&hash(pair)).is_ok();
    chars.len() >= 2 && (page.pairs.len() >= MOST_PAIRS || chars.windows(2).all(held))
}

/// The prints of the pages that other packets should not hold. Their printed page numbers are left open.
pub(crate) fn prints(facts: &PacketFacts) -> PacketPrint {
    let name: Option<Vec<char>> =
        facts.applicant.name.as_deref().map(|n| plain(n).collect()).filter(|n: &Vec<char>| n.len() >= 2);
    let mut pages = Vec::new();
    for document in documents(facts) {
        let kept = is_personal(document.material) || JOINT.contains(&document.material);
        if !kept || document.confidence < SURE_SPAN {
            continue;
        }
        let names: Vec<Named> =
            document.pages.iter().map(|p| facts.page(*p).map_or(Named::Maybe, |f| names(f, name.as_deref()))).collect();
        let document_names = if names.contains(&Named::Yes) {
            Named::Yes
        } else if names.contains(&Named::Maybe) {
            Named::Maybe
        } else {
            Named::No
        };
        for (&page, page_names) in document.pages.iter().zip(&names) {
            let Some(read) = facts.page(page) else { continue };
            if matches!(sight(Some(read)), Sight::Blank | Sight::Unseen) {
                continue;
            }
            let mut wording = Wording::of(read);
            wording.pairs.truncate(MOST_PAIRS);
            let hashed = |n: &String| hash(&n.chars().collect::<Vec<_>>());
            let mut numbers: Vec<u32> = wording.numbers.iter().map(hashed).collect();
            numbers.sort_unstable();
            numbers.dedup();
            pages.push(PagePrint {
                material: document.material,
                file: facts.pages[page].file.clone(),
                page: facts.pages[page].page,
                printed_page: None,
                scanned: read.source == TextSource::Pixels,
                exact: read.fingerprint.get(..16).and_then(|h| u64::from_str_radix(h, 16).ok()).unwrap_or_default(),
                serials: wording.numbers.iter().filter(|n| n.len() >= SERIAL_DIGITS).map(hashed).collect(),
                pairs: wording.pairs,
                numbers,
                page_names: *page_names,
                document_names,
            });
        }
    }
    PacketPrint {
        folder: facts.folder.clone(),
        origin: facts.folder.clone(),
        name: facts.applicant.name.clone(),
        pages,
    }
}

/// Whether a page's text holds a name. One character may be misread, and a page hardly read may hold anything.
fn names(page: &PageFacts, name: Option<&[char]>) -> Named {
    let Some(name) = name else { return Named::Maybe };
    let mut much_like = page.lines.iter().any(|l| l.hand);
    for line in &page.lines {
        let chars: Vec<char> = plain(&line.text).collect();
        for window in chars.windows(name.len()) {
            let agree = window.iter().zip(name).filter(|(a, b)| a == b).count();
            if agree == name.len() {
                return Named::Yes;
            }
            much_like |= name.len() > 2 && agree + 1 == name.len();
        }
        // A name may be spread over two lines or cells; its surname alone says nothing.
        much_like |= name.len() == 2 && line.confidence < LEAST_READ && chars.contains(&name[1]);
    }
    if much_like || page.lines.is_empty() || page.is_degraded() { Named::Maybe } else { Named::No }
}

/// A line read worse than this may hold the character that a name lacks.
const LEAST_READ: f32 = 0.8;
