use material_audit::check::CheckResult;
use material_audit::model::finding::Verdict;
use material_audit::model::geometry::Rect;
use material_audit::model::material::Material::WorkSummary;
use material_audit::model::text::TextLine;
use material_audit::pack::rules::RulePack;
use material_audit::pack::rules::content::Anonymity;

use crate::build::*;

fn asks(sealed_strip: bool) -> RulePack {
    let mut pack = pack();
    pack.checks.content.anonymity = vec![Anonymity {
        basis: basis(),
        material: vec![WorkSummary],
        sealed_strip,
        places: true,
        own_places: vec!["云泉".into()],
        instead: vec!["本人".into(), "本单位".into()],
        under_line: sealed_strip,
    }];
    pack
}

fn line(text: &str, x: f32, y: f32) -> TextLine {
    let w = 0.016 * text.chars().count() as f32;
    let rect = Rect::new(x, y, w, 0.015);
    TextLine { text: text.into(), rect, confidence: 0.98, chars: vec![], vertical: false, hand: false }
}

/// A summary of one page: strip, line, title and these lines of text.
fn summary(texts: &[&str]) -> Packet {
    let mut packet = Packet::default();
    packet.add(Doc::loose(WorkSummary, 1));
    packet.applicant().name = Some("樊晓棠".into());
    packet.applicant().unit = Some("云泉县智汇数据服务有限公司".into());
    let mut lines = vec![
        line("单位：云泉县智汇数据服务有限公司 姓名：樊晓棠", 0.1, 0.03),
        line("密", 0.33, 0.08),
        line("封", 0.49, 0.081),
        line("线", 0.65, 0.079),
        line("专业工作总结", 0.4, 0.12),
    ];
    lines.extend(texts.iter().enumerate().map(|(i, t)| line(t, 0.1, 0.2 + 0.02 * i as f32)));
    packet.page(0).lines = lines;
    packet
}

fn run(packet: &Packet) -> CheckResult {
    packet.run("anonymity", &asks(true))
}

#[test]
fn clean() {
    passed(&run(&summary(&["本人长期在本单位从事数据治理工作，参与本市", "信息技术和数据服务项目，提高了数据质量。"])));
}

#[test]
fn name_and_unit_outside_the_strip() {
    let found = defects(run(&summary(&["任现职以来，由樊晓", "棠主持的项目在云泉县智汇数据服务有限公司投入运行"])));
    assert_eq!(found.len(), 1);
    assert!(found[0].seen.contains("姓名“樊晓棠”") && found[0].seen.contains("单位名称"), "{}", found[0].seen);
    assert_eq!(found[0].key, "work-summary#1/named");
    let rect = found[0].place.rect.expect("at the name");
    assert!(rect.y > 0.19 && rect.h < 0.02 && rect.w < 0.05, "{rect:?}");
}

#[test]
fn a_line_down_the_side_keeps_its_strip() {
    let mut packet = summary(&["本人长期从事数据治理工作"]);
    packet.page(0).lines[0].rect = Rect::new(0.03, 0.2, 0.02, 0.4);
    packet.page(0).lines[0].vertical = true;
    for (i, y) in [(1, 0.2), (2, 0.4), (3, 0.6)] {
        packet.page(0).lines[i].rect = Rect::new(0.09, y, 0.016, 0.015);
    }
    packet.page(0).lines[4].rect.y = 0.05;
    passed(&run(&packet));
}

#[test]
fn short_forms_and_places_are_for_review() {
    review(run(&summary(&["智汇公司的数据平台由本人负责"])), "像是单位的简称“智汇公司”");
    review(run(&summary(&["承担云泉县数据共享平台建设"])), "市、县（区）名称“云泉县”");
    let mut unsure = summary(&["樊晓棠主持"]);
    unsure.page(0).lines[5].confidence = 0.6;
    review(run(&unsure), "樊晓棠");
    let mut by_hand = summary(&["樊晓棠主持"]);
    by_hand.page(0).lines[5].hand = true;
    review(run(&by_hand), "樊晓棠");
}

#[test]
fn a_name_that_is_a_word_is_for_review() {
    let mut packet = summary(&["不断提高建设水平"]);
    packet.applicant().name = Some("高建设".into());
    review(run(&packet), "高建设");
}

#[test]
fn a_head_without_a_line() {
    // The strip's own row, its line not read.
    let mut packet = summary(&["本人长期从事数据治理工作"]);
    packet.page(0).lines.drain(1..4);
    passed(&run(&packet));
    // No labels: a strip or a byline?
    packet.page(0).lines[0].text = "云泉县智汇数据服务有限公司 樊晓棠".into();
    review(run(&packet), "没有找到密封线");
    // Below the title it is a byline.
    packet.page(0).lines[0].rect.y = 0.145;
    defects(run(&packet));
}

#[test]
fn without_a_strip_nothing_may_show() {
    let mut packet = summary(&["本人长期从事数据治理工作"]);
    packet.page(0).lines.drain(1..4);
    defects(packet.run("anonymity", &asks(false)));
}

#[test]
fn the_second_page_begins_under_the_line() {
    let with_second = |above: usize| {
        let mut packet = summary(&["本人长期从事数据治理工作"]);
        packet.add(Doc { titled: false, ..Doc::loose(WorkSummary, 1) });
        let mut lines: Vec<TextLine> =
            (0..above).map(|i| line("在此基础上给出了系统的总体结构和实现方法", 0.1, 0.02 + 0.02 * i as f32)).collect();
        lines.push(line("密封线", 0.4, 0.1));
        lines.push(line("结语部分文字", 0.1, 0.2));
        packet.page(1).lines = lines;
        let second = packet.facts.spans.remove(1);
        packet.facts.spans[0].pages.end = second.pages.end;
        packet
    };
    passed(&run(&with_second(0)));
    review(run(&with_second(1)), "密封线以上有文字");
    let CheckResult::Defects(found) = run(&with_second(2)) else { panic!("running text above the line") };
    assert!(found.iter().all(|f| f.verdict == Verdict::Defect) && found[0].key.ends_with("/line"));
}
