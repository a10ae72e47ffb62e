//! What an opinion says: its own words apart from signature and date, wordings asked for, levels and clauses named.

use std::sync::LazyLock;

use regex::Regex;

use super::passage::folded;
use crate::model::packet::Level;
use crate::pack::rules::content::Wording;

/// Prompts that part an opinion from its signature, seal and date.
const CLOSINGS: [&str; 13] = [
    "负责人",
    "经办人",
    "审核人",
    "审查人",
    "签字",
    "签名",
    "签章",
    "(公章",
    "(盖章",
    "(盖印",
    "(单位公章",
    "盖章",
    "公章",
];
/// What agreement is worded in; an opinion of nothing else is bare.
const AGREEMENT: [&str; 40] = [
    "工程系列",
    "专业技术职务",
    "专业技术职称",
    "专业技术",
    "任职资格",
    "高级工程师",
    "助理工程师",
    "工程师",
    "技术员",
    "情况属实",
    "材料属实",
    "材料真实",
    "真实有效",
    "集体研究",
    "研究决定",
    "该同志",
    "本单位",
    "我单位",
    "属实",
    "同意",
    "推荐",
    "上报",
    "呈报",
    "申报",
    "评审",
    "参加",
    "参评",
    "晋升",
    "审核",
    "审查",
    "研究",
    "情况",
    "材料",
    "职称",
    "资格",
    "意见",
    "单位",
    "同志",
    "特此",
    "负责人",
];
/// Fewer characters than this left over are noise.
const LEAST_SAID: usize = 4;
/// What `…` in a wording may stand for, at most.
const GAP: usize = 15;

/// Whether a text says something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Said {
    No,
    /// A part of the wording, or the wording but for a character: misread, or worded otherwise.
    Nearly,
    Yes,
}

/// The opinion itself, white space left out: what stands before the first prompt for a signature or seal, dates cut off.
/// Where nothing does (the prompts were read first), all that is no prompt.
pub(crate) fn body(text: &str) -> String {
    static DATE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\d{0,4}年\d{0,2}月\d{0,2}日?").expect("a fixed pattern"));
    let text: String = folded(text).into_iter().collect();
    let end = CLOSINGS.iter().filter_map(|c| text.find(c)).min().unwrap_or(text.len());
    let head = DATE.replace_all(&text[..end], "").into_owned();
    if says_anything(&head) {
        return head;
    }
    let whole = DATE.replace_all(&text, "").into_owned();
    CLOSINGS.iter().fold(whole, |rest, word| rest.replace(word, ""))
}

/// Whether a line asks for a signature, seal or date.
pub(crate) fn is_prompt(text: &str) -> bool {
    let text: String = folded(text).into_iter().collect();
    CLOSINGS.iter().any(|c| text.contains(c))
}

fn says_anything(text: &str) -> bool {
    text.chars().filter(|c| c.is_alphanumeric()).count() >= 2
}

/// Whether the opinion is nothing but agreement.
pub(crate) fn is_bare(body: &str) -> bool {
    let rest = AGREEMENT.iter().fold(body.to_owned(), |rest, word| rest.replace(word, ""));
    let left = rest.chars().filter(|c| c.is_alphanumeric() && !"经其的为".contains(*c)).count();
    (body.contains("同意") || body.contains("属实")) && left < LEAST_SAID
}

/// Whether a text (white space left out) says it one way or another.
pub(crate) fn says(text: &str, wording: &Wording) -> Said {
    wording.any.iter().map(|w| says_word(text, w)).max().unwrap_or(Said::No)
}

fn says_word(text: &str, word: &str) -> Said {
    let parts: Vec<String> = word.split('…').map(|p| folded(p).into_iter().collect()).collect();
    if in_order(text, &parts) {
        return Said::Yes;
    }
    let text: Vec<char> = text.chars().collect();
    let nearly = |part: &String| {
        let part: Vec<char> = part.chars().collect();
        let off = |w: &[char]| w.iter().zip(&part).filter(|(a, b)| a != b).count();
        let misread = part.len() >= 4 && text.windows(part.len()).any(|w| off(w) <= part.len() / 4);
        // 意推 of 同意推荐: the rest may lie under a seal. 同意 alone is what the clause complains of.
        let torn = part.len() >= 4 && part.windows(2).skip(1).any(|pair| text.windows(2).any(|w| w == pair));
        misread || torn
    };
    if parts.iter().all(nearly) { Said::Nearly } else { Said::No }
}

fn in_order(text: &str, parts: &[String]) -> bool {
    let Some((first, rest)) = parts.split_first() else { return true };
    text.match_indices(first.as_str()).any(|(at, _)| {
        let mut tail = &text[at + first.len()..];
        rest.iter().all(|part| match tail.find(part.as_str()) {
            Some(gap) if tail[..gap].chars().count() <= GAP => {
                tail = &tail[gap + part.len()..];
                true
            }
            _ => false,
        })
    })
}

