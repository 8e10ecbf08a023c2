//! The operators over JSON values: total over every value, and unknown rather than false for a value of another type.

use std::cell::Cell;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::truth::Truth;
use crate::model::{
    expect::{Literal, Operator, Pattern},
    project::Shot,
    template::Values,
};

/// The most values that the paths of one checklist may visit, and bytes that its patterns may read, in all its replies:
/// takes a second or two.
pub const MOST_VISITS: u64 = 100_000_000;

/// What operands may refer to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Scope<'a> {
    /// The time that ages are measured against; without it an age is unknown.
    pub now: Option<DateTime<Utc>>,
    /// The shot that fills `{shot.*}`; without it such an operand is unknown.
    pub shot: Option<&'a Shot>,
    /// How many values paths, and bytes patterns, may still look at; unlimited if absent. Callers that judge a whole checklist set
    /// [`MOST_VISITS`].
    pub visits: Option<&'a Cell<u64>>,
}

/// Whether a value satisfies an operator.
#[must_use]
pub fn satisfies(operator: &Operator, value: &Value, scope: Scope<'_>) -> Truth {
    if value.is_null() {
        return Truth::Unknown;
    }
    let number = |holds: &dyn Fn(f64) -> bool| value.as_f64().map_or(Truth::Unknown, |n| holds(n).into());
    match operator {
        Operator::Exists => Truth::True,
        Operator::Absent => Truth::False,
        Operator::Equals(literal) => equals(literal, value, scope),
        Operator::OneOf(literals) => one_of(literals, value, scope),
        Operator::Contains(literal) => contains(literal, value, scope),
        Operator::Matches(pattern) => {
            value.as_str().map_or(Truth::Unknown, |text| matches(pattern, text, scope))
        }
        Operator::Lt(than) => number(&|n| n < *than),
        Operator::Le(than) => number(&|n| n <= *than),
        Operator::Gt(than) => number(&|n| n > *than),
        Operator::Ge(than) => number(&|n| n >= *than),
        Operator::Between(from, to) => number(&|n| *from <= n && n <= *to),
        Operator::Length(inner) => {
            length(value).map_or(Truth::Unknown, |length| satisfies(inner, &Value::from(length), scope))
        }
        Operator::Within(age) => within(*age, value, scope),
        Operator::Semver(wanted) => value
            .as_str()
            .and_then(|text| semver::Version::parse(text).ok())
            .map_or(Truth::Unknown, |version| wanted.matches(&version).into()),
        Operator::AllOf(all) => Truth::all(all.iter().map(|one| satisfies(one, value, scope))),
        Operator::AnyOf(any) => Truth::any(any.iter().map(|one| satisfies(one, value, scope))),
        Operator::Not(inner) => !satisfies(inner, value, scope),
    }
}

/// Reading a byte of a text costs about as much as looking at a value, and is counted like that.
fn matches(pattern: &Pattern, text: &str, scope: Scope<'_>) -> Truth {
    if let Some(left) = scope.visits {
        let Some(rest) = left.get().checked_sub(text.len() as u64) else { return Truth::Unknown };
        left.set(rest);
    }
    pattern.is_match(text).into()
}

/// What an operator gives for a value that is certainly absent.
///
/// Only `absent` may pass on absence: under a negation (`negated`) a failed `exists` is unknown.
#[must_use]
pub fn without_value(operator: &Operator, negated: bool) -> Truth {
    match operator {
        Operator::Exists if !negated => Truth::False,
        Operator::Absent => Truth::True,
        Operator::AllOf(all) => Truth::all(all.iter().map(|one| without_value(one, negated))),
        Operator::AnyOf(any) => Truth::any(any.iter().map(|one| without_value(one, negated))),
        Operator::Not(inner) => !without_value(inner, !negated),
        _ => Truth::Unknown,
    }
}

/// The text of a literal with its holes filled.
#[must_use]
pub fn literal_text(literal: &Literal, scope: Scope<'_>) -> Option<String> {
    match literal {
        Literal::Text(template) => {
            template.fill(Values { shot: scope.shot, bound: None }, str::to_owned).ok()
        }
        Literal::Number(_) | Literal::Bool(_) => None,
    }
}

fn equals(literal: &Literal, value: &Value, scope: Scope<'_>) -> Truth {
    match (literal, value) {
        (Literal::Text(_), Value::String(text)) => {
            literal_text(literal, scope).map_or(Truth::Unknown, |wanted| (wanted == *text).into())
        }
        #[expect(clippy::float_cmp, reason = "a checklist asks for exactly the number it writes")]
        (Literal::Number(wanted), Value::Number(number)) => {
            number.as_f64().map_or(Truth::Unknown, |number| (number == *wanted).into())
        }
        (Literal::Bool(wanted), Value::Bool(truth)) => (wanted == truth).into(),
        // A lone `{shot.duration}` is a number, here as in a body.
        (Literal::Text(template), Value::Number(number)) => {
            match template.fill_json(Values { shot: scope.shot, bound: None }) {
                Ok(Value::Number(wanted)) => (wanted.as_f64() == number.as_f64()).into(),
                _ => Truth::Unknown,
            }
        }
        _ => Truth::Unknown,
    }
}

/// Literals of a different type than the value say nothing about it, unless there are no others.
fn one_of(literals: &[Literal], value: &Value, scope: Scope<'_>) -> Truth {
    let alike = literals.iter().filter(|literal| {
        matches!(
            (literal, value),
            (Literal::Text(_), Value::String(_))
                | (Literal::Number(_), Value::Number(_))
                | (Literal::Bool(_), Value::Bool(_))
        )
    });
    Truth::any(alike.map(|literal| equals(literal, value, scope)))
}

fn contains(literal: &Literal, value: &Value, scope: Scope<'_>) -> Truth {
    match value {
        Value::String(text) => {
            literal_text(literal, scope).map_or(Truth::Unknown, |part| text.contains(&part).into())
        }
        Value::Array(items) => {
            items.iter().map(|item| equals(literal, item, scope)).fold(Truth::False, Truth::or)
        }
        _ => Truth::Unknown,
    }
}

fn length(value: &Value) -> Option<usize> {
    match value {
        Value::String(text) => Some(text.chars().count()),
        Value::Array(items) => Some(items.len()),
        _ => None,
    }
}

fn within(age: TimeDelta, value: &Value, scope: Scope<'_>) -> Truth {
    let then = match value {
        Value::String(text) => DateTime::parse_from_rfc3339(text).ok().map(|then| then.to_utc()),
        Value::Number(seconds) => seconds.as_i64().and_then(|seconds| DateTime::from_timestamp(seconds, 0)),
        _ => None,
    };
    match (then, scope.now) {
        (Some(then), Some(now)) => {
            let ago = now.signed_duration_since(then);
            (ago >= TimeDelta::zero() && ago <= age).into()
        }
        _ => Truth::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_patterns_read_is_limited() {
        let operator = Operator::Matches(Pattern::parse("b$").unwrap());
        let text = Value::from("a".repeat(99) + "b");
        let left = Cell::new(150);
        let scope = Scope { visits: Some(&left), ..Scope::default() };
        assert_eq!([0, 1].map(|_| satisfies(&operator, &text, scope)), [Truth::True, Truth::Unknown]);
        assert_eq!(left.get(), 50);
    }
}
