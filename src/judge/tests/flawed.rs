//! A 2xx reply that isn't really a success: nothing passes on it, and faults are still recognised.

use rstest::rstest;
use serde_json::json;

use super::{
    engine::{only, unknown},
    *,
};
use crate::{
    judge::{
        expect::{all, reading},
        rule_fixture::{RuleFixture, reply},
        truth::Truth,
    },
    model::{
        checklist::Host,
        observation::{Body, ErrorText, Observation, Reply, Unclear},
        verdict::{Reason, Verdict},
    },
};

fn with_error() -> Reply {
    let body = json!({ "error": { "code": "slug" }, "blocked": false, "key": "k", "status": "kept" });
    let error = ErrorText { code: Some("slug".into()), message: None };
    Reply { error, ..reply(200, Body::Json(body)) }
}

fn twice() -> Reply {
    let unclear = Unclear { why: "twice".into(), text: r#"{"blocked":false}"#.into() };
    reply(200, Body::Unclear(unclear))
}

fn not_met() -> Reply {
    let body = json!({ "code": 7, "blocked": false, "key": "k", "status": "kept" });
    Reply { unmet: Some("code 0 is wanted".into()), ..reply(200, Body::Json(body)) }
}

fn one(subject: Subject, operator: Operator) -> Expectation {
    test(subject, Quantifier::One, operator)
}

/// Everything that could be asked of a good reply and holds for these three, literally or by absence.
fn asked() -> Vec<Expectation> {
    let at = |path: &str, operator| at(path, operator);
    vec![
        status(200.0),
        at("$.blocked", Operator::Equals(Literal::Bool(false))),
        at("$.missing", Operator::Absent),
        at("$.blocked", Operator::Not(Box::new(Operator::Equals(Literal::Bool(true))))),
        test(Subject::Path(Path::parse("$.list[*]").unwrap()), Quantifier::Count, Operator::Le(0.0)),
        one(Subject::Body, Operator::Contains(text("blocked"))),
        one(Subject::Success, Operator::Equals(Literal::Bool(false))),
        one(Subject::ErrorMessage, Operator::Absent),
        one(Subject::ErrorCode, Operator::Exists),
        one(Subject::ErrorCode, Operator::Equals(text("slug"))),
        Expectation::Not(Box::new(status(404.0))),
        Expectation::Not(Box::new(at("$.blocked", Operator::Equals(Literal::Bool(true))))),
        Expectation::AnyOf(vec![status(200.0), at("$.a", Operator::Exists)]),
    ]
}

#[rstest]
#[case::error(with_error(), "HTTP 200 with the error `slug`")]
#[case::twice(twice(), "HTTP 200, unclear: twice")]
#[case::unmet(not_met(), "HTTP 200, no success: code 0 is wanted")]
fn nothing_passes_on_it(#[case] reply: Reply, #[case] says: &str) {
    let seen = Observation::Reply(reply);
    for asked in asked() {
        let outcome = all(std::slice::from_ref(&asked), &seen, scope());
        assert_ne!(outcome.truth, Truth::True, "{asked:?}");
        let fixture = RuleFixture::new().saw("key", seen.clone());
        let finding = only(&fixture, check("a.key", by_probe("key", vec![asked.clone()])), vec![]);
        assert_ne!(finding.verdict, Verdict::Pass, "{asked:?}");
        if finding.verdict == unknown(Reason::UnclearReply) {
            assert_eq!(finding.seen, says, "{asked:?}");
            assert_eq!(finding.fix.as_deref(), Some("the check's fix."));
        }
    }
}

#[test]
fn an_error_that_must_be_absent_and_is_there_is_refuted() {
    let fixture = RuleFixture::new().saw("key", Observation::Reply(with_error()));
    let asked = vec![status(200.0), one(Subject::ErrorCode, Operator::Absent)];
    let finding = only(&fixture, check("a.key", by_probe("key", asked)), vec![]);
    assert_eq!((finding.verdict, finding.seen.as_str()), (Verdict::Fail, "error code slug"));
}

#[rstest]
#[case::error(with_error())]
#[case::twice(twice())]
#[case::unmet(not_met())]
fn no_rule_reads_it(#[case] reply: Reply) {
    let fixture = RuleFixture::new()
        .path("status", "$.status")
        .texts("zero", &["zdr"])
        .texts("kept", &["no_zdr"])
        .path("team", "$.team_id")
        .text("header", "x-zero-data-retention")
        .saw("key", Observation::Reply(reply.clone()))
        .saw("account", Observation::Reply(reply));
    let finding = only(&fixture, check("a.zdr", by_rule("zero-retention", &fixture, None)), vec![]);
    assert_eq!(finding.verdict, unknown(Reason::UnclearReply));
    assert!(finding.seen.starts_with("HTTP 200"), "{}", finding.seen);
}

#[rstest]
#[case::error_text(with_error(), one(Subject::ErrorCode, Operator::Equals(text("slug"))), true)]
#[case::value(not_met(), at("$.code", Operator::Equals(Literal::Number(7.0))), true)]
#[case::body(twice(), one(Subject::Body, Operator::Contains(text("blocked"))), true)]
#[case::no_success(twice(), one(Subject::Success, Operator::Equals(Literal::Bool(false))), true)]
#[case::absence(not_met(), at("$.models", Operator::Absent), false)]
#[case::unclear(twice(), at("$.blocked", Operator::Exists), false)]
#[case::other(not_met(), at("$.code", Operator::Equals(Literal::Number(8.0))), false)]
fn faults_are_recognised_in_it(#[case] reply: Reply, #[case] shown: Expectation, #[case] known: bool) {
    let faults = || vec![fault("odd", vec![status(200.0), shown.clone()], Means::Fail, false)];
    let fixture = RuleFixture::new()
        .path("status", "$.status")
        .texts("zero", &["zdr"])
        .texts("kept", &["no_zdr"])
        .path("team", "$.team_id")
        .text("header", "x-zero-data-retention")
        .saw("key", Observation::Reply(reply.clone()))
        .saw("account", Observation::Reply(reply));
    let probe = check("a.key", by_probe("account", vec![status(200.0)]));
    let rule = check("a.zdr", by_rule("zero-retention", &fixture, None));
    for check in [probe, rule] {
        let finding = only(&fixture, check, faults());
        assert_eq!(finding.fault.is_some(), known, "{finding:?}");
        assert_eq!(finding.verdict == Verdict::Fail, known);
        assert_ne!(finding.verdict, Verdict::Pass);
    }
}

#[test]
fn a_fault_looks_into_the_json_of_a_refusal_and_a_check_does_not() {
    let refusal = Observation::Reply(reply(402, Body::Json(json!({ "left": 0 }))));
    let asked = vec![at("$.left", Operator::Equals(Literal::Number(0.0)))];
    let fixture = RuleFixture::new().saw("key", refusal);
    let check = || check("a.key", by_probe("key", asked.clone()));
    assert_eq!(only(&fixture, check(), vec![]).verdict, unknown(Reason::UnclearReply));
    let spent = fault("spent", asked.clone(), Means::Fail, false);
    assert_eq!(only(&fixture, check(), vec![spent]).fault.unwrap().as_str(), "spent");
}

#[rstest]
#[case(json!({ "code": 0, "kind": "m-1" }), None)]
#[case(json!({ "code": 7, "kind": "m-1" }), Some("wanted $.code 0, saw: $.code 7"))]
#[case(json!({ "kind": "m-1" }), Some("wanted $.code 0, saw: $.code is not there"))]
#[case(json!({ "code": "0", "kind": "m-1" }), Some("wanted $.code 0, saw: $.code 0"))]
#[case(json!({ "code": 0, "kind": "m-2" }), Some("wanted $.kind m-1, saw: $.kind m-2"))]
fn a_success_shows_what_its_host_and_its_probe_ask(
    #[case] body: serde_json::Value,
    #[case] lacks: Option<&str>,
) {
    let mut list = checklist(vec![], vec![]);
    let host = Host {
        base_url: "https://api.example".parse().unwrap(),
        key: None,
        success: vec![at("$.code", Operator::Equals(Literal::Number(0.0)))],
        more: vec![],
    };
    list.hosts.insert("api".to_owned(), host);
    let mut probe = part::probe("models", &[]);
    probe.success = vec![at("$.kind", Operator::Equals(text("{shot.model}")))];
    let mut fixture = RuleFixture::new();
    fixture.shot().model = "m-1".to_owned();
    let scope = Scope { now: Some(now()), shot: Some(&fixture.project.shots[0]), visits: None };
    let seen = |status, body| Observation::Reply(reply(status, Body::Json(body)));
    let unmet = |seen| reading(&list, &probe, &seen, scope).unmet;
    assert_eq!(unmet(seen(200, body.clone())).as_deref(), lacks);
    assert_eq!(unmet(seen(404, body)), None, "a refusal needs no more words");
}
