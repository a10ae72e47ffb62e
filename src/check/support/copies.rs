//! Pages of one packet that are one page twice, and awards for one project.

use std::collections::BTreeMap;

use crate::model::material::Material;
use crate::model::packet::PacketFacts;
use crate::model::page::PageFacts;

use super::differing::differ;
use super::documents::{Document, Sight, sight};
use super::likeness::{Wording, alike, common, ink_of};

/// How sure it is that two pages are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sameness {
    Likely,
    /// Text, numbers and ink agree as those of two scans of one sheet do.
    Sure,
    /// The very same pixels.
    Identical,
}

/// Two pages that are one; indices into `PacketFacts::pages`, the earlier first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Copy {
    pub(crate) first: usize,
    pub(crate) second: usize,
    pub(crate) sameness: Sameness,
}

/// Fewer pairs of characters than this are a heading, not a text that could tell pages apart.
const LEAST_PAIRS: usize = 40;
const SURE_PAIRS: usize = 60;
/// Share of pairs in common: two readings of a printed sheet share nineteen in twenty, pages of one author up to four
/// in five.
const LIKELY_TEXT: f32 = 0.86;
const SURE_TEXT: f32 = 0.92;
/// How alike the ink lies: two scans of one sheet 0.62 and more, other pages of the same form up to 0.66. It can only
/// speak against.
const LIKELY_INK: f32 = 0.5;
const SURE_INK: f32 = 0.6;
/// Where much of the text is guesswork: the share of what was read well that both pages bear, and their ink.
const SURE_AGREEMENT: f32 = 0.95;
const SAME_INK: f32 = 0.95;
/// Numbers that both pages surely bear, and the share of all numbers that both bear; under a seal some are lost.
const SURE_NUMBERS: usize = 2;
const LIKELY_NUMBERS: f32 = 0.7;
/// Pictures hardly hold text, and two scans of one are alike from 0.83, two pictures up to 0.5.
const PICTURE_INK: f32 = 0.85;
const PICTURE_CELLS: f32 = 400.0;

/// Every page that repeats an earlier one, with the first it repeats.
pub(crate) fn copies(facts: &PacketFacts) -> Vec<Copy> {
    let pages: Vec<(usize, &PageFacts, Wording)> = facts
        .pages
        .iter()
        .enumerate()
        .filter_map(|(i, p)| p.facts.as_ref().ok().map(|f| (i, f)))
        .filter(|(_, f)| !matches!(sight(Some(f)), Sight::Blank | Sight::Unseen))
        .map(|(i, f)| (i, f, Wording::of(f)))
        .collect();
    let mut found = Vec::new();
    for (k, (second, page, wording)) in pages.iter().enumerate() {
        let best = pages[..k]
            .iter()
            .filter_map(|(first, earlier, before)| Some((same((earlier, before), (page, wording))?, *first)))
            .fold(None, |best: Option<(Sameness, usize)>, s| match best {
                Some(b) if b.0 >= s.0 => Some(b),
                _ => Some(s),
            });
        found.extend(best.map(|(sameness, first)| Copy { first, second: *second, sameness }));
    }
    found
}

