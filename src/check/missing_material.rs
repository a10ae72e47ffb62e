//! `missing-material`.

use super::CheckResult;
use super::support::documents::{Document, Sight, documents, holds, name, page_name, sight};
use super::support::draft::{At, Draft, Words, listed};
use super::support::gates::{FEW_LINES, LIKELY_SPAN, SURE_CHARACTER, SURE_SPAN};
use super::support::unread::{LITTLE_INK, ink_unread};
use crate::model::finding::{CheckId, Finding, Place, Verdict};
use crate::model::material::{Material, Span};
use crate::model::packet::PacketFacts;
use crate::model::page::PageFacts;
use crate::pack::rules::{Holds, MaterialEntry, MissingMaterial as Rule, RulePack};

check! {
    /// 找出通知要求而申报材料中没有的材料。
    ///
    /// ## 为何要求
    /// 通知按申报级别、申报类型、单位性质列明应提交的材料，缺一项即须补正。
    ///
    /// ## 如何判断
    /// 逐条核对规则包中的要求：条件成立、全部页面都已读到、没有任何页面可能是该材料时，判为缺陷。
    /// 放在别的分类、别的册里的算已提交（位置问题由“材料顺序”指出），在那一册里本来就该有的（如各册的目录）除外；装订本中的一份可以抵单独提交的一份。
    ///
    /// ## 何时待核
    /// - 申报级别、申报类型、单位性质或呈报渠道未知，不能确定是否要求
    /// - 有文件或页面未能读出，或认不出是什么的页几乎没有读到字，缺少的材料可能就在其中
    /// - 有未能识别的页面可能是该材料，或识别把握不足
    /// - 要按标题认的材料（`headed`），有几份同类材料而没有一份写着通常的标题
    /// - 份数少于要求（相连的几份可能未能分开）
    /// - 要求装订在某一册而只在册外找到；要求单独提交而只在册内作为旧材料找到；只在另一条要求的分类中找到
    /// - 整份申报材料没有一页可读：只给一条待核
    ///
    /// ## 参数
    /// - `any_of`：材料，有其中一种即可
    /// - `count`：至少几份，默认 1
    /// - `headed`：只认标题里有其中一个词的（同一种材料里的某一份，如公示材料中的公示说明），第一个词是它的叫法
    /// - `category`：应在的分类
    /// - `volume`：应在的册；`loose` 表示不装订
    MissingMaterial, id = CheckId::MissingMaterial, judge = judge
}

/// Pages named in one message.
const NAMED_PAGES: usize = 5;

/// How far the packet satisfies an entry.
enum Found {
    Enough,
    /// Something is there, or may be: the page to look at and why it does not settle the matter.
    Perhaps(Option<usize>, String),
    Nothing,
}

fn judge(facts: &PacketFacts, pack: &RulePack) -> Vec<CheckResult> {
    let rules = &pack.checks.missing_material;
    if rules.is_empty() {
        return Vec::new();
    }
    if (0..facts.pages.len()).all(|p| facts.page(p).is_none_or(|f| f.quality.blank && !f.is_degraded())) {
        return vec![CheckResult::Undecided(vec![nothing_to_read(&rules[0])])];
    }
    let documents = documents(facts);
    let holding: Vec<Holds> = rules.iter().map(|r| holds(&r.basis, facts, &documents)).collect();
    let mut said: Vec<(&[Material], Option<usize>, Verdict)> = Vec::new();
    let mut results = Vec::new();
    for (rule, holds) in rules.iter().zip(&holding) {
        let Some(draft) = Draft::of(CheckId::MissingMaterial, &rule.basis, holds.clone()) else {
            results.push(CheckResult::Passed);
            continue;
        };
        let rivals: Vec<usize> = rules
            .iter()
            .zip(&holding)
            .filter(|(r, h)| r.any_of == rule.any_of && r.category != rule.category && **h != Holds::No)
            .filter_map(|(r, _)| r.category)
            .collect();
        let finding = match search(rule, facts, pack, &documents, &rivals) {
            Found::Enough => None,
            Found::Perhaps(page, why) => Some(undecided(rule, pack, &draft, page, &why)),
            Found::Nothing => Some(match unseen(facts) {
                Some((page, why)) => undecided(rule, pack, &draft, page, &why),
                None => absent(rule, facts, pack, &draft),
            }),
        };
        results.push(match finding {
            None => CheckResult::Passed,
            // Two clauses that ask for the same thing make one complaint; the entry still counts as what it is.
            Some(f) if said.contains(&(rule.any_of.as_slice(), own_volume(rule, rules), f.verdict)) => {
                match f.verdict {
                    Verdict::Defect => CheckResult::Defects(Vec::new()),
                    Verdict::Review => CheckResult::Undecided(Vec::new()),
                }
            }
            Some(f) => {
                said.push((&rule.any_of, own_volume(rule, rules), f.verdict));
                CheckResult::of(vec![f])
            }
        });
    }
    results
}

