//! `duplicate-page`.

use super::CheckResult;
use super::support::copies::{Copy, Sameness, awards, copies};
use super::support::documents::{Document, documents, holds, name, page_name};
use super::support::draft::{At, Draft, Words, listed};
use crate::model::finding::{CheckId, Finding, Place, Severity};
use crate::model::material::Material;
use crate::model::packet::PacketFacts;
use crate::pack::rules::RulePack;
use crate::pack::rules::copies::DuplicatePage as Rule;

check! {
    /// 找出同一份申报材料中重复出现的页，以及同一项成果重复使用。
    ///
    /// ## 为何要求
    /// 同一页扫描了两次，页码和目录就会对不上，往往还漏掉了本该在那里的一页。有的通知还规定，同一项目获得的几个
    /// 奖项只能算一条业绩，不能重复使用。
    ///
    /// ## 如何判断
    /// 两页的图像完全相同；或者读出的文字、页面上的数字和笔画的位置都对得上，判为同一页。同一份文件里有两页相同，
    /// 或者册内只有一页的材料、同一文件里只有一页的证书后面紧接着又是这一页，判为缺陷（程度为提示）。空白页、通知在两处都要的材料（例如两类都要的资格证书）、按要求装入的旧表不算重复。
    /// 规则包写有条款时，再看所列材料：同一张证书放在两处，或者几张证书写着同一个项目名称。
    ///
    /// ## 何时待核
    /// 文字相同而笔画的位置对不上、整份文件交了两次（可能是通知要求一式几份）时待核；成果是否重复使用一律待核，
    /// 因为同一证书也可能是另一条要求的附件。
    /// 印章下面等处的字读不准，而其余文字、数字和笔画都一致的，待核。只要有一个看得清的数字不同（另一年度的表、另一张证书的编号），就不算相同。
    ///
    /// ## 参数
    /// 规则包 `intake` 列出本检查项时，检查整份申报材料有无重复的页，不用参数。`[[check.duplicate-page]]`：
    /// `material` 同一成果只能用一次的材料。
    DuplicatePage, id = CheckId::DuplicatePage, judge = judge
}

const REQUIRED: &str = "同一页只应出现一次";
/// Pages named in one message.
const NAMED: usize = 12;

/// The documents that a page and its copy stand in.
type Homes = (Option<usize>, Option<usize>);

fn judge(facts: &PacketFacts, pack: &RulePack) -> Vec<CheckResult> {
    let asked = pack.checks.intake.contains(&CheckId::DuplicatePage);
    let rules = &pack.checks.copies.duplicate_page;
    if !asked && rules.is_empty() {
        return Vec::new();
    }
    let documents = documents(facts);
    let copies = copies(facts);
    let mut results = Vec::new();
    if asked {
        results.push(CheckResult::of(repeated(facts, pack, &documents, &copies)));
    }
    for rule in rules {
        if let Some(draft) = Draft::of(CheckId::DuplicatePage, &rule.basis, holds(&rule.basis, facts, &documents)) {
            results.push(CheckResult::of(reused(facts, pack, rule, &draft, &documents, &copies)));
        }
    }
    results
}

/// Pages that occur twice where the material is asked for once.
fn repeated(facts: &PacketFacts, pack: &RulePack, documents: &[Document], copies: &[Copy]) -> Vec<Finding> {
    let home = |page: usize| documents.iter().position(|d| d.pages.contains(&page));
    // Per pair of documents (one and the same, as a rule) the pages that are alike.
    let mut groups: Vec<(Homes, Vec<&Copy>)> = Vec::new();
    for copy in copies {
        let homes = (home(copy.first), home(copy.second));
        if is_asked_twice(homes, documents, copy) || are_alike_covers(facts, documents, homes, copy, copies) {
            continue;
        }
        match groups.iter_mut().find(|g| g.0 == homes) {
            Some(group) => group.1.push(copy),
            None => groups.push((homes, vec![copy])),
        }
    }
    groups.iter().map(|(homes, copies)| repetition(facts, pack, documents, homes, copies)).collect()
}

