//! Files kept as evidence: only their digests are taken, nothing is copied or sent.

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

use super::digest::{self, LARGEST};
use crate::model::answer::{EvidenceFact, EvidenceFacts};

/// Why a file cannot be evidence.
#[derive(Debug, thiserror::Error)]
pub enum BadEvidence {
    /// It lies elsewhere, so that nobody who has the project would have it.
    #[error("it lies outside the project's folder")]
    Outside,
    /// It is no readable file of bearable size.
    #[error("{0}")]
    Unreadable(String),
}

/// Looks at every recorded file.
#[must_use]
pub fn look(project_dir: &Utf8Path, files: &[Utf8PathBuf]) -> EvidenceFacts {
    let fact = |path: &Utf8PathBuf| match digest(project_dir, path) {
        Ok((sha256, _)) => EvidenceFact::Present { sha256 },
        Err(why) => EvidenceFact::Missing(why.to_string()),
    };
    files.iter().map(|path| (path.clone(), fact(path))).collect()
}

/// Digest (lower-case hexadecimal) and length in bytes of a file of the project.
///
/// # Errors
/// [`BadEvidence`] for a file that is elsewhere, gone, a folder or too large.
pub fn digest(project_dir: &Utf8Path, path: &Utf8Path) -> Result<(String, u64), BadEvidence> {
    let climbs =
        path.components().any(|part| !matches!(part, Utf8Component::Normal(_) | Utf8Component::CurDir));
    if climbs {
        return Err(BadEvidence::Outside);
    }
    let unreadable = |error: std::io::Error| {
        BadEvidence::Unreadable(match error.kind() {
            std::io::ErrorKind::NotFound => "the file is gone".to_owned(),
            _ => error.kind().to_string(),
        })
    };
    let place = project_dir.join(path);
    // Before it is opened: a pipe would wait for somebody who writes to it.
    let about = fs_err::metadata(&place).map_err(unreadable)?;
    if !about.is_file() {
        return Err(BadEvidence::Unreadable("it is no file".to_owned()));
    }
    if about.len() > LARGEST {
        return Err(too_large());
    }
    let file = fs_err::File::open(place).map_err(unreadable)?;
    let sha256 = digest::of(file).map_err(unreadable)?.ok_or_else(too_large)?;
    Ok((sha256, about.len()))
}

fn too_large() -> BadEvidence {
    BadEvidence::Unreadable(format!("it is larger than {} MiB", LARGEST >> 20))
}
