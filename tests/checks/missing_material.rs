use material_audit::check::CheckResult;
use material_audit::model::likeness::Thumb;
use material_audit::model::material::Material;
use material_audit::model::material::Material::*;
use material_audit::model::packet::{Employer, Level, UnreadableFile};
use material_audit::model::page::{Degraded, Unreadable};
use material_audit::pack::rules::{MissingMaterial, RulePack, Volume};

use crate::build::*;
use crate::lines::lines;

fn rule(any_of: &[Material]) -> MissingMaterial {
    MissingMaterial { basis: basis(), any_of: any_of.to_vec(), count: 1, category: None, volume: None, headed: vec![] }
}

fn asks(rule: MissingMaterial) -> RulePack {
    let mut pack = pack();
    pack.checks.missing_material = vec![rule];
    pack
}

fn packet() -> Packet {
    let mut packet = Packet::default();
    packet.add(Doc::loose(ReviewForm, 3));
    packet.add(Doc::bound(EducationCertificate, 0, 1));
    packet
}

fn run(packet: &Packet, pack: &RulePack) -> CheckResult {
    packet.run("missing-material", pack)
}

#[test]
fn clean() {
    passed(&run(&packet(), &asks(rule(&[ReviewForm]))));
    passed(&run(&packet(), &asks(rule(&[DegreeCertificate, EducationCertificate]))));
}

#[test]
fn absent_is_a_defect_of_the_packet() {
    let found = defects(run(&packet(), &asks(rule(&[WorkSummary]))));
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].place.page, found[0].material), (None, Some(WorkSummary)));
    assert!(found[0].message.contains("专业工作总结"), "the pack's own name: {}", found[0].message);
}

#[test]
fn a_condition_that_fails_passes_and_an_unknown_one_is_for_review() {
    let mut asked = rule(&[WorkSummary]);
    asked.basis.when.employer = vec![Employer::Private];
    asked.basis.when.level = vec![Level::Engineer];
    let pack = asks(asked);
    let mut packet = packet();
    review(run(&packet, &pack), "未知");
    packet.applicant().employer = Some(Employer::PublicInstitution);
    passed(&run(&packet, &pack));
    packet.applicant().employer = Some(Employer::Private);
    review(run(&packet, &pack), "申报级别未知");
    packet.applicant().level = Some(Level::Engineer);
    defects(run(&packet, &pack));
}

#[test]
fn what_was_not_read_may_hold_it() {
    let pack = asks(rule(&[WorkSummary]));
    let mut with_file = packet();
    with_file.facts.unreadable.push(UnreadableFile { file: "总结.pdf".into(), reason: Unreadable::Encrypted });
    review(run(&with_file, &pack), "总结.pdf");
    let mut with_page = packet();
    with_page.facts.pages[2].facts = Err(Unreadable::TimedOut);
    assert_eq!(review(run(&with_page, &pack), "未能读出").place.page, Some(2));
}

#[test]
fn an_unclassified_page_that_could_be_it_is_for_review() {
    let pack = asks(rule(&[WorkSummary]));
    let mut guessed = packet();
    let page = guessed.add(Doc::loose(Other, 1));
    passed(&run(&packet(), &asks(rule(&[ReviewForm]))));
    defects(run(&guessed, &pack));
    guessed.facts.spans[2].guesses = vec![WorkReport, WorkSummary];
    assert_eq!(review(run(&guessed, &pack), "未能确定").place.page, Some(page));
    let mut mute = packet();
    let page = mute.add(Doc::loose(Other, 1));
    mute.page(page).lines.clear();
    review(run(&mute, &pack), "未能读出");
    *mute.page(page) = blank();
    defects(run(&mute, &pack));
    let mut unsure = packet();
    unsure.add(Doc { confidence: 0.2, ..Doc::loose(WorkSummary, 2) });
    review(run(&unsure, &pack), "把握不足");
}

#[test]
fn a_sheet_of_few_lines_was_read_where_its_ink_is_theirs() {
    let pack = asks(rule(&[WorkSummary]));
    // A divider with a heading and one entry, in the second and the third of its ten rows.
    let sheet = |rows: &[usize]| {
        let mut packet = packet();
        let page = packet.add(Doc { titled: false, ..Doc::loose(Other, 1) });
        packet.page(page).lines.truncate(2);
        let inked = |i: usize| rows.contains(&(i / 10)) && (1..7).contains(&(i % 10));
        let ink: Vec<f32> = (0..100).map(|i| if inked(i) { 0.3 } else { 0.0 }).collect();
        packet.page(page).picture = Thumb::of(10, &ink);
        packet
    };
    defects(run(&sheet(&[1, 2]), &pack));
    review(run(&sheet(&[1, 2, 6, 7]), &pack), "未能读出");
    let mut doubtful = sheet(&[1, 2]);
    doubtful.page(4).lines[1].confidence = 0.6;
    review(run(&doubtful, &pack), "未能读出");
    // Known by its title for a divider it is no material, however little stands on it.
    let mut divider = sheet(&[1, 2, 6, 7]);
    divider.facts.spans[2].titled = true;
    defects(run(&divider, &pack));
}

#[test]
fn fewer_than_asked_is_for_review_none_is_a_defect() {
    let pack = asks(MissingMaterial { count: 2, ..rule(&[TechnicalReport]) });
    let mut packet = packet();
    defects(run(&packet, &pack));
    packet.add(Doc::bound(TechnicalReport, 2, 3));
    review(run(&packet, &pack), "要求2份");
    packet.add(Doc::bound(TechnicalReport, 2, 3));
    passed(&run(&packet, &pack));
}

