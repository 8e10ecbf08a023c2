//! Runs a job: sends it once, polls until it is over, stores its clip. Everything is written down before it is acted
//! on, so that the process may end at any moment.

use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBuilder};
use chrono::{DateTime, Utc};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{
    clip_store::{ClipStore, Kept, NotKept},
    job::{Ending, Event, Settled, State},
    ledger::{Job, Ledger, LedgerError, Reserved},
    line::{Heard, Line, Sent},
    order::Wanted,
    reading::{Advice, Over, Polled, Reader},
    realm::Realm,
    steps::{JobStep, Listener},
};
use crate::{
    model::{checklist::Fault, job_api::JobApi},
    observe::Clock,
};

/// For this long after it was accepted, a job may not be found yet, or a poll may be refused for a temporary reason
/// (reports of third-party clients, 2026-07).
const EARLY: Duration = Duration::from_secs(30);

/// How much of each answer to a poll is kept, in bytes: there may be hundreds of answers.
const KEPT: usize = 16 << 10;

/// What is needed to run a job.
pub struct Runner<'a, R> {
    /// Where everything is written down.
    pub ledger: &'a Ledger<R>,
    /// Where it is sent.
    pub line: &'a Line<'a, R>,
    /// How the provider's jobs work.
    pub api: &'a JobApi,
    /// The faults that the checklist knows.
    pub faults: &'a [Fault],
    /// Where clips are stored.
    pub clip_store: &'a ClipStore,
    /// What the clip must be.
    pub wanted: Wanted,
    /// How long it may take.
    pub timeout: Duration,
    /// The first and the longest pause between polls.
    pub pace: (Duration, Duration),
    /// The clock.
    pub clock: Clock,
    /// Receives what happens.
    pub listener: &'a dyn Listener,
    /// Stops the waiting; the job stays resumable. If a request is in flight, its answer is waited for.
    pub cancel: &'a CancellationToken,
    /// Stops even that; the job stays unknown.
    pub abandon: &'a CancellationToken,
}

/// How a run of a job ended.
#[derive(Debug)]
pub struct Outcome {
    /// The job as the ledger knows it now.
    pub job: Job,
    /// How the run ended.
    pub how: How,
    /// What else is known.
    pub advice: Advice,
}

/// How a run of a job ended.
#[derive(Debug)]
pub enum How {
    /// The clip is stored.
    Stored(Box<Kept>),
    /// The clip was stored by an earlier run, or by another one at the same time.
    AlreadyStored,
    /// The provider delivered it to an address that the project named.
    Delivered,
    /// It ended without a clip, or was never started.
    Ended(Ending),
    /// There is a clip, but it couldn't be stored yet.
    NotKept(NotKept),
    /// It is unknown whether it was started.
    Unknown,
    /// It is still running, and the time limit was reached.
    TimedOut,
    /// It is still running, and the user pressed Ctrl-C.
    Interrupted,
    /// It is still running, but the account is no longer allowed to ask.
    Barred,
}

impl How {
    /// How a run ends that leaves a job like this: according to the ledger, not to what this run was told.
    fn of(job: &Job) -> Self {
        match &job.state {
            State::Settled(settled) if settled.to_store => {
                Self::NotKept(NotKept::Address("the provider no longer names it"))
            }
            State::Settled(settled) if settled.ending == Ending::Delivered => Self::Delivered,
            State::Settled(_) if job.file.is_some() => Self::AlreadyStored,
            State::Settled(settled) => Self::Ended(settled.ending),
            _ => Self::Unknown,
        }
    }
}

/// Why a run couldn't continue.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The ledger operation failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The provider accepted a job, and the ledger couldn't store its id.
    #[error("the provider took job `{job}` as `{request_id}`, and the ledger could not keep that")]
    Unwritten {
        /// The job.
        job: String,
        /// The provider's id for it.
        request_id: String,
        /// Why not.
        source: LedgerError,
    },
    /// The provider has no endpoint for this mode.
    #[error("it is not known how `{0}` starts a {1} job")]
    NoWay(String, String),
}

