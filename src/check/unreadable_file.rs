//! `unreadable-file`.

use super::CheckResult;
use super::support::documents::page_name;
use super::support::draft::{At, Draft, Words};
use crate::model::finding::{CheckId, Finding, Place, Severity};
use crate::model::material::Material;
use crate::model::packet::PacketFacts;
use crate::model::page::{Degraded, PageFacts, Unreadable};
use crate::pack::rules::RulePack;

check! {
    /// 找出打不开、损坏、加密或内容不完整的文件和页面。
    ///
    /// ## 为何要求
    /// 读不出的文件无法审核，评委也无法查看；申报人须重新提交。这是收件要求，不对应通知的某一条。
    ///
    /// ## 如何判断
    /// 整个文件读不出、某一页读不出、某一页的图像数据在末行之前中断，或某一页的图像全部无法解码，判为缺陷。
    ///
    /// ## 何时待核
    /// 页面只有一部分未能显示（某个图像未解码而其余内容可读、缺少字体、页面描述局部损坏）时待核。
    /// 这类页面上的其它检查项也只给“待核”，不会把没看见的内容当作缺少。
    ///
    /// ## 参数
    /// 无。规则包 `intake` 列出本检查项时执行。
    UnreadableFile, id = CheckId::UnreadableFile, judge = judge
}

const REQUIRED: &str = "提交的文件应能打开，每一页内容完整";

fn judge(facts: &PacketFacts, pack: &RulePack) -> Vec<CheckResult> {
    if !pack.checks.intake.contains(&CheckId::UnreadableFile) {
        return Vec::new();
    }
    let draft = Draft::intake(CheckId::UnreadableFile, Severity::Correct, REQUIRED);
    let mut findings: Vec<Finding> = Vec::new();
    for file in &facts.unreadable {
        let (reason, advice) = plain(&file.reason);
        let words = Words::new(
            reason.clone(),
            format!("文件《{}》无法审核：{reason}。", file.file),
            format!("{advice}后重新提交《{}》。", file.file),
        );
        let at = At { place: Place::file(&file.file), material: None, key: format!("file:{}", file.file) };
        findings.push(draft.defect(at, words, 1.0));
    }
    findings.extend(broken_pages(facts, &draft));
    findings.extend(partial_pages(facts, &draft));
    vec![CheckResult::of(findings)]
}

/// Neighbouring pages of one file that failed for the same reason make one finding.
fn broken_pages(facts: &PacketFacts, draft: &Draft) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut index = 0;
    while index < facts.pages.len() {
        let record = &facts.pages[index];
        let Err(reason) = &record.facts else {
            index += 1;
            continue;
        };
        let more = facts.pages[index + 1..]
            .iter()
            .take_while(|p| p.file == record.file && p.facts.as_ref().err() == Some(reason))
            .count();
        let (why, advice) = plain(reason);
        let pages = super::support::documents::pages_name(facts, index, index + more);
        let ordinal = 1 + findings.len();
        findings.push(draft.defect(
            At { place: Place::page(index), material: None, key: format!("page:{}/{ordinal}", record.file) },
            Words::new(why.clone(), format!("{pages}无法审核：{why}。"), format!("{advice}后重新提交{pages}。")),
            1.0,
        ));
        index += 1 + more;
    }
    findings
}

fn partial_pages(facts: &PacketFacts, draft: &Draft) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, record) in facts.pages.iter().enumerate() {
        let Ok(page) = &record.facts else { continue };
        let Some((certain, what)) = worst(page) else { continue };
        let name = page_name(facts, index);
        let material =
            facts.spans.iter().find(|s| s.pages.contains(&index)).map(|s| s.material).filter(|m| *m != Material::Other);
        let ordinal = 1 + findings.len();
        let at = At { place: Place::page(index), material, key: format!("part:{}/{ordinal}", record.file) };
        findings.push(if certain {
            let words = Words::new(what, format!("{name}{what}，内容不完整。"), format!("请重新扫描{name}后提交。"));
            draft.defect(at, words, 0.95)
        } else {
            let words = Words::new(
                what,
                format!("{name}{what}，可能有内容未显示，请对照原件查看。"),
                "请人工打开该页核对；如显示不全，请申报人重新扫描。",
            );
            draft.clone().severity(Severity::Advise).review(at, words, 0.5)
        });
    }
    findings
}

/// Whether the applicant's file is surely at fault, and what is missing. A dropped image beside readable content may be
/// the decoder's own limit.
fn worst(page: &PageFacts) -> Option<(bool, &'static str)> {
    let nothing_read = page.lines.is_empty();
    page.quality
        .degraded
        .iter()
        .map(|d| match d {
            Degraded::ImageTruncated(_) => (true, "图像数据不完整（文件被截断）"),
            Degraded::ImageDropped(_) => (nothing_read, "图像无法解码"),
            Degraded::ContentDamaged(_) => (nothing_read, "页面数据损坏"),
            Degraded::FontMissing(_) => (false, "部分文字因缺少字体未能显示"),
        })
        .max_by_key(|(certain, _)| *certain)
}

/// Why in plain words, and what the applicant should do.
pub(super) fn plain(reason: &Unreadable) -> (String, &'static str) {
    match reason {
        Unreadable::Empty => ("文件为空（0字节）".into(), "请检查原文件并重新导出"),
        Unreadable::Encrypted => ("文件已加密，需要密码才能打开".into(), "请提供未加密的文件，取消打开密码"),
        Unreadable::NotADocument => {
            ("文件内容不是PDF或图片，与扩展名不符".into(), "请另存为PDF或图片（JPEG、PNG、TIFF、BMP）")
        }
        Unreadable::Damaged(_) => ("文件已损坏，无法读取".into(), "请重新扫描或重新导出"),
        Unreadable::NoPages => ("文件中没有任何页面".into(), "请重新扫描或重新导出"),
        Unreadable::OverLimit(what) if what.is_empty() => ("超过处理限制".into(), "请拆分文件或降低扫描分辨率"),
        Unreadable::OverLimit(what) => (format!("超过处理限制（{what}）"), "请拆分文件或降低扫描分辨率"),
        Unreadable::TimedOut => ("在规定时间内未能读完".into(), "请重新扫描或另存为普通PDF"),
        Unreadable::OutOfMemory => ("页面过大，内存不足以读取".into(), "请降低扫描分辨率"),
        Unreadable::Crashed(_) => ("读取时出错，文件可能已损坏".into(), "请重新扫描或另存为普通PDF"),
        Unreadable::Io(what) if what.is_empty() => {
            ("无法读取该文件".into(), "请检查文件是否可以打开、存储介质是否完好")
        }
        Unreadable::Io(what) => (format!("无法读取该文件（{what}）"), "请检查文件是否可以打开、存储介质是否完好"),
    }
}
