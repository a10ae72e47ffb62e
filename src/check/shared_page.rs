//! `shared-page`.

use std::collections::BTreeMap;
use std::convert::Infallible;

use super::CheckResult;
use super::support::draft::{At, Draft, Words, listed};
use super::support::prints;
use super::support::sharing::{self, Shared, Sharing, shared};
use crate::model::finding::{CheckId, Finding, Place, Severity, Verdict};
use crate::model::likeness::{PacketPrint, PagePrint};
use crate::model::material::Material;
use crate::model::packet::PacketFacts;
use crate::pack::rules::RulePack;

check! {
    /// 找出两名申报人的材料里出现的同一页，而这一页本应只属于一个人。
    ///
    /// ## 为何要求
    /// 证书、考核表、身份证等只属于本人。别人的证书装进了自己的材料，可能是装错，也可能是借用、冒用，须由人查清。
    /// 这是收件检查，不对应通知的某一条；查实后按通知关于弄虚作假的规定处理。
    ///
    /// ## 如何判断
    /// 全部申报材料审完以后，把各人的证书、表格和业绩、论文等页面互相比较。两页的图像完全相同，或者读出的文字和
    /// 数字都对得上，才算同一页；只有表格的印制文字相同不算。个人证书、表格写着甲的姓名，出现在乙的材料里，整份
    /// 文件又没有乙的姓名：在乙处判为缺陷，在甲处待核。两人都署名的（合著论文、共同项目、共同获奖）不提示。
    ///
    /// ## 何时待核
    /// 业绩、论文、获奖等可能是共同完成的材料；姓名看不清；同一次扫描出现在两人处而看不出属于谁；同一编号的证书写着
    /// 两个人的姓名。这些都待核，两人的报告都写明对方的文件夹、文件和页。
    ///
    /// ## 参数
    /// 无。规则包 `intake` 列出本检查项时执行。只有一份申报材料时无从比较。
    SharedPage, id = CheckId::SharedPage, judge = judge
}

const REQUIRED: &str = "个人证书、表格和成果材料应属申报人本人";
/// Pages named in one message.
const NAMED: usize = 8;

/// One packet alone shares nothing; see [`across`].
fn judge(_facts: &PacketFacts, _pack: &RulePack) -> Vec<CheckResult> {
    Vec::new()
}

/// What is kept of a judged packet for [`across`]; nothing where the pack does not ask for the check.
#[must_use]
pub fn keep(facts: &PacketFacts, pack: &RulePack) -> PacketPrint {
    if pack.checks.intake.contains(&CheckId::SharedPage) { prints::prints(facts) } else { PacketPrint::default() }
}

/// A finding in one of several packets.
#[derive(Debug, Clone, PartialEq)]
pub struct SharedFinding {
    /// Index into the packets given.
    pub packet: usize,
    /// Index into that packet's prints.
    pub page: usize,
    pub finding: Finding,
}

/// Packet, other packet, material.
type Pair = (usize, usize, Material);

/// The other applicant's [`PacketPrint::origin`] in the key of a finding that [`across`] gave.
#[must_use]
pub fn other(key: &str) -> Option<&str> {
    key.split_once(':').map(|(_, other)| other)
}

/// Something on a page by which it is looked for in other packets: kind (below 4) and value.
pub type Feature = (u8, u64);

/// What each page of a packet is looked for by, with its index into the packet's prints.
pub fn features(packet: &PacketPrint) -> impl Iterator<Item = (Feature, usize)> {
    packet.pages.iter().enumerate().flat_map(|(page, print)| sharing::features(print).map(move |f| (f, page)))
}

/// A packet and an index into its prints.
pub type Spot = (usize, usize);

/// Pages of different packets that may be one. `features` are all packets', sorted; the packets may be named by any
/// numbers in their order.
///
/// # Errors
/// The first among the features.
pub fn candidates<E>(features: impl Iterator<Item = Result<(Feature, Spot), E>>) -> Result<Vec<(Spot, Spot)>, E> {
    sharing::candidates(features)
}

/// The pages that packets share: a finding in each of the two packets per material and other applicant, by packet.
#[must_use]
pub fn across(packets: &[&PacketPrint]) -> Vec<SharedFinding> {
    let all = packets.iter().enumerate();
    let mut found: Vec<(Feature, Spot)> =
        all.flat_map(|(k, p)| features(p).map(move |(f, page)| (f, (k, page)))).collect();
    found.sort_unstable();
    let candidates = candidates(found.into_iter().map(Ok::<_, Infallible>)).unwrap_or_default();
    among(packets, &candidates)
}

