//! Characters to lines of text, in reading order.

use hayro_interpret::kurbo::{Point, Rect as Area, Vec2};

use super::device::{Line, Seen};
use crate::model::geometry::Rect;
use crate::model::page::Turn;
use crate::model::text::{CharAt, TextLine};

/// Rows closer than this share of the smaller character's height overlap enough to be one.
const SAME_ROW: f64 = 0.5;
/// A gap of this many ems without a space between is a column gap; justified text stays below 1.
const COLUMN_GAP: f64 = 1.8;
/// Blanks to be filled in by hand are written as runs of spaces; wider ones are layout by spaces.
const SPACED_GAP: f64 = 10.0;
/// Latin words set without space characters stand this many ems apart.
const WORD_GAP: f64 = 0.2;
/// The same character this close (ems) is printed twice to look bold.
const DOUBLE: f64 = 0.2;
/// Centres of characters below each other, in ems: solid setting is 1, label cells are set up to 1.6.
const STACK_PITCH: std::ops::Range<f64> = 0.7..1.65;
/// Centres of stacked characters may be this far apart sideways, in ems.
const STACK_DRIFT: f64 = 0.35;
/// Within 10 degrees of the axis.
const ALONG_AXIS: f64 = 0.985;
/// Fewer characters than this decide no turn.
const MIN_VOTES: usize = 8;

/// Groups characters into lines on the page turned by the returned turn, as fractions of that page.
pub(super) fn group(seen: Vec<Seen>, rules: &[Line], page: (f64, f64)) -> (Vec<TextLine>, Turn) {
    let turn = reading_turn(&seen);
    let (width, height) = match turn {
        Turn::None | Turn::Half => page,
        Turn::Quarter | Turn::ThreeQuarters => (page.1, page.0),
    };
    let upright = |mut g: Seen| {
        g.area = turned(g.area, turn, page);
        g.along = turned_vector(g.along, turn);
        g
    };
    let mut rules: Vec<Line> = rules
        .iter()
        .map(|r| {
            let area = turned(r.area, turn, page);
            Line { area, horizontal: area.width() > area.height() }
        })
        .collect();
    rules.sort_by(|a, b| a.area.x0.total_cmp(&b.area.x0).then(a.area.y0.total_cmp(&b.area.y0)));

    let (mut across, mut stacked, mut slanted) = (Vec::new(), Vec::new(), Vec::new());
    for glyph in seen.into_iter().map(upright) {
        if glyph.downward {
            stacked.push(glyph);
        } else if glyph.along.x > ALONG_AXIS {
            across.push(glyph);
        } else {
            slanted.push(glyph);
        }
    }
    let mut groups: Vec<Group> = rows(across).into_iter().flat_map(|row| split(row, &rules)).collect();
    let single = |g: &Group| g.glyphs.len() == 1 && g.glyphs[0].text.as_deref().is_some_and(is_han);
    let (singles, mut rest): (Vec<Group>, Vec<Group>) = groups.drain(..).partition(single);
    rest.extend(columns(singles.into_iter().flat_map(|g| g.glyphs).collect(), &rules));
    rest.extend(columns(stacked, &rules));
    rest.extend(slants(slanted));
    (in_order(rest).iter().filter_map(|g| g.line(width, height)).collect(), turn)
}

struct Group {
    glyphs: Vec<Seen>,
    vertical: bool,
    /// Positions in `glyphs` before which a space is read.
    spaces: Vec<usize>,
}

impl Group {
    fn area(&self) -> Area {
        let first = self.glyphs.first().map_or(Area::ZERO, |g| g.area);
        self.glyphs.iter().fold(first, |a, g| a.union(g.area))
    }

    /// `None` where no character of it is known.
    fn line(&self, width: f64, height: f64) -> Option<TextLine> {
        let mut text = String::new();
        let mut chars = Vec::new();
        let mut last_end = 0.0;
        for (i, glyph) in self.glyphs.iter().enumerate() {
            let (from, to, full) = if self.vertical {
                (glyph.area.y0, glyph.area.y1, height)
            } else {
                (glyph.area.x0, glyph.area.x1, width)
            };
            if self.spaces.contains(&i) && !text.is_empty() {
                text.push(' ');
                chars.push(CharAt { at: ((last_end + from) / 2.0 / full) as f32, confidence: 1.0 });
            }
            let Some(known) = glyph.text.as_deref().map(str::trim).filter(|t| !t.is_empty()) else { continue };
            let count = known.chars().count() as f64;
            for (k, c) in known.chars().enumerate() {
                let at = from + (to - from) * (k as f64 + 0.5) / count;
                text.push(c);
                chars.push(CharAt { at: (at / full) as f32, confidence: 1.0 });
            }
            last_end = to;
        }
        let a = self.area();
        let (x0, y0) = (a.x0 / width, a.y0 / height);
        let rect = Rect::from_corners(x0 as f32, y0 as f32, (a.x1 / width) as f32, (a.y1 / height) as f32);
        (!text.is_empty()).then_some(TextLine {
            text,
            rect,
            confidence: 1.0,
            chars,
            vertical: self.vertical,
            hand: false,
        })
    }
}

