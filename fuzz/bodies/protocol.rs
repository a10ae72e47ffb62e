//! What parent and child say to each other: a line is understood as one thing, or not at all.

use material_audit::worker::protocol::{Request, Response, Setup};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub(crate) fn check(data: &[u8]) {
    same::<Setup>(data);
    same::<Request>(data);
    same::<Response>(data);
}

/// Said again, it means the same, on one line.
fn same<T: DeserializeOwned + Serialize>(line: &[u8]) {
    let Ok(meant) = serde_json::from_slice::<T>(line) else { return };
    let said = serde_json::to_vec(&meant).expect("JSON");
    assert!(!said.contains(&b'\n'));
    let again: T = serde_json::from_slice(&said).expect("what was said is understood");
    assert_eq!(serde_json::to_vec(&again).expect("JSON"), said);
}
