//! No change of a good receipt goes unseen, and whatever lets one through does so for a reason.

use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Value, json};

use super::*;
use crate::model::report::digest;

const NOW: &str = "2026-11-22T12:00:00Z";

/// A receipt of two findings, sealed.
fn good() -> Value {
    let finding = |check: &str, verdict: Value| {
        let mut finding = json!({
            "check": check, "row": "safety", "title": "a title", "severity": "block", "seen": "yes",
            "source": { "url": "https://example.com/", "as-of": "2026-11-01" },
            "location": { "file": "greenlight.toml", "line": 1 },
        });
        finding.as_object_mut().unwrap().extend(verdict.as_object().unwrap().clone());
        finding
    };
    let recorded = json!({ "by": "Ann", "answered": "2026-11-20", "expires": "2026-11-30" });
    sealed(json!({
        "schema-version": 1,
        "tool": { "name": "greenlight", "version": "0.1.0" },
        "at": "2026-11-22T10:04:00Z",
        "made": "2026-11-22T10:04:00Z",
        "fail-on": "fail",
        "project": { "name": "Teaser", "route": "app", "provider": "xai", "shots": 1 },
        "inputs": [
            { "role": "project", "path": "greenlight.toml", "sha256": "aa" },
            { "role": "checklist", "path": "builtin:app", "sha256": "bb" },
            { "role": "answers", "path": "answers.toml", "sha256": "cc" },
        ],
        "findings": [
            finding("app.one", json!({ "verdict": "pass", "recorded": recorded })),
            finding("app.two", json!({ "verdict": "waived", "until": "2026-11-25" })),
        ],
        "totals": { "pass": 1, "warn": 0, "fail": 0, "unknown": 0, "blocked": 0, "waived": 1, "not-applicable": 0 },
        "decision": "GO",
        "calls": [{ "method": "GET", "url": "https://example.com/", "attempts": 1, "billable": "no" }],
        "digest": "",
    }))
}

fn sealed(mut receipt: Value) -> Value {
    receipt["digest"] = digest(receipt.clone()).into();
    receipt
}

fn verified_at(value: Value, now: &str) -> Verified {
    let hand: Report = serde_json::from_value(good()).unwrap();
    let version = value["schema-version"].as_u64().unwrap_or_default();
    let report = serde_json::from_value(value.clone()).ok();
    verify(&Case {
        entry: &Entry { value, version, report },
        whole: None,
        file: "plans/greenlight.toml",
        inputs: &hand.inputs,
        checks: &[],
        now: now.parse().unwrap(),
        max_age: TimeDelta::hours(24),
        tool: &Tool { name: "greenlight".to_owned(), version: "0.1.0".to_owned() },
        again: "check again",
    })
}

fn broken(found: &Verified) -> Vec<About> {
    found.claims.iter().filter(|claim| !claim.holds).map(|claim| claim.claim).collect()
}

/// Every place in a receipt.
fn pointers(value: &Value, here: &str, all: &mut Vec<String>) {
    let mut go = |key: &str, value: &Value| {
        let pointer = format!("{here}/{key}");
        pointers(value, &pointer, all);
        all.push(pointer);
    };
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| go(key, value)),
        Value::Array(items) => items.iter().enumerate().for_each(|(at, value)| go(&at.to_string(), value)),
        _ => {}
    }
}

fn all_pointers() -> Vec<String> {
    let mut all = Vec::new();
    pointers(&good(), "", &mut all);
    all
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        prop::sample::select(vec![
            json!("GO"),
            json!("HOLD"),
            json!("pass"),
            json!("block"),
            json!("info"),
            json!("warn"),
            json!([]),
            json!({}),
            json!("2026-11-22T11:59:00Z"),
            json!("2026-11-28"),
            json!("no"),
            json!(1),
            json!(1.0),
        ]),
    ]
}

#[test]
fn a_good_receipt_is_relied_on() {
    let found = verified_at(good(), NOW);
    assert_eq!((broken(&found), found.decision), (vec![], Decision::Go));
}

