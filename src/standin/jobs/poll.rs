//! A poll: pending, or the end.

use chrono::{DateTime, Utc};

use super::{
    play::{On, Pending},
    service::{JobRequest, Jobs, stepped},
    table::{Job, is_id},
};
use crate::standin::{journal::Entry, reply::Reply};

impl Jobs {
    pub(super) fn poll(&self, request: JobRequest<'_>, id: &str, entry: &mut Entry) -> Reply {
        let usual = &self.script.usual;
        if !is_id(id) {
            return Reply::filled(&usual.malformed_id, &[("request_id", id.to_owned())]);
        }
        let Some(job) = self.with(|table| table.job(id).cloned()) else {
            return Reply::filled(&usual.unknown_id, &[("request_id", id.to_owned())]);
        };
        entry.job = Some(id.to_owned());
        let plays = [self.asked(request.call, entry), job.plays.clone()].concat();
        let values = self.values(id, &job);
        if let Some(step) = self.with(|table| self.step(table, &plays, On::Poll, id)) {
            return stepped(step, &values, || Reply::filled(&usual.unknown_id, &values));
        }
        if let Some(polls) = self.pending(&job, &plays, request.now) {
            entry.state = Some("pending".to_owned());
            self.with(|table| table.job_mut(id).map(|job| job.polls += 1));
            let progress = u64::from(polls) * 100 / (u64::from(self.polls(&plays)) + 1).max(1);
            let values = [values, vec![("progress", progress.min(99).to_string())]].concat();
            let place = usize::try_from(polls).unwrap_or_default() % usual.pending.len().max(1);
            let told = usual.pending.get(place).unwrap_or(&usual.unknown_id);
            return Reply::filled(told, &values);
        }
        let now = request.now;
        self.with(|table| table.job_mut(id).map(|job| *job.ended.get_or_insert(now)));
        let Some((name, ending)) = self.ending(&plays) else {
            return Reply::filled(&usual.unknown_id, &values);
        };
        entry.state = Some(name.to_owned());
        if job.uploaded && ending.film {
            Reply::filled(&usual.uploaded, &values)
        } else {
            Reply::filled(&ending.reply(), &values)
        }
    }

    /// How often a job was found pending so far; none if it no longer is.
    fn pending(&self, job: &Job, plays: &[usize], now: DateTime<Utc>) -> Option<u32> {
        let by_clock = self.of(plays).find_map(|play| play.pending);
        let waits = match by_clock {
            _ if job.ended.is_some() => false,
            Some(Pending::Never) => true,
            Some(Pending::For(time)) => (now - job.accepted).to_std().is_ok_and(|gone| gone < time),
            None => job.polls < self.polls(plays),
        };
        waits.then_some(job.polls)
    }
}
