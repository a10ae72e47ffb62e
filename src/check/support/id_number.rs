//! 公民身份号码 (GB 11643): what a number says of itself.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::geometry::Rect;
use crate::model::page::PageFacts;

/// A number with its label, on any page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Numbered {
    pub(crate) number: String,
    pub(crate) rect: Rect,
    /// The least sure of its characters, 0 to 1.
    pub(crate) confidence: f32,
    pub(crate) hand: bool,
    /// Figures that were read as letters, by their place in the number.
    pub(crate) guessed: Vec<usize>,
}

/// What stands before the number; other numbers of eighteen figures (证书编号) bear other labels.
static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:居民|公民)?身份(?:证件?)?(?:号码?|证)(?:[（(][^）)]*[）)])?[:：]*")
        .expect("written and tested here")
});
static FIGURES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[0-9０-９][0-9０-９OoSsIlLB]{10,18}[0-9０-９][XxＸｘ×]?").expect("written and tested here")
});
/// Letters that readers see in figures, more of which make a number of another kind.
const MISREAD: usize = 3;

/// The numbers on a page that stand behind or beside their label, masked ones left out.
pub(crate) fn labelled(page: &PageFacts) -> Vec<Numbered> {
    let mut found = Vec::new();
    for line in &page.lines {
        let kept = line.text.chars().enumerate().filter(|(_, c)| !c.is_whitespace());
        let (from, text): (Vec<usize>, String) = kept.unzip();
        let Some(label) = LABEL.find(&text) else { continue };
        let rest = &text[label.end()..];
        let (line, rest, from) = if rest.is_empty() {
            let level = |l: &&crate::model::text::TextLine| {
                l.rect.x >= line.rect.centre().0
                    && (l.rect.centre().1 - line.rect.centre().1).abs() < 0.6 * l.rect.h.max(line.rect.h)
                    && !std::ptr::eq(*l, line)
            };
            let beside = page.lines.iter().filter(level).min_by(|a, b| a.rect.x.total_cmp(&b.rect.x));
            let Some(beside) = beside else { continue };
            let kept = beside.text.chars().enumerate().filter(|(_, c)| !c.is_whitespace());
            let (from, text): (Vec<usize>, String) = kept.unzip();
            (beside, text, from)
        } else {
            (line, rest.to_owned(), from[text[..label.end()].chars().count()..].to_vec())
        };
        let Some(figures) = FIGURES.find(&rest) else { continue };
        let Some((number, guessed)) = reread(figures.as_str()) else { continue };
        let own = &from[..figures.as_str().chars().count()];
        let confidence = own
            .iter()
            .filter_map(|i| line.chars.get(*i))
            .map(|c| c.confidence)
            .fold(if line.chars.is_empty() { line.confidence } else { 1.0 }, f32::min);
        found.push(Numbered { number, rect: line.rect, confidence, hand: line.hand, guessed });
    }
    found
}

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK: &[u8; 11] = b"10X98765432";

/// What is the matter with a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Fifteen figures, as issued before 1999.
    Old,
    Length(usize),
    CheckDigit,
    /// The figures for the birth date are none.
    BirthDate,
}

/// The number as it stands, without spaces and in one case; none where figures are masked or it is no number at all.
pub(crate) fn number(text: &str) -> Option<String> {
    let bare: String = text.chars().filter(|c| !c.is_whitespace()).map(half_width).collect();
    let bare = bare.to_ascii_uppercase();
    let body = bare.strip_suffix('X').unwrap_or(&bare);
    (bare.len() >= 12 && body.bytes().all(|b| b.is_ascii_digit())).then_some(bare)
}

/// The number as [`number`] has it, letters among its figures taken for the figures they look like; with their places.
pub(crate) fn reread(text: &str) -> Option<(String, Vec<usize>)> {
    let mut guessed = Vec::new();
    let figure = |(i, c): (usize, char)| {
        let figure = match c {
            'O' | 'o' => '0',
            'S' | 's' => '5',
            'I' | 'l' | 'L' => '1',
            'B' => '8',
            other => return other,
        };
        guessed.push(i);
        figure
    };
    let meant: String = text.chars().filter(|c| !c.is_whitespace()).map(half_width).enumerate().map(figure).collect();
    let number = number(&meant)?;
    (guessed.len() <= MISREAD).then_some((number, guessed))
}

fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        // X as Greek and Cyrillic fonts and readers have it.
        '×' | 'Χ' | 'Х' | 'х' => 'X',
        _ => c,
    }
}

/// The last character that belongs to seventeen figures.
fn check_digit(figures: &[u8]) -> u8 {
    let sum: u32 = figures.iter().zip(WEIGHTS).map(|(b, w)| u32::from(b - b'0') * w).sum();
    CHECK[(sum % 11) as usize]
}

/// What is wrong with a [`number`], the gravest first.
pub(crate) fn fault(number: &str) -> Option<Fault> {
    let bytes = number.as_bytes();
    match bytes.len() {
        15 if !number.ends_with('X') => return Some(Fault::Old),
        18 => {}
        other => return Some(Fault::Length(other)),
    }
    if check_digit(&bytes[..17]) != bytes[17] {
        return Some(Fault::CheckDigit);
    }
    birth(number).is_none().then_some(Fault::BirthDate)
}

