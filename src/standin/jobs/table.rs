//! What is remembered of jobs: which there are, how far they are, and what was already played.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::{made::Made, script::On};
use crate::{model::text::hex, standin::journal::Costs};

/// A job that was taken.
#[derive(Debug, Clone)]
pub(super) struct Job {
    pub(super) made: Made,
    /// What is played of it, by the places of the plays.
    pub(super) plays: Vec<usize>,
    pub(super) accepted: DateTime<Utc>,
    /// How often it was found pending.
    pub(super) polls: u32,
    /// When a poll first found it ended.
    pub(super) ended: Option<DateTime<Utc>>,
    /// Whether it is paid for.
    pub(super) billed: bool,
    /// Whether its clip was to be sent elsewhere.
    pub(super) uploaded: bool,
}

/// All jobs of a run.
#[derive(Debug, Default)]
pub(super) struct Table {
    jobs: HashMap<String, Job>,
    /// How often a step of a play happened to a request like this.
    played: HashMap<(usize, usize, On, String), u32>,
    taken: u64,
}

impl Table {
    /// Takes a job; its id is chance that comes out the same for the same seed.
    pub(super) fn take(&mut self, job: Job, seed: u64) -> String {
        self.taken += 1;
        let digest = Sha256::digest([seed.to_be_bytes(), self.taken.to_be_bytes()].concat());
        let id = uuid(&hex(&digest));
        self.jobs.insert(id.clone(), job);
        id
    }

    pub(super) fn job(&self, id: &str) -> Option<&Job> {
        self.jobs.get(id)
    }

    pub(super) fn job_mut(&mut self, id: &str) -> Option<&mut Job> {
        self.jobs.get_mut(id)
    }

    /// Whether a step that happens so often to a subject still does.
    pub(super) fn plays(&mut self, (play, step): (usize, usize), on: On, subject: &str, times: u32) -> bool {
        let count = self.played.entry((play, step, on, subject.to_owned())).or_default();
        let more = *count < times;
        *count += u32::from(more);
        more
    }

    pub(super) fn costs(&self) -> Costs {
        let billed = || self.jobs.values().filter(|job| job.billed);
        let sum = billed().fold(0_i64, |sum, job| sum.saturating_add(job.made.ticks));
        Costs { jobs: self.jobs.len(), billed: billed().count(), cost_in_usd_ticks: sum }
    }
}

/// Letters of a digest in the form of a random UUID.
fn uuid(hex: &str) -> String {
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    format!("{}-{}-4{}-8{}-{}", part(0, 8), part(8, 12), part(12, 15), part(15, 18), part(18, 30))
}

/// Whether a text has the form of an id.
pub(super) fn is_id(text: &str) -> bool {
    let lengths: Vec<_> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && text.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_the_form_of_one() {
        let id = uuid(&"0123456789abcdef".repeat(4));
        assert!(is_id(&id), "{id}");
        assert!(!is_id("a") && !is_id(&id[1..]) && !is_id(&id.replace('-', "_")));
    }
}
