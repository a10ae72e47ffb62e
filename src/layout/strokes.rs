//! Strokes: runs of thin dark pixels along the rows of a grey plane, joined over neighbouring rows.

use super::line::Line;
use super::scale::Plane;

/// Rules thicker than this are bars.
const MAX_THICKNESS_MM: f32 = 1.1;
/// Grey levels on white paper, less in shadow: above the noise of a scanner, below faint grey rules.
const PIXEL_CONTRAST: i32 = 14;
/// Longer than most strokes of body text, short enough to follow a slope of 3° on one row of pixels.
const MIN_RUN_MM: f32 = 2.8;

/// Pixels of one row that belong to a thin dark structure.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    y: usize,
    x0: usize,
    /// Exclusive.
    x1: usize,
    contrast: f32,
}

/// In order of rows, then columns.
pub(super) fn runs(page: &Plane, mm: f32) -> Vec<Run> {
    let (w, h) = (page.width, page.height);
    let reach = (MAX_THICKNESS_MM * mm).round().max(2.0) as usize;
    let shortest = (MIN_RUN_MM * mm).round() as usize;
    let mut runs = Vec::new();
    if h <= 2 * reach {
        return runs;
    }
    let lightest = lightest_below(page, reach);
    let mut contrast = vec![0u8; w];
    for y in reach..h - reach {
        // `lightest` row r covers rows r..r + reach.
        let above = &lightest[(y - reach) * w..(y - reach + 1) * w];
        let below = &lightest[(y + 1) * w..(y + 2) * w];
        for (((c, &ink), &a), &b) in contrast.iter_mut().zip(page.row(y)).zip(above).zip(below) {
            let paper = i32::from(a.min(b));
            let depth = paper - i32::from(ink);
            // In shadow all contrasts shrink with the light.
            *c = if depth * 255 >= PIXEL_CONTRAST * paper.max(64) { depth.clamp(1, 255) as u8 } else { 0 };
        }
        collect(&contrast, y, shortest, &mut runs);
    }
    runs
}

/// Runs of one row; a single pixel missing doesn't end one.
fn collect(contrast: &[u8], y: usize, shortest: usize, runs: &mut Vec<Run>) {
    let mut x = 0;
    while x < contrast.len() {
        let Some(skip) = contrast[x..].iter().position(|&c| c > 0) else { return };
        let x0 = x + skip;
        let mut x1 = x0;
        let mut sum = 0u32;
        while x1 < contrast.len() && (contrast[x1] > 0 || (x1 + 1 < contrast.len() && contrast[x1 + 1] > 0)) {
            sum += u32::from(contrast[x1]);
            x1 += 1;
        }
        if x1 - x0 >= shortest {
            runs.push(Run { y, x0, x1, contrast: sum as f32 / (x1 - x0) as f32 });
        }
        x = x1 + 1;
    }
}

/// For each row, the lightest value of it and the next `reach - 1` rows, column by column.
fn lightest_below(page: &Plane, reach: usize) -> Vec<u8> {
    let (w, h) = (page.width, page.height);
    let mut best = page.grey.clone();
    let mut covered = 1;
    while covered < reach {
        let shift = covered.min(reach - covered);
        for y in 0..h - shift {
            let (here, later) = best.split_at_mut((y + shift) * w);
            for (a, &b) in here[y * w..(y + 1) * w].iter_mut().zip(&later[..w]) {
                *a = (*a).max(b);
            }
        }
        covered += shift;
    }
    best
}

/// Runs of neighbouring rows that touch, as straight strokes.
pub(super) fn strokes(runs: &[Run], page: &Plane, mm: f32) -> Vec<Line> {
    let mut parent: Vec<usize> = (0..runs.len()).collect();
    let mut above = 0..0;
    let mut i = 0;
    while i < runs.len() {
        let y = runs[i].y;
        let end = i + runs[i..].iter().take_while(|r| r.y == y).count();
        if !above.is_empty() && runs[above.start].y + 1 == y {
            let mut a = above.start;
            for b in i..end {
                while a < above.end && runs[a].x1 < runs[b].x0 {
                    a += 1;
                }
                let mut k = a;
                while k < above.end && runs[k].x0 <= runs[b].x1 {
                    let (p, q) = (root(&mut parent, k), root(&mut parent, b));
                    parent[p.max(q)] = p.min(q);
                    k += 1;
                }
            }
        }
        above = i..end;
        i = end;
    }
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); runs.len()];
    for i in 0..runs.len() {
        let r = root(&mut parent, i);
        members[r].push(i);
    }
    members
        .iter()
        .filter(|m| !m.is_empty())
        .filter_map(|m| stroke(runs, m, mm))
        .map(|l| with_crowd(l, page, mm))
        .collect()
}

