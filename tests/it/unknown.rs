//! An unknown value never passes, wherever it is.

use std::io::Write as _;

use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{
    NOW, Ran, Sample, finding,
    provider::healthy,
    ran,
    recorder::{Answer, Recorder},
};

/// A run in which one path is answered like this, and everything else is healthy.
fn answered(path: &'static str, content_type: &'static str, body: String) -> Value {
    answered_with(200, path, content_type, body)
}

/// The same with this status.
fn answered_with(status: u16, path: &'static str, content_type: &'static str, body: String) -> Value {
    let provider = Recorder::start(move |request, _| {
        if request.path == path { Answer::new(status, content_type, body.clone()) } else { healthy(request) }
    });
    let sample = Sample::of("api");
    let args = ["check", "--at", NOW, "--format", "json", "--base-url", &provider.origin];
    let key = "xai-CANARY-of-a-developer";
    ran(sample.greenlight(&args).env("XAI_API_KEY", key).env("XAI_MANAGEMENT_KEY", key)).json()
}

#[rstest]
#[case(json!("no_zdr"), "pass")]
#[case(json!("zdr"), "fail")]
#[case(json!("ZDR"), "unknown")]
#[case(json!("unknown"), "unknown")]
#[case(json!(""), "unknown")]
#[case(json!("zdr_pending"), "unknown")]
#[case(json!("no-zdr"), "unknown")]
#[case(json!(["no_zdr"]), "unknown")]
#[case(json!(false), "unknown")]
#[case(json!(null), "unknown")]
fn a_retention_that_is_not_known_is_no_pass(#[case] status: Value, #[case] verdict: &str) {
    let receipt = answered("/v1/me", "application/json", json!({ "zdr_status": status }).to_string());
    let found = finding(&receipt, "api.zero-retention", None);
    assert_eq!(found["verdict"], verdict, "{found}");
    if verdict == "unknown" {
        assert!(found["fix"].as_str().unwrap().contains("upload-url"), "{found}");
    }
}

#[rstest]
#[case("[Resolved] Slow video", "pass", "no open incident")]
#[case("All systems down", "unknown", "1 open: All systems down")]
#[case("Video errors, not resolved", "warn", "1 open: Video errors, not resolved")]
fn an_incident_that_is_not_known_to_be_over_is_no_pass(
    #[case] title: &str,
    #[case] verdict: &str,
    #[case] says: &str,
) {
    let feed = format!(
        "<rss version=\"2.0\"><channel><title>t</title><link>l</link><description>d</description>\
         <item><title>{title}</title></item></channel></rss>"
    );
    let receipt = answered("/feed.xml", "application/rss+xml", feed);
    let found = finding(&receipt, "api.service-status", None);
    assert_eq!(found["verdict"], verdict, "{found}");
    assert!(found["seen"].as_str().unwrap().contains(says), "{found}");
}

/// The feed is read without a key.
#[rstest]
#[case::plain(json!({ "error": "bad request" }))]
#[case::as_of_a_key(json!({ "error": "Incorrect API key provided" }))]
fn a_refused_call_without_a_key_blames_no_key(#[case] body: Value) {
    let receipt = answered_with(400, "/feed.xml", "application/json", body.to_string());
    let found = finding(&receipt, "api.service-status", None);
    assert_eq!(
        (&found["verdict"], &found["fault"]),
        (&json!("unknown"), &json!("feed-not-there")),
        "{found}"
    );
    assert_eq!(found["fix"], "Open https://status.x.ai in a browser.", "{found}");
}

#[test]
fn an_alias_of_a_model_that_is_not_listed_is_no_pass() {
    let body = json!({ "id": "a-successor", "aliases": ["grok-imagine-video"], "input_modalities": ["text"], "output_modalities": ["video"] });
    let path = "/v1/video-generation-models/grok-imagine-video";
    let receipt = answered(path, "application/json", body.to_string());
    let found = finding(&receipt, "api.model-available", None);
    assert_eq!(found["verdict"], "fail", "{found}");
    assert_eq!(found["seen"], "`grok-imagine-video` is served by `a-successor`, which is not listed");
}

