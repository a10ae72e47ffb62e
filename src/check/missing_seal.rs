//! `missing-seal`.

use super::CheckResult;
use super::support::documents::{Document, Sight, documents, holds, is_old_copy, name, page_name, sight};
use super::support::draft::{At, Draft, Words, listed};
use super::support::gates::{SURE_PLACE, SURE_SPAN};
use super::support::offices::names_office;
use super::support::photos::places;
use super::support::prompts::{is_filled, says_none};
use super::support::seals::{Tally, in_place, on_page};
use crate::model::field::FormPlace;
use crate::model::finding::{CheckId, Finding, Place};
use crate::model::geometry::Rect;
use crate::model::material::{Material, Span};
use crate::model::packet::PacketFacts;
use crate::pack::rules::{CopiedSeal, MissingSeal as Rule, PlaceKind, PlaceRule, RulePack};

check! {
    /// 找出应盖公章而没有盖章的栏目和材料。
    ///
    /// ## 为何要求
    /// 通知要求在封面、意见栏等处加盖公章，复印件每份加盖单位公章，以示审核属实。
    ///
    /// ## 如何判断
    /// 栏目：在栏目框内及其外10毫米以内寻找印章；一枚印章落在两个栏目之间时归入所占面积较大的一栏。
    /// 材料：一份材料的任意一页上有公章即可。
    /// 彩色扫描页上的红色圆章、椭圆章（及30毫米以上的方章）算作公章；个人名章、条形文字章不算。
    /// 彩色扫描、页面完整、栏目位置明确而没有任何印章，判为缺陷；材料上只有复印的黑色印章也判为缺陷。
    ///
    /// ## 何时待核
    /// - 灰度或黑白扫描而未见印章（有印章形状即通过）
    /// - 疑似印章把握不足，印章偏离栏目，或在两栏之间分不清
    /// - 没有找到该栏目，页面未读出或不完整，材料识别把握不足
    /// - 印章少于要求的枚数
    /// - 栏目内只有复印的印章（装订在册内的复印件除外）
    /// - 上级部门的意见栏尚未填写，且花名册“呈报渠道”没有说明已经过该部门
    ///
    /// 同一条要求的待核合并为一条。
    ///
    /// ## 参数
    /// - `material`：材料
    /// - `place`：栏目；不写则为材料任意位置
    /// - `seal`：谁的公章
    /// - `count`：枚数，默认 1
    /// - `later_office`：是否上级部门的栏目
    /// - `when_filled`：只查已经填写的栏目，空着或没有这一栏的不查
    /// - `copied`：复印的印章怎么算：`fail` 不算（默认），`review` 待核，`pass` 算
    /// - `category`：只检查这些分类中的材料
    /// - `volume_cover`：检查这一册的封面
    MissingSeal, id = CheckId::MissingSeal, judge = judge
}

/// Places named in one message.
const NAMED: usize = 5;

/// What became of one place or document.
enum Verdict {
    Sealed,
    Unsealed { page: usize, rect: Option<Rect>, copied: bool, sure: f32 },
    Doubt { page: usize, rect: Option<Rect>, why: String },
}

struct Case<'a> {
    rule: &'a Rule,
    place: Option<&'a PlaceRule>,
    facts: &'a PacketFacts,
    pack: &'a RulePack,
    documents: &'a [Document],
}

fn judge(facts: &PacketFacts, pack: &RulePack) -> Vec<CheckResult> {
    let documents = documents(facts);
    pack.checks
        .missing_seal
        .iter()
        .map(|rule| match Draft::of(CheckId::MissingSeal, &rule.basis, holds(&rule.basis, facts, &documents)) {
            None => CheckResult::Passed,
            Some(draft) => CheckResult::of(judge_rule(rule, facts, pack, &documents, &draft)),
        })
        .collect()
}

