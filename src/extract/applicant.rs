//! What the 评审表 says of the applicant, where the roster leaves it open.

use unicode_normalization::UnicodeNormalization;

use crate::model::material::Material;
use crate::model::packet::{Applicant, Employer, Level, PacketFacts, Route};
use crate::pack::rules::{FieldKind, RulePack};

use super::fields::Reading;

/// A reading with a less sure character is left to the roster.
const SURE: f32 = 0.8;
/// Printed text is read character by character above 0.9; names and units of rare characters above this.
const SURE_NAME: f32 = 0.7;

/// Completes what is unknown. Two readings that disagree leave it unknown.
pub(super) fn complete(applicant: &mut Applicant, readings: &[Reading]) {
    let values = |kind: FieldKind, sure: f32| -> Vec<String> {
        readings
            .iter()
            .filter(|r| r.kind == kind && r.field.material == Material::ReviewForm)
            .filter(|r| !r.field.obscured && r.field.confidence >= sure)
            .map(|r| bare(&r.field.text))
            .filter(|t| !t.is_empty())
            .collect()
    };
    if applicant.name.is_none() {
        applicant.name = agreed(values(FieldKind::Name, SURE_NAME).into_iter().filter(|v| is_name(v)));
    }
    if applicant.unit.is_none() {
        applicant.unit = agreed(values(FieldKind::Unit, SURE_NAME).into_iter().filter(|v| v.chars().count() >= 4));
    }
    if applicant.level.is_none() {
        applicant.level = agreed(values(FieldKind::Level, SURE).iter().filter_map(|v| level(v)));
    }
    if applicant.employer.is_none() {
        applicant.employer = agreed(values(FieldKind::Employer, SURE).iter().filter_map(|v| employer(v)));
    }
    if applicant.route.is_none() {
        applicant.route = agreed(values(FieldKind::Route, SURE).iter().filter_map(|v| route(v)));
    }
    if applicant.id_number.is_none() {
        applicant.id_number =
            agreed(values(FieldKind::IdNumber, SURE).into_iter().map(|v| v.to_uppercase()).filter(|v| is_id_number(v)));
    }
}

/// Whether the applicant's own 评审表 names a degree; unknown where none was read or it may have been misread.
pub(super) fn degree(facts: &PacketFacts, pack: &RulePack) -> Option<bool> {
    const DEGREES: [&str; 3] = ["学士", "硕士", "博士"];
    // A word for the education without a word for a degree: a form that says so much names a degree where there is one.
    const NONE: [&str; 4] = ["专科", "大专", "中专", "中等专业"];
    let forms = facts.spans.iter().filter(|s| s.material == Material::ReviewForm && !pack.is_earlier(s));
    let pages = forms.flat_map(|s| s.pages.clone()).filter_map(|i| facts.page(i));
    let lines: Vec<String> = pages
        // Explanations on how to fill in the form name every degree.
        .filter(|p| p.tables.iter().map(|t| t.cells.len()).sum::<usize>() > 8)
        .flat_map(|p| &p.lines)
        .filter(|l| l.confidence >= SURE_NAME)
        .map(|l| bare(&l.text))
        .collect();
    let any = |words: &[&str]| lines.iter().any(|l| words.iter().any(|w| l.contains(w)));
    if any(&DEGREES) { Some(true) } else { any(&NONE).then_some(false) }
}

/// Full width to half width, spaces left out.
fn bare(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace()).collect()
}

/// The value all readings share.
fn agreed<T: PartialEq>(values: impl IntoIterator<Item = T>) -> Option<T> {
    let mut values = values.into_iter();
    let first = values.next()?;
    values.all(|v| v == first).then_some(first)
}

/// Two to six characters, or a longer name with a dot (阿依古丽·买买提).
fn is_name(text: &str) -> bool {
    let count = text.chars().filter(|c| !"·•.".contains(*c)).count();
    (2..=15).contains(&count)
        && (count <= 6 || text.contains(['·', '•', '.']))
        && text.chars().all(|c| c.is_alphabetic() || "·•.".contains(c))
}

