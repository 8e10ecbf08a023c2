//! All statements, written once: SQLite and PostgreSQL accept the same text and bind `$1` by its number.

use sqlx::{Postgres, Sqlite, Transaction};

use super::rows::{Balance, Entry, JobRow, Share, StateRow};
use crate::spend::order::Order;

/// A transaction on either store.
pub(super) enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// Runs the same code with either.
macro_rules! on {
    ($tx:expr, |$name:ident| $body:expr) => {
        match $tx {
            Tx::Sqlite($name) => $body,
            Tx::Postgres($name) => $body,
        }
    };
}

type Done<T> = Result<T, sqlx::Error>;

impl Tx {
    /// Makes all of its changes permanent.
    pub(super) async fn commit(self) -> Done<()> {
        on!(self, |tx| tx.commit().await)
    }

    /// Locks the row of a budget, so that other writers wait, and sets its limit.
    pub(super) async fn open_budget(&mut self, project: &str, limit: i64) -> Done<()> {
        const TEXT: &str = "INSERT INTO budget (project, limit_ticks, held_ticks, closed) VALUES ($1, $2, 0, FALSE) \
             ON CONFLICT (project) DO UPDATE SET limit_ticks = $2, closed = budget.held_ticks > $2";
        on!(self, |tx| sqlx::query(TEXT).bind(project).bind(limit).execute(&mut **tx).await.map(drop))
    }

    /// Locks the row of a budget, so that other writers wait.
    pub(super) async fn take_budget(&mut self, project: &str) -> Done<()> {
        const TEXT: &str = "UPDATE budget SET held_ticks = held_ticks WHERE project = $1";
        on!(self, |tx| sqlx::query(TEXT).bind(project).execute(&mut **tx).await.map(drop))
    }

    /// Sets an amount aside if it fits; returns whether it did.
    pub(super) async fn hold(&mut self, project: &str, amount: i64) -> Done<bool> {
        const TEXT: &str = "UPDATE budget SET held_ticks = held_ticks + $2 \
             WHERE project = $1 AND NOT closed AND $2 > 0 AND $2 <= limit_ticks - held_ticks";
        let rows = on!(self, |tx| {
            let done = sqlx::query(TEXT).bind(project).bind(amount).execute(&mut **tx).await?;
            done.rows_affected()
        });
        Ok(rows == 1)
    }

    /// What each job of a project holds of its budget: what was set aside, what it cost, and how that is known.
    pub(super) async fn shares(&mut self, project: &str) -> Done<Vec<Share>> {
        const TEXT: &str = "SELECT price_ticks, amount_ticks, basis FROM job WHERE project = $1";
        on!(self, |tx| sqlx::query_as(TEXT).bind(project).fetch_all(&mut **tx).await)
    }

    /// Writes down what all jobs hold. It is added up in Rust, because stores differ in what happens when numbers
    /// overflow.
    pub(super) async fn set_held(&mut self, project: &str, held: i64, overcharged: bool) -> Done<()> {
        const TEXT: &str =
            "UPDATE budget SET held_ticks = $2, closed = ($2 > limit_ticks OR $3) WHERE project = $1";
        on!(self, |tx| {
            let query = sqlx::query(TEXT).bind(project).bind(held).bind(overcharged);
            query.execute(&mut **tx).await.map(drop)
        })
    }

    pub(super) async fn balance(&mut self, project: &str) -> Done<Option<Balance>> {
        const TEXT: &str = "SELECT limit_ticks, held_ticks, closed FROM budget WHERE project = $1";
        on!(self, |tx| sqlx::query_as(TEXT).bind(project).fetch_optional(&mut **tx).await)
    }

    pub(super) async fn jobs(&mut self, project: &str) -> Done<Vec<JobRow>> {
        const TEXT: &str = "SELECT * FROM job WHERE project = $1 ORDER BY opened, id";
        on!(self, |tx| sqlx::query_as(TEXT).bind(project).fetch_all(&mut **tx).await)
    }

    pub(super) async fn job(&mut self, project: &str, id: &str) -> Done<Option<JobRow>> {
        const TEXT: &str = "SELECT * FROM job WHERE project = $1 AND id = $2";
        on!(self, |tx| sqlx::query_as(TEXT).bind(project).bind(id).fetch_optional(&mut **tx).await)
    }

    pub(super) async fn insert_job(
        &mut self,
        id: &str,
        order: &Order,
        (receipt, attempt, at): (&str, &str, &str),
    ) -> Done<()> {
        const TEXT: &str = "INSERT INTO job (project, id, shot, route, provider, mode, model, request, receipt, \
             attempt, price_ticks, state, to_store, opened, changed) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'reserved', FALSE, $12, $12)";
        let shown = order.shown.to_string();
        on!(self, |tx| {
            let query = sqlx::query(TEXT).bind(&order.project).bind(id).bind(order.shot.as_str());
            let query = query.bind(order.route.word()).bind(&order.provider).bind(order.mode.word());
            let query = query.bind(&order.model).bind(shown).bind(receipt).bind(attempt);
            query.bind(order.price.get()).bind(at).execute(&mut **tx).await.map(drop)
        })
    }

    pub(super) async fn set_state(
        &mut self,
        project: &str,
        id: &str,
        state: &StateRow,
        at: &str,
    ) -> Done<()> {
        const TEXT: &str = "UPDATE job SET state = $3, request_id = $4, ending = $5, amount_ticks = $6, basis = $7, \
             to_store = $8, changed = $9 WHERE project = $1 AND id = $2";
        on!(self, |tx| {
            let query = sqlx::query(TEXT).bind(project).bind(id).bind(&state.state).bind(&state.request_id);
            let query = query.bind(&state.ending).bind(state.amount_ticks).bind(&state.basis);
            query.bind(state.to_store).bind(at).execute(&mut **tx).await.map(drop)
        })
    }

    pub(super) async fn set_file(&mut self, project: &str, id: &str, file: &str, sha256: &str) -> Done<()> {
        const TEXT: &str = "UPDATE job SET file = $3, sha256 = $4 WHERE project = $1 AND id = $2";
        on!(self, |tx| {
            let query = sqlx::query(TEXT).bind(project).bind(id).bind(file).bind(sha256);
            query.execute(&mut **tx).await.map(drop)
        })
    }

    pub(super) async fn insert_entry(
        &mut self,
        (project, job): (&str, &str),
        (at, event, detail): (&str, &str, &str),
    ) -> Done<()> {
        const TEXT: &str = "INSERT INTO entry (project, job, seq, at, event, detail) SELECT $1, $2, \
             COALESCE(MAX(seq), 0) + 1, $3, $4, $5 FROM entry WHERE project = $1 AND job = $2";
        on!(self, |tx| {
            let query = sqlx::query(TEXT).bind(project).bind(job).bind(at).bind(event).bind(detail);
            query.execute(&mut **tx).await.map(drop)
        })
    }

    pub(super) async fn entries(&mut self, project: &str) -> Done<Vec<Entry>> {
        const TEXT: &str =
            "SELECT job, seq, at, event, detail FROM entry WHERE project = $1 ORDER BY job, seq";
        on!(self, |tx| sqlx::query_as(TEXT).bind(project).fetch_all(&mut **tx).await)
    }
}
