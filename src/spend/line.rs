//! The connection to the server that takes paid jobs: what is sent there, and what comes back, unchanged. A paid line
//! leads only to the owner's own host, and a rehearsal's only to this machine.

use std::{marker::PhantomData, time::Duration};

use reqwest::{
    RequestBuilder,
    header::{CONTENT_TYPE, HeaderName, HeaderValue},
};
use serde_json::Value;
use url::{Host, Url};

use super::realm::{Live, Realm, Rehearsal};
use crate::{
    model::{
        address::{is_loopback, not_public},
        checklist::Host as ApiHost,
        observation::{Observation, Reply, Trouble},
        owners::Owners,
    },
    observe::{Clients, KeyRing, MemoryBudget, Raw, Settings, joined, trouble_of},
    secrets::Redactor,
};

/// How long the server may take for one whole answer. After a paid request it may still be working on it, and giving up
/// earlier leaves an unknown job.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// The largest reply that is read, in bytes.
const LARGEST: u64 = 1 << 20;

/// Why there is no line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoLine {
    /// A paid line would lead to this machine.
    #[error("a paid request never goes to this machine")]
    Loopback,
    /// A rehearsal would leave this machine.
    #[error("a rehearsal never leaves this machine")]
    Outside,
    /// The key may not be sent to the host, or not over such a connection.
    #[error("the key may not go to this host")]
    Keyless,
    /// There is no usable key.
    #[error("`{variable}` cannot be used: {why}")]
    Key {
        /// The variable.
        variable: String,
        /// Why not.
        why: String,
    },
}

/// A line to the server that takes paid jobs.
pub struct Line<'a, R> {
    base: Url,
    key: (HeaderName, HeaderValue),
    clients: Clients<'a>,
    proxied: bool,
    patience: Duration,
    scrub: &'a Redactor,
    realm: PhantomData<R>,
}

/// What happened when something was sent.
#[derive(Debug)]
pub(super) enum Sent {
    /// No connection was made: the server never heard of it.
    Not(Trouble),
    /// It may have arrived, but no complete answer came.
    Lost(Trouble),
    /// The server answered.
    Heard(Box<Heard>),
}

/// An answer, both raw and parsed.
#[derive(Debug)]
pub(super) struct Heard {
    /// Status, kept headers and body, without secrets.
    pub(super) raw: String,
    /// Its JSON, unchanged. Addresses and ids are taken from here; it is never shown.
    pub(super) json: Option<Value>,
    /// The same, parsed, without secrets.
    pub(super) reply: Reply,
}

impl<'a> Line<'a, Live> {
    /// The line to the owner's own host.
    ///
    /// # Errors
    /// [`NoLine`] when there is none.
    pub fn to_owner(
        host: &ApiHost,
        (keys, owners): (&KeyRing, &Owners),
        settings: &'a Settings,
        scrub: &'a Redactor,
    ) -> Result<Self, NoLine> {
        let name = host.base_url.host_str().unwrap_or_default();
        if !host.key.as_ref().is_some_and(|spec| owners.key_may_go(spec, name)) {
            return Err(NoLine::Keyless);
        }
        if is_loopback(&host.base_url) || settings.rehearsal().is_some() {
            return Err(NoLine::Loopback);
        }
        Self::with(host.base_url.clone(), (host, keys), settings, scrub)
    }
}

impl<'a> Line<'a, Rehearsal> {
    /// The line to a server on this machine that stands in for the host.
    ///
    /// # Errors
    /// [`NoLine`] when there is none.
    pub fn to_here(
        host: &ApiHost,
        keys: &KeyRing,
        settings: &'a Settings,
        scrub: &'a Redactor,
    ) -> Result<Self, NoLine> {
        let name = host.base_url.host_str().unwrap_or_default();
        let origin = settings.rehearsal().and_then(|to| to.origins.of(name)).filter(|url| is_loopback(url));
        Self::with(origin.ok_or(NoLine::Outside)?.clone(), (host, keys), settings, scrub)
    }
}

