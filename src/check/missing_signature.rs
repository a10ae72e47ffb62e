//! `missing-signature`.

use super::CheckResult;
use super::support::documents::{Document, Sight, documents, holds, is_old_copy, name, page_name, sight};
use super::support::draft::{At, Draft, Words, listed};
use super::support::gates::{SURE_PLACE, SURE_SPAN};
use super::support::photos::places;
use super::support::prompts::{is_filled, says_none};
use super::support::signing::{Signed, Spot, role_spots, signed, signed_by_role, spots, whole};
use crate::model::finding::{CheckId, Finding, Place};
use crate::model::geometry::Rect;
use crate::model::packet::PacketFacts;
use crate::pack::rules::RulePack;
use crate::pack::rules::marks::MissingSignature as Rule;

check! {
    /// 找出应签字而没有签字的地方。
    ///
    /// ## 为何要求
    /// 通知要求本人、负责人等在规定的地方亲笔签字，谁签字谁负责。
    ///
    /// ## 如何判断
    /// 在材料（或规则包指定的栏目）中寻找“签字”“签名”等字样，查看其右侧、上下有没有笔迹、文字或名章。
    /// 页面完整、栏目明确，而那里什么都没有，判为缺陷。一栏内有几处签字的地方而没有写明是哪一处的，有一处签了即可。
    /// 要求必须由本人签字的，只盖名章也判为缺陷。
    ///
    /// ## 何时待核
    /// - 只有名章，或姓名是随表打印的
    /// - 有印章盖在签字的地方，看不出有没有签字
    /// - 没有找到签字的地方，材料上也未见笔迹
    /// - 表上只印有“负责人：”等，没有“签字”字样，而那里未见签字
    /// - 黑白（二值）扫描：淡的笔迹可能丢失
    /// - 页面未读出或不完整，栏目位置或材料识别把握不足
    ///
    /// 同一条要求的待核合并为一条。上级部门尚未填写的意见栏由 missing-seal 提示，此处不重复。
    ///
    /// ## 参数
    /// - `material`：材料
    /// - `place`：栏目；不写则为材料中任何写有签字字样的地方
    /// - `signer`：由谁签字
    /// - `labels`：签字处的字样；不写则为“签字”“签名”“签章”
    /// - `on_page`：只看写有这些字的页
    /// - `own_hand`：必须由本人亲笔签字
    /// - `chop`：盖名章亦可
    /// - `later_office`：是否上级部门的栏目
    MissingSignature, id = CheckId::MissingSignature, judge = judge
}

/// Places named in one message.
const NAMED: usize = 5;

enum Verdict {
    Signed,
    Unsigned { page: usize, rect: Rect, label: String, chop: bool, sure: f32 },
    Doubt { page: usize, rect: Option<Rect>, why: &'static str },
}

struct Case<'a> {
    rule: &'a Rule,
    facts: &'a PacketFacts,
    pack: &'a RulePack,
    documents: &'a [Document],
}

fn judge(facts: &PacketFacts, pack: &RulePack) -> Vec<CheckResult> {
    let documents = documents(facts);
    let rules = pack.checks.marks.missing_signature.iter();
    rules
        .map(|rule| match Draft::of(CheckId::MissingSignature, &rule.basis, holds(&rule.basis, facts, &documents)) {
            None => CheckResult::Passed,
            Some(draft) => CheckResult::of(Case { rule, facts, pack, documents: &documents }.findings(&draft)),
        })
        .collect()
}

