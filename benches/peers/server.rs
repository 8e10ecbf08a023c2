//! The server that all tools are measured against, in its own process: plain HTTP, or TLS 1.3 with its own authority.

use std::{
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Stdio},
    sync::Arc,
    time::Duration,
};

use axum::{Router, routing::any};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use crate::myself;

const REPLY: &str = r#"{"id":"m","state":"active"}"#;

/// A server that stops when this value is dropped.
pub(crate) struct Server {
    process: Child,
    pub(crate) origin: String,
}

impl Server {
    /// Plain HTTP, with this many milliseconds before each reply.
    pub(crate) fn plain(millis: u64) -> Self {
        Self::start(&[&millis.to_string()])
    }

    /// The same over TLS; the certificate of its authority is written to this file.
    pub(crate) fn secure(millis: u64, authority: &Path) -> Self {
        Self::start(&[&millis.to_string(), authority.to_str().unwrap()])
    }

    fn start(args: &[&str]) -> Self {
        let mut process = myself().arg("server").args(args).stdout(Stdio::piped()).spawn().unwrap();
        let mut origin = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut origin).unwrap();
        Self { process, origin: origin.trim().to_owned() }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Serves until the process is ended; prints its origin on standard output.
pub(crate) async fn serve(delay: Duration, authority: Option<&Path>) {
    let reply = move || async move {
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        ([("content-type", "application/json")], REPLY)
    };
    let app = Router::new().fallback(any(reply));
    let tcp = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = tcp.local_addr().unwrap();
    match authority {
        None => {
            println!("http://{address}");
            axum::serve(tcp, app).await.unwrap();
        }
        Some(authority) => {
            let tls = acceptor(authority);
            println!("https://{address}");
            axum::serve(Secure { tcp, tls }, app).await.unwrap();
        }
    }
}

struct Secure {
    tcp: TcpListener,
    tls: TlsAcceptor,
}

impl axum::serve::Listener for Secure {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, SocketAddr) {
        loop {
            let Ok((stream, address)) = self.tcp.accept().await else { continue };
            let _ = stream.set_nodelay(true);
            if let Ok(stream) = self.tls.accept(stream).await {
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.tcp.local_addr()
    }
}

fn acceptor(authority: &Path) -> TlsAcceptor {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    fs_err::write(authority, ca.pem()).unwrap();
    let key = KeyPair::generate().unwrap();
    let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    let certificate = CertificateParams::new(names).unwrap().signed_by(&key, &ca).unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = rustls::ServerConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}
