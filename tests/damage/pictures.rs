//! Images that are too large, packed too tightly, cut short or tied in knots, as files and inside PDFs.

use image::ImageFormat;

use crate::codecs::{self, Directory, bmp, directory_at, encoded, grey_tags, jbig2, jpeg, jpx, png, png_rows, tiff};
use crate::packets::Packet;
use crate::pdf::{bomb, scan, zlib};

pub(crate) fn packets() -> Vec<Packet> {
    vec![large_files(), large_in_pdfs(), jpegs(), pngs(), tiffs(), bitmaps()]
}

/// Each codec's header saying 30,000 by 30,000, and the largest near 2,000,000,000 pixels.
const LARGE: [(&str, u32, u32); 2] = [("30000", 30_000, 30_000), ("2000000000", 50_000, 40_000)];

fn large_files() -> Packet {
    let mut packet = Packet::new("large-files");
    for (name, w, h) in LARGE {
        let huge = tiff(&[255; 16], &[Directory { tags: &grey_tags(w, h, 16), next: 0 }]);
        packet = packet
            .pages(&format!("{name}.jpg"), jpeg(w as u16, h as u16), &["over-limit"])
            .pages(&format!("{name}.png"), png(w, h, &[], &zlib(&[0; 99])), &["over-limit"])
            .pages(&format!("{name}.bmp"), bmp(w as i32, h as i32), &["over-limit"])
            .pages(&format!("{name}.tif"), huge, &["over-limit"]);
    }
    packet
}

fn large_in_pdfs() -> Packet {
    let mut packet = Packet::new("large-in-pdfs");
    for (name, w, h) in LARGE {
        let fax = format!("/CCITTFaxDecode /DecodeParms << /K -1 /Columns {w} /Rows {h} >>");
        let coded: [(&str, &str, u8, Vec<u8>); 6] = [
            ("dct", "/DCTDecode", 8, jpeg(w as u16, h as u16)),
            ("flate", "/FlateDecode", 8, zlib(&[255; 99])),
            ("raw", "[]", 8, vec![255; 99]),
            ("ccitt", &fax, 1, vec![0xFF, 0xFF, 0x00, 0x10, 0x01]),
            ("jbig2", "/JBIG2Decode", 1, jbig2(w, h)),
            ("jpx", "/JPXDecode", 8, jpx(w, h)),
        ];
        for (codec, filter, bits, data) in coded {
            let space = if codec == "dct" { "/DeviceRGB" } else { "/DeviceGray" };
            let entries =
                format!("/Width {w} /Height {h} /BitsPerComponent {bits} /ColorSpace {space} /Filter {filter}");
            packet = packet.pages(&format!("{codec}-{name}.pdf"), scan(&entries, &data), &["over-limit"]);
        }
    }
    let grey = "/BitsPerComponent 8 /ColorSpace /DeviceGray";
    let zero = format!("/Width 0 /Height 9 {grey}");
    let negative = format!("/Width -9 /Height 9 {grey}");
    packet.pages("no-width.pdf", scan(&zero, &[255; 81]), &["degraded"]).pages(
        "negative-width.pdf",
        scan(&negative, &[255; 81]),
        &["degraded"],
    )
}

fn jpegs() -> Packet {
    let sound = encoded(ImageFormat::Jpeg);
    let in_pdf = |data: &[u8]| {
        let entries = "/Width 400 /Height 280 /BitsPerComponent 8 /ColorSpace /DeviceRGB /Filter /DCTDecode";
        scan(entries, data)
    };
    let header_only = sound.windows(2).position(|w| w == [0xFF, 0xDA]).expect("a scan");
    let junk = [b"\r\n--scanner--\r\n", &sound[..]].concat();
    let after = [&sound[..], &[0; 5000]].concat();
    let half = &sound[..sound.len() / 2];
    let closed = [half, &[0xFF, 0xD9]].concat();
    Packet::new("jpegs")
        .pages("sound.jpg", sound.clone(), &["good"])
        .pages("half.jpg", half.to_vec(), &["degraded"])
        .pages("half-with-an-end.jpg", closed.clone(), &["degraded"])
        .pages("half-with-an-end.pdf", in_pdf(&closed), &["degraded"])
        .pages("header-only.jpg", sound[..header_only].to_vec(), &["damaged"])
        .pages("start-only.jpg", b"\xFF\xD8\xFF\xE0".to_vec(), &["damaged"])
        .pages("junk-before.jpg", junk.clone(), &["good"])
        .pages("junk-after.jpg", after, &["good"])
        .pages("junk-before.pdf", in_pdf(&junk), &["good"])
        .pages("half.pdf", in_pdf(half), &["degraded"])
        .pages("smaller-than-said.pdf", in_pdf(&jpeg(30_000, 30_000)), &["good|degraded"])
}

