//! Image files of every kind, sound and with headers that say what they like.

use std::io::Cursor;

use flate2::Crc;
use image::{DynamicImage, GrayImage, ImageFormat, Luma, Rgb, RgbImage};

/// Bars on white, small.
pub(crate) fn picture() -> RgbImage {
    RgbImage::from_fn(400, 280, |x, y| Rgb(if (30..370).contains(&x) && y % 60 < 18 { [20; 3] } else { [250; 3] }))
}

pub(crate) fn encoded(format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(picture()).write_to(&mut out, format).expect("memory");
    out.into_inner()
}

/// A sound JPEG whose header says it is so large.
pub(crate) fn jpeg(width: u16, height: u16) -> Vec<u8> {
    let mut data = encoded(ImageFormat::Jpeg);
    let frame = data.windows(2).position(|w| w == [0xFF, 0xC0]).expect("a frame");
    data[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    data[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    data
}

fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut sum = Crc::new();
    sum.update(kind);
    sum.update(data);
    [&(data.len() as u32).to_be_bytes()[..], kind, data, &sum.sum().to_be_bytes()].concat()
}

/// A grey PNG of 8 bits with chunks before its data.
pub(crate) fn png(width: u32, height: u32, before: &[(&[u8; 4], Vec<u8>)], idat: &[u8]) -> Vec<u8> {
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 0, 0, 0, 0]].concat();
    let mut out = [&b"\x89PNG\r\n\x1a\n"[..], &chunk(b"IHDR", &header)].concat();
    for (kind, data) in before {
        out.extend(chunk(kind, data));
    }
    out.extend(chunk(b"IDAT", idat));
    out.extend(chunk(b"IEND", b""));
    out
}

/// The picture's rows as a PNG stores them, unfiltered.
pub(crate) fn png_rows() -> Vec<u8> {
    let grey: GrayImage = DynamicImage::ImageRgb8(picture()).into_luma8();
    grey.rows().flat_map(|row| std::iter::once(0).chain(row.map(|Luma([v])| *v).collect::<Vec<_>>())).collect()
}

/// A BMP of 24 bits with hardly any data.
pub(crate) fn bmp(width: i32, height: i32) -> Vec<u8> {
    let mut out = b"BM".to_vec();
    out.extend([0; 8]);
    out.extend(54_u32.to_le_bytes());
    out.extend(40_u32.to_le_bytes());
    out.extend(width.to_le_bytes());
    out.extend(height.to_le_bytes());
    out.extend([1, 0, 24, 0]);
    out.extend([0; 24]);
    out.extend([0; 64]);
    out
}

/// A directory of a little-endian TIFF: tags with their values (of one long each), and where the next one is.
pub(crate) struct Directory<'a> {
    pub(crate) tags: &'a [(u16, u32)],
    pub(crate) next: u32,
}

/// A grey TIFF of 8 bits: the rows stand at 8, the directories behind them, each where [`directory_at`] says.
pub(crate) fn tiff(rows: &[u8], directories: &[Directory<'_>]) -> Vec<u8> {
    let mut out = b"II*\0".to_vec();
    out.extend(directory_at(rows.len(), directories, 0).to_le_bytes());
    out.extend(rows);
    for directory in directories {
        out.extend((directory.tags.len() as u16).to_le_bytes());
        for (tag, value) in directory.tags {
            out.extend(tag.to_le_bytes());
            out.extend([4, 0, 1, 0, 0, 0]);
            out.extend(value.to_le_bytes());
        }
        out.extend(directory.next.to_le_bytes());
    }
    out
}

pub(crate) fn directory_at(rows: usize, directories: &[Directory<'_>], index: usize) -> u32 {
    let before: usize = directories[..index].iter().map(|d| 6 + 12 * d.tags.len()).sum();
    (8 + rows + before) as u32
}

/// What a grey picture of this size in one strip at 8 needs.
pub(crate) fn grey_tags(width: u32, height: u32, bytes: u32) -> Vec<(u16, u32)> {
    vec![(256, width), (257, height), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1), (278, height), (279, bytes)]
}

/// The segments of a JBIG2 page of this size that is all white.
pub(crate) fn jbig2(width: u32, height: u32) -> Vec<u8> {
    let mut out = vec![0, 0, 0, 0, 48, 0, 1, 0, 0, 0, 19];
    out.extend(width.to_be_bytes());
    out.extend(height.to_be_bytes());
    out.extend([0; 11]);
    // A generic region of one row, arithmetic-coded, with nothing in it.
    out.extend([0, 0, 0, 1, 38, 0, 1, 0, 0, 0, 28]);
    out.extend(width.to_be_bytes());
    out.extend(1_u32.to_be_bytes());
    out.extend([0; 8]);
    out.extend([0, 0, 3, 0xFF, 0xFD, 0xFF, 2, 0xFE, 0xFE, 0xFE]);
    out
}

/// A JPEG 2000 codestream's header of this size, one tile, and no data.
pub(crate) fn jpx(width: u32, height: u32) -> Vec<u8> {
    let mut out = vec![0xFF, 0x4F, 0xFF, 0x51, 0, 41, 0, 0];
    for value in [width, height, 0, 0, width, height, 0, 0] {
        out.extend(value.to_be_bytes());
    }
    out.extend([0, 1, 7, 1, 1]);
    // Coding style and quantization, then an empty tile part and the end.
    out.extend([0xFF, 0x52, 0, 12, 0, 0, 0, 1, 0, 1, 4, 4, 0, 1]);
    out.extend([0xFF, 0x5C, 0, 7, 0x40, 0x40, 0x48, 0x48, 0x50]);
    out.extend([0xFF, 0x90, 0, 10, 0, 0, 0, 0, 0, 14, 0, 1, 0xFF, 0x93]);
    out.extend([0xFF, 0xD9]);
    out
}
