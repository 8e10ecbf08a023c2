//! `--record` and `--replay`: the replies of a run kept in a file, and judged from it.

use chrono::{DateTime, Utc};

use super::Args;
use crate::{
    commands::{context::Context, survey},
    error::Error,
    load::{self, BadTranscript, Loaded},
    model::{
        checklist::{Checklist, KeyShape},
        report::{Rehearsal, Replay, Report},
    },
    observe::{Clock, Exchanges, Guard, KeyRing},
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
}

impl Memory {
    /// Reads the transcript of a replay; any other run starts with nothing.
    ///
    /// # Errors
    /// [`Error::Transcript`] when it cannot be used, [`Error::Leak`] when there is a key in it.
    pub(super) fn open(args: &Args, context: &Context<'_>, all: &[Loaded]) -> Result<Self, Error> {
        let clock = Clock::set_to(context.started);
        let Some(path) = &args.replay else {
            return Ok(Self { exchanges: Exchanges::default(), clock, replay: None, rehearsal: None });
        };
        let bad = |source: BadTranscript| Error::Transcript {
            what: format!("cannot replay `{path}`"),
            source: Box::new(source),
        };
        let text = load::transcript_text(&context.dir.join(path)).map_err(bad)?;
        guarded(all, context, |guard| guard.check(&text))
            .map_err(|leak| Error::Leak { what: format!("`{path}` is not replayed"), leak })?;
        let transcript = load::transcript(&text).map_err(bad)?;
        let replay = Replay { recorded: transcript.recorded, sha256: load::transcript_digest(&text) };
        let rehearsal = transcript.rehearsal.clone();
        Ok(Self { exchanges: Exchanges::of(transcript), clock, replay: Some(replay), rehearsal })
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
    pub(super) fn keep(
        &self,
        args: &Args,
        context: &Context<'_>,
        (all, reports): (&[Loaded], &[Report]),
    ) -> Result<(), Error> {
        let Some(path) = &args.record else { return Ok(()) };
        let what = || format!("cannot keep the transcript in `{path}`");
        let rehearsal = reports.iter().find_map(|report| report.rehearsal.clone());
        let transcript = self.exchanges.transcript(survey::tool(), context.started, rehearsal);
        let transcript = transcript.ok_or_else(|| Error::BadValue {
            what: format!("`--record {path}`"),
            why: "two projects send the same call to different places; record each on its own".to_owned(),
        })?;
        let text = load::transcript_to_text(&transcript)
            .map_err(|source| Error::Transcript { what: what(), source: Box::new(source) })?;
        guarded(all, context, |guard| guard.check(&text))
            .map_err(|leak| Error::Leak { what: what(), leak })?;
        load::write_private(&context.dir.join(path), &text)
            .map_err(|source| Error::File { what: what(), source })
    }
}

/// Looks for the keys of all owners and projects in this environment, and for what looks like anybody's.
fn guarded<T>(all: &[Loaded], context: &Context<'_>, look: impl FnOnce(&Guard<'_>) -> T) -> T {
    let owners = all.iter().flat_map(|loaded| &loaded.owners.0);
    let hosts = all.iter().flat_map(|loaded| loaded.checklist.hosts.values());
    let specs = hosts.filter_map(|host| host.key.as_ref());
    let owned = owners.clone().flat_map(|owner| &owner.keys).map(|key| key.env.as_str());
    let names = owned.chain(specs.clone().map(|spec| spec.env.as_str()));
    let mut shapes: Vec<&KeyShape> = owners.flat_map(|owner| &owner.shapes).collect();
    for shape in specs.flat_map(|spec| &spec.refuse) {
        if !shapes.contains(&shape) {
            shapes.push(shape);
        }
    }
    look(&Guard::new(&KeyRing::of(names, context.env), shapes))
}
