use std::sync::Barrier;

use encoding_rs::GB18030;

use super::*;

fn folder(bytes: &[u8]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("made");
    fs::write(dir.path().join(FILE), bytes).expect("written");
    dir
}

fn read(bytes: &[u8]) -> Decisions {
    Decisions::read(folder(bytes).path()).expect("a decisions CSV")
}

fn decided(decision: Decision, remark: &str) -> Decided {
    Decided { decision, remark: remark.into() }
}

#[test]
fn every_way_a_spreadsheet_saves_it() {
    let text = "编号,决定,备注\r\nF0123456789,确认,\r\nFABCDEFGHJK,驳回,\"看过原件，\r\n有章\"\r\n";
    let (gbk, _, _) = GB18030.encode(text);
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let forms = [
        text.as_bytes().to_vec(),
        format!("\u{feff}{text}").into_bytes(),
        gbk.into_owned(),
        utf16,
        text.replace(',', "\t").into_bytes(),
        text.replace(',', ";").into_bytes(),
        text.replace("F0123456789", "f0123456789 ").into_bytes(),
    ];
    for form in forms {
        let decisions = read(&form);
        let by_id = decisions.by_id();
        assert_eq!(by_id["F0123456789"], decided(Decision::Confirmed, ""));
        assert_eq!(by_id["FABCDEFGHJK"].decision, Decision::Rejected);
        assert!(by_id["FABCDEFGHJK"].remark.contains("有章"));
        assert!(decisions.faults().is_empty());
    }
}

#[test]
fn mistakes_are_told_with_their_lines() {
    let decisions =
        read("编号,决定\nF1,确认\n\nF2,同意\n,驳回\nF3,\nF4,驳回\nF4,驳回\nF5,确认\nF5,已核\nF6,已核\n".as_bytes());
    let faults = decisions.faults();
    let starts = [
        "第 4 行的决定“同意”不认识",
        "第 5 行没有写编号",
        "第 7 行和第 8 行是同一编号 F4，请删去",
        "第 9 行和第 10 行是同一编号 F5，决定却不同",
    ];
    assert_eq!(faults.len(), starts.len(), "{faults:?}");
    for (fault, start) in faults.iter().zip(starts) {
        assert!(fault.starts_with(start), "{fault}");
    }
    assert_eq!(decisions.by_id().into_keys().collect::<Vec<_>>(), ["F1", "F4", "F6"]);
    let unknown = decisions.unknown(|id| id != "F6");
    assert_eq!(unknown.len(), 1);
    assert!(unknown[0].starts_with("第 11 行的编号 F6"), "{}", unknown[0]);
}

#[test]
fn what_is_no_decisions_file_stops_and_stays() {
    for (bytes, says) in [(&b"PK\x03\x04\0\0"[..], "另存为"), ("姓名,单位\n张三,甲\n".as_bytes(), "表头")] {
        let dir = folder(bytes);
        let error = Decisions::read(dir.path()).expect_err("not ours").to_string();
        assert!(error.contains(says), "{error}");
        assert!(decide(dir.path(), &[("F1".into(), None)]).is_err());
        assert_eq!(fs::read(dir.path().join(FILE)).expect("still there"), bytes);
    }
    let empty = tempfile::tempdir().expect("made");
    assert_eq!(Decisions::read(empty.path()).expect("none yet"), Decisions::default());
}

#[test]
fn writing_keeps_what_it_does_not_mean() {
    let dir = folder("编号,材料,决定\nF1,评审表,驳回\nF2,论文,不知道\nF1,评审表,确认\n".as_bytes());
    let changes = [("F1".to_owned(), Some(decided(Decision::Checked, "=1+1"))), ("F3".to_owned(), None)];
    let after = decide(dir.path(), &changes).expect("written");
    assert_eq!(after.by_id()["F1"], decided(Decision::Checked, "=1+1"), "the remark comes back as it was said");
    let text = fs::read_to_string(dir.path().join(FILE)).expect("UTF-8");
    assert_eq!(text, "\u{feff}编号,材料,决定,备注\r\nF1,评审表,已核,'=1+1\r\nF2,论文,不知道\r\n");
    let after = decide(dir.path(), &[("F1".into(), None)]).expect("written");
    assert!(after.by_id().is_empty());
    assert_eq!(after.faults().len(), 1);
}

#[test]
fn writers_at_once_lose_nothing() {
    let dir = tempfile::tempdir().expect("made");
    let start = Barrier::new(8);
    std::thread::scope(|scope| {
        for writer in 0..8 {
            let (start, dir) = (&start, dir.path());
            scope.spawn(move || {
                start.wait();
                for n in 0..10 {
                    let change = (format!("F{writer}X{n}"), Some(decided(Decision::Confirmed, "")));
                    decide(dir, &[change]).expect("written");
                }
            });
        }
    });
    assert_eq!(Decisions::read(dir.path()).expect("whole").by_id().len(), 80);
}

#[test]
fn another_folders_decisions_are_taken_over_once() {
    let here = folder("编号,决定,备注\nF1,驳回,新的\n".as_bytes());
    let before = read("决定,编号,备注\n确认,F1,旧的\n已核,F2,看过\n乱写,F3,\n".as_bytes());
    let after = take_over(here.path(), &before).expect("written");
    assert_eq!(after.by_id()["F1"], decided(Decision::Rejected, "新的"));
    assert_eq!(after.by_id()["F2"], decided(Decision::Checked, "看过"));
    assert_eq!(after.faults().len(), 1, "a row that makes no sense is not lost");
    let bytes = fs::read(here.path().join(FILE)).expect("there");
    take_over(here.path(), &before).expect("nothing to do");
    assert_eq!(fs::read(here.path().join(FILE)).expect("there"), bytes);
}
