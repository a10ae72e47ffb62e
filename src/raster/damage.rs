//! Damaged and unusual scans in a PDF: the status each must get. An undecodable scan never passes as white paper.

use std::io::Cursor;
use std::path::PathBuf;

use image::{ImageFormat, Rgb, RgbImage};

use super::{Raster, measure, render_pdf};
use crate::model::page::{ColourMode, Degraded, Turn, Unreadable};
use crate::pdf::sample::Build;
use crate::pdf::{PageText, PdfFile, page_text};

struct Opened {
    _dir: tempfile::TempDir,
    pdf: PdfFile,
}

impl Opened {
    fn text(&self) -> PageText {
        page_text(&self.pdf, 0).expect("a page")
    }

    fn raster(&self) -> Raster {
        render_pdf(&self.pdf, 0, 100.0).expect("a page")
    }

    fn statuses(&self) -> Vec<Degraded> {
        self.raster().degraded
    }
}

fn open(bytes: &[u8]) -> Opened {
    let dir = tempfile::tempdir().expect("a scratch folder");
    let path: PathBuf = dir.path().join("a.pdf");
    std::fs::write(&path, bytes).expect("a writable scratch folder");
    let pdf = PdfFile::open(&path).expect("a readable file");
    Opened { _dir: dir, pdf }
}

/// A page of black bars on white, as a JPEG.
fn jpeg() -> Vec<u8> {
    let bars = RgbImage::from_fn(595, 842, |x, y| {
        let black = (60..540).contains(&x) && (60..780).contains(&y) && y % 20 < 4;
        Rgb(if black { [0; 3] } else { [255; 3] })
    });
    let mut out = Cursor::new(Vec::new());
    bars.write_to(&mut out, ImageFormat::Jpeg).expect("memory");
    out.into_inner()
}

const AS_JPEG: &str = "/Width 595 /Height 842 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode";
const AS_G4: &str = "/Width 16 /Height 16 /ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /CCITTFaxDecode \
                     /DecodeParms << /K -1 /Columns 16 /Rows 16 >>";

#[test]
fn a_sound_scan_has_no_complaints() {
    let page = open(&Build::scan(AS_JPEG, &jpeg()));
    let raster = page.raster();
    assert_eq!(raster.degraded, []);
    assert_eq!((raster.image.dimensions(), raster.pixels), ((826, 1169), (595, 842)));
    assert_eq!((raster.native_dpi, raster.stored, raster.scanned), (Some(72), ColourMode::Colour, true));
    assert!(!page.text().born_digital() && !measure(&raster).blank);
}

#[test]
fn a_cut_jpeg_is_truncated_and_not_blank() {
    let data = jpeg();
    for keep in [data.len() / 2, data.len() - 2] {
        let page = open(&Build::scan(AS_JPEG, &data[..keep]));
        let statuses = page.statuses();
        assert!(statuses.contains(&Degraded::ImageTruncated("JPEG 图像缺少结尾".into())), "{keep}: {statuses:?}");
        assert!(!measure(&page.raster()).blank);
    }
    let padded = [data.as_slice(), &[0, 0, b'\n']].concat();
    assert_eq!(open(&Build::scan(AS_JPEG, &padded)).statuses(), [], "padding after the end does no harm");
}

