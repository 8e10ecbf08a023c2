//! Files kept as evidence: only their digests are taken, nothing is copied or sent.

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

use super::digest;
use crate::{
    files::{Bounds, FileError, Kind, Root},
    model::answer::{EvidenceFact, EvidenceFacts},
};

/// Looks at every recorded file.
#[must_use]
pub fn look(project_dir: &Utf8Path, files: &[Utf8PathBuf]) -> EvidenceFacts {
    let fact = |path: &Utf8PathBuf| match digest(project_dir, path) {
        Ok((sha256, bytes)) => EvidenceFact::Present { sha256, bytes },
        Err(why) => EvidenceFact::Missing(why.to_string()),
    };
    files.iter().map(|path| (path.clone(), fact(path))).collect()
}

/// Digest (lower-case hexadecimal) and length in bytes of a file of the project. One that lies elsewhere, be it by a
/// link, is none: nobody who has the project would have it.
///
/// # Errors
/// [`FileError`] for a file that is elsewhere, gone, no regular file or too large.
pub fn digest(project_dir: &Utf8Path, path: &Utf8Path) -> Result<(String, u64), FileError> {
    let climbs =
        path.components().any(|part| !matches!(part, Utf8Component::Normal(_) | Utf8Component::CurDir));
    if climbs {
        return Err(FileError::Outside(Bounds::Folder));
    }
    let file = Root::folder(project_dir).open(path, Kind::Evidence)?;
    let bytes = file.length();
    let too_large = || FileError::TooLarge(Kind::Evidence.most());
    if bytes > Kind::Evidence.most() {
        return Err(too_large());
    }
    let sha256 = digest::of(file)?.ok_or_else(too_large)?;
    Ok((sha256, bytes))
}
