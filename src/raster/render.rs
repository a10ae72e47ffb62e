//! PDF pages to pixels.

use std::io::Cursor;

use hayro::vello_cpu::Pixmap;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};
use hayro_interpret::font::GlyphRun;
use hayro_interpret::kurbo::{BezPath, Rect as Area};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache, SoftMask,
    TransformExt, interpret_page,
};
use image::imageops::{self, FilterType};
use image::{ImageFormat, ImageReader, RgbImage};

use super::{MAX_PIXELS, Raster, size};
use crate::model::geometry::Rect;
use crate::model::page::{Degraded, PageSize, Unreadable};
use crate::pdf::{FontLog, JpegEnd, PageText, PdfFile, filter_name, guarded, jpeg_end, page_text};

/// The renderer's coordinates are 16 bits wide.
const MAX_SIDE: f32 = 30_000.0;
/// Below this a page of text cannot be read, so it is refused rather than shrunk.
const MIN_DPI: f32 = 72.0;
/// A page whose every channel is at least this shows nothing.
const NOTHING_SHOWN: u8 = 250;
/// An image must cover this much of its page for the page's size to be judged by it.
const WHOLE_PAGE: f32 = 0.85;

/// Renders a page at the wanted resolution, or at what the pixel limit allows. `index` is 0-based.
///
/// Errors: `Damaged`, `Crashed`, `OverLimit` where even 72 dpi or the page's own image exceeds the limit.
pub fn render_pdf(pdf: &PdfFile, index: usize, dpi: f32) -> Result<Raster, Unreadable> {
    render_page(pdf, index, dpi, &page_text(pdf, index)?)
}

/// As [`render_pdf`], for a page whose text was read before.
pub fn render_page(pdf: &PdfFile, index: usize, dpi: f32, text: &PageText) -> Result<Raster, Unreadable> {
    let page = pdf.page(index)?;
    if let Some(big) = text.images.all.iter().find(|i| area(i.pixels) > MAX_PIXELS) {
        return Err(Unreadable::OverLimit(format!("图像 {}×{} 像素，超过一亿像素上限", big.pixels.0, big.pixels.1)));
    }
    let size = sheet(pdf, index, text)?;
    let scale = scale(page.render_dimensions(), &size, dpi)?;
    let log = FontLog::default();
    let mut image = guarded(|| {
        let target = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
        let pixmap = hayro::render(page, &RenderCache::new(), &log.settings(), &RenderSettings::default(), &target);
        opaque(&pixmap)
    })??;

    let mut degraded = text.degraded.clone();
    let suspicious = !text.images.all.is_empty() && shows_nothing(&image);
    if log.undecoded_images() > 0 || suspicious {
        let failures = guarded(|| probe(pdf, index))??;
        for failure in failures {
            if !failure.rescue(&mut image) {
                degraded.push(Degraded::ImageDropped(failure.cause));
            }
        }
    }
    degraded.sort();
    degraded.dedup();

    let largest = text.images.largest().filter(|_| text.is_scan());
    let native = largest.map(|i| i.dpi((size.width_mm, size.height_mm)));
    Ok(Raster {
        dpi: image.width() as f32 / (size.width_mm / 25.4),
        image,
        size,
        pixels: largest.map_or((0, 0), |i| i.pixels),
        native_dpi: native.filter(|d| d.is_finite()).map(|d| d.round().clamp(1.0, f32::from(u16::MAX)) as u16),
        stored: text.stored(),
        scanned: text.is_scan(),
        degraded,
    })
}

fn area((w, h): (u32, u32)) -> u64 {
    u64::from(w) * u64::from(h)
}

/// The page's size, unless it is one image filed at a resolution that no scanner has: apps write a photo's pixels
/// as points.
fn sheet(pdf: &PdfFile, index: usize, text: &PageText) -> Result<PageSize, Unreadable> {
    let (width_mm, height_mm) = pdf.page_size_mm(index)?;
    let size = PageSize { width_mm, height_mm, known: true };
    let whole = text.images.largest().filter(|i| i.rect.area() >= WHOLE_PAGE);
    Ok(match whole {
        Some(image) if !size::is_plausible(&size, image.dpi((width_mm, height_mm))) => {
            let (w, h) = image.pixels;
            size::assumed(if (w < h) == (width_mm < height_mm) { (w, h) } else { (h, w) })
        }
        _ => size,
    })
}

