//! One small file per page under one folder, written to a temporary name and renamed.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::key::{ContentHash, hex};
use crate::model::page::PageFacts;

/// Marks the folder for backup tools (bford.info/cachedir).
const CACHE_TAG: &str = "Signature: 8a477f597d28d172789f06886806bc55\n# material-audit page facts\n";
/// The first line of an entry is a checksum of the rest: a flipped byte is a miss, not a different fact.
const SUM_LEN: usize = 64;

/// Why the cache folder cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("缓存文件夹 {folder} 无法使用：{cause}。请检查该文件夹的权限和磁盘空间，或加 --no-cache 运行。")]
pub struct CacheError {
    folder: String,
    cause: io::Error,
}

/// Facts stored under `<root>/<how they were observed>/`.
#[derive(Debug, Clone)]
pub struct Cache {
    root: PathBuf,
    version: PathBuf,
}

impl Cache {
    /// Opens (creates) the cache under `root`. `observed_by` names everything besides the file's bytes that a page's
    /// facts depend on: the observing rooms' versions, raster settings, the models.
    ///
    /// # Errors
    /// When the folder cannot be created or written.
    pub fn open(root: &Path, observed_by: &str) -> Result<Self, CacheError> {
        let fail = |cause| CacheError { folder: root.display().to_string(), cause };
        let version = root.join(&hex(&Sha256::digest(observed_by.as_bytes()))[..16]);
        fs::create_dir_all(&version).map_err(fail)?;
        for (name, text) in [("CACHEDIR.TAG", CACHE_TAG), (".gitignore", "*\n")] {
            let path = root.join(name);
            if !path.exists() {
                fs::write(&path, text).map_err(fail)?;
            }
        }
        Ok(Self { root: root.to_owned(), version })
    }

    /// A page's facts, where they were stored and are whole. `page` is 0-based.
    #[must_use]
    pub fn page(&self, file: &ContentHash, page: u32) -> Option<PageFacts> {
        read(&self.entry(file, &format!("p{page}")))
    }

    /// Stores a page's facts. A failure to write costs only time, so it is not an error.
    pub fn store_page(&self, file: &ContentHash, page: u32, facts: &PageFacts) {
        let _ = write(&self.entry(file, &format!("p{page}")), facts);
    }

    /// How many pages the file has, where that was stored.
    #[must_use]
    pub fn page_count(&self, file: &ContentHash) -> Option<u32> {
        read(&self.entry(file, "pages"))
    }

    /// Stores how many pages the file has.
    pub fn store_page_count(&self, file: &ContentHash, pages: u32) {
        let _ = write(&self.entry(file, "pages"), &pages);
    }

    /// A picture made of the file, where it was stored and is whole. `name` says which and how it was drawn.
    #[must_use]
    pub fn picture(&self, file: &ContentHash, name: &str) -> Option<Vec<u8>> {
        whole(&fs::read(self.entry(file, name)).ok()?).map(<[u8]>::to_vec)
    }

    /// Stores a picture made of the file. A failure to write costs only time, so it is not an error.
    pub fn store_picture(&self, file: &ContentHash, name: &str, bytes: &[u8]) {
        let _ = write_bytes(&self.entry(file, name), bytes);
    }

    /// Removes everything stored, by any version of the tool. Returns how many files went.
    ///
    /// # Errors
    /// When a file cannot be removed.
    pub fn clean(root: &Path) -> Result<usize, CacheError> {
        let fail = |cause| CacheError { folder: root.display().to_string(), cause };
        if !root.exists() {
            return Ok(0);
        }
        // Only a folder that carries our tag is ours to empty.
        if fs::read_to_string(root.join("CACHEDIR.TAG")).ok().as_deref() != Some(CACHE_TAG) {
            return Ok(0);
        }
        let count = count_files(root).map_err(fail)?;
        fs::remove_dir_all(root).map_err(fail)?;
        Ok(count)
    }

    /// The folder that holds every version's entries.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    fn entry(&self, file: &ContentHash, what: &str) -> PathBuf {
        let (head, rest) = file.0.split_at(2.min(file.0.len()));
        self.version.join(head).join(format!("{rest}-{what}.json"))
    }
}