/// The volume of a rule that is one of several, each asking for the same material in a volume of its own.
fn own_volume(rule: &Rule, rules: &[Rule]) -> Option<usize> {
    let volume = rule.volume.flatten()?;
    let other = |r: &Rule| r.any_of == rule.any_of && r.volume.flatten().is_some_and(|v| v != volume);
    rules.iter().any(other).then_some(volume)
}

fn search(rule: &Rule, facts: &PacketFacts, pack: &RulePack, documents: &[Document], rivals: &[usize]) -> Found {
    let of_kind: Vec<&Document> =
        documents.iter().filter(|d| rule.any_of.contains(&d.material) && is_headed(rule, facts, d)).collect();
    let likely: Vec<&&Document> = of_kind.iter().filter(|d| d.confidence >= LIKELY_SPAN).collect();
    let Some(first) = likely.first() else {
        if let Some(d) = of_kind.first() {
            return Found::Perhaps(
                Some(d.first()),
                format!("{}可能是该材料，但识别把握不足", page_name(facts, d.first())),
            );
        }
        // Of several documents one may be it under another heading.
        let mut unheaded = documents.iter().filter(|d| rule.any_of.contains(&d.material));
        return match (unheaded.next(), unheaded.next()) {
            (Some(d), Some(_)) => {
                let why = format!("{}等几份材料中可能有它，标题不是通常的写法", page_name(facts, d.first()));
                Found::Perhaps(Some(d.first()), why)
            }
            _ => guessed(rule, facts),
        };
    };
    let elsewhere =
        |why: &str| Found::Perhaps(Some(first.first()), format!("在{}找到，{why}", page_name(facts, first.first())));
    match rule.volume {
        Some(Some(volume)) if likely.iter().all(|d| d.volume != Some(volume)) => {
            let bound_at_all = facts.spans.iter().any(|s| s.volume == Some(volume));
            let title = pack.volumes.get(volume).map_or("册", |v| v.name.as_str());
            // What stands where it belongs in another volume answers for that volume only: each has its own 目录.
            let elsewhere_bound = |d: &&&Document| d.volume.is_some_and(|v| belongs(d.material, v, pack));
            if bound_at_all && likely.iter().all(|d| d.volume.is_none() || elsewhere_bound(d)) {
                return match likely.iter().find(|d| d.volume.is_none()) {
                    Some(loose) => Found::Perhaps(
                        Some(loose.first()),
                        format!("在{}找到，未见装订在“{title}”内", page_name(facts, loose.first())),
                    ),
                    None => guessed(rule, facts),
                };
            }
        }
        Some(None) if likely.iter().all(|d| is_excepted(d, pack)) => {
            return elsewhere("看来是装订在册内的旧材料，未见单独提交的一份");
        }
        _ => {}
    }
    if let Some(category) = rule.category {
        let here = likely.iter().any(|d| d.category == Some(category));
        // What stands in the place that another clause asks for does not answer this clause as well.
        let claimed = likely.iter().all(|d| d.category.is_some_and(|c| rivals.contains(&c)));
        if !here && claimed {
            let title = pack.categories.get(category).map_or("", |c| c.name.as_str());
            return elsewhere(&format!("“{title}”中未见"));
        }
    }
    if likely.len() < usize::from(rule.count) {
        return elsewhere(&format!("要求{}份，只识别出{}份（相连的几份可能未能分开）", rule.count, likely.len()));
    }
    Found::Enough
}

/// A longer line is a sentence.
const HEADING: usize = 30;

/// Whether a heading on the document's pages bears one of the rule's words, where it has any.
fn is_headed(rule: &Rule, facts: &PacketFacts, document: &Document) -> bool {
    let bears = |page: &PageFacts| {
        page.lines.iter().any(|l| {
            let text: String = l.text.chars().filter(|c| !c.is_whitespace()).collect();
            text.chars().count() <= HEADING && rule.headed.iter().any(|w| text.contains(w.as_str()))
        })
    };
    // A page that was not read may be headed in any way.
    rule.headed.is_empty() || document.pages.iter().any(|p| facts.page(*p).is_none_or(|f| f.is_degraded() || bears(f)))
}

/// Whether the notice gives this material a place in this volume.
fn belongs(material: Material, volume: usize, pack: &RulePack) -> bool {
    pack.materials.iter().any(|e| e.material == material && e.volume == Some(volume))
        || pack.categories.iter().any(|c| c.volume == volume && c.order.iter().flatten().any(|m| *m == material))
}

fn is_excepted(document: &Document, pack: &RulePack) -> bool {
    document.volume.is_some() && super::support::documents::is_old_copy(document, pack)
}

/// Pages of no certain material that may be this one. What a page's own title surely says it is, it is.
fn guessed(rule: &Rule, facts: &PacketFacts) -> Found {
    let open = |s: &&Span| s.material == Material::Other || !s.titled || s.confidence < SURE_SPAN;
    for span in facts.spans.iter().filter(open).filter(|s| s.guesses.iter().any(|g| rule.any_of.contains(g))) {
        if span.pages.clone().any(|p| sight(facts.page(p)) != Sight::Blank) {
            let page = span.pages.start;
            return Found::Perhaps(Some(page), format!("{}未能确定是什么材料，可能就是它", page_name(facts, page)));
        }
    }
    Found::Nothing
}

