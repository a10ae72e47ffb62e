//! Names of units compared, with what readers make of a seal's rim.

use super::values::bare;

/// How a unit as written stands to its full name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Relation {
    /// The full name, a reader's slip apart, with or without a department.
    Same,
    /// Its characters in order, some left out.
    Short,
    Other,
}

/// Fewer characters left out are a reader's slip.
const LEFT_OUT: usize = 2;

pub(crate) fn relation(written: &str, full: &str) -> Relation {
    let (a, b) = (bare(written), bare(full));
    let (short, long) = (a.chars().count(), b.chars().count());
    if a.is_empty() || a.contains(&b) || strsim::levenshtein(&a, &b) <= (long / 6).max(1) {
        return Relation::Same;
    }
    // Beginning with the full name misread, followed by a department.
    let head: String = a.chars().take(long).collect();
    if short > long && strsim::levenshtein(&head, &b) <= (long / 6).max(1) {
        return Relation::Same;
    }
    let mut rest = b.chars();
    let in_order = a.chars().all(|c| rest.any(|r| r == c));
    if in_order && short >= 2 && short + LEFT_OUT <= long { Relation::Short } else { Relation::Other }
}

/// Whether a name is the one on a seal, whose rim is read with a slip in five or six characters.
pub(crate) fn agrees(name: &str, seal: &str) -> bool {
    let (a, b) = (bare(name), bare(seal));
    let long = a.chars().count().max(b.chars().count());
    long >= 4 && strsim::levenshtein(&a, &b) <= long / 5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_names_against_the_full_one() {
        let full = "阳泉市澜科大数据科技有限公司";
        for (written, expected) in [
            ("阳泉市澜科大数据科技有限公司", Relation::Same),
            ("阳泉市润科大数据科技有限公司", Relation::Same),
            ("阳泉市澜科大数据科技有限公司（数据部）", Relation::Same),
            ("阳泉市润科大数据科技有限公司技术研发部", Relation::Same),
            ("澜科大数据公司", Relation::Short),
            ("澜科大数据", Relation::Short),
            ("阳泉市城区数字经济发展促进中心", Relation::Other),
        ] {
            assert_eq!(relation(written, full), expected, "{written}");
        }
        assert_eq!(relation("县工信局", "武乡县工业和信息化局"), Relation::Short);
    }

    #[test]
    fn seals_are_read_with_slips() {
        assert!(agrees("阳泉市澜科大数据科技有限公司", "阳泉市测科大数把科技有限公司"));
        assert!(!agrees("澜科大数据公司", "阳泉市澜科大数据科技有限公司"));
        assert!(!agrees("阳泉市城区人社局", "阳泉市郊区公共就业和人才服务中心"));
    }
}
