//! Numbers of lists as written: ordinals, pages, ranges, counts, totals.

use std::sync::LazyLock;

use regex::Regex;

use super::super::page_number::halfwidth;

static RANGE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:第|[Pp]\.?)?([0-9]{1,4})页?(?:[-—–―~～一至到、,，/.·]+(?:第|[Pp]\.?)?([0-9]{1,4})页?)?$")
        .expect("a valid pattern")
});
static COUNT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^[(（]?[共计]*([0-9]{1,4})[页张份件][)）]?$").expect("a valid pattern"));
static TOTAL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?:共计?|合计|总计|总页数|总共)[:：为有]?([0-9]{1,4})页|(?:总页数|页数合计|合计页数)[:：为]?([0-9]{1,4})$",
    )
    .expect("a valid pattern")
});

/// Units and signs that make a number part of a name (2018年, 3级).
const OF_A_NAME: &str = "年月日个级项份次届期度类篇号种";
const LEADERS: &str = ".…·。・⋯_．‥—-－";
const HAN_DIGITS: &str = "一二三四五六七八九十";

/// What a page column says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pages {
    /// Begins here; ends there, where it says so.
    Range(u32, Option<u32>),
    /// So many of them, with the word for it (共3页).
    Count(u32),
}

/// The text without spaces, digits in one width.
pub(super) fn tight(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).map(halfwidth).collect()
}

pub(super) fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// A page, a range of pages or a count, alone. `true`: a letter was taken for the digit it looks like.
pub(super) fn pages(text: &str) -> Option<(Pages, bool)> {
    let plain = tight(text);
    let plain = plain.trim_matches(|c| LEADERS.contains(c) || c == '(' || c == ')' || c == '（' || c == '）');
    let digits: String = plain
        .chars()
        .map(|c| match c {
            'I' | 'l' | '|' | '丨' => '1',
            'O' | 'o' | '〇' => '0',
            c => c,
        })
        .collect();
    if let Some(found) = COUNT.captures(&digits) {
        return Some((Pages::Count(found[1].parse().ok()?), digits != plain));
    }
    let found = RANGE.captures(&digits)?;
    let first: u32 = found[1].parse().ok()?;
    let last = found.get(2).and_then(|n| n.as_str().parse().ok());
    match last {
        Some(last) if last < first => None,
        last => Some((Pages::Range(first, last), digits != plain)),
    }
}

/// 以上材料共60页.
pub(super) fn total(text: &str) -> Option<u32> {
    let plain = tight(text);
    let found = TOTAL.captures(&plain)?;
    found.get(1).or_else(|| found.get(2))?.as_str().parse().ok()
}

/// How many `char`s at the beginning are an ordinal (3. · 十二、 · （3）), its sign and the spaces after it.
pub(super) fn ordinal(text: &str) -> usize {
    let chars: Vec<char> = text.chars().map(halfwidth).collect();
    let spaces = |from: usize| chars[from..].iter().take_while(|c| c.is_whitespace()).count();
    let mut at = spaces(0);
    let bracket = chars.get(at).is_some_and(|c| matches!(c, '(' | '（' | '[' | '【'));
    at += usize::from(bracket);
    let digits = chars[at..].iter().take_while(|c| c.is_ascii_digit()).count();
    let han = chars[at..].iter().take_while(|c| HAN_DIGITS.contains(**c)).count();
    let circled = chars.get(at).is_some_and(|c| ('①'..='⑳').contains(c));
    at += if circled { 1 } else { digits.max(han) };
    if !(circled || (1..=3).contains(&digits) || (1..=3).contains(&han)) {
        return 0;
    }
    let gap = spaces(at);
    let sign = chars[at + gap..].iter().take_while(|c| "、.．:：,，)）]】".contains(**c)).count();
    let next = chars.get(at + gap + sign);
    let ends_there = next.is_none();
    let parted = sign > 0 || circled || bracket || (gap > 0 && digits > 0);
    let glued = digits > 0 && next.is_some_and(|c| (is_han(*c) || *c == '《' || *c == '“') && !OF_A_NAME.contains(*c));
    // 2.5吨锅炉 is no second entry; 2.2023年度 is one.
    let figures = chars[at + gap + sign..].iter().take_while(|c| c.is_ascii_digit()).count();
    let decimal = sign == 1 && gap == 0 && (1..4).contains(&figures);
    if (ends_there || parted || glued) && !decimal { at + gap + sign + spaces(at + gap + sign) } else { 0 }
}

