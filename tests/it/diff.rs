//! Two receipts side by side: what changed, and the reported causes.

use greenlight::model::report::{Rehearsal, Report};
use rstest::rstest;
use serde_json::Value;

use crate::{
    answers::{begun, settle, settled},
    support::{
        Ran, Sample, ran,
        receipts::{keep, named, report, report_at},
        steady,
    },
};

fn diff(place: &Sample, old: &Report, new: &Report) -> Ran {
    keep(place, "old.json", &[old]);
    keep(place, "new.json", &[new]);
    let table = ran(&mut place.greenlight(&["diff", "old.json", "new.json"]));
    let json = ran(&mut place.greenlight(&["diff", "old.json", "new.json", "--format", "json"]));
    assert_eq!(table.code, json.code, "{}{}", table.all(), json.all());
    assert_eq!(json.json()["changed"], json.code == 1, "{}", json.out);
    let names: Vec<_> =
        changes(&json).iter().map(|change| change["title"].as_str().unwrap().to_owned()).collect();
    assert!(names.iter().all(|name| table.out.contains(name)), "{names:?} {}", table.out);
    Ran { out: table.out, ..json }
}

fn changes(json: &Ran) -> Vec<Value> {
    let all = json.json();
    all["projects"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|one| one["changes"].as_array().unwrap().clone())
        .collect()
}

/// The causes of a check, as the JSON names them.
fn causes(place: &Sample, check: &str) -> Vec<String> {
    let json = ran(&mut place.greenlight(&["diff", "old.json", "new.json", "--format", "json"]));
    let all = changes(&json);
    let one =
        all.iter().find(|change| change["check"] == check).unwrap_or_else(|| panic!("{check}: {}", json.out));
    one["why"].as_array().unwrap().iter().map(|why| why["cause"].as_str().unwrap().to_owned()).collect()
}

const CHECK: &str = "wrapper.refunds";

/// A wrapper project in which every question but one is answered.
fn all_but_one() -> Sample {
    let place = named(begun("wrapper"));
    settle(&place, |answer| (answer.check.as_str() != CHECK).then_some(answer));
    place
}

fn answer_it(place: &Sample) {
    settle(place, |answer| (answer.check.as_str() == CHECK).then_some(answer));
}

#[test]
fn two_runs_of_the_same_differ_in_nothing() {
    let place = named(settled());
    let later = report_at(&place, "2026-11-22T11:00:00Z", &[]);
    let ran = diff(&place, &report(&place, &[]), &later);
    assert_eq!(ran.code, 0, "{}", ran.all());
    insta::assert_snapshot!(ran.all());
}

#[test]
fn an_answer_turns_hold_into_go() {
    let place = all_but_one();
    let old = report(&place, &[]);
    answer_it(&place);
    let ran = diff(&place, &old, &report(&place, &[]));
    assert_eq!((ran.code, causes(&place, CHECK)), (1, vec!["answer".to_owned()]), "{}", ran.all());
    insta::assert_snapshot!(ran.all());
}

#[test]
fn an_answer_given_anew_changes_no_verdict() {
    let place = named(settled());
    let old = report(&place, &[]);
    settle(&place, |mut answer| {
        answer.by = "Bob".to_owned();
        (answer.check.as_str() == CHECK).then_some(answer)
    });
    let ran = diff(&place, &old, &report(&place, &[]));
    assert_eq!((ran.code, causes(&place, CHECK)), (0, vec!["answer".to_owned()]), "{}", ran.all());
    insta::assert_snapshot!(ran.all());
}

#[test]
fn time_alone_takes_answers_out_of_force() {
    let place = named(settled());
    let ran = diff(&place, &report(&place, &[]), &report_at(&place, "2027-03-01", &[]));
    assert_eq!((ran.code, causes(&place, CHECK)), (1, vec!["clock".to_owned()]), "{}", ran.all());
    insta::assert_snapshot!(ran.all());
}

#[test]
fn evidence_that_was_edited_is_named_as_the_cause() {
    let place = named(settled());
    let old = report(&place, &[]);
    place.write("screen.txt", "something else");
    let ran = diff(&place, &old, &report(&place, &[]));
    assert_eq!((ran.code, causes(&place, CHECK)), (1, vec!["evidence".to_owned()]), "{}", ran.all());
}

