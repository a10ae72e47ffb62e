//! 学历 and how forms and rosters word it.

use serde::{Deserialize, Serialize};

/// 学历: the highest one, as notices grade it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Education {
    #[serde(rename = "中级工班")]
    TechnicalSecondary,
    #[serde(rename = "中专")]
    Secondary,
    #[serde(rename = "高级工班")]
    TechnicalCollege,
    #[serde(rename = "专科")]
    College,
    #[serde(rename = "预备技师班")]
    TechnicalBachelor,
    #[serde(rename = "本科")]
    Bachelor,
    #[serde(rename = "第二学士")]
    SecondBachelor,
    #[serde(rename = "硕士")]
    Master,
    #[serde(rename = "博士")]
    Doctor,
}

impl Education {
    /// The highest education a cell names; none where it names none of these, or one that was not finished.
    ///
    /// A school's name is no education: 浙江大学 says nothing, 大学 alone is 本科.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        // From the highest down; within a line any of the words.
        const WORDS: [(Education, &[&str]); 9] = [
            (Education::Doctor, &["博士"]),
            (Education::Master, &["硕士", "研究生"]),
            (Education::SecondBachelor, &["第二学士", "双学士", "双学位"]),
            (Education::Bachelor, &["本科", "学士", "专升本", "大学毕业", "大学学历"]),
            (Education::TechnicalBachelor, &["预备技师", "技师班", "技师（班）"]),
            (Education::College, &["专科", "大专", "高职"]),
            (Education::TechnicalCollege, &["高级工班", "高级技工班", "高级工（班）"]),
            (Education::Secondary, &["中专", "中等专业", "中等职业", "中职", "职业高中", "职高"]),
            (Education::TechnicalSecondary, &["中级工班", "中级技工班", "中技", "技工学校", "技校"]),
        ];
        const UNFINISHED: [&str; 4] = ["肄业", "结业", "在读", "进修"];
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        if UNFINISHED.iter().any(|w| text.contains(w)) {
            return None;
        }
        if text == "大学" {
            return Some(Self::Bachelor);
        }
        WORDS.iter().find(|(_, words)| words.iter().any(|w| text.contains(w))).map(|(education, _)| *education)
    }
}

#[cfg(test)]
mod tests {
    use super::Education;

    #[test]
    fn the_highest_named_counts() {
        for (text, education) in [
            ("大学本科/学士", Some(Education::Bachelor)),
            ("大学", Some(Education::Bachelor)),
            ("大学专科", Some(Education::College)),
            ("硕士研究生", Some(Education::Master)),
            ("博士研究生", Some(Education::Doctor)),
            ("浙江大学", None),
            ("本科肄业", None),
            ("高中", None),
        ] {
            assert_eq!(Education::named(text), education, "{text}");
        }
    }
}
