//! `opinion-wording`.

use super::CheckResult;
use super::support::documents::{Document, documents, holds, is_old_copy, name, page_name};
use super::support::draft::{At, Draft, Words};
use super::support::gates::{SURE_CHARACTER, SURE_PLACE, SURE_SPAN};
use super::support::opinion::{Said, body, cites, is_bare, is_prompt, level_name, levels, says};
use super::support::passage::folded;
use super::support::running::Running;
use super::support::unread::has_unread_line;
use crate::model::field::FormPlace;
use crate::model::finding::{CheckId, Finding, Place, Verdict};
use crate::model::material::Material;
use crate::model::packet::PacketFacts;
use crate::model::page::PageFacts;
use crate::model::text::TextLine;
use crate::pack::rules::RulePack;
use crate::pack::rules::content::OpinionWording as Rule;

check! {
    /// 找出只写“同意”，或没有按通知要求写明内容的意见。
    ///
    /// ## 为何要求
    /// 通知规定鉴定意见须具体详实，不能只写“同意”；审核意见须写明“同意推荐”；鉴定意见须写明各项条件是否符合。
    ///
    /// ## 如何判断
    /// 读意见栏里（或鉴定意见等整份材料里）的文字，签字、公章、日期及其提示语除外，去掉空格和换行后比对。
    /// 只写“同意”“情况属实”一类的话、没有要求的用语、申报职称与本人申报级别不一致，判为缺陷；一个栏目（一份材料）一条，列出各项不足。
    /// 要求写到的几个方面，每个方面认多种说法；缺两个以上方面判为缺陷。
    /// 空着的栏目本检查不作声（见“缺少公章”“栏目未填”）。
    ///
    /// ## 何时待核
    /// - 手写的意见，只在读出了“同意”而没有读出要求的用语时
    /// - 印章压在意见文字上，有字识别把握低于0.8，或栏内有一行字没有读出
    /// - 用语只差一两个字（可能是误读，也可能是另一种写法），写有“不同意”
    /// - 只缺一个方面，或没有写明申报哪一级职称、符合哪些条款
    /// - 栏目位置、材料识别把握不足，页面未读出或不完整
    ///
    /// ## 参数
    /// - `material`、`place`：哪种表的哪一栏；不写 `place`，或该材料没有这一栏，看整份材料
    /// - `more_than_agreement`：不能只写“同意”
    /// - `states`：必须写明的用语，“|”隔开几种说法，“…”代表几个字
    /// - `topics`：必须写到的方面，“|”隔开几种说法
    /// - `level`：须写明申报的职称级别；`cites`：须写明符合哪些条款
    /// - `later_office`：审核本批材料之后才填写的栏目
    /// - `any_document`：几份材料中有一份写明即可
    OpinionWording, id = CheckId::OpinionWording, judge = judge
}

/// Fewer characters of running text were not read as a document, but past it.
const LEAST_TEXT: usize = 30;
/// As many topics missing are no matter of wording.
const SURELY_MISSING: usize = 2;

/// From this share of handwriting on a document counts as handwritten; signature and date alone are less.
const HAND: f32 = 0.2;

/// An opinion of fewer characters is a phrase.
const FEW_WORDS: usize = 20;

/// An opinion as read.
struct Opinion {
    /// White space left out.
    text: String,
    /// Why nothing certain may be said of it.
    doubt: Option<&'static str>,
    hand: bool,
    material: Material,
    at: Place,
    key: String,
    name: String,
    confidence: f32,
}

fn judge(facts: &PacketFacts, pack: &RulePack) -> Vec<CheckResult> {
    let documents = documents(facts);
    let of_rule = |rule: &Rule| {
        let Some(draft) = Draft::of(CheckId::OpinionWording, &rule.basis, holds(&rule.basis, facts, &documents)) else {
            return CheckResult::Passed;
        };
        let asked = documents.iter().filter(|d| rule.material.contains(&d.material) && !is_old_copy(d, pack));
        let mut judged: Vec<(Opinion, Complaints)> = asked
            .filter_map(|d| match &rule.place {
                Some(id) if has_place(pack, d, id) => of_place(id, facts, pack, d),
                _ => of_document(facts, pack, d),
            })
            .map(|opinion| {
                let complaints = complaints(rule, facts, &opinion);
                (opinion, complaints)
            })
            .collect();
        if rule.any_document {
            // What can't be read may say it.
            let weak = rule.basis.verdict == Verdict::Review;
            let may_say = |(o, c): &(Opinion, Complaints)| {
                c.is_empty() || (o.hand && !o.is_legible(c)) || (weak && (o.hand || o.doubt.is_some()))
            };
            if judged.iter().any(may_say) {
                return CheckResult::Passed;
            }
            // The one that comes nearest is the one to mend.
            judged.sort_by_key(|(_, c)| c.certain.len() + c.doubtful.len());
            judged.truncate(1);
        }
        CheckResult::of(judged.iter().filter_map(|(o, c)| finding(&draft, rule, o, c)).collect())
    };
    pack.checks.content.opinion_wording.iter().map(of_rule).collect()
}

