//! `decisions.csv`: nothing that was understood is lost when somebody else decides.

use std::path::Path;

use material_audit::model::finding::{Decided, Decision};
use material_audit::report::decisions::{self, Decisions};

const ID: &str = "F0123456789";

pub(crate) fn check(data: &[u8]) {
    // The first line is typed as a remark, the others are the file that is there.
    let (remark, file) = data.split_at(data.iter().position(|b| *b == b'\n').map_or(0, |at| at + 1));
    let here = match Decisions::parse(Path::new("decisions.csv"), file) {
        Ok(here) => here,
        Err(why) => return tells(&why.to_string()),
    };
    here.faults().iter().chain(&here.unknown(|_| false)).for_each(|fault| tells(fault));
    let before = here.by_id();
    assert!(before.keys().all(|id| !id.is_empty() && !id.contains(char::is_whitespace)), "{before:?}");

    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join(decisions::FILE), file).expect("writable");
    let word = Decided { decision: Decision::Rejected, remark: String::from_utf8_lossy(remark).into_owned() };
    let after = decisions::decide(folder.path(), &[(ID.to_owned(), Some(word))]).expect("the file is understood");
    let mut held = after.by_id();
    let stored = held.remove(ID).expect("decided");
    assert_eq!(stored.decision, Decision::Rejected);
    let mut others = before;
    others.remove(ID);
    assert_eq!(held, others, "the others' rows stay");
    // What the page now shows is what holds.
    let (same, done) = decisions::decide_seen(folder.path(), ID, Some(&stored), Some(&stored)).expect("understood");
    assert!(done);
    assert_eq!(same.by_id().get(ID), Some(&stored));
    let back = decisions::decide(folder.path(), &[(ID.to_owned(), None)]).expect("understood");
    assert_eq!(back.by_id(), others, "taken back");
}

/// A message stays what it is on a terminal.
fn tells(message: &str) {
    assert!(!message.is_empty() && !message.chars().any(char::is_control), "{message:?}");
}
