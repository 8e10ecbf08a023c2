//! How calls are made: timeouts, attempts, concurrency and target.

use std::{collections::BTreeMap, fmt, time::Duration};

use sha2::{Digest as _, Sha256};
use tokio::time::Instant;
use url::Url;

use crate::model::{address::is_loopback, text::hex};

/// How calls are made.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Longest wait for a connection, TLS included.
    pub connect_timeout: Duration,
    /// Longest silence of a server that is connected.
    pub read_timeout: Duration,
    /// Longest time for one call, including all its attempts and pauses.
    pub total_timeout: Duration,
    /// Largest body that is read, in bytes.
    pub max_body: u64,
    /// Most calls in flight to one host; at least one is made.
    pub per_host: usize,
    /// Most distinct calls for the probes of a project. A rehearsal has no limit: its calls stay on this machine.
    pub most_calls: usize,
    /// When the run ends, even if calls are still open.
    pub until: Option<Until>,
    /// How often a call is sent at most; it is sent at least once.
    pub attempts: u32,
    /// How long to wait between attempts.
    pub pause: Pause,
    /// Make no call at all.
    pub offline: bool,
    /// Also look at media of the project at addresses that aren't public.
    pub allow_private: bool,
    /// The variable that names a proxy. Media are not looked at through one: where it connects can't be checked.
    pub proxy: Option<&'static str>,
    /// Certificates that are trusted in addition to the built-in ones.
    pub extra_ca: ExtraCa,
    /// Where the calls go instead of the checklist's hosts.
    pub send_to: Option<SendTo>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            read_timeout: Duration::from_secs(10),
            total_timeout: Duration::from_secs(30),
            max_body: 8 << 20,
            per_host: 8,
            most_calls: 500,
            until: None,
            attempts: 3,
            pause: Pause::default(),
            offline: false,
            allow_private: false,
            proxy: None,
            extra_ca: ExtraCa::default(),
            send_to: None,
        }
    }
}

impl Settings {
    /// Where all calls go in a rehearsal; none outside of one.
    #[must_use]
    pub fn rehearsal(&self) -> Option<&SendTo> {
        self.send_to.as_ref().filter(|to| to.origins.stay_here())
    }
}

/// The end of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Until {
    /// The moment.
    pub at: Instant,
    /// How long the run may take, for the reader.
    pub after: Duration,
}

impl Until {
    /// This long from now.
    #[must_use]
    pub fn after(after: Duration) -> Option<Self> {
        Some(Self { at: Instant::now().checked_add(after)?, after })
    }

    /// Whether it is over.
    #[must_use]
    pub fn is_over(&self) -> bool {
        Instant::now() >= self.at
    }
}

/// The pauses between attempts; each is twice as long as the one before, with jitter on top.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pause {
    /// The first one.
    pub first: Duration,
    /// The longest one, without jitter.
    pub longest: Duration,
}

impl Default for Pause {
    fn default() -> Self {
        Self { first: Duration::from_millis(200), longest: Duration::from_secs(2) }
    }
}

/// Where calls go instead of the checklist's hosts.
#[derive(Debug, Clone)]
pub struct SendTo {
    /// The servers that are called.
    pub origins: Origins,
    /// What set it, such as `--base-url`.
    pub set_by: String,
    /// How names are looked up in a rehearsal.
    pub resolver: Resolver,
}

/// The servers that stand for the hosts of a checklist.
#[derive(Debug, Clone)]
pub enum Origins {
    /// One server, as [`super::base_url`] returns it. A loopback origin makes a rehearsal and takes the calls of all
    /// hosts; any other replaces only the main host, and is only called if it is the main host.
    One(Url),
    /// A server of this machine for each host, by the host's name: a rehearsal that keeps hosts apart. A host without
    /// one is not called.
    Each(BTreeMap<String, Url>),
}

impl Origins {
    /// The server that stands for a host.
    #[must_use]
    pub fn of(&self, host: &str) -> Option<&Url> {
        match self {
            Self::One(origin) => Some(origin),
            Self::Each(origins) => origins.get(host).filter(|origin| is_loopback(origin)),
        }
    }

    /// Whether every call stays on this machine.
    #[must_use]
    pub fn stay_here(&self) -> bool {
        match self {
            Self::One(origin) => is_loopback(origin),
            // Hosts without one aren't called.
            Self::Each(_) => true,
        }
    }
}

/// How names are looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Resolver {
    /// By the system.
    #[default]
    System,
    /// Only `localhost` itself has an address, which needs no lookup; names below it have none.
    LoopbackOnly,
    /// Never answers: rehearses a connection that can't be made in time.
    Stall,
}

/// Certificates that are trusted in addition to the built-in ones.
#[derive(Clone, Default)]
pub struct ExtraCa {
    certificates: Vec<reqwest::Certificate>,
    sha256: Option<String>,
}

/// Why certificates are refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadCa {
    /// Not PEM.
    #[error("cannot read the certificates as PEM")]
    Pem,
    /// No certificate in it.
    #[error("no certificate found in the file")]
    Empty,
}

impl ExtraCa {
    /// Reads one or more certificates.
    ///
    /// # Errors
    /// [`BadCa`] when there is none, or one that can't be read.
    pub fn from_pem(bytes: &[u8]) -> Result<Self, BadCa> {
        let certificates = reqwest::Certificate::from_pem_bundle(bytes).map_err(|_| BadCa::Pem)?;
        let sha256 = Some(hex(&Sha256::digest(bytes)));
        if certificates.is_empty() { Err(BadCa::Empty) } else { Ok(Self { certificates, sha256 }) }
    }

    /// The digest of the file that they come from, lower-case hexadecimal; none if there is no file.
    #[must_use]
    pub fn sha256(&self) -> Option<&str> {
        self.sha256.as_deref()
    }

    pub(super) fn certificates(&self) -> &[reqwest::Certificate] {
        &self.certificates
    }
}

impl fmt::Debug for ExtraCa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ExtraCa({})", self.certificates.len())
    }
}
