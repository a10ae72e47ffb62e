//! `text-length`.

use super::CheckResult;
use super::support::documents::{Document, documents, holds, is_old_copy, name, page_name, pages_name};
use super::support::draft::{At, Draft, Words};
use super::support::gates::{SURE_PLACE, SURE_SPAN};
use super::support::passage::{count, folded};
use super::support::running::{PageText, Running};
use super::support::unread::{MUCH_INK, ink_unread};
use crate::model::finding::{CheckId, Finding, Place, Severity};
use crate::model::material::Material;
use crate::model::packet::PacketFacts;
use crate::pack::rules::RulePack;
use crate::pack::rules::content::TextLength as Rule;

check! {
    /// 找出字数不足或超出通知规定的总结、论文和栏目。
    ///
    /// ## 为何要求
    /// 通知对总结、论文、技术材料和某些栏目规定了字数，如论文不少于2000字，总结一般控制在2000字以内。
    ///
    /// ## 如何判断
    /// 按文字处理软件“字数”的算法数：每个汉字、每个全角标点算一个字，连写的字母数字算一个字。
    /// 页码、书眉、密封栏、表格里的数字不算；封面、目次与后面的正文合起来算。
    /// 差百分之五以上的判为缺陷；只占百分之五以内的，识别可能多读漏读，不判缺陷。
    ///
    /// ## 何时待核
    /// - 与规定相差不到百分之五（“一般”控制的字数，超出百分之五以内不提示）
    /// - 字数不足，而有页面未读出、不完整或没有读全，或前后紧接着没有认出的页（逐页拍成单张图片的，也看前后的图片）
    /// - 手写的文字，相差百分之三十以上时
    /// - 字数超出，而同样的文字在几页上出现（可能是几份相同的材料）
    /// - 材料识别、栏目位置把握不足
    ///
    /// ## 参数
    /// - `material`、`place`：哪种材料（表的哪一栏）
    /// - `least`、`most`：至少、至多的字数
    /// - `except`：头两页上有这些词的不查（如著作）
    /// - `any_document`：几份材料中有一份够字数即可
    TextLength, id = CheckId::TextLength, judge = judge
}

/// What a reader loses or adds at most.
const READING: f32 = 0.05;
/// What may be lost of handwriting.
const HANDWRITING: f32 = 0.3;
/// From this share of handwriting on a text counts as handwritten.
const HAND: f32 = 0.2;
/// A page of running text has more characters; covers and contents have fewer.
const TEXT_PAGE: usize = 300;

/// A text with its length.
struct Measured {
    material: Material,
    chars: usize,
    hand: bool,
    /// Why it may be longer than it was read.
    longer: Option<&'static str>,
    /// Why it may be shorter.
    shorter: Option<&'static str>,
    sure: bool,
    confidence: f32,
    place: Place,
    key: String,
    name: String,
}

fn judge(facts: &PacketFacts, pack: &RulePack) -> Vec<CheckResult> {
    let documents = documents(facts);
    let of_rule = |rule: &Rule| {
        let Some(draft) = Draft::of(CheckId::TextLength, &rule.basis, holds(&rule.basis, facts, &documents)) else {
            return CheckResult::Passed;
        };
        let asked: Vec<&Document> =
            documents.iter().filter(|d| rule.material.contains(&d.material) && !is_old_copy(d, pack)).collect();
        let texts: Vec<Measured> = match &rule.place {
            Some(id) => asked.iter().filter_map(|d| of_place(id, facts, pack, d)).collect(),
            None => joined(facts, &asked)
                .into_iter()
                .filter(|d| !has_words(facts, d, &rule.except))
                .filter_map(|d| of_document(facts, pack, &d))
                .collect(),
        };
        let long_enough = |t: &Measured| rule.least.is_none_or(|least| t.chars >= usize::from(least));
        if rule.any_document && texts.iter().any(long_enough) {
            return CheckResult::Passed;
        }
        let findings = texts.iter().filter_map(|t| compare(rule, t, &draft));
        CheckResult::of(if rule.any_document { findings.take(1).collect() } else { findings.collect() })
    };
    pack.checks.content.text_length.iter().map(of_rule).collect()
}

