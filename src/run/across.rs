//! The stage after the last packet: what packets have in common, wherever they were judged.

use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::de::DeserializeOwned;

use super::kept::Scened;
use crate::check::shared_page::{self, SharedFinding, Spot};
use crate::model::finding::{CheckId, Status};
use crate::model::likeness::PacketPrint;
use crate::model::report::{NotExamined, ReportedFinding};
use crate::model::round::Remembered;
use crate::round::{self, Found, Part, Settled};
use crate::shard::{Feature, Lines, Store};

/// What only the comparison of packets shows.
#[derive(Debug, Default)]
pub struct Across {
    /// Findings, and what became of the last round's, by the packet's place, where there is any.
    pub later: BTreeMap<usize, Settled>,
    /// Our own fault stopped the comparison.
    pub not_examined: Option<NotExamined>,
}

/// Compares the packets of all parts. Holds in memory the prints of those only that may share a page.
///
/// # Errors
/// Where what was kept of them cannot be read.
pub fn across(parts: &mut [&mut Store], pack: &str) -> io::Result<Across> {
    let candidates = candidates(parts)?;
    let parts: Vec<&Store> = parts.iter().map(|part| &**part).collect();
    let mut whole = BTreeSet::new();
    let mut was_shared = BTreeSet::new();
    let mut part_of = BTreeMap::new();
    for (part, entry) in parts.iter().flat_map(|part| part.entries().map(move |entry| (*part, entry))) {
        part_of.insert(entry.at, part);
        if entry.seen {
            whole.insert(entry.origin.as_str());
        }
        if entry.was_shared {
            was_shared.insert(entry.at);
        }
    }
    let read = |at: usize, lines: Lines| part_of.get(&at).ok_or(io::ErrorKind::NotFound)?.get(at, lines);

    let prints = prints(&candidates, |at| parsed(&read(at, Lines::Print)?))?;
    let at_of: Vec<usize> = prints.keys().copied().collect();
    let index = |(at, page): Spot| (at_of.binary_search(&at).unwrap_or_default(), page);
    let pairs: Vec<(Spot, Spot)> = candidates.iter().map(|(a, b)| (index(*a), index(*b))).collect();
    let packets: Vec<&PacketPrint> = prints.values().collect();
    let found = catch_unwind(AssertUnwindSafe(|| shared_page::among(&packets, &pairs)));
    let compared = found.is_ok();
    let mut found_in: BTreeMap<usize, Vec<Found>> = BTreeMap::new();
    for shared in found.unwrap_or_default() {
        found_in.entry(at_of[shared.packet]).or_default().push(reported(&shared, packets[shared.packet], pack));
    }

    let part = |r: &Remembered| match r.finding.check {
        // What is shared can be seen only with both packets at hand.
        CheckId::SharedPage if compared && shared_page::other(&r.key).is_some_and(|o| whole.contains(o)) => {
            Part::Judged
        }
        CheckId::SharedPage => Part::Unjudged,
        _ => Part::None,
    };
    let mut out = Across::default();
    was_shared.extend(found_in.keys());
    for at in was_shared {
        let Scened { scene, before } = parsed(&read(at, Lines::Scene)?)?;
        let settled = round::settle(before.as_ref(), found_in.remove(&at).unwrap_or_default(), &scene, part);
        if !settled.remembered.is_empty() || !settled.past.is_empty() {
            out.later.insert(at, settled);
        }
    }
    out.not_examined = (!compared).then(|| NotExamined {
        applicant: String::new(),
        file: String::new(),
        page: None,
        reason: "比较各份申报材料时程序内部出错，检查项“多人共用页”未完成，请人工检查这一项".to_owned(),
    });
    Ok(out)
}

/// Pages that may be one, from the features of all parts, which each part has sorted.
fn candidates(parts: &mut [&mut Store]) -> io::Result<Vec<(Spot, Spot)>> {
    let streams: io::Result<Vec<_>> = parts.iter_mut().map(|part| part.features()).collect();
    shared_page::candidates(Merged::new(streams?)?.map(|feature| feature.map(|f| (f.what(), f.spot()))))
}

/// Several sorted streams as one.
struct Merged<I> {
    streams: Vec<I>,
    /// The next of each stream, the least on top.
    next: BinaryHeap<std::cmp::Reverse<(Feature, usize)>>,
    failed: Option<io::Error>,
}

impl<I: Iterator<Item = io::Result<Feature>>> Merged<I> {
    fn new(mut streams: Vec<I>) -> io::Result<Self> {
        let mut next = BinaryHeap::new();
        for (i, stream) in streams.iter_mut().enumerate() {
            if let Some(feature) = stream.next() {
                next.push(std::cmp::Reverse((feature?, i)));
            }
        }
        Ok(Self { streams, next, failed: None })
    }
}

impl<I: Iterator<Item = io::Result<Feature>>> Iterator for Merged<I> {
    type Item = io::Result<Feature>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(e) = self.failed.take() {
            self.next.clear();
            return Some(Err(e));
        }
        let mut top = self.next.peek_mut()?;
        let std::cmp::Reverse((feature, i)) = *top;
        match self.streams[i].next() {
            // Put in place of the one taken: the heap is set right once, not twice.
            Some(Ok(following)) => *top = std::cmp::Reverse((following, i)),
            Some(Err(e)) => {
                self.failed = Some(e);
                std::collections::binary_heap::PeekMut::pop(top);
            }
            None => {
                std::collections::binary_heap::PeekMut::pop(top);
            }
        }
        Some(Ok(feature))
    }
}

/// The prints of the packets that have candidates, the other pages' without what is compared.
fn prints(
    candidates: &[(Spot, Spot)],
    read: impl Fn(usize) -> io::Result<PacketPrint>,
) -> io::Result<BTreeMap<usize, PacketPrint>> {
    let mut wanted: Vec<Spot> = candidates.iter().flat_map(|(a, b)| [*a, *b]).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let mut out = BTreeMap::new();
    for spots in wanted.chunk_by(|a, b| a.0 == b.0) {
        let at = spots[0].0;
        let mut print = read(at)?;
        if spots.iter().any(|(_, page)| *page >= print.pages.len()) {
            return Err(io::ErrorKind::InvalidData.into());
        }
        for (i, page) in print.pages.iter_mut().enumerate() {
            if spots.binary_search(&(at, i)).is_err() {
                (page.pairs, page.numbers, page.serials) = (Vec::new(), Vec::new(), Vec::new());
            } else {
                page.pairs.shrink_to_fit();
            }
        }
        out.insert(at, print);
    }
    Ok(out)
}

fn parsed<T: DeserializeOwned>(line: &[u8]) -> io::Result<T> {
    serde_json::from_slice(line).map_err(Into::into)
}

fn reported(shared: &SharedFinding, packet: &PacketPrint, pack: &str) -> Found {
    let (page, f) = (&packet.pages[shared.page], &shared.finding);
    let finding = ReportedFinding {
        id: String::new(),
        applicant: packet.folder.clone(),
        check: f.check,
        verdict: f.verdict,
        severity: f.severity,
        status: Status::New,
        material: f.material,
        file: Some(page.file.clone()),
        page: Some(page.page),
        printed_page: page.printed_page,
        rect: None,
        seen: f.seen.clone(),
        required: f.required.clone(),
        clause: f.clause.clone(),
        pack: pack.to_owned(),
        confidence: f.confidence,
        message: f.message.clone(),
        suggestion: f.suggestion.clone(),
    };
    // The other applicant and the material name it, wherever the page is.
    Found { finding, key: f.key.clone(), pages: Vec::new() }
}
