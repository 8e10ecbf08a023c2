//! A reply with status 200 that isn't an answer: no check passes on it, live or replayed.

use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{
    NOW, Sample, finding,
    provider::{TEAM, healthy, key_named},
    ran,
    recorder::{Answer, Recorder, Request},
};

const KEY: &str = "xai-CANARY-of-a-developer";

/// The receipt of a run against a provider that answers like this; a replay must judge the same.
fn receipt(sample: &Sample, answer: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Value {
    let provider = Recorder::start(move |request, _| answer(request));
    let base = ["check", "--at", NOW, "--format", "json"];
    let mut live = sample.greenlight(&base);
    live.args(["--base-url", &provider.origin, "--record", "run.json"]);
    let live = ran(live.env("XAI_API_KEY", KEY).env("XAI_MANAGEMENT_KEY", KEY));
    assert!(live.err.is_empty(), "{}", live.all());
    let again = ran(sample.greenlight(&base).args(["--replay", "run.json"]));
    let findings = |run: &crate::support::Ran| crate::support::steady(&run.json()["findings"].to_string());
    assert_eq!((findings(&live), live.code), (findings(&again), again.code));
    live.json()
}

/// The finding of a check when one path is answered like this, and everything else is healthy.
fn found(check: &str, path: &'static str, content_type: &'static str, body: &str) -> Value {
    let body = body.to_owned();
    let receipt = receipt(&Sample::of("api"), move |request| {
        if request.path == path { Answer::new(200, content_type, body.clone()) } else { healthy(request) }
    });
    finding(&receipt, check, None).clone()
}

/// The healthy reply about the key, with something added before its end.
fn key_with(more: &str) -> String {
    key_named("demo").strip_suffix('}').unwrap().to_owned() + more + "}"
}

const JSON: &str = "application/json";

#[test]
fn the_healthy_reply_passes() {
    let fine = found("api.key-accepted", "/v1/api-key", JSON, &key_with(r#","error":null,"errors":[]"#));
    assert_eq!(fine["verdict"], "pass", "{fine}");
}

#[rstest]
#[case::error(JSON, key_with(r#","error":"Incorrect API key provided.""#), "it reports an error")]
#[case::object(JSON, key_with(r#","error":{"code":"gone"}"#), "HTTP 200 with the error `gone`")]
#[case::list(JSON, key_with(r#","errors":[{"message":"No."}]"#), "HTTP 200 with an error in it")]
#[case::case(JSON, key_with(r#","Error":"No.""#), "HTTP 200 with an error in it")]
#[case::envelope(
    JSON,
    key_with(r#","code":"blocked","message":"No.""#),
    "HTTP 200, no success: wanted error code absent"
)]
#[case::sentence(JSON, key_with(r#","detail":"No.""#), "HTTP 200, no success: wanted error message absent")]
#[case::twice(
    JSON,
    key_with(r#","api_key_blocked":true"#),
    "the key `api_key_blocked` appears twice in one object"
)]
#[case::twice_the_same(
    JSON,
    key_with(r#","api_key_blocked":false"#),
    "the key `api_key_blocked` appears twice"
)]
#[case::twice_escaped(
    JSON,
    key_with(r#","api\u005fkey_blocked":true"#),
    "the key `api_key_blocked` appears twice"
)]
#[case::twice_elsewhere(JSON, key_with(r#","x":[{"a":1,"a":2}]"#), "the key `a` appears twice")]
#[case::trailing(JSON, key_with("") + r#"{"api_key_blocked":true}"#, "isn't: trailing characters")]
#[case::charset("application/json; charset=utf-16le", key_with(""), "it declares the charset `utf-16le`")]
#[case::page("text/html", key_with(r#","error":"No.""#), "a web page came back")]
#[case::words("text/plain", "api_key_blocked=false".into(), "HTTP 200, no success")]
fn a_reply_about_the_key_that_is_no_answer_is_unknown(
    #[case] content_type: &'static str,
    #[case] body: String,
    #[case] says: &str,
) {
    let found = found("api.key-accepted", "/v1/api-key", content_type, &body);
    assert_eq!(found["verdict"], "unknown", "{found}");
    assert!(found["seen"].as_str().unwrap().contains(says), "{found}");
    assert!(found["fix"].as_str().unwrap().len() > 20, "{found}");
}