fn pngs() -> Packet {
    let rows = png_rows();
    let idat = zlib(&rows);
    let named = |data: Vec<u8>| [&b"bomb\0\0"[..], &data].concat();
    let sound = png(400, 280, &[], &idat);
    let mut flipped = sound.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 0x10;
    Packet::new("pngs")
        .pages("sound.png", sound.clone(), &["good"])
        .pages(
            "profile-bomb.png",
            png(400, 280, &[(b"iCCP", named(bomb(1500, 0)))], &idat),
            &["good|over-limit|out-of-memory"],
        )
        .pages(
            "text-bomb.png",
            png(400, 280, &[(b"zTXt", named(bomb(1500, b'x')))], &idat),
            &["good|over-limit|out-of-memory"],
        )
        .pages("data-bomb.png", png(400, 280, &[], &bomb(1500, 0)), &["blank|damaged"])
        .pages("half.png", sound[..middle].to_vec(), &["damaged"])
        .pages("flipped.png", flipped, &["damaged"])
}

fn tiffs() -> Packet {
    let rows: Vec<u8> = codecs::picture().pixels().map(|p| p.0[0]).collect();
    let bytes = rows.len() as u32;
    let tags = grey_tags(400, 280, bytes);
    let chained = |nexts: &[u32]| {
        let directories: Vec<Directory<'_>> = nexts.iter().map(|n| Directory { tags: &tags, next: *n }).collect();
        (tiff(&rows, &directories), (0..nexts.len()).map(|i| directory_at(rows.len(), &directories, i)).collect())
    };
    let (_, at): (_, Vec<u32>) = chained(&[0, 0]);
    let short = [&tags[..8], &[(279, bytes / 2)]].concat();
    let no_data = [&tags[..5], &[(273, 0x7FFF_FFFF)], &tags[6..]].concat();
    let of = |tags: &[(u16, u32)]| tiff(&rows, &[Directory { tags, next: 0 }]);
    let many: Vec<u32> = (1..=5_001).map(|i| at[0] + i * (6 + 12 * tags.len() as u32)).collect();
    Packet::new("tiffs")
        .pages("two.tif", chained(&[at[1], 0]).0, &["good", "good"])
        .pages("next-is-itself.tif", chained(&[at[0]]).0, &["good"])
        .pages("ring.tif", chained(&[at[1], at[0]]).0, &["good", "good"])
        .pages("next-is-nowhere.tif", chained(&[at[1], 0x7FFF_FFFF]).0, &["good", "good", "damaged"])
        .whole("5002-directories.tif", chained(&[&many[..], &[0]].concat()).0, "over-limit")
        .pages("half-a-strip.tif", of(&short), &["good|damaged"])
        .pages("strip-is-nowhere.tif", of(&no_data), &["damaged|degraded"])
        .whole("fax-without-counts.tif", fax_without_counts(), "damaged")
}

/// Two strips of fax rows of which only the first says how long it is.
fn fax_without_counts() -> Vec<u8> {
    // 16 white rows a strip in group 4: a bit each; offsets 8 and 8, and one count.
    let rows = [0xFF, 0xFF, 8, 0, 0, 0, 8, 0, 0, 0];
    let tags: Vec<(u16, u32)> =
        vec![(256, 64), (257, 32), (258, 1), (259, 4), (262, 0), (273, 10), (277, 1), (278, 16), (279, 2)];
    let mut data = tiff(&rows, &[Directory { tags: &tags, next: 0 }]);
    let offsets = data.windows(2).rposition(|w| w == [0x11, 0x01]).expect("the tag of the strips' offsets");
    data[offsets + 4] = 2;
    data
}

fn bitmaps() -> Packet {
    let sound = encoded(ImageFormat::Bmp);
    Packet::new("bitmaps")
        .pages("sound.bmp", sound.clone(), &["good"])
        .pages("half.bmp", sound[..sound.len() / 2].to_vec(), &["damaged"])
        .pages("no-height.bmp", bmp(9, 0), &["damaged"])
        .pages("lowest-height.bmp", bmp(9, i32::MIN), &["damaged|over-limit"])
}
