//! One paid job as a pure state machine: what is known of it, what may happen to it, and what is to be done then.
//!
//! ```text
//! reserved ──► submitting ──► accepted ──► settled
//!     │            │  │          ▲          ▲ ▲ ▲
//!     │            │  └─ refused ┼──────────┘ │ │
//!     └── found ───┼─────────────┼────────────┘ │
//!                  └──► unknown ─┴─ bill, decision
//! ```
//!
//! A state is written down before its effect is carried out. So whoever finds a job as `submitting` cannot know
//! whether its request was sent: it becomes `unknown`, keeps its whole reservation and is never sent again. The run
//! that sent it may still be alive: its answer is evidence, and is taken late as well. What a provider says later is worth
//! more than a decision or a reservation, and its bill more than all.

use serde::{Deserialize, Serialize};

use crate::model::ticks::Ticks;

/// What is known of a job.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum State {
    /// Its price is set aside; nothing was sent.
    Reserved,
    /// Its request is about to be sent, or was.
    Submitting,
    /// It may have been sent, and no reply says what became of it.
    Unknown,
    /// The provider took it under this id.
    Accepted(String),
    /// It is over, and this is what it cost.
    Settled(Settled),
}

/// How a job ended and what it cost.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Settled {
    /// The provider's id of the job, when it took it.
    pub request_id: Option<String>,
    /// How it ended.
    pub ending: Ending,
    /// What it cost.
    pub amount: Ticks,
    /// How that is known.
    pub basis: Basis,
    /// Whether its clip is still to be stored.
    pub to_store: bool,
}

/// How a job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// It was never sent.
    NotSent,
    /// The provider did not take it.
    Refused,
    /// There is a clip to be stored.
    Done,
    /// There is a clip, and the provider delivered it to an address of the project's.
    Delivered,
    /// The provider could not make it.
    Failed,
    /// The provider keeps it no longer.
    Expired,
    /// Moderation held it back.
    Moderated,
    /// Nobody knows.
    Unknown,
}

/// How a price is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// Nothing was begun, so nothing is owed.
    NotBegun,
    /// The provider said so in a reply.
    Reported,
    /// Nobody said what it cost, so all that was set aside counts as spent.
    Reservation,
    /// A bill of the provider's.
    Bill,
    /// A person decided, and it is recorded who.
    Decision,
}

/// Something that happens to a job.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Event {
    /// A permit was given: it may be sent, once.
    Permitted,
    /// The request could not be sent: no connection was made.
    NotSent,
    /// The provider took it under this id.
    Accepted(String),
    /// The provider said that it takes no such job, and perhaps what that cost.
    Refused(Option<Ticks>),
    /// No reply came, or one that does not say whether the job was taken.
    NoAnswer,
    /// A run finds it as an earlier one left it.
    Found,
    /// The provider said how it ended, and perhaps what it cost.
    Ended(Ending, Option<Ticks>),
    /// The clip is stored.
    Stored,
    /// A bill of the provider's says what it cost.
    Bill(Ticks),
    /// A person decided what a job cost of which nobody knows whether it was begun.
    Decision(Ticks),
}

/// What is to be done once the new state is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Send the request, once.
    Send,
    /// Ask what became of it, until it is over.
    Poll,
    /// Fetch the clip while its address lasts.
    Store,
}