fn judge_rule(
    rule: &Rule,
    facts: &PacketFacts,
    pack: &RulePack,
    documents: &[Document],
    draft: &Draft,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut doubts: Vec<(&Document, usize, Option<Rect>, String)> = Vec::new();
    let covers: Vec<Document> = rule.volume_cover.and_then(|v| volume_cover(facts, v)).into_iter().collect();
    let asked = documents.iter().chain(&covers).filter(|d| {
        if d.material == Material::Other {
            return true;
        }
        rule.material.contains(&d.material)
            && if rule.category.is_empty() {
                rule.place.is_none() || !is_old_copy(d, pack)
            } else {
                d.category.is_some_and(|c| rule.category.contains(&c))
            }
    });
    for document in asked {
        let place = rule.place.as_ref().and_then(|id| {
            let mut forms = pack.forms.iter().filter(|f| f.material == document.material);
            forms.find_map(|f| f.places.iter().find(|p| p.id == *id))
        });
        let case = Case { rule, place, facts, pack, documents };
        let anywhere = rule.place.is_none() || place.is_some_and(|p| p.kind == PlaceKind::Anywhere);
        let verdicts = if anywhere { case.whole(document) } else { case.placed(document) };
        for (n, verdict) in verdicts.into_iter().enumerate() {
            match verdict {
                Verdict::Sealed => {}
                Verdict::Unsealed { page, rect, copied, sure } => {
                    findings.push(case.defect(draft, document, n, page, rect, copied, sure));
                }
                Verdict::Doubt { page, rect, why } => doubts.push((document, page, rect, why)),
            }
        }
    }
    if let Some((document, page, rect, _)) = doubts.first() {
        let spot = Case { rule, place: None, facts, pack, documents }.spot(document);
        let listed_doubts: Vec<String> = doubts
            .iter()
            .map(|(d, page, _, why)| format!("{}（{}）{why}", name(pack, d.material, d.entry), page_name(facts, *page)))
            .collect();
        let at = At {
            place: rect.map_or_else(|| Place::page(*page), |r| Place::on(*page, r)),
            material: Some(document.material),
            key: format!("{}/{}/{}/review", document.material, rule.place.as_deref().unwrap_or("document"), rule.seal),
        };
        let message =
            format!("不能确定{spot}是否盖有{}：{}。请对照原件核对。", rule.seal, listed(&listed_doubts, NAMED));
        let suggestion = format!("请人工核对；确未盖章的，请申报人补盖{}。", rule.seal);
        findings.push(draft.review(at, Words::new(doubts[0].3.clone(), message, suggestion), 0.4));
    }
    findings
}