/// Body and header of one reply that disagree.
#[rstest]
#[case("no_zdr", "true", "unknown")]
#[case("no_zdr", "TRUE", "unknown")]
#[case("zdr", "false", "unknown")]
#[case("no_zdr", "perhaps", "unknown")]
#[case("no_zdr", "false", "pass")]
#[case("zdr", "true", "fail")]
fn a_retention_that_header_and_body_tell_otherwise_is_not_known(
    #[case] status: &'static str,
    #[case] header: &'static str,
    #[case] verdict: &str,
) {
    let provider = Recorder::start(move |request, _| {
        if request.path != "/v1/me" {
            return healthy(request);
        }
        Answer::json(200, json!({ "zdr_status": status }).to_string()).header("x-zero-data-retention", header)
    });
    let sample = Sample::of("api");
    let args = ["check", "--at", NOW, "--format", "json", "--base-url", &provider.origin];
    let receipt = ran(sample.greenlight(&args).env("XAI_API_KEY", "xai-CANARY-of-a-developer")).json();
    let found = finding(&receipt, "api.zero-retention", None);
    assert_eq!(found["verdict"], verdict, "{found}");
}

/// The decision is about the files that were read.
#[rstest]
#[case::project("greenlight.toml")]
#[case::answers("answers.toml")]
fn what_changed_while_it_was_judged_is_not_decided(#[case] name: &'static str) {
    let sample = Sample::of("api");
    let path = sample.path().join(name);
    let provider = Recorder::start(move |request, _| {
        fs_err::OpenOptions::new().create(true).append(true).open(&path).unwrap().write_all(b"\n").unwrap();
        healthy(request)
    });
    let args = ["check", "--base-url", &provider.origin, "--report", "json=r.json"];
    let run = ran(sample.greenlight(&args).env("XAI_API_KEY", "xai-CANARY-of-a-developer"));
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.all());
    assert!(run.err.contains(&format!("`{name}` changed while it was judged")), "{}", run.err);
    assert!(!sample.path().join("r.json").exists());
}

// A project's own facts.

fn rehearsed(sample: &Sample, at: &str, check: &str) -> Value {
    let args = ["check", "--rehearse", "--at", at, "--format", "json", "--only", check];
    let run = ran(&mut sample.greenlight(&args));
    finding(&run.json(), check, None).clone()
}

/// The sample with its own catalogue, whose price is the highest and newest.
fn with_catalogue(head: &str, source: &str) -> Sample {
    let sample = Sample::of("api");
    sample.edit("[project]\n", "[project]\ncatalogues = [\"own.toml\"]\n");
    sample.write(
        "own.toml",
        &format!(
            "id = \"own\"\n{head}\n[[claim]]\nmodels = [\"grok-imagine-video\"]\n\
             output-price = {{ resolution = \"480p\", per-second = \"0.09 USD\" }}\n\
             source = {{ url = \"{source}\", as-of = 2026-11-20 }}\n"
        ),
    );
    sample
}

const DAY: &str = "2027-06-01T00:00:00Z";

#[rstest]
#[case::young(
    "reviewed = 2027-05-31\nstale-after = \"60d\"",
    DAY,
    "warn",
    "`catalogue` reviewed 2026-11-26, stale"
)]
#[case::patient(
    "reviewed = 2027-05-31\nstale-after = \"3650d\"",
    DAY,
    "warn",
    "`catalogue` reviewed 2026-11-26, stale"
)]
#[case::day_to_come(
    "reviewed = 2999-01-01\nstale-after = \"60d\"",
    DAY,
    "unknown",
    "`own` reviewed 2999-01-01, in the future"
)]
#[case::undated("", NOW, "unknown", "`own` does not say when it was reviewed")]
#[case::undated_with_a_limit(
    "stale-after = \"3650d\"",
    NOW,
    "unknown",
    "`own` does not say when it was reviewed"
)]
#[case::old("reviewed = 2026-01-01", NOW, "warn", "`own` reviewed 2026-01-01, stale since 2026-03-02")]
#[case::both(
    "reviewed = 2026-11-20",
    NOW,
    "pass",
    "`catalogue` reviewed 2026-11-26; `own` reviewed 2026-11-20"
)]
fn no_catalogue_silences_the_age_of_another(
    #[case] head: &str,
    #[case] at: &str,
    #[case] verdict: &str,
    #[case] says: &str,
) {
    let sample = with_catalogue(head, "https://docs.x.ai/pricing");
    let found = rehearsed(&sample, at, "api.catalogue-fresh");
    assert_eq!(found["verdict"], verdict, "{found}");
    assert!(found["seen"].as_str().unwrap().contains(says), "{found}");
}

