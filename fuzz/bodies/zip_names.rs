//! Names in archives and of folders: no name leads out, and two never become one.

use material_audit::discover::member_name;
use material_audit::report::safe_name;

pub(crate) fn check(data: &[u8]) {
    let (inside, safe) = member_name(data);
    let name = inside.strip_suffix('/').unwrap_or(&inside);
    assert!(!inside.contains('\\'), "{inside:?}");
    assert!(name.is_empty() || name.split('/').all(|part| !matches!(part, "" | "." | "..")), "{inside:?}");
    let drive = |n: &str| n.as_bytes().get(1) == Some(&b':') && n.as_bytes()[0].is_ascii_alphabetic();
    assert!(!drive(name), "{inside:?}");
    assert_eq!(member_name(inside.as_bytes()), (inside.clone(), true), "what is inside stays");
    if safe && !data.contains(&b'\\') && std::str::from_utf8(data).is_ok() {
        let kept = |n: &str| n.split('/').filter(|p| !matches!(*p, "" | ".")).map(str::len).sum::<usize>();
        assert_eq!(kept(&inside), kept(std::str::from_utf8(data).expect("checked")), "nothing else is lost");
    }

    let text = String::from_utf8_lossy(data);
    let (one, other) = text.split_once('\n').unwrap_or((&text, ""));
    let made = safe_name(one);
    assert!(!made.is_empty() && made.len() <= 220, "{made:?}");
    let path = std::path::Path::new(&made);
    assert_eq!(path.components().count(), 1, "{made:?}");
    assert_eq!(path.file_name().and_then(|n| n.to_str()), Some(made.as_str()), "{made:?}");
    assert!(!made.contains(|c: char| c.is_control() || "<>:\"/\\|?*".contains(c)), "{made:?}");
    assert!(!made.ends_with([' ', '.']), "{made:?}");
    let stem = made.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
    assert!(!["con", "prn", "aux", "nul", "com1", "lpt9"].contains(&stem.as_str()), "{made:?}");
    if one != other {
        assert_ne!(made, safe_name(other), "{one:?} and {other:?}");
    }
}
