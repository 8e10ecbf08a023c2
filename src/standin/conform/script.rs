//! What a client must do: one file per provider, `scenarios/conform/PROVIDER.toml`, built into the program.

use serde::Deserialize;

use super::super::jobs::written::{Proof, Span};
use crate::model::severity::Severity;

/// Provider and rules of every file in `scenarios/conform/`.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/scenarios-conform.rs"));

/// The rules for the clients of a provider.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RuleBook {
    /// The variables from which clients read the base URL.
    pub(super) base_env: Vec<String>,
    pub(super) rule: Vec<Rule>,
}

/// Something that a client must do.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Rule {
    /// What is checked.
    pub(super) id: RuleId,
    pub(super) severity: Severity,
    /// What the client does when it keeps the rule.
    pub(super) title: String,
    /// The plays that show it; all of them if empty.
    #[serde(default)]
    pub(super) plays: Vec<String>,
    pub(super) why: String,
    pub(super) fix: String,
    /// The checks whose questions this is evidence for.
    #[serde(default)]
    pub(super) supports: Vec<String>,
    /// The shortest time between two polls, for the rule about it.
    pub(super) interval: Option<Span>,
    #[cfg_attr(not(test), expect(dead_code, reason = "it must be written, and is read by people"))]
    pub(super) source: Proof,
}

macro_rules! rules {
    ($($(#[doc = $about:literal])+ $name:ident = $word:literal,)*) => {
        /// What can be checked.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
        pub(super) enum RuleId {
            $($(#[doc = $about])+ #[serde(rename = $word)] $name,)*
        }

        impl RuleId {
            /// All of them.
            #[cfg(test)]
            pub(super) const ALL: &[Self] = &[$(Self::$name),*];

            /// Its name.
            pub(super) fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }
        }
    };
}

rules! {
    /// No create follows one that may have been accepted.
    NoResend = "no-resend",
    /// No download carries a key.
    NoKeyWithDownload = "no-key-with-download",
    /// A poll follows an empty answer.
    SurvivesAnEmptyAnswer = "survives-an-empty-answer",
    /// A poll follows a failed one.
    SurvivesABadPoll = "survives-a-bad-poll",
    /// No poll follows the end of a job.
    StopsAtTheEnd = "stops-at-the-end",
    /// The client ends with an error.
    TellsFailure = "tells-failure",
    /// No create follows the end of a job.
    NoJobAfterModeration = "no-job-after-moderation",
    /// The next request waits as long as the server asked for.
    WaitsAsTold = "waits-as-told",
    /// Polls keep their distance.
    PollsPolitely = "polls-politely",
    /// The client ends although the job does not.
    GivesUpInTime = "gives-up-in-time",
    /// A whole clip was downloaded.
    StoresTheClip = "stores-the-clip",
    /// A download follows a failed one.
    DownloadsAgain = "downloads-again",
    /// The output names the job.
    LogsTheRequestId = "logs-the-request-id",
    /// No field was ignored by the server.
    SendsWhatIsRead = "sends-what-is-read",
    /// The request states length and size.
    SaysWhatItWants = "says-what-it-wants",
}

impl RuleBook {
    /// The providers with rules for their clients.
    pub(super) fn providers() -> Vec<&'static str> {
        FILES.iter().map(|(name, _)| *name).collect()
    }

    /// Reads the built-in rules for the clients of a provider, if there are any.
    ///
    /// # Errors
    /// Says what is wrong with them.
    pub(super) fn of(provider: &str) -> Result<Option<Self>, String> {
        let file = FILES.iter().find(|(name, _)| *name == provider);
        file.map(|(_, text)| toml::from_str(text).map_err(|error| error.to_string())).transpose()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::standin;

    #[test]
    fn every_rule_is_asked_once_in_plays_that_there_are() {
        for (provider, _) in FILES {
            let book = RuleBook::of(provider).unwrap().unwrap();
            let ids: HashSet<_> = book.rule.iter().map(|rule| rule.id).collect();
            assert_eq!((ids.len(), book.rule.len()), (RuleId::ALL.len(), RuleId::ALL.len()), "{provider}");
            let known: HashSet<_> =
                standin::plays(provider).unwrap().into_iter().map(|play| play.id).collect();
            for rule in &book.rule {
                assert!(rule.plays.iter().all(|play| known.contains(play)), "{:?}", rule.id);
                assert!(crate::model::source::is_web_page(&rule.source.url), "{:?}", rule.id);
                assert_eq!(rule.interval.is_some(), rule.id == RuleId::PollsPolitely);
            }
        }
    }
}
