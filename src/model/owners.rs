//! Who owns which host, which keys may go there, and which calls there are free.
//!
//! The list is compiled in (`checklists/owners.toml`) and no checklist or project can add to it:
//! a stranger's file cannot make a paid call and cannot send a key to a foreign host.

use url::Url;

use super::{
    call::{FreeCall, Method},
    checklist::{KeyShape, KeySpec},
    pages::{PageHost, Pages},
    source::Source,
};

/// All owners, and what others give out.
#[derive(Debug, Clone, Default)]
pub struct Owners {
    /// The owners.
    pub list: Vec<Owner>,
    /// How the credentials begin that others give out, and addresses that open something to whoever has them.
    pub credentials: Vec<KeyShape>,
}

/// One owner.
#[derive(Debug, Clone)]
pub struct Owner {
    /// The provider id used in projects, such as `xai`.
    pub id: String,
    /// The name a reader knows.
    pub name: String,
    /// Which environment variables hold its keys, and where each may be sent.
    pub keys: Vec<OwnedKey>,
    /// What its keys look like, whoever owns them.
    pub shapes: Vec<KeyShape>,
    /// Where its own pages are.
    pub pages: Vec<PageHost>,
    /// Variables in which other programs are told another base URL.
    pub followed: Vec<Followed>,
    /// The free calls.
    pub free: Vec<FreePair>,
}

/// One key variable and the only hosts its value may be sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnedKey {
    /// The environment variable.
    pub env: String,
    /// The word before the key in the `Authorization` header.
    pub scheme: String,
    /// Host names, exact.
    pub hosts: Vec<String>,
}

/// A variable that other programs read the base URL of a host from. Calls made here never follow it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// The environment variable.
    pub env: String,
    /// The name of the host that it stands for.
    pub host: String,
    /// Who says so.
    pub source: Source,
}

/// One free (method, path) pair at one host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreePair {
    /// Host name, exact.
    pub host: String,
    /// How it is called.
    pub method: Method,
    /// Path from the root; `*` stands for one segment.
    pub path: String,
    /// Who says that it is free.
    pub source: Source,
}

impl FreePair {
    fn allows(&self, method: Method, url: &Url) -> bool {
        // The path as it will be sent: a dot segment is already resolved by the URL parser, and an
        // encoded slash stays inside its segment.
        self.method == method
            && url.host_str() == Some(self.host.as_str())
            && same_segments(&self.path, url.path())
    }
}

fn same_segments(pattern: &str, path: &str) -> bool {
    let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some("*"), Some(segment)) if !segment.is_empty() => {}
            (Some(want), Some(segment)) if want == segment => {}
            _ => return false,
        }
    }
}

impl Owners {
    /// The only way to a [`FreeCall`]: the pair must be on the list, over HTTPS, without a password in the URL.
    #[must_use]
    pub fn free_call(&self, method: Method, url: &Url) -> Option<FreeCall> {
        let plain = url.scheme() == "https" && url.username().is_empty() && url.password().is_none();
        let listed = self.list.iter().flat_map(|owner| &owner.free).any(|pair| pair.allows(method, url));
        (plain && listed && url.port().is_none()).then(|| FreeCall::listed(method, url.clone()))
    }

    /// Whether this key may be sent to this host, and in these words.
    #[must_use]
    pub fn key_may_go(&self, key: &KeySpec, host: &str) -> bool {
        self.key(&key.env).is_some_and(|owned| {
            owned.scheme == key.scheme && owned.hosts.iter().any(|allowed| allowed == host)
        })
    }

    /// What is known of the key in this variable.
    #[must_use]
    pub fn key(&self, env: &str) -> Option<&OwnedKey> {
        self.list.iter().flat_map(|owner| &owner.keys).find(|key| key.env == env)
    }

    /// Whose host this is.
    #[must_use]
    pub fn of_host(&self, host: &str) -> Option<&Owner> {
        self.list.iter().find(|owner| owner.free.iter().any(|pair| pair.host == host))
    }

    /// Whose pages are a provider's own: those of its hosts, or, when they are not known, all that are not known to
    /// be somebody else's.
    #[must_use]
    pub fn pages_of(&self, provider: &str) -> Pages {
        let (own, others): (Vec<_>, Vec<_>) = self.list.iter().partition(|owner| owner.id == provider);
        let hosts = |owners: Vec<&Owner>| owners.into_iter().flat_map(|owner| owner.pages.clone()).collect();
        let own: Vec<PageHost> = hosts(own);
        if own.is_empty() { Pages::NotOf(hosts(others)) } else { Pages::Of(own) }
    }

    /// The names of all hosts that are somebody's, each once.
    #[must_use]
    pub fn hosts(&self) -> Vec<&str> {
        let free = self.list.iter().flat_map(|owner| &owner.free).map(|pair| pair.host.as_str());
        let keyed = self.list.iter().flat_map(|owner| &owner.keys).flat_map(|key| &key.hosts);
        let mut all: Vec<&str> = free.chain(keyed.map(String::as_str)).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}
