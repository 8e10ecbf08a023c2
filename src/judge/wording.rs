//! How values, replies, times and sources are put into words; nothing here decides anything.

use std::{borrow::Cow, fmt::Write as _, time::Duration};

use serde_json::Value;

use super::value::{Scope, literal_text};
use crate::model::{
    expect::{Literal, Operator, Quantifier, Subject, Test},
    flaw::Flaw,
    media::Input,
    observation::{Body, NotMade, Observation, Reply, Trouble},
    source::Source,
};

/// Longest value that is shown, in characters.
const MAX_SHOWN: usize = 120;

/// What is said about the first page of a longer list.
pub(super) const ONE_PAGE: &str = "on the first page of a paginated list";

/// Shortens a text to fit on a line, and escapes control characters.
pub(super) fn clip(text: &str) -> String {
    let flat = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut shown: String = flat.clone().take(MAX_SHOWN).collect();
    if flat.count() > MAX_SHOWN {
        shown.push('…');
    }
    shown
}

/// A length in seconds, without unnecessary decimals.
pub(super) fn seconds(millis: u64) -> String {
    let (whole, rest) = (millis / 1000, millis % 1000);
    if rest == 0 {
        return format!("{whole} s");
    }
    let decimals = format!("{rest:03}");
    format!("{whole}.{} s", decimals.trim_end_matches('0'))
}

/// A size, in a convenient unit.
pub(super) fn bytes(count: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    for (unit, word) in UNITS {
        if count >= unit {
            return format!("{}.{} {word}", count / unit, count % unit * 10 / unit);
        }
    }
    format!("{count} bytes")
}

/// Names separated by commas, each in backticks.
pub(super) fn names<T: AsRef<str>>(names: &[T]) -> String {
    names.iter().map(|name| format!("`{}`", clip(name.as_ref()))).collect::<Vec<_>>().join(", ")
}

/// The day and the host of a source.
pub(super) fn dated(source: &Source) -> String {
    format!("{} ({})", source.as_of, source.host().unwrap_or_else(|| clip(&source.url)))
}

/// An input as the project writes it; an address without user, password, query and fragment.
pub(super) fn input(input: &Input) -> String {
    match input {
        Input::File { path, .. } => path.to_string(),
        Input::Shot(id) => format!("shot {id}"),
        Input::Url(url) => {
            let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
            format!("{}://{}{port}{}", url.scheme(), url.host_str().unwrap_or_default(), url.path())
        }
    }
}

/// What came back, in a few words.
pub(super) fn observation(observation: &Observation) -> String {
    match observation {
        Observation::Reply(reply) => flawed(reply).unwrap_or_else(|| format!("HTTP {}", reply.status)),
        Observation::Trouble(trouble) => format!("{}: {}", trouble.kind.word(), clip(&trouble.detail)),
        Observation::NotMade(why) => not_made(why),
    }
}

/// A reply that doesn't say what was asked.
pub(super) fn reply(reply: &Reply) -> String {
    flawed(reply).unwrap_or_else(|| match &reply.body {
        Body::Json(_) => format!("HTTP {}", reply.status),
        _ => format!("HTTP {}, {}", reply.status, body(reply)),
    })
}

/// What a body is.
pub(super) fn body(reply: &Reply) -> &'static str {
    match &reply.body {
        Body::Empty => "empty body",
        Body::Text(_) | Body::Unclear(_) => "no JSON",
        Body::Json(_) => "JSON",
    }
}

/// A reply whose status says success although it isn't one, and why.
fn flawed(reply: &Reply) -> Option<String> {
    let status = reply.status;
    Some(match reply.flaw()? {
        Flaw::Error => match &reply.error.code {
            Some(code) => format!("HTTP {status} with the error `{}`", clip(code)),
            None => format!("HTTP {status} with an error in it"),
        },
        Flaw::Unclear(why) => format!("HTTP {status}, unclear: {}", clip(why)),
        Flaw::Unmet(why) => format!("HTTP {status}, no success: {}", clip(why)),
    })
}

/// Why no reply came.
pub(super) fn trouble(trouble: &Trouble) -> String {
    format!("no reply ({}): {}", trouble.kind.word(), clip(&trouble.detail))
}

/// Why a call was not made.
pub(super) fn not_made(why: &NotMade) -> String {
    match why {
        NotMade::Offline => "not called: offline".to_owned(),
        NotMade::Key { env, wrong } => format!("not called: {}", key(env, wrong)),
        NotMade::ForeignHost(host) => format!("not called: the key must not be sent to `{}`", clip(host)),
        NotMade::NotPublic(why) | NotMade::NotFree(why) => format!("not called: {}", clip(why)),
        NotMade::ShotLacks(hole) => {
            format!("not called: the shot does not say its `{}`", hole.trim_start_matches("shot."))
        }
        NotMade::HoldsKey => "not called: a key of this environment is in the request".to_owned(),
        NotMade::NotInTranscript => "not called: not in the transcript".to_owned(),
        NotMade::OutOfTime(after) => format!("not called: the run's deadline of {} had passed", span(*after)),
        NotMade::TooMany(most) => {
            format!("not called: a project has at most {most} different calls; split it, or ask less")
        }
        NotMade::Need(name) => format!("not called: no reply gave a value for `{name}`"),
    }
}

