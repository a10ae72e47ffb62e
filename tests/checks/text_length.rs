use material_audit::check::CheckResult;
use material_audit::model::finding::Severity;
use material_audit::model::geometry::Rect;
use material_audit::model::likeness::Thumb;
use material_audit::model::material::Material::{Paper, PaperIndexPage, ReviewForm, WorkSummary};
use material_audit::model::text::TextLine;
use material_audit::pack::rules::RulePack;
use material_audit::pack::rules::content::TextLength;

use crate::build::*;

fn asks(least: Option<u16>, most: Option<u16>) -> TextLength {
    TextLength {
        basis: basis(),
        material: vec![WorkSummary],
        place: None,
        least,
        most,
        except: vec![],
        any_document: false,
    }
}

fn pack_of(rule: TextLength) -> RulePack {
    let mut pack = pack();
    pack.checks.content.text_length = vec![rule];
    pack
}

/// Puts this many characters on a page, forty a line, no two lines alike.
fn fill(packet: &mut Packet, page: usize, chars: usize) {
    let line = |i: usize| {
        let length = 40.min(chars - 40 * i);
        let first = char::from_u32(0x4e00 + (page * 100 + i) as u32).expect("a Chinese character");
        let text: String = std::iter::once(first).chain(std::iter::repeat_n('文', length - 1)).collect();
        let rect = Rect::new(0.1, 0.12 + 0.01 * i as f32, 0.8, 0.01);
        TextLine { text, rect, confidence: 0.98, chars: vec![], vertical: false, hand: false }
    };
    packet.page(page).lines = (0..chars.div_ceil(40)).map(line).collect();
}

fn summary(chars: &[usize]) -> Packet {
    let mut packet = Packet::default();
    packet.add(Doc::loose(WorkSummary, chars.len()));
    for (page, chars) in chars.iter().enumerate() {
        fill(&mut packet, page, *chars);
    }
    packet
}

fn run(packet: &Packet, least: Option<u16>, most: Option<u16>) -> CheckResult {
    packet.run("text-length", &pack_of(asks(least, most)))
}

#[test]
fn clean() {
    passed(&run(&summary(&[1200, 900]), Some(2000), None));
    passed(&run(&summary(&[1200, 700]), None, Some(2000)));
}

#[test]
fn too_short_and_too_long() {
    let found = defects(run(&summary(&[1000, 500]), Some(2000), None));
    assert!(found[0].message.contains("约1500字") && found[0].message.contains("不少于2000字"), "{}", found[0].message);
    defects(run(&summary(&[1500, 1500]), None, Some(2000)));
}

#[test]
fn near_the_limit() {
    review(run(&summary(&[1000, 950]), Some(2000), None), "百分之五");
    review(run(&summary(&[1100, 950]), None, Some(2000)), "百分之五");
    let mut rule = asks(None, Some(2000));
    rule.basis.severity = Severity::Advise;
    passed(&summary(&[1100, 950]).run("text-length", &pack_of(rule)));
}

#[test]
fn what_was_not_seen_may_hold_the_rest() {
    let mut packet = summary(&[1000, 200]);
    packet.facts.pages[1].facts = Err(material_audit::model::page::Unreadable::TimedOut);
    review(run(&packet, Some(2000), None), "未读出");
    let mut packet = summary(&[1000]);
    packet.add(Doc { titled: false, ..Doc::loose(ReviewForm, 1) });
    review(run(&packet, Some(2000), None), "紧接着");
    // Too long is too long, whatever else was there.
    let mut packet = summary(&[1500, 1500, 10]);
    packet.facts.pages[2].facts = Err(material_audit::model::page::Unreadable::TimedOut);
    defects(run(&packet, None, Some(2000)));
}

