//! `suspect-seal`.

use super::CheckResult;
use super::support::copies::copies;
use super::support::documents::{Document, Sight, documents, name, page_name, sight};
use super::support::draft::{At, Draft, Words, listed};
use super::support::gates::SURE_SEAL;
use super::support::likeness::{correlation, ink_of};
use crate::model::finding::{CheckId, Finding, Place, Severity};
use crate::model::likeness::Thumb;
use crate::model::marks::{Seal, SealColour};
use crate::model::material::Material;
use crate::model::packet::PacketFacts;
use crate::model::text::TextSource;
use crate::pack::rules::RulePack;

check! {
    /// 找出看起来是贴上去而不是盖上去的印章。
    ///
    /// ## 为何要求
    /// 材料上的公章应当盖在纸上再扫描。把印章图片贴到扫描件上，或者几页用的是同一个印章图片，说明这些章可能没有真正
    /// 盖过。这是收件提示，不对应通知的某一条，也不能单凭它认定造假。
    ///
    /// ## 如何判断
    /// 本检查项只提示待核，从不判为缺陷。
    ///
    /// ## 何时待核
    /// 一、PDF 里印章是压在整页扫描图上面的另一张小图片。二、不同的页上印章的角度、缺墨和深浅处处相同：手盖的章不会
    /// 两次完全一样。同一页重复扫描的不算；没有扫描、由系统直接生成的文件（学信网报告、社保证明等）上的电子印章不算；
    /// 灰度、黑白扫描件上的印章不判断；贴好章打印出来再扫描的，从图像上看不出来。同一份文件的几处合并为一条。
    ///
    /// ## 参数
    /// 无。规则包 `intake` 列出本检查项时执行。
    SuspectSeal, id = CheckId::SuspectSeal, judge = judge
}

const REQUIRED: &str = "印章应盖在纸质材料上，再整页扫描";
/// Pages named in one message.
const NAMED: usize = 10;
/// Reports of online services, whose seals are part of the file.
const ISSUED_ONLINE: [Material; 6] = [
    Material::EducationVerification,
    Material::PensionProof,
    Material::PaperIndexPage,
    Material::SimilarityReport,
    Material::ContinuingEducationProof,
    Material::IdentityCard,
];
/// Correlation of the ink of two seals: of one picture set on two pages it is above, of two impressions of one stamp, set
/// down at the same angle, up to 0.96. A picture printed and scanned again falls among these.
const SAME_IMPRESSION: f32 = 0.985;
/// With less ink, in cells filled, there is too little to compare.
const LEAST_INK: f32 = 120.0;
const LEAST_MM: f32 = 20.0;

fn judge(facts: &PacketFacts, pack: &RulePack) -> Vec<CheckResult> {
    if !pack.checks.intake.contains(&CheckId::SuspectSeal) {
        return Vec::new();
    }
    let documents = documents(facts);
    let draft = Draft::intake(CheckId::SuspectSeal, Severity::Advise, REQUIRED);
    let mut findings: Vec<Finding> =
        documents.iter().filter(|d| !is_issued_online(d)).filter_map(|d| layered(facts, pack, d, &draft)).collect();
    findings.extend(repeated(facts, pack, &documents, &draft));
    vec![CheckResult::of(findings)]
}

fn is_issued_online(document: &Document) -> bool {
    ISSUED_ONLINE.contains(&document.material)
}

/// Seals stamped on the document's pages that were scanned in colour.
fn seals<'a>(facts: &'a PacketFacts, document: &Document) -> Vec<(usize, &'a Seal)> {
    let scanned =
        |p: &&usize| facts.page(**p).is_some_and(|f| f.source == TextSource::Pixels && sight(Some(f)) == Sight::Colour);
    let on = |p: &usize| facts.page(*p).into_iter().flat_map(|f| &f.seals).map(|s| (*p, s)).collect::<Vec<_>>();
    let stamped =
        |s: &&(usize, &Seal)| s.1.confidence >= SURE_SEAL && matches!(s.1.colour, SealColour::Red | SealColour::Blue);
    document.pages.iter().filter(scanned).flat_map(on).collect::<Vec<_>>().iter().filter(stamped).copied().collect()
}

