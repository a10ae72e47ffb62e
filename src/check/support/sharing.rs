//! Which pages of different packets are one and the same.

use crate::model::likeness::{Named, PacketPrint, PagePrint};
use crate::model::material::Material;

use super::likeness::common;
use super::prints::{is_personal, reads};

/// How two packets hold one page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sharing {
    /// It is the first packet's applicant's; the second's is nowhere named in the document.
    OfFirst,
    OfSecond,
    /// It may be, but joint work or a misread name would explain it as well.
    PerhapsOfFirst,
    PerhapsOfSecond,
    /// One scan in both packets, and whose it is cannot be told.
    SameScan,
    /// Two certificates of one number, each in its applicant's name.
    SameNumber,
}

/// A page that two packets hold: indices of packets and of their prints; the first packet comes before the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shared {
    pub(crate) first: (usize, usize),
    pub(crate) second: (usize, usize),
    pub(crate) sharing: Sharing,
}

/// Fewer pairs of characters are a heading or an empty form.
const LEAST_PAIRS: usize = 40;
/// Share of pairs that two readings of one page have in common; forms filled in for two people share less or bear
/// other numbers.
const SAME_TEXT: f32 = 0.75;
const SAME_NUMBERS: f32 = 0.6;
/// What more pages than this have in common is printed on their forms.
const RARE_PAGES: usize = 12;
/// Pairs of characters by which a page is looked for.
const SOUGHT_PAIRS: usize = 128;
/// Rare things in common without which two pages are not compared.
const LEAST_COMMON: usize = 2;
/// Numbers of these are given out once.
const NUMBERED: [Material; 5] = [
    Material::IdentityCard,
    Material::EducationCertificate,
    Material::DegreeCertificate,
    Material::EducationVerification,
    Material::QualificationCertificate,
];

/// The candidates that are one and the same page, sorted. Only their prints are looked at.
pub(crate) fn shared(packets: &[&PacketPrint], candidates: &[(Spot, Spot)]) -> Vec<Shared> {
    let mut found: Vec<Shared> = candidates
        .iter()
        .filter_map(|&(first, second)| {
            let (p, q) = (packets[first.0], packets[second.0]);
            let sharing = sharing((p, &p.pages[first.1]), (q, &q.pages[second.1]))?;
            Some(Shared { first, second, sharing })
        })
        .collect();
    found.sort_by_key(|s| (s.first, s.second));
    found
}

/// A packet and the place of a page among its prints.
pub(crate) type Spot = (usize, usize);

/// Something on a page by which it is looked for in other packets: kind and value.
pub(crate) type Feature = (u8, u64);

/// Equal pixels.
const PIXELS: u8 = 0;
/// A certificate's number.
const SERIAL: u8 = 3;

/// What a page is looked for by.
pub(crate) fn features(page: &PagePrint) -> impl Iterator<Item = Feature> {
    let pairs = page.pairs.iter().take(SOUGHT_PAIRS).map(|p| (1, u64::from(*p)));
    let numbers = page.numbers.iter().map(|h| (2, u64::from(*h)));
    let serials = page.serials.iter().map(|h| (SERIAL, u64::from(*h)));
    std::iter::once((PIXELS, page.exact)).chain(pairs).chain(numbers).chain(serials)
}

/// Pairs counted in one go; more are thinned out first, as most pages have but one rare thing in common by chance.
const MET_AT_ONCE: usize = 8 << 20;

/// Pages of different packets worth comparing: with the same pixels, or with rare pairs or numbers in common. The
/// features are sorted by kind and value, then by spot. Holds no more of them than those of one value.
///
/// # Errors
/// The first among the features.
pub(crate) fn candidates<E>(
    features: impl Iterator<Item = Result<(Feature, Spot), E>>,
) -> Result<Vec<(Spot, Spot)>, E> {
    let mut met: Vec<(Spot, Spot)> = Vec::new();
    let mut thin_at = MET_AT_ONCE;
    let mut group: Vec<Spot> = Vec::new();
    let mut of = None;
    for feature in features {
        let (what, spot) = feature?;
        if of != Some(what) {
            meet(of, &group, &mut met);
            group.clear();
            of = Some(what);
            if met.len() >= thin_at {
                thin(&mut met);
                thin_at = MET_AT_ONCE.max(2 * met.len());
            }
        }
        // Of a value that is not rare it is enough to know that.
        if group.len() <= RARE_PAGES {
            group.push(spot);
        }
    }
    meet(of, &group, &mut met);
    met.sort_unstable();
    Ok(met.chunk_by(|a, b| a == b).filter(|g| g.len() >= LEAST_COMMON).map(|g| g[0]).collect())
}

