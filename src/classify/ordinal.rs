//! A category's number (第三类, 第三部分, 三、): applicants word the rest of a divider's heading as they like.

use super::heading::Heading;

/// What may stand between the number and the category's name; 第三册 and 第三条 number something else.
const UNITS: [&str; 5] = ["部分", "大类", "类", "项", "块"];
const OTHER_UNITS: [char; 18] =
    ['册', '卷', '条', '章', '节', '页', '次', '届', '批', '期', '年', '季', '名', '款', '号', '篇', '本', '组'];
/// Characters in a row that a heading numbered 三、 shares with the category's title at least.
const SHARED: usize = 2;
const DIGITS: [char; 9] = ['一', '二', '三', '四', '五', '六', '七', '八', '九'];

/// The number that begins a folded heading, and what follows it: 第三类学历材料 is 3, 学历材料.
///
/// `bare` also takes a number without 第 before it.
fn numbered(text: &[char], bare: bool) -> Option<(u32, &[char])> {
    let rest = match text.strip_prefix(&['第']) {
        Some(rest) => rest,
        None if bare => text,
        None => return None,
    };
    let digit = |c: &char| DIGITS.iter().position(|d| d == c).map(|i| i as u32 + 1);
    let (number, rest) = match rest {
        ['十', one, rest @ ..] if digit(one).is_some() => (10 + digit(one)?, rest),
        ['十', rest @ ..] => (10, rest),
        [one, rest @ ..] if digit(one).is_some() => (digit(one)?, rest),
        _ => {
            let count = rest.iter().take_while(|c| c.is_ascii_digit()).count();
            let number: u32 = rest[..count].iter().collect::<String>().parse().ok()?;
            (number, &rest[count..])
        }
    };
    if rest.first().is_some_and(|c| OTHER_UNITS.contains(c)) {
        return None;
    }
    let unit = UNITS.iter().find(|u| rest.starts_with(&u.chars().collect::<Vec<char>>()));
    Some((number, &rest[unit.map_or(0, |u| u.chars().count())..]))
}

/// The number of a heading as it is printed: 十、推荐意见 is 10.
pub(super) fn leading(text: &str) -> Option<usize> {
    let chars: Vec<char> = text.trim_start().chars().filter(|c| !c.is_whitespace()).collect();
    let (number, rest) = numbered(&chars, true)?;
    let counted = chars.first().is_some_and(|c| *c == '十' || DIGITS.contains(c));
    (counted && rest.first() == Some(&'、')).then_some(number as usize)
}

/// The number of a category, of its folded titles.
pub(super) fn of_titles(titles: &[Vec<char>]) -> Option<u32> {
    titles.iter().find_map(|t| numbered(t, false)).map(|n| n.0)
}

/// Whether a heading is that of the category with this number and these folded titles.
pub(super) fn heads(heading: &Heading, number: u32, titles: &[Vec<char>]) -> bool {
    match numbered(&heading.text, heading.numbered) {
        Some((n, _)) if n == number && heading.text.first() == Some(&'第') => true,
        Some((n, rest)) if n == number => titles.iter().any(|t| shares(t, rest)),
        _ => false,
    }
}

fn shares(title: &[char], rest: &[char]) -> bool {
    let name = numbered(title, false).map_or(title, |n| n.1);
    name.windows(SHARED).any(|pair| rest.windows(SHARED).any(|other| other == pair))
}

#[cfg(test)]
mod tests {
    use super::super::fold::fold;
    use super::*;

    fn heading(text: &str, is_numbered: bool) -> Heading {
        Heading { text: fold(text), bare: None, weight: 1.0, y: 0.2, numbered: is_numbered, label: false }
    }

    #[test]
    fn headings_with_their_numbers() {
        for (text, number) in [("十、推荐与审核意见", Some(10)), (" 二 、工作经历", Some(2)), ("十一、其他", Some(11))]
        {
            assert_eq!(leading(text), number, "{text}");
        }
        for text in ["3、毕业证书", "第三、", "三好学生", "一二年级", "推荐意见"] {
            assert_eq!(leading(text), None, "{text}");
        }
    }

    #[test]
    fn a_number_heads_its_category_however_it_goes_on() {
        let titles = [fold("第三类：学历材料"), fold("三、学历材料")];
        assert_eq!(of_titles(&titles), Some(3));
        for text in ["第三类：学历证明材料", "第三类", "第三部分 毕业证书等", "第3类 学历"] {
            assert!(heads(&heading(text, false), 3, &titles), "{text}");
        }
        assert!(heads(&heading("三、学历、学位证明", true), 3, &titles));
        for (text, is_numbered) in [
            ("第三册", false),
            ("第三条 劳动报酬", false),
            ("第四类：学历材料", false),
            ("三、工作经历", true),
            ("三好学生", false),
        ] {
            assert!(!heads(&heading(text, is_numbered), 3, &titles), "{text}");
        }
        assert_eq!(of_titles(&[fold("第十类：其它")]), Some(10));
        assert_eq!(of_titles(&[fold("第十二类")]), Some(12));
        assert_eq!(of_titles(&[fold("荣誉证书"), fold("十大杰出")]), None);
    }
}
