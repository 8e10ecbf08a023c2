//! The contents of the tables, and what they mean.

use serde::Serialize;

use super::LedgerError;
use crate::{
    model::ticks::Ticks,
    spend::job::{Basis, Ending, Settled, State},
};

/// A job as the ledger knows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Its id in the project, such as `opening-1`.
    pub id: String,
    /// The shot that it makes.
    pub shot: String,
    /// Who owns the generation.
    pub route: String,
    /// Which owner.
    pub provider: String,
    /// The kind of generation.
    pub mode: String,
    /// The requested model.
    pub model: String,
    /// The body of its request, with digests in place of what is too long: JSON.
    pub request: String,
    /// Digest of the receipt that cleared it.
    pub receipt: String,
    /// `first`, `again`, or `retry` with what was changed.
    pub attempt: String,
    /// What was set aside for it.
    pub price: Ticks,
    /// What is known about it.
    pub state: State,
    /// Where its clip is, once it is stored.
    pub file: Option<String>,
    /// Digest of the clip, lower-case hexadecimal.
    pub sha256: Option<String>,
    /// When it was started, UTC in RFC 3339.
    pub opened: String,
    /// When something last happened to it, UTC in RFC 3339.
    pub changed: String,
}

impl Job {
    /// What it holds of the budget.
    #[must_use]
    pub fn holds(&self) -> Ticks {
        self.state.holds(self.price)
    }

    /// The provider's id for it.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        match &self.state {
            State::Accepted(id) => Some(id),
            State::Settled(settled) => settled.request_id.as_deref(),
            State::Reserved | State::Submitting | State::Unknown => None,
        }
    }

    /// Whether `--resume` can do anything for it.
    #[must_use]
    pub fn is_resumable(&self) -> bool {
        match &self.state {
            State::Settled(settled) => settled.to_store,
            State::Reserved | State::Submitting | State::Unknown | State::Accepted(_) => true,
        }
    }

    /// How it ended, in one word.
    #[must_use]
    pub fn ending(&self) -> Option<&'static str> {
        match &self.state {
            State::Settled(settled) => Some(settled.ending.word()),
            _ => None,
        }
    }

    /// Whether its clip failed: it then counts towards the project's retries.
    #[must_use]
    pub fn failed(&self) -> bool {
        matches!(&self.state, State::Settled(settled) if !matches!(
            settled.ending,
            Ending::NotSent | Ending::Refused | Ending::Done | Ending::Delivered
        ))
    }

    /// Whether the provider reported more than was set aside, and no bill confirms it: the assumed prices are then
    /// wrong.
    #[must_use]
    pub fn is_overcharged(&self) -> bool {
        matches!(&self.state, State::Settled(settled)
            if settled.basis == Basis::Reported && settled.amount > self.price)
    }

    /// Whether it has a clip, or had one.
    #[must_use]
    pub fn has_clip(&self) -> bool {
        matches!(&self.state, State::Settled(settled) if matches!(settled.ending, Ending::Done | Ending::Delivered))
    }
}

/// One event in the history of a job. It is never changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Entry {
    /// The job.
    pub job: String,
    /// Its position in the job's history, from 1.
    pub seq: i64,
    /// When it happened, UTC in RFC 3339.
    pub at: String,
    /// What happened.
    pub event: String,
    /// The raw reply, the evidence, the decision.
    pub detail: String,
}

/// The state of a budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, sqlx::FromRow)]
pub struct Balance {
    #[sqlx(rename = "limit_ticks")]
    limit: i64,
    #[sqlx(rename = "held_ticks")]
    held: i64,
    /// Whether nothing more may be set aside, whatever it costs.
    pub closed: bool,
}

impl Balance {
    /// A budget with nothing held.
    #[must_use]
    pub fn untouched(limit: Ticks) -> Self {
        Self { limit: limit.get(), held: 0, closed: false }
    }

    /// The same with the limit from the current project file.
    #[must_use]
    pub fn with_limit(self, limit: Ticks) -> Self {
        let overcharged = self.closed && self.held <= self.limit;
        Self { limit: limit.get(), held: self.held, closed: self.held > limit.get() || overcharged }
    }

