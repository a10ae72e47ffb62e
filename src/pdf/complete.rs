//! Whether an image's data ends where it should. Decoders draw what they have and say nothing, so a cut-off scan
//! would look like white paper.

use std::borrow::Cow;

use hayro_syntax::Filter;
use hayro_syntax::object::stream::ImageDecodeParams;
use hayro_syntax::object::{Dict, FromBytes, Stream};

use super::image::Stored;
use super::jpeg::{first_scan, jpeg_breaks_off};

/// What a JPEG's bytes say of their own completeness.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JpegEnd {
    /// Starts at this byte (more than 0 where junk stands before it) and has its end marker.
    Whole(usize),
    /// As above, without the end marker after the last scan's data.
    Cut(usize),
    /// No start marker at all.
    NotJpeg,
}

/// Looks for start (SOI) and end (EOI) markers (ITU-T T.81, B.1.1.3). Junk before and after is allowed.
#[must_use]
pub fn jpeg_end(data: &[u8]) -> JpegEnd {
    let Some(start) = data.windows(3).position(|w| w == [0xFF, 0xD8, 0xFF]) else { return JpegEnd::NotJpeg };
    let Some((_, scan)) = first_scan(data, start) else { return JpegEnd::Cut(start) };
    // Inside entropy-coded data FF is always stuffed, so FF D9 can only be the marker.
    if data[scan..].windows(2).rev().any(|w| w == [0xFF, 0xD9]) { JpegEnd::Whole(start) } else { JpegEnd::Cut(start) }
}

/// What is wrong with an image's data, in plain Chinese; `None` where it looks whole.
pub(crate) fn shortfall(stream: &Stream<'_>, width: u32, height: u32, stored: &Stored) -> Option<&'static str> {
    let filters = stream.filters();
    match filters.last() {
        Some(Filter::DctDecode) => {
            let data = encoded(stream, &filters)?;
            match jpeg_end(&data) {
                // One whose own header says more than the page's is drawn as the page says.
                JpegEnd::Whole(at) => jpeg_breaks_off(&data[at..], u64::from(width) * u64::from(height))
                    .then_some("JPEG 图像数据中途损坏"),
                JpegEnd::Cut(_) | JpegEnd::NotJpeg => Some("JPEG 图像缺少结尾"),
            }
        }
        Some(Filter::JpxDecode) => (!jpx_is_whole(&encoded(stream, &filters)?)).then_some("JPEG 2000 图像缺少结尾"),
        Some(Filter::Jbig2Decode) => (!jbig2_is_whole(&encoded(stream, &filters)?)).then_some("JBIG2 图像数据不完整"),
        Some(Filter::CcittFaxDecode) => {
            let cut = !fax_is_ended(&encoded(stream, &filters)?) && rows_decoded(stream, width, height)? < height;
            cut.then_some("传真格式（CCITT）图像行数不足")
        }
        _ => {
            let bits = u64::from(width) * u64::from(stored.components?) * u64::from(stored.bits);
            let expected = bits.div_ceil(8) * u64::from(height);
            let have = stream.decoded().ok()?.len() as u64;
            // The last row alone may fall short: several producers round it off.
            (have + bits.div_ceil(8) < expected).then_some("图像数据不足")
        }
    }
}

/// The data that reaches the image decoder: with the outer filters (ASCII85, Flate) taken off.
fn encoded<'a>(stream: &Stream<'a>, filters: &[Filter]) -> Option<Cow<'a, [u8]>> {
    let raw = stream.raw_data();
    if filters.len() < 2 {
        return Some(raw);
    }
    let names: Option<Vec<&str>> = filters[..filters.len() - 1].iter().map(plain_filter).collect();
    let mut bytes = format!("<< /Length {} /Filter [{}] >> stream\n", raw.len(), names?.join(" ")).into_bytes();
    bytes.extend_from_slice(&raw);
    bytes.extend_from_slice(b"\nendstream");
    let outer = Stream::from_bytes(&bytes)?;
    Some(Cow::Owned(outer.decoded_data().ok()?.into_owned()))
}

fn plain_filter(filter: &Filter) -> Option<&'static str> {
    match filter {
        Filter::AsciiHexDecode => Some("/ASCIIHexDecode"),
        Filter::Ascii85Decode => Some("/ASCII85Decode"),
        Filter::LzwDecode => Some("/LZWDecode"),
        Filter::FlateDecode => Some("/FlateDecode"),
        Filter::RunLengthDecode => Some("/RunLengthDecode"),
        _ => None,
    }
}

