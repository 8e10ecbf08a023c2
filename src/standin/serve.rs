//! The stand-in's server: a loopback port for each host, which serves the router's replies.

use std::{
    collections::BTreeMap,
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use axum::{
    Router as Service,
    body::{self, Body, Bytes},
    extract::{ConnectInfo, Request, State as Played},
    http::{
        StatusCode,
        header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE},
        response::Builder,
    },
    response::{IntoResponse, Response},
};
use futures_util::{StreamExt, stream};
use tokio::{
    net::{TcpListener, TcpSocket},
    sync::watch,
};

use super::{
    asked::Asked,
    call::Call,
    control, entry,
    jobs::play::Cut,
    journal::{Entry, shortened},
    reply::Reply,
    router::{Routed, Router},
    script::ScriptedReply,
    stage::Stage,
    state::Seen,
    wire::{CutHandle, Wire},
};

/// A port chosen by the system, on this machine only.
const ANY_PORT: (Ipv4Addr, u16) = (Ipv4Addr::LOCALHOST, 0);

/// How much of a request's body is read, in bytes: more than any provider accepts.
const LONGEST: usize = 1 << 26;

/// Padding is sent in pieces of this many bytes, so that it is never held as a whole.
const PIECE: usize = 8192;
static PADDING: [u8; PIECE] = [b' '; PIECE];

/// How many bytes a cut reply announces and does not send.
const MISSING: usize = 1024;

/// What all hosts of a stand-in share.
struct Shared {
    stage: Arc<Stage>,
    open: watch::Receiver<()>,
}

/// One host of it.
#[derive(Clone)]
struct Host {
    name: Arc<str>,
    shared: Arc<Shared>,
}

/// Ports that are open, and not served yet.
pub(super) struct Ports(BTreeMap<String, TcpListener>);

impl Ports {
    /// Opens a port for each host: this one for the first, and any port for all others.
    ///
    /// # Errors
    /// Any error that keeps a port from being opened.
    pub(super) async fn take(first: SocketAddr, hosts: &[String]) -> io::Result<Self> {
        let (mut ports, mut address) = (BTreeMap::new(), first);
        for host in hosts {
            ports.insert(host.clone(), TcpListener::bind(address).await?);
            address.set_port(0);
        }
        Ok(Self(ports))
    }

    /// The address of each host.
    ///
    /// # Errors
    /// Any error that keeps the system from naming it.
    pub(super) fn addresses(&self) -> io::Result<BTreeMap<String, SocketAddr>> {
        self.0.iter().map(|(host, port)| Ok((host.clone(), port.local_addr()?))).collect()
    }

    /// Serves until the returned sender is dropped.
    pub(super) fn serve(self, stage: &Arc<Stage>) -> watch::Sender<()> {
        let (sender, open) = watch::channel(());
        let shared = Arc::new(Shared { stage: Arc::clone(stage), open: open.clone() });
        for (host, port) in self.0 {
            let host = Host { name: host.into(), shared: Arc::clone(&shared) };
            let service = Service::new().fallback(answer).with_state(host);
            let service = service.into_make_service_with_connect_info::<CutHandle>();
            let server = axum::serve(Wire(port), service).with_graceful_shutdown(closed(open.clone()));
            tokio::spawn(server.into_future());
        }
        sender
    }
}

/// Occupies a port without listening on it, so that connecting there is refused.
///
/// # Errors
/// Any error that keeps a loopback port from being taken.
pub(super) fn silent_port() -> io::Result<(TcpSocket, u16)> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(ANY_PORT.into())?;
    let port = socket.local_addr()?.port();
    Ok((socket, port))
}

async fn closed(mut open: watch::Receiver<()>) {
    // Nothing is ever sent: the only change is that the sender is dropped.
    while open.changed().await.is_ok() {}
}

