//! TIFF: several pages, fax compressions, palettes.

use std::io::Cursor;

use image::RgbImage;
use tiff::decoder::{Decoder, DecodingResult, Limits};
use tiff::tags::Tag;
use tiff::{ColorType, TiffError};

use super::MAX_PIXELS;
use super::decode::{Stored, within_limit};
use super::tiff_chain::without_ring;
use crate::model::page::{ColourMode, Degraded, Unreadable};
use crate::pdf::{Fax, MAX_PAGES, decode_fax};

type Reader<'a> = Decoder<Cursor<&'a [u8]>>;

/// TIFF 6.0, section 8: `Compression`.
const CCITT_RLE: u16 = 2;
const CCITT_T4: u16 = 3;
const CCITT_T6: u16 = 4;
/// TIFF 6.0, section 8: `PhotometricInterpretation`.
const WHITE_IS_ZERO: u16 = 0;
const BLACK_IS_ZERO: u16 = 1;
const PALETTE: u16 = 3;

fn reader(data: &[u8]) -> Result<Reader<'_>, Unreadable> {
    let mut limits = Limits::default();
    limits.decoding_buffer_size = MAX_PIXELS as usize * 8;
    limits.intermediate_buffer_size = MAX_PIXELS as usize * 8;
    limits.ifd_value_size = 64 << 20;
    Ok(Decoder::new(Cursor::new(data)).map_err(|_| damaged())?.with_limits(limits))
}

fn damaged() -> Unreadable {
    Unreadable::Damaged("TIFF 图像数据损坏".into())
}

/// Pages of the file, counted to just beyond the page limit.
pub(super) fn frames(data: &[u8]) -> Result<u32, Unreadable> {
    let data = without_ring(data);
    let mut tiff = reader(&data)?;
    let mut count = 1;
    while tiff.more_images() && count <= MAX_PAGES as u32 {
        match tiff.next_image() {
            Ok(()) => count += 1,
            // One more stands for the pages that can't be reached: asking for it tells.
            Err(_) => return Ok(count + 1),
        }
    }
    Ok(count)
}

pub(super) fn decode(data: &[u8], frame: u32) -> Result<Stored, Unreadable> {
    let data = &*without_ring(data);
    let mut tiff = reader(data)?;
    tiff.seek_to_image(frame as usize).map_err(|_| damaged())?;
    let (w, h) = tiff.dimensions().map_err(|_| damaged())?;
    within_limit(w, h)?;
    let number =
        |tiff: &mut Reader<'_>, tag: Tag, or: u16| tiff.find_tag_unsigned::<u16>(tag).ok().flatten().unwrap_or(or);
    let compression = number(&mut tiff, Tag::Compression, 1);
    let photometric = number(&mut tiff, Tag::PhotometricInterpretation, BLACK_IS_ZERO);
    let dpi = resolution(&mut tiff);
    let orientation = number(&mut tiff, Tag::Orientation, 1);

    let mut degraded = Vec::new();
    let (image, mode) = if matches!(compression, CCITT_RLE | CCITT_T4 | CCITT_T6) {
        let (image, whole) = fax(&mut tiff, data, (w, h), compression, photometric)?;
        if !whole {
            degraded.push(Degraded::ImageTruncated("传真格式（CCITT）图像行数不足".into()));
        }
        (image, ColourMode::Bilevel)
    } else if photometric == PALETTE {
        palette(&mut tiff, data, frame, (w, h))?
    } else {
        plain(&mut tiff, (w, h))?
    };
    let mut image = image::DynamicImage::ImageRgb8(image);
    let turn = image::metadata::Orientation::from_exif(orientation as u8);
    if let Some(turn) = turn {
        image.apply_orientation(turn);
    }
    let dpi = dpi.map(|(x, y)| if orientation >= 5 { (y, x) } else { (x, y) });
    Ok(Stored { image: image.into_rgb8(), mode, dpi, degraded })
}

fn resolution(tiff: &mut Reader<'_>) -> Option<(f32, f32)> {
    let x = tiff.get_tag_f32(Tag::XResolution).ok()?;
    let y = tiff.get_tag_f32(Tag::YResolution).ok()?;
    match tiff.find_tag_unsigned::<u16>(Tag::ResolutionUnit).ok().flatten().unwrap_or(2) {
        2 => Some((x, y)),
        3 => Some((x * 2.54, y * 2.54)),
        _ => None,
    }
}

