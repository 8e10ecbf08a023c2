//! Files kept as evidence: computes their digests, and checks whether they contain anything; copies and sends nothing.

use std::{
    collections::HashMap,
    io::{self, BufReader, Read, Seek, SeekFrom},
};

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

use super::{OUT_OF_TIME, Plan, beside::beside, digest, media};
use crate::{
    files::{Bounds, FileError, Identity, Kind, Opened, Place, Root},
    model::{
        answer::{EvidenceFact, EvidenceFacts, Shows},
        conformance::Conformance,
        media::Whole,
        said::is_passage,
    },
};

/// How much of a text is read, in bytes.
const TEXT: u64 = 256 << 10;

/// No conformance report is larger, in bytes.
const CONFORMANCE: u64 = 4 << 20;

/// How much of the end of a PDF is searched for its end marker, in bytes.
const TAIL: u64 = 2048;

/// No PDF with a page in it is smaller, in bytes.
const LEAST_PDF: u64 = 256;

/// A readable screenshot has at least this many pixels in all, and this many on each side.
const LEAST_PIXELS: (u64, u32) = (2048, 16);

const NOTHING: &str = "it isn't an image, a PDF, a video or a UTF-8 text of useful length";

/// Looks at every recorded file. `own` are the files that the project itself consists of: they are no evidence of
/// anyone's page.
#[must_use]
pub fn look(project_dir: &Utf8Path, files: &[Utf8PathBuf], own: &[Utf8PathBuf]) -> EvidenceFacts {
    let mut look = looker(project_dir.to_owned(), own);
    files.iter().map(|path| (path.clone(), look(path))).collect()
}

/// The same while the calls go on, until the end of the run.
pub(super) async fn look_until(plan: &Plan<'_>) -> EvidenceFacts {
    let files = plan.evidence.iter().cloned().collect();
    let look = looker(plan.project_dir.to_owned(), &plan.own);
    let not_reached = || EvidenceFact::Missing(OUT_OF_TIME.to_owned());
    beside(files, plan.settings.until, look, not_reached).await.into_iter().collect()
}

/// Looks at one file after another. A file with several names is read once.
fn looker(
    project_dir: Utf8PathBuf,
    own: &[Utf8PathBuf],
) -> impl FnMut(&Utf8Path) -> EvidenceFact + Send + use<> {
    let own: Vec<Place> = own.iter().map(|path| Place::of(&project_dir.join(path))).collect();
    let mut known: HashMap<Identity, EvidenceFact> = HashMap::new();
    move |path| {
        let place = Place::of(&project_dir.join(path));
        let is_own = own.iter().any(|own| own.is(&place));
        let opened = match open(&project_dir, path) {
            Ok(opened) => opened,
            Err(why) => return EvidenceFact::Missing(why.to_string()),
        };
        let identity = place.identity();
        if let Some(fact) = identity.and_then(|identity| known.get(&identity)) {
            return fact.clone();
        }
        let fact = match looked_at(opened) {
            Ok((sha256, bytes, shows)) => {
                let own = || Shows::Nothing("it is a file of the project itself".to_owned());
                EvidenceFact::Present { sha256, bytes, shows: if is_own { own() } else { shows } }
            }
            Err(why) => EvidenceFact::Missing(why.to_string()),
        };
        known.extend(identity.map(|identity| (identity, fact.clone())));
        fact
    }
}

/// Digest (lower-case hexadecimal) and length in bytes of a file of the project. A file outside it doesn't count, not
/// even through a link: others who have the project would not have the file.
///
/// # Errors
/// Why there is none: the file is outside, missing, not a regular file or too large.
pub fn digest(project_dir: &Utf8Path, path: &Utf8Path) -> Result<(String, u64), FileError> {
    digest_of(&mut open(project_dir, path)?)
}

fn open(project_dir: &Utf8Path, path: &Utf8Path) -> Result<Opened, FileError> {
    let climbs =
        path.components().any(|part| !matches!(part, Utf8Component::Normal(_) | Utf8Component::CurDir));
    if climbs {
        return Err(FileError::Outside(Bounds::Folder));
    }
    let file = Root::folder(project_dir).open(path, Kind::Evidence)?;
    if file.length() > Kind::Evidence.most() { Err(too_large()) } else { Ok(file) }
}

fn too_large() -> FileError {
    FileError::too_large(Kind::Evidence)
}

fn digest_of(file: &mut Opened) -> Result<(String, u64), FileError> {
    let bytes = file.length();
    Ok((digest::of(file)?.ok_or_else(too_large)?, bytes))
}

/// Digest, length, and what the content shows.
fn looked_at(mut file: Opened) -> Result<(String, u64, Shows), FileError> {
    let (sha256, bytes) = digest_of(&mut file)?;
    file.rewind()?;
    if let Some(conformance) = conformance(&mut file, bytes)? {
        return Ok((sha256, bytes, Shows::Conformance(conformance.supports())));
    }
    file.rewind()?;
    let shows = hollow(&mut file, bytes)?.map_or(Shows::Something, Shows::Nothing);
    Ok((sha256, bytes, shows))
}

