//! Addresses inside the report: every name percent-encoded, nothing that leads out of its folder.

use std::fmt::Write as _;

/// The name of an applicant's page, given the name of the CSV.
pub(in crate::report) fn page_name(csv_name: &str) -> String {
    format!("{}.html", csv_name.strip_suffix(".csv").unwrap_or(csv_name))
}

/// One part of a path as it stands in an address.
pub(super) fn segment(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~') || (byte == b'.' && !out.is_empty()) {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// A picture's path below the report's folder as an address from a page one folder down; `None` for anything but the
/// names this tool gives.
pub(super) fn picture(path: &str) -> Option<String> {
    is_picture(path).then(|| format!("../{path}"))
}

/// Whether a path below the report's folder is named as this tool names pictures:
/// `evidence/<two digits>/<digits>-<page>-<part>.jpg`, all in hexadecimal digits, lower-case letters and `-`.
pub(in crate::report) fn is_picture(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    let ["evidence", folder, file] = parts.as_slice() else { return false };
    let hex = |text: &str, length: usize| {
        text.len() == length && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    };
    let Some((hash, rest)) = file.strip_suffix(".jpg").and_then(|stem| stem.split_once('-')) else { return false };
    hex(folder, 2)
        && hex(hash, 22)
        && rest.contains('-')
        && rest.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_lowercase() || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_encoded() {
        assert_eq!(segment("01_张三.html"), "01_%E5%BC%A0%E4%B8%89.html");
        assert_eq!(segment("javascript:x#a?b%20\"'<.html"), "javascript%3Ax%23a%3Fb%2520%22%27%3C.html");
        assert_eq!(segment("../x"), "%2E.%2Fx");
        assert_eq!(page_name("甲.csv"), "甲.html");
    }

    #[test]
    fn only_our_own_pictures_are_shown() {
        let ours = "evidence/0a/0123456789abcdef012345-3-t1.jpg";
        assert_eq!(picture(ours), Some(format!("../{ours}")));
        for path in [
            "evidence/../x.jpg",
            "evidence/a/b/c.jpg",
            "https://x/a.jpg",
            "//x/a.jpg",
            "evidence/0a/holiday-1-2.jpg",
            "evidence/0a/0123456789abcdef012345-3-t1.png",
            "notes/0a/0123456789abcdef012345-3-t1.jpg",
            "evidence/0a/\"onerror=.jpg",
            "javascript:x/a/b.jpg",
            "",
        ] {
            assert_eq!(picture(path), None, "{path}");
        }
    }
}
