//! How somebody's client behaved against the stand-in, rule by rule.

use serde::Serialize;

use super::{decision::Decision, severity::Severity};

/// The conformance of a client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Conformance {
    /// Whose API was played.
    pub provider: String,
    /// The client, as it was called; none when it was started by somebody else.
    pub client: Option<String>,
    /// The version of the program that graded it.
    pub version: String,
    /// What was played, in order.
    pub plays: Vec<String>,
    /// Every rule, in order.
    pub rules: Vec<Graded>,
}

/// A rule and how it was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Graded {
    /// Its name.
    pub id: String,
    /// What it asks, as one that the client does.
    pub title: String,
    /// What it means when it is not kept.
    pub severity: Severity,
    /// How it stands over all that was played.
    pub standing: Standing,
    /// Why it matters.
    pub why: String,
    /// What to do about it.
    pub fix: String,
    /// The checks for whose questions this is evidence.
    pub supports: Vec<String>,
    /// What was seen, play by play.
    pub sightings: Vec<Sighting>,
}

/// How a rule stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It was seen to be kept, wherever it could be seen.
    Kept,
    /// It was seen to be broken.
    Broken,
    /// Nothing was seen of it.
    NotSeen,
}

impl Standing {
    /// The word of reports.
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sighting {
    /// What was played.
    pub play: String,
    /// Whether it was kept; none when that could not be told.
    pub kept: Option<bool>,
    /// What was seen.
    pub says: String,
    /// The lines of the journal that show it.
    pub lines: Vec<JournalLine>,
}

/// A line of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JournalLine {
    /// Its number.
    pub number: usize,
    /// The request and its answer in a few words.
    pub text: String,
}

impl Conformance {
    /// Whether the client may be let loose: a broken rule that blocks closes the gate, one of which nothing was seen
    /// holds it.
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

    /// How many rules stand so.
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
            sightings: Vec::new(),
        };
        Conformance {
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
}
