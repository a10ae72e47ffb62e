//! How many days of a stretch count, and the count in words.

use jiff::civil::Date;

use super::period::written;
use crate::pack::calendar::{Calendar, Day};

/// A stretch counted day by day, first and last included.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) all: u16,
    pub(crate) worked: u16,
    /// Days that don't count, in order, each with its reason (周末, 国庆节).
    skipped: Vec<(Date, String)>,
    /// Weekend days that do.
    made_up: Vec<(Date, String)>,
}

/// Counts the working days of a stretch; the first year that the calendar doesn't have where one is missing.
pub(crate) fn count(calendar: &Calendar, first: Date, last: Date) -> Result<Count, i16> {
    let mut out = Count::default();
    let days = std::iter::successors(Some(first), |d| d.tomorrow().ok()).take_while(|d| *d <= last);
    for date in days {
        out.all += 1;
        match calendar.day(date).ok_or(date.year())? {
            Day::Working => out.worked += 1,
            Day::MakeUp(name) => {
                out.worked += 1;
                out.made_up.push((date, name.to_owned()));
            }
            Day::Weekend => out.skipped.push((date, "周末".to_owned())),
            Day::Holiday(name) => out.skipped.push((date, name.to_owned())),
        }
    }
    Ok(out)
}

impl Count {
    /// 2024年10月1日至2024年10月8日共8天，其中10月1日至10月7日（国庆节）不计，计1个工作日.
    pub(crate) fn arithmetic(&self, first: Date, last: Date) -> String {
        let mut out = format!("{}至{}共{}天", written(first), written(last), self.all);
        if !self.skipped.is_empty() {
            out.push_str(&format!("，扣除{}", grouped(&self.skipped)));
        }
        if !self.made_up.is_empty() {
            out.push_str(&format!("，{}为调休上班", grouped(&self.made_up)));
        }
        out.push_str(&format!("，计{}个工作日", self.worked));
        out
    }
}

/// Days in a row with one reason as one: 10月5日、10月6日（周末）.
fn grouped(days: &[(Date, String)]) -> String {
    let day = |d: Date| format!("{}月{}日", d.month(), d.day());
    let next = |a: &(Date, String), b: &(Date, String)| a.1 == b.1 && a.0.tomorrow().is_ok_and(|t| t == b.0);
    let runs = days.chunk_by(next).map(|run| match run {
        [(only, why)] => format!("{}（{why}）", day(*only)),
        [(first, why), .., (last, _)] => format!("{}至{}（{why}）", day(*first), day(*last)),
        [] => String::new(),
    });
    runs.collect::<Vec<_>>().join("、")
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_week_with_a_holiday_and_a_made_up_sunday() {
        let calendar = Calendar::default();
        let (first, last) = (date(2024, 9, 28), date(2024, 10, 9));
        let count = count(&calendar, first, last).expect("2024 is known");
        assert_eq!((count.all, count.worked), (12, 4));
        let said = count.arithmetic(first, last);
        assert!(said.contains("扣除9月28日（周末）、10月1日至10月7日（国庆节）"), "{said}");
        assert!(said.contains("9月29日（国庆节）为调休上班，计4个工作日"), "{said}");
    }

    #[test]
    fn a_plain_week_and_an_unknown_year() {
        let calendar = Calendar::default();
        let week = count(&calendar, date(2022, 6, 6), date(2022, 6, 10)).expect("known");
        assert_eq!(week.worked, 5);
        assert_eq!(count(&calendar, date(2018, 12, 30), date(2019, 1, 3)), Err(2018));
    }
}