/// What rules read: the account, both listings, the balance.
#[rstest]
#[case("api.zero-retention", "/v1/me", json!({ "zdr_status": "no_zdr" }))]
#[case("api.model-available", "/v1/video-generation-models", json!({ "models": [{ "id": "grok-imagine-video" }] }))]
#[case("api.mode-supported", "/v1/video-generation-models/grok-imagine-video",
    json!({ "id": "grok-imagine-video", "input_modalities": ["text", "image", "video"], "output_modalities": ["video"] }))]
#[case("api.balance-covers", "/v1/billing/teams/team-1/prepaid/balance", json!({ "total": { "val": "-999999" } }))]
fn no_rule_reads_an_error_as_an_answer(#[case] check: &str, #[case] path: &'static str, #[case] body: Value) {
    let mut body = body;
    body["error"] = json!({ "message": "The figures are those of yesterday." });
    let found = found(check, path, JSON, &body.to_string());
    assert!(["unknown", "blocked"].contains(&found["verdict"].as_str().unwrap()), "{found}");
    assert_ne!(found["verdict"], "pass");
}

#[test]
fn what_another_call_needs_is_not_taken_from_an_error() {
    let provider = Recorder::start(|request, _| match request.path.as_str() {
        "/v1/api-key" => Answer::json(200, key_with(r#","error":"No.""#)),
        _ => healthy(request),
    });
    let sample = Sample::of("api");
    let args = ["check", "--at", NOW, "--format", "json", "--base-url", &provider.origin];
    let run = ran(sample.greenlight(&args).env("XAI_API_KEY", KEY).env("XAI_MANAGEMENT_KEY", KEY));
    assert_eq!(run.code, 3, "{}", run.all());
    assert!(!provider.lines().iter().any(|line| line.contains(TEAM)), "{:?}", provider.lines());
}

/// A project's own checklist for a provider that wraps every reply in an envelope.
fn enveloped() -> Sample {
    let sample = Sample::of("api");
    sample.edit("[project]\n", "[project]\nchecklists = [\"own.toml\"]\n");
    sample.write(
        "own.toml",
        r#"id = "own"
extends = "api"
reviewed = 2026-11-22

[[probe]]
id = "wrapped"
get = "/v1/models"
success = [{ path = "$.rc", equals = 0 }, { path = "$.note", absent = true }]

[[probe]]
id = "bare"
get = "/v1/models"

[[check]]
id = "own.wrapped"
row = "access"
title = "the envelope"
severity = "block"
probe = "wrapped"
expect = [{ status = 200 }]
why = "w"
fix = "Look into the envelope."
source = { url = "https://example.com", as-of = 2026-11-01 }

[[check]]
id = "own.bare"
row = "access"
title = "the same call"
severity = "block"
probe = "bare"
expect = [{ status = 200 }]
why = "w"
fix = "f"
source = { url = "https://example.com", as-of = 2026-11-01 }

[[fault]]
id = "own-limit"
when = [{ path = "$.rc", equals = 1029 }]
checks = ["own.wrapped"]
means = "fail"
retry = false
says = "the provider's own limit is reached"
fix = "Wait for the next day."
source = { url = "https://example.com", as-of = 2026-11-01 }
"#,
    );
    sample
}

#[rstest]
#[case(r#"{"rc":0,"data":[]}"#, "pass", "HTTP 200")]
#[case(r#"{"rc":1,"data":[]}"#, "unknown", "the status says success but the reply does not")]
#[case(r#"{"rc":"0"}"#, "unknown", "wanted $.rc 0")]
#[case(r#"{"rc":null}"#, "unknown", "wanted $.rc 0")]
#[case(r#"{"rc":0,"rc":0}"#, "unknown", "the key `rc` appears twice in one object")]
#[case(r#"{"rc":0,"note":"half of it"}"#, "unknown", "wanted $.note absent")]
#[case(r#"{"data":[]}"#, "unknown", "wanted $.rc 0")]
#[case(r#"{"rc":0,"error":"No."}"#, "unknown", "HTTP 200 with")]
#[case(r#"{"rc":1029}"#, "fail", "the provider's own limit is reached")]
fn a_probe_says_what_a_success_is(#[case] body: &'static str, #[case] verdict: &str, #[case] says: &str) {
    let receipt = receipt(&enveloped(), move |request| match request.path.as_str() {
        "/v1/models" => Answer::json(200, body),
        _ => healthy(request),
    });
    let found = finding(&receipt, "own.wrapped", None);
    assert_eq!(found["verdict"], verdict, "{found}");
    assert!(found["seen"].as_str().unwrap().contains(says), "{found}");
}
