//! What a request asks for, and whether its body matches a pattern.

use serde_json::Value;
use url::form_urlencoded;

/// In a pattern, matches any value; as a name, any single name.
const ANY: &str = "*";

/// In a pattern, matches any value, or none.
const MAYBE: &str = "?";

/// How a reply refers to a part of the body.
const BODY: &str = "{body.";

/// How a reply refers to a value of the query.
const QUERY: &str = "{query.";

/// What a request is for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    /// The method in capitals.
    pub(super) method: &'a str,
    /// The host of the provider that is imitated.
    pub(super) host: &'a str,
    /// The path.
    pub(super) path: &'a str,
    /// The query, without its question mark.
    pub(super) query: &'a str,
    /// The body; `null` if there is none, or it isn't JSON.
    pub(super) body: &'a Value,
}

impl Asked<'_> {
    /// The last segment of the path. It comes from outside and goes into a JSON text, so only harmless characters are
    /// returned.
    pub(super) fn name(&self) -> String {
        harmless(self.path.rsplit('/').next().unwrap_or_default(), "-_.")
    }

    /// A text with `{body.FIELD}` replaced by a text or number of the body, with dots between names, and `{query.NAME}`
    /// by a value of the query.
    pub(super) fn fill(&self, text: &str) -> String {
        let of_body = |names: &str| {
            let value = names.split('.').try_fold(self.body, |value, name| value.get(name));
            match value {
                Some(Value::String(text)) => harmless(text, OF_A_NAME),
                Some(value @ (Value::Number(_) | Value::Bool(_))) => value.to_string(),
                _ => String::new(),
            }
        };
        let of_query =
            |name: &str| self.asked_for(name).map(|value| harmless(&value, OF_A_NAME)).unwrap_or_default();
        filled(&filled(text, BODY, of_body), QUERY, of_query)
    }

    /// The first value of this name in the query.
    pub(super) fn asked_for(&self, name: &str) -> Option<String> {
        let mut pairs = form_urlencoded::parse(self.query.as_bytes());
        pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }
}

/// Characters in the names of models, besides letters and digits.
const OF_A_NAME: &str = "-_./:";

/// A text with every `{…}` that starts like this replaced by its value.
fn filled(text: &str, begin: &str, value: impl Fn(&str) -> String) -> String {
    let (mut filled, mut rest) = (String::new(), text);
    while let Some((before, from)) = rest.split_once(begin) {
        let Some((name, after)) = from.split_once('}') else { break };
        filled.extend([before, &value(name)]);
        rest = after;
    }
    filled + rest
}

fn harmless(text: &str, more: &str) -> String {
    text.chars().filter(|c| c.is_ascii_alphanumeric() || more.contains(*c)).collect()
}

/// Whether a body has exactly the fields of a pattern, with their values: `"*"` is any value, `"?"` is one that may
/// also be left out, and the name `*` is any single name.
pub(super) fn is_of(pattern: &Value, body: &Value) -> bool {
    match (pattern, body) {
        (Value::String(word), _) if word == ANY || word == MAYBE => true,
        (Value::Object(wanted), Value::Object(given)) => {
            let named = |name: &String| wanted.get(name).or_else(|| wanted.get(ANY));
            let fits = given.iter().all(|(name, value)| named(name).is_some_and(|one| is_of(one, value)));
            let must = wanted.iter().filter(|(_, one)| one.as_str() != Some(MAYBE));
            let others = given.keys().filter(|name| !wanted.contains_key(*name)).count();
            let any = usize::from(wanted.contains_key(ANY));
            fits && others == any
                && must.filter(|(name, _)| *name != ANY).all(|(name, _)| given.contains_key(name))
        }
        (Value::Array(wanted), Value::Array(given)) => {
            wanted.len() == given.len() && wanted.iter().zip(given).all(|(one, value)| is_of(one, value))
        }
        _ => pattern == body,
    }
}

/// A body that matches a pattern.
#[cfg(test)]
pub(super) fn example(pattern: &Value) -> Value {
    match pattern {
        Value::String(word) if word == ANY || word == MAYBE => 6.into(),
        Value::Object(fields) => {
            let name = |name: &str| if name == ANY { "demo-thing".to_owned() } else { name.to_owned() };
            fields.iter().map(|(key, value)| (name(key), example(value))).collect()
        }
        Value::Array(items) => items.iter().map(example).collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    fn pattern() -> Value {
        json!({ "kind": "price", "model": "*", "audio": "?", "inputs": { "*": { "n": 1 } } })
    }

    #[rstest]
    #[case::all(json!({ "kind": "price", "model": "m", "audio": false, "inputs": { "a": { "n": 1 } } }), true)]
    #[case::without(json!({ "inputs": { "b": { "n": 1 } }, "kind": "price", "model": 6 }), true)]
    #[case::another_value(json!({ "kind": "run", "model": "m", "inputs": { "a": { "n": 1 } } }), false)]
    #[case::a_field_less(json!({ "kind": "price", "inputs": { "a": { "n": 1 } } }), false)]
    #[case::a_field_more(json!({ "kind": "price", "model": "m", "x": 1, "inputs": { "a": { "n": 1 } } }), false)]
    #[case::two_names(json!({ "kind": "price", "model": "m", "inputs": { "a": { "n": 1 }, "b": { "n": 1 } } }), false)]
    #[case::no_name(json!({ "kind": "price", "model": "m", "inputs": {} }), false)]
    #[case::another_value_below(json!({ "kind": "price", "model": "m", "inputs": { "a": { "n": 2 } } }), false)]
    #[case::no_table(json!([]), false)]
    #[case::nothing(Value::Null, false)]
    fn a_body_is_of_a_pattern(#[case] body: Value, #[case] fits: bool) {
        assert_eq!(is_of(&pattern(), &body), fits);
    }

    #[test]
    fn an_example_is_of_its_pattern() {
        assert!(is_of(&pattern(), &example(&pattern())));
    }

    #[rstest]
    #[case::text("{ \"id\": \"{body.model}\" }", "{ \"id\": \"a/m-1\" }")]
    #[case::number("{ \"n\": {body.inputs.n} }", "{ \"n\": 6 }")]
    #[case::nothing("<{body.none}{body.model.x}{body.inputs}>", "<>")]
    #[case::open("{body.model", "{body.model")]
    #[case::query("{query.id}/{query.none}", "a/b-1/")]
    fn a_reply_names_what_was_asked(#[case] text: &str, #[case] wanted: &str) {
        let body = json!({ "model": "a/m\"}-1", "inputs": { "n": 6 } });
        let asked = Asked { method: "POST", host: "h", path: "/p", query: "x=1&id=a%2Fb%22-1", body: &body };
        assert_eq!(asked.fill(text), wanted);
    }
}
