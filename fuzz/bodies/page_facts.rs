//! Page facts as the cache or a child gives them: whatever they say, judging ends with findings that can be shown.

use std::sync::OnceLock;

use material_audit::model::packet::{Applicant, PageRecord};
use material_audit::model::page::PageFacts;
use material_audit::pack::{self, rules::RulePack};
use material_audit::run::Past;
use material_audit::run::packet::{ObservedPacket, judge};

fn packs() -> &'static [RulePack] {
    static PACKS: OnceLock<Vec<RulePack>> = OnceLock::new();
    PACKS.get_or_init(|| pack::builtin_ids().iter().map(|id| pack::load(id).expect("built in")).collect())
}

pub(crate) fn check(data: &[u8]) {
    // Pages one after the other; a page that makes no sense ends them.
    let mut pages = Vec::new();
    for facts in serde_json::Deserializer::from_slice(data).into_iter::<PageFacts>() {
        let Ok(facts) = facts else { break };
        let stored = serde_json::to_vec(&facts).expect("facts are JSON");
        let again: PageFacts = serde_json::from_slice(&stored).expect("what was stored is read");
        assert_eq!(serde_json::to_vec(&again).expect("JSON"), stored, "stored again, it stays the same");
        pages.push(PageRecord { file: "a.pdf".into(), page: pages.len() as u32 + 1, facts: Ok(facts) });
    }
    if pages.is_empty() {
        return;
    }
    let pack = &packs()[data.len() % packs().len()];
    let applicant = Applicant { name: Some("王小明".into()), ..Applicant::default() };
    let count = pages.len();
    let packet = ObservedPacket { folder: "1".into(), applicant, pages, unreadable: Vec::new() };
    let report = judge(packet, pack, Past::first("1")).report;
    let broken: Vec<_> = report.not_examined.iter().filter(|n| n.reason.contains("内部出错")).collect();
    assert!(broken.is_empty(), "{broken:?}");
    assert_eq!(report.pages.len(), count);
    for finding in &report.findings {
        assert!((0.0..=1.0).contains(&finding.confidence), "{finding:?}");
        assert!(finding.page.is_none_or(|p| (1..=count as u32).contains(&p)), "{finding:?}");
        assert!(!finding.message.is_empty() && !finding.id.is_empty());
    }
    serde_json::to_vec(&report).expect("a report is JSON");
}
