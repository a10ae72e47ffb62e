//! Days as letters and forms write them at their end: 2024年11月6日, 2024年11月, 2024-11-06, 2024.11.6.

use std::fmt;
use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

/// A day, or a month where no day is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Day {
    pub(crate) year: u16,
    month: i8,
    day: Option<i8>,
}

impl Day {
    /// The first day it may mean.
    pub(crate) fn first(self) -> Date {
        Date::new(self.year.cast_signed(), self.month, self.day.unwrap_or(1)).expect("checked when read")
    }

    /// The last day it may mean.
    pub(crate) fn last(self) -> Date {
        if self.day.is_some() { self.first() } else { self.first().last_of_month() }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}年{}月", self.year, self.month)?;
        self.day.map_or(Ok(()), |d| write!(f, "{d}日"))
    }
}

static DAY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(\d{4})(?:年(\d{1,2})月(?:(\d{1,2})日?)?|([-./])(\d{1,2})[-./](\d{1,2}))(?:\d{0,2}:\d{2}(?::\d{2})?)?")
        .expect("a fixed pattern")
});

/// Days that a text (white space left out) holds, in its order, each with what of the text is not it. A day that
/// doesn't exist is none; digits before the year or behind the day make none either.
pub(crate) fn days(text: &str) -> Vec<(Day, String)> {
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    DAY.captures_iter(text)
        .filter_map(|found| {
            let whole = found.get(0).expect("a match has a whole");
            if digit(text[..whole.start()].chars().next_back()) || digit(text[whole.end()..].chars().next()) {
                return None;
            }
            let number = |i: usize| found.get(i).and_then(|m| m.as_str().parse::<i8>().ok());
            let day = Day {
                year: found[1].parse().ok()?,
                month: number(2).or_else(|| number(5))?,
                day: number(3).or_else(|| number(6)),
            };
            if day.year < FIRST_YEAR {
                return None;
            }
            Date::new(day.year.cast_signed(), day.month, day.day.unwrap_or(1)).ok()?;
            Some((day, format!("{}{}", &text[..whole.start()], &text[whole.end()..])))
        })
        .collect()
}

static MONTH: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^(\d{4})[-./](\d{1,2})$").expect("a fixed pattern"));

/// Four figures that begin with a nought (0024) are no year.
const FIRST_YEAR: u16 = 1000;

/// The month that a text is and nothing else, written as figures (2024.9): in a column of dates it is one, elsewhere it
/// may be any number.
pub(crate) fn month_alone(text: &str) -> Option<Day> {
    let found = MONTH.captures(text)?;
    let (year, month) = (found[1].parse().ok()?, found[2].parse().ok()?);
    Some(Day { year, month, day: None }).filter(|d| d.year >= FIRST_YEAR && (1..=12).contains(&month))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn days_at_the_end_of_letters() {
        for (text, expected) in [
            ("2024年11月6日", "2024年11月6日"),
            ("日期:2024年11月", "2024年11月"),
            ("检测时间:2022-07-1310:22:41", "2022年7月13日"),
            ("2024.11.06", "2024年11月6日"),
            ("2024年13月6日", ""),
            ("2024年11月31日", ""),
            ("12024年11月3日", ""),
            ("0024年11月3日", ""),
            ("年月日", ""),
        ] {
            let found = days(text).first().map_or(String::new(), |d| d.0.to_string());
            assert_eq!(found, expected, "{text}");
        }
        let two = days("2024年9月4日—2024年9月11日");
        assert_eq!(two.len(), 2);
        assert!(two[0].1.contains("9月11日"), "what is left tells a range from a date");
        assert_eq!(days("2024年2月")[0].0.last(), Date::constant(2024, 2, 29));
    }

    #[test]
    fn months_in_figures() {
        let read = |text| month_alone(text).map(|d| d.to_string());
        assert_eq!(read("2022.9").as_deref(), Some("2022年9月"));
        assert_eq!(read("2022/09").as_deref(), Some("2022年9月"));
        for text in ["2022.13", "2022.0", "2022.9.3", "1.9", "共2022.9", "2022", "0222.9"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_day_is_read_as_written(year in 1990u16..2100, month in 1i8..=12, day in 1i8..=28) {
            let text = format!("{year}年{month:02}月{day}日");
            let read = days(&text);
            prop_assert_eq!(read.len(), 1);
            prop_assert_eq!(read[0].0.first(), Date::new(year.cast_signed(), month, day).expect("exists"));
        }

        #[test]
        fn any_text_is_read(text in "[0-9年月日./: -]{0,40}") {
            let _ = days(&text);
        }
    }
}