impl Case<'_> {
    fn findings(&self, draft: &Draft) -> Vec<Finding> {
        let (mut findings, mut doubts) = (Vec::new(), Vec::new());
        let asked = |d: &&Document| self.rule.material.contains(&d.material) && !is_old_copy(d, self.pack);
        for document in self.documents.iter().filter(asked) {
            // A bound copy shows what its original shows, which is judged where it lies loose.
            if document.volume.is_some() && self.has_loose_original(document) {
                continue;
            }
            for (n, verdict) in self.verdicts(document).into_iter().enumerate() {
                match verdict {
                    Verdict::Signed => {}
                    Verdict::Unsigned { page, rect, label, chop, sure } => {
                        findings.push(self.defect(draft, document, n, (page, rect), &label, chop, sure));
                    }
                    Verdict::Doubt { page, rect, why } => doubts.push((document, page, rect, why)),
                }
            }
        }
        if let Some((document, page, rect, why)) = doubts.first() {
            let all: Vec<String> = doubts
                .iter()
                .map(|(d, page, _, why)| {
                    format!("{}（{}）{why}", name(self.pack, d.material, d.entry), page_name(self.facts, *page))
                })
                .collect();
            let at = At {
                place: rect.map_or_else(|| Place::page(*page), |r| Place::on(*page, r)),
                material: Some(document.material),
                key: format!("{}/review", self.key(document)),
            };
            let signer = &self.rule.signer;
            let message = format!("不能确定{signer}是否已签字：{}。请对照原件核对。", listed(&all, NAMED));
            let suggestion = format!("请人工核对；确未签字的，请{signer}补签。");
            findings.push(draft.review(at, Words::new(*why, message, suggestion), 0.4));
        }
        findings
    }

    fn verdicts(&self, document: &Document) -> Vec<Verdict> {
        let Some(id) = &self.rule.place else {
            let pages = document.pages.iter().copied().filter(|p| self.is_asked(*p));
            let found: Vec<(usize, Spot)> = pages
                .filter_map(|p| Some((p, self.facts.page(p)?)))
                .flat_map(|(p, page)| spots(page, &self.rule.labels, Rect::PAGE).into_iter().map(move |s| (p, s)))
                .collect();
            return if found.is_empty() { self.nowhere(document) } else { self.each(document, &found, 1.0) };
        };
        let mut out = Vec::new();
        for place in places(self.facts, document, id) {
            let Some(page) = self.facts.page(place.page) else { continue };
            let passed = self.facts.applicant.channel.as_deref().is_some_and(|c| c.contains(&self.rule.signer));
            if self.rule.later_office && ((!is_filled(&place.text) && !passed) || says_none(&place.text)) {
                continue;
            }
            let mut found = spots(page, &self.rule.labels, place.rect);
            if found.is_empty() {
                found = vec![whole("", place.rect)];
            }
            let found: Vec<(usize, Spot)> = found.into_iter().map(|s| (place.page, s)).collect();
            out.extend(self.each(document, &found, place.confidence));
        }
        out
    }

    fn is_asked(&self, page: usize) -> bool {
        let says = |word: &String| {
            self.facts.page(page).is_some_and(|p| {
                p.lines.iter().any(|l| l.text.chars().filter(|c| !c.is_whitespace()).collect::<String>().contains(word))
            })
        };
        self.rule.on_page.is_empty() || self.rule.on_page.iter().any(says)
    }

    /// One verdict per spot where the pack names the label; else the best of them speaks for all.
    fn each(&self, document: &Document, found: &[(usize, Spot)], place: f32) -> Vec<Verdict> {
        let verdicts: Vec<Verdict> = found.iter().map(|(p, s)| self.spot(document, *p, s, place)).collect();
        let any = verdicts.iter().any(|v| matches!(v, Verdict::Signed));
        if self.rule.labels.is_empty() && any {
            return Vec::new();
        }
        if self.rule.labels.is_empty() { verdicts.into_iter().take(1).collect() } else { verdicts }
    }

    fn spot(&self, document: &Document, index: usize, spot: &Spot, place: f32) -> Verdict {
        let doubt = |why| Verdict::Doubt { page: index, rect: Some(spot.rect), why };
        let Some(page) = self.facts.page(index) else { return doubt("页面未能读出") };
        let unsigned = |chop| Verdict::Unsigned {
            page: index,
            rect: spot.rect,
            label: spot.label.clone(),
            chop,
            sure: place.min(document.confidence),
        };
        let chop = match signed(page, spot) {
            Signed::Yes => return Verdict::Signed,
            Signed::Chop if self.rule.chop => return Verdict::Signed,
            Signed::Chop if !self.rule.own_hand => return doubt("只有名章，未见签字"),
            Signed::Printed => return doubt("姓名为打印，未见手写签字"),
            Signed::Hidden => return doubt("有印章盖在签字处，看不出有没有签字"),
            Signed::Chop => true,
            Signed::No => false,
        };
        match sight(Some(page)) {
            Sight::Colour | Sight::Grey => {}
            Sight::Bilevel => return doubt("为黑白扫描，未见签字，淡的笔迹可能丢失"),
            Sight::Blank | Sight::Unseen => return doubt("页面内容不完整"),
        }
        if place < SURE_PLACE || spot.label.is_empty() {
            doubt("未见签字，但签字的位置没有把握")
        } else if document.confidence < SURE_SPAN {
            doubt("未见签字，但材料识别把握不足")
        } else {
            unsigned(chop)
        }
    }

    /// No label was found: what stands behind the signer's role, or else a signature anywhere on the document settles it.
    fn nowhere(&self, document: &Document) -> Vec<Verdict> {
        let pages: Vec<usize> = document.pages.iter().copied().filter(|p| self.is_asked(*p)).collect();
        let facts = || pages.iter().filter_map(|p| Some((*p, self.facts.page(*p)?)));
        if facts().any(|(_, f)| signed_by_role(f, &self.rule.labels)) {
            return Vec::new();
        }
        // A role may stand there for another reason than to be signed: never certain.
        let by_role = facts().flat_map(|(p, f)| role_spots(f, &self.rule.labels).into_iter().map(move |s| (p, s)));
        let mut verdicts = by_role.map(|(p, s)| self.spot(document, p, &s, 0.0));
        if let Some(doubt) = verdicts.find(|v| matches!(v, Verdict::Doubt { .. })) {
            return vec![doubt];
        }
        let seen = facts().any(|(_, f)| !f.strokes.is_empty());
        match pages.first() {
            Some(first) if !seen => {
                vec![Verdict::Doubt { page: *first, rect: None, why: "未找到签字的地方，也未见笔迹" }]
            }
            _ => Vec::new(),
        }
    }

    fn has_loose_original(&self, document: &Document) -> bool {
        self.documents.iter().any(|d| d.material == document.material && d.volume.is_none())
    }

    fn key(&self, document: &Document) -> String {
        let place = self.rule.place.as_deref().unwrap_or("document");
        format!("{}#{}/{place}/{}", document.material, document.ordinal, self.rule.signer)
    }

    #[allow(clippy::too_many_arguments, reason = "one finding is made of all of these")]
    fn defect(
        &self,
        draft: &Draft,
        document: &Document,
        n: usize,
        (page, rect): (usize, Rect),
        label: &str,
        chop: bool,
        sure: f32,
    ) -> Finding {
        let title = name(self.pack, document.material, document.entry);
        let spot = format!("{title}（{}）“{label}”处", page_name(self.facts, page));
        let nth = if n == 0 { String::new() } else { format!("#{}", n + 1) };
        let at = At {
            place: Place::on(page, rect),
            material: Some(document.material),
            key: format!("{}{nth}", self.key(document)),
        };
        let seen = if chop { "只盖名章，没有签字" } else { "没有签字" };
        let signer = &self.rule.signer;
        let words = Words::new(seen, format!("{spot}{seen}。"), format!("请{signer}在{spot}签字后重新扫描提交。"));
        draft.defect(at, words, sure)
    }
}
