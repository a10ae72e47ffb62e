//! One packet's facts to its part of the report.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::model::finding::{CheckId, Decided, Finding, Status};
use crate::model::likeness::PacketPrint;
use crate::model::material::Material;
use crate::model::packet::{Applicant, PacketFacts, PageRecord, UnreadableFile};
use crate::model::page::{Carried, Degraded, PageFacts, Unreadable};
use crate::model::report::{
    ApplicantReport, NotExamined, Noted, Outcomes, Pictures, ReportedFinding, ReportedLine, ReportedPage,
};
use crate::model::round::ApplicantRecord;
use crate::pack::rules::RulePack;
use crate::round::{Found, Part, Scene};
use crate::{check, classify, extract, round};

use super::history::{Past, state};

/// What was observed of one packet.
#[derive(Debug, Clone, PartialEq)]
pub struct ObservedPacket {
    pub folder: String,
    pub applicant: Applicant,
    pub pages: Vec<PageRecord>,
    pub unreadable: Vec<UnreadableFile>,
}

/// Classifies, extracts and checks one packet.
#[must_use]
pub fn facts(packet: ObservedPacket, pack: &RulePack) -> PacketFacts {
    let spans = classify::classify(&packet.pages, pack);
    let mut facts = PacketFacts {
        folder: packet.folder,
        applicant: packet.applicant,
        pages: packet.pages,
        unreadable: packet.unreadable,
        spans,
        ..PacketFacts::default()
    };
    extract::extract(&mut facts, pack);
    facts
}

/// A packet, judged.
#[derive(Debug)]
pub struct JudgedPacket {
    pub report: ApplicantReport,
    /// What the comparison with other packets needs.
    pub print: PacketPrint,
    /// For the next round; without what only the comparison shows.
    pub record: ApplicantRecord,
    /// What the next stages must know of the packet's pages.
    pub scene: Scene,
}

/// Judges one packet against the notice and the last round. A panic in judging (a bug of ours) costs this packet's
/// findings, not the batch.
#[must_use]
pub fn judge(packet: ObservedPacket, pack: &RulePack, past: Past<'_>) -> JudgedPacket {
    let (folder, applicant) = (packet.folder.clone(), packet.applicant.clone());
    catch_unwind(AssertUnwindSafe(|| judge_unguarded(packet, pack, past))).unwrap_or_else(|_| {
        let mut scene = Scene::new(&folder, past.origin, &pack.id);
        scene.unjudged = true;
        let not_examined = vec![NotExamined {
            applicant: folder,
            file: String::new(),
            page: None,
            reason: "审核时程序内部出错，本份材料未审核；请把 run.json 发给开发者".to_owned(),
        }];
        judged(Vec::new(), scene, &applicant, past, |findings, decisions| ApplicantReport {
            folder: past.folder.to_owned(),
            applicant: applicant.clone(),
            findings,
            decisions,
            pages: Vec::new(),
            pictures: Pictures::default(),
            not_examined,
            noted: Vec::new(),
            outcomes: Outcomes::default(),
        })
    })
}

fn judge_unguarded(packet: ObservedPacket, pack: &RulePack, past: Past<'_>) -> JudgedPacket {
    let roster = packet.applicant.clone();
    judge_facts(facts(packet, pack), &roster, pack, past)
}

/// Judges complete facts; `roster` is what was known of the applicant before a page was read.
#[must_use]
pub fn judge_facts(facts: PacketFacts, roster: &Applicant, pack: &RulePack, past: Past<'_>) -> JudgedPacket {
    let checked = check::run_all(&facts, pack);
    let pages = reported_pages(&facts, pack);
    let mut scene = Scene::new(&facts.folder, past.origin, &pack.id).with_pages(&pages);
    scene.state = state(&facts);
    scene.unread_files = !facts.unreadable.is_empty();
    scene.crashed = checked.crashed.iter().map(|c| c.check).collect();
    let found = found(&facts, &checked.findings, &pages, pack, &scene);
    let mut not_examined = not_examined(&facts);
    not_examined.extend(checked.crashed.iter().map(|crashed| NotExamined {
        applicant: facts.folder.clone(),
        file: String::new(),
        page: None,
        reason: format!("检查项“{}”内部出错，未完成，请人工检查这一项", crashed.check.name()),
    }));
    let noted = noted(&facts);
    let mut print = check::shared_page::keep(&facts, pack);
    past.origin.clone_into(&mut print.origin);
    for kept in &mut print.pages {
        let reported = pages.iter().find(|p| p.page == kept.page && p.file == kept.file);
        kept.printed_page = reported.and_then(|p| p.printed_page);
    }
    let (folder, applicant) = (facts.folder, facts.applicant);
    let (outcomes, pictures) = (checked.outcomes, Pictures::default());
    let report = |findings, decisions| ApplicantReport {
        folder,
        applicant,
        findings,
        decisions,
        pages,
        pictures,
        not_examined,
        noted,
        outcomes,
    };
    JudgedPacket { print, ..judged(found, scene, roster, past, report) }
}

