//! The paid jobs of a provider, played from create to download. Nothing is made but grey clips, nothing is paid, and
//! nothing is ever sent anywhere.

mod download;
mod made;
mod order;
pub(super) mod script;
mod table;
#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the tests are a client of the stand-in")]
mod tests;

use std::sync::{Arc, Mutex, PoisonError};

use axum::http::header::AUTHORIZATION;
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use url::Url;

use self::{
    made::{Made, Studio},
    order::Order,
    script::{Create, Cut, Ending, ID, JobScript, On, Pending, Step},
    table::{Job, Table},
};
use super::{
    call::Call,
    film::Film,
    journal::{Costs, Entry, NoteKind},
    reply::Reply,
};
use crate::model::{catalogue::Catalogue, text::hex};

/// The jobs of a running stand-in.
#[derive(Debug)]
pub(super) struct Jobs {
    script: JobScript,
    catalogue: Arc<Catalogue>,
    /// What is played of every job that does not say otherwise, by the places of the plays.
    usual: Vec<usize>,
    seed: u64,
    /// Where clips lie.
    films: String,
    table: Mutex<Table>,
}

/// A request, and the time at which it came.
#[derive(Clone, Copy)]
struct Asking<'a> {
    call: Call<'a>,
    now: DateTime<Utc>,
}

impl Jobs {
    /// Jobs by a script, whose clips lie at this origin. The plays are known ones.
    pub(super) fn new(
        script: JobScript,
        catalogue: Arc<Catalogue>,
        usual: Vec<usize>,
        seed: u64,
        films: String,
    ) -> Self {
        Self { script, catalogue, usual, seed, films, table: Mutex::default() }
    }

    /// The script they are played by.
    pub(super) fn script(&self) -> &JobScript {
        &self.script
    }

    /// What all jobs so far would have cost.
    pub(super) fn costs(&self) -> Costs {
        self.with(|table| table.costs())
    }

    /// Forgets every job.
    pub(super) fn reset(&self) {
        self.with(|table| *table = Table::default());
    }

    fn with<T>(&self, act: impl FnOnce(&mut Table) -> T) -> T {
        act(&mut self.table.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether a request has to do with jobs, and brings a key.
    pub(super) fn is_behind_the_door(&self, call: Call<'_>) -> bool {
        self.creates(call).is_some() || self.polled(call).is_some()
    }

    /// The answer to a request that has to do with jobs; none to any other.
    pub(super) fn answer(&self, call: Call<'_>, now: DateTime<Utc>, entry: &mut Entry) -> Option<Reply> {
        let asking = Asking { call, now };
        if let Some(create) = self.creates(call) {
            return Some(self.create(asking, create, entry));
        }
        if let Some(id) = self.polled(call) {
            return Some(self.poll(asking, id, entry));
        }
        let id = self.downloaded(call)?;
        Some(self.download(asking, id, entry))
    }

    fn creates(&self, call: Call<'_>) -> Option<&Create> {
        let here = call.asked.method == "POST" && call.asked.host == self.script.host;
        self.script.create.iter().find(|create| here && create.path == call.asked.path)
    }

    fn polled<'c>(&self, call: Call<'c>) -> Option<&'c str> {
        let here = is_get(call) && call.asked.host == self.script.host;
        within(&self.script.poll_path, call.asked.path).filter(|_| here)
    }

