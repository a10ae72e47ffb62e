//! The roster: the same in every encoding that Excel saves.

use std::path::Path;

use encoding_rs::GB18030;
use material_audit::discover::roster::{Roster, parse_roster};

pub(crate) fn check(data: &[u8]) {
    let read = parsed(data);
    match &read {
        Err(message) => assert!(!message.chars().any(|c| c.is_control() && c != '\n'), "{message:?}"),
        Ok(roster) => {
            for row in &roster.rows {
                let known = [&row.folder, &row.applicant.name].into_iter().flatten();
                assert!(known.clone().count() > 0 && known.clone().all(|text| !text.is_empty()), "{row:?}");
            }
            assert!(roster.rows.windows(2).all(|w| w[0].line < w[1].line), "lines go on: {roster:?}");
            assert!(roster.notes.iter().all(|note| !note.chars().any(char::is_control)), "{:?}", roster.notes);
        }
    }
    let Ok(text) = std::str::from_utf8(data) else { return };
    if text.starts_with('\u{feff}') {
        return;
    }
    let wide = |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(bytes).collect()
    };
    for other in [["\u{feff}", text].concat().into_bytes(), wide(u16::to_le_bytes), wide(u16::to_be_bytes)] {
        assert_eq!(parsed(&other), read);
    }
    let (gbk, _, lost) = GB18030.encode(text);
    let is_itself = GB18030.decode_without_bom_handling(&gbk).0 == text;
    if !lost
        && is_itself
        && std::str::from_utf8(&gbk).is_err()
        && !gbk.starts_with(&[0xFF, 0xFE])
        && !gbk.starts_with(&[0xFE, 0xFF])
    {
        assert_eq!(parsed(&gbk), read);
    }
}

fn parsed(data: &[u8]) -> Result<Roster, String> {
    parse_roster(Path::new("花名册.csv"), data).map_err(|why| why.to_string())
}
