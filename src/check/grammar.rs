//! The date grammars by themselves, for the fuzz targets and nobody else.

use jiff::civil::Date;

use super::support::days;
use super::support::moments::{self, Stamp};

/// A date as read: how it is told, its first and last day.
pub type ReadDay = (String, Date, Date);

/// [`days::days`], each with what is left of the text around it.
#[must_use]
pub fn days(text: &str) -> Vec<(ReadDay, String)> {
    let read = |day: days::Day| (day.to_string(), day.first(), day.last());
    days::days(text).into_iter().map(|(day, rest)| (read(day), rest)).collect()
}

/// [`days::month_alone`].
#[must_use]
pub fn month_alone(text: &str) -> Option<ReadDay> {
    days::month_alone(text).map(|day| (day.to_string(), day.first(), day.last()))
}

/// A date that may not exist: how it is told, whether its month and its day exist, and the numbers of its first and last
/// day for comparing.
pub type ReadStamp = (String, [bool; 2], [u32; 2]);

/// [`moments::periods`]: from, to, and whether it goes on to the present.
#[must_use]
pub fn periods(text: &str) -> Vec<(ReadStamp, Option<ReadStamp>, bool)> {
    let read = |s: Stamp| (s.to_string(), [s.month.is_none() || s.has_month(), s.day_exists()], [s.first(), s.last()]);
    moments::periods(text).into_iter().map(|p| (read(p.from), p.to.map(read), p.open)).collect()
}
