//! Dates as people write them into a form, and how each deviates from the form that is asked for.

use crate::pack::rules::DatePattern;

use super::tokens::{Token, tokens};

/// What is not as asked in one date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Deviation {
    /// 2019.07, 2019-07, 2019/07: no 年 and 月.
    Separator,
    /// 二〇一九年七月.
    ChineseNumerals,
    /// 19年07月.
    ShortYear,
    /// 2019年7月 where two digits are asked.
    MonthNotPadded,
    /// 2019年07月 where no leading zero is asked.
    MonthPadded,
    /// 2019年13月, 2019年00月.
    ImpossibleMonth,
    /// 201907, 20190715.
    RunTogether,
    /// 2019年07月15日.
    WithDay,
    /// 2019年07, 2019年07日: 月 missing.
    NoMonthSign,
    /// 2019年, 2019.
    YearOnly,
    /// 07月.
    NoYear,
    /// A digit seems to be lost: 201年07月, 2019年0月.
    LostDigit,
}

impl Deviation {
    /// Whether the writing itself is wrong beyond dispute; the others may be a lost character or a fair reading of the
    /// notice.
    pub(crate) const fn is_certain(self) -> bool {
        matches!(
            self,
            Self::Separator
                | Self::ChineseNumerals
                | Self::ShortYear
                | Self::MonthNotPadded
                | Self::MonthPadded
                | Self::ImpossibleMonth
        )
    }

    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Separator => "没有写“年”“月”",
            Self::ChineseNumerals => "用了汉字数字",
            Self::ShortYear => "年份不是四位",
            Self::MonthNotPadded => "月份不是两位",
            Self::MonthPadded => "月份多写了0",
            Self::ImpossibleMonth => "月份不存在",
            Self::RunTogether => "数字连写，没有“年”“月”",
            Self::WithDay => "多写了“日”",
            Self::NoMonthSign => "缺“月”字",
            Self::YearOnly => "只有年份",
            Self::NoYear => "缺年份",
            Self::LostDigit => "数字不完整",
        }
    }
}

/// One date as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Written {
    /// White space left out.
    pub(crate) text: String,
    /// Empty when written as asked.
    pub(crate) deviations: Vec<Deviation>,
    /// The month is a lone 1, which a reader that drops one of two equal digits makes of 11.
    pub(crate) lone_one: bool,
}

/// What a cell holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) dates: Vec<Written>,
    /// Digits that look like a part of a date but make none.
    pub(crate) unclear: bool,
}

/// Reads a cell: dates, ranges, open ends (the words of `open_end` and the usual ones); white space is ignored, since
/// a range wraps inside a narrow cell. Any string is read without panic.
pub(crate) fn read_cell(text: &str, pattern: DatePattern, open_end: &[String]) -> Reading {
    let tokens = tokens(text, open_end);
    let mut reading = Reading::default();
    let mut at = 0;
    while at < tokens.len() {
        if let Some((written, next)) = date(&tokens, at, pattern) {
            reading.dates.push(written);
            at = next;
            continue;
        }
        match &tokens[at] {
            Token::Number { digits, .. } if looks_like_a_date(digits) => reading.unclear = true,
            Token::Year | Token::Month if at > 0 && matches!(tokens[at - 1], Token::Number { .. }) => {
                reading.unclear = true;
            }
            _ => {}
        }
        at += 1;
    }
    reading
}

fn looks_like_a_date(digits: &str) -> bool {
    matches!(digits.len(), 3..=8) && (digits.starts_with("19") || digits.starts_with("20"))
}

fn is_year(digits: &str) -> bool {
    digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20"))
}

fn number(tokens: &[Token], at: usize) -> Option<&str> {
    match tokens.get(at) {
        Some(Token::Number { digits, .. }) => Some(digits),
        _ => None,
    }
}