/// Codestream end (EOC), or every tile part whole (ISO 15444-1 annex A.4); boxes of annex I around it or none.
#[must_use]
pub fn jpx_is_whole(data: &[u8]) -> bool {
    let stream = if data.starts_with(&[0xFF, 0x4F]) { Some(data) } else { jp2_codestream(data) };
    stream.is_some_and(|s| trimmed(s).ends_with(&[0xFF, 0xD9]) || tiles_are_whole(s))
}

fn jp2_codestream(data: &[u8]) -> Option<&[u8]> {
    let mut at: usize = 0;
    loop {
        let head = data.get(at..at.checked_add(8)?)?;
        let (mut len, mut header) = (u64::from(be32(head)?), 8);
        if len == 1 {
            len = (u64::from(be32(data.get(at + 8..)?)?) << 32) | u64::from(be32(data.get(at + 12..)?)?);
            header = 16;
        }
        let end = if len == 0 { data.len() } else { at.checked_add(usize::try_from(len).ok()?)? };
        if &head[4..] == b"jp2c" {
            return data.get(at + header..end);
        }
        if end <= at {
            return None;
        }
        at = end;
    }
}

fn tiles_are_whole(stream: &[u8]) -> bool {
    let Some(mut at) = stream.windows(2).position(|w| w == [0xFF, 0x90]) else { return false };
    loop {
        if stream.get(at..at + 2) != Some(&[0xFF, 0x90]) {
            return trimmed(&stream[at..]).len() <= 2;
        }
        // SOT: marker, Lsot, Isot, then Psot counted from the marker; 0 means "up to EOC", which is missing here.
        let Some(len) = stream.get(at + 6..).and_then(be32) else { return false };
        at += len as usize;
        if len < 12 || at > stream.len() {
            return false;
        }
        if at == stream.len() {
            return true;
        }
    }
}

fn trimmed(data: &[u8]) -> &[u8] {
    let padding = data.iter().rev().take_while(|b| **b == 0 || b.is_ascii_whitespace()).count();
    &data[..data.len() - padding]
}

/// Walks the segment headers of an embedded stream (ITU-T T.88, 7.2): whole, with at least one region.
#[must_use]
pub fn jbig2_is_whole(data: &[u8]) -> bool {
    let mut at = 0;
    let mut regions = 0;
    while at < trimmed(data).len() {
        let Some((kind, length, header)) = jbig2_segment(&data[at..]) else { return false };
        // 4..=43 are text, halftone and generic regions, intermediate or immediate.
        regions += u32::from((4..=43).contains(&kind) && kind != 16);
        let Some(length) = length else { return true };
        at += header + length as usize;
        if at > data.len() {
            return false;
        }
    }
    regions > 0
}

/// Type, data length (`None` where unknown in advance) and header length of a segment.
fn jbig2_segment(data: &[u8]) -> Option<(u8, Option<u32>, usize)> {
    let number = be32(data)?;
    let flags = *data.get(4)?;
    let count = *data.get(5)?;
    let (referred, mut at) = if count >> 5 == 7 {
        let n = be32(data.get(5..)?)? & 0x1FFF_FFFF;
        (n as usize, 9 + (n as usize + 1).div_ceil(8))
    } else {
        (usize::from(count >> 5), 6)
    };
    let each = if number <= 256 {
        1
    } else if number <= 65_536 {
        2
    } else {
        4
    };
    at = at.checked_add(referred.checked_mul(each)?)? + if flags & 0x40 != 0 { 4 } else { 1 };
    let length = be32(data.get(at..)?)?;
    Some((flags & 0x3F, (length != u32::MAX).then_some(length), at + 4))
}

