use material_audit::model::geometry::Rect;
use material_audit::model::marks::PhotoColour;
use material_audit::model::material::Material::ReviewForm;
use material_audit::model::page::ColourMode;
use material_audit::pack::rules::{PhotoRule, RulePack};

use crate::build::*;

fn asks() -> RulePack {
    let mut pack = pack();
    pack.checks.photo_not_colour = vec![PhotoRule { basis: basis(), material: ReviewForm, place: "photo".into() }];
    pack
}

fn form(colour: PhotoColour) -> Packet {
    let mut packet = Packet::default();
    packet.add(Doc::loose(ReviewForm, 2));
    packet.place("photo", 1, Rect::new(0.7, 0.1, 0.15, 0.15));
    packet.page(1).photos = vec![photo(0.71, 0.11)];
    packet.page(1).photos[0].colour = colour;
    packet
}

#[test]
fn clean() {
    passed(&form(PhotoColour::Colour).run("photo-not-colour", &asks()));
}

#[test]
fn a_grey_photo_on_a_colour_scan_is_a_defect() {
    assert_eq!(defects(form(PhotoColour::Mono).run("photo-not-colour", &asks()))[0].place.page, Some(1));
}

#[test]
fn on_a_colourless_scan_nobody_can_tell() {
    for (mode, reason) in [(ColourMode::Grey, "灰度"), (ColourMode::Bilevel, "黑白扫描")] {
        let mut packet = form(PhotoColour::Unknown);
        packet.page(1).quality.colour = mode;
        review(packet.run("photo-not-colour", &asks()), reason);
    }
    let mut packet = form(PhotoColour::Mono);
    packet.page(1).photos[0].confidence = 0.4;
    review(packet.run("photo-not-colour", &asks()), "不能确定");
}

#[test]
fn no_photo_is_another_checks_matter() {
    let mut packet = form(PhotoColour::Mono);
    packet.page(1).photos.clear();
    passed(&packet.run("photo-not-colour", &asks()));
}
