//! Packets in parallel, page by page; each packet is judged as soon as its last page is in.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use super::changed::changed;
use super::evidence::{Evidence, Source};
use super::history::History;
use super::kept::Kept;
use super::packet::{JudgedPacket, ObservedPacket, judge};
use super::patience::{Patience, give_up, given_up};
use super::progress::Progress;
use crate::cache::{Cache, ContentHash, Stamp, hash_file};
use crate::discover::DiscoverError;
use crate::model::packet::{Document, DocumentKind, Packet, PageRecord, UnreadableFile};
use crate::model::page::{PageFacts, Unreadable};
use crate::model::report::ApplicantReport;
use crate::pack::rules::RulePack;
use crate::worker::{Pool, Stages, WorkerError};

/// Why a batch could not be run at all.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error(transparent)]
    Worker(#[from] WorkerError),
    #[error(transparent)]
    Discover(#[from] DiscoverError),
    #[error("无法建立 {0} 个并行线程：{1}。请用 --jobs 减少并行数。")]
    Threads(usize, String),
}

/// Everything a batch needs.
#[derive(Debug)]
pub struct Batch<'a> {
    pub packets: Vec<Packet>,
    /// Which of them are judged; the others are another machine's.
    pub mine: Vec<bool>,
    /// Of these very packets.
    pub history: &'a History,
    pub pack: &'a RulePack,
    pub pool: &'a Pool,
    pub cache: Option<&'a Cache>,
    /// Where pictures of pages go, where they are wanted.
    pub evidence: Option<&'a Evidence>,
    pub jobs: usize,
    /// Set from outside to stop after the pages in hand.
    pub stop: &'a AtomicBool,
}

/// How a batch ended.
#[derive(Debug, Default)]
pub struct Finished {
    /// Places of the packets that were judged, in order.
    pub judged: Vec<usize>,
    /// Folders of packets that an interruption left out.
    pub missing: Vec<String>,
    /// Pages read by a child; the others' facts came from the cache.
    pub pages_read: usize,
    /// Where the children's time went.
    pub stages: Stages,
}

/// Takes each packet's report as it is judged, with the packet's place among the packets and what the last stage needs.
pub type Sink<'a> = &'a (dyn Fn(usize, &ApplicantReport, &Kept) + Sync);

/// One document whose pages are known.
struct OpenDocument {
    hash: Option<ContentHash>,
    /// Taken before the hash: what is read of a file that was changed meanwhile belongs to no hash, and its pages may
    /// be of two states.
    stamp: Option<Stamp>,
    kind: DocumentKind,
    pages: u32,
}

/// A page to observe: packet, document, page (0-based).
type Job = (usize, usize, u32);

/// What the threads share.
struct Shared<'a> {
    batch: &'a Batch<'a>,
    opened: Vec<Vec<Result<OpenDocument, Unreadable>>>,
    records: Vec<Mutex<Vec<Option<PageRecord>>>>,
    /// Pages of each packet not yet observed.
    open_pages: Vec<AtomicUsize>,
    patience: Vec<Patience>,
    judged: Vec<AtomicBool>,
    failure: Mutex<Option<WorkerError>>,
    /// Nothing more can be observed.
    broken: AtomicBool,
    pages_read: AtomicUsize,
    stages: Mutex<Stages>,
}