fn has_place(pack: &RulePack, document: &Document, id: &str) -> bool {
    pack.form(document.material).is_some_and(|f| f.places.iter().any(|p| p.id == id))
}

impl Opinion {
    /// Of handwriting only what was read counts: an opinion that reads 同意 and nothing asked for.
    fn is_legible(&self, found: &Complaints) -> bool {
        is_bare(&self.text) || (self.text.contains("同意") && !found.certain.is_empty())
    }
}

/// What a box says. None where it isn't found, or nothing is written in it.
fn of_place(id: &str, facts: &PacketFacts, pack: &RulePack, document: &Document) -> Option<Opinion> {
    let of_it = |p: &&FormPlace| p.material == document.material && p.id == id && document.pages.contains(&p.page);
    let place = facts.places.iter().filter(of_it).max_by(|a, b| a.confidence.total_cmp(&b.confidence))?;
    let page = facts.page(place.page)?;
    let text = without_signature(body(&place.text), page, place);
    if !text.chars().any(char::is_alphanumeric) {
        return None;
    }
    let written: Vec<&TextLine> = page.lines.iter().filter(|l| is_part(l, place, &text)).collect();
    let called = pack.form(document.material).and_then(|f| f.places.iter().find(|p| p.id == id)).map(|p| &p.name);
    let doubt = if page.is_degraded() {
        Some("页面不完整")
    } else if place.confidence < SURE_PLACE {
        Some("栏目位置没有把握")
    } else if document.confidence < SURE_SPAN {
        Some("材料识别把握不足")
    } else if written.iter().any(|l| is_unsure(l, &text)) {
        Some("有字识别把握不足")
    } else if has_unread_line(page, place.rect) {
        Some("栏内有字没有读出")
    } else if is_stamped(page, &written) {
        Some("印章压着意见文字")
    } else {
        None
    };
    Some(Opinion {
        hand: place.hand && (written.is_empty() || written.iter().any(|l| l.hand)),
        doubt,
        material: document.material,
        at: Place::on(place.page, place.rect),
        key: format!("{}#{}/{id}", document.material, document.ordinal),
        name: format!(
            "{}“{}”栏（{}）",
            name(pack, document.material, document.entry),
            called.map_or(id, String::as_str),
            page_name(facts, place.page)
        ),
        confidence: place.confidence.min(document.confidence),
        text,
    })
}

/// A signature's longest name.
const NAME: usize = 4;

/// The opinion without the name signed beside a prompt: a high hand is read before the prompt it follows.
fn without_signature(mut body: String, page: &PageFacts, place: &FormPlace) -> String {
    let inside = || page.lines.iter().filter(|l| l.rect.share_inside(&place.rect) > 0.5);
    let prompts: Vec<&TextLine> = inside().filter(|l| is_prompt(&l.text)).collect();
    let beside = |l: &TextLine| {
        let (x, y) = l.rect.centre();
        prompts.iter().any(|p| {
            let common = p.rect.bottom().min(l.rect.bottom()) - p.rect.y.max(l.rect.y);
            x > p.rect.centre().0 && (common > 0.3 * l.rect.h.min(p.rect.h) || (p.rect.y..p.rect.bottom()).contains(&y))
        })
    };
    for line in inside().filter(|l| !is_prompt(&l.text) && beside(l)) {
        let name: String = folded(&line.text).into_iter().collect();
        if name.chars().count() <= NAME && body.ends_with(&name) {
            body.truncate(body.len() - name.len());
        }
    }
    body
}

/// Whether a line lies in the box and is part of the opinion's own words.
fn is_part(line: &TextLine, place: &FormPlace, body: &str) -> bool {
    let text = folded(&line.text).into_iter().collect::<String>();
    text.chars().count() >= 2 && line.rect.share_inside(&place.rect) > 0.5 && body.contains(&text)
}

/// In a long opinion single characters may be unsure; of a few words each counts.
fn is_unsure(line: &TextLine, body: &str) -> bool {
    let short = body.chars().count() < FEW_WORDS;
    (if short { line.weakest() } else { line.confidence }) < SURE_CHARACTER
}

