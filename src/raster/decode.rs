//! Image files to pixels.

use std::io::Cursor;
use std::path::Path;

use fast_image_resize::images::Image as Sized;
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::codecs::bmp::BmpDecoder;
use image::codecs::jpeg::JpegDecoder;
use image::codecs::png::PngDecoder;
use image::metadata::Orientation;
use image::{DynamicImage, ExtendedColorType, ImageDecoder, Limits, RgbImage};

use super::{MAX_PIXELS, Raster, jpeg, size, tiff};
use crate::model::packet::DocumentKind;
use crate::model::page::{ColourMode, Degraded, Unreadable};
use crate::pdf::{JpegEnd, MAX_FILE_BYTES, MAX_PAGES, guarded, jpeg_breaks_off, jpeg_end, map_file};

/// Pixels beyond this add cost and no legibility.
const MAX_DPI: f32 = 250.0;
/// Decoders may hold 16-bit RGBA of the largest image, twice.
const MAX_ALLOCATION: u64 = MAX_PIXELS * 16;

/// An image as its file holds it, turned as the file says.
pub(super) struct Stored {
    pub(super) image: RgbImage,
    pub(super) mode: ColourMode,
    pub(super) dpi: Option<(f32, f32)>,
    pub(super) degraded: Vec<Degraded>,
}

/// How many images a file holds: 1 but for TIFF. Errors: as [`decode_image`], `OverLimit` beyond 5,000.
pub fn frames(path: &Path, kind: DocumentKind) -> Result<u32, Unreadable> {
    if kind != DocumentKind::Tiff {
        return Ok(1);
    }
    let data = map_file(path)?;
    let count = guarded(|| tiff::frames(&data))??;
    if count as usize > MAX_PAGES {
        return Err(Unreadable::OverLimit(format!("{count} 页，超过 {MAX_PAGES} 页上限")));
    }
    Ok(count)
}

/// Decodes one image of a file, at most about 250 pixels per inch of its size. `frame` is 0-based.
///
/// Errors: `Io`, `Empty`, `OverLimit`, `Damaged`, `Crashed`; `NotADocument` for a PDF.
pub fn decode_image(path: &Path, kind: DocumentKind, frame: u32) -> Result<Raster, Unreadable> {
    let data = map_file(path)?;
    if data.len() as u64 > MAX_FILE_BYTES {
        return Err(Unreadable::OverLimit(format!("文件 {} MB，超过 2 GB 上限", data.len() >> 20)));
    }
    let stored = guarded(|| match kind {
        DocumentKind::Jpeg => from_jpeg(&data),
        DocumentKind::Png => from_png(&data),
        DocumentKind::Bmp => from_bmp(&data),
        DocumentKind::Tiff => tiff::decode(&data, frame),
        DocumentKind::Pdf => Err(Unreadable::NotADocument),
    })??;
    Ok(to_raster(stored))
}

fn from_jpeg(data: &[u8]) -> Result<Stored, Unreadable> {
    let (start, whole) = match jpeg_end(data) {
        JpegEnd::Whole(at) => (at, true),
        JpegEnd::Cut(at) => (at, false),
        JpegEnd::NotJpeg => return Err(Unreadable::Damaged("JPEG 图像没有开头".into())),
    };
    let data = &data[start..];
    let mut stored = decoded(JpegDecoder::new(Cursor::new(data)).map_err(refusal)?, jpeg::jpeg_dpi(data))?;
    if whole && jpeg_breaks_off(data, MAX_PIXELS) {
        stored.degraded.push(Degraded::ImageTruncated("JPEG 图像数据中途损坏".into()));
    }
    if !whole {
        stored.degraded.push(Degraded::ImageTruncated("JPEG 图像缺少结尾".into()));
    }
    Ok(stored)
}

fn from_png(data: &[u8]) -> Result<Stored, Unreadable> {
    let decoder = PngDecoder::with_limits(Cursor::new(data), limits()).map_err(refusal)?;
    decoded(decoder, jpeg::png_dpi(data))
}

fn from_bmp(data: &[u8]) -> Result<Stored, Unreadable> {
    decoded(BmpDecoder::new(Cursor::new(data)).map_err(refusal)?, jpeg::bmp_dpi(data))
}

fn limits() -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_ALLOCATION);
    limits
}

/// Refuses images beyond the pixel limit (DESIGN §6).
pub(super) fn within_limit(w: u32, h: u32) -> Result<(), Unreadable> {
    if w == 0 || h == 0 {
        return Err(Unreadable::Damaged("图像没有宽或高".into()));
    }
    if u64::from(w) * u64::from(h) > MAX_PIXELS {
        return Err(Unreadable::OverLimit(format!("图像 {w}×{h} 像素，超过一亿像素上限")));
    }
    Ok(())
}

