//! What is kept of each packet of one part: one file a kind of line, filled as packets are judged, and the places in it.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// What is kept of a packet, each kind in a file of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lines {
    /// Its lines of the report's `findings.jsonl`.
    Findings,
    /// Its lines of the report's `facts.jsonl`.
    Facts,
    /// What the report's pages show of it.
    Packet,
    /// Its line of the report's `rounds.jsonl`.
    Record,
    /// Its pages' prints, to be found in other packets.
    Print,
    /// What is needed to put later findings against the last round's.
    Scene,
}

impl Lines {
    const ALL: [Self; 6] = [Self::Findings, Self::Facts, Self::Packet, Self::Record, Self::Print, Self::Scene];

    const fn file(self) -> &'static str {
        match self {
            Self::Findings => "findings.jsonl",
            Self::Facts => "facts.jsonl",
            Self::Packet => "packets.jsonl",
            Self::Record => "records.jsonl",
            Self::Print => "prints.jsonl",
            Self::Scene => "scenes.jsonl",
        }
    }
}

const INDEX: &str = "index.jsonl";
const FEATURES: &str = "features.bin";
/// Bytes read at once of a part's features.
const PIECE: usize = 64 << 10;

/// A packet of the part.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its place among all packets of the batch.
    pub at: usize,
    pub folder: String,
    /// Names by which other packets' findings know it.
    #[serde(default)]
    pub origin: String,
    /// Every page of it was read whole.
    #[serde(default)]
    pub seen: bool,
    /// The last round found pages of it in other packets.
    #[serde(default)]
    pub was_shared: bool,
    /// The folders before and after it to which its page leads, where the page was written.
    #[serde(default)]
    pub page: Option<[Option<String>; 2]>,
    /// Offset and length in each kind's file.
    slices: [(u64, u64); 6],
}

impl Entry {
    /// Whether anything of that kind is kept of it.
    #[must_use]
    pub const fn has(&self, lines: Lines) -> bool {
        self.slices[lines as usize].1 > 0
    }
}

/// Something on a page that few other pages have: kind, value, packet and page, so that those of one value sort together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Feature(u128);

impl Feature {
    const BYTES: usize = 16;

    /// `kind` is below 4, `page` below 2^30.
    #[must_use]
    pub const fn new(kind: u8, value: u64, at: u32, page: u32) -> Self {
        Self((kind as u128) << 126 | (value as u128) << 62 | (at as u128) << 30 | (page as u128 & 0x3fff_ffff))
    }

    /// Kind and value.
    #[must_use]
    pub const fn what(self) -> (u8, u64) {
        ((self.0 >> 126) as u8, (self.0 >> 62) as u64)
    }

    /// Packet and page.
    #[must_use]
    pub const fn spot(self) -> (usize, usize) {
        ((self.0 >> 30) as u32 as usize, self.0 as usize & 0x3fff_ffff)
    }
}

/// The packets of one part. Several may be read at the same time; only one process writes.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    files: Vec<(File, u64)>,
    entries: BTreeMap<usize, Entry>,
    /// Sorted once the part is whole; of one that was opened they stay on disk.
    features: Vec<Feature>,
}

impl Store {
    /// An empty one; what lies in the folder under its files' names is replaced.
    ///
    /// # Errors
    /// Where the folder cannot be made or written to.
    pub fn create(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let _ = fs::remove_file(folder.join(INDEX));
        let files: io::Result<Vec<_>> =
            Lines::ALL.iter().map(|lines| Ok((File::create(folder.join(lines.file()))?, 0))).collect();
        Ok(Self { folder: folder.to_owned(), files: files?, entries: BTreeMap::new(), features: Vec::new() })
    }

    /// One that was sealed.
    ///
    /// # Errors
    /// Where it cannot be read or is not whole.
    pub fn open(folder: &Path) -> io::Result<Self> {
        let broken = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
        let mut lengths = [0; 6];
        for (length, lines) in lengths.iter_mut().zip(Lines::ALL) {
            *length = fs::metadata(folder.join(lines.file()))?.len();
        }
        let mut entries = BTreeMap::new();
        for line in BufReader::new(File::open(folder.join(INDEX))?).lines() {
            let entry: Entry = serde_json::from_str(&line?).map_err(|_| broken(INDEX))?;
            for (((offset, length), held), lines) in entry.slices.iter().zip(lengths).zip(Lines::ALL) {
                if offset.checked_add(*length).is_none_or(|end| end > held) {
                    return Err(broken(lines.file()));
                }
            }
            entries.insert(entry.at, entry);
        }
        if !fs::metadata(folder.join(FEATURES))?.len().is_multiple_of(Feature::BYTES as u64) {
            return Err(broken(FEATURES));
        }
        Ok(Self { folder: folder.to_owned(), files: Vec::new(), entries, features: Vec::new() })
    }

    /// Keeps a packet's lines of one kind; those kept of it before are forgotten.
    ///
    /// # Errors
    /// Where they cannot be written.
    pub fn put(&mut self, at: usize, lines: Lines, bytes: &[u8]) -> io::Result<()> {
        let Some((file, held)) = self.files.get_mut(lines as usize) else {
            return Err(io::ErrorKind::ReadOnlyFilesystem.into());
        };
        // A piece that a full disk cut short is overwritten by the next.
        file.seek(SeekFrom::Start(*held))?;
        file.write_all(bytes)?;
        let slice = (*held, bytes.len() as u64);
        *held += slice.1;
        self.entry(at).slices[lines as usize] = slice;
        Ok(())
    }

    /// What is known of a packet, to be filled in.
    pub fn entry(&mut self, at: usize) -> &mut Entry {
        self.entries.entry(at).or_insert_with(|| Entry { at, ..Entry::default() })
    }

