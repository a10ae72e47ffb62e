//! Dates as points in time: what a cell says, compared with what another says.

use std::fmt;

use jiff::civil::Date;

use super::tokens::{Token, tokens};
use crate::pack::rules::fields::Moment;

/// A date as read; what is not written is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub(crate) year: u16,
    /// As written: may be no month at all (13).
    pub(crate) month: Option<u8>,
    /// As written: may be no day of that month.
    pub(crate) day: Option<u8>,
}

impl From<Moment> for Stamp {
    fn from(m: Moment) -> Self {
        Self { year: m.year, month: Some(m.month), day: m.day }
    }
}

impl From<Date> for Stamp {
    fn from(date: Date) -> Self {
        let (month, day) = (date.month().unsigned_abs(), date.day().unsigned_abs());
        Self { year: date.year().unsigned_abs(), month: Some(month), day: Some(day) }
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}年", self.year)?;
        self.month.map_or(Ok(()), |m| write!(f, "{m}月"))?;
        self.day.map_or(Ok(()), |d| write!(f, "{d}日"))
    }
}

impl Stamp {
    /// The first day it may mean, as a number that grows with time; days of all months are given 31.
    pub(crate) fn first(self) -> u32 {
        ordinal(self.year, self.month.unwrap_or(1), self.day.unwrap_or(1))
    }

    /// The last day it may mean.
    pub(crate) fn last(self) -> u32 {
        ordinal(self.year, self.month.unwrap_or(12), self.day.unwrap_or(31))
    }

    pub(crate) fn months_later(self, months: u16) -> Self {
        let Some(month) = self.month else {
            // Of a bare year the earliest month it may mean.
            return Self { month: Some(1), ..self }.months_later(months);
        };
        let all = u32::from(self.year) * 12 + u32::from(month.max(1)) - 1 + u32::from(months);
        let year = u16::try_from(all / 12).unwrap_or(u16::MAX);
        Self { year, month: Some((all % 12) as u8 + 1), day: self.day }
    }

    pub(crate) const fn has_month(self) -> bool {
        matches!(self.month, Some(1..=12))
    }

    /// Whether the month has that day; a date without a day has none that is wrong.
    pub(crate) fn day_exists(self) -> bool {
        let (Some(month), Some(day)) = (self.month, self.day) else { return true };
        let leap = self.year.is_multiple_of(4) && (!self.year.is_multiple_of(100) || self.year.is_multiple_of(400));
        let days = match month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        (1..=days).contains(&day)
    }

    /// Whole years from this date to another, the most they may be.
    pub(crate) fn whole_years_to(self, other: Self) -> u16 {
        let (a, b) = (self.first(), other.last());
        // Both days count.
        u16::try_from((b + 1).saturating_sub(a) / ordinal(1, 1, 1).saturating_sub(ordinal(0, 1, 1))).unwrap_or(u16::MAX)
    }
}

fn ordinal(year: u16, month: u8, day: u8) -> u32 {
    (u32::from(year) * 12 + u32::from(month.max(1)) - 1) * 31 + u32::from(day.max(1)) - 1
}

/// A date or a range of dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Period {
    pub(crate) from: Stamp,
    /// None for a single date and for an open end.
    pub(crate) to: Option<Stamp>,
    /// 至今.
    pub(crate) open: bool,
}

impl Period {
    /// When it ended; none where it goes on.
    pub(crate) fn end(&self) -> Option<Stamp> {
        if self.open { None } else { Some(self.to.unwrap_or(self.from)) }
    }
}

