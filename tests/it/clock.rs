//! The same project at different times: the newest claim that is not after the moment decides.

use std::sync::Arc;

use std::collections::BTreeMap;

use greenlight::{
    exit::Exit,
    judge::{self, Case},
    load,
    model::{
        answer::Answers,
        decision::{Decision, FailOn},
        observation::Observations,
        report::Tool,
    },
};
use rstest::rstest;

use crate::support::{Sample, finding, ran, rows};

fn at(sample: &Sample, day: &str) -> (i32, String, serde_json::Value) {
    let table = ran(&mut sample.greenlight(&["check", "--rehearse", "--at", day]));
    let json = ran(&mut sample.greenlight(&["check", "--rehearse", "--at", day, "--format", "json"]));
    assert_eq!(table.code, json.code, "the code is the same in every format: {}", table.all());
    (table.code, table.out.clone(), json.json())
}

fn asking(model: &str) -> Sample {
    let sample = Sample::of("api");
    sample.edit("model = \"grok-imagine-video\"", &format!("model = \"{model}\""));
    sample
}

#[test]
fn a_newer_claim_overrides_an_older_one_from_its_day_on() {
    let sample = asking("grok-imagine-video-1.5");
    let mut told = String::new();
    for (day, verdict) in
        [("2026-06-10", "fail"), ("2026-07-30", "fail"), ("2026-07-31", "pass"), ("2026-08-10", "pass")]
    {
        let (_, table, report) = at(&sample, day);
        let found = finding(&report, "api.mode-supported", Some("opening"));
        assert_eq!(found["verdict"], verdict, "{day}: {found:#}");
        told.extend([format!("--at {day}\n{}", rows(&table, "mode supported [opening"))]);
    }
    insta::assert_snapshot!(told);
}

#[test]
fn before_anything_was_known_nothing_is_supported() {
    let (code, _, report) = at(&Sample::of("api"), "2025-01-01");
    let found = finding(&report, "api.mode-supported", Some("opening"));
    assert_eq!((code, &found["verdict"]), (3, &"unknown".into()), "{found:#}");
}

#[rstest]
#[case("2026-06-10")]
#[case("2026-08-10")]
#[case("2027-08-10")]
fn a_model_named_as_a_preview_is_no_default_at_any_time(#[case] day: &str) {
    let (code, _, report) = at(&asking("grok-imagine-video-1.5-preview"), day);
    let found = finding(&report, "api.preview-not-default", Some("opening"));
    assert_ne!(found["verdict"], "pass");
    assert_eq!((code, &found["verdict"]), (1, &"fail".into()), "{found:#}");
}

#[rstest]
#[case("2026-11-22", "pass")]
#[case("2031-01-01", "warn")]
fn a_catalogue_grows_stale(#[case] day: &str, #[case] verdict: &str) {
    let (_, _, report) = at(&Sample::of("api"), day);
    let found = finding(&report, "api.catalogue-fresh", None);
    assert_eq!(found["verdict"], verdict, "{found:#}");
}

#[rstest]
#[case("2026-08-10", "2026-08-10T00:00:00Z")]
#[case("2026-08-10T12:00:00Z", "2026-08-10T12:00:00Z")]
#[case("2026-08-10T12:00:00+02:00", "2026-08-10T10:00:00Z")]
#[case("2026-08-10T12:00:00.5Z", "2026-08-10T12:00:00.500Z")]
#[case("2026-08-10 12:00:00Z", "2026-08-10T12:00:00Z")]
#[case("2024-02-29", "2024-02-29T00:00:00Z")]
#[case("9999-12-31", "9999-12-31T00:00:00Z")]
fn a_moment_is_understood(#[case] text: &str, #[case] moment: &str) {
    let args = ["check", "--offline", "--format", "json", "--at", text];
    assert_eq!(ran(&mut Sample::of("api").greenlight(&args)).json()["at"], moment);
}

