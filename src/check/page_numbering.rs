//! `page-numbering`.

use super::CheckResult;
use super::support::documents::{documents, holds, page_name, pages_name};
use super::support::draft::{At, Draft, Words, listed};
use super::support::gates::{SURE_CHARACTER, SURE_SPAN};
use super::support::numbering::{Numbering, readable};
use super::support::totals;
use crate::model::catalogue::PageNumber;
use crate::model::finding::{CheckId, Finding, Place};
use crate::model::material::Material;
use crate::model::packet::PacketFacts;
use crate::pack::rules::RulePack;
use crate::pack::rules::arrangement::{NumberingAsk, PageNumbering as Rule};

check! {
    /// 找出装订本中漏编、重编、跳号的页码，以及缺少或不对的总页数。
    ///
    /// ## 为何要求
    /// 通知要求装订的材料标明页码和页数，评委按目录的页码翻阅。
    ///
    /// ## 如何判断
    /// 只看本册自己的连续编号：在每页上下边缘找数字，取全册最合乎先后的一列；刊物、合同、论文自己的页码不算。
    /// 相邻两页号码不相接，判为跳号（也可能漏装、漏扫）；相邻两页同号，判为重号；前后号码已经相接、没有为某页留号，判为该页漏编；
    /// 全册看得清楚而没有一页有号码，判为未编页码。封面、目录、隔页、空白页不编号不算错。
    /// 总页数看目录、封面和页码旁写的“共×页”，与最后一页的号码比较；目录写到最后一页的，视为已标明页数。
    ///
    /// ## 何时待核
    /// - 前后页都有号码而某页没有读出（可能漏编，也可能印得太淡）
    /// - 号码与前后不符、分几段各自编号、不从1开始、只有少数页有号码
    /// - 号码是手写的、识别把握不足，或材料未全部读出
    /// - 没有见到总页数
    ///
    /// ## 参数
    /// - `volume`：册
    /// - `asks`：`numbers` 查页码，`total` 查总页数
    PageNumbering, id = CheckId::PageNumbering, judge = judge
}

/// A volume with fewer pages needs no numbers to be found by.
const LEAST_PAGES: usize = 5;
/// Fewer numbers than this share of its pages are no numbering.
const HARDLY_ANY: f32 = 0.25;
/// More pages than this left out one by one are a habit (backs of sheets), not slips.
const SLIPS: usize = 3;

fn judge(facts: &PacketFacts, pack: &RulePack) -> Vec<CheckResult> {
    let documents = documents(facts);
    pack.checks
        .arrangement
        .page_numbering
        .iter()
        .map(|rule| match Draft::of(CheckId::PageNumbering, &rule.basis, holds(&rule.basis, facts, &documents)) {
            None => CheckResult::Passed,
            Some(draft) => {
                let numbering = Numbering::of(facts, rule.volume);
                let volume = pack.volumes.get(rule.volume).map_or("", |v| v.name.as_str());
                let book = Book { facts, numbering, volume, draft };
                CheckResult::of(match rule.asks {
                    NumberingAsk::Numbers => book.numbers(),
                    NumberingAsk::Total => book.total(rule),
                })
            }
        })
        .collect()
}

/// One volume under judgement.
struct Book<'a> {
    facts: &'a PacketFacts,
    numbering: Numbering<'a>,
    volume: &'a str,
    draft: Draft,
}