async fn answer(Played(host): Played<Host>, line: ConnectInfo<CutHandle>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let stage = &host.shared.stage;
    let Ok(bytes) = body::to_bytes(body, LONGEST).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let json = serde_json::from_slice(&bytes).unwrap_or_default();
    let asked = Asked {
        method: head.method.as_str(),
        host: &host.name,
        path: head.uri.path(),
        query: head.uri.query().unwrap_or_default(),
        body: &json,
    };
    if let Some(reply) = control::answer(asked, &bytes, stage) {
        return spoken(reply).unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response());
    }
    stage.state.note(Seen::new(asked, &head.uri, &head.headers, &bytes));
    let call = Call { asked, headers: &head.headers, bytes: &bytes };
    let mut entry = entry::begun(call, stage);
    let pause = stage.latency(entry.number);
    let Some(reply) = stage.answer(call, &mut entry) else {
        let response = scripted(asked, &host.shared, pause, &mut entry).await;
        stage.keep(entry::ended(entry, &response, None, stage));
        return response;
    };
    held_back(pause + reply.delay.unwrap_or_default(), &host.shared.open).await;
    if reply.cut == Some(Cut::Before) {
        line.0.cut();
    }
    entry.answer = entry::text_of(&reply);
    let cut = reply.cut;
    let response = spoken(reply).unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response());
    stage.keep(entry::ended(entry, &response, cut, stage));
    response
}

/// The script's answer.
async fn scripted(asked: Asked<'_>, shared: &Shared, pause: Duration, entry: &mut Entry) -> Response {
    let stage = &shared.stage;
    let reply = match stage.router.route(asked, &stage.state) {
        Routed::ScriptedReply(reply) => reply,
        Routed::OtherMethods(methods) => {
            return (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, methods)]).into_response();
        }
        Routed::OtherBodies => return StatusCode::UNPROCESSABLE_ENTITY.into_response(),
        Routed::Nothing => return StatusCode::NOT_FOUND.into_response(),
    };
    held_back(pause + reply.delay.unwrap_or_default(), &shared.open).await;
    entry.answer = shortened(stage.router.fill(reply.body(), asked).as_bytes());
    // An invalid status or header can't come from a script that its test has read.
    response(reply, &stage.router, asked)
        .unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

async fn held_back(time: Duration, open: &watch::Receiver<()>) {
    if time.is_zero() {
        return;
    }
    tokio::select! {
        () = tokio::time::sleep(time) => {}
        () = closed(open.clone()) => {}
    }
}

/// A computed reply.
fn spoken(reply: Reply) -> Result<Response, axum::http::Error> {
    let mut head = Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        head = head.header(name, value);
    }
    match reply.cut {
        Some(Cut::Within) => {
            let half = reply.body.len() / 2;
            cut(head, reply.body.slice(..half), reply.body.len() - half)
        }
        Some(Cut::Before) | None => head.body(Body::from(reply.body)),
    }
}

fn response(reply: &ScriptedReply, router: &Router, asked: Asked<'_>) -> Result<Response, axum::http::Error> {
    let mut head = Response::builder().status(reply.status);
    if let Some(name) = reply.content_type() {
        head = head.header(CONTENT_TYPE, name);
    }
    for (name, value) in &reply.headers {
        head = head.header(name, router.fill(value, asked));
    }
    let body = router.fill(reply.body(), asked);
    match reply.filler {
        Some(bytes) => head.body(padding(bytes)),
        None if reply.cut => cut(head, body.into(), MISSING),
        None => head.body(Body::from(body)),
    }
}

fn padding(bytes: usize) -> Body {
    let piece = Bytes::from_static(&PADDING);
    let rest = piece.slice(..bytes % PIECE);
    let pieces = std::iter::repeat_n(piece, bytes / PIECE).chain([rest]);
    Body::from_stream(stream::iter(pieces.map(Ok::<_, io::Error>)))
}

/// Sends a part of a body, and announces this many bytes more.
fn cut(head: Builder, sent: Bytes, missing: usize) -> Result<Response, axum::http::Error> {
    let announced = sent.len() + missing.max(1);
    let end = stream::once(async {
        // Lets the server send what there is before it learns that no more comes.
        tokio::task::yield_now().await;
        Err(io::Error::other("the script cuts the reply here"))
    });
    let sent = stream::once(std::future::ready(Ok(sent))).chain(end);
    head.header(CONTENT_LENGTH, announced).body(Body::from_stream(sent))
}
