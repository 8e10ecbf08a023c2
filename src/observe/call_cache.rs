//! The call cache of a run: which calls were made and what came back. Later projects of the run reuse the replies to
//! earlier ones, a recording is made from it, and a replay has nothing else.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    sync::Arc,
};

use chrono::{DateTime, Utc};
use indexmap::{IndexMap, map::Entry};
use serde_json::Value;
use url::Url;

use super::{
    KeyRing, Origins, Resolver, SendTo, base,
    caller::{Done, Job, log_line},
    error_text,
    memory::MemoryBudget,
};
use crate::{
    model::{
        address,
        call::{Call, Method, shown},
        checklist::Checklist,
        observation::{BaseFact, FollowedBase, KeyFact, NotMade, Observation, Reply, Trouble, TroubleKind},
        report::{Rehearsal, Tool},
        transcript::{Base, CallResult, Exchange, TRANSCRIPT_VERSION, Transcript},
    },
    secrets::Redactor,
};

/// The source of a base URL when the transcript does not name one.
const RECORDED: &str = "the transcript";

/// All calls of a run, by their ids.
#[derive(Default)]
pub struct CallCache {
    kept: RefCell<IndexMap<String, Kept>>,
    facts: RefCell<Facts>,
    mixed: Cell<bool>,
    replays: bool,
    /// Servers that once did not answer, by host and port: the other calls of the run don't wait for them again.
    silent: RefCell<BTreeMap<(String, Option<u16>), Trouble>>,
    memory: MemoryBudget,
}

/// What was known when the calls were made.
#[derive(Default)]
struct Facts {
    keys: BTreeMap<String, KeyFact>,
    bases: BTreeMap<String, Base>,
}

/// A call and its result.
struct Kept {
    method: Method,
    /// As the call log shows it.
    url: String,
    /// As the call log shows it.
    body: Option<Value>,
    attempts: u32,
    /// When it was made.
    at: Option<DateTime<Utc>>,
    /// Where it really went; unknown in a replay.
    to: Option<Url>,
    observation: Arc<Observation>,
    /// Whether a project of this run has used it.
    told: bool,
}

impl Kept {
    /// Whether the transcript's entry is for this call. An id is an unreadable digest: with another address next to it,
    /// it would pass off the reply of one server as the answer of another.
    fn is_of(&self, job: &Job, scrub: &Redactor) -> bool {
        let url = scrub.text(shown(job.call.url()));
        let tail = |text: &str| Url::parse(text).map(|url| base::path_and_query(&url)).unwrap_or_default();
        let at_home = Url::parse(&self.url).is_ok_and(|url| address::is_loopback(&url));
        let body = job.call.body().map(|body| scrub.json(body.clone()));
        let same_place = self.url == url || (at_home && tail(&self.url).ends_with(&tail(&url)));
        self.method == job.call.method() && self.body == body && same_place
    }

    /// Gives it to a project.
    fn tell(&mut self) -> Done {
        let shared = std::mem::replace(&mut self.told, true);
        let asked = (self.method, self.url.clone(), self.body.clone());
        let line = log_line(asked, &self.observation, self.attempts);
        Done { observation: Arc::clone(&self.observation), call: Some(Call { at: self.at, shared, ..line }) }
    }
}

impl CallCache {
    /// The cache of an earlier run: nothing is called any more.
    #[must_use]
    pub fn of(transcript: Transcript) -> Self {
        let at = Some(transcript.recorded);
        let kept = |exchange: Exchange| {
            let Exchange { id, method, url, body, attempts, outcome } = exchange;
            let observation = Arc::new(read_again(outcome.into()));
            (id, Kept { method, url, body, attempts, at, to: None, observation, told: false })
        };
        let facts = Facts { keys: transcript.keys, bases: transcript.bases };
        Self {
            kept: RefCell::new(transcript.exchanges.into_iter().map(kept).collect()),
            facts: RefCell::new(facts),
            mixed: Cell::new(false),
            replays: true,
            ..Self::default()
        }
    }

    /// What the keys of a checklist were when the transcript was recorded, without their values.
    #[must_use]
    pub fn keys(&self, checklist: &Checklist) -> KeyRing {
        KeyRing::recorded(&checklist.hosts, &self.facts.borrow().keys)
    }

    /// Where the calls of a checklist went when the transcript was recorded, if not to its own hosts.
    #[must_use]
    pub fn send_to(&self, checklist: &Checklist) -> Option<SendTo> {
        let facts = self.facts.borrow();
        let official = base::main(checklist)?;
        let base = facts.bases.get(&named(official))?;
        let own = base.set_by.is_none() && base.origin.origin() == official.origin();
        let set_by = base.set_by.clone().unwrap_or_else(|| RECORDED.to_owned());
        (!own).then(|| SendTo {
            origins: Origins::One(base.origin.clone()),
            set_by,
            resolver: Resolver::LoopbackOnly,
        })
    }