    fn downloaded<'c>(&self, call: Call<'c>) -> Option<&'c str> {
        let here = is_get(call) && call.asked.host == self.script.film.host;
        within(&self.script.film.path, call.asked.path).filter(|_| here)
    }

    fn create(&self, asking: Asking<'_>, create: &Create, entry: &mut Entry) -> Reply {
        let Asking { call, now } = asking;
        let order = Order::read(create, call.asked.body);
        for name in &order.ignored {
            entry.note(NoteKind::FieldIgnored, format!("`{name}` is read by nobody and changes nothing"));
        }
        let own = |named: &str| self.film_of(named);
        let (script, catalogue) = (&self.script, &*self.catalogue);
        let made = Studio { script, catalogue, day: now.date_naive(), own: &own }.make(&order);
        let plays = self.plays(call, order.prompt.as_deref(), entry);
        let digest = hex(&Sha256::digest(call.bytes));
        let step = self.with(|table| self.step(table, &plays, On::Create, &digest));
        let values = vec![("model", made.model.clone())];
        match step {
            Some(step) if !step.taken => {
                let usual = || Reply::filled(&self.script.usual.accepted, &values);
                stepped(step, &values, usual)
            }
            step => self.take(asking, (order, made), (plays, step), entry),
        }
    }

    /// Takes a job and says so, or does what the step says.
    fn take(
        &self,
        asking: Asking<'_>,
        (order, made): (Order, Made),
        (plays, step): (Vec<usize>, Option<&Step>),
        entry: &mut Entry,
    ) -> Reply {
        let billed = self.ending(&plays).is_some_and(|(_, ending)| ending.bills);
        if let Some(to) = &order.upload {
            let host = Url::parse(to).ok().and_then(|url| url.host_str().map(str::to_owned));
            let host = host.unwrap_or_else(|| "a place that is no URL".to_owned());
            entry.note(
                NoteKind::NothingSent,
                format!("the clip was to be sent to {host}; the stand-in sends nothing"),
            );
        }
        entry.notes.extend(made.notes.iter().cloned());
        entry.cost_in_usd_ticks = Some(if billed { made.ticks } else { 0 });
        entry.taken = true;
        let uploaded = order.upload.is_some();
        let job = Job { made, plays, accepted: asking.now, polls: 0, ended: None, billed, uploaded };
        let values = |id: &str| vec![("request_id", id.to_owned()), ("model", job.made.model.clone())];
        let id = self.with(|table| table.take(job.clone(), self.seed));
        let values = values(&id);
        entry.job = Some(id);
        let usual = || Reply::filled(&self.script.usual.accepted, &values);
        step.map_or_else(usual, |step| stepped(step, &values, usual))
    }

    fn poll(&self, asking: Asking<'_>, id: &str, entry: &mut Entry) -> Reply {
        let usual = &self.script.usual;
        if !table::is_id(id) {
            return Reply::filled(&usual.malformed_id, &[("request_id", id.to_owned())]);
        }
        let Some(job) = self.with(|table| table.job(id).cloned()) else {
            return Reply::filled(&usual.unknown_id, &[("request_id", id.to_owned())]);
        };
        entry.job = Some(id.to_owned());
        let plays = [self.asked(asking.call, entry), job.plays.clone()].concat();
        let values = self.values(id, &job);
        if let Some(step) = self.with(|table| self.step(table, &plays, On::Poll, id)) {
            return stepped(step, &values, || Reply::filled(&usual.unknown_id, &values));
        }
        if let Some(polls) = self.pending(&job, &plays, asking.now) {
            entry.state = Some("pending".to_owned());
            self.with(|table| table.job_mut(id).map(|job| job.polls += 1));
            let progress = u64::from(polls) * 100 / (u64::from(self.polls(&plays)) + 1).max(1);
            let values = [values, vec![("progress", progress.min(99).to_string())]].concat();
            let place = usize::try_from(polls).unwrap_or_default() % usual.pending.len().max(1);
            let told = usual.pending.get(place).unwrap_or(&usual.unknown_id);
            return Reply::filled(told, &values);
        }
        let now = asking.now;
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

    fn download(&self, asking: Asking<'_>, id: &str, entry: &mut Entry) -> Reply {
        let Asking { call, now } = asking;
        if call.headers.contains_key(AUTHORIZATION) {
            let says =
                "a key was sent with a download; the link is public, and its host is none of the key's";
            entry.note(NoteKind::KeySentAlong, says);
        }
        let gone = || Reply::filled(&self.script.film.gone, &[]);
        let Some(job) = self.with(|table| table.job(id).cloned()) else { return gone() };
        entry.job = Some(id.to_owned());
        let plays = [self.asked(call, entry), job.plays.clone()].concat();
        let there =
            job.ended.filter(|_| self.ending(&job.plays).is_some_and(|(_, it)| it.film) && !job.uploaded);
        let age = there.and_then(|ended| (now - ended).to_std().ok());
        if age.is_none_or(|age| age >= self.script.film.lifetime.value.0) {
            entry.state = Some("expired-link".to_owned());
            return gone();
        }
        let file = || match job.made.film.file(id) {
            Ok(bytes) => download::ranged(call, &bytes),
            Err(why) => Reply { status: 500, body: why.into(), ..Reply::default() },
        };
        match self.with(|table| self.step(table, &plays, On::Download, id)) {
            Some(step) => stepped(step, &self.values(id, &job), file),
            None => file(),
        }
    }

    /// How often a job was found pending so far; none where it no longer is.
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

    fn polls(&self, plays: &[usize]) -> u32 {
        self.of(plays).find_map(|play| play.polls).unwrap_or(self.script.usual.polls)
    }

    /// What a reply about a job can name.
    fn values(&self, id: &str, job: &Job) -> Vec<(&'static str, String)> {
        vec![
            ("request_id", id.to_owned()),
            ("model", job.made.model.clone()),
            ("seconds", (job.made.film.millis.div_ceil(1000)).to_string()),
            ("cost", job.made.ticks.to_string()),
            ("url", format!("{}{}", self.films, self.script.film.path.replace(ID, id))),
        ]
    }

    /// The clip that a URL of the stand-in's own leads to.
    fn film_of(&self, named: &str) -> Option<Film> {
        let url = Url::parse(named).ok().filter(|url| named.starts_with(&self.films) && url.has_host())?;
        let id = within(&self.script.film.path, url.path())?;
        self.with(|table| table.job(id).map(|job| job.made.film))
    }

    fn of<'s>(&'s self, plays: &'s [usize]) -> impl Iterator<Item = &'s script::Play> {
        plays.iter().filter_map(|place| self.script.play.get(*place))
    }

    /// How jobs with these plays end, and what that is called.
    fn ending(&self, plays: &[usize]) -> Option<(&str, &Ending)> {
        let places = plays.iter().filter_map(|place| self.script.play.get(*place));
        places.chain(&self.script.play).find_map(|play| Some((play.id.as_str(), play.ending.as_ref()?)))
    }

    /// Everything that is to be played of a job: what its request asks for, what its prompt does, and what is played of all.
    fn plays(&self, call: Call<'_>, prompt: Option<&str>, entry: &mut Entry) -> Vec<usize> {
        let mut plays = self.asked(call, entry);
        let words = prompt.unwrap_or_default().split('[').skip(1).filter_map(|rest| rest.split_once(']'));
        plays.extend(words.filter_map(|(word, _)| self.script.play(word)));
        plays.extend(&self.usual);
        entry.plays = self.of(&plays).map(|play| play.id.clone()).collect();
        plays
    }

    /// What a request itself asks to be played.
    fn asked(&self, call: Call<'_>, entry: &mut Entry) -> Vec<usize> {
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

    /// What happens to a request that many others of these plays have not yet used up.
    fn step(&self, table: &mut Table, plays: &[usize], on: On, subject: &str) -> Option<&Step> {
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

/// What a step makes of the answer that usually comes.
fn stepped(step: &Step, values: &[(&str, String)], usual: impl FnOnce() -> Reply) -> Reply {
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

fn is_get(call: Call<'_>) -> bool {
    matches!(call.asked.method, "GET" | "HEAD")
}

/// What stands in a path where its pattern has an id.
fn within<'p>(pattern: &str, path: &'p str) -> Option<&'p str> {
    let (before, after) = pattern.split_once(ID)?;
    let id = path.strip_prefix(before)?.strip_suffix(after)?;
    (!id.is_empty() && !id.contains('/')).then_some(id)
}
