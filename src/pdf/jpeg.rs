//! Whether a JPEG's coded data can be followed to its last row. Decoders fill up with grey what they can't, without a
//! word, and an end marker says nothing of what stands before it.

use std::borrow::Cow;

use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// Whether decoding breaks off before the last row. False, too, for what can't be decoded at all or has more than `most`
/// pixels: others tell that. The data begin with the start marker.
#[must_use]
pub fn jpeg_breaks_off(data: &[u8], most: u64) -> bool {
    decoded(&open_ended(data), most, true) == Some(false) && decoded(data, most, false) == Some(true)
}

/// The frame's marker and the offset after the first SOS marker, walking the marker segments (their payloads may hold
/// thumbnails) from the start marker (ITU-T T.81, annex B).
pub(super) fn first_scan(data: &[u8], start: usize) -> Option<(u8, usize)> {
    let (mut at, mut frame) = (start + 2, 0);
    loop {
        while *data.get(at)? != 0xFF {
            at += 1;
        }
        let marker = *data.get(at + 1)?;
        match marker {
            0xFF => at += 1,
            0xDA => return Some((frame, at + 2)),
            0x00 | 0x01 | 0xD0..=0xD9 => at += 2,
            _ => {
                if matches!(marker, 0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF) {
                    frame = marker;
                }
                at += 2 + usize::from(u16::from_be_bytes([*data.get(at + 2)?, *data.get(at + 3)?]));
            }
        }
    }
}

/// A sequential JPEG of one scan without its end marker, behind which the decoder makes up rows as it needs them. It reads
/// ahead so many bytes, which stand there instead.
fn open_ended(data: &[u8]) -> Cow<'_, [u8]> {
    const AHEAD: [u8; 8] = [0; 8];
    let Some((0xC0 | 0xC1, scan)) = first_scan(data, 0) else { return Cow::Borrowed(data) };
    let marker = |kind: u8| data[scan..].windows(2).position(|w| w == [0xFF, kind]).map(|at| scan + at);
    match (marker(0xD9), marker(0xDA)) {
        (Some(end), another) if another.is_none_or(|at| at > end) => Cow::Owned([&data[..end], &AHEAD].concat()),
        _ => Cow::Borrowed(data),
    }
}

/// None where there is nothing to decode.
fn decoded(data: &[u8], most: u64, strict: bool) -> Option<bool> {
    let sides = usize::from(u16::MAX);
    // Odd headers harm nothing.
    let lenient = DecoderOptions::default().set_strict_mode(false).set_max_width(sides).set_max_height(sides);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(data), lenient);
    decoder.decode_headers().ok()?;
    let (width, height) = decoder.dimensions()?;
    if width as u64 * height as u64 > most {
        return None;
    }
    let mut options = decoder.options().set_strict_mode(strict);
    // Brightness alone takes less.
    if matches!(decoder.input_colorspace()?, ColorSpace::YCbCr | ColorSpace::Luma) {
        options = options.jpeg_set_out_colorspace(ColorSpace::Luma);
    }
    decoder.set_options(options);
    Some(decoder.decode().is_ok())
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::{ImageFormat, Rgb, RgbImage};

    use super::*;

    const MOST: u64 = 1_000_000;

    fn jpeg(width: u32, height: u32) -> Vec<u8> {
        let bars = RgbImage::from_fn(width, height, |x, y| Rgb([if (x / 9 + y / 7) % 2 == 0 { 10 } else { 245 }; 3]));
        let mut out = Cursor::new(Vec::new());
        bars.write_to(&mut out, ImageFormat::Jpeg).expect("memory");
        out.into_inner()
    }

    #[test]
    fn only_what_breaks_off_does() {
        for (width, height) in [(400, 300), (17, 300), (300, 17), (8, 8), (1, 1), (9, 900)] {
            let whole = jpeg(width, height);
            assert!(!jpeg_breaks_off(&whole, MOST), "{width} x {height}");
            assert!(!jpeg_breaks_off(&[&whole[..], &[7; 50]].concat(), MOST), "{width} x {height} and more");
        }
        let whole = jpeg(400, 300);
        let (_, scan) = first_scan(&whole, 0).expect("a scan");
        for part in 1..8 {
            let cut = scan + 20 + (whole.len() - scan) * part / 9;
            assert!(jpeg_breaks_off(&[&whole[..cut], &[0xFF, 0xD9]].concat(), MOST), "closed after {part} ninths");
        }
        assert!(!jpeg_breaks_off(&whole, 100), "too large to look at");
        assert!(!jpeg_breaks_off(b"\xFF\xD8\xFF", MOST));
    }
}