/// End-of-facsimile-block: twice 000000000001 (ITU-T T.6, 2.4.1.1), or return-to-control of group 3, near the end.
#[must_use]
pub fn fax_is_ended(data: &[u8]) -> bool {
    // The marker ends in 00..01 and up to seven bits of padding: none of these bytes can hold that 1.
    let padding = data.iter().rev().take_while(|b| matches!(b, 0 | b'\n' | b'\r')).count();
    let tail = &data[..data.len() - padding];
    let tail = &tail[tail.len().saturating_sub(8)..];
    let mut window = 0_u32;
    let mut seen = 0;
    for bit in tail.iter().flat_map(|b| (0..8).rev().map(move |i| u32::from(b >> i & 1))) {
        window = (window << 1 | bit) & 0xFF_FFFF;
        seen += 1;
        if seen >= 24 && window == 0x00_1001 {
            return true;
        }
    }
    false
}

/// Rows that the fax decoder gets from the data.
fn rows_decoded(stream: &Stream<'_>, width: u32, height: u32) -> Option<u32> {
    let params = ImageDecodeParams { is_indexed: true, bpc: Some(1), width, height, ..ImageDecodeParams::default() };
    let columns = stream.dict().get::<Dict<'_>>(b"DecodeParms").and_then(|d| d.get::<u32>(b"Columns")).unwrap_or(1728);
    // With `is_indexed` the decoder hands out packed rows, only those it really got.
    let decoded = stream.decoded_image(&params).ok()?;
    let stride = decoded.image_data.as_ref().map_or(columns, |d| d.width).div_ceil(8) as usize;
    u32::try_from(decoded.data.len() / stride.max(1)).ok()
}

fn be32(data: &[u8]) -> Option<u32> {
    data.get(..4).map(|b| u32::from_be_bytes([b[0], b[1], b[2], b[3]]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jpeg_ends() {
        let whole = [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 0xFF, 0xD9, 0xFF, 0xDA, 0, 2, 1, 2, 0xFF, 0xD9];
        assert_eq!(jpeg_end(&whole), JpegEnd::Whole(0));
        assert_eq!(jpeg_end(&whole[..14]), JpegEnd::Cut(0), "the thumbnail's end marker does not count");
        assert_eq!(jpeg_end(&whole[..6]), JpegEnd::Cut(0));
        assert_eq!(jpeg_end(&[b"junk".as_slice(), &whole].concat()), JpegEnd::Whole(4));
        assert_eq!(jpeg_end(&[whole.as_slice(), &[0, 0, b'\n', 7]].concat()), JpegEnd::Whole(0));
        assert_eq!(jpeg_end(b"no image"), JpegEnd::NotJpeg);
    }

    #[test]
    fn jpx_ends() {
        let mut stream = vec![0xFF, 0x4F, 0xFF, 0x90, 0, 10, 0, 0, 0, 0, 0, 14, 0, 1, 9, 9];
        assert!(tiles_are_whole(&stream), "a tile part of 14 bytes");
        assert!(jpx_is_whole(&stream));
        assert!(!jpx_is_whole(&stream[..15]));
        stream.extend([0xFF, 0xD9]);
        assert!(jpx_is_whole(&stream));
        let boxed = [&[0, 0, 0, 26][..], b"jp2c", &stream].concat();
        assert!(jpx_is_whole(&boxed));
        assert!(!jpx_is_whole(&boxed[..20]), "the box says it is longer");
        assert!(!jpx_is_whole(b"garbage, no boxes"));
    }

    #[test]
    fn jbig2_ends() {
        let page_info = [&[0, 0, 0, 0, 48, 0, 1, 0, 0, 0, 4][..], &[0; 4]].concat();
        let region = [&[0, 0, 0, 1, 38, 0, 1, 0, 0, 0, 3][..], &[1, 2, 3]].concat();
        let both = [page_info.clone(), region].concat();
        assert!(jbig2_is_whole(&both));
        assert!(!jbig2_is_whole(&both[..both.len() - 1]));
        assert!(!jbig2_is_whole(&page_info), "no region: nothing would be drawn");
    }

    #[test]
    fn fax_end_at_any_bit() {
        assert!(fax_is_ended(&[0x55, 0x00, 0x10, 0x01]));
        assert!(fax_is_ended(&[0x54, 0x00, 0x20, 0x02, 0x00]));
        assert!(fax_is_ended(&[0x55, 0xF0, 0x01, 0x00, 0x10]));
        assert!(fax_is_ended(&[0x40, 0x02, 0x00, 0x20, b'\n']), "a space may hold the end, a newline may not");
        assert!(!fax_is_ended(&[0x55, 0x00, 0x10]));
        assert!(!fax_is_ended(&[]));
    }
}
