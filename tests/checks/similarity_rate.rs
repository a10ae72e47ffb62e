use material_audit::model::geometry::Rect;
use material_audit::model::material::Material::SimilarityReport;
use material_audit::model::text::TextLine;
use material_audit::pack::rules::RulePack;
use material_audit::pack::rules::content::SimilarityRate;

use crate::build::*;

fn asks() -> RulePack {
    let mut pack = pack();
    pack.checks.content.similarity_rate =
        vec![SimilarityRate { basis: basis(), material: vec![SimilarityReport], below: 25 }];
    pack
}

/// A report with these texts, each at its place (x, y).
fn report(lines: &[(&str, f32, f32)]) -> Packet {
    let mut packet = Packet::default();
    packet.add(Doc::loose(SimilarityReport, 1));
    let line = |(text, x, y): &(&str, f32, f32)| TextLine {
        text: (*text).into(),
        rect: Rect::new(*x, *y, 0.2, 0.02),
        confidence: 0.98,
        chars: vec![],
        vertical: false,
        hand: false,
    };
    packet.page(0).lines = lines.iter().map(line).collect();
    packet
}

fn run(lines: &[(&str, f32, f32)]) -> material_audit::check::CheckResult {
    report(lines).run("similarity-rate", &asks())
}

#[test]
fn clean() {
    passed(&run(&[("总文字复制比：24.9%", 0.1, 0.2), ("单篇最大文字复制比：31.2%", 0.4, 0.2)]));
    passed(&run(&[("总文字复制比：", 0.1, 0.2), ("21.6%", 0.4, 0.201), ("重复字数：562", 0.1, 0.3)]));
    passed(&run(&[("总相似比", 0.1, 0.2), ("3%", 0.12, 0.225), ("自写率：97%", 0.1, 0.3)]));
}

#[test]
fn over_the_limit() {
    let found = defects(run(&[("总文字复制比：31.5%", 0.1, 0.2), ("去除引用文献复制比：28%", 0.1, 0.3)]));
    assert!(found[0].seen.contains("总文字复制比31.5%") && found[0].seen.contains("28%"), "{}", found[0].seen);
    defects(run(&[("查重率 40%", 0.1, 0.2)]));
}

#[test]
fn what_the_notice_leaves_open() {
    review(run(&[("总文字复制比：25.0%", 0.1, 0.2)]), "正好");
    let found = run(&[("总文字复制比：31%", 0.1, 0.2), ("去除本人已发表文献复制比：12%", 0.1, 0.3)]);
    assert!(review(found, "没有写明按哪一个算").seen.contains("12%"));
    review(run(&[("去除引用文献复制比：12%", 0.1, 0.3)]), "没有读到总的比率");
    review(run(&[("说明：总文字复制比为重合字数所占的比例", 0.1, 0.3)]), "没有读到抄袭率");
}

#[test]
fn an_unsure_figure_is_for_review() {
    let mut packet = report(&[("总文字复制比：81.5%", 0.1, 0.2)]);
    packet.page(0).lines[0].confidence = 0.6;
    review(packet.run("similarity-rate", &asks()), "把握不足");
}
