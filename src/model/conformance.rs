//! How a client behaved against the stand-in, rule by rule.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{decision::Decision, severity::Severity};

/// How a file of this kind identifies itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// The only one.
    #[serde(rename = "greenlight-conformance")]
    Conformance,
}

/// The conformance of a client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Conformance {
    /// What this is.
    pub kind: Kind,
    /// When the client was graded.
    pub graded: DateTime<Utc>,
    /// Which provider's API was imitated.
    pub provider: String,
    /// The command that started the client; `None` when greenlight didn't start it.
    pub client: Option<String>,
    /// The version of the program that graded it.
    pub version: String,
    /// What was played, in order.
    pub plays: Vec<String>,
    /// Every rule, in order.
    pub rules: Vec<Graded>,
}

/// A rule and how it was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Graded {
    /// Its name.
    pub id: String,
    /// What it asks of a client, as a statement about a client that does it.
    pub title: String,
    /// How bad it is to break it.
    pub severity: Severity,
    /// How it stands over everything that was played.
    pub standing: Standing,
    /// Why it matters.
    pub why: String,
    /// What to do about it.
    pub fix: String,
    /// The checks whose questions this is evidence for.
    pub supports: Vec<String>,
    /// The plays in which it can be seen; empty for all of them.
    pub plays: Vec<String>,
    /// What was seen, play by play.
    pub sightings: Vec<Sighting>,
}

/// How a rule stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It was kept wherever it could be seen.
    Kept,
    /// It was broken at least once.
    Broken,
    /// It couldn't be seen.
    NotSeen,
}

impl Standing {
    /// The word used in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Broken => "broken",
            Self::NotSeen => "not seen",
        }
    }
}

/// What was seen of a rule in one play.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sighting {
    /// What was played.
    pub play: String,
    /// Whether it was kept; `None` when that can't be told.
    pub kept: Option<bool>,
    /// What was seen.
    pub says: String,
    /// The lines of the journal that show it.
    pub lines: Vec<JournalLine>,
}

/// A line of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalLine {
    /// Its number.
    pub number: usize,
    /// The request and its answer in a few words.
    pub text: String,
}

impl Conformance {
    /// Whether the client may be used for real: a broken rule at severity `block` closes the gate, and one that
    /// couldn't be seen holds it.
    #[must_use]
    pub fn decision(&self) -> Decision {
        let any = |standing| {
            self.rules.iter().any(|rule| rule.severity == Severity::Block && rule.standing == standing)
        };
        match () {
            () if any(Standing::Broken) => Decision::NoGo,
            () if any(Standing::NotSeen) || self.rules.is_empty() => Decision::Hold,
            () => Decision::Go,
        }
    }

    /// For each check whose question this is evidence for: the title of a rule that wasn't seen to be kept, if there is
    /// one.
    #[must_use]
    pub fn supports(&self) -> BTreeMap<String, Option<String>> {
        let mut supports = BTreeMap::new();
        let is_broken = |rule: &&Graded| rule.standing == Standing::Broken;
        let (broken, others): (Vec<_>, Vec<_>) = self.rules.iter().partition(is_broken);
        for rule in broken.into_iter().chain(others) {
            for check in &rule.supports {
                let against: &mut Option<String> = supports.entry(check.clone()).or_default();
                *against = against.take().or_else(|| self.against(rule));
            }
        }
        supports
    }

    /// Why a rule doesn't count as kept. It must be kept in every play in which it can be seen.
    fn against(&self, rule: &Graded) -> Option<String> {
        if rule.standing != Standing::Kept {
            return Some(format!("{}: {}", rule.standing.word(), rule.title));
        }
        let left_out = rule.plays.iter().find(|play| !self.plays.contains(play))?;
        Some(format!("not run with `{left_out}`: {}", rule.title))
    }

    /// How many rules stand like this.
    #[must_use]
    pub fn count(&self, standing: Standing) -> usize {
        self.rules.iter().filter(|rule| rule.standing == standing).count()
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn of(rules: &[(Severity, Standing)]) -> Conformance {
        let rule = |(severity, standing): &(Severity, Standing)| Graded {
            id: String::new(),
            title: String::new(),
            severity: *severity,
            standing: *standing,
            why: String::new(),
            fix: String::new(),
            supports: Vec::new(),
            plays: Vec::new(),
            sightings: Vec::new(),
        };
        Conformance {
            kind: Kind::Conformance,
            graded: DateTime::UNIX_EPOCH,
            provider: "acme".to_owned(),
            client: None,
            version: String::new(),
            plays: Vec::new(),
            rules: rules.iter().map(rule).collect(),
        }
    }

    #[rstest]
    #[case::kept(&[(Severity::Block, Standing::Kept), (Severity::Warn, Standing::Broken)], Decision::Go)]
    #[case::not_seen(&[(Severity::Block, Standing::Kept), (Severity::Block, Standing::NotSeen)], Decision::Hold)]
    #[case::broken(&[(Severity::Block, Standing::Broken), (Severity::Block, Standing::NotSeen)], Decision::NoGo)]
    #[case::nothing(&[], Decision::Hold)]
    fn unseen_is_never_a_pass(#[case] rules: &[(Severity, Standing)], #[case] decision: Decision) {
        assert_eq!(of(rules).decision(), decision);
    }

    #[rstest]
    #[case::kept(&["done", "moderated"], Standing::Kept, None)]
    #[case::broken(&["done", "moderated"], Standing::Broken, Some("broken: stops"))]
    #[case::in_part(&["done"], Standing::Kept, Some("not run with `moderated`: stops"))]
    #[case::unseen(&["done", "moderated"], Standing::NotSeen, Some("not seen: stops"))]
    fn it_is_evidence_only_where_all_was_run_and_kept(
        #[case] run: &[&str],
        #[case] standing: Standing,
        #[case] against: Option<&str>,
    ) {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let mut conformance = of(&[(Severity::Block, Standing::Kept), (Severity::Block, standing)]);
        conformance.plays = words(run);
        for rule in &mut conformance.rules {
            rule.title = "stops".to_owned();
            rule.supports = words(&["acme.endings"]);
            rule.plays = words(&["done", "moderated"]);
        }
        let supports = conformance.supports();
        assert_eq!(supports.get("acme.endings").unwrap().as_deref(), against);
        assert_eq!(supports.len(), 1);
    }

    #[test]
    fn what_was_broken_is_told_before_what_was_not_seen() {
        let mut conformance =
            of(&[(Severity::Block, Standing::NotSeen), (Severity::Block, Standing::Broken)]);
        for rule in &mut conformance.rules {
            rule.title = "stops".to_owned();
            rule.supports = vec!["acme.endings".to_owned()];
        }
        assert_eq!(conformance.supports()["acme.endings"].as_deref(), Some("broken: stops"));
    }
}
