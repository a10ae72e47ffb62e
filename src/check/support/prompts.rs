//! Telling what was written into a box from what the form printed there.

/// Words that forms print into an opinion box (a committee's has a row for its votes); what is left of the text was
/// written by someone.
const PRINTED: [&str; 61] = [
    "不同意票",
    "同意票",
    "赞成票",
    "反对票",
    "弃权票",
    "评审委员会",
    "评委会",
    "评议组",
    "评委",
    "总人数",
    "出席人数",
    "参加人数",
    "到会人数",
    "应到人数",
    "实到人数",
    "表决人数",
    "人数",
    "票数",
    "表决结果",
    "表决",
    "赞成",
    "反对",
    "弃权",
    "副主任",
    "主任",
    "委员",
    "组长",
    "人力资源社会保障局",
    "人力资源和社会保障局",
    "专业技术职务",
    "任职资格",
    "负责人",
    "经办人",
    "审核人",
    "审查人",
    "复核人",
    "领导",
    "单位",
    "部门",
    "机构",
    "盖章",
    "盖印",
    "公章",
    "印章",
    "签章",
    "签字",
    "签名",
    "审核",
    "审查",
    "推荐",
    "鉴定",
    "意见",
    "主管",
    "人社局",
    "或",
    "加盖",
    "手写",
    "章",
    "年",
    "月",
    "日",
];
/// Fewer characters than this are a misread prompt.
const LEAST_WRITTEN: usize = 4;

/// What a box says in few words, so that a misread prompt is never taken for it.
const SHORT_ANSWERS: [&str; 11] =
    ["合格", "优秀", "称职", "胜任", "良好", "达标", "通过", "属实", "符合", "同意", "不同意"];
/// What forms print around 同意 without anyone having agreed.
const ASKS_FOR_CONSENT: [&str; 6] = ["是否同意", "同意与否", "同意或不同意", "同意不同意", "不同意同意", "同意否"];
/// Whose opinion a box is for.
const OFFICES: [&str; 8] = ["评委会", "评审委员会", "部门", "单位", "机构", "上级", "下级", "下一级"];
/// Longer than this, a text that begins with 无 says something else.
const LONGEST_NONE: usize = 14;

/// Whether someone filled in the box (wording, signature, date).
pub(crate) fn is_filled(text: &str) -> bool {
    let rest = left_over(text);
    rest.chars().count() >= LEAST_WRITTEN || SHORT_ANSWERS.contains(&rest.as_str())
}

/// What is left of a text without prompts, choices to be ticked, spaces and punctuation.
pub(crate) fn left_over(text: &str) -> String {
    let mut rest = without_choices(text);
    for word in PRINTED {
        rest = rest.replace(word, "");
    }
    rest
}

/// Whether the box says that there is no such office: it need be neither filled in further nor sealed.
pub(crate) fn says_none(text: &str) -> bool {
    let bare: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
    let Some(rest) = ["没有", "无"].iter().find_map(|w| bare.strip_prefix(w)) else {
        return bare == "不适用";
    };
    let opinion = ["异议", "意见", "同意", "问题"].iter().any(|w| rest.contains(w));
    let short = rest.chars().count() < LONGEST_NONE;
    rest.is_empty() || rest == "此项" || (short && !opinion && OFFICES.iter().any(|o| rest.contains(o)))
}

/// The text's letters and figures without printed choices (同意□ 不同意□) and questions (是否同意).
fn without_choices(text: &str) -> String {
    // An empty tick box reads as 口 or 囗 as often as not.
    let boxed = |c: char| matches!(c, '□' | '☐' | '○' | '◯' | '口' | '囗');
    let chars: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    let mut rest: String = text.chars().filter(|c| c.is_alphanumeric() && !boxed(*c)).collect();
    for question in ASKS_FOR_CONSENT {
        rest = rest.replace(question, "");
    }
    let word = |at: usize, word: &str| chars[at..].starts_with(&word.chars().collect::<Vec<_>>());
    // A tick box right before or behind the word: whether it is ticked, the text doesn't say.
    let choice = (0..chars.len()).any(|i| {
        word(i, "同意")
            && (chars.get(i + 2).is_some_and(|c| boxed(*c))
                || chars[..i].iter().rev().find(|c| **c != '不').is_some_and(|c| boxed(*c)))
    });
    if choice { rest.replace("不同意", "").replace("同意", "") } else { rest }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts_alone_are_an_empty_box() {
        for text in ["", "负责人签字：（公章）年 月 日", "单位（盖章）\n年　月　日", "负责人：\n经办人："]
        {
            assert!(!is_filled(text), "{text}");
        }
        let votes = "评委会总人数 出席人数 赞成票数 反对票数 弃权票数\n（盖章） 年 月 日";
        assert!(!is_filled(votes) && is_filled(&format!("{votes}\n经评审，同意推荐。")));
        for text in ["同意推荐。2024年10月12日", "该同志材料属实，同意推荐。（公章）", "2024年11月05日"]
        {
            assert!(is_filled(text), "{text}");
        }
    }

    #[test]
    fn consent_fills_a_box_and_a_choice_does_not() {
        for text in ["同意", "同意。", "同意推荐。", "同意推荐（公章）年 月 日", "不同意", "同意单位意见", "考核：合格"]
        {
            assert!(is_filled(text), "{text}");
        }
        for text in [
            "同意□ 不同意□",
            "□同意 □不同意",
            "同意口 不同意口 （公章）",
            "同意/不同意",
            "（是否同意推荐）",
            "是否同意：  负责人签字：",
            "同意与否",
        ] {
            assert!(!is_filled(text), "{text}");
        }
    }

    #[test]
    fn no_such_office_is_no_opinion() {
        for text in ["无", "无。", "无下一级评委会。", "没有主管部门", "无此项", "不适用"] {
            assert!(says_none(text), "{text}");
        }
        for text in
            ["", "无异议。", "无不同意见，单位同意推荐", "无下一级评委会，由市局审核后直接上报省评委会评审。", "同意"]
        {
            assert!(!says_none(text), "{text}");
        }
    }
}
