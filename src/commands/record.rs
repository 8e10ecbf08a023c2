//! What goes into files that live in git: nothing is written that would give a key away.

use camino::Utf8Path;

use crate::{
    error::Error,
    load::{self, Entry},
    model::answer::{Answer, Evidence, Reply, Waiver},
    secrets::Redactor,
};

/// Appends an answer or a waiver, unless a key stands in it.
///
/// # Errors
/// [`Error::BadValue`] names the part with the key in it; [`Error::Append`] when the file cannot be written. Nothing
/// is recorded then.
pub(super) fn record(dir: &Utf8Path, entry: &Entry, redactor: &Redactor) -> Result<(), Error> {
    for (part, text) in parts(entry) {
        public(part, text, load::ANSWERS_FILE, redactor)?;
    }
    load::append(dir, std::slice::from_ref(entry)).map_err(Error::Append)?;
    Ok(())
}

/// A text that may stand in a file that others read.
///
/// # Errors
/// [`Error::BadValue`] says what to cut, and never repeats it.
pub(super) fn public(part: &str, text: &str, file: &str, redactor: &Redactor) -> Result<(), Error> {
    let Some(found) = redactor.find(text) else { return Ok(()) };
    let why = format!("it contains {}; remove it, as {file} is kept in git. Nothing was written", found.what);
    Err(Error::BadValue { what: part.to_owned(), why })
}

/// All that a person wrote, each part by its name.
fn parts(entry: &Entry) -> Vec<(&'static str, &str)> {
    match entry {
        Entry::Waiver(Waiver { reason, owner, account, .. }) => {
            let mut parts = vec![("the reason", reason.as_str()), ("the owner", owner.as_str())];
            parts.extend(account.iter().map(|account| ("the account of the project", account.as_str())));
            parts
        }
        Entry::Answer(Answer { reply, by, evidence, note, scope, .. }) => {
            let reply = match reply {
                Reply::Value(value) => ("the answer", value.as_str()),
                Reply::NotApplicable(reason) => ("the reason", reason.as_str()),
            };
            let mut parts = vec![reply, ("the name", by.as_str())];
            parts.extend(evidence.iter().map(|evidence| match evidence {
                Evidence::Url { url, .. } => ("the evidence", url.as_str()),
                Evidence::File { path, .. } => ("the evidence", path.as_str()),
                Evidence::Quote(words) => ("the evidence", words.as_str()),
            }));
            parts.extend(note.iter().map(|note| ("the note", note.as_str())));
            parts
                .extend(scope.account.iter().map(|account| ("the account of the project", account.as_str())));
            parts
        }
    }
}
