use material_audit::check::CheckResult;
use material_audit::model::finding::Verdict;
use material_audit::model::geometry::Rect;
use material_audit::model::layout::{Cell, Table};
use material_audit::model::material::Material::{PublicityPhoto, PublicityProof};
use material_audit::model::text::TextLine;
use material_audit::pack::rules::RulePack;
use material_audit::pack::rules::periods::{Days, Kind, PublicityPeriod};

use crate::build::*;

fn line(n: usize, text: &str) -> TextLine {
    TextLine {
        text: text.into(),
        rect: Rect::new(0.15, 0.1 + 0.04 * n as f32, 0.6, 0.02),
        confidence: 0.97,
        chars: vec![],
        vertical: false,
        hand: false,
    }
}

fn asks(days: Option<Days>, kinds: &[(&str, &str)]) -> RulePack {
    let mut pack = pack();
    pack.materials.push(entry(PublicityProof, "“三公示”材料", None, None));
    let kind = |(name, word): &(&str, &str)| Kind { name: (*name).into(), words: vec![(*word).into()] };
    pack.checks.periods.publicity = vec![PublicityPeriod {
        basis: basis(),
        material: vec![PublicityProof],
        shown_by: vec![PublicityPhoto],
        kinds: kinds.iter().map(kind).collect(),
        days,
    }];
    pack
}

fn three() -> RulePack {
    asks(Some(Days::Working(5)), &[("程序公示", "评审条件"), ("材料公示", "申报材料"), ("鉴定意见公示", "鉴定意见")])
}

fn proof(pages: &[&[&str]]) -> Packet {
    let mut packet = Packet::default();
    packet.add(Doc::loose(PublicityProof, pages.len()));
    for (index, texts) in pages.iter().enumerate() {
        packet.page(index).lines = texts.iter().enumerate().map(|(n, t)| line(n, t)).collect();
    }
    packet
}

fn table<'a>(a: &'a str, b: &'a str, c: &'a str) -> Vec<&'a str> {
    vec!["公示情况一览表", "评审条件程序公示", a, "个人申报材料公示", b, "单位鉴定意见公示", c, "无异议"]
}

const GOOD: [&str; 3] = ["2024年9月4日至9月10日", "2024.9.11—2024.9.19", "2024年9月23日-27日"];

fn run(packet: &Packet) -> CheckResult {
    packet.run("publicity-period", &three())
}

#[test]
fn clean() {
    passed(&run(&proof(&[&table(GOOD[0], GOOD[1], GOOD[2])])));
    passed(&run(&proof(&[
        &["关于评审条件程序的公示", "公示时间：2024年9月4日至", "2024年9月10日"],
        &["关于个人申报材料的公示", "公示时间：9月11日至19日", "2024年9月11日"],
        &["关于单位鉴定意见的公示", "公示期自2024年9月23日起至9月27日止"],
    ])));
    passed(&Packet::default().run("publicity-period", &three()));
}

#[test]
fn a_short_one_is_a_defect_that_shows_the_count() {
    let found = defects(run(&proof(&[&table(GOOD[0], GOOD[1], "2024年9月29日至2024年10月8日")])));
    assert_eq!(found.len(), 1);
    let said = &found[0].message;
    assert!(said.contains("鉴定意见公示") && said.contains("不足5个工作日"), "{said}");
    assert!(said.contains("扣除10月1日至10月7日（国庆节），9月29日（国庆节）为调休上班，计3个工作日"), "{said}");
    assert_eq!(found[0].place.page, Some(0));
}

#[test]
fn another_place_that_shows_enough_days_passes() {
    let short = table(GOOD[0], GOOD[1], "2024年9月23日至24日");
    passed(&run(&proof(&[&short, &["关于单位鉴定意见的公示", "公示时间：2024年9月23日至9月27日"]])));
}

#[test]
fn one_stretch_for_all_three_is_enough() {
    passed(&run(&proof(&[&[
        "对评审条件程序、个人申报材料、单位鉴定意见进行了公示，",
        "公示时间2024年9月4日至9月10日，无异议。",
    ]])));
}

#[test]
fn a_publicity_nobody_mentions_is_a_defect() {
    let lines = ["公示情况一览表", "评审条件程序公示", GOOD[0], "个人申报材料公示", GOOD[1]];
    let found = defects(run(&proof(&[&lines])));
    assert!(found[0].message.contains("没有鉴定意见公示"), "{}", found[0].message);
    // A caption of a photo shows that there was one; its days are not known.
    let mut packet = proof(&[&lines]);
    let photo = packet.add(Doc::loose(PublicityPhoto, 1));
    packet.page(photo).lines = vec![line(0, "图3 单位鉴定意见公示")];
    review(run(&packet), "没有读到鉴定意见公示的起止时间");
    // Told in a sentence only.
    let mut lines = lines.to_vec();
    lines.push("经本单位评议推荐组评议、公示，同意出具鉴定意见，公示期满没有收到任何异议");
    review(run(&proof(&[&lines])), "不能确定");
}