/// Fax-compressed strips, each on its own; rows that cannot be had stay white.
fn fax(
    tiff: &mut Reader<'_>,
    data: &[u8],
    (w, h): (u32, u32),
    compression: u16,
    photometric: u16,
) -> Result<(RgbImage, bool), Unreadable> {
    let offsets = tiff.get_tag_u64_vec(Tag::StripOffsets).map_err(|_| damaged())?;
    let counts = tiff.get_tag_u64_vec(Tag::StripByteCounts).map_err(|_| damaged())?;
    let rows = tiff.find_tag_unsigned::<u32>(Tag::RowsPerStrip).ok().flatten().unwrap_or(h).clamp(1, h);
    let options = tiff.find_tag_unsigned::<u32>(Tag::Unknown(292)).ok().flatten().unwrap_or(0);
    let reversed = tiff.find_tag_unsigned::<u16>(Tag::FillOrder).ok().flatten() == Some(2);
    let kind = match compression {
        CCITT_T6 => Fax::Group4,
        CCITT_T4 if options & 1 == 1 => Fax::Group3TwoDimensional,
        CCITT_T4 => Fax::Group3,
        _ => Fax::RunLengths,
    };
    let mut image = RgbImage::from_pixel(w, h, image::Rgb([255; 3]));
    let mut whole = offsets.len() as u64 * u64::from(rows) >= u64::from(h);
    for (i, (offset, count)) in offsets.iter().zip(&counts).enumerate() {
        let top = i as u32 * rows;
        if top >= h {
            break;
        }
        let height = rows.min(h - top);
        let from = usize::try_from(*offset).map_err(|_| damaged())?.min(data.len());
        let to = from.saturating_add(usize::try_from(*count).map_err(|_| damaged())?).min(data.len());
        let mut strip = data[from..to].to_vec();
        if reversed {
            strip.iter_mut().for_each(|b| *b = b.reverse_bits());
        }
        let packed = decode_fax(&strip, w, height, kind).unwrap_or_default();
        let stride = w.div_ceil(8) as usize;
        let got = packed.len() / stride;
        whole &= got as u32 >= height;
        for (y, row) in packed.chunks_exact(stride).take(height as usize).enumerate() {
            for x in 0..w {
                // Decoded as white 1; the tag may call the runs of "white" codes black.
                let white = row[x as usize / 8] >> (7 - x % 8) & 1 == 1;
                let value = if white == (photometric == WHITE_IS_ZERO) { 255 } else { 0 };
                image.put_pixel(x, top + y as u32, image::Rgb([value; 3]));
            }
        }
    }
    Ok((image, whole))
}

/// The library refuses palettes: let it read the indices as greys, then look them up.
fn palette(
    tiff: &mut Reader<'_>,
    data: &[u8],
    frame: u32,
    size: (u32, u32),
) -> Result<(RgbImage, ColourMode), Unreadable> {
    let map = tiff.get_tag_u16_vec(Tag::ColorMap).map_err(|_| damaged())?;
    let bits = tiff.find_tag_unsigned_vec::<u16>(Tag::BitsPerSample).ok().flatten().map_or(1, |v| v[0]);
    let at = tiff.ifd_pointer().and_then(|p| usize::try_from(p.0).ok()).ok_or_else(damaged)?;
    let mut copy = data.to_vec();
    make_grey(&mut copy, at).ok_or_else(damaged)?;
    let mut greys = reader(&copy)?;
    greys.seek_to_image(frame as usize).map_err(|_| damaged())?;
    let DecodingResult::U8(packed) = greys.read_image().map_err(|_| damaged())? else { return Err(damaged()) };
    let indices = unpacked(&packed, size, u32::from(bits)).ok_or_else(damaged)?;
    let entries = map.len() / 3;
    let colour = |i: u8| {
        let part = |channel: usize| map.get(channel * entries + usize::from(i)).map_or(0, |v| (v >> 8) as u8);
        [part(0), part(1), part(2)]
    };
    let rgb = indices.into_iter().flat_map(colour).collect();
    Ok((RgbImage::from_raw(size.0, size.1, rgb).ok_or_else(damaged)?, ColourMode::Colour))
}

/// Sets `PhotometricInterpretation` in the directory at this offset of a classic (32-bit) TIFF.
fn make_grey(data: &mut [u8], directory: usize) -> Option<()> {
    let little = data.starts_with(b"II");
    let read = |data: &[u8], at: usize| -> Option<u16> {
        let b = data.get(at..at + 2)?;
        Some(if little { u16::from_le_bytes([b[0], b[1]]) } else { u16::from_be_bytes([b[0], b[1]]) })
    };
    let count = usize::from(read(data, directory)?);
    let entry = (0..count).map(|i| directory + 2 + i * 12).find(|at| read(data, *at) == Some(262))?;
    let value = if little { BLACK_IS_ZERO.to_le_bytes() } else { BLACK_IS_ZERO.to_be_bytes() };
    data.get_mut(entry + 8..entry + 10)?.copy_from_slice(&value);
    Some(())
}

