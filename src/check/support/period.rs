//! Days and stretches of days in running text: 自2024年10月8日至14日, 2024.10.8-10.14, 10月8日—14日.

use std::ops::Range;

use jiff::Span;
use jiff::civil::Date;

use super::tokens::{Token, tokens};

/// A longer stretch is a misread one.
const LONGEST_DAYS: i32 = 400;
/// Signs and notes that may stand between a day and the dash after it: 8日（周二）上午8时起—.
const MOST_BETWEEN: usize = 14;

/// A day as written; what is left out stands in another part of the sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Moment {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
    /// Written with points, dashes or slashes.
    bare: bool,
}

/// A day, and the characters (white space left out) that write it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Dated {
    pub(crate) date: Date,
    pub(crate) at: Range<usize>,
}

/// A stretch of days, both ends included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Period {
    pub(crate) first: Date,
    pub(crate) last: Date,
    /// The characters that write it, white space left out.
    pub(crate) at: Range<usize>,
    /// No year is written: it is the one that puts the stretch next to the day it was read with.
    pub(crate) supplied: bool,
}

/// A text's signs, with the characters each is made of.
struct Signs {
    tokens: Vec<Token>,
    starts: Vec<usize>,
}

impl Signs {
    fn of(text: &str) -> Self {
        let tokens = tokens(text, &[]);
        let mut starts = vec![0];
        for token in &tokens {
            starts.push(starts[starts.len() - 1] + token.text().chars().count());
        }
        Self { tokens, starts }
    }

    fn number(&self, at: usize, most: usize) -> Option<i8> {
        match self.tokens.get(at)? {
            Token::Number { digits, .. } if digits.len() <= most => digits.parse().ok(),
            _ => None,
        }
    }

    fn year(&self, at: usize) -> Option<i16> {
        match self.tokens.get(at)? {
            Token::Number { digits, .. }
                if digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20")) =>
            {
                digits.parse().ok()
            }
            _ => None,
        }
    }

    fn is(&self, at: usize, sign: &Token) -> bool {
        self.tokens.get(at).is_some_and(|t| t == sign)
    }

    fn separates(&self, at: usize) -> bool {
        matches!(self.tokens.get(at), Some(Token::Point(_) | Token::Dash(_) | Token::Slash(_)))
    }

    /// 至, 到, ~ and dashes.
    fn joins(&self, at: usize) -> bool {
        matches!(self.tokens.get(at), Some(Token::Dash(_) | Token::Between('至' | '到' | '~' | '～' | '〜')))
    }

    /// A day that begins at this token, and the token after it.
    fn moment(&self, at: usize) -> Option<(Moment, usize)> {
        if let Some(year) = self.year(at) {
            let (mut moment, next) =
                if self.is(at + 1, &Token::Year) { self.month_and_day(at + 2)? } else { self.separated(at)? };
            moment.year = Some(year);
            return Some((moment, next));
        }
        if let Some(Token::Number { digits, .. }) = self.tokens.get(at)
            && digits.len() == 8
            && digits.starts_with("20")
        {
            let part = |range: Range<usize>| digits[range].parse().ok();
            let year = digits[..4].parse().ok();
            return Some((Moment { year, month: part(4..6), day: part(6..8), bare: true }, at + 1));
        }
        self.month_and_day(at)
    }

    /// 10月8日, 10月 (as the whole or after a year); 10月8 only before a dash.
    fn month_and_day(&self, at: usize) -> Option<(Moment, usize)> {
        let month = Some(self.number(at, 2)?);
        if !self.is(at + 1, &Token::Month) {
            return None;
        }
        let none = (Moment { year: None, month, day: None, bare: false }, at + 2);
        let Some(day) = self.number(at + 2, 2) else { return Some(none) };
        if self.is(at + 3, &Token::Day) {
            return Some((Moment { year: None, month, day: Some(day), bare: false }, at + 4));
        }
        if self.joins(at + 3) {
            return Some((Moment { year: None, month, day: Some(day), bare: false }, at + 3));
        }
        Some(none)
    }

    /// 2024.10.8, 2024-10-08, 2024/10/8日.
    fn separated(&self, at: usize) -> Option<(Moment, usize)> {
        let month = self.number(at + 2, 2).filter(|_| self.separates(at + 1))?;
        let same =
            |a: usize, b: usize| std::mem::discriminant(&self.tokens[a]) == std::mem::discriminant(&self.tokens[b]);
        let day = self.number(at + 4, 2).filter(|_| self.separates(at + 3) && same(at + 1, at + 3))?;
        let next = if self.is(at + 5, &Token::Day) { at + 6 } else { at + 5 };
        Some((Moment { year: None, month: Some(month), day: Some(day), bare: true }, next))
    }

