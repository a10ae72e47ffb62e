//! Which days are worked: holidays and make-up days of each year (`checks/holidays.toml`), and what a pack adds to them.

use std::sync::LazyLock;

use jiff::civil::{Date, Weekday};
use toml::de::DeTable;

use super::schema::{Log, Reader};

/// The table built into the program.
pub(super) const SOURCE: &str = include_str!("../../checks/holidays.toml");

/// Why a day is or isn't worked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Day<'a> {
    Working,
    /// A weekend day worked for a holiday (调休上班).
    MakeUp(&'a str),
    Weekend,
    /// A day off, with the holiday's name.
    Holiday(&'a str),
}

impl Day<'_> {
    #[must_use]
    pub const fn is_worked(self) -> bool {
        matches!(self, Self::Working | Self::MakeUp(_))
    }
}

/// One year's arrangement.
#[derive(Debug, Clone, PartialEq, Eq)]
struct HolidayYear {
    year: i16,
    off: Vec<Stretch>,
    work: Vec<Stretch>,
}

/// Days in a row under one holiday's name.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stretch {
    name: String,
    first: Date,
    last: Date,
}

/// The years whose arrangement is known. By default those built in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    years: Vec<HolidayYear>,
}

impl Default for Calendar {
    fn default() -> Self {
        static BUILTIN: LazyLock<Vec<HolidayYear>> =
            LazyLock::new(|| builtin(SOURCE).unwrap_or_else(|mistakes| panic!("checks/holidays.toml: {mistakes}")));
        Self { years: BUILTIN.clone() }
    }
}

impl Calendar {
    /// What kind of day a date is; `None` in a year that the table doesn't have.
    #[must_use]
    pub fn day(&self, date: Date) -> Option<Day<'_>> {
        let year = self.years.iter().find(|y| y.year == date.year())?;
        let within = |days: &'_ [Stretch]| days.iter().position(|s| s.first <= date && date <= s.last);
        if let Some(i) = within(&year.work) {
            return Some(Day::MakeUp(&year.work[i].name));
        }
        if let Some(i) = within(&year.off) {
            return Some(Day::Holiday(&year.off[i].name));
        }
        let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        Some(if weekend { Day::Weekend } else { Day::Working })
    }

    /// The built-in years, each replaced or joined by those the pack writes (`[[holiday-year]]`).
    pub(super) fn read(root: &Reader<'_>) -> Self {
        let mut calendar = Self::default();
        for year in years(root) {
            calendar.years.retain(|y| y.year != year.year);
            calendar.years.push(year);
        }
        calendar
    }
}

fn builtin(source: &str) -> Result<Vec<HolidayYear>, String> {
    let table = DeTable::parse(source).map_err(|e| e.to_string())?;
    let log = Log::new(source);
    let root = Reader::new(&log, table.get_ref());
    let years = years(&root);
    root.finish();
    let mistakes = log.into_mistakes();
    if mistakes.is_empty() { Ok(years) } else { Err(mistakes.iter().map(ToString::to_string).collect()) }
}

fn years(root: &Reader<'_>) -> Vec<HolidayYear> {
    let mut out: Vec<HolidayYear> = Vec::new();
    for table in root.tables("holiday-year", "holiday-year") {
        let year = i16::try_from(table.number("year", None)).unwrap_or_default();
        if !(1990..=2100).contains(&year) {
            table.mistake("year", format!("写着 {year}"), "四位年份，如 2024", None);
        } else if out.iter().any(|y| y.year == year) {
            table.mistake("year", format!("{year} 重复"), "每年一项", None);
        }
        let off = stretches(&table, "off", year);
        let work = stretches(&table, "work", year);
        if let Some(both) = work.iter().find(|w| off.iter().any(|o| o.first <= w.last && w.first <= o.last)) {
            table.mistake("work", format!("{} 同时写在 off 里", both.first), "放假日和上班日不重复", None);
        }
        if let Some(weekday) = work.iter().find(|w| !matches!(w.first.weekday(), Weekday::Saturday | Weekday::Sunday)) {
            table.mistake("work", format!("{} 不是周末", weekday.first), "周六或周日调休上班的日子", None);
        }
        table.finish();
        out.push(HolidayYear { year, off, work });
    }
    out
}

