//! What a cache entry is filed under.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::time::SystemTime;

use sha2::{Digest, Sha256};

/// SHA-256 of a file's bytes, hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ContentHash(pub String);

/// Hashes a file in pieces; its name and times do not matter, as packets are copied between disks.
///
/// # Errors
/// The operating system's error when the file cannot be read.
pub fn hash_file(path: &Path) -> io::Result<ContentHash> {
    // Opening a pipe that was put in a file's place could wait for ever.
    if !fs::metadata(path)?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut piece = vec![0_u8; 1 << 20];
    loop {
        let n = file.read(&mut piece)?;
        if n == 0 {
            break;
        }
        hasher.update(&piece[..n]);
    }
    Ok(ContentHash(hex(&hasher.finalize())))
}

/// Tells whether a file was written to between two looks at it. Only within one run: a copied file has the times that
/// its copier gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    bytes: u64,
    modified: Option<SystemTime>,
    /// Inode and time of its last change, which no program can set back.
    changed: (u64, i64, i64),
}

impl Stamp {
    /// # Errors
    /// The operating system's error when the file is not there.
    pub fn of(path: &Path) -> io::Result<Self> {
        let meta = fs::metadata(path)?;
        #[cfg(unix)]
        let changed = {
            use std::os::unix::fs::MetadataExt;
            (meta.ino(), meta.ctime(), meta.ctime_nsec())
        };
        #[cfg(not(unix))]
        let changed = (0, 0, 0);
        Ok(Self { bytes: meta.len(), modified: meta.modified().ok(), changed })
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, b| {
        write!(out, "{b:02x}").expect("writing to a String cannot fail");
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_its_bytes_and_a_change_by_its_stamp() {
        let dir = tempfile::tempdir().expect("made");
        let (a, b) = (dir.path().join("a.pdf"), dir.path().join("b.pdf"));
        fs::write(&a, "one").expect("written");
        fs::copy(&a, &b).expect("copied");
        assert_eq!(hash_file(&a).expect("read"), hash_file(&b).expect("read"));
        let (hash, stamp) = (hash_file(&a).expect("read"), Stamp::of(&a).expect("there"));
        assert_eq!(Stamp::of(&a).expect("there"), stamp);
        let times = fs::metadata(&a).and_then(|m| m.modified()).expect("known");
        // As long as before, and with its time set back.
        std::thread::sleep(std::time::Duration::from_millis(20));
        fs::write(&a, "two").expect("written");
        File::options().append(true).open(&a).and_then(|f| f.set_modified(times)).expect("ours");
        assert_ne!(hash_file(&a).expect("read"), hash);
        #[cfg(unix)]
        assert_ne!(Stamp::of(&a).expect("there"), stamp);
    }
}
