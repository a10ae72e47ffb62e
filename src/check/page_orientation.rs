//! `page-orientation`.

use super::CheckResult;
use super::support::documents::{page_name, pages_name};
use super::support::draft::{At, Draft, Words};
use super::support::gates::FEW_LINES;
use crate::model::finding::{CheckId, Finding, Place, Severity};
use crate::model::material::Material;
use crate::model::packet::PacketFacts;
use crate::model::page::{PageFacts, Turn};
use crate::pack::rules::RulePack;

check! {
    /// 找出上下颠倒或横躺的页面。
    ///
    /// ## 为何要求
    /// 颠倒、横躺的页面不便审阅。这是收件要求，不对应通知的某一条。
    ///
    /// ## 如何判断
    /// 根据文字方向判断页面需要旋转多少度才能正读。需要旋转180度的，以及竖版内容横躺扫描的，判为缺陷。
    ///
    /// ## 何时待核
    /// 横版内容（宽表格、横版证书）横放在竖版页面里，装订时属于常见做法，只作提示、待核。
    /// 页面文字太少、方向没有把握，或页面内容不完整时待核。
    ///
    /// ## 参数
    /// 无。规则包 `intake` 列出本检查项时执行。
    PageOrientation, id = CheckId::PageOrientation, judge = judge
}

const REQUIRED: &str = "页面应按正读方向扫描";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lie {
    UpsideDown,
    Sideways,
    /// A wide page laid sideways into an upright volume.
    WideInUpright,
}

fn judge(facts: &PacketFacts, pack: &RulePack) -> Vec<CheckResult> {
    if !pack.checks.intake.contains(&CheckId::PageOrientation) {
        return Vec::new();
    }
    // A portrait has no lines to tell its way up by; a guess about one is no reason to look.
    let is_photo = |i: &usize| facts.spans.iter().any(|s| s.material == Material::Photo && s.pages.contains(i));
    let lie_of = |i: usize| facts.page(i).and_then(lie).filter(|(_, certain)| *certain || !is_photo(&i));
    let lies: Vec<Option<(Lie, bool)>> = (0..facts.pages.len()).map(lie_of).collect();
    let mut findings = Vec::new();
    let mut index = 0;
    while index < lies.len() {
        let Some(found) = lies[index] else {
            index += 1;
            continue;
        };
        let file = &facts.pages[index].file;
        let more =
            (index + 1..lies.len()).take_while(|i| lies[*i] == Some(found) && facts.pages[*i].file == *file).count();
        let ordinal = 1 + findings.len();
        findings.push(say(facts, index, index + more, found, ordinal));
        index += 1 + more;
    }
    vec![CheckResult::of(findings)]
}

fn lie(page: &PageFacts) -> Option<(Lie, bool)> {
    if page.quality.blank {
        return None;
    }
    let certain = page.pose.turn_certain && page.lines.len() >= FEW_LINES && !page.is_degraded();
    let (width, height) = page.upright_mm();
    match page.pose.turn {
        Turn::None => None,
        Turn::Half => Some((Lie::UpsideDown, certain)),
        Turn::Quarter | Turn::ThreeQuarters if width > height => Some((Lie::WideInUpright, certain)),
        Turn::Quarter | Turn::ThreeQuarters => Some((Lie::Sideways, certain)),
    }
}

fn say(facts: &PacketFacts, first: usize, last: usize, (lie, certain): (Lie, bool), ordinal: usize) -> Finding {
    let span = facts.spans.iter().find(|s| s.pages.contains(&first));
    let material = span.map(|s| s.material).filter(|m| *m != Material::Other);
    let file = &facts.pages[first].file;
    let at = At { place: Place::pages(first, last), material, key: format!("{file}/{ordinal}") };
    let name = if first == last { page_name(facts, first) } else { pages_name(facts, first, last) };
    let seen = match lie {
        Lie::UpsideDown => "上下颠倒（需旋转180度）",
        Lie::Sideways => "横躺（需旋转90度）",
        Lie::WideInUpright => "横版内容横放在竖版页面",
    };
    let severity = if lie == Lie::WideInUpright { Severity::Advise } else { Severity::Correct };
    let draft = Draft::intake(CheckId::PageOrientation, severity, REQUIRED);
    let suggestion = format!("请将{name}转正后重新扫描提交。");
    match (lie, certain) {
        (Lie::WideInUpright, _) => {
            let message = format!("{name}为横版内容，横放在竖版页面，请确认是否便于审阅。");
            draft.review(at, Words::new(seen, message, "装订需要的可不处理，否则请转正后重新扫描。"), 0.6)
        }
        (_, true) => draft.defect(at, Words::new(seen, format!("{name}扫描{seen}。"), suggestion), 0.95),
        (_, false) => {
            let message = format!("{name}疑似{seen}，但可读文字太少或页面不完整，不能确定。");
            draft.review(at, Words::new(seen, message, suggestion), 0.5)
        }
    }
}