/// Documents, a cover with its contents taken as one with what follows it: it may pass for a document of its own.
fn joined(facts: &PacketFacts, documents: &[&Document]) -> Vec<Document> {
    let is_cover = |d: &Document| Running::of(facts, d).pages.iter().all(|p| p.count() < TEXT_PAGE);
    let mut out: Vec<Document> = Vec::new();
    for document in documents {
        match out.last_mut() {
            Some(last)
                if last.material == document.material
                    && last.volume == document.volume
                    && last.pages.last().map(|p| p + 1) == Some(document.first())
                    && is_cover(last) =>
            {
                last.pages.extend(&document.pages);
                last.confidence = last.confidence.min(document.confidence);
            }
            _ => out.push((*document).clone()),
        }
    }
    out
}

fn has_words(facts: &PacketFacts, document: &Document, words: &[String]) -> bool {
    let pages = document.pages.iter().take(2).filter_map(|p| facts.page(*p));
    let text: String = pages.flat_map(|p| &p.lines).flat_map(|l| folded(&l.text)).collect();
    words.iter().any(|w| text.contains(w.as_str()))
}

fn of_place(id: &str, facts: &PacketFacts, pack: &RulePack, document: &Document) -> Option<Measured> {
    let of_it = |p: &&crate::model::field::FormPlace| {
        p.material == document.material && p.id == id && document.pages.contains(&p.page)
    };
    let place = facts.places.iter().filter(of_it).max_by(|a, b| a.confidence.total_cmp(&b.confidence))?;
    let called = pack.form(document.material).and_then(|f| f.places.iter().find(|p| p.id == id)).map(|p| &p.name);
    let unseen = facts.page(place.page).is_none_or(|p| p.is_degraded());
    Some(Measured {
        material: document.material,
        chars: place.text.lines().map(count).sum(),
        hand: place.hand,
        longer: unseen.then_some("页面未读出或不完整"),
        shorter: None,
        sure: place.confidence >= SURE_PLACE && document.confidence >= SURE_SPAN,
        confidence: place.confidence.min(document.confidence),
        place: Place::on(place.page, place.rect),
        key: format!("{}#{}/{id}", document.material, document.ordinal),
        name: format!(
            "{}“{}”栏（{}）",
            name(pack, document.material, document.entry),
            called.map_or(id, String::as_str),
            page_name(facts, place.page)
        ),
    })
}

/// None where only covers and contents are there: that the text is missing isn't a matter of its length.
fn of_document(facts: &PacketFacts, pack: &RulePack, document: &Document) -> Option<Measured> {
    let running = Running::of(facts, document);
    let chars = running.count();
    let longest = running.pages.iter().map(PageText::count).max().unwrap_or(0);
    if chars == 0 || (document.pages.len() >= 3 && longest < TEXT_PAGE) {
        return None;
    }
    let last = document.pages.last().copied().unwrap_or(document.first());
    let longer = if running.unseen {
        Some("有页面未读出或不完整")
    } else if inner(facts, document).filter_map(|p| ink_unread(facts.page(p)?)).any(|share| share > MUCH_INK) {
        Some("有页面上大半笔画在读到的文字之外，文字可能没有读全")
    } else if !is_bounded(facts, document, last) {
        Some("前后紧接着没有认出的页，可能是它的一部分")
    } else {
        None
    };
    Some(Measured {
        material: document.material,
        chars,
        hand: running.hand() > HAND,
        longer,
        shorter: repeats(&running).then_some("同样的文字在几页上出现，可能是几份相同的材料"),
        sure: document.confidence >= SURE_SPAN,
        confidence: document.confidence,
        place: Place::page(document.first()),
        key: format!("{}#{}", document.material, document.ordinal),
        name: format!(
            "{}（{}）",
            name(pack, document.material, document.entry),
            pages_name(facts, document.first(), last)
        ),
    })
}

