//! The chain of a TIFF's directories, one a page.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::pdf::MAX_PAGES;

/// The file without the link that leads its chain back into itself: the library refuses the directory that holds it,
/// and with it a page that any viewer shows.
pub(super) fn without_ring(data: &[u8]) -> Cow<'_, [u8]> {
    match closing_link(data) {
        Some((at, bytes)) => {
            let mut data = data.to_vec();
            data[at..at + bytes].fill(0);
            Cow::Owned(data)
        }
        None => Cow::Borrowed(data),
    }
}

/// Where the link stands that leads to a directory met before, and its length.
fn closing_link(data: &[u8]) -> Option<(usize, usize)> {
    let little = data.starts_with(b"II");
    let number = |at: usize, bytes: usize| -> Option<usize> {
        let field = data.get(at..at.checked_add(bytes)?)?;
        let digit = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
        let value = if little { field.iter().rev().fold(0, digit) } else { field.iter().fold(0, digit) };
        usize::try_from(value).ok()
    };
    // TIFF 6.0, section 2; BigTIFF has longer fields.
    let (mut link, count, entry, width) = if number(2, 2)? == 43 { (8, 8, 20, 8) } else { (4, 2, 12, 4) };
    let mut met = BTreeSet::new();
    while met.len() <= MAX_PAGES {
        let directory = number(link, width)?;
        if directory == 0 {
            return None;
        }
        if !met.insert(directory) {
            return Some((link, width));
        }
        let entries = number(directory, count)?.checked_mul(entry)?;
        link = directory.checked_add(count)?.checked_add(entries)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_ring_is_opened() {
        // Two directories without entries, at 8 and at 14.
        let chain = |last: u8| [&b"II*\0\x08\0\0\0"[..], &[0, 0, 14, 0, 0, 0], &[0, 0, last, 0, 0, 0]].concat();
        for sound in [chain(0), chain(99), b"II*\0".to_vec(), Vec::new()] {
            assert!(matches!(without_ring(&sound), Cow::Borrowed(_)));
        }
        for ring in [chain(8), chain(14)] {
            assert_eq!(*without_ring(&ring), chain(0));
        }
        let big =
            |last: u8| [&b"MM\0+\0\x08\0\0\0\0\0\0\0\0\0\x10"[..], &[0; 8], &[0, 0, 0, 0, 0, 0, 0, last]].concat();
        assert!(matches!(without_ring(&big(0)), Cow::Borrowed(_)));
        assert_eq!(*without_ring(&big(16)), big(0));
    }
}
