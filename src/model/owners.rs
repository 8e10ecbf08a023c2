//! Who owns which host, which keys may go there, and which calls there are free.
//!
//! The list is compiled in (`checklists/owners.toml`) and no checklist or project can add to it: someone else's file
//! can't make a paid call or send a key to a foreign host.

use serde_json::Value;
use url::Url;

use super::{
    call::{FreeCall, Method, Terms},
    checklist::KeySpec,
    key::KeyShape,
    key::{Carrier, KeyLooks},
    pages::{PageHost, Pages},
    shape::{Misfit, Shape},
    source::Source,
};

/// All owners, and other services' credentials.
#[derive(Debug, Clone, Default)]
pub struct Owners {
    /// The owners.
    pub list: Vec<Owner>,
    /// Prefixes of credentials that other services issue, and of addresses that grant access to anyone who has them.
    pub credentials: Vec<KeyShape>,
}

/// One owner.
#[derive(Debug, Clone)]
pub struct Owner {
    /// The provider id used in projects, such as `xai`.
    pub id: String,
    /// The name that readers know.
    pub name: String,
    /// Which environment variables hold its keys, and where each may be sent.
    pub keys: Vec<OwnedKey>,
    /// What its keys look like.
    pub shapes: Vec<KeyShape>,
    /// Where its own pages are.
    pub pages: Vec<PageHost>,
    /// Variables that give other programs a different base URL.
    pub followed: Vec<Followed>,
    /// The free calls.
    pub free: Vec<FreeRequest>,
}

/// One key variable and the only hosts its value may be sent to. No host accepts two keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnedKey {
    /// The environment variable; `<env>_FILE` may name a file instead.
    pub env: String,
    /// How it is sent.
    pub carrier: Carrier,
    /// What it looks like, as far as the owner says.
    pub looks: Option<KeyLooks>,
    /// Host names, exact.
    pub hosts: Vec<String>,
}

impl OwnedKey {
    /// Whether it may be sent to this host.
    #[must_use]
    pub fn is_of(&self, host: &str) -> bool {
        self.hosts.iter().any(|own| own == host)
    }
}

/// A variable from which other programs read the base URL of a host. Calls made here never follow it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// The environment variable.
    pub env: String,
    /// The name of the host that it replaces.
    pub host: String,
    /// Who says so.
    pub source: Source,
}

/// One free request: host, method, path and the shape of its body.
#[derive(Debug, Clone, PartialEq)]
pub struct FreeRequest {
    /// Host name, exact.
    pub host: String,
    /// The method.
    pub method: Method,
    /// Path from the root; `*` stands for one segment.
    pub path: String,
    /// The shape of the body; `None` for a request without one.
    pub body: Option<Shape>,
    /// Whether no key is sent with it, whatever the host.
    pub keyless: bool,
    /// Whether everyone gets an answer, so that a success says nothing about the key that was sent.
    pub public: bool,
    /// Whether it may be sent again when no good answer came. A read-only call always may.
    pub repeatable: bool,
    /// Who says that it is free.
    pub source: Source,
}

impl FreeRequest {
    /// Whether host, method and path match, whatever the body.
    fn names(&self, method: Method, url: &Url) -> bool {
        // The path as it will be sent: the URL parser has already resolved dot segments, and an encoded slash stays
        // inside its segment.
        self.method == method
            && url.host_str() == Some(self.host.as_str())
            && same_segments(&self.path, url.path())
    }

    fn takes(&self, body: Option<&Value>) -> Result<(), NotFree> {
        match (&self.body, body) {
            (None, None) => Ok(()),
            (Some(shape), Some(body)) => shape.check(body).map_err(NotFree::Body),
            (Some(_), None) | (None, Some(_)) => Err(NotFree::NotListed),
        }
    }
}

/// Why a request is not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotFree {
    /// Host, method and path are not on the list.
    #[error("it is not on the list of free calls")]
    NotListed,
    /// They are, but not with this body.
    #[error("it is free with another body only: {0}")]
    Body(Misfit),
}