    /// The end of a stretch: a day, or what of it is new (14日, 10.14, 14).
    fn end(&self, at: usize, first: &Moment) -> Option<(Moment, usize)> {
        if let Some(found) = self.moment(at) {
            return found.0.day.is_some().then_some(found);
        }
        let number = self.number(at, 2)?;
        if first.bare
            && self.separates(at + 1)
            && let Some(day) = self.number(at + 2, 2)
        {
            let next = if self.is(at + 3, &Token::Day) { at + 4 } else { at + 3 };
            return Some((Moment { year: None, month: Some(number), day: Some(day), bare: true }, next));
        }
        let day = Moment { year: None, month: None, day: Some(number), bare: first.bare };
        if self.is(at + 1, &Token::Day) {
            return Some((day, at + 2));
        }
        let closed = !matches!(
            self.tokens.get(at + 1),
            Some(Token::Year | Token::Month | Token::Word('个' | '天' | ':' | '时'))
        );
        (first.bare && closed).then_some((day, at + 1))
    }

    /// The token after what joins two days: （周二）, 上午8时, 起, then dashes or 至.
    fn joint(&self, from: usize) -> Option<usize> {
        let mut at = from;
        let mut bracket = false;
        while at < (from + MOST_BETWEEN).min(self.tokens.len()) {
            if !bracket && self.joins(at) {
                while self.joins(at) {
                    at += 1;
                }
                return Some(at);
            }
            match &self.tokens[at] {
                Token::Word('(' | '（') => bracket = true,
                Token::Word(')' | '）') => bracket = false,
                Token::Word('起' | '始' | '上' | '下' | '午' | '早' | '晚' | '时' | '点' | '分' | ':' | '整') =>
                    {}
                Token::Number { .. }
                    if bracket || matches!(self.tokens.get(at + 1), Some(Token::Word('时' | '点' | ':' | '分'))) => {
                }
                Token::Number { .. } if matches!(self.tokens.get(at.wrapping_sub(1)), Some(Token::Word(':'))) => {}
                _ if bracket => {}
                _ => return None,
            }
            at += 1;
        }
        None
    }
}

/// Every day written in full.
pub(crate) fn dates(text: &str) -> Vec<Dated> {
    let signs = Signs::of(text);
    let mut found = Vec::new();
    let mut at = 0;
    while at < signs.tokens.len() {
        let Some((moment, next)) = signs.moment(at) else {
            at += 1;
            continue;
        };
        if let Some(date) = whole(&moment) {
            found.push(Dated { date, at: signs.starts[at]..signs.starts[next] });
        }
        at = next;
    }
    found
}

/// Every stretch of days. Without a year the one that lies nearest to `beside` is meant.
pub(crate) fn periods(text: &str, beside: Option<Date>) -> Vec<Period> {
    let signs = Signs::of(text);
    let mut found = Vec::new();
    let mut at = 0;
    while at < signs.tokens.len() {
        let Some((first, next)) = signs.moment(at) else {
            at += 1;
            continue;
        };
        let end = signs.joint(next).filter(|_| first.day.is_some()).and_then(|n| signs.end(n, &first));
        let Some((last, after)) = end else {
            at = next;
            continue;
        };
        if let Some((first, last, supplied)) = stretch(&first, &last, beside) {
            found.push(Period { first, last, at: signs.starts[at]..signs.starts[after], supplied });
        }
        at = after;
    }
    found
}

fn whole(moment: &Moment) -> Option<Date> {
    Date::new(moment.year?, moment.month?, moment.day?).ok()
}

fn stretch(first: &Moment, last: &Moment, beside: Option<Date>) -> Option<(Date, Date, bool)> {
    let month = last.month.or(first.month)?;
    // 12月28日至1月5日 runs into the next year where only one year is written.
    let wraps = i16::from(last.month.is_some_and(|m| first.month.is_some_and(|f| m < f)));
    let on = |first_year: i16, last_year: i16| {
        let a = Date::new(first_year, first.month?, first.day?).ok()?;
        let b = Date::new(last_year, month, last.day?).ok()?;
        let days = a.until(b).ok()?.get_days();
        (0..LONGEST_DAYS).contains(&days).then_some((a, b))
    };
    match (first.year, last.year) {
        (Some(a), Some(b)) => on(a, b).map(|(a, b)| (a, b, false)),
        (Some(a), None) => on(a, a + wraps).map(|(a, b)| (a, b, false)),
        (None, Some(b)) => on(b - wraps, b).map(|(a, b)| (a, b, false)),
        (None, None) => {
            let beside = beside?;
            let years = [beside.year() - 1, beside.year(), beside.year() + 1];
            let fits = years.into_iter().filter_map(|y| on(y, y + wraps));
            fits.min_by_key(|(_, b)| beside.until(*b).map_or(i32::MAX, |s| s.get_days().abs()))
                .map(|(a, b)| (a, b, true))
        }
    }
}

/// So many months after a date; the last day of a shorter month stands for a later one.
pub(crate) fn months_after(date: Date, months: u16) -> Date {
    date.saturating_add(Span::new().months(i64::from(months.min(1200))))
}

/// 2024年10月8日.
pub(crate) fn written(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

#[cfg(test)]
#[path = "period_tests.rs"]
mod tests;
