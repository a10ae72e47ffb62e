use material_audit::check::CheckResult;
use material_audit::model::catalogue::{Catalogue, CatalogueEntry, PageNumber, ReadNumber};
use material_audit::model::geometry::Rect;
use material_audit::model::material::Material::*;
use material_audit::model::text::TextLine;
use material_audit::pack::rules::RulePack;
use material_audit::pack::rules::arrangement::{NumberingAsk, PageNumbering};

use crate::build::*;

const PLACE: Rect = Rect::new(0.48, 0.95, 0.03, 0.02);

fn asks(asks: NumberingAsk) -> RulePack {
    let mut pack = pack();
    pack.checks.arrangement.page_numbering = vec![PageNumbering { basis: basis(), volume: 0, asks }];
    pack
}

fn number(page: usize, value: u32, run: Option<u16>) -> PageNumber {
    PageNumber { page, number: ReadNumber { value, confidence: 0.98, hand: false }, total: None, rect: PLACE, run }
}

/// A cover, then one-page certificates and a long paper, bearing these numbers (0: none).
fn volume(numbers: &[u32]) -> Packet {
    let mut packet = Packet::default();
    packet.add(Doc::bound(Other, 0, 1));
    for (at, value) in numbers.iter().enumerate() {
        let material = [EducationCertificate, DegreeCertificate, QualificationCertificate][at % 3];
        let page = packet.add(Doc::bound(material, 0, 1));
        if *value > 0 {
            packet.facts.numbers.push(number(page, *value, Some(0)));
        }
    }
    packet
}

fn run(packet: &Packet) -> CheckResult {
    packet.run("page-numbering", &asks(NumberingAsk::Numbers))
}

fn total(packet: &Packet) -> CheckResult {
    packet.run("page-numbering", &asks(NumberingAsk::Total))
}

#[test]
fn clean() {
    passed(&run(&volume(&[1, 2, 3, 4, 5, 6])));
}

#[test]
fn a_skipped_number_is_a_defect() {
    let found = defects(run(&volume(&[1, 2, 3, 5, 6, 7])));
    assert_eq!((found.len(), found[0].place.page), (1, Some(4)));
    assert!(found[0].message.contains("缺第4页"), "{}", found[0].message);
}

#[test]
fn a_skip_by_a_doubtful_digit_is_for_review() {
    let mut packet = volume(&[1, 2, 3, 5, 6, 7]);
    packet.facts.numbers[3].number.hand = true;
    review(run(&packet), "缺第4页");
}

#[test]
fn a_page_left_out_of_the_numbering_is_a_defect() {
    let found = defects(run(&volume(&[1, 2, 3, 0, 4, 5, 6])));
    assert_eq!((found.len(), found[0].place.page), (1, Some(4)));
    assert!(found[0].message.contains("前一页是3，后一页是4"), "{}", found[0].message);
}

#[test]
fn backs_and_dividers_without_number_pass() {
    let mut packet = volume(&[1, 2, 3, 0, 4, 5, 6]);
    *packet.page(4) = blank();
    passed(&run(&packet));
    let mut packet = volume(&[1, 2, 3, 0, 4, 5, 6]);
    packet.facts.spans[4].material = Other;
    passed(&run(&packet));
}

#[test]
fn a_number_not_read_is_for_review_and_one_that_left_a_mark_passes() {
    review(run(&volume(&[1, 2, 3, 0, 5, 6])), "没有读出页码");
    let mut packet = volume(&[1, 2, 3, 0, 5, 6]);
    let mark =
        TextLine { text: "①".into(), rect: PLACE, confidence: 0.4, chars: vec![], vertical: false, hand: false };
    packet.page(4).lines.push(mark);
    passed(&run(&packet));
}

