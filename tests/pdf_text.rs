//! A second opinion on Latin text. pdf-extract panics on public files and on CJK fonts, so it judges only here.
#![allow(clippy::expect_used, reason = "a test stops at the first surprise")]

use lopdf::content::{Content, Operation};
use lopdf::{Document, Object, Stream, dictionary};
use material_audit::pdf::{PdfFile, page_text};

fn page_with(lines: &[&str]) -> Vec<u8> {
    let mut doc = Document::with_version("1.5");
    let pages = doc.new_object_id();
    let font = doc.add_object(dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica" });
    let mut operations = vec![Operation::new("BT", vec![]), Operation::new("Tf", vec!["F1".into(), 12.into()])];
    for (i, line) in lines.iter().enumerate() {
        let down = if i == 0 { (72, 760) } else { (0, -20) };
        operations.push(Operation::new("Td", vec![down.0.into(), down.1.into()]));
        operations.push(Operation::new("Tj", vec![Object::string_literal(*line)]));
    }
    operations.push(Operation::new("ET", vec![]));
    let content = Content { operations }.encode().expect("encodable");
    let content = doc.add_object(Stream::new(dictionary! {}, content));
    let page = doc.add_object(dictionary! {
        "Type" => "Page", "Parent" => pages, "Contents" => content,
        "Resources" => dictionary! { "Font" => dictionary! { "F1" => font } },
        "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
    });
    doc.objects.insert(
        pages,
        Object::Dictionary(dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 }),
    );
    let catalog = doc.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    doc.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    doc.save_to(&mut bytes).expect("writable");
    bytes
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn latin_text_agrees_with_pdf_extract() {
    let lines = ["Certificate No. 2019-07/0042", "Issued to the applicant named below", "ISSN 1000-1234 CN 14-5678"];
    let bytes = page_with(&lines);
    let file = tempfile::Builder::new().suffix(".pdf").tempfile().expect("temporary file");
    std::fs::write(file.path(), &bytes).expect("writable");
    let pdf = PdfFile::open(file.path()).expect("a sound file");
    let ours = page_text(&pdf, 0).expect("readable");
    let theirs = pdf_extract::extract_text_from_mem(&bytes).expect("readable");
    let ours: Vec<String> = ours.lines.iter().flat_map(|l| words(&l.text)).collect();
    assert_eq!(ours, words(&lines.join(" ")));
    assert_eq!(ours, words(&theirs));
}
