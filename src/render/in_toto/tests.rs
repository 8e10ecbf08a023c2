use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Value, json};

use super::render;
use crate::{
    model::{
        checklist::Severity,
        decision::Decision,
        report::{Batch, InputDigest, InputRole, Rehearsal, Replay, Report},
        verdict::{Reason, Verdict},
    },
    render::{
        fixture::{STYLE, day, finding, report, rich, two},
        hostile::{hostile, saying, words},
    },
};

fn statement(report: Report) -> Value {
    serde_json::from_str(&render(&Batch::one(report.sealed()), &STYLE)).unwrap()
}

fn with_checklist(mut report: Report) -> Report {
    let sha256 = "cd".repeat(32);
    report.inputs.push(InputDigest::read(InputRole::Checklist, "builtin:api", sha256));
    report
}

#[test]
fn the_statement_keeps_its_shape() {
    insta::assert_snapshot!(render(&Batch::one(with_checklist(rich())), &STYLE));
}

#[rstest]
#[case::all_passed(Decision::Go, vec![finding("a.b", Verdict::Pass)], "PASSED")]
#[case::caution(Decision::Go, vec![finding("a.b", Verdict::Pass), finding("a.c", Verdict::Warn)], "WARNED")]
#[case::waived(Decision::Go, vec![finding("a.b", Verdict::Waived { until: day(12, 1) })], "WARNED")]
#[case::hold(Decision::Hold, vec![finding("a.b", Verdict::Unknown { reason: Reason::NotMade })], "FAILED")]
#[case::nothing(Decision::Hold, vec![], "FAILED")]
#[case::no_go(Decision::NoGo, vec![finding("a.b", Verdict::Fail)], "FAILED")]
fn the_result_follows_the_decision(
    #[case] decision: Decision,
    #[case] findings: Vec<crate::model::verdict::Finding>,
    #[case] result: &str,
) {
    let statement = statement(report(decision, findings));
    assert_eq!(statement["predicate"]["result"], result);
    let failed = statement["predicate"]["failedTests"].as_array().unwrap();
    assert_eq!(failed.is_empty(), result != "FAILED");
}

#[test]
fn what_is_open_but_not_required_is_no_pass() {
    let mut open = finding("a.b", Verdict::Unknown { reason: Reason::NotMade });
    open.severity = Severity::Info;
    let statement = statement(report(Decision::Go, vec![open]));
    assert_eq!(statement["predicate"]["result"], "WARNED");
    assert_eq!(statement["predicate"]["warnedTests"], json!(["a.b"]));
}

#[rstest]
#[case::rehearsal(|report: &mut Report| report.rehearsal = Some(Rehearsal { scenario: None }), "REHEARSAL")]
#[case::replay(
    |report: &mut Report| report.replay = Some(Replay { recorded: report.at, sha256: String::new() }),
    "REPLAY (of 2026-11-22 10:04 UTC)"
)]
#[case::partial(|report: &mut Report| report.only = vec!["cost".to_owned()], "PARTIAL (only cost)")]
fn what_clears_nothing_attests_nothing(#[case] make: fn(&mut Report), #[case] label: &str) {
    let mut report = with_checklist(report(
        Decision::Go,
        vec![finding("a.b", Verdict::Pass), finding("a.c", Verdict::Warn)],
    ));
    make(&mut report);
    let statement = statement(report);
    let predicate = &statement["predicate"];
    assert_eq!(predicate["result"], "FAILED");
    assert_eq!(predicate["passedTests"], json!([]));
    assert_eq!(predicate["warnedTests"], json!([]));
    assert_eq!(predicate["failedTests"], json!([label]));
    for descriptor in predicate["configuration"].as_array().unwrap() {
        assert_eq!(descriptor["annotations"]["greenlight-clears-nothing"], json!([label]));
    }
}

#[test]
fn the_subjects_are_the_files_and_the_receipt() {
    let report = with_checklist(rich()).sealed();
    let digest = report.digest.clone();
    let statement = statement(report);
    assert_eq!(statement["_type"], "https://in-toto.io/Statement/v1");
    assert_eq!(statement["predicateType"], "https://in-toto.io/attestation/test-result/v0.1");
    assert_eq!(
        statement["subject"],
        json!([
            { "name": "project:greenlight.toml", "digest": { "sha256": "ab".repeat(32) } },
            { "name": "checklist:builtin:api", "digest": { "sha256": "cd".repeat(32) } },
            { "name": "receipt", "digest": { "sha256": digest } },
        ])
    );
}

/// Every verdict is attested, whatever the texts contain.
fn survives(text: &str) {
    let report = saying(text);
    let out = render(&Batch { reports: vec![report.clone(), report.clone()], several: true }, &STYLE);
    assert_eq!(out.lines().count(), 2, "{text:.80}");
    let statement: Value = serde_json::from_str(out.lines().next().unwrap()).unwrap();
    let configuration = statement["predicate"]["configuration"].as_array().unwrap();
    let verdicts = configuration.last().unwrap()["annotations"]["greenlight-verdicts"].clone();
    let mut found: Vec<(String, String)> = serde_json::from_value(verdicts).unwrap();
    found.sort();
    let wanted: Vec<_> = words(&report).into_iter().map(|(name, word)| (name, word.to_owned())).collect();
    assert_eq!(found, wanted, "{text:.80}");
}

#[test]
fn no_text_changes_what_is_attested() {
    for text in hostile() {
        survives(&text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn no_text_changes_what_is_attested_whatever_it_is(text in any::<String>()) {
        survives(&text);
    }
}

#[test]
fn several_projects_are_a_statement_a_line() {
    let out = render(&two(), &STYLE);
    let results: Vec<Value> = out
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["predicate"]["result"].clone())
        .collect();
    assert_eq!(results, ["FAILED", "FAILED"]);
}
