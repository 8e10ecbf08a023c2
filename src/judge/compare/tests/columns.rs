//! Routes side by side: who qualifies, what each matter rests on, and what each owner asks.

use rstest::rstest;
use serde_json::{Value, json};

use super::super::*;
use crate::model::{compare::Comparison, money::Usd};

fn finding(check: &str, severity: &str, verdict: &str) -> Value {
    json!({
        "check": check, "row": "access", "title": format!("the title of {check}"), "severity": severity,
        "verdict": verdict, "reason": "unreachable", "by": "a.root", "until": "2026-12-01",
        "seen": format!("{verdict} was seen"),
        "source": { "url": "https://example.com/", "as-of": "2026-11-01" },
        "location": { "file": "greenlight.toml", "line": 1 },
    })
}

fn report(findings: &[Value], answers: &Value) -> Report {
    serde_json::from_value(json!({
        "schema-version": 2,
        "tool": { "name": "greenlight", "version": "0.1.0" },
        "at": "2026-11-22T10:04:00Z",
        "made": "2026-11-22T10:04:00Z",
        "fail-on": "fail",
        "project": { "name": "Teaser", "route": "api", "provider": "xai", "shots": 1 },
        "inputs": [],
        "findings": findings,
        "answers": answers,
        "totals": { "pass": 0, "warn": 0, "fail": 0, "unknown": 0, "blocked": 0, "waived": 0, "not-applicable": 0 },
        "decision": "GO",
        "calls": [],
        "digest": "",
    }))
    .unwrap()
}

fn side<'a>(name: &str, report: &'a Report) -> Side<'a> {
    Side { name: name.to_owned(), file: String::new(), report, prices: vec![], remarks: vec![] }
}

fn alone(findings: &[Value], answers: &Value) -> Comparison {
    compare(&[side("one", &report(findings, answers))])
}

#[rstest]
#[case::nothing(&[], Qualifies::NotYet, &[])]
#[case::nothing_mandatory(&[("a", "warn", "pass")], Qualifies::NotYet, &[])]
#[case::all(&[("a", "block", "pass"), ("b", "block", "warn"), ("c", "warn", "fail")], Qualifies::Yes, &[])]
#[case::waived(&[("a", "block", "waived")], Qualifies::Yes, &[])]
#[case::one_is_not_known(&[("a", "block", "pass"), ("b", "block", "unknown")], Qualifies::NotYet, &["b"])]
#[case::one_is_refuted(
    &[("a", "block", "blocked"), ("b", "block", "unknown"), ("c", "block", "fail")],
    Qualifies::No,
    &["c", "b", "a"]
)]
fn who_qualifies_has_met_all_that_is_mandatory(
    #[case] findings: &[(&str, &str, &str)],
    #[case] qualifies: Qualifies,
    #[case] open: &[&str],
) {
    let findings = findings.iter().map(|(check, severity, verdict)| finding(check, severity, verdict));
    let column = alone(&findings.collect::<Vec<_>>(), &json!([])).columns.remove(0);
    let names: Vec<_> = column.open.iter().map(|open| open.check.as_str()).collect();
    assert_eq!((column.qualifies, names.as_slice()), (qualifies, open));
}

#[test]
fn a_column_holds_until_the_first_of_its_waivers_ends() {
    let until = |check: &str, severity: &str, day: &str| {
        let mut one = finding(check, severity, "waived");
        one["until"] = json!(day);
        one
    };
    let findings = vec![
        until("a", "block", "2026-12-09"),
        until("b", "block", "2026-12-03"),
        until("c", "warn", "2026-12-01"),
    ];
    assert_eq!(alone(&findings, &json!([])).columns[0].waived_until, "2026-12-03".parse().ok());
}

#[test]
fn what_is_mandatory_stands_apart_from_what_is_told_besides() {
    let found = alone(&[finding("a", "block", "pass"), finding("b", "info", "pass")], &json!([]));
    let topics = |rows: &[TopicRow]| rows.iter().map(|row| row.topic.clone()).collect::<Vec<_>>();
    assert_eq!((topics(&found.mandatory), topics(&found.facts)), (vec!["a".into()], vec!["b".into()]));
}

#[test]
fn a_matter_is_told_by_the_worst_of_its_findings_and_how_many_are_like_it() {
    let findings = ["pass", "unknown", "pass", "fail", "fail"].map(|verdict| finding("a", "block", verdict));
    let (one, other) = (report(&findings, &json!([])), report(&[], &json!([])));
    let found = compare(&[side("one", &one), side("other", &other)]);
    let [Some(cell), None] = found.mandatory[0].cells.as_slice() else { panic!("{found:#?}") };
    assert_eq!((cell.verdict.word(), cell.seen.as_str()), ("fail", "fail was seen"));
    assert_eq!((cell.like, cell.of), (2, 5));
}

