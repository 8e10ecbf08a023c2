//! Whether a clip may be started, depending on what happened to earlier clips of the same shot.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    job::State,
    ledger::Job,
    order::{Attempt, Order},
};
use crate::model::ticks::Ticks;

/// Why a clip can't be started now.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotNow {
    /// An earlier one is not over.
    #[error("job `{job}` of shot `{shot}` is still {state}")]
    Open {
        /// The job.
        job: String,
        /// Its shot.
        shot: String,
        /// What is known about it.
        state: &'static str,
    },
    /// There is a clip, and it is not stored yet.
    #[error("the clip of shot `{shot}` is made but not saved yet")]
    NotStored {
        /// The job.
        job: String,
        /// Its shot.
        shot: String,
    },
    /// The provider charged more than was set aside for it.
    #[error("job `{job}` cost {amount}, more than was reserved ({price})")]
    Overcharged {
        /// The job.
        job: String,
        /// What the provider reported.
        amount: Ticks,
        /// What was set aside.
        price: Ticks,
    },
    /// There is a clip already.
    #[error("shot `{shot}` already has a clip (job `{job}`)")]
    Made {
        /// The job.
        job: String,
        /// Its shot.
        shot: String,
    },
    /// An earlier one failed, and no retry was asked for.
    #[error("the last clip of shot `{shot}` failed (job `{job}`: {ending})")]
    Failed {
        /// The job.
        job: String,
        /// Its shot.
        shot: String,
        /// How it ended.
        ending: &'static str,
    },
    /// There is nothing to try again.
    #[error("nothing to retry: no clip of shot `{0}` failed")]
    NothingFailed(String),
    /// All retries are used up.
    #[error("shot `{shot}` failed {failed} times and the project allows {}", retries(*.allowed))]
    UsedUp {
        /// The last job.
        job: String,
        /// The shot.
        shot: String,
        /// How often it failed.
        failed: usize,
        /// How often it may be tried again.
        allowed: u32,
    },
}

fn retries(count: u32) -> String {
    crate::model::text::counted(count as usize, "retry").replace("retrys", "retries")
}

impl NotNow {
    /// What to do about it.
    #[must_use]
    pub fn fix(&self) -> String {
        match self {
            Self::Open { job, state, .. } if *state == State::Unknown.word() => format!(
                "check the provider's usage page, then run `greenlight ledger settle {job}` with the bill, or \
                 `greenlight ledger resolve {job}`"
            ),
            Self::Open { job, .. } | Self::NotStored { job, .. } => {
                format!("run `greenlight clip --resume {job}`")
            }
            Self::Overcharged { job, .. } => format!(
                "find out why, correct the prices, then record the bill: `greenlight ledger settle {job}`"
            ),
            Self::Made { .. } => "name the next shot, or pass `--again` to pay for another clip".to_owned(),
            Self::Failed { shot, .. } => format!(
                "run `greenlight clip {shot} --retry`, or change one thing: `greenlight clip {shot} --retry duration=4`"
            ),
            Self::NothingFailed(shot) => format!("run `greenlight clip {shot}`"),
            Self::UsedUp { .. } => {
                "stop here: find out why it fails, or raise `retries` under `[failure]` and check again"
                    .to_owned()
            }
        }
    }
}

/// Whether a clip may be started. Jobs that were never accepted don't count, because nothing was made.
///
/// # Errors
/// [`NotNow`] says why not.
pub fn may_begin(order: &Order, jobs: &[Job]) -> Result<(), NotNow> {
    if let Some(job) = jobs.iter().find(|job| job.is_overcharged()) {
        return Err(NotNow::Overcharged { job: job.id.clone(), amount: job.holds(), price: job.price });
    }
    let of_shot: Vec<&Job> = jobs.iter().filter(|job| job.shot == order.shot.as_str()).collect();
    let shot = || order.shot.as_str().to_owned();
    if let Some(open) = of_shot.iter().find(|job| job.state.is_open()) {
        return Err(NotNow::Open { job: open.id.clone(), shot: shot(), state: open.state.word() });
    }
    if let Some(made) = of_shot.iter().find(|job| job.is_resumable()) {
        return Err(NotNow::NotStored { job: made.id.clone(), shot: shot() });
    }
    // Failures before the last finished clip no longer count.
    let failed = of_shot.iter().rev().take_while(|job| !job.has_clip()).filter(|job| job.failed());
    let (last, failed) = (failed.clone().next(), failed.count());
    let made = of_shot.iter().rev().find(|job| job.has_clip());
    match (&order.attempt, last) {
        (Attempt::First | Attempt::Retry(_), None) if let Some(made) = made => {
            Err(NotNow::Made { job: made.id.clone(), shot: shot() })
        }
        (Attempt::Retry(_), None) => Err(NotNow::NothingFailed(shot())),
        (Attempt::First | Attempt::Again, Some(last)) => {
            let ending = last.ending().unwrap_or_default();
            Err(NotNow::Failed { job: last.id.clone(), shot: shot(), ending })
        }
        (Attempt::Retry(_), Some(last)) if failed > order.retries as usize => {
            Err(NotNow::UsedUp { job: last.id.clone(), shot: shot(), failed, allowed: order.retries })
        }
        _ => Ok(()),
    }
}

/// The fields in which a retry differs from the shot's last failed clip, when there are several.
#[must_use]
pub fn two_changes(order: &Order, jobs: &[Job]) -> Option<Vec<String>> {
    if !matches!(order.attempt, Attempt::Retry(_)) {
        return None;
    }
    let last = jobs.iter().rev().find(|job| job.shot == order.shot.as_str() && job.failed())?;
    let before: Value = serde_json::from_str(&last.request).ok()?;
    let (before, now) = (before.as_object()?, order.shown.as_object()?);
    let names: BTreeSet<&String> = before.keys().chain(now.keys()).collect();
    let mut changed: Vec<String> =
        names.into_iter().filter(|name| before.get(*name) != now.get(*name)).cloned().collect();
    if last.mode != order.mode.word() {
        changed.push("mode".to_owned());
    }
    if last.route != order.route.word() || last.provider != order.provider {
        changed.push("route".to_owned());
    }
    (changed.len() > 1).then_some(changed)
}

#[cfg(test)]
mod tests;