impl Batch<'_> {
    /// Observes and judges every packet. `finished` is called, from any thread, as each packet is judged.
    ///
    /// # Errors
    /// When no child can be started or the threads cannot be made. A document or page that cannot be examined is
    /// no error: it is in the report.
    pub fn run(&self, progress: &dyn Progress, finished: Sink<'_>) -> Result<Finished, RunError> {
        let threads = rayon::ThreadPoolBuilder::new()
            .num_threads(self.jobs)
            .build()
            .map_err(|e| RunError::Threads(self.jobs, e.to_string()))?;
        let shared = self.open(&threads)?;
        let jobs = shared.jobs();
        progress.started(self.mine.iter().filter(|mine| **mine).count(), jobs.len());
        for (index, open) in shared.open_pages.iter().enumerate() {
            if self.is_mine(index) && open.load(Ordering::Acquire) == 0 {
                shared.close(index, progress, finished);
            }
        }
        // Threads take the next page in order, so that packets finish one after the other and an interruption
        // leaves as many whole ones as possible.
        let next = AtomicUsize::new(0);
        threads.broadcast(|_| {
            while !self.stop.load(Ordering::Relaxed) && !shared.broken.load(Ordering::Relaxed) {
                let Some(&job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) else { return };
                if !shared.observe(job, progress, finished) {
                    return;
                }
            }
        });
        shared.finish()
    }

    fn is_mine(&self, at: usize) -> bool {
        self.mine.get(at).is_some_and(|mine| *mine)
    }

    /// Counts every document's pages.
    fn open<'a>(&'a self, threads: &rayon::ThreadPool) -> Result<Shared<'a>, RunError> {
        let all: Vec<(usize, usize)> = self
            .packets
            .iter()
            .enumerate()
            .flat_map(|(p, packet)| (0..packet.documents.len()).map(move |d| (p, d)))
            .collect();
        let slots: Vec<OnceLock<Result<OpenDocument, Unreadable>>> = all.iter().map(|_| OnceLock::new()).collect();
        let patience: Vec<Patience> = self.packets.iter().map(|_| Patience::default()).collect();
        let failure = Mutex::new(None);
        let broken = AtomicBool::new(false);
        let next = AtomicUsize::new(0);
        threads.broadcast(|_| {
            while !self.stop.load(Ordering::Relaxed) && !broken.load(Ordering::Relaxed) {
                let i = next.fetch_add(1, Ordering::Relaxed);
                let Some(&(p, d)) = all.get(i) else { return };
                if patience[p].is_out(d) {
                    let _ = slots[i].set(Err(given_up()));
                    continue;
                }
                match self.open_document(&self.packets[p].documents[d]) {
                    Ok(opened) => {
                        patience[p].note(d, &opened);
                        let _ = slots[i].set(opened);
                    }
                    Err(e) => {
                        failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(e);
                        broken.store(true, Ordering::Relaxed);
                    }
                }
            }
        });
        if let Some(e) = failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
            return Err(e.into());
        }
        let mut slots = slots.into_iter();
        let mut opened: Vec<Vec<_>> = self
            .packets
            .iter()
            .map(|p| slots.by_ref().take(p.documents.len()).map(OnceLock::into_inner).collect::<Option<Vec<_>>>())
            // An interruption while counting: the packet is among the missing.
            .map(Option::unwrap_or_default)
            .collect();
        opened.iter_mut().for_each(|documents| give_up(documents.iter_mut()));
        let counts: Vec<usize> =
            opened.iter().map(|docs| docs.iter().flatten().map(|d| d.pages as usize).sum()).collect();
        Ok(Shared {
            batch: self,
            records: counts.iter().map(|&n| Mutex::new(vec![None; n])).collect(),
            open_pages: counts.into_iter().map(AtomicUsize::new).collect(),
            patience: self.packets.iter().map(|_| Patience::default()).collect(),
            judged: self.packets.iter().map(|_| AtomicBool::new(false)).collect(),
            opened,
            failure: Mutex::new(None),
            broken: AtomicBool::new(false),
            pages_read: AtomicUsize::new(0),
            stages: Mutex::new(Stages::default()),
        })
    }

    fn open_document(&self, document: &Document) -> Result<Result<OpenDocument, Unreadable>, WorkerError> {
        let kind = match &document.kind {
            Ok(kind) => *kind,
            Err(why) => return Ok(Err(why.clone())),
        };
        let stamp = Stamp::of(&document.path).ok();
        let named = self.cache.is_some() || self.evidence.is_some();
        let hash = match named.then(|| hash_file(&document.path)).transpose() {
            Ok(hash) => hash,
            Err(e) => return Ok(Err(Unreadable::io(&e))),
        };
        let known = self.cache.zip(hash.as_ref()).and_then(|(c, h)| c.page_count(h));
        let pages = match known {
            Some(pages) => Ok(pages),
            None => self.pool.count_pages(&document.path, kind)?,
        };
        if let (Some(cache), Some(hash), Ok(pages), None) = (self.cache, &hash, &pages, known)
            && stamp == Stamp::of(&document.path).ok()
        {
            cache.store_page_count(hash, *pages);
        }
        Ok(pages.map(|pages| OpenDocument { hash, stamp, kind, pages }))
    }
}