/// A duration as flags write it.
pub(super) fn span(time: Duration) -> String {
    let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    if millis < 1000 { format!("{millis} ms") } else { seconds(millis) }
}

/// What to do about a call that wasn't made, where the check's own advice is about what its reply would have shown.
pub(super) fn make_it(why: &NotMade) -> Option<&'static str> {
    match why {
        NotMade::HoldsKey => Some(CUT),
        NotMade::Offline => Some("Run `greenlight check` without `--offline` (GREENLIGHT_OFFLINE)."),
        NotMade::NotInTranscript => Some("Record the replies again: `greenlight check --record FILE`."),
        NotMade::OutOfTime(_) => {
            Some("Run `greenlight check` again; a longer `--deadline` leaves more time.")
        }
        _ => None,
    }
}

/// What to do about a call that would contain a key in the wrong place.
const CUT: &str = "Take the key out of the project: calls are built from its text, such as a shot's model. If it was \
                   used already, replace the key at its owner.";

/// What is wrong with a key.
pub(super) fn key(env: &str, wrong: &str) -> String {
    match wrong.strip_prefix("it ").or_else(|| wrong.strip_prefix("is ").map(|_| wrong)) {
        Some(rest) => format!("`{env}` {}", clip(rest)),
        None => format!("`{env}`: {}", clip(wrong)),
    }
}

/// What a test asks for.
pub(super) fn test(test: &Test, scope: Scope<'_>) -> String {
    let quantifier = match test.quantifier {
        Quantifier::One => "",
        Quantifier::Any => "any ",
        Quantifier::All => "all ",
        Quantifier::None => "none ",
        Quantifier::Count => "count ",
    };
    format!("{} {quantifier}{}", test.subject, operator(&test.operator, scope))
}

fn operator(asked: &Operator, scope: Scope<'_>) -> String {
    let word = |literal: &Literal| literal_text(literal, scope).unwrap_or_else(|| literal.to_string());
    let several = |operators: &[Operator], between: &str| {
        operators.iter().map(|one| operator(one, scope)).collect::<Vec<_>>().join(between)
    };
    match asked {
        Operator::Exists => "exists".to_owned(),
        Operator::Absent => "absent".to_owned(),
        Operator::Equals(literal) => word(literal),
        Operator::OneOf(literals) => {
            format!("one of {}", literals.iter().map(word).collect::<Vec<_>>().join(", "))
        }
        Operator::Contains(literal) => format!("contains {}", word(literal)),
        Operator::Matches(pattern) => format!("matches {pattern}"),
        Operator::Lt(than) => format!("< {than}"),
        Operator::Le(than) => format!("≤ {than}"),
        Operator::Gt(than) => format!("> {than}"),
        Operator::Ge(than) => format!("≥ {than}"),
        Operator::Between(from, to) => format!("between {from} and {to}"),
        Operator::Length(inner) => format!("length {}", operator(inner, scope)),
        Operator::Within(age) => format!("at most {} h old", age.num_hours()),
        Operator::Semver(wanted) => format!("version {wanted}"),
        Operator::AllOf(all) => several(all, " and "),
        Operator::AnyOf(any) => several(any, " or "),
        Operator::Not(inner) => format!("not {}", operator(inner, scope)),
    }
}

/// What a subject contains. A body is only measured, because its contents aren't on an allow-list.
pub(super) fn values(subject: &Subject, values: &[Cow<'_, Value>]) -> String {
    match (subject, values) {
        (Subject::Body, _) => "another text".to_owned(),
        (Subject::Status, [status]) => format!("HTTP {status}"),
        (Subject::Success, [truth]) if *truth.as_ref() == Value::Bool(true) => "a success".to_owned(),
        (Subject::Success, _) => "no success".to_owned(),
        (_, [value]) => format!("{subject} {}", shown(value)),
        _ => {
            let mut text = format!("{subject} ");
            for (at, value) in values.iter().take(8).enumerate() {
                let _ = write!(text, "{}{}", if at == 0 { "" } else { ", " }, shown(value));
            }
            clip(&text)
        }
    }
}

/// A value for a reader.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => clip(text),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            clip(&items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "))
        }
        other => clip(&other.to_string()),
    }
}

#[cfg(test)]
mod tests;
