//! Whether an image's data is whole: never for a part of it, whatever stands around.

use image::codecs::jpeg::JpegEncoder;
use image::{GrayImage, Luma};
use material_audit::pdf::{Fax, JpegEnd, decode_fax, fax_is_ended, jbig2_is_whole, jpeg_end, jpx_is_whole};
use material_audit::raster::jpeg_dpi;

pub(crate) fn check(data: &[u8]) {
    any_bytes(data);
    rows(data);
    let [cut, width, pixels @ ..] = data else { return };
    cut_jpeg(usize::from(*cut), u32::from(*width % 24) + 1, pixels);
}

fn any_bytes(data: &[u8]) {
    match jpeg_end(data) {
        JpegEnd::Whole(start) => {
            assert!(data[start..].starts_with(&[0xFF, 0xD8, 0xFF]));
            let end = data.windows(2).rposition(|w| w == [0xFF, 0xD9]).expect("an end");
            assert!(end > start);
            assert_eq!(jpeg_end(&data[..end + 2]), JpegEnd::Whole(start), "what stands behind the end does not matter");
        }
        JpegEnd::Cut(start) => {
            assert!(data[start..].starts_with(&[0xFF, 0xD8, 0xFF]));
            // More data may bring the end, less never.
            assert!(!matches!(jpeg_end(&data[..data.len() - 1]), JpegEnd::Whole(_)));
        }
        JpegEnd::NotJpeg => assert!(!data.windows(3).any(|w| w == [0xFF, 0xD8, 0xFF])),
    }
    if let Some((x, y)) = jpeg_dpi(data) {
        assert!(x.is_finite() && y.is_finite() && x >= 0.0 && y >= 0.0, "{x} {y}");
    }
    let padded = [data, &[0; 5]].concat();
    let ends: [fn(&[u8]) -> bool; 3] = [fax_is_ended, jbig2_is_whole, jpx_is_whole];
    for ends in ends {
        assert!(!ends(&[]));
        assert!(!ends(data) || ends(&padded), "padding takes no end away");
    }
}

/// A fax of any bytes gives at most the rows asked for.
fn rows(data: &[u8]) {
    let [columns, rows, kind, data @ ..] = data else { return };
    let (columns, rows) = (u32::from(*columns) + 1, u32::from(*rows % 64) + 1);
    let kind = [Fax::RunLengths, Fax::Group3, Fax::Group3TwoDimensional, Fax::Group4][usize::from(kind % 4)];
    if let Some(decoded) = decode_fax(data, columns, rows, kind) {
        let most = columns.div_ceil(8) as usize * rows as usize;
        assert!(decoded.len() <= most, "{} bytes of {columns} x {rows}", decoded.len());
    }
}

/// A picture of these pixels, with junk before it and cut anywhere.
fn cut_jpeg(cut: usize, width: u32, pixels: &[u8]) {
    let height = (pixels.len() as u32 / width).min(24);
    if height == 0 {
        return;
    }
    let picture = GrayImage::from_fn(width, height, |x, y| Luma([pixels[(y * width + x) as usize]]));
    let mut whole = Vec::new();
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut whole, 60)).expect("a picture");
    assert_eq!(jpeg_end(&whole), JpegEnd::Whole(0));
    let junk: Vec<u8> = pixels.iter().copied().filter(|b| *b != 0xFF).take(40).collect();
    assert_eq!(jpeg_end(&[junk.as_slice(), &whole].concat()), JpegEnd::Whole(junk.len()));
    let short = whole.len() - 1 - cut % (whole.len() - 1);
    assert!(!matches!(jpeg_end(&whole[..short]), JpegEnd::Whole(_)), "{short} of {} bytes", whole.len());
}
