//! A stand-in that plays.

use std::{collections::BTreeMap, sync::Arc};

use tokio::{net::TcpSocket, sync::watch};
use url::Url;

use super::{
    journal::{Costs, Entry},
    stage::Stage,
    state::Seen,
};

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
    /// The keys that are taken, by the variable that clients read them from and the host that takes them.
    pub keys: Vec<DemoKey>,
    pub(super) stage: Arc<Stage>,
    /// The servers run as long as the other end can still hear of this one.
    pub(super) _open: Option<watch::Sender<()>>,
    /// Keep the ports taken on which nobody listens.
    pub(super) _unheard: Vec<TcpSocket>,
}

impl Running {
    /// What a client takes for the provider's base URL; none where nothing says what stands before its paths.
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

    /// Tells of every request that was answered from now on.
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
    /// The host that takes it.
    pub host: String,
    /// The key.
    pub value: String,
}