fn stretches(table: &Reader<'_>, key: &'static str, year: i16) -> Vec<Stretch> {
    let mut out = Vec::new();
    for text in table.texts(key) {
        match stretch(&text, year) {
            Some(stretch) => out.push(stretch),
            None => table.mistake(
                key,
                format!("写着“{text}”"),
                "“节日名 月-日”或“节日名 月-日至月-日”，如 春节 02-10至02-17",
                None,
            ),
        }
    }
    out
}

fn stretch(text: &str, year: i16) -> Option<Stretch> {
    let (name, days) = text.trim().rsplit_once(char::is_whitespace)?;
    let day = |text: &str| {
        let (month, day) = text.split_once('-')?;
        Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
    };
    let (first, last) = days.split_once('至').unwrap_or((days, days));
    let (first, last) = (day(first)?, day(last)?);
    (first <= last && !name.trim().is_empty()).then(|| Stretch { name: name.trim().to_owned(), first, last })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i16, month: i8, day: i8) -> Option<Day<'static>> {
        static CALENDAR: LazyLock<Calendar> = LazyLock::new(Calendar::default);
        CALENDAR.day(Date::new(year, month, day).expect("a date"))
    }

    /// A year's days less its weekends and statutory days off (11, from 2025 on 13) are worked, however they are swapped; in
    /// 2020 two more were given.
    #[test]
    fn each_year_has_the_published_number_of_worked_days() {
        for (year, worked) in
            [(2019, 250), (2020, 249), (2021, 250), (2022, 249), (2023, 249), (2024, 251), (2025, 248), (2026, 248)]
        {
            let first = Date::new(year, 1, 1).expect("a date");
            let days = std::iter::successors(Some(first), |d| d.tomorrow().ok()).take_while(|d| d.year() == year);
            let count = days.filter(|d| day(d.year(), d.month(), d.day()).is_some_and(Day::is_worked)).count();
            assert_eq!(count, worked, "{year}");
        }
    }

    #[test]
    fn known_days() {
        assert_eq!(day(2019, 4, 28), Some(Day::MakeUp("劳动节")));
        assert_eq!(day(2019, 5, 4), Some(Day::Holiday("劳动节")));
        assert_eq!(day(2020, 2, 1), Some(Day::Holiday("春节")), "extended to 2 February");
        assert_eq!(day(2020, 2, 3), Some(Day::Working));
        assert_eq!(day(2024, 10, 12), Some(Day::MakeUp("国庆节")));
        assert_eq!(day(2024, 10, 13), Some(Day::Weekend));
        assert_eq!(day(2025, 1, 28), Some(Day::Holiday("春节")));
        assert_eq!(day(2025, 10, 8), Some(Day::Holiday("国庆节、中秋节")));
        assert_eq!(day(2026, 1, 4), Some(Day::MakeUp("元旦")));
        assert_eq!(day(2018, 10, 8), None);
    }

    #[test]
    fn mistakes_in_a_table_are_told() {
        let said = |text: &str| builtin(text).expect_err("a mistake");
        assert!(said("[[holiday-year]]\nyear = 24").contains("四位年份"));
        assert!(said("[[holiday-year]]\nyear = 2027\noff = [\"元旦 1月1日\"]").contains("春节 02-10至02-17"));
        assert!(said("[[holiday-year]]\nyear = 2027\nwork = [\"元旦 01-04\"]").contains("不是周末"));
        assert!(said("[[holiday-year]]\nyear = 2027\n[[holiday-year]]\nyear = 2027").contains("重复"));
    }
}