/// As [`across`], where the candidates are known already. Of the packets only these pages' prints are looked at.
#[must_use]
pub fn among(packets: &[&PacketPrint], candidates: &[(Spot, Spot)]) -> Vec<SharedFinding> {
    // The pages held in common.
    let mut groups: BTreeMap<Pair, Vec<(Shared, bool)>> = BTreeMap::new();
    for page in shared(packets, candidates) {
        for (here, there, first) in [(page.first, page.second, true), (page.second, page.first, false)] {
            let group = (here.0, there.0, packets[here.0].pages[here.1].material);
            groups.entry(group).or_default().push((page, first));
        }
    }
    groups.iter().map(|((packet, other, material), pages)| said(packets, *packet, *other, *material, pages)).collect()
}

/// What a shared page means to the packet that holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Here {
    /// It is surely the other's.
    Foreign,
    PerhapsForeign,
    SameScan,
    SameNumber,
    /// The other packet holds this applicant's page.
    Lent,
}

fn here(sharing: Sharing, first: bool) -> Here {
    match (sharing, first) {
        (Sharing::OfFirst, false) | (Sharing::OfSecond, true) => Here::Foreign,
        (Sharing::PerhapsOfFirst, false) | (Sharing::PerhapsOfSecond, true) => Here::PerhapsForeign,
        (Sharing::SameScan, _) => Here::SameScan,
        (Sharing::SameNumber, _) => Here::SameNumber,
        _ => Here::Lent,
    }
}

fn said(
    packets: &[&PacketPrint],
    packet: usize,
    other: usize,
    material: Material,
    pages: &[(Shared, bool)],
) -> SharedFinding {
    let kind = pages.iter().map(|(s, first)| here(s.sharing, *first)).min().unwrap_or(Here::Lent);
    let meant: Vec<&(Shared, bool)> = pages.iter().filter(|(s, first)| here(s.sharing, *first) == kind).collect();
    let spots = |(s, first): &(Shared, bool)| if *first { (s.first, s.second) } else { (s.second, s.first) };
    let page = spots(meant[0]).0.1;
    let theirs = packets[other];
    let name = theirs.name.as_deref().unwrap_or(&theirs.folder);
    let pairs: Vec<String> = meant
        .iter()
        .map(|m| {
            let (mine, their) = spots(m);
            format!("{}与其{}", named(&packets[packet].pages[mine.1]), named(&theirs.pages[their.1]))
        })
        .collect();
    let pairs = listed(&pairs, NAMED);
    let what = material.name();
    let seen = format!("与申报人“{}”相同：{pairs}", theirs.folder);
    let (verdict, severity, message, suggestion) = match kind {
        Here::Foreign => (
            Verdict::Defect,
            Severity::Correct,
            format!("{what}写的是{name}，与申报人“{}”的材料是同一页（{pairs}），没有本人的姓名。", theirs.folder),
            "请换成本人的证书或表格；确属本人的，请说明为何与他人相同。",
        ),
        Here::PerhapsForeign => (
            Verdict::Review,
            Severity::Advise,
            format!(
                "{what}与申报人“{}”的材料是同一页（{pairs}），写有{name}，没有找到本人的姓名，请核对本人是否参与。",
                theirs.folder
            ),
            "请核对这份材料是否有本人署名；没有的请去掉。",
        ),
        Here::SameScan => (
            Verdict::Review,
            Severity::Advise,
            format!(
                "{what}与申报人“{}”的材料是同一次扫描（{pairs}），看不出属于谁，请核对是否共同完成。",
                theirs.folder
            ),
            "请核对这份材料属于哪位申报人；共同完成的，请确认有本人署名或分工说明。",
        ),
        Here::SameNumber => (
            Verdict::Review,
            Severity::Correct,
            format!("{what}与申报人“{}”的证书编号相同而姓名不同（{pairs}），请向发证机构核实。", theirs.folder),
            "请提供原件，由发证机构核实证书编号。",
        ),
        Here::Lent => (
            Verdict::Review,
            Severity::Advise,
            format!("本人的{what}也出现在申报人“{}”的材料里（{pairs}），请查明原因。", theirs.folder),
            "请核对是否装错，或被他人借用。",
        ),
    };
    let draft = Draft::intake(CheckId::SharedPage, severity, REQUIRED);
    let at = At {
        place: Place::file(&packets[packet].pages[page].file),
        material: Some(material),
        key: format!("{}:{}", material.id(), theirs.origin),
    };
    let words = Words::new(seen, message, suggestion);
    let finding = match verdict {
        Verdict::Defect => draft.defect(at, words, 0.95),
        Verdict::Review => draft.review(at, words, 0.8),
    };
    SharedFinding { packet, page, finding }
}

fn named(page: &PagePrint) -> String {
    format!("《{}》第{}页", page.file, page.page)
}
