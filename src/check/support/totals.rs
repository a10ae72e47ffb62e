//! The stated number of a volume's pages (页数) against its page numbers.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::geometry::Rect;
use crate::model::material::Material;
use crate::model::packet::PacketFacts;

use super::gates::SURE_CHARACTER;
use super::numbering::{Numbering, readable};

static ON_COVER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?:共计?|合计|总计|总页数)[:：]?([0-9]{1,4})页").expect("a valid pattern"));

/// What there is to say of the total.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Verdict {
    pub(crate) certain: bool,
    pub(crate) page: usize,
    pub(crate) rect: Option<Rect>,
    pub(crate) seen: String,
    pub(crate) message: String,
    pub(crate) suggestion: String,
}

struct Stated {
    value: u32,
    page: usize,
    rect: Rect,
    sure: bool,
}

/// Nothing where the total is right, or can't be judged as the volume isn't numbered.
pub(crate) fn judge(facts: &PacketFacts, volume: usize, numbering: &Numbering<'_>) -> Option<Verdict> {
    let members = numbering.members();
    let (at, last) = *members.last()?;
    let (last, on_last) = (last.number.value, numbering.pages[at].sure && numbering.runs == 1);
    let ends_there = numbering.pages[at + 1..].iter().all(|p| !p.inked);
    let all = numbering.pages.len();
    let inked = numbering.pages.iter().filter(|p| p.inked).count();
    let front = numbering.pages.iter().take_while(|p| p.read.is_none()).filter(|p| p.inked).count();
    let Some(stated) = stated(facts, volume, numbering) else {
        return none_stated(facts, volume, numbering, last);
    };
    // Cover and 目录 may be counted, or blank backs.
    let fair = [last, inked as u32, all as u32, last + front as u32, (inked - front.min(inked)) as u32];
    if fair.contains(&stated.value) || !ends_there {
        return None;
    }
    Some(Verdict {
        certain: stated.sure && on_last,
        page: stated.page,
        rect: Some(stated.rect),
        seen: format!("共{}页", stated.value),
        message: format!("所写总页数为{}页，而册内最后一页的页码是{last}，两者不符。", stated.value),
        suggestion: format!("请核对后将总页数改为{last}页；缺页的请补齐。"),
    })
}

/// The total of the 目录, of the cover, or beside the page numbers.
fn stated(facts: &PacketFacts, volume: usize, numbering: &Numbering<'_>) -> Option<Stated> {
    let sure = |confidence: f32, hand: bool, page: usize| {
        !hand && confidence >= SURE_CHARACTER && facts.page(page).is_some_and(|p| !p.is_degraded())
    };
    for list in facts.catalogues.iter().filter(|c| c.volume == Some(volume) && c.material == Material::Catalogue) {
        if let Some((total, page, rect)) = list.total {
            return Some(Stated { value: total.value, page, rect, sure: sure(total.confidence, total.hand, page) });
        }
    }
    for page in numbering.pages.iter().take_while(|p| p.read.is_none()).map(|p| p.page) {
        for line in facts.page(page).map_or(&[][..], |p| &p.lines[..]) {
            let plain: String = line.text.split_whitespace().collect();
            if let Some(value) = ON_COVER.captures(&plain).and_then(|c| c[1].parse().ok()) {
                return Some(Stated { value, page, rect: line.rect, sure: sure(line.weakest(), line.hand, page) });
            }
        }
    }
    let beside: Vec<_> = numbering.members().into_iter().filter(|(_, n)| n.total.is_some()).collect();
    let (_, first) = beside.first()?;
    let agreed = beside.len() >= 2 && beside.iter().all(|(_, n)| n.total == first.total);
    let value = first.total?;
    Some(Stated {
        value,
        page: first.page,
        rect: first.rect,
        sure: agreed && sure(first.number.confidence, first.number.hand, first.page),
    })
}

/// A 目录 that reaches the last page tells how many there are.
fn none_stated(facts: &PacketFacts, volume: usize, numbering: &Numbering<'_>, last: u32) -> Option<Verdict> {
    let lists: Vec<_> =
        facts.catalogues.iter().filter(|c| c.volume == Some(volume) && c.material == Material::Catalogue).collect();
    let reaches = lists.iter().flat_map(|c| &c.entries).any(|e| e.last.or(e.first).is_some_and(|n| n.value >= last));
    let first = numbering.pages.first()?.page;
    let front = numbering.pages.iter().take_while(|p| p.read.is_none()).map(|p| p.page);
    let seen = front.chain(lists.iter().flat_map(|c| c.pages.iter().copied())).all(|p| readable(facts.page(p)));
    if reaches || !seen {
        return None;
    }
    Some(Verdict {
        certain: false,
        page: lists.first().and_then(|c| c.pages.first().copied()).unwrap_or(first),
        rect: None,
        seen: "未见总页数".to_owned(),
        message: "封面、目录和页码上都没有见到总页数（共×页）；通知没有说明写在何处，请人工核对。".to_owned(),
        suggestion: format!("请在目录末尾或封面写明总页数（现最后一页为第{last}页）。"),
    })
}
