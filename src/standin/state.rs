//! What a running stand-in remembers: the requests, and how often it gave a reply that is only given a number of times.
//! Of a credential, only a digest is kept.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, PoisonError},
};

use axum::http::{HeaderMap, Uri};
use sha2::{Digest, Sha256};

use super::{asked::Asked, journal::Entry};

/// The headers that carry credentials.
pub(super) const CREDENTIALS: [&str; 4] = ["authorization", "cookie", "proxy-authorization", "x-api-key"];

/// How much of a body is kept, in bytes.
const KEPT: usize = 1 << 20;

/// One request as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The host of the provider that was asked.
    pub host: String,
    /// `GET`, `HEAD` or any other method that was tried.
    pub method: String,
    /// The path.
    pub path: String,
    /// The query, without its question mark.
    pub query: Option<String>,
    /// The body, as far as it is kept.
    pub body: String,
    headers: BTreeMap<String, [u8; 32]>,
}

impl Seen {
    pub(super) fn new(asked: Asked<'_>, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Self {
        let digests = headers.iter().map(|(name, value)| (name.to_string(), digest(value.as_bytes())));
        Self {
            host: asked.host.to_owned(),
            method: asked.method.to_owned(),
            path: asked.path.to_owned(),
            query: uri.query().map(str::to_owned),
            body: String::from_utf8_lossy(body.get(..KEPT).unwrap_or(body)).into_owned(),
            headers: digests.collect(),
        }
    }

    /// Whether it came with a header that carries a credential.
    #[must_use]
    pub fn had_credential(&self) -> bool {
        CREDENTIALS.iter().any(|name| self.headers.contains_key(*name))
    }

    /// Whether this header, named in lower case, was exactly this.
    #[must_use]
    pub fn had(&self, header: &str, value: &str) -> bool {
        self.headers.get(header) == Some(&digest(value.as_bytes()))
    }
}

fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Everything that changes while the stand-in runs.
#[derive(Debug, Default)]
pub(super) struct State(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    seen: Vec<Seen>,
    journal: Vec<Entry>,
    /// How many requests came, including those that are not answered yet.
    came: usize,
    given: HashMap<(usize, String, String), u32>,
}

impl State {
    fn with<T>(&self, act: impl FnOnce(&mut Inner) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Remembers a request.
    pub(super) fn note(&self, seen: Seen) {
        self.with(|inner| inner.seen.push(seen));
    }

    /// All requests, in order of arrival.
    pub(super) fn seen(&self) -> Vec<Seen> {
        self.with(|inner| inner.seen.clone())
    }

    /// Counts a request, and returns its number.
    pub(super) fn number(&self) -> usize {
        self.with(|inner| {
            inner.came += 1;
            inner.came
        })
    }

    /// Keeps a request with its answer; they stay in order of arrival.
    pub(super) fn keep(&self, entry: Entry) {
        self.with(|inner| {
            let place = inner.journal.partition_point(|one| one.number < entry.number);
            inner.journal.insert(place, entry);
        });
    }

    /// All requests with their answers, in order of arrival.
    pub(super) fn journal(&self) -> Vec<Entry> {
        self.with(|inner| inner.journal.clone())
    }

    /// Forgets everything.
    pub(super) fn reset(&self) {
        self.with(|inner| *inner = Inner::default());
    }

    /// Whether the reply at this position is still given to a request, if it is given this many times in all.
    pub(super) fn gives(&self, place: usize, asked: Asked<'_>, times: u32) -> bool {
        self.with(|inner| {
            let key = (place, asked.host.to_owned(), asked.path.to_owned());
            let count = inner.given.entry(key).or_default();
            let more = *count < times;
            *count += u32::from(more);
            more
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_header_of_a_key_is_known() {
        assert!(crate::model::key::KEY_HEADERS.iter().all(|header| CREDENTIALS.contains(header)));
    }
}