impl Case<'_> {
    /// Each place of this name on the document's pages.
    fn placed(&self, document: &Document) -> Vec<Verdict> {
        let id = self.rule.place.as_deref().unwrap_or_default();
        let found = places(self.facts, document, id);
        if !found.is_empty() {
            return found.into_iter().map(|place| self.in_one_place(document, place)).collect();
        }
        let first = document.first();
        let cover = self.place.is_some_and(|p| p.kind == PlaceKind::Cover);
        if cover && self.facts.page(first).is_some_and(|p| self.enough(on_page(p))) {
            return vec![Verdict::Sealed];
        }
        // A bound copy is often a part of the form; the whole one is judged where it lies loose.
        if document.volume.is_some() && self.has_loose_original(document) {
            return Vec::new();
        }
        if self.rule.when_filled {
            return Vec::new();
        }
        let unseen = document.pages.iter().find(|p| sight(self.facts.page(**p)) == Sight::Unseen);
        let why = match unseen {
            Some(page) => format!("未找到该栏目，{}未能读出或不完整", page_name(self.facts, *page)),
            None => "未找到该栏目".into(),
        };
        vec![Verdict::Doubt { page: first, rect: None, why }]
    }

    fn in_one_place(&self, document: &Document, place: &FormPlace) -> Verdict {
        let doubt = |why: &str| Verdict::Doubt { page: place.page, rect: Some(place.rect), why: why.to_owned() };
        let Some(page) = self.facts.page(place.page) else { return doubt("页面未能读出") };
        let all: Vec<&FormPlace> = self.facts.places.iter().filter(|p| p.page == place.page).collect();
        let seals = in_place(page, place, &all);
        let bound_copy = document.volume.is_some();
        if seals.fresh >= self.rule.count {
            return Verdict::Sealed;
        }
        if seals == Tally::default() && self.still_to_come(place) {
            if self.rule.when_filled {
                return Verdict::Sealed;
            }
            return doubt("为上级部门审核栏，尚未填写");
        }
        if seals.fresh > 0 {
            return doubt(&format!("应有{}枚印章，只见{}枚", self.rule.count, seals.fresh));
        }
        if seals.doubtful > 0 || page.traces.iter().any(|t| place.rect.contains(t.centre())) {
            return doubt("有疑似印章，但印迹不清");
        }
        if seals.near > 0 {
            return doubt("附近有印章，但偏离该栏或在两栏之间");
        }
        let copy_counts = bound_copy || self.rule.copied == CopiedSeal::Counts;
        if seals.colourless >= self.rule.count || (copy_counts && seals.copied > 0) {
            return Verdict::Sealed;
        }
        match sight(Some(page)) {
            Sight::Colour => {}
            Sight::Grey => return doubt("为灰度扫描，未见印章，无法判断"),
            Sight::Bilevel => return doubt("为黑白扫描，未见印章，无法判断"),
            Sight::Blank | Sight::Unseen => return doubt("页面内容不完整"),
        }
        let cover = self.place.is_some_and(|p| p.kind == PlaceKind::Cover);
        if seals.copied > 0 {
            doubt("只见复印的印章")
        } else if cover && on_page(page).fresh > 0 {
            doubt("封面上有印章，但不在该栏")
        } else if place.confidence < SURE_PLACE {
            doubt("未见印章，但栏目位置没有把握")
        } else if document.confidence < SURE_SPAN {
            doubt("未见印章，但材料识别把握不足")
        } else if bound_copy && self.has_loose_original(document) {
            doubt("为册内复印件，未见印章")
        } else {
            let sure = place.confidence.min(document.confidence);
            Verdict::Unsealed { page: place.page, rect: Some(place.rect), copied: false, sure }
        }
    }

    /// A seal anywhere on the document.
    fn whole(&self, document: &Document) -> Vec<Verdict> {
        let first = document.first();
        let doubt = |page: usize, why: &str| vec![Verdict::Doubt { page, rect: None, why: why.to_owned() }];
        let pages: Vec<usize> =
            document.pages.iter().copied().filter(|p| sight(self.facts.page(*p)) != Sight::Blank).collect();
        let tally = pages.iter().filter_map(|p| self.facts.page(*p)).map(on_page).fold(Tally::default(), Tally::plus);
        if self.enough(tally) {
            return self.sheets_without(document, &pages);
        }
        match self.rule.copied {
            CopiedSeal::Counts if tally.copied > 0 => return vec![Verdict::Sealed],
            CopiedSeal::Doubtful if tally.copied > 0 && tally.fresh == 0 => return doubt(first, "只见复印的印章"),
            _ => {}
        }
        if tally.fresh > 0 {
            return doubt(first, &format!("应有{}枚印章，只见{}枚", self.rule.count, tally.fresh));
        }
        let traced = pages.iter().any(|p| self.facts.page(*p).is_some_and(|f| !f.traces.is_empty()));
        if tally.doubtful > 0 || traced {
            return doubt(first, "有疑似印章，但印迹不清");
        }
        let states: Vec<(usize, Sight)> = pages.iter().map(|p| (*p, sight(self.facts.page(*p)))).collect();
        for (page, state) in &states {
            match state {
                Sight::Unseen => return doubt(*page, "有页面未能读出或内容不完整"),
                Sight::Grey => return doubt(*page, "为灰度扫描，无法判断是否盖有新章"),
                Sight::Bilevel => return doubt(*page, "为黑白扫描，无法判断是否盖有新章"),
                Sight::Colour | Sight::Blank => {}
            }
        }
        if document.confidence < SURE_SPAN {
            return doubt(first, "未见印章，但材料识别把握不足");
        }
        if states.is_empty() {
            return Vec::new();
        }
        vec![Verdict::Unsealed { page: first, rect: None, copied: tally.copied > 0, sure: document.confidence }]
    }

    /// Where a material is usually one page, several pages in a row are probably several documents, and each should
    /// bear the seal that only some of them do.
    fn sheets_without(&self, document: &Document, pages: &[usize]) -> Vec<Verdict> {
        let single = document
            .entry
            .and_then(|e| self.pack.materials.get(e))
            .is_some_and(|e| e.material == document.material && e.pages.1 == 1);
        if !single || self.rule.place.is_some() {
            return vec![Verdict::Sealed];
        }
        let bare = |p: &&usize| {
            self.facts.page(**p).is_some_and(|page| {
                let tally = on_page(page);
                sight(Some(page)) == Sight::Colour && tally.fresh + tally.doubtful == 0
            })
        };
        let why = "未见印章，相连的几页可能是几份材料";
        let doubts: Vec<Verdict> =
            pages.iter().filter(bare).map(|p| Verdict::Doubt { page: *p, rect: None, why: why.to_owned() }).collect();
        if doubts.is_empty() { vec![Verdict::Sealed] } else { doubts }
    }

    fn enough(&self, tally: Tally) -> bool {
        tally.fresh >= self.rule.count || tally.colourless >= self.rule.count
    }

    /// An office above the one auditing that has not acted yet.
    fn still_to_come(&self, place: &FormPlace) -> bool {
        let passed = self.facts.applicant.channel.as_deref().is_some_and(|c| names_office(c, &self.rule.seal));
        self.rule.later_office && ((!is_filled(&place.text) && !passed) || says_none(&place.text))
    }

    fn has_loose_original(&self, document: &Document) -> bool {
        self.documents.iter().any(|d| d.material == document.material && d.volume.is_none())
    }

    /// `评审表“封面 工作单位”处`, or the material's name where any place will do.
    fn spot(&self, document: &Document) -> String {
        if let Some(volume) = self.rule.volume_cover.and_then(|v| self.pack.volumes.get(v)) {
            return format!("“{}”封面", volume.name);
        }
        let title = name(self.pack, document.material, document.entry);
        match &self.rule.place {
            None => title,
            Some(id) => {
                let place = self
                    .pack
                    .forms
                    .iter()
                    .filter(|f| f.material == document.material)
                    .find_map(|f| f.places.iter().find(|p| p.id == *id));
                place.map_or_else(|| title.clone(), |p| format!("{title}“{}”", p.name))
            }
        }
    }

    #[allow(clippy::too_many_arguments, reason = "one finding is made of all of these")]
    fn defect(
        &self,
        draft: &Draft,
        document: &Document,
        n: usize,
        page: usize,
        rect: Option<Rect>,
        copied: bool,
        sure: f32,
    ) -> Finding {
        let spot = self.spot(document);
        let at = At {
            place: rect.map_or_else(|| Place::page(page), |r| Place::on(page, r)),
            material: Some(document.material),
            key: format!(
                "{}#{}/{}{}/{}",
                document.material,
                document.ordinal,
                self.rule.place.as_deref().unwrap_or("document"),
                if n == 0 { String::new() } else { format!("#{}", n + 1) },
                self.rule.seal
            ),
        };
        let seen = if copied { "只有复印的印章，没有新盖的公章" } else { "没有印章" };
        let where_seen = page_name(self.facts, page);
        let words = Words::new(
            seen,
            format!("{spot}（{where_seen}）未加盖{}：{seen}。", self.rule.seal),
            format!("请在{spot}（{where_seen}）加盖{}后重新扫描提交（彩色）。", self.rule.seal),
        );
        draft.defect(at, words, sure)
    }
}

/// A volume's cover as a document of one page, where there is one.
fn volume_cover(facts: &PacketFacts, volume: usize) -> Option<Document> {
    let is_cover =
        |s: &&Span| s.material == Material::Other && s.titled && s.volume == Some(volume) && s.category.is_none();
    facts.spans.iter().find(is_cover).map(|s| Document {
        material: s.material,
        entry: None,
        category: None,
        volume: s.volume,
        pages: vec![s.pages.start],
        confidence: s.confidence,
        titled: true,
        ordinal: 1,
    })
}
