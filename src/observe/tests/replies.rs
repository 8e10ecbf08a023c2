//! How a reply with a successful status is read, before it is judged.

use axum::{Router, http::StatusCode, routing::get};
use rstest::rstest;

use super::fixture::{CANARY, ProbeFixture, needs, probe, serve};
use crate::{
    model::{
        flaw::Flaw,
        id::ProbeId,
        observation::{Body, ErrorText, NotMade, Observation, Reply},
        report::Tool,
        transcript::{CallResult, Transcript},
    },
    observe::CallCache,
};

const JSON: &str = "application/json";

/// The reply to the one probe, as it is seen and as it is read back from a transcript.
async fn seen(status: u16, content_type: &'static str, body: Vec<u8>) -> Reply {
    let status = StatusCode::from_u16(status).unwrap();
    let page = move || async move { (status, [("content-type", content_type)], body) };
    let (origin, _) = serve(Router::new().route("/v1/a", get(page))).await;
    let fixture = ProbeFixture::new(&origin, vec![probe("a", "/v1/a")]);
    let cache = CallCache::default();
    let live = fixture.observe_with(&cache).await;
    let Some(Observation::Reply(live)) = live.of(&ProbeId::new("a").unwrap(), None) else { panic!() };
    let tool = Tool { name: "greenlight".into(), version: "0.1.0".into() };
    let kept = cache.transcript(tool, "2026-11-17T09:30:00Z".parse().unwrap(), None).unwrap();
    let kept: Transcript = serde_json::from_str(&serde_json::to_string(&kept).unwrap()).unwrap();
    assert_eq!(kept.exchanges[0].outcome, CallResult::Reply(live.clone()));
    live.clone()
}

#[rstest]
#[case::twice(
    JSON,
    br#"{"blocked":true,"x":1,"blocked":false}"#,
    "the key `blocked` appears twice in one object"
)]
#[case::twice_by_another_name(
    "text/plain",
    br#"{"blocked":true,"\u0062locked":false}"#,
    "the key `blocked` appears"
)]
#[case::twice_without_a_name("", br#"[{"a":{"b":1,"b":1}}]"#, "the key `b` appears")]
#[case::trailing(JSON, b"{\"blocked\":false} {\"blocked\":true}", "isn't: trailing characters")]
#[case::cut(JSON, b"{\"blocked\":false", "isn't: EOF")]
#[case::not_a_number("application/problem+json", b"{\"blocked\":NaN}", "isn't: expected value")]
#[case::utf_16(JSON, b"\xff\xfe{\0}\0", "isn't: expected value")]
#[case::two_marks(JSON, b"\xef\xbb\xbf\xef\xbb\xbf{}", "isn't: expected value")]
#[case::no_text(JSON, b"{\"a\":\"\xff\"}", "isn't: invalid unicode")]
#[case::charset("application/json; charset=utf-16", b"{\"a\":1}", "declares the charset `utf-16`")]
#[case::utf_7("application/json;Charset=\"UTF-7\"", b"{\"a\":1}", "declares the charset `utf-7`")]
#[case::latin("application/json; charset=iso-8859-1", "{\"a\":\"é\"}".as_bytes(), "declares the charset `iso-8859-1`")]
#[case::page_name(JSON, b"<html></html>", "isn't: expected value")]
#[tokio::test]
async fn an_ambiguous_reply_is_unclear(
    #[case] content_type: &'static str,
    #[case] body: &[u8],
    #[case] why: &str,
) {
    let reply = seen(200, content_type, body.to_vec()).await;
    let Some(Flaw::Unclear(said)) = reply.flaw() else { panic!("{reply:?}") };
    assert!(said.contains(why), "{said}");
    assert_eq!((reply.is_success(), reply.json(), reply.any_json()), (false, None, None));
}

#[tokio::test]
async fn nesting_without_end_is_unclear_and_can_be_kept() {
    for depth in [101, 100_000] {
        let body = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let reply = seen(200, "", body.into_bytes()).await;
        assert!(matches!(reply.flaw(), Some(Flaw::Unclear(why)) if why.contains("nested too deep")));
    }
    let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
    assert!(seen(200, JSON, deep.into_bytes()).await.is_success());
}

#[rstest]
#[case("application/json", b"{\"a\":1}".as_slice())]
#[case("", b"\xef\xbb\xbf{\"a\":1}")]
#[case("application/json; charset=UTF-8", "{\"a\":1,\"b\":\"é\"}".as_bytes())]
#[case("application/json; charset=ISO-8859-1", b"{\"a\":1}")]
#[tokio::test]
async fn json_is_read_under_any_name(#[case] content_type: &'static str, #[case] body: &[u8]) {
    let reply = seen(200, content_type, body.to_vec()).await;
    assert_eq!(reply.json().unwrap()["a"], 1);
}