fn meet(of: Option<Feature>, group: &[Spot], met: &mut Vec<(Spot, Spot)>) {
    let Some((kind, value)) = of.filter(|_| group.len() <= RARE_PAGES) else { return };
    // Equal pixels or a certificate's number are reason enough.
    let times = if (kind == PIXELS && value != 0) || kind == SERIAL { LEAST_COMMON } else { 1 };
    for (i, a) in group.iter().enumerate() {
        for b in group[i + 1..].iter().filter(|b| b.0 != a.0) {
            met.extend(std::iter::repeat_n((*a, *b), times));
        }
    }
}

/// Leaves of each pair as many as count.
fn thin(met: &mut Vec<(Spot, Spot)>) {
    met.sort_unstable();
    let mut times = 0;
    let mut last = None;
    met.retain(|pair| {
        times = if last == Some(*pair) { times + 1 } else { 1 };
        last = Some(*pair);
        times <= LEAST_COMMON
    });
}

fn sharing((pp, p): (&PacketPrint, &PagePrint), (qq, q): (&PacketPrint, &PagePrint)) -> Option<Sharing> {
    // Two packets of one applicant, or a page that both had a part in.
    let one_person = pp.name.is_some() && pp.name == qq.name;
    if one_person
        || (p.document_names == Named::Yes && q.document_names == Named::Yes && !two_of_a_number(pp, p, qq, q))
    {
        return None;
    }
    let identical = p.exact == q.exact && p.exact != 0;
    if !identical && !same_text(p, q) {
        return two_of_a_number(pp, p, qq, q).then_some(Sharing::SameNumber);
    }
    let personal = is_personal(p.material) && is_personal(q.material);
    let of = |owner: &PacketPrint, theirs: &PagePrint, other: &PagePrint| {
        theirs.page_names == Named::Yes && (identical || reads(other, owner.name.as_deref()))
    };
    if of(pp, p, q) && q.document_names != Named::Yes {
        let sure = personal && q.document_names == Named::No;
        return Some(if sure { Sharing::OfFirst } else { Sharing::PerhapsOfFirst });
    }
    if of(qq, q, p) && p.document_names != Named::Yes {
        let sure = personal && p.document_names == Named::No;
        return Some(if sure { Sharing::OfSecond } else { Sharing::PerhapsOfSecond });
    }
    if two_of_a_number(pp, p, qq, q) {
        return Some(Sharing::SameNumber);
    }
    // Forms that were made by one program and left empty have the same pixels, too.
    (identical && p.scanned && q.scanned).then_some(Sharing::SameScan)
}

fn same_text(p: &PagePrint, q: &PagePrint) -> bool {
    let numbered = p.numbers.len().min(q.numbers.len()) >= 2;
    p.pairs.len().min(q.pairs.len()) >= LEAST_PAIRS
        && common(&p.pairs, &q.pairs) >= SAME_TEXT
        && numbered
        && common(&p.numbers, &q.numbers) >= SAME_NUMBERS
}

/// Each in its own applicant's name only, under one number.
fn two_of_a_number(pp: &PacketPrint, p: &PagePrint, qq: &PacketPrint, q: &PagePrint) -> bool {
    NUMBERED.contains(&p.material)
        && p.material == q.material
        && p.page_names == Named::Yes
        && q.page_names == Named::Yes
        && !reads(p, qq.name.as_deref())
        && !reads(q, pp.name.as_deref())
        && p.serials.iter().any(|n| q.serials.contains(n))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(features: &[(Feature, Spot)]) -> Vec<(Spot, Spot)> {
        let mut sorted = features.to_vec();
        sorted.sort_unstable();
        candidates(sorted.into_iter().map(Ok::<_, ()>)).expect("no error among them")
    }

    #[test]
    fn rare_things_in_common_make_a_candidate() {
        let (a, b) = ((0, 3), (5, 1));
        assert_eq!(found(&[((1, 7), a), ((1, 7), b)]), [], "one thing is chance");
        assert_eq!(found(&[((1, 7), a), ((1, 7), b), ((2, 7), a), ((2, 7), b)]), [(a, b)]);
        assert_eq!(found(&[((3, 7), a), ((3, 7), b)]), [(a, b)], "a certificate's number is enough");
        assert_eq!(found(&[((0, 7), a), ((0, 7), b)]), [(a, b)], "so are pixels");
        assert_eq!(found(&[((0, 0), a), ((0, 0), b)]), [], "but not where there are none");
        assert_eq!(found(&[((3, 7), a), ((3, 7), (0, 4))]), [], "one packet's pages");
        let many: Vec<_> = (0..=RARE_PAGES).map(|n| ((3, 7), (n, 0))).collect();
        assert_eq!(found(&many), []);
        assert_eq!(found(&many[1..]).len(), RARE_PAGES * (RARE_PAGES - 1) / 2);
    }

    #[test]
    fn thinning_changes_no_candidate() {
        let pair = |n: usize| ((n, 0), (n + 1, 0));
        let mut met: Vec<_> = [3, 1, 3, 2, 3, 1].map(pair).to_vec();
        thin(&mut met);
        assert_eq!(met, [1, 1, 2, 3, 3].map(pair));
    }
}