fn due(sample: &Sample) -> Ran {
    ran(&mut sample.greenlight(&["due", "--at", "2027-06-01", "--within", "0d"]))
}

#[test]
fn what_is_due_names_every_catalogue() {
    let run =
        due(&with_catalogue("reviewed = 2026-11-20\nstale-after = \"10d\"", "https://docs.x.ai/pricing"));
    let all = run.all();
    assert!(all.contains("the shipped catalogue of models and prices"), "{all}");
    assert!(all.contains("the catalogue `own`"), "{all}");
}

#[rstest]
#[case::other_host("https://prices.example/")]
#[case::port("https://docs.x.ai:8443/")]
#[case::other_script("https://docs.x.\u{430}i/")]
#[case::in_the_path("https://evil.example/https://docs.x.ai/")]
fn what_a_model_can_do_is_taken_from_pages_of_its_owner(#[case] page: &str) {
    let sample = with_catalogue("reviewed = 2026-11-20", page);
    let run = ran(&mut sample.greenlight(&["check", "--rehearse"]));
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{page}: {}", run.all());
    assert!(
        run.err.contains("error[foreign-host]: what a model can do is taken from its provider's own pages")
    );
    assert!(run.err.contains("help: name a page of"), "{}", run.err);
}

#[rstest]
#[case::dot("https://docs.x.ai./")]
#[case::percent("https://docs%2ex.ai/")]
fn a_price_page_is_one_of_the_owner(#[case] page: &str) {
    let sample = with_catalogue("reviewed = 2026-11-20", page);
    let found = rehearsed(&sample, NOW, "api.price-owner");
    assert_eq!(found["verdict"], "fail", "{page}: {found}");
    let fine = with_catalogue("reviewed = 2026-11-20", "https://docs.x.ai/pricing");
    assert_eq!(rehearsed(&fine, NOW, "api.price-owner")["verdict"], "pass");
}

/// An address that programs could read as two different ones names no one.
#[rstest]
#[case::soft("https://do\u{ad}cs.x.ai/")]
#[case::backslash("https://docs.x.ai\\\\@evil.example/")]
#[case::blank("https://docs.x.ai /")]
fn an_unclear_address_is_no_page(#[case] page: &str) {
    let sample = with_catalogue("reviewed = 2026-11-20", page);
    let run = ran(&mut sample.greenlight(&["check", "--rehearse"]));
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{page}: {}", run.all());
    assert!(run.err.contains("error[bad-url]"), "{}", run.err);
}

#[rstest]
#[case("0 USD")]
#[case("0.000000 USD")]
fn a_clip_that_costs_nothing_has_no_price(#[case] price: &str) {
    let sample = with_catalogue("reviewed = 2026-11-20", "https://docs.x.ai/pricing");
    let own = fs_err::read_to_string(sample.path().join("own.toml")).unwrap();
    sample.write("own.toml", &own.replace("0.09 USD", price));
    let run = ran(&mut sample.greenlight(&["check", "--rehearse"]));
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.all());
    assert!(run.err.contains("a clip that costs nothing has no price; leave the claim out"), "{}", run.err);
}

#[rstest]
#[case::not_https("http://clips.example/", "is a full `https://` address")]
#[case::this_machine("https://localhost/clips", "cannot be reached by a provider")]
#[case::loopback("https://127.0.0.1/clips", "cannot be reached by a provider")]
#[case::loopback_in_another_script("https://0x7f.1/clips", "cannot be reached by a provider")]
#[case::private("https://192.168.1.7/clips", "cannot be reached by a provider")]
#[case::own_network("https://[fd00::1]/clips", "cannot be reached by a provider")]
#[case::metadata("https://169.254.169.254/clips", "cannot be reached by a provider")]
#[case::login("https://ann:word@clips.example/", "contains a user name or password")]
fn clips_are_delivered_where_a_provider_can_reach(#[case] address: &str, #[case] says: &str) {
    let sample = Sample::of("api");
    let project = fs_err::read_to_string(sample.path().join("greenlight.toml")).unwrap();
    let into = format!("[project]\nupload-url = \"{address}\"");
    sample.write("greenlight.toml", &project.replacen("[project]", &into, 1));
    let run = ran(&mut sample.greenlight(&["check", "--rehearse"]));
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.all());
    assert!(run.err.contains(&format!("error[bad-url]: `upload-url` {says}")), "{}", run.err);
    assert!(run.err.contains("greenlight.toml:"), "{}", run.err);
}

