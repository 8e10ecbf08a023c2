//! Everything that can go wrong below HTTP has its own name.

use std::time::Duration;

use axum::{Router, body::Body, http::StatusCode, routing::get};
use futures_util::stream;
use rstest::rstest;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use super::fixture::{ProbeFixture, probe, serve};
use crate::{
    model::observation::{Body as Seen, Observation, TroubleKind},
    observe::Resolver,
};

const SHORT: Duration = Duration::from_millis(40);

fn fixture(origin: &str) -> ProbeFixture {
    let mut fixture = ProbeFixture::new(origin, vec![probe("a", "/v1/a")]);
    fixture.settings.attempts = 1;
    fixture
}

/// A server that answers every connection with these bytes and closes it.
async fn raw(bytes: &'static [u8]) -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 1024];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(bytes).await;
        }
    });
    at
}

#[tokio::test]
async fn a_refused_connection_is_connect() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    drop(listener);
    assert_eq!(fixture(&format!("http://{at}")).trouble().await, TroubleKind::Connect);
}

#[rstest]
#[case("http://nowhere.localhost:1", Resolver::LoopbackOnly, TroubleKind::Dns)]
#[case("https://nowhere.localhost:1", Resolver::LoopbackOnly, TroubleKind::Dns)]
#[case("http://nowhere.localhost:1", Resolver::System, TroubleKind::Dns)]
#[case("http://nowhere.localhost:1", Resolver::Stall, TroubleKind::ConnectTimeout)]
#[case("https://nowhere.localhost:1", Resolver::Stall, TroubleKind::ConnectTimeout)]
#[tokio::test]
async fn a_name_without_an_address_is_dns(
    #[case] origin: &str,
    #[case] resolver: Resolver,
    #[case] kind: TroubleKind,
) {
    let mut fixture = fixture(origin);
    fixture.settings.connect_timeout = SHORT;
    fixture.settings.send_to.as_mut().unwrap().resolver = resolver;
    assert_eq!(fixture.trouble().await, kind);
}

#[tokio::test]
async fn localhost_needs_no_look_up() {
    let (origin, _) = serve(Router::new().route("/v1/a", get(|| async { "ok" }))).await;
    let (seen, _) = fixture(&origin.replace("127.0.0.1", "localhost")).observe_one().await;
    assert!(matches!(seen, Observation::Reply(reply) if reply.body == Seen::Text("ok".into())));
}

#[tokio::test]
async fn plain_bytes_where_tls_is_expected_are_tls() {
    let (origin, _) = serve(Router::new()).await;
    assert_eq!(fixture(&origin.replace("http:", "https:")).trouble().await, TroubleKind::Tls);
}

#[rstest]
#[case(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf")]
#[case(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhal")]
#[case(b"SSH-2.0-OpenSSH\r\n")]
#[case(b"")]
#[tokio::test]
async fn a_reply_that_breaks_off_is_broken(#[case] bytes: &'static [u8]) {
    let at = raw(bytes).await;
    assert_eq!(fixture(&format!("http://{at}")).trouble().await, TroubleKind::Broken);
}

#[rstest]
#[case(SHORT, Duration::from_secs(30), TroubleKind::ReadTimeout)]
#[case(Duration::from_secs(30), SHORT, TroubleKind::Deadline)]
#[tokio::test]
async fn a_silent_server_is_given_up(
    #[case] read: Duration,
    #[case] total: Duration,
    #[case] kind: TroubleKind,
    #[values(true, false)] headers: bool,
) {
    let silent = move || async move {
        if !headers {
            std::future::pending::<()>().await;
        }
        Body::from_stream(stream::pending::<Result<&str, std::io::Error>>())
    };
    let (origin, _) = serve(Router::new().route("/v1/a", get(silent))).await;
    let mut fixture = fixture(&origin);
    (fixture.settings.read_timeout, fixture.settings.total_timeout) = (read, total);
    assert_eq!(fixture.trouble().await, kind);
}

#[tokio::test]
async fn what_was_seen_before_time_ran_out_is_kept() {
    let first = std::sync::atomic::AtomicBool::new(true);
    let first = std::sync::Arc::new(first);
    let router = Router::new().route(
        "/v1/a",
        get(move || async move {
            if !first.swap(false, std::sync::atomic::Ordering::SeqCst) {
                std::future::pending::<()>().await;
            }
            StatusCode::BAD_GATEWAY
        }),
    );
    let (origin, _) = serve(router).await;
    let mut fixture = ProbeFixture::new(&origin, vec![probe("a", "/v1/a")]);
    fixture.settings.total_timeout = SHORT * 5;
    let (seen, call) = fixture.observe_one().await;
    assert!(matches!(seen, Observation::Reply(reply) if reply.status == 502));
    assert_eq!(call.unwrap().attempts, 2);
}

#[rstest]
#[tokio::test]
async fn a_body_is_read_up_to_the_limit(
    #[values(true, false)] announced: bool,
    #[values(10, 11)] length: usize,
) {
    let body = move || async move {
        let text = "x".repeat(length);
        if announced {
            Body::from(text)
        } else {
            Body::from_stream(stream::iter([Ok::<_, std::io::Error>(text)]))
        }
    };
    let (origin, _) = serve(Router::new().route("/v1/a", get(body))).await;
    let mut fixture = fixture(&origin);
    fixture.settings.max_body = 10;
    let (seen, _) = fixture.observe_one().await;
    match seen {
        Observation::Reply(reply) => assert_eq!((reply.body, length), (Seen::Text("x".repeat(10)), 10)),
        Observation::Trouble(trouble) => assert_eq!((trouble.kind, length), (TroubleKind::TooLarge, 11)),
        Observation::NotMade(why) => panic!("{why:?}"),
    }
}

#[tokio::test]
async fn an_error_page_is_cut_and_headers_are_chosen() {
    let page = || async {
        let headers = [("set-cookie", "a=b"), ("x-request-id", "7"), ("content-type", "text/html")];
        (StatusCode::BAD_GATEWAY, headers, "ä".repeat(100_000))
    };
    let (origin, _) = serve(Router::new().route("/v1/a", get(page))).await;
    let Observation::Reply(reply) = fixture(&origin).observe_one().await.0 else { panic!() };
    assert_eq!(reply.headers.get("x-request-id").map(String::as_str), Some("7"));
    assert!(!reply.headers.contains_key("set-cookie"));
    assert!(matches!(reply.body, Seen::Text(text) if text.len() == 4096));
}
