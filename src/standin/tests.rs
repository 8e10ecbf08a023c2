//! The stand-in does what its script says, seen from a client on loopback.

use std::{collections::HashSet, time::Duration};

use reqwest::{
    Client, ClientBuilder, Response,
    dns::{Name, Resolve, Resolving},
};
use rstest::rstest;
use serde_json::Value;

use super::{script::Reply, *};

/// Long enough for loopback on a busy machine, and only waited for by a test that fails.
const PATIENCE: Duration = Duration::from_secs(20);

fn builder() -> ClientBuilder {
    // Building a client asks for a TLS provider even if it only ever speaks plain HTTP.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().no_proxy().tls_certs_only([]).redirect(reqwest::redirect::Policy::none())
}

/// Looks names up as the running scenario wants it.
struct Lookup(Resolution);

impl Resolve for Lookup {
    fn resolve(&self, _: Name) -> Resolving {
        match self.0 {
            Resolution::LoopbackOnly | Resolution::NoAddress => {
                Box::pin(std::future::ready(Err("no such name".into())))
            }
            Resolution::Stalls => Box::pin(std::future::pending()),
        }
    }
}

fn client(running: &Running) -> Client {
    builder().timeout(PATIENCE).dns_resolver(Lookup(running.resolution)).build().unwrap()
}

async fn get(running: &Running, path: &str) -> reqwest::Result<Response> {
    client(running).get(running.origin.join(path).unwrap()).send().await
}

async fn json(running: &Running, path: &str) -> Value {
    let reply = get(running, path).await.unwrap();
    assert_eq!(reply.status(), 200, "{path}");
    serde_json::from_slice(&reply.bytes().await.unwrap()).unwrap()
}

fn texts<'a>(value: &'a Value, pointer: &str) -> Vec<&'a str> {
    value.pointer(pointer).unwrap().as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect()
}

/// A path that the pattern covers.
fn example(pattern: &str) -> String {
    let path = pattern.replace("/**", "").replace('*', "demo-thing");
    if path.is_empty() { "/".to_owned() } else { path }
}

fn every_reply(script: &Script) -> impl Iterator<Item = &Reply> {
    script.reply.iter().chain(script.scenario.iter().flat_map(|one| &one.reply))
}

#[tokio::test]
async fn every_origin_is_of_this_machine() {
    for scenario in std::iter::once(None).chain(scenarios().unwrap().iter().map(|one| Some(one.id.as_str())))
    {
        let origin = start(scenario).await.unwrap().origin;
        let host = origin.host_str().unwrap();
        assert!(host == "127.0.0.1" || host.ends_with(".localhost"), "{scenario:?} {origin}");
    }
}

#[test]
fn the_scenarios_can_be_told_apart() {
    let all = scenarios().unwrap();
    let ids: HashSet<_> = all.iter().map(|one| one.id.as_str()).collect();
    let titles: HashSet<_> = all.iter().map(|one| one.title.as_str()).collect();
    assert_eq!((ids.len(), titles.len()), (all.len(), all.len()));
    for one in &all {
        crate::model::id::validate(&one.id).unwrap();
        assert_ne!(one.connect.is_none(), one.reply.is_empty(), "{} must do one thing", one.id);
    }
}

#[test]
fn every_json_body_is_json_and_every_reply_has_one_body() {
    let script = Script::built_in().unwrap();
    for reply in every_reply(&script) {
        let bodies = [reply.json.is_some(), reply.text.is_some(), reply.filler.is_some()];
        assert!(bodies.iter().filter(|one| **one).count() <= 1, "{reply:?}");
        assert!(!reply.cut || reply.text.is_some(), "{reply:?}");
        if reply.json.is_some() {
            serde_json::from_str::<Value>(&reply.body("/asked")).unwrap_or_else(|e| panic!("{e}: {reply:?}"));
        }
        for pattern in reply.patterns() {
            assert!(pattern.starts_with('/'), "{pattern}");
            assert!(!pattern.trim_end_matches("/**").contains("**"), "`**` only stands last: {pattern}");
        }
    }
}