#[test]
fn a_repeated_number_is_a_defect() {
    let mut packet = volume(&[1, 2, 3, 0, 4, 5, 6]);
    packet.facts.numbers.push(number(4, 3, None));
    let found = defects(run(&packet));
    assert!(found.len() == 1 && found[0].seen.contains("页码3重复"), "{found:?}");
    let mut packet = volume(&[1, 2, 3, 0, 5, 6]);
    packet.facts.numbers.push(number(4, 3, None));
    assert!(defects(run(&packet))[0].seen.contains("页码3重复"));
}

#[test]
fn a_journals_own_number_is_not_the_volumes() {
    let mut packet = volume(&[1, 2, 3, 4, 5, 6]);
    packet.facts.numbers.push(PageNumber { rect: Rect::new(0.1, 0.02, 0.03, 0.02), ..number(4, 157, None) });
    passed(&run(&packet));
}

#[test]
fn a_number_that_does_not_fit_is_for_review() {
    let mut packet = volume(&[1, 2, 3, 0, 5, 6]);
    packet.facts.numbers.push(number(4, 41, None));
    review(run(&packet), "应为4");
}

#[test]
fn no_number_at_all_is_one_defect() {
    let found = defects(run(&volume(&[0; 8])));
    assert_eq!(found.len(), 1);
    let mut packet = volume(&[0; 8]);
    packet.page(3).quality.degraded.push(material_audit::model::page::Degraded::ImageTruncated("DCT".into()));
    review(run(&packet), "只读出0页");
    passed(&run(&volume(&[0; 3])));
}

#[test]
fn words_in_the_margin_are_no_number_that_was_not_read() {
    let with = |text: &str, confidence: f32| {
        let mut packet = volume(&[0, 0, 0, 0, 0, 0]);
        let line = TextLine {
            text: text.into(),
            rect: Rect::new(0.05, 0.016, 0.19, 0.02),
            confidence,
            chars: vec![],
            vertical: false,
            hand: false,
        };
        packet.page(3).lines.push(line);
        run(&packet)
    };
    defects(with("学历信息网上查询", 0.98));
    review(with("字7", 0.98), "没有编页码");
    review(with("学历信息网上", 0.5), "没有编页码");
}

#[test]
fn parts_numbered_anew_are_for_review() {
    let mut packet = volume(&[1, 2, 3, 4, 1, 2, 3]);
    for n in &mut packet.facts.numbers[4..] {
        n.run = Some(1);
    }
    review(run(&packet), "重新从1编号");
}

/// The volume with a 目录 that states this total and ends at this page.
fn listed(stated: Option<u32>, last: u32) -> Packet {
    let mut packet = volume(&[1, 2, 3, 4, 5, 6]);
    let read = |value| ReadNumber { value, confidence: 0.98, hand: false };
    packet.facts.catalogues.push(Catalogue {
        material: material_audit::model::material::Material::Catalogue,
        volume: Some(0),
        pages: vec![0],
        confidence: 0.9,
        entries: vec![CatalogueEntry {
            name: "任职资格证书".into(),
            heading: None,
            page: 0,
            rect: Rect::new(0.1, 0.3, 0.8, 0.02),
            confidence: 0.98,
            hand: false,
            first: Some(read(last)),
            last: None,
            count: None,
        }],
        headings: vec![],
        total: stated.map(|n| (read(n), 0, Rect::new(0.1, 0.8, 0.3, 0.02))),
    });
    packet
}

#[test]
fn totals() {
    passed(&total(&listed(Some(6), 6)));
    // The cover counted with them.
    passed(&total(&listed(Some(7), 6)));
    passed(&total(&listed(None, 6)));
    let found = defects(total(&listed(Some(16), 6)));
    assert!(found[0].message.contains("16页") && found[0].suggestion.contains("6页"), "{}", found[0].message);
    review(total(&listed(None, 5)), "总页数");
    let mut packet = listed(Some(16), 6);
    packet.facts.catalogues[0].total.as_mut().expect("stated").0.hand = true;
    review(total(&packet), "两者不符");
}
