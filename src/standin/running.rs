//! A stand-in that is running.

use std::{collections::BTreeMap, sync::Arc};

use tokio::{net::TcpSocket, sync::watch};
use url::Url;

use super::{
    journal::{Costs, Entry},
    stage::Stage,
    state::Seen,
};

/// How the client must resolve names, so that no lookup leaves this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// Only this machine's name has an address.
    LoopbackOnly,
    /// No name has an address, not even those of this machine.
    NoAddress,
    /// No lookup ever ends, so that connecting runs into its timeout.
    Stalls,
}

/// A running stand-in; it stops when this is dropped.
#[derive(Debug)]
pub struct Running {
    /// Where the client must be pointed instead of each host of the provider.
    pub origins: BTreeMap<String, Url>,
    /// How the client must resolve names for this scenario.
    pub resolution: Resolution,
    /// The keys that are accepted, by the variable that clients read them from and the host that accepts them.
    pub keys: Vec<DemoKey>,
    pub(super) stage: Arc<Stage>,
    /// The servers run until they notice that this was dropped.
    pub(super) _open: Option<watch::Sender<()>>,
    /// Keep the ports occupied on which nothing listens.
    pub(super) _unheard: Vec<TcpSocket>,
}

impl Running {
    /// What a client should use as the provider's base URL; none if the script does not say which path it has.
    #[must_use]
    pub fn base_url(&self) -> Option<Url> {
        let script = self.stage.jobs()?.script();
        self.origins.get(&script.host)?.join(&script.base_path).ok()
    }

    /// Every request so far, in order of arrival.
    #[must_use]
    pub fn calls(&self) -> Vec<Seen> {
        self.stage.state.seen()
    }

    /// Every request that was answered, in order of arrival, with its answer.
    #[must_use]
    pub fn journal(&self) -> Vec<Entry> {
        self.stage.journal()
    }

    /// What all jobs so far would have cost.
    #[must_use]
    pub fn costs(&self) -> Costs {
        self.stage.costs()
    }

    /// Notifies of every request that is answered from now on.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<()> {
        self.stage.changes()
    }
}

/// A key that opens nothing but a stand-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoKey {
    /// The variable that clients read it from.
    pub env: String,
    /// The host that accepts it.
    pub host: String,
    /// The key.
    pub value: String,
}
