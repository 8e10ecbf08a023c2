//! A value that nobody knows is no pass, wherever it stands.

use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{
    NOW, Ran, Sample, finding,
    provider::healthy,
    ran,
    recorder::{Answer, Recorder},
};

/// A run in which one path is answered in this way, and everything else is healthy.
fn answered(path: &'static str, content_type: &'static str, body: String) -> Value {
    let provider = Recorder::start(move |request, _| {
        if request.path == path { Answer::new(200, content_type, body.clone()) } else { healthy(request) }
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

#[test]
fn an_alias_of_a_model_that_is_not_listed_is_no_pass() {
    let body = json!({ "id": "a-successor", "aliases": ["grok-imagine-video"], "input_modalities": ["text"], "output_modalities": ["video"] });
    let path = "/v1/video-generation-models/grok-imagine-video";
    let receipt = answered(path, "application/json", body.to_string());
    let found = finding(&receipt, "api.model-available", None);
    assert_eq!(found["verdict"], "warn", "{found}");
    assert_eq!(found["seen"], "`grok-imagine-video` is served by `a-successor`");
}

// Facts of one's own.

fn rehearsed(sample: &Sample, at: &str, check: &str) -> Value {
    let args = ["check", "--rehearse", "--at", at, "--format", "json", "--only", check];
    let run = ran(&mut sample.greenlight(&args));
    finding(&run.json(), check, None).clone()
}

/// The sample with a catalogue of its own whose price is dearest and newest.
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
    "`catalogue` reviewed 2026-11-22, stale"
)]
#[case::patient(
    "reviewed = 2027-05-31\nstale-after = \"3650d\"",
    DAY,
    "warn",
    "`catalogue` reviewed 2026-11-22, stale"
)]
#[case::day_to_come(
    "reviewed = 2999-01-01\nstale-after = \"60d\"",
    DAY,
    "unknown",
    "`own` reviewed 2999-01-01, a day that has not come"
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
    "`catalogue` reviewed 2026-11-22; `own` reviewed 2026-11-20"
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
#[case::dot("https://docs.x.ai./")]
#[case::other_script("https://docs.x.\u{430}i/")]
#[case::soft("https://do\u{ad}cs.x.ai/")]
#[case::percent("https://docs%2ex.ai/")]
#[case::in_the_path("https://evil.example/https://docs.x.ai/")]
fn a_price_page_is_one_of_the_owner(#[case] page: &str) {
    let sample = with_catalogue("reviewed = 2026-11-20", page);
    let found = rehearsed(&sample, NOW, "api.price-owner");
    assert_eq!(found["verdict"], "fail", "{page}: {found}");
    let fine = with_catalogue("reviewed = 2026-11-20", "https://docs.x.ai/pricing");
    assert_eq!(rehearsed(&fine, NOW, "api.price-owner")["verdict"], "pass");
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

/// What one free reply denies, another that counts may not pass over.
#[rstest]
#[case::team(json!({ "team_blocked": true }), "xAI has blocked the whole team")]
#[case::key(json!({ "api_key": { "blocked": true } }), "xAI has blocked this key")]
#[case::switched_off(json!({ "api_key": { "disabled": true } }), "somebody in the team switched this key off")]
fn the_account_may_not_deny_what_the_key_says(#[case] says: Value, #[case] seen: &str) {
    let mut account = json!({ "user_id": "u", "zdr_status": "no_zdr" });
    account.as_object_mut().unwrap().extend(says.as_object().unwrap().clone());
    let receipt = answered("/v1/me", "application/json", account.to_string());
    let found = finding(&receipt, "api.zero-retention", None);
    assert_eq!(found["verdict"], "fail", "{found}");
    assert!(found["seen"].as_str().unwrap().contains(seen), "{found}");
}
