//! How names are resolved: by the system, on this machine only, or to public hosts only.

use std::{
    fmt, io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::model::address;

/// By the system.
pub(super) struct System;

impl Resolve for System {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            // The port is that of the address that is called.
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            Ok(Box::new(found.collect::<Vec<_>>().into_iter()) as Addrs)
        })
    }
}

/// Names below `localhost` have no address: a rehearsal of a failed lookup uses one.
pub(super) struct LoopbackOnly;

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

/// Never answers.
pub(super) struct Stall;

impl Resolve for Stall {
    fn resolve(&self, _: Name) -> Resolving {
        Box::pin(std::future::pending())
    }
}

/// Resolves a name by another resolver and refuses it when any of its addresses isn't public. The connection goes to
/// the addresses that were checked: no one can swap in another one after the check.
pub(super) struct PublicOnly(pub(super) Arc<dyn Resolve>);

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        let text = name.as_str().to_owned();
        let found = self.0.resolve(name);
        Box::pin(async move {
            let all: Vec<SocketAddr> = found.await?.collect();
            match all.iter().find_map(|at| address::told(at.ip())) {
                Some(what) => {
                    Err(NotPublic(format!("{text} has an address that is not public: {what}")).into())
                }
                None => Ok(Box::new(all.into_iter()) as Addrs),
            }
        })
    }
}

/// A name leads to an address that isn't public: the text says which name, and which address.
#[derive(Debug)]
pub(super) struct NotPublic(pub(super) String);

impl fmt::Display for NotPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotPublic {}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::observe::trouble;

    /// A name server that replies as the test says.
    struct Says(&'static [&'static str]);

    impl Resolve for Says {
        fn resolve(&self, _: Name) -> Resolving {
            let all: Vec<_> = self.0.iter().map(|ip| SocketAddr::new(ip.parse().unwrap(), 0)).collect();
            Box::pin(std::future::ready(Ok(Box::new(all.into_iter()) as Addrs)))
        }
    }

    fn guarded(says: &'static [&'static str]) -> PublicOnly {
        PublicOnly(Arc::new(Says(says)))
    }

    #[rstest]
    #[case(&["1.1.1.1", "2606:4700::1111"], None)]
    #[case(&["127.0.0.1"], Some("127.0.0.1 is a loopback address"))]
    #[case(&["1.1.1.1", "10.0.0.7"], Some("10.0.0.7 is a private address"))]
    #[case(&["2606:4700::1111", "::ffff:169.254.169.254"], Some("a cloud metadata address"))]
    #[case(&["fe80::1"], Some("fe80::1 is a link-local address"))]
    #[tokio::test]
    async fn one_address_that_is_not_public_refuses_a_name(
        #[case] says: &'static [&'static str],
        #[case] why: Option<&str>,
    ) {
        let found = guarded(says).resolve("media.example".parse().unwrap()).await;
        match (found, why) {
            (Ok(all), None) => assert_eq!(all.count(), says.len()),
            (Err(error), Some(why)) => assert!(error.to_string().contains(why), "{error}"),
            (_, wanted) => panic!("{says:?}: {wanted:?}"),
        }
    }

    /// The error is still recognised after the client has wrapped it, and nothing arrives at the address.
    #[expect(clippy::disallowed_methods, reason = "the test looks through a client of its own")]
    #[tokio::test]
    async fn nothing_is_sent_to_an_address_that_is_not_public() {
        drop(rustls::crypto::ring::default_provider().install_default());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let client = reqwest::Client::builder()
            .tls_certs_only([])
            .dns_resolver(guarded(&["127.0.0.1"]))
            .no_proxy()
            .build()
            .unwrap();
        let sent = client.get(format!("https://media.example:{port}/a.png")).send();
        let error = tokio::select! {
            sent = sent => sent.unwrap_err(),
            _ = listener.accept() => panic!("a connection was made"),
        };
        let why = trouble::not_public(&error).unwrap();
        assert_eq!(why, "media.example has an address that is not public: 127.0.0.1 is a loopback address");
    }
}