/// The dates and ranges of a text, in the order written. A month and day of an earlier year (10月8日至14日) take what they
/// leave out from what stands before. Any string is read without panic.
pub(crate) fn periods(text: &str) -> Vec<Period> {
    let tokens = tokens(text, &[]);
    let mut found: Vec<Period> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some((from, after)) = full(&tokens, at) else {
            at += 1;
            continue;
        };
        let mut period = Period { from, to: None, open: false };
        at = after;
        let joined = match tokens.get(after) {
            Some(Token::Dash(_)) => true,
            Some(Token::Between(c)) => !",、;，；".contains(*c),
            _ => false,
        };
        let next = after + usize::from(joined);
        if matches!(tokens.get(next), Some(Token::OpenEnd(_))) {
            period.open = true;
            at = next + 1;
        } else if joined && let Some((to, end)) = full(&tokens, next).or_else(|| partial(&tokens, next, from)) {
            period.to = Some(to);
            at = end;
        }
        found.push(period);
    }
    found
}

/// Labels that ask for a beginning and an end.
const BEGINNING_AND_END: &str = "起止";

/// The [`periods`] of a cell under `label`. Where it asks for a beginning and an end, two bare months in a row are these: the
/// dash between them is what a black-and-white scan loses first and a reader drops at a line's end.
pub(crate) fn periods_under(label: &str, text: &str) -> Vec<Period> {
    let found = periods(text);
    match found[..] {
        [from, to] if label.contains(BEGINNING_AND_END) && is_two_bare_months(text) => {
            vec![Period { from: from.from, to: Some(to.from), open: false }]
        }
        _ => found,
    }
}

fn is_two_bare_months(text: &str) -> bool {
    let tokens = tokens(text, &[]);
    let bare = |at: usize| full(&tokens, at).filter(|(stamp, _)| stamp.has_month() && stamp.day.is_none());
    bare(0).and_then(|(_, next)| bare(next)).is_some_and(|(_, end)| end == tokens.len())
}

fn number(tokens: &[Token], at: usize) -> Option<(u16, usize)> {
    match tokens.get(at) {
        Some(Token::Number { digits, .. }) => Some((digits.parse().ok()?, digits.len())),
        _ => None,
    }
}

fn small(tokens: &[Token], at: usize) -> Option<u8> {
    number(tokens, at).filter(|n| n.1 <= 2).and_then(|n| u8::try_from(n.0).ok())
}

/// 2019年07月15日, 2019年07月, 2019年, 2019.07.15, 2019-7.
fn full(tokens: &[Token], at: usize) -> Option<(Stamp, usize)> {
    let (year, digits) = number(tokens, at)?;
    if digits != 4 || !(1900..=2099).contains(&year) {
        return None;
    }
    let bare = Stamp { year, month: None, day: None };
    match tokens.get(at + 1) {
        Some(Token::Year) => {
            let Some(month) = small(tokens, at + 2) else { return Some((bare, at + 2)) };
            if !matches!(tokens.get(at + 3), Some(Token::Month)) {
                return Some((bare, at + 2));
            }
            let dated = Stamp { month: Some(month), ..bare };
            match small(tokens, at + 4) {
                Some(day) if matches!(tokens.get(at + 5), Some(Token::Day)) => {
                    Some((Stamp { day: Some(day), ..dated }, at + 6))
                }
                _ => Some((dated, at + 4)),
            }
        }
        Some(sign @ (Token::Point(_) | Token::Slash(_) | Token::Dash(_))) => {
            let month = small(tokens, at + 2)?;
            let dated = Stamp { month: Some(month), ..bare };
            let again = tokens.get(at + 3).is_some_and(|t| std::mem::discriminant(t) == std::mem::discriminant(sign));
            match small(tokens, at + 4) {
                Some(day) if again => Some((Stamp { day: Some(day), ..dated }, at + 5)),
                _ => Some((dated, at + 3)),
            }
        }
        _ => None,
    }
}