/// One byte per sample of at most 8 bits; rows start at whole bytes.
fn unpacked(packed: &[u8], (w, h): (u32, u32), bits: u32) -> Option<Vec<u8>> {
    let stride = (w * bits).div_ceil(8) as usize;
    if !matches!(bits, 1 | 2 | 4 | 8) || packed.len() < stride * h as usize {
        return None;
    }
    let mask = ((1_u16 << bits) - 1) as u8;
    let sample = |row: &[u8], x: u32| {
        let bit = x * bits;
        row[bit as usize / 8] >> (8 - bits - bit % 8) & mask
    };
    Some(packed.chunks_exact(stride).take(h as usize).flat_map(|row| (0..w).map(move |x| sample(row, x))).collect())
}

fn plain(tiff: &mut Reader<'_>, size: (u32, u32)) -> Result<(RgbImage, ColourMode), Unreadable> {
    let kind = tiff.colortype().map_err(|_| Unreadable::Damaged("TIFF 图像的颜色方式不受支持".into()))?;
    let read = tiff.read_image().map_err(|e| match e {
        TiffError::UnsupportedError(_) => Unreadable::Damaged("TIFF 图像的压缩方式不受支持".into()),
        TiffError::LimitsExceeded => Unreadable::OverLimit("图像解码所需内存超过上限".into()),
        _ => damaged(),
    })?;
    let samples: Vec<u8> = match read {
        DecodingResult::U8(v) => v,
        DecodingResult::U16(v) => v.into_iter().map(|s| (s >> 8) as u8).collect(),
        _ => return Err(Unreadable::Damaged("TIFF 图像的颜色方式不受支持".into())),
    };
    let (rgb, mode): (Vec<u8>, ColourMode) = match kind {
        ColorType::Gray(bits @ (1 | 2 | 4)) => {
            let top = (1_u16 << bits) - 1;
            let values = unpacked(&samples, size, u32::from(bits)).ok_or_else(damaged)?;
            let grey = values.into_iter().flat_map(|v| [(u16::from(v) * 255 / top) as u8; 3]).collect();
            (grey, if bits == 1 { ColourMode::Bilevel } else { ColourMode::Grey })
        }
        ColorType::Gray(_) => (samples.into_iter().flat_map(|v| [v; 3]).collect(), ColourMode::Grey),
        ColorType::GrayA(_) => {
            let pairs = samples.as_chunks::<2>().0;
            (pairs.iter().flat_map(|[v, a]| [over(*v, *a); 3]).collect(), ColourMode::Grey)
        }
        ColorType::RGB(_) => (samples, ColourMode::Colour),
        ColorType::YCbCr(_) => {
            (samples.as_chunks::<3>().0.iter().flat_map(|c| from_ycbcr(*c)).collect(), ColourMode::Colour)
        }
        ColorType::RGBA(_) => {
            let quads = samples.as_chunks::<4>().0;
            (
                quads.iter().flat_map(|[r, g, b, a]| [over(*r, *a), over(*g, *a), over(*b, *a)]).collect(),
                ColourMode::Colour,
            )
        }
        ColorType::CMYK(_) => {
            let ink = |c: u8, k: u8| ((255 - u16::from(c)) * (255 - u16::from(k)) / 255) as u8;
            let quads = samples.as_chunks::<4>().0;
            (
                quads.iter().flat_map(|[c, m, y, k]| [ink(*c, *k), ink(*m, *k), ink(*y, *k)]).collect(),
                ColourMode::Colour,
            )
        }
        _ => return Err(Unreadable::Damaged("TIFF 图像的颜色方式不受支持".into())),
    };
    Ok((RgbImage::from_raw(size.0, size.1, rgb).ok_or_else(damaged)?, mode))
}

fn over(value: u8, alpha: u8) -> u8 {
    let (v, a) = (u16::from(value), u16::from(alpha));
    ((v * a + 255 * (255 - a)) / 255) as u8
}