/// Puts the findings against the last round's, and the record together.
fn judged(
    found: Vec<Found>,
    scene: Scene,
    roster: &Applicant,
    past: Past<'_>,
    report: impl FnOnce(Vec<ReportedFinding>, BTreeMap<String, Decided>) -> ApplicantReport,
) -> JudgedPacket {
    let part = |check| if check == CheckId::SharedPage { Part::None } else { Part::Judged };
    let settled = round::settle(past.before, found, &scene, |r| part(r.finding.check));
    let mut findings = settled.findings.clone();
    findings.sort_by(ReportedFinding::report_order);
    let record = round::record(past.before, &scene, roster, settled);
    let decisions = past.decisions_on(&findings);
    JudgedPacket { report: report(findings, decisions), print: PacketPrint::default(), record, scene }
}

fn found(
    facts: &PacketFacts,
    findings: &[Finding],
    pages: &[ReportedPage],
    pack: &RulePack,
    scene: &Scene,
) -> Vec<Found> {
    let reported = |f: &Finding| {
        let page = f.place.page.and_then(|i| facts.pages.get(i).map(|p| (i, p)));
        ReportedFinding {
            id: String::new(),
            applicant: facts.folder.clone(),
            check: f.check,
            verdict: f.verdict,
            severity: f.severity,
            status: Status::New,
            material: f.material,
            file: page.map(|(_, p)| p.file.clone()).or_else(|| f.place.file.clone()),
            page: page.map(|(_, p)| p.page),
            printed_page: page.and_then(|(i, _)| pages.get(i)).and_then(|p| p.printed_page),
            rect: page.and_then(|(_, p)| {
                let facts = p.facts.as_ref().ok()?;
                f.place.rect.map(|r| facts.displayed(r))
            }),
            seen: f.seen.clone(),
            required: f.required.clone(),
            clause: f.clause.clone(),
            pack: pack.id.clone(),
            confidence: f.confidence,
            message: f.message.clone(),
            suggestion: f.suggestion.clone(),
        }
    };
    let found = findings.iter().map(|f| {
        let finding = reported(f);
        let on = f.place.page.map_or(0..0, |first| first..first + 1 + f.place.more);
        Found { finding, key: f.key.clone(), pages: scene.texts_of(on) }
    });
    found.collect()
}

/// Every page as `facts.jsonl` tells it, in packet order.
#[must_use]
pub fn reported_pages(facts: &PacketFacts, pack: &RulePack) -> Vec<ReportedPage> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut pages = Vec::with_capacity(facts.pages.len());
    for (index, record) in facts.pages.iter().enumerate() {
        let span = facts.spans.iter().find(|s| s.pages.contains(&index));
        let observed = record.facts.as_ref().ok();
        let duplicate_of = observed.filter(|o| !o.quality.blank && !o.fingerprint.is_empty()).and_then(|o| {
            let first = *seen.entry(&o.fingerprint).or_insert(index);
            (first != index).then(|| format!("{}#{}", facts.pages[first].file, facts.pages[first].page))
        });
        pages.push(ReportedPage {
            applicant: facts.folder.clone(),
            file: record.file.clone(),
            page: record.page,
            material: span.map_or(Material::Other, |s| s.material),
            category: span.and_then(|s| s.category).and_then(|c| pack.categories.get(c)).map(|c| c.name.clone()),
            first_of_material: span.is_some_and(|s| s.pages.start == index),
            quality: match &record.facts {
                Ok(o) if o.is_degraded() => "degraded".to_owned(),
                Ok(o) if o.quality.blank => "blank".to_owned(),
                Ok(_) => "good".to_owned(),
                Err(why) => unreadable_word(why).to_owned(),
            },
            orientation: observed.map_or(0, |o| o.pose.turn.into()),
            size_mm: observed.map(|o| [o.size.width_mm, o.size.height_mm].map(|v| (v * 10.0).round() / 10.0)),
            lines: observed.map_or_else(Vec::new, reported_lines),
            seals: observed.map_or_else(Vec::new, |o| {
                o.seals
                    .iter()
                    .map(|s| crate::model::marks::Seal { rect: o.displayed(s.rect), print: None, ..s.clone() })
                    .collect()
            }),
            photos: observed.map_or_else(Vec::new, |o| {
                o.photos.iter().map(|p| crate::model::marks::Photo { rect: o.displayed(p.rect), ..p.clone() }).collect()
            }),
            codes: observed.map_or_else(Vec::new, |o| {
                o.codes.iter().map(|c| crate::model::marks::Code { rect: o.displayed(c.rect), ..c.clone() }).collect()
            }),
            printed_page: extract::printed_number(facts, index),
            duplicate_of,
        });
    }
    pages
}

