//! Which of this round's findings is which of the last round's.
//!
//! A key names a place, but its ordinals (the second certificate, the third wrong date of a column) count what else is
//! there: they shift when a document is inserted or a neighbour mended. So findings are paired by what is known of the
//! place itself: the key, the page's text, the place on the page, what was seen.

use crate::model::finding::CheckId;
use crate::model::report::ReportedFinding;
use crate::model::round::Remembered;

use super::settle::{Found, Scene};
use super::text::likeness;

/// Two readings of one page are more alike than this, two pages of one kind of form are too: it only says "may be".
const ALIKE: f32 = 0.5;
/// A page less alike is another one.
const UNLIKE: f32 = 0.25;
/// Of the page: a scan may lie that far from the last one; a table's row is about as high.
const NEAR: f32 = 0.04;

/// How two keys of one check, material and clause agree.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Agreement {
    /// They are the same.
    Same,
    /// The same place of perhaps another document of its kind, or undecided now and decided then.
    SamePlace,
    /// Only ordinals and file names tell them apart.
    SameKind,
}

/// For each finding of this round the place among `before` of the one it continues.
pub(super) fn pair(before: &[&Remembered], now: &[Found], scene: &Scene) -> Vec<Option<usize>> {
    let mut pairs: Vec<(f32, usize, usize)> = Vec::new();
    for (b, old) in before.iter().enumerate() {
        let moved = scene.alike(&old.pages).filter(|(share, _)| *share >= ALIKE).map(|(share, _)| share);
        for (n, new) in now.iter().enumerate().filter(|(_, new)| is_comparable(old, new)) {
            if let Some(score) = score(old, new, moved) {
                pairs.push((score, b, n));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| (a.1, a.2).cmp(&(b.1, b.2))));
    let mut taken = vec![false; before.len()];
    let mut out = vec![None; now.len()];
    for (_, b, n) in pairs {
        if !taken[b] && out[n].is_none() {
            taken[b] = true;
            out[n] = Some(b);
        }
    }
    out
}

/// A run of pages that two old findings have become one in: neither is mended.
pub(super) fn is_part_of(old: &Remembered, new: &Found) -> bool {
    let (a, b) = (&old.finding, &new.finding);
    is_run(a.check)
        && a.check == b.check
        && a.seen == b.seen
        && likeness(&old.pages, &new.pages).is_some_and(|l| l >= ALIKE)
}

/// Checks that say of neighbouring pages that lie alike what they say of one.
const fn is_run(check: CheckId) -> bool {
    matches!(check, CheckId::PageOrientation | CheckId::ScanQuality)
}

/// One check and clause, and one material: but a run of pages that lie alike is named by its first page's, which may be
/// another page now.
fn is_comparable(old: &Remembered, new: &Found) -> bool {
    let (a, b) = (&old.finding, &new.finding);
    a.check == b.check && a.clause == b.clause && (a.material == b.material || is_run(a.check))
}

/// How sure it is that both are one; none where they are not. `moved`: how alike the old finding's page is to the page
/// of this round that is most like it, where one is.
fn score(old: &Remembered, new: &Found, moved: Option<f32>) -> Option<f32> {
    let alike = likeness(&old.pages, &new.pages);
    let seen = old.finding.seen == new.finding.seen;
    let near = match (old.finding.rect, new.finding.rect) {
        (Some(a), Some(b)) => Some(1.0 - ((a.x - b.x).abs().max((a.y - b.y).abs()) / NEAR)),
        _ => None,
    };
    let agreement = agreement(old, new)?;
    let possible = match agreement {
        Agreement::Same => {
            let elsewhere = counts(&new.key) && alike.is_some_and(|a| a < UNLIKE) && moved.is_some();
            let another = !seen && alike.is_some_and(|a| a >= ALIKE) && near.is_some_and(|n| n < 0.0);
            !elsewhere && !another
        }
        Agreement::SamePlace => alike.is_none_or(|a| a >= ALIKE),
        Agreement::SameKind => seen && alike.is_none_or(|a| a >= ALIKE) && old.pages.is_empty() == alike.is_none(),
    };
    let base = match agreement {
        Agreement::Same => 3.0,
        Agreement::SamePlace => 2.8,
        Agreement::SameKind => 1.5,
    };
    let score = base + 4.0 * alike.unwrap_or(0.4) + f32::from(u8::from(seen)) + near.unwrap_or(0.0).max(0.0) / 2.0;
    possible.then_some(score)
}

fn agreement(old: &Remembered, new: &Found) -> Option<Agreement> {
    if old.key == new.key {
        Some(Agreement::Same)
    } else if place(&old.key) == place(&new.key) {
        Some(Agreement::SamePlace)
    } else {
        (kind(&old.key, &old.finding) == kind(&new.key, &new.finding)).then_some(Agreement::SameKind)
    }
}

/// The key without the ordinals of documents, and without the mark of a finding that could not be decided.
pub(super) fn place(key: &str) -> String {
    const UNDECIDED: [&str; 3] = ["/review", "/unclear", "/unread"];
    let key = UNDECIDED.iter().find_map(|mark| key.strip_suffix(mark)).unwrap_or(key);
    let mut parts = key.split('#');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit()));
    }
    out
}

/// The key without its file's name and any number.
fn kind(key: &str, finding: &ReportedFinding) -> String {
    let place = place(key);
    let bare = match finding.file.as_deref() {
        Some(file) if !file.is_empty() => place.replace(file, "?"),
        _ => place,
    };
    bare.chars().filter(|c| !c.is_ascii_digit()).collect()
}

/// Whether the key counts documents or pages of its kind, so that it may name another one in the next round.
fn counts(key: &str) -> bool {
    key.contains('#') || key.rsplit('/').next().is_some_and(|end| end.parse::<u32>().is_ok())
}

/// A finding for review of this round at the place of an old one, which was not for review there before: the old one
/// is not mended, it can't be judged any more.
pub(super) fn is_clouded(old: &Remembered, new: &Found) -> bool {
    let of = |f: &ReportedFinding| (f.check, f.material, f.clause.clone());
    // Comparison of packets says other things of another packet.
    old.finding.check != CheckId::SharedPage
        && of(&old.finding) == of(&new.finding)
        && place(&old.key) == place(&new.key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_compared_without_what_shifts() {
        assert_eq!(place("review-form#1/unit-opinion/单位公章"), "review-form/unit-opinion/单位公章");
        assert_eq!(place("review-form#12/a#2/b/review"), "review-form/a/b");
        assert_eq!(place("review-form#1/起止时间/unclear"), "review-form/起止时间");
        assert!(counts("paper#2/size") && counts("扫描1.pdf/3"));
        assert!(!counts("packet") && !counts("评审材料/unnumbered"));
    }
}