/// ITU-R BT.601, full range (TIFF 6.0, section 21 with its default coefficients).
fn from_ycbcr([y, cb, cr]: [u8; 3]) -> [u8; 3] {
    let (y, cb, cr) = (f32::from(y), f32::from(cb) - 128.0, f32::from(cr) - 128.0);
    [y + 1.402 * cr, y - 0.344 * cb - 0.714 * cr, y + 1.772 * cb].map(|v| v.round().clamp(0.0, 255.0) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tags of one short value each, a palette or nothing, and the only strip.
    type Page<'a> = (&'a [(u16, u16)], &'a [u16], &'a [u8]);

    /// A little-endian TIFF.
    fn file(pages: &[Page<'_>]) -> Vec<u8> {
        let mut out = b"II*\0".to_vec();
        let mut link = 4;
        out.extend([0; 4]);
        for (tags, map, strip) in pages {
            let strip_at = out.len() as u32;
            out.extend(*strip);
            let map_at = out.len() as u32;
            out.extend(map.iter().flat_map(|v| v.to_le_bytes()));
            if out.len() % 2 == 1 {
                out.push(0);
            }
            let directory = out.len() as u32;
            out[link..link + 4].copy_from_slice(&directory.to_le_bytes());
            let mut entries: Vec<(u16, u16, u32, u32)> = tags.iter().map(|(t, v)| (*t, 3, 1, u32::from(*v))).collect();
            entries.extend([(273, 4, 1, strip_at), (279, 4, 1, strip.len() as u32)]);
            if !map.is_empty() {
                entries.push((320, 3, map.len() as u32, map_at));
            }
            entries.sort_unstable();
            out.extend((entries.len() as u16).to_le_bytes());
            for (tag, kind, count, value) in entries {
                out.extend(tag.to_le_bytes());
                out.extend(kind.to_le_bytes());
                out.extend(count.to_le_bytes());
                out.extend(value.to_le_bytes());
            }
            link = out.len();
            out.extend([0; 4]);
        }
        out
    }

    const SIZE: [(u16, u16); 3] = [(256, 16), (257, 16), (278, 16)];

    fn tags(more: &[(u16, u16)]) -> Vec<(u16, u16)> {
        [&SIZE[..], more].concat()
    }

    #[test]
    fn fax_pages_are_white_where_they_should_be_and_cut_ones_are_said_so() {
        let g4 = tags(&[(259, CCITT_T6), (262, WHITE_IS_ZERO), (258, 1), (277, 1)]);
        let whole = decode(&file(&[(&g4, &[], &[0xFF, 0xFF, 0, 0x10, 1])]), 0).expect("a page");
        assert!(whole.image.iter().all(|v| *v == 255) && whole.degraded.is_empty());
        assert_eq!(whole.mode, ColourMode::Bilevel);
        let cut = decode(&file(&[(&g4, &[], &[0xFF])]), 0).expect("half a page");
        assert!(matches!(cut.degraded[..], [Degraded::ImageTruncated(_)]));

        let reversed = tags(&[(259, CCITT_T6), (262, BLACK_IS_ZERO), (266, 2)]);
        let black = decode(&file(&[(&reversed, &[], &[0xFF, 0xFF, 0, 0x08, 0x80])]), 0).expect("a page");
        assert!(black.image.iter().all(|v| *v == 0) && black.degraded.is_empty(), "white codes called black");
    }

    #[test]
    fn group_3_rows_are_read() {
        // Run lengths: white 4 (1011), black 4 (011), white 8 (10011), padded to whole bytes; 16 rows.
        let row = [0b1011_0111, 0b0011_0000];
        let rows = row.repeat(16);
        let rle = tags(&[(259, CCITT_RLE), (262, WHITE_IS_ZERO)]);
        let page = decode(&file(&[(&rle, &[], &rows)]), 0).expect("a page");
        assert_eq!(page.degraded, []);
        let line: Vec<u8> = (0..16).map(|x| page.image.get_pixel(x, 7).0[0]).collect();
        assert_eq!(line, [[255; 4].as_slice(), &[0; 4], &[255; 8]].concat());
    }

    #[test]
    fn uncompressed_bilevel_and_palette_pages_follow_each_other() {
        let rows: Vec<u8> = [0xF0, 0x0F].repeat(16);
        let bilevel = tags(&[(258, 1), (259, 1), (262, WHITE_IS_ZERO), (277, 1)]);
        let mut map = vec![0_u16; 768];
        map[7] = 0xFFFF; // red of entry 7
        let palette = tags(&[(258, 8), (259, 1), (262, PALETTE), (277, 1)]);
        let data = file(&[(&bilevel, &[], &rows), (&palette, &map, &[7; 256])]);
        assert_eq!(frames(&data), Ok(2));
        let first = decode(&data, 0).expect("a page");
        assert_eq!(
            (first.mode, first.image.get_pixel(0, 0).0, first.image.get_pixel(5, 0).0),
            (ColourMode::Bilevel, [0; 3], [255; 3])
        );
        let second = decode(&data, 1).expect("a page");
        assert_eq!((second.mode, second.image.get_pixel(3, 3).0), (ColourMode::Colour, [255, 0, 0]));
        assert!(decode(&data, 2).is_err());
        assert!(frames(b"II*\0").is_err());
    }
}
