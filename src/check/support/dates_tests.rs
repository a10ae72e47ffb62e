//! The date grammar against what people write and what readers make of it.

use proptest::prelude::*;

use super::*;
use DatePattern::{YearMonthPlain, YearMonthTwoDigits};
use Deviation::*;

fn read(text: &str) -> Reading {
    read_cell(text, YearMonthTwoDigits, &[])
}

/// Deviations date by date.
fn deviations(text: &str, pattern: DatePattern) -> Vec<Vec<Deviation>> {
    read_cell(text, pattern, &[]).dates.into_iter().map(|d| d.deviations).collect()
}

#[test]
fn right_forms() {
    for text in [
        "2019年07月",
        " 2019 年 07 月 ",
        "２０１９年０７月",
        "2O19年l2月",
        "2019午07月",
        "2014年03月-2016年05月",
        "2014年03月一2016年05月",
        "2014年03\n月—2016年\n05月",
        "2014年03月至今",
        "2014年03月至2016年05月、2017年01月—现在",
        "2014年03月\n2016年05月",
    ] {
        let reading = read(text);
        assert!(!reading.dates.is_empty(), "{text}");
        assert!(reading.dates.iter().all(|d| d.deviations.is_empty()), "{text}: {reading:?}");
        assert!(!reading.unclear, "{text}");
    }
}

#[test]
fn silent_cells() {
    for text in ["", "无", "—", "/", "至今", "阳泉市某某公司", "第2次"] {
        assert_eq!(read(text), Reading::default(), "{text}");
    }
}

#[test]
fn each_deviation_is_named() {
    let table: &[(&str, &[&[Deviation]])] = &[
        ("2019.7", &[&[Separator]]),
        ("2019．07", &[&[Separator]]),
        ("2019-07", &[&[Separator]]),
        ("2019/07", &[&[Separator]]),
        ("2019.07.15", &[&[Separator, WithDay]]),
        ("2019.13", &[&[Separator, ImpossibleMonth]]),
        ("2019.7-2021.9", &[&[Separator], &[Separator]]),
        ("2019-7-2021-9", &[&[Separator], &[Separator]]),
        ("2019.07—2021年09月", &[&[Separator], &[]]),
        ("19年07月", &[&[ShortYear]]),
        ("2019年7月", &[&[MonthNotPadded]]),
        ("2019年7月-2021年10月", &[&[MonthNotPadded], &[]]),
        ("二〇一九年七月", &[&[ChineseNumerals]]),
        ("二零一九年十二月", &[&[ChineseNumerals]]),
        ("二○一九年一月", &[&[ChineseNumerals]]),
        ("2019年七月", &[&[ChineseNumerals]]),
        ("2019年13月", &[&[ImpossibleMonth]]),
        ("2019年00月", &[&[ImpossibleMonth]]),
        ("2019年07月15日", &[&[WithDay]]),
        ("2019年7月15日", &[&[MonthNotPadded, WithDay]]),
        ("2019年07", &[&[NoMonthSign]]),
        ("2019年07日", &[&[NoMonthSign]]),
        ("201907", &[&[RunTogether]]),
        ("2019年", &[&[YearOnly]]),
        ("2019-2021", &[&[YearOnly], &[YearOnly]]),
        ("2019年07月-08月", &[&[], &[NoYear]]),
        ("201年07月", &[&[LostDigit]]),
        ("2019年0月", &[&[LostDigit]]),
        ("2019年62月", &[&[LostDigit]]),
    ];
    for (text, want) in table {
        let got = deviations(text, YearMonthTwoDigits);
        assert_eq!(got, want.iter().map(|d| d.to_vec()).collect::<Vec<_>>(), "{text}");
    }
}

#[test]
fn the_plain_pattern_turns_the_month_rule_round() {
    assert_eq!(deviations("2008年6月", YearMonthPlain), [vec![]]);
    assert_eq!(deviations("2008年11月", YearMonthPlain), [vec![]]);
    assert_eq!(deviations("2008年06月", YearMonthPlain), [vec![MonthPadded]]);
    assert_eq!(deviations("2008.06", YearMonthPlain), [vec![Separator]]);
}

#[test]
fn fragments_are_unclear_not_wrong() {
    for text in ["201", "2019年07月 199"] {
        let reading = read(text);
        assert!(reading.unclear, "{text}");
        assert!(reading.dates.iter().all(|d| d.deviations.is_empty()), "{text}");
    }
}

#[test]
fn the_text_is_quoted_as_written() {
    let texts: Vec<String> = read("2019.7 — 二〇二一年九月").dates.into_iter().map(|d| d.text).collect();
    assert_eq!(texts, ["2019.7", "二〇二一年九月"]);
}

#[test]
fn words_of_the_pack_end_a_range() {
    let open = ["现任".to_owned()];
    assert!(read_cell("2019年07月—现任", YearMonthTwoDigits, &open).dates[0].deviations.is_empty());
}

proptest! {
    #[test]
    fn any_string_is_read(text in "\\PC*") {
        let _ = read(&text);
    }

    #[test]
    fn any_mix_of_date_signs_is_read(text in "[0-9年月日号.一十〇至今 OIl/~-]{0,24}") {
        let _ = read(&text);
        let _ = read_cell(&text, YearMonthPlain, &["至今".to_owned()]);
    }

    #[test]
    fn canonical_ranges_pass(
        a in 1950_u16..2050, m in 1_u8..=12, b in 1950_u16..2050, n in 1_u8..=12,
        join in prop::sample::select(vec!["-", "—", "–", "－", "~", "～", "一", "至", "到", "、", "\n", " — "]),
        open in any::<bool>(),
    ) {
        let padded = if open { format!("{a}年{m:02}月{join}至今") } else { format!("{a}年{m:02}月{join}{b}年{n:02}月") };
        let plain = if open { format!("{a}年{m}月{join}至今") } else { format!("{a}年{m}月{join}{b}年{n}月") };
        let count = if open { 1 } else { 2 };
        for (text, pattern) in [(padded, YearMonthTwoDigits), (plain, YearMonthPlain)] {
            prop_assert_eq!(deviations(&text, pattern), vec![Vec::<Deviation>::new(); count], "{}", text);
        }
    }

    #[test]
    fn every_deviating_rendering_is_caught(a in 1950_u16..2050, m in 1_u8..=9) {
        let short = a % 100;
        for text in [
            format!("{a}.{m}"), format!("{a}.{m:02}"), format!("{a}-{m:02}"), format!("{a}/{m}"),
            format!("{a}年{m}月"), format!("{short:02}年{m:02}月"), format!("{a}年1{}月", m.max(3)),
            format!("{a}.{m}.1-{a}.{m}.2"),
        ] {
            let found = read(&text).dates;
            prop_assert!(!found.is_empty(), "{}", text);
            for date in found {
                prop_assert!(date.deviations.iter().any(|d| d.is_certain()), "{}: {:?}", text, date);
            }
        }
    }
}