/// A name reduced to its letters and digits in lower case, without separators.
fn bare(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
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
    /// The only way to a [`FreeCall`]: host, method, path and body must be on the list, over HTTPS, without a password in
    /// the URL.
    ///
    /// # Errors
    /// [`NotFree`] says what is not on the list.
    pub fn free_call(&self, method: Method, url: &Url, body: Option<Value>) -> Result<FreeCall, NotFree> {
        let plain = url.scheme() == "https" && url.username().is_empty() && url.password().is_none();
        if !plain || url.port().is_some() {
            return Err(NotFree::NotListed);
        }
        let mut refused = NotFree::NotListed;
        for free in self.list.iter().flat_map(|owner| &owner.free).filter(|free| free.names(method, url)) {
            match free.takes(body.as_ref()) {
                Ok(()) => {
                    let terms = Terms { keyless: free.keyless, repeatable: free.repeatable };
                    return Ok(FreeCall::listed(method, url.clone(), body, terms));
                }
                // Where several bodies are free, the message says what the first one lacks.
                Err(why) if refused == NotFree::NotListed => refused = why,
                Err(_) => {}
            }
        }
        Err(refused)
    }

    /// Whether this request is answered with any key, or without one.
    #[must_use]
    pub fn takes_any_key(&self, method: Method, url: &Url) -> bool {
        let named = self.list.iter().flat_map(|owner| &owner.free).filter(|free| free.names(method, url));
        named.into_iter().any(|free| free.keyless || free.public)
    }

    /// Whether no key is sent with this request.
    #[must_use]
    pub fn is_keyless(&self, method: Method, url: &Url) -> bool {
        let mut named = self.list.iter().flat_map(|owner| &owner.free).filter(|free| free.names(method, url));
        named.any(|free| free.keyless)
    }

    /// The bodies with which this request is free.
    pub fn shapes(&self, method: Method, url: &Url) -> impl Iterator<Item = &Shape> {
        let named =
            self.list.iter().flat_map(|owner| &owner.free).filter(move |free| free.names(method, url));
        named.filter_map(|free| free.body.as_ref())
    }

    /// Whether this key may be sent to this host, with this carrier.
    #[must_use]
    pub fn key_may_go(&self, key: &KeySpec, host: &str) -> bool {
        self.key(&key.env).is_some_and(|owned| owned.carrier == key.carrier && owned.is_of(host))
    }

    /// What is known about the key in this variable.
    #[must_use]
    pub fn key(&self, env: &str) -> Option<&OwnedKey> {
        self.list.iter().flat_map(|owner| &owner.keys).find(|key| key.env == env)
    }

    /// Who owns this host.
    #[must_use]
    pub fn of_host(&self, host: &str) -> Option<&Owner> {
        self.list.iter().find(|owner| owner.free.iter().any(|free| free.host == host))
    }

    /// The pages that are a provider's own: those of its hosts or, when its hosts aren't known, all pages that aren't
    /// known to belong to someone else.
    #[must_use]
    pub fn pages_of(&self, provider: &str) -> Pages {
        let (own, others): (Vec<_>, Vec<_>) = self.list.iter().partition(|owner| owner.id == provider);
        let hosts = |owners: Vec<&Owner>| owners.into_iter().flat_map(|owner| owner.pages.clone()).collect();
        let own: Vec<PageHost> = hosts(own);
        if own.is_empty() { Pages::NotOf(hosts(others)) } else { Pages::Of(own) }
    }

    /// The id of the owner that a differently spelled name means: `FAL`, `fal.ai` and `Fal-AI` are `fal`.
    #[must_use]
    pub fn spelt_otherwise(&self, name: &str) -> Option<&str> {
        let bare = bare(name);
        let is = |owner: &&Owner| {
            let hosts = owner.pages.iter().map(ToString::to_string);
            let mut names = hosts.chain([owner.id.clone(), owner.name.clone()]);
            names.any(|known| self::bare(&known) == bare)
        };
        let known = |owner: &&Owner| owner.id == name;
        if self.list.iter().any(|owner| known(&owner)) {
            return None;
        }
        self.list.iter().find(is).map(|owner| owner.id.as_str())
    }

    /// The names of all hosts that have an owner, each once.
    #[must_use]
    pub fn hosts(&self) -> Vec<&str> {
        let free = self.list.iter().flat_map(|owner| &owner.free).map(|free| free.host.as_str());
        let keyed = self.list.iter().flat_map(|owner| &owner.keys).flat_map(|key| &key.hosts);
        let mut all: Vec<&str> = free.chain(keyed.map(String::as_str)).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

#[cfg(test)]
mod tests;
