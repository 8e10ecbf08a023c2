//! The stand-in's server: gives the replies of a script on a port of loopback.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    http::{
        Method, StatusCode,
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
    script::Reply,
    seen::{Calls, Seen},
};

/// A port chosen by the system, on this machine only.
const ANY_PORT: (Ipv4Addr, u16) = (Ipv4Addr::LOCALHOST, 0);

/// Padding is sent in pieces of this many bytes, so that it is never held as a whole.
const PIECE: usize = 8192;
static PADDING: [u8; PIECE] = [b' '; PIECE];

/// How many bytes a cut reply announces and does not send.
const MISSING: usize = 1024;

struct Stage {
    replies: Vec<Reply>,
    calls: Arc<Calls>,
    open: watch::Receiver<()>,
}

/// Serves the replies until the sender that comes back is dropped.
///
/// # Errors
/// Whatever keeps a port of loopback from being opened.
pub(super) async fn play(
    replies: Vec<Reply>,
    calls: Arc<Calls>,
) -> io::Result<(SocketAddr, watch::Sender<()>)> {
    let listener = TcpListener::bind(ANY_PORT).await?;
    let address = listener.local_addr()?;
    let (sender, open) = watch::channel(());
    let stage = Stage { replies, calls, open: open.clone() };
    let router = Router::new().fallback(answer).with_state(Arc::new(stage));
    let server = axum::serve(listener, router).with_graceful_shutdown(closed(open));
    tokio::spawn(server.into_future());
    Ok((address, sender))
}

/// Takes a port without listening on it, so that connecting there is refused.
///
/// # Errors
/// Whatever keeps a port of loopback from being taken.
pub(super) fn silent_port() -> io::Result<(TcpSocket, u16)> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(ANY_PORT.into())?;
    let port = socket.local_addr()?.port();
    Ok((socket, port))
}

async fn closed(mut open: watch::Receiver<()>) {
    // Nothing is ever sent: the only news is that the sender is gone.
    while open.changed().await.is_ok() {}
}

async fn answer(State(stage): State<Arc<Stage>>, request: Request) -> Response {
    stage.calls.note(Seen::of(&request));
    if ![Method::GET, Method::HEAD].contains(request.method()) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET, HEAD")]).into_response();
    }
    let path = request.uri().path();
    let Some(reply) = stage.replies.iter().find(|reply| reply.covers(path)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if let Some(delay) = reply.delay {
        tokio::select! {
            () = tokio::time::sleep(delay) => {}
            () = closed(stage.open.clone()) => {}
        }
    }
    // A status or header that is none cannot come from a script that its test has read.
    response(reply, path).unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

fn response(reply: &Reply, path: &str) -> Result<Response, axum::http::Error> {
    let mut head = Response::builder().status(reply.status);
    if let Some(name) = reply.content_type() {
        head = head.header(CONTENT_TYPE, name);
    }
    for (name, value) in &reply.headers {
        head = head.header(name, value);
    }
    let body = reply.body(path);
    match reply.filler {
        Some(bytes) => head.body(padding(bytes)),
        None if reply.cut => cut(head, body),
        None => head.body(Body::from(body)),
    }
}

fn padding(bytes: usize) -> Body {
    let piece = Bytes::from_static(&PADDING);
    let rest = piece.slice(..bytes % PIECE);
    let pieces = std::iter::repeat_n(piece, bytes / PIECE).chain([rest]);
    Body::from_stream(stream::iter(pieces.map(Ok::<_, io::Error>)))
}

fn cut(head: Builder, body: String) -> Result<Response, axum::http::Error> {
    let announced = body.len() + MISSING;
    let end = stream::once(async {
        // Gives the server a turn to send what there is before it learns that no more comes.
        tokio::task::yield_now().await;
        Err(io::Error::other("the script cuts the reply here"))
    });
    let sent = stream::once(std::future::ready(Ok(Bytes::from(body)))).chain(end);
    head.header(CONTENT_LENGTH, announced).body(Body::from_stream(sent))
}
