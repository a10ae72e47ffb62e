//! QR codes: finder patterns are sought along rows first, so that a page without code costs next to nothing.

use image::{GrayImage, Luma, RgbImage, imageops};
use rqrr::PreparedImage;

use crate::model::geometry::Rect;
use crate::model::marks::Code;

/// Finder patterns are sought at about this scale: a module of 0.4 mm is still two pixels.
const SEARCH_DPI: f32 = 130.0;
/// Codes are read at no more than this scale.
const READ_DPI: f32 = 300.0;
/// A run may differ from its share of 1:1:3:1:1 by this much of a module.
const RUN_TOLERANCE: f32 = 0.6;
/// A dark pixel is darker than this share of the brightest seen in its row.
const DARK_SHARE: f32 = 0.6;
/// Rows that must agree on a finder's column before it counts.
const LEAST_ROWS: usize = 2;
/// A code has three finders; more patterns than this are text.
const MOST_FINDERS: usize = 60;
/// Side of the region, in finder widths, that is read around a group of finders.
const AROUND: f32 = 1.2;
/// The largest code, in finder widths between its finders (version 10 has 57 modules, a finder 7).
const WIDEST: f32 = 9.0;

/// Reads the QR codes of a page. `dpi` is the raster's scale; boxes are fractions of the page.
#[must_use]
pub fn find_codes(page: &RgbImage, dpi: f32) -> Vec<Code> {
    find_patterns(page, dpi).0
}

/// The codes of a page, and where the patterns of one lie that could not be decoded.
#[must_use]
pub fn find_patterns(page: &RgbImage, dpi: f32) -> (Vec<Code>, Vec<Rect>) {
    let (pw, ph) = page.dimensions();
    if pw < 40 || ph < 40 {
        return Default::default();
    }
    let dpi = if dpi.is_finite() { dpi.clamp(50.0, 1200.0) } else { SEARCH_DPI };
    let step = (dpi / SEARCH_DPI).floor().max(1.0) as u32;
    let finders = finders(page, step);
    if finders.len() < 2 || finders.len() > MOST_FINDERS {
        return Default::default();
    }
    let mut codes: Vec<Code> = Vec::new();
    let mut undecoded = Vec::new();
    for region in regions(&finders) {
        let mut here = read(page, region, (dpi / READ_DPI).ceil().max(1.0) as u32, 1);
        // Modules of hardly two pixels are read better from an enlarged, smoothed copy.
        if here.is_empty() && dpi < READ_DPI {
            here = read(page, region, 1, 2);
        }
        if here.is_empty() {
            let [x0, y0, x1, y1] = region;
            let at = |v: f32, all: u32| (v / all as f32).clamp(0.0, 1.0);
            undecoded.push(Rect::from_corners(at(x0, pw), at(y0, ph), at(x1, pw), at(y1, ph)));
        }
        for code in here {
            if codes.iter().all(|c| c.rect.iou(&code.rect) < 0.5) {
                codes.push(code);
            }
        }
    }
    codes.sort_by(|a, b| a.rect.y.total_cmp(&b.rect.y).then(a.rect.x.total_cmp(&b.rect.x)));
    undecoded.retain(|r| codes.iter().all(|c| c.rect.overlap(r) <= 0.0));
    (codes, undecoded)
}

/// The centre and width of a finder pattern, in page pixels.
#[derive(Debug, Clone, Copy)]
struct Finder {
    x: f32,
    y: f32,
    size: f32,
}

fn green(page: &RgbImage, x: u32, y: u32) -> u8 {
    page.get_pixel(x, y).0[1]
}

/// Whether five run lengths are a finder's 1:1:3:1:1.
fn is_finder(runs: &[f32]) -> bool {
    let module = runs.iter().sum::<f32>() / 7.0;
    let near = |run: f32, modules: f32| (run - modules * module).abs() <= RUN_TOLERANCE * module * modules.sqrt();
    module >= 1.0
        && near(runs[0], 1.0)
        && near(runs[1], 1.0)
        && near(runs[2], 3.0)
        && near(runs[3], 1.0)
        && near(runs[4], 1.0)
}

fn finders(page: &RgbImage, step: u32) -> Vec<Finder> {
    let (pw, ph) = page.dimensions();
    let mut hits: Vec<(Finder, usize)> = Vec::new();
    // A finder's middle square is three modules high: every second row of the search scale meets it.
    for y in (0..ph).step_by(2 * step as usize) {
        let row: Vec<u8> = (0..pw).step_by(step as usize).map(|x| green(page, x, y)).collect();
        for (from, to) in row_finders(&row) {
            let (x, size) = ((from + to) / 2.0 * step as f32, (to - from) * step as f32);
            if !crosses(page, x, y, size) {
                continue;
            }
            match hits.iter_mut().find(|(f, _)| (f.x - x).abs() < 0.25 * size && (f.y - y as f32).abs() < 0.6 * size) {
                Some((f, n)) => {
                    f.y = (f.y * *n as f32 + y as f32) / (*n + 1) as f32;
                    *n += 1;
                }
                None => hits.push((Finder { x, y: y as f32, size }, 1)),
            }
        }
    }
    hits.into_iter().filter(|(_, n)| *n >= LEAST_ROWS).map(|(f, _)| f).collect()
}