fn decoded(mut decoder: impl ImageDecoder, dpi: Option<(f32, f32)>) -> Result<Stored, Unreadable> {
    let (w, h) = decoder.dimensions();
    within_limit(w, h)?;
    decoder.set_limits(limits()).map_err(refusal)?;
    let mode = match decoder.original_color_type() {
        ExtendedColorType::L1 => ColourMode::Bilevel,
        ExtendedColorType::L2 | ExtendedColorType::L4 | ExtendedColorType::L8 | ExtendedColorType::L16 => {
            ColourMode::Grey
        }
        ExtendedColorType::La8 | ExtendedColorType::La16 => ColourMode::Grey,
        _ => ColourMode::Colour,
    };
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder).map_err(refusal)?;
    image.apply_orientation(orientation);
    let sideways = matches!(
        orientation,
        Orientation::Rotate90 | Orientation::Rotate270 | Orientation::Rotate90FlipH | Orientation::Rotate270FlipH
    );
    let dpi = dpi.map(|(x, y)| if sideways { (y, x) } else { (x, y) });
    Ok(Stored { image: over_white(image), mode, dpi, degraded: Vec::new() })
}

/// 8-bit RGB; transparent pixels show white paper.
fn over_white(image: DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.into_rgb8();
    }
    let rgba = image.into_rgba8();
    let mut out = RgbImage::new(rgba.width(), rgba.height());
    for (to, from) in out.pixels_mut().zip(rgba.pixels()) {
        let [r, g, b, a] = from.0.map(u32::from);
        to.0 = [r, g, b].map(|v| ((v * a + 255 * (255 - a) + 127) / 255) as u8);
    }
    out
}

fn refusal(error: image::ImageError) -> Unreadable {
    match error {
        image::ImageError::Limits(_) => Unreadable::OverLimit("图像解码所需内存超过上限".into()),
        image::ImageError::Unsupported(_) => Unreadable::Damaged("图像的存储方式不受支持".into()),
        image::ImageError::IoError(_) => Unreadable::Damaged("图像数据不完整".into()),
        _ => Unreadable::Damaged("图像数据损坏".into()),
    }
}

fn to_raster(stored: Stored) -> Raster {
    let pixels = stored.image.dimensions();
    let size = size::stated(pixels, stored.dpi).unwrap_or_else(|| size::assumed(pixels));
    let (wide, high) = (size.width_mm / 25.4, size.height_mm / 25.4);
    let native = (pixels.0 as f32 / wide).min(pixels.1 as f32 / high);
    let mode = if stored.mode == ColourMode::Colour && has_two_greys(&stored.image) {
        ColourMode::Bilevel
    } else {
        stored.mode
    };
    // A fax has different resolutions along its sides; the raster's pixels are square.
    let dpi = native.min(MAX_DPI);
    let target = ((wide * dpi).round().max(1.0) as u32, (high * dpi).round().max(1.0) as u32);
    let near = |a: u32, b: u32| a.abs_diff(b) <= b / 50;
    let image =
        if near(pixels.0, target.0) && near(pixels.1, target.1) { stored.image } else { shrunk(stored.image, target) };
    Raster {
        dpi: image.width() as f32 / wide,
        image,
        size,
        pixels,
        native_dpi: Some(native.round().clamp(1.0, f32::from(u16::MAX)) as u16),
        stored: mode,
        scanned: true,
        degraded: stored.degraded,
    }
}

fn shrunk(image: RgbImage, (w, h): (u32, u32)) -> RgbImage {
    let (from_w, from_h) = image.dimensions();
    let source = Sized::from_vec_u8(from_w, from_h, image.into_raw(), PixelType::U8x3).expect("an RGB buffer fits");
    let mut target = Sized::new(w, h, PixelType::U8x3);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Bilinear));
    Resizer::new().resize(&source, &mut target, &options).expect("both are 8-bit RGB of some size");
    RgbImage::from_raw(w, h, target.into_vec()).expect("the resizer fills its target")
}

/// Whether a picture stored in colour holds only two colours, both grey: a bilevel scan saved by an editor.
fn has_two_greys(image: &RgbImage) -> bool {
    let mut levels: Vec<[u8; 3]> = Vec::with_capacity(3);
    for pixel in image.pixels() {
        if !levels.contains(&pixel.0) {
            levels.push(pixel.0);
            if levels.len() > 2 || pixel.0[0] != pixel.0[1] || pixel.0[1] != pixel.0[2] {
                return false;
            }
        }
    }
    levels.len() == 2
}

#[cfg(test)]
mod tests {
    use image::codecs::jpeg::JpegEncoder;
    use image::{ImageFormat, Rgb, Rgba, RgbaImage};

    use super::*;