impl<'a, R: Realm> Line<'a, R> {
    fn with(
        base: Url,
        (host, keys): (&ApiHost, &KeyRing),
        settings: &'a Settings,
        scrub: &'a Redactor,
    ) -> Result<Self, NoLine> {
        let spec = host.key.as_ref().ok_or(NoLine::Keyless)?;
        if !R::REHEARSAL && base.scheme() != "https" {
            return Err(NoLine::Keyless);
        }
        let key = keys.header(spec, R::REHEARSAL);
        let key = key.map_err(|why| NoLine::Key { variable: spec.env.clone(), why })?;
        let (clients, proxied) = (Clients::new(settings), settings.proxy.is_some());
        Ok(Self { base, key, clients, proxied, patience: PATIENCE, scrub, realm: PhantomData })
    }

    /// The same with a shorter timeout.
    #[cfg(test)]
    pub(super) fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Whether a text contains a secret.
    pub(super) fn knows(&self, text: &str) -> bool {
        self.scrub.knows(text)
    }

    /// The address of a path on this line.
    pub(super) fn url(&self, path: &str) -> Option<Url> {
        joined(&self.base, path)
    }

    /// Sends a paid request, once.
    pub(super) async fn create(&self, path: &str, body: &Value) -> Sent {
        let prepare = |url: Url| {
            let client = self.clients.of(&url)?;
            let request = client.post(url).header(CONTENT_TYPE, "application/json").body(body.to_string());
            Some(request.timeout(self.patience))
        };
        self.send(self.url(path).and_then(prepare)).await
    }

    /// Asks for the status of a job. Free.
    pub(super) async fn poll(&self, path: &str) -> Sent {
        let prepare = |url: Url| Some(self.clients.of(&url)?.get(url).timeout(self.patience));
        self.send(self.url(path).and_then(prepare)).await
    }

    #[expect(clippy::disallowed_methods, reason = "the only room that pays sends here alone")]
    async fn send(&self, request: Option<RequestBuilder>) -> Sent {
        let Some(request) = request else { return Sent::Not(no_client()) };
        let (name, key) = self.key.clone();
        match request.header(name, key).send().await {
            Err(error) => {
                // Only a connection that was never made proves that nothing arrived.
                let unsent = error.is_connect() || error.is_builder();
                let trouble = self.told(error);
                if unsent { Sent::Not(trouble) } else { Sent::Lost(trouble) }
            }
            Ok(response) => {
                match Raw::read(response, (LARGEST, &MemoryBudget::default()), self.scrub).await {
                    Err(trouble) => Sent::Lost(trouble),
                    Ok(raw) => {
                        let (text, json) = (raw.text(self.scrub), raw.json());
                        Sent::Heard(Box::new(Heard { raw: text, json, reply: raw.reply(self.scrub) }))
                    }
                }
            }
        }
    }

    fn told(&self, error: reqwest::Error) -> Trouble {
        let Trouble { kind, detail } = trouble_of(error);
        Trouble { kind, detail: self.scrub.text(detail) }
    }

    /// The client for the clip: it carries no key and, outside of a rehearsal, fetches only over https and only from
    /// public addresses.
    pub(super) fn fetcher(&self, url: &Url) -> Option<&reqwest::Client> {
        if R::REHEARSAL {
            is_loopback(url).then(|| self.clients.of(url)).flatten()
        } else {
            // With a proxy, the proxy is what connects.
            let client = || if self.proxied { self.clients.of(url) } else { self.clients.of_look() };
            (url.scheme() == "https" && is_outside(url)).then(client).flatten()
        }
    }
}

/// Whether an address may be outside of this machine and its network. A host name is judged when it is resolved.
fn is_outside(url: &Url) -> bool {
    let inside = match url.host() {
        Some(Host::Ipv4(ip)) => not_public(ip.into()),
        Some(Host::Ipv6(ip)) => not_public(ip.into()),
        Some(Host::Domain(_)) => None,
        None => return false,
    };
    inside.is_none() && !is_loopback(url)
}

fn no_client() -> Trouble {
    let detail = "no secure connection can be set up".to_owned();
    Trouble { kind: crate::model::observation::TroubleKind::Tls, detail }
}

impl Heard {
    /// The answer as the faults of a checklist see it.
    pub(super) fn observation(&self) -> Observation {
        Observation::Reply(self.reply.clone())
    }
}

#[cfg(test)]
mod tests;
