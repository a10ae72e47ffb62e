//! Whether two pages are one: their text as read, their numbers and how their ink lies.

use std::collections::BTreeSet;

use crate::model::likeness::Thumb;
use crate::model::page::PageFacts;
use crate::model::text::TextLine;

/// Page numbers stand in these bands; two copies of a page in one volume bear different ones.
const TOP_BAND: f32 = 0.07;
const BOTTOM_BAND: f32 = 0.90;
const PAGE_NUMBER_CHARS: usize = 12;
/// A number of this many digits tells documents apart; shorter ones are list marks and counts.
const LEAST_DIGITS: usize = 2;
const YEAR_DIGITS: usize = 4;
/// The least sure digit of a number that may speak against two pages being one.
const SURE_DIGIT: f32 = 0.9;
/// A line so surely read reads the same in another scan.
const SURE_LINE: f32 = 0.9;
/// Fewer pairs of such lines are too little to go by.
const WELL_READ_PAIRS: usize = 60;
/// Side of the blocks, in cells, that are compared on their own, and how far each may have moved.
const BLOCK: i32 = 8;
const PAGE_SHIFT: i32 = 3;
/// Heights may differ by so many cells: sheets are cut and fed differently.
const HEIGHT_SLACK: usize = 4;
/// A block with less ink in all its cells together is bare.
const BARE: f32 = 10.0;

/// A page's text as it is compared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Wording {
    /// Hashes of every two neighbouring characters of a line, sorted, each once.
    pub(crate) pairs: Vec<u32>,
    /// Every number read, as digits.
    pub(crate) numbers: BTreeSet<String>,
    /// Those that no seal lies over.
    open: BTreeSet<String>,
    /// The numbers none of whose digits is in doubt.
    sure: BTreeSet<String>,
    /// All digits of the page in reading order.
    digits: String,
    /// The pairs of the lines that were read well as a whole, and the numbers none of whose digits is in doubt there.
    well_read: Vec<u32>,
    well_read_numbers: BTreeSet<String>,
}

impl Wording {
    pub(crate) fn of(page: &PageFacts) -> Self {
        let mut out = Self::default();
        for line in page.lines.iter().filter(|l| !is_page_number(l)) {
            // Under a seal, and on its rim, what is read from one scan of a sheet isn't read from the next.
            let sealed = page.seals.iter().any(|s| s.rect.contains(line.rect.centre()));
            out.count_numbers(line, sealed);
            if sealed {
                continue;
            }
            let chars: Vec<char> = plain(&line.text).collect();
            out.pairs.extend(chars.windows(2).map(hash));
            if is_well_read(line) {
                out.well_read.extend(chars.windows(2).map(hash));
            }
        }
        out.pairs.sort_unstable();
        out.pairs.dedup();
        out.well_read.sort_unstable();
        out.well_read.dedup();
        out
    }

    fn count_numbers(&mut self, line: &TextLine, sealed: bool) {
        let mut number = String::new();
        let mut weakest = 1.0_f32;
        for (i, c) in line.text.chars().chain(['\n']).enumerate() {
            if let Some(digit) = digit(c) {
                number.push(digit);
                self.digits.push(digit);
                weakest = weakest.min(line.chars.get(i).map_or(line.confidence, |c| c.confidence));
                continue;
            }
            if number.len() >= LEAST_DIGITS {
                if weakest >= SURE_DIGIT && !line.hand {
                    self.sure.insert(number.clone());
                    if is_well_read(line) {
                        self.well_read_numbers.insert(number.clone());
                    }
                }
                if !sealed {
                    self.open.insert(number.clone());
                }
                self.numbers.insert(number.clone());
            }
            number.clear();
            weakest = 1.0;
        }
    }

    /// How many pairs there are.
    pub(crate) fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Whether numbers speak against the two pages being one: on both there is one, surely read, that the other lacks.
    pub(crate) fn contradicts(&self, other: &Self) -> bool {
        let lacks =
            |a: &Self, b: &Self| a.sure.iter().any(|n| !b.numbers.contains(n) && !b.digits.contains(n.as_str()));
        lacks(self, other) && lacks(other, self)
    }

    /// How far the pages agree in what was read well, whatever became of the rest (print under a copied seal reads
    /// differently each time): the least share of either page's surely read text that the other bears as well. 0 where
    /// there is little such text, or a surely read number on either that the other lacks.
    pub(crate) fn agreement(&self, other: &Self) -> f32 {
        let lacks = |a: &Self, b: &Self| {
            a.well_read_numbers.iter().any(|n| !b.numbers.contains(n) && !b.digits.contains(n.as_str()))
        };
        let few = self.well_read.len().min(other.well_read.len()) < WELL_READ_PAIRS;
        if few || lacks(self, other) || lacks(other, self) {
            return 0.0;
        }
        let share = |a: &Self, b: &Self| {
            let both = a.well_read.iter().filter(|p| b.pairs.binary_search(p).is_ok()).count();
            both as f32 / a.well_read.len() as f32
        };
        share(self, other).min(share(other, self))
    }

