//! One flipped bit in 500 places of a sound file. The decoders are asked directly: no text need be read for this.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use image::{ImageFormat, RgbImage};
use material_audit::model::packet::DocumentKind;
use material_audit::model::page::Unreadable;
use material_audit::pdf::{PdfFile, guarded};
use material_audit::raster::{Raster, decode_image, render_pdf};

use crate::codecs::encoded;
use crate::cut::two_pages;
use crate::run::scratch;

const PLACES: usize = 500;
const DPI: f32 = 72.0;

/// The file with a bit flipped in each of so many places spread over it.
fn flipped(sound: &[u8]) -> impl Iterator<Item = (usize, Vec<u8>)> + '_ {
    (0..PLACES).map(|i| {
        let at = i * sound.len() / PLACES;
        let mut bytes = sound.to_vec();
        bytes[at] ^= 1 << (i % 8);
        (at, bytes)
    })
}

fn pages(path: &Path, kind: DocumentKind) -> Result<Vec<Raster>, Unreadable> {
    guarded(|| {
        if kind != DocumentKind::Pdf {
            return Ok(vec![decode_image(path, kind, 0)?]);
        }
        let pdf = PdfFile::open(path)?;
        if pdf.lost_pages() > 0 {
            return Err(Unreadable::Damaged("lost pages".into()));
        }
        (0..pdf.page_count()).map(|page| render_pdf(&pdf, page, DPI)).collect()
    })?
}

/// Mean difference of brightness, 0 to 255; the greatest there is where the sizes differ.
fn difference(a: &RgbImage, b: &RgbImage) -> f64 {
    if a.dimensions() != b.dimensions() {
        return 255.0;
    }
    let sum: u64 = a.iter().zip(b.iter()).map(|(x, y)| u64::from(x.abs_diff(*y))).sum();
    sum as f64 / a.as_raw().len() as f64
}

/// How much of the picture is dark.
fn dark(image: &RgbImage) -> usize {
    image.pixels().filter(|p| p.0.iter().all(|v| *v < 128)).count()
}

/// How often each came of it, and where most of what a page shows was gone without a word.
fn outcomes(name: &str, kind: DocumentKind, sound: &[u8]) -> (BTreeMap<&'static str, usize>, Vec<usize>) {
    let path = scratch("flips").join(name);
    fs::write(&path, sound).expect("writable");
    let first = pages(&path, kind).expect("a sound file");
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut hidden = Vec::new();
    for (at, bytes) in flipped(sound) {
        fs::write(&path, bytes).expect("writable");
        let word = match pages(&path, kind) {
            Err(_) => "refused",
            Ok(pages) if pages.len() < first.len() => "fewer pages",
            Ok(pages) if pages.iter().any(|p| !p.degraded.is_empty()) => "degraded",
            Ok(pages) if pages.iter().zip(&first).any(|(p, f)| 5 * dark(&p.image) < dark(&f.image)) => {
                hidden.push(at);
                "hidden"
            }
            Ok(pages) if pages.iter().zip(&first).all(|(p, f)| difference(&p.image, &f.image) < 1.0) => "same",
            Ok(_) => "other",
        };
        *counts.entry(word).or_default() += 1;
    }
    println!("{name}: {counts:?}, hidden at {hidden:?}");
    (counts, hidden)
}

#[test]
fn a_flipped_bit_hides_no_page() {
    let (pdf, hidden) = outcomes("a.pdf", DocumentKind::Pdf, &two_pages());
    assert!(!pdf.contains_key("fewer pages"), "{pdf:?}");
    assert_eq!(hidden, Vec::<usize>::new());
    for (name, kind, format) in [
        ("a.jpg", DocumentKind::Jpeg, ImageFormat::Jpeg),
        ("a.png", DocumentKind::Png, ImageFormat::Png),
        ("a.tif", DocumentKind::Tiff, ImageFormat::Tiff),
        ("a.bmp", DocumentKind::Bmp, ImageFormat::Bmp),
    ] {
        let (counts, hidden) = outcomes(name, kind, &encoded(format));
        assert_eq!(hidden, Vec::<usize>::new(), "{name}: {counts:?}");
    }
}
