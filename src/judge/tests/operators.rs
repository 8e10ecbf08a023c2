//! Every operator, subject and quantifier by example.

use std::str::FromStr;

use chrono::TimeDelta;
use rstest::rstest;
use serde_json::{Value, json};

use super::*;
use crate::{
    judge::{
        expect::meets,
        rule_fixture::{reply, shot},
        truth::{
            Truth,
            Truth::{False, True, Unknown},
        },
        value::satisfies,
    },
    model::{
        expect::Pattern,
        observation::{Body, ErrorText, NotMade, Observation, Trouble, TroubleKind},
        project::Shot,
        verdict::Reason,
    },
};

fn number(n: f64) -> Literal {
    Literal::Number(n)
}

#[rstest]
#[case(Operator::Exists, json!(0), True)]
#[case(Operator::Exists, json!(null), Unknown)]
#[case(Operator::Absent, json!(0), False)]
#[case(Operator::Absent, json!(null), Unknown)]
#[case(Operator::Equals(text("a")), json!("a"), True)]
#[case(Operator::Equals(text("a")), json!("b"), False)]
#[case(Operator::Equals(text("1")), json!(1), Unknown)]
#[case(Operator::Equals(text("{shot.model}")), json!("a"), Unknown)]
#[case(Operator::Equals(number(1.0)), json!(1), True)]
#[case(Operator::Equals(Literal::Bool(false)), json!(false), True)]
#[case(Operator::Equals(Literal::Bool(false)), json!(0), Unknown)]
#[case(Operator::OneOf(vec![number(1.0), text("b")]), json!("b"), True)]
#[case(Operator::OneOf(vec![number(1.0), text("b")]), json!("c"), False)]
#[case(Operator::OneOf(vec![number(1.0)]), json!("c"), Unknown)]
#[case(Operator::OneOf(vec![]), json!("c"), Unknown)]
#[case(Operator::Contains(text("ell")), json!("hello"), True)]
#[case(Operator::Contains(text("a")), json!(["b", "a"]), True)]
#[case(Operator::Contains(text("a")), json!(["b"]), False)]
#[case(Operator::Contains(text("a")), json!(["b", null]), Unknown)]
#[case(Operator::Contains(text("a")), json!({"a": 1}), Unknown)]
#[case(Operator::Lt(2.0), json!(1.5), True)]
#[case(Operator::Le(2.0), json!(2), True)]
#[case(Operator::Gt(2.0), json!(2), False)]
#[case(Operator::Gt(2.0), json!(1.5), False)]
#[case(Operator::Ge(2.0), json!("3"), Unknown)]
#[case(Operator::Between(1.0, 2.0), json!(1), True)]
#[case(Operator::Between(1.0, 2.0), json!(2), True)]
#[case(Operator::Between(1.0, 2.0), json!(2.1), False)]
#[case(Operator::Length(Box::new(Operator::Ge(2.0))), json!("éé"), True)]
#[case(Operator::Length(Box::new(Operator::Ge(2.0))), json!([1]), False)]
#[case(Operator::Length(Box::new(Operator::Ge(2.0))), json!(22), Unknown)]
#[case(Operator::Within(TimeDelta::days(1)), json!("2026-11-21T10:04:00Z"), True)]
#[case(Operator::Within(TimeDelta::days(1)), json!("2026-11-21T10:03:59Z"), False)]
#[case(Operator::Within(TimeDelta::days(1)), json!("2026-11-22T10:04:00Z"), True)]
#[case(Operator::Within(TimeDelta::days(1)), json!("2026-11-22T10:04:01Z"), False)]
#[case(Operator::Within(TimeDelta::days(1)), json!(1_795_341_600), True)]
#[case(Operator::Within(TimeDelta::days(1)), json!(i64::MAX), Unknown)]
#[case(Operator::Within(TimeDelta::days(1)), json!("yesterday"), Unknown)]
#[case(Operator::Semver(semver::VersionReq::from_str(">=1.2").unwrap()), json!("1.3.0"), True)]
#[case(Operator::Semver(semver::VersionReq::from_str(">=1.2").unwrap()), json!("1.1.0"), False)]
#[case(Operator::Semver(semver::VersionReq::from_str(">=1.2").unwrap()), json!("one"), Unknown)]
#[case(Operator::Matches(Pattern::parse("^a+$").unwrap()), json!("aa"), True)]
#[case(Operator::Matches(Pattern::parse("^a+$").unwrap()), json!(["aa"]), Unknown)]
#[case(Operator::AllOf(vec![]), json!(1), Unknown)]
#[case(Operator::AnyOf(vec![Operator::Lt(1.0), Operator::Gt(1.0)]), json!(1), False)]
#[case(Operator::Not(Box::new(Operator::Gt(1.0))), json!("1"), Unknown)]
#[case(Operator::Not(Box::new(Operator::Gt(1.0))), json!(1), True)]
fn over_a_value(#[case] operator: Operator, #[case] value: Value, #[case] wanted: Truth) {
    assert_eq!(satisfies(&operator, &value, scope()), wanted);
}

