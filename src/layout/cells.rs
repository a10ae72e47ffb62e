//! The cells that a group of lines encloses.
//!
//! The lines' positions make a raster; neighbouring fields of the raster without a wall between them are one cell,
//! and fields open to the outside are none. Merged cells need no special care.

use super::grid::Group;
use super::line::Line;

/// Lines closer than this are one: double rules, and pieces of one line on a warped page.
const SAME_MM: f32 = 1.3;
/// Share of a field's side that must be ruled to be a wall.
const WALL_COVERAGE: f32 = 0.5;
/// Share of an outer line that must be ruled for its missing parts (a photo stuck over the corner) to count as drawn.
const FRAME_COVERAGE: f32 = 0.6;
/// Narrower fields hold no text.
const MIN_CELL_MM: f32 = 2.5;
/// A lone box or grid smaller than this is a character, a stamp's frame or a tick box.
const MIN_TABLE_MM: (f32, f32) = (25.0, 5.0);

/// A cell in pixels, walls' middles.
pub(super) struct CellBox {
    pub(super) x0: f32,
    pub(super) y0: f32,
    pub(super) x1: f32,
    pub(super) y1: f32,
    pub(super) row: u16,
    pub(super) col: u16,
    pub(super) row_span: u16,
    pub(super) col_span: u16,
}

/// The group's cells in row-major order, or nothing where it encloses none.
pub(super) fn cells(group: &Group, mm: f32) -> Option<Vec<CellBox>> {
    let raster = Raster::new(group, mm)?;
    let (rows, cols) = (raster.ys.len() - 1, raster.xs.len() - 1);
    let regions = raster.regions(rows, cols);
    let mut found: Vec<(usize, usize, usize, usize)> = Vec::new();
    for members in regions {
        rectangles(members, cols, &mut found);
    }
    found.retain(|&(r0, c0, r1, c1)| {
        let b = raster.bounds(r0, c0, r1, c1);
        b.2 - b.0 >= MIN_CELL_MM * mm && b.3 - b.1 >= MIN_CELL_MM * mm
    });
    // Rows and columns that only noise made don't count.
    let rank = |mut edges: Vec<usize>| {
        edges.sort_unstable();
        edges.dedup();
        edges
    };
    let row_edges = rank(found.iter().flat_map(|f| [f.0, f.2]).collect());
    let col_edges = rank(found.iter().flat_map(|f| [f.1, f.3]).collect());
    let index = |edges: &[usize], e: usize| edges.partition_point(|&x| x < e) as u16;
    found.sort_unstable();
    let cells: Vec<CellBox> = found
        .into_iter()
        .map(|(r0, c0, r1, c1)| {
            let (x0, y0, x1, y1) = raster.bounds(r0, c0, r1, c1);
            let (row, col) = (index(&row_edges, r0), index(&col_edges, c0));
            CellBox {
                x0,
                y0,
                x1,
                y1,
                row,
                col,
                row_span: index(&row_edges, r1) - row,
                col_span: index(&col_edges, c1) - col,
            }
        })
        .collect();
    let width =
        cells.iter().map(|c| c.x1).fold(f32::MIN, f32::max) - cells.iter().map(|c| c.x0).fold(f32::MAX, f32::min);
    let height =
        cells.iter().map(|c| c.y1).fold(f32::MIN, f32::max) - cells.iter().map(|c| c.y0).fold(f32::MAX, f32::min);
    (width >= MIN_TABLE_MM.0 * mm && height >= MIN_TABLE_MM.1 * mm).then_some(cells)
}

/// A region's fields as rectangles: one where it is a rectangle, the fewest rows-first cut where it isn't.
fn rectangles(mut members: Vec<usize>, cols: usize, found: &mut Vec<(usize, usize, usize, usize)>) {
    members.sort_unstable();
    while let Some(&first) = members.first() {
        let (r0, c0) = (first / cols, first % cols);
        let has = |r: usize, c: usize| members.binary_search(&(r * cols + c)).is_ok();
        let mut c1 = c0 + 1;
        while c1 < cols && has(r0, c1) {
            c1 += 1;
        }
        let mut r1 = r0 + 1;
        while (c0..c1).all(|c| has(r1, c)) {
            r1 += 1;
        }
        found.push((r0, c0, r1, c1));
        members.retain(|&m| !(m / cols >= r0 && m / cols < r1 && m % cols >= c0 && m % cols < c1));
    }
}

/// Lines of one direction at the same place.
struct Rank<'a> {
    lines: Vec<&'a Line>,
    /// Position with the page's slope taken out.
    level: f32,
}

impl Rank<'_> {
    /// Position across at `along`, from the piece that is there or the nearest.
    fn at(&self, along: f32, slope: f32) -> f32 {
        let off = |l: &Line| (l.start - along).max(along - l.end).max(0.0);
        self.lines.iter().min_by(|a, b| off(a).total_cmp(&off(b))).map_or(self.level, |l| l.at(along, slope))
    }

    /// Share of `from..to` that its lines cover.
    fn coverage(&self, from: f32, to: f32) -> f32 {
        let mut spans: Vec<(f32, f32)> =
            self.lines.iter().map(|l| (l.start.max(from), l.end.min(to))).filter(|s| s.1 > s.0).collect();
        spans.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (mut covered, mut reached) = (0.0, from);
        for (a, b) in spans {
            covered += (b - a.max(reached)).max(0.0);
            reached = reached.max(b);
        }
        covered / (to - from).max(1.0)
    }
}