/// Whether two pages are one.
pub(crate) fn same((a, wa): (&PageFacts, &Wording), (b, wb): (&PageFacts, &Wording)) -> Option<Sameness> {
    if !a.fingerprint.is_empty() && a.fingerprint == b.fingerprint {
        return Some(Sameness::Identical);
    }
    let (pa, pb) = (a.picture.as_ref()?, b.picture.as_ref()?);
    if wa.len().max(wb.len()) < LEAST_PAIRS {
        // Forms that were left empty are alike, too; a continuous-tone picture is only like itself.
        let toned = a.photos.iter().chain(&b.photos).any(|p| p.rect.area() > 0.1);
        let pictures = toned && ink_of(pa).min(ink_of(pb)) >= PICTURE_CELLS && !wa.contradicts(wb);
        return (pictures && alike(pa, pb) >= PICTURE_INK).then_some(Sameness::Likely);
    }
    let text = common(&wa.pairs, &wb.pairs);
    let (numbers, open) = wa.shared_numbers(wb);
    if text < LIKELY_TEXT || wa.contradicts(wb) || open < LIKELY_NUMBERS {
        // One sheet with much unreadable print on it: all the rest must agree, and the ink of a second scan does.
        let agrees = wa.agreement(wb) >= SURE_AGREEMENT && !differ(a, b) && alike(pa, pb) >= SAME_INK;
        return agrees.then_some(Sameness::Likely);
    }
    if differ(a, b) {
        return None;
    }
    let ink = alike(pa, pb);
    let sure = text >= SURE_TEXT
        && ink >= SURE_INK
        && wa.len().min(wb.len()) >= SURE_PAIRS
        && wa.common_numbers(wb) >= SURE_NUMBERS
        && numbers >= LIKELY_NUMBERS
        && !wa.may_contradict(wb);
    if sure { Some(Sameness::Sure) } else { (ink >= LIKELY_INK).then_some(Sameness::Likely) }
}

/// A project's name is at least so long; shorter quotations are grades and mottoes.
const PROJECT_CHARS: std::ops::RangeInclusive<usize> = 6..=60;
const LABELS: [&str; 3] = ["项目名称", "成果名称", "课题名称"];
/// The award itself and its rules are quoted, too.
const NO_PROJECTS: [&str; 12] =
    ["条例", "办法", "规定", "决定", "通知", "证书", "奖", "奖章", "称号", "大赛", "竞赛", "活动"];

/// Projects named on award certificates of these materials, with the pages that name them, in page order.
pub(crate) fn awards(
    facts: &PacketFacts,
    documents: &[Document],
    materials: &[Material],
) -> BTreeMap<String, Vec<usize>> {
    let mut found: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for document in documents.iter().filter(|d| materials.contains(&d.material)) {
        for &page in &document.pages {
            let Some(read) = facts.page(page) else { continue };
            let lines: Vec<&str> = read.lines.iter().map(|l| l.text.trim()).collect();
            if !lines.iter().any(|l| l.contains('奖')) {
                continue;
            }
            for project in projects(&lines) {
                let pages = found.entry(project).or_default();
                // One document of several pages names its project on each.
                if !pages.iter().any(|p| document.pages.contains(p)) {
                    pages.push(page);
                }
            }
        }
    }
    found
}

/// Names in quotation marks, and what stands behind 项目名称.
fn projects(lines: &[&str]) -> Vec<String> {
    let text = lines.concat();
    let labelled = |line: &&str| {
        let (label, name) = line.split_once(['：', ':'])?;
        LABELS.iter().any(|l| label.trim().ends_with(l)).then(|| name.trim().to_owned())
    };
    let mut out: Vec<String> = lines.iter().filter_map(labelled).collect();
    for (open, close) in [('《', '》'), ('“', '”'), ('「', '」')] {
        let mut rest = text.as_str();
        while let Some((_, after)) = rest.split_once(open) {
            let Some((name, later)) = after.split_once(close) else { break };
            out.push(name.to_owned());
            rest = later;
        }
    }
    out.retain(|name| PROJECT_CHARS.contains(&name.chars().count()));
    out.retain(|name| !NO_PROJECTS.iter().any(|end| name.ends_with(end)));
    out.sort();
    out.dedup();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn projects_stand_in_quotation_marks() {
        let text = ["你单位完成的《矿山智能通风系统研究》荣获“科技进步奖”二等奖，依据《山西省科学技术奖励办法》颁发"];
        assert_eq!(projects(&text), ["矿山智能通风系统研究"]);
        assert_eq!(projects(&["项目名称：城市大数据平台建设", "奖励等级：一等奖"]), ["城市大数据平台建设"]);
        assert_eq!(projects(&["《没有写完的项目名称"]), Vec::<String>::new());
    }
}
