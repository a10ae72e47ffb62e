//! Lines of both directions that hang together.
//!
//! Short lines count only where both their ends meet another line. Connected lines make a group; a group's open sides
//! are closed where several of its lines end level with each other (forms without outer verticals).

use super::MIN_RULE_MM;
use super::line::Line;

/// A line may stop this far short of the line it meets, or run past it.
const MEET_MM: f32 = 2.0;
/// As above for lines as short as a stroke of a character.
const MEET_SHORT_MM: f32 = 1.2;
/// Ends of an open side are level to this.
const LEVEL_MM: f32 = 3.0;
/// A side is open where lines run on at least this far past the last line across them.
const OPEN_MM: f32 = 5.0;

/// Lines that hang together.
pub(super) struct Group {
    pub(super) across: Vec<Line>,
    pub(super) down: Vec<Line>,
    /// The page's residual slope: of horizontal lines (dy/dx), of vertical ones (dx/dy).
    pub(super) slopes: (f32, f32),
}

pub(super) struct Found {
    /// All rules: those of groups, and long ones that stand alone.
    pub(super) across: Vec<Line>,
    pub(super) down: Vec<Line>,
    pub(super) groups: Vec<Group>,
}

pub(super) fn build(across: Vec<Line>, down: Vec<Line>, mm: f32) -> Found {
    let slopes = (common_slope(&across, mm), common_slope(&down, mm));
    let (across, down) = anchored(across, down, slopes, mm);
    let mut parent: Vec<usize> = (0..across.len() + down.len()).collect();
    for (i, h) in across.iter().enumerate() {
        for (j, v) in down.iter().enumerate() {
            if meet(h, v, slopes, mm).is_some() {
                let (a, b) = (root(&mut parent, i), root(&mut parent, across.len() + j));
                parent[a.max(b)] = a.min(b);
            }
        }
    }
    let mut groups: Vec<(usize, Group)> = Vec::new();
    for i in 0..parent.len() {
        let r = root(&mut parent, i);
        let at = groups.iter().position(|g| g.0 == r).unwrap_or_else(|| {
            groups.push((r, Group { across: Vec::new(), down: Vec::new(), slopes }));
            groups.len() - 1
        });
        match i.checked_sub(across.len()) {
            None => groups[at].1.across.push(across[i].clone()),
            Some(j) => groups[at].1.down.push(down[j].clone()),
        }
    }
    let groups = groups
        .into_iter()
        .map(|(_, group)| group)
        .filter(|g| !g.across.is_empty() && !g.down.is_empty())
        .map(|g| close_sides(g, mm))
        .collect();
    Found { across, down, groups }
}

fn root(parent: &mut [usize], mut i: usize) -> usize {
    while parent[i] != i {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    i
}

/// The slope that most of the length agrees on; level where no line is long.
fn common_slope(lines: &[Line], mm: f32) -> f32 {
    let mut slopes: Vec<(f32, f32)> =
        lines.iter().filter(|l| l.length() >= 25.0 * mm).map(|l| (l.slope(), l.length())).collect();
    slopes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = slopes.iter().map(|s| s.1).sum::<f32>() / 2.0;
    let mut sum = 0.0;
    for (slope, length) in slopes {
        sum += length;
        if sum >= half {
            return slope;
        }
    }
    0.0
}

/// Where two lines meet: along the first, along the second.
fn meet(h: &Line, v: &Line, slopes: (f32, f32), mm: f32) -> Option<(f32, f32)> {
    let mut y = h.at((h.start + h.end) / 2.0, slopes.0);
    let mut x = v.at(y, slopes.1);
    y = h.at(x, slopes.0);
    x = v.at(y, slopes.1);
    let reach = |l: &Line| if l.length() < MIN_RULE_MM * mm { MEET_SHORT_MM * mm } else { MEET_MM * mm };
    let (rh, rv) = (reach(h), reach(v));
    let inside = x >= h.start - rh && x <= h.end + rh && y >= v.start - rv && y <= v.end + rv;
    inside.then_some((x, y))
}

/// Drops short lines that don't end on other lines, until none is left.
fn anchored(mut across: Vec<Line>, mut down: Vec<Line>, slopes: (f32, f32), mm: f32) -> (Vec<Line>, Vec<Line>) {
    let short = |l: &Line| l.length() < MIN_RULE_MM * mm;
    let near = |a: f32, b: f32| (a - b).abs() <= MEET_SHORT_MM * mm;
    loop {
        let before = across.len() + down.len();
        let keep_across: Vec<bool> = across
            .iter()
            .map(|h| {
                let ends = |at: f32| down.iter().any(|v| meet(h, v, slopes, mm).is_some_and(|m| near(m.0, at)));
                !short(h) || (ends(h.start) && ends(h.end))
            })
            .collect();
        let keep_down: Vec<bool> = down
            .iter()
            .map(|v| {
                let ends = |at: f32| across.iter().any(|h| meet(h, v, slopes, mm).is_some_and(|m| near(m.1, at)));
                !short(v) || (ends(v.start) && ends(v.end))
            })
            .collect();
        let mut keep = keep_across.into_iter();
        across.retain(|_| keep.next().unwrap_or(true));
        let mut keep = keep_down.into_iter();
        down.retain(|_| keep.next().unwrap_or(true));
        if across.len() + down.len() == before {
            return (across, down);
        }
    }
}

/// Adds the outer lines that a form leaves out.
fn close_sides(mut group: Group, mm: f32) -> Group {
    let slopes = group.slopes;
    let left = closing(&group.across, &group.down, slopes, mm, Side::Start);
    let right = closing(&group.across, &group.down, slopes, mm, Side::End);
    let top = closing(&group.down, &group.across, (slopes.1, slopes.0), mm, Side::Start);
    let bottom = closing(&group.down, &group.across, (slopes.1, slopes.0), mm, Side::End);
    group.down.extend([left, right].into_iter().flatten());
    group.across.extend([top, bottom].into_iter().flatten());
    group
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Start,
    End,
}

/// The line that closes one side of `open` lines, where their ends lie beyond every line that crosses them.
fn closing(open: &[Line], crossing: &[Line], slopes: (f32, f32), mm: f32, side: Side) -> Option<Line> {
    let end = |l: &Line| if side == Side::Start { l.start } else { l.end };
    // Positive: further out.
    let beyond = |a: f32, b: f32| if side == Side::Start { b - a } else { a - b };
    let mut loose: Vec<(f32, f32)> = Vec::new();
    for line in open {
        let at = end(line);
        let outermost = crossing
            .iter()
            .filter_map(|c| meet(line, c, slopes, mm).map(|m| m.0))
            .fold(None, |m: Option<f32>, x| Some(m.map_or(x, |m| if beyond(x, m) > 0.0 { x } else { m })));
        if outermost.is_none_or(|x| beyond(at, x) > OPEN_MM * mm) {
            loose.push((line.at(at, slopes.0), at));
        }
    }
    let mut ends: Vec<f32> = loose.iter().map(|l| l.1).collect();
    ends.sort_by(f32::total_cmp);
    let middle = *ends.get(ends.len() / 2)?;
    loose.retain(|l| (l.1 - middle).abs() <= LEVEL_MM * mm);
    // Two level ends may be chance; a table has a head, a body and a foot rule, or all its lines end so.
    if loose.len() >= 3 || (loose.len() >= 2 && loose.len() == open.len()) { Some(Line::closing(loose)) } else { None }
}
