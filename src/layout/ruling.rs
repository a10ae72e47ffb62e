//! Thin dark straight structures along the rows of a grey plane.
//!
//! A pixel belongs to a rule where it is darker than the lightest pixel close above *and* close below: that holds
//! whatever the lighting, and fails at the edge of a shadow, a photo or a scanner's border. Runs of such pixels along
//! a row, longer than most strokes of characters, are joined to strokes over neighbouring rows, and strokes to lines over the
//! gaps that seals, text and thresholding leave.

use super::scale::Plane;

/// A hairline of 0.1 mm is half a pixel here and keeps half its contrast.
pub(super) const WORKING_DPI: f32 = 150.0;
/// Rules thicker than this are bars.
const MAX_THICKNESS_MM: f32 = 1.1;
/// Grey levels on white paper, less in shadow: above the noise of a scanner, below faint grey rules.
const PIXEL_CONTRAST: i32 = 14;
/// Mean over a line. What shines through from the back of a sheet stays below this.
const LINE_CONTRAST: f32 = 22.0;
/// Longer than most strokes of body text, short enough to follow a slope of 3° on one row of pixels.
const MIN_RUN_MM: f32 = 2.8;
/// What is left of a rule under a seal or between touching characters.
const MAX_GAP_MM: f32 = 8.0;
/// Gaps that noise and a coarse threshold leave.
const TIGHT_GAP_MM: f32 = 0.8;
/// A piece this long is no stroke of a character of up to 18 points.
const SOLID_MM: f32 = 6.5;
/// Strokes of characters have other strokes close by; rules have paper.
const MAX_CROWD: f32 = 0.4;
/// Share of a line that is seen.
const MIN_COVERAGE: f32 = 0.6;
/// Two pieces of one line are out of line by at most this.
const MAX_STEP_MM: f32 = 0.35;
/// The shortest wall of a cell.
const MIN_LENGTH_MM: f32 = 3.5;
/// The slope of a line against the page's, after deskewing.
const MAX_SLOPE: f32 = 0.06;

/// One ruling line. `along` runs with the line, `across` over it; both in pixels of the plane.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) start: f32,
    pub(super) end: f32,
    /// Middle of the line at increasing `along`.
    path: Vec<(f32, f32)>,
    thickness: f32,
    seen: f32,
    contrast: f32,
    /// Share of its length with other ink close by on either side.
    crowd: f32,
    /// Length of its longest stroke.
    unbroken: f32,
}

impl Line {
    pub(super) fn length(&self) -> f32 {
        self.end - self.start
    }

    /// The line's middle at `along`; straight on beyond its ends, with the page's own `slope`.
    pub(super) fn at(&self, along: f32, slope: f32) -> f32 {
        let (first, last) = (self.path[0], self.path[self.path.len() - 1]);
        if along <= first.0 {
            return first.1 + (along - first.0) * slope;
        }
        if along >= last.0 {
            return last.1 + (along - last.0) * slope;
        }
        let i = self.path.partition_point(|p| p.0 <= along);
        let (a, b) = (self.path[i - 1], self.path[i]);
        a.1 + (b.1 - a.1) * (along - a.0) / (b.0 - a.0).max(1e-3)
    }

    /// From end to end.
    pub(super) fn slope(&self) -> f32 {
        let (first, last) = (self.path[0], self.path[self.path.len() - 1]);
        if last.0 - first.0 < 1.0 { 0.0 } else { (last.1 - first.1) / (last.0 - first.0) }
    }

    /// Its outer edges across.
    pub(super) fn extent(&self) -> (f32, f32) {
        let half = self.thickness.max(1.0) / 2.0;
        let low = self.path.iter().map(|p| p.1).fold(f32::MAX, f32::min);
        let high = self.path.iter().map(|p| p.1).fold(f32::MIN, f32::max);
        (low - half, high + half)
    }

    /// A line drawn where the form has none, to close a table.
    pub(super) fn closing(mut path: Vec<(f32, f32)>) -> Self {
        path.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (start, end) = (path[0].0, path[path.len() - 1].0);
        Self { start, end, path, thickness: 1.0, seen: end - start, contrast: 0.0, crowd: 0.0, unbroken: end - start }
    }

    /// Both as one, gaps and all.
    fn joined(mut self, other: Self) -> Self {
        let weight = self.seen + other.seen;
        self.thickness = (self.thickness * self.seen + other.thickness * other.seen) / weight;
        self.contrast = (self.contrast * self.seen + other.contrast * other.seen) / weight;
        self.crowd = (self.crowd * self.seen + other.crowd * other.seen) / weight;
        self.unbroken = self.unbroken.max(other.unbroken);
        self.seen = weight;
        self.start = self.start.min(other.start);
        self.end = self.end.max(other.end);
        self.path.extend(other.path);
        self.path.sort_by(|a, b| a.0.total_cmp(&b.0));
        self.path.dedup_by(|b, a| b.0 - a.0 < 0.5);
        self
    }
}