    /// Whether each has a number as long as a year that the other lacks, however well it was read.
    pub(crate) fn may_contradict(&self, other: &Self) -> bool {
        let lacks = |a: &Self, b: &Self| {
            a.numbers.iter().any(|n| n.len() >= YEAR_DIGITS && !b.numbers.contains(n) && !b.digits.contains(n.as_str()))
        };
        lacks(self, other) && lacks(other, self)
    }

    /// Share of all numbers that both bear, and of those beside seals; 1 where there are none.
    pub(crate) fn shared_numbers(&self, other: &Self) -> (f32, f32) {
        let share = |a: &BTreeSet<String>, b: &BTreeSet<String>| {
            let all = a.union(b).count();
            if all == 0 { 1.0 } else { a.intersection(b).count() as f32 / all as f32 }
        };
        (share(&self.numbers, &other.numbers), share(&self.open, &other.open))
    }

    /// How many surely read numbers both bear.
    pub(crate) fn common_numbers(&self, other: &Self) -> usize {
        self.sure.intersection(&other.numbers).count()
    }
}

fn is_well_read(line: &TextLine) -> bool {
    line.confidence >= SURE_LINE && !line.hand && !line.vertical
}

fn is_page_number(line: &TextLine) -> bool {
    let y = line.rect.centre().1;
    let mut chars = line.text.chars().filter(|c| !c.is_whitespace());
    (!(TOP_BAND..=BOTTOM_BAND).contains(&y))
        && line.text.chars().count() <= PAGE_NUMBER_CHARS
        && chars.all(|c| c.is_ascii_digit() || "第页共-—–·./／~".contains(c))
}

fn digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '０'..='９' => char::from_digit(c as u32 - '０' as u32, 10),
        _ => "〇一二三四五六七八九".chars().position(|d| d == c).and_then(|n| char::from_digit(n as u32, 10)),
    }
}

/// Letters, digits and characters alone, as one width and case: punctuation and spaces are read differently each time.
pub(crate) fn plain(text: &str) -> impl Iterator<Item = char> {
    text.chars()
        .filter_map(|c| match c {
            '！'..='～' => char::from_u32(c as u32 - 0xFEE0),
            _ => Some(c),
        })
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
}

/// A short hash that is the same on every machine (FNV-1a).
pub(crate) fn hash(chars: &[char]) -> u32 {
    chars
        .iter()
        .flat_map(|c| (*c as u32).to_le_bytes())
        .fold(0x811c_9dc5, |h, b| (h ^ u32::from(b)).wrapping_mul(0x0100_0193))
}

/// Share of what two sorted lists hold together that both hold, 0 to 1; 0 where one is empty.
pub(crate) fn common(a: &[u32], b: &[u32]) -> f32 {
    let (mut i, mut k, mut both) = (0, 0, 0);
    while i < a.len() && k < b.len() {
        match a[i].cmp(&b[k]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => k += 1,
            std::cmp::Ordering::Equal => {
                both += 1;
                i += 1;
                k += 1;
            }
        }
    }
    let all = a.len() + b.len() - both;
    if both == 0 { 0.0 } else { both as f32 / all as f32 }
}

/// How alike two pages' ink lies, 0 to 1: block by block, each allowed to have moved a little, weighed by its ink.
pub(crate) fn alike(a: &Thumb, b: &Thumb) -> f32 {
    if a.width().abs_diff(b.width()) > HEIGHT_SLACK || a.height().abs_diff(b.height()) > HEIGHT_SLACK {
        return 0.0;
    }
    let shifts = |most: i32| (-most..=most).flat_map(move |y| (-most..=most).map(move |x| (x, y)));
    let whole = (0, 0, a.width() as i32, a.height() as i32);
    let best = shifts(PAGE_SHIFT).map(|s| (correlation(a, b, whole, s), s)).max_by(|x, y| x.0.total_cmp(&y.0));
    let Some((_, (dx, dy))) = best else { return 0.0 };
    let (mut sum, mut weight) = (0.0, 0.0);
    for y in (0..a.height() as i32).step_by(BLOCK as usize) {
        for x in (0..a.width() as i32).step_by(BLOCK as usize) {
            let block = (x, y, BLOCK, BLOCK);
            let ink = ink(a, block, (0, 0)).max(ink(b, block, (dx, dy)));
            if ink < BARE {
                continue;
            }
            let near = shifts(1).map(|(sx, sy)| correlation(a, b, block, (dx + sx, dy + sy))).fold(0.0, f32::max);
            sum += ink * near;
            weight += ink;
        }
    }
    if weight > 0.0 { sum / weight } else { 0.0 }
}

