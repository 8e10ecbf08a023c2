//! `--record` and `--replay`: the replies of a run kept in a file, and judged from it.

use chrono::{DateTime, Utc};

use super::Args;
use crate::{
    commands::{context::Context, survey},
    error::Error,
    files,
    load::{self, BadTranscript},
    model::{
        checklist::Checklist,
        report::{Rehearsal, Replay, Report},
        transcript::Transcript,
    },
    observe::{Clock, Exchanges, KeyRing},
    secrets::{Leak, SecretScanner},
};

/// What the calls of all projects of a run are answered from, and remembered in.
pub(super) struct Memory {
    /// The calls.
    pub(super) exchanges: Exchanges,
    /// Tells when they are made.
    pub(super) clock: Clock,
    /// Where they come from; absent when they are made.
    pub(super) replay: Option<Replay>,
    /// What the recorded run said of itself.
    pub(super) rehearsal: Option<Rehearsal>,
    /// Whether media may lie where no provider can fetch them: typed now, or when the run was recorded.
    pub(super) allow_private: bool,
}

impl Memory {
    /// Reads the transcript of a replay; any other run starts with nothing.
    ///
    /// # Errors
    /// [`Error::Transcript`] when it cannot be used, [`Error::Leak`] when there is a key in it.
    pub(super) fn open(args: &Args, context: &Context<'_>) -> Result<Self, Error> {
        let clock = Clock::set_to(context.started);
        let Some(path) = &args.replay else {
            let (exchanges, allow_private) = (Exchanges::default(), args.allow_private);
            return Ok(Self { exchanges, clock, replay: None, rehearsal: None, allow_private });
        };
        let bad = |source: BadTranscript| Error::Transcript {
            what: format!("cannot replay `{path}`"),
            source: Box::new(source),
        };
        let text = load::transcript_text(&context.dir.join(path)).map_err(bad)?;
        clean(&text, context)
            .map_err(|leak| Error::Leak { what: format!("`{path}` is not replayed"), leak })?;
        let transcript = load::transcript(&text).map_err(bad)?;
        let replay = Replay { recorded: transcript.recorded, sha256: load::transcript_digest(&text) };
        let rehearsal = transcript.rehearsal.clone();
        let allow_private = args.allow_private || transcript.allow_private;
        let exchanges = Exchanges::of(transcript);
        Ok(Self { exchanges, clock, replay: Some(replay), rehearsal, allow_private })
    }

    /// When the replies came.
    pub(super) fn seen_at(&self, context: &Context<'_>) -> DateTime<Utc> {
        self.replay.as_ref().map_or(context.started, |replay| replay.recorded)
    }

    /// The keys of a project.
    pub(super) fn keys(&self, checklist: &Checklist, rehearsed: bool, context: &Context<'_>) -> KeyRing {
        if self.replay.is_some() {
            self.exchanges.keys(checklist)
        } else if rehearsed {
            KeyRing::rehearsal(&checklist.hosts)
        } else {
            KeyRing::read(&checklist.hosts, context.env)
        }
    }

    /// Writes the transcript of a run that is to be recorded.
    ///
    /// # Errors
    /// [`Error`] when there is a key in it, or it cannot be written.
    pub(super) fn keep(&self, args: &Args, context: &Context<'_>, reports: &[Report]) -> Result<(), Error> {
        let Some(path) = &args.record else { return Ok(()) };
        let what = || format!("cannot keep the transcript in `{path}`");
        let rehearsal = reports.iter().find_map(|report| report.rehearsal.clone());
        let transcript = self.exchanges.transcript(survey::tool(), context.started, rehearsal);
        let transcript = transcript.ok_or_else(|| Error::BadValue {
            what: format!("`--record {path}`"),
            why: "two projects send the same call to different places; record each on its own".to_owned(),
        })?;
        let transcript = Transcript { allow_private: self.allow_private, ..transcript };
        let text = load::transcript_to_text(&transcript)
            .map_err(|source| Error::Transcript { what: what(), source: Box::new(source) })?;
        clean(&text, context).map_err(|leak| Error::Leak { what: what(), leak })?;
        files::write_private(&context.dir.join(path), &text)
            .map_err(|source| Error::File { what: what(), source })
    }
}

/// Looks for a key in a transcript, of this environment or of anybody's.
fn clean(text: &str, context: &Context<'_>) -> Result<(), Leak> {
    SecretScanner::new(context.printer.redactor()).check(text)
}
