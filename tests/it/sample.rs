//! The sample projects with all answers: each ends in GO, at the real price of its clips.

use rstest::rstest;
use serde_json::Value;

use crate::{
    answers::settle,
    support::{NOW, Ran, Sample, finding, provider::healthy, ran, recorder::Recorder, rows},
};

/// The sample of a route with a good answer to every question.
fn answered(route: &str) -> Sample {
    let sample = Sample::of(route);
    settle(&sample, Some);
    sample
}

fn check(sample: &Sample, args: &[&str]) -> Ran {
    ran(sample.greenlight(&["check", "--at", NOW]).args(args))
}

/// What a run decides, or would decide if it were not a rehearsal.
fn decided(receipt: &Value) -> &str {
    [&receipt["decision"], &receipt["would-be"]].into_iter().find_map(Value::as_str).unwrap()
}

/// No open finding closes the gate.
fn all_clear(receipt: &Value) {
    let open = receipt["findings"].as_array().unwrap().iter().filter(|finding| {
        finding["severity"] == "block"
            && !["pass", "warn", "not-applicable"].contains(&finding["verdict"].as_str().unwrap())
    });
    assert_eq!(open.collect::<Vec<_>>(), Vec::<&Value>::new());
    assert_eq!(decided(receipt), "GO");
}

#[test]
fn the_api_sample_would_go_in_a_rehearsal() {
    let sample = answered("api");
    let run = check(&sample, &["--rehearse", "--format", "json"]);
    all_clear(&run.json());
    assert!(run.json()["rehearsal"].is_object(), "{}", run.all());
    // 6 s made twice at 0.05, 0.002 for the image, 6 s added at 0.05 to 4 s at 0.01; each twice.
    let table = check(&sample, &["--rehearse"]).out;
    assert!(rows(&table, "estimate in budget").contains("1.884 of 3.00 USD"), "{table}");
}

#[test]
fn the_api_sample_would_go_against_a_provider_on_loopback() {
    let provider = Recorder::start(|request, _| healthy(request));
    let sample = answered("api");
    let mut command = sample.greenlight(&["check", "--at", NOW, "--format", "json", "--base-url"]);
    let run = ran(command.arg(&provider.origin).env("XAI_API_KEY", "xai-invented-for-a-test-0123456789"));
    all_clear(&run.json());
    assert!(provider.requests().iter().all(|request| request.method == "GET"));
    let asked = provider.lines();
    for path in ["/v1/api-key", "/v1/me", "/v1/video-generation-models"] {
        assert!(asked.contains(&format!("GET {path}")), "{path}: {asked:?}");
    }
}

#[rstest]
#[case("app")]
#[case("wrapper")]
fn the_other_samples_go(#[case] route: &str) {
    let run = check(&answered(route), &["--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.all());
    all_clear(&run.json());
}

/// The gate checks the budget exactly: one micro-dollar less is too little.
#[rstest]
#[case("1.884 USD", "GO")]
#[case("1.883999 USD", "NO-GO")]
fn the_price_of_an_extension_is_held_against_the_budget(#[case] budget: &str, #[case] wanted: &str) {
    let sample = Sample::of("api");
    sample.edit("3.00 USD", budget);
    settle(&sample, Some);
    let receipt = check(&sample, &["--rehearse", "--format", "json"]).json();
    assert_eq!(decided(&receipt), wanted, "{:#}", finding(&receipt, "api.estimate-within-budget", None));
}

#[test]
fn a_clip_at_an_address_keeps_the_price_unknown_and_says_how_to_end_that() {
    let sample = Sample::of("api");
    sample.edit("{ path = \"opening.mp4\", send = \"upload\" }", "\"https://clips.example/opening.mp4\"");
    settle(&sample, Some);
    let receipt = check(&sample, &["--rehearse", "--format", "json"]).json();
    assert_eq!(decided(&receipt), "HOLD");
    let estimate = finding(&receipt, "api.estimate-within-budget", None);
    assert_eq!(estimate["verdict"], "unknown", "{estimate:#}");
    let seen = estimate["seen"].as_str().unwrap();
    assert!(seen.contains("at least") && seen.contains("https://clips.example/opening.mp4"), "{seen}");
    assert!(estimate["fix"].as_str().unwrap().starts_with("Download the clip"), "{estimate:#}");
}

/// Blank, invisible or missing: none of these is a prompt, on any route and whatever people answered.
#[rstest]
fn no_route_goes_without_a_prompt(
    #[values("api", "app", "wrapper")] route: &str,
    #[values(
        "",
        "prompt = \" \\t\"\n",
        "prompt = \"\\u200b\\ufeff\\u202e\\u3164\"\n",
        "[shot.brief]\nsubject = \" \"\ncamera = \"\"\nexclude = [\"people\"]\n"
    )]
    prompt: &str,
) {
    let sample = Sample::of(route);
    let text = sample.project();
    let (head, first) = text.split_once("[[shot]]").unwrap();
    let shot: String = first
        .lines()
        .take_while(|line| !line.starts_with("[shot.brief]"))
        .flat_map(|line| [line, "\n"])
        .collect();
    sample.write("greenlight.toml", &format!("{head}[[shot]]{shot}{prompt}"));
    settle(&sample, Some);
    let how: &[&str] = if route == "api" { &["--rehearse"] } else { &[] };
    let receipt = check(&sample, &[how, &["--format", "json"]].concat()).json();
    assert_eq!(decided(&receipt), "NO-GO");
    let open = finding(&receipt, &format!("{route}.prompt-given"), None);
    assert_eq!((&open["verdict"], &open["severity"]), (&"fail".into(), &"block".into()), "{open:#}");
    assert!(open["fix"].as_str().unwrap().starts_with("Write the `prompt` of shot"), "{open:#}");
}

#[test]
fn an_image_can_be_animated_without_a_prompt() {
    let sample = Sample::of("api");
    sample.edit(
        "prompt = \"The robot raises its lid a little and lowers it again; the camera does not move.\"",
        "",
    );
    settle(&sample, Some);
    assert_eq!(decided(&check(&sample, &["--rehearse", "--format", "json"]).json()), "GO");
}
