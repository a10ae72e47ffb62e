//! What someone put beside a form's print: names, told from prompts, numbers and dates.

/// What forms print beside a signature, and the titles of those who sign; the rest of a text was put there by someone.
const PROMPTS: [&str; 30] = [
    "正高级工程师",
    "高级工程师",
    "助理工程师",
    "工程师",
    "技术员",
    "教授级",
    "研究员",
    "职称",
    "职务",
    "签字",
    "签名",
    "签章",
    "盖章",
    "盖印",
    "公章",
    "印章",
    "单位",
    "部门",
    "负责人",
    "申报人",
    "承诺人",
    "经办人",
    "审核人",
    "日期",
    "时间",
    "手写",
    "章",
    "年",
    "月",
    "日",
];
/// Whether a text begins with what forms print, or with a number.
pub(super) fn begins_prompt(rest: &[char]) -> bool {
    let text: String = rest.iter().collect();
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    PROMPTS.iter().any(|p| text.starts_with(p)) || text.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether a text is more than prompts, numbers and punctuation: someone's name.
pub(crate) fn is_written(text: &str) -> bool {
    if is_date(text) {
        return false;
    }
    let mut rest: String = text.chars().filter(|c| c.is_alphanumeric() && !c.is_ascii_digit()).collect();
    for word in PROMPTS {
        rest = rest.replace(word, "");
    }
    !rest.is_empty()
}

/// Whether a text is a date and nothing else; one character between the year and the day's end may be misread
/// (2022年7月2田). What stands behind the date is more than it.
pub(super) fn is_date(text: &str) -> bool {
    let bare: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
    let strange: Vec<usize> =
        (0..bare.len()).filter(|i| !bare[*i].is_ascii_digit() && !"年月日".contains(bare[*i])).collect();
    let year = bare.iter().position(|c| *c == '年').filter(|_| bare.contains(&'月'));
    match strange.as_slice() {
        [] => !bare.is_empty(),
        [one] => year.is_some_and(|y| y >= 4 && *one > y) && !bare[..*one].contains(&'日'),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts_and_dates_are_no_name() {
        for (text, is) in [
            ("（公章）", false),
            ("高级工程师", false),
            ("职称：正高级工程师", false),
            ("2024年11月6日", false),
            ("年 月 日", false),
            ("2022年7月2田", false),
            ("王2022年7月25日", true),
            ("2022年7月25日王", true),
            ("7月王林", true),
            ("宋天佑", true),
            ("王 2024年", true),
        ] {
            assert_eq!(is_written(text), is, "{text}");
        }
    }
}
