//! Text folded for comparison, and comparison that forgives single misread characters.

use unicode_normalization::UnicodeNormalization;

/// The characters that carry meaning: compatibility forms unified, spaces and punctuation dropped, Latin upper-cased.
pub(super) fn fold(text: &str) -> Vec<char> {
    // Most text needs no unifying, which is what costs.
    if text.chars().all(|c| c.is_ascii() || is_common(c)) {
        let kept = text.chars().filter(|c| !c.is_ascii() || c.is_ascii_alphanumeric());
        return kept.map(|c| c.to_ascii_uppercase()).collect();
    }
    unified(text)
}

/// The Chinese characters of the main block: letters without case that have no other form.
fn is_common(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

fn unified(text: &str) -> Vec<char> {
    text.nfkc().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// [`fold`] as a string, for plain searching.
pub(super) fn folded(text: &str) -> String {
    fold(text).into_iter().collect()
}

/// The text without a bracketed remark at its end: 聘书（复印件）, 目录(一).
pub(super) fn without_remark(text: &str) -> &str {
    let text = text.trim_end();
    if !text.ends_with(['）', ')', '】', ']']) {
        return text;
    }
    match text.rfind(['（', '(', '【', '[']) {
        Some(at) if at > 0 => text[..at].trim_end(),
        _ => text,
    }
}

/// The best place of `needle` inside `hay`, by edit distance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Near {
    /// Characters inserted, dropped or replaced.
    pub(super) distance: usize,
    /// Where the match ends in `hay`, exclusive.
    pub(super) end: usize,
}

/// Finds `needle` in `hay` with the fewest edits (Sellers' algorithm); of equal places the last.
pub(super) fn near(hay: &[char], needle: &[char]) -> Near {
    let mut above: Vec<usize> = vec![0; hay.len() + 1];
    for (i, n) in needle.iter().enumerate() {
        let mut row = vec![i + 1; hay.len() + 1];
        for (j, h) in hay.iter().enumerate() {
            row[j + 1] = (above[j] + usize::from(n != h)).min(above[j + 1] + 1).min(row[j] + 1);
        }
        above = row;
    }
    let mut best = Near { distance: above[0], end: 0 };
    for (end, distance) in above.iter().copied().enumerate() {
        if distance <= best.distance {
            best = Near { distance, end };
        }
    }
    best
}

/// How well a heading bears a title, 0 (not at all) to 1 (it is the title).
///
/// `…` in a title stands for any text. Titles of up to three characters must be the whole heading (证明, 目录 occur in
/// every sentence); longer ones may have one misread character in four and stand at the end of a longer heading
/// (山西省专业技术人员考核登记表), less surely at its beginning or inside.
pub(super) fn bears(heading: &[char], title: &Title) -> f32 {
    if heading.is_empty() || heading.len() > LONGEST_HEADING {
        return 0.0;
    }
    match title.parts.as_slice() {
        [only] => bears_plain(heading, only),
        parts => bears_parts(heading, parts),
    }
}

/// A title prepared for comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Title {
    parts: Vec<Vec<char>>,
    marks: u64,
}

/// One bit for each character of a text; different characters may share one.
pub(super) fn marks(text: &[char]) -> u64 {
    text.iter().fold(0, |bits, c| bits | 1 << (u32::from(*c).wrapping_mul(0x9e37_79b1) >> 26))
}

impl Title {
    pub(super) fn new(text: &str) -> Self {
        let parts: Vec<Vec<char>> = text.split('…').map(fold).filter(|p| !p.is_empty()).collect();
        let marks = parts.iter().fold(0, |bits, p| bits | marks(p));
        Self { parts, marks }
    }

    /// Whether a heading with these [`marks`] may bear it: false where so many characters are missing that [`bears`]
    /// is 0.
    pub(super) fn may_head(&self, heading: u64) -> bool {
        (self.marks & !heading).count_ones() as usize <= self.len() / 4
    }

    /// Characters of the title, without what `…` stands for.
    pub(super) fn len(&self) -> usize {
        self.parts.iter().map(Vec::len).sum()
    }
}

/// Headings do not run longer than two lines of large type; what is longer is a sentence.
const LONGEST_HEADING: usize = 48;
/// A heading that ends with a longer title is nearly as good as the title alone.
const AT_END: f32 = 0.95;

