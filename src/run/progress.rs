//! What a run tells while it goes on. Only the caller knows whether there is a terminal.

/// Called from several threads.
pub trait Progress: Sync {
    /// The batch's size is known.
    fn started(&self, packets: usize, pages: usize);
    /// One page is done; `read` is false when its facts came from the cache.
    fn page(&self, read: bool);
    /// One packet is judged.
    fn packet(&self, folder: &str);
}

/// Says nothing.
#[derive(Debug, Clone, Copy)]
pub struct Silent;

impl Progress for Silent {
    fn started(&self, _packets: usize, _pages: usize) {}
    fn page(&self, _read: bool) {}
    fn packet(&self, _folder: &str) {}
}
