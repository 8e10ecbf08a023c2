//! Everything that the hosts of a running stand-in play, and everything they remember.

use std::{sync::Arc, time::Duration};

use tokio::sync::watch;

use super::{
    call::Call,
    clock::Clock,
    jobs::{Jobs, script::Door},
    journal::{Costs, Entry, KeySeen},
    reply::Reply,
    router::Router,
    state::State,
};

/// What the hosts share.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) router: Router,
    pub(super) state: Arc<State>,
    jobs: Option<Jobs>,
    clock: Clock,
    /// Whether every call of the provider needs a key, and not only calls about jobs.
    locked: bool,
    latency: Latency,
    changed: watch::Sender<()>,
}

/// How long every answer is delayed: a random time in a range, the same for the same seed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Latency {
    /// At least.
    pub least: Duration,
    /// At most.
    pub most: Duration,
    /// The random seed.
    pub seed: u64,
}

impl Latency {
    /// The delay of the request at this position.
    fn of(self, number: usize) -> Duration {
        let spread = self.most.saturating_sub(self.least);
        let share = fastrand::Rng::with_seed(self.seed ^ number as u64).f64();
        self.least + spread.mul_f64(share)
    }
}

impl Stage {
    pub(super) fn new(
        router: Router,
        jobs: Option<Jobs>,
        clock: Clock,
        (locked, latency): (bool, Latency),
    ) -> Self {
        let changed = watch::Sender::default();
        Self { router, state: Arc::default(), jobs, clock, locked, latency, changed }
    }

    pub(super) fn jobs(&self) -> Option<&Jobs> {
        self.jobs.as_ref()
    }

    pub(super) fn clock(&self) -> &Clock {
        &self.clock
    }

    /// What all jobs would have cost.
    pub(super) fn costs(&self) -> Costs {
        self.jobs.as_ref().map(Jobs::costs).unwrap_or_default()
    }

    /// Every request with its answer, in order of arrival.
    pub(super) fn journal(&self) -> Vec<Entry> {
        self.state.journal()
    }

    /// Forgets everything but its setup.
    pub(super) fn reset(&self) {
        self.state.reset();
        self.clock.reset();
        if let Some(jobs) = &self.jobs {
            jobs.reset();
        }
        self.changed.send_replace(());
    }

    /// Notifies of every request that was answered.
    pub(super) fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    /// Keeps a request with its answer.
    pub(super) fn keep(&self, entry: Entry) {
        self.state.keep(entry);
        self.changed.send_replace(());
    }

    /// How long the answer to the request at this position is delayed.
    pub(super) fn latency(&self, number: usize) -> Duration {
        self.latency.of(number)
    }

    /// The answer to a request if it is computed; none if it is looked up in the script.
    pub(super) fn answer(&self, call: Call<'_>, entry: &mut Entry) -> Option<Reply> {
        let jobs = self.jobs.as_ref()?;
        let door = jobs.script().door(call.asked.host);
        entry.key = key(door, call);
        let closed = door.filter(|_| self.locked || jobs.is_behind_the_door(call));
        match (closed, entry.key) {
            (Some(door), KeySeen::None) => Some(Reply::filled(&door.missing, &[])),
            (Some(door), KeySeen::Wrong) => Some(Reply::filled(&door.wrong, &[])),
            _ => jobs.answer(call, self.clock.now(), entry),
        }
    }
}

/// Which key a request carries.
fn key(door: Option<&Door>, call: Call<'_>) -> KeySeen {
    match (door, call.bearer()) {
        (_, None) => KeySeen::None,
        (None, Some(_)) => KeySeen::Unasked,
        (Some(door), Some(key)) if door.keys.iter().any(|one| one == key) => KeySeen::Right,
        (Some(_), Some(_)) => KeySeen::Wrong,
    }
}
