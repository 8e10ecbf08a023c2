//! Compares an expectation with an observation: whether it is met, and both sides in words.

use std::{borrow::Cow, cell::Cell};

use serde_json::Value;

use super::{
    truth::Truth,
    value::{Scope, satisfies, without_value},
    wording,
};
use crate::model::{
    checklist::{Checklist, Probe},
    expect::{Expectation, MOST_VISITS, Operator, Path, Quantifier, Subject, Test},
    observation::{Body, Observation, Reading, Reply, Unclear},
    verdict::Reason,
};

/// The result for an expectation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectationOutcome {
    /// Whether it is met.
    pub truth: Truth,
    /// What was expected.
    pub expected: String,
    /// What was there.
    pub actual: String,
    /// Why it is unknown, when it is.
    pub reason: Reason,
}

/// What a subject contains.
enum Seen<'a> {
    /// These values, at least one.
    Values(Vec<Cow<'a, Value>>),
    /// Certainly nothing, in a reply that could have contained it.
    Nothing,
    /// Nothing that can be looked at.
    Unclear(Reason, String),
}

/// Whether every expectation is met; the text is that of the one that decided.
#[must_use]
pub fn all(expectations: &[Expectation], observation: &Observation, scope: Scope<'_>) -> ExpectationOutcome {
    let view = View { scope, negated: false, any_reply: false, words: true };
    capped(every(expectations, observation, view), observation)
}

/// Compares one expectation with an observation.
#[must_use]
pub fn meets(expectation: &Expectation, observation: &Observation, scope: Scope<'_>) -> ExpectationOutcome {
    let view = View { scope, negated: false, any_reply: false, words: true };
    capped(weigh(expectation, observation, view), observation)
}

/// Whether something that went wrong shows all this. Callers must not treat this as a pass.
#[must_use]
pub fn shows(expectations: &[Expectation], observation: &Observation, scope: Scope<'_>) -> bool {
    // Every fault asks this for every check that didn't pass, and no one reads the texts, so none are made.
    let view = View { scope, negated: false, any_reply: true, words: false };
    let is_met = |one| weigh(one, observation, view).truth == Truth::True;
    !expectations.is_empty() && expectations.iter().all(is_met)
}

/// What a checklist says about the reply to a probe.
#[must_use]
pub fn reading(checklist: &Checklist, probe: &Probe, observation: &Observation, scope: Scope<'_>) -> Reading {
    let more = |asked: &Expectation| match meets(asked, observation, scope).truth {
        Truth::True => true,
        Truth::False => false,
        Truth::Unknown => says_something(asked, observation),
    };
    Reading {
        unmet: unmet(checklist, probe, observation, scope),
        more: checklist.more(probe).iter().any(more),
    }
}

/// Whether a reply contains anything where an expectation looks. A value of another type proves nothing, but it is
/// there.
fn says_something(asked: &Expectation, observation: &Observation) -> bool {
    let Observation::Reply(reply) = observation else { return false };
    let Some(json) = reply.json() else { return false };
    asked.any(&|test| match &test.subject {
        Subject::Path(path) => path.all(json).iter().any(|value| !value.is_null()),
        _ => false,
    })
}

/// What a 2xx reply lacks to be a success of this probe, in words.
#[must_use]
fn unmet(
    checklist: &Checklist,
    probe: &Probe,
    observation: &Observation,
    scope: Scope<'_>,
) -> Option<String> {
    let Observation::Reply(reply) = observation else { return None };
    let outcomes = checklist.success(probe).map(|asked| meets(asked, observation, scope));
    let lacking = outcomes.into_iter().find(|outcome| outcome.truth != Truth::True)?;
    reply.is_success().then(|| match lacking.reason {
        Reason::UnclearReply if lacking.truth == Truth::Unknown => wording::body(reply).to_owned(),
        _ => format!("wanted {}, saw: {}", lacking.expected, lacking.actual),
    })
}

/// If the reply isn't one that counts, what wasn't shown isn't known to hold, however it was asked.
fn capped(outcome: ExpectationOutcome, observation: &Observation) -> ExpectationOutcome {
    match observation {
        Observation::Reply(reply) if outcome.truth == Truth::True && reply.flaw().is_some() => {
            ExpectationOutcome {
                truth: Truth::Unknown,
                actual: wording::reply(reply),
                reason: Reason::UnclearReply,
                ..outcome
            }
        }
        _ => outcome,
    }
}

/// How an observation is looked at.
#[derive(Clone, Copy)]
struct View<'a> {
    scope: Scope<'a>,
    /// Whether it is inside an odd number of `not`: absence must not pass through them.
    negated: bool,
    /// Whether to look at the JSON of a reply that isn't a success.
    any_reply: bool,
    /// Whether to describe both sides in words.
    words: bool,
}

