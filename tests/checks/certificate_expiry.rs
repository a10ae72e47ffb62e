use jiff::civil::date;
use material_audit::check::CheckResult;
use material_audit::model::geometry::Rect;
use material_audit::model::material::Material::EducationVerification;
use material_audit::model::text::TextLine;
use material_audit::pack::rules::RulePack;
use material_audit::pack::rules::periods::CertificateExpiry;

use crate::build::*;

fn asks() -> RulePack {
    let mut pack = pack();
    pack.materials.push(entry(EducationVerification, "学历电子注册备案表", None, None));
    pack.checks.periods.expiry = vec![CertificateExpiry {
        basis: basis(),
        material: vec![EducationVerification],
        closes: date(2024, 11, 30),
        months: 3,
    }];
    pack
}

fn report(lines: &[&str]) -> Packet {
    let mut packet = Packet::default();
    packet.add(Doc::loose(EducationVerification, 1));
    let line = |(n, text): (usize, &&str)| TextLine {
        text: (*text).into(),
        rect: Rect::new(0.15, 0.1 + 0.04 * n as f32, 0.6, 0.02),
        confidence: 0.97,
        chars: vec![],
        vertical: false,
        hand: false,
    };
    packet.page(0).lines = lines.iter().enumerate().map(line).collect();
    packet
}

fn run(packet: &Packet) -> CheckResult {
    packet.run("certificate-expiry", &asks())
}

#[test]
fn clean() {
    passed(&run(&report(&["更新日期：2024年8月8日", "报告有效期至：2025年6月8日"])));
    passed(&run(&report(&["验证有效期：2024年09月08日至2025年06月05日"])));
    passed(&run(&report(&["有效期 2025-03-01"])));
    passed(&run(&report(&["更新日期: 2024年9月10日", "有效期：6个月"])));
    passed(&run(&report(&["学历认证报告", "经查证，该学历真实"])));
    passed(&run(&report(&["说明：备案表内容标注信息在有效期内可在线验证"])));
    passed(&Packet::default().run("certificate-expiry", &asks()));
}

#[test]
fn expired_before_the_closing_day() {
    for lines in [
        &["有效期至2024年11月29日"][..],
        &["验证有效期：2024年5月1日至2024年11月1日"],
        &["更新日期：2024年8月1日", "有效期：3个月"],
    ] {
        let found = defects(run(&report(lines)));
        assert!(found[0].message.contains("已经过期"), "{}", found[0].message);
    }
}

#[test]
fn soon_after_or_unread_is_for_review() {
    review(run(&report(&["有效期至：2024年11月30日"])), "不足3个月");
    review(run(&report(&["有效期至：2025年2月28日"])), "不足3个月");
    passed(&run(&report(&["有效期至：2025年3月1日"])));
    review(run(&report(&["报告有效期至："])), "没有读出");
    let mut packet = report(&["有效期至2024年6月1日"]);
    packet.page(0).seals = vec![seal(0.3, 0.05)];
    review(run(&packet), "已经过期");
}
