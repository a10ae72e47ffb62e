//! `photo-file` over facts.

use material_audit::check::CheckResult;
use material_audit::model::geometry::Rect;
use material_audit::model::marks::StoredFile;
use material_audit::model::material::Material;
use material_audit::model::page::PageSize;
use material_audit::pack::rules::RulePack;
use material_audit::pack::rules::marks::PhotoFile;

use crate::build::*;

fn asks(print_mm: Option<(u16, u16)>) -> RulePack {
    let file = print_mm.is_none();
    let mut pack = pack();
    pack.checks.marks.photo_file = vec![PhotoFile {
        basis: basis(),
        material: vec![Material::Photo],
        jpeg: file,
        least_px: file.then_some((200, 280)),
        most_px: file.then_some((300, 420)),
        most_kb: file.then_some(50),
        print_mm,
    }];
    pack
}

/// A loose photo file.
fn file(pixels: (u32, u32), bytes: u64, jpeg: bool) -> Packet {
    let mut packet = Packet::default();
    packet.add(Doc::loose(Material::Photo, 1));
    let mut whole = photo(0.0, 0.0);
    whole.rect = Rect::PAGE;
    let page = packet.page(0);
    (page.pixels, page.stored, page.photos) = (pixels, Some(StoredFile { bytes, jpeg }), vec![whole]);
    page.lines.clear();
    packet
}

fn run(packet: &Packet, pack: &RulePack) -> CheckResult {
    packet.run("photo-file", pack)
}

#[test]
fn within_the_limits_and_on_them_passes() {
    for (pixels, bytes) in [((240, 336), 30_000), ((200, 280), 51_200), ((300, 420), 1)] {
        passed(&run(&file(pixels, bytes, true), &asks(None)));
    }
}

#[test]
fn each_limit_broken_is_said() {
    for (pixels, bytes, jpeg, said) in [
        ((199, 300), 9_000, true, "小于200×280"),
        ((295, 421), 9_000, true, "大于300×420"),
        ((240, 336), 51_201, true, "51KB，超过50KB"),
        ((240, 336), 9_000, false, "不是JPG"),
    ] {
        let found = defects(run(&file(pixels, bytes, jpeg), &asks(None)));
        assert_eq!(found.len(), 1);
        assert!(found[0].message.contains(said), "{}", found[0].message);
    }
}

#[test]
fn a_scanned_sheet_or_a_pdf_is_no_photo_file() {
    let mut packet = file((1240, 1754), 900_000, true);
    packet.page(0).photos = vec![photo(0.4, 0.3)];
    passed(&run(&packet, &asks(None)));
    let mut packet = file((1240, 1754), 900_000, true);
    packet.page(0).stored = None;
    passed(&run(&packet, &asks(None)));
}

#[test]
fn a_file_in_which_no_photo_was_found_is_for_review() {
    let mut packet = file((1240, 1754), 900_000, true);
    packet.page(0).photos.clear();
    review(run(&packet, &asks(None)), "不能确定");
    let mut packet = file((1240, 1754), 900_000, true);
    packet.facts.spans[0].confidence = 0.5;
    review(run(&packet, &asks(None)), "不能确定");
}

#[test]
fn a_print_of_another_size_is_for_review() {
    // 25 x 35 mm on A4 is 0.12 x 0.12.
    let mut packet = Packet::default();
    packet.add(Doc::loose(Material::Photo, 1));
    packet.page(0).photos = vec![photo(0.4, 0.3)];
    passed(&run(&packet, &asks(Some((25, 35)))));
    review(run(&packet, &asks(Some((35, 49)))), "25×36毫米");
    packet.page(0).size.known = false;
    passed(&run(&packet, &asks(Some((35, 49)))));
}

#[test]
fn a_file_made_for_another_print_is_for_review() {
    let sized = |width_mm: f32, height_mm: f32| {
        let mut packet = file((295, 413), 16_000, true);
        packet.page(0).size = PageSize { width_mm, height_mm, known: true };
        packet
    };
    review(run(&sized(25.0, 35.0), &asks(Some((33, 48)))), "1寸");
    passed(&run(&sized(35.0, 45.0), &asks(Some((33, 48)))));
    passed(&run(&sized(104.0, 145.7), &asks(Some((33, 48)))));
    let mut guessed = sized(25.0, 35.0);
    guessed.page(0).size.known = false;
    passed(&run(&guessed, &asks(Some((33, 48)))));
}
