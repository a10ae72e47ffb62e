//! One small file per page under one folder, written to a temporary name and renamed.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::key::{ContentHash, hex};
use super::trim::{self, EXTENSION};
use crate::model::page::PageFacts;

/// Marks the folder for backup tools (bford.info/cachedir).
const CACHE_TAG: &str = "Signature: 8a477f597d28d172789f06886806bc55\n# material-audit page facts\n";
/// The first line of an entry is a checksum of the rest: a flipped byte is a miss, not a different fact.
const SUM_LEN: usize = 64;
/// Some 180,000 pages; a committee's year has fewer.
pub const DEFAULT_LIMIT: u64 = 4 << 30;
/// A use is noted by the entry's time of change, but not more often than this: which entries are old is told in days.
const NOTED_EVERY: Duration = Duration::from_secs(3600);
/// No page's facts and no picture come near; an entry that long is damaged.
const MOST_BYTES: u64 = 256 << 20;
const TAG: &str = "CACHEDIR.TAG";
/// The bound may be passed by this share before the folder is looked through again.
const SLACK: u64 = 16;

/// Why the cache folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CacheError {
    #[error("缓存文件夹 {folder} 无法使用：{cause}。请检查该文件夹的权限和磁盘空间，或加 --no-cache 运行。")]
    Unusable { folder: String, cause: io::Error },
    #[error(
        "文件夹 {0} 不像是本程序的缓存（里面没有完好的标记文件 CACHEDIR.TAG），没有删除任何文件。确认里面没有别的东西后，请自行删除这个文件夹。"
    )]
    Foreign(String),
}

/// What a cache folder holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    pub entries: usize,
    /// As they take on disk.
    pub bytes: u64,
}

/// Facts stored under `<root>/<how they were observed>/`. Several processes may use one folder: an entry is put in place
/// whole, the same key means the same facts, and a missing entry only costs reading the page.
#[derive(Debug)]
pub struct Cache {
    root: PathBuf,
    version: PathBuf,
    /// Bytes that all entries together may take on disk.
    limit: u64,
    /// Bytes stored since the folder was last looked through.
    stored: AtomicU64,
    trimming: Mutex<()>,
}

impl Cache {
    /// Opens (creates) the cache under `root`. `observed_by` names everything besides the file's bytes that a page's
    /// facts depend on: the observing rooms' versions, raster settings, the models.
    ///
    /// `limit`: bytes that entries may take on disk, all versions' together; the ones unused for longest go first.
    ///
    /// # Errors
    /// When the folder cannot be created or written.
    pub fn open(root: &Path, observed_by: &str, limit: u64) -> Result<Self, CacheError> {
        let version = root.join(&hex(&Sha256::digest(observed_by.as_bytes()))[..16]);
        let cache = Self { root: root.to_owned(), version, limit, stored: AtomicU64::new(0), trimming: Mutex::new(()) };
        cache.prepare().map_err(|cause| unusable(root, cause))?;
        Ok(cache)
    }

    /// Makes the folder and its marks.
    fn prepare(&self) -> io::Result<()> {
        fs::create_dir_all(&self.version)?;
        narrow(&self.root);
        for (name, text) in [(TAG, CACHE_TAG), (".gitignore", "*\n")] {
            let path = self.root.join(name);
            // A run killed while it wrote the mark leaves half of one, and no cleaning would know the folder.
            if fs::read(&path).ok().as_deref() != Some(text.as_bytes()) {
                let mut file = tempfile::NamedTempFile::new_in(&self.version)?;
                file.write_all(text.as_bytes())?;
                file.persist(&path)?;
            }
        }
        Ok(())
    }

    /// A page's facts, where they were stored and are whole. `page` is 0-based.
    #[must_use]
    pub fn page(&self, file: &ContentHash, page: u32) -> Option<PageFacts> {
        read(&self.entry(file, &format!("p{page}")))
    }

    /// Stores a page's facts. A failure to write costs only time, so it is not an error.
    pub fn store_page(&self, file: &ContentHash, page: u32, facts: &PageFacts) {
        self.store(&self.entry(file, &format!("p{page}")), facts);
    }

    /// How many pages the file has, where that was stored.
    #[must_use]
    pub fn page_count(&self, file: &ContentHash) -> Option<u32> {
        read(&self.entry(file, "pages"))
    }

    /// Stores how many pages the file has.
    pub fn store_page_count(&self, file: &ContentHash, pages: u32) {
        self.store(&self.entry(file, "pages"), &pages);
    }

    /// Brings the folder below its bound, where anything was stored since that was last done.
    pub fn trim(&self) {
        // One thread looks through the folder; the others go on.
        if let Ok(_alone) = self.trimming.try_lock()
            && self.stored.swap(0, Ordering::Relaxed) > 0
        {
            trim::trim(&self.root, self.limit);
        }
    }

