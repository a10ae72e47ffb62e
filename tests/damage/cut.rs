//! Sound files cut at every tenth.

use image::ImageFormat;

use crate::codecs::encoded;
use crate::packets::{Expect, Packet};
use crate::pdf::{BARS, BOX, Pdf, zlib};

pub(crate) fn packets() -> Vec<Packet> {
    vec![
        cut("cut-pdf", "pdf", &two_pages(), 2),
        cut("cut-jpeg", "jpg", &encoded(ImageFormat::Jpeg), 1),
        cut("cut-png", "png", &encoded(ImageFormat::Png), 1),
        cut("cut-tiff", "tif", &encoded(ImageFormat::Tiff), 1),
        cut("cut-bmp", "bmp", &encoded(ImageFormat::Bmp), 1),
    ]
}

/// Two pages of packed drawing, each with a picture in it.
pub(crate) fn two_pages() -> Vec<u8> {
    let mut pdf = Pdf::new();
    for _ in 0..2 {
        let entries = "/Type /XObject /Subtype /Image /Width 400 /Height 280 /BitsPerComponent 8 /Filter /DCTDecode";
        let image = pdf.stream(&format!("{entries} /ColorSpace /DeviceRGB"), &encoded(ImageFormat::Jpeg));
        let drawing = zlib(format!("{BARS} q 90 0 0 60 120 70 cm /Im Do Q").as_bytes());
        let content = pdf.stream("/Filter /FlateDecode", &drawing);
        pdf.page_of(&format!("{BOX} /Resources << /XObject << /Im {image} 0 R >> >> /Contents {content} 0 R"));
    }
    pdf.finish()
}

fn cut(name: &'static str, extension: &str, sound: &[u8], pages: usize) -> Packet {
    let packet = Packet::new(name).file(&format!("10.{extension}"), sound.to_vec(), Expect::WholeOrListed(pages));
    (1..10).fold(packet, |packet, tenth| {
        let bytes = sound[..sound.len() * tenth / 10].to_vec();
        packet.file(&format!("{tenth}.{extension}"), bytes, Expect::WholeOrListed(pages))
    })
}
