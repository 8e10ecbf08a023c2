//! Why a stand-in does not start.

use std::io;

use super::script::{Scenario, Script, ScriptError, providers};
use crate::{load::LoadError, model::nearest::nearest};

/// Why the stand-in did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The script is damaged.
    #[error(transparent)]
    Script(#[from] ScriptError),
    /// There is no script for the provider.
    #[error("there is no stand-in for `{provider}`; there is one for {}", listed(&providers().collect::<Vec<_>>()))]
    NoScript {
        /// The scenario that was asked for, if any.
        asked: Option<String>,
        /// The provider.
        provider: String,
    },
    /// There is no such scenario.
    #[error("`{provider}` has no scenario `{asked}`{}", proposal(near.as_deref(), of))]
    UnknownScenario {
        /// What was asked for.
        asked: String,
        /// The provider that was asked for it.
        provider: String,
        /// The scenario that was probably meant.
        near: Option<String>,
        /// The providers that have one of this name.
        of: Vec<&'static str>,
    },
    /// A play was named as a scenario.
    #[error("`{asked}` is a play of `{provider}`, not a scenario; try `greenlight standin --play {asked}`")]
    IsPlay {
        /// What was asked for.
        asked: String,
        /// The provider that has it.
        provider: String,
    },
    /// No play has this name.
    #[error("`{provider}` has no play `{asked}`{}", proposal(near.as_deref(), &[]))]
    UnknownPlay {
        /// What was asked for.
        asked: String,
        /// The provider that was asked for it.
        provider: String,
        /// The play that was probably meant.
        near: Option<String>,
    },
    /// The shipped facts about models, which say what a job costs, are damaged.
    #[error("the shipped catalogue cannot be used")]
    Catalogue(#[source] Box<LoadError>),
    /// No port could be opened.
    #[error("could not open a port of {address} for the stand-in")]
    Port {
        /// Where it was to be opened.
        address: std::net::SocketAddr,
        /// Why it failed.
        source: io::Error,
    },
    /// The resulting address is invalid.
    #[error("could not form the address of the stand-in")]
    Address(#[from] url::ParseError),
}

fn proposal(near: Option<&str>, of: &[&str]) -> String {
    match (of, near) {
        ([], Some(near)) => format!(", did you mean `{near}`?"),
        ([], None) => String::new(),
        (of, _) => format!("; these have it: {}", listed(of)),
    }
}

fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// There is no such scenario: finds the one that may have been meant, and the providers that have it.
pub(super) fn unknown(asked: &str, provider: &str, all: &[Scenario]) -> StartError {
    let near = nearest(asked, all.iter().map(|one| one.id.as_str())).map(str::to_owned);
    let has = |other: &&str| {
        Script::of(other)
            .is_ok_and(|script| script.is_some_and(|it| it.scenario.iter().any(|one| one.id == asked)))
    };
    let of = providers().filter(has).collect();
    StartError::UnknownScenario { asked: asked.to_owned(), provider: provider.to_owned(), near, of }
}
