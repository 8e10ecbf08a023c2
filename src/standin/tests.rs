//! The stand-in does what its script says, as a client on loopback sees it.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    time::Duration,
};

use reqwest::{
    Client, ClientBuilder, Response,
    dns::{Name, Resolve, Resolving},
};
use rstest::rstest;
use serde_json::Value;
use url::Url;

use super::{asked::Asked, router::Router, script::ScriptedReply, start_error::unknown, *};

/// The provider of most tests here, and its main host.
const XAI: (&str, &str) = ("xai", "api.x.ai");

/// Long enough for loopback on a busy machine; only a failing test waits that long.
const PATIENCE: Duration = Duration::from_secs(20);

fn builder() -> ClientBuilder {
    // Building a client needs a TLS provider even if it only ever speaks plain HTTP.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().no_proxy().tls_certs_only([]).redirect(reqwest::redirect::Policy::none())
}

/// Resolves names as the running scenario requires.
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

async fn xai(scenario: Option<&str>) -> Running {
    start(XAI.0, scenario).await.unwrap()
}

fn main(running: &Running, path: &str) -> Url {
    running.origins[XAI.1].join(path).unwrap()
}

async fn get(running: &Running, path: &str) -> reqwest::Result<Response> {
    client(running).get(main(running, path)).send().await
}

async fn json(running: &Running, path: &str) -> Value {
    json_of(running, XAI.1, path).await
}