fn reading_turn(seen: &[Seen]) -> Turn {
    let mut votes = [0_usize; 4];
    for g in seen.iter().filter(|g| !is_space(g)) {
        let d = g.along;
        match () {
            () if d.x > ALONG_AXIS => votes[0] += 1,
            () if d.y < -ALONG_AXIS => votes[1] += 1,
            () if d.x < -ALONG_AXIS => votes[2] += 1,
            () if d.y > ALONG_AXIS => votes[3] += 1,
            () => {}
        }
    }
    let all: usize = votes.iter().sum();
    let turns = [Turn::None, Turn::Quarter, Turn::Half, Turn::ThreeQuarters];
    let clear = |v: usize| v >= MIN_VOTES && v * 5 > all * 3;
    turns.into_iter().zip(votes).find(|(_, v)| clear(*v)).map_or(Turn::None, |(t, _)| t)
}

fn turned(a: Area, turn: Turn, (w, h): (f64, f64)) -> Area {
    let point = |x: f64, y: f64| match turn {
        Turn::None => Point::new(x, y),
        Turn::Quarter => Point::new(h - y, x),
        Turn::Half => Point::new(w - x, h - y),
        Turn::ThreeQuarters => Point::new(y, w - x),
    };
    Area::from_points(point(a.x0, a.y0), point(a.x1, a.y1))
}

fn turned_vector(v: Vec2, turn: Turn) -> Vec2 {
    match turn {
        Turn::None => v,
        Turn::Quarter => Vec2::new(-v.y, v.x),
        Turn::Half => Vec2::new(-v.x, -v.y),
        Turn::ThreeQuarters => Vec2::new(v.y, -v.x),
    }
}

/// Characters that stand beside each other, each row sorted by x, rows from top to bottom.
fn rows(mut glyphs: Vec<Seen>) -> Vec<Vec<Seen>> {
    glyphs.sort_by(|a, b| middle(a).y.total_cmp(&middle(b).y).then(a.area.x0.total_cmp(&b.area.x0)));
    let mut rows: Vec<(f64, f64, Vec<Seen>)> = Vec::new();
    for glyph in glyphs {
        let (y0, y1) = (glyph.area.y0, glyph.area.y1);
        // Sorted by y, so only the latest rows can take it.
        let fits = |r: &&mut (f64, f64, Vec<Seen>)| {
            let common = y1.min(r.1) - y0.max(r.0);
            common > SAME_ROW * (y1 - y0).min(r.1 - r.0)
        };
        match rows.iter_mut().rev().take(6).find(fits) {
            Some(row) => row.2.push(glyph),
            None => rows.push((y0, y1, vec![glyph])),
        }
    }
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    rows.into_iter()
        .map(|(_, _, mut row)| {
            row.sort_by(|a, b| a.area.x0.total_cmp(&b.area.x0));
            row
        })
        .collect()
}

/// Splits a row at column gaps and vertical ruling lines; drops spaces and double printing.
fn split(row: Vec<Seen>, rules: &[Line]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut spaced = false;
    for glyph in row {
        if is_space(&glyph) {
            spaced = true;
            continue;
        }
        let Some(group) = groups.last_mut() else {
            groups.push(Group { glyphs: vec![glyph], vertical: false, spaces: Vec::new() });
            spaced = false;
            continue;
        };
        let before = group.glyphs.last().expect("groups are never empty");
        let gap = glyph.area.x0 - before.area.x1;
        let em = glyph.size.max(before.size);
        if before.text == glyph.text && (glyph.area.x0 - before.area.x0).abs() < DOUBLE * em {
            continue;
        }
        let far = gap > em * if spaced { SPACED_GAP } else { COLUMN_GAP };
        if far || ruled_between(before, &glyph, rules) {
            groups.push(Group { glyphs: vec![glyph], vertical: false, spaces: Vec::new() });
        } else {
            if (spaced && gap > WORD_GAP / 2.0 * em) || (gap > WORD_GAP * em && is_latin(before) && is_latin(&glyph)) {
                group.spaces.push(group.glyphs.len());
            }
            group.glyphs.push(glyph);
        }
        spaced = false;
    }
    groups
}