proptest! {
    #[test]
    fn no_change_of_a_single_field_is_relied_on(at in prop::sample::select(all_pointers()), to in scalar()) {
        let mut receipt = good();
        let field = receipt.pointer_mut(&at).unwrap();
        prop_assume!(*field != to);
        *field = to;
        prop_assert_eq!(verified_at(receipt, NOW).decision, Decision::Hold);
    }

    #[test]
    fn no_field_can_be_taken_out_or_put_in(at in prop::sample::select(all_pointers()), name in "[a-z]{1,8}") {
        let (parent, key) = at.rsplit_once('/').unwrap();
        let (mut less, mut more) = (good(), good());
        match less.pointer_mut(parent).unwrap() {
            Value::Object(fields) => drop(fields.shift_remove(key)),
            Value::Array(items) => drop(items.remove(key.parse().unwrap())),
            _ => unreachable!("a pointer leads through objects and arrays"),
        }
        prop_assert_eq!(verified_at(less, NOW).decision, Decision::Hold);
        if let Some(Value::Object(fields)) = more.pointer_mut(parent) {
            prop_assume!(fields.insert(name, Value::Null).is_none());
            prop_assert_eq!(verified_at(more, NOW).decision, Decision::Hold);
        }
    }

    #[test]
    fn what_the_gate_rests_on_cannot_be_sealed_anew(at in prop::sample::select(RESTED_ON.to_vec()), to in scalar()) {
        let mut receipt = good();
        let field = receipt.pointer_mut(at).unwrap();
        prop_assume!(*field != to);
        *field = to;
        prop_assert_ne!(verified_at(sealed(receipt), NOW).decision, Decision::Go);
    }
}

/// Fields that refuse any other value, even when the digest is computed again.
const RESTED_ON: &[&str] = &[
    "/schema-version",
    "/tool/name",
    "/at",
    "/inputs/0/role",
    "/inputs/0/sha256",
    "/inputs/1/path",
    "/inputs/1/sha256",
    "/inputs/2/path",
    "/inputs/2/sha256",
    "/findings/0/verdict",
    "/findings/1/verdict",
    "/totals/pass",
    "/totals/waived",
    "/decision",
    "/calls/0/billable",
];

#[rstest]
#[case::answer("2026-11-30T23:59:59Z", &[])]
#[case::answer_and_waiver("2026-12-01T00:00:00Z", &[About::InForce])]
fn days_count_to_their_end(#[case] now: &str, #[case] claims: &[About]) {
    let mut receipt = good();
    receipt["findings"][1]["until"] = json!("2026-11-30");
    let moment: DateTime<Utc> = now.parse().unwrap();
    for field in ["at", "made"] {
        receipt[field] = json!((moment - TimeDelta::hours(1)).to_rfc3339());
    }
    assert_eq!(broken(&verified_at(sealed(receipt), now)), claims);
}

#[rstest]
#[case::older("0.0.9", true)]
#[case::same("0.1.0", true)]
#[case::build_of_the_same("0.1.0+abc", true)]
#[case::trial_of_the_same("0.1.0-rc.1", true)]
#[case::patch("0.1.1", false)]
#[case::trial_of_the_next("0.2.0-rc.1", false)]
#[case::none("", false)]
#[case::words("latest", false)]
fn a_version_is_known_when_it_is_not_newer(#[case] version: &str, #[case] known: bool) {
    let mut receipt = good();
    receipt["tool"]["version"] = json!(version);
    let expected: &[About] = if known { &[] } else { &[About::KnownVersion] };
    assert_eq!(broken(&verified_at(sealed(receipt), NOW)), expected);
}

#[rstest]
#[case(1, "1 s")]
#[case(60, "1 min")]
#[case(3_600, "1 h")]
#[case(86_400, "24 h")]
#[case(5_460, "1 h 31 min")]
#[case(262_800, "3 days 1 h")]
fn a_length_of_time_is_told(#[case] seconds: i64, #[case] says: &str) {
    assert_eq!(span(TimeDelta::seconds(seconds)), says);
}
