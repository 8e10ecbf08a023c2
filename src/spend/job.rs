//! One paid job as a pure state machine: what is known about it, what can happen to it, and what to do next.
//!
//! ```text
//! reserved ──► submitting ──► accepted ──► settled
//!     │            │  │          ▲          ▲ ▲ ▲
//!     │            │  └─ refused ┼──────────┘ │ │
//!     └── found ───┼─────────────┼────────────┘ │
//!                  └──► unknown ─┴─ bill, decision
//! ```
//!
//! A state is written down before its effect is carried out. A run that finds a job as `submitting` therefore can't
//! know whether its request was sent: the job becomes `unknown`, keeps its whole reservation and is never sent again.
//! The run that sent it may still be alive: its answer is evidence and is accepted even if it comes late. A later
//! report from the provider outweighs a decision or a reservation, and a bill outweighs everything.

use serde::{Deserialize, Serialize};

use crate::model::ticks::Ticks;

/// What is known about a job.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum State {
    /// Its price is set aside; nothing was sent.
    Reserved,
    /// Its request is about to be sent, or was.
    Submitting,
    /// It may have been sent, and no reply says what happened to it.
    Unknown,
    /// The provider accepted it under this id.
    Accepted(String),
    /// It is over, and this is what it cost.
    Settled(Settled),
}

/// How a job ended and what it cost.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Settled {
    /// The provider's id of the job, if the provider accepted it.
    pub request_id: Option<String>,
    /// How it ended.
    pub ending: Ending,
    /// What it cost.
    pub amount: Ticks,
    /// How that is known.
    pub basis: Basis,
    /// Whether its clip still has to be stored.
    pub to_store: bool,
}

/// How a job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// It was never sent.
    NotSent,
    /// The provider didn't accept it.
    Refused,
    /// There is a clip to store.
    Done,
    /// There is a clip, and the provider delivered it to an address that the project named.
    Delivered,
    /// The provider could not make it.
    Failed,
    /// The provider no longer keeps it.
    Expired,
    /// It was blocked by moderation.
    Moderated,
    /// Unknown.
    Unknown,
}

/// How a price is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// Nothing was started, so nothing is owed.
    NotBegun,
    /// The provider said so in a reply.
    Reported,
    /// No price was reported, so everything that was set aside counts as spent.
    Reservation,
    /// A bill from the provider.
    Bill,
    /// A person decided, and the ledger records who.
    Decision,
}

/// Something that happens to a job.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Event {
    /// A permit was used: the job may be sent, once.
    Permitted,
    /// The request could not be sent: no connection was made.
    NotSent,
    /// The provider accepted it under this id.
    Accepted(String),
    /// The provider refused the job, and may have said what that cost.
    Refused(Option<Ticks>),
    /// No reply came, or one that doesn't say whether the job was accepted.
    NoAnswer,
    /// A run finds it as an earlier one left it.
    Found,
    /// The provider said how it ended, and may have said what it cost.
    Ended(Ending, Option<Ticks>),
    /// The clip is stored.
    Stored,
    /// A bill from the provider says what it cost.
    Bill(Ticks),
    /// A person decided the cost of a job that may or may not have been started.
    Decision(Ticks),
}

/// What to do once the new state is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Send the request, once.
    Send,
    /// Ask for its status until it is over.
    Poll,
    /// Fetch the clip while its address is still valid.
    Store,
}

/// An event that doesn't fit the state: a reply that came twice, or too late. Nothing changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not possible: the job is {0}")]
pub struct Unfit(pub &'static str);

/// The next state of a job and what to do, given the amount set aside for it.
///
/// # Errors
/// [`Unfit`] when the event doesn't fit the state.
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
        // The person who decided what an unknown job cost didn't know that it had been accepted.
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
        // A bill is final, and the newest bill counts, because an earlier one may have been mistyped. The history keeps
        // them all.
        (State::Settled(settled), Event::Bill(amount)) => {
            (State::Settled(Settled { amount: *amount, basis: Basis::Bill, ..settled.clone() }), None)
        }
        _ => return Err(Unfit(state.word())),
    })
}

impl Settled {
    /// What a later report adds: how the job ended if that was unknown, that a clip that isn't stored yet is gone, or
    /// the cost if the provider hadn't given one. `None` when it adds nothing.
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

    /// What the job holds of the budget: until it is settled, everything set aside for it; then what it cost.
    #[must_use]
    pub fn holds(&self, reservation: Ticks) -> Ticks {
        match self {
            Self::Reserved | Self::Submitting | Self::Unknown | Self::Accepted(_) => reservation,
            Self::Settled(settled) => settled.amount,
        }
    }

    /// Whether it is still unknown how it ended.
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