fn layered(facts: &PacketFacts, pack: &RulePack, document: &Document, draft: &Draft) -> Option<Finding> {
    let found: Vec<(usize, &Seal)> = seals(facts, document).into_iter().filter(|(_, s)| s.layer).collect();
    let (first, seal) = *found.first()?;
    let mut pages: Vec<usize> = found.iter().map(|f| f.0).collect();
    pages.dedup();
    let at = At {
        place: Place::on(first, seal.rect),
        material: Some(document.material),
        key: format!("layer:{}#{}", document.material.id(), document.ordinal),
    };
    let names: Vec<String> = pages.iter().map(|p| page_name(facts, *p)).collect();
    let names = listed(&names, NAMED);
    let what = name(pack, document.material, document.entry);
    let message =
        format!("{what}（{names}）上的印章是压在扫描图上面的另一张图片，可能是后贴的，也可能是电子印章，请核对原件。");
    let words = Words::new(format!("印章是单独的图层：{names}"), message, "请提供盖有印章的原件，重新扫描整页。");
    Some(draft.review(at, words, 0.7))
}

/// One impression on several pages: one finding per impression.
fn repeated(facts: &PacketFacts, pack: &RulePack, documents: &[Document], draft: &Draft) -> Vec<Finding> {
    let printed: Vec<(usize, usize, &Seal, &Thumb)> = documents
        .iter()
        .enumerate()
        .flat_map(|(d, document)| seals(facts, document).into_iter().map(move |(page, seal)| (d, page, seal)))
        .filter(|(_, _, s)| s.diameter_mm >= LEAST_MM)
        .filter_map(|(d, page, seal)| Some((d, page, seal, seal.print.as_ref()?)))
        .filter(|(.., print)| ink_of(print) >= LEAST_INK)
        .collect();
    if printed.len() < 2 {
        return Vec::new();
    }
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (i, (_, page, _, print)) in printed.iter().enumerate() {
        let alike = |k: &usize| printed[*k].1 != *page && is_one_impression(printed[*k].3, print);
        match groups.iter_mut().find(|g| g.iter().any(alike)) {
            Some(group) => group.push(i),
            None => groups.push(vec![i]),
        }
    }
    groups.retain(|g| g.len() > 1);
    if groups.is_empty() {
        return Vec::new();
    }
    // A page that was scanned twice, or the copy of a page, bears the same seal rightly.
    let copies = copies(facts);
    let is_copy = |page: usize, kept: &[usize]| {
        copies
            .iter()
            .any(|c| (c.first == page && kept.contains(&c.second)) || (c.second == page && kept.contains(&c.first)))
    };
    let mut findings = Vec::new();
    for group in groups {
        let mut pages: Vec<usize> = Vec::new();
        for page in group.iter().map(|i| printed[*i].1) {
            if !pages.contains(&page) && !is_copy(page, &pages) {
                pages.push(page);
            }
        }
        if pages.len() < 2 {
            continue;
        }
        // Reports of one online service bear one picture by right; no other paper bears it.
        let stamped = group.iter().map(|i| &printed[*i]).find(|p| !is_issued_online(&documents[p.0]));
        let Some((d, page, seal, _)) = stamped.copied() else { continue };
        let document = &documents[d];
        let at = At {
            place: Place::on(page, seal.rect),
            material: Some(document.material),
            key: format!("same:{}#{}", document.material.id(), document.ordinal),
        };
        let names: Vec<String> = pages.iter().map(|p| page_name(facts, *p)).collect();
        let names = listed(&names, NAMED);
        let message = format!(
            "{names}上的印章角度、缺墨和深浅处处相同，像是同一张图片（首处为{}），请核对原件。",
            name(pack, document.material, document.entry),
        );
        let words = Words::new(format!("几页的印章完全相同：{names}"), message, "请提供盖有印章的原件，重新扫描。");
        findings.push(draft.review(at, words, 0.7));
    }
    findings
}

/// Whether two prints are of one impression. Each is centred on its own ink, so hardly a shift is left to try.
fn is_one_impression(a: &Thumb, b: &Thumb) -> bool {
    let whole = (0, 0, a.width() as i32, a.height() as i32);
    (a.width(), a.height()) == (b.width(), b.height())
        && [(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)].iter().any(|s| correlation(a, b, whole, *s) >= SAME_IMPRESSION)
}
