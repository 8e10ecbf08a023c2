//! A server that speaks HTTP/2 and sends everybody away: asked again as often as attempts allow, and never for ever.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use rstest::rstest;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

use super::fixture::{ProbeFixture, probe};
use crate::{model::observation::TroubleKind, observe::ExtraCa};

/// No settings: a frame of type 4 on stream 0 (<https://www.rfc-editor.org/rfc/rfc9113#section-6.5>).
const SETTINGS: [u8; 9] = [0, 0, 0, 4, 0, 0, 0, 0, 0];

/// Go away, the last stream that was served is 0: a frame of type 7, with a reason
/// (<https://www.rfc-editor.org/rfc/rfc9113#section-6.8>).
fn go_away(reason: u8) -> [u8; 17] {
    [0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, reason]
}

/// Sends everybody away, once asked or at once; returns its origin, its certificate and how many came.
async fn server(reason: u8, once_asked: bool) -> (String, ExtraCa, Arc<AtomicUsize>) {
    let identity = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(identity.signing_key.serialize_der()).unwrap();
    let mut config =
        rustls::ServerConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![identity.cert.der().clone()], key)
            .unwrap();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let came = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&came);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::SeqCst);
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let mut stream = acceptor.accept(stream).await.unwrap();
                assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
                stream.write_all(&SETTINGS).await.unwrap();
                if once_asked {
                    // Its preface and settings come first; the request is in the same piece or the next.
                    for _ in 0..2 {
                        let _ = stream.read(&mut [0; 4096]).await;
                    }
                }
                let _ = stream.write_all(&go_away(reason)).await;
                while let Ok(1..) = stream.read(&mut [0; 4096]).await {}
            });
        }
    });
    (origin, ExtraCa::from_pem(identity.cert.pem().as_bytes()).unwrap(), came)
}

#[rstest]
#[tokio::test]
async fn a_server_that_sends_everybody_away_is_asked_as_often_as_allowed(
    #[values(0, 2, 11)] reason: u8,
    #[values(true, false)] once_asked: bool,
    #[values(1, 3)] attempts: u32,
) {
    let (origin, certificate, came) = server(reason, once_asked).await;
    let mut fixture = ProbeFixture::new(&origin, vec![probe("a", "/v1/a")]);
    (fixture.settings.extra_ca, fixture.settings.attempts) = (certificate, attempts);
    assert_eq!(fixture.trouble().await, TroubleKind::Broken);
    // The client of HTTP/2 comes back by itself where it may; here it may not.
    assert_eq!(came.load(Ordering::SeqCst), attempts as usize);
}
