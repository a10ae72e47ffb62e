//! Natural order of names: 9 before 10, 第二 before 第十, 上册 before 中册 before 下册.

use std::cmp::Ordering;

/// A piece of a name. Derived order: numbers before characters, both ascending.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Piece {
    /// Leading zeros dropped; the length comes first, so that any number of digits compares by value.
    Number(usize, String),
    Char(char),
}

/// Compares two file or folder names, or two paths with `/`, as a person would sort them.
///
/// Digit runs (ASCII, full-width, Chinese) compare by value, everything else by code point without regard to ASCII
/// case; folders compare before what is inside them, and a last part's stem before its extension, so that `表.pdf`
/// comes before `表1.pdf`. Names that only differ in spelling (`05` and `5`) fall back to code points: the order is
/// total, equal only for equal names.
#[must_use]
pub fn natural(a: &str, b: &str) -> Ordering {
    let (left, right) = (a.split('/').collect::<Vec<_>>(), b.split('/').collect::<Vec<_>>());
    for (l, r) in left.iter().zip(&right) {
        let order = name(l, r);
        if order != Ordering::Equal {
            return order;
        }
    }
    left.len().cmp(&right.len()).then_with(|| a.cmp(b))
}

fn name(a: &str, b: &str) -> Ordering {
    let ((a_stem, a_ext), (b_stem, b_ext)) = (split(a), split(b));
    pieces(a_stem).cmp(&pieces(b_stem)).then_with(|| pieces(a_ext).cmp(&pieces(b_ext))).then_with(|| a.cmp(b))
}

/// Stem and extension; an extension is up to five ASCII letters and digits and begins with a letter (`1.10` has none).
fn split(name: &str) -> (&str, &str) {
    match name.rsplit_once('.') {
        Some((stem, ext))
            if !stem.is_empty()
                && ext.len() <= 5
                && ext.starts_with(|c: char| c.is_ascii_alphabetic())
                && ext.chars().all(|c| c.is_ascii_alphanumeric()) =>
        {
            (stem, ext)
        }
        _ => (name, ""),
    }
}

fn pieces(text: &str) -> Vec<Piece> {
    let chars: Vec<char> = text.chars().collect();
    let mut out = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let run = |holds: fn(char) -> bool| chars[at..].iter().take_while(|c| holds(**c)).count();
        let digits = run(|c| digit(c).is_some());
        let numerals = run(|c| numeral(c).is_some());
        if digits > 0 {
            out.push(number(chars[at..at + digits].iter().filter_map(|c| digit(*c)).collect()));
            at += digits;
        } else if numerals > 0 {
            out.push(number(chinese(&chars[at..at + numerals])));
            at += numerals;
        } else if let Some(rank) = part(chars[at], chars.get(at + 1).copied()) {
            out.push(number(rank.to_string()));
            at += 1;
        } else {
            out.push(Piece::Char(chars[at].to_ascii_lowercase()));
            at += 1;
        }
    }
    out
}

fn number(digits: String) -> Piece {
    let digits = digits.trim_start_matches('0').to_owned();
    Piece::Number(digits.len(), digits)
}

fn digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '０'..='９' => char::from_digit(c as u32 - '０' as u32, 10),
        _ => None,
    }
}

/// A Chinese digit's value below ten, or a unit's (ten, hundred, thousand).
fn numeral(c: char) -> Option<u64> {
    const DIGITS: [&str; 10] = ["〇零", "一壹", "二贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"];
    match c {
        '十' | '拾' => Some(10),
        '百' | '佰' => Some(100),
        '千' | '仟' => Some(1000),
        _ => (0..10).find(|i| DIGITS[*i as usize].contains(c)),
    }
}

/// 二十一 is 21, 二〇二四 is 2024 digit by digit.
fn chinese(run: &[char]) -> String {
    let values: Vec<u64> = run.iter().filter_map(|c| numeral(*c)).collect();
    if values.iter().all(|v| *v < 10) {
        return values.iter().map(u64::to_string).collect();
    }
    let (mut total, mut pending) = (0u64, None);
    for value in values {
        if value < 10 {
            pending = Some(pending.map_or(value, |p: u64| p.saturating_mul(10).saturating_add(value)));
        } else {
            // 十 alone is ten; 一百零五 has its unit preceded by a digit.
            total = total.saturating_add(pending.take().filter(|p| *p > 0).unwrap_or(1).saturating_mul(value));
        }
    }
    total.saturating_add(pending.unwrap_or(0)).to_string()
}

/// 上、中、下 before a word for a volume.
fn part(c: char, next: Option<char>) -> Option<u8> {
    const VOLUME: &str = "册卷集部篇半";
    if !next.is_some_and(|n| VOLUME.contains(n)) {
        return None;
    }
    match c {
        '上' => Some(1),
        '中' => Some(2),
        '下' => Some(3),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_as_a_person_would() {
        let table: &[&[&str]] = &[
            &["1.pdf", "2.pdf", "9.pdf", "10.pdf", "100.pdf"],
            &["第一册", "第二册", "第三册", "第九册", "第十册", "第十一册", "第二十册", "第一百零二册"],
            &["第１册", "第２册", "第１０册"],
            &["二〇一九年", "二〇二〇年", "二〇二四年"],
            &["上册.pdf", "中册.pdf", "下册.pdf"],
            &["评审表.pdf", "评审表1.pdf", "评审表-2.pdf"],
            &["1.1 表", "1.2 表", "1.10 表"],
            &["a", "a/1.pdf", "a/2.pdf", "a/10.pdf", "a 2/1.pdf", "b.pdf"],
            &["扫描0009.pdf", "扫描0010.pdf", "扫描10000.pdf"],
            &["A1.jpg", "a2.jpg", "A3.jpg"],
            &["99999999999999999999999999999999999998", "99999999999999999999999999999999999999"],
            &["05", "5", "6"],
        ];
        for row in table {
            for (i, a) in row.iter().enumerate() {
                for (j, b) in row.iter().enumerate() {
                    assert_eq!(natural(a, b), i.cmp(&j), "{a} against {b}");
                }
            }
        }
    }

    #[test]
    fn chinese_numerals_have_their_value() {
        for (text, value) in
            [("十", "10"), ("十二", "12"), ("三十", "30"), ("一百一十", "110"), ("一百零五", "105"), ("一二", "12")]
        {
            assert_eq!(chinese(&text.chars().collect::<Vec<_>>()), value, "{text}");
        }
        assert_eq!(natural("第2册", "第十册"), Ordering::Less);
        assert_eq!(natural("第11册", "第十册"), Ordering::Greater);
    }

    #[test]
    fn the_order_is_total() {
        let names =
            ["一", "1", "１", "01", "甲", "a", "A", "a.pdf", "a.PDF", "", ".", "十十", "张三", "张伟", "上", "上册"];
        for a in names {
            for b in names {
                assert_eq!(natural(a, b), natural(b, a).reverse());
                assert_eq!(natural(a, b) == Ordering::Equal, a == b, "{a} against {b}");
                for c in names {
                    if natural(a, b).is_lt() && natural(b, c).is_lt() {
                        assert!(natural(a, c).is_lt(), "{a} {b} {c}");
                    }
                }
            }
        }
    }
}
