//! What projects of one run share, and what a replay answers.

use axum::{Router, routing::get};
use url::Url;

use super::fixture::{ProbeFixture, probe, serve, shot};
use crate::{
    model::{
        call::{Call, FreeCall, Method},
        id::ProbeId,
        key::Carrier,
        media::{Input, Media, MediaFact, Slot},
        observation::{Body, ErrorText, NotMade, Observation, Observations, Reply},
        report::Tool,
        transcript::{self, CallResult, Exchange, Transcript},
    },
    observe::{CallCache, Settings},
};

fn two(origin: &str) -> (ProbeFixture, ProbeFixture) {
    let fixture = || ProbeFixture::new(origin, vec![probe("a", "/v1/a")]);
    (fixture(), fixture())
}

fn provider() -> Router {
    Router::new().route("/v1/a", get(|| async { r#"{"a":1.1}"# })).route("/v1/b", get(|| async { "{}" }))
}

fn transcript(cache: &CallCache) -> Option<Transcript> {
    let tool = Tool { name: "greenlight".into(), version: "0.1.0".into() };
    cache.transcript(tool, "2026-11-17T09:30:00Z".parse().unwrap(), None)
}

fn shared(calls: &[Call]) -> Vec<bool> {
    calls.iter().map(|call| call.shared).collect()
}

fn seen(observations: &Observations) -> &Observation {
    observations.of(&ProbeId::new("a").unwrap(), None).unwrap()
}

#[tokio::test]
async fn the_same_call_is_made_once_and_listed_twice() {
    let (origin, log) = serve(provider()).await;
    let (one, two) = two(&origin);
    let cache = CallCache::default();
    let (first, second) = (one.observe_with(&cache).await, two.observe_with(&cache).await);
    assert_eq!(log.lock().unwrap().len(), 1);
    assert_eq!((shared(&first.calls), shared(&second.calls)), (vec![false], vec![true]));
    assert_eq!((seen(&first), &first.calls[0].url), (seen(&second), &second.calls[0].url));
    assert_eq!(transcript(&cache).unwrap().exchanges.len(), 1);
}

#[tokio::test]
async fn a_call_with_another_key_is_another_call() {
    let (origin, log) = serve(provider()).await;
    let (one, mut two) = two(&origin);
    two.checklist.hosts["api"].key.as_mut().unwrap().carrier = Carrier::authorization("Key");
    two.owners.list[0].keys[0].carrier = Carrier::authorization("Key");
    let cache = CallCache::default();
    one.observe_with(&cache).await;
    assert_eq!(shared(&two.observe_with(&cache).await.calls), [false]);
    two.checklist.hosts["api"].key = None;
    assert_eq!(shared(&two.observe_with(&cache).await.calls), [false]);
    assert_eq!(log.lock().unwrap().len(), 3);
    assert_eq!(transcript(&cache).unwrap().exchanges.len(), 3);
}

#[tokio::test]
async fn a_call_to_another_place_is_another_call_and_cannot_be_recorded_with_it() {
    let ((here, first), (there, second)) = (serve(provider()).await, serve(provider()).await);
    let cache = CallCache::default();
    two(&here).0.observe_with(&cache).await;
    assert_eq!(shared(&two(&there).0.observe_with(&cache).await.calls), [false]);
    assert_eq!((first.lock().unwrap().len(), second.lock().unwrap().len()), (1, 1));
    assert_eq!(transcript(&cache), None);
}

#[tokio::test]
async fn a_replay_uses_the_recording_and_makes_no_call() {
    let (origin, log) = serve(provider()).await;
    let (one, mut two) = two(&origin);
    let cache = CallCache::default();
    let live = one.observe_with(&cache).await;
    let replay = CallCache::of(transcript(&cache).unwrap());
    two.keys = replay.keys(&two.checklist);
    two.settings.send_to = replay.send_to(&two.checklist);
    let again = two.observe_with(&replay).await;
    assert_eq!(
        (seen(&live), &live.calls, &live.keys, &live.base),
        (seen(&again), &again.calls, &again.keys, &again.base)
    );
    assert_eq!(shared(&two.observe_with(&replay).await.calls), [true]);
    two.checklist.probes = vec![probe("a", "/v1/b")];
    let other = two.observe_with(&replay).await;
    assert_eq!((seen(&other), other.calls.len()), (&Observation::NotMade(NotMade::NotInTranscript), 0));
    assert_eq!(log.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn looks_at_addresses_are_replayed_too() {
    let url = |query: &str| Url::parse(&format!("https://media.example/a.png?{query}")).unwrap();
    let headers = [("content-range", "bytes 0-63/900"), ("content-type", "image/png")];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let answer = Reply {
        status: 206,
        headers,
        body: Body::Empty,
        error: ErrorText::default(),
        unmet: None,
        more: false,
    };
    let mut transcript = transcript(&CallCache::default()).unwrap();
    transcript.exchanges.push(Exchange {
        id: transcript::id(&FreeCall::look(url("sig=1")), "look"),
        method: Method::Get,
        url: "https://media.example/a.png?sig=…".into(),
        body: None,
        attempts: 1,
        outcome: CallResult::Reply(answer),
    });
    let replay = CallCache::of(transcript);
    for (query, known) in [("sig=1", true), ("sig=2", false)] {
        let input = Input::Url(url(query));
        let mut fixture = two("http://127.0.0.1:1").0;
        fixture.project.shots = vec![shot("a", "m-1", vec![(Slot::Image, input.clone())])];
        // A replay doesn't use a proxy.
        fixture.settings = Settings { send_to: None, proxy: Some("HTTPS_PROXY"), ..fixture.settings };
        let found = fixture.observe_with(&replay).await;
        let image = Media { bytes: Some(900), mime: Some("image/png".into()), ..Media::default() };
        let missing = MediaFact::NotLooked("not in the transcript".into());
        assert_eq!(found.media[&input], if known { MediaFact::Present(image) } else { missing });
        assert_eq!(found.calls.iter().any(|call| call.url.contains("a.png")), known);
    }
}
