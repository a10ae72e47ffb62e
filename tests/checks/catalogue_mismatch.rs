use material_audit::check::CheckResult;
use material_audit::model::catalogue::{Catalogue as List, CatalogueEntry, PageNumber, ReadNumber};
use material_audit::model::finding::Verdict;
use material_audit::model::geometry::Rect;
use material_audit::model::material::Material::{self, *};
use material_audit::pack::rules::RulePack;
use material_audit::pack::rules::arrangement::CatalogueMismatch;

use crate::build::*;

fn asks(list: Material) -> RulePack {
    let mut pack = pack();
    pack.checks.arrangement.catalogue_mismatch = vec![CatalogueMismatch { basis: basis(), list, names: vec![] }];
    pack
}

const VOLUME: [(Material, usize, usize); 7] = [
    (EducationCertificate, 0, 1),
    (DegreeCertificate, 0, 1),
    (QualificationCertificate, 0, 1),
    (PerformanceMaterial, 1, 3),
    (Paper, 2, 4),
    (PaperIndexPage, 2, 1),
    (TechnicalReport, 2, 2),
];

const LIST: [(&str, u32, u32); 7] = [
    ("毕业证书（复印件）", 1, 0),
    ("学位证书", 2, 0),
    ("任职资格证书", 3, 0),
    ("工作业绩材料", 4, 6),
    ("论文《一种新方法的研究》", 7, 10),
    ("论文《一种新方法的研究》检索页", 11, 0),
    ("技术报告", 12, 13),
];

fn read(value: u32) -> Option<ReadNumber> {
    (value > 0).then_some(ReadNumber { value, confidence: 0.98, hand: false })
}

/// Cover, 目录 and these documents, numbered from 1, with these entries (name, first page, last page; 0: none).
fn packet(documents: &[(Material, usize, usize)], list: &[(&str, u32, u32)]) -> Packet {
    let mut packet = Packet::default();
    packet.add(Doc::bound(Other, 0, 1));
    packet.add(Doc::bound(Catalogue, 0, 1));
    let mut value = 0;
    for (material, category, pages) in documents {
        let first = packet.add(Doc::bound(*material, *category, *pages));
        if [Paper, PaperIndexPage].contains(material) {
            packet.page(first).lines[0].text = "一种新方法的研究".into();
        }
        for page in first..first + pages {
            value += 1;
            packet.facts.numbers.push(PageNumber {
                page,
                number: ReadNumber { value, confidence: 0.98, hand: false },
                total: None,
                rect: Rect::new(0.48, 0.95, 0.03, 0.02),
                run: Some(0),
            });
        }
    }
    let entries = list
        .iter()
        .enumerate()
        .map(|(row, (name, first, last))| CatalogueEntry {
            name: (*name).into(),
            heading: None,
            page: 1,
            rect: Rect::new(0.1, 0.1 + 0.03 * row as f32, 0.8, 0.02),
            confidence: 0.98,
            hand: false,
            first: read(*first),
            last: read(*last),
            count: None,
        })
        .collect();
    packet.facts.catalogues.push(List {
        material: Catalogue,
        volume: Some(0),
        pages: vec![1],
        confidence: 0.9,
        entries,
        headings: vec![],
        total: None,
    });
    packet
}

fn with(change: impl Fn(&mut Vec<(&'static str, u32, u32)>)) -> Packet {
    let mut list = LIST.to_vec();
    change(&mut list);
    packet(&VOLUME, &list)
}

fn run(packet: &Packet) -> CheckResult {
    packet.run("catalogue-mismatch", &asks(Catalogue))
}

#[test]
fn clean() {
    passed(&run(&packet(&VOLUME, &LIST)));
    // Only first pages, and some of them not read.
    passed(&run(&with(|l| l.iter_mut().for_each(|e| e.2 = 0))));
    passed(&run(&with(|l| l.iter_mut().skip(2).step_by(2).for_each(|e| (e.1, e.2) = (0, 0)))));
}

#[test]
fn a_wrong_page_names_the_right_one() {
    let found = defects(run(&with(|l| l[5].1 = 12)));
    assert_eq!((found.len(), found[0].place.page), (1, Some(1)));
    assert!(found[0].message.contains("写第12页，实际在第11页"), "{}", found[0].message);
}

#[test]
fn neighbours_wrong_by_as_many_pages_are_one_finding() {
    let found = defects(run(&with(|l| {
        l[5].1 = 12;
        (l[6].1, l[6].2) = (13, 14);
    })));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].message.contains("第11页") && found[0].message.contains("第12页"), "{}", found[0].message);
}

