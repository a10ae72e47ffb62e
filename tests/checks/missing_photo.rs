use material_audit::model::geometry::Rect;
use material_audit::model::material::Material::ReviewForm;
use material_audit::model::page::ColourMode;
use material_audit::pack::rules::{PhotoRule, RulePack};

use crate::build::*;

const BOX: Rect = Rect::new(0.7, 0.1, 0.15, 0.15);

fn asks() -> RulePack {
    let mut pack = pack();
    pack.checks.missing_photo = vec![PhotoRule { basis: basis(), material: ReviewForm, place: "photo".into() }];
    pack
}

fn form() -> Packet {
    let mut packet = Packet::default();
    packet.add(Doc::loose(ReviewForm, 3));
    packet.place("photo", 1, BOX);
    packet
}

#[test]
fn clean() {
    let mut packet = form();
    packet.page(1).photos = vec![photo(0.71, 0.11)];
    passed(&packet.run("missing-photo", &asks()));
}

#[test]
fn an_empty_box_is_a_defect_also_on_a_grey_scan() {
    let mut packet = form();
    let found = defects(packet.run("missing-photo", &asks()));
    assert_eq!(found[0].place.rect, Some(BOX));
    packet.page(1).quality.colour = ColourMode::Grey;
    defects(packet.run("missing-photo", &asks()));
}

#[test]
fn a_bilevel_scan_or_a_doubtful_picture_is_for_review() {
    let mut packet = form();
    packet.page(1).quality.colour = ColourMode::Bilevel;
    review(packet.run("missing-photo", &asks()), "黑白扫描");
    let mut packet = form();
    packet.page(1).photos = vec![photo(0.71, 0.11)];
    packet.page(1).photos[0].confidence = 0.4;
    review(packet.run("missing-photo", &asks()), "不能确定是照片");
}

#[test]
fn a_portrait_beside_a_misplaced_or_unfound_box_passes() {
    let mut packet = form();
    packet.page(1).photos = vec![photo(0.2, 0.6)];
    passed(&packet.run("missing-photo", &asks()));
    packet.facts.places.clear();
    passed(&packet.run("missing-photo", &asks()));
    packet.page(1).photos.clear();
    review(packet.run("missing-photo", &asks()), "没有找到相片栏");
}