/// An event that does not fit the state: a reply that came twice, or too late. Nothing changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this cannot happen to a job that is {0}")]
pub struct Unfit(pub &'static str);

/// The next state of a job and what is to be done, given what was set aside for it.
///
/// # Errors
/// [`Unfit`] when the event does not fit the state.
pub fn step(state: &State, event: &Event, reservation: Ticks) -> Result<(State, Option<Effect>), Unfit> {
    let over = |request_id: Option<&String>, ending, amount, basis| {
        let to_store = ending == Ending::Done;
        let settled = Settled { request_id: request_id.cloned(), ending, amount, basis, to_store };
        (State::Settled(settled), to_store.then_some(Effect::Store))
    };
    Ok(match (state, event) {
        (State::Reserved, Event::Permitted) => (State::Submitting, Some(Effect::Send)),
        (State::Reserved, Event::Found) | (State::Submitting | State::Unknown, Event::NotSent) => {
            over(None, Ending::NotSent, Ticks::ZERO, Basis::NotBegun)
        }
        // Who decided what an unknown job cost did not know that it was taken.
        (
            State::Submitting
            | State::Unknown
            | State::Settled(Settled { request_id: None, basis: Basis::Decision, .. }),
            Event::Accepted(id),
        ) => (State::Accepted(id.clone()), Some(Effect::Poll)),
        (State::Submitting | State::Unknown, Event::Refused(Some(cost))) => {
            over(None, Ending::Refused, *cost, Basis::Reported)
        }
        (State::Submitting | State::Unknown, Event::Refused(None)) => {
            over(None, Ending::Refused, Ticks::ZERO, Basis::NotBegun)
        }
        (State::Submitting | State::Unknown, Event::NoAnswer | Event::Found) => (State::Unknown, None),
        (State::Unknown, Event::Bill(amount)) => over(None, Ending::Unknown, *amount, Basis::Bill),
        (State::Unknown, Event::Decision(amount)) => over(None, Ending::Unknown, *amount, Basis::Decision),
        (State::Accepted(_), Event::Found) => (state.clone(), Some(Effect::Poll)),
        (State::Accepted(id), Event::Ended(ending, Some(cost))) => {
            over(Some(id), *ending, *cost, Basis::Reported)
        }
        (State::Accepted(id), Event::Ended(ending, None)) => {
            over(Some(id), *ending, reservation, Basis::Reservation)
        }
        (State::Accepted(id), Event::Bill(amount)) => over(Some(id), Ending::Unknown, *amount, Basis::Bill),
        (State::Settled(Settled { to_store: true, .. }), Event::Found) => {
            (state.clone(), Some(Effect::Store))
        }
        (State::Settled(settled), Event::Stored) if settled.to_store => {
            (State::Settled(Settled { to_store: false, ..settled.clone() }), None)
        }
        (State::Settled(settled), Event::Ended(ending, cost)) => {
            let learnt = settled.learns(*ending, *cost).ok_or(Unfit(state.word()))?;
            let effect = learnt.to_store.then_some(Effect::Store);
            (State::Settled(learnt), effect)
        }
        // A bill is the last word, and the newest is the last: one may have been mistyped. The history keeps them all.
        (State::Settled(settled), Event::Bill(amount)) => {
            (State::Settled(Settled { amount: *amount, basis: Basis::Bill, ..settled.clone() }), None)
        }
        _ => return Err(Unfit(state.word())),
    })
}

impl Settled {
    /// What a report that comes later adds: how it ended when nobody knew, that a clip which is not stored is gone, what
    /// it cost when the provider had not said. Nothing when it adds nothing.
    fn learns(&self, ending: Ending, cost: Option<Ticks>) -> Option<Self> {
        let mut learnt = self.clone();
        let nobody_knew = self.ending == Ending::Unknown && self.request_id.is_some();
        if nobody_knew || (self.to_store && ending != Ending::Done) {
            (learnt.ending, learnt.to_store) = (ending, ending == Ending::Done);
        }
        if let (Some(cost), Basis::Reservation | Basis::Decision) = (cost, self.basis) {
            (learnt.amount, learnt.basis) = (cost, Basis::Reported);
        }
        (learnt != *self).then_some(learnt)
    }
}

impl Event {
    /// The event in one word, as the ledger writes it.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Permitted => "submitting",
            Self::NotSent => "not-sent",
            Self::Accepted(_) => "accepted",
            Self::Refused(_) => "refused",
            Self::NoAnswer => "no-answer",
            Self::Found => "found",
            Self::Ended(ending, _) => ending.word(),
            Self::Stored => "stored",
            Self::Bill(_) => "bill",
            Self::Decision(_) => "decision",
        }
    }
}

impl State {
    /// The state in one word.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Reserved => "reserved",
            Self::Submitting => "submitting",
            Self::Unknown => "unknown",
            Self::Accepted(_) => "accepted",
            Self::Settled(_) => "settled",
        }
    }

    /// What the job holds of the budget: all that was set aside until it is settled, then what it cost.
    #[must_use]
    pub fn holds(&self, reservation: Ticks) -> Ticks {
        match self {
            Self::Reserved | Self::Submitting | Self::Unknown | Self::Accepted(_) => reservation,
            Self::Settled(settled) => settled.amount,
        }
    }

    /// Whether nobody knows yet how it ended.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !matches!(self, Self::Settled(_))
    }
}

impl Ending {
    /// The ending in one word, as the ledger and every format write it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::NotSent => "not-sent",
            Self::Refused => "refused",
            Self::Done => "done",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Expired => "expired",
            Self::Moderated => "moderated",
            Self::Unknown => "unknown",
        }
    }

    /// Every ending.
    pub const ALL: [Self; 8] = [
        Self::NotSent,
        Self::Refused,
        Self::Done,
        Self::Delivered,
        Self::Failed,
        Self::Expired,
        Self::Moderated,
        Self::Unknown,
    ];
}

impl Basis {
    /// The basis in one word, as the ledger and every format write it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::NotBegun => "not-begun",
            Self::Reported => "reported",
            Self::Reservation => "reservation",
            Self::Bill => "bill",
            Self::Decision => "decision",
        }
    }

    /// Every basis.
    pub const ALL: [Self; 5] =
        [Self::NotBegun, Self::Reported, Self::Reservation, Self::Bill, Self::Decision];
}

#[cfg(test)]
mod tests;
