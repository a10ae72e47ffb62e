//! Files that somebody wrote to while they were read.

use std::path::Path;

use crate::cache::{ContentHash, Stamp, hash_file};
use crate::model::report::NotExamined;

/// Says so where the file does not hold any more what it held when it was opened. One that is gone was read while it was
/// there, or its pages say that it could not be.
pub(super) fn changed(
    (applicant, file): (&str, &str),
    path: &Path,
    stamp: Option<&Stamp>,
    hash: Option<&ContentHash>,
) -> Option<NotExamined> {
    let now = Stamp::of(path).ok()?;
    if Some(&now) == stamp {
        return None;
    }
    // Copied back, or only its times were set.
    if let (Some(hash), Ok(now)) = (hash, hash_file(path))
        && *hash == now
    {
        return None;
    }
    Some(NotExamined {
        applicant: applicant.to_owned(),
        file: file.to_owned(),
        page: None,
        reason: "文件在审核期间被改动，读到的可能不全；请在文件不再变动后重新运行审核".to_owned(),
    })
}