impl Shared<'_> {
    fn jobs(&self) -> Vec<Job> {
        let mut jobs = Vec::new();
        for (p, docs) in self.opened.iter().enumerate() {
            for (d, doc) in docs.iter().enumerate() {
                if let Ok(doc) = doc {
                    jobs.extend((0..doc.pages).map(|page| (p, d, page)));
                }
            }
        }
        jobs
    }

    /// Observes one page; judges the packet when it was the last. False: nothing more can be observed.
    fn observe(&self, (p, d, page): Job, progress: &dyn Progress, finished: Sink<'_>) -> bool {
        let document = &self.batch.packets[p].documents[d];
        let Ok(opened) = &self.opened[p][d] else { return true };
        let before: usize = self.opened[p][..d].iter().flatten().map(|o| o.pages as usize).sum();
        let at = before + page as usize;
        let cached = self.batch.cache.zip(opened.hash.as_ref()).and_then(|(c, h)| c.page(h, page));
        let read = cached.is_none();
        let facts = match cached {
            Some(facts) => Ok(facts),
            None if self.patience[p].is_out(at) => Err(given_up()),
            None => match self.read(&document.path, opened, page) {
                Ok(facts) => facts,
                Err(e) => {
                    self.failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(e);
                    self.broken.store(true, Ordering::Relaxed);
                    return false;
                }
            },
        };
        self.patience[p].note(at, &facts);
        let record = PageRecord { file: document.file.clone(), page: page + 1, facts };
        self.records[p].lock().unwrap_or_else(PoisonError::into_inner)[at] = Some(record);
        progress.page(read);
        if self.open_pages[p].fetch_sub(1, Ordering::AcqRel) == 1 {
            self.close(p, progress, finished);
        }
        true
    }

    fn read(
        &self,
        path: &Path,
        opened: &OpenDocument,
        page: u32,
    ) -> Result<Result<PageFacts, Unreadable>, WorkerError> {
        let evidence = self.batch.evidence.zip(opened.hash.as_ref());
        let thumb = evidence.and_then(|(e, hash)| e.thumb_wanted(hash, page, self.batch.cache));
        let observed = self.batch.pool.observe(path, opened.kind, page, thumb.as_deref())?;
        // A child that died may have left half a picture.
        if let (Ok(_), Some((evidence, hash)), Some(thumb)) = (&observed, evidence, &thumb) {
            evidence.take_thumb(thumb, hash, page, self.batch.cache);
        }
        self.pages_read.fetch_add(1, Ordering::Relaxed);
        Ok(observed.map(|(facts, stages)| {
            self.stages.lock().unwrap_or_else(PoisonError::into_inner).add(stages);
            if let (Some(cache), Some(hash)) = (self.batch.cache, &opened.hash)
                && opened.stamp == Stamp::of(path).ok()
            {
                cache.store_page(hash, page, &facts);
            }
            facts
        }))
    }

    /// Judges a packet all of whose pages are in.
    fn close(&self, p: usize, progress: &dyn Progress, finished: Sink<'_>) {
        let packet = &self.batch.packets[p];
        if self.opened[p].len() != packet.documents.len() {
            return;
        }
        let pages = std::mem::take(&mut *self.records[p].lock().unwrap_or_else(PoisonError::into_inner));
        let mut pages: Vec<PageRecord> = pages.into_iter().flatten().collect();
        give_up(pages.iter_mut().map(|page| &mut page.facts));
        let unreadable = packet
            .documents
            .iter()
            .zip(&self.opened[p])
            .filter_map(|(document, opened)| {
                let reason = opened.as_ref().err()?.clone();
                Some(UnreadableFile { file: document.file.clone(), reason })
            })
            .collect();
        let past = self.batch.history.of(p, packet);
        let JudgedPacket { mut report, print, record, scene } = judge(
            ObservedPacket { folder: packet.folder.clone(), applicant: packet.applicant.clone(), pages, unreadable },
            self.batch.pack,
            past,
        );
        for (document, opened) in packet.documents.iter().zip(&self.opened[p]) {
            let Ok(opened) = opened else { continue };
            let named = (packet.folder.as_str(), document.file.as_str());
            report.not_examined.extend(changed(named, &document.path, opened.stamp.as_ref(), opened.hash.as_ref()));
        }
        self.picture(p, &mut report);
        finished(p, &report, &Kept::new(print, record, scene, past));
        self.judged[p].store(true, Ordering::Release);
        progress.packet(&packet.folder);
    }

    fn picture(&self, p: usize, report: &mut ApplicantReport) {
        let Some(evidence) = self.batch.evidence else { return };
        let documents = self.batch.packets[p].documents.iter().zip(&self.opened[p]);
        let sources = documents.filter_map(|(document, opened)| {
            let opened = opened.as_ref().ok()?;
            let source = Source { path: &document.path, kind: opened.kind, hash: opened.hash.as_ref()? };
            Some((document.file.as_str(), source))
        });
        evidence.picture(report, &sources.collect(), self.batch.pool, self.batch.cache);
    }

    fn finish(self) -> Result<Finished, RunError> {
        if let Some(e) = self.failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
            return Err(e.into());
        }
        let mut done = Finished {
            pages_read: self.pages_read.into_inner(),
            stages: self.stages.into_inner().unwrap_or_else(PoisonError::into_inner),
            ..Finished::default()
        };
        let judged = self.judged.into_iter().map(AtomicBool::into_inner);
        for (at, (packet, judged)) in self.batch.packets.iter().zip(judged).enumerate() {
            match judged {
                true => done.judged.push(at),
                false if self.batch.is_mine(at) => done.missing.push(packet.folder.clone()),
                false => {}
            }
        }
        Ok(done)
    }
}