/// Year, month and day of birth in a number of eighteen characters.
pub(crate) fn birth(number: &str) -> Option<(u16, u8, u8)> {
    let part = |from: usize, to: usize| number.get(from..to)?.parse::<u16>().ok();
    let (year, month, day) = (part(6, 10)?, part(10, 12)?, part(12, 14)?);
    let stamp =
        super::moments::Stamp { year, month: Some(u8::try_from(month).ok()?), day: Some(u8::try_from(day).ok()?) };
    (number.len() == 18 && (1900..=2099).contains(&year) && stamp.has_month() && stamp.day_exists()).then_some((
        year,
        month as u8,
        day as u8,
    ))
}

/// Whether the seventeenth figure is a man's.
pub(crate) fn is_male(number: &str) -> Option<bool> {
    number.as_bytes().get(16).filter(|b| number.len() == 18 && b.is_ascii_digit()).map(|b| (b - b'0') % 2 == 1)
}

/// The sound numbers that come of this one by doubling one figure or dropping one of a pair: readers lose and double
/// equal neighbours. Of seventeen figures one in eleven insertions is sound by chance, so that most have some.
pub(crate) fn unstuttered(number: &str) -> Vec<String> {
    let chars: Vec<char> = number.chars().collect();
    let with = |change: &dyn Fn(&mut Vec<char>)| {
        let mut other = chars.clone();
        change(&mut other);
        other.into_iter().collect::<String>()
    };
    let mut found: Vec<String> = match chars.len() {
        17 => (0..17).map(|i| with(&|c| c.insert(i, chars[i]))).collect(),
        19 => (1..19).filter(|i| chars[*i] == chars[i - 1]).map(|i| with(&|c| _ = c.remove(i))).collect(),
        _ => Vec::new(),
    };
    found.retain(|n| fault(n).is_none());
    found
}

/// How many figures must be changed, left out or put in to make one number of another.
pub(crate) fn distance(a: &str, b: &str) -> usize {
    strsim::levenshtein(a, b)
}

/// In how many places two numbers of one length differ; all of them where the lengths differ.
pub(crate) fn differences(a: &str, b: &str) -> usize {
    if a.len() == b.len() { a.bytes().zip(b.bytes()).filter(|(x, y)| x != y).count() } else { a.len().max(b.len()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_and_their_faults() {
        for (text, expected) in [
            ("11010519491231002X", None),
            ("11010519491231002x", None),
            ("110105 19491231 002X", None),
            ("110105194912310021", Some(Fault::CheckDigit)),
            ("11010519491231002", Some(Fault::Length(17))),
            ("110105491231002", Some(Fault::Old)),
            ("1101051949123100211", Some(Fault::Length(19))),
        ] {
            assert_eq!(fault(&number(text).expect("a number")), expected, "{text}");
        }
        for text in ["110105********002X", "无", "", "证书编号：123", "11010519491231O02X"] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn only_a_labelled_number_is_one() {
        let number = |text: &str| {
            let label = LABEL.find(text)?;
            FIGURES.find(&text[label.end()..]).map(|m| m.as_str().to_owned())
        };
        assert_eq!(number("乙方:孙某身份证号:140311198906030795").as_deref(), Some("140311198906030795"));
        assert_eq!(number("公民身份号码11010519491231002X").as_deref(), Some("11010519491231002X"));
        assert_eq!(number("身份证件号码（必填）：11010519491231002X").as_deref(), Some("11010519491231002X"));
        assert_eq!(number("身份证号：140311****0795"), None);
        assert_eq!(number("证书编号：129591201105649720"), None);
        assert_eq!(number("身份证号：11010S19491231O02X").as_deref(), Some("11010S19491231O02X"));
        assert_eq!(number("身份证号：11010519491231002Bin").as_deref(), Some("11010519491231002"));
    }

    #[test]
    fn letters_among_figures_are_figures_misread() {
        let read = |text: &str| reread(text).map(|(number, guessed)| (number, guessed.len()));
        let whole = |guessed| Some(("11010519491231002X".to_owned(), guessed));
        assert_eq!(read("11010519491231002x"), whole(0));
        assert_eq!(read("11010S1949123lO02X"), whole(3));
        assert_eq!(read("11010S1949l23lO02X"), None, "so many letters are no accident");
        assert_eq!(read("11010A19491231002X"), None);
        assert_eq!(reread("11010S 19491231002X").expect("a number").1, [5]);
    }

    #[test]
    fn birth_sex_and_stutters() {
        assert_eq!(birth("11010519491231002X"), Some((1949, 12, 31)));
        assert_eq!(is_male("11010519491231002X"), Some(false));
        let whole = "11010519491231002X".to_owned();
        assert!(unstuttered("1101051949123102X").contains(&whole), "one of two equal figures lost");
        assert!(unstuttered("110105194491231002X").contains(&whole), "4 read twice");
        assert!(unstuttered("11010519491231002").is_empty());
    }

    proptest! {
        #[test]
        fn one_changed_figure_is_always_found(figures in "[1-9][0-9]{5}19[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])[0-9]{3}", at in 0usize..17, by in 1u8..10) {
            let mut bytes = figures.clone().into_bytes();
            bytes.push(check_digit(&bytes));
            let good = String::from_utf8(bytes.clone()).expect("figures");
            prop_assert_eq!(fault(&good), None);
            bytes[at] = b'0' + (bytes[at] - b'0' + by) % 10;
            let bad = String::from_utf8(bytes).expect("figures");
            prop_assert_eq!(fault(&bad), Some(Fault::CheckDigit));
        }

        #[test]
        fn any_text_is_read(text in "\\PC{0,30}") {
            if let Some(n) = number(&text) {
                let _ = (fault(&n), birth(&n), is_male(&n), unstuttered(&n));
            }
        }
    }
}