/// Asks for every path of the given replies and compares what comes with what is written.
async fn answers_as_written(scenario: Option<&str>, replies: &[Reply]) {
    let running = start(scenario).await.unwrap();
    let client = client(&running);
    for reply in replies.iter().filter(|reply| reply.delay.is_none() && !reply.cut) {
        for path in reply.patterns().map(example) {
            let told = format!("{scenario:?} {path}");
            let url = running.origin.join(&path).unwrap();
            let got = client.get(url.clone()).send().await.expect(&told);
            let head = client.head(url).send().await.expect(&told);
            assert_eq!(
                (got.status().as_u16(), head.status().as_u16()),
                (reply.status, reply.status),
                "{told}"
            );
            for one in [&got, &head] {
                let header = |name: &str| one.headers().get(name).map(|value| value.to_str().unwrap());
                assert_eq!(header("content-type"), reply.content_type(), "{told}");
                if reply.filler.is_none() {
                    let length = reply.body(&path).len().to_string();
                    assert_eq!(header("content-length"), Some(length.as_str()), "{told}");
                }
                for (name, value) in &reply.headers {
                    assert_eq!(header(name), Some(value.as_str()), "{told}");
                }
            }
            let body = got.bytes().await.expect(&told);
            match reply.filler {
                Some(bytes) => assert_eq!(body.len(), bytes, "{told}"),
                None => assert_eq!(String::from_utf8_lossy(&body), reply.body(&path), "{told}"),
            }
            assert!(head.bytes().await.unwrap().is_empty(), "{told}");
        }
    }
}

#[tokio::test]
async fn every_scenario_answers_as_written() {
    let script = Script::built_in().unwrap();
    answers_as_written(None, &script.reply).await;
    for one in &script.scenario {
        answers_as_written(Some(&one.id), &one.reply).await;
    }
}

#[rstest]
#[case("refused", [false, false])]
#[case("dns", [true, false])]
#[case("tls", [false, true])]
#[tokio::test]
async fn no_connection_comes_about(#[case] scenario: &str, #[case] dns_tls: [bool; 2]) {
    let running = start(Some(scenario)).await.unwrap();
    let error = get(&running, "/v1/me").await.unwrap_err();
    assert!(error.is_connect() && !error.is_timeout(), "{error:?}");
    assert_eq!([error.is_dns(), format!("{error:?}").contains("InvalidMessage")], dns_tls, "{error:?}");
    assert_eq!(running.calls(), []);
}

#[tokio::test]
async fn a_stalling_connection_runs_into_the_time_limit() {
    let running = start(Some("stall")).await.unwrap();
    let client = builder()
        .dns_resolver(Lookup(running.resolution))
        .connect_timeout(Duration::from_millis(10))
        .build()
        .unwrap();
    let error = client.get(running.origin.clone()).send().await.unwrap_err();
    assert!(error.is_connect() && error.is_timeout(), "{error:?}");
}

#[tokio::test]
async fn a_slow_reply_runs_into_the_time_limit() {
    let running = start(Some("slow")).await.unwrap();
    let client = builder().read_timeout(Duration::from_millis(50)).build().unwrap();
    let url = running.origin.join("/v1/video-generation-models").unwrap();
    let error = client.get(url).send().await.unwrap_err();
    assert!(error.is_timeout() && !error.is_connect(), "{error:?}");
    assert_eq!(running.calls().len(), 1, "the request had arrived");
}

#[tokio::test]
async fn dropping_it_ends_what_it_holds_back() {
    let running = start(Some("slow")).await.unwrap();
    let url = running.origin.join("/v1/video-generation-models").unwrap();
    let waiting = tokio::spawn(client(&running).get(url.clone()).send());
    while running.calls().is_empty() {
        tokio::task::yield_now().await;
    }
    drop(running);
    waiting.await.unwrap().expect("released long before its thirty seconds");
    let again = builder().timeout(PATIENCE).build().unwrap();
    let gone = async { while again.get(url.clone()).send().await.is_ok() {} };
    tokio::time::timeout(PATIENCE, gone).await.expect("nobody listens any more");
}

#[tokio::test]
async fn a_cut_reply_announces_more_than_it_sends() {
    let running = start(Some("cut")).await.unwrap();
    let mut reply = get(&running, "/v1/video-generation-models").await.unwrap();
    assert_eq!(reply.status(), 200);
    let announced = reply.content_length().unwrap();
    let first = reply.chunk().await.unwrap().unwrap();
    assert!((first.len() as u64) < announced);
    assert!(reply.chunk().await.is_err(), "the rest never comes");
}

#[tokio::test]
async fn aliases_resolve_to_the_listed_entry() {
    let running = start(None).await.unwrap();
    let listing = json(&running, "/v1/video-generation-models").await;
    let general = json(&running, "/v1/models").await;
    let mut aliases = 0;
    for entry in listing["models"].as_array().unwrap() {
        let id = entry["id"].as_str().unwrap();
        for name in texts(entry, "/aliases").into_iter().chain([id]) {
            aliases += usize::from(name != id);
            let single = json(&running, &format!("/v1/video-generation-models/{name}")).await;
            assert_eq!(&single, entry, "{name}");
            let plain = json(&running, &format!("/v1/models/{name}")).await;
            assert!(general["data"].as_array().unwrap().contains(&plain), "{name}");
            assert_eq!((&plain["id"], &plain["aliases"]), (&entry["id"], &entry["aliases"]), "{name}");
        }
    }
    assert!(aliases > 0, "no alias was tried");
}