impl View<'_> {
    fn say(&self, words: impl FnOnce() -> String) -> String {
        if self.words { words() } else { String::new() }
    }
}

fn weigh(expectation: &Expectation, observation: &Observation, view: View<'_>) -> ExpectationOutcome {
    match expectation {
        Expectation::Test(test) => examine(test, observation, view),
        Expectation::AllOf(all) => every(all, observation, view),
        Expectation::AnyOf(any) => {
            let outcomes: Vec<_> = any.iter().map(|one| weigh(one, observation, view)).collect();
            let truth = Truth::any(outcomes.iter().map(|outcome| outcome.truth));
            let expected = view.say(|| join(&outcomes, |outcome| &outcome.expected, " or "));
            decided_by(outcomes, truth)
                .map_or_else(nothing_asked, |outcome| ExpectationOutcome { expected, ..outcome })
        }
        Expectation::Not(inner) => {
            let outcome = weigh(inner, observation, View { negated: !view.negated, ..view });
            ExpectationOutcome {
                truth: !outcome.truth,
                expected: view.say(|| format!("not: {}", outcome.expected)),
                ..outcome
            }
        }
    }
}

fn every(all: &[Expectation], observation: &Observation, view: View<'_>) -> ExpectationOutcome {
    let outcomes: Vec<_> = all.iter().map(|one| weigh(one, observation, view)).collect();
    let truth = Truth::all(outcomes.iter().map(|outcome| outcome.truth));
    decided_by(outcomes, truth).unwrap_or_else(nothing_asked)
}

fn decided_by(outcomes: Vec<ExpectationOutcome>, truth: Truth) -> Option<ExpectationOutcome> {
    outcomes.into_iter().find(|outcome| outcome.truth == truth)
}

fn nothing_asked() -> ExpectationOutcome {
    ExpectationOutcome {
        truth: Truth::Unknown,
        expected: "something".to_owned(),
        actual: "nothing is asked of the reply".to_owned(),
        reason: Reason::UnclearReply,
    }
}

fn join(
    outcomes: &[ExpectationOutcome],
    part: impl Fn(&ExpectationOutcome) -> &String,
    between: &str,
) -> String {
    outcomes.iter().map(|outcome| part(outcome).as_str()).collect::<Vec<_>>().join(between)
}

fn examine(test: &Test, observation: &Observation, view: View<'_>) -> ExpectationOutcome {
    let View { scope, negated, .. } = view;
    let expected = view.say(|| wording::test(test, scope));
    let more = matches!(&test.subject, Subject::Path(_))
        && matches!(observation, Observation::Reply(reply) if reply.more);
    let (truth, actual, reason) = match look(&test.subject, observation, view) {
        Seen::Values(values) if more => {
            let truth = of_one_page(test, quantify(test, &values, scope));
            let all = || format!("{}, {}", wording::values(&test.subject, &values), wording::ONE_PAGE);
            let actual = view.say(all);
            (truth, actual, Reason::MissingValue)
        }
        Seen::Values(values) => {
            let truth = quantify(test, &values, scope);
            (truth, view.say(|| wording::values(&test.subject, &values)), Reason::MissingValue)
        }
        Seen::Nothing if more => {
            let actual = view.say(|| format!("{} is not there, {}", test.subject, wording::ONE_PAGE));
            (Truth::Unknown, actual, Reason::MissingValue)
        }
        Seen::Nothing => {
            let actual = view.say(|| format!("{} is not there", test.subject));
            (quantify_nothing(test, scope, negated), actual, Reason::MissingValue)
        }
        Seen::Unclear(reason, actual) => (Truth::Unknown, actual, reason),
    };
    ExpectationOutcome { truth, expected, actual, reason }
}

