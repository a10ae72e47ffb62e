use material_audit::model::finding::CheckId;
use material_audit::model::geometry::Rect;
use material_audit::model::likeness::Thumb;
use material_audit::model::material::Material;
use material_audit::model::text::TextSource;
use material_audit::pack::rules::RulePack;

use crate::build::*;

fn asked() -> RulePack {
    let mut pack = pack();
    pack.checks.intake = vec![CheckId::ScanQuality];
    pack
}

fn packet() -> Packet {
    let mut packet = Packet::default();
    packet.add(Doc::loose(Material::ReviewForm, 2));
    packet
}

#[test]
fn clean() {
    passed(&packet().run("scan-quality", &asked()));
}

#[test]
fn an_unreadable_scan_is_a_defect() {
    let mut packet = packet();
    packet.page(1).quality.sharpness = 0.01;
    packet.page(1).lines.iter_mut().for_each(|l| l.confidence = 0.3);
    let found = defects(packet.run("scan-quality", &asked()));
    assert_eq!(found[0].place.page, Some(1));
}

#[test]
fn a_soft_scan_matters_only_where_print_was_not_read_surely() {
    let mut packet = packet();
    packet.page(1).quality.sharpness = 0.01;
    passed(&packet.run("scan-quality", &asked()));
    packet.page(1).lines.iter_mut().take(2).for_each(|l| l.confidence = 0.6);
    review(packet.run("scan-quality", &asked()), "图像模糊");
}

/// A soft page of two lines whose ink lies in these of its ten rows.
fn sparse(rows: &[usize]) -> Packet {
    let mut packet = packet();
    let page = packet.page(1);
    page.quality.sharpness = 0.01;
    page.lines.truncate(2);
    let ink: Vec<f32> =
        (0..100).map(|i| if rows.contains(&(i / 10)) && (1..7).contains(&(i % 10)) { 0.3 } else { 0.0 }).collect();
    page.picture = Thumb::of(10, &ink);
    packet
}

#[test]
fn a_soft_sheet_of_two_lines_is_unread_only_where_its_ink_is_elsewhere() {
    // The lines stand in the second and the third row.
    passed(&sparse(&[1, 2]).run("scan-quality", &asked()));
    assert!(defects(sparse(&[1, 5, 7, 8]).run("scan-quality", &asked()))[0].message.contains("无法辨认"));
    // A photographed sheet's shade lies all over it: what of it is ink, nobody knows.
    let mut shaded = sparse(&[]);
    shaded.page(1).picture = Thumb::of(10, &[0.3; 100]);
    review(shaded.run("scan-quality", &asked()), "图像模糊");
    let mut doubtful = sparse(&[1, 2]);
    doubtful.page(1).lines.iter_mut().for_each(|l| l.confidence = 0.7);
    review(doubtful.run("scan-quality", &asked()), "图像模糊");
    let mut bare = sparse(&[1, 2]);
    bare.page(1).lines.clear();
    defects(bare.run("scan-quality", &asked()));
}

#[test]
fn a_coarse_scan_that_was_read_is_for_review() {
    let mut packet = packet();
    packet.page(1).quality.dpi = Some(72);
    review(packet.run("scan-quality", &asked()), "分辨率");
}

#[test]
fn a_line_cut_by_the_edge_is_for_review() {
    let mut packet = packet();
    packet.page(0).quality.cut_sides = 1;
    passed(&packet.run("scan-quality", &asked()));
    packet.page(0).lines[0].rect = Rect::new(0.5, 0.2, 0.499, 0.03);
    review(packet.run("scan-quality", &asked()), "裁切");
}

#[test]
fn blank_pages_photos_and_born_digital_pages_are_exempt() {
    let mut packet = packet();
    *packet.page(0) = blank();
    packet.page(0).quality.contrast = 0.0;
    packet.page(1).source = TextSource::Glyphs;
    packet.page(1).quality.dpi = Some(20);
    let photo = packet.add(Doc::loose(Material::Photo, 1));
    packet.page(photo).quality.dpi = Some(60);
    packet.page(photo).lines.clear();
    passed(&packet.run("scan-quality", &asked()));
}
