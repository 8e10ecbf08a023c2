//! A loopback server that answers as a test says and records every request.

use std::{
    io,
    sync::{Arc, Mutex},
    thread,
};

use axum::{Router, body::Body, extract, response::Response};
use futures_util::stream;
use tokio::sync::oneshot;
use tokio_rustls::{TlsAcceptor, server::TlsStream};

/// What arrived.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// Path and query.
    pub(crate) path: String,
    /// The `Authorization` header.
    pub(crate) key: Option<String>,
    /// Every header, name and value.
    pub(crate) headers: Vec<(String, String)>,
}

impl Request {
    fn of(request: &extract::Request) -> Self {
        let text = |value: &axum::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        Self {
            method: request.method().to_string(),
            path: match request.uri().path_and_query() {
                Some(path) => path.to_string(),
                // A proxy is asked for a host.
                None => request.uri().to_string(),
            },
            key: request.headers().get("authorization").map(text),
            headers: request.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect(),
        }
    }

    /// Method and path, as a test writes them.
    pub(crate) fn line(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// What is sent back.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Announce more than is sent, and hang up.
    pub(crate) cut: bool,
}

impl Answer {
    pub(crate) fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        Self { status, headers, body: body.into(), cut: false }
    }

    pub(crate) fn json(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::new(status, "application/json", body)
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    fn response(self) -> Response {
        let mut head = Response::builder().status(self.status);
        for (name, value) in &self.headers {
            head = head.header(name, value);
        }
        if self.cut {
            let end = Err(io::Error::other("the test hangs up here"));
            let parts = [Ok(axum::body::Bytes::from(self.body)), end];
            return head.header("content-length", 9999).body(Body::from_stream(stream::iter(parts))).unwrap();
        }
        head.body(Body::from(self.body)).unwrap()
    }
}

/// The server; it stops when this is dropped.
pub(crate) struct Recorder {
    /// `http://127.0.0.1:PORT`, or with `https`.
    pub(crate) origin: String,
    /// The certificate that a caller must trust, as PEM; empty without TLS.
    pub(crate) pem: String,
    seen: Arc<Mutex<Vec<Request>>>,
    _open: oneshot::Sender<()>,
}

impl Recorder {
    /// Starts one. The answer may depend on how many equal requests came before.
    pub(crate) fn start(answer: impl Fn(&Request, usize) -> Answer + Send + Sync + 'static) -> Self {
        Self::behind(None, answer)
    }

    /// Starts one with https and its own certificate for 127.0.0.1 and localhost.
    pub(crate) fn start_tls(answer: impl Fn(&Request, usize) -> Answer + Send + Sync + 'static) -> Self {
        Self::start_tls_as(Certificate::Good, answer)
    }

    /// The same with a certificate that may be invalid.
    pub(crate) fn start_tls_as(
        certificate: Certificate,
        answer: impl Fn(&Request, usize) -> Answer + Send + Sync + 'static,
    ) -> Self {
        Self::behind(Some(Identity::new(certificate)), answer)
    }

    fn behind(
        identity: Option<Identity>,
        answer: impl Fn(&Request, usize) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let scheme = if identity.is_some() { "https" } else { "http" };
        let origin = format!("{scheme}://{}", listener.local_addr().unwrap());
        let (pem, acceptor) = identity.map(|one| (one.pem, one.acceptor)).unzip();
        let seen: Arc<Mutex<Vec<Request>>> = Arc::default();
        let (open, closed) = oneshot::channel::<()>();
        let (notes, answer) = (Arc::clone(&seen), Arc::new(answer));
        let router = Router::new().fallback(move |request: extract::Request| {
            let request = Request::of(&request);
            let mut seen = notes.lock().unwrap();
            let earlier = seen.iter().filter(|one| one.line() == request.line()).count();
            seen.push(request.clone());
            std::future::ready(answer(&request, earlier).response())
        });
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                let served = async {
                    match acceptor {
                        Some(acceptor) => axum::serve(Secure { listener, acceptor }, router).await,
                        None => axum::serve(listener, router).await,
                    }
                };
                tokio::select! {
                    served = served => served.unwrap(),
                    _ = closed => {}
                }
            });
        });
        Self { origin, pem: pem.unwrap_or_default(), seen, _open: open }
    }

    /// Everything that arrived so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.seen.lock().unwrap().clone()
    }

    /// Method and path of everything that arrived, sorted.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut lines: Vec<_> = self.requests().iter().map(Request::line).collect();
        lines.sort_unstable();
        lines
    }
}

/// The certificate that a server shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Certificate {
    /// Valid for this machine, today.
    Good,
    /// For another name.
    OfAnother,
    /// Expired some years ago.
    Expired,
    /// Not valid yet.
    OfTomorrow,
}

/// A self-made certificate, and its key.
struct Identity {
    pem: String,
    acceptor: TlsAcceptor,
}

impl Identity {
    fn new(certificate: Certificate) -> Self {
        let names = match certificate {
            Certificate::OfAnother => vec!["api.other.example".to_owned()],
            _ => ["127.0.0.1", "localhost"].map(str::to_owned).to_vec(),
        };
        let mut about = rcgen::CertificateParams::new(names).unwrap();
        match certificate {
            Certificate::Expired => about.not_after = rcgen::date_time_ymd(2020, 1, 1),
            Certificate::OfTomorrow => about.not_before = rcgen::date_time_ymd(4000, 1, 1),
            Certificate::Good | Certificate::OfAnother => {}
        }
        let signing_key = rcgen::KeyPair::generate().unwrap();
        let cert = about.self_signed(&signing_key).unwrap();
        let key = rustls::pki_types::PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .unwrap();
        Self { pem: cert.pem(), acceptor: Arc::new(config).into() }
    }
}

/// A listener for connections with a finished TLS handshake.
struct Secure {
    listener: tokio::net::TcpListener,
    acceptor: TlsAcceptor,
}

impl axum::serve::Listener for Secure {
    type Io = TlsStream<tokio::net::TcpStream>;
    type Addr = std::net::SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, from) = self.listener.accept().await.unwrap();
            // A client that does not trust the certificate hangs up.
            if let Ok(stream) = self.acceptor.accept(stream).await {
                return (stream, from);
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}