/// The document's pages but for a journal's cover, which is mostly picture.
fn inner(facts: &PacketFacts, document: &Document) -> impl Iterator<Item = usize> {
    let bears = |page: usize| facts.page(page).is_some_and(|p| p.lines.iter().any(|l| l.text.contains("ISSN")));
    let cover = document.pages.len() > 1 && bears(document.first());
    document.pages.iter().copied().skip(usize::from(cover))
}

/// Whether no neighbouring page could be a part of the document: of the same file, or a sheet that is a file by itself.
fn is_bounded(facts: &PacketFacts, document: &Document, last: usize) -> bool {
    let file = |page: usize| facts.pages.get(page).map(|p| p.file.as_str());
    let sheet = |page: usize| {
        let own = file(page);
        own.is_some() && own != file(page + 1) && page.checked_sub(1).is_none_or(|p| own != file(p))
    };
    let joined = |a: usize, b: usize| file(b).is_some() && (file(a) == file(b) || (sheet(a) && sheet(b)));
    let settled = |page: usize| {
        let blank = facts.page(page).is_some_and(|p| p.quality.blank);
        let span = facts.spans.iter().find(|s| s.pages.contains(&page));
        blank || span.is_some_and(|s| s.titled && s.material != Material::Other)
    };
    // A text that goes on over to the next sheet fills the one before.
    let full = |page: usize| {
        facts.page(page).is_some_and(|p| p.lines.iter().map(|l| l.text.chars().count()).sum::<usize>() >= TEXT_PAGE)
    };
    let after = |page: usize| if file(page) == file(document.first()) { settled(page) } else { !full(page) };
    let before =
        document.titled || document.first().checked_sub(1).is_none_or(|p| !joined(p, document.first()) || after(p));
    before && (!joined(last, last + 1) || settled(last + 1))
}

/// Whether a long line stands on two pages: the same text handed in more than once.
fn repeats(running: &Running<'_>) -> bool {
    running.pages.iter().enumerate().any(|(i, page)| {
        let long = page.lines.iter().filter(|l| l.text.chars().count() >= 20);
        long.into_iter().any(|l| running.pages[i + 1..].iter().any(|o| o.lines.iter().any(|x| x.text == l.text)))
    })
}

fn compare(rule: &Rule, text: &Measured, draft: &Draft) -> Option<Finding> {
    let chars = text.chars as f32;
    let loss = if text.hand { HANDWRITING } else { READING };
    let (limit, too_few, off) = match (rule.least, rule.most) {
        (Some(least), _) if chars < f32::from(least) => (least, true, 1.0 - chars / f32::from(least)),
        (_, Some(most)) if chars > f32::from(most) => (most, false, chars / f32::from(most) - 1.0),
        _ => return None,
    };
    let soft = !too_few && rule.basis.severity == Severity::Advise;
    if off <= loss && (text.hand || soft) {
        return None;
    }
    let doubt = if off <= loss {
        Some("与规定相差不到百分之五，识别可能有出入")
    } else if text.hand {
        Some("文字是手写的，数不准")
    } else if !text.sure {
        Some("材料或栏目识别把握不足")
    } else if too_few {
        text.longer
    } else {
        text.shorter
    };
    let asked = if too_few { format!("不少于{limit}字") } else { format!("不超过{limit}字") };
    let at = At { place: text.place.clone(), material: Some(text.material), key: text.key.clone() };
    let seen = format!("约{}字", text.chars);
    let what = format!("{}读到约{}字，通知要求{asked}", text.name, text.chars);
    let change = if too_few { "补充" } else { "压缩" };
    let advice = format!("请按要求{change}后重新提交。");
    Some(match doubt {
        None => draft.defect(at, Words::new(seen, format!("{what}。"), advice), text.confidence),
        Some(why) => draft.review(
            at,
            Words::new(seen, format!("{what}；{why}。"), format!("请人工核对字数；不合要求的，{advice}")),
            0.5,
        ),
    })
}