    pub fn add_features(&mut self, features: impl IntoIterator<Item = Feature>) {
        self.features.extend(features);
    }

    /// A packet's lines of one kind.
    ///
    /// # Errors
    /// Where they cannot be read, or there are none of this packet.
    pub fn get(&self, at: usize, lines: Lines) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut slice = self.slice(at, lines)?;
        bytes.reserve_exact(usize::try_from(slice.limit()).unwrap_or(0));
        slice.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Copies a packet's lines of one kind to the end of a file.
    ///
    /// # Errors
    /// As [`Self::get`], or where they cannot be written.
    pub fn copy(&self, at: usize, lines: Lines, to: &mut File) -> io::Result<()> {
        let mut slice = self.slice(at, lines)?;
        let length = slice.limit();
        // From file to file the system copies by itself, and a signal ends that with an error.
        let slice: &mut dyn Read = &mut slice;
        match io::copy(slice, to)? {
            copied if copied == length => Ok(()),
            _ => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }

    fn slice(&self, at: usize, lines: Lines) -> io::Result<io::Take<File>> {
        let (offset, length) = self.entries.get(&at).ok_or(io::ErrorKind::NotFound)?.slices[lines as usize];
        let mut file = File::open(self.folder.join(lines.file()))?;
        file.seek(SeekFrom::Start(offset))?;
        Ok(file.take(length))
    }

    /// In the order of the batch.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    /// All features in order: of a part in the making those so far.
    ///
    /// # Errors
    /// Where they cannot be read; the iterator's items, too.
    pub fn features(&mut self) -> io::Result<Box<dyn Iterator<Item = io::Result<Feature>> + '_>> {
        if !self.files.is_empty() {
            self.features.sort_unstable();
            return Ok(Box::new(self.features.iter().copied().map(Ok)));
        }
        let mut file = BufReader::with_capacity(PIECE, File::open(self.folder.join(FEATURES))?);
        Ok(Box::new(std::iter::from_fn(move || {
            let mut bytes = [0; Feature::BYTES];
            match file.fill_buf() {
                Ok([]) => None,
                Ok(_) => Some(file.read_exact(&mut bytes).map(|()| Feature(u128::from_le_bytes(bytes)))),
                Err(e) => Some(Err(e)),
            }
        })))
    }

    /// Puts the index and the features beside the lines, so that another process can open the part.
    ///
    /// # Errors
    /// Where something of it cannot be written.
    pub fn seal(mut self) -> io::Result<()> {
        for (file, _) in &self.files {
            file.sync_all()?;
        }
        self.features.sort_unstable();
        let mut out = BufWriter::new(File::create(self.folder.join(FEATURES))?);
        for feature in &self.features {
            out.write_all(&feature.0.to_le_bytes())?;
        }
        out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        let mut out = BufWriter::new(File::create(self.folder.join(INDEX))?);
        for entry in self.entries.values() {
            serde_json::to_writer(&mut out, entry)?;
            out.write_all(b"\n")?;
        }
        out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_keep_what_they_are_made_of_and_sort_by_value() {
        for (kind, value, at, page) in
            [(0, u64::MAX, 0, 0), (3, 0, u32::MAX, (1 << 30) - 1), (1, 0x1234_5678, 99_999, 4_999)]
        {
            let feature = Feature::new(kind, value, at, page);
            assert_eq!((feature.what(), feature.spot()), ((kind, value), (at as usize, page as usize)));
        }
        assert!(Feature::new(1, 7, 9, 9) < Feature::new(1, 8, 0, 0));
        assert!(Feature::new(1, 7, 1, 9) < Feature::new(1, 7, 2, 0));
        assert!(Feature::new(0, u64::MAX, 9, 9) < Feature::new(1, 0, 0, 0));
    }

    #[test]
    fn what_was_put_comes_back_from_another_process_and_the_last_word_counts() {
        let dir = tempfile::tempdir().expect("made");
        let mut store = Store::create(dir.path()).expect("writable");
        store.put(7, Lines::Facts, b"seven\n").expect("put");
        store.put(2, Lines::Facts, b"two\n").expect("put");
        store.put(7, Lines::Facts, b"seven again\n").expect("put");
        "张三".clone_into(&mut store.entry(7).folder);
        let all = [Feature::new(1, 5, 7, 0), Feature::new(1, 4, 2, 1)];
        store.add_features(all);
        store.seal().expect("sealed");
        let mut store = Store::open(dir.path()).expect("whole");
        assert_eq!(store.get(7, Lines::Facts).expect("there"), b"seven again\n");
        let mut out = tempfile::tempfile().expect("made");
        for at in [2, 7] {
            store.copy(at, Lines::Facts, &mut out).expect("copied");
        }
        out.seek(SeekFrom::Start(0)).expect("a file");
        assert_eq!(io::read_to_string(out).expect("text"), "two\nseven again\n");
        let kept: Vec<Feature> = store.features().expect("there").map(|f| f.expect("whole")).collect();
        assert_eq!(kept, [all[1], all[0]]);
        let folders: Vec<(usize, &str)> = store.entries().map(|e| (e.at, e.folder.as_str())).collect();
        assert_eq!(folders, [(2, ""), (7, "张三")]);
        assert!(store.get(3, Lines::Facts).is_err());
    }

    #[test]
    fn a_part_cut_short_is_not_opened() {
        let dir = tempfile::tempdir().expect("made");
        let mut store = Store::create(dir.path()).expect("writable");
        store.put(0, Lines::Packet, b"a packet\n").expect("put");
        store.seal().expect("sealed");
        assert!(Store::open(dir.path()).is_ok());
        fs::write(dir.path().join("packets.jsonl"), b"a pack").expect("writable");
        assert!(Store::open(dir.path()).is_err());
    }
}
