//! Handles all requests about jobs: remembers the jobs, and what is played of each.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use url::Url;

use super::{
    play::{Cut, Ending, On, Play, Step},
    script::{ID, JobScript},
    table::{Job, Table},
};
use crate::{
    model::catalogue::Catalogue,
    standin::{
        call::Call,
        film::Film,
        journal::{Costs, Entry, NoteKind},
        reply::Reply,
    },
};

/// The jobs of a running stand-in.
#[derive(Debug)]
pub(in crate::standin) struct Jobs {
    pub(super) script: JobScript,
    pub(super) catalogue: Arc<Catalogue>,
    /// What is played for every job that does not ask for something else, by the positions of the plays.
    usual: Vec<usize>,
    pub(super) seed: u64,
    /// Where clips are.
    films: String,
    table: Mutex<Table>,
}

/// A request, and the time at which it came.
#[derive(Clone, Copy)]
pub(super) struct JobRequest<'a> {
    pub(super) call: Call<'a>,
    pub(super) now: DateTime<Utc>,
}

impl Jobs {
    /// Jobs that follow a script, with clips at this origin. The plays must exist.
    pub(in crate::standin) fn new(
        script: JobScript,
        catalogue: Arc<Catalogue>,
        usual: Vec<usize>,
        seed: u64,
        films: String,
    ) -> Self {
        Self { script, catalogue, usual, seed, films, table: Mutex::default() }
    }

    /// The script they follow.
    pub(in crate::standin) fn script(&self) -> &JobScript {
        &self.script
    }

    /// What all jobs so far would have cost.
    pub(in crate::standin) fn costs(&self) -> Costs {
        self.with(|table| table.costs())
    }

    /// Forgets every job.
    pub(in crate::standin) fn reset(&self) {
        self.with(|table| *table = Table::default());
    }

    pub(super) fn with<T>(&self, act: impl FnOnce(&mut Table) -> T) -> T {
        act(&mut self.table.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn polls(&self, plays: &[usize]) -> u32 {
        self.of(plays).find_map(|play| play.polls).unwrap_or(self.script.usual.polls)
    }

    /// The values that a reply about a job can use.
    pub(super) fn values(&self, id: &str, job: &Job) -> Vec<(&'static str, String)> {
        vec![
            ("request_id", id.to_owned()),
            ("model", job.made.model.clone()),
            ("seconds", (job.made.film.millis.div_ceil(1000)).to_string()),
            ("cost", job.made.ticks.to_string()),
            ("url", format!("{}{}", self.films, self.script.film.path.replace(ID, id))),
        ]
    }

    /// The clip behind a URL of the stand-in itself.
    pub(super) fn film_of(&self, named: &str) -> Option<Film> {
        let url = Url::parse(named).ok().filter(|url| named.starts_with(&self.films) && url.has_host())?;
        let id = within(&self.script.film.path, url.path())?;
        self.with(|table| table.job(id).map(|job| job.made.film))
    }

    pub(super) fn of<'s>(&'s self, plays: &'s [usize]) -> impl Iterator<Item = &'s Play> {
        plays.iter().filter_map(|place| self.script.play.get(*place))
    }

    /// How jobs with these plays end, and what that is called.
    pub(super) fn ending(&self, plays: &[usize]) -> Option<(&str, &Ending)> {
        let places = plays.iter().filter_map(|place| self.script.play.get(*place));
        places.chain(&self.script.play).find_map(|play| Some((play.id.as_str(), play.ending.as_ref()?)))
    }

    /// Everything to play for a job: what its request asks for, what its prompt asks for, and what is played for all.
    pub(super) fn plays(&self, call: Call<'_>, prompt: Option<&str>, entry: &mut Entry) -> Vec<usize> {
        let mut plays = self.asked(call, entry);
        let words = prompt.unwrap_or_default().split('[').skip(1).filter_map(|rest| rest.split_once(']'));
        plays.extend(words.filter_map(|(word, _)| self.script.play(word)));
        plays.extend(&self.usual);
        entry.plays = self.of(&plays).map(|play| play.id.clone()).collect();
        plays
    }

    /// The plays that a request itself asks for.
    pub(super) fn asked(&self, call: Call<'_>, entry: &mut Entry) -> Vec<usize> {
        let mut plays = Vec::new();
        for id in call.plays() {
            match self.script.play(id) {
                Some(place) => {
                    plays.push(place);
                    entry.plays.push(id.to_owned());
                }
                None => entry.note(NoteKind::UnknownPlay, format!("there is no play `{id}`")),
            }
        }
        plays
    }

    /// What happens to a request, among the steps of these plays that aren't used up yet.
    pub(super) fn step(&self, table: &mut Table, plays: &[usize], on: On, subject: &str) -> Option<&Step> {
        for place in plays {
            let steps =
                self.script.play.get(*place).into_iter().flat_map(|play| play.step.iter().enumerate());
            for (at, step) in steps.filter(|(_, step)| step.on == on) {
                if step.always || table.plays((*place, at), on, subject, step.times) {
                    return Some(step);
                }
            }
        }
        None
    }
}

/// The usual answer as a step changes it.
pub(super) fn stepped(step: &Step, values: &[(&str, String)], usual: impl FnOnce() -> Reply) -> Reply {
    let mut reply = match step.reply() {
        Some(written) => Reply::filled(&written, values),
        None if step.cut == Some(Cut::Before) => Reply { status: 500, ..Reply::default() },
        None => usual(),
    };
    if step.short {
        reply.body.truncate(reply.body.len() / 2);
    }
    reply.cut = step.cut;
    reply.delay = step.delay.map(|delay| delay.0);
    reply
}

/// The part of a path where its pattern has an id.
pub(super) fn within<'p>(pattern: &str, path: &'p str) -> Option<&'p str> {
    let (before, after) = pattern.split_once(ID)?;
    let id = path.strip_prefix(before)?.strip_suffix(after)?;
    (!id.is_empty() && !id.contains('/')).then_some(id)
}