fn count_files(folder: &Path) -> io::Result<usize> {
    let mut count = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        count += if entry.file_type()?.is_dir() { count_files(&entry.path())? } else { 1 };
    }
    Ok(count)
}

fn read<T: DeserializeOwned>(path: &Path) -> Option<T> {
    serde_json::from_slice(whole(&fs::read(path).ok()?)?).ok()
}

/// What an entry holds, where its checksum fits.
fn whole(entry: &[u8]) -> Option<&[u8]> {
    let (sum, rest) = entry.split_at_checked(SUM_LEN)?;
    let body = rest.strip_prefix(b"\n")?;
    (hex(&Sha256::digest(body)).as_bytes() == sum).then_some(body)
}

fn write<T: Serialize>(path: &Path, value: &T) -> io::Result<()> {
    write_bytes(path, &serde_json::to_vec(value)?)
}

fn write_bytes(path: &Path, body: &[u8]) -> io::Result<()> {
    let folder = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
    fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(hex(&Sha256::digest(body)).as_bytes())?;
    file.write_all(b"\n")?;
    file.write_all(body)?;
    file.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(dir: &Path, by: &str) -> Cache {
        Cache::open(dir, by).expect("a temporary folder is writable")
    }

    fn hash() -> ContentHash {
        ContentHash(hex(&Sha256::digest(b"a file")))
    }

    #[test]
    fn stored_is_found_again_and_only_under_the_same_observation() {
        let dir = tempfile::tempdir().expect("temporary folder");
        let cache = opened(dir.path(), "v1");
        assert_eq!(cache.page_count(&hash()), None);
        cache.store_page_count(&hash(), 7);
        assert_eq!(cache.page_count(&hash()), Some(7));
        assert_eq!(opened(dir.path(), "v1").page_count(&hash()), Some(7));
        assert_eq!(opened(dir.path(), "v2").page_count(&hash()), None);
    }

    #[test]
    fn truncated_or_altered_entry_is_a_miss() {
        let dir = tempfile::tempdir().expect("temporary folder");
        let cache = opened(dir.path(), "v1");
        cache.store_page_count(&hash(), 17);
        let path = cache.entry(&hash(), "pages");
        let whole = fs::read(&path).expect("just written");
        for damaged in [&whole[..0], &whole[..10], &whole[..whole.len() - 1]] {
            fs::write(&path, damaged).expect("writable");
            assert_eq!(cache.page_count(&hash()), None);
        }
        let mut altered = whole;
        *altered.last_mut().expect("not empty") = b'8';
        fs::write(&path, altered).expect("writable");
        assert_eq!(cache.page_count(&hash()), None);
    }

    #[test]
    fn pictures_are_kept_whole_or_not_at_all() {
        let dir = tempfile::tempdir().expect("temporary folder");
        let cache = opened(dir.path(), "v1");
        assert_eq!(cache.picture(&hash(), "1-t1.jpg"), None);
        cache.store_picture(&hash(), "1-t1.jpg", b"\xff\xd8 a picture");
        assert_eq!(cache.picture(&hash(), "1-t1.jpg").as_deref(), Some(&b"\xff\xd8 a picture"[..]));
        let path = cache.entry(&hash(), "1-t1.jpg");
        let kept = fs::read(&path).expect("stored");
        fs::write(&path, &kept[..kept.len() - 1]).expect("writable");
        assert_eq!(cache.picture(&hash(), "1-t1.jpg"), None);
    }

    #[test]
    fn clean_removes_only_a_tagged_folder() {
        let dir = tempfile::tempdir().expect("temporary folder");
        let foreign = dir.path().join("foreign");
        fs::create_dir(&foreign).expect("created");
        fs::write(foreign.join("mine.txt"), "keep").expect("written");
        assert_eq!(Cache::clean(&foreign).expect("nothing to do"), 0);
        assert!(foreign.join("mine.txt").exists());
        let ours = dir.path().join("ours");
        opened(&ours, "v1").store_page_count(&hash(), 1);
        assert_eq!(Cache::clean(&ours).expect("removed"), 3);
        assert!(!ours.exists());
    }
}
