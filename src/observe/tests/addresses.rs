//! Inputs that are addresses or files, looked at through a whole plan.

use std::time::Duration;

use axum::{Router, routing::get};
use rstest::rstest;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use url::Url;

use super::fixture::{ProbeFixture, Tls, serve, shot};
use crate::{
    model::media::{Input, MediaFact, Slot, Way, Whole},
    observe::Settings,
};

fn fixture(origin: &str, inputs: Vec<Input>) -> ProbeFixture {
    let mut fixture = ProbeFixture::new(origin, vec![]);
    let inputs: Vec<_> = inputs.into_iter().map(|input| (Slot::References, input)).collect();
    // The same input twice: each input is looked at once.
    fixture.project.shots = vec![shot("a", "m", inputs.clone()), shot("b", "m", inputs)];
    fixture
}

#[rstest]
#[case("http://example.com/a.png", MediaFact::Unreachable("not an https address".into()))]
#[case("ftp://127.0.0.1/a.png", MediaFact::Unreachable("not an https address".into()))]
#[case("https://user:pass@127.0.0.1/a.png", MediaFact::Unreachable("an address with a user name or password in it".into()))]
#[case("https://example.com/a.png", MediaFact::NotLooked("a rehearsal looks at nothing outside this machine".into()))]
#[case("data:image/png;base64,AAAA", MediaFact::Unreachable("not an https address".into()))]
#[case("https://127.1/a.png", MediaFact::Unreachable("127.0.0.1 is a loopback address; no provider can fetch from there".into()))]
#[case("https://[fd00:ec2::254]/a.png", MediaFact::Unreachable("fd00:ec2::254 is a cloud metadata address; no provider can fetch from there".into()))]
#[case("https://a.localhost/a.png", MediaFact::Unreachable("a.localhost is a local name; no provider can fetch from there".into()))]
#[tokio::test]
async fn some_addresses_are_not_looked_at(#[case] url: &str, #[case] fact: MediaFact) {
    let input = Input::Url(Url::parse(url).unwrap());
    let seen = fixture("http://127.0.0.1:1", vec![input.clone()]).observe().await;
    assert_eq!((&seen.media[&input], seen.calls.len()), (&fact, 0));
}

/// A proxy may connect anywhere, and does not say where.
#[rstest]
#[case(
    Some("HTTPS_PROXY"),
    false,
    "HTTPS_PROXY sets a proxy, so the address it connects to cannot be checked"
)]
#[case(
    Some("HTTPS_PROXY"),
    true,
    "HTTPS_PROXY sets a proxy, so the address it connects to cannot be checked"
)]
#[case(None, true, "offline")]
#[tokio::test]
async fn media_are_never_requested_through_a_proxy(
    #[case] proxy: Option<&'static str>,
    #[case] allow_private: bool,
    #[case] why: &str,
) {
    let input = Input::Url(Url::parse("https://10.0.0.1/a.png").unwrap());
    let public = Input::Url(Url::parse("https://media.example/a.png").unwrap());
    let mut fixture = fixture("http://127.0.0.1:1", vec![input.clone(), public.clone()]);
    fixture.settings = Settings { proxy, allow_private, offline: proxy.is_none(), ..Settings::default() };
    let seen = fixture.observe().await;
    assert_eq!(seen.media[&public], MediaFact::NotLooked(why.to_owned()));
    assert_eq!(seen.media[&input] == MediaFact::NotLooked(why.to_owned()), allow_private);
    assert!(seen.calls.is_empty());
}

#[tokio::test]
async fn offline_files_are_seen_and_addresses_are_not() {
    let (origin, log) = serve(Router::new().route("/", get(|| async {}))).await;
    let url = Input::Url(Url::parse("https://media.example/still.png").unwrap());
    let file = |path: &str| Input::File { path: path.into(), way: Way::DataUri };
    let mut fixture = fixture(&origin, vec![url.clone(), file("still.png"), file("."), file("none.png")]);
    fixture.settings.offline = true;
    let seen = fixture.observe().await;
    assert_eq!(seen.media[&url], MediaFact::NotLooked("offline".into()));
    assert!(
        matches!(&seen.media[&file("still.png")], MediaFact::Present(media) if media.whole == Whole::Yes)
    );
    assert_eq!(seen.media[&file(".")], MediaFact::Missing("a folder, not a file".into()));
    assert_eq!(seen.media[&file("none.png")], MediaFact::Missing("file not found".into()));
    assert!(log.lock().unwrap().is_empty());
}

/// A server that ignores the requested range, and never stops sending.
#[tokio::test]
async fn a_file_without_end_is_left_after_its_first_bytes() {
    let Tls { listener, acceptor, origin, certificate } = Tls::new(b"http/1.1").await;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let mut stream = acceptor.accept(stream).await.unwrap();
            let _ = stream.read(&mut [0; 4096]).await;
            let head = b"HTTP/1.1 200 OK\r\ncontent-type: image/jpeg\r\n\r\n\xff\xd8\xff";
            let mut next = &head[..];
            while stream.write_all(next).await.is_ok() {
                next = &[0xff; 4096];
            }
        }
    });
    let input = Input::Url(Url::parse(&format!("{origin}/a.jpg")).unwrap());
    let mut fixture = fixture("http://127.0.0.1:1", vec![input.clone()]);
    (fixture.settings.allow_private, fixture.settings.extra_ca) = (true, certificate);
    fixture.settings.total_timeout = Duration::from_secs(2);
    let seen = fixture.observe().await;
    let MediaFact::Present(media) = &seen.media[&input] else { panic!("{:?}", seen.media) };
    assert_eq!(media.mime.as_deref(), Some("image/jpeg"));
}