#[rstest]
#[case("2026-02-29")]
#[case("10.08.2026")]
#[case("2026-08-10T12:00:00")]
#[case("2026-08-10T25:00:00Z")]
#[case("now")]
#[case("")]
#[case("+262142-12-31")]
#[case("-0001-01-01")]
#[case("10000-01-01")]
fn a_moment_that_cannot_be_is_refused(#[case] text: &str) {
    let told = ran(Sample::of("api").greenlight(&["check", "--offline"]).arg(format!("--at={text}")));
    assert_eq!(told.code, 2, "{}", told.all());
    assert!(told.err.contains("2026-08-10T12:00:00Z"), "{}", told.err);
}

/// Judges the sample project by some of its checks, with nothing observed.
fn decision(checks: &[&str], retries: &str) -> Decision {
    let sample = Sample::of("api");
    sample.edit("retries = 1", retries);
    let path = sample.path().join("greenlight.toml");
    let mut loaded = load::project("".into(), &path, &judge::rules::known()).unwrap();
    Arc::make_mut(&mut loaded.checklist).checks.retain(|check| checks.contains(&check.id.as_str()));
    assert_eq!(loaded.checklist.checks.len(), checks.len());
    let nothing = Observations {
        probes: BTreeMap::new(),
        media: BTreeMap::new(),
        evidence: BTreeMap::new(),
        output: None,
        keys: BTreeMap::new(),
        base: None,
        calls: Vec::new(),
        ended: None,
        seen_on: None,
        live: None,
    };
    let judgement = judge::judge(&Case {
        project: &loaded.project,
        file: &loaded.file,
        checklist: &loaded.checklist,
        catalogue: &loaded.catalogue,
        answers: &Answers::default(),
        observations: &nothing,
        now: crate::support::NOW.parse().unwrap(),
        made: crate::support::NOW.parse().unwrap(),
        rehearsal: None,
        allow_private: false,
        via: None,
        replay: None,
        only: vec![],
        fail_on: FailOn::Fail,
        inputs: loaded.inputs,
        tool: Tool { name: "greenlight".to_owned(), version: "0".to_owned() },
    });
    judgement.report.found()
}

#[rstest]
#[case::go(&["api.timeout-and-retries", "api.limits"], "retries = 1", 0)]
#[case::warnings_let_on(&["api.timeout-and-retries", "api.downstream-named"], "retries = 1", 0)]
#[case::hold(&["api.timeout-and-retries", "api.policy-read"], "retries = 1", 3)]
#[case::no_go(&["api.timeout-and-retries", "api.policy-read"], "", 1)]
#[case::nothing_ran(&[], "retries = 1", 3)]
fn each_decision_has_its_exit_code(#[case] checks: &[&str], #[case] retries: &str, #[case] code: u8) {
    assert_eq!(Exit::from(decision(checks, retries)).code(), code);
}

#[test]
fn answers_turn_hold_into_go_and_time_turns_it_back() {
    let place = Sample::empty();
    let args = ["init", "--route", "api", "--material", "idea", "--prompt", "A paper boat drifts away."];
    assert_eq!(ran(&mut place.greenlight(&args)).code, 0);
    let (code, _, report) = at(&place, "2026-11-22");
    assert_eq!(code, 3);
    let open = report["findings"].as_array().unwrap().iter().filter(|f| f["reason"] == "unanswered");
    for check in open.map(|finding| finding["check"].as_str().unwrap()) {
        let evidence =
            ["--evidence", "https://example.com/page", "--evidence", "quote:we have seen the page"];
        let value = match check {
            "api.moderation-response" => "change the prompt",
            "api.likeness" => "nobody recognisable is shown",
            _ => "yes",
        };
        let mut answer = place.greenlight(&["answer", check, "--value", value, "--by", "Ann"]);
        let answered = ran(answer.args(["--answered", "2026-11-20"]).args(evidence));
        assert_eq!(answered.code, 0, "{check}: {}", answered.all());
    }
    for (day, decision) in
        [("2026-11-22", (0, "GO")), ("2026-11-01", (3, "HOLD")), ("2028-01-01", (3, "HOLD"))]
    {
        let (code, table, report) = at(&place, day);
        assert_eq!((code, report["would-be"].as_str().unwrap()), decision, "{day}: {table}");
    }
}
