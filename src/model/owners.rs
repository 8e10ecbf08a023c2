//! Who owns which host, which keys may go there, and which calls there are free.
//!
//! The list is compiled in (`checklists/owners.toml`) and no checklist or project can add to it:
//! a stranger's file cannot make a paid call and cannot send a key to a foreign host.

use url::Url;

use super::{
    call::{FreeCall, Method},
    checklist::KeyShape,
    pages::{PageHost, Pages},
    source::Source,
};

/// All owners.
#[derive(Debug, Clone, Default)]
pub struct Owners(pub Vec<Owner>);

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
    /// The free calls.
    pub free: Vec<FreePair>,
}

/// One key variable and the only hosts its value may be sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnedKey {
    /// The environment variable.
    pub env: String,
    /// Host names, exact.
    pub hosts: Vec<String>,
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
        let listed = self.0.iter().flat_map(|owner| &owner.free).any(|pair| pair.allows(method, url));
        (plain && listed && url.port().is_none()).then(|| FreeCall::listed(method, url.clone()))
    }

    /// Whether the value of this variable may be sent to this host.
    #[must_use]
    pub fn key_may_go(&self, env: &str, host: &str) -> bool {
        self.0
            .iter()
            .flat_map(|owner| &owner.keys)
            .any(|key| key.env == env && key.hosts.iter().any(|allowed| allowed == host))
    }

    /// Whether any owner lists this variable as a key.
    #[must_use]
    pub fn knows_key(&self, env: &str) -> bool {
        self.0.iter().flat_map(|owner| &owner.keys).any(|key| key.env == env)
    }

    /// Whose host this is.
    #[must_use]
    pub fn of_host(&self, host: &str) -> Option<&Owner> {
        self.0.iter().find(|owner| owner.free.iter().any(|pair| pair.host == host))
    }

    /// Whose pages are a provider's own: those of its hosts, or, when they are not known, all that are not known to
    /// be somebody else's.
    #[must_use]
    pub fn pages_of(&self, provider: &str) -> Pages {
        let (own, others): (Vec<_>, Vec<_>) = self.0.iter().partition(|owner| owner.id == provider);
        let hosts = |owners: Vec<&Owner>| owners.into_iter().flat_map(|owner| owner.pages.clone()).collect();
        let own: Vec<PageHost> = hosts(own);
        if own.is_empty() { Pages::NotOf(hosts(others)) } else { Pages::Of(own) }
    }

    /// Whether this host is somebody's.
    #[must_use]
    pub fn knows_host(&self, host: &str) -> bool {
        self.0.iter().flat_map(|owner| &owner.free).any(|pair| pair.host == host)
    }
}
