use material_audit::check::shared_page::{SharedFinding, across, keep};
use material_audit::model::finding::{CheckId, Verdict};
use material_audit::model::geometry::Rect;
use material_audit::model::likeness::PacketPrint;
use material_audit::model::material::Material;
use material_audit::model::text::TextLine;
use material_audit::pack::rules::RulePack;

use crate::build::*;

fn asked() -> RulePack {
    let mut pack = pack();
    pack.checks.intake = vec![CheckId::SharedPage];
    pack
}

/// A packet with one document of one page.
fn packet(folder: &str, name: &str, material: Material, lines: &[&str], pixels: char) -> PacketPrint {
    let mut packet = Packet::default();
    packet.add(Doc::bound(material, 0, 1));
    packet.facts.folder = folder.into();
    packet.applicant().name = Some(name.into());
    packet.page(0).fingerprint = String::from(pixels).repeat(64);
    packet.page(0).lines = lines
        .iter()
        .enumerate()
        .map(|(n, text)| TextLine {
            text: (*text).into(),
            rect: Rect::new(0.1, 0.1 + 0.05 * n as f32, 0.6, 0.03),
            confidence: 0.97,
            chars: vec![],
            vertical: false,
            hand: false,
        })
        .collect();
    keep(&packet.facts, &asked())
}

const OF_QIAO: [&str; 4] = [
    "专业技术职务任职资格证书",
    "姓名乔楚一性别男出生年月1988年07月工作单位太行数据技术研究所",
    "经太行市工程系列中级评审委员会评审，具备工程师任职资格，批准时间2015年12月",
    "证书编号1403201588120457发证机关太行市人力资源和社会保障局",
];
const OF_LIAN: [&str; 4] = [
    "专业技术职务任职资格证书",
    "姓名廉若溪性别女出生年月1990年11月工作单位太行数据技术研究所",
    "经太行市工程系列中级评审委员会评审，具备工程师任职资格，批准时间2018年12月",
    "证书编号1403201890110032发证机关太行市人力资源和社会保障局",
];

fn found(packets: &[PacketPrint]) -> Vec<SharedFinding> {
    across(&packets.iter().collect::<Vec<_>>())
}

fn certificates(second: &[&str], pixels: char) -> Vec<SharedFinding> {
    let material = Material::QualificationCertificate;
    found(&[
        packet("01_乔楚一", "乔楚一", material, &OF_QIAO, 'a'),
        packet("02_廉若溪", "廉若溪", material, second, pixels),
    ])
}

#[test]
fn two_certificates_of_one_form_are_clean() {
    assert_eq!(certificates(&OF_LIAN, 'b'), []);
}

#[test]
fn anothers_certificate_is_a_defect_there_and_a_review_here() {
    // The same scan, and another scan of the same sheet with a character misread.
    let misread = OF_QIAO.map(|l| l.replace("评审，具备", "评宙，具备"));
    for (lines, pixels) in [(OF_QIAO.to_vec(), 'a'), (misread.iter().map(String::as_str).collect(), 'b')] {
        let findings = certificates(&lines, pixels);
        assert_eq!(findings.len(), 2);
        let (owner, other) = (&findings[0], &findings[1]);
        assert_eq!((owner.packet, owner.finding.verdict), (0, Verdict::Review));
        assert_eq!((other.packet, other.finding.verdict), (1, Verdict::Defect));
        assert!(other.finding.message.contains("01_乔楚一") && other.finding.message.contains("《评审材料.pdf》第1页"));
        assert!(owner.finding.message.contains("02_廉若溪"));
        assert_eq!(other.finding.key, "qualification-certificate:01_乔楚一");
    }
}

#[test]
fn a_name_that_may_be_misread_is_left_to_a_person() {
    let mut lines = OF_QIAO.to_vec();
    let two = "姓名乔楚一性别男出生年月1988年07月工作单位太行数据技术研究所廉苦溪";
    lines[1] = two;
    let findings = certificates(&lines, 'b');
    assert!(findings.len() == 2 && findings.iter().all(|f| f.finding.verdict == Verdict::Review), "{findings:?}");
}

const AWARD: [&str; 3] = [
    "太行市科学技术进步奖证书项目名称城市大数据平台建设奖励等级二等奖2019年12月",
    "完成人员乔楚一廉若溪证书号2019-2-034",
    "为表彰在促进科学技术进步工作中做出重大贡献者特颁发此证书",
];

#[test]
fn joint_work_is_clean_and_work_that_names_one_is_left_to_a_person() {
    let shared = |lines: &[&str]| {
        let material = Material::PerformanceMaterial;
        found(&[packet("1", "乔楚一", material, lines, 'a'), packet("2", "廉若溪", material, lines, 'a')])
    };
    assert_eq!(shared(&AWARD), []);
    let mut alone = AWARD;
    alone[1] = "完成人员乔楚一丰之远证书号2019-2-034";
    let findings = shared(&alone);
    assert!(findings.len() == 2 && findings.iter().all(|f| f.finding.verdict == Verdict::Review));
}

#[test]
fn one_number_in_two_names_is_left_to_a_person() {
    let mut forged = OF_QIAO;
    forged[1] = "姓名廉若溪性别女出生年月1990年11月工作单位太行数据技术研究所";
    let findings = certificates(&forged, 'b');
    assert!(findings.iter().all(|f| f.finding.verdict == Verdict::Review && f.finding.message.contains("编号相同")));
    assert_eq!(findings.len(), 2);
}

#[test]
fn forms_that_name_nobody_and_shared_notices_are_clean() {
    let empty = ["专业技术职务任职资格证书", "填写说明本证书由评审机构填写请妥善保管不得涂改转借他人使用2015年版1403"];
    let pack = |m, pixels| found(&[packet("1", "乔楚一", m, &empty, 'a'), packet("2", "廉若溪", m, &empty, pixels)]);
    assert_eq!(pack(Material::QualificationCertificate, 'b'), []);
    assert_eq!(pack(Material::RecommendationReport, 'a'), []);
    assert_eq!(pack(Material::QualificationCertificate, 'a').len(), 2, "one scan in two packets");
}

#[test]
fn two_packets_of_one_applicant_are_clean() {
    let material = Material::QualificationCertificate;
    let twice = [packet("1", "乔楚一", material, &OF_QIAO, 'a'), packet("1补", "乔楚一", material, &OF_QIAO, 'a')];
    assert_eq!(found(&twice), []);
}

#[test]
fn a_pack_that_does_not_ask_keeps_nothing() {
    let mut built = Packet::default();
    built.add(Doc::bound(Material::QualificationCertificate, 0, 1));
    assert_eq!(keep(&built.facts, &pack()), PacketPrint::default());
}
