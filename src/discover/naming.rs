//! Names of packets and files: decoding, uniqueness, what is skipped without a word.

use std::collections::BTreeSet;
use std::ffi::OsStr;

use encoding_rs::GB18030;
use unicode_normalization::UnicodeNormalization;

use crate::model::packet::Document;

use super::order;

/// System droppings that nobody handed in: skipped without a note.
pub(super) fn is_dropping(name: &str) -> bool {
    const NAMES: [&str; 5] = ["thumbs.db", "ehthumbs.db", "desktop.ini", "__macosx", "$recycle.bin"];
    let lower = name.to_ascii_lowercase();
    name.starts_with('.') || name.starts_with("~$") || NAMES.contains(&lower.as_str())
}

/// Text from a name's bytes: UTF-8 where they are that, else GBK (GB 18030 contains it).
///
/// Chinese Windows writes zip names in GBK and leaves the UTF-8 flag clear; macOS writes UTF-8 and leaves it clear too.
pub(super) fn decode(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => GB18030.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

/// An operating system's name as text.
pub(super) fn text_of(name: &OsStr) -> String {
    name.to_str().map_or_else(|| decode(name.as_encoded_bytes()), str::to_owned)
}

/// The lower-case extension, empty where there is none.
pub(super) fn extension(name: &str) -> String {
    let last = name.rsplit('/').next().unwrap_or(name);
    match last.rsplit_once('.') {
        Some((stem, ext)) if !stem.is_empty() => ext.trim_end().to_ascii_lowercase(),
        _ => String::new(),
    }
}

/// The name without its extension.
pub(super) fn stem(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => name,
    }
}

/// A path for an error message: control and direction characters cannot disturb the terminal.
pub(super) fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() || ('\u{200b}'..='\u{206f}').contains(&c) { '\u{fffd}' } else { c })
        .collect()
}

/// Equal for names that some file system takes for one.
fn key(name: &str) -> String {
    name.nfc().flat_map(char::to_lowercase).collect()
}

/// Unique packet names for `(full name, (rank, base name))` entries in order: the lower rank keeps its base name, a
/// later one takes its full name (`张三.zip`), then a number.
pub(super) fn packet_names<'a>(entries: impl Iterator<Item = (&'a str, (u8, &'a str))>) -> Vec<String> {
    let entries: Vec<_> = entries.collect();
    let mut by_rank: Vec<usize> = (0..entries.len()).collect();
    by_rank.sort_by_key(|i| entries[*i].1.0);
    let mut names = vec![String::new(); entries.len()];
    let mut taken = BTreeSet::new();
    for i in by_rank {
        let (full, (_, base)) = entries[i];
        let free = [base, full].into_iter().find(|name| !name.is_empty() && !taken.contains(&key(name)));
        names[i] = free.map_or_else(|| numbered(full, &taken), str::to_owned);
        taken.insert(key(&names[i]));
    }
    names
}

/// Sorts a packet's documents naturally and tells equal names apart.
pub(super) fn settle(documents: &mut [Document]) {
    documents.sort_by(|a, b| order::natural(&a.file, &b.file));
    let mut taken = BTreeSet::new();
    for document in documents {
        if !taken.insert(document.file.clone()) {
            document.file = numbered(&document.file, &taken);
            taken.insert(document.file.clone());
        }
    }
}

fn numbered(name: &str, taken: &BTreeSet<String>) -> String {
    (2u32..)
        .map(|n| format!("{name} ({n})"))
        .find(|name| !taken.contains(&key(name)) && !taken.contains(name))
        .expect("fewer names are taken than there are numbers")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_folders_keep_theirs() {
        let given =
            [("张三.pdf", (2, "张三.pdf")), ("张三.zip", (1, "张三")), ("张三", (0, "张三")), ("ZHANG", (0, "ZHANG"))];
        assert_eq!(packet_names(given.into_iter()), ["张三.pdf", "张三.zip", "张三", "ZHANG"]);
        let clash = [("a", (0, "a")), ("A", (0, "A")), ("a.zip", (0, "a.zip")), ("a.zip", (1, "a"))];
        assert_eq!(packet_names(clash.into_iter()), ["a", "A (2)", "a.zip", "a.zip (2)"]);
    }

    #[test]
    fn droppings() {
        for name in ["Thumbs.db", "~$评审表.docx", ".DS_Store", "desktop.ini", "__MACOSX", ".hidden", "._x.pdf"] {
            assert!(is_dropping(name), "{name}");
        }
        for name in ["thumbs.pdf", "~评审表.pdf", "$评审表.pdf", "a.b"] {
            assert!(!is_dropping(name), "{name}");
        }
    }

    #[test]
    fn decodes_gbk_and_utf8() {
        let (gbk, _, _) = GB18030.encode("职称评审表.pdf");
        assert_eq!(decode(&gbk), "职称评审表.pdf");
        assert_eq!(decode("职称评审表.pdf".as_bytes()), "职称评审表.pdf");
    }

    #[test]
    fn extensions() {
        for (name, ext) in [("a.PDF", "pdf"), ("a/b.c/d", ""), ("a", ""), (".pdf", ""), ("a.b.Zip ", "zip")] {
            assert_eq!(extension(name), ext, "{name}");
        }
    }
}