/// Where a name ends and a leader (……) or a wide gap begins that carries a page number at the line's end:
/// the `char`s of the name, and where the number begins.
pub(super) fn trailing_pages(chars: &[char], at: &[f32]) -> Option<(usize, usize)> {
    let is_number = |c: char| {
        let c = halfwidth(c);
        c.is_ascii_digit() || "-—–~～至一到页第共()（） ".contains(c)
    };
    let tail = chars.iter().rev().take_while(|c| is_number(**c)).count();
    let mut start = chars.len() - tail;
    while start < chars.len() && !halfwidth(chars[start]).is_ascii_digit() && !"第共(（".contains(chars[start]) {
        start += 1;
    }
    if start == 0 || start >= chars.len() {
        return None;
    }
    let leader = chars[..start].iter().rev().take_while(|c| LEADERS.contains(**c) || c.is_whitespace()).count();
    let dots = chars[start - leader..start].iter().filter(|c| LEADERS.contains(**c)).count();
    let spaced = leader > dots;
    let wide = at.len() == chars.len() && {
        let mut steps: Vec<f32> = at[..start].windows(2).map(|w| w[1] - w[0]).collect();
        steps.sort_by(f32::total_cmp);
        let median = steps.get(steps.len() / 2).copied().unwrap_or(f32::MAX);
        at[start] - at[start - 1] > 2.2 * median
    };
    (dots >= 2 || spaced || wide).then_some((start - leader, start))
}

/// A name without the leader that follows it.
pub(super) fn without_leader(text: &str) -> &str {
    text.trim_end_matches(|c: char| LEADERS.contains(c) || c.is_whitespace() || c == ',' || c == '，')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn pages_and_ranges() {
        let cases = [
            ("3", Some(Pages::Range(3, None))),
            ("3-5", Some(Pages::Range(3, Some(5)))),
            ("3—5页", Some(Pages::Range(3, Some(5)))),
            ("第３页", Some(Pages::Range(3, None))),
            ("P12～15", Some(Pages::Range(12, Some(15)))),
            ("7至9", Some(Pages::Range(7, Some(9)))),
            ("……8", Some(Pages::Range(8, None))),
            ("共3页", Some(Pages::Count(3))),
            ("（3页）", Some(Pages::Count(3))),
            ("I", Some(Pages::Range(1, None))),
            ("9-3", None),
            ("0", Some(Pages::Range(0, None))),
            ("2023年度", None),
            ("推荐报告", None),
        ];
        for (text, expected) in cases {
            assert_eq!(pages(text).map(|p| p.0), expected, "{text}");
        }
    }

    #[test]
    fn ordinals() {
        let cases = [
            ("3. 送审论文", 3),
            ("12、身份证", 3),
            ("1 推荐报告", 2),
            ("5毕业证书", 1),
            ("(3)论文", 3),
            ("①推荐报告", 1),
            ("一、基本材料", 2),
            ("2018年度考核登记表", 0),
            ("3年继续教育", 0),
            ("2.5吨锅炉改造", 0),
            ("2.2023年度考核登记表", 2),
            ("一种装置", 0),
            ("17", 2),
            ("论文", 0),
        ];
        for (text, chars) in cases {
            assert_eq!(ordinal(text), chars, "{text}");
        }
    }

    #[test]
    fn totals() {
        assert_eq!(total("以上材料共 60 页。"), Some(60));
        assert_eq!(total("总页数：48"), Some(48));
        assert_eq!(total("共计31页"), Some(31));
        assert_eq!(total("以上共5份"), None);
    }

    #[test]
    fn a_number_behind_a_leader() {
        let split = |text: &str| {
            let chars: Vec<char> = text.chars().collect();
            let at: Vec<f32> = (0..chars.len()).map(|i| i as f32).collect();
            trailing_pages(&chars, &at).map(|(end, start)| {
                (chars[..end].iter().collect::<String>(), chars[start..].iter().collect::<String>())
            })
        };
        assert_eq!(split("推荐报告......12"), Some(("推荐报告".into(), "12".into())));
        assert_eq!(split("推荐报告……3-5"), Some(("推荐报告".into(), "3-5".into())));
        assert_eq!(split("推荐报告 7"), Some(("推荐报告".into(), "7".into())));
        assert_eq!(split("标准化作业2.0"), None);
        assert_eq!(split("推荐报告"), None);
        assert_eq!(split("12"), None);
    }

    proptest! {
        #[test]
        fn any_range_is_read_back(first in 1u32..2000, more in 0u32..200, dash in "[-—–~～至]", page in "(页)?") {
            let text = format!("{first}{dash}{}{page}", first + more);
            prop_assert_eq!(pages(&text).map(|p| p.0), Some(Pages::Range(first, Some(first + more))));
        }

        #[test]
        fn nothing_panics(text in "\\PC{0,24}") {
            let _ = (pages(&text), total(&text), ordinal(&text).min(text.chars().count()));
            let chars: Vec<char> = text.chars().collect();
            let at = vec![0.5; chars.len()];
            let _ = trailing_pages(&chars, &at);
        }
    }
}
