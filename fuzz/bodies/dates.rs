//! Dates are read as they are written, and exist.

use material_audit::check::grammar::{days, month_alone, periods};

pub(crate) fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for ((told, first, last), rest) in days(&text) {
        assert!(first <= last && first.year() == last.year(), "{told}: {first} to {last}");
        assert!(rest.len() < text.len(), "what is left is less: {rest:?} of {text:?}");
        let again = days(&told);
        assert_eq!(again.len(), 1, "{told} of {text:?}");
        assert_eq!(again[0].0, (told, first, last), "{text:?}");
    }
    if let Some((told, first, last)) = month_alone(&text) {
        assert_eq!(days(&told).into_iter().map(|d| d.0).collect::<Vec<_>>(), [(told, first, last)]);
    }
    for (from, to, open) in periods(&text) {
        assert!(!(open && to.is_some()), "what goes on has no end: {text:?}");
        for (told, [month_exists, _], [first, last]) in std::iter::once(from).chain(to) {
            if month_exists {
                assert!(first <= last, "{told}: {first} to {last}");
            }
            let again = periods(&told);
            assert_eq!(again.len(), 1, "{told} of {text:?}");
            assert_eq!(again[0].0.0, told, "{text:?}");
        }
    }
}
