//! Replies that come packed: nobody asks for that, and nothing is unpacked, however large it would be.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    http::{HeaderMap, header::ACCEPT_ENCODING},
    routing::get,
};
use rstest::rstest;

use super::fixture::{ProbeFixture, probe, serve};
use crate::model::observation::{Body, Observation};

/// What a reply is read up to here, in bytes.
const MOST: usize = 100_000;

/// Bits of a deflated stream: numbers begin with their lowest bit, codes with their highest
/// (<https://www.rfc-editor.org/rfc/rfc1951#section-3.1.1>).
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    used: u32,
}

impl Bits {
    fn code(&mut self, code: u32, length: u32) {
        for at in (0..length).rev() {
            if self.used.is_multiple_of(8) {
                self.bytes.push(0);
            }
            *self.bytes.last_mut().unwrap() |= u8::try_from(code >> at & 1).unwrap() << (self.used % 8);
            self.used += 1;
        }
    }

    /// A letter below 144 in the code that no table is needed for.
    fn letters(&mut self, text: &str) {
        for letter in text.bytes() {
            self.code(0x30 + u32::from(letter), 8);
        }
    }
}

/// `{"a":"000…"}` as gzip has it: each repeat says in thirteen bits that 258 more zeros follow. Returns what it is
/// unpacked as well.
fn bomb(repeats: usize) -> (Vec<u8>, String) {
    let text = format!("{{\"a\":\"0{}\"}}", "0".repeat(258 * repeats));
    let mut packed = Bits::default();
    // The last block, and it has the fixed code.
    packed.code(0b1_10, 3);
    packed.letters("{\"a\":\"0");
    for _ in 0..repeats {
        packed.code(0b1100_0101, 8);
        packed.code(0, 5);
    }
    packed.letters("\"}");
    packed.code(0, 7);
    let crc = text.bytes().fold(u32::MAX, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(byte),
            |crc, _| if crc & 1 == 1 { 0xedb8_8320 ^ crc >> 1 } else { crc >> 1 },
        )
    });
    let length = u32::try_from(text.len()).unwrap();
    let head = b"\x1f\x8b\x08\0\0\0\0\0\0\xff";
    ([&head[..], &packed.bytes, &(!crc).to_le_bytes(), &length.to_le_bytes()].concat(), text)
}

/// It would be JSON and twenty times too large.
#[rstest]
#[tokio::test]
async fn a_bomb_is_not_unpacked(
    #[values("gzip", "x-gzip", "deflate", "br", "zstd", "gzip, gzip")] encoding: &'static str,
    #[values("application/json", "text/plain")] kind: &'static str,
) {
    let (packed, text) = bomb(8_000);
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
    // Each byte that is no letter is shown as a sign of three.
    assert!(seen.len() <= 3 * size, "{}", seen.len());
    assert_eq!((reply.json(), reply.any_json()), (None, None));
    assert!(kind == "text/plain" || !reply.is_success());
    assert_eq!(*asked.lock().unwrap(), [None]);
}
