//! What JPEG and PNG files say of their resolution; the decoder does not pass it on.

/// Dots per inch in x and y from a JPEG's JFIF header or, failing that, its EXIF block.
#[must_use]
pub fn jpeg_dpi(data: &[u8]) -> Option<(f32, f32)> {
    let mut at = 2;
    let (mut jfif, mut exif) = (None, None);
    while let Some([0xFF, marker]) = data.get(at..at + 2) {
        if *marker == 0xFF {
            at += 1;
            continue;
        }
        if matches!(marker, 0xD8 | 0x01 | 0xD0..=0xD7) {
            at += 2;
            continue;
        }
        if matches!(marker, 0xDA | 0xD9) {
            break;
        }
        let Some(len) = be16(data, at + 2) else { break };
        let body = data.get(at + 4..at + 2 + usize::from(len)).unwrap_or_default();
        match marker {
            0xE0 if body.starts_with(b"JFIF\0") => jfif = jfif.or_else(|| jfif_dpi(body)),
            0xE1 if body.starts_with(b"Exif\0\0") => exif = exif.or_else(|| exif_dpi(&body[6..])),
            _ => {}
        }
        at += 2 + usize::from(len);
    }
    jfif.or(exif)
}

/// JFIF 1.02: version (2), units (1: inch, 2: centimetre, 0: aspect only), densities.
fn jfif_dpi(body: &[u8]) -> Option<(f32, f32)> {
    let scale = match body.get(7)? {
        1 => 1.0,
        2 => 2.54,
        _ => return None,
    };
    Some((f32::from(be16(body, 8)?) * scale, f32::from(be16(body, 10)?) * scale))
}

/// Tags 282, 283 (resolutions) and 296 (unit) of the first TIFF directory.
fn exif_dpi(tiff: &[u8]) -> Option<(f32, f32)> {
    let little = tiff.starts_with(b"II");
    let u16_at = |at: usize| -> Option<u16> {
        let b = tiff.get(at..at.checked_add(2)?)?;
        Some(if little { u16::from_le_bytes([b[0], b[1]]) } else { u16::from_be_bytes([b[0], b[1]]) })
    };
    let u32_at = |at: usize| -> Option<usize> {
        let b: [u8; 4] = tiff.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if little { u32::from_le_bytes(b) } else { u32::from_be_bytes(b) } as usize)
    };
    let directory = u32_at(4)?;
    let (mut x, mut y, mut unit) = (None, None, 2);
    for entry in 0..usize::from(u16_at(directory)?) {
        let at = directory + 2 + entry * 12;
        let ratio = || {
            let value = u32_at(at + 8)?;
            Some(u32_at(value)? as f32 / (u32_at(value + 4)? as f32).max(1.0))
        };
        match u16_at(at)? {
            282 => x = ratio(),
            283 => y = ratio(),
            296 => unit = u16_at(at + 8)?,
            _ => {}
        }
    }
    let scale = if unit == 3 { 2.54 } else { 1.0 };
    Some((x? * scale, y? * scale))
}

/// Dots per inch from a PNG's `pHYs` chunk, where its unit is the metre.
pub(super) fn png_dpi(data: &[u8]) -> Option<(f32, f32)> {
    let mut at = 8;
    loop {
        let length = usize::try_from(be32(data, at)?).ok()?;
        match data.get(at + 4..at + 8)? {
            b"pHYs" => {
                let (x, y) = (be32(data, at + 8)? as f32, be32(data, at + 12)? as f32);
                return (*data.get(at + 16)? == 1).then_some((x * 0.0254, y * 0.0254));
            }
            b"IDAT" | b"IEND" => return None,
            _ => at = at.checked_add(length)?.checked_add(12)?,
        }
    }
}

/// Dots per inch from a BMP's information header (pixels per metre at offset 38).
pub(super) fn bmp_dpi(data: &[u8]) -> Option<(f32, f32)> {
    let at = |i: usize| data.get(i..i + 4).map(|b| i32::from_le_bytes([b[0], b[1], b[2], b[3]]) as f32);
    (at(14)? >= 40.0).then_some(())?;
    Some((at(38)? * 0.0254, at(42)? * 0.0254))
}

fn be16(data: &[u8], at: usize) -> Option<u16> {
    data.get(at..at + 2).map(|b| u16::from_be_bytes([b[0], b[1]]))
}

fn be32(data: &[u8], at: usize) -> Option<u32> {
    data.get(at..at.checked_add(4)?).map(|b| u32::from_be_bytes([b[0], b[1], b[2], b[3]]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn densities_of_each_kind() {
        let jfif =
            |unit: u8| [&[0xFF, 0xD8, 0xFF, 0xE0, 0, 16][..], b"JFIF\0\x01\x02", &[unit, 0, 100, 0, 50, 0, 0]].concat();
        assert_eq!(jpeg_dpi(&jfif(1)), Some((100.0, 50.0)));
        assert_eq!(jpeg_dpi(&jfif(2)), Some((254.0, 127.0)));
        assert_eq!(jpeg_dpi(&jfif(0)), None, "an aspect ratio is no resolution");

        let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x02\0".to_vec();
        for tag in [282_u16, 283] {
            exif.extend(tag.to_le_bytes());
            exif.extend([5, 0, 1, 0, 0, 0, 38, 0, 0, 0]);
        }
        exif.extend([0; 4]);
        exif.extend([144, 1, 0, 0, 2, 0, 0, 0]);
        let app1 = [&[0xFF, 0xD8, 0xFF, 0xE1, 0, exif.len() as u8 + 2][..], &exif].concat();
        assert_eq!(jpeg_dpi(&app1), Some((200.0, 200.0)));

        let png = [&[0; 8][..], &[0, 0, 0, 9], b"pHYs", &[0, 0, 0x1E, 0xC2, 0, 0, 0x1E, 0xC2, 1, 0, 0, 0, 0]].concat();
        assert!((png_dpi(&png).expect("stated").0 - 200.0).abs() < 0.1);
        assert_eq!(jpeg_dpi(b"\xFF\xD8"), None);
        assert_eq!(png_dpi(b""), None);
    }
}
