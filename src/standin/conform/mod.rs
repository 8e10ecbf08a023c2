//! Conformance: what a client did against the stand-in, compared with what a careful one does.

mod client;
mod rules;
mod script;
mod story;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{jobs::script::JobScript, journal::Entry, script::ScriptError};
use crate::model::conformance::{Conformance, Graded, Kind, Sighting, Standing};
use script::{Rule, RuleBook};
use story::{Act, act_of};

pub use story::{Ran, Story};

/// The rules for a client, and how to start it.
#[derive(Debug, Clone)]
pub struct Examiner {
    provider: String,
    script: JobScript,
    book: RuleBook,
}

impl Examiner {
    /// The one for the clients of a provider; none if there are no rules for them.
    ///
    /// # Errors
    /// [`ScriptError`] when a built-in script is damaged.
    pub fn of(provider: &str) -> Result<Option<Self>, ScriptError> {
        let wrong = |wrong| ScriptError::new(provider, wrong);
        let script = JobScript::of(provider).map_err(wrong)?;
        let book = RuleBook::of(provider).map_err(wrong)?;
        let provider = provider.to_owned();
        Ok(script.zip(book).map(|(script, book)| Self { provider, script, book }))
    }

    /// The providers with rules for their clients.
    #[must_use]
    pub fn providers() -> Vec<&'static str> {
        RuleBook::providers()
    }

    /// The variables from which clients read the base URL.
    #[must_use]
    pub fn base_env(&self) -> &[String] {
        &self.book.base_env
    }

    /// All plays that show whether a rule is kept, each once.
    #[must_use]
    pub fn plays(&self) -> Vec<String> {
        let mut plays: Vec<String> = Vec::new();
        for play in self.book.rule.iter().flat_map(|rule| &rule.plays) {
            if !plays.contains(play) {
                plays.push(play.clone());
            }
        }
        plays
    }

    /// Splits a journal into stories: a create with all identical ones, and their jobs. What a client printed and how
    /// it ended is unknown here.
    #[must_use]
    pub fn stories(&self, journal: &[Entry]) -> Vec<Story> {
        let mut jobs: BTreeMap<&str, &str> = BTreeMap::new();
        let mut stories: Vec<(&str, Story)> = Vec::new();
        for entry in journal {
            let own =
                entry.body_sha256.as_deref().filter(|_| act_of(&self.script, entry) == Some(Act::Create));
            let key = own.or_else(|| jobs.get(entry.job.as_deref()?).copied());
            let Some(key) = key else { continue };
            if let Some(job) = &entry.job {
                jobs.insert(job, key);
            }
            if let Some((_, story)) = stories.iter_mut().find(|(known, _)| *known == key) {
                story.entries.push(entry.clone());
            } else {
                let play = entry.plays.first().or(self.script.play.first().map(|play| &play.id));
                let play = play.cloned().unwrap_or_default();
                stories.push((key, Story { play, entries: vec![entry.clone()], ran: None }));
            }
        }
        stories.into_iter().map(|(_, story)| story).collect()
    }

    /// Grades a client by its runs, as of this day.
    #[must_use]
    pub fn grade(&self, client: Option<String>, stories: &[Story], graded: DateTime<Utc>) -> Conformance {
        let mut plays: Vec<String> = Vec::new();
        for story in stories {
            if !plays.contains(&story.play) {
                plays.push(story.play.clone());
            }
        }
        Conformance {
            kind: Kind::Conformance,
            graded,
            provider: self.provider.clone(),
            client,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            plays,
            rules: self.book.rule.iter().map(|rule| self.graded(rule, stories)).collect(),
        }
    }

    fn graded(&self, rule: &Rule, stories: &[Story]) -> Graded {
        let shows = |story: &&Story| rule.plays.is_empty() || rule.plays.contains(&story.play);
        let seen = stories.iter().filter(shows).filter_map(|story| rules::look(rule, story, &self.script));
        let sightings: Vec<Sighting> = seen.collect();
        let any = |kept| sightings.iter().any(|one| one.kept == Some(kept));
        let standing = match () {
            () if any(false) => Standing::Broken,
            () if any(true) => Standing::Kept,
            () => Standing::NotSeen,
        };
        Graded {
            id: rule.id.word().to_owned(),
            title: rule.title.clone(),
            severity: rule.severity,
            standing,
            why: rule.why.clone(),
            fix: rule.fix.clone(),
            supports: rule.supports.clone(),
            plays: rule.plays.clone(),
            sightings,
        }
    }
}