#[tokio::test]
async fn an_unknown_model_is_told_by_name() {
    let running = start(None).await.unwrap();
    let reply = get(&running, "/v1/video-generation-models/grok-imagine-video-2").await.unwrap();
    assert_eq!(reply.status(), 404);
    let body: Value = serde_json::from_slice(&reply.bytes().await.unwrap()).unwrap();
    assert_eq!(body["code"], "not-found");
    assert!(body["error"].as_str().unwrap().starts_with("The model grok-imagine-video-2 does not exist"));
}

#[tokio::test]
async fn a_retired_model_comes_back_under_another_name() {
    let running = start(Some("model-retired")).await.unwrap();
    let single = json(&running, "/v1/video-generation-models/grok-imagine-video").await;
    assert_ne!(single["id"], "grok-imagine-video");
    assert!(!texts(&single, "/aliases").contains(&"grok-imagine-video"));
    let listing = json(&running, "/v1/video-generation-models").await;
    let listed = listing["models"].as_array().unwrap();
    assert!(listed.contains(&single) && listed.iter().all(|one| one["id"] != "grok-imagine-video"));
}

#[rstest]
#[case("no-credits")]
#[case("credits-used-up")]
#[case("credits-used-up-429")]
#[case("rate-limited")]
#[tokio::test]
async fn the_key_stays_healthy_when_the_money_is_gone(#[case] scenario: &str) {
    let running = start(Some(scenario)).await.unwrap();
    let key = json(&running, "/v1/api-key").await;
    assert_eq!(key["api_key_blocked"], false);
    assert!(get(&running, "/v1/video-generation-models").await.unwrap().status().is_client_error());
}

#[tokio::test]
async fn the_balances_sum_up() {
    for scenario in [None, Some("low-balance")] {
        let running = start(scenario).await.unwrap();
        let balance = json(&running, "/v1/billing/teams/any/prepaid/balance").await;
        let cents = |value: &Value| value["val"].as_str().unwrap().parse::<i64>().unwrap();
        let changes = balance["changes"].as_array().unwrap();
        assert_eq!(changes.iter().map(|one| cents(&one["amount"])).sum::<i64>(), cents(&balance["total"]));
        assert!(cents(&balance["total"]) < 0, "a negative total is credit");
    }
}

#[rstest]
#[case(None, 0)]
#[case(Some("incident"), 1)]
#[tokio::test]
async fn the_feed_is_rss_and_shows_open_incidents(#[case] scenario: Option<&str>, #[case] open: usize) {
    let running = start(scenario).await.unwrap();
    let bytes = get(&running, "/feed.xml").await.unwrap().bytes().await.unwrap();
    let feed = rss::Channel::read_from(&bytes[..]).unwrap();
    let title = |item: &rss::Item| item.title().unwrap().to_lowercase();
    assert!(feed.items().iter().any(|item| title(item).contains("resolved")));
    let over = |item: &&rss::Item| title(item).contains("video") && !title(item).contains("resolved");
    assert_eq!(feed.items().iter().filter(over).count(), open);
}

#[tokio::test]
async fn it_remembers_what_it_was_asked_but_no_credential() {
    let running = start(Some("redirect")).await.unwrap();
    let client = client(&running);
    let url = running.origin.join("/v1/me?deep=1").unwrap();
    client.get(url.clone()).bearer_auth("xai-invented-for-a-test").send().await.unwrap();
    client.head(url.clone()).send().await.unwrap();
    assert_eq!(client.post(url).send().await.unwrap().status(), 405);
    let calls = running.calls();
    let told: Vec<_> =
        calls.iter().map(|one| (one.method.as_str(), one.path.as_str(), one.query.as_deref())).collect();
    let (path, query) = ("/v1/me", Some("deep=1"));
    assert_eq!(told, [("GET", path, query), ("HEAD", path, query), ("POST", path, query)]);
    assert!(calls[0].had("Bearer xai-invented-for-a-test") && !calls[0].had("Bearer other"));
    assert!(calls[0].had_credential() && !calls[1].had_credential());
    assert!(!format!("{calls:?}").contains("invented"));
}

#[rstest]
#[case("bad-kay", "no scenario is called `bad-kay`, did you mean `bad-key`?")]
#[case("zzz", "no scenario is called `zzz`")]
#[tokio::test]
async fn an_unknown_scenario_is_told_with_the_nearest(#[case] asked: &str, #[case] says: &str) {
    let text = start(Some(asked)).await.unwrap_err().to_string();
    assert_eq!(text, says);
}