#[test]
fn elsewhere_in_the_volume_is_a_matter_of_order() {
    let pack = asks(MissingMaterial { category: Some(0), volume: Some(Some(0)), ..rule(&[Paper]) });
    let mut packet = packet();
    packet.add(Doc::bound(Paper, 2, 4));
    passed(&run(&packet, &pack));
}

#[test]
fn bound_where_loose_is_asked_passes_and_loose_where_bound_is_asked_is_for_review() {
    let mut packet = packet();
    packet.add(Doc::bound(WorkSummary, 0, 2));
    passed(&run(&packet, &asks(MissingMaterial { volume: Some(None), ..rule(&[WorkSummary]) })));
    packet.add(Doc::loose(DegreeCertificate, 1));
    let bound = asks(MissingMaterial { volume: Some(Some(0)), ..rule(&[DegreeCertificate]) });
    review(run(&packet, &bound), "未见装订在“评审材料”内");
}

#[test]
fn one_document_does_not_answer_two_categories() {
    let mut pack = pack();
    let in_category = |c| MissingMaterial { category: Some(c), ..rule(&[PerformanceMaterial]) };
    pack.checks.missing_material = vec![in_category(1), in_category(2)];
    let mut packet = packet();
    packet.add(Doc::bound(PerformanceMaterial, 1, 3));
    let results = packet.run_all_of("missing-material", &pack);
    passed(&results[0]);
    review(results[1].clone(), "“第三”中未见");
}

#[test]
fn two_clauses_for_one_thing_complain_once() {
    let mut pack = pack();
    pack.checks.missing_material = vec![rule(&[WorkSummary]), rule(&[WorkSummary])];
    let results = packet().run_all_of("missing-material", &pack);
    assert_eq!(results[1], CheckResult::Defects(vec![]));
    assert_eq!(defects(results[0].clone()).len(), 1);
}

#[test]
fn a_packet_without_a_readable_page_is_one_review() {
    let mut pack = pack();
    pack.checks.missing_material = vec![rule(&[WorkSummary]), rule(&[ReviewForm]), rule(&[Paper])];
    let results = Packet::default().run_all_of("missing-material", &pack);
    assert_eq!(results.len(), 1);
    review(results[0].clone(), "没有一页");
}

/// Two volumes, each to have a 目录 of its own.
fn two_volumes() -> RulePack {
    let mut pack = pack();
    pack.volumes.push(Volume { name: "第二册".into(), titles: vec!["第二册".into()] });
    pack.materials.push(entry(Catalogue, "第二册目录", Some(1), None));
    let asked = |v| MissingMaterial { volume: Some(Some(v)), ..rule(&[Catalogue]) };
    pack.checks.missing_material = vec![asked(0), asked(1)];
    pack
}

#[test]
fn the_catalogue_of_one_volume_is_not_that_of_another() {
    let pack = two_volumes();
    let mut packet = Packet::default();
    packet.add(Doc::bound(Catalogue, 0, 1));
    packet.add(Doc::bound(EducationCertificate, 0, 1));
    let results = packet.run_all_of("missing-material", &pack);
    assert_eq!(results, [CheckResult::Passed, CheckResult::Passed], "there is no second volume");
    packet.add(Doc { volume: Some(1), ..Doc::bound(PerformanceMaterial, 1, 3) });
    let mut results = packet.run_all_of("missing-material", &pack);
    let found = defects(results.remove(1));
    passed(&results[0]);
    assert!(found[0].message.contains("“第二册”中缺少第二册目录"), "{}", found[0].message);
    let second = packet.add(Doc { volume: Some(1), ..Doc::bound(Catalogue, 1, 1) });
    assert!(packet.run_all_of("missing-material", &pack).iter().all(|r| *r == CheckResult::Passed));
    packet.facts.spans.retain(|s| s.material != Catalogue);
    let both: Vec<String> = packet
        .run_all_of("missing-material", &pack)
        .into_iter()
        .flat_map(|r| defects(r).into_iter().map(|f| f.key))
        .collect();
    assert_eq!(both.len(), 2, "one complaint for each volume");
    assert!(both[0] != both[1] && second > 0);
}

#[test]
fn what_a_title_surely_says_is_no_guess() {
    let mut packet = packet();
    packet.facts.spans[0].guesses = vec![WorkSummary];
    defects(run(&packet, &asks(rule(&[WorkSummary]))));
    packet.facts.spans[0].confidence = 0.5;
    review(run(&packet, &asks(rule(&[WorkSummary]))), "可能就是它");
}

#[test]
fn one_of_a_kind_is_known_by_its_heading() {
    let pack = asks(MissingMaterial {
        headed: vec!["公示说明".into(), "证明".into()],
        ..rule(&[Material::PublicityProof])
    });
    let of = |texts: &[&str]| {
        let mut packet = Packet::default();
        packet.add(Doc::loose(Material::PublicityProof, 1));
        packet.page(0).lines = lines(texts);
        packet
    };
    passed(&run(&of(&["关于公示情况的证明", "公示无异议。"]), &pack));
    let table = of(&[
        "“三公示”结果报告表",
        "在公示期间没有收到任何异议，特出具本表，供评审委员会证明之用，并由单位负责人签字盖章。",
    ]);
    assert!(defects(run(&table, &pack))[0].message.contains("缺少公示说明"));
    let mut two = of(&["“三公示”结果报告表"]);
    two.add(Doc::loose(Material::PublicityProof, 1));
    review(run(&two, &pack), "不是通常的写法");
    let mut cut = table;
    cut.page(0).quality.degraded.push(Degraded::ImageTruncated("DCTDecode".into()));
    passed(&run(&cut, &pack));
}