/// Start and end of each finder-like run of five in a row.
fn row_finders(row: &[u8]) -> Vec<(f32, f32)> {
    let brightest = row.iter().copied().max().unwrap_or(0);
    let cut = (f32::from(brightest) * DARK_SHARE) as u8;
    let mut edges: Vec<usize> = Vec::new();
    let mut dark = false;
    for (x, v) in row.iter().enumerate() {
        if (*v < cut) != dark {
            dark = !dark;
            edges.push(x);
        }
    }
    if dark {
        edges.push(row.len());
    }
    let mut found = Vec::new();
    // Even entries start dark runs.
    for k in (0..edges.len()).step_by(2) {
        let Some(e) = edges.get(k..k + 6) else { break };
        let runs: Vec<f32> = e.windows(2).map(|p| (p[1] - p[0]) as f32).collect();
        if is_finder(&runs) {
            found.push((e[0] as f32, e[5] as f32));
        }
    }
    found
}

/// Whether the column through a finder's middle shows the same pattern.
fn crosses(page: &RgbImage, x: f32, y: u32, size: f32) -> bool {
    let x = (x as u32).min(page.width() - 1);
    let (from, to) = ((y as f32 - size).max(0.0) as u32, ((y as f32 + size) as u32).min(page.height()));
    let column: Vec<u8> = (from..to).map(|k| green(page, x, k)).collect();
    let brightest = column.iter().copied().max().unwrap_or(0);
    let cut = (f32::from(brightest) * DARK_SHARE) as u8;
    let is_dark = |k: i64| k >= 0 && (k as usize) < column.len() && column[k as usize] < cut;
    let middle = i64::from(y - from);
    if !is_dark(middle) {
        return false;
    }
    // From the middle outward: half the centre square, a gap, the frame, on either side.
    let run = |start: i64, dir: i64, dark: bool| {
        let mut k = start;
        while k >= 0 && (k as usize) < column.len() && is_dark(k) == dark {
            k += dir;
        }
        k
    };
    let (up, down) = (run(middle, -1, true), run(middle, 1, true));
    let (up2, down2) = (run(up, -1, false), run(down, 1, false));
    let (up3, down3) = (run(up2, -1, true), run(down2, 1, true));
    let runs = [up2 - up3, up - up2, down - up - 1, down2 - down, down3 - down2].map(|v| v as f32);
    is_finder(&runs) && ((up3 - down3).abs() as f32 / size - 1.0).abs() < 0.4
}

/// Boxes (left, top, right, bottom in page pixels) around finders that lie near each other.
fn regions(finders: &[Finder]) -> Vec<[f32; 4]> {
    let mut groups: Vec<Vec<Finder>> = Vec::new();
    for f in finders {
        let near = |g: &Finder| {
            (0.7..1.4).contains(&(g.size / f.size)) && (g.x - f.x).abs().max((g.y - f.y).abs()) < WIDEST * f.size
        };
        match groups.iter_mut().find(|g| g.iter().any(near)) {
            Some(g) => g.push(*f),
            None => groups.push(vec![*f]),
        }
    }
    groups
        .iter()
        .filter(|g| g.len() >= 2)
        .map(|g| {
            let margin = g.iter().map(|f| f.size).fold(0.0, f32::max) * AROUND;
            let low = |v: fn(&Finder) -> f32| g.iter().map(v).fold(f32::MAX, f32::min) - margin;
            let high = |v: fn(&Finder) -> f32| g.iter().map(v).fold(f32::MIN, f32::max) + margin;
            [low(|f| f.x), low(|f| f.y), high(|f| f.x), high(|f| f.y)]
        })
        .collect()
}