fn quantify(test: &Test, values: &[Cow<'_, Value>], scope: Scope<'_>) -> Truth {
    let each = || values.iter().map(|value| satisfies(&test.operator, value, scope));
    match test.quantifier {
        // `exists` doesn't need exactly one value.
        Quantifier::One if matches!(test.operator, Operator::Exists) => Truth::any(each()),
        Quantifier::One if matches!(test.operator, Operator::Absent) => Truth::all(each()),
        Quantifier::One if values.len() != 1 => Truth::Unknown,
        Quantifier::One | Quantifier::All => Truth::all(each()),
        Quantifier::Any => Truth::any(each()),
        Quantifier::None => !Truth::any(each()),
        Quantifier::Count if values.iter().any(|value| value.is_null()) => Truth::Unknown,
        Quantifier::Count => satisfies(&test.operator, &Value::from(values.len()), scope),
    }
}

/// What the first page of a list says about the whole list: it can show that something is there, but not that it isn't.
fn of_one_page(test: &Test, truth: Truth) -> Truth {
    let grows = matches!(test.operator, Operator::Ge(_) | Operator::Gt(_));
    let holds_for_all = match test.quantifier {
        Quantifier::One => true,
        Quantifier::Any => truth == Truth::True,
        Quantifier::All | Quantifier::None => truth == Truth::False,
        Quantifier::Count => grows && truth == Truth::True,
    };
    if holds_for_all { truth } else { Truth::Unknown }
}

fn quantify_nothing(test: &Test, scope: Scope<'_>, negated: bool) -> Truth {
    match test.quantifier {
        Quantifier::None => Truth::Unknown,
        Quantifier::Count => {
            let truth = satisfies(&test.operator, &Value::from(0), scope);
            // A count of zero may refute, but a path that finds nothing must not pass.
            let passing = if negated { Truth::False } else { Truth::True };
            if truth == passing { Truth::Unknown } else { truth }
        }
        Quantifier::One | Quantifier::Any | Quantifier::All => without_value(&test.operator, negated),
    }
}

fn look<'a>(subject: &Subject, observation: &'a Observation, view: View<'_>) -> Seen<'a> {
    match observation {
        Observation::NotMade(why) => Seen::Unclear(Reason::NotMade, view.say(|| wording::not_made(why))),
        Observation::Trouble(trouble) if matches!(subject, Subject::Transport) => one(trouble.kind.word()),
        Observation::Trouble(trouble) => {
            Seen::Unclear(Reason::Unreachable, view.say(|| wording::trouble(trouble)))
        }
        Observation::Reply(reply) => look_at_reply(subject, reply, view),
    }
}

fn look_at_reply<'a>(subject: &Subject, reply: &'a Reply, view: View<'_>) -> Seen<'a> {
    let View { scope, any_reply, .. } = view;
    match subject {
        Subject::Success => Seen::Values(vec![Cow::Owned(Value::from(reply.is_success()))]),
        Subject::Status => Seen::Values(vec![Cow::Owned(Value::from(reply.status))]),
        // Only some headers are kept, so a missing one proves nothing.
        Subject::Header(name) => match reply.headers.get(name) {
            Some(text) => Seen::Values(vec![Cow::Owned(header(text))]),
            None => Seen::Unclear(Reason::MissingValue, view.say(|| format!("no header {name}"))),
        },
        Subject::Path(path) => match reply.json().or_else(|| reply.any_json().filter(|_| any_reply)) {
            None => Seen::Unclear(Reason::UnclearReply, view.say(|| wording::reply(reply))),
            Some(json) => match found(path, json, scope) {
                Err(why) => Seen::Unclear(Reason::UnclearReply, why),
                // An error reply isn't expected to contain everything, so a missing value proves nothing.
                Ok(values) if values.is_empty() && !reply.is_success() => {
                    Seen::Unclear(Reason::UnclearReply, view.say(|| wording::reply(reply)))
                }
                Ok(values) if values.is_empty() => Seen::Nothing,
                Ok(values) => Seen::Values(values.into_iter().map(Cow::Borrowed).collect()),
            },
        },
        Subject::ErrorCode => error(reply.error.code.as_deref(), reply, view),
        Subject::ErrorMessage => error(reply.error.message.as_deref(), reply, view),
        Subject::Body => match &reply.body {
            // An empty body was seen too: it is the empty text.
            Body::Empty => one(""),
            Body::Text(text) | Body::Unclear(Unclear { text, .. }) => one(text),
            Body::Json(json) => one(&json.to_string()),
        },
        Subject::Transport => Seen::Unclear(Reason::UnclearReply, view.say(|| wording::reply(reply))),
    }
}

/// What a path finds, or that it would take too long to look.
fn found<'v>(path: &Path, json: &'v Value, scope: Scope<'_>) -> Result<Vec<&'v Value>, String> {
    let visits = path.visits(json);
    if visits > MOST_VISITS {
        return Err(format!(
            "{} is not evaluated: it could look at {visits} values; make the path more specific",
            path.text
        ));
    }
    let left = scope.visits.map_or(u64::MAX, Cell::get);
    let Some(rest) = left.checked_sub(visits) else {
        return Err(format!("{} is not evaluated: the paths before it looked at too many values", path.text));
    };
    let values = path.follow(json);
    if let Some(left) = scope.visits {
        left.set(rest);
    }
    Ok(values)
}

/// Headers are texts; one that is written as a number is compared as one.
fn header(text: &str) -> Value {
    text.parse::<u64>().map_or_else(|_| Value::from(text), Value::from)
}

fn error<'a>(text: Option<&str>, reply: &Reply, view: View<'_>) -> Seen<'a> {
    match text {
        Some(text) => one(text),
        None if reply.json().is_some() => Seen::Nothing,
        None => Seen::Unclear(Reason::UnclearReply, view.say(|| wording::reply(reply))),
    }
}

fn one<'a>(text: &str) -> Seen<'a> {
    Seen::Values(vec![Cow::Owned(Value::from(text))])
}
