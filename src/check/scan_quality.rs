//! `scan-quality`.

use super::CheckResult;
use super::support::documents::{Sight, pages_name, sight};
use super::support::draft::{At, Draft, Words};
use super::support::gates::FEW_LINES;
use super::support::unread::{LITTLE_INK, MUCH_INK, ink_unread};
use crate::model::finding::{CheckId, Finding, Place, Severity};
use crate::model::material::Material;
use crate::model::packet::PacketFacts;
use crate::model::page::PageFacts;
use crate::model::text::{TextLine, TextSource};
use crate::pack::rules::{RulePack, ScanQuality as Floors};

check! {
    /// 找出分辨率、清晰度、对比度太差或内容被裁切的扫描页。
    ///
    /// ## 为何要求
    /// 看不清的页面无法审核。这是收件要求，不对应通知的某一条。
    ///
    /// ## 如何判断
    /// 分辨率、对比度、清晰度低于下限，并且页面文字大半读不出（读到的文字行不足三行而笔画大半在读到的内容之外，
    /// 或平均识别把握低于0.5），判为缺陷。
    /// 空白页、电子生成的页面、单独提交的照片不检查。
    ///
    /// ## 何时待核
    /// 指标低于下限但文字仍可读时待核（提示）；文字行紧贴被裁切的页边时待核。
    /// 清晰度低于下限而几乎全部文字都读得准的，不影响审阅，不提示。
    ///
    /// ## 参数
    /// - `min_dpi`：最低分辨率（dpi），默认 100
    /// - `min_contrast`：最低对比度（0—1），默认 0.15
    /// - `min_sharpness`：最低清晰度（0—1），默认 0.05
    ScanQuality, id = CheckId::ScanQuality, judge = judge
}

const REQUIRED: &str = "扫描件应清晰可读，内容不被裁切";
/// Mean confidence below which most of a page's text is guesswork.
const MOSTLY_UNREAD: f32 = 0.5;
/// A character so surely read is no blur.
const WELL_READ: f32 = 0.85;
/// With this share of its characters well read, a soft page is as legible as a crisp one.
const LEGIBLE: f32 = 0.85;
/// At this resolution 小五 print (9 pt) is hardly eight pixels high: no reader can vouch for its characters.
const HOPELESS_DPI: u16 = 65;
/// So far below the floor of contrast even a person has to guess.
const HOPELESS_CONTRAST: f32 = 0.5;
/// Share of a page that pictures cover on a page of pictures.
const PICTURES: f32 = 0.2;
/// A line whose box ends this close to the page's edge (fraction of the page) runs over it.
const AT_EDGE: f32 = 0.004;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    Resolution,
    Contrast,
    Sharpness,
    Cut,
}

impl Fault {
    const fn seen(self) -> &'static str {
        match self {
            Self::Resolution => "分辨率过低",
            Self::Contrast => "对比度过低（字迹太淡或底色太深）",
            Self::Sharpness => "图像模糊",
            Self::Cut => "文字紧贴页边，可能被裁切",
        }
    }
}

fn judge(facts: &PacketFacts, pack: &RulePack) -> Vec<CheckResult> {
    if !pack.checks.intake.contains(&CheckId::ScanQuality) {
        return Vec::new();
    }
    let faults: Vec<Option<(Fault, bool)>> =
        (0..facts.pages.len()).map(|i| fault(facts, i, &pack.checks.scan_quality)).collect();
    let mut findings = Vec::new();
    let mut index = 0;
    while index < faults.len() {
        let Some(found) = faults[index] else {
            index += 1;
            continue;
        };
        let file = &facts.pages[index].file;
        let more = (index + 1..faults.len())
            .take_while(|i| faults[*i] == Some(found) && facts.pages[*i].file == *file)
            .count();
        let ordinal = 1 + findings.len();
        findings.push(say(facts, index, index + more, found, ordinal));
        index += 1 + more;
    }
    vec![CheckResult::of(findings)]
}

