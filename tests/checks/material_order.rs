use material_audit::model::finding::{Severity, Verdict};
use material_audit::model::material::Material::{self, *};
use material_audit::pack::rules::{MaterialOrder, RulePack, Volume};

use crate::build::*;

fn asks() -> RulePack {
    let mut pack = pack();
    pack.checks.material_order =
        vec![MaterialOrder { basis: basis(), volume: 0, inside: Severity::Advise, inside_verdict: Verdict::Defect }];
    pack
}

/// Bound documents in this order, as (material, category, pages).
fn bound(documents: &[(Material, usize, usize)]) -> Packet {
    let mut packet = Packet::default();
    for (material, category, pages) in documents {
        packet.add(Doc::bound(*material, *category, *pages));
    }
    packet
}

#[test]
fn clean() {
    let packet = bound(&[
        (Other, 0, 1),
        (Catalogue, 0, 1),
        (EducationCertificate, 0, 1),
        (DegreeCertificate, 0, 1),
        (QualificationCertificate, 0, 1),
        (PerformanceMaterial, 1, 7),
        (Paper, 2, 5),
        (PaperIndexPage, 2, 1),
    ]);
    passed(&packet.run("material-order", &asks()));
}

#[test]
fn of_two_swapped_categories_the_lighter_moves() {
    let packet =
        bound(&[(EducationCertificate, 0, 1), (Paper, 2, 2), (TechnicalReport, 2, 1), (PerformanceMaterial, 1, 7)]);
    let found = defects(packet.run("material-order", &asks()));
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].place.page, found[0].severity), (Some(1), Severity::Correct));
    assert!(
        found[0].suggestion.contains("论文、技术报告（《评审材料.pdf》第2—4页）移到工作业绩材料"),
        "{}",
        found[0].suggestion
    );
    assert!(found[0].suggestion.ends_with("之后。"), "{}", found[0].suggestion);
}

#[test]
fn an_order_broken_inside_a_category_weighs_what_the_pack_says() {
    let packet = bound(&[(EducationCertificate, 0, 2), (QualificationCertificate, 0, 2), (DegreeCertificate, 0, 1)]);
    let found = defects(packet.run("material-order", &asks()));
    assert_eq!((found.len(), found[0].material), (1, Some(DegreeCertificate)));
    assert_eq!(found[0].severity, Severity::Advise);
    assert!(found[0].suggestion.contains("移到毕业证书"), "{}", found[0].suggestion);
    let mut pack = asks();
    pack.checks.material_order[0].inside_verdict = Verdict::Review;
    review(packet.run("material-order", &pack), "规定顺序");
}

#[test]
fn a_catalogue_behind_goes_to_the_front() {
    let packet = bound(&[(EducationCertificate, 0, 1), (DegreeCertificate, 0, 1), (Catalogue, 0, 1)]);
    let found = defects(packet.run("material-order", &asks()));
    assert!(found[0].suggestion.contains("移到毕业证书（《评审材料.pdf》第1页）之前"), "{}", found[0].suggestion);
}

#[test]
fn papers_each_with_its_index_page_are_in_order() {
    let packet = bound(&[
        (Paper, 2, 5),
        (PaperIndexPage, 2, 1),
        (Paper, 2, 5),
        (PaperIndexPage, 2, 1),
        (Paper, 2, 4),
        (TechnicalReport, 2, 2),
    ]);
    passed(&packet.run("material-order", &asks()));
    let packet = bound(&[(Paper, 2, 5), (PaperIndexPage, 2, 1), (Paper, 2, 5), (PaperIndexPage, 2, 1)]);
    passed(&packet.run("material-order", &asks()));
}

#[test]
fn two_sets_of_certificates_are_in_order() {
    let set = [(EducationCertificate, 0, 1), (DegreeCertificate, 0, 1), (QualificationCertificate, 0, 1)];
    passed(&bound(&[set, set].concat()).run("material-order", &asks()));
}

#[test]
fn a_repeated_material_far_from_its_place_is_still_moved() {
    let packet = bound(&[
        (EducationCertificate, 0, 1),
        (DegreeCertificate, 0, 1),
        (QualificationCertificate, 0, 1),
        (EducationCertificate, 0, 1),
        (PerformanceMaterial, 1, 3),
    ]);
    let found = defects(packet.run("material-order", &asks()));
    assert_eq!((found.len(), found[0].place.page), (1, Some(3)));
}

#[test]
fn unsure_pages_are_for_review() {
    let mut packet = bound(&[(EducationCertificate, 0, 1), (PerformanceMaterial, 1, 3)]);
    packet.add(Doc { confidence: 0.4, ..Doc::bound(DegreeCertificate, 0, 1) });
    review(packet.run("material-order", &asks()), "把握不足");
    let mut packet = bound(&[(EducationCertificate, 0, 1), (PerformanceMaterial, 1, 3)]);
    packet.add(Doc { titled: false, ..Doc::bound(DegreeCertificate, 0, 1) });
    review(packet.run("material-order", &asks()), "把握不足");
}

#[test]
fn the_order_of_files_is_not_the_order_of_binding() {
    let mut packet = Packet::default();
    packet.add(Doc { file: "1.pdf", ..Doc::bound(PerformanceMaterial, 1, 3) });
    packet.add(Doc { file: "2.pdf", ..Doc::bound(EducationCertificate, 0, 1) });
    review(packet.run("material-order", &asks()), "不在同一个文件");
}

#[test]
fn loose_and_unplaced_materials_do_not_count() {
    let mut packet =
        bound(&[(WorkSummary, 0, 2), (EducationCertificate, 0, 1), (Other, 1, 2), (PerformanceMaterial, 1, 3)]);
    packet.add(Doc::loose(DegreeCertificate, 1));
    passed(&packet.run("material-order", &asks()));
}

/// A second volume for papers and reports.
fn two_volumes() -> RulePack {
    let mut pack = asks();
    pack.volumes.push(Volume { name: "第二册".into(), titles: vec!["第二册".into()] });
    pack.categories[2].volume = 1;
    for entry in pack.materials.iter_mut().filter(|e| e.category == Some(2)) {
        entry.volume = Some(1);
    }
    pack
}

#[test]
fn the_only_paper_in_the_wrong_volume_belongs_to_the_other() {
    let pack = two_volumes();
    let packet = bound(&[(EducationCertificate, 0, 1), (PerformanceMaterial, 1, 2), (Paper, 2, 4)]);
    let found = defects(packet.run("material-order", &pack));
    assert_eq!((found.len(), found[0].material, found[0].severity), (1, Some(Paper), Severity::Correct));
    assert!(found[0].suggestion.contains("从“评审材料”移到“第二册”"), "{}", found[0].suggestion);
}

#[test]
fn a_second_one_or_an_unsure_one_is_not_held_to_be_misplaced() {
    let pack = two_volumes();
    let mut packet = bound(&[(EducationCertificate, 0, 1), (Paper, 2, 4)]);
    packet.facts.spans[1].titled = false;
    passed(&packet.run("material-order", &pack));
    packet.facts.spans[1].titled = true;
    packet.add(Doc { volume: Some(1), ..Doc::bound(Paper, 2, 3) });
    passed(&packet.run("material-order", &pack));
}