fn root(parent: &mut [usize], mut i: usize) -> usize {
    while parent[i] != i {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    i
}

/// One stroke from its runs, or nothing where they make a blot.
fn stroke(runs: &[Run], members: &[usize], mm: f32) -> Option<Line> {
    /// Places at which a line's path is kept.
    const KNOT_MM: f32 = 2.5;
    let start = members.iter().map(|&i| runs[i].x0).min()?;
    let end = members.iter().map(|&i| runs[i].x1).max()?;
    let length = (end - start) as f32;
    let area: f32 = members.iter().map(|&i| (runs[i].x1 - runs[i].x0) as f32).sum();
    let thickness = area / length;
    if thickness > MAX_THICKNESS_MM * mm * 1.2 || length < 2.5 * thickness {
        return None;
    }
    let knots = ((length / (KNOT_MM * mm)).ceil() as usize).max(1);
    let mut sums = vec![(0.0f32, 0.0f32); knots];
    let mut contrast = 0f32;
    for &i in members {
        let run = &runs[i];
        contrast = contrast.max(run.contrast);
        let width = length / knots as f32;
        let first = ((run.x0 - start) as f32 / width) as usize;
        let last = (((run.x1 - start) as f32 / width) as usize).min(knots - 1);
        for (k, sum) in sums.iter_mut().enumerate().take(last + 1).skip(first) {
            let from = (start as f32 + k as f32 * width).max(run.x0 as f32);
            let to = (start as f32 + (k + 1) as f32 * width).min(run.x1 as f32);
            let weight = (to - from).max(0.0) * run.contrast;
            sum.0 += weight;
            sum.1 += weight * (run.y as f32 + 0.5);
        }
    }
    let width = length / knots as f32;
    let path: Vec<(f32, f32)> = sums
        .iter()
        .enumerate()
        .filter(|(_, s)| s.0 > 0.0)
        .map(|(k, s)| (start as f32 + (k as f32 + 0.5) * width, s.1 / s.0))
        .collect();
    if path.is_empty() || is_arc(&path, mm) {
        return None;
    }
    Some(Line {
        start: start as f32,
        end: end as f32,
        path,
        thickness,
        seen: length,
        contrast,
        crowd: 0.0,
        unbroken: length,
    })
}

/// Whether a short stroke is bent like the rim of a seal; warped paper bends rules far less.
fn is_arc(path: &[(f32, f32)], mm: f32) -> bool {
    /// Twice the radius of the largest seals, in case a rim is worn flat.
    const RADIUS_MM: f32 = 60.0;
    /// A piece of rim longer than this has left its row.
    const LONGEST_MM: f32 = 25.0;
    let (first, last) = (path[0], path[path.len() - 1]);
    let chord = last.0 - first.0;
    if path.len() < 3 || chord > LONGEST_MM * mm {
        return false;
    }
    let off = |p: &(f32, f32)| p.1 - first.1 - (last.1 - first.1) * (p.0 - first.0) / chord;
    let inner = &path[1..path.len() - 1];
    // Middle knots on one side of the chord.
    let sagitta = inner.iter().map(off).fold(0.0f32, |m, o| if o.abs() > m.abs() { o } else { m });
    let bent = inner.iter().all(|p| off(p) * sagitta > 0.0);
    bent && sagitta.abs() > 0.1 * mm && chord * chord / (8.0 * sagitta.abs()) < RADIUS_MM * mm
}

/// Measures how much other ink is close to a stroke.
fn with_crowd(mut line: Line, page: &Plane, mm: f32) -> Line {
    /// Past the blur of the stroke itself, and as far as the next stroke of a character.
    const NEAR_MM: (f32, f32) = (0.45, 1.5);
    let step = (0.4 * mm).max(1.0);
    let (near, far) = (line.thickness / 2.0 + NEAR_MM.0 * mm, line.thickness / 2.0 + NEAR_MM.1 * mm);
    let (mut crowded, mut count) = (0.0f32, 0.0f32);
    let mut along = line.start + step / 2.0;
    while along < line.end {
        let x = along as usize;
        let middle = line.at(along, 0.0);
        let value = |across: f32| {
            (across >= 0.0 && (across as usize) < page.height).then(|| f32::from(page.row(across as usize)[x]))
        };
        // Half the stroke's own contrast is ink of the same kind.
        let ink = value(middle).unwrap_or(255.0) + line.contrast * 0.5;
        let side = |sign: f32| {
            let mut off = near;
            while off <= far {
                if value(middle + sign * off).is_some_and(|v| v < ink) {
                    return true;
                }
                off += 1.0;
            }
            false
        };
        if side(-1.0) || side(1.0) {
            crowded += 1.0;
        }
        count += 1.0;
        along += step;
    }
    line.crowd = crowded / count.max(1.0);
    line
}