/// What a client did according to a conformance report, if the file is one.
fn conformance(content: impl Read, bytes: u64) -> io::Result<Option<Conformance>> {
    if bytes > CONFORMANCE {
        return Ok(None);
    }
    let mut text = Vec::new();
    content.take(CONFORMANCE).read_to_end(&mut text)?;
    Ok(text.starts_with(b"{").then(|| serde_json::from_slice(&text).ok()).flatten())
}

/// Why a file shows nothing that could support an answer; judged by its content, never by its name.
fn hollow(mut content: impl Read + Seek, bytes: u64) -> io::Result<Option<String>> {
    let mut head = Vec::new();
    content.by_ref().take(TEXT).read_to_end(&mut head)?;
    let mime = infer::get(&head).map_or("", |kind| kind.mime_type());
    content.rewind()?;
    Ok(match mime.split_once('/') {
        Some(("image" | "video", _)) => unseen(content, bytes),
        Some(("application", "pdf")) => {
            let mut tail = Vec::new();
            content.seek(SeekFrom::Start(bytes.saturating_sub(TAIL)))?;
            content.take(TAIL).read_to_end(&mut tail)?;
            let ends = tail.windows(5).any(|mark| mark == b"%%EOF");
            (!ends || bytes < LEAST_PDF).then(|| "it is a PDF without its end".to_owned())
        }
        Some(("text", _)) | None => (!is_text(&head)).then(|| NOTHING.to_owned()),
        Some(_) => Some(NOTHING.to_owned()),
    })
}

/// Why a picture or a clip can't be looked at.
fn unseen(content: impl Read + Seek, bytes: u64) -> Option<String> {
    let seen = media::inspect(BufReader::new(content), bytes);
    let (all, side) = LEAST_PIXELS;
    match (seen.whole, seen.pixels) {
        (Whole::No(why), _) => Some(why),
        (_, Some((width, height)))
            if width.min(height) < side || u64::from(width) * u64::from(height) < all =>
        {
            Some(format!("{width}×{height} pixels are too small to show anything readable"))
        }
        _ => None,
    }
}

fn is_text(head: &[u8]) -> bool {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        // A longer text may be cut inside a character.
        Err(error) if error.error_len().is_none() => head
            .get(..error.valid_up_to())
            .and_then(|whole| std::str::from_utf8(whole).ok())
            .unwrap_or_default(),
        Err(_) => return false,
    };
    !text.contains('\0') && is_passage(text)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use rstest::rstest;

    use super::*;

    fn fixture(path: &str) -> Vec<u8> {
        fs_err::read(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
    }

    fn pdf(pages: &str, end: &str) -> Vec<u8> {
        format!("%PDF-1.7\n{pages}{}\n{end}\n", "1 0 obj << /Type /Page >> endobj ".repeat(9)).into_bytes()
    }

    const LETTER: &str = "Dear Ann, a prompt that is refused is not billed, see section four of our terms.";

    /// Forty links to one large file must not cause forty reads.
    #[cfg(unix)]
    #[test]
    fn a_file_of_many_names_is_read_once() {
        let folder = tempfile::tempdir().unwrap();
        let dir = Utf8PathBuf::from_path_buf(folder.path().to_owned()).unwrap();
        fs_err::write(dir.join("a"), LETTER).unwrap();
        fs_err::hard_link(dir.join("a"), dir.join("b")).unwrap();
        let mut look = looker(dir.clone(), &[]);
        let first = look("a".into());
        // Written into the same file: reading it again would notice that.
        fs_err::write(dir.join("a"), LETTER.to_uppercase()).unwrap();
        assert_eq!(look("b".into()), first);
        assert_ne!(looker(dir, &[])("b".into()), first);
    }

    #[rstest]
    #[case::picture(fixture("samples/api/robot.jpg"), None)]
    #[case::clip(fixture("tests/fixtures/media/clip.mp4"), None)]
    #[case::letter(LETTER.into(), None)]
    #[case::page(format!("<!DOCTYPE html><html><body>{LETTER}</body></html>").into(), None)]
    #[case::pdf(pdf("", "%%EOF"), None)]
    #[case::pdf_in_part(pdf("", ""), Some("it is a PDF without its end"))]
    #[case::blank(b" ".to_vec(), Some(NOTHING))]
    #[case::few_words(b"see above".to_vec(), Some(NOTHING))]
    #[case::archive([b"PK\x03\x04", LETTER.as_bytes()].concat(), Some(NOTHING))]
    #[case::noise([&[0xff, 0xfe, 0x80], LETTER.as_bytes()].concat(), Some(NOTHING))]
    #[case::half_a_picture(fixture("samples/api/robot.jpg")[..900].to_vec(), Some("the file is cut short"))]
    fn a_file_shows_something_or_counts_for_nothing(#[case] bytes: Vec<u8>, #[case] why: Option<&str>) {
        let length = bytes.len() as u64;
        assert_eq!(hollow(Cursor::new(bytes), length).unwrap().as_deref(), why);
    }
}
