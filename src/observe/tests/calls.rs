//! Which calls are made, how often, in which order, and with which content.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{
    Router,
    http::{HeaderMap, StatusCode},
    response::Redirect,
    routing::get,
};
use rstest::rstest;
use serde_json::json;
use tokio::sync::{Barrier, Notify};

use super::fixture::{CANARY, ProbeFixture, needs, probe, serve, shot};
use crate::{
    model::{
        checklist::Probe,
        id::ProbeId,
        observation::{KeyFact, NotMade, Observation},
    },
    observe::{KeyRing, Origins, base_url},
};

fn status(observation: &Observation) -> u16 {
    match observation {
        Observation::Reply(reply) => reply.status,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_key_goes_along_and_a_redirect_is_not_followed() {
    let router = Router::new()
        .route("/v1/a", get(|| async { Redirect::temporary("/v1/b") }))
        .route("/v1/b", get(|| async { "ok" }));
    let (origin, log) = serve(router).await;
    let (seen, _) =
        ProbeFixture::new(&format!("{origin}/v1/"), vec![probe("a", "/v1/a")]).observe_one().await;
    assert_eq!(status(&seen), 307);
    assert_eq!(*log.lock().unwrap(), [("GET".to_owned(), "/v1/a".to_owned(), true)]);
}

#[rstest]
#[case(true, 3, 200)]
#[case(false, 1, 503)]
#[tokio::test]
async fn a_passing_fault_is_tried_again_if_it_may(
    #[case] retry: bool,
    #[case] attempts: u32,
    #[case] last: u16,
) {
    let count = Arc::new(AtomicUsize::new(0));
    let router = Router::new().route(
        "/v1/a",
        get(move || async move {
            let busy = count.fetch_add(1, Ordering::Relaxed) < 2;
            if busy { (StatusCode::SERVICE_UNAVAILABLE, "busy") } else { (StatusCode::OK, "fine") }
        }),
    );
    let (origin, log) = serve(router).await;
    let fixture = ProbeFixture { retry, ..ProbeFixture::new(&origin, vec![probe("a", "/v1/a")]) };
    let (seen, call) = fixture.observe_one().await;
    let call = call.unwrap();
    assert_eq!((status(&seen), call.status, call.attempts), (last, Some(last), attempts));
    assert_eq!(log.lock().unwrap().len(), attempts as usize);
}

#[rstest]
#[case(StatusCode::TOO_MANY_REQUESTS, "86400", 1)]
#[case(StatusCode::TOO_MANY_REQUESTS, "0", 3)]
#[case(StatusCode::BAD_REQUEST, "0", 1)]
#[tokio::test]
async fn only_what_passes_in_time_is_tried_again(
    #[case] refusal: StatusCode,
    #[case] after: &'static str,
    #[case] attempts: u32,
) {
    let router =
        Router::new().route("/v1/a", get(move || async move { (refusal, [("retry-after", after)]) }));
    let (origin, _) = serve(router).await;
    let (seen, call) = ProbeFixture::new(&origin, vec![probe("a", "/v1/a")]).observe_one().await;
    assert_eq!((status(&seen), call.unwrap().attempts), (refusal.as_u16(), attempts));
}

#[tokio::test]
async fn identical_calls_are_made_once_and_shared() {
    let (origin, log) = serve(Router::new().route("/v1/a", get(|| async { "ok" }))).await;
    let late = needs(probe("late", "/v1/a"), "x", "a", "$.x");
    let mut fixture = ProbeFixture::new(&origin, vec![probe("a", "/v1/a"), probe("b", "/v1/a"), late]);
    fixture.project.shots = vec![shot("one", "same", vec![]), shot("two", "same", vec![])];
    fixture.checklist.probes.push(probe("m", "/v1/video-generation-models/{shot.model}"));
    let seen = fixture.observe().await;
    let of = |id: &str, shot: Option<&str>| {
        seen.probes[&(ProbeId::new(id).unwrap(), shot.map(str::to_owned))].clone()
    };
    assert!(Arc::ptr_eq(&of("a", None), &of("b", None)));
    assert!(Arc::ptr_eq(&of("m", Some("one")), &of("m", Some("two"))));
    assert_eq!((seen.calls.len(), log.lock().unwrap().len()), (2, 2));
}

#[rstest]
#[case(8, 8)]
#[case(3, 12)]
#[tokio::test]
async fn as_many_calls_are_in_flight_as_the_host_allows(#[case] per_host: usize, #[case] calls: usize) {
    // The barrier opens only when that many calls wait at once; more would be counted.
    let (barrier, now, most) = (Arc::new(Barrier::new(per_host)), AtomicUsize::new(0), AtomicUsize::new(0));
    let counts = Arc::new((now, most));
    let seen = Arc::clone(&counts);
    let handler = move || async move {
        let now = counts.0.fetch_add(1, Ordering::SeqCst) + 1;
        counts.1.fetch_max(now, Ordering::SeqCst);
        barrier.wait().await;
        counts.0.fetch_sub(1, Ordering::SeqCst);
    };
    let (origin, _) = serve(Router::new().route("/v1/{name}", get(handler))).await;
    let probes = (0..calls).map(|n| probe(&format!("p{n}"), &format!("/v1/{n}"))).collect();
    let mut fixture = ProbeFixture::new(&origin, probes);
    fixture.settings.per_host = per_host;
    assert_eq!(fixture.observe().await.calls.len(), calls);
    assert_eq!(seen.1.load(Ordering::SeqCst), per_host);
}

#[tokio::test]
async fn the_call_log_is_in_the_order_of_asking() {
    let done = Arc::new(Notify::new());
    let ready = Arc::clone(&done);
    let router = Router::new()
        .route("/v1/a", get(move || async move { ready.notified().await }))
        .route("/v1/b", get(move || async move { done.notify_one() }));
    let (origin, _) = serve(router).await;
    let seen =
        ProbeFixture::new(&origin, vec![probe("a", "/v1/a?x=secret"), probe("b", "/v1/b")]).observe().await;
    let urls: Vec<_> = seen.calls.iter().map(|call| call.url.strip_prefix(&origin).unwrap()).collect();
    assert_eq!(urls, ["/v1/a?x=…", "/v1/b"]);
}

#[tokio::test]
async fn a_need_is_filled_from_the_other_reply_and_encoded() {
    let router = Router::new()
        .route("/v1/a", get(|| async { json!({ "team": "t/1 ?" }).to_string() }))
        .route("/v1/teams/{team}/balance", get(|| async { "ok" }));
    let (origin, log) = serve(router).await;
    let balance = needs(probe("balance", "/v1/teams/{team}/balance"), "team", "a", "$.team");
    let none = needs(probe("none", "/v1/teams/{team}/balance"), "team", "a", "$.nothing");
    let lost = needs(probe("lost", "/v1/teams/{team}/balance"), "team", "nowhere", "$");
    let seen = ProbeFixture::new(&origin, vec![balance, none, lost, probe("a", "/v1/a")]).observe().await;
    assert_eq!(log.lock().unwrap()[1].1, "/v1/teams/t%2F1%20%3F/balance");
    for id in ["none", "lost"] {
        let seen = seen.of(&ProbeId::new(id).unwrap(), None);
        assert_eq!(seen, Some(&Observation::NotMade(NotMade::Need("team".into()))), "{id}");
    }
    assert_eq!(seen.calls.len(), 2);
}

#[tokio::test]
async fn a_model_cannot_lead_to_another_path() {
    let (origin, log) = serve(Router::new()).await;
    for model in ["..", ".", ""] {
        let mut fixture =
            ProbeFixture::new(&origin, vec![probe("a", "/v1/video-generation-models/{shot.model}")]);
        fixture.project.shots = vec![shot("one", model, vec![])];
        let seen = fixture.observe().await;
        let seen = seen.of(&ProbeId::new("a").unwrap(), Some("one"));
        assert!(matches!(seen, Some(Observation::NotMade(NotMade::Need(_)))), "{model}: {seen:?}");
    }
    assert!(log.lock().unwrap().is_empty());
}

#[tokio::test]
async fn what_may_not_be_called_is_not_called() {
    let (origin, log) = serve(Router::new()).await;
    let fixture = || ProbeFixture::new(&origin, vec![probe("a", "/v1/a")]);
    let mut offline = fixture();
    offline.settings.offline = true;
    let mut keyless = fixture();
    keyless.keys = KeyRing::read(&keyless.checklist.hosts, &|_| None);
    let mut foreign = fixture();
    foreign.settings.send_to.as_mut().unwrap().origins =
        Origins::One(base_url("https://us.api.x.ai/v1").unwrap());
    let mut unlisted = fixture();
    unlisted.checklist.probes = vec![probe("a", "/v1/a/paid")];
    let mut stranger = fixture();
    stranger.owners.list[0].keys.clear();
    let wrong = "it is not set".to_owned();
    for (fixture, why) in [
        (offline, NotMade::Offline),
        (keyless, NotMade::Key { env: "XAI_API_KEY".into(), wrong }),
        (foreign, NotMade::ForeignHost("us.api.x.ai".into())),
        (unlisted, NotMade::NotFree("GET /v1/a/paid: it is not on the list of free calls".into())),
        (stranger, NotMade::ForeignHost("api.x.ai".into())),
    ] {
        let (seen, call) = fixture.observe_one().await;
        assert_eq!((seen, call), (Observation::NotMade(why), None));
    }
    assert!(log.lock().unwrap().is_empty());
}

#[tokio::test]
async fn hosts_with_the_same_paths_are_told_apart() {
    let at = |name: &'static str| {
        get(move |headers: HeaderMap| async move {
            json!({ "host": name, "key": headers["authorization"].to_str().unwrap().ends_with(name) })
                .to_string()
        })
    };
    let server = async |name| serve(Router::new().route("/v1/models", at(name))).await;
    let ((api, api_log), (billing, billing_log)) = (server("api").await, server("billing").await);
    let billed = |id: &str| Probe { host: "billing".into(), ..probe(id, "/v1/models") };
    let mut fixture = ProbeFixture::new(&api, vec![probe("a", "/v1/models"), billed("b")]);
    fixture.add_host("billing", "https://billing.x.ai", "XAI_BILLING_KEY");
    fixture.keys = KeyRing::read(&fixture.checklist.hosts, &|name| {
        Some(if name == "XAI_API_KEY" { "xai-0123456789-api" } else { "xai-0123456789-billing" }.to_owned())
    });
    let to = |fixture: &mut ProbeFixture, origins: &[(&str, &str)]| {
        let each = origins.iter().map(|(host, url)| ((*host).to_owned(), url.parse().unwrap()));
        fixture.settings.send_to.as_mut().unwrap().origins = Origins::Each(each.collect());
    };
    to(&mut fixture, &[("api.x.ai", &api), ("billing.x.ai", &billing)]);
    let seen = fixture.observe().await;
    for (id, name) in [("a", "api"), ("b", "billing")] {
        let Some(Observation::Reply(reply)) = seen.of(&ProbeId::new(id).unwrap(), None) else {
            panic!("{id}: {:?}", seen.of(&ProbeId::new(id).unwrap(), None))
        };
        assert_eq!(reply.json(), Some(&json!({ "host": name, "key": true })));
    }
    assert!(seen.base.unwrap().loopback);
    // A host without a stand-in, or with one that isn't on this machine, is not called.
    for billing in [None, Some(("billing.x.ai", "https://billing.x.ai"))] {
        let origins: Vec<_> = [("api.x.ai", api.as_str())].into_iter().chain(billing).collect();
        to(&mut fixture, &origins);
        let seen = fixture.observe().await;
        let seen = seen.of(&ProbeId::new("b").unwrap(), None);
        assert_eq!(seen, Some(&Observation::NotMade(NotMade::ForeignHost("billing.x.ai".into()))));
    }
    assert_eq!((api_log.lock().unwrap().len(), billing_log.lock().unwrap().len()), (3, 1));
}

#[tokio::test]
async fn an_echoed_key_is_taken_out() {
    let echo = |headers: HeaderMap| async move {
        let key = headers["authorization"].to_str().unwrap().to_owned();
        let inner = json!({ "code": "x", "error": format!("bad: {key}") }).to_string();
        (
            StatusCode::BAD_REQUEST,
            [("x-request-id", key.clone())],
            json!({ "error": inner, "k": [key] }).to_string(),
        )
    };
    let text = |headers: HeaderMap| async move { headers["authorization"].to_str().unwrap().to_owned() };
    let router = Router::new().route("/v1/a", get(echo)).route("/v1/b", get(text));
    let (origin, _) = serve(router).await;
    let seen = ProbeFixture::new(&origin, vec![probe("a", "/v1/a"), probe("b", "/v1/b")]).observe().await;
    let shown = format!("{seen:?}");
    assert!(!shown.contains(CANARY), "{shown}");
    assert_eq!(shown.matches("Bearer [redacted]").count(), 5, "{shown}");
    assert_eq!(seen.keys["XAI_API_KEY"], KeyFact::Present);
    assert!(seen.base.unwrap().loopback);
}
