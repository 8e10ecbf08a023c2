//! The result of one run of a client: its part of the journal, and how it ended.

use crate::{
    model::conformance::JournalLine,
    standin::{
        jobs::script::JobScript,
        journal::{Entry, NoteKind},
    },
};

/// One run of a client, or the part of a journal that belongs together.
#[derive(Debug, Clone)]
pub struct Story {
    /// What was played.
    pub play: String,
    /// Its part of the journal, in order of arrival.
    pub entries: Vec<Entry>,
    /// How the client ended; none if someone else started it.
    pub ran: Option<Ran>,
}

/// How a client ended.
#[derive(Debug, Clone)]
pub struct Ran {
    /// Its exit code; none when it was killed.
    pub code: Option<i32>,
    /// Whether it ended by itself within its time limit.
    pub in_time: bool,
    /// What it printed.
    pub output: String,
}

/// A step in the life of a job that a request performs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    Create,
    Poll,
    Download,
}

impl Story {
    /// Its requests of one kind.
    pub(super) fn acts<'s>(&'s self, script: &'s JobScript, act: Act) -> impl Iterator<Item = &'s Entry> {
        self.entries.iter().filter(move |entry| act_of(script, entry) == Some(act))
    }

    /// The poll that first found its job ended.
    pub(super) fn end<'s>(&'s self, script: &'s JobScript) -> Option<&'s Entry> {
        self.acts(script, Act::Poll)
            .find(|poll| poll.state.as_deref().is_some_and(|state| state != "pending"))
    }
}

/// Which step in the life of a job a request is.
pub(super) fn act_of(script: &JobScript, entry: &Entry) -> Option<Act> {
    let get = entry.method == "GET";
    if entry.method == "POST" && script.create.iter().any(|create| create.path == entry.path) {
        Some(Act::Create)
    } else if get && entry.host == script.film.host {
        Some(Act::Download)
    } else {
        (get && entry.host == script.host && entry.job.is_some()).then_some(Act::Poll)
    }
}

/// Whether the answer to a create leaves open if the job was accepted.
pub(super) fn is_ambiguous(create: &Entry) -> bool {
    let failed = create.status.is_none_or(|status| status >= 500) || create.cut.is_some();
    let unnamed = create.job.as_ref().is_some_and(|job| !create.answer.contains(job.as_str()));
    failed || unnamed
}

/// Whether an answer did not arrive, did not arrive whole, or was a server error.
pub(super) fn went_wrong(entry: &Entry) -> bool {
    entry.cut.is_some() || entry.status.is_none_or(|status| status >= 500 || status == 429)
}

pub(super) fn has_note(entry: &Entry, kind: NoteKind) -> bool {
    entry.notes.iter().any(|note| note.kind == kind)
}

/// A line of the journal in a few words.
pub(super) fn line(entry: &Entry) -> JournalLine {
    let answer = match (entry.status, entry.cut) {
        (Some(status), None) => format!("HTTP {status}"),
        (Some(status), Some(cut)) => format!("HTTP {status}, cut {cut}"),
        (None, _) => "cut before the answer".to_owned(),
    };
    let state = entry.state.as_ref().map(|state| format!(", {state}")).unwrap_or_default();
    let at = format!("{}.{:03} s", entry.after_ms / 1000, entry.after_ms % 1000);
    // The whole id would be redacted, because it looks like a key.
    let path = match &entry.job {
        Some(job) => entry.path.replace(job.as_str(), &format!("{}…", job.get(..8).unwrap_or(job))),
        None => entry.path.clone(),
    };
    JournalLine {
        number: entry.number,
        text: format!("{at}  {} {}{}: {answer}{state}", entry.method, entry.host, path),
    }
}
