//! Replies that are compressed: greenlight doesn't ask for that, and unpacks nothing, however large it would be.

use std::{
    io::Write as _,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    http::{HeaderMap, header::ACCEPT_ENCODING},
    routing::get,
};
use flate2::{Compression, write::GzEncoder};
use rstest::rstest;

use super::fixture::{ProbeFixture, probe, serve};
use crate::model::observation::{Body, Observation};

/// How many bytes of a reply are read here.
const MOST: usize = 100_000;

/// `{"a":"000…"}` as gzip, and unpacked.
fn bomb(zeros: usize) -> (Vec<u8>, String) {
    let text = format!("{{\"a\":\"{}\"}}", "0".repeat(zeros));
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(text.as_bytes()).unwrap();
    (packed.finish().unwrap(), text)
}

/// Unpacked, it would be JSON and twenty times too large.
#[rstest]
#[tokio::test]
async fn a_bomb_is_not_unpacked(
    #[values("gzip", "x-gzip", "deflate", "br", "zstd", "gzip, gzip")] encoding: &'static str,
    #[values("application/json", "text/plain")] kind: &'static str,
) {
    let (packed, text) = bomb(2_000_000 + MOST);
    let size = packed.len();
    assert!(size < MOST && text.len() > 20 * MOST, "{size} bytes for {}", text.len());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&asked);
    let answer = move |headers: HeaderMap| async move {
        heard.lock().unwrap().push(headers.get(ACCEPT_ENCODING).cloned());
        ([("content-type", kind), ("content-encoding", encoding)], packed)
    };
    let (origin, _) = serve(Router::new().route("/v1/a", get(answer))).await;
    let mut fixture = ProbeFixture::new(&origin, vec![probe("a", "/v1/a")]);
    fixture.settings.max_body = MOST as u64;
    let Observation::Reply(reply) = fixture.observe_one().await.0 else { panic!() };
    let (Body::Text(seen) | Body::Unclear(crate::model::observation::Unclear { text: seen, .. })) =
        &reply.body
    else {
        panic!("{reply:?}")
    };
    // Each byte that isn't text is shown as a character of three bytes.
    assert!(seen.len() <= 3 * size, "{}", seen.len());
    assert_eq!((reply.json(), reply.any_json()), (None, None));
    assert!(kind == "text/plain" || !reply.is_success());
    assert_eq!(*asked.lock().unwrap(), [None]);
}
