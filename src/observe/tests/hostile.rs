//! Servers that do what no server should: each is given up after a limited time, and none of it counts as an answer.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use rstest::rstest;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use super::fixture::{ProbeFixture, probe};
use crate::model::{
    id::ProbeId,
    observation::{Body, Observation, TroubleKind},
};

const SHORT: Duration = Duration::from_millis(150);

/// What a server writes once it was called: first this, then that again and again.
#[derive(Clone, Copy)]
struct Script {
    first: &'static [u8],
    again: &'static [u8],
    /// How long it waits before each.
    pause: Duration,
}

const ONCE: Script = Script { first: b"", again: b"", pause: Duration::ZERO };

/// A server that does so on every connection, and the number of bytes it sent.
async fn server(script: Script) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let written = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&written);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(play(stream, script, Arc::clone(&count)));
        }
    });
    (origin, written)
}

async fn play(mut stream: TcpStream, script: Script, written: Arc<AtomicUsize>) {
    let _ = stream.read(&mut [0; 4096]).await;
    let mut next = script.first;
    loop {
        if stream.write_all(next).await.is_err() || script.again.is_empty() {
            return;
        }
        written.fetch_add(next.len(), Ordering::SeqCst);
        next = script.again;
        if !script.pause.is_zero() {
            tokio::time::sleep(script.pause).await;
        }
    }
}

fn fixture(origin: &str) -> ProbeFixture {
    let mut fixture = ProbeFixture::new(origin, vec![probe("a", "/v1/a")]);
    fixture.settings.attempts = 1;
    fixture.settings.total_timeout = SHORT * 20;
    fixture
}

const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";

/// A connection that is closed while part of the request is still unread is reset.
#[tokio::test]
async fn a_reset_is_broken() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let _ = stream.readable().await;
            drop(stream);
        }
    });
    assert_eq!(fixture(&origin).trouble().await, TroubleKind::Broken);
}

/// Each byte arrives before the read timeout, but the whole reply never does.
#[rstest]
#[case::of_a_body(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n{", b" ")]
#[case::of_headers(b"HTTP/1.1 200 OK\r\nx: ", b"y")]
#[case::of_chunks(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", b"1\r\n \r\n")]
#[case::of_interim_answers(b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Early Hints\r\n\r\n")]
#[tokio::test]
async fn a_drip_is_given_up(#[case] first: &'static [u8], #[case] again: &'static [u8]) {
    let (origin, _) = server(Script { first, again, pause: SHORT / 10 }).await;
    let mut fixture = fixture(&origin);
    fixture.settings.total_timeout = SHORT * 2;
    let begun = Instant::now();
    assert_eq!(fixture.trouble().await, TroubleKind::Deadline);
    assert!(begun.elapsed() < SHORT * 20, "{:?}", begun.elapsed());
}

/// Interim answers as fast as possible: they take no memory, and the timeout of the call ends them.
#[tokio::test]
async fn a_storm_of_interim_answers_ends_with_its_time() {
    let interim = b"HTTP/1.1 103 Early Hints\r\nlink: </a>; rel=preload\r\n\r\n";
    let (origin, written) = server(Script { first: interim, again: interim, ..ONCE }).await;
    let mut fixture = fixture(&origin);
    fixture.settings.total_timeout = SHORT * 2;
    let begun = Instant::now();
    assert_eq!(fixture.trouble().await, TroubleKind::Deadline);
    assert!(begun.elapsed() < SHORT * 20, "{:?}", begun.elapsed());
    assert!(written.load(Ordering::SeqCst) > 0);
}

/// A megabyte is more than the client accepts of any of them.
#[rstest]
#[case::headers(
    b"HTTP/1.1 200 OK\r\n",
    b"x-filler: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n",
    TroubleKind::Broken
)]
#[case::one_header(
    b"HTTP/1.1 200 OK\r\nx-filler: ",
    b"yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy",
    TroubleKind::Broken
)]
#[case::body(
    b"HTTP/1.1 200 OK\r\n\r\n",
    b"yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy",
    TroubleKind::TooLarge
)]
#[case::chunks(
    b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
    b"20\r\nyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n",
    TroubleKind::TooLarge
)]
#[case::size_of_a_chunk(
    b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
    b"1111111111111111",
    TroubleKind::Broken
)]
#[case::extension_of_a_chunk(
    b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1;",
    b"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    TroubleKind::Broken
)]
#[tokio::test]
async fn an_endless_reply_is_cut_off(
    #[case] first: &'static [u8],
    #[case] again: &'static [u8],
    #[case] kind: TroubleKind,
) {
    let (origin, written) = server(Script { first, again, ..ONCE }).await;
    let mut fixture = fixture(&origin);
    fixture.settings.max_body = 100_000;
    assert_eq!(fixture.trouble().await, kind);
    let written = written.load(Ordering::SeqCst);
    // Bytes in the buffers of the system aren't held here.
    assert!(written < 16 << 20, "{written}");
}