fn level(text: &str) -> Option<Level> {
    // Beyond the levels a notice of this kind is for.
    if text.contains("正高") || text.contains("研究员") {
        return None;
    }
    let named = [
        ("高级工程师", Level::SeniorEngineer),
        ("助理工程师", Level::AssistantEngineer),
        ("助理级", Level::AssistantEngineer),
        ("技术员", Level::Technician),
        ("员级", Level::Technician),
        ("副高", Level::SeniorEngineer),
        ("高级", Level::SeniorEngineer),
        ("工程师", Level::Engineer),
        ("中级", Level::Engineer),
    ];
    one_of(text, &named)
}

fn employer(text: &str) -> Option<Employer> {
    one_of(
        text,
        &[
            ("事业", Employer::PublicInstitution),
            ("国有", Employer::StateEnterprise),
            ("国企", Employer::StateEnterprise),
            ("非公", Employer::Private),
            ("私营", Employer::Private),
            ("民营", Employer::Private),
            ("私企", Employer::Private),
            ("个体", Employer::Private),
            ("外资", Employer::Private),
            ("外商", Employer::Private),
            ("港澳台", Employer::Private),
            ("集体", Employer::Collective),
            ("派遣", Employer::Dispatched),
            ("自由职业", Employer::Freelance),
        ],
    )
}

fn route(text: &str) -> Option<Route> {
    one_of(
        text,
        &[
            ("初次", Route::First),
            ("正常晋升", Route::Promotion),
            ("正常申报", Route::Promotion),
            ("晋升", Route::Promotion),
            ("转评", Route::Transfer),
            ("转系列", Route::Transfer),
            ("破格", Route::Exceptional),
            ("高技能", Route::SkilledWorker),
            ("职业资格", Route::Qualification),
            ("高层次", Route::HighLevel),
            ("绿色通道", Route::GreenChannel),
            ("再申报", Route::Again),
            ("再次申报", Route::Again),
            ("委托评审", Route::Entrusted),
        ],
    )
}

/// The one meaning among the words a text has, each taken out as it is found so that 工程师 isn't found in 高级工程师 again.
/// Two meanings, as on a form that prints all choices, are none.
fn one_of<T: Copy + PartialEq>(text: &str, words: &[(&str, T)]) -> Option<T> {
    let mut rest = text.to_owned();
    let mut found = Vec::new();
    for (word, meaning) in words {
        if rest.contains(word) {
            rest = rest.replace(word, "");
            found.push(*meaning);
        }
    }
    agreed(found)
}

/// 18 characters with a right check digit (GB 11643).
fn is_id_number(text: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECK: &str = "10X98765432";
    let chars: Vec<char> = text.chars().collect();
    if chars.len() != 18 {
        return false;
    }
    let digits: Option<Vec<u32>> = chars[..17].iter().map(|c| c.to_digit(10)).collect();
    let Some(digits) = digits else { return false };
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(d, w)| d * w).sum();
    CHECK.chars().nth((sum % 11) as usize) == Some(chars[17])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_to_values() {
        for (text, expected) in [
            ("高级工程师", Some(Level::SeniorEngineer)),
            ("工程师", Some(Level::Engineer)),
            ("助理工程师", Some(Level::AssistantEngineer)),
            ("正高级工程师", None),
            ("高级", Some(Level::SeniorEngineer)),
            ("初级", None),
            ("工程师/高级工程师", None),
        ] {
            assert_eq!(level(text), expected, "{text}");
        }
        assert_eq!(employer("私营企业"), Some(Employer::Private));
        assert_eq!(employer("事业单位□ 国有企业□"), None, "a form that prints all choices says nothing");
        assert_eq!(route("正常晋升"), Some(Route::Promotion));
    }

    #[test]
    fn identity_numbers_are_checked() {
        assert!(is_id_number("11010519491231002X"));
        assert!(!is_id_number("110105194912310021"));
        assert!(!is_id_number("11010519491231002"));
    }

    #[test]
    fn readings_that_disagree_are_none() {
        assert_eq!(agreed(["甲", "甲"]), Some("甲"));
        assert_eq!(agreed(["甲", "乙"]), None);
        assert_eq!(agreed(Vec::<u8>::new()), None);
    }
}
