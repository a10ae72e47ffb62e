use std::fs;

use super::*;
use crate::model::packet::{Employer, Level, Packet, Route};

fn read(bytes: &[u8]) -> Result<Roster, RosterError> {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = dir.path().join("roster.csv");
    fs::write(&path, bytes).expect("written");
    read_roster(&path)
}

fn packets(folders: &[&str]) -> Vec<Packet> {
    folders
        .iter()
        .map(|f| Packet { folder: (*f).to_owned(), documents: Vec::new(), applicant: Applicant::default() })
        .collect()
}

const PLAIN: &str = "文件夹,姓名,工作单位,申报级别,申报类型,单位性质\r\n01_张三,张三,甲公司,中级,正常,民营\r\n";

#[test]
fn encodings_and_separators_read_alike() {
    let expected = read(PLAIN.as_bytes()).expect("a sound roster");
    let row = &expected.rows[0];
    assert_eq!(row.folder.as_deref(), Some("01_张三"));
    assert_eq!(row.line, 2);
    assert_eq!(row.applicant.level, Some(Level::Engineer));
    assert_eq!(row.applicant.route, Some(Route::Promotion));
    assert_eq!(row.applicant.employer, Some(Employer::Private));
    let utf16: Vec<u8> =
        "\u{feff}".encode_utf16().chain(PLAIN.replace(',', "\t").encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for bytes in [
        [b"\xef\xbb\xbf", PLAIN.as_bytes()].concat(),
        GB18030.encode(PLAIN).0.into_owned(),
        PLAIN.replace(',', ";").into_bytes(),
        PLAIN.replace(',', "\t").into_bytes(),
        PLAIN.replace("\r\n", "\n").into_bytes(),
        utf16,
    ] {
        assert_eq!(read(&bytes).expect("the same roster"), expected);
    }
}

#[test]
fn columns_in_any_order_titles_above_and_blank_rows() {
    let text = "2024年花名册,,,\n\n 姓名 ,序号,身份证号,文件夹（必填）\n李 四,1,\"=\"\"330102199001011234\"\"\",02_李四\n,,,\n王五,2,'33010219900101123X,\n";
    let roster = read(text.as_bytes()).expect("a sound roster");
    assert_eq!(roster.rows.len(), 2);
    assert_eq!(roster.rows[0].applicant.name.as_deref(), Some("李四"));
    assert_eq!(roster.rows[0].applicant.id_number.as_deref(), Some("330102199001011234"));
    assert_eq!(roster.rows[1].folder, None);
    assert_eq!(roster.rows[1].applicant.id_number.as_deref(), Some("33010219900101123X"));
    assert_eq!(roster.rows[1].line, 6);
}

#[test]
fn everything_wrong_is_told_at_once() {
    let text = "文件夹,姓名,申报级别,单位性质,身份证号\na,甲,将军,火星,3.3E+17\n,,工程师,,\na,乙,,,\nb,丙,初级,企业,\n";
    let Err(error) = read(text.as_bytes()) else { panic!("wrong values must be refused") };
    let told = error.to_string();
    for part in
        ["第 2 行“申报级别”", "助理工程师", "第 2 行“单位性质”", "科学计数", "第 3 行", "第 4 行：文件夹与第 2 行相同"]
    {
        assert!(told.contains(part), "{part} in {told}");
    }
    assert!(!told.contains("初级") && !told.contains("第 5 行"), "an ambiguous value is a note: {told}");
}

#[test]
fn ambiguous_values_stay_unknown_with_a_note() {
    let roster = read("姓名,申报级别\n甲,初级\n乙,/\n".as_bytes()).expect("a sound roster");
    assert_eq!(roster.rows[0].applicant.level, None);
    assert_eq!(roster.notes.len(), 1);
    assert!(roster.notes[0].contains("第 2 行“申报级别”：“初级”"), "{}", roster.notes[0]);
}

#[test]
fn other_files_are_refused_with_what_to_do() {
    assert!(matches!(read(b"PK\x03\x04\0\0xl/workbook.xml"), Err(RosterError::NotCsv(_))));
    assert!(matches!(read("编号,备注\n1,2\n".as_bytes()), Err(RosterError::NoHeader(_))));
    assert!(matches!(read(b""), Err(RosterError::NoHeader(_))));
    assert!(matches!(read_roster(Path::new("no/such/roster.csv")), Err(RosterError::Unreadable { .. })));
    let twice = read("姓名,姓名\n甲,乙\n".as_bytes());
    assert!(twice.is_err_and(|e| e.to_string().contains("出现了两次")));
}

fn names(packets: &[Packet]) -> Vec<Option<&str>> {
    packets.iter().map(|p| p.applicant.name.as_deref()).collect()
}

#[test]
fn rows_find_their_packets() {
    let roster = read("文件夹,姓名\n01_张三.zip,张三\n,李四\n,王五\n,赵\n09_无人,钱六\n".as_bytes()).expect("sound");
    let mut packets = packets(&["01_张三", "02-李四", "03王五申报材料", "04_孙七"]);
    let notes = apply(&roster, &mut packets);
    assert_eq!(names(&packets), [Some("张三"), Some("李四"), Some("王五"), None]);
    for part in ["“王五”按姓名对应到“03王五申报材料”", "“04_孙七”在花名册中没有", "“赵”没有找到", "“09_无人”没有找到"]
    {
        assert!(notes.iter().any(|n| n.contains(part)), "{part} in {notes:?}");
    }
    assert_eq!(notes.len(), 4, "{notes:?}");
}

#[test]
fn a_name_inside_a_longer_name_is_not_it() {
    let roster = read("姓名\n张三\n张三丰\n".as_bytes()).expect("sound");
    let mut both = packets(&["1_张三丰", "2_张三"]);
    let _ = apply(&roster, &mut both);
    assert_eq!(names(&both), [Some("张三丰"), Some("张三")]);
    let mut run_together = packets(&["张三丰材料", "张三材料"]);
    let _ = apply(&roster, &mut run_together);
    assert_eq!(names(&run_together), [Some("张三丰"), Some("张三")]);
}

#[test]
fn two_of_one_name_stay_unmatched() {
    let roster = read("姓名,工作单位\n张伟,甲\n张伟,乙\n".as_bytes()).expect("sound");
    let mut two = packets(&["1_张伟", "2_张伟"]);
    let notes = apply(&roster, &mut two);
    assert_eq!(names(&two), [None, None]);
    assert_eq!(notes.len(), 4);
}
