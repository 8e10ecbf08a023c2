//! Compares two receipts: a receipt doesn't differ from itself, and every difference is reported once.

mod causes;

use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Value, json};

use super::*;
use crate::model::changes::Why;

fn finding(check: &str, subject: Option<&str>, verdict: &str) -> Value {
    let mut finding = json!({
        "check": check, "row": "access", "title": check, "severity": "block", "verdict": verdict, "seen": "seen",
        "source": { "url": "https://example.com/", "as-of": "2026-11-01" },
        "location": { "file": "greenlight.toml", "line": 1 },
    });
    if let Some(subject) = subject {
        finding["subject"] = json!(subject);
    }
    if verdict == "unknown" {
        finding["reason"] = json!("unreachable");
    }
    finding
}

fn report(findings: impl IntoIterator<Item = Value>) -> Value {
    json!({
        "schema-version": 1,
        "tool": { "name": "greenlight", "version": "0.1.0" },
        "at": "2026-11-22T10:04:00Z",
        "made": "2026-11-22T10:04:00Z",
        "fail-on": "fail",
        "project": { "name": "Teaser", "route": "api", "provider": "xai", "shots": 1 },
        "inputs": [
            { "role": "project", "path": "greenlight.toml", "sha256": "aa" },
            { "role": "checklist", "path": "builtin:api", "sha256": "bb" },
        ],
        "findings": findings.into_iter().collect::<Value>(),
        "totals": { "pass": 0, "warn": 0, "fail": 0, "unknown": 0, "blocked": 0, "waived": 0, "not-applicable": 0 },
        "decision": "GO",
        "calls": [{ "method": "GET", "url": "https://example.com/", "attempts": 1, "billable": "no" }],
        "digest": "",
    })
}

fn file(reports: Vec<Value>) -> ReceiptFile {
    let entry = |value: Value| {
        let report: Report = serde_json::from_value(value).unwrap();
        let report = report.sealed();
        ReceiptEntry { value: serde_json::to_value(&report).unwrap(), version: 1, report: Some(report) }
    };
    ReceiptFile { file: "r.json".to_owned(), outer: None, entries: reports.into_iter().map(entry).collect() }
}

fn changes(old: Value, new: Value) -> ProjectChanges {
    compare(&file(vec![old]), &file(vec![new])).projects.remove(0)
}

/// The only change between two states of a finding, with its causes in order.
fn between(old: Value, new: Value) -> Option<(Kind, Vec<Why>)> {
    let found = changes(report([old]), report([new])).changes;
    assert!(found.len() <= 1, "{found:#?}");
    found.into_iter().next().map(|one| (one.kind, one.why.iter().map(|cause| cause.cause).collect()))
}

fn but(mut value: Value, field: &str, to: Value) -> Value {
    value[field] = to;
    value
}

#[rstest]
#[case::same("seen", json!("seen"), None)]
#[case::text("seen", json!("another"), Some((Kind::Seen, Why::Observed)))]
#[case::severity("severity", json!("warn"), Some((Kind::Severity, Why::Observed)))]
#[case::sides("got", json!("3"), Some((Kind::Seen, Why::Provider)))]
#[case::fault("fault", json!("key-refused"), Some((Kind::Seen, Why::Provider)))]
#[case::title("title", json!("another"), None)]
#[case::advice("fix", json!("another"), None)]
#[case::dated("source", json!({ "url": "https://example.com/", "as-of": "2026-10-01" }), Some((Kind::Seen, Why::Source)))]
fn what_of_a_finding_matters(#[case] field: &str, #[case] to: Value, #[case] wanted: Option<(Kind, Why)>) {
    let found = between(finding("a.one", None, "pass"), but(finding("a.one", None, "pass"), field, to));
    assert_eq!(found.map(|(kind, why)| (kind, why[0])), wanted);
}

#[rstest]
#[case("12.1 GiB free", "9.8 GiB free")]
#[case("expires in 3 days", "expires tomorrow")]
#[case("until 2026-12-20", "expires today")]
#[case("http://127.0.0.1:3000, set by hand", "http://127.0.0.1:4000, set by hand")]
fn passing_time_is_not_a_change(#[case] old: &str, #[case] new: &str) {
    let one = |seen: &str| but(finding("a.one", None, "pass"), "seen", json!(seen));
    assert_eq!(between(one(old), one(new)), None);
}

