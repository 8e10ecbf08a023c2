//! The inputs of a shot as they are sent: an address unchanged, the bytes of a file as a data URI.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use camino::{Utf8Path, Utf8PathBuf};
use sha2::{Digest as _, Sha256};

use super::{ledger::Job, request::Travels};
use crate::{
    files::{self, FileError, Kind},
    model::{
        id::ShotId,
        media::{Input, Way},
        project::Shot,
        text::hex,
    },
};

/// How much of an input is read to determine its type, in bytes.
const HEAD: usize = 8192;

/// Why an input of a shot is missing.
#[derive(Debug, thiserror::Error)]
pub enum NoMaterial {
    /// The shot that it starts from has no clip.
    #[error("shot `{shot}` starts from shot `{from}`, which has no clip yet")]
    NoClip {
        /// The shot.
        shot: ShotId,
        /// The shot that it starts from.
        from: ShotId,
    },
    /// The clip of another shot is made and not saved yet.
    #[error("shot `{shot}` starts from shot `{from}`, but that clip isn't saved yet (job `{job}`)")]
    NotSaved {
        /// The shot.
        shot: ShotId,
        /// The shot that it starts from.
        from: ShotId,
        /// Its job.
        job: String,
    },
    /// The clip of another shot was delivered elsewhere.
    #[error("the clip of shot `{0}` was delivered elsewhere, so no shot can start from it")]
    Elsewhere(ShotId),
    /// A file can't be read.
    #[error("cannot read `{path}`")]
    File {
        /// As written.
        path: Utf8PathBuf,
        /// Why not.
        source: FileError,
    },
    /// A clip isn't the one that was stored.
    #[error("`{0}` changed since it was saved")]
    Changed(Utf8PathBuf),
    /// It would have to be uploaded first.
    #[error("greenlight cannot upload `{0}` (`send = \"upload\"`)")]
    Upload(Utf8PathBuf),
    /// Its type can't be determined.
    #[error("unknown file type: `{0}`")]
    NoType(Utf8PathBuf),
}

impl NoMaterial {
    /// What to do about it.
    #[must_use]
    pub fn fix(&self) -> String {
        match self {
            Self::NoClip { from, .. } => format!("run `greenlight clip {from}` first"),
            Self::NotSaved { job, .. } => format!("run `greenlight clip --resume {job}` first"),
            Self::Elsewhere(_) => "download it, and name the file as `video` of the shot".to_owned(),
            Self::File { .. } => "run `greenlight check`: it looks at every input".to_owned(),
            Self::Changed(_) => {
                "put the stored clip back, or name the file as `video = \"…\"` of the shot".to_owned()
            }
            Self::Upload(_) => "remove `send`, or put the file where the provider can fetch it".to_owned(),
            Self::NoType(_) => "convert it: images as PNG, JPEG or WebP, clips as MP4".to_owned(),
        }
    }
}

/// All inputs of a shot. Clips of other shots come from the ledger's own jobs.
///
/// # Errors
/// [`NoMaterial`] says what is missing.
pub fn materials(dir: &Utf8Path, shot: &Shot, jobs: &[Job]) -> Result<BTreeMap<Input, Travels>, NoMaterial> {
    let travels = |input: &Input| {
        Ok(match input {
            Input::Url(url) => Travels { sent: url.to_string(), shown: url.to_string() },
            Input::File { path, way: Way::Upload } => return Err(NoMaterial::Upload(path.clone())),
            Input::File { path, .. } => embedded(dir, path, None)?,
            Input::Shot(from) => {
                let made = jobs.iter().rev().find(|job| job.shot == from.as_str() && job.has_clip());
                let made =
                    made.ok_or_else(|| NoMaterial::NoClip { shot: shot.id.clone(), from: from.clone() })?;
                if made.is_resumable() {
                    let (shot, from, job) = (shot.id.clone(), from.clone(), made.id.clone());
                    return Err(NoMaterial::NotSaved { shot, from, job });
                }
                let file = made.file.as_deref().ok_or_else(|| NoMaterial::Elsewhere(from.clone()))?;
                embedded(dir, Utf8Path::new(file), made.sha256.as_deref())?
            }
        })
    };
    shot.inputs.iter().map(|(_, input)| Ok((input.clone(), travels(input)?))).collect()
}

fn embedded(dir: &Utf8Path, path: &Utf8Path, known: Option<&str>) -> Result<Travels, NoMaterial> {
    let read = files::bytes(&dir.join(path), Kind::Media);
    let bytes = read.map_err(|source| NoMaterial::File { path: path.to_owned(), source })?;
    let sha256 = hex(&Sha256::digest(&bytes));
    if known.is_some_and(|known| known != sha256) {
        return Err(NoMaterial::Changed(path.to_owned()));
    }
    let head = bytes.get(..HEAD.min(bytes.len())).unwrap_or_default();
    let mime = match infer::get(head) {
        Some(kind) => kind.mime_type(),
        None if head.get(4..8) == Some(b"ftyp") => "video/mp4",
        None => return Err(NoMaterial::NoType(path.to_owned())),
    };
    let length = bytes.len();
    Ok(Travels {
        sent: format!("data:{mime};base64,{}", STANDARD.encode(&bytes)),
        shown: format!("data:{mime};base64,[{length} bytes of {path}, sha256 {sha256}]"),
    })
}

#[cfg(test)]
mod tests;