struct Raster<'a> {
    xs: Vec<Rank<'a>>,
    ys: Vec<Rank<'a>>,
    slopes: (f32, f32),
    mm: f32,
}

impl<'a> Raster<'a> {
    fn new(group: &'a Group, mm: f32) -> Option<Self> {
        let ys = ranks(&group.across, group.slopes.0, mm);
        let xs = ranks(&group.down, group.slopes.1, mm);
        (xs.len() >= 2 && ys.len() >= 2).then_some(Self { xs, ys, slopes: group.slopes, mm })
    }

    /// Where row line `r` and column line `c` cross.
    fn corner(&self, r: usize, c: usize) -> (f32, f32) {
        let mut x = self.xs[c].level;
        let mut y = self.ys[r].at(x, self.slopes.0);
        x = self.xs[c].at(y, self.slopes.1);
        y = self.ys[r].at(x, self.slopes.0);
        (x, y)
    }

    fn bounds(&self, r0: usize, c0: usize, r1: usize, c1: usize) -> (f32, f32, f32, f32) {
        let [a, b, c, d] = [self.corner(r0, c0), self.corner(r0, c1), self.corner(r1, c0), self.corner(r1, c1)];
        ((a.0 + c.0) / 2.0, (a.1 + b.1) / 2.0, (b.0 + d.0) / 2.0, (c.1 + d.1) / 2.0)
    }

    /// Whether row line `r` is drawn between column lines `c` and `c + 1`.
    fn walled_across(&self, r: usize, c: usize) -> bool {
        let (a, b) = (self.corner(r, c).0, self.corner(r, c + 1).0);
        let inset = (0.5 * self.mm).min((b - a) * 0.2);
        let outer = r == 0 || r + 1 == self.ys.len();
        let (from, to) = (self.xs[0].level, self.xs[self.xs.len() - 1].level);
        b > a
            && (self.ys[r].coverage(a + inset, b - inset) >= WALL_COVERAGE
                || (outer && self.ys[r].coverage(from, to) >= FRAME_COVERAGE))
    }

    /// Whether column line `c` is drawn between row lines `r` and `r + 1`.
    fn walled_down(&self, r: usize, c: usize) -> bool {
        let (a, b) = (self.corner(r, c).1, self.corner(r + 1, c).1);
        let inset = (0.5 * self.mm).min((b - a) * 0.2);
        let outer = c == 0 || c + 1 == self.xs.len();
        let (from, to) = (self.ys[0].level, self.ys[self.ys.len() - 1].level);
        b > a
            && (self.xs[c].coverage(a + inset, b - inset) >= WALL_COVERAGE
                || (outer && self.xs[c].coverage(from, to) >= FRAME_COVERAGE))
    }

    /// Fields without a wall between them, those open to the outside left out.
    fn regions(&self, rows: usize, cols: usize) -> Vec<Vec<usize>> {
        let outside = rows * cols;
        let mut parent: Vec<usize> = (0..=outside).collect();
        let mut open = |a: usize, b: usize| {
            let (p, q) = (root(&mut parent, a), root(&mut parent, b));
            parent[p.max(q)] = p.min(q);
        };
        for r in 0..=rows {
            for c in 0..cols {
                if !self.walled_across(r, c) {
                    let above = if r == 0 { outside } else { (r - 1) * cols + c };
                    let below = if r == rows { outside } else { r * cols + c };
                    open(above, below);
                }
            }
        }
        for r in 0..rows {
            for c in 0..=cols {
                if !self.walled_down(r, c) {
                    let left = if c == 0 { outside } else { r * cols + c - 1 };
                    let right = if c == cols { outside } else { r * cols + c };
                    open(left, right);
                }
            }
        }
        let shut_out = root(&mut parent, outside);
        let mut regions: Vec<Vec<usize>> = vec![Vec::new(); outside + 1];
        for field in 0..outside {
            let r = root(&mut parent, field);
            if r != shut_out {
                regions[r].push(field);
            }
        }
        regions.retain(|r| !r.is_empty());
        regions
    }
}

fn root(parent: &mut [usize], mut i: usize) -> usize {
    while parent[i] != i {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    i
}

/// Lines gathered by place, in order.
fn ranks<'a>(lines: &'a [Line], slope: f32, mm: f32) -> Vec<Rank<'a>> {
    let mut placed: Vec<(f32, &Line)> = lines
        .iter()
        .map(|l| {
            let middle = (l.start + l.end) / 2.0;
            (l.at(middle, slope) - slope * middle, l)
        })
        .collect();
    placed.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut ranks: Vec<Rank<'a>> = Vec::new();
    for (level, line) in placed {
        match ranks.last_mut() {
            Some(rank) if level - rank.level <= SAME_MM * mm => {
                let n = rank.lines.len() as f32;
                rank.level = (rank.level * n + level) / (n + 1.0);
                rank.lines.push(line);
            }
            _ => ranks.push(Rank { lines: vec![line], level }),
        }
    }
    ranks
}
