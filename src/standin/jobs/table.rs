//! What is remembered about jobs: which exist, how far they are, and what was already played.

use std::collections::HashMap;

use axum::body::Bytes;
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::{made::Made, play::On};
use crate::{model::text::hex, standin::journal::Costs};

/// A job that was accepted.
#[derive(Debug, Clone)]
pub(super) struct Job {
    pub(super) made: Made,
    /// What is played for it, by the positions of the plays.
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

/// A file that was uploaded.
#[derive(Debug, Clone)]
pub(super) struct File {
    pub(super) name: String,
    /// Its declared type.
    pub(super) kind: Option<String>,
    pub(super) bytes: Bytes,
    pub(super) purpose: String,
    /// Seconds since 1970.
    pub(super) created: i64,
    /// When it disappears, in seconds since 1970.
    pub(super) expires: Option<i64>,
}

/// All jobs of a run.
#[derive(Debug, Default)]
pub(super) struct Table {
    jobs: HashMap<String, Job>,
    /// How often a step of a play happened to a request like this.
    played: HashMap<(usize, usize, On, String), u32>,
    taken: u64,
    files: Vec<(String, File)>,
    uploaded: u64,
}

impl Table {
    /// Adds a job; its id is random, but the same for the same seed.
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

    /// Adds a file.
    pub(super) fn put(&mut self, file: File, seed: u64) -> String {
        self.uploaded += 1;
        let digest = Sha256::digest(
            [b"file---".as_slice(), &seed.to_be_bytes(), &self.uploaded.to_be_bytes()].concat(),
        );
        let id = format!("file_{}", uuid(&hex(&digest)));
        self.files.push((id.clone(), file));
        id
    }

    pub(super) fn file(&self, id: &str) -> Option<&File> {
        self.files.iter().find(|(known, _)| known == id).map(|(_, file)| file)
    }

    /// All files, in order of arrival.
    pub(super) fn files(&self) -> Vec<(String, File)> {
        self.files.clone()
    }

    pub(super) fn delete(&mut self, id: &str) -> Option<File> {
        let place = self.files.iter().position(|(known, _)| known == id)?;
        Some(self.files.remove(place).1)
    }

    /// Deletes what has expired.
    pub(super) fn sweep(&mut self, now: DateTime<Utc>) {
        self.files.retain(|(_, file)| file.expires.is_none_or(|at| at > now.timestamp()));
    }

    /// Whether a step that happens this often to a subject still does.
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
