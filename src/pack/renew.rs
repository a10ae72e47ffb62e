//! Next year's rule pack from an old one.

use regex::Regex;
use std::sync::LazyLock;

/// A line of a pack that names a year or a date, to be gone through when a new notice is out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dated {
    /// 1-based.
    pub line: usize,
    pub text: String,
}

/// The text of a pack under a new identifier, its version back at 1; everything else, comments too, stays.
#[must_use]
pub fn renewed(source: &str, id: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut in_tables = false;
    for line in source.lines() {
        in_tables |= line.trim_start().starts_with('[');
        let key = line.split('=').next().unwrap_or_default().trim();
        match key {
            "id" if !in_tables => out.push_str(&format!("id = \"{id}\"")),
            "version" if !in_tables => out.push_str("version = \"1\""),
            _ => out.push_str(line),
        }
        out.push('\n');
    }
    out
}

/// Lines that speak of a year: title, number, window, required years. Comments are left out.
#[must_use]
pub fn dated_lines(source: &str) -> Vec<Dated> {
    static YEAR: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(^|[^0-9])(19|20)[0-9]{2}([^0-9]|$)").expect("the pattern is sound"));
    source
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim_start().starts_with('#') && YEAR.is_match(line))
        .map(|(i, line)| Dated { line: i + 1, text: line.trim().to_owned() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::{load, parse, source};

    #[test]
    fn a_renewed_pack_is_the_old_one_under_its_new_name() {
        let old = load("yangquan-bigdata-2024").expect("a sound pack");
        let text = renewed(source("yangquan-bigdata-2024"), "yangquan-bigdata-2025");
        let new = parse("yangquan-bigdata-2025.toml", &text).expect("still sound");
        assert_eq!(new.id, "yangquan-bigdata-2025");
        assert_eq!((new.version.as_str(), &new.checks), ("1", &old.checks));
        assert_eq!(new.materials, old.materials);
    }

    #[test]
    fn an_id_inside_a_table_is_left_alone() {
        let text = "id = \"a\"\nversion = \"7\"\n[[form.place]]\nid = \"photo\"\n";
        assert_eq!(renewed(text, "b"), "id = \"b\"\nversion = \"1\"\n[[form.place]]\nid = \"photo\"\n");
    }

    #[test]
    fn years_are_pointed_out_numbers_are_not() {
        let lines = dated_lines("# 2024\nyear = 2024\ntitle = \"2024年度\"\nmin = 12024\nclause = \"一\"\n");
        assert_eq!(lines.iter().map(|d| d.line).collect::<Vec<_>>(), [2, 3]);
    }
}
