//! How much there is to read, without reading it.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use super::batch::RunError;
use crate::discover::Listing;
use crate::worker::Pool;

/// What a packet holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Surveyed {
    pub documents: usize,
    /// Of those documents that could be opened.
    pub pages: usize,
}

/// Opens every document of every packet and counts its pages; in the listing's order. `scratch`: where the listing
/// unpacks zips; what was unpacked goes as soon as it is counted. `None` where `stop` was raised.
///
/// # Errors
/// When no child can be started, the threads cannot be made, or `scratch` takes no more.
pub fn survey(
    listing: &Listing,
    pool: &Pool,
    jobs: usize,
    scratch: &Path,
    stop: &AtomicBool,
) -> Result<Option<Vec<Surveyed>>, RunError> {
    let threads = rayon::ThreadPoolBuilder::new()
        .num_threads(jobs)
        .build()
        .map_err(|e| RunError::Threads(jobs, e.to_string()))?;
    let found: Vec<OnceLock<Surveyed>> = listing.packets.iter().map(|_| OnceLock::new()).collect();
    let (next, failure) = (AtomicUsize::new(0), Mutex::new(None::<RunError>));
    threads.broadcast(|_| {
        while !stop.load(Ordering::Relaxed) {
            let i = next.fetch_add(1, Ordering::Relaxed);
            let Some(listed) = listing.packets.get(i) else { return };
            let packet = match listing.open(listed) {
                Ok((packet, _)) => packet,
                Err(e) => {
                    failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(e.into());
                    return;
                }
            };
            let mut surveyed = Surveyed { documents: packet.documents.len(), pages: 0 };
            for document in &packet.documents {
                let Ok(kind) = document.kind else { continue };
                match pool.count_pages(&document.path, kind) {
                    Ok(pages) => surveyed.pages += pages.unwrap_or(0) as usize,
                    Err(e) => {
                        failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(e.into());
                        return;
                    }
                }
                if document.path.starts_with(scratch) {
                    let _ = fs::remove_file(&document.path);
                }
            }
            let _ = found[i].set(surveyed);
        }
    });
    match failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(e) => Err(e),
        None => Ok(found.into_iter().map(OnceLock::into_inner).collect()),
    }
}
