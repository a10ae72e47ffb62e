//! The page number printed (or stamped) in a page's margin.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::page::PageFacts;

/// Numbers stand in the outer bands of the page; a table's last row hardly reaches so far down.
const BOTTOM_BAND: f32 = 0.90;
const TOP_BAND: f32 = 0.07;
/// A doubtful digit would name another page.
const LEAST_CONFIDENCE: f32 = 0.6;

static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[-—–·.~\s]*第?\s*(\d{1,4})\s*页?\s*(?:[,，/／]?\s*共?\s*\d{1,4}\s*页?)?[-—–·.~\s]*$")
        .expect("a valid pattern")
});

/// The printed page number, if the page bears one: alone on its line, in the bottom band before the top band.
#[must_use]
pub fn printed_page(page: &PageFacts) -> Option<u32> {
    let numbered = |wanted: &dyn Fn(f32) -> bool| {
        page.lines
            .iter()
            .filter(|l| !l.vertical && l.confidence >= LEAST_CONFIDENCE && wanted(l.rect.centre().1))
            .filter_map(|l| NUMBER.captures(l.text.trim())?.get(1)?.as_str().parse().ok())
            .next_back()
    };
    numbered(&|y| y > BOTTOM_BAND).or_else(|| numbered(&|y| y < TOP_BAND)).filter(|n| *n > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_number_alone_is_a_page_number() {
        let cases = [
            ("12", Some("12")),
            ("- 3 -", Some("3")),
            ("— 17 —", Some("17")),
            ("第 5 页", Some("5")),
            ("第5页 共40页", Some("5")),
            ("5/40", Some("5")),
            ("2024年11月", None),
            ("2024.11", None),
            ("电话 3025", None),
            ("共40份", None),
        ];
        for (text, number) in cases {
            let found = NUMBER.captures(text).and_then(|c| c.get(1)).map(|m| m.as_str());
            assert_eq!(found, number, "{text}");
        }
    }
}