/// An answer of Ann's that is the one in force, but for these fields.
fn recorded(fields: &Value) -> Value {
    let mut answer = json!({
        "check": "a", "used": true, "value": "yes", "by": "Ann", "answered": "2026-11-01",
        "expires": "2026-12-01", "until": "2026-12-01",
    });
    answer.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    answer
}

fn page() -> Value {
    json!({ "kind": "url", "url": "https://page.example", "read": "2026-11-01" })
}

fn quote() -> Value {
    json!({ "kind": "quote", "quote": "it says yes", "captured": "2026-11-01" })
}

fn file() -> Value {
    json!({ "kind": "file", "file": "a.png", "sha256": "ab", "bytes": 1, "captured": "2026-11-01" })
}

#[rstest]
#[case::a_page(json!([recorded(&json!({ "evidence": [page()] }))]), &[Ground::Page])]
#[case::several_of_each(
    json!([recorded(&json!({ "evidence": [quote(), file(), page(), file()] }))]),
    &[Ground::Page, Ground::File, Ground::Words]
)]
#[case::nothing(json!([recorded(&json!({}))]), &[Ground::Said])]
#[case::not_the_history(
    json!([recorded(&json!({ "evidence": [page()] })), recorded(&json!({ "used": false, "evidence": [file()] }))]),
    &[Ground::Page]
)]
#[case::not_another_check(
    json!([recorded(&json!({ "evidence": [page()] })), recorded(&json!({ "check": "b", "evidence": [file()] }))]),
    &[Ground::Page]
)]
#[case::not_what_others_said(
    json!([recorded(&json!({ "evidence": [page()] })), recorded(&json!({ "by": "Bob", "evidence": [file()] }))]),
    &[Ground::Page]
)]
fn an_answer_rests_on_its_own_evidence(#[case] answers: Value, #[case] grounds: &[Ground]) {
    let mut one = finding("a", "block", "pass");
    one["recorded"] = json!({ "by": "Ann", "answered": "2026-11-01", "expires": "2026-12-01" });
    let found = alone(&[one], &answers);
    let cell = found.mandatory[0].cells[0].as_ref().unwrap();
    assert_eq!((cell.day, cell.rests_on.as_slice()), ("2026-11-01".parse().ok(), grounds));
}

#[rstest]
#[case("pass", Some("2026-11-22"), &[Ground::Tool])]
#[case("warn", Some("2026-11-22"), &[Ground::Tool])]
#[case("fail", Some("2026-11-22"), &[Ground::Tool])]
#[case("unknown", None, &[])]
#[case("blocked", None, &[])]
fn what_the_tool_saw_is_of_the_day_of_the_run(
    #[case] verdict: &str,
    #[case] day: Option<&str>,
    #[case] grounds: &[Ground],
) {
    let found = alone(&[finding("a", "block", verdict)], &json!([]));
    let cell = found.mandatory[0].cells[0].as_ref().unwrap();
    assert_eq!((cell.day, cell.rests_on.as_slice()), (day.and_then(|day| day.parse().ok()), grounds));
}

#[test]
fn prices_stand_shot_by_shot_and_the_sum_last() {
    let report = report(&[], &json!([]));
    let asked = |cents: i64| {
        Asked::Known(Price {
            sum: Usd::from_micros(cents * 10_000),
            owner: "xai".to_owned(),
            by: PricedBy::List,
            day: "2026-11-01".parse().unwrap(),
        })
    };
    let shot = |name: &str| Some(name.to_owned());
    let one = Side { prices: vec![(shot("x"), asked(10)), (None, asked(10))], ..side("one", &report) };
    let other = Side {
        prices: vec![(shot("x"), asked(20)), (shot("y"), asked(30)), (None, asked(50))],
        ..side("other", &report)
    };
    let found = compare(&[one, other]).prices;
    let told: Vec<_> = found
        .iter()
        .map(|row| {
            let cells = row.cells.iter().map(|cell| match cell {
                Asked::Known(price) => price.sum.to_string(),
                Asked::Unknown(why) => why.clone(),
            });
            (row.shot.clone().unwrap_or_default(), cells.collect::<Vec<_>>())
        })
        .collect();
    let row = |shot: &str, one: &str, other: &str| (shot.to_owned(), vec![one.to_owned(), other.to_owned()]);
    let wanted = [
        row("x", "0.10 USD", "0.20 USD"),
        row("y", "not given", "0.30 USD"),
        row("", "0.10 USD", "0.50 USD"),
    ];
    assert_eq!(told, wanted);
}