#[test]
fn a_waiver_comes_and_runs_out() {
    let place = all_but_one();
    let open = report(&place, &[]);
    let mut entry =
        "\n[[waiver]]\ncheck = \"wrapper.refunds\"\nroute = \"wrapper\"\nprovider = \"acme\"\n".to_owned();
    entry +=
        "reason = \"the provider was asked\"\nowner = \"Ann\"\nrecorded = 2026-11-22\nuntil = 2026-11-25\n";
    let answers = fs_err::read_to_string(place.path().join("answers.toml")).unwrap();
    place.write("answers.toml", &(answers + &entry));
    let waived = report(&place, &[]);
    let ran = diff(&place, &open, &waived);
    assert_eq!((ran.code, causes(&place, CHECK)), (1, vec!["waiver".to_owned()]), "{}", ran.all());
    insta::assert_snapshot!("waiver_comes", ran.all());
    let ran = diff(&place, &waived, &report_at(&place, "2026-11-26", &[]));
    assert_eq!((ran.code, causes(&place, CHECK)), (1, vec!["clock".to_owned()]), "{}", ran.all());
}

fn rehearsed(place: &Sample, scenario: &str) -> Report {
    if scenario.is_empty() {
        report(place, &["--rehearse"])
    } else {
        report(place, &["--rehearse", scenario])
    }
}

/// As if the calls had gone to one and the same server.
fn of_own_server(mut report: Report) -> Report {
    report.rehearsal = Some(Rehearsal { scenario: None });
    report.sealed()
}

#[rstest]
#[case::key("bad-key", "api.key-accepted")]
#[case::listing("model-missing", "api.model-available")]
#[case::silence("refused", "api.key-accepted")]
fn what_the_provider_said(#[case] scenario: &str, #[case] check: &str) {
    let place = Sample::of("api");
    let (old, new) = (rehearsed(&place, ""), rehearsed(&place, scenario));
    let ran = diff(&place, &of_own_server(old.clone()), &of_own_server(new.clone()));
    assert_eq!((ran.code, causes(&place, check)), (1, vec!["provider".to_owned()]), "{}", ran.all());
    insta::assert_snapshot!(format!("provider_{scenario}"), steady(&ran.all()));
    let ran = diff(&place, &old, &new);
    assert_eq!((ran.code, causes(&place, check)), (1, vec!["run".to_owned()]), "{}", ran.all());
}

#[test]
fn a_run_without_calls_is_told_from_one_with_calls() {
    let place = Sample::of("api");
    let mut online = rehearsed(&place, "");
    online.rehearsal = None;
    let ran = diff(&place, &online.sealed(), &report(&place, &["--offline"]));
    assert_eq!(
        (ran.code, causes(&place, "api.service-status")),
        (1, vec!["run".to_owned()]),
        "{}",
        ran.all()
    );
}

#[test]
fn a_dated_fact_comes_into_force() {
    let place = Sample::of("api");
    place.edit("model = \"grok-imagine-video\"", "model = \"grok-imagine-video-1.5\"");
    let at = |day| report_at(&place, day, &["--rehearse"]);
    let ran = diff(&place, &at("2026-07-30"), &at("2026-07-31"));
    assert_eq!(ran.code, 1, "{}", ran.all());
    assert_eq!(causes(&place, "api.mode-supported"), ["clock", "source"], "{}", ran.all());
    insta::assert_snapshot!(steady(&ran.all()));
}

#[test]
fn the_project_is_the_cause_of_what_it_changed() {
    let place = Sample::of("api");
    let old = rehearsed(&place, "");
    place.edit("retries = 1", "");
    let ran = diff(&place, &old, &rehearsed(&place, ""));
    assert_eq!(ran.code, 1, "{}", ran.all());
    assert_eq!(causes(&place, "api.timeout-and-retries"), ["project"], "{}", ran.all());
    insta::assert_snapshot!(steady(&ran.all()));
}

const OWN: &str = r#"
id = "own"
reviewed = 2026-11-22