    fn read(bytes: &[u8], kind: DocumentKind) -> Result<Raster, Unreadable> {
        let dir = tempfile::tempdir().expect("a scratch folder");
        let path = dir.path().join("a");
        std::fs::write(&path, bytes).expect("a writable scratch folder");
        decode_image(&path, kind, 0)
    }

    fn encoded(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        image.into().write_to(&mut out, format).expect("memory");
        out.into_inner()
    }

    fn corner() -> RgbImage {
        RgbImage::from_fn(64, 48, |x, y| if x < 16 && y < 16 { Rgb([255, 0, 0]) } else { Rgb([255; 3]) })
    }

    #[test]
    fn a_jpeg_is_turned_as_its_exif_says() {
        let mut data = encoded(corner(), ImageFormat::Jpeg);
        let exif = [&b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0"[..], &[0; 4]].concat();
        let segment = [&[0xFF, 0xE1, 0, exif.len() as u8 + 2][..], &exif].concat();
        data.splice(2..2, segment);
        let raster = read(&data, DocumentKind::Jpeg).expect("a sound image");
        assert_eq!((raster.pixels, raster.image.dimensions()), ((48, 64), (40, 53)), "300 dpi assumed, shrunk to 250");
        assert!(raster.image.get_pixel(36, 3).0[1] < 80, "the red corner is at the top right");
        assert_eq!(raster.degraded, []);
    }

    #[test]
    fn a_damaged_jpeg_is_decoded_as_far_as_it_goes() {
        let data = encoded(corner(), ImageFormat::Jpeg);
        let junk = read(&[b"junk".as_slice(), &data].concat(), DocumentKind::Jpeg).expect("a sound image");
        assert_eq!(junk.degraded, []);
        let cut = read(&data[..data.len() - 20], DocumentKind::Jpeg).expect("what there is");
        assert_eq!(cut.degraded, [Degraded::ImageTruncated("JPEG 图像缺少结尾".into())]);
        assert!(matches!(read(b"no image at all", DocumentKind::Jpeg), Err(Unreadable::Damaged(_))));
        assert_eq!(read(b"", DocumentKind::Jpeg).err(), Some(Unreadable::Empty));
        assert!(matches!(
            read(&encoded(corner(), ImageFormat::Png)[..60], DocumentKind::Png),
            Err(Unreadable::Damaged(_))
        ));
    }

    #[test]
    fn transparent_pixels_show_white_paper() {
        let clear = RgbaImage::from_pixel(40, 40, Rgba([0, 0, 0, 0]));
        let raster = read(&encoded(clear, ImageFormat::Png), DocumentKind::Png).expect("a sound image");
        assert_eq!(raster.image.get_pixel(5, 5).0, [255; 3]);
    }

    #[test]
    fn stored_modes_are_told_apart() {
        let grey = image::GrayImage::from_fn(40, 40, |x, _| image::Luma([x as u8 * 5]));
        let two = RgbImage::from_fn(40, 40, |x, _| Rgb([if x < 20 { 0 } else { 255 }; 3]));
        let cases = [
            (encoded(grey, ImageFormat::Png), ColourMode::Grey),
            (encoded(two, ImageFormat::Png), ColourMode::Bilevel),
            (encoded(corner(), ImageFormat::Png), ColourMode::Colour),
        ];
        for (data, mode) in cases {
            assert_eq!(read(&data, DocumentKind::Png).expect("a sound image").stored, mode);
        }
        let bmp = read(&encoded(corner(), ImageFormat::Bmp), DocumentKind::Bmp).expect("a sound image");
        assert_eq!(bmp.image.get_pixel(3, 3).0, [255, 0, 0]);
    }

    #[test]
    fn a_fine_scan_is_shrunk_and_keeps_its_stored_size() {
        let page = image::GrayImage::from_pixel(2480, 3508, image::Luma([200]));
        let mut data = Vec::new();
        let mut encoder = JpegEncoder::new(&mut data);
        encoder.set_pixel_density(image::codecs::jpeg::PixelDensity::dpi(300));
        encoder.encode_image(&page).expect("memory");
        let raster = read(&data, DocumentKind::Jpeg).expect("a sound image");
        assert_eq!((raster.pixels, raster.native_dpi), ((2480, 3508), Some(300)));
        assert!((raster.dpi - 250.0).abs() < 1.0 && raster.size.known, "{}", raster.dpi);
        assert!((raster.size.width_mm - 210.0).abs() < 0.5);
        assert_eq!(raster.image.get_pixel(9, 9).0, [200; 3]);
    }

    #[test]
    fn too_many_pixels_are_refused_before_decoding() {
        let mut data = encoded(corner(), ImageFormat::Bmp);
        data[18..22].copy_from_slice(&40_000_i32.to_le_bytes());
        data[22..26].copy_from_slice(&40_000_i32.to_le_bytes());
        assert!(matches!(read(&data, DocumentKind::Bmp), Err(Unreadable::OverLimit(_))));
    }
}
