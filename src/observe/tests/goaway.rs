//! A server that speaks HTTP/2 and sends every client away: it is called again as often as attempts allow, and never
//! forever. And one that never stops sending.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use rstest::rstest;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::fixture::{ProbeFixture, Tls, probe};
use crate::{model::observation::TroubleKind, observe::ExtraCa};

/// Empty settings: a frame of type 4 on stream 0 (<https://www.rfc-editor.org/rfc/rfc9113#section-6.5>).
const SETTINGS: [u8; 9] = [0, 0, 0, 4, 0, 0, 0, 0, 0];

/// Acknowledges the client's settings: from then on more may be sent than at first.
const TAKEN: [u8; 9] = [0, 0, 0, 4, 1, 0, 0, 0, 0];

/// Go away, the last stream that was served is 0: a frame of type 7, with a reason
/// (<https://www.rfc-editor.org/rfc/rfc9113#section-6.8>).
fn go_away(reason: u8) -> [u8; 17] {
    [0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, reason]
}

/// A frame of stream 1 with the status 200, and whether more headers follow
/// (<https://www.rfc-editor.org/rfc/rfc9113#section-6.2>; 8 is that status in the list of RFC 7541).
fn status(more: bool) -> Vec<u8> {
    vec![0, 0, 1, 1, if more { 0 } else { 4 }, 0, 0, 0, 1, 0x88]
}

/// A frame of this type, on stream 1 or on none, with ten thousand bytes.
fn large(kind: u8, piece: &[u8]) -> Vec<u8> {
    let content = piece.repeat(10_000 / piece.len());
    let length = u16::try_from(content.len()).unwrap().to_be_bytes();
    [&[0, length[0], length[1], kind, 0, 0, 0, 0, 1][..], &content].concat()
}

/// Whether these frames contain the headers of a request; 24 bytes come before them.
fn holds_request(heard: &[u8]) -> bool {
    let mut frames = heard.get(24..).unwrap_or_default();
    while let [_, high, low, kind, ..] = frames {
        if *kind == 1 {
            return true;
        }
        frames = frames.get(9 + usize::from(u16::from_be_bytes([*high, *low]))..).unwrap_or_default();
    }
    false
}

/// What is written to every client.
struct Frames {
    /// After the first request, or at once.
    once_asked: bool,
    first: Vec<u8>,
    /// Written again and again.
    again: Vec<u8>,
}

/// What a test learns from such a server: its origin, its certificate, how many connections it had and how many bytes
/// it sent.
struct Told {
    origin: String,
    certificate: ExtraCa,
    came: Arc<AtomicUsize>,
    written: Arc<AtomicUsize>,
}

async fn server(frames: Frames) -> Told {
    let Tls { listener, acceptor, origin, certificate } = Tls::new(b"h2").await;
    let [came, written] = [(); 2].map(|()| Arc::new(AtomicUsize::new(0)));
    let (count, sum, frames) = (Arc::clone(&came), Arc::clone(&written), Arc::new(frames));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::SeqCst);
            let (acceptor, sum, frames) = (acceptor.clone(), Arc::clone(&sum), Arc::clone(&frames));
            tokio::spawn(async move {
                let mut stream = acceptor.accept(stream).await.unwrap();
                assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
                stream.write_all(&SETTINGS).await.unwrap();
                if frames.once_asked {
                    let mut heard = Vec::new();
                    while !holds_request(&heard) && matches!(stream.read_buf(&mut heard).await, Ok(1..)) {}
                }
                let _ = stream.write_all(&frames.first).await;
                while !frames.again.is_empty() && stream.write_all(&frames.again).await.is_ok() {
                    sum.fetch_add(frames.again.len(), Ordering::SeqCst);
                }
                while let Ok(1..) = stream.read(&mut [0; 4096]).await {}
            });
        }
    });
    Told { origin, certificate, came, written }
}

#[rstest]
#[tokio::test]
async fn a_server_that_always_says_go_away_is_called_as_often_as_allowed(
    #[values(0, 2, 11)] reason: u8,
    #[values(true, false)] once_asked: bool,
    #[values(1, 3)] attempts: u32,
) {
    let told = server(Frames { once_asked, first: go_away(reason).to_vec(), again: vec![] }).await;
    let mut fixture = ProbeFixture::new(&told.origin, vec![probe("a", "/v1/a")]);
    (fixture.settings.extra_ca, fixture.settings.attempts) = (told.certificate, attempts);
    assert_eq!(fixture.trouble().await, TroubleKind::Broken);
    // The HTTP/2 client retries by itself where it may; here it may not.
    assert_eq!(told.came.load(Ordering::SeqCst), attempts as usize);
}

/// Headers that are continued again and again, a body that exceeds the limit and never ends, and pings, which only the
/// timeout of the call ends.
#[rstest]
#[case::headers(status(true), large(9, b"\0\x01x\x01y"), TroubleKind::Broken)]
#[case::body([TAKEN.to_vec(), status(false), large(0, b"y").repeat(12)].concat(), vec![], TroubleKind::TooLarge)]
#[case::pings(vec![], vec![0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8], TroubleKind::Deadline)]
#[tokio::test]
async fn an_endless_stream_is_cut_off(
    #[case] first: Vec<u8>,
    #[case] again: Vec<u8>,
    #[case] kind: TroubleKind,
) {
    let told = server(Frames { once_asked: true, first, again }).await;
    let mut fixture = ProbeFixture::new(&told.origin, vec![probe("a", "/v1/a")]);
    (fixture.settings.extra_ca, fixture.settings.attempts) = (told.certificate, 1);
    (fixture.settings.max_body, fixture.settings.total_timeout) = (100_000, Duration::from_secs(1));
    let begun = Instant::now();
    assert_eq!(fixture.trouble().await, kind);
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    let written = told.written.load(Ordering::SeqCst);
    // Bytes in the buffers of the system aren't held here.
    assert!(kind == TroubleKind::Deadline || written < 16 << 20, "{written}");
}
