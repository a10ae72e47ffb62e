//! Traditional characters to simplified ones: a brush or 楷体 title makes the recogniser answer in the other script.
//!
//! Notices, forms and the papers they ask for are written in simplified characters. Only traditional forms that are no
//! simplified characters themselves are replaced (not 著, 乾, 後), and none that the table of standard characters
//! (通用规范汉字表, 2013) keeps for names (昇, 喆, 堃). The pairs are from OpenCC (Apache-2.0).

use std::collections::HashMap;
use std::sync::LazyLock;

/// Pairs of characters, traditional then simplified.
const PAIRS: &str = include_str!("simplified.txt");

static SIMPLIFIED: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let mut chars = PAIRS.chars().filter(|c| !c.is_whitespace());
    let mut pairs = HashMap::new();
    while let (Some(traditional), Some(simplified)) = (chars.next(), chars.next()) {
        pairs.insert(traditional, simplified);
    }
    pairs
});

/// The simplified form of a traditional character, any other character as it is.
pub(super) fn simplified(c: char) -> char {
    SIMPLIFIED.get(&c).copied().unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> String {
        text.chars().map(simplified).collect()
    }

    #[test]
    fn traditional_titles_become_simplified() {
        assert_eq!(of("陽泉市工程系列大數據專業初級評審綜合考評表"), "阳泉市工程系列大数据专业初级评审综合考评表");
        assert_eq!(of("教育部學歷證書電子註冊備案表"), "教育部学历证书电子注册备案表");
    }

    #[test]
    fn what_is_simplified_or_a_name_stays() {
        for text in ["著作、论文", "乾县", "李昇", "王喆", "於潜", "2024年丑月6日 ABC"] {
            assert_eq!(of(text), text);
        }
    }

    #[test]
    fn no_pair_leads_on_to_another() {
        assert!(SIMPLIFIED.values().all(|s| simplified(*s) == *s));
        assert!(SIMPLIFIED.len() > 2000);
    }
}
