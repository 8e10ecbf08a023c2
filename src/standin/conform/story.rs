//! What one run of a client came to: its part of the journal, and how it ended.

use crate::{
    model::conformance::JournalLine,
    standin::{
        jobs::script::JobScript,
        journal::{Entry, NoteKind},
    },
};

/// One run of a client, or what can be told apart of one.
#[derive(Debug, Clone)]
pub struct Story {
    /// What was played.
    pub play: String,
    /// Its part of the journal, in order of arrival.
    pub entries: Vec<Entry>,
    /// How the client ended; none where somebody else started it.
    pub ran: Option<Ran>,
}

/// How a client ended.
#[derive(Debug, Clone)]
pub struct Ran {
    /// Its exit code; none when it was ended.
    pub code: Option<i32>,
    /// Whether it ended by itself within the time that it was given.
    pub in_time: bool,
    /// What it wrote.
    pub output: String,
}

/// A request in the life of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    Create,
    Poll,
    Download,
}

impl Story {
    /// Its requests of a kind.
    pub(super) fn acts<'s>(&'s self, script: &'s JobScript, act: Act) -> impl Iterator<Item = &'s Entry> {
        self.entries.iter().filter(move |entry| act_of(script, entry) == Some(act))
    }

    /// The poll that first found its job ended.
    pub(super) fn end<'s>(&'s self, script: &'s JobScript) -> Option<&'s Entry> {
        self.acts(script, Act::Poll)
            .find(|poll| poll.state.as_deref().is_some_and(|state| state != "pending"))
    }
}

/// What a request is in the life of a job.
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

/// Whether nobody can tell from the answer to a create whether the job was taken.
pub(super) fn is_ambiguous(create: &Entry) -> bool {
    let failed = create.status.is_none_or(|status| status >= 500) || create.cut.is_some();
    let unnamed = create.job.as_ref().is_some_and(|job| !create.answer.contains(job.as_str()));
    failed || unnamed
}

/// Whether an answer did not come, not whole, or as the server's own trouble.
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
    // The whole id would be covered, as keys look like it.
    let path = match &entry.job {
        Some(job) => entry.path.replace(job.as_str(), &format!("{}…", job.get(..8).unwrap_or(job))),
        None => entry.path.clone(),
    };
    JournalLine {
        number: entry.number,
        text: format!("{at}  {} {}{}: {answer}{state}", entry.method, entry.host, path),
    }
}