/// A date that begins at this token, and the token after it.
fn date(tokens: &[Token], at: usize, pattern: DatePattern) -> Option<(Written, usize)> {
    let first = number(tokens, at)?;
    let (mut deviations, month, next) = match tokens.get(at + 1) {
        Some(Token::Year) => with_year_sign(tokens, at, first)?,
        Some(Token::Month) => {
            // 07月 alone: a range's second half without its year.
            (vec![Deviation::NoYear], Some(first.to_owned()), at + 2)
        }
        Some(sign) if is_year(first) => match separated(tokens, at, sign) {
            Some(found) => found,
            None => (vec![Deviation::YearOnly], None, at + 1),
        },
        None if is_year(first) => (vec![Deviation::YearOnly], None, at + 1),
        _ => run_together(first).map(|month| (vec![Deviation::RunTogether], Some(month), at + 1))?,
    };
    let mut lone_one = false;
    let chinese = tokens[at..next].iter().any(|t| matches!(t, Token::Number { chinese: true, .. }));
    if chinese {
        deviations.push(Deviation::ChineseNumerals);
    }
    if let Some(month) = &month {
        let value: u32 = month.parse().unwrap_or(0);
        // 一月 has no digits to pad; of what is not written with 年 and 月 the padding is no further complaint.
        let plain = !chinese && !deviations.contains(&Deviation::Separator);
        // Nobody writes a sixty-second month, but a reader makes one of 02 or 12.
        if (month == "0" || value >= 20) && plain {
            deviations.push(Deviation::LostDigit);
        } else if !(1..=12).contains(&value) {
            deviations.push(Deviation::ImpossibleMonth);
        } else if plain {
            match pattern {
                DatePattern::YearMonthTwoDigits if month.len() == 1 => deviations.push(Deviation::MonthNotPadded),
                DatePattern::YearMonthPlain if month.starts_with('0') => deviations.push(Deviation::MonthPadded),
                _ => {}
            }
        }
        lone_one = month == "1" && plain;
    }
    deviations.sort_unstable();
    deviations.dedup();
    let text = tokens[at..next].iter().map(Token::text).collect();
    Some((Written { text, deviations, lone_one }, next))
}

type Shape = (Vec<Deviation>, Option<String>, usize);

/// 2019年07月, 19年07月, 2019年07, 2019年07月15日, 2019年07日, 2019年.
fn with_year_sign(tokens: &[Token], at: usize, year: &str) -> Option<Shape> {
    let mut deviations = match year.len() {
        4 if is_year(year) => vec![],
        2 => vec![Deviation::ShortYear],
        3 | 5 => vec![Deviation::LostDigit],
        _ => return None,
    };
    let Some(month) = number(tokens, at + 2).filter(|m| m.len() <= 2) else {
        // 3年 and 12年 are lengths of time, not years.
        if year.len() != 4 {
            return None;
        }
        deviations.push(Deviation::YearOnly);
        return Some((deviations, None, at + 2));
    };
    let month = month.to_owned();
    match tokens.get(at + 3) {
        Some(Token::Month) => {
            let day =
                number(tokens, at + 4).is_some_and(|d| d.len() <= 2) && matches!(tokens.get(at + 5), Some(Token::Day));
            if day {
                deviations.push(Deviation::WithDay);
            }
            Some((deviations, Some(month), if day { at + 6 } else { at + 4 }))
        }
        Some(Token::Day) => {
            deviations.push(Deviation::NoMonthSign);
            Some((deviations, Some(month), at + 4))
        }
        _ => {
            deviations.push(Deviation::NoMonthSign);
            Some((deviations, Some(month), at + 3))
        }
    }
}

/// 2019.07, 2019-7, 2019/07/15. The dash of 2019-2021 joins two years instead.
fn separated(tokens: &[Token], at: usize, sign: &Token) -> Option<Shape> {
    let joins = |token: &Token| matches!(token, Token::Point(_) | Token::Dash(_) | Token::Slash(_));
    if !joins(sign) {
        return None;
    }
    let month = number(tokens, at + 2).filter(|m| m.len() <= 2)?;
    let mut deviations = vec![Deviation::Separator];
    let again =
        tokens.get(at + 3).is_some_and(|t| joins(t) && std::mem::discriminant(t) == std::mem::discriminant(sign));
    let day = again && number(tokens, at + 4).is_some_and(|d| d.len() <= 2);
    if day {
        deviations.push(Deviation::WithDay);
    }
    let mut next = if day { at + 5 } else { at + 3 };
    if matches!(tokens.get(next), Some(Token::Month | Token::Day)) {
        next += 1;
    }
    Some((deviations, Some(month.to_owned()), next))
}

/// The month of 201907 or 20190715.
fn run_together(digits: &str) -> Option<String> {
    if !matches!(digits.len(), 6 | 8) || !is_year(&digits[..4]) {
        return None;
    }
    let month = &digits[4..6];
    (1..=12).contains(&month.parse::<u32>().ok()?).then(|| month.to_owned())
}

#[cfg(test)]
#[path = "dates_tests.rs"]
mod tests;