#[rstest]
#[case::garbage_chunk(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n")]
#[case::huge_chunk(
    b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}\r\n0\r\n\r\n"
)]
#[case::two_lengths(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}")]
#[case::no_length(b"HTTP/1.1 200 OK\r\ncontent-length: two\r\n\r\n{}")]
#[case::negative_length(b"HTTP/1.1 200 OK\r\ncontent-length: -2\r\n\r\n{}")]
#[case::longer_length(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{\"a\":1}")]
#[case::no_status(b"HTTP/1.1 two OK\r\ncontent-length: 2\r\n\r\n{}")]
#[case::another_version(b"HTTP/9.9 200 OK\r\ncontent-length: 2\r\n\r\n{}")]
#[case::a_break_in_a_header(b"HTTP/1.1 200 OK\r\nx\ny: z\r\ncontent-length: 2\r\n\r\n{}")]
#[tokio::test]
async fn a_reply_that_is_not_http_is_broken(#[case] first: &'static [u8]) {
    let (origin, _) = server(Script { first, ..ONCE }).await;
    assert_eq!(fixture(&origin).trouble().await, TroubleKind::Broken);
}

/// With a `Content-Length` below its real length, the body is a different one, but never a better one.
#[tokio::test]
async fn a_body_that_is_longer_than_it_says_is_unclear() {
    let first = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 8\r\n\r\n{\"a\":\"b\",\"error\":\"no\"}";
    let (origin, _) = server(Script { first, ..ONCE }).await;
    let (seen, _) = fixture(&origin).observe_one().await;
    let Observation::Reply(reply) = seen else { panic!("{seen:?}") };
    assert!(matches!(reply.body, Body::Unclear(_)) && !reply.is_success(), "{reply:?}");
}

/// A second answer to one request belongs to no request: the next request gets its own.
#[tokio::test]
async fn a_second_answer_to_one_request_is_ignored() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut request = [0; 4096];
                while let Ok(read @ 1..) = stream.read(&mut request).await {
                    let asked = String::from_utf8_lossy(&request[..read]).into_owned();
                    let path = asked.split(' ').nth(1).unwrap_or_default();
                    let body = format!("{{\"is\":\"{path}\"}}");
                    let answer = |body: &str| {
                        let head = String::from_utf8_lossy(OK).into_owned();
                        format!("{head}content-length: {}\r\n\r\n{body}", body.len())
                    };
                    let both = answer(&body) + &answer("{\"is\":\"stale\"}");
                    if stream.write_all(both.as_bytes()).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    let ids = ["a", "b", "c", "d"];
    let mut fixture =
        ProbeFixture::new(&origin, ids.iter().map(|id| probe(id, &format!("/v1/{id}"))).collect());
    (fixture.settings.per_host, fixture.settings.attempts) = (1, 1);
    let seen = fixture.observe().await;
    for id in ids {
        match seen.of(&ProbeId::new(id).unwrap(), None).unwrap() {
            Observation::Reply(reply) => {
                assert_eq!(reply.json().unwrap()["is"], format!("/v1/{id}"));
            }
            Observation::Trouble(trouble) => assert_eq!(trouble.kind, TroubleKind::Broken),
            other @ Observation::NotMade(_) => panic!("{other:?}"),
        }
    }
    assert!(matches!(seen.of(&ProbeId::new("a").unwrap(), None), Some(Observation::Reply(_))));
}

/// A network that answers everything itself, like that of a hotel.
#[rstest]
#[case::page(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 31\r\n\r\n<html>Please log in first</html>")]
#[case::page_as_json(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 31\r\n\r\n<html>Please log in first</html>")]
#[case::elsewhere(b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:9/login\r\ncontent-length: 0\r\n\r\n")]
#[case::login(b"HTTP/1.1 511 Network Authentication Required\r\ncontent-length: 0\r\n\r\n")]
#[tokio::test]
async fn a_network_that_answers_itself_answers_nothing(#[case] first: &'static [u8]) {
    let (origin, _) = server(Script { first, ..ONCE }).await;
    let (seen, call) = fixture(&origin).observe_one().await;
    let Observation::Reply(reply) = seen else { panic!("{seen:?}") };
    assert!(reply.json().is_none(), "{reply:?}");
    assert_eq!(call.unwrap().attempts, 1);
}
