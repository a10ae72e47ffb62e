use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::{dates, months_after, periods};

fn read(text: &str) -> Vec<(Date, Date)> {
    periods(text, Some(date(2024, 10, 20))).into_iter().map(|p| (p.first, p.last)).collect()
}

#[test]
fn the_usual_ways_to_write_a_stretch() {
    let expected = vec![(date(2024, 10, 8), date(2024, 10, 14))];
    for text in [
        "自2024年10月8日至2024年10月14日",
        "2024年10月8日—10月14日",
        "2024年10月8日-14日",
        "10月8日至14日",
        "10月8日－10月14日",
        "2024.10.8-2024.10.14",
        "2024.10.08—10.14",
        "2024.10.8-14",
        "2024/10/8~2024/10/14",
        "2024-10-08至2024-10-14",
        "2024-10-08-2024-10-14",
        "20241008-20241014",
        "公示期5个工作日（10月8日-14日）",
        "公示期：5个工作日（2024年10月8日至2024年10月14日）",
        "2024年10月8日（星期二）起至2024年10月14日（星期一）止",
        "2024年10月8日8:00至2024年10月14日18:00",
        "2024年10月8日上午8时至10月14日下午6时",
        "从10月8日起到2024年10月14日",
        "2024 年 10 月 8 日 一 10 月 14 日",
        "二〇二四年十月八日至二〇二四年十月十四日",
        "2024年10月8—14日",
        "２０２４年１０月８日至１４日",
    ] {
        assert_eq!(read(text), expected, "{text}");
    }
}

#[test]
fn a_year_left_out_is_the_one_beside() {
    let found = periods("12月28日至1月5日", Some(date(2024, 1, 8)));
    assert_eq!((found[0].first, found[0].last, found[0].supplied), (date(2023, 12, 28), date(2024, 1, 5), true));
    assert_eq!(read("2023年12月28日至1月5日"), vec![(date(2023, 12, 28), date(2024, 1, 5))]);
    assert!(periods("10月8日至14日", None).is_empty());
}

#[test]
fn what_is_no_stretch_of_days() {
    for text in [
        "2024年10月8日",
        "2018年1月至2026年12月",
        "2024年9月31日至2024年10月8日",
        "2024年10月14日至2024年10月8日",
        "2024年9月12日|2024年9月19日",
        "联系电话：0353-2651807",
        "2024年10月8日起5个工作日",
        "2019-2023年",
        "",
    ] {
        assert_eq!(read(text), vec![], "{text}");
    }
}

#[test]
fn several_stretches_in_one_text() {
    let text = "于2024年9月4日至9月11日、9月13日至23日公示，2024年9月30日";
    assert_eq!(read(text), vec![(date(2024, 9, 4), date(2024, 9, 11)), (date(2024, 9, 13), date(2024, 9, 23))]);
    let at = periods(text, None)[0].at.clone();
    assert_eq!(text.chars().skip(at.start).take(at.len()).collect::<String>(), "2024年9月4日至9月11日");
}

#[test]
fn days_and_months() {
    let found: Vec<Date> =
        dates("更新日期：2024年9月8日 有效期至2025-01-06，2024年9月").into_iter().map(|d| d.date).collect();
    assert_eq!(found, vec![date(2024, 9, 8), date(2025, 1, 6)]);
    assert_eq!(months_after(date(2024, 11, 30), 3), date(2025, 2, 28));
}

fn day() -> impl Strategy<Value = Date> {
    (2019i16..=2026, 1i8..=12, 1i8..=28).prop_map(|(y, m, d)| date(y, m, d))
}

fn write(d: Date, style: usize, parts: usize) -> String {
    let (y, m, day) = (d.year(), d.month(), d.day());
    match (style, parts) {
        (0, 3) => format!("{y}年{m}月{day}日"),
        (0, 2) => format!("{m}月{day}日"),
        (0, _) => format!("{day}日"),
        (1, 3) => format!("{y}年{m:02}月{day:02}日"),
        (1, 2) => format!("{m:02}月{day:02}日"),
        (1, _) => format!("{day:02}日"),
        (2, 3) => format!("{y}.{m}.{day}"),
        (2, 2) => format!("{m}.{day}"),
        (2, _) => format!("{day}"),
        (_, 3) => format!("{y}/{m:02}/{day:02}"),
        (_, 2) => format!("{m:02}/{day:02}"),
        (_, _) => format!("{day:02}"),
    }
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic(text in "\\PC*", marks in "[0-9年月日至—.\\-/（）起时:个]{0,24}") {
        for text in [&text, &marks] {
            for p in periods(text, Some(date(2024, 1, 1))) {
                prop_assert!(p.first <= p.last);
                let len = text.chars().filter(|c| !c.is_whitespace()).count();
                prop_assert!(p.at.start < p.at.end && p.at.end <= len);
            }
            let _ = dates(text);
        }
    }

    #[test]
    fn what_is_written_is_read(
        first in day(),
        length in 0i32..60,
        style in 0usize..4,
        join in prop::sample::select(vec!["至", "—", "-", "~", "到", "——", "－"]),
        before in prop::sample::select(vec!["", "公示时间：", "自", "公示期5个工作日（", "现将材料予以公示，时间为"]),
        after in prop::sample::select(vec!["", "。", "止", "）", "，共5个工作日", "|无异议"]),
    ) {
        let last = first.checked_add(jiff::Span::new().days(length)).expect("a date");
        let mut parts = vec![3];
        if first.year() == last.year() {
            parts.push(2);
            if first.month() == last.month() {
                parts.push(1);
            }
        }
        for parts in parts {
            let text = format!("{before}{}{join}{}{after}", write(first, style, 3), write(last, style, parts));
            prop_assert_eq!(read(&text), vec![(first, last)], "{}", text);
        }
    }

    #[test]
    fn a_year_left_out_at_either_end_is_understood(first in day(), length in 0i32..60, style in 0usize..2) {
        let last = first.checked_add(jiff::Span::new().days(length)).expect("a date");
        let text = format!("{}至{}", write(first, style, 2), write(last, style, 3));
        prop_assert_eq!(read(&text), vec![(first, last)], "{}", text);
        let text = format!("{}至{}", write(first, style, 2), write(last, style, 2));
        let found = periods(&text, Some(last));
        prop_assert_eq!((found[0].first, found[0].last), (first, last), "{}", text);
    }
}