#[test]
fn lines_that_were_not_found_may_be_the_rest() {
    // Ten rows of ink; the lines read stand in the second and third.
    let with_ink = |rows: std::ops::Range<usize>| {
        let mut packet = summary(&[400, 300]);
        let inked = |i: usize| rows.contains(&(i / 10)) && (1..9).contains(&(i % 10));
        let ink: Vec<f32> = (0..100).map(|i| if inked(i) { 0.3 } else { 0.0 }).collect();
        packet.page(0).picture = Thumb::of(10, &ink);
        packet
    };
    review(run(&with_ink(1..8), Some(2000), None), "没有读全");
    // A journal's cover is a picture.
    let mut behind_cover = with_ink(1..8);
    behind_cover.page(0).lines[0].text += "ISSN 1000-0000";
    defects(run(&behind_cover, Some(2000), None));
    defects(run(&with_ink(1..3), Some(2000), None));
}

#[test]
fn sheets_in_files_of_their_own_may_be_one_text() {
    let sheets = |titled: [bool; 2], chars: [usize; 2]| {
        let mut packet = Packet::default();
        packet.add(Doc { file: "甲.jpg", titled: titled[0], ..Doc::loose(WorkSummary, 1) });
        packet.add(Doc { file: "乙.jpg", titled: titled[1], ..Doc::loose(ReviewForm, 1) });
        fill(&mut packet, 0, chars[0]);
        fill(&mut packet, 1, chars[1]);
        packet
    };
    review(run(&sheets([true, false], [1300, 800]), Some(2000), None), "紧接着");
    defects(run(&sheets([true, true], [1300, 800]), Some(2000), None));
    // The first sheet's text may go on over to the second, which bears no title.
    let mut rule = asks(Some(2000), None);
    rule.material = vec![ReviewForm];
    review(sheets([true, false], [1300, 800]).run("text-length", &pack_of(rule.clone())), "紧接着");
    defects(sheets([true, false], [100, 800]).run("text-length", &pack_of(rule)));
    // A file of several pages ends with its last.
    let mut packet = summary(&[1000, 300]);
    packet.add(Doc { file: "乙.jpg", titled: false, ..Doc::loose(ReviewForm, 1) });
    defects(run(&packet, Some(2000), None));
}

#[test]
fn handwriting_only_where_far_off() {
    let by_hand = |chars: usize| {
        let mut packet = summary(&[chars]);
        for line in &mut packet.page(0).lines {
            line.hand = true;
        }
        packet
    };
    passed(&run(&by_hand(1600), Some(2000), None));
    review(run(&by_hand(900), Some(2000), None), "手写");
}

#[test]
fn copies_of_one_text_are_no_long_text() {
    let mut packet = summary(&[1100, 1100]);
    packet.page(1).lines = packet.page(0).lines.clone();
    review(run(&packet, None, Some(2000)), "几份相同");
}

#[test]
fn covers_belong_to_their_paper_and_books_are_no_papers() {
    let mut rule = asks(Some(2000), None);
    rule.material = vec![Paper];
    rule.except = vec!["ISBN".into()];
    let pack = pack_of(rule);
    let mut packet = Packet::default();
    packet.add(Doc::bound(Paper, 2, 2));
    packet.add(Doc::bound(Paper, 2, 2));
    packet.add(Doc::bound(PaperIndexPage, 2, 1));
    for (page, chars) in [(0, 80), (1, 200), (2, 1100), (3, 900)] {
        fill(&mut packet, page, chars);
    }
    passed(&packet.run("text-length", &pack));
    fill(&mut packet, 2, 300);
    fill(&mut packet, 3, 310);
    defects(packet.run("text-length", &pack));
    packet.page(0).lines[0].text = "ISBN 978-7-111".into();
    passed(&packet.run("text-length", &pack));
}

#[test]
fn a_box_of_a_form() {
    let mut rule = asks(None, Some(100));
    rule.material = vec![ReviewForm];
    rule.place = Some("unit-opinion".into());
    let mut packet = Packet::default();
    packet.add(Doc::loose(ReviewForm, 1));
    packet.place("unit-opinion", 0, Rect::new(0.1, 0.2, 0.8, 0.2)).text = "文".repeat(90);
    passed(&packet.run("text-length", &pack_of(rule.clone())));
    packet.facts.places[0].text = "文".repeat(140);
    defects(packet.run("text-length", &pack_of(rule)));
}
