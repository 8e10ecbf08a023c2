//! Looks at local files by their content, never by their names, and never reads a large one whole.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead, BufReader, Read as _, Seek},
};

use camino::{Utf8Path, Utf8PathBuf};

use super::{image, movie, quiet::quietly};
use crate::{
    files::{self, FileError, Kind, Opened},
    model::media::{Media, MediaFact, Whole},
    observe::{OUT_OF_TIME, Until, beside::beside, digest},
};

/// How much of a file is read to recognise its type, in bytes.
const HEAD: u64 = 8 * 1024;

/// How much is read at a time, in bytes.
const PIECE: usize = 64 * 1024;

/// Looks at all files while the calls go on, until the end of the run.
pub(super) async fn look_at_all(
    paths: BTreeSet<Utf8PathBuf>,
    until: Option<Until>,
) -> BTreeMap<Utf8PathBuf, MediaFact> {
    beside(paths, until, look, || MediaFact::NotLooked(OUT_OF_TIME.to_owned())).await
}

/// Looks at one file while other work goes on.
pub(crate) async fn look_at(path: Utf8PathBuf) -> MediaFact {
    let looked = tokio::task::spawn_blocking(move || look(&path)).await;
    looked.unwrap_or_else(|_| MediaFact::NotLooked("reading it was interrupted".to_owned()))
}

/// What is known about one file.
fn look(path: &Utf8Path) -> MediaFact {
    // It may be outside the project, where footage often is: none of its content is ever shown.
    match files::open(path, Kind::Media) {
        Ok(mut file) => {
            let bytes = file.length();
            let media = inspect(BufReader::with_capacity(PIECE, &mut file), bytes);
            MediaFact::Present(Media { sha256: digest_of(&mut file, bytes), ..media })
        }
        Err(why) => MediaFact::Missing(missing(why)),
    }
}

/// A file that can't be read whole has no digest, so it never counts as unchanged.
fn digest_of(file: &mut Opened, bytes: u64) -> Option<String> {
    if bytes > digest::LARGEST {
        return None;
    }
    file.rewind().and_then(|()| digest::of(file)).ok().flatten()
}

fn missing(error: FileError) -> String {
    match error {
        FileError::Gone => "file not found".to_owned(),
        FileError::Is(sort) => sort.to_string(),
        other => format!("cannot be read: {other}"),
    }
}

/// What the content shows. Broken content is a finding, never an error.
pub(in crate::observe) fn inspect(mut content: impl BufRead + Seek, bytes: u64) -> Media {
    let mut head = Vec::new();
    let read = content.by_ref().take(HEAD).read_to_end(&mut head).and_then(|_| content.rewind());
    let media = Media { bytes: Some(bytes), ..Media::default() };
    if let Err(error) = read {
        return Media { whole: Whole::No(format!("cannot be read: {}", error.kind())), ..media };
    }
    if head.is_empty() {
        return Media { whole: Whole::No("the file is empty".to_owned()), ..media };
    }
    let mime = infer::get(&head).map(|kind| kind.mime_type());
    let media = Media { mime: mime.map(str::to_owned), ..media };
    let boxes = head.get(4..8) == Some(b"ftyp");
    let looked = match mime {
        Some(mime) if mime.starts_with("image/") => quietly(|| image::look(content, mime, media.clone())),
        None if boxes => quietly(|| movie::look(content, media.clone())).map(|media| Media {
            // A brand that is newer than the type list is still a movie if there is one in the file.
            mime: media.codec.as_ref().map(|_| "video/mp4".to_owned()),
            ..media
        }),
        Some(_) if boxes => quietly(|| movie::look(content, media.clone())),
        Some(mime) => {
            let whole = Whole::Unknown(format!("{mime} is not supported"));
            Some(Media { whole, ..media.clone() })
        }
        None => {
            let whole = Whole::Unknown("unknown file type".to_owned());
            Some(Media { whole, ..media.clone() })
        }
    };
    looked.unwrap_or(Media { whole: Whole::No("its structure is invalid".to_owned()), ..media })
}