    /// Everything that was learned in this run. None when a call, key or base URL meant one thing in one project and
    /// another in the next: a replay could not tell them apart.
    #[must_use]
    pub fn transcript(
        &self,
        tool: Tool,
        recorded: DateTime<Utc>,
        rehearsal: Option<Rehearsal>,
    ) -> Option<Transcript> {
        let exchange = |(id, kept): (&String, &Kept)| {
            let Kept { method, url, body, attempts, observation, .. } = kept;
            let outcome = CallResult::of(observation)?;
            let (id, url, body) = (id.clone(), url.clone(), body.clone());
            Some(Exchange { id, method: *method, url, body, attempts: *attempts, outcome })
        };
        let facts = self.facts.borrow();
        (!self.mixed.get()).then(|| Transcript {
            schema_version: TRANSCRIPT_VERSION,
            tool,
            recorded,
            rehearsal,
            allow_private: false,
            keys: facts.keys.clone(),
            bases: facts.bases.clone(),
            exchanges: self.kept.borrow().iter().filter_map(exchange).collect(),
        })
    }

    /// Where replies are kept.
    pub(super) fn memory(&self) -> &MemoryBudget {
        &self.memory
    }

    /// Remembers a server that can't be reached or does not answer in time.
    pub(super) fn note_trouble(&self, to: &Url, trouble: &Trouble) {
        let silent = matches!(
            trouble.kind,
            TroubleKind::Dns
                | TroubleKind::Connect
                | TroubleKind::ConnectTimeout
                | TroubleKind::ReadTimeout
                | TroubleKind::Deadline
        );
        if silent {
            self.silent.borrow_mut().entry(server(to)).or_insert_with(|| trouble.clone());
        }
    }

    /// What went wrong with an earlier call to the same server, if it did not answer.
    pub(super) fn trouble_at(&self, to: &Url) -> Option<Trouble> {
        let silent = self.silent.borrow();
        let Trouble { kind, detail } = silent.get(&server(to))?;
        Some(Trouble { kind: *kind, detail: format!("same host: {detail}") })
    }

    /// Whether this is a replay: nothing is called, and everything there is to know is known.
    #[must_use]
    pub fn replays(&self) -> bool {
        self.replays
    }

    /// Which base URLs other programs would have followed when the transcript was recorded; none when the calls are
    /// made now.
    pub(super) fn followed(&self, checklist: &Checklist) -> Option<Vec<FollowedBase>> {
        let official = base::main(checklist).filter(|_| self.replays)?;
        Some(self.facts.borrow().bases.get(&named(official))?.followed.clone())
    }

    /// Whether the base URL of a checklist is known.
    pub(super) fn knows_base(&self, checklist: &Checklist) -> bool {
        let known = |official| self.facts.borrow().bases.contains_key(&named(official));
        !self.replays || base::main(checklist).is_some_and(known)
    }

    /// The result of the call, if it was made earlier. A replay always has one.
    pub(super) fn earlier(&self, id: &str, job: &Job, scrub: &Redactor) -> Option<Done> {
        let mut kept = self.kept.borrow_mut();
        let known = kept.get_mut(id).filter(|kept| match &kept.to {
            Some(to) => *to == job.to,
            None => kept.is_of(job, scrub),
        });
        match known {
            Some(kept) => Some(kept.tell()),
            None => self.replays.then(|| Done {
                observation: Arc::new(Observation::NotMade(NotMade::NotInTranscript)),
                call: None,
            }),
        }
    }

    /// Remembers a call that was just made.
    pub(super) fn keep(&self, id: String, job: &Job, call: &Call, observation: &Arc<Observation>) {
        let kept = Kept {
            method: call.method,
            url: call.url.clone(),
            body: call.body.clone(),
            attempts: call.attempts,
            at: call.at,
            to: Some(job.to.clone()),
            observation: Arc::clone(observation),
            told: true,
        };
        match self.kept.borrow_mut().entry(id) {
            Entry::Vacant(place) => drop(place.insert(kept)),
            // When one wave makes the same call twice, the two don't differ.
            Entry::Occupied(other) => self.mixed.set(self.mixed.get() || other.get().to != kept.to),
        }
    }

    /// Remembers the facts about a project's keys and its base URL.
    pub(super) fn note(
        &self,
        checklist: &Checklist,
        keys: &BTreeMap<String, KeyFact>,
        base: Option<&BaseFact>,
    ) {
        let mut facts = self.facts.borrow_mut();
        let mut same = true;
        for (env, fact) in keys {
            same &= facts.keys.entry(env.clone()).or_insert_with(|| fact.clone()) == fact;
        }
        let base = base.and_then(|base| {
            let BaseFact { origin, set_by, followed, .. } = base;
            let origin = Url::parse(origin).ok()?;
            Some(Base { origin, set_by: set_by.clone(), followed: followed.clone() })
        });
        if let Some((official, base)) = base::main(checklist).zip(base) {
            same &= *facts.bases.entry(named(official)).or_insert_with(|| base.clone()) == base;
        }
        self.mixed.set(self.mixed.get() || !same);
    }
}

fn server(url: &Url) -> (String, Option<u16>) {
    (url.host_str().unwrap_or_default().to_owned(), url.port_or_known_default())
}

/// The error of a 2xx reply can be read from its whole body; an older transcript does not store it separately.
fn read_again(seen: Observation) -> Observation {
    match seen {
        Observation::Reply(reply) if (200..300).contains(&reply.status) => {
            Observation::Reply(Reply { error: error_text::of_reply(reply.status, &reply.body), ..reply })
        }
        other => other,
    }
}

/// A base URL as the transcript names it.
fn named(official: &Url) -> String {
    official.origin().ascii_serialization()
}
