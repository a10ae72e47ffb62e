use material_audit::model::finding::{CheckId, Severity};
use material_audit::model::material::Material;
use material_audit::model::packet::UnreadableFile;
use material_audit::model::page::{Degraded, Unreadable};
use material_audit::pack::rules::RulePack;

use crate::build::*;

fn asked() -> RulePack {
    let mut pack = pack();
    pack.checks.intake = vec![CheckId::UnreadableFile];
    pack
}

#[test]
fn clean() {
    let mut packet = Packet::default();
    packet.add(Doc::loose(Material::ReviewForm, 2));
    passed(&packet.run("unreadable-file", &asked()));
    assert!(packet.run_all_of("unreadable-file", &pack()).is_empty(), "not asked for");
}

#[test]
fn an_encrypted_file_says_what_to_do() {
    let mut packet = Packet::default();
    packet.facts.unreadable.push(UnreadableFile { file: "评审表.pdf".into(), reason: Unreadable::Encrypted });
    let found = defects(packet.run("unreadable-file", &asked()));
    assert_eq!(found[0].place.file.as_deref(), Some("评审表.pdf"));
    assert!(found[0].suggestion.contains("未加密"), "{}", found[0].suggestion);
}

#[test]
fn pages_that_failed_alike_make_one_finding() {
    let mut packet = Packet::default();
    packet.add(Doc::loose(Material::ReviewForm, 4));
    packet.facts.pages[1].facts = Err(Unreadable::TimedOut);
    packet.facts.pages[2].facts = Err(Unreadable::TimedOut);
    packet.facts.pages[3].facts = Err(Unreadable::Damaged("xref".into()));
    let found = defects(packet.run("unreadable-file", &asked()));
    assert_eq!(found.iter().map(|f| f.place.page).collect::<Vec<_>>(), [Some(1), Some(3)]);
    assert!(found[0].message.contains("第2—3页"), "{}", found[0].message);
    assert!(!found[1].message.contains("xref"), "no debug text");
}

#[test]
fn a_truncated_scan_is_a_defect() {
    let mut packet = Packet::default();
    packet.add(Doc::loose(Material::ReviewForm, 1));
    packet.page(0).quality.degraded = vec![Degraded::ImageTruncated("DCTDecode".into())];
    assert_eq!(defects(packet.run("unreadable-file", &asked())).len(), 1);
}

#[test]
fn a_page_partly_shown_is_for_review() {
    let mut packet = Packet::default();
    packet.add(Doc::loose(Material::ReviewForm, 1));
    for cause in [Degraded::FontMissing("SimSun".into()), Degraded::ImageDropped("JPXDecode".into())] {
        packet.page(0).quality.degraded = vec![cause];
        assert_eq!(review(packet.run("unreadable-file", &asked()), "第1页").severity, Severity::Advise);
    }
    packet.page(0).lines.clear();
    packet.page(0).quality.degraded = vec![Degraded::ImageDropped("JPXDecode".into())];
    defects(packet.run("unreadable-file", &asked()));
}
