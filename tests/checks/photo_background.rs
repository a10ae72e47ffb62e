use material_audit::model::marks::{Background, PhotoColour, PhotoKind};
use material_audit::model::material::Material::Photo;
use material_audit::model::page::ColourMode;
use material_audit::pack::rules::{PhotoBackground, RulePack};

use crate::build::*;

fn asks() -> RulePack {
    let mut pack = pack();
    pack.checks.photo_background =
        vec![PhotoBackground { basis: basis(), material: Photo, place: None, background: Background::Red }];
    pack
}

fn loose(background: Background) -> Packet {
    let mut packet = Packet::default();
    packet.add(Doc::loose(Photo, 1));
    packet.page(0).photos = vec![photo(0.0, 0.0)];
    packet.page(0).photos[0].background = background;
    packet
}

#[test]
fn clean() {
    passed(&loose(Background::Red).run("photo-background", &asks()));
    passed(&Packet::default().run("photo-background", &asks()));
    let mut packet = loose(Background::Red);
    packet.page(0).photos[0].kind = PhotoKind::Picture;
    passed(&packet.run("photo-background", &asks()));
}

#[test]
fn another_colour_is_a_defect() {
    for background in [Background::Blue, Background::White] {
        defects(loose(background).run("photo-background", &asks()));
    }
}

#[test]
fn what_cannot_be_told_is_for_review() {
    review(loose(Background::Other).run("photo-background", &asks()), "看不出");
    let mut packet = loose(Background::Blue);
    packet.page(0).quality.colour = ColourMode::Grey;
    packet.page(0).photos[0].colour = PhotoColour::Unknown;
    review(packet.run("photo-background", &asks()), "没有颜色");
    let mut packet = loose(Background::Blue);
    packet.page(0).photos.clear();
    review(packet.run("photo-background", &asks()), "没有在该文件中认出");
}