fn models() -> Observation {
    let body = json!({"models": [{"id": "a", "n": 1}, {"id": "b", "n": null}], "none": [], "nil": null});
    Observation::Reply(reply(200, Body::Json(body)))
}

fn equals(wanted: &str) -> Operator {
    Operator::Equals(text(wanted))
}

fn not(operator: Operator) -> Operator {
    Operator::Not(Box::new(operator))
}

#[rstest]
#[case("$.models[*].id", Quantifier::Any, equals("b"), True)]
#[case("$.models[*].id", Quantifier::Any, equals("c"), False)]
#[case("$.models[*].id", Quantifier::All, equals("b"), False)]
#[case("$.models[*].id", Quantifier::None, equals("c"), True)]
#[case("$.models[*].id", Quantifier::None, equals("b"), False)]
#[case("$.models[*].id", Quantifier::One, equals("b"), Unknown)]
#[case("$.models[0].id", Quantifier::One, equals("a"), True)]
#[case("$.models[*].id", Quantifier::Count, Operator::Equals(Literal::Number(2.0)), True)]
#[case("$.models[*].n", Quantifier::Any, Operator::Equals(Literal::Number(1.0)), True)]
#[case("$.models[*].n", Quantifier::All, Operator::Equals(Literal::Number(1.0)), Unknown)]
#[case("$.models[*].n", Quantifier::Count, Operator::Ge(1.0), Unknown)]
#[case("$.none[*]", Quantifier::None, equals("c"), Unknown)]
#[case("$.none[*]", Quantifier::All, equals("c"), Unknown)]
#[case("$.none[*]", Quantifier::Count, Operator::Ge(1.0), False)]
#[case("$.none[*]", Quantifier::Count, Operator::Lt(1.0), Unknown)]
#[case("$.gone", Quantifier::One, Operator::Exists, False)]
#[case("$.gone", Quantifier::One, Operator::Absent, True)]
#[case("$.gone", Quantifier::One, not(Operator::Exists), Unknown)]
#[case("$.gone", Quantifier::One, not(Operator::Absent), False)]
#[case("$.gone", Quantifier::One, Operator::AllOf(vec![Operator::Absent, Operator::Exists]), False)]
#[case("$.gone", Quantifier::One, Operator::AnyOf(vec![Operator::Absent, Operator::Exists]), True)]
#[case("$.gone", Quantifier::One, equals("c"), Unknown)]
#[case("$.gone", Quantifier::One, not(equals("c")), Unknown)]
#[case("$.nil", Quantifier::One, Operator::Exists, Unknown)]
#[case("$.nil", Quantifier::One, Operator::Absent, Unknown)]
#[case("$.nil", Quantifier::One, not(equals("c")), Unknown)]
#[case("$.models[*].id", Quantifier::One, Operator::Exists, True)]
#[case("$.models[*].id", Quantifier::One, Operator::Absent, False)]
fn over_a_path(
    #[case] path: &str,
    #[case] quantifier: Quantifier,
    #[case] operator: Operator,
    #[case] wanted: Truth,
) {
    let asked = test(Subject::Path(Path::parse(path).unwrap()), quantifier, operator);
    assert_eq!(meets(&asked, &models(), scope()).truth, wanted);
}

#[rstest]
#[case(at("$.gone", Operator::Exists), Unknown)]
#[case(at("$.gone", Operator::Absent), False)]
#[case(at("$.gone", equals("a")), Unknown)]
#[case(test(Subject::Path(Path::parse("$.none[*]").unwrap()), Quantifier::Count, Operator::Ge(1.0)), Unknown)]
fn absence_passes_no_outer_not(#[case] inner: Expectation, #[case] wanted: Truth) {
    assert_eq!(meets(&Expectation::Not(Box::new(inner)), &models(), scope()).truth, wanted);
}

