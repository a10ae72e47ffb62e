//! The rows of a decisions file, whatever program saved it.

use csv::ReaderBuilder;
use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};

use super::{Column, Decisions, Row};

/// Text of a CSV file; none for a spreadsheet file or other binary data.
pub(super) fn decode(bytes: &[u8]) -> Option<String> {
    let (text, bad) = match bytes {
        [0xff, 0xfe, rest @ ..] => UTF_16LE.decode_without_bom_handling(rest),
        [0xfe, 0xff, rest @ ..] => UTF_16BE.decode_without_bom_handling(rest),
        _ => {
            let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            match std::str::from_utf8(bytes) {
                Ok(text) => (text.into(), false),
                Err(_) => GB18030.decode_without_bom_handling(bytes),
            }
        }
    };
    // Written again, what stands around the first cell is gone.
    let first = text.trim_start_matches(|c: char| c.is_whitespace() || c == '"');
    (!bad && !text.contains('\0') && !first.starts_with("PK\u{3}\u{4}")).then(|| text.into_owned())
}

/// The rows, from whichever of Excel's separators gives the header. An empty file is an empty list.
pub(super) fn parse(text: &str) -> Option<Decisions> {
    if text.trim().is_empty() {
        return Some(Decisions::default());
    }
    [b',', b'\t', b';'].into_iter().find_map(|separator| {
        let mut reader =
            ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes());
        let mut decisions = Decisions::default();
        for record in reader.records().filter_map(Result::ok) {
            let cells: Vec<String> = record.iter().map(|c| c.trim().to_owned()).collect();
            if decisions.header.is_empty() {
                if cells.iter().all(String::is_empty) {
                    continue;
                }
                decisions.header = cells;
                continue;
            }
            let line = record.position().map(|p| line_of(text, p.byte()));
            decisions.rows.push(Row { line, cells });
        }
        let whole = decisions.at(Column::Id).is_some() && decisions.at(Column::Decision).is_some();
        whole.then_some(decisions)
    })
}

/// The line on which the record after this byte begins: the reader's own position may stand on the line end before it.
fn line_of(text: &str, byte: u64) -> u64 {
    let bytes = text.as_bytes();
    let mut at = usize::try_from(byte).unwrap_or(bytes.len()).min(bytes.len());
    while bytes.get(at).is_some_and(|b| matches!(b, b'\r' | b'\n')) {
        at += 1;
    }
    // A carriage return alone ends a line, too.
    let ends = |i: &usize| bytes[*i] == b'\n' || (bytes[*i] == b'\r' && bytes.get(i + 1) != Some(&b'\n'));
    1 + (0..at).filter(ends).count() as u64
}