/// Not in any specification, but it says no all the same.
#[rstest]
#[case::revoked("/v1/api-key", json!({ "revoked": true }))]
#[case::revoked_in_words("/v1/api-key", json!({ "revoked": "yes" }))]
#[case::other_script("/v1/api-key", json!({ "teamBlocked": true }))]
#[case::not_active("/v1/api-key", json!({ "active": false }))]
#[case::state("/v1/api-key", json!({ "status": "suspended" }))]
#[case::reason("/v1/api-key", json!({ "reason": "unpaid" }))]
#[case::status_in_the_body("/v1/api-key", json!({ "status_code": 401 }))]
#[case::user("/v1/me", json!({ "user_blocked": true }))]
#[case::key_of_the_user("/v1/me", json!({ "api_key": { "disabled": true } }))]
#[case::other_team("/v1/me", json!({ "team_id": "another" }))]
fn a_reply_that_speaks_against_itself_is_no_pass(#[case] path: &'static str, #[case] field: Value) {
    let mut body = match path {
        "/v1/me" => json!({ "zdr_status": "no_zdr", "team_id": "team-1" }),
        _ => {
            json!({ "team_id": "team-1", "acls": ["api-key:endpoint:*", "api-key:model:*"], "team_blocked": false,
                     "api_key_blocked": false, "api_key_disabled": false })
        }
    };
    let of_access = ["api.key-accepted", "api.team-active", "api.key-scope", "api.zero-retention"];
    let held = |receipt: &Value| {
        of_access.iter().any(|check| {
            matches!(finding(receipt, check, None)["verdict"].as_str(), Some("unknown" | "fail"))
        })
    };
    let sound = answered(path, "application/json", body.to_string());
    assert!(!held(&sound), "{:#}", sound["findings"]);
    for (name, value) in field.as_object().unwrap() {
        body[name] = value.clone();
    }
    let receipt = answered(path, "application/json", body.to_string());
    assert!(held(&receipt), "{:#}", receipt["findings"]);
}

#[rstest]
#[case("javascript://docs.x.ai/%0aalert(1)")]
#[case("data:text/html,docs.x.ai")]
#[case("file://docs.x.ai/pricing")]
#[case("ftp://docs.x.ai/pricing")]
#[case("https://docs.x.ai@evil.example/")]
#[case("https://me:pw@docs.x.ai/")]
#[case("docs.x.ai/pricing")]
fn what_is_no_page_is_no_source(#[case] page: &str) {
    let sample = with_catalogue("reviewed = 2026-11-20", page);
    for args in [&["check", "--rehearse"][..], &["lint", "own.toml"]] {
        let run = ran(&mut sample.greenlight(args));
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{page}: {}", run.all());
        assert!(
            run.err.contains("error[bad-url]: a source is named by the full address of a page"),
            "{}",
            run.err
        );
        assert!(run.err.contains("own.toml:"), "{}", run.err);
    }
}

/// What one free reply denies must not be ignored because another one passes.
#[rstest]
#[case::team(json!({ "team_blocked": true }), "xAI has blocked the whole team")]
#[case::key(json!({ "api_key": { "blocked": true } }), "xAI has blocked this key")]
#[case::switched_off(json!({ "api_key": { "disabled": true } }), "someone in the team switched this key off")]
fn the_account_may_not_deny_what_the_key_says(#[case] says: Value, #[case] seen: &str) {
    let mut account = json!({ "user_id": "u", "zdr_status": "no_zdr" });
    account.as_object_mut().unwrap().extend(says.as_object().unwrap().clone());
    let receipt = answered("/v1/me", "application/json", account.to_string());
    let found = finding(&receipt, "api.zero-retention", None);
    assert_eq!(found["verdict"], "fail", "{found}");
    assert!(found["seen"].as_str().unwrap().contains(seen), "{found}");
}