impl Book<'_> {
    /// Places in the numbering whose pages must bear a number.
    fn owed(&self) -> Vec<usize> {
        let pages = &self.numbering.pages;
        (0..pages.len()).filter(|i| pages[*i].inked && self.is_owed(pages[*i].page)).collect()
    }

    fn is_owed(&self, page: usize) -> bool {
        let span = self.facts.spans.iter().find(|s| s.pages.contains(&page));
        span.is_some_and(|s| !matches!(s.material, Material::Catalogue | Material::Other))
    }

    fn numbers(&self) -> Vec<Finding> {
        let owed = self.owed();
        let read = owed.iter().filter(|i| self.numbering.pages[**i].read.is_some()).count();
        if owed.len() < LEAST_PAGES {
            return Vec::new();
        }
        if (read as f32) < HARDLY_ANY * owed.len() as f32 {
            return vec![self.unnumbered(&owed, read)];
        }
        let mut findings = self.breaks();
        findings.extend(self.unread(&owed));
        findings.extend(self.beginning());
        findings.sort_by_key(|f| f.place.page);
        findings
    }

    fn at(&self, page: usize, rect: Option<crate::model::geometry::Rect>, what: &str) -> At {
        let place = rect.map_or_else(|| Place::page(page), |r| Place::on(page, r));
        let material = self.facts.spans.iter().find(|s| s.pages.contains(&page)).map(|s| s.material);
        At { place, material: material.filter(|m| *m != Material::Other), key: format!("{}/{what}", self.volume) }
    }

    fn unnumbered(&self, owed: &[usize], read: usize) -> Finding {
        let first = self.numbering.pages[owed[0]].page;
        let clear = !self.facts.has_unseen()
            && owed.iter().filter(|i| readable(self.facts.page(self.numbering.pages[**i].page))).count() * 10
                >= owed.len() * 9;
        let any = self.facts.numbers.iter().any(|n| self.numbering.pages.iter().any(|p| p.page == n.page));
        let suggestion = "请从正文第一页起逐页连续编写页码，并在目录中标明。";
        let at = self.at(first, None, "unnumbered");
        if read == 0 && clear && !any && owed.iter().all(|i| !self.has_margin_mark(*i)) {
            let message = format!("“{}”共{}页有内容，没有一页编有页码。", self.volume, owed.len());
            self.draft.defect(at, Words::new("没有页码", message, suggestion), 0.8)
        } else {
            let message = format!(
                "“{}”有{}页有内容，只读出{read}页的页码；可能没有编页码，也可能印得太淡，请人工核对。",
                self.volume,
                owed.len()
            );
            self.draft.review(at, Words::new(format!("读出{read}页的页码"), message, suggestion), 0.4)
        }
    }

    /// A short line or unread print in the outer margin: perhaps a number that wasn't read.
    fn has_margin_mark(&self, at: usize) -> bool {
        let Some(page) = self.facts.page(self.numbering.pages[at].page) else { return true };
        let outer = |y: f32| !(0.04..=0.94).contains(&y);
        page.unread.iter().any(|r| outer(r.centre().1))
            || page.lines.iter().any(|l| {
                let y = l.rect.centre().1;
                let short = l.text.chars().count() <= 8;
                // Words read beyond doubt are a running title.
                let words = l.text.chars().filter(|c| !c.is_ascii()).count() >= 4
                    && l.confidence >= SURE_CHARACTER
                    && !l.text.chars().any(|c| c.is_ascii_digit());
                outer(y) && short && !words
            })
    }

    /// Where two neighbouring numbers don't go together.
    fn breaks(&self) -> Vec<Finding> {
        let members = self.numbering.members();
        let mut findings = Vec::new();
        let mut left_out: Vec<usize> = Vec::new();
        for pair in members.windows(2) {
            let ((i, a), (j, b)) = (pair[0], pair[1]);
            if a.run != b.run {
                findings.push(self.anew(j, a, b));
                continue;
            }
            let step = b.number.value.saturating_sub(a.number.value) as usize;
            let inked = self.numbering.inked_steps(i, j);
            if step > j - i {
                findings.push(self.skipped(i, j, a, b, inked == 1));
            } else if step < inked {
                for at in i + 1..j {
                    let page = &self.numbering.pages[at];
                    if let Some(same) = self.repeats(page.page, a, b) {
                        findings.push(self.repeated(page.page, same));
                    } else if step == 1
                        && page.inked
                        && self.is_owed(page.page)
                        && !self.numbering.has_mark(self.facts, page.page)
                    {
                        left_out.push(page.page);
                    }
                }
            }
        }
        findings.extend(self.left_out(&left_out));
        findings.extend(self.astray());
        findings
    }

    /// A number beside the run, where the run's numbers stand.
    fn beside(&self, page: usize) -> Option<&PageNumber> {
        let here = |n: &&PageNumber| n.page == page && n.run.is_none();
        self.facts.numbers.iter().filter(here).find(|n| {
            let (x, y) = n.rect.centre();
            self.numbering.members().iter().filter(|(i, _)| self.numbering.pages[*i].page.abs_diff(page) <= 3).any(
                |(_, m)| {
                    let (mx, my) = m.rect.centre();
                    (my - y).abs() < 0.04 && ((mx - x).abs() < 0.06 || (1.0 - mx - x).abs() < 0.06)
                },
            )
        })
    }

    fn repeats(&self, page: usize, a: &PageNumber, b: &PageNumber) -> Option<&PageNumber> {
        self.beside(page).filter(|n| n.number.value == a.number.value || n.number.value == b.number.value)
    }

    /// Pages whose number is another than the one their neighbours leave for them.
    fn astray(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        for page in self.numbering.pages.iter().filter(|p| p.read.is_none() && p.inked && p.sure) {
            let (Some(expected), Some(found)) = (page.expected, self.beside(page.page)) else { continue };
            let twin =
                self.numbering.page_of(found.number.value).is_some_and(|(other, _)| other.abs_diff(page.page) <= 2);
            if twin {
                findings.push(self.repeated(page.page, found));
                continue;
            }
            let value = found.number.value;
            let message = format!(
                "{}的页码读作{value}，按前后页应为{expected}；可能编错，也可能是识别有误，请人工核对。",
                page_name(self.facts, page.page)
            );
            let words = Words::new(format!("页码{value}"), message, format!("请核对后将该页页码改为{expected}。"));
            findings.push(self.draft.review(
                self.at(page.page, Some(found.rect), &format!("astray/{expected}")),
                words,
                0.4,
            ));
        }
        findings
    }

    fn anew(&self, at: usize, a: &PageNumber, b: &PageNumber) -> Finding {
        let page = self.numbering.pages[at].page;
        let (last, first) = (a.number.value, b.number.value);
        let message = format!(
            "“{}”的页码没有连续编排：编到{last}之后，从{}起重新从{first}编号，请人工核对是否允许。",
            self.volume,
            page_name(self.facts, page)
        );
        let words = Words::new(format!("{last}之后为{first}"), message, "请全册从1起连续编页码。");
        self.draft.review(self.at(page, Some(b.rect), &format!("anew/{}", b.run.unwrap_or_default())), words, 0.5)
    }

    fn skipped(&self, i: usize, j: usize, a: &PageNumber, b: &PageNumber, next: bool) -> Finding {
        let (from, to) = (a.number.value, b.number.value);
        let pages = &self.numbering.pages;
        let missing =
            if to - from == 2 { format!("第{}页", from + 1) } else { format!("第{}—{}页", from + 1, to - 1) };
        let seen = format!("{from}之后为{to}");
        let message = format!(
            "“{}”的页码不连续：{}之后（{}）缺{missing}，可能是编号跳号，也可能漏装或漏扫。",
            self.volume,
            format_args!("第{from}页"),
            pages_name(self.facts, pages[i].page, pages[j].page)
        );
        let at = self.at(pages[j].page, Some(b.rect), &format!("skipped/{from}"));
        let words =
            Words::new(seen, message, format!("请核对：漏装漏扫的补上{missing}；编号跳号的重新连续编号，并改正目录。"));
        // Both numbers go on rightly on their other side: neither is a misreading.
        let sure = next && pages[i].sure && pages[j].sure && is_sure(a) && is_sure(b);
        if sure { self.draft.defect(at, words, 0.9) } else { self.draft.review(at, words, 0.5) }
    }

    fn repeated(&self, page: usize, number: &PageNumber) -> Finding {
        let value = number.number.value;
        let other = self
            .numbering
            .page_of(value)
            .map_or_else(String::new, |(p, _)| format!("（另一处为{}）", page_name(self.facts, p)));
        let message = format!("{}的页码与邻页重复，都是{value}{other}。", page_name(self.facts, page));
        let words = Words::new(format!("页码{value}重复"), message, "请改正重复的页码，并核对其后各页和目录。");
        let at = self.at(page, Some(number.rect), &format!("repeated/{value}"));
        if is_sure(number) { self.draft.defect(at, words, 0.85) } else { self.draft.review(at, words, 0.5) }
    }

    /// Pages for which the numbers around them leave none.
    fn left_out(&self, pages: &[usize]) -> Vec<Finding> {
        let sure = |page: usize| {
            let span = self.facts.spans.iter().find(|s| s.pages.contains(&page));
            readable(self.facts.page(page))
                && span.is_some_and(|s| s.confidence >= SURE_SPAN && s.titled && s.pages.start == page)
        };
        let (certain, doubtful): (Vec<usize>, Vec<usize>) =
            pages.iter().partition(|p| pages.len() <= SLIPS && sure(**p));
        let mut findings: Vec<Finding> = certain
            .iter()
            .map(|&page| {
                let before = self
                    .numbering
                    .pages
                    .iter()
                    .rev()
                    .find(|p| p.page < page && p.read.is_some())
                    .and_then(|p| p.expected);
                let after = before.map_or_else(String::new, |n| format!("：前一页是{n}，后一页是{}", n + 1));
                let message = format!("{}没有编页码{after}，没有给它留号。", page_name(self.facts, page));
                let words = Words::new("没有页码", message, "请给该页编上页码，其后各页顺延，并改正目录。");
                self.draft.defect(self.at(page, None, &format!("left-out/{}", before.unwrap_or_default())), words, 0.8)
            })
            .collect();
        findings.extend(self.list(
            &doubtful,
            "left-out",
            "前后页码已经相接，没有为这些页留号，可能漏编，也可能是背面或附页",
        ));
        findings
    }

    /// Pages that must bear a number by those around them and on which none was read, nor any mark in its place.
    fn unread(&self, owed: &[usize]) -> Option<Finding> {
        let pages = &self.numbering.pages;
        let silent: Vec<usize> = owed
            .iter()
            .map(|i| &pages[*i])
            .filter(|p| p.read.is_none() && p.expected.is_some() && readable(self.facts.page(p.page)))
            .filter(|p| self.beside(p.page).is_none() && !self.numbering.has_mark(self.facts, p.page))
            .map(|p| p.page)
            .collect();
        self.list(&silent, "unread", "没有读出页码，可能漏编，也可能印得太淡或被遮住")
    }

    fn list(&self, pages: &[usize], what: &str, why: &str) -> Option<Finding> {
        let first = *pages.first()?;
        let names: Vec<String> = pages.iter().map(|p| page_name(self.facts, *p)).collect();
        let message = format!("{}{why}，请人工核对。", listed(&names, 6));
        let words = Words::new(format!("{}页未见页码", pages.len()), message, "请对照原件；确未编号的，请补编页码。");
        Some(self.draft.review(self.at(first, None, what), words, 0.4))
    }

    /// A numbering that begins further on than the pages before it could explain.
    fn beginning(&self) -> Option<Finding> {
        let members = self.numbering.members();
        let (at, first) = members.first()?;
        let before = self.numbering.pages[..*at].iter().filter(|p| p.inked).count();
        let value = first.number.value;
        if value as usize <= before + 1 {
            return None;
        }
        let page = self.numbering.pages[*at].page;
        let message = format!(
            "“{}”的页码从{value}开始（{}），不是从1开始，请人工核对前面是否缺页。",
            self.volume,
            page_name(self.facts, page)
        );
        let words = Words::new(format!("从{value}开始"), message, "请核对是否缺页；页码应从1开始。");
        Some(self.draft.review(self.at(page, Some(first.rect), "beginning"), words, 0.5))
    }

    fn total(&self, rule: &Rule) -> Vec<Finding> {
        totals::judge(self.facts, rule.volume, &self.numbering)
            .map(|verdict| {
                let at = self.at(verdict.page, verdict.rect, "total");
                let words = Words::new(verdict.seen, verdict.message, verdict.suggestion);
                if verdict.certain { self.draft.defect(at, words, 0.9) } else { self.draft.review(at, words, 0.4) }
            })
            .into_iter()
            .collect()
    }
}

fn is_sure(number: &PageNumber) -> bool {
    !number.number.hand && number.number.confidence >= SURE_CHARACTER
}
