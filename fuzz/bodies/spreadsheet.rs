//! Text in a spreadsheet's cell: nothing runs, nothing is hidden, nothing is lost on the way.

use material_audit::report::escape::{cell, visible};

pub(crate) fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let shown = visible(&text);
    let bad = |c: char| {
        c.is_control()
            || ('\u{202a}'..='\u{202e}').contains(&c)
            || ('\u{2066}'..='\u{2069}').contains(&c)
            || c == '\u{2028}'
            || c == '\u{2029}'
    };
    assert!(!shown.contains(bad), "{shown:?}");
    assert_eq!(visible(&shown), shown, "shown again, it stays the same");

    let made = cell(&text);
    let plain = made.strip_prefix('\'').filter(|rest| *rest == shown).unwrap_or(&made);
    assert_eq!(plain, shown, "only the mark is added");
    assert_eq!(cell(&made), made, "marked once");
    // What a spreadsheet looks at: the first character that it does not strip.
    let first = made.chars().find(|c| !c.is_whitespace());
    assert!(!first.is_some_and(|c| "=+-@|%".contains(c) || "＝＋－＠".contains(c)), "{made:?} would run");

    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record([made.as_str(), "", made.as_str()]).expect("memory takes every record");
    let written = writer.into_inner().expect("memory takes every record");
    assert_eq!(written.iter().filter(|b| **b == b'\n').count(), 1, "one row is one line");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(written.as_slice());
    let rows: Vec<_> = reader.records().collect::<Result<_, _>>().expect("a table");
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].iter().collect::<Vec<_>>(), [made.as_str(), "", made.as_str()]);
}
