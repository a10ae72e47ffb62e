//! What is kept of a judged packet for the stage after the last one.

use std::io;

use serde::{Deserialize, Serialize};

use super::history::Past;
use crate::check::shared_page;
use crate::model::finding::CheckId;
use crate::model::likeness::PacketPrint;
use crate::model::round::ApplicantRecord;
use crate::round::Scene;
use crate::shard::{Feature, Lines, Store};

/// A packet as the comparison with others, and the next round, must know it.
#[derive(Debug, Clone)]
pub struct Kept {
    pub print: PacketPrint,
    /// For the next round; without what only the comparison shows.
    pub record: ApplicantRecord,
    pub(super) scene: Scened,
    was_shared: bool,
}

/// What it takes to put later findings against the last round's.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Scened {
    pub(super) scene: Scene,
    pub(super) before: Option<ApplicantRecord>,
}

impl Kept {
    /// Of a packet that was judged against `past`.
    #[must_use]
    pub fn new(print: PacketPrint, record: ApplicantRecord, scene: Scene, past: Past<'_>) -> Self {
        let is_shared = |r: &crate::model::round::Remembered| r.finding.check == CheckId::SharedPage;
        let was_shared = past.before.is_some_and(|before| before.findings.iter().any(is_shared));
        let scene = if was_shared { scene } else { scene.slim() };
        let before = past.before.map(|before| before.slim(is_shared));
        Self { print, record, scene: Scened { scene, before }, was_shared }
    }

    /// Keeps it, all but the record.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn keep(&self, at: usize, store: &mut Store) -> io::Result<()> {
        store.put(at, Lines::Print, &line(&self.print)?)?;
        store.put(at, Lines::Scene, &line(&self.scene)?)?;
        let place = u32::try_from(at).map_err(io::Error::other)?;
        store.add_features(
            shared_page::features(&self.print)
                .map(|((kind, value), page)| Feature::new(kind, value, place, page as u32)),
        );
        let entry = store.entry(at);
        self.scene.scene.origin.clone_into(&mut entry.origin);
        entry.seen = self.scene.scene.is_seen();
        entry.was_shared = self.was_shared;
        Ok(())
    }
}

fn line(value: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    Ok(line)
}
