//! Values of fields against what a notice allows.

use unicode_normalization::UnicodeNormalization;

use crate::pack::rules::fields::ValueRule;

/// A text with fewer characters was not read, or is too short to look for topics in.
const LEAST_TEXT: usize = 60;
/// Longest share of characters by which two wordings of one value may differ through misreading: one in five.
const MISREAD_IN: usize = 5;

/// What is the matter with a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// In words that end a sentence: `不在规定的……之内`.
    Value(String),
    /// Topics of which no word was found.
    Topics(Vec<String>),
}

/// Full width to half width, without spaces and punctuation.
pub(crate) fn bare(text: &str) -> String {
    text.nfkc().filter(|c| c.is_alphanumeric()).collect()
}

/// Values that say that there is none.
fn is_none(bare: &str) -> bool {
    matches!(bare, "" | "无" | "没有" | "暂无")
}

/// Whether two values differ by no more than a reader's slips.
pub(crate) fn is_near(a: &str, b: &str) -> bool {
    let longest = a.chars().count().max(b.chars().count());
    strsim::levenshtein(a, b) <= (longest / MISREAD_IN).max(1).min(longest.saturating_sub(1))
}

/// What is wrong with a value; `others` are what other forms say, for [`ValueRule::SameAs`].
pub(crate) fn fault(text: &str, rule: &ValueRule, others: &[String]) -> Option<Fault> {
    let value = bare(text);
    let wrong = |what: String| Some(Fault::Value(what));
    match rule {
        ValueRule::Topics(topics) => {
            if value.chars().count() < LEAST_TEXT {
                return None;
            }
            let missing: Vec<String> = topics
                .iter()
                .filter(|words| !words.iter().any(|w| value.contains(&bare(w))))
                .filter_map(|words| words.first().cloned())
                .collect();
            // One of several may be said in other words; most of them not.
            (missing.len() * 2 > topics.len()).then_some(Fault::Topics(missing))
        }
        ValueRule::Empty => (!is_none(&value)).then(|| Fault::Value("此处应当空着".into())),
        // What is not there is `blank-field`'s matter.
        _ if is_none(&value) => None,
        ValueRule::OneOf(allowed) => {
            let fits = allowed.iter().map(|a| bare(a)).any(|a| value == a || is_near(&value, &a));
            // One of the choices among other words: a ticked list, a remark.
            let among = allowed.iter().filter(|a| value.contains(&bare(a))).count() == 1;
            if fits || (among && allowed.iter().any(|a| stands_in(text, &bare(a)))) {
                None
            } else {
                wrong(format!("不在规定的{}之内", allowed.join("、")))
            }
        }
        ValueRule::NoneOf(barred) => {
            let found = barred.iter().find(|b| value.contains(&bare(b)))?;
            wrong(format!("不得填{found}"))
        }
        ValueRule::Matches(regex) => {
            let plain: String = text.nfkc().filter(|c| !c.is_whitespace()).collect();
            if regex.is_match(&plain) { None } else { wrong("不合规定的写法".into()) }
        }
        ValueRule::AtMost(most, except) => {
            let count = value.chars().count();
            let listed = except.iter().map(|e| bare(e)).any(|e| is_near(&value, &e));
            if count <= usize::from(*most) || listed {
                None
            } else {
                wrong(format!("共{count}个字，超过{most}个字"))
            }
        }
        ValueRule::Between(least, most) => {
            let plain: String = text.nfkc().collect();
            let figures: String = plain
                .chars()
                .skip_while(|c| !c.is_ascii_digit())
                .take_while(|c| c.is_ascii_digit() || *c == '.')
                .collect();
            let number: f64 = figures.trim_end_matches('.').parse().ok()?;
            let inside = (f64::from(*least)..=f64::from(*most)).contains(&number);
            if inside { None } else { wrong(format!("不在{least}至{most}之间")) }
        }
        ValueRule::SameAs(of) => {
            let same =
                |o: &String| *o == value || is_near(o, &value) || o.contains(&value) || value.contains(o.as_str());
            let other = others.first()?;
            if others.iter().any(same) {
                None
            } else {
                wrong(format!("与其他表“{}”栏的“{other}”不一致", of.label))
            }
        }
    }
}

/// Whether a choice begins one of the text's parts (年度考核, 工程师任职资格), be it behind a misread tick (口年度) or a rank
/// (中级工程师); in 电气工程师 it is a part of another name.
fn stands_in(text: &str, choice: &str) -> bool {
    let plain: String = text.nfkc().collect();
    plain.split(|c: char| !c.is_alphanumeric()).map(bare).any(|part| {
        part.split_once(choice).is_some_and(|(before, _)| {
            before.chars().count() <= 1 || ["初级", "中级", "高级", "正高级", "副高级"].contains(&before)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use regex::Regex;

    fn list(items: &[&str]) -> Vec<String> {
        items.iter().map(|i| (*i).to_owned()).collect()
    }

    #[test]
    fn values_and_their_faults() {
        let levels = ValueRule::OneOf(list(&["技术员", "助理工程师", "工程师", "高级工程师"]));
        let kinds = ValueRule::OneOf(list(&["年度", "任职期满"]));
        let most = ValueRule::AtMost(8, list(&["机械设计制造及其自动化"]));
        let bureau = ValueRule::Matches(Regex::new("^.+(县|市|区).+局$").expect("sound"));
        let marks = ValueRule::Between(0, 25);
        for (text, rule, wrong) in [
            ("高级工程师", &levels, false),
            ("高 级 工 程 师", &levels, false),
            ("高级工程帅", &levels, false),
            ("大数据工程专业高级", &levels, true),
            ("无", &levels, false),
            ("工程师任职资格", &levels, false),
            ("中级工程师", &levels, false),
            ("大数据工程师", &levels, true),
            ("大数据 工程师", &levels, false),
            ("☑年度 □任职", &kinds, false),
            ("口年度考核", &kinds, false),
            ("试用期", &kinds, true),
            ("机械电子工程技术", &most, false),
            ("机械设计制造及其自动化", &most, false),
            ("工业自动化控制与信息化", &most, true),
            ("海宁市经济和信息化局", &bureau, false),
            ("经信局", &bureau, true),
            ("26.5分", &marks, true),
            ("25", &marks, false),
            ("良好", &marks, false),
        ] {
            assert_eq!(fault(text, rule, &[]).is_some(), wrong, "{text}");
        }
    }

    #[test]
    fn topics_need_one_word_each_and_a_text() {
        let rule = ValueRule::Topics(vec![list(&["简历", "参加工作"]), list(&["社会效益", "效益"]), list(&["学历"])]);
        assert_eq!(fault("太短", &rule, &[]), None);
        let text = "本人学历为大学本科。".repeat(10);
        assert_eq!(fault(&text, &rule, &[]), Some(Fault::Topics(list(&["简历", "社会效益"]))));
        assert_eq!(fault(&format!("{text}二〇一四年参加工作"), &rule, &[]), None);
    }

    proptest! {
        #[test]
        fn any_text_is_judged(text in "\\PC{0,30}") {
            let _ = fault(&text, &ValueRule::Between(0, 9), &[]);
            let _ = fault(&text, &ValueRule::OneOf(list(&["甲", "乙"])), &[]);
            prop_assert_eq!(fault(&text, &ValueRule::AtMost(100, vec![]), &[]), None);
        }
    }
}
