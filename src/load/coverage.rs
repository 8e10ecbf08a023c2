//! Whether any value contradicts claims of which at least one must hold: tried with representative values.

use crate::model::expect::{Expectation, Literal, Operator, Quantifier, Subject, Test};

/// The longest text that is tried for a claim about lengths, in characters.
const LONGEST: u16 = 10_000;

/// A value that a reply may contain.
#[derive(Debug, Clone, PartialEq)]
enum Value {
    Missing,
    Bool(bool),
    Number(f64),
    Text(String),
}

/// Whether some value contradicts these claims about one subject: none is true for it and at least one is false.
/// `texts` are tried in addition to the values that the claims name. Claims about "any of several values" aren't
/// analysed.
pub(super) fn can_be_contradicted(claims: &[Claim<'_>], texts: &[&str]) -> bool {
    let Some(Claim { test, .. }) = claims.first() else { return true };
    let mut values = match (&test.subject, test.quantifier) {
        (Subject::Status, Quantifier::One) => {
            (100..=599).map(|status| Value::Number(status.into())).collect()
        }
        (Subject::Success, _) => vec![Value::Bool(true), Value::Bool(false)],
        (_, Quantifier::Count) => vec![Value::Number(0.0), Value::Number(f64::MAX)],
        _ => vec![
            Value::Missing,
            Value::Bool(true),
            Value::Bool(false),
            Value::Number(f64::MIN),
            Value::Number(f64::MAX),
        ],
    };
    let open = !matches!((&test.subject, test.quantifier), (Subject::Status | Subject::Success, _));
    if open {
        let is_count = test.quantifier == Quantifier::Count;
        if !is_count {
            values.extend(texts.iter().map(|text| Value::Text((*text).to_owned())));
        }
        for claim in claims {
            named_in(&claim.test.operator, &mut values);
        }
        values.retain(|value| !is_count || matches!(value, Value::Number(number) if *number >= 0.0));
    }
    let against = |value: &Value| {
        let each: Vec<_> = claims.iter().map(|claim| claim.of(value)).collect();
        !each.contains(&Some(true)) && each.contains(&Some(false))
    };
    values.iter().any(against)
}

/// A test, or its opposite.
#[derive(Debug, Clone, Copy)]
pub(super) struct Claim<'a> {
    test: &'a Test,
    opposite: bool,
}

impl<'a> Claim<'a> {
    /// The claim of an expectation that is a single test; `None` for any other.
    pub(super) fn of_one(expectation: &'a Expectation) -> Option<Self> {
        match expectation {
            Expectation::Test(test) if test.quantifier != Quantifier::Any => {
                Some(Self { test, opposite: test.quantifier == Quantifier::None })
            }
            Expectation::Not(inner) => {
                Self::of_one(inner).map(|claim| Self { opposite: !claim.opposite, ..claim })
            }
            _ => None,
        }
    }

    /// Whether both are about the same values.
    pub(super) fn is_beside(&self, other: &Self) -> bool {
        let counts = |claim: &Self| claim.test.quantifier == Quantifier::Count;
        self.test.subject.to_string() == other.test.subject.to_string() && counts(self) == counts(other)
    }

    fn of(&self, value: &Value) -> Option<bool> {
        holds(&self.test.operator, value).map(|truth| truth != self.opposite)
    }
}

/// The values at which the result of an operator may change.
fn named_in(operator: &Operator, values: &mut Vec<Value>) {
    let mut near = |number: f64| {
        values.extend([-1.0, -0.5, 0.0, 0.5, 1.0].map(|by| Value::Number(number + by)));
    };
    match operator {
        Operator::Lt(number) | Operator::Le(number) | Operator::Gt(number) | Operator::Ge(number) => {
            near(*number);
        }
        Operator::Between(from, to) => [*from, *to].into_iter().for_each(near),
        Operator::Equals(literal) | Operator::Contains(literal) => values.extend(of_literal(literal)),
        Operator::OneOf(literals) => values.extend(literals.iter().flat_map(of_literal)),
        Operator::Length(inner) => {
            let mut turns = Vec::new();
            named_in(inner, &mut turns);
            let is_turn = |length: &u16| turns.contains(&Value::Number((*length).into()));
            let lengths = (0..=LONGEST).filter(is_turn);
            values.extend(lengths.map(|length| Value::Text("z".repeat(length.into()))));
        }
        Operator::AllOf(inner) | Operator::AnyOf(inner) => {
            for one in inner {
                named_in(one, values);
            }
        }
        Operator::Not(inner) => named_in(inner, values),
        _ => {}
    }
}

fn of_literal(literal: &Literal) -> Vec<Value> {
    match literal {
        Literal::Text(text) => vec![Value::Text(text.to_string()), Value::Text(format!("{text}z"))],
        Literal::Number(number) => [-1.0, 0.0, 1.0].map(|by| Value::Number(number + by)).into(),
        Literal::Bool(truth) => vec![Value::Bool(*truth)],
    }
}

/// What an operator says about a value; `None` if it doesn't apply to it.
fn holds(operator: &Operator, value: &Value) -> Option<bool> {
    let number = |test: &dyn Fn(f64) -> bool| match value {
        Value::Number(number) => Some(test(*number)),
        _ => None,
    };
    let text = |test: &dyn Fn(&str) -> bool| match value {
        Value::Text(text) => Some(test(text)),
        _ => None,
    };
    let each =
        |inner: &[Operator]| -> Vec<bool> { inner.iter().filter_map(|one| holds(one, value)).collect() };
    match operator {
        Operator::Exists => Some(*value != Value::Missing),
        Operator::Absent => Some(*value == Value::Missing),
        Operator::Equals(literal) => equals(literal, value),
        Operator::OneOf(literals) => {
            let each: Vec<_> = literals.iter().map(|literal| equals(literal, value)).collect();
            each.iter().flatten().copied().reduce(|one, other| one || other)
        }
        Operator::Contains(Literal::Text(part)) => text(&|text| text.contains(&part.to_string())),
        Operator::Matches(pattern) => text(&|text| pattern.is_match(text)),
        Operator::Lt(to) => number(&|number| number < *to),
        Operator::Le(to) => number(&|number| number <= *to),
        Operator::Gt(from) => number(&|number| number > *from),
        Operator::Ge(from) => number(&|number| number >= *from),
        Operator::Between(from, to) => number(&|number| (*from..=*to).contains(&number)),
        Operator::Length(inner) => match value {
            Value::Text(text) => {
                let length = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
                holds(inner, &Value::Number(length.into()))
            }
            _ => None,
        },
        Operator::AllOf(inner) => each(inner).into_iter().reduce(|one, other| one && other),
        Operator::AnyOf(inner) => each(inner).into_iter().reduce(|one, other| one || other),
        Operator::Not(inner) => holds(inner, value).map(|truth| !truth),
        // What isn't analysed here may be false.
        Operator::Within(_) | Operator::Semver(_) | Operator::Contains(_) => Some(false),
    }
}

fn equals(literal: &Literal, value: &Value) -> Option<bool> {
    match (literal, value) {
        (Literal::Text(wanted), Value::Text(text)) => Some(wanted.to_string() == *text),
        (Literal::Number(wanted), Value::Number(number)) => Some(wanted.total_cmp(number).is_eq()),
        (Literal::Bool(wanted), Value::Bool(truth)) => Some(wanted == truth),
        _ => None,
    }
}