#[rstest]
#[case(JSON, r#"{"code":"slug","error":"Bad.","blocked":false}"#, Some("slug"), Some("Bad."))]
#[case(JSON, r#"{"error":{"message":"Bad."},"error":null}"#, None, Some("Bad."))]
#[case("text/plain", r#"{"errors":[{"code":7}]}"#, Some("7"), None)]
#[case("text/html", r#"{"error":"Bad."}"#, None, None)]
#[tokio::test]
async fn the_error_of_a_success_is_read(
    #[case] content_type: &'static str,
    #[case] body: &str,
    #[case] code: Option<&str>,
    #[case] message: Option<&str>,
) {
    let reply = seen(200, content_type, body.into()).await;
    assert!(reply.flaw().is_some() && !reply.is_success(), "{reply:?}");
    if !body.contains("null") {
        assert_eq!((reply.error.code.as_deref(), reply.error.message.as_deref()), (code, message));
    }
}

#[tokio::test]
async fn an_older_transcript_does_not_lose_the_error() {
    let reply = seen(200, JSON, br#"{"error":"Bad."}"#.to_vec()).await;
    let old = Reply { error: ErrorText::default(), ..reply.clone() };
    let text = serde_json::json!({
        "schema-version": 1, "tool": { "name": "greenlight", "version": "0.1.0" },
        "recorded": "2026-11-17T09:30:00Z", "keys": { "XAI_API_KEY": "present" },
        "bases": { "https://api.x.ai": { "origin": "https://api.x.ai" } },
        "exchanges": [{
            // SHA-256 of "GET\nhttps://api.x.ai/v1/a\nBearer XAI_API_KEY", as every version wrote it.
            "id": "498209a2431997e239513d241459ee0b3a31ea567b626fd50113c356bb50607b",
            "method": "GET", "url": "https://api.x.ai/v1/a", "attempts": 1, "outcome": { "reply": old },
        }],
    });
    let cache = CallCache::of(serde_json::from_value(text).unwrap());
    let mut fixture = ProbeFixture::new("http://127.0.0.1:1", vec![probe("a", "/v1/a")]);
    (fixture.keys, fixture.settings.send_to) = (cache.keys(&fixture.checklist), None);
    let again = fixture.observe_with(&cache).await;
    assert_eq!(again.of(&ProbeId::new("a").unwrap(), None), Some(&Observation::Reply(reply)));
}

#[tokio::test]
async fn a_key_in_an_unclear_reply_is_redacted() {
    let escaped = format!("\\u0078{}", &CANARY[1..]);
    let body = format!(r#"{{"{CANARY}":1,"{CANARY}":2,"b":"{escaped}","c":"{CANARY}"}}"#);
    let reply = seen(200, JSON, body.into_bytes()).await;
    assert!(matches!(reply.body, Body::Unclear(_)));
    assert!(!format!("{reply:?}").contains(&CANARY[1..]), "{reply:?}");
}

/// A body and whether another probe may take its team from it.
#[rstest]
#[case(r#"{"team":"t"}"#, false, true)]
#[case(r#"{"team":"t"}"#, true, false)]
#[case(r#"{"team":"t","error":"Bad."}"#, false, false)]
#[case(r#"{"team":"t","team":"t"}"#, false, false)]
#[tokio::test]
async fn a_need_is_filled_from_a_success_alone(
    #[case] body: &'static str,
    #[case] unmet: bool,
    #[case] filled: bool,
) {
    let router = Router::new()
        .route("/v1/a", get(move || async move { body }))
        .route("/v1/teams/t/balance", get(|| async { "{}" }));
    let (origin, log) = serve(router).await;
    let balance = needs(probe("balance", "/v1/teams/{team}/balance"), "team", "a", "$.team");
    let mut fixture = ProbeFixture::new(&origin, vec![balance, probe("a", "/v1/a")]);
    fixture.unmet.extend(unmet.then_some("a"));
    let seen = fixture.observe().await;
    assert_eq!(log.lock().unwrap().len(), if filled { 2 } else { 1 });
    let missing = Observation::NotMade(NotMade::Need("team".into()));
    assert_eq!(seen.of(&ProbeId::new("balance").unwrap(), None) == Some(&missing), !filled);
}

#[tokio::test]
async fn probes_that_share_a_call_may_call_different_things_a_success() {
    let (origin, log) = serve(Router::new().route("/v1/a", get(|| async { "{}" }))).await;
    let mut fixture = ProbeFixture::new(&origin, vec![probe("a", "/v1/a"), probe("b", "/v1/a")]);
    fixture.unmet.push("b");
    let cache = CallCache::default();
    for _ in 0..2 {
        let seen = fixture.observe_with(&cache).await;
        let flaw = |id: &str| match seen.of(&ProbeId::new(id).unwrap(), None) {
            Some(Observation::Reply(reply)) => reply.unmet.clone(),
            other => panic!("{other:?}"),
        };
        assert_eq!((flaw("a"), flaw("b").as_deref()), (None, Some("not met")));
    }
    assert_eq!(log.lock().unwrap().len(), 1);
}