#[test]
fn what_is_not_read_for_certain_is_for_review() {
    let short = table(GOOD[0], GOOD[1], "2024年9月23日至24日");
    let mut packet = proof(&[&short]);
    packet.page(0).lines[6].hand = true;
    review(run(&packet), "对照原页核对");
    let mut packet = proof(&[&short]);
    packet.page(0).seals = vec![seal(0.15, 0.3)];
    review(run(&packet), "对照原页核对");
    let mut packet = proof(&[&short]);
    packet.page(0).lines[6].confidence = 0.6;
    review(run(&packet), "对照原页核对");
    let mut packet = proof(&[&short]);
    packet.facts.spans[0].confidence = 0.45;
    review(run(&packet), "对照原页核对");
    review(run(&proof(&[&table(GOOD[0], GOOD[1], "2018年10月8日至10月10日")])), "没有这一年");
    review(run(&proof(&[&table(GOOD[0], GOOD[1], "")])), "没有读到鉴定意见公示");
    review(run(&proof(&[&["三公示证明", "已履行公示程序，无异议"]])), "不能确定");
}

#[test]
fn days_in_words_alone_are_taken_at_their_word() {
    let lines = ["评审条件程序公示", "个人申报材料公示", "单位鉴定意见公示", "公示期为5个工作日"];
    passed(&run(&proof(&[&lines])));
    review(
        run(&proof(&[&["评审条件程序公示", "个人申报材料公示", "单位鉴定意见公示", "公示期为3个工作日"]])),
        "公示期为3天",
    );
}

#[test]
fn calendar_days_and_no_kinds() {
    let week = asks(Some(Days::Calendar(7)), &[]);
    let form = |days: &str| proof(&[&["申报材料公示确认表", "公示时间", days, "2019年9月20日"]]);
    passed(&form("2019年9月13日至2019年9月19日").run("publicity-period", &week));
    let found = defects(form("2019年9月13日至18日").run("publicity-period", &week));
    assert!(found[0].message.contains("首尾两天都计入共6天"), "{}", found[0].message);
    review(form("").run("publicity-period", &week), "没有读到公示的起止时间");
}

#[test]
fn no_length_asked() {
    let pack = asks(None, &[("程序公示", "评审条件"), ("材料公示", "申报材料")]);
    passed(&proof(&[&["评审条件公示", "申报材料公示"]]).run("publicity-period", &pack));
    let found = defects(proof(&[&["评审条件公示", "无异议"]]).run("publicity-period", &pack));
    assert_eq!(found[0].verdict, Verdict::Defect);
}

#[test]
fn a_row_that_nobody_filled_in_shows_no_publicity() {
    let texts = ["评审条件程序公示", GOOD[0], "个人申报材料公示", GOOD[1], "单位鉴定意见公示", ""];
    let table = |last: &str| {
        let mut packet = proof(&[&[]]);
        let cell = |i: usize| {
            let (row, col) = (i / 2, i % 2);
            let rect = Rect::new(0.1 + 0.4 * col as f32, 0.2 + 0.1 * row as f32, 0.4, 0.1);
            Cell { rect, row: row as u16, col: col as u16, row_span: 1, col_span: 1 }
        };
        let cells: Vec<Cell> = (0..6).map(cell).collect();
        let texts = texts[..5].iter().copied().chain([last]).enumerate().filter(|(_, t)| !t.is_empty());
        packet.page(0).lines = texts
            .map(|(i, t)| TextLine { rect: cells[i].rect.grown(-0.05, -0.04), ..line(0, t) })
            .chain([TextLine { hand: true, ..line(15, "负责人（签字）：王五") }])
            .collect();
        packet.page(0).tables = vec![Table { rect: Rect::new(0.1, 0.2, 0.8, 0.3), cells }];
        packet
    };
    passed(&run(&table(GOOD[2])));
    let found = defects(run(&table("")));
    assert!(found[0].message.contains("没有鉴定意见公示") && found[0].seen.contains("没有填写"), "{found:?}");
    review(run(&table("无异议")), "没有读到鉴定意见公示的起止时间");
    let mut inked = table("");
    inked.page(0).strokes = vec![Rect::new(0.6, 0.43, 0.1, 0.03)];
    review(run(&inked), "不能确定");
}
