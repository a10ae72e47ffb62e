//! A page known again by its text, whatever its file and number, also where it was scanned anew.

use crate::model::report::ReportedLine;

/// Hashes kept of a page: with 64, two pages' likeness is known to about 0.06.
const KEPT: usize = 64;
/// A page with fewer different pairs of characters (a seal's page, a photo) can't be told from another.
const FEWEST: usize = 12;

/// The lowest hashes of a page's pairs of neighbouring characters, sorted; empty where the page bears too little.
/// They hold no readable text.
#[must_use]
pub(super) fn page_text(lines: &[ReportedLine]) -> Vec<u32> {
    let mut all = Vec::new();
    for line in lines {
        let mut last = None;
        // Punctuation and spaces are what two readings of one page differ in most.
        for c in line.text.chars().filter(|c| c.is_alphanumeric()) {
            if let Some(last) = last.replace(c) {
                all.push(hash(last, c));
            }
        }
    }
    all.sort_unstable();
    all.dedup();
    if all.len() < FEWEST {
        all.clear();
    }
    all.truncate(KEPT);
    all
}

/// How alike two findings' pages are: [`alike`] of the two that are most so.
pub(super) fn likeness(a: &[Vec<u32>], b: &[Vec<u32>]) -> Option<f32> {
    a.iter().flat_map(|a| b.iter().filter_map(|b| alike(a, b))).reduce(f32::max)
}

/// The share of pairs that two pages have in common, 0 to 1; none where either page can't be told.
fn alike(a: &[u32], b: &[u32]) -> Option<f32> {
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let (mut i, mut j, mut seen, mut common) = (0, 0, 0u16, 0u16);
    while seen < KEPT as u16 && (i < a.len() || j < b.len()) {
        let (x, y) = (a.get(i), b.get(j));
        match (x, y) {
            (Some(x), Some(y)) if x == y => {
                common += 1;
                i += 1;
                j += 1;
            }
            (Some(x), Some(y)) if x < y => i += 1,
            (Some(_), None) => i += 1,
            _ => j += 1,
        }
        seen += 1;
    }
    Some(f32::from(common) / f32::from(seen.max(1)))
}

/// Part of the record of rounds: a change here makes every page of an earlier round unknown.
fn hash(a: char, b: char) -> u32 {
    let mut bits = u64::from(u32::from(a)) << 32 | u64::from(u32::from(b));
    for factor in [0xff51_afd7_ed55_8ccd, 0xc4ce_b9fe_1a85_ec53] {
        bits = (bits ^ bits >> 33).wrapping_mul(factor);
    }
    ((bits ^ bits >> 33) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::geometry::Rect;

    fn page(text: &str) -> Vec<u32> {
        let line = |text: &str| ReportedLine { text: text.into(), rect: Rect::PAGE, confidence: 0.9 };
        page_text(&text.split('/').map(line).collect::<Vec<_>>())
    }

    const CERTIFICATE: &str = "普通高等学校毕业证书/学生栾志鹏性别男一九八五年三月生/于二〇〇三年九月至二〇〇七年七月在本校计算机科学与技术专业四年制本科学习/修完教学计划规定的全部课程成绩合格准予毕业/证书编号101181200705002211";

    #[test]
    fn a_page_read_again_is_known_and_another_is_not() {
        let misread = CERTIFICATE.replace("三月", "五月").replace('2', "Z").replace("合格", "合 格，");
        let again = alike(&page(CERTIFICATE), &page(&misread)).expect("text enough");
        assert!(again > 0.7, "{again}");
        let other = "聘任文件/关于聘任栾志鹏等同志专业技术职务的通知/各科室经研究决定聘任以下同志为助理工程师聘期三年自二〇一五年一月起";
        let other = alike(&page(CERTIFICATE), &page(other)).expect("text enough");
        assert!(other < 0.2, "{other}");
        assert_eq!(alike(&page(CERTIFICATE), &page(CERTIFICATE)), Some(1.0));
    }

    #[test]
    fn pages_of_a_few_characters_are_not_compared() {
        assert_eq!(alike(&page("公示照片"), &page("公示照片")), None);
    }
}
