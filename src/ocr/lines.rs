//! Boxes to lines of text on the page.

use image::RgbImage;
use image::imageops::crop_imm;

use super::boxes::{Arranged, arrange};
use super::column::{self, Row};
use super::decode::{one_figure, trimmed};
use super::engine::{Detected, Engine, OcrError, Quad, Recognised};
use super::ink::{INK_SHARE, bleached};
use super::order;
use super::recognise::{Cut, crop, inked_columns, sample};
use crate::model::geometry::Rect;
use crate::model::text::{CharAt, TextLine};

/// Lines read with less confidence are no text but rims of seals, pictures, texture (PP-OCR drops below 0.5, too).
pub const MIN_LINE_CONFIDENCE: f32 = 0.5;
/// A character below this makes a line worth a second reading without its coloured ink.
const UNSURE: f32 = 0.9;
/// A stacked reading this sure needs no comparison with a turned one.
const SURE_COLUMN: f32 = 0.85;
/// Width in pixels that a column is scaled into: below, strokes blur; above, only time is lost.
const COLUMN_WIDTH: std::ops::RangeInclusive<f32> = 40.0..=120.0;
/// Tallest column raster.
const MAX_COLUMN_HEIGHT: u32 = 8000;
/// Paper laid around a region before detection, as a share of its shorter side: the detector misses text at an edge.
const REGION_MARGIN: f32 = 0.06;
/// Left off around a cell before its ink is looked at, in cell widths: its ruling lines.
const CELL_INSET: f32 = 0.08;
/// A region is enlarged up to this for the detector: past it, pixels are only blurred.
const MAX_REGION_SCALE: f32 = 2.0;
/// Longest side in pixels up to which a region is enlarged.
const REGION_SIDE: f32 = 960.0;

/// Reads every line of an upright raster, in reading order.
///
/// # Errors
/// When the network fails or the raster is empty.
pub fn read_lines(engine: &mut dyn Engine, page: &RgbImage, dpi: f32) -> Result<Vec<TextLine>, OcrError> {
    let detected = Detected::on(engine, page, dpi)?;
    read_detected(engine, page, &detected)
}

/// Reads the lines of boxes detected earlier on the same raster (or mapped to it), in reading order.
///
/// # Errors
/// When the network fails.
pub fn read_detected(engine: &mut dyn Engine, page: &RgbImage, detected: &Detected) -> Result<Vec<TextLine>, OcrError> {
    let Arranged { rows, columns } = arrange(page, &detected.quads);
    let mut lines = Vec::new();
    for quad in &rows {
        let read = one_figure(read_inked(engine, &crop(page, quad, Cut::AsIs))?, quad);
        lines.push(row_line(read, quad, page.dimensions()));
    }
    for quad in &columns {
        lines.push(read_tall(engine, page, quad)?);
    }
    lines.retain(is_text);
    Ok(order::sort(lines))
}

/// Reads one sub-rectangle (fractions of the page) with the detector looking closer; boxes are the page's.
///
/// # Errors
/// When the network fails or the rectangle holds no pixel.
pub fn read_region(engine: &mut dyn Engine, page: &RgbImage, rect: Rect, dpi: f32) -> Result<Vec<TextLine>, OcrError> {
    let (x, y, w, h) = pixels(page, rect).ok_or(OcrError::EmptyImage)?;
    let margin = (REGION_MARGIN * w.min(h) as f32).ceil();
    let scale = (REGION_SIDE / (w.max(h) as f32 + 2.0 * margin)).clamp(1.0, MAX_REGION_SCALE);
    let region = crop_imm(page, x, y, w, h).to_image();
    let framed = framed(&region, margin as u32);
    let (fw, fh) = ((framed.width() as f32 * scale) as u32, (framed.height() as f32 * scale) as u32);
    let whole = Quad::upright(0.0, 0.0, framed.width() as f32, framed.height() as f32);
    let enlarged = if scale > 1.0 { sample(&framed, &whole, Cut::AsIs, fw, fh) } else { framed };
    let back = |(px, py): (f32, f32)| (px / scale - margin + x as f32, py / scale - margin + y as f32);
    let quads = Detected::on(engine, &enlarged, dpi * scale)?.quads.iter().map(|q| q.mapped(back)).collect();
    read_detected(engine, page, &Detected { quads, size: page.dimensions() })
}

