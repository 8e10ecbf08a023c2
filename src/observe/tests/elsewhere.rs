//! The last checks on a request before it is sent: where it goes, and whether it contains a key.

use axum::Router;
use rstest::rstest;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::fixture::{CANARY, ProbeFixture, probe, serve, shot};
use crate::{
    model::{
        id::ProbeId,
        observation::{NotMade, Observation},
    },
    observe::{
        CallCache, Clients, Clock,
        caller::{Caller, Job},
        trouble,
    },
    secrets::Redactor,
};

/// However it happened: the proof that one call is free does not cover another call.
#[rstest]
#[case::host("https://a.example/v1/b", "https://c.example/v1/b")]
#[case::port("https://a.example/v1/b", "https://a.example:444/v1/b")]
#[case::path("https://a.example/v1/b", "https://a.example/v1/c")]
#[case::query("https://a.example/v1/b?c=d", "https://a.example/v1/b?c=e")]
#[case::without_tls("https://a.example/v1/b", "http://a.example/v1/b")]
#[case::path_on_this_machine("https://a.example/v1/b", "https://127.0.0.1:1/v1/c")]
#[tokio::test]
async fn a_call_to_another_place_is_not_sent(#[case] free: &str, #[case] to: &str) {
    let settings = ProbeFixture::new("http://127.0.0.1:1", vec![]).settings;
    let (cache, scrub, cancel) = (CallCache::default(), Redactor::default(), CancellationToken::new());
    let caller = Caller {
        settings: &settings,
        cache: &cache,
        clients: Clients::new(&settings),
        scrub: &scrub,
        may_retry: &|_| false,
        clock: Clock::set_to("2026-11-17T09:30:00Z".parse().unwrap()),
        cancel: &cancel,
        progress: &(),
    };
    let job = Job { to: Url::parse(to).unwrap(), ..Job::look(&Url::parse(free).unwrap()) };
    let done = caller.make(&job).await;
    assert!(
        matches!(&*done.observation, Observation::NotMade(NotMade::NotFree(_))),
        "{:?}",
        done.observation
    );
}

/// A project may name anything, and a provider would read it.
#[rstest]
#[case::whole(CANARY)]
#[case::reversed("9876543210-yranac-iax")]
#[case::piece("model-ary-01234-x")]
#[case::hexadecimal("7861692d63616e6172792d30313233343536373839")]
#[case::between("xai.canary.0123456789")]
#[tokio::test]
async fn a_request_with_a_key_in_it_is_not_sent(#[case] model: &str) {
    let (origin, log) = serve(Router::new()).await;
    let mut fixture =
        ProbeFixture::new(&origin, vec![probe("a", "/v1/video-generation-models/{shot.model}")]);
    fixture.project.shots = vec![shot("one", model, vec![])];
    let seen = fixture.observe().await;
    let one = seen.of(&ProbeId::new("a").unwrap(), Some("one"));
    assert_eq!(one, Some(&Observation::NotMade(NotMade::HoldsKey)));
    assert!(seen.calls.is_empty() && log.lock().unwrap().is_empty());
}

#[expect(clippy::disallowed_methods, reason = "the test looks through the client itself")]
async fn looked(client: &reqwest::Client, url: String) -> reqwest::Error {
    client.get(url).send().await.unwrap_err()
}

/// A name is judged by the address it leads to: here, a name that leads to this machine.
#[rstest]
#[case::guarded(false)]
#[case::in_a_lab(true)]
#[tokio::test]
async fn only_public_addresses_are_looked_at(#[case] allow_private: bool) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut settings = ProbeFixture::new("http://127.0.0.1:1", vec![]).settings;
    settings.allow_private = allow_private;
    let clients = Clients::new(&settings);
    let why = tokio::select! {
        error = looked(clients.of_look().unwrap(), format!("https://localhost:{port}/a.png")) => trouble::not_public(&error),
        _ = listener.accept() => None,
    };
    assert_eq!(why.is_some(), !allow_private, "{why:?}");
}
