//! HTTP clients, built when first needed: reading all root certificates takes longer than a whole rehearsal.

use std::{cell::OnceCell, sync::Arc};

use reqwest::{Certificate, Client, ClientBuilder, dns::Resolve, redirect::Policy};
use url::Url;
use webpki_root_certs::TLS_SERVER_ROOT_CERTS;

use super::{
    resolver::{LoopbackOnly, PublicOnly, Stall, System},
    settings::{Resolver, Settings},
};
use crate::model::address;

/// One client for each kind of destination.
pub(crate) struct Clients<'a> {
    settings: &'a Settings,
    plain: OnceCell<Option<Client>>,
    local: OnceCell<Option<Client>>,
    outside: OnceCell<Option<Client>>,
    looks: OnceCell<Option<Client>>,
    roots: OnceCell<Vec<Certificate>>,
}

impl<'a> Clients<'a> {
    pub(crate) fn new(settings: &'a Settings) -> Self {
        let [plain, local, outside, looks] = [(); 4].map(|()| OnceCell::new());
        Self { settings, plain, local, outside, looks, roots: OnceCell::new() }
    }

    /// The client for looking at an address that a project names: https only, and never through a proxy, so that the
    /// connection goes to the address that was checked. None when it can't be built.
    pub(crate) fn of_look(&self) -> Option<&Client> {
        let build = || {
            let found: Arc<dyn Resolve> = match (self.resolver(), self.settings.rehearsal().is_some()) {
                (Resolver::Stall, _) => Arc::new(Stall),
                (Resolver::System, false) => Arc::new(System),
                (Resolver::System | Resolver::LoopbackOnly, _) => Arc::new(LoopbackOnly),
            };
            let found = if self.settings.allow_private { found } else { Arc::new(PublicOnly(found)) };
            let client = self.secure(Resolver::System).dns_resolver(found).https_only(true);
            client.no_proxy().build().ok()
        };
        self.looks.get_or_init(build).as_ref()
    }

    /// The client for an address; none when it can't be built.
    pub(crate) fn of(&self, url: &Url) -> Option<&Client> {
        let secure = url.scheme() == "https";
        let cell = match (secure, address::is_loopback(url)) {
            (true, false) => self.outside.get_or_init(|| self.secure(self.resolver()).build().ok()),
            (true, true) => self.local.get_or_init(|| self.secure(self.at_home()).no_proxy().build().ok()),
            // Without TLS nothing leaves this machine: this client resolves no other name.
            (false, _) => self
                .plain
                .get_or_init(|| self.common(self.at_home()).tls_certs_only([]).no_proxy().build().ok()),
        };
        cell.as_ref()
    }

    #[expect(clippy::disallowed_methods, reason = "the only client is built here")]
    fn common(&self, resolver: Resolver) -> ClientBuilder {
        // This only fails if a provider is installed already. Both kinds of client need one.
        drop(rustls::crypto::ring::default_provider().install_default());
        let builder = Client::builder()
            .user_agent(concat!("greenlight/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            .connect_timeout(self.settings.connect_timeout)
            .read_timeout(self.settings.read_timeout);
        match resolver {
            Resolver::System => builder,
            Resolver::LoopbackOnly => builder.dns_resolver(LoopbackOnly),
            Resolver::Stall => builder.dns_resolver(Stall),
        }
    }

    /// Trusts the built-in roots and those that a person named. The system's own aren't trusted: a variable
    /// (`SSL_CERT_FILE`) can replace them, and then any proxy could pose as the owner.
    fn secure(&self, resolver: Resolver) -> ClientBuilder {
        let extra = self.settings.extra_ca.certificates().iter().cloned();
        self.common(resolver).tls_certs_only(self.roots().iter().cloned().chain(extra))
    }

    fn roots(&self) -> &[Certificate] {
        let built_in = TLS_SERVER_ROOT_CERTS.iter();
        self.roots.get_or_init(|| built_in.filter_map(|root| Certificate::from_der(root).ok()).collect())
    }

    fn resolver(&self) -> Resolver {
        self.settings.send_to.as_ref().map_or(Resolver::System, |to| to.resolver)
    }

    /// Addresses of this machine are resolved without the system.
    fn at_home(&self) -> Resolver {
        match self.resolver() {
            Resolver::System | Resolver::LoopbackOnly => Resolver::LoopbackOnly,
            Resolver::Stall => Resolver::Stall,
        }
    }
}