#[test]
fn what_is_listed_and_not_there() {
    let found = defects(run(&with(|l| l.insert(3, ("推荐报告", 3, 0)))));
    assert!(found.len() == 1 && found[0].message.contains("列有“推荐报告”"), "{found:?}");
}

#[test]
fn what_is_there_and_not_listed() {
    let found = defects(run(&with(|l| {
        l.remove(1);
    })));
    assert_eq!((found.len(), found[0].place.page), (1, Some(3)));
    assert!(found[0].message.contains("学位证书") && found[0].message.contains("没有列入目录"), "{}", found[0].message);
}

#[test]
fn a_range_that_reaches_too_far() {
    let found = defects(run(&with(|l| l[3].2 = 7)));
    assert!(found[0].message.contains("写到第7页，实际到第6页"), "{}", found[0].message);
}

#[test]
fn a_list_of_categories_says_nothing_of_materials() {
    passed(&run(&packet(&VOLUME, &[("第一", 1, 0), ("第二", 4, 0), ("第三", 7, 0)])));
}

#[test]
fn doubts_of_one_list_are_one_review() {
    let mut packet = with(|l| {
        l[5].1 = 12;
        l[1].1 = 3;
    });
    for entry in &mut packet.facts.catalogues[0].entries {
        entry.first.as_mut().expect("read").hand = true;
    }
    let found = review(run(&packet), "请人工核对");
    assert!(found.message.contains("检索页") && found.message.contains("学位证书"), "{}", found.message);
}

#[test]
fn an_unsure_document_makes_no_defect() {
    let mut packet = with(|l| l[5].1 = 12);
    let at = packet.facts.spans.iter().position(|s| s.material == TechnicalReport).expect("built");
    packet.facts.spans[at].confidence = 0.4;
    assert!(run(&packet).into_findings().iter().all(|f| f.verdict == Verdict::Review));
}

#[test]
fn kindred_names_pass() {
    passed(&run(&with(|l| l[6].0 = "工作业绩证明材料")));
}

#[test]
fn a_volume_without_numbers_is_not_held_to_them() {
    let mut packet = with(|l| l[5].1 = 12);
    packet.facts.numbers.clear();
    passed(&run(&packet));
}

#[test]
fn a_volume_without_numbers_is_counted_where_the_list_then_agrees() {
    let mut packet = with(|l| {
        l.remove(1);
    });
    packet.facts.numbers.clear();
    let found = defects(run(&packet));
    assert!(found.len() == 1 && found[0].message.contains("没有列入目录"), "{found:?}");
    // Pages that don't agree with the count prove nothing.
    let mut astray = with(|l| {
        l.remove(1);
        l.iter_mut().for_each(|e| e.1 += 2);
    });
    astray.facts.numbers.clear();
    passed(&run(&astray));
}

#[test]
fn a_digit_that_is_hardly_sure_is_for_review() {
    let mut packet = with(|l| l[5].1 = 12);
    packet.facts.catalogues[0].entries[5].first = Some(ReadNumber { value: 12, confidence: 0.87, hand: false });
    review(run(&packet), "写第12页");
}

#[test]
fn the_key_survives_another_number() {
    let key = |page| defects(run(&with(|l| l[5].1 = page))).remove(0).key;
    assert_eq!(key(12), key(13));
}

#[test]
fn a_list_of_all_that_is_handed_in() {
    let mut packet = packet(&VOLUME, &[("学位证书", 0, 0), ("推荐报告", 0, 0), ("照片", 0, 0)]);
    let list = &mut packet.facts.catalogues[0];
    list.material = MaterialList;
    list.entries[0].count = read(1);
    list.entries[1].count = read(2);
    let found = review(packet.run("catalogue-mismatch", &asks(MaterialList)), "推荐报告");
    assert!(!found.message.contains("照片") && !found.message.contains("学位证书"), "{}", found.message);
}