/// Reads a cell (fractions of the page) known to hold one column of upright characters; none where it holds none.
///
/// The detector looks closer first, which copes with slanted ruling lines; what it misses is cut out by its ink.
///
/// # Errors
/// When the network fails.
pub fn read_column(engine: &mut dyn Engine, page: &RgbImage, rect: Rect) -> Result<Option<TextLine>, OcrError> {
    let inner = rect.grown(-CELL_INSET * rect.w, -CELL_INSET * rect.w * page.width() as f32 / page.height() as f32);
    let Some((x, y, w, h)) = pixels(page, inner) else { return Ok(None) };
    let found = read_region(engine, page, rect, 0.0)?;
    if let Some(line) = found.into_iter().reduce(continued) {
        return Ok(Some(line));
    }
    let quad = Quad::upright(x as f32, y as f32, (x + w) as f32, (y + h) as f32);
    let line =
        stacked(engine, page, &quad, Cut::AsIs)?.map(|(read, row)| column_line(read, &row, &quad, page.dimensions()));
    Ok(line.filter(is_text))
}

/// Two lines of one cell as one; character places are kept where both run the same way.
fn continued(a: TextLine, b: TextLine) -> TextLine {
    let (n, m) = (a.text.chars().count() as f32, b.text.chars().count() as f32);
    let same = a.vertical == b.vertical;
    TextLine {
        text: a.text + &b.text,
        rect: a.rect.union(&b.rect),
        confidence: (a.confidence * n + b.confidence * m) / (n + m),
        chars: if same { [a.chars, b.chars].concat() } else { Vec::new() },
        vertical: a.vertical && b.vertical,
        hand: a.hand || b.hand,
    }
}

fn is_text(line: &TextLine) -> bool {
    line.confidence >= MIN_LINE_CONFIDENCE && !line.text.trim().is_empty()
}

/// Paper taken in to either side of a lone character, in its heights: a crop of nothing but the character reads badly.
const LONE_MARGIN: (f32, f32) = (0.8, 0.25);

/// Reads a place (fractions of the page) that holds a character or a few in a row, of which the detector saw none.
///
/// # Errors
/// When the network fails.
pub fn read_box(engine: &mut dyn Engine, page: &RgbImage, rect: Rect) -> Result<Option<TextLine>, OcrError> {
    let (w, h) = (page.width() as f32, page.height() as f32);
    let tall = rect.h * h;
    let around = rect.grown(LONE_MARGIN.0 * tall / w, LONE_MARGIN.1 * rect.h);
    let at = |v: f32, most: f32| (v * most).clamp(0.0, most - 1.0);
    let quad = Quad::upright(at(around.x, w), at(around.y, h), at(around.right(), w), at(around.bottom(), h));
    if quad.width() < 1.0 || quad.height() < 1.0 {
        return Ok(None);
    }
    let read = trimmed(read_row(engine, &crop(page, &quad, Cut::AsIs))?);
    let line = row_line(read, &quad, page.dimensions());
    Ok(Some(TextLine { rect, ..line }).filter(is_text))
}

/// Reads a strip that holds one line from edge to edge, such as a seal's unrolled rim.
///
/// # Errors
/// When the network fails or the strip is empty.
pub fn read_strip(engine: &mut dyn Engine, strip: &RgbImage) -> Result<Recognised, OcrError> {
    if strip.width() == 0 || strip.height() == 0 {
        return Err(OcrError::EmptyImage);
    }
    engine.recognise(strip)
}

/// A rectangle's pixels `(x, y, w, h)` within the page.
fn pixels(page: &RgbImage, rect: Rect) -> Option<(u32, u32, u32, u32)> {
    let (pw, ph) = (page.width() as f32, page.height() as f32);
    let (x0, y0) = ((rect.x * pw).max(0.0).floor(), (rect.y * ph).max(0.0).floor());
    let (x1, y1) = ((rect.right() * pw).min(pw).ceil(), (rect.bottom() * ph).min(ph).ceil());
    (x1 > x0 && y1 > y0).then_some((x0 as u32, y0 as u32, (x1 - x0) as u32, (y1 - y0) as u32))
}

