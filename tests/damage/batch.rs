//! All hostile packets in one run, beside good ones.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::packets::Packet;
use crate::pdf::{BARS, single};
use crate::run::{Audited, audit, scratch};
use crate::{archives, content, cut, folders, pictures, structure};

/// The applicant whose report is compared. Its page leads to the neighbours', which are there in both runs.
const GOOD: &str = "0002_好";
const NEIGHBOURS: [&str; 2] = ["0001_前", "0003_后"];

/// A real form of the fixtures, and a page with nothing hostile to either side.
fn good_packets(submissions: &Path) {
    let from = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/packets/xinzhou-engineering-2023/submissions/01-端木澄/7业绩材料.pdf");
    let folder = submissions.join(GOOD);
    fs::create_dir_all(&folder).expect("writable");
    fs::copy(from, folder.join("业绩材料.pdf")).expect("a fixture");
    for name in NEIGHBOURS {
        let folder = submissions.join(name);
        fs::create_dir_all(&folder).expect("writable");
        fs::write(folder.join("a.pdf"), single(BARS.as_bytes())).expect("writable");
    }
}

/// Everything in a report that is this applicant's own, by name.
fn own_files(run: &Audited) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for folder in ["applicants", "pages", "letters"] {
        for entry in fs::read_dir(run.out.join(folder)).into_iter().flatten() {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            if name.starts_with(GOOD) {
                let bytes = fs::read(&path).expect("a readable file");
                all.insert(Path::new(folder).join(name), bytes);
            }
        }
    }
    for name in ["findings.jsonl", "facts.jsonl", "summary.csv", "rounds.jsonl"] {
        let text = fs::read_to_string(run.out.join(name)).expect("written");
        let own: Vec<&str> = text.lines().filter(|line| line.contains(GOOD)).collect();
        assert!(!own.is_empty() || name == "findings.jsonl", "{name} says nothing of {GOOD}");
        all.insert(name.into(), own.join("\n").into_bytes());
    }
    all
}

#[test]
fn every_hostile_file_has_its_status_and_nobody_else_is_touched() {
    let alone = scratch("alone");
    good_packets(&alone);
    let alone = audit(&alone, "alone-report", &["--no-cache"]);
    assert_eq!(alone.code(), Some(0), "{}", alone.stderr());

    let submissions = scratch("hostile");
    let outside = scratch("outside");
    good_packets(&submissions);
    let mut packets: Vec<Packet> =
        [structure::packets(), content::packets(), pictures::packets(), cut::packets()].into_iter().flatten().collect();
    packets.iter().for_each(|p| p.write(&submissions));
    for archive in archives::archives() {
        fs::write(submissions.join(format!("{}.zip", archive.packet.name)), &archive.zip).expect("writable");
        packets.push(archive.packet);
    }
    packets.extend(folders::make(&submissions, &outside));
    let strange = folders::PACKET_NAMES.map(str::to_owned).into_iter().chain([folders::longest_packet_name()]);
    let strange: Vec<String> = strange.collect();
    for name in &strange {
        fs::create_dir(submissions.join(name)).expect("writable");
    }

    let start = std::time::Instant::now();
    let run = audit(&submissions, "hostile-report", &["--no-cache"]);
    println!("{} hostile packets in {:.1?}", packets.len(), start.elapsed());
    folders::open_again(&submissions);

    let differences: Vec<String> = packets.iter().flat_map(|p| p.differences(&run)).collect();
    assert!(differences.is_empty(), "{}\n{}", differences.join("\n"), run.stderr());
    assert_eq!(run.code(), Some(3), "{}", run.stderr());
    assert!(run.stderr().contains("pipe-beside：不是普通文件"), "{}", run.stderr());
    assert!(!run.stderr().contains(['\u{1b}', '\u{202e}']), "names disturb the terminal");

    let applicants = fs::read_dir(run.out.join("applicants")).expect("written").count();
    assert_eq!(applicants, 3 + packets.len() + strange.len(), "a table for every packet");
    assert_eq!(own_files(&run), own_files(&alone), "the good applicant's part of the report");

    run.every_page_is_counted();
    noted(&run);
    let slipped = ["tmp/slipped.png", "tmp/slipped-too.png", "slipped.png"];
    assert!(slipped.iter().all(|name| !Path::new("/").join(name).exists()), "a member left its zip");
}

/// Scripts, attachments and programs to start are named, file by file.
fn noted(run: &Audited) {
    let notes: BTreeMap<&str, &str> = run
        .list("noted")
        .into_iter()
        .filter(|n| n["applicant"] == "carriers")
        .map(|n| (n["file"].as_str().expect("a name"), n["note"].as_str().expect("words")))
        .collect();
    for (file, word) in [
        ("script.pdf", "脚本（未运行）"),
        ("launch.pdf", "启动其他程序"),
        ("launch-link.pdf", "启动其他程序"),
        ("attachment.pdf", "附件（未打开、未审核）"),
        ("portfolio.pdf", "PDF 包"),
    ] {
        assert!(notes.get(file).is_some_and(|note| note.contains(word)), "{file}: {notes:?}");
    }
    assert_eq!(notes.len(), 5, "{notes:?}");
    let unexamined: Vec<_> =
        run.list("not_examined").into_iter().filter(|n| n["applicant"] == "carriers").map(|n| &n["file"]).collect();
    assert_eq!(unexamined, ["portfolio.pdf"], "what was handed in are the attachments");
}