/// Why absence is not certain: something of the packet was not read.
fn unseen(facts: &PacketFacts) -> Option<(Option<usize>, String)> {
    if let Some(file) = facts.unreadable.first() {
        return Some((None, format!("《{}》未能读出，可能就在其中", file.file)));
    }
    let mute = |p: &usize| {
        let span = facts.spans.iter().find(|s| s.material == Material::Other && s.pages.contains(p));
        match facts.page(*p) {
            None => true,
            Some(page) if page.is_degraded() => true,
            // A page of no known material with next to nothing read on it may be anything.
            Some(page) => span.is_some_and(|s| !page.quality.blank && !is_read(page, s.titled)),
        }
    };
    let pages: Vec<usize> = (0..facts.pages.len()).filter(mute).collect();
    let names: Vec<String> = pages.iter().map(|p| page_name(facts, *p)).collect();
    pages.first().map(|p| (Some(*p), format!("{}未能读出或内容不完整，可能就在其中", listed(&names, NAMED_PAGES))))
}

/// Whether the page says what it is: by several lines, by its title (a divider, a cover), or by a few surely read lines
/// that are all there is on it.
fn is_read(page: &PageFacts, titled: bool) -> bool {
    let surely = || page.lines.iter().all(|l| l.confidence >= SURE_CHARACTER);
    let whole = || surely() && ink_unread(page).is_some_and(|share| share <= LITTLE_INK);
    page.lines.len() >= FEW_LINES || (!page.lines.is_empty() && (titled || whole()))
}

fn title(rule: &Rule, pack: &RulePack) -> String {
    if let Some(called) = rule.headed.first() {
        return called.clone();
    }
    let mut names: Vec<String> = Vec::new();
    for material in &rule.any_of {
        // 第一册目录 and 第二册目录 are one material; the rule asks for its own volume's.
        let own = |e: &MaterialEntry| e.material == *material && e.volume.is_some() && Some(e.volume) == rule.volume;
        let name = name(pack, *material, pack.materials.iter().position(own));
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join("或")
}

fn place(rule: &Rule, pack: &RulePack) -> String {
    match (rule.category.and_then(|c| pack.categories.get(c)), rule.volume) {
        (Some(category), _) => format!("“{}”中", category.name),
        (None, Some(Some(volume))) => pack.volumes.get(volume).map_or_else(String::new, |v| format!("“{}”中", v.name)),
        (None, Some(None)) | (None, None) => "申报材料中".into(),
    }
}

fn at(rule: &Rule, pack: &RulePack, page: Option<usize>) -> At {
    let materials = rule.any_of.iter().map(|m| m.id()).collect::<Vec<_>>().join("+");
    let category = rule.category.and_then(|c| pack.categories.get(c)).map_or("", |c| c.name.as_str());
    let volume = own_volume(rule, &pack.checks.missing_material).and_then(|v| pack.volumes.get(v));
    let materials = rule.headed.first().map_or(materials.clone(), |called| format!("{materials}:{called}"));
    let key = volume.map_or_else(|| format!("{materials}/{category}"), |v| format!("{materials}/{}", v.name));
    At { place: page.map_or_else(Place::packet, Place::page), material: rule.any_of.first().copied(), key }
}

fn absent(rule: &Rule, facts: &PacketFacts, pack: &RulePack, draft: &Draft) -> Finding {
    let title = title(rule, pack);
    let place = place(rule, pack);
    let words = Words::new(
        format!("全部{}页中未见{title}", facts.pages.len()),
        format!("{place}缺少{title}。"),
        format!("请补交{title}{}。", if rule.count > 1 { format!("（{}份）", rule.count) } else { String::new() }),
    );
    draft.defect(at(rule, pack, None), words, 0.9)
}

fn undecided(rule: &Rule, pack: &RulePack, draft: &Draft, page: Option<usize>, why: &str) -> Finding {
    let title = title(rule, pack);
    let words = Words::new(
        why,
        format!("不能确定是否缺少{title}：{why}。"),
        format!("请人工核对；确实缺少的，请申报人补交{title}。"),
    );
    draft.review(at(rule, pack, page), words, 0.4)
}

fn nothing_to_read(rule: &Rule) -> Finding {
    let at = At { place: Place::packet(), material: None, key: "packet".into() };
    let words = Words::new(
        "没有一页可读",
        "申报材料没有一页可以读出，无法核对材料是否齐全。",
        "请检查提交的文件，重新扫描后提交。",
    );
    Finding {
        required: "按通知提交齐全的申报材料".into(),
        clause: String::new(),
        verdict: Verdict::Review,
        ..Draft::intake(CheckId::MissingMaterial, rule.basis.severity, "").review(at, words, 0.9)
    }
}