/// Pixels per point.
fn scale((w, h): (f32, f32), size: &PageSize, dpi: f32) -> Result<f32, Unreadable> {
    let inches = size.width_mm / 25.4;
    let wanted = dpi * inches / w;
    let fits = (MAX_PIXELS as f32 / (w * h)).sqrt().min(MAX_SIDE / w.max(h));
    let scale = wanted.min(fits);
    let too_coarse = scale < wanted && scale * w / inches < MIN_DPI;
    if !scale.is_finite() || scale * w.min(h) < 1.0 || too_coarse {
        let (mm_w, mm_h) = (size.width_mm, size.height_mm);
        return Err(Unreadable::OverLimit(format!("页面 {mm_w:.0}×{mm_h:.0} 毫米，超过一亿像素上限")));
    }
    Ok(scale)
}

fn opaque(pixmap: &Pixmap) -> Result<RgbImage, Unreadable> {
    let (w, h) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
    let rgb = pixmap.data_as_u8_slice().as_chunks::<4>().0.iter().flat_map(|p| [p[0], p[1], p[2]]).collect();
    RgbImage::from_raw(w, h, rgb).ok_or_else(|| Unreadable::Crashed("渲染结果大小不符".into()))
}

fn shows_nothing(image: &RgbImage) -> bool {
    image.as_raw().iter().all(|v| *v >= NOTHING_SHOWN)
}

/// An image that the page draws and the decoder does not.
struct Failure {
    cause: String,
    rect: Rect,
    /// A JPEG that can be had by skipping what stands before it.
    jpeg: Option<Vec<u8>>,
}

impl Failure {
    /// Draws the image where it belongs, if it can be had.
    fn rescue(&self, page: &mut RgbImage) -> bool {
        let Some(data) = &self.jpeg else { return false };
        let reader = ImageReader::with_format(Cursor::new(data), ImageFormat::Jpeg);
        let Ok(decoded) = reader.decode() else { return false };
        let (pw, ph) = (page.width() as f32, page.height() as f32);
        let (w, h) = ((self.rect.w * pw).round() as u32, (self.rect.h * ph).round() as u32);
        if w == 0 || h == 0 {
            return false;
        }
        let fitted = imageops::resize(&decoded.to_rgb8(), w, h, FilterType::Triangle);
        imageops::replace(page, &fitted, (self.rect.x * pw).round() as i64, (self.rect.y * ph).round() as i64);
        true
    }
}

/// Decodes every image of the page on its own, to learn which ones fail: the warning does not say.
fn probe(pdf: &PdfFile, index: usize) -> Result<Vec<Failure>, Unreadable> {
    let page = pdf.page(index)?;
    let (w, h) = page.render_dimensions();
    let (w, h) = (f64::from(w), f64::from(h));
    let cache = InterpreterCache::new();
    let to_display = page.initial_transform(true).to_kurbo();
    let log = FontLog::default();
    let mut context = Context::new(to_display, Area::new(0.0, 0.0, w, h), &cache, page.xref(), log.settings());
    let mut probe = Probe { page: (w, h), failures: Vec::new() };
    interpret_page(page, &mut context, &mut probe);
    Ok(probe.failures)
}

struct Probe {
    page: (f64, f64),
    failures: Vec<Failure>,
}

impl<'a> Device<'a> for Probe {
    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let mut drawn = false;
        let stream = match &image {
            Image::Stencil(s) => {
                s.with_stencil(|_, _| drawn = true, None);
                s.stream()
            }
            Image::Raster(r) => {
                r.with_rgba(|_, _| drawn = true, None);
                r.stream()
            }
        };
        if drawn {
            return;
        }
        let filters = stream.filters();
        let raw = stream.raw_data();
        let jpeg = match (filters.as_slice(), jpeg_end(&raw)) {
            ([hayro_syntax::Filter::DctDecode], JpegEnd::Whole(at) | JpegEnd::Cut(at)) => Some(raw[at..].to_vec()),
            _ => None,
        };
        let bounds = Area::new(0.0, 0.0, f64::from(image.width()), f64::from(image.height()));
        let on_page = props.transform.transform_rect_bbox(bounds);
        let [a, b, c, d, ..] = props.transform.as_coeffs();
        let upright = a > 0.0 && d > 0.0 && b == 0.0 && c == 0.0;
        let cause = format!("{}图像无法解码", filters.last().map_or("未压缩", filter_name));
        let (x, y) = (on_page.x0 / self.page.0, on_page.y0 / self.page.1);
        let (w, h) = (on_page.width() / self.page.0, on_page.height() / self.page.1);
        let rect = Rect::new(x as f32, y as f32, w as f32, h as f32);
        self.failures.push(Failure { cause, rect, jpeg: jpeg.filter(|_| upright) });
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn draw_glyph_run(&mut self, _: &GlyphRun<'_, 'a>, _: DrawProps<'a>, _: &DrawMode) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