fn is_stamped(page: &PageFacts, written: &[&TextLine]) -> bool {
    let marks = || page.seals.iter().map(|s| s.rect).chain(page.traces.iter().copied());
    written.iter().any(|l| marks().any(|m| l.rect.share_inside(&m) > 0.1))
}

/// What a document of running text says.
fn of_document(facts: &PacketFacts, pack: &RulePack, document: &Document) -> Option<Opinion> {
    let running = Running::of(facts, document);
    let text = running.passage().text();
    let doubt = if running.unseen {
        Some("页面未读出或不完整")
    } else if document.confidence < SURE_SPAN {
        Some("材料识别把握不足")
    } else if text.chars().count() < LEAST_TEXT {
        Some("读出的文字太少")
    } else {
        None
    };
    Some(Opinion {
        text,
        doubt,
        hand: running.hand() > HAND,
        material: document.material,
        at: Place::page(document.first()),
        key: format!("{}#{}", document.material, document.ordinal),
        name: format!("{}（{}）", name(pack, document.material, document.entry), page_name(facts, document.first())),
        confidence: document.confidence,
    })
}

/// What is wrong with an opinion.
#[derive(Default)]
struct Complaints {
    certain: Vec<String>,
    doubtful: Vec<String>,
}

impl Complaints {
    fn is_empty(&self) -> bool {
        self.certain.is_empty() && self.doubtful.is_empty()
    }
}

fn complaints(rule: &Rule, facts: &PacketFacts, opinion: &Opinion) -> Complaints {
    let mut found = Complaints::default();
    let text = opinion.text.as_str();
    let bare = rule.more_than_agreement && is_bare(text);
    if bare {
        found.certain.push("只写了同意，没有具体的鉴定意见".into());
    }
    if text.contains("不同意") && !rule.states.is_empty() {
        found.doubtful.push("写有“不同意”".into());
    }
    for wording in &rule.states {
        match says(text, wording) {
            Said::Yes => {}
            // A hidden or misread part of the wording is likelier than another one.
            Said::Nearly if opinion.doubt.is_some() || opinion.hand => {}
            Said::Nearly => found.doubtful.push(format!("没有读到完整的“{}”", wording.name)),
            Said::No => found.certain.push(format!("没有写明“{}”", wording.name)),
        }
    }
    let missing: Vec<&str> =
        rule.topics.iter().filter(|t| says(text, t) == Said::No).map(|t| t.name.as_str()).collect();
    if !missing.is_empty() && !bare {
        let words = format!("没有写到{}", missing.join("、"));
        if missing.len() >= SURELY_MISSING { found.certain.push(words) } else { found.doubtful.push(words) }
    }
    if rule.level {
        let named = levels(text);
        match facts.applicant.level {
            Some(level) if named.iter().any(|n| n.is_empty() || n.contains(&level)) => {}
            _ if named.is_empty() && !bare => found.doubtful.push("没有写明同意申报的职称".into()),
            Some(level) if !named.is_empty() => {
                let other = named[0].first().map_or("", |l| level_name(*l));
                let words = format!("写的是申报{other}，与本人申报的{}不一致", level_name(level));
                found.certain.push(words);
            }
            _ => {}
        }
    }
    if rule.cites && !bare && !cites(text) {
        found.doubtful.push("没有写明符合哪些条款".into());
    }
    found
}

fn finding(draft: &Draft, rule: &Rule, opinion: &Opinion, found: &Complaints) -> Option<Finding> {
    if found.is_empty() {
        return None;
    }
    if opinion.hand && !opinion.is_legible(found) {
        return None;
    }
    let doubt = opinion.doubt.or(opinion.hand.then_some("意见是手写的"));
    let all: Vec<&str> = found.certain.iter().chain(&found.doubtful).map(String::as_str).collect();
    let what = all.join("；");
    let at = At { place: opinion.at.clone(), material: Some(opinion.material), key: opinion.key.clone() };
    let seen = format!("“{}”", cut(&opinion.text));
    let suggestion = format!("请按要求重写意见：{}", rule.basis.required);
    match doubt {
        None if !found.certain.is_empty() => {
            let message = format!("{}{what}。", opinion.name);
            Some(draft.defect(at, Words::new(seen, message, suggestion), opinion.confidence))
        }
        _ => {
            let why = doubt.map_or_else(String::new, |d| format!("（{d}）"));
            let message = format!("{}可能{what}{why}，请核对。", opinion.name);
            Some(draft.review(at, Words::new(seen, message, format!("请人工核对；确有不足的，{suggestion}")), 0.5))
        }
    }
}

/// As much of a text as a cell of the report can show.
fn cut(text: &str) -> String {
    let shown: String = text.chars().take(60).collect();
    if text.chars().count() > 60 { format!("{shown}……") } else { shown }
}
