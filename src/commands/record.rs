//! Writes files that live in git, and refuses anything that would give a key away.

use camino::Utf8Path;
use url::Url;

use crate::{
    error::Error,
    files,
    load::{self, NewRecord},
    model::{
        answer::{Answer, AnswerValue, Evidence, Waiver},
        link,
    },
    secrets::{Found, Redactor, spoken},
};

/// Appends an answer or a waiver, unless there is a key in it.
///
/// # Errors
/// [`Error::BadValue`] names the part with the key in it; [`Error::Append`] when the file cannot be written. Nothing
/// is recorded then.
pub(super) fn record(dir: &Utf8Path, entry: &NewRecord, redactor: &Redactor) -> Result<(), Error> {
    for (part, text) in parts(entry) {
        public(part, text, load::ANSWERS_FILE, redactor)?;
        closed(part, text)?;
    }
    let entries = std::slice::from_ref(entry);
    finished("the entry", &load::entries_text(entries), load::ANSWERS_FILE, redactor)?;
    load::append(dir, entries).map_err(Error::Append)?;
    Ok(())
}

/// Refuses what a person may take for harmless: a password in a sentence, or an address that opens its page to anyone
/// who reads the file.
fn closed(part: &str, text: &str) -> Result<(), Error> {
    let is_page = |url: &Url| matches!(url.scheme(), "https" | "http");
    let opener = Url::parse(text).ok().filter(is_page).and_then(|page| link::opener(&page));
    let written = || spoken(text).map(|what| format!("it contains {what}; leave it out"));
    let Some(why) = opener.or_else(written) else { return Ok(()) };
    let why = format!("{why}, as {} is kept in git. Nothing was written", load::ANSWERS_FILE);
    Err(Error::BadValue { what: part.to_owned(), why })
}

/// Writes a project file, unless there is a key in it.
///
/// # Errors
/// [`Error::BadValue`] when there is a key in it; [`Error::File`] when it cannot be written.
pub(super) fn write_project(
    target: &Utf8Path,
    text: &str,
    replace: bool,
    redactor: &Redactor,
) -> Result<(), Error> {
    finished("the project file", text, load::PROJECT_FILE, redactor)?;
    files::write_whole(target, text, replace)
        .map_err(|source| Error::File { what: format!("cannot write `{target}`"), source })
}

/// Checks that a text may be in a file that others read.
///
/// # Errors
/// [`Error::BadValue`] says what to cut, and never repeats it.
pub(super) fn public(part: &str, text: &str, file: &str, redactor: &Redactor) -> Result<(), Error> {
    refused(part, redactor.find(text), file)
}

/// Checks a shot's input. The query of an address may be signed: that is how a provider reaches the file, and the
/// signature expires. A key isn't a signature.
///
/// # Errors
/// As [`public`].
pub(super) fn public_input(text: &str, file: &str, redactor: &Redactor) -> Result<(), Error> {
    let is_address = text.split_once("://").is_some_and(|(scheme, _)| !scheme.contains(['?', '/']));
    let plain = text.split_once('?').filter(|_| is_address).map_or(text, |(address, _)| address);
    public("the input", plain, file, redactor)?;
    refused("the input", redactor.find_key(text), file)
}

/// Checks a whole text as it will be written, whatever it was composed of.
fn finished(what: &str, text: &str, file: &str, redactor: &Redactor) -> Result<(), Error> {
    refused(what, redactor.find_key(text), file)
}

fn refused(part: &str, found: Option<Found>, file: &str) -> Result<(), Error> {
    let Some(found) = found else { return Ok(()) };
    let why = format!("it contains {}; remove it, as {file} is kept in git. Nothing was written", found.what);
    Err(Error::BadValue { what: part.to_owned(), why })
}

/// All texts that a person wrote, each with its name.
fn parts(entry: &NewRecord) -> Vec<(&'static str, &str)> {
    match entry {
        NewRecord::Waiver(Waiver { reason, owner, account, .. }) => {
            let mut parts = vec![("the reason", reason.as_str()), ("the owner", owner.as_str())];
            parts.extend(account.iter().map(|account| ("the account of the project", account.as_str())));
            parts
        }
        NewRecord::Answer(Answer { value, by, evidence, note, scope, .. }) => {
            let value = match value {
                AnswerValue::Text(value) => ("the answer", value.as_str()),
                AnswerValue::NotApplicable(reason) => ("the reason", reason.as_str()),
            };
            let mut parts = vec![value, ("the name", by.as_str())];
            parts.extend(evidence.iter().map(|evidence| match evidence {
                Evidence::Url { url, .. } => ("the evidence", url.as_str()),
                Evidence::File { path, .. } => ("the evidence", path.as_str()),
                Evidence::Quote { words, .. } => ("the evidence", words.as_str()),
            }));
            parts.extend(evidence.iter().filter_map(|one| Some(("the clause", one.clause()?))));
            parts.extend(note.iter().map(|note| ("the note", note.as_str())));
            parts
                .extend(scope.account.iter().map(|account| ("the account of the project", account.as_str())));
            parts
        }
    }
}