fn reported_lines(page: &PageFacts) -> Vec<ReportedLine> {
    page.lines
        .iter()
        .map(|l| ReportedLine { text: l.text.clone(), rect: page.displayed(l.rect), confidence: l.confidence })
        .collect()
}

fn not_examined(facts: &PacketFacts) -> Vec<NotExamined> {
    let files = facts.unreadable.iter().map(|u| (u.file.clone(), None, &u.reason));
    let pages =
        facts.pages.iter().filter_map(|p| p.facts.as_ref().err().map(|why| (p.file.clone(), Some(p.page), why)));
    let unread = files.chain(pages).map(|(file, page, why)| (file, page, check::unreadable_reason(why)));
    let partly = facts
        .pages
        .iter()
        .filter(|p| p.facts.as_ref().is_ok_and(lost_pixels))
        .map(|p| (p.file.clone(), Some(p.page), "图像数据不完整，只检查了能看到的部分".to_owned()));
    let wrappers =
        facts.pages.iter().filter(|p| p.facts.as_ref().is_ok_and(|f| f.carried.contains(&Carried::Portfolio))).map(
            |p| {
                (
                    p.file.clone(),
                    None,
                    "是 PDF 包（文件夹式 PDF），材料在它的附件里，附件未审核；请逐个另存后提交".to_owned(),
                )
            },
        );
    unread
        .chain(partly)
        .chain(wrappers)
        .map(|(file, page, reason)| NotExamined { applicant: facts.folder.clone(), file, page, reason })
        .collect()
}

/// What files carry besides their pages, one note a file.
fn noted(facts: &PacketFacts) -> Vec<Noted> {
    let mut files: Vec<(&str, BTreeSet<Carried>)> = Vec::new();
    for page in &facts.pages {
        let Ok(observed) = &page.facts else { continue };
        if files.last().is_none_or(|(file, _)| *file != page.file) {
            files.push((&page.file, BTreeSet::new()));
        }
        if let Some((_, carried)) = files.last_mut() {
            carried.extend(&observed.carried);
        }
    }
    let word = |carried: &Carried| match carried {
        Carried::Attachment => "附件（未打开、未审核）",
        Carried::Portfolio => "PDF 包的封面（附件未审核）",
        Carried::Script => "脚本（未运行）",
        Carried::Launch => "启动其他程序或文件的动作（未执行）",
        Carried::DynamicForm => "动态表单（XFA，只看了已存的页面）",
    };
    let told = files.into_iter().filter(|(_, carried)| !carried.is_empty()).map(|(file, carried)| Noted {
        applicant: facts.folder.clone(),
        file: file.to_owned(),
        note: format!("文件里还有：{}", carried.iter().map(word).collect::<Vec<_>>().join("，")),
    });
    told.collect()
}

/// Whether part of the page was never seen; text in a missing font is still known.
fn lost_pixels(page: &PageFacts) -> bool {
    page.quality.degraded.iter().any(|d| !matches!(d, Degraded::FontMissing(_)))
}

const fn unreadable_word(why: &Unreadable) -> &'static str {
    match why {
        Unreadable::Empty => "empty",
        Unreadable::Encrypted => "encrypted",
        Unreadable::NotADocument => "not-a-document",
        Unreadable::Damaged(_) => "damaged",
        Unreadable::NoPages => "no-pages",
        Unreadable::OverLimit(_) => "over-limit",
        Unreadable::TimedOut => "timed-out",
        Unreadable::OutOfMemory => "out-of-memory",
        Unreadable::Crashed(_) => "crashed",
        Unreadable::Io(_) => "io",
    }
}
