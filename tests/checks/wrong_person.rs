use material_audit::model::material::Material::{self, Paper, QualificationCertificate};
use material_audit::model::page::Degraded;
use material_audit::pack::rules::RulePack;
use material_audit::pack::rules::fields::{Named, WrongPerson};

use crate::build::*;
use crate::lines::lines;

fn asks(material: Material, named: Named) -> RulePack {
    let mut pack = pack();
    pack.checks.fields.wrong_person =
        vec![WrongPerson { basis: basis(), material: vec![material], named, category: vec![] }];
    pack
}

/// A document of one page with these lines, handed in by 孙俊杰.
fn packet(material: Material, text: &[&str]) -> Packet {
    let mut packet = Packet::default();
    packet.applicant().name = Some("孙俊杰".into());
    let page = packet.add(Doc::loose(material, 1));
    packet.page(page).lines = lines(text);
    packet
}

fn certificate(text: &[&str]) -> Packet {
    packet(QualificationCertificate, text)
}

fn run(packet: &Packet) -> material_audit::check::CheckResult {
    packet.run("wrong-person", &asks(QualificationCertificate, Named::Holder))
}

#[test]
fn clean() {
    passed(&run(&certificate(&["姓名：孙俊杰", "资格名称：工程师"])));
    passed(&run(&certificate(&["孙俊杰同志（身份证号140311****0795）于2018年度参加培训"])));
    passed(&run(&certificate(&["任职资格证书", "资格名称：工程师"])));
}

#[test]
fn another_persons_certificate() {
    for text in [
        &["姓名：上官珺", "资格名称：工程师"][..],
        &["兹聘任程春霞同志为我单位工程师"],
        &["学生乔泽宇 性别男，一九九三年生，"],
        &["乔泽宇，男，1993年10月14日生。"],
    ] {
        let found = defects(run(&certificate(text)));
        assert!(found[0].message.contains("不是申报人孙俊杰"), "{}", found[0].message);
        assert!(found[0].key.ends_with("/holder"));
    }
}

#[test]
fn one_character_apart_or_a_name_elsewhere_is_for_review() {
    review(run(&certificate(&["姓名：孙俊太"])), "只差一个字");
    let mut two = Packet::default();
    two.applicant().name = Some("孙俊杰".into());
    let first = two.add(Doc::loose(QualificationCertificate, 2));
    two.page(first).lines = lines(&["姓名：程春霞"]);
    two.page(first + 1).lines = lines(&["孙俊杰"]);
    review(run(&two), "其他地方");
}

#[test]
fn what_is_not_sure_is_no_defect() {
    let mut faint = certificate(&["姓名：程春霞"]);
    faint.page(0).lines[0].confidence = 0.7;
    review(run(&faint), "未能可靠识别");
    let mut hand = certificate(&["姓名：程春霞"]);
    hand.page(0).lines[0].hand = true;
    review(run(&hand), "手写");
    let mut covered = certificate(&["姓名：程春霞"]);
    covered.page(0).seals.push(seal(0.1, 0.05));
    review(run(&covered), "未能可靠识别");
    let mut unsure = certificate(&["姓名：程春霞"]);
    unsure.facts.spans[0].confidence = 0.5;
    review(run(&unsure), "不符");
    let mut part = certificate(&["姓名：程春霞"]);
    part.page(0).quality.degraded.push(Degraded::ImageTruncated("x".into()));
    review(run(&part), "不符");
}

#[test]
fn colleagues_fragments_and_a_former_name_are_not_held_against_anyone() {
    passed(&run(&certificate(&["姓名：孙俊杰", "部门负责人签字：陈国栋", "程春霞同志："])));
    passed(&run(&certificate(&["持证人：孙俊", "发证机关：某市人社局"])));
    let mut renamed = certificate(&["姓名：孙小杰人"]);
    passed(&run(&renamed));
    renamed.page(0).lines = lines(&["姓名：程春霞"]);
    let form = renamed.add(Doc::loose(Material::ReviewForm, 1));
    renamed.page(form).lines = lines(&["曾用名 程春霞"]);
    let label = &mut renamed.page(form).lines;
    let mut value = label[0].clone();
    label[0].text = "曾用名".into();
    value.text = "程春霞".into();
    value.rect.x += 0.3;
    label.push(value);
    passed(&run(&renamed));
}

#[test]
fn a_paper_need_only_name_the_applicant_among_others() {
    let among = asks(Paper, Named::Among);
    passed(&packet(Paper, &["论文题目", "程春霞 孙俊杰 乔泽宇"]).run("wrong-person", &among));
    passed(&packet(Paper, &["计算机软件著作权登记证书", "著作权人：某某公司"]).run("wrong-person", &among));
    review(
        packet(Paper, &["实用新型专利证书", "发明人：程春霞；乔泽宇"]).run("wrong-person", &among),
        "没有找到申报人",
    );
}

#[test]
fn the_first_author() {
    let first = asks(Paper, Named::First);
    passed(&packet(Paper, &["论文题目", "孙俊杰 乔泽宇"]).run("wrong-person", &first));
    passed(&packet(Paper, &["论文题目", "孙俊杰"]).run("wrong-person", &first));
    review(packet(Paper, &["论文题目", "乔泽宇 孙俊杰"]).run("wrong-person", &first), "第一作者");
    let with_unit = |authors: &str| packet(Paper, &["论文题目", authors]).run("wrong-person", &first);
    review(with_unit("乔泽宇 孙俊杰（某某县煤机修造有限公司）"), "第一作者");
    review(with_unit("乔泽宇1，孙俊杰2 (1.某某公司；2.某某局"), "第一作者");
    passed(&with_unit("孙俊杰 乔泽宇（某某县煤机修造有限公司）"));
    let mut journal = Packet::default();
    journal.add(Doc { pages: 2, ..Doc::loose(Paper, 2) });
    journal.page(0).lines = lines(&["目录", "论文题目 孙俊杰 55"]);
    journal.page(1).lines = lines(&["论文题目", "乔泽宇 孙俊杰"]);
    journal.applicant().name = Some("孙俊杰".into());
    review(journal.run("wrong-person", &first), "第一作者");
}

#[test]
fn without_a_known_name_nothing_is_said() {
    let mut packet = certificate(&["姓名：程春霞"]);
    packet.applicant().name = None;
    passed(&run(&packet));
}

#[test]
fn one_character_apart_that_looks_nothing_like_the_other_is_another_name() {
    let found = defects(run(&certificate(&["姓名：孙俊强"])));
    assert!(found[0].message.contains("孙俊强"), "{}", found[0].message);
    let mut unsure = certificate(&["姓名：孙俊强"]);
    unsure.page(0).lines[0].confidence = 0.9;
    review(run(&unsure), "只差一个字");
    passed(&run(&certificate(&["姓名：孙俊强", "学生孙俊杰，男，"])));
}
