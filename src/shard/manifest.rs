//! What a part's folder says of itself.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::split::Shard;

/// The folder of a [`super::Store`] within a part's folder.
pub const FOLDER: &str = "shard";
const FILE: &str = "shard.json";
/// Raised whenever a part is written otherwise than before.
const FORMAT: u32 = 1;

/// Everything that a report's bytes depend on besides the packets' own files: the name of each thing for people, and its
/// digest. Parts that differ in one of them make no report together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting(Vec<(String, String)>);

impl Setting {
    /// With one thing more. The parts of `what` are told apart.
    #[must_use]
    pub fn with<'a>(mut self, name: &str, what: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut hash = Sha256::new();
        for part in what {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        let digest = hash.finalize().iter().take(16).map(|b| format!("{b:02x}")).collect();
        self.0.push((name.to_owned(), digest));
        self
    }

    /// The digest of one thing.
    #[must_use]
    pub fn digest(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, digest)| digest.as_str())
    }

    /// Names of what is not the same in the other.
    #[must_use]
    pub fn differing<'a>(&'a self, other: &'a Self) -> Vec<&'a str> {
        let differs = |name: &&str| self.digest(name) != other.digest(name);
        let names = self.0.iter().chain(other.0.iter().filter(|(name, _)| self.digest(name).is_none()));
        names.map(|(name, _)| name.as_str()).filter(differs).collect()
    }
}

/// A part's word on itself; the last thing that is written of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    format: u32,
    pub shard: Shard,
    /// False while it is in the making, and of one that was interrupted.
    pub finished: bool,
    /// Packets of the whole batch.
    pub packets: usize,
    /// Of this part.
    pub pages: usize,
    /// Of these not taken from the cache.
    pub pages_read: usize,
    pub setting: Setting,
    /// What its report is written with, for whoever writes it.
    pub report: serde_json::Value,
}

/// Why there is no manifest to go by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unusable {
    None,
    Unreadable,
    OtherFormat,
}

impl Manifest {
    /// Of a part that is being made.
    #[must_use]
    pub fn begun(shard: Shard, packets: usize, setting: Setting, report: serde_json::Value) -> Self {
        Self { format: FORMAT, shard, finished: false, packets, pages: 0, pages_read: 0, setting, report }
    }

    /// Puts it into the part's folder: whole, or what stood there stays.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        let mut file = tempfile::Builder::new().prefix(".material-audit-").tempfile_in(folder)?;
        serde_json::to_writer_pretty(&mut file, self)?;
        file.write_all(b"\n")?;
        file.as_file().sync_all()?;
        file.persist(folder.join(FILE))?;
        Ok(())
    }

    /// The shard whose folder it is, finished or not, where it is one.
    #[must_use]
    pub fn shard_at(folder: &Path) -> Option<Shard> {
        Self::read(folder).ok().map(|manifest| manifest.shard)
    }

    pub(super) fn read(folder: &Path) -> Result<Self, Unusable> {
        #[derive(Deserialize)]
        struct Format {
            format: u32,
        }
        let bytes = fs::read(folder.join(FILE)).map_err(|e| match e.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Unusable::None,
            _ => Unusable::Unreadable,
        })?;
        match serde_json::from_slice(&bytes) {
            Ok(Format { format: FORMAT }) => serde_json::from_slice(&bytes).map_err(|_| Unusable::Unreadable),
            Ok(_) => Err(Unusable::OtherFormat),
            Err(_) => Err(Unusable::Unreadable),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_named() {
        let one = Setting::default().with("规则包", [&b"a"[..], b"b"]).with("日期", [&b"1"[..]]);
        assert_eq!(one.differing(&one.clone()), Vec::<&str>::new());
        let other = Setting::default().with("规则包", [&b"ab"[..]]).with("日期", [&b"1"[..]]).with("花名册", []);
        assert_eq!(one.differing(&other), ["规则包", "花名册"]);
        assert_eq!(other.differing(&one), ["规则包", "花名册"]);
    }
}
