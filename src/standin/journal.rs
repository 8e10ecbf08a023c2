//! The journal: every request with its answer, and with what a careful client would want to know about it. Of a
//! credential, only whether it was the right one is kept.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

/// One request and its outcome.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Its place in the journal, from 1 on.
    pub number: usize,
    /// When it came, by the clock of the stand-in.
    pub at: DateTime<Utc>,
    /// When it came, in milliseconds since the stand-in was started.
    pub after_ms: u64,
    /// How long the answer took, in milliseconds.
    pub took_ms: u64,
    /// The host of the provider that was asked.
    pub host: String,
    /// The method.
    pub method: String,
    /// The path.
    pub path: String,
    /// The query, without its question mark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// Which key it carried.
    pub key: KeySeen,
    /// All headers; of those that carry credentials only the names.
    pub headers: BTreeMap<String, String>,
    /// The body as text, shortened.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub body: String,
    /// The digest of the whole body in hexadecimal; it identifies a body that is sent again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_sha256: Option<String>,
    /// The status of the answer; none when there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The headers of the answer.
    pub answer_headers: BTreeMap<String, String>,
    /// The body of the answer as text, shortened.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub answer: String,
    /// The length of that body in bytes; none if it is not sent whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer_bytes: Option<u64>,
    /// Where the connection was cut, if it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cut: Option<&'static str>,
    /// What was played.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub plays: Vec<String>,
    /// The job it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job: Option<String>,
    /// Whether it created that job.
    #[serde(skip_serializing_if = "is_false")]
    pub taken: bool,
    /// How the job stood in the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// What the job costs, in ticks of 1e-10 USD, in the entry that created it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_in_usd_ticks: Option<i64>,
    /// Other things to know.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

/// Which key a request carried.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeySeen {
    /// Nothing.
    #[default]
    None,
    /// The key that the host accepts.
    Right,
    /// Another one.
    Wrong,
    /// A key, to a host that needs none.
    Unasked,
}

/// Something to know about a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// What it is about.
    pub kind: NoteKind,
    /// In words.
    pub says: String,
}

/// What a note is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoteKind {
    /// A key was sent where none belongs.
    KeySentAlong,
    /// A field was silently ignored.
    FieldIgnored,
    /// An input was named that was not fetched.
    InputNotFetched,
    /// A clip was to be sent somewhere, and was not.
    NothingSent,
    /// There is no price for the job.
    NoPrice,
    /// A play was asked for that does not exist.
    UnknownPlay,
    /// Documentation and server disagree about what was sent.
    Disputed,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_false(value: &bool) -> bool {
    !value
}

/// How much of a text is kept, in characters.
const KEPT: usize = 4000;

/// A text, cut to what is kept.
pub(super) fn shortened(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    match text.char_indices().nth(KEPT) {
        Some((end, _)) => format!("{}… ({} bytes)", text.get(..end).unwrap_or_default(), bytes.len()),
        None => text.into_owned(),
    }
}

impl Entry {
    /// Adds a note.
    pub(super) fn note(&mut self, kind: NoteKind, says: impl Into<String>) {
        self.notes.push(Note { kind, says: says.into() });
    }
}

/// What a run would have cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Costs {
    /// Jobs that were accepted.
    pub jobs: usize,
    /// Those among them that are paid for.
    pub billed: usize,
    /// What they cost together, in ticks of 1e-10 USD.
    pub cost_in_usd_ticks: i64,
}
