//! What an entry of a list names.

use unicode_normalization::UnicodeNormalization;

use crate::model::catalogue::CatalogueEntry;
use crate::model::material::Material::{self, *};
use crate::pack::rules::RulePack;
use crate::pack::rules::arrangement::EntryName;

/// Titles up to this long occur inside others (证明, 合同, 著作): they count only where they begin or end the entry.
const SHORT: usize = 3;
/// A title this much of the entry names it beyond doubt.
const NAMES_IT: f32 = 0.5;
/// A specific document's own title is at least this long.
const OWN_TITLE: usize = 7;

/// Materials that lists and offices call by each other's names: one in the other's place is no certain mistake.
const KIN: [&[Material]; 7] = [
    &[EducationCertificate, EducationVerification, GraduateRegistration],
    &[DegreeCertificate, EducationVerification],
    &[PerformanceMaterial, AchievementMaterial, HonourCertificate, TechnicalReport, WorkReport],
    &[PublicityProof, PublicityPhoto],
    &[AppointmentCertificate, AppointmentDocument, QualificationCertificate, PostInformationForm, LabourContract],
    &[WorkSummary, WorkReport, WorkExperience],
    &[Paper, DefencePaper, TechnicalReport],
];

pub(crate) fn are_kin(a: Material, b: Material) -> bool {
    a == b || KIN.iter().any(|group| group.contains(&a) && group.contains(&b))
}

/// What an entry may stand for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Named {
    /// Best first; empty where nothing is known.
    pub(crate) materials: Vec<Material>,
    /// The entry names them itself, beyond doubt; otherwise its heading or a doubtful likeness does.
    pub(crate) exact: bool,
    /// The title of one document (a paper's), folded.
    pub(crate) title: Option<String>,
}

impl Named {
    pub(crate) fn may_be(&self, material: Material) -> bool {
        self.materials.contains(&material)
    }

    pub(crate) fn is_kin_of(&self, material: Material) -> bool {
        self.materials.iter().any(|m| are_kin(*m, material))
    }
}

/// Letters and digits in one form; spaces, brackets and signs left out.
pub(crate) fn folded(text: &str) -> String {
    text.nfkc().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// What the entry stands for, by the pack's names and titles, else by the category it stands under.
pub(crate) fn named(entry: &CatalogueEntry, pack: &RulePack, names: &[EntryName]) -> Named {
    let (outside, inside) = parts(&entry.name);
    let under = entry.heading.as_deref().map(|h| of_category(h, pack)).unwrap_or_default();
    let own = [outside.as_str(), &folded(&entry.name)]
        .into_iter()
        .map(|text| of_words(text, pack, names))
        .find(|(materials, _)| !materials.is_empty());
    let title = match (&inside, &own) {
        (Some(inside), _) if of_words(inside, pack, names).0.is_empty() => Some(inside.clone()),
        (None, None) => Some(outside.clone()),
        _ => None,
    };
    let title = title.filter(|t| t.chars().count() >= OWN_TITLE);
    let Some((mut materials, exact)) = own else {
        return Named { materials: under, exact: false, title };
    };
    if materials.iter().any(|m| under.contains(m)) {
        materials.retain(|m| under.contains(m));
    }
    Named { materials, exact, title }
}

/// The entry without remarks and without what stands in 《》; and what stands there.
fn parts(name: &str) -> (String, Option<String>) {
    let mut outside = String::new();
    let mut inside = String::new();
    let mut depth = 0_usize;
    for c in name.chars() {
        match c {
            '《' => depth += 1,
            '》' => depth = depth.saturating_sub(1),
            _ if depth > 0 => inside.push(c),
            _ => outside.push(c),
        }
    }
    let plain = folded(&outside).replace("复印件", "").replace("原件", "");
    let plain = ["相关材料", "有关材料", "及附件"]
        .iter()
        .fold(plain, |t, end| t.strip_suffix(end).map_or(t.clone(), str::to_owned));
    (plain, Some(folded(&inside)).filter(|i| !i.is_empty()))
}

/// Materials whose name or title is the longest in the text; and whether that names them beyond doubt.
fn of_words(text: &str, pack: &RulePack, names: &[EntryName]) -> (Vec<Material>, bool) {
    // Whatever was posted (单位鉴定意见公示), the entry is the notice of it.
    if text.ends_with("公示") {
        return (vec![PublicityProof, PublicityPhoto], true);
    }
    let mut best: (usize, Vec<Material>) = (0, Vec::new());
    let mut take = |length: usize, material: Material| {
        if length > best.0 {
            best = (length, vec![material]);
        } else if length == best.0 && length > 0 && !best.1.contains(&material) {
            best.1.push(material);
        }
    };
    for name in names {
        for words in &name.words {
            let length = share(text, &folded(words));
            // The pack's own word for an entry goes before any title as long.
            name.materials.iter().for_each(|m| take(if length > 0 { 2 * length + 1 } else { 0 }, *m));
        }
    }
    for entry in pack.materials.iter().filter(|e| e.material != Other) {
        for title in entry.titles.iter().chain([&entry.name]) {
            let bare = without_remarks(title);
            for alternative in bare.split('、') {
                take(2 * likeness(text, alternative), entry.material);
            }
        }
    }
    let all = text.chars().count().max(1);
    let exact = best.0 as f32 / 2.0 >= NAMES_IT * all as f32;
    (best.1, exact)
}

/// The title without what stands in brackets: 任现职（职业）资格证书 is 任现职资格证书.
fn without_remarks(title: &str) -> String {
    let mut depth = 0_usize;
    let mut bare = String::new();
    for c in title.chars() {
        match c {
            '（' | '(' => depth += 1,
            '）' | ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => bare.push(c),
            _ => {}
        }
    }
    bare
}

/// How many characters of the text a title explains; `…` in it stands for anything.
fn likeness(text: &str, title: &str) -> usize {
    if !title.contains('…') {
        return share(text, &folded(title));
    }
    let parts: Vec<String> = title.split('…').map(folded).filter(|p| !p.is_empty()).collect();
    let mut rest = text;
    for part in &parts {
        match rest.find(part.as_str()) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return 0,
        }
    }
    // An index of journals bears 总第…期 and the like; an entry of a list says more.
    let length: usize = parts.iter().map(|p| p.chars().count()).sum();
    if length > SHORT { text.chars().count().min(length + 2) } else { 0 }
}