/// The region with paper around it.
fn framed(region: &RgbImage, margin: u32) -> RgbImage {
    let paper = image::Rgb(std::array::from_fn(|c| {
        let mut levels: Vec<u8> = region.pixels().map(|p| p.0[c]).collect();
        levels.sort_unstable();
        levels[levels.len() * 3 / 4]
    }));
    let mut out = RgbImage::from_pixel(region.width() + 2 * margin, region.height() + 2 * margin, paper);
    image::imageops::replace(&mut out, region, i64::from(margin), i64::from(margin));
    out
}

/// Reads a row's crop without the paper at its ends; places are the whole crop's.
fn read_inked(engine: &mut dyn Engine, crop: &RgbImage) -> Result<Recognised, OcrError> {
    let columns = inked_columns(crop);
    let (from, count) = (columns.start, columns.len() as u32);
    let mut read = read_row(engine, &crop_imm(crop, from, 0, count, crop.height()).to_image())?;
    let width = crop.width() as f32;
    read.chars.iter_mut().for_each(|c| c.0 = (from as f32 + c.0 * count as f32) / width);
    Ok(read)
}

/// Reads a row's crop; where a character is unsure and coloured ink lies over it, a second time without that ink.
fn read_row(engine: &mut dyn Engine, crop: &RgbImage) -> Result<Recognised, OcrError> {
    let read = engine.recognise(crop)?;
    if read.chars.iter().all(|c| c.1 >= UNSURE) && !read.chars.is_empty() {
        return Ok(read);
    }
    let Some(pale) = bleached(crop, INK_SHARE) else { return Ok(read) };
    let again = engine.recognise(&pale)?;
    Ok(if again.confidence > read.confidence { again } else { read })
}

/// A row's line: characters lie between the middles of the box's left and right edges.
fn row_line(read: Recognised, quad: &Quad, (width, height): (u32, u32)) -> TextLine {
    let [tl, tr, br, bl] = quad.corners;
    let (left, right) = ((tl.0 + bl.0) / 2.0, (tr.0 + br.0) / 2.0);
    let at = |t: f32| ((left + (right - left) * t) / width as f32).clamp(0.0, 1.0);
    let chars = read.chars.iter().map(|&(t, confidence)| CharAt { at: at(t), confidence }).collect();
    let rect = quad.rect(width, height);
    TextLine { text: read.text, rect, confidence: read.confidence, chars, vertical: false, hand: false }
}

/// A column's line: each character at the height of the glyph it was laid out from.
fn column_line(read: Recognised, row: &Row, quad: &Quad, (width, height): (u32, u32)) -> TextLine {
    let rect = quad.rect(width, height);
    let at = |t: f32| {
        let nearest = row.places.iter().min_by(|a, b| (a.0 - t).abs().total_cmp(&(b.0 - t).abs()));
        rect.y + rect.h * nearest.map_or(t, |p| p.1)
    };
    let chars = read.chars.iter().map(|&(t, confidence)| CharAt { at: at(t), confidence }).collect();
    TextLine { text: read.text, rect, confidence: read.confidence, chars, vertical: true, hand: false }
}

/// Reads a tall box as a column of upright characters, or as a line turned either way, whichever is surer.
fn read_tall(engine: &mut dyn Engine, page: &RgbImage, quad: &Quad) -> Result<TextLine, OcrError> {
    let column = stacked(engine, page, quad, Cut::AsIs)?;
    if let Some((read, row)) = &column
        && read.confidence >= SURE_COLUMN
    {
        return Ok(column_line(one_figure(read.clone(), quad), row, quad, page.dimensions()));
    }
    let mut turned = engine.recognise(&crop(page, quad, Cut::CounterClockwise))?;
    if turned.confidence < SURE_COLUMN {
        let other = engine.recognise(&crop(page, quad, Cut::Clockwise))?;
        if other.confidence > turned.confidence {
            turned = other;
        }
    }
    match column {
        Some((read, row)) if read.confidence >= turned.confidence => {
            Ok(column_line(read, &row, quad, page.dimensions()))
        }
        _ => {
            // A turned line lies at one x, whatever its characters' places along it.
            turned.chars.iter_mut().for_each(|c| c.0 = 0.5);
            Ok(row_line(turned, quad, page.dimensions()))
        }
    }
}

