//! `--record` and `--replay`: keep the replies of a run in a file, and judge from it.

use camino::Utf8Path;

use crate::{
    commands::context::Context,
    error::Error,
    files,
    load::{self, BadTranscript},
    model::{report::Replay, transcript::Transcript},
    preflight::Calls,
    secrets::{Leak, SecretScanner},
};

/// Reads the transcript of a replay.
///
/// # Errors
/// [`Error::Transcript`] when it cannot be used, [`Error::Leak`] when there is a key in it.
pub(super) fn replayed(path: &Utf8Path, context: &Context<'_>) -> Result<Calls, Error> {
    let bad = |source: BadTranscript| Error::Transcript {
        what: format!("cannot replay `{path}`"),
        source: Box::new(source),
    };
    let text = load::transcript_text(&context.dir.join(path)).map_err(bad)?;
    clean(&text, context).map_err(|leak| Error::Leak { what: format!("`{path}` is not replayed"), leak })?;
    let transcript = load::transcript(&text).map_err(bad)?;
    let replay = Replay { recorded: transcript.recorded, sha256: load::transcript_digest(&text) };
    Ok(Calls::Replay(Box::new((transcript, replay))))
}

/// Writes the transcript of a run that is to be recorded.
///
/// # Errors
/// [`Error`] when there is none, there is a key in it, or it cannot be written.
pub(super) fn keep(
    path: &Utf8Path,
    transcript: Option<&Transcript>,
    context: &Context<'_>,
) -> Result<(), Error> {
    let what = || format!("cannot keep the transcript in `{path}`");
    let transcript = transcript.ok_or_else(|| Error::BadValue {
        what: format!("`--record {path}`"),
        why: "two projects send the same call to different places; record each on its own".to_owned(),
    })?;
    let text = load::transcript_to_text(transcript)
        .map_err(|source| Error::Transcript { what: what(), source: Box::new(source) })?;
    clean(&text, context).map_err(|leak| Error::Leak { what: what(), leak })?;
    files::write_private(&context.dir.join(path), &text)
        .map_err(|source| Error::File { what: what(), source })
}

/// Looks in a transcript for a key of this environment, or for anything that looks like one.
fn clean(text: &str, context: &Context<'_>) -> Result<(), Leak> {
    SecretScanner::new(context.printer.redactor()).check(text)
}