/// Two documents of one material in two places are asked for twice; so is what is bound and also handed in loose.
/// Pages of unknown material are divider sheets and covers: only neighbours among them are a slip of the scanner.
fn is_asked_twice(homes: Homes, documents: &[Document], copy: &Copy) -> bool {
    match homes {
        (Some(a), Some(b)) if a == b => false,
        (Some(a), Some(b)) => {
            let (a, b) = (&documents[a], &documents[b]);
            a.material != b.material || a.category != b.category || a.volume != b.volume
        }
        (None, None) => copy.second - copy.first > 1 || copy.sameness < Sameness::Sure,
        _ => true,
    }
}

fn repetition(
    facts: &PacketFacts,
    pack: &RulePack,
    documents: &[Document],
    homes: &Homes,
    copies: &[&Copy],
) -> Finding {
    let first = copies[0];
    let document = homes.1.map(|i| &documents[i]);
    let key = document.map_or_else(
        || format!("other:{}", facts.pages[first.first].file),
        |d| format!("{}#{}", d.material.id(), d.ordinal),
    );
    let at = At { place: Place::page(first.second), material: document.map(|d| d.material), key };
    let pairs: Vec<String> =
        copies.iter().map(|c| format!("{}与{}", page_name(facts, c.second), page_name(facts, c.first))).collect();
    let draft = Draft::intake(CheckId::DuplicatePage, Severity::Advise, REQUIRED);
    let what = document.map_or("材料", |d| name_of(pack, d)).to_owned();
    let seen = format!("{}相同", listed(&pairs, NAMED));
    let advice = "请核对原件：多扫的一页请去掉；如果这里本该是另一页，请补上那一页，并核对目录和页码。";
    let sure = copies.iter().all(|c| c.sameness >= Sameness::Sure);
    let one = homes.0 == homes.1
        || copies
            .iter()
            .all(|c| is_stray(facts, documents, homes, c) || is_scanned_again(facts, pack, documents, homes, c));
    if sure && one {
        let message = format!("{what}中{}，是同一页重复出现。", seen);
        return draft.defect(at, Words::new(seen, message, advice), 0.95);
    }
    let why = if one {
        "看来是同一页，但两次扫描不完全一致，请人工核对。"
    } else {
        "是同一份文件交了两次还是通知要求一式几份，请人工核对。"
    };
    let message = format!("{what}中{seen}，{why}");
    draft.review(at, Words::new(seen, message, advice), 0.8)
}

/// Two forms filled in for two occasions have like covers; what follows tells them apart.
fn are_alike_covers(facts: &PacketFacts, documents: &[Document], homes: Homes, copy: &Copy, copies: &[Copy]) -> bool {
    let (Some(a), Some(b)) = homes else { return false };
    if a == b || copy.sameness == Sameness::Identical {
        return false;
    }
    let (a, b) = (&documents[a], &documents[b]);
    let rest = |d: &Document| -> Vec<usize> {
        let seen = |p: &&usize| facts.page(**p).is_some_and(|f| !f.is_degraded() && !f.quality.blank);
        d.pages.iter().skip(1).filter(seen).copied().collect()
    };
    let (of_a, of_b) = (rest(a), rest(b));
    let repeats = |p: &usize| copies.iter().any(|c| c.second == *p && of_a.contains(&c.first));
    let covers = a.first() == copy.first && b.first() == copy.second;
    covers && !of_a.is_empty() && !of_b.is_empty() && !of_b.iter().any(repeats)
}

/// A page inside a document that stands once more right behind it is no second copy of that document; nor is a bound
/// certificate of one page: several copies are asked of what is handed in loose, never of a leaf of a volume.
fn is_stray(facts: &PacketFacts, documents: &[Document], homes: &Homes, copy: &Copy) -> bool {
    let (Some(of), Some(alone)) = (homes.0, homes.1) else { return false };
    let (of, alone) = (&documents[of], &documents[alone]);
    let behind = (copy.first + 1..copy.second).all(|p| facts.page(p).is_some_and(|f| f.quality.blank));
    let leaf = |d: &Document| d.volume.is_some() && d.pages.len() == 1;
    alone.first() == copy.second && behind && (of.first() < copy.first || (leaf(of) && leaf(alone)))
}