/// The stacked reading of a box turned by `cut`: its upright characters laid out in a row.
pub(super) fn stacked(
    engine: &mut dyn Engine,
    page: &RgbImage,
    quad: &Quad,
    cut: Cut,
) -> Result<Option<(Recognised, Row)>, OcrError> {
    let (w, h) = match cut {
        Cut::AsIs | Cut::Half => (quad.width().max(1.0), quad.height().max(1.0)),
        Cut::Clockwise | Cut::CounterClockwise => (quad.height().max(1.0), quad.width().max(1.0)),
    };
    let scale = w.clamp(*COLUMN_WIDTH.start(), *COLUMN_WIDTH.end()) / w;
    let (width, height) = ((w * scale).round() as u32, ((h * scale).round() as u32).clamp(1, MAX_COLUMN_HEIGHT));
    let Some(row) = column::laid_out(&sample(page, quad, cut, width, height)) else { return Ok(None) };
    let read = read_row(engine, &row.image)?;
    // Far fewer or more characters than glyphs: this was no column of upright characters.
    let (read_count, glyphs) = (read.chars.len(), row.places.len());
    Ok((2 * read_count >= glyphs && read_count <= 2 * glyphs).then_some((read, row)))
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::super::column::tests::drawn;
    use super::super::engine::fake::{Fake, said};
    use super::*;

    fn texts(lines: &[TextLine]) -> Vec<&str> {
        lines.iter().map(|l| l.text.as_str()).collect()
    }

    #[test]
    fn boxes_become_lines_with_places_in_fractions() {
        let page = drawn(400, 200, &[]);
        let quads = vec![Quad::upright(200.0, 100.0, 300.0, 120.0), Quad::upright(40.0, 20.0, 240.0, 40.0)];
        let reader = |c: &RgbImage| if c.width() > 300 { said("第一行字", 0.9) } else { said("乙", 0.8) };
        let lines = read_lines(&mut Fake { quads, reader }, &page, 150.0).expect("a fake does not fail");
        assert_eq!(texts(&lines), ["第一行字", "乙"]);
        assert_eq!(lines[0].rect, Rect::new(0.1, 0.1, 0.5, 0.1));
        let at: Vec<i32> = lines[0].chars.iter().map(|c| (c.at * 1000.0).round() as i32).collect();
        assert_eq!(at, [163, 288, 413, 538]);
    }

    #[test]
    fn doubtful_and_empty_lines_are_left_out() {
        let page = drawn(400, 200, &[]);
        let quads: Vec<Quad> =
            (1..4).map(|i| Quad::upright(0.0, 50.0 * i as f32, 100.0 * i as f32, 50.0 * i as f32 + 20.0)).collect();
        let reader = |c: &RgbImage| match c.width() {
            240 => said("疑", 0.49),
            480 => said(" ", 0.9),
            _ => said("真", 0.51),
        };
        let lines = read_lines(&mut Fake { quads, reader }, &page, 150.0).expect("a fake does not fail");
        assert_eq!(texts(&lines), ["真"]);
    }

    #[test]
    fn a_line_under_red_ink_is_read_again_without_it() {
        let page = RgbImage::from_fn(400, 200, |x, _| Rgb(if x % 9 == 0 { [210, 40, 40] } else { [240; 3] }));
        let quads = vec![Quad::upright(40.0, 20.0, 240.0, 40.0)];
        let red = |c: &RgbImage| c.pixels().any(|p| p.0[0] > p.0[1].saturating_add(60));
        let mut reader = |c: &RgbImage| if red(c) { said("二0二?年", 0.7) } else { said("二〇二四年", 0.95) };
        let engine = &mut Fake { quads: quads.clone(), reader: &mut reader };
        assert_eq!(texts(&read_lines(engine, &page, 150.0).expect("a fake does not fail")), ["二〇二四年"]);
        let mut reader = |c: &RgbImage| if red(c) { said("红头文件", 0.8) } else { said("", 0.0) };
        let engine = &mut Fake { quads, reader: &mut reader };
        assert_eq!(texts(&read_lines(engine, &page, 150.0).expect("a fake does not fail")), ["红头文件"]);
    }

    /// Three characters below each other on a page of 200 x 400.
    fn column_page() -> (RgbImage, Vec<Quad>) {
        (
            drawn(200, 400, &[(50, 100, 40, 40), (50, 160, 40, 40), (50, 220, 40, 40)]),
            vec![Quad::upright(42.0, 92.0, 98.0, 268.0)],
        )
    }

    #[test]
    fn a_column_of_upright_characters_is_read_as_such() {
        let (page, quads) = column_page();
        // A turned crop is 48 high; the laid-out row is not.
        let reader = |c: &RgbImage| if c.height() == 48 { said("乱码", 0.6) } else { said("鉴定栏", 0.8) };
        let lines = read_lines(&mut Fake { quads, reader }, &page, 150.0).expect("a fake does not fail");
        assert_eq!(texts(&lines), ["鉴定栏"]);
        assert!(lines[0].vertical);
        let at: Vec<i32> = lines[0].chars.iter().map(|c| (c.at * 400.0).round() as i32).collect();
        assert_eq!(at, [120, 180, 240]);
    }

    #[test]
    fn a_turned_line_wins_where_it_is_surer() {
        let (page, quads) = column_page();
        let reader = |c: &RgbImage| if c.height() == 48 { said("密封线", 0.9) } else { said("二口工", 0.6) };
        let lines = read_lines(&mut Fake { quads, reader }, &page, 150.0).expect("a fake does not fail");
        assert_eq!(texts(&lines), ["密封线"]);
        assert!(!lines[0].vertical);
        assert!(lines[0].chars.iter().all(|c| (c.at - 0.35).abs() < 1e-3), "all at the column's own x");
    }

    #[test]
    fn a_cell_the_detector_missed_is_read_by_its_ink() {
        let (page, _) = column_page();
        let cell = Rect::new(0.2, 0.2, 0.3, 0.5);
        let mut engine = Fake { quads: vec![], reader: |_: &RgbImage| said("鉴定栏", 0.8) };
        let line = read_column(&mut engine, &page, cell).expect("a fake does not fail").expect("three characters");
        assert_eq!((line.text.as_str(), line.vertical), ("鉴定栏", true));
        let nothing = read_column(&mut engine, &page, Rect::new(0.6, 0.2, 0.3, 0.5));
        assert_eq!(nothing.expect("a fake does not fail"), None);
    }

    #[test]
    fn a_lone_character_is_as_sure_as_it_is_without_the_paper_beside_it() {
        let page = drawn(400, 400, &[(200, 20, 12, 18)]);
        let reader = |_: &RgbImage| Recognised {
            text: " 8 ".into(),
            chars: vec![(0.1, 0.5), (0.5, 0.98), (0.9, 0.4)],
            confidence: 0.63,
        };
        let place = Rect::new(0.5, 0.05, 0.03, 0.045);
        let line = read_box(&mut Fake { quads: vec![], reader }, &page, place).expect("a fake does not fail");
        let line = line.expect("it reads");
        assert_eq!((line.text.as_str(), line.confidence, line.chars.len()), ("8", 0.98, 1));
        let blank = |_: &RgbImage| said(" ", 0.9);
        assert_eq!(read_box(&mut Fake { quads: vec![], reader: blank }, &page, place).expect("a fake"), None);
    }

    #[test]
    fn a_regions_boxes_are_the_pages() {
        let page = drawn(400, 400, &[]);
        // 40 x 40 pixels with 3 pixels of paper around, enlarged twice.
        let quads = vec![Quad::upright(26.0, 26.0, 66.0, 46.0)];
        let mut engine = Fake { quads, reader: |_: &RgbImage| said("字", 0.9) };
        let lines =
            read_region(&mut engine, &page, Rect::new(0.5, 0.25, 0.1, 0.1), 150.0).expect("a fake does not fail");
        let r = lines[0].rect;
        assert_eq!([r.x, r.y, r.w, r.h].map(|v| (v * 400.0).round() as i32), [210, 110, 20, 10]);
        assert!(read_region(&mut engine, &page, Rect::new(2.0, 0.0, 0.1, 0.1), 150.0).is_err());
        assert!(read_strip(&mut engine, &RgbImage::new(0, 0)).is_err());
    }
}