#[test]
fn a_changed_file_comes_before_a_changed_reply() {
    let mut new = report([but(finding("a.one", None, "fail"), "fault", json!("not-listed"))]);
    new["inputs"][0]["sha256"] = json!("zz");
    let found = changes(report([finding("a.one", None, "pass")]), new);
    let why: Vec<_> = found.changes[0].why.iter().map(|cause| cause.cause).collect();
    assert_eq!((why, found.inputs.len()), (vec![Why::Project, Why::Provider], 1));
}

#[test]
fn a_project_file_is_the_same_wherever_it_is_called_from() {
    let mut new = report([]);
    new["inputs"][0]["path"] = json!("../greenlight.toml");
    assert_eq!(changes(report([]), new).inputs, vec![]);
}

#[test]
fn the_worst_stands_first_and_what_left_last() {
    let old = vec![
        finding("a.gone", None, "fail"),
        finding("a.better", None, "fail"),
        finding("a.worse", None, "pass"),
        finding("a.lost", None, "pass"),
        but(finding("a.seen", None, "fail"), "seen", json!("before")),
    ];
    let new = vec![
        finding("a.better", None, "pass"),
        finding("a.lost", None, "unknown"),
        finding("a.worse", None, "fail"),
        finding("a.seen", None, "fail"),
        finding("a.new", None, "fail"),
    ];
    let found = changes(report(old), report(new));
    let order: Vec<_> = found.changes.iter().map(|change| change.check.as_str()).collect();
    assert_eq!(order, ["a.worse", "a.new", "a.lost", "a.better", "a.gone", "a.seen"]);
}

#[rstest]
#[case::alone_whatever_it_is_called(vec!["one"], vec!["two"], &[true])]
#[case::several(vec!["one", "two"], vec!["two", "three"], &[true, false, false])]
#[case::one_of_several(vec!["one"], vec!["two", "one"], &[false, true])]
#[case::none(vec!["one"], vec![], &[false])]
#[case::twice_the_same(vec!["one", "one"], vec!["one", "one"], &[true, true])]
fn projects_are_matched(#[case] old: Vec<&str>, #[case] new: Vec<&str>, #[case] both: &[bool]) {
    let files = [old, new].map(|names| {
        let named = |name: &str| {
            but(report([]), "project", json!({ "name": name, "route": "api", "provider": "xai", "shots": 1 }))
        };
        file(names.into_iter().map(named).collect())
    });
    let found = compare(&files[0], &files[1]);
    let matched: Vec<_> =
        found.projects.iter().map(|one| one.decided.old.is_some() && one.decided.new.is_some()).collect();
    assert_eq!((matched.as_slice(), found.changed), (both, both.contains(&false)));
}

#[test]
fn projects_of_one_name_are_matched_by_their_files_first() {
    let at = |path: &str, decision: &str| {
        let mut report = but(report([]), "decision", json!(decision));
        report["inputs"][0]["path"] = json!(path);
        report
    };
    let old = file(vec![at("x.toml", "GO"), at("before.toml", "HOLD"), at("y.toml", "NO-GO")]);
    let new = file(vec![at("y.toml", "NO-GO"), at("x.toml", "GO"), at("moved.toml", "HOLD")]);
    let found = compare(&old, &new);
    let files: Vec<_> = found.projects.iter().map(|one| (one.file.as_str(), one.decided.turned())).collect();
    assert_eq!(files, [("y.toml", false), ("x.toml", false), ("moved.toml", false)]);
}

#[rstest]
#[case::nothing("seen", json!("seen"), false)]
#[case::only_what_was_seen("seen", json!("another"), false)]
#[case::a_severity("severity", json!("warn"), true)]
#[case::a_verdict("verdict", json!("fail"), true)]
fn receipts_differ_when_a_verdict_or_its_weight_does(
    #[case] field: &str,
    #[case] to: Value,
    #[case] wanted: bool,
) {
    let one = finding("a.one", None, "pass");
    let found = compare(&file(vec![report([one.clone()])]), &file(vec![report([but(one, field, to)])]));
    assert_eq!(found.changed, wanted);
}