    /// The most that the project may cost.
    #[must_use]
    pub fn limit(&self) -> Ticks {
        Ticks::new(self.limit)
    }

    /// What is spent or set aside.
    #[must_use]
    pub fn held(&self) -> Ticks {
        Ticks::new(self.held)
    }

    /// What is left; negative when a provider charged more than was set aside.
    #[must_use]
    pub fn left(&self) -> Ticks {
        crate::spend::budget::left(self.limit(), self.held())
    }
}

/// What one job holds of its budget.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Share {
    price_ticks: i64,
    amount_ticks: Option<i64>,
    basis: Option<String>,
}

impl Share {
    /// The total of these. It saturates at the largest number.
    pub(super) fn sum(shares: &[Self]) -> i64 {
        let takes = |share: &Self| share.amount_ticks.unwrap_or(share.price_ticks);
        shares.iter().map(takes).fold(0, i64::saturating_add)
    }

    /// Whether the provider reported more than was set aside, and no bill confirms it.
    pub(super) fn is_overcharged(&self) -> bool {
        self.basis.as_deref() == Some(Basis::Reported.word())
            && self.amount_ticks.is_some_and(|amount| amount > self.price_ticks)
    }
}

/// A row of `job`.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct JobRow {
    id: String,
    shot: String,
    route: String,
    provider: String,
    mode: String,
    model: String,
    request: String,
    receipt: String,
    attempt: String,
    price_ticks: i64,
    #[sqlx(flatten)]
    state: StateRow,
    file: Option<String>,
    sha256: Option<String>,
    opened: String,
    changed: String,
}

/// The columns that make up a state.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct StateRow {
    pub(super) state: String,
    pub(super) request_id: Option<String>,
    pub(super) ending: Option<String>,
    pub(super) amount_ticks: Option<i64>,
    pub(super) basis: Option<String>,
    pub(super) to_store: bool,
}

impl TryFrom<JobRow> for Job {
    type Error = LedgerError;

    fn try_from(row: JobRow) -> Result<Self, LedgerError> {
        let state = row.state.read().ok_or_else(|| LedgerError::Damaged(row.id.clone()))?;
        Ok(Self {
            id: row.id,
            shot: row.shot,
            route: row.route,
            provider: row.provider,
            mode: row.mode,
            model: row.model,
            request: row.request,
            receipt: row.receipt,
            attempt: row.attempt,
            price: Ticks::new(row.price_ticks),
            state,
            file: row.file,
            sha256: row.sha256,
            opened: row.opened,
            changed: row.changed,
        })
    }
}

impl StateRow {
    fn read(self) -> Option<State> {
        Some(match self.state.as_str() {
            "reserved" => State::Reserved,
            "submitting" => State::Submitting,
            "unknown" => State::Unknown,
            "accepted" => State::Accepted(self.request_id?),
            "settled" => State::Settled(Settled {
                request_id: self.request_id,
                ending: Ending::ALL.into_iter().find(|one| Some(one.word()) == self.ending.as_deref())?,
                amount: Ticks::new(self.amount_ticks?),
                basis: Basis::ALL.into_iter().find(|one| Some(one.word()) == self.basis.as_deref())?,
                to_store: self.to_store,
            }),
            _ => return None,
        })
    }
}

impl From<&State> for StateRow {
    fn from(state: &State) -> Self {
        let settled = match state {
            State::Settled(settled) => Some(settled),
            _ => None,
        };
        let request_id = match state {
            State::Accepted(id) => Some(id.clone()),
            _ => settled.and_then(|settled| settled.request_id.clone()),
        };
        Self {
            state: state.word().to_owned(),
            request_id,
            ending: settled.map(|settled| settled.ending.word().to_owned()),
            amount_ticks: settled.map(|settled| settled.amount.get()),
            basis: settled.map(|settled| settled.basis.word().to_owned()),
            to_store: settled.is_some_and(|settled| settled.to_store),
        }
    }
}

#[cfg(test)]
mod tests;
