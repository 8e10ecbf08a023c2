//! Laws over arbitrary expectations, replies and findings.

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::{
    judge::{
        expect::{all, meets},
        gate::decide,
        rule_fixture::reply,
        truth::Truth,
        value::satisfies,
    },
    model::{
        decision::{Decision, FailOn},
        expect::Pattern,
        observation::{Body, NotMade, Observation, Trouble, TroubleKind},
        verdict::{Finding, Location, Reason, Verdict},
    },
};

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[ab]{0,3}".prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec(("[abc]", inner), 0..4)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

fn operator() -> impl Strategy<Value = Operator> {
    let leaf = prop_oneof![
        Just(Operator::Exists),
        Just(Operator::Absent),
        Just(Operator::Equals(text("a"))),
        Just(Operator::Equals(Literal::Bool(true))),
        Just(Operator::Equals(Literal::Number(1.0))),
        Just(Operator::OneOf(vec![text("a"), Literal::Number(0.0)])),
        Just(Operator::Contains(text("b"))),
        Just(Operator::Contains(text("{shot.model}"))),
        Just(Operator::Matches(Pattern::parse("a|b").unwrap())),
        any::<f64>().prop_map(Operator::Lt),
        any::<f64>().prop_map(Operator::Ge),
        Just(Operator::Between(-1.0, 1.0)),
        Just(Operator::Within(chrono::TimeDelta::MAX)),
        Just(Operator::Semver(semver::VersionReq::STAR)),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Operator::AllOf),
            prop::collection::vec(inner.clone(), 0..3).prop_map(Operator::AnyOf),
            inner.clone().prop_map(|one| Operator::Not(Box::new(one))),
            inner.prop_map(|one| Operator::Length(Box::new(one))),
        ]
    })
}

/// Expectations about values in the body, with every quantifier and every composition.
fn expectation() -> impl Strategy<Value = Expectation> {
    let path = prop_oneof![Just("$"), Just("$.a"), Just("$.a.b"), Just("$[*]"), Just("$..a"), Just("$.a[*]")];
    let quantifier = prop_oneof![
        Just(Quantifier::One),
        Just(Quantifier::Any),
        Just(Quantifier::All),
        Just(Quantifier::None),
        Just(Quantifier::Count),
    ];
    let leaf = (path, quantifier, operator())
        .prop_map(|(path, quantifier, op)| test(Subject::Path(Path::parse(path).unwrap()), quantifier, op));
    leaf.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Expectation::AllOf),
            prop::collection::vec(inner.clone(), 0..3).prop_map(Expectation::AnyOf),
            inner.prop_map(|one| Expectation::Not(Box::new(one))),
        ]
    })
}

/// Whether an expectation asks for absence anywhere: only then may it pass because of absence.
fn asks_absence(expectation: &Expectation) -> bool {
    fn operator(asked: &Operator) -> bool {
        match asked {
            Operator::Absent => true,
            Operator::AllOf(several) | Operator::AnyOf(several) => several.iter().any(operator),
            Operator::Not(one) | Operator::Length(one) => operator(one),
            _ => false,
        }
    }
    match expectation {
        Expectation::Test(test) => operator(&test.operator),
        Expectation::AllOf(several) | Expectation::AnyOf(several) => several.iter().any(asks_absence),
        Expectation::Not(one) => asks_absence(one),
    }
}

/// Replies and failed calls that say nothing about a value in a body.
fn mute() -> Vec<Observation> {
    vec![
        Observation::NotMade(NotMade::Offline),
        Observation::Trouble(Trouble { kind: TroubleKind::ReadTimeout, detail: String::new() }),
        Observation::Reply(reply(200, Body::Empty)),
        Observation::Reply(reply(200, Body::Text("<html>".into()))),
        Observation::Reply(reply(500, Body::Json(Value::from("a")))),
    ]
}

fn leaves(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(leaves).sum(),
        Value::Object(fields) => fields.values().map(leaves).sum(),
        _ => 1,
    }
}

/// Turns one leaf into null: the one after `left` others.
fn put_out(value: &mut Value, left: &mut usize) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| put_out(item, left)),
        Value::Object(fields) => fields.values_mut().for_each(|field| put_out(field, left)),
        leaf => {
            if *left == 0 {
                *leaf = Value::Null;
            }
            *left = left.wrapping_sub(1);
        }
    }
}

fn verdict() -> impl Strategy<Value = Verdict> {
    prop_oneof![
        Just(Verdict::Pass),
        Just(Verdict::Warn),
        Just(Verdict::Fail),
        Just(Verdict::Unknown { reason: Reason::NoClaim }),
        Just(Verdict::Blocked { by: check_id("a") }),
        Just(Verdict::Waived { until: "2026-12-01".parse().unwrap() }),
        Just(Verdict::NotApplicable { reason: String::new() }),
    ]
}