/// 10月14日, 14日: the rest as in `before`.
fn partial(tokens: &[Token], at: usize, before: Stamp) -> Option<(Stamp, usize)> {
    let first = small(tokens, at)?;
    match tokens.get(at + 1) {
        Some(Token::Month) => {
            let dated = Stamp { month: Some(first), day: None, ..before };
            match small(tokens, at + 2) {
                Some(day) if matches!(tokens.get(at + 3), Some(Token::Day)) => {
                    Some((Stamp { day: Some(day), ..dated }, at + 4))
                }
                _ => Some((dated, at + 2)),
            }
        }
        // A year has no tenth day: 2028年至10日 is not a range.
        Some(Token::Day) if before.month.is_some() => Some((Stamp { day: Some(first), ..before }, at + 2)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn said(text: &str) -> String {
        periods(text)
            .iter()
            .map(|p| match (p.to, p.open) {
                (Some(to), _) => format!("{}~{to}", p.from),
                (None, true) => format!("{}~", p.from),
                _ => p.from.to_string(),
            })
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn two_bare_months_are_a_beginning_and_an_end_where_both_are_asked() {
        let range = |label: &str, text: &str| matches!(periods_under(label, text)[..], [Period { to: Some(_), .. }]);
        assert!(range("起止时间", "2022年07月2019年09月") && range("起止年月", "2022年07月\n2019年09月"));
        assert!(range("起止时间", "2019年09月—2022年07月"));
        for (label, text) in [
            ("时间", "2022年07月2019年09月"),
            ("起止时间", "2022年07月、2019年09月"),
            ("起止时间", "2022年2019年"),
            ("起止时间", "2022年07月毕业2019年09月"),
            ("起止时间", "2022年07月2019年09月2016年09月"),
            ("起止时间", "2022年07月1日2019年09月1日"),
        ] {
            assert!(!range(label, text), "{label} {text}");
        }
    }

    #[test]
    fn dates_and_ranges_as_people_write_them() {
        for (text, expected) in [
            ("2014年03月一2016年05月", "2014年3月~2016年5月"),
            ("2016.06-至今", "2016年6月~"),
            ("2017年03月今", "2017年3月~"),
            ("工程师2017年12月", "2017年12月"),
            ("2024年10月8日至14日", "2024年10月8日~2024年10月14日"),
            ("自2024年10月8日至10月14日公示", "2024年10月8日~2024年10月14日"),
            ("2019/7/15", "2019年7月15日"),
            ("二〇一四年七月", "2014年7月"),
            ("2019年、2020年", "2019年 2020年"),
            ("2028年至10日", "2028年"),
            ("晋人社〔2017〕7号", ""),
            ("12年", ""),
            ("2023年02月30日", "2023年2月30日"),
        ] {
            assert_eq!(said(text), expected, "{text}");
        }
    }

    #[test]
    fn days_and_distances() {
        let at = |year, month, day| Stamp { year, month, day };
        assert!(at(2024, Some(2), Some(29)).day_exists() && !at(2023, Some(2), Some(29)).day_exists());
        assert!(!at(2023, Some(4), Some(31)).day_exists() && !at(2023, Some(4), Some(0)).day_exists());
        let start = at(2016, Some(1), None);
        assert_eq!(start.months_later(48).to_string(), "2020年1月");
        assert!(at(2018, None, None).last() >= at(2018, Some(12), Some(31)).first());
        assert_eq!(start.whole_years_to(at(2019, Some(12), Some(31))), 4);
        assert_eq!(at(2016, Some(2), None).whole_years_to(at(2019, Some(12), Some(31))), 3);
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "\\PC{0,40}") {
            let _ = periods(&text);
        }

        #[test]
        fn a_written_range_is_read_back(y in 1950u16..2030, m in 1u8..=12, years in 0u16..9, n in 1u8..=12) {
            let text = format!("{y}年{m:02}月至{}年{n}月", y + years);
            let read = periods(&text);
            prop_assert_eq!(read.len(), 1);
            prop_assert_eq!(read[0].from, Stamp { year: y, month: Some(m), day: None });
            prop_assert_eq!(read[0].to, Some(Stamp { year: y + years, month: Some(n), day: None }));
        }
    }
}