#[rstest]
#[case(403, Body::Json(json!({"a": 1})))]
#[case(200, Body::Text("<html>".into()))]
#[case(200, Body::Empty)]
fn a_path_is_looked_at_only_in_json_of_a_2xx_reply(#[case] code: u16, #[case] body: Body) {
    let seen = Observation::Reply(reply(code, body));
    for operator in [Operator::Exists, Operator::Absent, not(equals("x"))] {
        let outcome = meets(&at("$.a", operator), &seen, scope());
        assert_eq!((outcome.truth, outcome.reason), (Unknown, Reason::UnclearReply));
    }
}

#[test]
fn what_is_wrong_below_http_has_a_word() {
    let seen = Observation::Trouble(Trouble { kind: TroubleKind::Dns, detail: "no address".into() });
    let transport = |word| test(Subject::Transport, Quantifier::One, equals(word));
    assert_eq!(meets(&transport("dns"), &seen, scope()).truth, True);
    assert_eq!(meets(&transport("tls"), &seen, scope()).truth, False);
    assert_eq!(meets(&status(200.0), &seen, scope()).reason, Reason::Unreachable);
    assert_eq!(meets(&transport("dns"), &models(), scope()).truth, Unknown);
}

#[test]
fn error_headers_and_body_are_looked_at_in_any_reply() {
    let mut bad = reply(429, Body::Text("slow down".into()));
    bad.error = ErrorText { code: Some("busy".into()), message: None };
    bad.headers.insert("retry-after".into(), "30".into());
    let seen = Observation::Reply(bad);
    let truth = |subject, operator| meets(&test(subject, Quantifier::One, operator), &seen, scope()).truth;
    assert_eq!(truth(Subject::ErrorCode, equals("busy")), True);
    assert_eq!(truth(Subject::ErrorMessage, not(equals("busy"))), Unknown);
    assert_eq!(truth(Subject::Header("retry-after".into()), Operator::Le(60.0)), True);
    assert_eq!(truth(Subject::Header("x-none".into()), Operator::Absent), Unknown);
    assert_eq!(truth(Subject::Body, Operator::Contains(text("slow"))), True);
    let empty = Observation::Reply(reply(200, Body::Empty));
    let blank = Operator::Matches(Pattern::parse(r"^\s*$").unwrap());
    assert_eq!(meets(&test(Subject::Body, Quantifier::One, blank), &empty, scope()).truth, True);
}

/// That a reply tells of no error is seen in JSON alone.
#[rstest]
#[case(Body::Json(json!({})), True)]
#[case(Body::Text("fine".into()), Unknown)]
fn no_error_is_seen_where_one_would_be(#[case] body: Body, #[case] wanted: Truth) {
    let seen = Observation::Reply(reply(200, body));
    for subject in [Subject::ErrorCode, Subject::ErrorMessage] {
        let asked = test(subject, Quantifier::One, Operator::Absent);
        assert_eq!(meets(&asked, &seen, scope()).truth, wanted);
    }
}

#[test]
fn a_path_that_would_look_too_long_is_not_followed() {
    let models = (0..500).map(|at| json!({ "id": at, "in": ["text", "image"] })).collect::<Vec<_>>();
    let seen = Observation::Reply(reply(200, Body::Json(json!({ "models": models }))));
    let outcome = meets(&at("$..*..*..*..*..*..*..*..*..*", Operator::Exists), &seen, scope());
    assert_eq!(outcome.truth, Unknown);
    assert!(outcome.actual.contains("is not evaluated: it could look at"), "{}", outcome.actual);
}

#[test]
fn both_sides_are_told() {
    let any = Expectation::AnyOf(vec![status(200.0), status(204.0)]);
    let outcome = meets(&any, &Observation::Reply(reply(403, Body::Empty)), scope());
    assert_eq!(
        (outcome.expected.as_str(), outcome.actual.as_str()),
        ("status 200 or status 204", "HTTP 403")
    );
    let offline = meets(&any, &Observation::NotMade(NotMade::Offline), scope());
    assert_eq!((offline.truth, offline.reason), (Unknown, Reason::NotMade));
}

#[rstest]
#[case("{shot.duration}", json!(6), True)]
#[case("{shot.duration}", json!(6.0), True)]
#[case("{shot.duration}", json!(7), False)]
#[case("{shot.duration}", json!("6"), True)]
#[case("{shot.duration}s", json!(6), Unknown)]
#[case("6", json!(6), Unknown)]
fn a_number_of_the_shot_is_a_number(#[case] wanted: &str, #[case] seen: Value, #[case] truth: Truth) {
    let shot = Shot { duration: Some(6), ..shot("a") };
    let scope = Scope { shot: Some(&shot), ..Scope::default() };
    assert_eq!(satisfies(&Operator::Equals(text(wanted)), &seen, scope), truth);
}