fn ruled_between(a: &Seen, b: &Seen, rules: &[Line]) -> bool {
    let (from, to) = (middle(a).x, middle(b).x);
    let y = (middle(a).y + middle(b).y) / 2.0;
    let start = rules.partition_point(|r| r.area.x0 < from);
    let near = rules[start..].iter().take_while(|r| r.area.x0 < to);
    near.into_iter().any(|r| !r.horizontal && r.area.y0 < y && y < r.area.y1 && r.area.height() > a.size)
}

fn rules_above(a: &Seen, b: &Seen, rules: &[Line]) -> bool {
    let (from, to, x) = (middle(a).y, middle(b).y, middle(a).x);
    rules.iter().any(|r| r.horizontal && r.area.x0 < x && x < r.area.x1 && (from..to).contains(&middle_of(r).y))
}

fn middle_of(r: &Line) -> Point {
    r.area.center()
}

/// Links characters that stand below each other; what stays alone becomes a line of one character.
fn columns(mut glyphs: Vec<Seen>, rules: &[Line]) -> Vec<Group> {
    glyphs.retain(|g| !is_space(g));
    glyphs.sort_by(|a, b| a.area.y0.total_cmp(&b.area.y0).then(a.area.x0.total_cmp(&b.area.x0)));
    let mut groups: Vec<Group> = Vec::new();
    for glyph in glyphs {
        let follows = |g: &&mut Group| {
            let last = g.glyphs.last().expect("groups are never empty");
            let em = last.size;
            let (dx, dy) = (middle(&glyph).x - middle(last).x, middle(&glyph).y - middle(last).y);
            (glyph.size / em - 1.0).abs() < 0.25
                && dx.abs() < STACK_DRIFT * em
                && STACK_PITCH.contains(&(dy / em))
                && !rules_above(last, &glyph, rules)
        };
        match groups.iter_mut().rev().find(follows) {
            Some(group) => {
                group.vertical = true;
                group.glyphs.push(glyph);
            }
            None => groups.push(Group { glyphs: vec![glyph], vertical: false, spaces: Vec::new() }),
        }
    }
    groups
}

/// Text at other angles (watermarks, sideways notes): neighbours in drawing order that run the same way.
fn slants(glyphs: Vec<Seen>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for glyph in glyphs.into_iter().filter(|g| !is_space(g)) {
        let follows = groups.last().and_then(|g| g.glyphs.last()).is_some_and(|last| {
            let step = middle(&glyph) - middle(last);
            last.along.dot(glyph.along) > ALONG_AXIS
                && step.hypot() < (COLUMN_GAP + 1.0) * last.size
                && step.cross(last.along).abs() < SAME_ROW * last.size
        });
        match groups.last_mut() {
            Some(group) if follows => group.glyphs.push(glyph),
            _ => groups.push(Group { glyphs: vec![glyph], vertical: false, spaces: Vec::new() }),
        }
    }
    groups
}

/// Top to bottom, groups beside each other from left to right.
fn in_order(mut groups: Vec<Group>) -> Vec<Group> {
    let top = |g: &Group| if g.vertical { g.glyphs[0].area } else { g.area() };
    groups.sort_by(|a, b| top(a).y0.total_cmp(&top(b).y0).then(top(a).x0.total_cmp(&top(b).x0)));
    let mut ordered: Vec<Group> = Vec::with_capacity(groups.len());
    let mut band: Vec<Group> = Vec::new();
    for group in groups {
        let beside = band.first().is_none_or(|first| top(&group).center().y < top(first).y1);
        if !beside {
            band.sort_by(|a, b| top(a).x0.total_cmp(&top(b).x0));
            ordered.append(&mut band);
        }
        band.push(group);
    }
    band.sort_by(|a, b| top(a).x0.total_cmp(&top(b).x0));
    ordered.append(&mut band);
    ordered
}

fn middle(g: &Seen) -> Point {
    g.area.center()
}

fn is_space(g: &Seen) -> bool {
    g.text.as_deref().is_some_and(|t| t.trim().is_empty())
}

fn is_latin(g: &Seen) -> bool {
    g.text.as_deref().is_some_and(|t| t.chars().all(|c| c.is_ascii_alphanumeric() || c.is_ascii_punctuation()))
}

fn is_han(text: &str) -> bool {
    text.chars().all(|c| matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}'))
}
