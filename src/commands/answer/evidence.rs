//! Evidence as a person types it: an address, a file of the project, or words.

use camino::{Utf8Path, Utf8PathBuf};
use chrono::NaiveDate;
use url::Url;

use super::{AnswerContext, bad, from_project};
use crate::{
    error::Error,
    model::{
        address::{self, NoAddress},
        answer::{Evidence, EvidenceFacts},
        text::is_steering,
    },
    observe,
};

/// Reads one piece of evidence.
pub(super) fn read(
    text: &str,
    answering: &AnswerContext<'_>,
    dir: &Utf8Path,
    read: NaiveDate,
) -> Result<Evidence, Error> {
    if text.trim().is_empty() {
        return Err(bad("evidence", "it is empty"));
    }
    if let Some(words) = text.strip_prefix("quote:") {
        return match words.trim() {
            "" => Err(bad("an empty quotation as evidence", "write its words after `quote:`")),
            words => Ok(Evidence::Quote { words: words.to_owned(), read, clause: None }),
        };
    }
    if let Some(path) = text.strip_prefix("file:").filter(|path| !path.starts_with("//")) {
        return file(path, answering, dir, read);
    }
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "https" | "http") && url.has_host() => {
            if !url.username().is_empty() || url.password().is_some() {
                return Err(bad("evidence with a user or a password in its address", "leave them out"));
            }
            if address::read(text.trim()) == Err(NoAddress::Unclear) && text.contains('\\') {
                return Err(bad("an address with a backslash in it as evidence", "write it with slashes"));
            }
            // The parser drops what a browser drops, such as tabs. The address that is checked must be the one that is
            // kept.
            if text.trim().contains(|c: char| c.is_whitespace() || is_steering(c)) {
                let why = "a quotation is written `quote:…`";
                return Err(bad("an address with white space in it as evidence", why));
            }
            Ok(Evidence::Url { url: url.into(), read, clause: None, passage: None })
        }
        _ if text.trim().contains(char::is_whitespace) && !dir.join(text).exists() => {
            Ok(Evidence::Quote { words: text.trim().to_owned(), read, clause: None })
        }
        _ => file(text, answering, dir, read),
    }
}

fn file(
    path: &str,
    answering: &AnswerContext<'_>,
    dir: &Utf8Path,
    captured: NaiveDate,
) -> Result<Evidence, Error> {
    let what = format!("`{path}` as evidence");
    if !dir.join(path).exists() {
        return Err(bad(&what, "file not found; write a quotation as `quote:…`"));
    }
    let Some(inside) = from_project(Utf8Path::new(path), dir, &answering.dir) else {
        return Err(bad(&what, "it lies outside the project's folder; copy it there first"));
    };
    let is_own =
        |own: &Utf8PathBuf| from_project(own, &answering.dir, &answering.dir).as_ref() == Some(&inside);
    if answering.loaded.own_files().iter().any(is_own) {
        return Err(bad(&what, "it is a file of the project itself"));
    }
    let (sha256, bytes) =
        observe::evidence::digest(&answering.dir, &inside).map_err(|why| bad(&what, &why.to_string()))?;
    Ok(Evidence::File { path: inside, sha256, bytes, captured })
}

/// What is known about the files among these pieces.
pub(super) fn seen(given: &[Evidence], answering: &AnswerContext<'_>) -> EvidenceFacts {
    let files = given.iter().filter_map(|evidence| match evidence {
        Evidence::File { path, .. } => Some(path.clone()),
        Evidence::Url { .. } | Evidence::Quote { .. } => None,
    });
    observe::evidence::look(&answering.dir, &files.collect::<Vec<_>>(), &answering.loaded.own_files())
}

/// A piece of evidence as an error names it.
pub(super) fn shown(evidence: &Evidence) -> String {
    match evidence {
        Evidence::Url { url, .. } => format!("`{url}` as evidence"),
        Evidence::File { path, .. } => format!("`{path}` as evidence"),
        Evidence::Quote { words, .. } => format!("\"{words}\" as evidence"),
    }
}