impl<R: Realm> Runner<'_, R> {
    /// Sends a job whose price is set aside, and follows it to its end.
    ///
    /// # Errors
    /// [`RunError`] when an event can't be written down.
    pub async fn begin(&self, reserved: Reserved<R>) -> Result<Outcome, RunError> {
        let Reserved { id, order, .. } = reserved;
        let no_way = || RunError::NoWay(order.provider.clone(), order.mode.word().to_owned());
        let path = self.api.create.get(&order.mode).ok_or_else(no_way)?;
        let reserved = JobStep::Reserved { job: id.clone(), amount: order.price.to_string() };
        self.listener.hears(&reserved);
        // A Ctrl-C pressed just now must take effect before anything is paid.
        tokio::task::yield_now().await;
        if self.cancel.is_cancelled() {
            self.happened(&id, &Event::Found, "interrupted before the request was sent").await?;
            return self.left(&id, How::Interrupted, Advice::default()).await;
        }
        self.happened(&id, &Event::Permitted, "").await?;
        self.listener.hears(&JobStep::Submitting { job: id.clone() });
        let sent = self.abandon.run_until_cancelled(self.sent(&id, path, &order.body)).await;
        let (event, advice, detail) = match &sent {
            None => (Event::NoAnswer, Advice::default(), "given up"),
            Some(Sent::Not(trouble)) => {
                (Event::NotSent, Advice::said(&trouble.detail), trouble.detail.as_str())
            }
            Some(Sent::Lost(trouble)) => {
                (Event::NoAnswer, Advice::said(&trouble.detail), trouble.detail.as_str())
            }
            Some(Sent::Heard(heard)) => {
                let (event, advice) = self.created(heard);
                (event, advice, "")
            }
        };
        let reply = match &sent {
            Some(Sent::Heard(heard)) => Some(("reply", heard.raw.as_str())),
            _ => None,
        };
        let learnt = self.ledger.learnt(&id, reply, (&event, detail), self.clock.now()).await;
        learnt.map_err(|source| unwritten(&id, &event, source))?;
        self.go_on(&id, advice).await
    }

    /// What the answer to the paid request says. An id that contains a secret isn't accepted, because it would be
    /// stored and shown.
    fn created(&self, heard: &Heard) -> (Event, Advice) {
        match self.reader().created(heard) {
            (Event::Accepted(id), _) if self.line.knows(&id) => {
                (Event::NoAnswer, Advice::said("the reply names a secret where the job's id belongs"))
            }
            other => other,
        }
    }

    /// Sends the paid request. Ctrl-C now waits for the answer, because it says whether anything is paid.
    async fn sent(&self, id: &str, path: &str, body: &serde_json::Value) -> Sent {
        let mut answer = std::pin::pin!(self.line.create(path, body));
        tokio::select! {
            sent = &mut answer => return sent,
            () = self.cancel.cancelled() => self.listener.hears(&JobStep::Holding { job: id.to_owned() }),
        }
        answer.await
    }

    /// Continues a job as an earlier run left it. It is never sent again.
    ///
    /// # Errors
    /// [`RunError`] when an event can't be written down.
    pub async fn resume(&self, job: &str) -> Result<Outcome, RunError> {
        let known = self.ledger.job(job).await?;
        if !matches!(&known.state, State::Settled(settled) if !settled.to_store) {
            self.happened(job, &Event::Found, "").await?;
        }
        self.go_on(job, Advice::default()).await
    }

    async fn go_on(&self, id: &str, advice: Advice) -> Result<Outcome, RunError> {
        let job = self.ledger.job(id).await?;
        match job.state.clone() {
            State::Accepted(request_id) => {
                self.listener
                    .hears(&JobStep::Accepted { job: id.to_owned(), request_id: request_id.clone() });
                self.follow(id, &request_id).await
            }
            State::Settled(settled) if settled.to_store => self.fetch_again(job, &settled).await,
            State::Settled(settled) => {
                self.listener.hears(&ended(id, &settled));
                Ok(Outcome { how: How::of(&job), job, advice })
            }
            State::Unknown | State::Reserved | State::Submitting => {
                Ok(Outcome { job, how: How::Unknown, advice })
            }
        }
    }

    /// Polls a job until it is over or the time limit is reached.
    async fn follow(&self, id: &str, request_id: &str) -> Result<Outcome, RunError> {
        let path = self.api.poll.replace("{id}", &escaped(request_id));
        let (begun, mut last) = (Instant::now(), String::new());
        let mut pauses = self.pauses();
        loop {
            let waited = begun.elapsed();
            let Some(sent) = self.cancel.run_until_cancelled(self.line.poll(&path)).await else {
                return self.left(id, How::Interrupted, Advice::default()).await;
            };
            let (polled, wish) = self.understood(id, &sent, (&mut last, waited < EARLY)).await?;
            match polled {
                Polled::Over(over) => return self.over(id, *over).await,
                Polled::Barred(advice) => return self.left(id, How::Barred, advice).await,
                Polled::Pending(percent) => {
                    let waited = waited.as_secs();
                    self.listener.hears(&JobStep::Pending { job: id.to_owned(), percent, waited });
                }
                Polled::Nothing(why) => self.listener.hears(&JobStep::Unclear { job: id.to_owned(), why }),
            }
            let pause = wish.or_else(|| pauses.next()).unwrap_or(self.pace.1);
            if begun.elapsed().saturating_add(pause) >= self.timeout {
                return self.left(id, How::TimedOut, Advice::default()).await;
            }
            if self.cancel.run_until_cancelled(tokio::time::sleep(pause)).await.is_none() {
                return self.left(id, How::Interrupted, Advice::default()).await;
            }
        }
    }

    /// What a poll says, and how long the server asks to wait.
    async fn understood(
        &self,
        id: &str,
        sent: &Sent,
        (last, early): (&mut String, bool),
    ) -> Result<(Polled, Option<Duration>), RunError> {
        match sent {
            Sent::Not(trouble) | Sent::Lost(trouble) => Ok((Polled::Nothing(trouble.detail.clone()), None)),
            Sent::Heard(heard) => {
                if *last != heard.raw {
                    let end = heard.raw.floor_char_boundary(KEPT);
                    self.note(id, "poll", heard.raw.get(..end).unwrap_or_default()).await?;
                    last.clone_from(&heard.raw);
                }
                Ok((self.reader().polled(heard, early), wish(heard, self.timeout, self.clock.now())))
            }
        }
    }

    async fn over(&self, id: &str, over: Over) -> Result<Outcome, RunError> {
        let job = self.reported(id, &over).await?;
        let to_store = match &job.state {
            State::Settled(settled) => {
                self.listener.hears(&ended(id, settled));
                settled.to_store
            }
            _ => false,
        };
        match over.url {
            Some(url) if to_store => self.keep(job, &url).await,
            _ => Ok(Outcome { how: How::of(&job), job, advice: over.advice }),
        }
    }

    /// Writes down what a poll says about the end, and returns the job as the ledger then knows it.
    async fn reported(&self, id: &str, over: &Over) -> Result<Job, RunError> {
        match self.happened(id, &Event::Ended(over.ending, over.cost), "").await {
            // Another run was faster and has written it down.
            Ok(()) | Err(LedgerError::Unfit { .. }) => Ok(self.ledger.job(id).await?),
            Err(error) => Err(error.into()),
        }
    }

    /// The address of a clip is valid only for a while, so the provider is asked for it again.
    async fn fetch_again(&self, job: Job, settled: &Settled) -> Result<Outcome, RunError> {
        let path = self.api.poll.replace("{id}", &escaped(settled.request_id.as_deref().unwrap_or_default()));
        let Some(sent) = self.cancel.run_until_cancelled(self.line.poll(&path)).await else {
            return Ok(Outcome { job, how: How::Interrupted, advice: Advice::default() });
        };
        let (polled, _) = self.understood(&job.id, &sent, (&mut String::new(), false)).await?;
        match polled {
            Polled::Over(over) => {
                let job = self.reported(&job.id, &over).await?;
                match over.url {
                    Some(url) => self.keep(job, &url).await,
                    None => Ok(Outcome { how: How::of(&job), job, advice: over.advice }),
                }
            }
            Polled::Barred(advice) => Ok(Outcome { job, how: How::Barred, advice }),
            Polled::Pending(_) => Ok(Outcome { job, how: How::TimedOut, advice: Advice::default() }),
            Polled::Nothing(why) => {
                Ok(Outcome { job, how: How::NotKept(NotKept::Broken(why)), advice: Advice::default() })
            }
        }
    }

    async fn keep(&self, job: Job, url: &str) -> Result<Outcome, RunError> {
        let keeping = self.clip_store.keep(self.line, (&job, url, &self.wanted), self.listener);
        let Some(kept) = self.cancel.run_until_cancelled(keeping).await else {
            return Ok(Outcome { job, how: How::Interrupted, advice: Advice::default() });
        };
        let kept = match kept {
            Ok(kept) => kept,
            Err(why) => return Ok(Outcome { job, how: How::NotKept(why), advice: Advice::default() }),
        };
        let now = self.clock.now();
        match self.ledger.stored(&job.id, (kept.file.as_str(), &kept.sha256), now).await {
            Ok(()) => {}
            // Another run was faster: the ledger names its file.
            Err(LedgerError::Unfit { .. }) => {
                let job = self.ledger.job(&job.id).await?;
                return Ok(Outcome { how: How::of(&job), job, advice: Advice::default() });
            }
            Err(error) => return Err(error.into()),
        }
        let job = self.ledger.job(&job.id).await?;
        // The clip is stored and paid for: failing to write its description is reported, but isn't a failure.
        let described = self.clip_store.describe(&kept, &job, &job.changed, R::REHEARSAL);
        let advice = described
            .err()
            .map(|error| Advice::said(&format!("cannot write the sidecar file of the clip: {error}")));
        self.listener.hears(&JobStep::Stored {
            job: job.id.clone(),
            file: kept.file.to_string(),
            sha256: kept.sha256.clone(),
        });
        Ok(Outcome { job, how: How::Stored(Box::new(kept)), advice: advice.unwrap_or_default() })
    }

    async fn left(&self, id: &str, how: How, advice: Advice) -> Result<Outcome, RunError> {
        Ok(Outcome { job: self.ledger.job(id).await?, how, advice })
    }

    async fn happened(&self, id: &str, event: &Event, detail: &str) -> Result<(), LedgerError> {
        self.ledger.happened(id, (event, detail), self.clock.now()).await.map(drop)
    }

    async fn note(&self, id: &str, what: &str, detail: &str) -> Result<(), LedgerError> {
        self.ledger.note(id, (what, detail), self.clock.now()).await
    }

    fn reader(&self) -> Reader<'_> {
        Reader { api: self.api, faults: self.faults, delivered: self.wanted.delivered }
    }

    fn pauses(&self) -> impl Iterator<Item = Duration> + use<R> {
        let (first, longest) = self.pace;
        let pauses = ExponentialBuilder::new().with_min_delay(first).with_max_delay(longest).with_factor(1.5);
        pauses.without_max_times().with_jitter().build()
    }
}

/// The error when the ledger couldn't be written after the answer. The job's id must not be lost, so the error contains
/// it.
fn unwritten(job: &str, event: &Event, source: LedgerError) -> RunError {
    match event {
        Event::Accepted(request_id) => {
            RunError::Unwritten { job: job.to_owned(), request_id: request_id.clone(), source }
        }
        _ => RunError::Ledger(source),
    }
}

fn ended(id: &str, settled: &Settled) -> JobStep {
    JobStep::Ended {
        job: id.to_owned(),
        ending: settled.ending.word().to_owned(),
        amount: settled.amount.to_string(),
        basis: settled.basis.word().to_owned(),
    }
}

/// How long the server asks to wait, up to this maximum.
fn wish(heard: &Heard, most: Duration, now: DateTime<Utc>) -> Option<Duration> {
    heard.reply.retry_after(|| now).filter(|wish| !wish.is_zero()).map(|wish| wish.min(most))
}

/// A provider's id as one segment of a path.
fn escaped(id: &str) -> String {
    percent_encoding::utf8_percent_encode(id, percent_encoding::NON_ALPHANUMERIC)
        .to_string()
        .replace("%2D", "-")
}

#[cfg(test)]
mod tests;
