//! The stand-in: a local imitation of the providers' APIs, for rehearsals, for tests and for any client.
//!
//! It replies as `scenarios/PROVIDER.toml` says, and plays the paid jobs of `scenarios/jobs/PROVIDER.toml`. Each host
//! of a provider has its own loopback port, so that hosts are kept apart as in the real world: the same path may answer
//! differently at another host, and a key sent to the wrong one is noticed there. It can't reach any real provider.

mod asked;
mod call;
mod clock;
mod conform;
mod control;
mod entry;
mod film;
mod har;
mod jobs;
mod journal;
mod reply;
mod router;
mod running;
mod script;
mod serve;
mod setup;
mod stage;
mod start_error;
mod state;
mod wire;

pub use conform::{Examiner, Ran, Story};
pub use har::archive;
pub use jobs::play::PlayInfo;
pub use journal::{Costs, Entry, KeySeen, Note, NoteKind};
pub use running::{DemoKey, Resolution, Running};
pub use script::{Scenario, ScriptError, providers};
pub use setup::Setup;
pub use stage::Latency;
pub use start_error::StartError;
pub use state::Seen;

use script::Script;

/// Everything that can be rehearsed for a provider besides a healthy one, in its script's order; empty if there is no
/// script.
///
/// # Errors
/// [`ScriptError`] when the built-in script is damaged.
pub fn scenarios(provider: &str) -> Result<Vec<Scenario>, ScriptError> {
    Ok(Script::of(provider)?.map(|script| script.scenario).unwrap_or_default())
}

/// Everything that can be played for a provider's jobs, the usual ending first; empty if it has none.
///
/// # Errors
/// [`ScriptError`] when the built-in script is damaged.
pub fn plays(provider: &str) -> Result<Vec<PlayInfo>, ScriptError> {
    let script = jobs::script::JobScript::of(provider).map_err(|wrong| ScriptError::new(provider, wrong))?;
    Ok(script.into_iter().flat_map(|script| script.play).map(PlayInfo::from).collect())
}

/// Whether any provider has a scenario of this name.
#[must_use]
pub fn is_scenario(name: &str) -> bool {
    let of = |provider| scenarios(provider).unwrap_or_default();
    providers().any(|provider| of(provider).iter().any(|scenario| scenario.id == name))
}

/// Starts the healthy stand-in of a provider, or one of its scenarios.
///
/// # Errors
/// [`StartError`] when there is no such provider or scenario, or no port for it.
pub async fn start(provider: &str, scenario: Option<&str>) -> Result<Running, StartError> {
    Setup { scenario: scenario.map(str::to_owned), ..Setup::of(provider) }.start().await
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the tests are a client of the stand-in")]
mod tests;