fn findings() -> impl Strategy<Value = Vec<Finding>> {
    let severity = prop_oneof![Just(Severity::Block), Just(Severity::Warn), Just(Severity::Info)];
    prop::collection::vec((verdict(), severity), 0..6).prop_map(|all| {
        let finding = |(verdict, severity)| Finding {
            check: check_id("a"),
            subject: None,
            row: Row::Cost,
            title: "".into(),
            severity,
            verdict,
            seen: String::new(),
            expected: None,
            got: None,
            fix: None,
            fault: None,
            recorded: None,
            source: source("https://a.example", "2026-01-01"),
            location: Location { file: "greenlight.toml".to_owned(), line: 1 },
        };
        all.into_iter().map(finding).collect()
    })
}

proptest! {
    #[test]
    fn no_value_makes_an_operator_panic(value in json(), operator in operator()) {
        let truth = satisfies(&operator, &value, scope());
        prop_assert_eq!(satisfies(&Operator::Not(Box::new(operator)), &value, scope()), !truth);
        if value.is_null() {
            prop_assert_eq!(truth, Truth::Unknown);
        }
    }

    #[test]
    fn no_reply_makes_an_expectation_panic(value in json(), expectation in expectation()) {
        let seen = Observation::Reply(reply(200, Body::Json(value)));
        let outcome = meets(&expectation, &seen, scope());
        prop_assert!(!outcome.expected.is_empty() || outcome.truth != Truth::True);
    }

    // Whatever a reply proved or refuted: without it nothing is known, in every composition.
    #[test]
    fn an_observation_that_says_nothing_is_never_a_pass(expectation in expectation()) {
        for seen in mute() {
            prop_assert_eq!(meets(&expectation, &seen, scope()).truth, Truth::Unknown);
            prop_assert_eq!(all(std::slice::from_ref(&expectation), &seen, scope()).truth, Truth::Unknown);
        }
    }

    #[test]
    fn only_absent_passes_on_absence(expectation in expectation()) {
        // A document in which no path of these tests except the root finds anything.
        let seen = Observation::Reply(reply(200, Body::Json(Value::Null)));
        if !asks_absence(&expectation) {
            prop_assert_ne!(meets(&expectation, &seen, scope()).truth, Truth::True);
        }
    }

    // Setting a value to null may remove knowledge, but proves and refutes nothing new.
    #[test]
    fn knowing_less_of_a_value_never_proves_more(value in json(), operator in operator()) {
        let before = satisfies(&operator, &value, scope());
        let after = satisfies(&operator, &Value::Null, scope());
        prop_assert!(after == before || after == Truth::Unknown);
    }

    // The same for a whole reply: turning a leaf into null never flips an expectation, in any composition.
    #[test]
    fn knowing_less_of_a_reply_never_proves_more(
        value in json(),
        expectation in expectation(),
        at in any::<prop::sample::Index>(),
    ) {
        let truth = |value: Value| meets(&expectation, &Observation::Reply(reply(200, Body::Json(value))), scope()).truth;
        let mut less = value.clone();
        let mut left = at.index(leaves(&value).max(1));
        put_out(&mut less, &mut left);
        let (before, after) = (truth(value), truth(less));
        prop_assert!(after == before || after == Truth::Unknown, "{:?} became {:?}", before, after);
    }

    #[test]
    fn the_gate_follows_its_table(findings in findings()) {
        let block = |wanted: fn(&Verdict) -> bool| {
            findings.iter().any(|finding| finding.severity == Severity::Block && wanted(&finding.verdict))
        };
        let fail = block(|verdict| matches!(verdict, Verdict::Fail));
        let open = block(|verdict| matches!(verdict, Verdict::Unknown { .. } | Verdict::Blocked { .. }));
        let ran = findings.iter().any(|finding| !matches!(finding.verdict, Verdict::NotApplicable { .. }));
        let wanted = match (fail, open || !ran) {
            (true, _) => Decision::NoGo,
            (false, true) => Decision::Hold,
            (false, false) => Decision::Go,
        };
        prop_assert_eq!(decide(&findings, FailOn::Fail), wanted);
    }

    #[test]
    fn a_finding_that_becomes_unknown_never_opens_the_gate(findings in findings(), at in any::<prop::sample::Index>()) {
        prop_assume!(!findings.is_empty());
        let before = decide(&findings, FailOn::Fail);
        let mut less = findings;
        let place = at.index(less.len());
        let not_applicable = matches!(less[place].verdict, Verdict::NotApplicable { .. });
        less[place].verdict = Verdict::Unknown { reason: Reason::NotMade };
        if !not_applicable && before == Decision::Hold {
            prop_assert_ne!(decide(&less, FailOn::Fail), Decision::Go);
        }
    }
}
