//! The ledger: what was set aside and what was charged, in a store that survives a crash at any moment. The budget
//! check and the reservation are one transaction; the history of a job is append-only.

mod rows;
mod statements;
mod store;

use std::marker::PhantomData;

use chrono::{DateTime, SecondsFormat, Utc};

pub use self::{
    rows::{Balance, Entry, Job},
    store::{BadPlace, Place},
};
use self::{
    rows::{Share, StateRow},
    statements::Tx,
    store::Store,
};
use super::{
    budget::OverBudget,
    job::{Effect, Event, State, Unfit, step},
    order::{Attempt, Order},
    permit::Permit,
    realm::Realm,
    turn::{self, NotNow},
};
use crate::{files::FileError, model::ticks::Ticks};

/// Why a ledger operation failed.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The state folder can't be used.
    #[error("cannot use the folder of the ledger")]
    Folder(#[source] FileError),
    /// The store can't be opened.
    #[error("cannot open the ledger")]
    Open(#[source] sqlx::Error),
    /// Its tables can't be brought up to date.
    #[error("cannot set up the tables of the ledger")]
    Migrate(#[source] sqlx::migrate::MigrateError),
    /// A statement failed.
    #[error("cannot read or write the ledger")]
    Store(#[from] sqlx::Error),
    /// A row can't be interpreted.
    #[error("the ledger is damaged: job `{0}` cannot be read")]
    Damaged(String),
    /// There is no such job.
    #[error("the ledger has no job `{0}`")]
    NoJob(String),
    /// An event doesn't fit what is known about a job.
    #[error("job `{job}`")]
    Unfit {
        /// The job.
        job: String,
        /// Why.
        source: Unfit,
    },
}

/// Why nothing was set aside.
#[derive(Debug, thiserror::Error)]
pub enum NotReserved {
    /// The price doesn't fit the budget.
    #[error(transparent)]
    OverBudget(#[from] OverBudget),
    /// It is not the shot's turn.
    #[error(transparent)]
    NotNow(#[from] NotNow),
    /// The ledger operation failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl From<sqlx::Error> for NotReserved {
    fn from(error: sqlx::Error) -> Self {
        Self::Ledger(error.into())
    }
}

/// The ledger of one project.
#[derive(Debug)]
pub struct Ledger<R> {
    store: Store,
    project: String,
    realm: PhantomData<R>,
}

/// A job whose price is set aside: it can be sent, once.
#[derive(Debug)]
#[must_use = "what is set aside and not sent stays set aside"]
pub struct Reserved<R> {
    /// Its id in the project.
    pub id: String,
    /// What will be sent.
    pub order: Order,
    realm: PhantomData<R>,
}

impl<R: Realm> Ledger<R> {
    /// Opens the ledger of a project, creating it if there is none.
    ///
    /// # Errors
    /// [`LedgerError`] when it can't be opened.
    pub async fn open(place: &Place, project: &str) -> Result<Self, LedgerError> {
        Ok(Self { store: Store::open(place).await?, project: project.to_owned(), realm: PhantomData })
    }

    /// Consumes a permit: sets its price aside if the budget and the rules of the project allow it.
    ///
    /// # Errors
    /// [`NotReserved`] when they don't; then nothing was changed.
    pub async fn reserve(&self, permit: Permit<R>, at: DateTime<Utc>) -> Result<Reserved<R>, NotReserved> {
        let (order, receipt) = permit.used();
        let mut tx = self.store.begin().await?;
        tx.open_budget(&self.project, order.budget.get()).await?;
        let jobs = all_jobs(&mut tx, &self.project).await?;
        turn::may_begin(&order, &jobs)?;
        if !tx.hold(&self.project, order.price.get()).await? {
            let left = tx.balance(&self.project).await?.map(|balance| balance.left());
            let left = left.unwrap_or(order.budget);
            return Err(OverBudget { price: order.price, left, limit: order.budget }.into());
        }
        let number = jobs.iter().filter(|job| job.shot == order.shot.as_str()).count() + 1;
        let id = format!("{}-{number}", order.shot);
        let (attempt, at) = (attempt(&order.attempt), moment(at));
        tx.insert_job(&id, &order, (&receipt, &attempt, &at)).await?;
        tx.insert_entry((&self.project, &id), (&at, "reserved", &order.price.to_string())).await?;
        tx.commit().await?;
        Ok(Reserved { id, order, realm: PhantomData })
    }

    /// Writes down what happened to a job, and returns what to do next. Once this returns, it is on disk.
    ///
    /// # Errors
    /// [`LedgerError`] when it doesn't fit what is known about the job, or can't be written.
    pub async fn happened(
        &self,
        job: &str,
        (event, detail): (&Event, &str),
        at: DateTime<Utc>,
    ) -> Result<(State, Option<Effect>), LedgerError> {
        self.learnt(job, None, (event, detail), at).await
    }

    /// The same together with the answer that says so, which is kept whatever it means: both are on disk, or neither.
    ///
    /// # Errors
    /// As [`Self::happened`]; an answer that doesn't fit is kept all the same.
    pub async fn learnt(
        &self,
        job: &str,
        answer: Option<(&str, &str)>,
        (event, detail): (&Event, &str),
        at: DateTime<Utc>,
    ) -> Result<(State, Option<Effect>), LedgerError> {
        let at = moment(at);
        let mut tx = self.store.begin().await?;
        tx.take_budget(&self.project).await?;
        if let Some((what, raw)) = answer {
            tx.insert_entry((&self.project, job), (&at, what, &storable(raw))).await?;
        }
        let stepped = self.stepped(&mut tx, job, (event, detail), &at).await;
        if stepped.is_ok() || matches!(stepped, Err(LedgerError::Unfit { .. })) {
            tx.commit().await?;
        }
        stepped
    }

    async fn stepped(
        &self,
        tx: &mut Tx,
        job: &str,
        (event, detail): (&Event, &str),
        at: &str,
    ) -> Result<(State, Option<Effect>), LedgerError> {
        let known = self.known(tx, job).await?;
        let stepped = step(&known.state, event, known.price);
        let (state, effect) = stepped.map_err(|source| LedgerError::Unfit { job: job.to_owned(), source })?;
        if state != known.state {
            tx.set_state(&self.project, job, &StateRow::from(&state), at).await?;
            let shares = tx.shares(&self.project).await?;
            let overcharged = shares.iter().any(Share::is_overcharged);
            tx.set_held(&self.project, Share::sum(&shares), overcharged).await?;
            tx.insert_entry((&self.project, job), (at, event.word(), &storable(detail))).await?;
        }
        Ok((state, effect))
    }

    /// Keeps a raw answer about a job before it is interpreted.
    ///
    /// # Errors
    /// [`LedgerError`] when it can't be written.
    pub async fn note(
        &self,
        job: &str,
        (what, detail): (&str, &str),
        at: DateTime<Utc>,
    ) -> Result<(), LedgerError> {
        let mut tx = self.store.begin().await?;
        tx.take_budget(&self.project).await?;
        tx.insert_entry((&self.project, job), (&moment(at), what, &storable(detail))).await?;
        Ok(tx.commit().await?)
    }

    /// Writes down where the clip of a job is stored.
    ///
    /// # Errors
    /// [`LedgerError`] when it can't be written.
    pub async fn stored(
        &self,
        job: &str,
        (file, sha256): (&str, &str),
        at: DateTime<Utc>,
    ) -> Result<(), LedgerError> {
        let mut tx = self.store.begin().await?;
        tx.take_budget(&self.project).await?;
        // If two runs store it, the file of the first one is recorded.
        self.stepped(&mut tx, job, (&Event::Stored, file), &moment(at)).await?;
        tx.set_file(&self.project, job, file, sha256).await?;
        Ok(tx.commit().await?)
    }

    /// Every job, in the order in which they were started.
    ///
    /// # Errors
    /// [`LedgerError`] when they can't be read.
    pub async fn jobs(&self) -> Result<Vec<Job>, LedgerError> {
        all_jobs(&mut self.store.begin().await?, &self.project).await
    }

    /// One job.
    ///
    /// # Errors
    /// [`LedgerError::NoJob`] when there is none with this id.
    pub async fn job(&self, id: &str) -> Result<Job, LedgerError> {
        self.known(&mut self.store.begin().await?, id).await
    }

    /// What happened to all jobs.
    ///
    /// # Errors
    /// [`LedgerError`] when it can't be read.
    pub async fn entries(&self) -> Result<Vec<Entry>, LedgerError> {
        Ok(self.store.begin().await?.entries(&self.project).await?)
    }

    /// The state of the budget; untouched when nothing was ever set aside.
    ///
    /// # Errors
    /// [`LedgerError`] when it can't be read.
    pub async fn balance(&self, limit: Ticks) -> Result<Balance, LedgerError> {
        let balance = self.store.begin().await?.balance(&self.project).await?;
        Ok(balance.map_or(Balance::untouched(limit), |balance| balance.with_limit(limit)))
    }

    /// Closes all connections.
    pub async fn close(&self) {
        self.store.close().await;
    }

    async fn known(&self, tx: &mut Tx, id: &str) -> Result<Job, LedgerError> {
        let row = tx.job(&self.project, id).await?;
        row.ok_or_else(|| LedgerError::NoJob(id.to_owned()))?.try_into()
    }
}

async fn all_jobs(tx: &mut Tx, project: &str) -> Result<Vec<Job>, LedgerError> {
    tx.jobs(project).await?.into_iter().map(Job::try_from).collect()
}

fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// A text that both stores accept: PostgreSQL doesn't allow NUL.
fn storable(text: &str) -> String {
    text.replace('\0', "\\0")
}

fn attempt(attempt: &Attempt) -> String {
    match attempt {
        Attempt::First => "first".to_owned(),
        Attempt::Again => "again".to_owned(),
        Attempt::Retry(None) => "retry".to_owned(),
        Attempt::Retry(Some(change)) => format!("retry {change}"),
    }
}

#[cfg(test)]
mod tests;