/// Of these one copy is asked, unless the notice says how many.
const CERTIFICATES: [Material; 7] = [
    Material::EducationCertificate,
    Material::DegreeCertificate,
    Material::EducationVerification,
    Material::QualificationCertificate,
    Material::AppointmentCertificate,
    Material::ContinuingEducationProof,
    Material::HonourCertificate,
];

/// A certificate of one page right behind itself in one file.
fn is_scanned_again(facts: &PacketFacts, pack: &RulePack, documents: &[Document], homes: &Homes, copy: &Copy) -> bool {
    let (Some(of), Some(again)) = (homes.0, homes.1) else { return false };
    let material = documents[of].material;
    let several = pack.checks.missing_material.iter().any(|r| r.count > 1 && r.any_of.contains(&material));
    let single = |i: usize| documents[i].pages.len() == 1;
    let next = copy.second == copy.first + 1 && facts.pages[copy.first].file == facts.pages[copy.second].file;
    CERTIFICATES.contains(&material) && !several && single(of) && single(again) && next
}

fn name_of<'a>(pack: &'a RulePack, document: &Document) -> &'a str {
    document.entry.and_then(|i| pack.materials.get(i)).map_or_else(|| document.material.name(), |e| e.name.as_str())
}

/// One achievement used as evidence more than once.
fn reused(
    facts: &PacketFacts,
    pack: &RulePack,
    rule: &Rule,
    draft: &Draft,
    documents: &[Document],
    copies: &[Copy],
) -> Vec<Finding> {
    let listed_pages =
        |page: usize| documents.iter().any(|d| rule.material.contains(&d.material) && d.pages.contains(&page));
    let of = |page: usize| documents.iter().find(|d| d.pages.contains(&page));
    let at = |page: usize, key: String| At { place: Place::page(page), material: of(page).map(|d| d.material), key };
    let advice = "同一项目的几个奖项只保留最高的一项；重复的请去掉，或换成另一项成果。";
    let mut findings = Vec::new();
    let twice: Vec<&Copy> = copies
        .iter()
        // Neighbouring repeats inside one document are the intake's matter.
        .filter(|c| listed_pages(c.first) && listed_pages(c.second) && of(c.first) != of(c.second))
        .collect();
    if let Some(first) = twice.first() {
        let pairs: Vec<String> =
            twice.iter().map(|c| format!("{}与{}", page_name(facts, c.second), page_name(facts, c.first))).collect();
        let seen = format!("{}相同", listed(&pairs, NAMED));
        let message = format!("{seen}，同一成果可能使用了两次，请核对它们是否分属两条要求。");
        findings.push(draft.review(at(first.second, "copy".into()), Words::new(seen, message, advice), 0.8));
    }
    let is_copy = |a: usize, b: usize| copies.iter().any(|c| (c.first, c.second) == (a.min(b), a.max(b)));
    for (project, pages) in awards(facts, documents, &rule.material) {
        let distinct: Vec<usize> = pages
            .iter()
            .enumerate()
            .filter(|(i, p)| !pages[..*i].iter().any(|q| is_copy(*q, **p)))
            .map(|(_, p)| *p)
            .collect();
        if distinct.len() < 2 {
            continue;
        }
        let names: Vec<String> = distinct.iter().map(|p| page_name(facts, *p)).collect();
        let material = of(distinct[0]).map_or(Material::Other, |d| d.material);
        let message = format!(
            "{}的{}都写着“{project}”，可能是同一项目的几个奖项，只能算一条，请核对。",
            listed(&names, NAMED),
            name(pack, material, None),
        );
        let words = Words::new(format!("{}都写着“{project}”", listed(&names, NAMED)), message, advice);
        findings.push(draft.review(at(distinct[1], format!("project:{project}")), words, 0.6));
    }
    findings
}