async fn json_of(running: &Running, host: &str, path: &str) -> Value {
    let reply = client(running).get(running.origins[host].join(path).unwrap()).send().await.unwrap();
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

/// Every script, with its provider.
fn scripts() -> Vec<(&'static str, Script)> {
    providers().map(|provider| (provider, Script::of(provider).unwrap().unwrap())).collect()
}

/// What can be played of a script: healthy, and each scenario.
fn plays(script: &Script) -> impl Iterator<Item = Option<&str>> {
    std::iter::once(None).chain(script.scenario.iter().map(|one| Some(one.id.as_str())))
}

fn every_reply(script: &Script) -> impl Iterator<Item = &ScriptedReply> {
    script.reply.iter().chain(script.scenario.iter().flat_map(|one| &one.reply))
}

#[tokio::test]
async fn each_host_has_an_origin_of_its_own_on_this_machine() {
    for (provider, script) in scripts() {
        for scenario in plays(&script) {
            let origins = start(provider, scenario).await.unwrap().origins;
            assert_eq!(
                origins.keys().collect::<Vec<_>>(),
                BTreeSet::from_iter(&script.hosts).into_iter().collect::<Vec<_>>()
            );
            assert_eq!(origins.values().collect::<HashSet<_>>().len(), script.hosts.len(), "{origins:?}");
            for origin in origins.values() {
                let host = origin.host_str().unwrap();
                assert!(host == "127.0.0.1" || host.ends_with(".localhost"), "{scenario:?} {origin}");
            }
        }
    }
}

#[test]
fn the_scenarios_can_be_told_apart() {
    for (provider, script) in scripts() {
        let all = &script.scenario;
        let ids: HashSet<_> = all.iter().map(|one| one.id.as_str()).collect();
        let titles: HashSet<_> = all.iter().map(|one| one.title.as_str()).collect();
        assert_eq!((ids.len(), titles.len()), (all.len(), all.len()), "{provider}");
        for one in all {
            crate::model::id::validate(&one.id).unwrap();
            assert_ne!(one.connect.is_none(), one.reply.is_empty(), "{} must do one thing", one.id);
        }
    }
}

#[test]
fn every_json_body_is_json_and_every_reply_has_one_body() {
    for (provider, script) in scripts() {
        let hosts = script.hosts.iter().map(|host| (host.clone(), "http://127.0.0.1:1".to_owned()));
        let router = Router::new(Vec::new(), hosts.collect());
        for reply in every_reply(&script) {
            let bodies = [reply.json.is_some(), reply.text.is_some(), reply.filler.is_some()];
            assert!(bodies.iter().filter(|one| **one).count() <= 1, "{reply:?}");
            assert!(!reply.cut || reply.text.is_some(), "{reply:?}");
            assert_ne!(reply.times, Some(0), "{reply:?}");
            let body = reply.example();
            let query = reply.example_query();
            let asked =
                Asked { method: "GET", host: &script.hosts[0], path: "/asked", query: &query, body: &body };
            if reply.json.is_some() {
                let body = router.fill(reply.body(), asked);
                serde_json::from_str::<Value>(&body).unwrap_or_else(|e| panic!("{provider} {e}: {reply:?}"));
            }
            for pattern in reply.patterns() {
                assert!(pattern.starts_with('/'), "{pattern}");
                assert!(!pattern.trim_end_matches("/**").contains("**"), "`**` only stands last: {pattern}");
            }
        }
    }
}

/// Requests every path of the given replies, at each host that gives them, and compares the answers with the script.
async fn answers_as_written(provider: &str, scenario: Option<&str>, replies: &[ScriptedReply]) {
    let running = start(provider, scenario).await.unwrap();
    let client = client(&running);
    let steady = |reply: &&ScriptedReply| reply.delay.is_none() && !reply.cut && reply.times.is_none();
    let origins = running.origins.iter();
    let origins: BTreeMap<_, _> =
        origins.map(|(host, url)| (host.clone(), url.as_str().trim_end_matches('/').to_owned())).collect();
    let router = Router::new(Vec::new(), origins);
    for (host, origin) in &running.origins {
        for reply in replies.iter().filter(steady) {
            for path in reply.patterns().map(example).filter(|path| reply.covers(host, path)) {
                let told = format!("{scenario:?} {host}{path}");
                let query = reply.example_query();
                let mut url = origin.join(&path).unwrap();
                url.set_query(Some(&query).filter(|query| !query.is_empty()).map(String::as_str));
                let sent = reply.example();
                let ask = |method: &str| {
                    client.request(method.parse().unwrap(), url.clone()).body(sent.to_string()).send()
                };
                let methods: &[&str] = if reply.methods() == "POST" { &["POST"] } else { &["HEAD", "GET"] };
                for method in methods {
                    let got = ask(method).await.expect(&told);
                    assert_eq!(got.status().as_u16(), reply.status, "{told}");
                    let header = |name: &str| got.headers().get(name).map(|value| value.to_str().unwrap());
                    assert_eq!(header("content-type"), reply.content_type(), "{told}");
                    let asked = Asked { method, host, path: &path, query: &query, body: &sent };
                    let body = router.fill(reply.body(), asked);
                    if reply.filler.is_none() {
                        assert_eq!(header("content-length"), Some(body.len().to_string().as_str()), "{told}");
                    }
                    for (name, value) in &reply.headers {
                        assert_eq!(header(name), Some(router.fill(value, asked).as_str()), "{told}");
                    }
                    let bytes = got.bytes().await.expect(&told);
                    match (*method, reply.filler) {
                        ("HEAD", _) => assert!(bytes.is_empty(), "{told}"),
                        (_, Some(filler)) => assert_eq!(bytes.len(), filler, "{told}"),
                        (_, None) => assert_eq!(String::from_utf8_lossy(&bytes), body, "{told}"),
                    }
                }
            }
        }
    }
}

#[tokio::test]
async fn every_scenario_answers_as_written() {
    for (provider, script) in scripts() {
        answers_as_written(provider, None, &script.reply).await;
        for one in &script.scenario {
            answers_as_written(provider, Some(&one.id), &one.reply).await;
        }
    }
}

/// Two hosts with the same paths.
const TWO_HOSTS: &str = r#"
    hosts = ["api.acme.example", "billing.acme.example"]
    [[reply]]
    get = "/v1/models"
    json = '{ "models": [] }'
    [[reply]]
    host = "billing.acme.example"
    get = "/v1/models"
    json = '{ "prices": [] }'
    [[reply]]
    get = "/v1/moved"
    status = 302
    headers = { location = "{origin:billing.acme.example}/v1/models" }
    [[reply]]
    post = "/v1/quote"
    body = { model = "*", seconds = "?" }
    json = '{ "of": "{body.model}", "poll": "{origin}/v1/jobs/1" }'
    [[scenario]]
    id = "none"
    title = "none"
    connect = "refused"
"#;

#[tokio::test]
async fn the_same_path_answers_otherwise_at_another_host() {
    let running = Setup::of("acme").play(Script::read(TWO_HOSTS).unwrap(), None, None).await.unwrap();
    let (api, billing) = ("api.acme.example", "billing.acme.example");
    assert_eq!(json_of(&running, api, "/v1/models").await, serde_json::json!({ "models": [] }));
    assert_eq!(json_of(&running, billing, "/v1/models").await, serde_json::json!({ "prices": [] }));
    let client = client(&running);
    let moved = client.get(running.origins[api].join("/v1/moved").unwrap()).send().await.unwrap();
    let there = running.origins[billing].join("/v1/models").unwrap();
    assert_eq!(moved.headers()["location"], there.as_str());
    let quote = running.origins[api].join("/v1/quote").unwrap();
    assert_eq!(client.get(quote.clone()).send().await.unwrap().status(), 405);
    let key = ("x-api-key", "invented-for-a-test");
    let quoted = client.post(quote).header(key.0, key.1).body("{\"model\":\"m\"}").send().await.unwrap();
    let poll: Value = serde_json::from_slice(&quoted.bytes().await.unwrap()).unwrap();
    assert_eq!(poll["of"], "m");
    assert_eq!(poll["poll"], running.origins[api].join("/v1/jobs/1").unwrap().as_str());
    assert_eq!(client.post(there).send().await.unwrap().status(), 405);
    let calls = running.calls();
    let told: Vec<_> =
        calls.iter().map(|one| (one.method.as_str(), one.host.as_str(), one.path.as_str())).collect();
    let wanted = [("GET", api, "/v1/models"), ("GET", billing, "/v1/models"), ("GET", api, "/v1/moved")];
    let posts = [("GET", api, "/v1/quote"), ("POST", api, "/v1/quote"), ("POST", billing, "/v1/models")];
    assert_eq!(told, [wanted, posts].concat());
    let keys: Vec<_> = calls.iter().map(|one| (one.had_credential(), one.had(key.0, key.1))).collect();
    assert_eq!(
        keys,
        [(false, false), (false, false), (false, false), (false, false), (true, true), (false, false)]
    );
    assert_eq!(calls[4].body, "{\"model\":\"m\"}");
    assert!(!format!("{calls:?}").contains("invented"));
}

#[rstest]
#[case("refused", [false, false])]
#[case("dns", [true, false])]
#[case("tls", [false, true])]
#[tokio::test]
async fn connecting_fails_as_the_scenario_says(#[case] scenario: &str, #[case] dns_tls: [bool; 2]) {
    let running = xai(Some(scenario)).await;
    let error = get(&running, "/v1/me").await.unwrap_err();
    assert!(error.is_connect() && !error.is_timeout(), "{error:?}");
    assert_eq!([error.is_dns(), format!("{error:?}").contains("InvalidMessage")], dns_tls, "{error:?}");
    assert_eq!(running.calls(), []);
}

#[tokio::test]
async fn a_stalling_connection_runs_into_the_time_limit() {
    let running = xai(Some("stall")).await;
    let client = builder()
        .dns_resolver(Lookup(running.resolution))
        .connect_timeout(Duration::from_millis(10))
        .build()
        .unwrap();
    let error = client.get(main(&running, "/")).send().await.unwrap_err();
    assert!(error.is_connect() && error.is_timeout(), "{error:?}");
}

#[tokio::test]
async fn a_slow_reply_runs_into_the_time_limit() {
    let running = xai(Some("slow")).await;
    let client = builder().read_timeout(Duration::from_millis(50)).build().unwrap();
    let url = main(&running, "/v1/video-generation-models");
    let error = client.get(url).send().await.unwrap_err();
    assert!(error.is_timeout() && !error.is_connect(), "{error:?}");
    assert_eq!(running.calls().len(), 1, "the request had arrived");
}

#[tokio::test]
async fn dropping_it_ends_what_it_holds_back() {
    let running = xai(Some("slow")).await;
    let url = main(&running, "/v1/video-generation-models");
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
    let running = xai(Some("cut")).await;
    let mut reply = get(&running, "/v1/video-generation-models").await.unwrap();
    assert_eq!(reply.status(), 200);
    let announced = reply.content_length().unwrap();
    let first = reply.chunk().await.unwrap().unwrap();
    assert!((first.len() as u64) < announced);
    assert!(reply.chunk().await.is_err(), "the rest never comes");
}

#[tokio::test]
async fn aliases_resolve_to_the_listed_entry() {
    let running = xai(None).await;
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
    let running = xai(None).await;
    let reply = get(&running, "/v1/video-generation-models/grok-imagine-video-2").await.unwrap();
    assert_eq!(reply.status(), 404);
    let body: Value = serde_json::from_slice(&reply.bytes().await.unwrap()).unwrap();
    assert_eq!(body["code"], "not-found");
    assert!(body["error"].as_str().unwrap().starts_with("The model grok-imagine-video-2 does not exist"));
}

#[tokio::test]
async fn a_retired_model_comes_back_under_another_name() {
    let running = xai(Some("model-retired")).await;
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
    let running = xai(Some(scenario)).await;
    let key = json(&running, "/v1/api-key").await;
    assert_eq!(key["api_key_blocked"], false);
    assert!(get(&running, "/v1/video-generation-models").await.unwrap().status().is_client_error());
}

#[tokio::test]
async fn the_balances_sum_up() {
    for scenario in [None, Some("low-balance")] {
        let running = xai(scenario).await;
        let balance = json_of(&running, "management-api.x.ai", "/v1/billing/teams/any/prepaid/balance").await;
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
    let running = xai(scenario).await;
    let bytes = client(&running)
        .get(running.origins["status.x.ai"].join("/feed.xml").unwrap())
        .send()
        .await
        .unwrap()
        .bytes()
        .await
        .unwrap();
    let feed = rss::Channel::read_from(&bytes[..]).unwrap();
    let title = |item: &rss::Item| item.title().unwrap().to_lowercase();
    assert!(feed.items().iter().any(|item| title(item).contains("resolved")));
    let over = |item: &&rss::Item| title(item).contains("video") && !title(item).contains("resolved");
    assert_eq!(feed.items().iter().filter(over).count(), open);
}

#[tokio::test]
async fn it_remembers_what_it_was_asked_but_no_credential() {
    let running = xai(Some("redirect")).await;
    let client = client(&running);
    let url = main(&running, "/v1/me?deep=1");
    client.get(url.clone()).bearer_auth("xai-invented-for-a-test").send().await.unwrap();
    client.head(url.clone()).send().await.unwrap();
    assert_eq!(client.post(url).send().await.unwrap().status(), 405);
    let calls = running.calls();
    let told: Vec<_> =
        calls.iter().map(|one| (one.method.as_str(), one.path.as_str(), one.query.as_deref())).collect();
    let (path, query) = ("/v1/me", Some("deep=1"));
    assert_eq!(told, [("GET", path, query), ("HEAD", path, query), ("POST", path, query)]);
    assert!(calls[0].had("authorization", "Bearer xai-invented-for-a-test"));
    assert!(calls[0].had_credential() && !calls[1].had_credential());
    assert!(!format!("{calls:?}").contains("invented"));
}

#[tokio::test]
async fn a_reply_for_the_first_time_only_gives_way() {
    let running = xai(Some("passing-error")).await;
    for path in ["/v1/me", "/v1/api-key"] {
        let mut statuses = Vec::new();
        for _ in 0..3 {
            statuses.push(get(&running, path).await.unwrap().status().as_u16());
        }
        assert_eq!(statuses, [503, 200, 200], "{path}");
    }
}

#[rstest]
#[case("xai", "bad-kay", "`xai` has no scenario `bad-kay`, did you mean `bad-key`?")]
#[case("xai", "zzz", "`xai` has no scenario `zzz`")]
#[case("acme", "bad-key", "there is no stand-in for `acme`; there is one for ")]
#[tokio::test]
async fn an_unknown_scenario_is_told_with_the_nearest(
    #[case] provider: &str,
    #[case] asked: &str,
    #[case] says: &str,
) {
    let text = start(provider, Some(asked)).await.unwrap_err().to_string();
    // Other providers may get one later.
    assert!(text.starts_with(says), "{text}");
}

#[test]
fn a_scenario_of_another_provider_is_told_with_its_owner() {
    let StartError::UnknownScenario { asked, provider, near, .. } = unknown("bad-key", "acme", &[]) else {
        panic!("another error")
    };
    let text = StartError::UnknownScenario { asked, provider, near, of: vec!["a", "b"] }.to_string();
    assert_eq!(text, "`acme` has no scenario `bad-key`; these have it: `a`, `b`");
    assert!(
        matches!(unknown("bad-key", "acme", &[]), StartError::UnknownScenario { of, .. } if of.contains(&"xai"))
    );
}