/// Horizontal lines of the plane, top to bottom; short ones may still be strokes of characters.
pub(super) fn lines(page: &Plane, mm: f32) -> Vec<Line> {
    let runs = runs(page, mm);
    let strokes = strokes(&runs, page, mm);
    let pieces = joined(strokes, mm, tight_misfit);
    let mut lines = joined(pieces, mm, wide_misfit);
    let edge = 2.5 * mm;
    lines.retain(|l| {
        let middle = l.at((l.start + l.end) / 2.0, 0.0);
        l.length() >= MIN_LENGTH_MM * mm
            && l.seen >= MIN_COVERAGE * l.length()
            && l.contrast >= LINE_CONTRAST
            && l.slope().abs() <= MAX_SLOPE
            && (is_solid(l, mm) || l.crowd <= MAX_CROWD)
            // The sheet's own edge, or the scanner's.
            && middle > edge
            && middle < page.height as f32 - edge
    });
    lines.sort_by(|a, b| a.path[0].1.total_cmp(&b.path[0].1).then(a.start.total_cmp(&b.start)));
    lines
}

/// Pixels of one row that belong to a thin dark structure.
#[derive(Debug, Clone, Copy)]
struct Run {
    y: usize,
    x0: usize,
    /// Exclusive.
    x1: usize,
    contrast: f32,
}

/// In order of rows, then columns.
fn runs(page: &Plane, mm: f32) -> Vec<Run> {
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
fn strokes(runs: &[Run], page: &Plane, mm: f32) -> Vec<Line> {
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

/// Strokes in line with each other become one line, as `misfit` allows.
fn joined(mut strokes: Vec<Line>, mm: f32, misfit: impl Fn(&Line, &Line, f32) -> Option<f32>) -> Vec<Line> {
    strokes.sort_by(|a, b| a.start.total_cmp(&b.start).then(a.path[0].1.total_cmp(&b.path[0].1)));
    let mut open: Vec<Line> = Vec::new();
    let mut done = Vec::new();
    for stroke in strokes {
        // Lines that end too far back can't go on.
        let (still, over): (Vec<Line>, Vec<Line>) =
            open.into_iter().partition(|l| l.end + MAX_GAP_MM * mm >= stroke.start);
        open = still;
        done.extend(over);
        let fit = open
            .iter()
            .enumerate()
            .filter_map(|(i, l)| misfit(l, &stroke, mm).map(|m| (i, m)))
            .min_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((i, _)) = fit {
            let line = open.swap_remove(i);
            open.push(line.joined(stroke));
        } else {
            open.push(stroke);
        }
    }
    done.extend(open);
    done
}

/// How badly `next` goes on from `line` where nothing but noise parts them; nothing where it doesn't.
fn tight_misfit(line: &Line, next: &Line, mm: f32) -> Option<f32> {
    let clear = |l: &Line| l.crowd <= MAX_CROWD || is_solid(l, mm);
    let gap = next.start - line.end;
    let fits = (-1.5 * mm..=TIGHT_GAP_MM * mm).contains(&gap) && clear(line) && clear(next);
    fits.then(|| step(line, next, gap, mm)).filter(|s| *s <= (0.2 * mm).max(1.1))
}

/// How badly `next` goes on from `line` beyond a seal or a smudge. Only pieces too long for characters do.
fn wide_misfit(line: &Line, next: &Line, mm: f32) -> Option<f32> {
    let gap = next.start - line.end;
    let shorter = line.length().min(next.length());
    let reach = (MAX_GAP_MM * mm).min(1.2 * shorter);
    if gap < -1.5 * mm || gap > reach || !is_solid(line, mm) || !is_solid(next, mm) {
        return None;
    }
    let step = step(line, next, gap, mm);
    (step <= MAX_STEP_MM * mm + 0.01 * gap.max(0.0)).then_some(step + 0.1 * gap.max(0.0))
}

/// Whether a line can't be a row of characters: one stroke longer than any of theirs, or many with nothing near.
fn is_solid(line: &Line, mm: f32) -> bool {
    line.unbroken >= SOLID_MM * mm || (line.length() >= 2.0 * SOLID_MM * mm && line.crowd <= MAX_CROWD / 2.0)
}

/// How far out of line `next` begins.
fn step(line: &Line, next: &Line, gap: f32, mm: f32) -> f32 {
    let tail = slope_near_end(line, mm);
    (line.at(line.end, tail) + gap.max(0.0) * tail - next.at(next.start, 0.0)).abs()
}

/// A line's slope over its last four centimetres; level where it is too short to tell.
fn slope_near_end(line: &Line, mm: f32) -> f32 {
    let last = line.path[line.path.len() - 1];
    let from = line.path.iter().find(|p| last.0 - p.0 <= 40.0 * mm).copied().unwrap_or(last);
    if last.0 - from.0 < 12.0 * mm { 0.0 } else { ((last.1 - from.1) / (last.0 - from.0)).clamp(-0.05, 0.05) }
}