/// Decodes a region from every `step`-th pixel, enlarged `zoom` times.
fn read(page: &RgbImage, region: [f32; 4], step: u32, zoom: u32) -> Vec<Code> {
    let (pw, ph) = page.dimensions();
    let (x0, y0) = (region[0].max(0.0) as u32, region[1].max(0.0) as u32);
    let (x1, y1) = ((region[2].max(0.0) as u32).min(pw), (region[3].max(0.0) as u32).min(ph));
    let (w, h) = (x1.saturating_sub(x0) / step, y1.saturating_sub(y0) / step);
    if w < 20 || h < 20 {
        return Vec::new();
    }
    let mut grey = GrayImage::from_fn(w, h, |x, y| Luma([green(page, x0 + x * step, y0 + y * step)]));
    if zoom > 1 {
        grey = imageops::resize(&grey, w * zoom, h * zoom, imageops::FilterType::CatmullRom);
    }
    let (gw, gh) = (grey.width() as usize, grey.height() as usize);
    let mut image = PreparedImage::prepare_from_greyscale(gw, gh, |x, y| grey.get_pixel(x as u32, y as u32).0[0]);
    image
        .detect_grids()
        .iter()
        .filter_map(|grid| {
            let (_, text) = grid.decode().ok()?;
            let scale = step as f32 / zoom as f32;
            let xs = grid.bounds.map(|p| (x0 as f32 + p.x as f32 * scale) / pw as f32);
            let ys = grid.bounds.map(|p| (y0 as f32 + p.y as f32 * scale) / ph as f32);
            let low = |v: [f32; 4]| v.into_iter().fold(f32::MAX, f32::min).clamp(0.0, 1.0);
            let high = |v: [f32; 4]| v.into_iter().fold(f32::MIN, f32::max).clamp(0.0, 1.0);
            Some(Code { rect: Rect::from_corners(low(xs), low(ys), high(xs), high(ys)), text })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finder_runs_and_near_misses() {
        for (runs, is) in [
            ([2.0, 2.0, 6.0, 2.0, 2.0], true),
            ([3.0, 2.0, 7.0, 3.0, 2.0], true),
            ([2.0, 2.0, 2.0, 2.0, 2.0], false),
            ([2.0, 6.0, 6.0, 2.0, 2.0], false),
            ([2.0, 2.0, 12.0, 2.0, 2.0], false),
        ] {
            assert_eq!(is_finder(&runs), is, "{runs:?}");
        }
    }

    #[test]
    fn rows_without_and_with_a_finder() {
        let mut row = vec![230u8; 60];
        assert!(row_finders(&row).is_empty());
        for x in [20, 21, 24, 25, 26, 27, 28, 29, 32, 33] {
            row[x] = 20;
        }
        assert_eq!(row_finders(&row), vec![(20.0, 34.0)]);
    }

    /// "MA-2024" as version 1, level M.
    const CODE: [&str; 21] = [
        "#######.......#######",
        "#.....#..##.#.#.....#",
        "#.###.#...##..#.###.#",
        "#.###.#..#..#.#.###.#",
        "#.###.#.#.###.#.###.#",
        "#.....#..#.##.#.....#",
        "#######.#.#.#.#######",
        "........#.#.#........",
        "..##..####.####.#....",
        "#...#......#.#.#.#...",
        ".###.##.##...######..",
        "........###......#.##",
        "#.#.#.#.##.#.##.#..##",
        "........#....##...##.",
        "#######.####.#..#.###",
        "#.....#....###.#..###",
        "#.###.#..#..#....#..#",
        "#.###.#.#.##.##.#..#.",
        "#.###.#.##...#.#..#..",
        "#.....#...#.##...##..",
        "#######.....##.##..#.",
    ];

    fn with_code(module: u32) -> RgbImage {
        RgbImage::from_fn(800, 1100, |x, y| {
            let (i, j) = (x.wrapping_sub(500) / module, y.wrapping_sub(700) / module);
            let inside = x >= 500 && y >= 700 && i < 21 && j < 21;
            let dark = inside && CODE[j as usize].as_bytes()[i as usize] == b'#';
            image::Rgb(if dark { [40, 38, 42] } else { [235, 232, 224] })
        })
    }

    #[test]
    fn codes_are_read_at_any_size() {
        for module in [3, 4, 7] {
            let codes = find_codes(&with_code(module), 150.0);
            assert_eq!(codes.len(), 1, "module of {module} px");
            assert_eq!(codes[0].text, "MA-2024");
            let truth =
                Rect::new(500.0 / 800.0, 700.0 / 1100.0, 21.0 * module as f32 / 800.0, 21.0 * module as f32 / 1100.0);
            assert!(codes[0].rect.iou(&truth) > 0.8, "{:?}", codes[0].rect);
        }
    }

    #[test]
    fn a_code_that_cannot_be_decoded_leaves_its_pattern() {
        let mut page = with_code(5);
        // The data area is smeared, the finders stand.
        for y in 740..805 {
            for x in 540..605 {
                page.put_pixel(x, y, image::Rgb([235, 232, 224]));
            }
        }
        let (codes, undecoded) = find_patterns(&page, 150.0);
        assert!(codes.is_empty());
        assert_eq!(undecoded.len(), 1);
        assert!(undecoded[0].contains((550.0 / 800.0, 750.0 / 1100.0)));
        assert!(find_patterns(&with_code(5), 150.0).1.is_empty());
    }

    #[test]
    fn a_page_of_stripes_has_no_code() {
        let mut page = RgbImage::from_pixel(400, 400, image::Rgb([255, 255, 255]));
        for (x, _, p) in page.enumerate_pixels_mut() {
            if x % 9 < 4 {
                *p = image::Rgb([0, 0, 0]);
            }
        }
        assert!(find_codes(&page, 150.0).is_empty());
        assert!(find_codes(&RgbImage::new(1, 1), 150.0).is_empty());
    }
}
