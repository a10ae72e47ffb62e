//! Zips that climb out, swell, lie or hide.

use std::io::{Cursor, Write};

use image::ImageFormat;
use zip::unstable::write::FileOptionsExt;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::codecs::encoded;
use crate::packets::{Expect, File, Packet};

/// A member's name as its bytes, and what it holds.
type Member<'a> = (&'a [u8], Vec<u8>);

/// A zip packet is one file in the submissions folder; what it holds is expected under the names that are shown.
pub(crate) struct Archive {
    pub(crate) zip: Vec<u8>,
    pub(crate) packet: Packet,
}

fn sound() -> Vec<u8> {
    encoded(ImageFormat::Png)
}

fn deflated() -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(CompressionMethod::Deflated)
}

/// A zip with the names' bytes as they are.
fn zip(members: &[Member<'_>]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let mut names = Vec::new();
    for (i, (name, bytes)) in members.iter().enumerate() {
        // Of the same length, and nowhere else in the file.
        let stand_in = format!("{i:0width$}", width = name.len()).replace('0', "@");
        writer.start_file(stand_in.as_str(), deflated()).expect("started");
        writer.write_all(bytes).expect("memory");
        names.push((stand_in, *name));
    }
    let mut out = writer.finish().expect("finished").into_inner();
    for (stand_in, name) in names {
        rename(&mut out, stand_in.as_bytes(), name);
    }
    out
}

fn rename(zip: &mut [u8], from: &[u8], to: &[u8]) {
    for header in [&b"PK\x03\x04"[..], b"PK\x01\x02"] {
        let name_at = if header[2] == 3 { 30 } else { 46 };
        let found =
            (0..zip.len() - name_at).find(|at| zip[*at..].starts_with(header) && zip[at + name_at..].starts_with(from));
        let at = found.expect("a header of that name") + name_at;
        zip[at..at + from.len()].copy_from_slice(to);
    }
}

fn archive(name: &'static str, zip: Vec<u8>, expected: &[(&str, Expect)]) -> Archive {
    let file =
        |(name, expect): &(&str, Expect)| File { name: (*name).into(), bytes: Vec::new(), expect: expect.clone() };
    Archive { zip, packet: Packet { name, files: expected.iter().map(file).collect() } }
}

pub(crate) fn archives() -> Vec<Archive> {
    let good = || Expect::Pages(vec!["good"]);
    let whole = Expect::Whole;
    let swelling = [&sound()[..], &vec![0; 40 << 20]].concat();
    let inner = zip(&[(b"a.png", sound())]);
    let long = format!("{}.png", "长".repeat(99));
    let shown_long = long.clone();
    let sound_zip = zip(&[(b"a.png", sound()), (b"b.png", sound())]);
    let mut flipped = sound_zip.clone();
    flipped[200] ^= 0x10;
    vec![
        archive(
            "slip",
            zip(&[
                (b"../../../../tmp/slipped.png", sound()),
                (b"/tmp/slipped-too.png", sound()),
                (b"..\\..\\slipped.png", sound()),
                (b"C:\\slipped.png", sound()),
                (b"inside.png", sound()),
            ]),
            &[
                ("tmp/slipped.png", whole("damaged")),
                ("tmp/slipped-too.png", whole("damaged")),
                ("slipped.png", whole("damaged")),
                ("slipped.png (2)", whole("damaged")),
                ("inside.png", good()),
            ],
        ),
        archive(
            "swelling",
            zip(&[(b"a.png", sound()), (b"b.png", swelling), (b"c.png", sound())]),
            &[("a.png", good()), ("b.png", whole("over-limit")), ("c.png", good())],
        ),
        archive(
            "zip-in-zip",
            zip(&[(b"a.png", sound()), (b"inner.zip", inner)]),
            &[("a.png", good()), ("inner.zip", whole("over-limit"))],
        ),
        archive("links", links(), &[("a.png", good()), ("link.png", whole("io"))]),
        archive("locked", locked(), &[("a.png", whole("encrypted"))]),
        archive(
            "odd-names",
            zip(&[
                (long.as_bytes(), sound()),
                (b"CON.png", sound()),
                (b"a\x1b[2J\x07.png", sound()),
                ("报告\u{202e}gnp.exe".as_bytes(), sound()),
                (b"x<>:\"|?*.png", sound()),
                (b"=cmd|' /C calc'!A0.png", sound()),
                (b"<script>alert(1)</script>.png", sound()),
                (b"new\nline.png", sound()),
            ]),
            &[
                (shown_long.as_str(), good()),
                ("CON.png", good()),
                ("a\x1b[2J\x07.png", good()),
                ("报告\u{202e}gnp.exe", good()),
                ("x<>:\"|?*.png", good()),
                ("=cmd|' /C calc'!A0.png", good()),
                ("<script>alert(1)</script>.png", good()),
                ("new\nline.png", good()),
            ],
        ),
        archive(
            "one-name-twice",
            zip(&[(b"a.png", sound()), (b"a.png", crate::pdf::single(b""))]),
            &[("a.png", Expect::Pages(vec!["good|blank"])), ("one-name-twice.zip", whole("io"))],
        ),
        archive("cut", sound_zip[..sound_zip.len() - 30].to_vec(), &[("cut.zip", whole("damaged"))]),
        archive("flipped", flipped, &[("a.png", whole("damaged")), ("b.png", good())]),
        archive("no-zip", b"Rar!\x1a\x07 and more".to_vec(), &[("no-zip.zip", whole("damaged"))]),
    ]
}

fn links() -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("a.png", deflated()).expect("started");
    writer.write_all(&sound()).expect("memory");
    writer.add_symlink("link.png", "/etc/passwd", SimpleFileOptions::default()).expect("added");
    writer.finish().expect("finished").into_inner()
}

fn locked() -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = deflated().with_deprecated_encryption(b"secret").expect("a password");
    writer.start_file("a.png", options).expect("started");
    writer.write_all(&sound()).expect("memory");
    writer.finish().expect("finished").into_inner()
}
