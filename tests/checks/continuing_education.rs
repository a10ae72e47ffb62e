use material_audit::check::CheckResult;
use material_audit::model::geometry::Rect;
use material_audit::model::layout::{Cell, Table};
use material_audit::model::material::Material::{ContinuingEducationProof, SummaryForm};
use material_audit::model::text::TextLine;
use material_audit::pack::rules::RulePack;
use material_audit::pack::rules::periods::{ContinuingEducation, Kind, Years};

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

fn asks(rule: impl Fn(&mut ContinuingEducation)) -> RulePack {
    let mut pack = pack();
    pack.materials.push(entry(ContinuingEducationProof, "继续教育材料", None, None));
    let kind = |name: &str, word: &str| Kind { name: name.into(), words: vec![word.into()] };
    let mut asked = ContinuingEducation {
        basis: basis(),
        material: vec![ContinuingEducationProof],
        years: Years::default(),
        kinds: vec![kind("公需课", "公需"), kind("专业课", "专业科目")],
        passed: false,
        summary: None,
    };
    rule(&mut asked);
    pack.checks.periods.education = vec![asked];
    pack
}

fn both_years() -> RulePack {
    asks(|r| r.years.each = vec![2022, 2023])
}

/// A page per certificate.
fn proofs(texts: &[&str]) -> Packet {
    let mut packet = Packet::default();
    packet.add(Doc::bound(ContinuingEducationProof, 0, texts.len()));
    for (index, text) in texts.iter().enumerate() {
        packet.page(index).lines =
            vec![line(0, "继续教育合格证书"), line(1, text), line(2, "考核合格。"), line(3, "2020年8月22日")];
    }
    packet
}

fn run(packet: &Packet) -> CheckResult {
    packet.run("continuing-education", &both_years())
}

const COMMON_22: &str = "于2022年度参加公需科目学习，完成30学时，";
const SPECIAL_22: &str = "于2022年度参加专业科目学习，完成60学时，";
const COMMON_23: &str = "于2023年度参加公需科目学习，完成30学时，";
const SPECIAL_23: &str = "于2023年度参加专业科目学习，完成60学时，";

#[test]
fn clean() {
    passed(&run(&proofs(&[COMMON_22, SPECIAL_22, COMMON_23, SPECIAL_23])));
    passed(&run(&proofs(&["2022年至2023年度参加公需科目、专业科目学习"])));
    passed(&Packet::default().run("continuing-education", &both_years()));
}

#[test]
fn a_missing_year() {
    let found = defects(run(&proofs(&[COMMON_23, SPECIAL_23])));
    assert!(found[0].message.contains("没有2022年度的证明"), "{}", found[0].message);
    // The year on a certificate's date may be the one it is of.
    passed(&run(&proofs(&[COMMON_23, SPECIAL_23, "于2022年5月参加培训"])));
}

#[test]
fn a_certificate_whose_year_is_lost_leaves_it_to_a_person() {
    review(run(&proofs(&[COMMON_23, SPECIAL_23, "参加公需科目学习，完成30学时，"])), "未能可靠识别");
    let mut packet = proofs(&[COMMON_23, SPECIAL_23]);
    packet.page(0).lines[1].confidence = 0.6;
    review(run(&packet), "未能可靠识别");
}

#[test]
fn a_missing_kind() {
    let found = defects(run(&proofs(&[COMMON_22, COMMON_23, SPECIAL_23])));
    assert!(found[0].message.contains("2022年度没有专业课"), "{}", found[0].message);
    review(run(&proofs(&[COMMON_22, COMMON_23, SPECIAL_23, "于2022年度参加大数据培训"])), "没有写明课程类别");
    // One too many: its year may be misread.
    passed(&run(&proofs(&[COMMON_22, COMMON_23, SPECIAL_23, SPECIAL_23])));
}

fn hours(rows: &[[&str; 4]]) -> Packet {
    let mut packet = Packet::default();
    packet.add(Doc::bound(ContinuingEducationProof, 0, 1));
    let mut lines = Vec::new();
    let mut cells = Vec::new();
    for (row, texts) in rows.iter().enumerate() {
        for (col, text) in texts.iter().enumerate() {
            let rect = Rect::new(0.1 + 0.2 * col as f32, 0.2 + 0.05 * row as f32, 0.2, 0.05);
            cells.push(Cell { rect, row: row as u16, col: col as u16, row_span: 1, col_span: 1 });
            lines.push(TextLine { rect: Rect::new(rect.x + 0.05, rect.y + 0.01, 0.08, 0.02), ..line(0, text) });
        }
    }
    let page = packet.page(0);
    page.lines = lines;
    page.tables = vec![Table { rect: Rect::new(0.1, 0.2, 0.8, 0.5), cells }];
    packet
}

const HEAD: [&str; 4] = ["年份", "公需课程", "合计学时", "学时验审"];

#[test]
fn hours_not_passed() {
    let pack = asks(|r| r.passed = true);
    let run = |packet: &Packet| packet.run("continuing-education", &pack);
    passed(&run(&hours(&[HEAD, ["2018年", "18", "114", "合格"], ["2017年", "18", "90", "合格"]])));
    let mut packet = hours(&[HEAD, ["2018年", "18", "36", "不合格"], ["2017年", "18", "90", "合格"]]);
    let found = defects(run(&packet));
    assert!(found.len() == 1 && found[0].message.contains("2018年"), "{}", found[0].message);
    packet.page(0).lines[7].hand = true;
    review(run(&packet), "2018年");
}

#[test]
fn hours_on_the_summary() {
    let pack = asks(|r| r.summary = Some(SummaryForm));
    let with = |text: &str| {
        let mut packet = hours(&[HEAD, ["2018年", "18", "114", "合格"], ["2017年", "18", "126", "合格"]]);
        let page = packet.add(Doc::loose(SummaryForm, 1));
        packet.page(page).lines = vec![line(0, text)];
        packet.run("continuing-education", &pack)
    };
    passed(&with("所完成的继续教育学时：2017年至2018年公需课程 36 学时，专业课程 204 学时。"));
    review(with("2017年至2018年公需课程 36 学时，专业课程 200 学时。"), "专业课程200学时");
    defects(with("    年至   年公需课程        学时，专业课程        学时"));
    passed(&with("没有这一行"));
}