fn share(text: &str, title: &str) -> usize {
    let (all, length) = (text.chars().count(), title.chars().count());
    if length < 2 || all == 0 {
        return 0;
    }
    if text == title {
        return all + 1;
    }
    if length <= SHORT {
        return if text.ends_with(title) || text.starts_with(title) { length } else { 0 };
    }
    if text.contains(title) {
        return length;
    }
    // A misread character or two in a long title.
    let slips = strsim::levenshtein(text, title);
    if slips * 5 <= length { length - slips } else { 0 }
}

/// Materials that the category of this heading holds.
fn of_category(heading: &str, pack: &RulePack) -> Vec<Material> {
    let text = folded(heading);
    let best = pack
        .categories
        .iter()
        .enumerate()
        .flat_map(|(i, c)| c.titles.iter().chain([&c.name]).map(move |t| (i, folded(t))))
        .filter(|(_, t)| t.chars().count() >= 2 && (text.contains(t.as_str()) || t.starts_with(text.as_str())))
        .map(|(i, t)| (t.chars().count(), i))
        .reduce(|a, b| if b.0 > a.0 { b } else { a });
    let Some((_, index)) = best else { return Vec::new() };
    let mut found: Vec<Material> = pack.categories[index].order.iter().flatten().copied().collect();
    found.extend(pack.materials.iter().filter(|e| e.category == Some(index)).map(|e| e.material));
    found.retain(|m| *m != Other);
    let mut unique = Vec::new();
    found.into_iter().for_each(|m| {
        if !unique.contains(&m) {
            unique.push(m)
        }
    });
    unique
}

/// Whether the folded title stands in the text, a misread character in eight forgiven.
pub(crate) fn stands_in(title: &str, text: &str) -> bool {
    if text.contains(title) {
        return true;
    }
    let (needle, hay): (Vec<char>, Vec<char>) = (title.chars().collect(), text.chars().collect());
    let allowed = needle.len() / 8;
    let mut above: Vec<usize> = vec![0; hay.len() + 1];
    for (i, n) in needle.iter().enumerate() {
        let mut row = vec![i + 1; hay.len() + 1];
        for (j, h) in hay.iter().enumerate() {
            row[j + 1] = (above[j] + usize::from(n != h)).min(above[j + 1] + 1).min(row[j] + 1);
        }
        above = row;
    }
    above.iter().any(|d| *d <= allowed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::geometry::Rect;

    fn entry(name: &str, heading: Option<&str>) -> CatalogueEntry {
        CatalogueEntry {
            name: name.into(),
            heading: heading.map(str::to_owned),
            page: 0,
            rect: Rect::PAGE,
            confidence: 1.0,
            hand: false,
            first: None,
            last: None,
            count: None,
        }
    }

    #[test]
    fn entries_as_people_word_them() {
        let pack = crate::pack::load("changzhi-engineering-2022").expect("shipped with the program");
        let cases: [(&str, Option<&str>, &[Material], bool); 14] = [
            ("任现职《专业技术职务任职资格评审表》复印件", Some("第四类：任现职资格材料"), &[ReviewForm], false),
            ("单位鉴定意见公示", None, &[PublicityProof, PublicityPhoto], false),
            ("毕业证书（复印件）", None, &[EducationCertificate], false),
            ("学位证书", None, &[DegreeCertificate], false),
            ("学历电子注册备案表", None, &[EducationVerification], false),
            ("聘任资格证书（复印件）", None, &[AppointmentCertificate], false),
            ("《专业技术职务任职资格评审表》（助理工程师）", None, &[ReviewForm], false),
            ("知网抄袭率检测报告", None, &[SimilarityReport], false),
            ("论文《焊接机器人焊缝跟踪控制策略》", None, &[Paper], true),
            ("论文《焊接机器人焊缝跟踪控制策略》检索页", None, &[PaperIndexPage], true),
            ("计算机软件著作权登记证书", None, &[AchievementMaterial], false),
            ("推荐专家职称证书", None, &[QualificationCertificate], false),
            ("自动化立体仓库建设技术报告", Some("第六类：论文论著及实用技术材料"), &[TechnicalReport], false),
            ("自动化立体仓库建设技术报告", Some("第二类：基本材料"), &[DefencePaper], false),
        ];
        for (name, heading, materials, titled) in cases {
            let found = named(&entry(name, heading), &pack, &[]);
            assert_eq!((found.materials.as_slice(), found.title.is_some()), (materials, titled), "{name}");
        }
        let by_heading = named(&entry("液压支架立柱密封失效机理", Some("第二类：基本材料")), &pack, &[]);
        assert!(!by_heading.exact && by_heading.may_be(DefencePaper) && by_heading.title.is_some());
    }

    #[test]
    fn a_title_is_found_through_a_misread_character() {
        assert!(stands_in("液压支架立柱密封失效机理研究", "某刊液压支架立柱密封失效机里研究作者"));
        assert!(!stands_in("液压支架立柱密封失效机理研究", "矿用带式输送机永磁直驱改造的节能分析"));
    }
}