/// Levels that the text says are applied for, in its order; 中级 and the like stand for their levels.
pub(crate) fn levels(text: &str) -> Vec<Vec<Level>> {
    static NAMED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?:申报|推荐|晋升|参评)[^。;,，；]{0,14}?(正高级|高级工程师|助理工程师|工程师|技术员|副高级|高级|中级|初级|助理级|员级)",
        )
        .expect("a fixed pattern")
    });
    NAMED
        .captures_iter(text)
        .filter_map(|c| c.get(1))
        .map(|m| match m.as_str() {
            "正高级" => vec![],
            "高级工程师" | "副高级" | "高级" => vec![Level::SeniorEngineer],
            "工程师" | "中级" => vec![Level::Engineer],
            "助理工程师" | "助理级" => vec![Level::AssistantEngineer],
            "技术员" | "员级" => vec![Level::Technician],
            _ => vec![Level::AssistantEngineer, Level::Technician],
        })
        .collect()
}

/// What a level is called.
pub(crate) const fn level_name(level: Level) -> &'static str {
    match level {
        Level::Technician => "技术员",
        Level::AssistantEngineer => "助理工程师",
        Level::Engineer => "工程师",
        Level::SeniorEngineer => "高级工程师",
    }
}

/// Whether the text cites clauses: 第三条, 第（2）款, 符合……（1）、（3）, 三（四）.
pub(crate) fn cites(text: &str) -> bool {
    static CITED: LazyLock<Regex> = LazyLock::new(|| {
        let n = "[0-9一二三四五六七八九十]";
        Regex::new(&format!(
            r"第?[(（]?{n}+[)）]?(?:[、,，和][(（]?{n}+[)）]?)*[条款项]|第[(（]{n}+[)）]|{n}[(（]{n}+[)）]|(?:符合|满足|具备|对照|条件)[^。;；]{{0,25}}[(（]{n}+[)）]"
        ))
        .expect("a fixed pattern")
    });
    CITED.find_iter(text).any(|m| !m.as_str().chars().any(|c| c == '项') || m.as_str().contains(['第', '(', '（']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn wording(any: &[&str]) -> Wording {
        Wording { name: any[0].into(), any: any.iter().map(|w| (*w).to_owned()).collect() }
    }

    #[test]
    fn the_opinion_ends_where_the_signature_begins() {
        for (text, expected) in [
            (
                "经审核，情况属实，\n同意推荐。\n负责人签字：\n顾延庆\n（公章）\n2024年11月4日",
                "经审核,情况属实,同意推荐。",
            ),
            ("负责人签字：（公章）同意。2024年11月4日", "同意。"),
            ("年 月 日", ""),
        ] {
            assert!(body(text).contains(expected) || body(text) == expected, "{text}: {}", body(text));
        }
    }

    #[test]
    fn bare_agreement() {
        for text in ["同意", "同意。", "情况属实，同意申报工程师。", "经审核，同意推荐参加评审。", "同意上报"]
        {
            assert!(is_bare(&body(text)), "{text}");
        }
        for text in ["", "该同志政治立场坚定，工作能力较强，同意申报。", "符合申报条件，业绩突出，同意推荐。"]
        {
            assert!(!is_bare(&body(text)), "{text}");
        }
    }

    #[test]
    fn wordings() {
        let asked = wording(&["同意推荐", "推荐…参加评审"]);
        for (text, expected) in [
            ("经审核,同意推荐。", Said::Yes),
            ("现推荐该同志参加评审。", Said::Yes),
            ("同意椎荐。", Said::Nearly),
            ("意推", Said::Nearly),
            ("同意。", Said::No),
            ("", Said::No),
        ] {
            assert_eq!(says(text, &asked), expected, "{text}");
        }
    }

    #[test]
    fn levels_applied_for() {
        use Level::*;
        for (text, expected) in [
            ("现任助理工程师,同意其申报工程师。", vec![vec![Engineer]]),
            ("符合申报高级工程师的规定条件", vec![vec![SeniorEngineer]]),
            ("同意推荐申报大数据专业助理工程师", vec![vec![AssistantEngineer]]),
            ("同意申报中级职称", vec![vec![Engineer]]),
            ("同意申报。工程师", vec![]),
        ] {
            assert_eq!(levels(text), expected, "{text}");
        }
    }

    #[test]
    fn clauses() {
        for text in ["符合工作能力第(1)条", "符合三(四)2", "符合业绩成果条件中的第三款、第五款", "业绩成果符合(1)、(3)"]
        {
            assert!(cites(text), "{text}");
        }
        for text in ["符合申报条件", "完成项目3项", "(一)思想品德方面"] {
            assert!(!cites(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "\\PC{0,80}") {
            let own = body(&text);
            let _ = (is_bare(&own), says(&own, &wording(&["同意…推荐"])), levels(&own), cites(&own));
        }
    }
}