[[check]]
id = "own.retries-agreed"
row = "failure-policy"
title = "retries agreed"
severity = "block"
why = "The contract asks for it."
fix = "Ask."
source = { url = "https://example.com/contract", as-of = 2026-11-01 }
question = { ask = "Are they agreed?", type = "yes-no", pass = ["yes"], evidence = "url", valid-for = "90d" }
"#;

#[test]
fn a_checklist_brings_and_takes_checks() {
    let place = named(settled());
    let old = report(&place, &[]);
    place.write("own.toml", OWN).edit("[failure]", "checklists = [\"own.toml\"]\n\n[failure]");
    let new = report(&place, &[]);
    let ran = diff(&place, &old, &new);
    assert_eq!(causes(&place, "own.retries-agreed"), ["project", "checklist"], "{}", ran.all());
    insta::assert_snapshot!("checklist_brings", ran.all());
    assert!(diff(&place, &new, &old).out.contains("gone: ? UNKNOWN"));
}

#[test]
fn a_severity_and_a_version_that_changed_are_told() {
    let place = named(begun("wrapper"));
    place.write("own.toml", OWN).edit("[failure]", "checklists = [\"own.toml\"]\n\n[failure]");
    let old = report(&place, &[]);
    place.write("own.toml", &OWN.replace("\"block\"", "\"warn\""));
    let mut new = report(&place, &[]);
    new.tool.version = "0.2.0".to_owned();
    let ran = diff(&place, &old, &new.sealed());
    assert_eq!(
        (ran.code, causes(&place, "own.retries-agreed")),
        (1, vec!["checklist".to_owned(), "tool".to_owned()])
    );
    insta::assert_snapshot!(ran.all());
}

#[test]
fn what_follows_from_a_check_names_that_check() {
    let place = named(begun("wrapper"));
    let quote = ["wrapper.quote-unit", "wrapper.job-quote"];
    settle(&place, |answer| (answer.check.as_str() != quote[0]).then_some(answer));
    let old = report(&place, &[]);
    settle(&place, |answer| (answer.check.as_str() == quote[0]).then_some(answer));
    let ran = diff(&place, &old, &report(&place, &[]));
    assert_eq!(causes(&place, quote[1]), ["follows"], "{}", ran.all());
    insta::assert_snapshot!(ran.all());
}

#[test]
fn an_edited_receipt_is_compared_and_labelled() {
    let place = named(settled());
    let old = report(&place, &[]);
    let mut new = old.clone();
    new.digest = "00".to_owned();
    let ran = diff(&place, &old, &new);
    assert_eq!(ran.code, 0, "{}", ran.all());
    assert!(ran.out.contains("the new receipt was edited"), "{}", ran.out);
}

#[test]
fn several_projects_are_matched_by_what_they_are() {
    let place = named(settled());
    let one = report(&place, &[]);
    let called = |name: &str| {
        let mut report = one.clone();
        report.project.name = name.to_owned();
        report.sealed()
    };
    keep(&place, "old.json", &[&called("first"), &called("second")]);
    keep(&place, "new.json", &[&called("second"), &called("third")]);
    let ran = ran(&mut place.greenlight(&["diff", "old.json", "new.json"]));
    assert_eq!(ran.code, 1, "{}", ran.all());
    insta::assert_snapshot!(ran.all());
}

#[test]
fn a_file_that_is_not_a_receipt_is_refused() {
    let place = named(settled());
    let mut later = report(&place, &[]);
    keep(&place, "old.json", &[&later]);
    later.schema_version = 2;
    let mut value = serde_json::to_value(&later).unwrap();
    value.as_object_mut().unwrap().remove("tool");
    place.write("new.json", &value.to_string());
    for names in [["old.json", "new.json"], ["none.json", "old.json"], ["old.json", "greenlight.toml"]] {
        let ran = ran(place.greenlight(&["diff"]).args(names));
        assert!(ran.code == 2 && ran.out.is_empty(), "{names:?}: {}", ran.all());
    }
    assert_eq!(ran(&mut place.greenlight(&["diff", "old.json"])).code, 2);
}