/// How much ink the whole page holds, in cells filled.
pub(crate) fn ink_of(thumb: &Thumb) -> f32 {
    ink(thumb, (0, 0, thumb.width() as i32, thumb.height() as i32), (0, 0)) / 15.0
}

type Block = (i32, i32, i32, i32);

fn cells(block: Block) -> impl Iterator<Item = (i32, i32)> {
    let (x0, y0, w, h) = block;
    (y0..y0 + h).flat_map(move |y| (x0..x0 + w).map(move |x| (x, y)))
}

fn ink(thumb: &Thumb, block: Block, (dx, dy): (i32, i32)) -> f32 {
    cells(block).map(|(x, y)| f32::from(thumb.at(x + dx, y + dy))).sum()
}

/// Correlation of a block of `a` with the block of `b` that lies `shift` further; 0 where one is even.
pub(crate) fn correlation(a: &Thumb, b: &Thumb, (x0, y0, w, h): Block, (dx, dy): (i32, i32)) -> f32 {
    let (mut sa, mut sb, mut saa, mut sbb, mut sab) = (0_u32, 0_u32, 0_u32, 0_u32, 0_u32);
    for y in y0..y0 + h {
        let (left, right) = (a.row(y), b.row(y + dy));
        for v in within(left, x0, x0 + w) {
            sa += u32::from(*v);
            saa += u32::from(*v) * u32::from(*v);
        }
        for v in within(right, x0 + dx, x0 + dx + w) {
            sb += u32::from(*v);
            sbb += u32::from(*v) * u32::from(*v);
        }
        let from = x0.max(0).max(-dx);
        let to = (x0 + w).min(left.len() as i32).min(right.len() as i32 - dx);
        for (v, u) in within(left, from, to).iter().zip(within(right, from + dx, to + dx)) {
            sab += u32::from(*v) * u32::from(*u);
        }
    }
    // A picture's sums of products stay below 2^24, where every whole number is a float.
    let (n, sa, sb, saa, sbb, sab) = ((w * h) as f32, sa as f32, sb as f32, saa as f32, sbb as f32, sab as f32);
    let (da, db) = (saa - sa * sa / n, sbb - sb * sb / n);
    if da <= 0.0 || db <= 0.0 { 0.0 } else { (sab - sa * sb / n) / (da * db).sqrt() }
}

/// The part of a row between two columns, either of which may lie outside.
fn within(row: &[u8], from: i32, to: i32) -> &[u8] {
    let at = |x: i32| (x.max(0) as usize).min(row.len());
    &row[at(from)..at(to).max(at(from))]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition, cell by cell.
    fn by_cells(a: &Thumb, b: &Thumb, block: Block, (dx, dy): (i32, i32)) -> f32 {
        let values: Vec<(f32, f32)> =
            cells(block).map(|(x, y)| (f32::from(a.at(x, y)), f32::from(b.at(x + dx, y + dy)))).collect();
        let sum = |f: fn(&(f32, f32)) -> f32| values.iter().map(f).sum::<f32>();
        let (n, sa, sb) = (values.len() as f32, sum(|v| v.0), sum(|v| v.1));
        let (da, db) = (sum(|v| v.0 * v.0) - sa * sa / n, sum(|v| v.1 * v.1) - sb * sb / n);
        if da <= 0.0 || db <= 0.0 { 0.0 } else { (sum(|v| v.0 * v.1) - sa * sb / n) / (da * db).sqrt() }
    }

    fn picture(width: usize, height: usize, seed: usize) -> Thumb {
        let ink: Vec<f32> = (0..width * height).map(|i| (i * i * 31 + i * 17 + seed) as f32 % 97.0 / 96.0).collect();
        Thumb::of(width, &ink).expect("a rectangle")
    }

    #[test]
    fn correlation_is_that_of_the_cells_wherever_the_blocks_lie() {
        let (a, b) = (picture(23, 31, 5), picture(21, 33, 11));
        for block in [(0, 0, 23, 31), (16, 24, 8, 8), (0, 0, 8, 8), (20, 28, 8, 8)] {
            for shift in [(0, 0), (3, -3), (-4, 2), (40, 0), (0, -50)] {
                assert_eq!(correlation(&a, &b, block, shift), by_cells(&a, &b, block, shift), "{block:?} {shift:?}");
            }
        }
        assert!((correlation(&a, &a, (0, 0, 23, 31), (0, 0)) - 1.0).abs() < 1e-5);
    }
}