/// The page's worst fault, and whether it left most of the page unread.
fn fault(facts: &PacketFacts, index: usize, floors: &Floors) -> Option<(Fault, bool)> {
    let page = facts.page(index)?;
    let loose_photo = facts.spans.iter().any(|s| s.material == Material::Photo && s.pages.contains(&index));
    if loose_photo || page.source == TextSource::Glyphs || matches!(sight(Some(page)), Sight::Blank | Sight::Unseen) {
        return None;
    }
    let q = &page.quality;
    let poor = if q.dpi.is_some_and(|dpi| dpi < floors.min_dpi) {
        Some(Fault::Resolution)
    } else if q.contrast < floors.min_contrast {
        Some(Fault::Contrast)
    } else if q.sharpness < floors.min_sharpness {
        Some(Fault::Sharpness)
    } else {
        None
    };
    // The edges of pictures say nothing about the print beside them.
    let pictures: f32 = page.photos.iter().map(|p| p.rect.area()).sum();
    let poor = poor.filter(|fault| *fault != Fault::Sharpness || (pictures < PICTURES && !is_legible(page)));
    let hopeless = match poor {
        Some(Fault::Resolution) => q.dpi.is_some_and(|dpi| dpi < HOPELESS_DPI),
        Some(Fault::Contrast) => q.contrast < floors.min_contrast * HOPELESS_CONTRAST,
        _ => false,
    };
    match poor {
        Some(fault) => Some((fault, hopeless || mostly_unread(page))),
        None if q.cut_sides > 0 && page.lines.iter().any(|l| runs_over(l.rect)) => Some((Fault::Cut, false)),
        None => None,
    }
}

fn mostly_unread(page: &PageFacts) -> bool {
    // A page that is a picture holds few lines whatever its scan is like.
    if page.photos.iter().any(|p| p.rect.area() > 0.3) {
        return false;
    }
    if page.lines.is_empty() {
        return true;
    }
    let sum: f32 = page.lines.iter().map(|l| l.confidence).sum();
    let few = page.lines.len() < FEW_LINES;
    sum / (page.lines.len() as f32) < MOSTLY_UNREAD || (few && ink_unread(page).is_some_and(|share| share > MUCH_INK))
}

/// Whether nearly all of a page's print was read without doubt.
fn is_legible(page: &PageFacts) -> bool {
    let count = |l: &&TextLine| l.text.chars().filter(|c| !c.is_whitespace()).count();
    let all: usize = page.lines.iter().map(|l| count(&l)).sum();
    let well: usize = page.lines.iter().filter(|l| l.confidence >= WELL_READ).map(|l| count(&l)).sum();
    // A sheet of two large lines is read when its ink is theirs.
    let whole = page.lines.len() >= FEW_LINES || ink_unread(page).is_some_and(|share| share <= LITTLE_INK);
    whole && well as f32 >= LEGIBLE * all as f32
}

fn runs_over(rect: crate::model::geometry::Rect) -> bool {
    rect.x < AT_EDGE || rect.right() > 1.0 - AT_EDGE
}

fn say(facts: &PacketFacts, first: usize, last: usize, (fault, unread): (Fault, bool), ordinal: usize) -> Finding {
    let span = facts.spans.iter().find(|s| s.pages.contains(&first));
    let material = span.map(|s| s.material).filter(|m| *m != Material::Other);
    let at = At { place: Place::pages(first, last), material, key: format!("{}/{ordinal}", facts.pages[first].file) };
    let name = pages_name(facts, first, last);
    let suggestion = format!("请重新扫描{name}（彩色，不低于200dpi，内容完整、字迹清晰）。");
    let seen = fault.seen();
    if unread {
        let words = Words::new(seen, format!("{name}{seen}，大部分文字无法辨认。"), suggestion);
        Draft::intake(CheckId::ScanQuality, Severity::Correct, REQUIRED).defect(at, words, 0.85)
    } else {
        let words = Words::new(seen, format!("{name}{seen}，请人工确认是否影响审阅。"), suggestion);
        Draft::intake(CheckId::ScanQuality, Severity::Advise, REQUIRED).review(at, words, 0.5)
    }
}
