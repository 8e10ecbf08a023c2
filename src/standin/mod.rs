//! The stand-in: a local imitation of a provider's free, read-only API, for rehearsals and tests.
//!
//! It says what `scenarios/xai.toml` says, on a port of loopback, and remembers what it was asked.

mod script;
mod seen;
mod serve;

use std::{io, sync::Arc};

use tokio::{net::TcpSocket, sync::watch};
use url::Url;

pub use script::{Scenario, ScriptError};
pub use seen::Seen;

use script::{Connect, Script};
use seen::Calls;

/// How much a scenario's name may differ from what was typed to be proposed (1.0 is equal).
const NEAR: f64 = 0.7;

/// A name kept for this machine (RFC 6761): a client that looks it up in spite of all stays here.
const NAME: &str = "stand-in.localhost";

/// Why the stand-in did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The script is damaged.
    #[error(transparent)]
    Script(#[from] ScriptError),
    /// There is no such scenario.
    #[error("no scenario is called `{asked}`{}", proposal(near.as_deref()))]
    UnknownScenario {
        /// What was asked for.
        asked: String,
        /// The scenario that was probably meant.
        near: Option<String>,
    },
    /// No port could be had.
    #[error("could not open a port on 127.0.0.1 for the stand-in")]
    Port(#[source] io::Error),
    /// The address handed out would not be one.
    #[error("could not form the address of the stand-in")]
    Address(#[from] url::ParseError),
}

fn proposal(near: Option<&str>) -> String {
    near.map(|id| format!(", did you mean `{id}`?")).unwrap_or_default()
}

/// How the client must look names up, so that no look-up leaves this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// No name but that of this machine has an address.
    LoopbackOnly,
    /// No name has an address, not even those of this machine.
    NoAddress,
    /// No look-up ever ends, so that connecting runs into its time limit.
    Stalls,
}

/// A stand-in that plays; it stops when this is dropped.
#[derive(Debug)]
pub struct Running {
    /// What the client must be pointed to, in place of every host of the provider.
    pub origin: Url,
    /// How the client must look names up for this scenario.
    pub resolution: Resolution,
    calls: Arc<Calls>,
    /// The server runs as long as the other end can still hear of this one.
    _open: Option<watch::Sender<()>>,
    /// Keeps a port taken on which nobody listens.
    _unheard: Option<TcpSocket>,
}

impl Running {
    /// Every request so far, in order of arrival.
    #[must_use]
    pub fn calls(&self) -> Vec<Seen> {
        self.calls.all()
    }
}

/// Everything that can be rehearsed besides the healthy provider, in the script's order.
///
/// # Errors
/// [`ScriptError`] when the built-in script is damaged.
pub fn scenarios() -> Result<Vec<Scenario>, ScriptError> {
    Ok(Script::built_in()?.scenario)
}

/// Starts the healthy stand-in, or one scenario of it.
///
/// # Errors
/// [`StartError`] when there is no such scenario, or no port for it.
pub async fn start(scenario: Option<&str>) -> Result<Running, StartError> {
    let Script { reply: healthy, scenario: all } = Script::built_in()?;
    let (connect, mut replies) = match scenario {
        None => (None, Vec::new()),
        Some(asked) => match all.iter().find(|one| one.id == asked) {
            Some(found) => (found.connect, found.reply.clone()),
            None => return Err(unknown(asked, &all)),
        },
    };
    replies.extend(healthy);
    match connect {
        None => serving("http", replies).await,
        Some(Connect::Tls) => serving("https", replies).await,
        Some(Connect::Refused) => unheard("127.0.0.1", Resolution::LoopbackOnly),
        Some(Connect::Dns) => unheard(NAME, Resolution::NoAddress),
        Some(Connect::Stall) => unheard(NAME, Resolution::Stalls),
    }
}

async fn serving(scheme: &str, replies: Vec<script::Reply>) -> Result<Running, StartError> {
    let calls = Arc::new(Calls::default());
    let (address, open) = serve::play(replies, Arc::clone(&calls)).await.map_err(StartError::Port)?;
    let origin = Url::parse(&format!("{scheme}://{address}"))?;
    Ok(Running { origin, resolution: Resolution::LoopbackOnly, calls, _open: Some(open), _unheard: None })
}

/// A port that is taken, so that no other program can answer on it, and on which nobody listens.
fn unheard(host: &str, resolution: Resolution) -> Result<Running, StartError> {
    let (socket, port) = serve::silent_port().map_err(StartError::Port)?;
    let origin = Url::parse(&format!("http://{host}:{port}"))?;
    Ok(Running { origin, resolution, calls: Arc::default(), _open: None, _unheard: Some(socket) })
}

fn unknown(asked: &str, all: &[Scenario]) -> StartError {
    let near = all
        .iter()
        .map(|one| &one.id)
        .map(|id| (strsim::jaro_winkler(asked, id), id))
        .filter(|(likeness, _)| *likeness >= NEAR)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, id)| id.clone());
    StartError::UnknownScenario { asked: asked.to_owned(), near }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the tests are a client of the stand-in")]
mod tests;