#[test]
fn the_decision_of_a_file_is_the_worst_of_its_projects() {
    let decided = |decision: &str| but(report([]), "decision", json!(decision));
    let old = file(vec![decided("GO"), decided("HOLD")]);
    let new = file(vec![decided("NO-GO"), decided("GO")]);
    let found = compare(&old, &new);
    let shown = [found.decided.old, found.decided.new].map(|side| side.map(|decided| decided.to_string()));
    assert_eq!(shown, [Some("HOLD".to_owned()), Some("NO-GO".to_owned())]);
}

#[rstest]
#[case::nothing("only", json!([]), None)]
#[case::a_part("only", json!(["cost", "a.one"]), Some("the new receipt is a partial run (cost, a.one), which clears nothing"))]
#[case::edited("digest", json!("edited"), Some("the new receipt was edited: its digest does not match its content"))]
#[case::stricter("fail-on", json!("warn"), Some("what closes the gate: failures → warnings and failures"))]
fn what_to_know_of_a_receipt_is_remarked(#[case] field: &str, #[case] to: Value, #[case] says: Option<&str>) {
    let mut new = file(vec![but(report([]), field, to.clone())]);
    if field == "digest" {
        new.entries[0].value[field] = to;
    }
    let found = compare(&file(vec![report([])]), &new);
    assert_eq!(found.projects[0].remarks, says.into_iter().collect::<Vec<_>>());
}

/// As JSON: what was decided, and what would have been, each only where it is so.
#[rstest]
#[case::both_decide(json!({}), json!({}), json!({ "old": "GO", "new": "GO" }), None)]
#[case::the_old_one_does(json!({}), json!({ "rehearsal": {} }), json!({ "old": "GO" }), Some(json!({ "new": "GO" })))]
#[case::the_new_one_does(json!({ "rehearsal": {} }), json!({}), json!({ "new": "GO" }), Some(json!({ "old": "GO" })))]
fn what_would_be_decided_is_told_apart(
    #[case] old: Value,
    #[case] new: Value,
    #[case] decision: Value,
    #[case] would_be: Option<Value>,
) {
    let run = |fields: &Value| {
        let mut report = report([]);
        report.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        report
    };
    let told = serde_json::to_value(changes(run(&old), run(&new))).unwrap();
    assert_eq!((&told["decision"], told.get("would-be")), (&decision, would_be.as_ref()));
}

fn some_findings() -> impl Strategy<Value = Vec<Value>> {
    let verdict = prop::sample::select(vec!["pass", "warn", "fail", "unknown"]);
    let subject = prop::option::of(prop::sample::select(vec!["x", "y"]));
    let check = prop::sample::select(vec!["a.one", "a.two", "a.three"]);
    let one =
        (check, subject, verdict).prop_map(|(check, subject, verdict)| finding(check, subject, verdict));
    prop::collection::vec(one, 0..12)
}

proptest! {
    #[test]
    fn a_receipt_does_not_differ_from_itself(findings in some_findings()) {
        let count = findings.len();
        let one = file(vec![report(findings)]);
        let found = compare(&one, &one);
        prop_assert!(!found.changed);
        prop_assert_eq!((found.projects[0].changes.len(), found.projects[0].same), (0, count));
    }

    #[test]
    fn every_finding_is_reported_once_in_either_direction(old in some_findings(), new in some_findings()) {
        let (there, back) =
            (changes(report(old.clone()), report(new.clone())), changes(report(new.clone()), report(old.clone())));
        let count = |of: &ProjectChanges, kind| of.changes.iter().filter(|change| change.kind == kind).count();
        let both = there.same + count(&there, Kind::Verdict);
        prop_assert_eq!(both + count(&there, Kind::Vanished), old.len());
        prop_assert_eq!(both + count(&there, Kind::Appeared), new.len());
        prop_assert_eq!(count(&there, Kind::Appeared), count(&back, Kind::Vanished));
        prop_assert_eq!(there.same, back.same);
        prop_assert!(there.changes.iter().all(|change| !change.why.is_empty()));
    }
}
