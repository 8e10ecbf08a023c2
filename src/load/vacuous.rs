//! Checks that can't fail: an expectation that no reply contradicts, a question that every answer passes.
//!
//! Only obvious cases are reported: anything not recognised here counts as able to fail.

use std::ops::Range;

use super::{
    coverage::{self, Claim},
    sink::DiagnosticSink,
};
use crate::model::{
    checklist::{Decider, Severity},
    expect::{Expectation, Literal, Operator, Quantifier, Subject, Test},
    question::{AnswerKind, Question},
};

/// Texts so different that a pattern matching all of them matches everything.
const SAMPLES: [&str; 6] = ["", "z", "\n", "0 A-z_~\u{e9}", "  ", "{\"a\": [1, true, null]}\r\n<p>9</p>"];

/// Lowest and highest status that HTTP has (<https://www.rfc-editor.org/rfc/rfc9110#section-15>).
const STATUS: (f64, f64) = (100.0, 599.0);

impl DiagnosticSink<'_> {
    /// Reports a check that always passes.
    pub(super) fn can_fail(&mut self, decider: &Decider, severity: Option<Severity>, at: &Range<usize>) {
        if let Decider::Probe { expect, .. } = decider
            && expect.iter().all(|one| !can_be(one, false))
        {
            let message = "this check cannot fail: no reply can contradict `expect`";
            let help = "expect what a bad reply does not show, such as `{ path = \"$.state\", equals = \"active\" }`";
            self.error_with("cannot-fail", at.clone(), message, Some(help.to_owned()));
        }
        if let Decider::Question(question) = decider
            && severity == Some(Severity::Block)
            && every_answer_passes(question)
        {
            let message = "this check cannot fail: every answer to its question passes";
            let help =
                "name the answers that pass, such as `pass = [\"yes\"]`, or make it `severity = \"info\"`";
            self.error_with("cannot-fail", at.clone(), message, Some(help.to_owned()));
        }
    }
}

fn every_answer_passes(question: &Question) -> bool {
    let passes = |value: &str| question.passes(value);
    match question.kind {
        AnswerKind::YesNo => ["yes", "no"].into_iter().all(passes),
        AnswerKind::Choice => question.choices.iter().all(|choice| passes(choice)),
        _ => false,
    }
}

/// Whether an expectation can have this result for some reply.
fn can_be(expectation: &Expectation, truth: bool) -> bool {
    match expectation {
        Expectation::Test(test) => test_can_be(test, truth) && weighed(&[expectation], truth),
        Expectation::Not(inner) => can_be(inner, !truth),
        Expectation::AllOf(inner) => among(inner, truth, true),
        Expectation::AnyOf(inner) => among(inner, truth, false),
    }
}

/// For `all-of` (`every`) all must have it, for `any-of` one.
fn among(inner: &[Expectation], truth: bool, every: bool) -> bool {
    // For any reply, one of the two is true, or one of those about the same value.
    let one_of_two = || {
        inner.iter().enumerate().any(|(at, one)| {
            let mut before = inner.iter().take(at);
            before.any(|other| opposite(one, other) || opposite(other, one))
        })
    };
    if !every && (one_of_two() || !weighed(&inner.iter().collect::<Vec<_>>(), false)) {
        return truth;
    }
    if truth == every {
        inner.iter().all(|one| can_be(one, truth))
    } else {
        inner.iter().any(|one| can_be(one, truth))
    }
}

/// Whether no value contradicts all of those about it: then one of them always holds, or the result is unknown.
fn weighed(inner: &[&Expectation], truth: bool) -> bool {
    let claims: Vec<_> = inner.iter().filter_map(|one| Claim::of_one(one)).collect();
    truth
        || claims.iter().all(|claim| {
            let beside: Vec<_> = claims.iter().filter(|other| claim.is_beside(other)).copied().collect();
            coverage::can_be_contradicted(&beside, &SAMPLES)
        })
}

fn opposite(one: &Expectation, other: &Expectation) -> bool {
    match (one, other) {
        (Expectation::Not(inner), other) => written(inner) == written(other),
        (Expectation::Test(one), Expectation::Test(other)) => {
            one.subject.to_string() == other.subject.to_string()
                && one.quantifier == other.quantifier
                && one.quantifier != Quantifier::Any
                && opposed(&one.operator, &other.operator)
        }
        _ => false,
    }
}

/// Whether at least one of two claims about the same value always holds.
fn opposed(one: &Operator, other: &Operator) -> bool {
    match (one, other) {
        (Operator::Exists, Operator::Absent) => true,
        (Operator::Not(inner), other) => format!("{inner:?}") == format!("{other:?}"),
        (Operator::Lt(to), Operator::Gt(from)) => from < to,
        (Operator::Lt(to), Operator::Ge(from))
        | (Operator::Le(to), Operator::Ge(from) | Operator::Gt(from)) => from <= to,
        _ => false,
    }
}

fn written(expectation: &Expectation) -> String {
    format!("{expectation:?}")
}

fn test_can_be(test: &Test, truth: bool) -> bool {
    let values = match (&test.subject, test.quantifier) {
        (_, Quantifier::Count) => (0.0, f64::INFINITY),
        (Subject::Status, _) => STATUS,
        _ => (f64::NEG_INFINITY, f64::INFINITY),
    };
    // `none` is true where the operator isn't.
    operator_can_be(&test.operator, truth != (test.quantifier == Quantifier::None), values)
}

/// Whether an operator can have this result for some value; numbers are between these two.
fn operator_can_be(operator: &Operator, truth: bool, (lowest, highest): (f64, f64)) -> bool {
    let within = (lowest, highest);
    match operator {
        Operator::Not(inner) => operator_can_be(inner, !truth, within),
        Operator::AllOf(inner) if truth => inner.iter().all(|one| operator_can_be(one, true, within)),
        Operator::AllOf(inner) => inner.iter().any(|one| operator_can_be(one, false, within)),
        Operator::AnyOf(inner) if truth => inner.iter().any(|one| operator_can_be(one, true, within)),
        Operator::AnyOf(inner) => inner.iter().all(|one| operator_can_be(one, false, within)),
        Operator::Length(inner) => operator_can_be(inner, truth, (0.0, f64::INFINITY)),
        Operator::Matches(pattern) if !truth => SAMPLES.iter().any(|sample| !pattern.is_match(sample)),
        Operator::Contains(Literal::Text(text)) if !truth => !text.to_string().is_empty(),
        Operator::Semver(wanted) if !truth => !wanted.comparators.is_empty(),
        Operator::Equals(Literal::Number(number)) if truth => (lowest..=highest).contains(number),
        Operator::OneOf(values) if truth => values
            .iter()
            .any(|value| !matches!(value, Literal::Number(number) if !(lowest..=highest).contains(number))),
        Operator::Lt(to) => {
            if truth {
                lowest < *to
            } else {
                highest >= *to
            }
        }
        Operator::Le(to) => {
            if truth {
                lowest <= *to
            } else {
                highest > *to
            }
        }
        Operator::Gt(from) => {
            if truth {
                highest > *from
            } else {
                lowest <= *from
            }
        }
        Operator::Ge(from) => {
            if truth {
                highest >= *from
            } else {
                lowest < *from
            }
        }
        Operator::Between(from, to) if truth => lowest <= *to && highest >= *from,
        Operator::Between(from, to) => lowest < *from || highest > *to,
        _ => true,
    }
}
