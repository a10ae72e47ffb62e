//! The highest education that the applicant's own forms name, where the roster leaves it open.

use crate::model::material::Material;
use crate::model::packet::{Education, PacketFacts};
use crate::pack::rules::{FieldKind, FormField, RulePack};

use super::cells::PageCells;
use super::labels::Vocabulary;
use super::{columns, fields};

/// How forms word the cell that names it.
const LABELS: [&str; 14] = [
    "学历",
    "最高学历",
    "文化程度",
    "学历学位",
    "学历及学位",
    "学历（学位）",
    "现学历",
    "毕业学历",
    "所学学历",
    "学位",
    "最高学位",
    "何时何校何专业毕业",
    "何时何院校何专业毕业",
    "何时何校何专业毕（肄）业获何学位及修业年限",
];
/// Below this a cell may name another education than was read.
const SURE: f32 = 0.7;
/// The same of one that looks written by hand.
const SURE_BY_HAND: f32 = 0.9;

/// The highest education on the 评审表 and the 情况综合表; unknown where a cell may have been misread.
pub(super) fn highest(facts: &PacketFacts, pack: &RulePack) -> Option<Education> {
    let own = |m: Material| matches!(m, Material::ReviewForm | Material::SummaryForm);
    let labels: Vec<String> = LABELS.iter().map(|l| (*l).to_owned()).collect();
    let asked = |column| FormField { labels: labels.clone(), kind: FieldKind::Text, column };
    let mut values = Vec::new();
    for span in facts.spans.iter().filter(|s| own(s.material) && !pack.is_earlier(s)) {
        let forms: Vec<_> = pack.forms.iter().filter(|f| f.material == span.material).collect();
        let words = Vocabulary::of(&forms);
        let pages: Vec<PageCells<'_>> =
            span.pages.clone().filter_map(|i| facts.page(i).map(|page| PageCells::new(i, page))).collect();
        values.extend(fields::read(&pages, &asked(false), &words));
        values.extend(columns::read(&pages, &asked(true), &words));
    }
    let named: Vec<(Education, bool)> = values
        .iter()
        .filter_map(|v| {
            Education::named(&v.text)
                .map(|e| (e, v.confidence >= if v.hand { SURE_BY_HAND } else { SURE } && !v.obscured))
        })
        .collect();
    let highest = named.iter().map(|(e, _)| *e).max()?;
    named.iter().any(|(e, sure)| *e == highest && *sure).then_some(highest)
}

#[cfg(test)]
mod tests {
    use crate::extract::sketch::{Sketch, read};
    use crate::model::packet::Education;

    fn of(page: Sketch) -> Option<Education> {
        read(vec![page]).applicant.education
    }

    #[test]
    fn a_labelled_cell_names_it() {
        let cell = |text: &str| {
            Sketch::new().grid(&[20.0, 60.0, 150.0], &[50.0, 62.0]).line(24.0, 54.0, "最高学历").line(70.0, 54.0, text)
        };
        assert_eq!(of(cell("大学本科")), Some(Education::Bachelor));
        assert_eq!(of(cell("研究生")), Some(Education::Master));
        assert_eq!(of(cell("浙江大学")), None, "a school is no education");
        assert_eq!(of(Sketch::new().line(20.0, 50.0, "本人毕业于某大学本科")), None);
    }

    #[test]
    fn the_highest_of_a_column_counts() {
        let page = Sketch::new()
            .grid(&[20.0, 70.0, 120.0], &[50.0, 62.0, 74.0, 86.0])
            .line(24.0, 54.0, "学习院校")
            .line(80.0, 54.0, "学历")
            .line(24.0, 66.0, "某学校")
            .line(80.0, 66.0, "大专")
            .line(24.0, 78.0, "某大学")
            .line(80.0, 78.0, "本科");
        assert_eq!(of(page), Some(Education::Bachelor));
    }
}