#[test]
fn junk_before_a_jpeg_is_skipped() {
    let sound = open(&Build::scan(AS_JPEG, &jpeg())).raster();
    let page = open(&Build::scan(AS_JPEG, &[b"\r\njunk".as_slice(), &jpeg()].concat())).raster();
    assert_eq!(page.degraded, []);
    let difference = sound.image.iter().zip(page.image.iter()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum::<u64>();
    assert!(difference / (sound.image.len() as u64) < 12, "drawn in the same place");
}

#[test]
fn a_cut_fax_is_truncated() {
    // Each all-white row of group 4 is the single bit 1; 00 10 01 is the end marker.
    assert_eq!(open(&Build::scan(AS_G4, &[0xFF, 0xFF, 0x00, 0x10, 0x01])).statuses(), []);
    assert_eq!(open(&Build::scan(AS_G4, &[0xFF, 0xFF])).statuses(), [], "all rows are there without the marker");
    let cut = open(&Build::scan(AS_G4, &[0xFF]));
    assert_eq!(cut.statuses(), [Degraded::ImageTruncated("传真格式（CCITT）图像行数不足".into())]);
    assert_eq!(cut.raster().stored, ColourMode::Bilevel);
    assert!(!measure(&cut.raster()).blank);
}

#[test]
fn an_undecodable_image_is_dropped_never_blank() {
    let as_jpx = "/Width 595 /Height 842 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /JPXDecode";
    let page = open(&Build::scan(as_jpx, b"this is no JPEG 2000 codestream at all"));
    assert!(page.statuses().iter().any(|d| matches!(d, Degraded::ImageDropped(_))), "{:?}", page.statuses());
    assert!(!measure(&page.raster()).blank);

    let short = "/Width 595 /Height 842 /ColorSpace /DeviceGray /BitsPerComponent 8";
    let page = open(&Build::scan(short, &[255; 5950]));
    assert_eq!(page.statuses(), [Degraded::ImageTruncated("图像数据不足".into())]);
}

#[test]
fn an_image_that_is_not_in_the_file_is_dropped() {
    let bytes = Build::new().page("", "q 595 0 0 842 0 0 cm /Im Do Q").resources("/XObject << /Im 99 0 R >>").finish();
    let page = open(&bytes);
    assert!(matches!(page.statuses()[..], [Degraded::ImageDropped(_)]));
    assert!(!measure(&page.raster()).blank);
    let empty = open(&Build::new().page("", "").finish());
    assert!(measure(&empty.raster()).blank, "a page without content is blank");
}

#[test]
fn a_scanners_own_reading_is_not_trusted() {
    let words = |mode: u8, y: u16| format!("BT /F 12 Tf {mode} Tr 72 {y} Td (Invisible words of the scanner) Tj ET");
    let invisible = open(&Build::scan_under(AS_JPEG, &jpeg(), &words(3, 700))).text();
    assert_eq!((invisible.glyphs, invisible.lines.len(), invisible.born_digital()), (0, 0, false));
    assert!(invisible.hidden > 20);

    let mut build = Build::new().page("", &format!("{} q 595 0 0 842 0 0 cm /Im Do Q", words(0, 700)));
    let image = build.stream(&format!("/Type /XObject /Subtype /Image {AS_JPEG}"), &jpeg());
    let font = build.object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>");
    let under = build.resources(&format!("/XObject << /Im {image} 0 R >> /Font << /F {font} 0 R >>")).finish();
    assert_eq!(open(&under).text().glyphs, 0, "text under the scan is hidden by it");

    let stamp = open(&Build::scan_under(AS_JPEG, &jpeg(), &words(0, 20))).text();
    assert!(stamp.glyphs > 20 && !stamp.born_digital(), "a stamp over a scan does not make it born digital");
}

fn written(entries: &str, content: &str) -> PageText {
    let mut build = Build::new().page(entries, content);
    let font = build.object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>");
    open(&build.resources(&format!("/Font << /F {font} 0 R >>")).finish()).text()
}

#[test]
fn born_digital_text_has_its_places() {
    let text =
        written("", "BT /F 12 Tf 72 770 Td (First line) Tj 300 0 Td (right cell) Tj -300 -100 Td (Second) Tj ET");
    let lines: Vec<&str> = text.lines.iter().map(|l| l.text.as_str()).collect();
    assert_eq!(lines, ["First line", "right cell", "Second"]);
    assert!(text.born_digital() && text.without_unicode == 0 && text.turn == Turn::None);
    let first = &text.lines[0];
    assert!((first.rect.x - 72.0 / 595.0).abs() < 0.005, "{:?}", first.rect);
    assert!((first.rect.bottom() - (842.0 - 770.0) / 842.0).abs() < 0.01, "{:?}", first.rect);
    assert_eq!(first.chars.len(), first.text.chars().count());
    assert!(first.chars.windows(2).all(|c| c[0].at < c[1].at));
}

#[test]
fn a_ruling_line_parts_cells_and_white_or_clipped_text_is_not_seen() {
    let cells =
        written("", "72 700 m 72 800 l S 100 700 m 100 800 l S BT /F 12 Tf 74 750 Td (ab) Tj 28 0 Td (cd) Tj ET");
    assert_eq!(cells.lines.len(), 2, "{:?}", cells.lines);
    assert_eq!(written("", "BT /F 12 Tf 1 g 72 700 Td (white words) Tj ET").glyphs, 0);
    let header = written("", "0 0 0.5 rg 60 690 200 30 re f BT /F 12 Tf 1 g 72 700 Td (white on blue) Tj ET");
    assert_eq!(header.lines.len(), 1, "white text on a dark field is seen");
    assert_eq!(written("", "q 0 0 50 50 re W n BT /F 12 Tf 72 700 Td (clipped) Tj ET Q").glyphs, 0);
    assert_eq!(written("", "BT /F 12 Tf 72 1700 Td (off the page) Tj ET").glyphs, 0);
}

#[test]
fn rotated_pages_read_upright() {
    // The page is displayed turned; its text was set so that it then reads upright.
    let upright = written("/Rotate 90", "BT /F 12 Tf 0 1 -1 0 72 72 Tm (Upright when displayed) Tj ET");
    assert_eq!((upright.turn, upright.lines[0].text.as_str()), (Turn::None, "Upright when displayed"));
    assert!(upright.lines[0].rect.w > upright.lines[0].rect.h);
    // Without the page's own turn the same text runs upwards: a clockwise quarter turn makes it read.
    let sideways = written("", "BT /F 12 Tf 0 1 -1 0 72 72 Tm (Upright when turned) Tj ET");
    assert_eq!((sideways.turn, sideways.lines[0].text.as_str()), (Turn::Quarter, "Upright when turned"));
    assert!(sideways.lines[0].rect.w > sideways.lines[0].rect.h);
}

/// Each character's UTF-16 code and place, 12 points high, in a Chinese font that the file does not carry.
fn chinese(glyphs: &[(char, u16, u16)], more: &str) -> PageText {
    let show = |(c, x, y): &(char, u16, u16)| format!("BT /C 12 Tf {x} {y} Td <{:04X}> Tj ET ", u32::from(*c));
    let content: String = glyphs.iter().map(show).collect();
    let mut build = Build::new().page("", &(content + more));
    let cid = build.object(
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /SimSun \
         /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>",
    );
    let font = build.object(&format!(
        "<< /Type /Font /Subtype /Type0 /BaseFont /SimSun /Encoding /UniGB-UCS2-H /DescendantFonts [{cid} 0 R] >>"
    ));
    open(&build.resources(&format!("/Font << /C {font} 0 R >>")).finish()).text()
}

#[test]
fn chinese_letters_below_each_other_are_one_vertical_line() {
    let label = [('工', 72, 700), ('作', 72, 686), ('单', 72, 672), ('位', 72, 658)];
    let text = chinese(&label, "");
    assert_eq!((text.lines.len(), text.lines[0].text.as_str(), text.lines[0].vertical), (1, "工作单位", true));
    assert!(text.lines[0].chars.windows(2).all(|c| c[0].at < c[1].at), "places run down");
    let ruled = chinese(&label, "60 683 m 90 683 l S");
    assert_eq!(ruled.lines.len(), 2, "a ruling line parts rows: {:?}", ruled.lines);
    let rows = [('男', 72, 700), ('无', 72, 670), ('是', 72, 640)];
    assert_eq!(chinese(&rows, "").lines.len(), 3, "rows of a table stand further apart");
    let words = [('姓', 72, 700), ('名', 84, 700), ('张', 160, 700)];
    let text = chinese(&words, "");
    assert_eq!(text.lines.iter().map(|l| l.text.as_str()).collect::<Vec<_>>(), ["姓名", "张"]);
}

#[test]
fn sizes_beyond_the_limits_are_lowered_or_refused() {
    let large = open(&Build::new().page("/MediaBox [0 0 5000 5000]", "").finish());
    let raster = render_pdf(&large.pdf, 0, 200.0).expect("lowered");
    assert!(u64::from(raster.image.width()) * u64::from(raster.image.height()) <= super::MAX_PIXELS);
    assert!(raster.dpi < 200.0 && raster.dpi > 72.0);
    let huge = open(&Build::new().page("/MediaBox [0 0 14400 14400]", "").finish());
    assert!(matches!(render_pdf(&huge.pdf, 0, 200.0), Err(Unreadable::OverLimit(_))));
    let bomb = AS_JPEG.replace("/Width 595 /Height 842", "/Width 40000 /Height 40000");
    let bomb = open(&Build::scan(&bomb, &jpeg()));
    assert!(matches!(render_pdf(&bomb.pdf, 0, 200.0), Err(Unreadable::OverLimit(_))));
}

#[test]
fn a_photo_filed_as_points_is_not_a_metre_wide() {
    let mut build = Build::new().page("/MediaBox [0 0 1240 1754]", "q 1240 0 0 1754 0 0 cm /Im Do Q");
    let image = build.stream(
        "/Type /XObject /Subtype /Image /Width 1240 /Height 1754 /ColorSpace /DeviceGray /BitsPerComponent 8",
        &vec![255; 1240 * 1754],
    );
    let page = open(&build.resources(&format!("/XObject << /Im {image} 0 R >>")).finish());
    let raster = page.raster();
    assert!(!raster.size.known && (raster.size.width_mm - 210.0).abs() < 1.0, "{:?}", raster.size);
    assert_eq!((raster.native_dpi, raster.stored), (Some(150), ColourMode::Grey));
}
