//! The stand-in: a local imitation of the providers' free, read-only APIs, for rehearsals and tests.
//!
//! It says what `scenarios/PROVIDER.toml` says. Each host of a provider has a port of loopback to itself, so that
//! hosts are told apart as in the real world: the same path may answer otherwise at another host, and a key that
//! comes to the wrong one is seen there.

mod asked;
mod router;
mod script;
mod serve;
mod state;

use std::{collections::BTreeMap, io, sync::Arc};

use tokio::{net::TcpSocket, sync::watch};
use url::Url;

pub use script::{Scenario, ScriptError, providers};
pub use state::Seen;

use crate::model::nearest::nearest;
use router::Router;
use script::{Connect, Script};
use serve::Ports;
use state::State;

/// A name kept for this machine (RFC 6761): a client that looks it up in spite of all stays here.
const NAME: &str = "stand-in.localhost";

/// Why the stand-in did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The script is damaged.
    #[error(transparent)]
    Script(#[from] ScriptError),
    /// Nobody wrote a script for the provider.
    #[error("there is no stand-in for `{provider}`; there is one for {}", listed(&providers().collect::<Vec<_>>()))]
    NoScript {
        /// The scenario that was asked for, if any.
        asked: Option<String>,
        /// Whose it would be.
        provider: String,
    },
    /// There is no such scenario.
    #[error("`{provider}` has no scenario `{asked}`{}", proposal(near.as_deref(), of))]
    UnknownScenario {
        /// What was asked for.
        asked: String,
        /// Whose it would be.
        provider: String,
        /// The scenario that was probably meant.
        near: Option<String>,
        /// The providers that have one of this name.
        of: Vec<&'static str>,
    },
    /// No port could be had.
    #[error("could not open a port on 127.0.0.1 for the stand-in")]
    Port(#[source] io::Error),
    /// The address handed out would not be one.
    #[error("could not form the address of the stand-in")]
    Address(#[from] url::ParseError),
}

fn proposal(near: Option<&str>, of: &[&str]) -> String {
    match (of, near) {
        ([], Some(near)) => format!(", did you mean `{near}`?"),
        ([], None) => String::new(),
        (of, _) => format!("; it is one of {}", listed(of)),
    }
}

fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
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
    /// What the client must be pointed to in place of each host of the provider.
    pub origins: BTreeMap<String, Url>,
    /// How the client must look names up for this scenario.
    pub resolution: Resolution,
    state: Arc<State>,
    /// The servers run as long as the other end can still hear of this one.
    _open: Option<watch::Sender<()>>,
    /// Keep the ports taken on which nobody listens.
    _unheard: Vec<TcpSocket>,
}

impl Running {
    /// Every request so far, in order of arrival.
    #[must_use]
    pub fn calls(&self) -> Vec<Seen> {
        self.state.seen()
    }
}

/// Everything that can be rehearsed of a provider besides a healthy one, in its script's order; nothing where there is no
/// script.
///
/// # Errors
/// [`ScriptError`] when the built-in script is damaged.
pub fn scenarios(provider: &str) -> Result<Vec<Scenario>, ScriptError> {
    Ok(Script::of(provider)?.map(|script| script.scenario).unwrap_or_default())
}

/// Whether any provider has a scenario of this name.
#[must_use]
pub fn is_scenario(name: &str) -> bool {
    let of = |provider| scenarios(provider).unwrap_or_default();
    providers().any(|provider| of(provider).iter().any(|scenario| scenario.id == name))
}

/// Starts the healthy stand-in of a provider, or one scenario of it.
///
/// # Errors
/// [`StartError`] when there is no such provider or scenario, or no port for it.
pub async fn start(provider: &str, scenario: Option<&str>) -> Result<Running, StartError> {
    let no_script =
        || StartError::NoScript { asked: scenario.map(str::to_owned), provider: provider.to_owned() };
    let script = Script::of(provider)?.ok_or_else(no_script)?;
    let scenario = match scenario {
        None => None,
        Some(asked) => match script.scenario.iter().position(|one| one.id == asked) {
            Some(found) => Some(found),
            None => return Err(unknown(asked, provider, &script.scenario)),
        },
    };
    play(script, scenario).await
}

/// Plays a script, healthy or the scenario at this place.
async fn play(script: Script, scenario: Option<usize>) -> Result<Running, StartError> {
    let Script { hosts, reply: healthy, scenario: all } = script;
    let scenario = scenario.and_then(|place| all.into_iter().nth(place));
    let (connect, mut replies) = scenario.map(|one| (one.connect, one.reply)).unwrap_or_default();
    replies.extend(healthy);
    match connect {
        None => serving("http", &hosts, replies).await,
        Some(Connect::Tls) => serving("https", &hosts, replies).await,
        Some(Connect::Refused) => unheard("127.0.0.1", hosts, Resolution::LoopbackOnly),
        Some(Connect::Dns) => unheard(NAME, hosts, Resolution::NoAddress),
        Some(Connect::Stall) => unheard(NAME, hosts, Resolution::Stalls),
    }
}

async fn serving(
    scheme: &str,
    hosts: &[String],
    replies: Vec<script::ScriptedReply>,
) -> Result<Running, StartError> {
    let ports = Ports::take(hosts).await.map_err(StartError::Port)?;
    let (mut origins, mut written) = (BTreeMap::new(), BTreeMap::new());
    for (host, address) in ports.addresses().map_err(StartError::Port)? {
        let origin = format!("{scheme}://{address}");
        origins.insert(host.clone(), Url::parse(&origin)?);
        written.insert(host, origin);
    }
    let state = Arc::new(State::default());
    let open = ports.serve(Router::new(replies, written), Arc::clone(&state));
    let resolution = Resolution::LoopbackOnly;
    Ok(Running { origins, resolution, state, _open: Some(open), _unheard: Vec::new() })
}

/// Ports that are taken, so that no other program can answer on them, and on which nobody listens.
fn unheard(name: &str, hosts: Vec<String>, resolution: Resolution) -> Result<Running, StartError> {
    let (mut origins, mut sockets) = (BTreeMap::new(), Vec::new());
    for host in hosts {
        let (socket, port) = serve::silent_port().map_err(StartError::Port)?;
        origins.insert(host, Url::parse(&format!("http://{name}:{port}"))?);
        sockets.push(socket);
    }
    Ok(Running { origins, resolution, state: Arc::default(), _open: None, _unheard: sockets })
}

fn unknown(asked: &str, provider: &str, all: &[Scenario]) -> StartError {
    let near = nearest(asked, all.iter().map(|one| one.id.as_str())).map(str::to_owned);
    let has = |other: &&str| scenarios(other).is_ok_and(|all| all.iter().any(|one| one.id == asked));
    let of = providers().filter(has).collect();
    StartError::UnknownScenario { asked: asked.to_owned(), provider: provider.to_owned(), near, of }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the tests are a client of the stand-in")]
mod tests;