fn bears_plain(heading: &[char], title: &[char]) -> f32 {
    let (n, m) = (heading.len(), title.len());
    if m < 4 {
        return if heading == title { 1.0 } else { 0.0 };
    }
    if n + m / 4 < m || title.iter().filter(|c| heading.contains(c)).count() + m / 4 < m {
        return 0.0;
    }
    let found = near(heading, title);
    if found.distance > m / 4 || found.end == 0 {
        return 0.0;
    }
    // One wrong character in a short title often makes another document's title (学位证书, 学历证书).
    let mut quality = 1.0 - 2.0 * found.distance as f32 / m as f32;
    if heading[found.end - 1] != title[m - 1] {
        quality *= 0.5;
    }
    let covered = m as f32 / n.max(m) as f32;
    let place = if found.end == n {
        if covered >= 0.99 { 1.0 } else { AT_END.min(0.8 + 0.3 * covered) }
    } else {
        0.25 + 0.5 * covered
    };
    (quality * place).max(0.0)
}

fn bears_parts(heading: &[char], parts: &[Vec<char>]) -> f32 {
    let mut from = 0;
    let mut first = 0;
    for (i, part) in parts.iter().enumerate() {
        let Some(at) = heading[from..].windows(part.len()).position(|w| w == part.as_slice()) else { return 0.0 };
        if i == 0 {
            first = at;
        }
        from += at + part.len();
    }
    // 关于聘任…的通知 may follow the unit's name but must close the heading.
    let closes = from == heading.len();
    match (first, closes) {
        (0, true) => AT_END,
        (_, true) => 0.85,
        (0, false) => 0.5,
        _ => 0.3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(heading: &str, title: &str) -> f32 {
        bears(&fold(heading), &Title::new(title))
    }

    #[test]
    fn common_characters_need_no_unifying() {
        let each = ('\0'..='\u{7f}').chain('\u{4e00}'..='\u{9fff}');
        assert!(each.map(String::from).all(|c| fold(&c) == unified(&c)));
        assert_eq!(fold("a 1：毕业（证）"), unified("a 1：毕业（证）"));
    }

    #[test]
    fn a_title_that_is_borne_may_head() {
        let titles = ["毕业证书", "证明", "关于聘任…的通知", "专业技术人员考核登记表", "目录"].map(Title::new);
        let headings =
            ["毕业证书", "学历证书", "毕业证", "证明", "关于聘任张三的通知", "专业技木人员考核登记表", "目录", "会议"];
        for heading in headings.map(fold) {
            for title in &titles {
                assert!(bears(&heading, title) == 0.0 || title.may_head(marks(&heading)), "{heading:?} {title:?}");
            }
        }
        assert!(!titles[0].may_head(marks(&fold("目录"))));
    }

    #[test]
    fn spaces_width_and_brackets_do_not_matter() {
        assert_eq!(score("荣  誉　证 书", "荣誉证书"), 1.0);
        assert_eq!(score("《毕业证书》", "毕业证书"), 1.0);
        assert_eq!(without_remark("聘书（复印件）"), "聘书");
        assert_eq!(without_remark("（2018年度）"), "（2018年度）");
    }

    #[test]
    fn a_misread_character_is_forgiven_but_costs() {
        let right = score("山西省专业技术人员考核登记表", "专业技术人员考核登记表");
        let slip = score("山西省专业技木人员考核登记表", "专业技术人员考核登记表");
        assert!(right > 0.9 && slip > 0.6 && slip < right, "{right} {slip}");
        assert!(score("学历证书", "学位证书") < 0.6);
        assert_eq!(score("审核意见", "鉴定意见"), 0.0);
    }

    #[test]
    fn short_titles_must_be_the_whole_heading() {
        assert_eq!(score("证  明", "证明"), 1.0);
        assert_eq!(score("特此证明", "证明"), 0.0);
    }

    #[test]
    fn a_title_inside_a_sentence_counts_little() {
        assert!(score("公示期满后出具鉴定意见并装入评审材料归档备查", "鉴定意见") < 0.4);
        assert!(score("专业技术职务任职资格评审材料", "专业技术职务任职资格评审表") < 0.5);
    }

    #[test]
    fn gaps_stand_for_any_text() {
        assert!(score("关于聘任张三等同志专业技术职务的通知", "关于聘任…的通知") > 0.9);
        assert!(score("某某公司关于推荐李四同志申报工程师的报告", "关于推荐…的报告") > 0.8);
        assert_eq!(score("关于召开会议的通知", "关于聘任…的通知"), 0.0);
    }
}
