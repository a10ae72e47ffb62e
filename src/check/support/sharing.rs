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

/// All pages that two packets share, sorted.
pub(crate) fn shared(packets: &[&PacketPrint]) -> Vec<Shared> {
    let mut found: Vec<Shared> = candidates(packets)
        .into_iter()
        .filter_map(|(first, second)| {
            let (p, q) = (packets[first.0], packets[second.0]);
            let sharing = sharing((p, &p.pages[first.1]), (q, &q.pages[second.1]))?;
            Some(Shared { first, second, sharing })
        })
        .collect();
    found.sort_by_key(|s| (s.first, s.second));
    found
}

type Spot = (usize, usize);

/// Pages of different packets worth comparing: with the same pixels, or with rare pairs or numbers in common.
fn candidates(packets: &[&PacketPrint]) -> Vec<(Spot, Spot)> {
    let spots: Vec<Spot> =
        packets.iter().enumerate().flat_map(|(k, p)| (0..p.pages.len()).map(move |i| (k, i))).collect();
    let mut features: Vec<(u8, u64, u32)> = Vec::new();
    for (n, (k, i)) in spots.iter().enumerate() {
        let (page, n) = (&packets[*k].pages[*i], n as u32);
        features.push((0, page.exact, n));
        features.extend(page.pairs.iter().take(SOUGHT_PAIRS).map(|p| (1, u64::from(*p), n)));
        features.extend(page.numbers.iter().map(|h| (2, u64::from(*h), n)));
        features.extend(page.serials.iter().map(|h| (3, u64::from(*h), n)));
    }
    features.sort_unstable();
    let mut met: Vec<(u32, u32)> = Vec::new();
    for group in features.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let pixels = group[0].0 == 0 && group[0].1 != 0;
        if group.len() > RARE_PAGES {
            continue;
        }
        for (i, a) in group.iter().enumerate() {
            for b in &group[i + 1..] {
                if spots[a.2 as usize].0 != spots[b.2 as usize].0 {
                    // Equal pixels or a certificate's number are reason enough.
                    let times = if pixels || group[0].0 == 3 { LEAST_COMMON } else { 1 };
                    met.extend(std::iter::repeat_n((a.2, b.2), times));
                }
            }
        }
    }
    met.sort_unstable();
    met.chunk_by(|a, b| a == b)
        .filter(|g| g.len() >= LEAST_COMMON)
        .map(|g| (spots[g[0].0 as usize], spots[g[0].1 as usize]))
        .collect()
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