    fn store<T: Serialize>(&self, path: &Path, value: &T) {
        if let Ok(body) = serde_json::to_vec(value) {
            self.store_bytes(path, &body);
        }
    }

    fn store_bytes(&self, path: &Path, value: &[u8]) {
        let written = write(path, value).or_else(|e| match e.kind() {
            // Cleaned by another process meanwhile.
            io::ErrorKind::NotFound => self.prepare().and_then(|()| write(path, value)),
            _ => Err(e),
        });
        let Ok(bytes) = written.map(trim::on_disk) else { return };
        if self.stored.fetch_add(bytes, Ordering::Relaxed) + bytes > self.limit / SLACK {
            self.trim();
        }
    }

    /// A picture made of the file, where it was stored and is whole. `name` says which and how it was drawn.
    #[must_use]
    pub fn picture(&self, file: &ContentHash, name: &str) -> Option<Vec<u8>> {
        read_bytes(&self.entry(file, name))
    }

    /// Stores a picture made of the file. A failure to write costs only time, so it is not an error.
    pub fn store_picture(&self, file: &ContentHash, name: &str, bytes: &[u8]) {
        self.store_bytes(&self.entry(file, name), bytes);
    }

    /// Removes everything stored, by any version of the tool. Returns how many files went.
    ///
    /// # Errors
    /// When a file cannot be removed, or the folder is not known for a cache.
    pub fn clean(root: &Path) -> Result<usize, CacheError> {
        if !root.exists() {
            return Ok(0);
        }
        // Only a folder that carries our tag is ours to empty.
        if fs::read(root.join(TAG)).ok().as_deref() != Some(CACHE_TAG.as_bytes()) {
            return Err(CacheError::Foreign(root.display().to_string()));
        }
        trim::empty(root).map_err(|cause| unusable(root, cause))
    }

    /// What is stored under `root` by any version of the tool.
    #[must_use]
    pub fn held(root: &Path) -> Held {
        let (entries, bytes) = trim::held(root);
        Held { entries, bytes }
    }

    fn entry(&self, file: &ContentHash, what: &str) -> PathBuf {
        let (head, rest) = file.0.split_at(2.min(file.0.len()));
        self.version.join(head).join(format!("{rest}-{what}.{EXTENSION}"))
    }
}

fn unusable(root: &Path, cause: io::Error) -> CacheError {
    CacheError::Unusable { folder: root.display().to_string(), cause }
}

/// Shuts a folder that an older version made to everybody but its owner: it holds what is written in packets.
fn narrow(folder: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if fs::metadata(folder).is_ok_and(|m| m.permissions().mode() & 0o077 != 0) {
            // Another owner's folder is that owner's to shut.
            let _ = fs::set_permissions(folder, fs::Permissions::from_mode(0o700));
        }
    }
    #[cfg(not(unix))]
    let _ = folder;
}

fn read<T: DeserializeOwned>(path: &Path) -> Option<T> {
    serde_json::from_slice(&read_bytes(path)?).ok()
}

/// What an entry holds, where its checksum fits.
fn read_bytes(path: &Path) -> Option<Vec<u8>> {
    let mut file = File::open(path).ok()?;
    let meta = file.metadata().ok()?;
    if meta.len() > MOST_BYTES {
        return None;
    }
    let mut bytes = Vec::with_capacity(usize::try_from(meta.len()).ok()?);
    file.read_to_end(&mut bytes).ok()?;
    let (sum, rest) = bytes.split_at_checked(SUM_LEN)?;
    let body = rest.strip_prefix(b"\n")?;
    if hex(&Sha256::digest(body)).as_bytes() != sum {
        return None;
    }
    let body = body.to_vec();
    // A time in the future is a clock set wrong, and would keep the entry for ever.
    let used = meta.modified().ok().and_then(|at| at.elapsed().ok());
    if used.is_none_or(|age| age > NOTED_EVERY) {
        // A folder that can be read but not written serves all the same.
        let _ = File::options().append(true).open(path).and_then(|f| f.set_modified(SystemTime::now()));
    }
    Some(body)
}

/// Returns how many bytes were written.
fn write(path: &Path, body: &[u8]) -> io::Result<u64> {
    let folder = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
    if !folder.parent().is_some_and(Path::exists) {
        return Err(io::ErrorKind::NotFound.into());
    }
    fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(hex(&Sha256::digest(body)).as_bytes())?;
    file.write_all(b"\n")?;
    file.write_all(body)?;
    file.persist(path)?;
    Ok((SUM_LEN + 1 + body.len()) as u64)
}

#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;
