//! Telling what was written into a box from what the form printed there.

/// Words that forms print into an opinion box; what is left of the text was written by someone.
const PRINTED: [&str; 34] = [
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

/// Whether someone filled in the box (wording, signature, date).
pub(crate) fn is_filled(text: &str) -> bool {
    let mut rest: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
    for word in PRINTED {
        rest = rest.replace(word, "");
    }
    rest.chars().count() >= LEAST_WRITTEN
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
        for text in ["同意推荐。2024年10月12日", "该同志材料属实，同意推荐。（公章）", "2024年11月05日"]
        {
            assert!(is_filled(text), "{text}");
        }
    }
}
