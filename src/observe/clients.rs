//! HTTP clients, built when first needed: reading the system's certificates takes longer than a whole rehearsal.

use std::{
    cell::OnceCell,
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

use reqwest::{
    Client, ClientBuilder,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect::Policy,
};
use url::Url;

use super::{
    base,
    settings::{Resolver, Settings},
};

/// One client for each kind of destination.
pub(super) struct Clients<'a> {
    settings: &'a Settings,
    plain: OnceCell<Option<Client>>,
    local: OnceCell<Option<Client>>,
    outside: OnceCell<Option<Client>>,
}

impl<'a> Clients<'a> {
    pub(super) fn new(settings: &'a Settings) -> Self {
        Self { settings, plain: OnceCell::new(), local: OnceCell::new(), outside: OnceCell::new() }
    }

    /// The client for an address; none when it cannot be built.
    pub(super) fn of(&self, url: &Url) -> Option<&Client> {
        let secure = url.scheme() == "https";
        let cell = match (secure, base::is_loopback(url)) {
            (true, false) => self.outside.get_or_init(|| self.secure(self.resolver()).build().ok()),
            (true, true) => self.local.get_or_init(|| self.secure(self.at_home()).no_proxy().build().ok()),
            // Without TLS nothing leaves this machine: other names have no address for this client.
            (false, _) => self
                .plain
                .get_or_init(|| self.common(self.at_home()).tls_certs_only([]).no_proxy().build().ok()),
        };
        cell.as_ref()
    }

    #[expect(clippy::disallowed_methods, reason = "the only client is built here")]
    fn common(&self, resolver: Resolver) -> ClientBuilder {
        // An error only says that there is one already. Both kinds of client ask for it.
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

    fn secure(&self, resolver: Resolver) -> ClientBuilder {
        self.common(resolver).tls_certs_merge(self.settings.extra_ca.certificates())
    }

    fn resolver(&self) -> Resolver {
        self.settings.send_to.as_ref().map_or(Resolver::System, |to| to.resolver)
    }

    /// Addresses of this machine need no system to find them.
    fn at_home(&self) -> Resolver {
        match self.resolver() {
            Resolver::System | Resolver::LoopbackOnly => Resolver::LoopbackOnly,
            Resolver::Stall => Resolver::Stall,
        }
    }
}

/// Below `localhost` no name has an address: a rehearsal of a failed look-up goes there.
struct LoopbackOnly;

impl Resolve for LoopbackOnly {
    fn resolve(&self, name: Name) -> Resolving {
        let at = |ip: IpAddr| SocketAddr::new(ip, 0);
        let both = [at(Ipv4Addr::LOCALHOST.into()), at(Ipv6Addr::LOCALHOST.into())];
        let found = if name.as_str().eq_ignore_ascii_case("localhost") {
            Ok(Box::new(both.into_iter()) as Addrs)
        } else {
            Err(io::Error::new(io::ErrorKind::NotFound, "names are not looked up here").into())
        };
        Box::pin(std::future::ready(found))
    }
}

struct Stall;

impl Resolve for Stall {
    fn resolve(&self, _: Name) -> Resolving {
        Box::pin(std::future::pending())
    }
}
